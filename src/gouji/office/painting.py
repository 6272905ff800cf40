"""Added sheets written into a live workbook: values in one block, looks by rectangles, never cell by cell.

Only xlwings' public API is used. What it cannot do for every program is left out here and stands in files alone:
page setup, the colour of the tab, filters.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar

from gouji.calc.value import CellError, Value
from gouji.source.document import Visibility
from gouji.write.cells import Formula
from gouji.write.content import CellContent, Look, SheetContent
from gouji.write.sheetmap import parse_cell

if TYPE_CHECKING:
    import xlwings as xw

__all__ = ["literal", "paint", "rectangles"]

_Key = TypeVar("_Key", bound=Hashable)
_Said = TypeVar("_Said")
_LONGEST = 32_767  # characters in a cell


def literal(value: Value | Formula) -> str | float | bool | None:
    """A value as it is handed to xlwings so that it arrives as it is: text behind an apostrophe stays text."""
    if isinstance(value, Formula):
        return f"={value.text}"
    if isinstance(value, CellError):
        return f"={value.code}"
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, str):
        return f"'{value[: _LONGEST - 1]}" if value else None
    return value


def paint(book: xw.Book, content: SheetContent, last: xw.Sheet | None = None) -> xw.Sheet:
    """Add a sheet behind the ``last`` one and fill it; links become HYPERLINK formulas that show the cell's text."""
    sheet = book.sheets.add(content.name, after=last or book.sheets[-1])
    # Widths first: the height of a row follows from where its texts wrap.
    for _, (left, right), size in rectangles({(0, at): w for at, w in enumerate(content.widths)}, float):
        sheet.range((1, left + 1), (1, right + 1)).column_width = size
    width = max((len(row) for row in content.rows), default=0)
    if width:
        values = [[_value(cell) for cell in row] + [None] * (width - len(row)) for row in content.rows]
        for link in content.links:
            row, col = parse_cell(link.cell)
            shown = content.rows[row - 1][col - 1]
            if link.location is not None and shown is not None:
                values[row - 1][col - 1] = _linked(link.location, str(shown.value))
        sheet.range((1, 1), (len(values), width)).value = values
    _looks(sheet, content.rows)
    for (top, bottom), _, size in rectangles({(row - 1, 0): h for row, h in content.heights.items()}, float):
        sheet.range((top + 1, 1), (bottom + 1, 1)).row_height = size
    for area in content.merged:
        sheet.range(area).merge()
    if content.frozen:
        with suppress(NotImplementedError):  # xlwings has no such thing for Excel on Windows
            sheet.freeze_panes.freeze_at(f"1:{content.frozen}")
    if content.state is not Visibility.VISIBLE:
        sheet.visible = False
    return sheet


def _value(cell: CellContent | None) -> str | float | bool | None:
    return None if cell is None else literal(cell.value)


def _linked(location: str, shown: str) -> str:
    def text(one: str) -> str:
        return '"' + one.replace('"', '""') + '"'

    return f"=HYPERLINK({text('#' + location)},{text(shown)})"


def _looks(sheet: xw.Sheet, rows: Sequence[Sequence[CellContent | None]]) -> None:
    placed = {
        (r, c): cell.look for r, row in enumerate(rows) for c, cell in enumerate(row) if cell is not None
    }
    ranges: dict[tuple[tuple[int, int], tuple[int, int]], xw.Range] = {}
    # One property after the other: neighbours that share it are set together whatever else they differ in.
    for read, put in _PROPERTIES:
        for rows_, columns, value in rectangles(placed, read):
            if (rows_, columns) not in ranges:
                (top, bottom), (left, right) = rows_, columns
                ranges[rows_, columns] = sheet.range((top + 1, left + 1), (bottom + 1, right + 1))
            put(ranges[rows_, columns], value)


def rectangles(
    placed: Mapping[tuple[int, int], _Key], read: Callable[[_Key], _Said]
) -> Iterator[tuple[tuple[int, int], tuple[int, int], _Said]]:
    """Rectangles of cells (first and last row, first and last column, from 0) for which ``read`` says the same.

    Cells for which it gives None or False are left out.
    """
    runs: dict[tuple[int, int, _Said], list[int]] = {}
    by_row: dict[int, dict[int, _Said]] = {}
    for (row, col), key in placed.items():
        value = read(key)
        if value is not None and value is not False:
            by_row.setdefault(row, {})[col] = value
    for row, cells in by_row.items():
        start: int | None = None
        last = -2
        for col in sorted(cells):
            if start is not None and (col != last + 1 or cells[col] != cells[last]):
                runs.setdefault((start, last, cells[start]), []).append(row)
                start = col
            elif start is None:
                start = col
            last = col
        if start is not None:
            runs.setdefault((start, last, cells[start]), []).append(row)
    for (left, right, value), found in runs.items():
        first = before = None
        for row in sorted(found):
            if first is None or before is None:
                first = row
            elif row != before + 1:
                yield (first, before), (left, right), value
                first = row
            before = row
        if first is not None and before is not None:
            yield (first, before), (left, right), value


def _set_border(cells: xw.Range, _: object) -> None:
    cells.borders.set("all", line_style="continuous", weight="thin")


def _setter(path: str, prefix: str = "") -> Callable[[xw.Range, object], None]:
    owner, _, name = path.rpartition(".")

    def put(cells: xw.Range, value: object) -> None:
        setattr(getattr(cells, owner) if owner else cells, name, f"{prefix}{value}" if prefix else value)

    return put


_PROPERTIES: tuple[tuple[Callable[[Look], object], Callable[[xw.Range, object], None]], ...] = (
    (lambda look: look.bold, _setter("font.bold")),
    (lambda look: look.size, _setter("font.size")),
    (lambda look: look.colour, _setter("font.color", "#")),
    (lambda look: look.fill, _setter("color", "#")),
    (lambda look: look.wrap, _setter("wrap_text")),
    (lambda look: look.horizontal, _setter("horizontal_alignment")),
    (lambda look: look.vertical, _setter("vertical_alignment")),
    (lambda look: look.number_format, _setter("number_format")),
    (lambda look: look.border, _set_border),
)
