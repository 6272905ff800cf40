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

_MARK, _SPECIMEN = "mark", 5  # the record's word for a mark; the column with the colour the cell had
_OURS = {tuple(bytes.fromhex(colour)) for colour in COLOURS.values()}


@dataclass(frozen=True, slots=True)
class Shown:
    """What was marked: the cells, the name of the list, and sheets that would not be marked (protected)."""

    marks: tuple[Mark, ...]
    summary: str
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
    _remember(book, record, marks)  # first, so that whatever happens then can be cleared
    by_sheet: dict[str, list[Mark]] = {}
    for mark in marks.cells:
        by_sheet.setdefault(mark.sheet, []).append(mark)
    untouched = tuple(sheet for sheet, found in by_sheet.items() if not _mark(book.sheets[sheet], found))
    summary = marks.summary
    if untouched:
        told = (f"“{sheet}”受保护，有的单元格没有标注；请撤销工作表保护后再校验。" for sheet in untouched)
        summary = layout(package, findings, [*notices, *told])[0].summary
    paint(book, summary)
    return Shown(marks.cells, summary.name, untouched)


def _mark(sheet: xw.Sheet, marks: Sequence[Mark]) -> bool:
    """Put notes and colours on the cells of one sheet; False where some are locked."""
    notes = _notes(sheet)
    whole = True
    for mark in marks:
        cell = sheet[mark.cell]
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
    found = {}
    for note in sheet.notes:
        found[note.location.get_address(row_absolute=False, column_absolute=False)] = note
    return found


def _remember(book: xw.Book, name: str, marks: Marks) -> None:
    rows: list[tuple[CellContent | None, ...]] = [(CellContent(SCHEMA), CellContent(marks.summary.name))]
    for mark in marks.cells:
        colour = book.sheets[mark.sheet][mark.cell].color
        specimen = None if colour is None else CellContent(None, Look(fill=bytes(colour).hex().upper()))
        told = (_MARK, mark.number, mark.sheet, mark.cell)
        rows.append((*(CellContent(value) for value in told), specimen))
    paint(book, SheetContent(name, tuple(rows), state=Visibility.VERY_HIDDEN))


def clear(book: xw.Book) -> int:
    """Take marks away: words out of notes, colours back, our sheets gone. How many cells were marked."""
    records = [sheet for sheet in book.sheets if sheet.name.casefold().startswith(RECORD_SHEET)]
    records = [sheet for sheet in records if sheet["A1"].value == SCHEMA]
    summaries = [
        sheet
        for sheet in book.sheets
        if sheet.name.startswith(SUMMARY_SHEET) and str(sheet["A1"].value or "").startswith(TITLE)
    ]
    own = {sheet.name for sheet in (*records, *summaries)}
    places, specimens = _remembered(records)
    cells = 0
    for sheet in book.sheets:
        if sheet.name not in own:
            found = _trim_notes(sheet)
            cells += _restore(sheet, found, places.get(sheet.name, {}), specimens)
    for sheet in (*summaries, *records):
        sheet.delete()
    return cells


def _remembered(
    records: Sequence[xw.Sheet],
) -> tuple[dict[str, dict[str, int]], dict[int, tuple[int, int, int] | None]]:
    """For each sheet its marked cells with their numbers; for each number the colour that was there."""
    places: dict[str, dict[str, int]] = {}
    specimens: dict[int, tuple[int, int, int] | None] = {}
    for record in records:
        last = record.used_range.last_cell.row
        for row, line in enumerate(record.range((1, 1), (last, 4)).options(ndim=2).value):
            if line[0] == _MARK and isinstance(line[1], float):
                places.setdefault(str(line[2]), {})[str(line[3])] = int(line[1])
                specimens[int(line[1])] = record[row, _SPECIMEN - 1].color
    return places, specimens


def _trim_notes(sheet: xw.Sheet) -> dict[str, int]:
    """Take our words out of the notes of a sheet; the cells they stood on, with their numbers."""
    found: dict[str, int] = {}
    for cell, note in _notes(sheet).items():
        text = note.text
        number = number_in(text)
        if number is not None:
            found[cell] = number
            left = without_mark(text)
            if left is None:
                note.delete()
            else:
                note.text = left
    return found


def _restore(
    sheet: xw.Sheet,
    found: dict[str, int],
    places: dict[str, int],
    specimens: dict[int, tuple[int, int, int] | None],
) -> int:
    """Give marked cells their colour back where they still wear ours; a marked cell may have been moved."""
    moved = set(found.values())
    wanted = found | {cell: number for cell, number in places.items() if number not in moved}
    for cell, number in wanted.items():
        if sheet[cell].color in _OURS:
            sheet[cell].color = specimens.get(number)
    return len(wanted)
