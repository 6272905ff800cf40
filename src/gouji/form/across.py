"""Amounts side by side below a caption of two rows: 支出合计 | 其中：基本支出, 项目支出, with the figures of one unit below.

Such a strip is read as a money block lying on its side: its captions are the lines, and it has one column.
"""

from __future__ import annotations

from gouji.form.facts import MoneyColumn, MoneyRow, MoneyTable
from gouji.form.label import compact, parse_label
from gouji.form.lexicon import concept
from gouji.form.measured import is_figure
from gouji.form.slots import make_amount, make_slot
from gouji.source.document import Cell, Grid

__all__ = ["ACROSS", "find_strips"]

ACROSS = "across"
_TOTALS = ("合计", "总计", "总额")
_LONGEST = 24
_FEWEST_PARTS = 2


def find_strips(
    document: str, grid: Grid, rows: list[list[Cell]], taken: set[int], year: int | None
) -> list[MoneyTable]:
    """The strips among the rows that belong to no other block.

    Args:
        document: Path of the document, for places.
        grid: The grid to look in.
        rows: Its stored cells by row.
        taken: Rows of blocks that were recognised by their captions.
        year: The year of the form.
    """
    found: list[MoneyTable] = []
    for row in range(len(rows) - 2):
        if row in taken:
            continue
        for place, cell in enumerate(rows[row][1:], start=1):
            if compact(cell.text).rstrip(":") == "其中" and cell.cols >= _FEWEST_PARTS:
                made = _strip(document, grid, rows[row][place - 1], cell, year)
                found += [made] if made is not None else []
    return found


def _strip(document: str, grid: Grid, total: Cell, over: Cell, year: int | None) -> MoneyTable | None:
    """The figures below a total and below the parts that 其中 spans; None where they are not all figures."""
    core = parse_label(total.text).core
    if not core.endswith(_TOTALS) or len(core) > _LONGEST or total.col + total.cols != over.col:
        return None
    names, figures = over.row + over.rows, over.row + over.rows + 1
    captions = [total]
    for col in range(over.col, over.col + over.cols):
        cell = grid.at(names, col)
        if cell is not None and cell.text.strip() and cell is not captions[-1]:
            captions.append(cell)
    if len(captions) <= _FEWEST_PARTS or any(is_figure(c) or len(c.text) > _LONGEST for c in captions):
        return None
    lines: list[MoneyRow] = []
    for caption in captions:
        label = parse_label(caption.text)
        slot = make_amount(document, grid, figures, caption.col, label.core)
        name = make_slot(document, grid, caption.row, caption.col, label.core)
        meaning = concept("fund_row", label.core) if lines else None
        lines.append(MoneyRow(len(lines), figures, label, meaning, (slot,), name))
    if lines[0].slots[0].value is None or any(
        s.value is None and not s.is_empty for line in lines for s in line.slots
    ):
        return None
    column = MoneyColumn("amount", total.col, core, year, None)
    return MoneyTable(grid, ACROSS, over.row, figures, None, (column,), tuple(lines), core)
