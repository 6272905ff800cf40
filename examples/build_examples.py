"""Builds the example workbooks from the example Word reports, with the figures as typed, mistakes included.

The two reports are published self-evaluations of departments; persons are redacted (某甲, 某乙 …). The .docx
and .txt files beside this script are the sources; the .xlsx files are made from the tables of the .docx:

    uv run python examples/build_examples.py

Built twice, a file has the same bytes. A figure becomes a number with the format that shows it as it was
typed (99.93% is 0.9993 shown with two decimals); what is no figure, like 201.5.5 or 280人, stays text.
"""

from __future__ import annotations

import io
import math
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docx
from docx.table import Table
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

HERE = Path(__file__).parent
FONT = "宋体"
EPOCH = (1980, 1, 1, 0, 0, 0)
STAMP = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
NUMBER = re.compile(r"(?P<whole>\d{1,3}(?:,\d{3})+|\d+)(?:\.(?P<decimals>\d+))?(?P<percent>%)?")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One worksheet: which table of the report it holds, and what stands around it.

    ``title`` lines come above the table, ``unit`` at its right edge, ``notes`` are the beginnings of the
    paragraphs that follow it in the report. ``widths`` are in characters.
    """

    name: str
    table: int
    widths: tuple[float, ...]
    title: tuple[str, ...] = ()
    unit: str | None = None
    notes: tuple[str, ...] = ()


BOOKS = {
    "lusong-2024": (
        Sheet(
            "基础数据表",
            0,
            (30, 13, 13, 13, 13, 13, 16),
            title=("附件2", "2024年度部门（单位）整体支出绩效评价基础数据表"),
            notes=("说明：", "填表人："),
        ),
        Sheet(
            "自评表",
            1,
            (10, 12, 14, 24, 14, 14, 9, 10, 24),
            title=("附件3", "2024年度部门（单位）整体支出绩效自评表"),
        ),
    ),
    "caidian-2023": (
        Sheet("自评表", 3, (16, 16, 18, 34, 16, 16)),
        Sheet(
            "执行率情况",
            0,
            (20, 14, 14, 14, 12),
            title=("2023年度部门整体支出执行率情况",),
            unit="单位：万元",
        ),
        Sheet("支出明细", 1, (46, 14, 14, 14), title=("2023年度部门整体支出情况",), unit="单位：万元"),
        Sheet("三公经费", 2, (34, 14, 14, 14), title=("2023年度三公经费支出情况",), unit="单位：万元"),
    ),
}


def typed(text: str) -> tuple[Any, str]:
    """The cell value and number format for a typed text."""
    found = NUMBER.fullmatch(text.strip())
    if not found:
        return (text if text.strip() else None), "General"
    decimals = len(found["decimals"] or "")
    shown = "0" if not decimals else f"0.{'0' * decimals}"
    plain = found["whole"].replace(",", "") + (f".{found['decimals']}" if decimals else "")
    if found["percent"]:
        return round(float(plain) / 100, decimals + 2), f"{shown}%"
    if "," in found["whole"]:
        return float(plain), f"#,##{shown}"
    return (float(plain) if decimals else int(plain)), "General"


def areas(table: Table) -> Iterator[tuple[int, int, int, int, str]]:
    """Each cell of a Word table once: first row, first column, last row, last column, text."""
    spots: dict[Any, list[tuple[int, int]]] = {}
    for row, cells in enumerate(table.rows):
        for col, cell in enumerate(cells.cells):
            spots.setdefault(cell._tc, []).append((row, col))  # noqa: SLF001  # the one way to tell merged cells
    for element, where in spots.items():
        rows, cols = [row for row, _ in where], [col for _, col in where]
        text = docx.table._Cell(element, table).text  # noqa: SLF001  # as above
        yield min(rows), min(cols), max(rows), max(cols), text


def dress(sheet: Worksheet, row: int, col: int, *, size: float = 10.5, bold: bool = False) -> None:
    """Font and alignment of one cell: long text from the top left, labels left, the rest centred."""
    cell = sheet.cell(row, col)
    text = cell.value if isinstance(cell.value, str) else ""
    long = len(text) > 40
    cell.font = Font(name=FONT, size=size, bold=bold)
    cell.alignment = Alignment(
        horizontal="left" if long or text.startswith((" ", "　")) else "center",
        vertical="top" if long else "center",
        wrap_text=True,
    )


def head(sheet: Worksheet, plan: Sheet) -> int:
    """Writes what stands above the table; gives the number of rows used."""
    row = 0
    for row, line in enumerate(plan.title, start=1):
        sheet.cell(row, 1, line)
        last = row == len(plan.title)
        dress(sheet, row, 1, size=16 if last else 10.5, bold=last)
        if last:
            sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=len(plan.widths))
            sheet.row_dimensions[row].height = 30
    if plan.unit:
        row += 1
        sheet.cell(row, len(plan.widths), plan.unit)
        dress(sheet, row, len(plan.widths))
    return row


def fill(sheet: Worksheet, plan: Sheet, table: Table, above: int) -> int:
    """Writes the table below ``above`` rows; gives its last row."""
    line = Side(style="thin")
    heights: dict[int, float] = {}
    last = above
    for top, left, bottom, right, text in areas(table):
        row, col = above + top + 1, left + 1
        cell = sheet.cell(row, col)
        cell.value, cell.number_format = typed(text)
        dress(sheet, row, col)
        if (top, left) != (bottom, right):
            sheet.merge_cells(
                start_row=row, start_column=col, end_row=above + bottom + 1, end_column=right + 1
            )
        width = sum(plan.widths[left : right + 1])
        needed = sum(max(1, math.ceil(len(part) * 2 / width)) for part in text.split("\n"))
        share = 15 * needed / (bottom - top + 1)
        for each in range(row, above + bottom + 2):
            heights[each] = min(409, max(heights.get(each, 18), share))
        last = max(last, above + bottom + 1)
    for row, height in heights.items():
        sheet.row_dimensions[row].height = height
        for col in range(1, len(plan.widths) + 1):
            sheet.cell(row, col).border = Border(line, line, line, line)
    return last


def notes(sheet: Worksheet, plan: Sheet, paragraphs: list[str], below: int) -> None:
    """Writes the paragraphs that belong to the table under it."""
    for row, start in enumerate(plan.notes, start=below + 1):
        sheet.cell(row, 1, next(text for text in paragraphs if text.startswith(start)))
        sheet.cell(row, 1).font = Font(name=FONT, size=9)
        sheet.cell(row, 1).alignment = Alignment(wrap_text=True, vertical="center")
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=len(plan.widths))
        sheet.row_dimensions[row].height = 28


def build(name: str) -> bytes:
    """The workbook made from the report ``name``.docx."""
    report = docx.Document(str(HERE / f"{name}.docx"))
    paragraphs = [paragraph.text for paragraph in report.paragraphs]
    book = Workbook()
    del book["Sheet"]
    book.properties.creator = "gouji examples"
    for plan in BOOKS[name]:
        sheet = book.create_sheet(plan.name)
        for col, width in enumerate(plan.widths, start=1):
            sheet.column_dimensions[get_column_letter(col)].width = width
        last = fill(sheet, plan, report.tables[plan.table], head(sheet, plan))
        notes(sheet, plan, paragraphs, last)
        sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
        sheet.page_setup.orientation = "portrait"
        sheet.page_setup.fitToHeight = 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.print_options.horizontalCentered = True
    buffer = io.BytesIO()
    book.save(buffer)
    return timeless(buffer.getvalue())


def timeless(data: bytes) -> bytes:
    """The same package without the time of day, so that equal input gives equal bytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w") as new:
        for name in sorted(old.namelist(), key=lambda each: (each != "[Content_Types].xml", each)):
            part = old.read(name)
            if name == "docProps/core.xml":
                part = STAMP.sub(b"2025-01-01T00:00:00Z", part)
            info = zipfile.ZipInfo(name, EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            info.create_system = 0
            new.writestr(info, part)
    return made.getvalue()


def main() -> None:
    """Writes every example workbook beside this script."""
    for name in BOOKS:
        target = HERE / f"{name}.xlsx"
        target.write_bytes(build(name))
        print(target.name)


if __name__ == "__main__":
    main()
