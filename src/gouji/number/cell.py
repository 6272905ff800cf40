"""Workbook cells as readings: the stored value, with the precision and the percent of its number format."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

from gouji.frozen import frozen
from gouji.model import Reading, ReadingKind, Spelling
from gouji.number.affix import read_prefix
from gouji.number.agree import round_half_up
from gouji.number.charset import canonical
from gouji.number.date import TypedDate, read_date, serial_date
from gouji.number.reading import read_number
from gouji.number.unit import leading_unit
from gouji.pattern import compiled
from gouji.source.document import Cell

__all__ = ["NumberFormat", "hides_decimals", "parse_format", "read_cell", "read_cell_date", "stored_value"]

_EXCEL = Context(prec=15, rounding=ROUND_HALF_UP)  # Excel keeps and compares 15 significant digits
_TOKEN = compiled(
    r"""
      "(?P<quoted>[^"]*)"?
    | [\\!](?P<escaped>.)
    | [_*].
    | \[(?P<bracket>[^\]]*)\]
    | (?P<general>general|G/通用格式)
    | (?P<section>;)
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_VISIBLE = Decimal("0.001")  # of the last shown decimal; less is the noise of binary fractions
_WIDEST = 20  # digits; larger numbers are shown as ####


@frozen
class NumberFormat:
    """What a number format says about the numbers shown in it.

    ``decimals`` is how many decimals it shows, ``least`` how many of them even where they are zeros (``0.0#``
    has 2 and 1); None where the format leaves both to the value (General, ``@``, fractions, scientific).
    ``thousands`` counts the scaling commas (``0.00,`` shows thousands). ``unit`` and ``comparison`` come from
    literal text (``0.00"万元"``, ``"≥"0``); a currency sign is no unit, for Excel's accounting formats put one
    in front of amounts in 万元 as well.
    """

    decimals: int | None
    least: int = 0
    percent: bool = False
    thousands: int = 0
    unit: str | None = None
    comparison: str | None = None


_BY_VALUE = NumberFormat(None)


@lru_cache(maxsize=1024)
def parse_format(code: str) -> NumberFormat:
    """Understand an Excel number format code by its first section that shows digits.

    Reference: ECMA-376 part 1, 18.8.31 (numFmts). Codes that make no sense count as General.
    """
    digits, before, after = "", "", ""
    percent = False
    for token in _TOKEN.finditer(code):
        kind = token.lastgroup
        if kind == "general":
            return _BY_VALUE
        if kind == "section":
            if digits:
                break
            before = after = ""
            percent = False
            continue
        literal = ""
        if kind in ("quoted", "escaped"):
            literal = token[kind]
        elif kind == "bracket" and token["bracket"].startswith("$"):
            literal = token["bracket"][1:].split("-")[0]
        elif kind == "other":
            char = token["other"]
            if char in "0#?.,/Ee@":
                digits += char
                continue
            percent = percent or char == "%"
            literal = char
        before, after = (before, after + literal) if digits else (before + literal, after)
    if not re.search("[0#?]", digits) or re.search("[@/Ee]", digits):
        return NumberFormat(None, percent=percent)
    return _described(digits, percent, canonical(before), canonical(after))


def _described(digits: str, percent: bool, before: str, after: str) -> NumberFormat:
    whole, _, fraction = digits.rstrip(",").partition(".")
    del whole
    unit: str | None = "".join(char for char in after if char not in " -()%+")
    if not unit or leading_unit(unit) != len(unit):
        unit = None
    prefix = read_prefix("".join(char for char in before if char not in " -()+"))
    return NumberFormat(
        sum(char in "0#?" for char in fraction),
        fraction.count("0"),
        percent,
        len(digits) - len(digits.rstrip(",")),
        None if percent else unit,
        prefix.comparison if prefix is not None else None,
    )


def stored_value(value: Decimal) -> Decimal:
    """The value at Excel's 15 significant digits: 642.9999999999999 is 643, as Excel itself compares it."""
    return value if len(value.as_tuple().digits) <= 15 else _EXCEL.plus(value)


