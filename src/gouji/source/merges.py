"""Merged areas spread over the grid they cover, without ever allocating what a forged area claims."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from gouji.source.document import Cell

__all__ = ["Area", "spread"]

#: An area of up to this many positions is kept whole; a larger one is cut to the rows and columns in use.
_ORDINARY = 4096


@dataclass(frozen=True, slots=True)
class Area:
    """A merged area: its top-left position and its size."""

    row: int
    col: int
    rows: int
    cols: int


def spread(
    cells: dict[tuple[int, int], Cell], areas: Iterable[Area], max_rows: int, max_cols: int, allowance: int
) -> tuple[dict[tuple[int, int], Cell], dict[tuple[int, int], tuple[int, int]], int, int]:
    """Give each area's anchor its size, and map the positions it covers to it.

    What stands in a covered position is dropped: no program shows it. Of areas that overlap the first wins, as
    in Excel's repair. Areas larger than any form has (whole rows, whole sheets) are cut to the part in use.

    Args:
        cells: The cells with content; not changed.
        areas: The merged areas in document order.
        max_rows: Rows beyond are not part of the grid.
        max_cols: Columns beyond are not part of the grid.
        allowance: Most positions to cover; the first area beyond ends the work with a cover larger than this.

    Returns:
        The cells with their sizes, the cover, and the number of rows and columns in use.
    """
    used_rows = max((row for row, _ in cells), default=-1) + 1
    used_cols = max((col for _, col in cells), default=-1) + 1
    merged = dict(cells)
    cover: dict[tuple[int, int], tuple[int, int]] = {}
    anchors: set[tuple[int, int]] = set()
    n_rows, n_cols = used_rows, used_cols
    for area in areas:
        if area.row >= max_rows or area.col >= max_cols:
            continue
        rows, cols = min(area.rows, max_rows - area.row), min(area.cols, max_cols - area.col)
        if rows * cols > _ORDINARY:
            rows, cols = (
                max(1, min(rows, used_rows - area.row)),
                max(1, min(cols, used_cols - area.col)),
            )
        if rows * cols == 1:
            continue
        anchor = (area.row, area.col)
        if len(cover) + rows * cols > allowance:
            cover.update({(-1 - n, -1): anchor for n in range(allowance + 1 - len(cover))})
            return merged, cover, n_rows, n_cols
        positions = [
            (row, col)
            for row in range(area.row, area.row + rows)
            for col in range(area.col, area.col + cols)
        ]
        if any(position in cover or position in anchors for position in positions):
            continue
        anchors.add(anchor)
        for position in positions[1:]:
            cover[position] = anchor
            merged.pop(position, None)
        found = merged.get(anchor)
        merged[anchor] = (
            replace(found, rows=rows, cols=cols)
            if found is not None
            else Cell(area.row, area.col, "", rows=rows, cols=cols)
        )
        n_rows, n_cols = max(n_rows, area.row + rows), max(n_cols, area.col + cols)
    return merged, cover, n_rows, n_cols
