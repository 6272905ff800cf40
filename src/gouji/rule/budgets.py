"""What a line was allowed to spend and what it spent: shared by the rules on execution and budget discipline."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from gouji.form.facts import Facts, MoneyRow, MoneyTable, RelationKind, Slot
from gouji.form.label import compact
from gouji.form.rates import adjustment_is_change
from gouji.frozen import frozen
from gouji.pattern import compiled

__all__ = ["Budget", "Columns", "columns_of", "parents_of"]

_COUNTED = compiled(r"人数|编制|人次|数量|车辆|面积|辆数|台数|批次|户数")
_CHANGE = compiled(
    r"(?:预算|经费|资金)调[整剂增减]"
)  # 部门基本支出预算调整: a change of the budget, no spending
_CAPTION = 8
_INCOME = compiled(r"收入$|收入\(")
_OTHER = compiled(r"来源|支出")
_BUDGETS = ("adjusted", "adjustment", "budget", "opening")


@frozen
class Budget:
    """The budget of one line: its amount, and the one or two cells that state it (年初预算数 and 调整数)."""

    value: Decimal
    slots: tuple[Slot, ...]

    @property
    def text(self) -> str:
        """As typed; a sum where two cells make it up."""
        return " + ".join(slot.text for slot in self.slots)


@frozen
class Columns:
    """Where a money block states the budget and the spending of one year; ``change`` is added to ``base``."""

    executed: int
    base: int
    change: int | None

    def budget(self, row: MoneyRow) -> Budget | None:
        """The budget of a line; None where it states none, or counts people and things, or changes of the budget."""
        core = row.label.core
        if (
            _CHANGE.search(core)
            or _COUNTED.search(core)
            or row.label.unit in ("人", "个", "辆", "m2", "平方米")
        ):
            return None
        base = row.slots[self.base]
        change = row.slots[self.change] if self.change is not None else None
        if change is None or change.value is None:
            return Budget(base.value, (base,)) if base.value is not None else None
        if base.value is None:
            return Budget(change.value, (change,))
        return Budget(base.value + change.value, (base, change))


def _is_income(table: MoneyTable) -> bool:
    """Whether the lines are income (财政拨款收入, 其他收入): what came in is neither spent nor overspent."""
    lines = [row.label.core for row in table.rows if row.concept != "total"]
    if lines and sum(_INCOME.search(line) is not None for line in lines) * 2 > len(lines):
        return True
    if any(row.concept == "total" and row.label.core.startswith(("收入", "本年收入")) for row in table.rows):
        return True
    names = table.rows[0].name_slot
    # the caption of its names, or that over the whole block beside another (收入 | 支出)
    above = (
        compact(table.grid.text(row, names.col)) for row in range(max(0, table.first_row - 1), names.row)
    )
    return any(
        len(caption) <= _CAPTION and caption.startswith("收入") and not _OTHER.search(caption)
        for caption in above
    )


@lru_cache(maxsize=64)
def columns_of(table: MoneyTable, year: int | None) -> Columns | None:
    """The columns of this year's budget and spending, the adjusted budget before the opening one.

    Args:
        table: A money block.
        year: The year of the form; the latest year of the block where it is unknown.

    Returns:
        None where the block does not state both for one year, or states income.
    """
    if _is_income(table):
        return None
    spent = [(c.year, i) for i, c in enumerate(table.columns) if c.role == "executed" and c.is_whole]
    if not spent:
        return None
    latest = max(((y, i) for y, i in spent if y is not None), default=spent[0])
    wanted = next((found for found in reversed(spent) if found[0] == year), latest)
    this_year, executed = wanted
    same = {
        c.role: i for i, c in reversed(list(enumerate(table.columns))) if c.year == this_year and c.is_whole
    }
    if same.get("adjustment", executed) > executed:
        del same["adjustment"]  # behind the spending it compares with last year (增减额)
    if "adjusted" not in same and "adjustment" in same and adjustment_is_change(table):
        start = same.get("opening", same.get("budget"))
        return Columns(executed, start, same["adjustment"]) if start is not None else None
    base = next((same[role] for role in _BUDGETS if role in same), None)
    return Columns(executed, base, None) if base is not None else None


def parents_of(facts: Facts, table: MoneyTable, columns: Columns) -> dict[int, int]:
    """The line that each line of a block is part of, by the sums of the spending; lines by their index."""
    at = {(row.slots[columns.executed].row, row.slots[columns.executed].col): row.index for row in table.rows}
    found: dict[int, int] = {}
    for relation in facts.relations:
        slot = relation.result.slot
        whole = at.get((slot.row, slot.col)) if slot.grid is table.grid else None
        if whole is None or relation.kind not in (RelationKind.SUM, RelationKind.SUBSET):
            continue
        for term in relation.terms:
            part = at.get((term.mention.slot.row, term.mention.slot.col))
            if part is not None and part != whole:
                found[part] = whole
    return found
