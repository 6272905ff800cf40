"""What typed texts can mean, and which meaning comes first."""

from __future__ import annotations

import pytest

from gouji.model import Spelling
from gouji.repair.reading import read_typed


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("201.5", "201.5"),
        (" 1,234.50 ", "1234.50"),
        ("-12", "-12"),
        ("98.5%", "98.5"),
        ("12.5万元", "12.5"),
        ("12.5 万元", "12.5"),
        ("35人", "35"),
        ("¥12.5", "12.5"),
        ("+3", "3"),
    ],
)
def test_texts_everyone_reads_alike(text: str, value: str) -> None:
    typed = read_typed(text, "万元")
    assert (typed.value, typed.oddity) == (value, Spelling.NONE)


@pytest.mark.parametrize("text", ["", "-", "——", "无", "/", "－", "N/A", "  "])
def test_blanks(text: str) -> None:
    assert read_typed(text).blank


@pytest.mark.parametrize(
    ("text", "oddity", "meanings"),
    [
        ("201.5.5", Spelling.REPEATED_POINT, ["201.5", "201.55", "2015.5"]),
        ("201..5", Spelling.REPEATED_POINT, ["201.5"]),
        ("104.0.2", Spelling.REPEATED_POINT, ["104.02", "1040.2"]),
        ("0.8.84", Spelling.REPEATED_POINT, ["0.884", "8.84"]),
        ("7,00.0,77", Spelling.GROUPING, ["700.077", "7000.77"]),
        ("12,34.5", Spelling.GROUPING, ["1234.5"]),
        ("201,5", Spelling.COMMA_AS_POINT, ["201.5", "2015"]),
        ("２０１.５", Spelling.FULL_WIDTH, ["201.5"]),
        ("201。5", Spelling.CHINESE_PUNCTUATION, ["201.5"]),
        ("2O1.5", Spelling.LOOK_ALIKE, ["201.5"]),
        ("l04.2", Spelling.LOOK_ALIKE, ["104.2"]),
        ("20 1.5", Spelling.INNER_SPACE, ["201.5"]),
        ("201 5", Spelling.INNER_SPACE, ["2015", "201.5"]),
        ("125000元", Spelling.OTHER, ["12.5", "125000"]),
        ("--5", Spelling.REPEATED_SIGN, ["-5", "5"]),
        (".5", Spelling.OTHER, ["0.5"]),
        ("约12.5", Spelling.OTHER, ["12.5"]),
        ("abc", Spelling.OTHER, []),
    ],
)
def test_odd_texts_and_their_meanings(text: str, oddity: Spelling, meanings: list[str]) -> None:
    typed = read_typed(text, "万元")
    assert typed.value is None
    assert typed.oddity is oddity
    assert [value for value, _ in typed.readings] == meanings
    prices = [price for _, price in typed.readings]
    assert prices == sorted(prices)


def test_absurdly_long_texts_have_no_meaning() -> None:
    assert read_typed("1." + "3" * 30).readings == ()
    assert read_typed("9" * 60).readings == ()
