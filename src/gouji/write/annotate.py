"""Findings shown in a workbook, and every trace of them taken away again.

Annotating leaves a note and a colour on each faulty cell, links to the cells and back, a sheet 校验结果, and
a very hidden record (see :mod:`gouji.write.record`). Clearing undoes the edits byte for byte where the file
is as it was left; where it was saved anew by another program or edited since, the marks are recognised by
what they say: notes by their marker, links by where they lead, colours by the record's specimens.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gouji.model import Finding
from gouji.source.document import cell_name
from gouji.write import links, record, sheets, styles, xmltext
from gouji.write.links import Link, quoted
from gouji.write.marks import (
    AUTHOR,
    COLOURS,
    RECORD_SHEET,
    SUMMARY_SHEET,
    TITLE,
    Mark,
    Marks,
    marks_of,
    number_in,
    without_mark,
)
from gouji.write.package import Package
from gouji.write.parts import CONTENT_TYPES, rels_name
from gouji.write.sheetmap import SheetMap, parse_area, parse_cell

__all__ = ["Anchors", "Annotated", "Cleared", "annotate", "clear", "layout"]

_FIRST_CJK = "\u2e80"


@dataclass(frozen=True, slots=True)
class Annotated:
    """What an annotation did: cells marked, the summary sheet's name, cells whose thread was left alone, notices shown."""

    marks: tuple[Mark, ...]
    summary: str
    threads: tuple[tuple[str, str], ...]
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cleared:
    """What clearing did. ``exact``: every part is byte for byte what it was before the annotation."""

    found: bool
    exact: bool
    cells: int


def _areas(sheet: SheetMap) -> list[tuple[int, int, int, int]]:
    """The merged areas of a sheet."""
    listed = sheet.child("mergeCells")
    areas = []
    for node in xmltext.children(sheet.masked, listed) if listed else []:
        try:
            areas.append(parse_area(sheet.attributes(node).get("ref", "")))
        except ValueError:
            continue
    return areas


