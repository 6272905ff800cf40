"""Who stands beside whom in the tables: the next column, the next row, cells that may have changed places."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

from gouji.repair.frame import Frame

__all__ = ["Layout"]

RUNNING_TEXT = "正文"  # tables of this name are lists of mentions in sentences, not tables


class Layout:
    """The neighbourhood of each cell of a record.

    ``row_peers``: cells of the same kind in the same row (another column, or last year's); a mention in
    running text has the peers of the table cells that it copies. ``column_peers``: the next cells of the same
    kind above and below. ``adjacent``: cells of the same kind directly beside, above or below, which may have
    been swapped.
    """

    def __init__(self, record: Frame) -> None:
        self.record = record
        rows: dict[tuple[str, int, str], list[int]] = defaultdict(list)
        columns: dict[tuple[str, int, str], list[tuple[int, int]]] = defaultdict(list)
        at: dict[tuple[str, int, int], int] = {}
        self.placed: list[bool] = []
        for i, cell in enumerate(record.cells):
            placed = cell.row is not None and cell.col is not None and RUNNING_TEXT not in cell.table
            self.placed.append(placed)
            if cell.row is None or cell.col is None or not placed:
                continue
            rows[cell.table, cell.row, cell.kind].append(i)
            columns[cell.table, cell.col, cell.kind].append((cell.row, i))
            at[cell.table, cell.row, cell.col] = i
        self._rows, self._at = rows, at
        self.row_peers: list[tuple[int, ...]] = [self._row_peers(i) for i in range(record.size)]
        self.column_peers: list[list[int]] = [[] for _ in record.cells]
        for column in columns.values():
            column.sort()
            for (_, i), (_, j) in pairwise(column):
                self.column_peers[i].append(j)
                self.column_peers[j].append(i)
        self.adjacent: list[list[int]] = [[] for _ in record.cells]
        for (table, row, col), i in at.items():
            for beside in ((table, row, col + 1), (table, row + 1, col)):
                other = at.get(beside)
                if other is not None and record.cells[i].kind is record.cells[other].kind:
                    self.adjacent[i].append(other)
                    self.adjacent[other].append(i)

    def _row_peers(self, i: int) -> tuple[int, ...]:
        own = self._in_row(i)
        if own:
            return own
        record = self.record
        family = record.all_copies(i)
        return tuple(sorted({p for j in family for p in self._in_row(j)} - family))

    def _in_row(self, i: int) -> tuple[int, ...]:
        if not self.placed[i]:
            return ()
        cell = self.record.cells[i]
        return tuple(j for j in self._rows[cell.table, cell.row or 0, cell.kind] if j != i)

    def counts(self) -> tuple[int, int, int]:
        """How many cells have row peers, column peers, pairs side by side (each at least 1)."""
        pairs = sum(map(len, self.adjacent)) // 2
        return (
            max(1, sum(map(bool, self.row_peers))),
            max(1, sum(map(bool, self.column_peers))),
            max(1, pairs),
        )
