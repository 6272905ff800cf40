"""Findings shown in a live workbook, and every trace of them taken away again.

The same marks as in a file (:mod:`gouji.write.annotate`): notes, colours, the sheet 校验结果, and the record sheet
that remembers the colours, in the same layout, so that either way of clearing understands the other's marks. Links
from the faulty cells back to the list are left out here: putting one on a cell changes its content in LibreOffice
and its style in Excel.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gouji.model import Finding
from gouji.office.painting import paint
from gouji.source.document import Visibility
from gouji.write.annotate import layout
from gouji.write.content import CellContent, Look, SheetContent
from gouji.write.marks import (
    COLOURS,
    RECORD_SHEET,
    SUMMARY_SHEET,
    TITLE,
    Mark,
    Marks,
    number_in,
    without_mark,
)
from gouji.write.package import Package
from gouji.write.record import SCHEMA

if TYPE_CHECKING:
    import xlwings as xw

__all__ = ["Shown", "clear", "free_name", "show"]

# The record's word for a mark; the column with the colour the cell had, beside which a button writes its code, so that
# all colours are read at once; and what it writes for none.
_MARK, _SPECIMEN, _NO_FILL = "mark", 5, "-"
_Cells = dict[tuple[str, str], "xw.Range"]
_OURS = {tuple(bytes.fromhex(colour)) for colour in COLOURS.values()}


@dataclass(frozen=True, slots=True)
class Shown:
    """What was marked: the cells, the list and its name, and sheets that would not be marked (protected)."""

    marks: tuple[Mark, ...]
    summary: str
    sheet: xw.Sheet
    untouched: tuple[str, ...]


def free_name(book: xw.Book, wanted: str) -> str:
    """The name itself, or with a number where a sheet of that name exists."""
    taken = {sheet.name.casefold() for sheet in book.sheets}
    name, number = wanted, 1
    while name.casefold() in taken:
        number += 1
        name = f"{wanted}({number})"
    return name


def show(book: xw.Book, copy: bytes, findings: Sequence[Finding], notices: Iterable[str] = ()) -> Shown:
    """Mark findings in a live workbook that holds no marks; ``copy`` is its file of this moment."""
    notices = tuple(notices)
    package = Package.open(copy)
    marks, record = layout(package, findings, notices)
    # Each object asked for is a trip to the program: sheets and cells are asked for once.
    sheets = {name: book.sheets[name] for name in {mark.sheet for mark in marks.cells}}
    cells = {(mark.sheet, mark.cell): sheets[mark.sheet][mark.cell] for mark in marks.cells}
    last = _remember(book, record, marks, cells)  # first, so that whatever happens then can be cleared
    by_sheet: dict[str, list[Mark]] = {}
    for mark in marks.cells:
        by_sheet.setdefault(mark.sheet, []).append(mark)
    untouched = tuple(name for name, found in by_sheet.items() if not _mark(sheets[name], found, cells))
    summary = marks.summary
    if untouched:
        told = (f"“{sheet}”受保护，有的单元格没有标注；请撤销工作表保护后再校验。" for sheet in untouched)
        summary = layout(package, findings, [*notices, *told])[0].summary
    painted = paint(book, summary, last)
    return Shown(marks.cells, summary.name, painted, untouched)


def _mark(sheet: xw.Sheet, marks: Sequence[Mark], cells: _Cells) -> bool:
    """Put notes and colours on the cells of one sheet; False where some are locked."""
    notes = _notes(sheet)
    whole = True
    for mark in marks:
        cell = cells[mark.sheet, mark.cell]
        note = notes.get(mark.cell)
        try:
            cell.color = f"#{COLOURS[mark.severity]}"
            if note is None:
                cell.add_note(mark.note)
            else:
                note.text = f"{note.text}\n{mark.note}"
        except Exception:  # noqa: BLE001 # each program has its own error for a locked cell
            whole = False
    return whole


def _notes(sheet: xw.Sheet) -> dict[str, xw.Note]:
    return {_address(note.location): note for note in sheet.notes}


def _address(cell: xw.Range) -> str:
    address: str = cell.get_address(row_absolute=False, column_absolute=False)
    return address


def _remember(book: xw.Book, name: str, marks: Marks, cells: _Cells) -> xw.Sheet:
    rows: list[tuple[CellContent | None, ...]] = [
        (CellContent(SCHEMA), CellContent(marks.summary.name), CellContent(len(marks.cells)))
    ]
    for mark in marks.cells:
        colour = cells[mark.sheet, mark.cell].color
        code = "" if colour is None else bytes(colour).hex().upper()
        specimen = CellContent(None, Look(fill=code)) if code else None
        told = (_MARK, mark.number, mark.sheet, mark.cell)
        rows.append((*(CellContent(value) for value in told), specimen, CellContent(code or _NO_FILL)))
    return paint(book, SheetContent(name, tuple(rows), state=Visibility.VERY_HIDDEN))


def clear(book: xw.Book) -> int:
    """Take marks away: words out of notes, colours back, our sheets gone. How many cells were marked."""
    named = [(sheet.name, sheet) for sheet in book.sheets]
    records = [sheet for name, sheet in named if name.casefold().startswith(RECORD_SHEET)]
    records = [sheet for sheet in records if sheet["A1"].value == SCHEMA]
    summaries = [
        sheet
        for name, sheet in named
        if name.startswith(SUMMARY_SHEET) and str(sheet["A1"].value or "").startswith(TITLE)
    ]
    own = (*summaries, *records)
    places, specimens = _remembered(records)
    cells = 0
    for name, sheet in named:
        if not any(sheet is each for each in own):
            found = _trim_notes(sheet)
            cells += _restore(sheet, found, places.get(name, {}), specimens)
    for sheet in own:
        sheet.delete()
    return cells


def _remembered(
    records: Sequence[xw.Sheet],
) -> tuple[dict[str, dict[str, int]], dict[int, tuple[int, int, int] | None]]:
    """For each sheet its marked cells with their numbers; for each number the colour that was there."""
    places: dict[str, dict[str, int]] = {}
    specimens: dict[int, tuple[int, int, int] | None] = {}
    for record in records:
        counted = record["C1"].value
        last = 1 + int(counted) if isinstance(counted, float) else record.used_range.last_cell.row
        for row, line in enumerate(record.range((1, 1), (last, 6)).options(ndim=2).value):
            if line[0] == _MARK and isinstance(line[1], float):
                number, code = int(line[1]), line[_SPECIMEN]
                places.setdefault(str(line[2]), {})[str(line[3])] = number
                if not isinstance(code, str):  # the file's way of marking shows the colour only
                    specimens[number] = record[row, _SPECIMEN - 1].color
                elif code != _NO_FILL:
                    red, green, blue = bytes.fromhex(code)
                    specimens[number] = (red, green, blue)
    return places, specimens


def _trim_notes(sheet: xw.Sheet) -> dict[str, tuple[int, xw.Range]]:
    """Take our words out of the notes of a sheet; the cells they stood on, with their numbers."""
    found: dict[str, tuple[int, xw.Range]] = {}
    for note in sheet.notes:
        text = note.text
        number = number_in(text)
        if number is not None:
            cell = note.location
            found[_address(cell)] = number, cell
            left = without_mark(text)
            if left is None:
                note.delete()
            else:
                note.text = left
    return found


def _restore(
    sheet: xw.Sheet,
    found: dict[str, tuple[int, xw.Range]],
    places: dict[str, int],
    specimens: dict[int, tuple[int, int, int] | None],
) -> int:
    """Give marked cells their colour back where they still wear ours; a marked cell may have been moved."""
    moved = {number for number, _ in found.values()}
    wanted = found | {cell: (number, sheet[cell]) for cell, number in places.items() if number not in moved}
    for number, cell in wanted.values():
        if cell.color in _OURS:
            cell.color = specimens.get(number)
    return len(wanted)
