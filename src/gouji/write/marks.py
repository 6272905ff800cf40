"""What findings look like in a workbook: the note on each faulty cell, its colour, and the 校验结果 sheet.

Plain data, so that every writer (file, openpyxl workbook, live book) shows the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from gouji.model import Finding, Place, Severity
from gouji.write.content import CellContent, Look, SheetContent
from gouji.write.links import Link, quoted

__all__ = [
    "AUTHOR",
    "COLOURS",
    "RECORD_SHEET",
    "SUMMARY_SHEET",
    "Mark",
    "Marks",
    "marks_of",
    "number_in",
    "tall_rows",
    "without_mark",
]

SUMMARY_SHEET = "校验结果"
RECORD_SHEET = "_gouji"
AUTHOR = "gouji"
# What tells our sheet from one a user made: the first words of its first cell.
TITLE = "勾稽校验结果"
HEADING = "【勾稽校验】"
_MARK = re.compile(r"〔勾稽校验·(\d+)〕")
_BLOCK = re.compile(r"\n?【勾稽校验】.*?〔勾稽校验·\d+〕", re.DOTALL)
SEVERITY_WORDS = {Severity.ERROR: "错误", Severity.WARNING: "警告", Severity.INFO: "提示"}
# Light enough for black print; shades of their own, so that a user's red is never taken for ours.
COLOURS = {Severity.ERROR: "FFB9B3", Severity.WARNING: "FFE28C", Severity.INFO: "CBE3FA"}
_RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}
_COLUMNS = ("序号", "级别", "工作表", "位置", "项目", "问题", "填的是", "应为", "依据", "规则")
_WIDTHS = (6.0, 7.0, 18.0, 9.0, 34.0, 62.0, 18.0, 18.0, 30.0, 9.0)
HEADER_ROW = 4
_LINE = 15.0  # points
_HEAD = Look(bold=True, fill="DDE5EE", border=True, wrap=True, vertical="center", horizontal="center")
_PLAIN = Look(border=True, wrap=True, vertical="top")
_MIDDLE = Look(border=True, wrap=True, vertical="top", horizontal="center")
_LINK = Look(border=True, colour="0563C1", underline=True, vertical="top", horizontal="center")


@dataclass(frozen=True, slots=True)
class Mark:
    """One marked cell: its number, all its findings, and the first row of the summary that speaks of it."""

    number: int
    sheet: str
    cell: str
    severity: Severity
    note: str
    row: int


@dataclass(frozen=True, slots=True)
class Marks:
    """Everything an annotation shows: the marked cells and the summary sheet."""

    cells: tuple[Mark, ...]
    summary: SheetContent


def _line(finding: Finding) -> str:
    text = f"{SEVERITY_WORDS[finding.severity]} {finding.code}：{finding.message}"
    if finding.observed:
        text += f"\n填的是：{finding.observed}"
    if finding.expected:
        text += f"\n应为：{finding.expected}"
    if finding.basis:
        text += f"\n依据：{finding.basis}"
    if finding.accepted is not None:
        text += f"\n已说明接受（{finding.accepted.role}）：{finding.accepted.reason}"
    return text


def number_in(note: str) -> int | None:
    """The number of the mark whose words stand in this note; None where none do."""
    found = _MARK.search(note)
    return int(found[1]) if found and _BLOCK.search(note) else None


def without_mark(note: str) -> str | None:
    """What a person wrote in a note: the note without our words; None where nothing is left."""
    left = _BLOCK.sub("", note)
    return None if left != note and not left.strip() else left


def marks_of(
    findings: Sequence[Finding],
    anchor: Callable[[str, str], tuple[str, str] | None],
    *,
    name: str = SUMMARY_SHEET,
    notices: Iterable[str] = (),
) -> Marks:
    """Lay out an annotation.

    Args:
        findings: What was found, in the order to be listed.
        anchor: Gives for a finding's sheet and cell those to be marked (the top-left cell of a merged area,
            the name as the workbook spells it), or None where this workbook has no such cell.
        name: The name of the summary sheet.
        notices: Sentences about what could not be checked, shown above the list.
    """
    grouped: dict[tuple[str, str], list[int]] = {}
    places: list[tuple[str, str] | None] = []
    for index, finding in enumerate(findings):
        where = finding.location
        place = anchor(where.sheet, where.cell) if where.sheet and where.cell else None
        places.append(place)
        if place is not None:
            grouped.setdefault(place, []).append(index)
    notices = tuple(notices)
    header = HEADER_ROW + len(notices)
    cells = []
    for number, ((sheet, cell), indices) in enumerate(grouped.items(), 1):
        lines = "\n".join(_line(findings[index]) for index in indices)
        severity = min((findings[index].severity for index in indices), key=_RANK.__getitem__)
        note = f"{HEADING}\n{lines}\n〔勾稽校验·{number}〕"
        cells.append(Mark(number, sheet, cell, severity, note, header + 1 + indices[0]))
    return Marks(tuple(cells), _summary(findings, places, len(cells), name, notices))


def _summary(
    findings: Sequence[Finding],
    places: Sequence[tuple[str, str] | None],
    marked: int,
    name: str,
    notices: tuple[str, ...],
) -> SheetContent:
    counted = "，".join(
        f"{word} {sum(finding.severity is severity for finding in findings)} 条"
        for severity, word in SEVERITY_WORDS.items()
    )
    rows: list[tuple[CellContent | None, ...]] = [
        (CellContent(TITLE, Look(bold=True, size=14)),),
        (CellContent(f"{counted}；共标出 {marked} 个单元格" if findings else "没有发现问题"),),
        (CellContent("点“位置”跳到该单元格；去除全部标记：点“清除标记”按钮，或用 gouji annotate --clear"),),
        *((CellContent(notice, Look(bold=True)),) for notice in notices),
        tuple(CellContent(caption, _HEAD) for caption in _COLUMNS),
    ]
    links = []
    for index, (finding, place) in enumerate(zip(findings, places, strict=True)):
        row = len(rows) + 1
        rows.append(_row(index + 1, finding, place))
        if place is not None:
            links.append(Link(f"D{row}", location=f"{quoted(place[0])}!{place[1]}", tooltip="跳到该单元格"))
    header = HEADER_ROW + len(notices)
    return SheetContent(
        name,
        tuple(rows),
        widths=_WIDTHS,
        heights=tall_rows(rows, _WIDTHS),
        frozen=header,
        filter=f"A{header}:J{max(len(rows), header + 1)}",
        links=tuple(links),
        landscape=True,
        tab_colour="C00000" if findings else "70AD47",
    )


def tall_rows(rows: Iterable[Sequence[CellContent | None]], widths: Sequence[float]) -> dict[int, float]:
    """The heights in points, by 1-based row, of the rows of a list that need more than one line."""
    heights = {number: _height(row, widths) for number, row in enumerate(rows, 1)}
    return {number: height for number, height in heights.items() if height > _LINE}


def _height(row: Sequence[CellContent | None], widths: Sequence[float]) -> float:
    """The height in points that shows the wrapped texts of a list row whole, in columns of these widths."""
    if len(row) < len(widths):
        return _LINE
    lines = 1
    for cell, width in zip(row, widths, strict=True):
        if cell is not None and isinstance(cell.value, str):
            for paragraph in cell.value.split("\n"):
                # A Chinese character is as wide as two digits, and a line does not break inside a number.
                wide = sum(2 if char > "\u2e7f" else 1 for char in paragraph)
                lines = max(lines, -(-wide // max(int(width) - 2, 1)))
    return min(_LINE * lines, 400.0)  # Excel allows 409


def _where(place: Place) -> str:
    if place.paragraph is not None:
        return f"第 {place.paragraph} 段"
    return place.cell or ""


def _row(number: int, finding: Finding, place: tuple[str, str] | None) -> tuple[CellContent, ...]:
    location = finding.location
    sheet, cell = place or (location.sheet or "", _where(location))
    coloured = Look(
        border=True, wrap=True, vertical="top", horizontal="center", fill=COLOURS[finding.severity], bold=True
    )
    return (
        CellContent(number, _MIDDLE),
        CellContent(SEVERITY_WORDS[finding.severity], coloured),
        CellContent(sheet, _PLAIN),
        CellContent(cell, _LINK if place else _MIDDLE),
        CellContent(location.label or location.text or "", _PLAIN),
        CellContent(finding.message, _PLAIN),
        CellContent(finding.observed or "", _PLAIN),
        CellContent(finding.expected or "", _PLAIN),
        CellContent(finding.basis or "", _PLAIN),
        CellContent(finding.code, _MIDDLE),
    )
