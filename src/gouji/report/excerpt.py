"""The small piece of table around a finding: the cell, its neighbours, and the cells it was compared with."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from gouji.frozen import frozen
from gouji.model import Finding, Place
from gouji.report.words import shown
from gouji.source.document import Document, Grid, cell_position, column_name

__all__ = ["Excerpt", "excerpt"]

_MOST_ROWS = 9
_MOST_COLS = 6


@frozen
class Excerpt:
    """Some rows and columns of a grid.

    ``columns`` are their letters; each of ``rows`` is its 1-based number with one text a column, None where
    the cell belongs to a merged area already shown. ``gaps`` holds the numbers of rows in front of which
    others are left out. ``marked`` is the (row number, column letters) of the cell judged faulty.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str | None, ...]], ...]
    gaps: frozenset[int]
    marked: tuple[int, str]


def excerpt(document: Document | None, found: Finding, width: int = 20) -> Excerpt | None:
    """The piece of table to show with a finding.

    Args:
        document: what was read; None gives None.
        found: the finding.
        width: how many characters of a cell to show at most.

    Returns:
        None where the finding names no cell of a grid that was read.
    """
    grid = _grid(document, found.location)
    spot = cell_position(found.location.cell)
    if grid is None or spot is None or spot[0] >= grid.n_rows or spot[1] >= grid.n_cols:
        return None
    row, col = spot
    others = [
        other
        for place in found.related
        if place.sheet == found.location.sheet and (other := cell_position(place.cell)) is not None
    ]
    rows = _rows(grid, row, [other[0] for other in others])
    cols = _columns(grid, row, col, [other[1] for other in others])
    return Excerpt(
        columns=tuple(column_name(each) for each in cols),
        rows=tuple((each + 1, _texts(grid, each, cols, spot, width)) for each in rows),
        gaps=frozenset(after + 1 for before, after in pairwise(rows) if after - before > 1),
        marked=(row + 1, column_name(col)),
    )


def _grid(document: Document | None, place: Place) -> Grid | None:
    if document is None:
        return None
    return next((grid for grid in document.grids if grid.name == place.sheet), None)


def _filled(grid: Grid, row: int) -> bool:
    return any(shown(grid.text(row, col)) for col in range(min(grid.n_cols, 64)))


def _rows(grid: Grid, row: int, wanted: Iterable[int]) -> list[int]:
    """The row itself, the rows it was compared with (nearest first), the filled row above and below."""
    chosen = {row}
    for other in sorted(set(wanted), key=lambda each: abs(each - row)):
        if len(chosen) < _MOST_ROWS and 0 <= other < grid.n_rows:
            chosen.add(other)
    for step in (-1, 1):
        other = row + step
        if len(chosen) < _MOST_ROWS and 0 <= other < grid.n_rows and _filled(grid, other):
            chosen.add(other)
    return sorted(chosen)


def _columns(grid: Grid, row: int, col: int, wanted: Iterable[int]) -> list[int]:
    """The column itself, that of the row's label, those compared with, the neighbours."""
    order = [col, *_label(grid, row, col)]
    order += sorted(set(wanted), key=lambda each: abs(each - col))
    order += [_beside(grid, row, col, -1), _beside(grid, row, col, 1)]
    chosen: set[int] = set()
    for each in order:
        if len(chosen) < _MOST_COLS and 0 <= each < grid.n_cols:
            chosen.add(each)
    return sorted(chosen)


def _label(grid: Grid, row: int, col: int) -> list[int]:
    """The column of the row's label: the first filled cell, rather one of this row alone than a group's."""
    filled = [each for each in range(min(col, 64)) if shown(grid.text(row, each))]
    alone = [each for each in filled if (cell := grid.at(row, each)) is not None and cell.rows == 1]
    return (alone or filled)[:1]


def _beside(grid: Grid, row: int, col: int, step: int) -> int:
    """The next column that belongs to another cell, so that a merged neighbour is not shown twice."""
    anchor = grid.cover.get((row, col), (row, col))
    other = col + step
    while grid.cover.get((row, other), (row, other)) == anchor:
        other += step
    return grid.cover.get((row, other), (row, other))[1]


def _texts(
    grid: Grid, row: int, cols: Iterable[int], spot: tuple[int, int], width: int
) -> tuple[str | None, ...]:
    texts: list[str | None] = []
    seen = {grid.cover.get(spot, spot)}
    for col in cols:
        here = (row, col)
        anchor = grid.cover.get(here, here)
        if here != spot and anchor in seen:
            texts.append(None)
            continue
        seen.add(anchor)
        text = shown(grid.text(row, col))
        texts.append(text if len(text) <= width else text[: width - 1] + "…")
    return tuple(texts)
