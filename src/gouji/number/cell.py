"""Workbook cells as readings: the stored value, with the precision and the percent of its number format."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

from gouji.model import Reading, ReadingKind, Spelling
from gouji.number.affix import read_prefix
from gouji.number.agree import round_half_up
from gouji.number.charset import canonical
from gouji.number.reading import read_number
from gouji.number.unit import leading_unit
from gouji.source.document import Cell

__all__ = ["NumberFormat", "hides_decimals", "parse_format", "read_cell"]

_EXCEL = Context(prec=15, rounding=ROUND_HALF_UP)  # Excel keeps and compares 15 significant digits
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|[\\!](?P<escaped>.)|_.|\*.|\[(?P<bracket>[^\]]*)\]|(?P<general>[Gg]eneral)|(?P<other>.)',
    re.DOTALL,
)
_VISIBLE = Decimal("0.001")  # of the last shown decimal; less is the noise of binary fractions
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """What a number format says about the numbers shown in it.

    ``decimals`` is None where the format leaves it to the value (General, @). ``thousands`` counts the
    scaling commas (``0.00,`` shows thousands). ``unit`` and ``comparison`` come from literal text
    (``0.00"万元"``, ``"≥"0``).
    """

    decimals: int | None
    percent: bool = False
    thousands: int = 0
    unit: str | None = None
    comparison: str | None = None


@lru_cache(maxsize=1024)
def parse_format(code: str) -> NumberFormat:
    """Understand the first section of an Excel number format code; odd codes count as General."""
    digits = ""
    literal_before = literal_after = ""
    percent = False
    for token in _TOKEN.finditer(_first_section(code)):
        if token["general"]:
            return NumberFormat(None)
        if token["bracket"] is not None:
            literal = token["bracket"][1:].split("-")[0] if token["bracket"].startswith("$") else ""
        elif token["quoted"] is not None or token["escaped"] is not None:
            literal = token["quoted"] if token["quoted"] is not None else token["escaped"]
        elif token["other"] is None:
            continue
        else:
            char = token["other"]
            if char in "0#?.,/Ee+@":
                digits += char
                continue
            if char == "%":
                percent = True
            literal = "" if char in "% -()" else char
        if digits:
            literal_after += literal
        else:
            literal_before += literal
    if not digits or "@" in digits or "/" in digits or not re.search("[0#?]", digits):
        return NumberFormat(None, percent)
    if "E" in digits or "e" in digits:
        return NumberFormat(None, percent)
    whole, _, fraction = digits.partition(".")
    scaling = len(digits) - len(digits.rstrip(","))
    after = canonical(literal_after).replace(" ", "")
    size = leading_unit(after)
    prefix = read_prefix(canonical(literal_before).replace(" ", ""))
    unit = after[:size] if size and size == len(after) else None
    if unit is None and prefix is not None and prefix.money:
        unit = "元"
    del whole
    shown = sum(char in "0#?" for char in fraction)
    return NumberFormat(shown, percent, scaling, unit, prefix.comparison if prefix is not None else None)


def _first_section(code: str) -> str:
    """Up to the first ``;`` that is not quoted or escaped."""
    quoted = False
    at = 0
    while at < len(code):
        char = code[at]
        if char == '"':
            quoted = not quoted
        elif char in "\\!_*" and not quoted:
            at += 1
        elif char == ";" and not quoted:
            return code[:at]
        at += 1
    return code


def stored_value(value: Decimal) -> Decimal:
    """The value at Excel's 15 significant digits: 642.9999999999999 is 643, as Excel itself compares it."""
    if len(value.as_tuple().digits) <= 15:
        return value
    return _EXCEL.plus(value)


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


def _read_stored(cell: Cell, value: Decimal) -> Reading:
    if cell.is_date:
        return Reading(cell.text, ReadingKind.DATE)
    if not value.is_finite():
        return Reading(cell.text, ReadingKind.WORD)
    shape = parse_format(cell.number_format)
    value = stored_value(value)
    if shape.percent:
        value *= _HUNDRED
    decimals = shape.decimals
    if decimals is None or shape.thousands:
        exponent = value.normalize().as_tuple().exponent
        decimals = max(0, -exponent) if isinstance(exponent, int) else 0
    return Reading(
        cell.text,
        ReadingKind.PERCENT if shape.percent else ReadingKind.NUMBER,
        value,
        decimals,
        "%" if shape.percent else shape.unit,
        shape.comparison,
    )


def _read_text(value: str) -> Reading:
    reading = read_number(value)
    if (
        reading.value is None
        or reading.spelling is not Spelling.NONE
        or reading.comparison
        or reading.approximate
    ):
        return reading
    if reading.upper is not None or reading.unit not in (None, "%"):
        return reading
    gaps = value.strip(" \t\r\n\u3000") != value.strip()
    if not gaps and not any(char in "0123456789" for char in value):
        return reading  # 三十二 was never meant to be added up by Excel
    return Reading(
        reading.text, reading.kind, reading.value, reading.decimals, reading.unit,
        spelling=Spelling.INVISIBLE if gaps else Spelling.NUMBER_AS_TEXT, normal=value.strip(),
    )  # fmt: skip


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
    value = stored_value(value).scaleb((2 if shape.percent else 0) - 3 * shape.thousands)
    if abs(value) >= Decimal(10) ** 20:
        return False
    shown = round_half_up(value, shape.decimals)
    return abs(shown - value) > _VISIBLE.scaleb(-shape.decimals)
