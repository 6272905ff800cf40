"""Merged areas spread over the grid they cover, without ever allocating what a forged area claims."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product

from gouji.frozen import frozen
from gouji.source.celling import new_cell, sized
from gouji.source.document import Cell

__all__ = ["Area", "CoverTooLargeError", "Spread", "spread"]

#: An area of up to this many positions is kept whole; a larger one is cut to the rows and columns in use.
_ORDINARY = 4096


class CoverTooLargeError(Exception):
    """The merged areas together cover more positions than allowed."""


@frozen
class Area:
    """A merged area: its top-left position and its size."""

    row: int
    col: int
    rows: int
    cols: int


@frozen
class Spread:
    """Cells with the sizes of their areas, the positions these cover, and the extent of it all."""

    cells: dict[tuple[int, int], Cell]
    cover: dict[tuple[int, int], tuple[int, int]]
    n_rows: int
    n_cols: int


def spread(
    cells: dict[tuple[int, int], Cell], areas: Iterable[Area], max_rows: int, max_cols: int, allowance: int
) -> Spread:
    """Give each area's anchor its size, and map the positions it covers to it.

    What stands in a covered position is dropped: no program shows it. Of areas that overlap the first wins,
    as in Excel's repair. Areas larger than any form has (whole rows, whole sheets) are cut to what is in use.

    Args:
        cells: The cells with content; changed in place.
        areas: The merged areas in document order.
        max_rows: Rows beyond are not part of the grid.
        max_cols: Columns beyond are not part of the grid.
        allowance: Most positions to cover.

    Raises:
        CoverTooLargeError: The areas cover more than ``allowance`` positions.
    """
    n_rows = used_rows = max((row for row, _ in cells), default=-1) + 1
    n_cols = used_cols = max((col for _, col in cells), default=-1) + 1
    cover: dict[tuple[int, int], tuple[int, int]] = {}
    anchors: set[tuple[int, int]] = set()
    for area in areas:
        row, col = area.row, area.col
        if row >= max_rows or col >= max_cols:
            continue
        rows, cols = area.rows, area.cols
        if row + rows > max_rows:
            rows = max_rows - row
        if col + cols > max_cols:
            cols = max_cols - col
        if area.rows * area.cols > _ORDINARY:
            rows, cols = min(rows, used_rows - row), min(cols, used_cols - col)
        if rows < 1 or cols < 1 or rows * cols == 1:
            continue
        # Areas that overlap count as well: looking at them takes as long.
        allowance -= rows * cols
        if allowance < 0:
            raise CoverTooLargeError
        positions = list(product(range(row, row + rows), range(col, col + cols)))
        if not (cover.keys().isdisjoint(positions) and anchors.isdisjoint(positions)):
            continue
        anchor = positions[0]
        anchors.add(anchor)
        del positions[0]
        cover.update(dict.fromkeys(positions, anchor))
        found = cells.get(anchor)
        cells[anchor] = (
            new_cell(row, col, rows=rows, cols=cols) if found is None else sized(found, rows, cols)
        )
        n_rows = max(n_rows, row + rows)
        n_cols = max(n_cols, col + cols)
    for position in cover.keys() & cells.keys():
        del cells[position]
    return Spread(cells, cover, n_rows, n_cols)
