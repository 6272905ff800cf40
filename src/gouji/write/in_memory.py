"""An openpyxl workbook in memory, written to as a file is: the same cells, notes, colours, links and sheets.

openpyxl holds a formula or its value, never both: what is computed for a formula is not stored in the workbook.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping
from copy import copy
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from gouji.calc.recalc import recalc
from gouji.calc.value import CellError, Value
from gouji.source.document import Visibility
from gouji.write.cells import Formula
from gouji.write.content import CellContent, Look, SheetContent
from gouji.write.links import Link, quoted
from gouji.write.marks import (
    AUTHOR,
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
from gouji.write.record import SCHEMA, sheet_content
from gouji.write.xmltext import storable

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["add_sheet", "clear_marks", "saved", "set_formulas", "set_values", "show_marks"]

_STATES = {Visibility.HIDDEN: "hidden", Visibility.VERY_HIDDEN: "veryHidden"}
_LOOKS = ("font", "fill", "border", "alignment", "number_format", "protection")


def saved(workbook: Workbook) -> bytes:
    """The workbook as it would be saved, with the values of its formulas beside them.

    LibreOffice is not asked for a second opinion: that must not start another program. A formula that the
    built-in engine is not believed for stays without a value.
    """
    buffer = io.BytesIO()
    workbook.save(buffer)
    package = Package.open(buffer.getvalue())
    recalc(package, second_opinion=False)
    return package.to_bytes()


def _put(cell: Cell, value: Value) -> None:
    if isinstance(value, CellError):
        cell.value, cell.data_type = value.code, "e"
    elif isinstance(value, str):
        cell.value = storable(value)
        cell.data_type = "s"  # a text may begin with "="
    elif isinstance(value, Decimal):
        cell.value = (
            int(value) if value == value.to_integral_value() and abs(value) < 10**15 else float(value)
        )
    else:
        cell.value = value


def set_values(workbook: Workbook, sheet: str, values: Mapping[str, Value]) -> None:
    """Type values into cells, over values and formulas alike; None empties a cell."""
    for name, value in values.items():
        _put(workbook[sheet][name], value)


def set_formulas(workbook: Workbook, sheet: str, formulas: Mapping[str, tuple[str, str | None]]) -> None:
    """Put formulas into cells, each with the number format it asks for where the cell shows no percent yet."""
    for name, (formula, shown) in formulas.items():
        cell = workbook[sheet][name]
        cell.value = f"={formula}"
        if shown is not None and "%" not in cell.number_format:
            cell.number_format = shown


def add_sheet(
    workbook: Workbook, content: SheetContent, specimens: Callable[[int], Cell] | None = None
) -> Worksheet:
    """Add a worksheet after the last one; ``specimens`` gives the cell whose looks ``Look.base`` stands for."""
    sheet = workbook.create_sheet(content.name)
    family = _family(workbook)
    for row, line in enumerate(content.rows, 1):
        for col, given in enumerate(line, 1):
            if given is not None:
                _write(sheet.cell(row, col), given, family, specimens)
        if row in content.heights:
            sheet.row_dimensions[row].height = content.heights[row]
    for col, width in enumerate(content.widths):
        sheet.column_dimensions[_letters(col)].width = width
    for area in content.merged:
        sheet.merge_cells(area)
    for link in content.links:
        _link(sheet[link.cell], link)
    if content.frozen:
        sheet.freeze_panes = f"A{content.frozen + 1}"
    if content.filter:
        sheet.auto_filter.ref = content.filter
    if content.tab_colour:
        sheet.sheet_properties.tabColor = f"FF{content.tab_colour}"
    if content.landscape:
        sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
        sheet.page_setup.fitToHeight = 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.sheet_state = _STATES.get(content.state, "visible")
    return sheet


def _letters(col: int) -> str:
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 # slow to load

    return str(get_column_letter(col + 1))


def _family(workbook: Workbook) -> str:
    """The name of the workbook's own font."""
    named = {style.name: style for style in getattr(workbook, "_named_styles", ())}
    normal = named.get("Normal")
    return str(normal.font.name) if normal is not None and normal.font.name else "宋体"


def _write(cell: Cell, given: CellContent, family: str, specimens: Callable[[int], Cell] | None) -> None:
    if isinstance(given.value, Formula):
        cell.value = f"={given.value.text}"
    elif given.value is not None:
        _put(cell, given.value)
    look = given.look
    if look.base is not None:
        if specimens is not None:
            _wear(cell, specimens(look.base))
        return
    if look != Look():
        _dress(cell, look, family)


def _dress(cell: Cell, look: Look, family: str) -> None:
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side  # noqa: PLC0415 # as above

    cell.font = Font(
        name=family,
        size=look.size or 11,
        bold=look.bold,
        underline="single" if look.underline else None,
        color=f"FF{look.colour}" if look.colour else None,
    )
    if look.fill:
        cell.fill = PatternFill("solid", fgColor=f"FF{look.fill}")
    if look.border:
        side = Side("thin", color="FFBFBFBF")
        cell.border = Border(side, side, side, side)
    cell.alignment = Alignment(
        horizontal=look.horizontal, vertical=look.vertical, wrap_text=look.wrap or None
    )
    if look.number_format:
        cell.number_format = look.number_format


