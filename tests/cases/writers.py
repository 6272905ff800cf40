"""Writes a case's blocks as .xlsx, .xls, .docx or as the text export that reports arrive in.

The same blocks give the same bytes (.xls excepted: LibreOffice stamps its own).
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from docx import Document
from docx.oxml.ns import qn
from docx.shared import Pt
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Side

from tests.cases.sheetspec import Block, address, value_of

__all__ = ["write"]

_STAMP = datetime(2025, 3, 14, 9, 0, tzinfo=UTC)
_THIN = Side(style="thin")


def write(blocks: Sequence[Block], path: Path) -> None:
    """Write the blocks to ``path`` in the format of its suffix.

    Raises:
        ValueError: for a suffix this does not write.
    """
    match path.suffix:
        case ".xlsx":
            _xlsx(blocks, path)
        case ".xls":
            _xls(blocks, path)
        case ".docx":
            _docx(blocks, path)
        case ".txt":
            path.write_text(_txt(blocks), encoding="utf-8")
        case other:
            raise ValueError(f"no writer for {other}")


def _xlsx(blocks: Sequence[Block], path: Path) -> None:
    book = Workbook()
    book.remove(book.active)
    book.properties.created = book.properties.modified = _STAMP.replace(tzinfo=None)
    cached: dict[str, dict[str, str]] = {}
    for block in blocks:
        sheet = book.create_sheet(block.sheet)
        sheet.sheet_state = block.state
        for number in block.hidden_rows:
            sheet.row_dimensions[number].hidden = True
        for letters in block.hidden_cols:
            sheet.column_dimensions[letters].hidden = True
        for (row, col), cell in block.cells.items():
            at = sheet.cell(row, col)
            if cell.is_formula:
                formula, _, result = cell.raw.partition(" => ")
                at.value = formula
                shown, _, stored = result.partition(" ~ ")
                stored, _, number_format = stored.partition(" @ ")
                value, at.number_format = value_of(shown)
                at.number_format = number_format or at.number_format
                cached.setdefault(block.sheet, {})[address(row, col)] = stored or str(value)
            elif cell.raw.startswith("@"):
                at.value = (
                    datetime.strptime(cell.raw[1:], "%Y-%m-%d").replace(tzinfo=UTC).replace(tzinfo=None)
                )
                at.number_format = "yyyy/m/d"
            else:
                value, at.number_format = value_of(cell.raw)
                if not isinstance(value, Decimal):
                    at.value = value
                    at.data_type = "s" if value else "n"  # «=8个» is text, not a formula
                elif value == value.to_integral_value():
                    at.value = int(value)
                else:
                    at.value = float(value)
            at.alignment = Alignment(wrap_text=True, vertical="center")
            at.border = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
            if cell.rows > 1 or cell.cols > 1:
                sheet.merge_cells(cell.area)
    book.save(path)
    names = [block.sheet for block in blocks]
    _restamp(
        path, {f"xl/worksheets/sheet{names.index(name) + 1}.xml": values for name, values in cached.items()}
    )


def _restamp(path: Path, cached: Mapping[str, Mapping[str, str]] | None = None) -> None:
    """Give every part one time stamp, and every formula the result it is meant to carry."""
    with zipfile.ZipFile(path) as old:
        parts = [(info.filename, old.read(info)) for info in old.infolist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in parts:
            part = data
            for cell, value in (cached or {}).get(name, {}).items():
                # the group number is written \g<1> because the value starts with a digit
                formula = rf'(<c r="{cell}"[^>]*><f>[^<]*</f>)<v ?(?:/>|></v>)'.encode()
                part = re.sub(formula, rb"\g<1><v>" + value.encode() + b"</v>", part)
            if name == "docProps/core.xml":
                part = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>2025-03-14T09:00:00Z", part)
            info = zipfile.ZipInfo(name, (2025, 3, 14, 9, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, part)


def _xls(blocks: Sequence[Block], path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        raise ValueError("the .xls cases need LibreOffice")
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "input.xlsx"
        _xlsx(blocks, source)
        subprocess.run(
            [
                office,
                f"-env:UserInstallation=file://{folder}/profile",
                "--headless",
                "--convert-to",
                "xls:MS Excel 97",
                "--outdir",
                folder,
                str(source),
            ],
            check=True,
            capture_output=True,
            timeout=180,
        )
        shutil.copyfile(Path(folder) / "input.xls", path)


def _docx(blocks: Sequence[Block], path: Path) -> None:
    document = Document()
    document.styles["Normal"].font.size = Pt(9)
    document.styles["Normal"].font.name = "宋体"
    document.styles["Normal"].element.rPr.rFonts.set(qn("w:eastAsia"), "宋体")
    document.core_properties.author = ""
    for block in blocks:
        if not block.is_table:
            document.add_paragraph(block.paragraph)
            continue
        table = document.add_table(block.n_rows, block.n_cols, style="Table Grid")
        for cell in block.cells.values():
            first = table.cell(cell.row - 1, cell.col - 1)
            if cell.rows > 1 or cell.cols > 1:
                last = table.cell(cell.row + cell.rows - 2, cell.col + cell.cols - 2)
                first = first.merge(last)
            lines = cell.text.split("\n")
            first.text = lines[0]
            for line in lines[1:]:
                first.add_paragraph(line)
    document.save(str(path))
    _restamp(path)


def _txt(blocks: Sequence[Block]) -> str:
    """The export: a cell starts with a TAB, a row ends with an empty line, merged cells come out blank."""
    out: list[str] = []
    for block in blocks:
        if not block.is_table:
            out.append(f"{block.paragraph}\n")
            continue
        for row in range(1, block.n_rows + 1):
            for col in range(1, block.n_cols + 1):
                cell = block.cells.get((row, col))
                if cell is not None:
                    out.append(f"\t{cell.text}\n")
                elif block.covered.get((row, col)) == "^":
                    out.append("\t\n")
            out.append("\n")
        out.append("\n")
    return "".join(out)
