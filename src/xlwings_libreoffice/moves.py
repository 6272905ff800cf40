"""Small work on ranges: where Ctrl+arrow leads, what is hidden, links in cells."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xlwings_libreoffice.range_ import Range

__all__ = ["add_link", "end", "hidden", "link_of"]

_INSIDE_EXCEL = re.compile(r"#(.+)!(\$?[A-Za-z]+\$?\d+(?::\$?[A-Za-z]+\$?\d+)?)")
_INSIDE_OFFICE = re.compile(r"#\$?(.+)\.(\$?[A-Za-z]+\$?\d+(?::\$?[A-Za-z]+\$?\d+)?)")


def end(cells: Range, direction: str, max_rows: int, max_columns: int) -> Range:
    """The cell that Ctrl+arrow reaches from the first one: the end of a run, or the next run's beginning."""
    used = cells.sheet.used_range
    vertical = direction in ("down", "up")
    onward = direction in ("down", "right")
    place = cells.row if vertical else cells.column
    last_used = used.row + used.nrows - 1 if vertical else used.column + used.ncols - 1
    edge = (max_rows if vertical else max_columns) if onward else 1

    def at(position: int) -> Range:
        return cells.sheet.area(*((position, cells.column) if vertical else (cells.row, position)))

    if onward and place >= last_used:
        return at(edge)
    low, high = (place, last_used) if onward else (1, place)
    high = max(high, low)
    if vertical:
        area = cells.sheet.area(low, cells.column, high - low + 1, 1)
        texts = [row[0] for row in area.target.getFormulaArray()]
    else:
        texts = list(cells.sheet.area(cells.row, low, 1, high - low + 1).target.getFormulaArray()[0])
    filled = [text != "" for text in (texts if onward else reversed(texts))]
    if len(filled) > 1 and filled[0] and filled[1]:
        steps = next((number for number, full in enumerate(filled) if not full), len(filled)) - 1
    else:
        found = next((number for number, full in enumerate(filled) if full and number), None)
        if found is None:
            return at(edge)
        steps = found
    return at(place + steps if onward else place - steps)


def hidden(lines: Any, count: int) -> bool | None:
    """Whether all rows or columns are hidden; None where they differ."""
    seen = {bool(lines.getByIndex(number).IsVisible) for number in range(count)}
    return None if len(seen) > 1 else not seen.pop()


def link_of(cell: Any) -> str:
    """Where the first link of a cell leads, a place in the document in Excel's spelling (``#'表'!A1``).

    Raises:
        ValueError: the cell has none.
    """
    fields = cell.getTextFields().createEnumeration()
    if not fields.hasMoreElements():
        raise ValueError("The cell doesn't seem to contain a hyperlink!")
    return _INSIDE_OFFICE.sub(r"#\1!\2", str(fields.nextElement().URL))


def add_link(document: Any, cell: Any, address: str, text: str) -> None:
    """Put a link into a cell, in place of what stands there."""
    field = document.createInstance("com.sun.star.text.TextField.URL")
    field.URL = _INSIDE_EXCEL.sub(r"#\1.\2", address)
    field.Representation = text
    cell.setString("")
    inside = cell.getText()
    inside.insertTextContent(inside.createTextCursor(), field, False)  # UNO takes no keywords
