"""The line «部门预算执行率 | 执行率 | 98.19% | 分值 | 10 | 得分 | 9.82» below a money block: columns of its total line.

The block may print a rate line by line as well (支付进度); then this is one more column of rates.

Some bureaus ask for the rate, its weight and its points not beside the total but in a line of labels and answers.
"""

from __future__ import annotations

import itertools

from gouji.form.facts import MoneyColumn, MoneyTable, Slot
from gouji.form.label import compact, parse_label
from gouji.form.lexicon import concept
from gouji.form.measured import looks_like_figure
from gouji.form.slots import BLANK, make_slot
from gouji.frozen import replace
from gouji.source.document import Cell, Grid

__all__ = ["is_execution_line", "with_execution_line"]

_ROLES = frozenset({"rate", "weight", "score"})
_FEWEST = 2
_REACH = 4
_LONGEST = 20


def is_execution_line(cells: list[Cell]) -> bool:
    """Whether a row is about budget execution and asks for at least two of its rate, weight and points by label."""
    if not cells or not isinstance(cells[0].value, str) or len(cells[0].text) > _LONGEST:
        return False
    if "执行" not in cells[0].text and "使用率" not in cells[0].text:
        return False
    return len({role for role, _ in _labels(cells)}) >= _FEWEST


def _labels(cells: list[Cell]) -> list[tuple[str, Cell]]:
    """The labels of a row that ask for rate, weight or points, each followed by a figure."""
    found = []
    for cell, after in itertools.pairwise(cells):
        if not looks_like_figure(after):
            continue
        role = concept("column", parse_label(cell.text).core) if len(cell.text) <= _LONGEST else None
        if role in _ROLES:
            found.append((role or "", cell))
    return found


def with_execution_line(document: str, table: MoneyTable, rows: list[list[Cell]]) -> MoneyTable:
    """The block with rate, weight and points of its total line, where a line below it states them.

    Args:
        document: Path of the document, for places.
        table: A money block.
        rows: The stored cells of its grid, by row.
    """
    total = next((row for row in table.rows if row.concept == "total"), None)
    if total is None or table.column("executed") is None:
        return table
    for number in range(table.last_row + 1, min(len(rows), table.last_row + 1 + _REACH)):
        if is_execution_line(rows[number]):
            return _joined(document, table, total.index, number, _labels(rows[number]))
    return table


def _joined(
    document: str, table: MoneyTable, total: int, number: int, labels: list[tuple[str, Cell]]
) -> MoneyTable:
    columns, slots = list(table.columns), list(table.rows[total].slots)
    grid: Grid = table.grid
    blank: list[Slot] = []
    if {role for role, _ in labels if role != "rate"} & {column.role for column in columns}:
        return table  # points of its own, given for other figures
    year = table.columns[table.column("executed") or 0].year
    for role, cell in labels:
        name = f"{parse_label(grid.text(number, 0)).core}/{compact(cell.text)}"
        slot = make_slot(document, grid, number, cell.col + cell.cols, name)
        columns.append(MoneyColumn(role, slot.col, compact(cell.text), year, None))
        slots.append(slot)
        blank.append(replace(slot, cell=None, reading=BLANK))
    lines = tuple(
        replace(row, slots=tuple(slots) if row.index == total else (*row.slots, *blank)) for row in table.rows
    )
    return replace(table, columns=tuple(columns), rows=lines)
