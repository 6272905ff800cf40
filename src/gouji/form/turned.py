"""Money lying on its side: a caption for each source (合计 | 财政拨款 | 其他资金), below it a row for each measure (预算数, 执行数).

What is read is an ordinary block of lines and columns with both exchanged, so that its sums and rates are checked alike.
"""

from __future__ import annotations

from gouji.form.captions import SOURCES, states_figure
from gouji.form.facts import MoneyColumn, MoneyRow, MoneyTable, Slot
from gouji.form.header import Column, Header
from gouji.form.label import Label, compact, parse_label
from gouji.form.lexicon import concept
from gouji.form.measured import is_figure, told
from gouji.form.money import unit_above
from gouji.form.slots import make_amount, make_slot
from gouji.source.document import Cell, Grid

__all__ = ["find_turned"]

_BUDGETS = frozenset({"opening", "adjusted", "budget"})
_MEASURES = _BUDGETS | {"executed", "adjustment", "surplus", "rate"}
_LONGEST = 24
_FEWEST = 2
_SUBTOTAL = "小计"


def find_turned(
    document: str, grid: Grid, rows: list[list[Cell]], used: set[int], year: int | None
) -> list[MoneyTable]:
    """The blocks of a grid whose captions are sources and whose rows are measures.

    Args:
        document: Path of the document, for places.
        grid: The grid to look in.
        rows: Its stored cells by row.
        used: Rows that another block has taken.
        year: The year of the form.
    """
    found: list[MoneyTable] = []
    end = -1
    for row in range(len(rows) - 1):
        if row <= end or row in used:
            continue
        made = _block(document, grid, rows, row, used, year)
        if made is not None:
            found.append(made)
            end = made.last_row
    return found


def _source(text: str) -> str | None:
    """The source that a caption names; 小计 and 合计 are the whole."""
    core = parse_label(text).core
    if len(core) > _LONGEST:
        return None
    found = "total" if core == _SUBTOTAL else concept("fund_row", core)
    return found if found in SOURCES | {"total", "state_capital"} else None


def _block(  # noqa: PLR0917 - a stretch of a grid is six things
    document: str, grid: Grid, rows: list[list[Cell]], row: int, used: set[int], year: int | None
) -> MoneyTable | None:
    captions = [cell for cell in rows[row] if isinstance(cell.value, str) and _source(cell.text)]
    if len(captions) < _FEWEST or not any(_source(cell.text) in SOURCES for cell in captions):
        return None
    if any(states_figure(cell) for cell in rows[row]):
        return None
    first = captions[0].col
    below = rows[row + 1]
    deep = not any(is_figure(c) for c in below) and any(c.col >= first for c in below)
    last = row + 1 if deep else row
    lines = _lines(grid, row, last, first)
    if len(lines) < _FEWEST:
        return None
    columns: list[MoneyColumn] = []
    answers: list[list[Slot]] = []
    at = last + 1
    unit = unit_above(grid, rows, Header("money", row, last, (Column("budget", first, 1, lines[0][0]),)))
    while at < len(rows) and at not in used:
        label = _measure(grid, at, first)
        role = _role(label) if label is not None else None
        slots = [make_amount(document, grid, at, cell.col, "") for _, _, cell in lines]
        if label is None or (role is None and not any(slot.value is not None for slot in slots)):
            break
        columns.append(
            MoneyColumn(role or "amount", first, compact(label.text), label.year or year, label.unit or unit)
        )
        answers.append(slots)
        at += 1
    roles = [column.role for column in columns]
    if "executed" not in roles or not _BUDGETS & set(roles):
        return None
    made = [
        MoneyRow(
            index,
            row,
            label,
            meaning,
            tuple(
                make_amount(document, grid, slots[index].row, slots[index].col, f"{label.core}/{c.label}")
                for slots, c in zip(answers, columns, strict=True)
            ),
            make_slot(document, grid, cell.row, cell.col, label.core),
        )
        for index, (label, meaning, cell) in enumerate(lines)
    ]
    return MoneyTable(grid, "funds", row, at - 1, unit, tuple(columns), tuple(made), "")


def _lines(grid: Grid, row: int, last: int, first: int) -> list[tuple[Label, str | None, Cell]]:
    """The captions of one or two rows, the lower ones where a source has parts: 财政拨款 over 小计, 中央, 市级."""
    found: list[tuple[Label, str | None, Cell]] = []
    for col in range(first, grid.n_cols):
        upper, lower = grid.at(row, col), grid.at(last, col)
        cell = lower if lower is not None and lower.text.strip() else upper
        if cell is None or not cell.text.strip() or cell.col != col or len(cell.text) > _LONGEST:
            continue
        spoken = cell
        if cell is not upper and parse_label(cell.text).core == _SUBTOTAL and upper is not None:
            spoken = upper if upper.text.strip() else cell
        label = parse_label(spoken.text)
        if concept("column", label.core) is not None or concept("info", label.core) is not None:
            break  # 备注 and the like stand behind the amounts
        found.append((label, _source(spoken.text), cell))
    totals = [place for place, (_, meaning, _) in enumerate(found) if meaning == "total"]
    return found if len(totals) <= 1 else []


def _measure(grid: Grid, row: int, first: int) -> Label | None:
    """The label of a row: the nearest words to the left of the first amount, in a cell of this row."""
    for col in range(first - 1, -1, -1):
        cell = grid.at(row, col)
        if cell is not None and cell.text.strip():
            if cell.row != row or is_figure(cell) or len(cell.text) > _LONGEST:
                return None
            return parse_label(cell.text)
    return None


def _role(label: Label) -> str | None:
    role = concept("column", label.core) or told(label.core)
    return role if role in _MEASURES else None
