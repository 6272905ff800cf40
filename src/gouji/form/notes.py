"""The column ``# 说明`` beside a table: explanations for this program, no part of the form.

Whoever fills the form in may add a column with that caption at its side and answer there for a finding of the row. The column
is left out before blocks are looked for, so that an explanation is never taken for an answer.
"""

from __future__ import annotations

from collections.abc import Iterator

from gouji.form.label import compact
from gouji.frozen import frozen, replace
from gouji.source.document import Cell, Document, Grid, cell_name

__all__ = ["Note", "notes_of", "without_notes"]

_CAPTION = "#说明"
_SIGNS = ("#", "＃")


@frozen
class Note:
    """One filled cell of the column: where it stands, the rows it speaks for (0-based, the last included), its text."""

    sheet: str
    cell: str
    first_row: int
    last_row: int
    text: str


def notes_of(document: Document) -> tuple[Note, ...]:
    """What stands in the columns ``# 说明`` of a document, in reading order."""
    return tuple(
        Note(grid.name, cell_name(cell.row, cell.col), cell.row, cell.row + max(cell.rows, 1) - 1, cell.text)
        for grid in document.grids
        for cell in _column(grid)
        if cell.text.strip() and not _is_caption(cell)
    )


def without_notes(document: Document) -> Document:
    """The document without those columns; the very same where there are none."""
    grids = tuple(_without(grid) for grid in document.grids)
    same = all(one is other for one, other in zip(grids, document.grids, strict=True))
    return document if same else replace(document, grids=grids)


def _is_caption(cell: Cell) -> bool:
    return cell.text.lstrip().startswith(_SIGNS) and compact(cell.text) == _CAPTION


def _column(grid: Grid) -> Iterator[Cell]:
    """The cells of the columns with that caption, from the caption down, by row."""
    tops: dict[int, int] = {}
    for (row, col), cell in grid.cells.items():
        if _is_caption(cell):
            tops[col] = min(row, tops.get(col, row))
    if tops:
        for (row, col), cell in sorted(grid.cells.items()):
            if col in tops and row >= tops[col]:
                yield cell


def _without(grid: Grid) -> Grid:
    gone = {(cell.row, cell.col) for cell in _column(grid)}
    if not gone:
        return grid
    return replace(grid, cells={place: cell for place, cell in grid.cells.items() if place not in gone})
