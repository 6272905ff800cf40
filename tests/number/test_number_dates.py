"""Typed dates: what they state, and which cannot be."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gouji.model import ReadingKind
from gouji.number import TypedDate, read_date, read_number, serial_date

DATES = st.dates(dt.date(1900, 3, 1), dt.date(2099, 12, 31))


@pytest.mark.parametrize(
    ("text", "year", "month", "day"),
    [
        ("2025.10.10", 2025, 10, 10),
        ("2024/3/12", 2024, 3, 12),
        ("2023年12月", 2023, 12, None),
        ("2023年12月底前", 2023, 12, None),
        ("2023年度", 2023, None, None),
        ("12月31日前", None, 12, 31),
        ("12.31前完成", None, 12, 31),
        ("24年6月", 2024, 6, None),
        ("截至2024年12月31日", 2024, 12, 31),
        ("二〇二四年十二月三十一日", 2024, 12, 31),
        ("2024 年 3 月 12 日", 2024, 3, 12),
        ("２０２４－０３－１２", 2024, 3, 12),
        ("2024.12前", 2024, 12, None),
        ("12月（预计）", None, None, None),
    ],
)
def test_what_a_typed_date_states(text: str, year: int | None, month: int | None, day: int | None) -> None:
    date = read_date(text)
    assert (date and (date.year, date.month, date.day)) == ((year, month, day) if year or month else None)


@pytest.mark.parametrize(
    ("text", "begin", "end"),
    [
        ("2024.1.1-2024.12.31", (2024, 1, 1), (2024, 12, 31)),
        ("2024年1月1日至12月31日", (2024, 1, 1), (2024, 12, 31)),
        ("2023年1-12月", (2023, 1, None), (2023, 12, None)),
        ("1-12月", (None, 1, None), (None, 12, None)),
        ("2021-2023年", (2021, None, None), (2023, None, None)),
        ("2021年至2023年", (2021, None, None), (2023, None, None)),
    ],
)
def test_a_period_has_an_end(text: str, begin: tuple[int | None, ...], end: tuple[int | None, ...]) -> None:
    date = read_date(text)
    assert date is not None
    assert date.ends is not None
    assert (date.year, date.month, date.day) == begin
    assert (date.ends.year, date.ends.month, date.ends.day) == end


@pytest.mark.parametrize(
    ("text", "possible"),
    [
        ("2024年2月29日", True),
        ("2023年2月29日", False),
        ("2023.2.30", False),
        ("2025年13月", False),
        ("2025-04-31", False),
        ("6月31日", False),
        ("2月29日", True),
        ("2024.1.1-2024.13.1", False),
    ],
)
def test_a_day_the_calendar_does_not_have_is_still_read(text: str, possible: bool) -> None:
    date = read_date(text)
    assert date is not None
    assert date.possible is possible


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2024.12",
        "201.5.5",
        "12个月",
        "3年",
        "3-5",
        "1850.1.1",
        "第3季度",
        "全年",
        "12月，共3人",
        "5" * 80,
    ],
)
def test_what_states_no_date(text: str) -> None:
    assert read_date(text) is None


@given(DATES)
def test_every_way_to_write_a_day_gives_it_back(day: dt.date) -> None:
    expected = TypedDate(day.year, day.month, day.day)
    for text in (
        day.isoformat(),
        f"{day.year}.{day.month}.{day.day}",
        f"{day.year}/{day.month:02}/{day.day:02}",
        f"{day.year}年{day.month}月{day.day}日",
    ):
        assert read_date(text) == expected
        assert read_number(text).kind is ReadingKind.DATE
    assert expected.possible


@given(DATES)
def test_excel_serial_numbers_are_days(day: dt.date) -> None:
    serial = Decimal((day - dt.date(1899, 12, 30)).days)
    assert serial_date(serial) == TypedDate(day.year, day.month, day.day)
    assert serial_date(serial + Decimal("0.75")) == TypedDate(day.year, day.month, day.day)


def test_serial_numbers_that_are_no_dates() -> None:
    assert serial_date(Decimal(-1)) is None
    assert serial_date(Decimal("1E9")) is None
    assert serial_date(Decimal("NaN")) is None
    assert serial_date(Decimal(59)) is None
    assert serial_date(Decimal(43830), since_1904=True) == TypedDate(2024, 1, 1)
