"""The laid-out sheets of a form put on paper: cells, borders, heights, print set-up."""

from __future__ import annotations

import math
import unicodedata

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from gouji.form.layout import LaidCell, LaidSheet, Prints
from gouji.template.looks import ROW_HEIGHT, alignment, border, fill, font, number_format

__all__ = ["put_on_paper", "set_up_page"]

_A4 = 9
_LEAST_HEIGHT = 23.0
_TITLE_HEIGHT = 34.0
_LONG_HEIGHT = 120.0
_TWO_LINES = 32.0
_INDICATOR = frozenset({"target", "actual", "reason"})
_PAGE = (523.0, 727.0)  # what A4 has between our margins, in points; across first
_CHARACTER = 5.6  # the width of a column's character, in points
_SQUEEZED = 1.35  # a sheet by so much too long for its page is made smaller rather than broken
_UNFRAMED = (Prints.TITLE, Prints.SUBTITLE, Prints.CORNER, Prints.UNIT, Prints.NOTE)


def put_on_paper(sheet: Worksheet, laid: LaidSheet, calculated: frozenset[tuple[int, int]]) -> None:
    """Writes the printed cells of a laid-out sheet, dresses all of them and sets the page up.

    Args:
        sheet: The worksheet to write to.
        laid: What to write.
        calculated: The cells (0-based) that will hold a formula.
    """
    for col, width in enumerate(laid.widths, 1):
        sheet.column_dimensions[get_column_letter(col)].width = width
    heights = [_LEAST_HEIGHT] * laid.n_rows
    lines = {cell.row for cell in laid.cells if cell.kind == "money"}
    for cell in laid.cells:
        is_line = cell.col == 0 and cell.rows == 1 and cell.row in lines
        _put(sheet, cell, calculated=(cell.row, cell.col) in calculated, is_line=is_line)
        if cell.rows == 1:
            heights[cell.row] = max(heights[cell.row], _height(laid, cell))
    for cell in laid.cells:
        if cell.rows > 1:  # what spans several rows stretches the last of them
            missing = _height(laid, cell) - sum(heights[cell.row : cell.row + cell.rows])
            heights[cell.row + cell.rows - 1] += max(0.0, missing)
    for row, height in enumerate(heights, 1):
        sheet.row_dimensions[row].height = height
    set_up_page(sheet, landscape=laid.landscape, one_page=_fits(laid, sum(heights)))
    sheet.print_area = f"A1:{get_column_letter(laid.n_cols)}{laid.n_rows}"


def _put(sheet: Worksheet, laid: LaidCell, *, calculated: bool, is_line: bool) -> None:
    row, col = laid.row + 1, laid.col + 1
    framed = laid.look not in _UNFRAMED
    shade = fill(laid.kind, calculated=calculated)
    for r in range(row, row + laid.rows):
        for c in range(col, col + laid.cols):
            cell = sheet.cell(r, c)
            if framed:
                cell.border = border()
            if shade is not None:
                cell.fill = shade
    cell = sheet.cell(row, col)
    if laid.preset is not None:
        cell.value = float(laid.preset) if "." in laid.preset else int(laid.preset)
    elif laid.text:
        cell.value = laid.text
    cell.font = font(laid.look)
    cell.alignment = alignment("line" if is_line else laid.kind, laid.text, laid.look)
    cell.number_format = number_format(laid.kind)
    if laid.rows * laid.cols > 1:
        sheet.merge_cells(
            start_row=row, start_column=col, end_row=row + laid.rows - 1, end_column=col + laid.cols - 1
        )


def _height(laid: LaidSheet, cell: LaidCell) -> float:
    if cell.look == Prints.TITLE:
        return _TITLE_HEIGHT
    if cell.kind == "long":
        return _LONG_HEIGHT
    if cell.kind in _INDICATOR:
        return _TWO_LINES
    width = sum(laid.widths[cell.col : cell.col + cell.cols])
    lines = sum(max(1, math.ceil(_units(line) * 1.05 / width)) for line in cell.text.split("\n"))
    return max(_LEAST_HEIGHT, lines * ROW_HEIGHT + 6)


def _units(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(ch) in "WFA" else 1 for ch in text)


def _fits(laid: LaidSheet, height: float) -> bool:
    """Whether the sheet goes on one page without becoming too small to read."""
    across, down = reversed(_PAGE) if laid.landscape else _PAGE
    scale = min(1.0, across / (sum(laid.widths) * _CHARACTER))
    return height * scale <= down * _SQUEEZED


def set_up_page(sheet: Worksheet, *, landscape: bool, one_page: bool = False) -> None:
    """A4, one page wide (and high, where asked), centred, page numbers below."""
    sheet.page_setup.paperSize = _A4
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = int(one_page)
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_options.horizontalCentered = True
    margins = sheet.page_margins
    margins.left = margins.right = 0.5
    margins.top, margins.bottom, margins.footer = 0.7, 0.9, 0.4
    sheet.oddFooter.center.text = "第 &P 页，共 &N 页"
    sheet.sheet_view.showGridLines = False