def _wear(cell: Cell, model: Cell) -> None:
    """Give a cell the looks of another."""
    for name in _LOOKS:
        setattr(cell, name, copy(getattr(model, name)))


def _link(cell: Cell, link: Link) -> None:
    value = cell.value
    cell.hyperlink = "#"
    cell.value = value  # openpyxl writes the address into an empty cell
    made = cell.hyperlink
    made.target, made.location, made.tooltip = link.address, link.location, link.tooltip


# -- marks


def show_marks(workbook: Workbook, marks: Marks, plain: Callable[[str, str], bool], record: str) -> None:
    """Show an annotation, as :func:`gouji.write.annotate.annotate` does in a file.

    Args:
        workbook: It gets the notes, colours, links and sheets.
        marks: What to show.
        plain: Whether a cell, by sheet and name, can bear a link (see ``Package.is_plain``).
        record: The name for the sheet that remembers how to take the marks away.
    """
    from openpyxl.styles import PatternFill  # noqa: PLC0415 # as above

    add_sheet(workbook, marks.summary)
    numbers = {(mark.sheet, mark.cell): index for index, mark in enumerate(marks.cells)}
    content = sheet_content(record, marks.summary.name, marks.cells, numbers, "")
    add_sheet(workbook, content, lambda index: workbook[marks.cells[index].sheet][marks.cells[index].cell])
    for mark in marks.cells:
        cell = workbook[mark.sheet][mark.cell]
        _note(cell, mark)
        if plain(mark.sheet, mark.cell) and cell.hyperlink is None:
            location = f"{quoted(marks.summary.name)}!A{mark.row}"
            _link(cell, Link(mark.cell, location=location, tooltip="回到校验结果"))
        cell.fill = PatternFill("solid", fgColor=f"FF{COLOURS[mark.severity]}", bgColor="00000000")


def _note(cell: Cell, mark: Mark) -> None:
    from openpyxl.comments import Comment  # noqa: PLC0415 # as above

    old = cell.comment
    text = mark.note if old is None else f"{old.text}\n{mark.note}"
    author = AUTHOR if old is None else old.author
    cell.comment = Comment(storable(text), author, height=160, width=320)


def clear_marks(workbook: Workbook) -> int:
    """Take every trace of an annotation away; how many cells were marked."""
    own = [sheet for sheet in workbook.worksheets if _is_summary(sheet) or _is_record(sheet)]
    specimens = {
        str(row[1].value): (str(row[2].value), str(row[3].value), row[4])
        for sheet in own
        if _is_record(sheet)
        for row in sheet.iter_rows(min_row=2, max_col=5)
        if row[0].value == "mark"
    }
    names = {sheet.title.casefold() for sheet in own}
    found: dict[tuple[str, str], Any] = {}
    for sheet in workbook.worksheets:
        if sheet in own:
            continue
        for cell in _written(sheet):
            number = number_in(cell.comment.text) if cell.comment is not None else None
            if number is not None:
                found[sheet.title, cell.coordinate] = specimens.get(str(number), (None, None, None))[2]
                _trim(cell)
            if cell.hyperlink is not None and _leads_to(cell.hyperlink.location, names):
                cell.hyperlink = None
    for sheet_name, name, specimen in specimens.values():
        if sheet_name in workbook.sheetnames:
            found.setdefault((sheet_name, name), specimen)
    for (sheet_name, name), specimen in found.items():
        _restore(workbook[sheet_name][name], specimen)
    for sheet in own:
        workbook.remove(sheet)
    return len(found)


def _written(sheet: Worksheet) -> Iterable[Cell]:
    return (
        cell
        for row in sheet.iter_rows()
        for cell in row
        if cell.comment is not None or cell.hyperlink is not None
    )


def _is_summary(sheet: Worksheet) -> bool:
    title = sheet["A1"].value
    return sheet.title.startswith(SUMMARY_SHEET) and isinstance(title, str) and title.startswith(TITLE)


def _is_record(sheet: Worksheet) -> bool:
    return str(sheet.title).casefold().startswith(RECORD_SHEET) and bool(sheet["A1"].value == SCHEMA)


def _trim(cell: Cell) -> None:
    from openpyxl.comments import Comment  # noqa: PLC0415 # as above

    old = cell.comment
    left = without_mark(old.text)
    cell.comment = None if left is None else Comment(left, old.author, height=old.height, width=old.width)


def _leads_to(location: str | None, names: Iterable[str]) -> bool:
    sheet = (location or "").rpartition("!")[0]
    if sheet.startswith("'") and sheet.endswith("'"):
        sheet = sheet[1:-1].replace("''", "'")
    return sheet.casefold() in names


def _restore(cell: Cell, specimen: Cell | None) -> None:
    """Give a cell back the fill it had, where it still wears ours."""
    from openpyxl.styles import PatternFill  # noqa: PLC0415 # as above

    fill = cell.fill
    if fill.fill_type == "solid" and str(fill.fgColor.rgb)[2:] in COLOURS.values():
        cell.fill = copy(specimen.fill) if specimen is not None else PatternFill()