def read_cell(cell: Cell, *, is_sheet: bool = True) -> Reading:
    """Read a cell of a workbook (or of a table in a text) as an answer to «how much?».

    A stored number keeps its full value (at Excel's 15 digits); ``decimals`` is what its format shows
    (General: the digits stored). A percent format makes a PERCENT in percent points: 0.9993 in ``0.00%`` is
    99.93 with two decimals. A text in a workbook that is a plain number is NUMBER_AS_TEXT, for Excel leaves
    it out of every sum. Dates are DATE; booleans and Excel errors are WORD; a formula without a cached value
    is BLANK.

    Args:
        cell: the cell.
        is_sheet: whether it stands in a worksheet (``Grid.is_sheet``); in a table of a text everything is
            text, and no number is out of place for being one.
    """
    if cell.error is not None:
        return Reading(cell.text or cell.error, ReadingKind.WORD)
    value = cell.value
    if isinstance(value, bool):
        return Reading(cell.text, ReadingKind.WORD)
    if isinstance(value, Decimal):
        return _read_stored(cell, value)
    if value is None:
        return read_number(cell.text)
    return _read_text(value) if is_sheet else read_number(value)


def read_cell_date(cell: Cell) -> TypedDate | None:
    """The date a cell states: a stored number that its format shows as a date, or a typed date."""
    if isinstance(cell.value, Decimal):
        return serial_date(cell.value) if cell.is_date else None
    if cell.error is not None or isinstance(cell.value, bool):
        return None
    return read_date(cell.text if cell.value is None else cell.value)


def _read_stored(cell: Cell, value: Decimal) -> Reading:
    if cell.is_date:
        return Reading(cell.text, ReadingKind.DATE)
    if not value.is_finite():
        return Reading(cell.text, ReadingKind.WORD)
    return _stored(cell.text, value, cell.number_format)


@lru_cache(maxsize=2048)
def _stored(text: str, value: Decimal, number_format: str) -> Reading:
    """A stored number in its format; forms repeat 10, 100 % and the like in every file of a batch."""
    shape = parse_format(number_format)
    value = stored_value(value)
    if shape.percent:
        value = value.scaleb(2)
    if shape.thousands and shape.unit is not None:
        # 0.00,"千元" over an amount in 元: the unit belongs to the number shown
        value = value.scaleb(-3 * shape.thousands)
    value = Decimal(f"{value:f}")  # 1E+2 is 100 to whoever prints it
    digits = _digits_after_point(value)
    decimals = digits if shape.decimals is None else max(shape.least, min(shape.decimals, digits))
    if shape.thousands and shape.unit is None:
        decimals = digits
    return Reading(
        text,
        ReadingKind.PERCENT if shape.percent else ReadingKind.NUMBER,
        value,
        decimals,
        "%" if shape.percent else shape.unit,
        shape.comparison,
    )


def _digits_after_point(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _read_text(value: str) -> Reading:
    """A text in a workbook: odd for Excel where people would see a plain number."""
    reading = read_number(value)
    odd = reading.spelling is not Spelling.NONE or reading.comparison is not None or reading.approximate
    if reading.value is None or odd or reading.upper is not None or reading.unit not in (None, "%"):
        return reading
    if not any(char in "0123456789" for char in value):
        return reading  # 三十二 was never meant to be added up by Excel
    bare = value.strip()
    gaps = value.strip(" \t\r\n\u3000") != bare
    return Reading(
        reading.text,
        reading.kind,
        reading.value,
        reading.decimals,
        reading.unit,
        spelling=Spelling.INVISIBLE if gaps else Spelling.NUMBER_AS_TEXT,
        normal=bare,
    )


def hides_decimals(cell: Cell) -> bool:
    """Whether the format shows a visibly rounded value: 492.906 in ``0.00`` looks like 492.91.

    Differences below a thousandth of the last shown decimal are the noise of binary fractions and do not
    count. False for texts, dates, General and anything that is not a number.
    """
    value = cell.value
    if not isinstance(value, Decimal) or cell.is_date or not value.is_finite():
        return False
    shape = parse_format(cell.number_format)
    if shape.decimals is None:
        return False
    shown = stored_value(value).scaleb((2 if shape.percent else 0) - 3 * shape.thousands)
    if shown.adjusted() > _WIDEST:
        return False
    return abs(round_half_up(shown, shape.decimals) - shown) > _VISIBLE.scaleb(-shape.decimals)