class Anchors:
    """Which cell of a package a finding's place is marked at."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.merged: dict[str, list[tuple[int, int, int, int]]] = {}

    def __call__(self, sheet: str, cell: str) -> tuple[str, str] | None:
        """The sheet as the workbook spells it and the first cell of a merged area; None where there is no such."""
        try:
            name = self.package.sheet(sheet).name
            row, col = parse_cell(cell)
        except (KeyError, ValueError):
            return None
        if name not in self.merged:
            self.merged[name] = _areas(self.package.map(name))
        for top, left, bottom, right in self.merged[name]:
            if top <= row <= bottom and left <= col <= right:
                return name, cell_name(top - 1, left - 1)
        return name, cell_name(row - 1, col - 1)


def layout(package: Package, findings: Sequence[Finding], notices: Iterable[str]) -> tuple[Marks, str]:
    """What an annotation of a workbook without one shows, and the name for the sheet that remembers it."""
    name = sheets.free_name(package.workbook, SUMMARY_SHEET)
    marks = marks_of(findings, Anchors(package), name=name, notices=notices)
    return marks, sheets.free_name(package.workbook, RECORD_SHEET)


def annotate(package: Package, findings: Sequence[Finding], *, notices: Iterable[str] = ()) -> Annotated:
    """Show findings in a workbook; an earlier annotation is replaced.

    Findings that stand in no cell of this workbook are listed on the summary sheet only. ``notices`` are
    sentences about what could not be checked.

    Raises:
        EditRefusedError: the workbook has no room for another format.
        SourceRefusedError: a part is written in a way that cannot be edited safely.
    """
    clear(package)
    notices = tuple(notices)
    marks, remembered = layout(package, findings, notices)
    name = marks.summary.name
    before = {(mark.sheet, mark.cell): package.style(mark.sheet, mark.cell) for mark in marks.cells}
    with package.journal() as journal:
        threads = _show(package, marks)
        package.add_sheet(marks.summary)
        where = package.add_sheet(record.sheet_content(remembered, name, marks.cells, before, ""))
    undo = record.pack(package, journal, where.part)
    content = record.sheet_content(remembered, name, marks.cells, before, undo)
    package.parts.write(where.part, sheets.sheet_xml(package.workbook, content))
    return Annotated(marks.cells, name, threads, notices)


def _show(package: Package, marks: Marks) -> tuple[tuple[str, str], ...]:
    """Put notes, colours and links back on the cells; the cells whose comment thread was left alone."""
    threads: list[tuple[str, str]] = []
    by_sheet: dict[str, list[Mark]] = {}
    for mark in marks.cells:
        by_sheet.setdefault(mark.sheet, []).append(mark)
    for sheet, found in by_sheet.items():
        added = package.add_notes(sheet, {mark.cell: mark.note for mark in found}, AUTHOR)
        threads += [(sheet, cell) for cell in added.left]
        # LibreOffice turns a linked text into a plain field and writes into an empty cell: those get no link.
        package.add_links(
            sheet,
            [
                Link(mark.cell, location=f"{quoted(marks.summary.name)}!A{mark.row}", tooltip="回到校验结果")
                for mark in found
                if package.is_plain(sheet, mark.cell)
            ],
        )
        package.set_fills(sheet, {mark.cell: COLOURS[mark.severity] for mark in found})
    return tuple(threads)


def clear(package: Package) -> Cleared:
    """Take every trace of an annotation away; nothing happens where there is none."""
    remembered = record.read(package)
    if remembered is not None:
        before = record.undone(package, remembered)
        if before and len(before) == len(remembered.undo) + len(remembered.added):
            own = package.sheet(remembered.sheet).part
            for name, data in before.items():
                if data is None:
                    package.parts.remove(name)
                else:
                    package.parts.write(name, data)
            package.parts.remove(own)
            return Cleared(found=True, exact=True, cells=len(remembered.marks))
    else:
        before = {}
    return _clear_by_looks(package, remembered, before)


def _summaries(package: Package) -> list[str]:
    """The names of our summary sheets, whatever they are called by now."""
    found = []
    for sheet in package.worksheets:
        if sheet.name.startswith(SUMMARY_SHEET) or "gouji" in sheet.name.lower():
            title = package.value(sheet.name, "A1")
            if isinstance(title, str) and title.startswith(TITLE):
                found.append(sheet.name)
    return found


def _clear_by_looks(
    package: Package, remembered: record.Record | None, before: dict[str, bytes | None]
) -> Cleared:
    """Recognise the marks by what they say, and put back untouched parts as they were."""
    own = [*_summaries(package), *([remembered.sheet] if remembered else [])]
    users = [sheet for sheet in package.worksheets if sheet.name not in own]
    places: dict[int, list[tuple[str, str]]] = {}
    for sheet in users:
        for cell, text in package.notes(sheet.name).items():
            number = number_in(text)
            if number is not None:
                places.setdefault(number, []).append((sheet.name, cell))
    if not own and not places:
        return Cleared(found=False, exact=False, cells=0)
    groups = {sheet.part: _around(package, sheet.part) for sheet in users}
    for sheet in users:
        package.trim_notes(sheet.name, without_mark)
        _drop_links(package, sheet.part, own)
    cells = _restore_fills(package, remembered, places, {sheet.name for sheet in users})
    for name in own:
        package.remove_sheet(name)
    if remembered is not None:
        _put_back(package, remembered, before, groups)
    return Cleared(found=True, exact=False, cells=cells)


def _drop_links(package: Package, part: str, own: Sequence[str]) -> None:
    targets = {name.casefold() for name in own}

    def leads_to_us(given: dict[str, str]) -> bool:
        sheet = re.split(r"[!.](?=[^!.]*$)", given.get("location", "").lstrip("#"))[0]
        if sheet.startswith("'") and sheet.endswith("'"):
            sheet = sheet[1:-1].replace("''", "'")
        return sheet.lstrip("$").casefold() in targets

    links.remove(package.workbook, part, leads_to_us)


def _restore_fills(
    package: Package,
    remembered: record.Record | None,
    places: dict[int, list[tuple[str, str]]],
    users: set[str],
) -> int:
    """Give marked cells back the fill their specimen shows, where they still wear ours."""
    known = {mark.number: mark for mark in remembered.marks} if remembered else {}
    wanted: dict[tuple[str, str], int] = {}
    for number, found in places.items():
        specimen = known[number].style if number in known else 0
        for place in found:
            wanted[place] = specimen
    for mark in known.values():
        # A comment thread took no note, and a note may have been deleted: go by the place remembered.
        if mark.number not in places and mark.sheet in users:
            wanted.setdefault((mark.sheet, mark.cell), mark.style)
    sheet_styles = styles.StyleSheet(package.workbook)
    pairs: dict[tuple[str, str], tuple[int, int, bool]] = {}
    for (sheet, cell), specimen in wanted.items():
        current = package.style(sheet, cell)
        if styles.has_fill(sheet_styles, current, COLOURS.values()):
            value = package.value(sheet, cell)
            latin = not (isinstance(value, str) and any(char >= _FIRST_CJK for char in value))
            pairs[sheet, cell] = (current, specimen, latin)
    made = styles.refilled(package.workbook, pairs.values())
    for sheet in sorted({sheet for sheet, _ in pairs}):
        package.restyle(sheet, {cell: made[pair] for (name, cell), pair in pairs.items() if name == sheet})
    return len(wanted)


def _around(package: Package, part: str) -> set[str]:
    """The parts a sheet's notes stand in, and the one that relates them to it."""
    kinds = ("comments", "vmlDrawing")
    return {rels_name(part)} | {one.target for one in package.parts.relationships(part) if one.kind in kinds}


def _put_back(
    package: Package, remembered: record.Record, before: dict[str, bytes | None], groups: dict[str, set[str]]
) -> None:
    """Put parts nobody touched since back as they were, byte for byte, where that fits those around them.

    ``groups`` gives for each sheet's part those its notes stand in: they go back together or not at all.
    """
    recorded = remembered.undo.keys() | remembered.added.keys()
    book = {package.workbook.name, rels_name(package.workbook.name)}
    whole = True
    wanted: set[str] = set()
    for part, group in [*groups.items(), (package.workbook.name, book)]:
        if group & recorded <= before.keys():
            wanted |= group | {part}
        else:
            whole = False
    if whole:
        wanted.add(CONTENT_TYPES)
    for name in wanted & before.keys():
        data = before[name]
        if data is None:
            package.parts.remove(name)
        else:
            package.parts.write(name, data)
    styles_part = package.workbook.related("styles")
    data = before.get(styles_part) if styles_part else None
    if styles_part is None or data is None:
        return
    used = set().union(*(package.used_styles(sheet.name) for sheet in package.worksheets))
    if max(used, default=0) < styles.count(data):
        package.parts.write(styles_part, data)
