"""How points add up: shared by the rules on weights and score totals."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from gouji.form.facts import Facts, IndicatorRow, IndicatorTable, MoneyRow, MoneyTable, Slot, TotalRow
from gouji.frozen import frozen

__all__ = [
    "Points",
    "execution_inside",
    "execution_points",
    "points_of",
    "shared_points",
    "sums_allowed",
    "totals_of",
]

_SUMS = frozenset({"小计", "合计", "总计"})


@frozen
class Points:
    """A sum of points: the slots that make it up and how many are unread."""

    total: Decimal
    slots: tuple[Slot, ...]
    unread: int


def points_of(table: IndicatorTable, what: str) -> Points:
    """The sum of weights or scores of a table's indicators."""
    slots: list[Slot] = []
    unread = 0
    seen: set[tuple[int, int, int]] = set()
    for row in table.rows:
        slot = row.weight if what == "weight" else row.score
        if slot is None or slot.cell is None:
            continue
        key = (id(slot.grid), slot.cell.row, slot.cell.col)
        if key in seen:
            continue
        seen.add(key)
        if slot.value is not None:
            slots.append(slot)
        elif not slot.is_empty:
            unread += 1
    return Points(sum((s.value for s in slots if s.value is not None), Decimal(0)), tuple(slots), unread)


def shared_points(table: IndicatorTable) -> dict[int, list[IndicatorRow]]:
    """The rows that share one merged weight cell, by that cell (``id``): its points are theirs together, of no row alone."""
    rows: dict[int, list[IndicatorRow]] = {}
    for row in table.rows:
        if row.weight is not None and row.weight.cell is not None:
            rows.setdefault(id(row.weight.cell), []).append(row)
    return {cell: sharers for cell, sharers in rows.items() if len(sharers) > 1}


def execution_points(facts: Facts, table: IndicatorTable, what: str) -> list[Slot]:
    """Points for budget execution that stand in a money block of the same submission (the same grid first).

    Where several projects stand below each other on one sheet, only the block of the table's own project counts.
    """
    own = _of_its_project(facts, table)
    return (_execution_in(own, table, what) if own else []) or _execution_in(facts.money, table, what)


def _of_its_project(facts: Facts, table: IndicatorTable) -> list[MoneyTable]:
    """The money blocks of the grid between the last table that ended in a grand total and the end of this one."""
    others = [t for t in facts.indicators if t.grid is table.grid and t is not table and totals_of(t)]
    if not others:
        return []
    start = max((t.last_row for t in others if t.last_row < table.first_row), default=-1)
    return [m for m in facts.money if m.grid is table.grid and start < m.first_row <= table.last_row]


def _execution_in(blocks: Sequence[MoneyTable], table: IndicatorTable, what: str) -> list[Slot]:
    found: list[Slot] = []
    for money in sorted(blocks, key=lambda m: m.grid is not table.grid):
        if found and money.grid is not found[0].grid:
            break
        if money.grid is not table.grid and money.grid.is_sheet:
            continue
        column = money.column(what)
        weights = money.column("weight")
        if weights is None and what == "score" and column is not None and found == []:
            # the points stand in the caption («得分(20分×执行率)»)
            totals = [row.slots[column] for row in money.rows if row.concept == "total"]
            found += [slot for slot in totals if slot.value is not None][:1]
        if column is None or weights is None:
            continue
        found += [
            row.slots[column] for row in _weighted(money, weights) if row.slots[column].value is not None
        ]
    return found


def _weighted(money: MoneyTable, weights: int) -> list[MoneyRow]:
    total = [
        r
        for r in money.rows
        if (r.concept == "total" or r.label.core in _SUMS) and r.slots[weights].value is not None
    ]
    return total or [r for r in money.rows if r.slots[weights].value is not None]


def totals_of(table: IndicatorTable) -> list[TotalRow]:
    """The grand total rows of a table (no subtotals)."""
    return [total for total in table.totals if not total.subtotal]


def execution_inside(table: IndicatorTable) -> bool:
    """Whether budget execution is an indicator row of the table itself."""
    return any(
        row.level1 == "execution"
        or row.level2 == "execution"
        or ("执行率" in row.name and row.level1 in (None, "management"))
        for row in table.rows
    )


def sums_allowed(
    own: Decimal, everything: Decimal, extra: Decimal, *, beside: bool, inside: bool
) -> list[Decimal]:
    """The totals a table may rightly print, the proper one first.

    Args:
        own: Points of the table's indicators.
        everything: Points of all indicator tables of the sheet (several goals).
        extra: Points for execution in a money block.
        beside: Whether that block stands in the same grid.
        inside: Whether execution is among the indicators too.
    """
    sums = [own + extra]
    if everything != own:
        sums.append(everything + extra)
    hundred = Decimal(100)
    sums += [alone for alone in (own, everything) if inside or not beside or alone + extra == hundred]
    return list(dict.fromkeys(sums))
