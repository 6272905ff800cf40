"""Workbook cells: the stored value counts, its format says how precisely it is meant."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gouji.model import ReadingKind, Spelling
from gouji.number import TypedDate, hides_decimals, read_cell, read_cell_date, read_number
from gouji.number.cell import parse_format
from gouji.source.document import Cell


def cell(
    value: Decimal | str | bool | None, number_format: str = "General", text: str = "", **more: object
) -> Cell:
    shown = text or ("" if value is None else str(value))
    return Cell(0, 0, shown, value, number_format, **more)  # type: ignore[arg-type]  # a number, as the caller made sure


@pytest.mark.parametrize(
    ("number_format", "decimals", "percent", "unit", "comparison"),
    [
        ("General", None, False, None, None),
        ("G/通用格式", None, False, None, None),
        ("@", None, False, None, None),
        ("0", 0, False, None, None),
        ("0.00", 2, False, None, None),
        ("#,##0.00", 2, False, None, None),
        ("#,##0.00_ ", 2, False, None, None),
        (r"#,##0.00_);[Red]\(#,##0.00\)", 2, False, None, None),
        ('_ ¥* #,##0.00_ ;_ ¥* -#,##0.00_ ;_ ¥* "-"??_ ;_ @_ ', 2, False, None, None),
        ('[=0]"-";0.0', 1, False, None, None),
        ("0%", 0, True, None, None),
        ("0.00%", 2, True, None, None),
        ("0.0_ %", 1, True, None, None),
        ('0.00"万元"', 2, False, "万元", None),
        ("[$¥-804]#,##0.00", 2, False, None, None),
        ('"≥"0"人"', 0, False, "人", "≥"),
        ('"第"0"名"', 0, False, "名", None),
        ("0.00E+00", None, False, None, None),
        ("# ?/?", None, False, None, None),
        ('"unclosed', None, False, None, None),
        ("", None, False, None, None),
    ],
)
def test_what_a_number_format_says(
    number_format: str, decimals: int | None, percent: bool, unit: str | None, comparison: str | None
) -> None:
    shape = parse_format(number_format)
    assert (shape.decimals, shape.percent, shape.comparison) == (decimals, percent, comparison)
    assert shape.unit == unit


def test_a_stored_number_keeps_its_digits_and_takes_the_precision_of_its_format() -> None:
    reading = read_cell(cell(Decimal("492.906"), "#,##0.00", "492.91"))
    assert (reading.kind, reading.value, reading.decimals) == (ReadingKind.NUMBER, Decimal("492.906"), 2)
    assert reading.text == "492.91"


def test_a_percent_format_counts_in_percent_points() -> None:
    reading = read_cell(cell(Decimal("0.9993"), "0.00%", "99.93%"))
    assert (reading.kind, reading.value, reading.decimals, reading.unit) == (
        ReadingKind.PERCENT,
        Decimal("99.93"),
        2,
        "%",
    )
    assert str(read_cell(cell(Decimal(1), "0%", "100%")).value) == "100"
    rate = read_cell(cell(Decimal("0.763400977592"), "0.00%", "76.34%"))
    assert (rate.value, rate.decimals) == (Decimal("76.3400977592"), 2)


def test_general_shows_the_digits_stored() -> None:
    assert read_cell(cell(Decimal("53.7"))).decimals == 1
    assert read_cell(cell(Decimal(20))).decimals == 0
    assert read_cell(cell(Decimal("0.05"), "0.0#")).decimals == 2
    assert read_cell(cell(Decimal(5), "0.0#")).decimals == 1


def test_binary_noise_beyond_fifteen_digits_is_no_digit() -> None:
    reading = read_cell(cell(Decimal("642.9999999999999")))
    assert (reading.value, reading.decimals) == (Decimal(643), 0)
    assert read_cell(cell(Decimal("0.30000000000000004"))).value == Decimal("0.3")


def test_a_scaled_format_with_a_unit_states_the_number_shown() -> None:
    reading = read_cell(cell(Decimal(1234500), '#,##0.0,"千元"', "1,234.5千元"))
    assert (reading.value, reading.unit, reading.decimals) == (Decimal("1234.5"), "千元", 1)
    bare = read_cell(cell(Decimal(1234567), "#,##0.0,", "1,234.6"))
    assert (bare.value, bare.unit, bare.decimals) == (Decimal(1234567), None, 0)


@pytest.mark.parametrize(
    ("value", "spelling", "normal"),
    [
        ("589.44", Spelling.NUMBER_AS_TEXT, "589.44"),
        (" 589.44 ", Spelling.NUMBER_AS_TEXT, "589.44"),
        ("1,485.73", Spelling.NUMBER_AS_TEXT, "1,485.73"),
        ("98%", Spelling.NUMBER_AS_TEXT, "98%"),
        ("\u00a0589.44", Spelling.INVISIBLE, "589.44"),
        ("５89.44", Spelling.FULL_WIDTH, "589.44"),
        ("≥98%", Spelling.NONE, None),
        ("280人", Spelling.NONE, None),
        ("三十二", Spelling.NONE, None),
        ("无", Spelling.NONE, None),
    ],
)
def test_a_number_typed_as_text_in_a_worksheet_is_odd(
    value: str, spelling: Spelling, normal: str | None
) -> None:
    reading = read_cell(cell(value))
    assert (reading.spelling, reading.normal) == (spelling, normal)
    assert read_cell(cell(value), is_sheet=False) == read_number(value)


def test_what_is_no_number() -> None:
    assert read_cell(cell(Decimal(45291), "yyyy-mm-dd", "2023-12-31", is_date=True)).kind is ReadingKind.DATE
    assert read_cell(cell(value=True, text="TRUE")).kind is ReadingKind.WORD
    assert read_cell(cell(None, text="#DIV/0!", error="#DIV/0!", formula="A1/A2")).kind is ReadingKind.WORD
    assert read_cell(cell(None, formula="A1+A2", calculated=False)).kind is ReadingKind.BLANK
    assert read_cell(cell(Decimal("NaN"))).kind is ReadingKind.WORD


def test_the_date_a_cell_states() -> None:
    assert read_cell_date(cell(Decimal(45291), "yyyy-mm-dd", "2023-12-31", is_date=True)) == TypedDate(
        2023, 12, 31
    )
    assert read_cell_date(cell("2025.10.10")) == TypedDate(2025, 10, 10)
    assert read_cell_date(cell(Decimal(45291))) is None
    assert read_cell_date(cell(value=True)) is None


@pytest.mark.parametrize(
    ("value", "number_format", "hides"),
    [
        ("492.906", "0.00", True),
        ("492.91", "0.00", False),
        ("492.9100000000001", "0.00", False),
        ("492.906", "General", False),
        ("0.99935", "0.00%", True),
        ("0.9993", "0.00%", False),
        ("1234567", "#,##0.0,", True),
        ("1234500", "#,##0.0,", False),
        ("1E+40", "0.00", False),
    ],
)
def test_a_format_hides_decimals_where_the_shown_value_is_visibly_another(
    value: str, number_format: str, hides: bool
) -> None:
    assert hides_decimals(cell(Decimal(value), number_format)) is hides


@given(
    st.decimals(min_value=-(10**9), max_value=10**9, places=2),
    st.sampled_from(["General", "0.00", "#,##0.00_ "]),
)
def test_two_decimals_in_two_decimals_hide_nothing(value: Decimal, number_format: str) -> None:
    assert not hides_decimals(cell(value, number_format))
    assert read_cell(cell(value, number_format)).value == value


@given(st.text(alphabet='0#?.,%@;"\\_*[]E+/ 万元≥gG', max_size=20))
def test_any_format_code_is_taken(code: str) -> None:
    shape = parse_format(code)
    assert shape.decimals is None or 0 <= shape.least <= shape.decimals
    assert read_cell(cell(Decimal("12.345"), code)).is_number
