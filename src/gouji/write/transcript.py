"""The tables of a report, or the sheets of a workbook of the old kind, as a new workbook; texts verbatim.

A table keeps its rows, columns and merged cells, so that everything stands where it stood on paper; looks are those
of the official forms (宋体, thin borders, A4). Where columns and rows had no size, they get one by what is in them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from gouji.calc.formula import column_letters
from gouji.frozen import frozen
from gouji.source.document import Cell, Grid, Paragraph, Visibility
from gouji.write.sheetplan import SheetPlan
from gouji.write.typed import typed_value
from gouji.write.xmltext import storable

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["Placed", "lines_of", "transcribe"]

_FONT = "宋体"
_SIZE = 10.5
_SMALLEST = 6.0
_LINE = 15.0  # points a line of 10.5 point text takes
_LOWEST, _HIGHEST = 18.0, 409.0
_PORTRAIT = 92.0  # what fits across A4 upright, in characters
_LANDSCAPE = 140.0
_MANY = 10  # columns that do not fit on an upright page
_NARROW, _CAPTION, _WIDE = 6.0, 12.5, 30.0
_LONG = 40


@frozen
class Placed:
    """One text and where it went: sheet and 1-based row and column; ``grid`` and ``cell`` or ``paragraph`` say whence."""

    sheet: str
    row: int
    col: int
    text: str
    grid: Grid | None
    cell: Cell | None
    paragraph: int | None
    number: bool


def transcribe(plans: Sequence[SheetPlan]) -> tuple[Workbook, list[Placed]]:
    """The workbook of these sheets, and where each text went. Formulas stand as their values."""
    from openpyxl import Workbook  # noqa: PLC0415 # slow to load

    book = Workbook()
    book.remove(book.active)
    placed: list[Placed] = []
    for plan in plans:
        sheet = book.create_sheet(plan.name)
        placed += _written(sheet, plan)
        if plan.grids[0].visibility is not Visibility.VISIBLE:
            hidden = plan.grids[0].visibility is Visibility.HIDDEN
            sheet.sheet_state = "hidden" if hidden else "veryHidden"
    return book, placed


def _written(sheet: Worksheet, plan: SheetPlan) -> list[Placed]:
    cols = max(grid.n_cols for grid in plan.grids)
    widths = _widths(plan.grids, cols)
    for col, width in enumerate(widths, 1):
        sheet.column_dimensions[column_letters(col)].width = round(width, 2)
    placed: list[Placed] = []
    row = 0
    for paragraph in plan.above:
        row += 1
        title = paragraph is plan.above[-1] or len(paragraph.text.strip()) > 8
        placed.append(_line(sheet, row, paragraph, widths, title=title and "单位" not in paragraph.text[:4]))
    for grid in plan.grids:
        placed += _table(sheet, grid, row, widths)
        row += grid.n_rows
    for paragraph in plan.below:
        row += 1
        placed.append(_line(sheet, row, paragraph, widths, title=False))
    setup = sheet.page_setup
    setup.paperSize = sheet.PAPERSIZE_A4
    setup.orientation = "portrait" if sum(widths) <= _PORTRAIT + 1 else "landscape"
    setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_options.horizontalCentered = True
    return placed


def _line(
    sheet: Worksheet, row: int, paragraph: Paragraph, widths: Sequence[float], *, title: bool
) -> Placed:
    """A paragraph of the report across the whole width."""
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415 # as above

    cell = sheet.cell(row, 1, storable(paragraph.text))
    cell.data_type = "s"
    unit = paragraph.text.strip().startswith(("单位", "金额单位"))
    cell.font = Font(name=_FONT, size=16 if title else _SIZE, bold=title)
    cell.alignment = Alignment(
        horizontal="center" if title else "right" if unit else "left", vertical="center", wrap_text=True
    )
    if len(widths) > 1:
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=len(widths))
    lines = lines_of(paragraph.text, sum(widths) * (_SIZE / 16 if title else 1))
    sheet.row_dimensions[row].height = min(_HIGHEST, lines * (_LINE * 1.6 if title else _LINE) + 4)
    return Placed(sheet.title, row, 1, paragraph.text, None, None, paragraph.number, number=False)


def _table(sheet: Worksheet, grid: Grid, above: int, widths: Sequence[float]) -> list[Placed]:
    from openpyxl.styles import Border, Side  # noqa: PLC0415 # as above

    placed: list[Placed] = []
    heights = [_LOWEST] * grid.n_rows
    tall: list[tuple[Cell, float]] = []
    for cell in grid.cells.values():
        number = _cell(sheet, grid, cell, above)
        if cell.text.strip():
            at = (above + cell.row + 1, cell.col + 1)
            placed.append(Placed(sheet.title, *at, cell.text, grid, cell, None, number))
        if cell.rows > 1 or cell.cols > 1:
            first, last = above + cell.row + 1, above + cell.row + cell.rows
            sheet.merge_cells(
                start_row=first, start_column=cell.col + 1, end_row=last, end_column=cell.col + cell.cols
            )
        needed = _height(sheet, cell, above, sum(widths[cell.col : cell.col + cell.cols]))
        if cell.rows == 1:
            heights[cell.row] = max(heights[cell.row], needed)
        else:
            tall.append((cell, needed))
    for cell, needed in tall:
        rows = range(cell.row, min(cell.row + cell.rows, grid.n_rows))
        short = needed - sum(heights[row] for row in rows)
        if short > 0:
            for row in rows:
                heights[row] = min(_HIGHEST, heights[row] + short / len(rows))
    thin = Side(style="thin")
    border = Border(thin, thin, thin, thin)
    for row, height in enumerate(heights):
        sheet.row_dimensions[above + row + 1].height = round(height, 1)
        sheet.row_dimensions[above + row + 1].hidden = row in grid.hidden_rows
        for col in range(grid.n_cols if not grid.is_sheet or grid.cells else 0):
            sheet.cell(above + row + 1, col + 1).border = border
    for col in grid.hidden_cols:
        sheet.column_dimensions[column_letters(col + 1)].hidden = True
    return placed


def _height(sheet: Worksheet, cell: Cell, above: int, width: float) -> float:
    """How high a row must be for a text; one that no row can hold gets smaller letters."""
    from openpyxl.styles import Font  # noqa: PLC0415 # as above

    needed = lines_of(cell.text, width) * _LINE + 3
    room = _HIGHEST * cell.rows
    if needed <= room:
        return needed
    size = max(_SMALLEST, math.floor(2 * _SIZE * math.sqrt(room / needed)) / 2)
    sheet.cell(above + cell.row + 1, cell.col + 1).font = Font(name=_FONT, size=size)
    return room


def _cell(sheet: Worksheet, grid: Grid, cell: Cell, above: int) -> bool:
    """Write one cell; whether it became a number."""
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415 # as above

    value: Decimal | str | bool | None
    if grid.is_sheet:
        value, shown = (cell.error if cell.error is not None else cell.value), cell.number_format
    else:
        value, shown = typed_value(cell.text)
    target = sheet.cell(above + cell.row + 1, cell.col + 1)
    if isinstance(value, str):
        target.value = storable(value)
        target.data_type = (
            "e" if grid.is_sheet and cell.error is not None else "s"
        )  # a text may begin with "="
    elif value is not None:
        target.value = value
    target.number_format = shown
    text = cell.text
    long = _units(text) > _LONG * 2 or (text.count("\n") > 2 and len(text) > _LONG)
    target.font = Font(name=_FONT, size=_SIZE)
    target.alignment = Alignment(
        horizontal="left" if long or text.startswith((" ", "　", "\t")) else "center",
        vertical="top" if long else "center",
        wrap_text=True,
    )
    return isinstance(value, Decimal)


def _units(text: str) -> float:
    """How wide a text is, in characters of the default font; a Chinese character takes two."""
    return sum(2.0 if char > "\u2e80" else 1.05 for char in text)


def lines_of(text: str, width: float) -> int:
    """How many lines a text takes in a column of this width in characters."""
    return (
        sum(max(1, math.ceil(_units(part) / max(width - 0.8, 1))) for part in text.split("\n")) if text else 1
    )


def _longest(text: str) -> float:
    return max((_units(part) for part in text.split("\n")), default=0.0)


def _widths(grids: Sequence[Grid], cols: int) -> list[float]:
    """Widths by what is in the columns, together as wide as the page."""
    widths = [_NARROW] * cols
    wide: list[tuple[Cell, float]] = []
    for grid in grids:
        for cell in grid.cells.values():
            wish = _longest(cell.text) + 2
            if wish > _WIDE:  # long texts are wrapped: as wide as it takes for some five lines
                wish = min(_WIDE + 14, max(_WIDE * 0.6, _units(cell.text) / 5 / cell.cols * 1.0))
            if cell.cols == 1:
                widths[cell.col] = max(widths[cell.col], wish)
            else:
                wide.append((cell, wish))
    for cell, wish in wide:
        span = range(cell.col, min(cell.col + cell.cols, cols))
        short = min(wish, _WIDE * len(span)) - sum(widths[col] for col in span)
        if short > 0:
            for col in span:
                widths[col] += short / len(span)
    total = sum(widths)
    page = _PORTRAIT if cols < _MANY and total <= _LANDSCAPE * 1.2 else _LANDSCAPE
    if total <= page:
        return [width * page / total for width in widths]
    captions = sum(
        width for width in widths if width <= _CAPTION
    )  # these stay as they are, the wide ones give way
    if captions > page / 2:
        return [width * page / total for width in widths]
    share = (page - captions) / (total - captions)
    return [width if width <= _CAPTION else width * share for width in widths]
