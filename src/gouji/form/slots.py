"""Making slots: the one place where a cell becomes something read as a number."""

from __future__ import annotations

from decimal import Decimal

from gouji.form.facts import Slot
from gouji.frozen import replace
from gouji.model import Reading, ReadingKind, Spelling
from gouji.number import normal_unit, read_amount, read_cell, read_number
from gouji.pattern import compiled
from gouji.source.document import Cell, Grid

__all__ = ["BLANK", "compose", "make_amount", "make_slot", "read_slot"]

BLANK = Reading("", ReadingKind.BLANK)
# Three digits or more with one letter among them, and a figure whose unit was typed twice.
_LETTERED = compiled(r"(?=(?:\D*\d){3})[\d,.]*[A-Za-z][\d,.]*(?:亿元|万元|元)?")
_UNIT_TWICE = compiled(r"([\d,]+(?:\.\d+)?(?:亿元|万元|元))(?:亿元|万元|元|万|亿)")
_LETTER_O = ("O", "o", "Ｏ", "ｏ")  # typed for nothing
_DIGITS = str.maketrans("SsBZzGgqbOoIl", "5582269960011")


def read_slot(cell: Cell | None, *, is_sheet: bool) -> Reading:
    """The reading of a cell of a worksheet or of a table in a text; blank where nothing is stored."""
    if cell is None or not cell.text:
        return BLANK
    return read_cell(cell, is_sheet=is_sheet)


def make_slot(document: str, grid: Grid, row: int, col: int, label: str) -> Slot:
    """The slot at a position of a grid (merged areas lead to their top-left cell)."""
    cell = grid.at(row, col)
    return Slot(document, grid, row, col, cell, read_slot(cell, is_sheet=grid.is_sheet), label)


def make_amount(document: str, grid: Grid, row: int, col: int, label: str) -> Slot:
    """As :func:`make_slot` in a column of amounts, where a typed 1979.6.6 is no date and 1S1.55 no word."""
    slot = make_slot(document, grid, row, col, label)
    if slot.reading.kind is ReadingKind.WORD and slot.cell is not None:
        return replace(slot, reading=_attempt(slot.reading))
    if slot.reading.kind is ReadingKind.DATE and slot.cell is not None and not slot.cell.is_date:
        return replace(slot, reading=read_amount(slot.cell.text))
    return slot


def _attempt(reading: Reading) -> Reading:
    """A word that was meant as an amount (1S1.55, 10.6万元万) as malformed; every other as it was.

    Such a text is digits but for one letter, or a figure with its unit begun twice.
    """
    text = reading.text.strip()
    if text in _LETTER_O:
        return Reading(
            reading.text, ReadingKind.MALFORMED, spelling=Spelling.LOOK_ALIKE, candidates=(Decimal(0),)
        )
    lettered, doubled = _LETTERED.fullmatch(text), _UNIT_TWICE.fullmatch(text)
    if lettered is None and doubled is None:
        return reading
    meant = read_amount(text.translate(_DIGITS) if lettered is not None else doubled[1] if doubled else text)
    spelling = Spelling.LOOK_ALIKE if lettered is not None else Spelling.OTHER
    candidates = (meant.value,) if meant.value is not None else ()
    return Reading(
        reading.text, ReadingKind.MALFORMED, unit=meant.unit, spelling=spelling, candidates=candidates
    )


def compose(value: Slot | None, sign: str, unit: str, extra: tuple[str, ...] = ()) -> Reading:
    """One reading from a value whose comparison sign and unit may stand in columns of their own.

    Args:
        value: The slot with the value.
        sign: Text of the sign column, "" where there is none.
        unit: Text of the unit column, "" where there is none.
        extra: Further texts under the same caption, in order (a caption spread over sign, value and unit).
    """
    if extra:
        return read_number("".join(extra))
    if value is None:
        return BLANK
    reading = value.reading
    if reading.is_empty or not (sign or unit):
        return reading
    text = reading.text or value.text
    if not reading.is_number:
        return read_number(sign + text) if sign and len(sign) <= 6 else reading
    if reading.unit is None and unit and unit not in ("无", "/", "-", "—"):
        normal = normal_unit(unit)
        if normal == "%" and reading.kind is ReadingKind.PERCENT:
            normal = None
        text = value.text + (normal or "")
    else:
        text = value.text
    composed = read_number((sign if reading.comparison is None else "") + text)
    return composed if composed.is_number else reading
