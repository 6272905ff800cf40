"""Who stands beside whom in the tables: the next column, the next row, cells that may have changed places."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import pairwise
from typing import TypeAlias

from gouji.repair.frame import Frame
from gouji.repair.problem import CellKind

__all__ = ["Layout"]

RUNNING_TEXT = "正文"  # tables of this name are lists of mentions in sentences, not tables

Line: TypeAlias = tuple[
    str, int, CellKind
]  # a table, the number of a row or column, and what its cells count


class Layout:
    """The neighbourhood of each cell of a record, looked up when asked for.

    Most faults touch few cells, so nothing but the grid is worked out beforehand.
    """

    def __init__(self, record: Frame) -> None:
        self.record = record
        self._rows: dict[Line, list[int]] = defaultdict(list)
        self._columns: dict[Line, list[tuple[int, int]]] = defaultdict(list)
        self._at: dict[tuple[str, int, int], int] = {}
        self._row_peers: dict[int, tuple[int, ...]] = {}
        self._sorted: set[Line] = set()  # the columns whose neighbours are known
        self._beside: dict[int, list[int]] = defaultdict(list)
        self.placed: list[bool] = []
        rows, columns, at = self._rows, self._columns, self._at
        for i, cell in enumerate(record.cells):
            row, col, table, kind = cell.row, cell.col, cell.table, cell.kind
            if row is None or col is None or RUNNING_TEXT in table:
                self.placed.append(False)
                continue
            self.placed.append(True)
            rows[table, row, kind].append(i)
            columns[table, col, kind].append((row, i))
            at[table, row, col] = i

    def rows(self) -> Iterator[tuple[CellKind, list[int]]]:
        """The cells of one kind in one row of a table, row by row."""
        for (_, _, kind), row in self._rows.items():
            if len(row) > 1:
                yield kind, row

    def row_peers(self, i: int) -> tuple[int, ...]:
        """Cells of the same kind in the same row (another column, or last year's).

        A mention in running text has the peers of the table cells that it copies.
        """
        found = self._row_peers.get(i)
        if found is None:
            found = self._in_row(i) or self._beside_copies(i)
            self._row_peers[i] = found
        return found

    def _in_row(self, i: int) -> tuple[int, ...]:
        if not self.placed[i]:
            return ()
        cell = self.record.cells[i]
        row = self._rows[cell.table, cell.row or 0, cell.kind]
        return tuple([j for j in row if j != i]) if len(row) > 1 else ()

    def _beside_copies(self, i: int) -> tuple[int, ...]:
        if not self.record.copies[i]:
            return ()
        family = self.record.all_copies(i)
        return tuple(sorted({p for j in family for p in self._in_row(j)} - family))

    def column_peers(self, i: int) -> Sequence[int]:
        """The next cells of the same kind above and below."""
        if not self.placed[i]:
            return ()
        cell = self.record.cells[i]
        key = cell.table, cell.col or 0, cell.kind
        if key not in self._sorted:
            self._sorted.add(key)
            column = self._columns[key]
            column.sort()
            for (_, above), (_, below) in pairwise(column):
                self._beside[above].append(below)
                self._beside[below].append(above)
        return self._beside.get(i, ())

    def adjacent(self, i: int) -> list[int]:
        """Cells of the same kind directly above, beside and below, which may have been swapped, in fixed order."""
        if not self.placed[i]:
            return []
        cell = self.record.cells[i]
        table, row, col = cell.table, cell.row or 0, cell.col or 0
        at, cells = self._at, self.record.cells
        around = ((row - 1, col), (row, col - 1), (row, col + 1), (row + 1, col))
        found = [at.get((table, r, c)) for r, c in around]
        return [j for j in found if j is not None and cells[j].kind is cell.kind]

    @cached_property
    def counts(self) -> tuple[int, int, int]:
        """How many cells have row peers, column peers, pairs side by side (each at least 1)."""
        alone = [i for row in self._rows.values() if len(row) == 1 for i in row]
        alone += [i for i, placed in enumerate(self.placed) if not placed]
        in_rows = self.record.size - len(alone) + sum(bool(self._beside_copies(i)) for i in alone)
        in_columns = sum(len(column) for column in self._columns.values() if len(column) > 1)
        cells, at = self.record.cells, self._at
        pairs = 0
        for (table, row, col), i in at.items():
            kind = cells[i].kind
            right, below = at.get((table, row, col + 1)), at.get((table, row + 1, col))
            pairs += right is not None and cells[right].kind is kind
            pairs += below is not None and cells[below].kind is kind
        return max(1, in_rows), max(1, in_columns), max(1, pairs)
