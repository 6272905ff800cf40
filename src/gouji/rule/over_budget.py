"""A line that spent more than its budget."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from gouji.form.facts import Facts, MoneyRow, MoneyTable, Slot
from gouji.form.settings import Settings
from gouji.model import Finding, Place, Reading, ReadingKind, Severity
from gouji.narrative.figures import Dimension, StatedMeasure
from gouji.narrative.story import story_of
from gouji.number.agree import precision
from gouji.pattern import compiled
from gouji.rule.base import Rule, RuleDoc, finding
from gouji.rule.budgets import Columns, columns_of, parents_of
from gouji.rule.wording import figure, is_answer, labelled, reason_in_text

__all__ = ["RULE"]

_OF_ONE = Decimal("1.5")  # a rate up to this is 1.052, not 1.052 %
_NAME = 16
_CHANGED = compiled(r"预算(?:调整|追加|变动)率")
_SHARE = compiled(r"-?(?!0+(?:\.0+)?[%％])\d+(?:\.\d+)?[%％]")
# why less was spent than planned explains no line that spent more
_UNDERSPENT = compiled(r"结转|未(?:能|及时)?(?:支付|支出|拨付|使用|完成)|推迟|延期|偏低|较低|结余|节约|尚未")


def _check(facts: Facts, settings: Settings) -> Iterator[Finding]:
    if not settings.line_over_budget:
        return
    for table in facts.money:
        columns = columns_of(table, facts.year)
        if columns is None or _changed_since(facts, table, columns):
            continue
        over = {row.index for row in table.rows if _is_over(row, columns)}
        if any(row.concept == "total" and row.index in over for row in table.rows):
            # where the whole went over, the lines did with it: the budget was raised, or the columns are not what they seem
            lines = [row for row in table.rows if row.concept == "total"]
        else:
            lines = list(table.rows)
        inside = {
            child: parent
            for child, parent in parents_of(facts, table, columns).items()
            if child in over and parent in over
        }
        for row in lines:
            if row.index in inside:
                continue  # told at the line that it is part of, or accepted with its reason
            parts = [table.rows[c].slots[columns.executed].place for c, p in inside.items() if p == row.index]
            found = _row(facts, table, row, columns, tuple(parts)) if row.index in over else None
            if found is not None:
                yield found


def _is_over(row: MoneyRow, columns: Columns) -> bool:
    budget, spent = columns.budget(row), row.slots[columns.executed]
    return bool(spent.value) and budget is not None and (spent.value or Decimal(0)) > budget.value


def _changed_since(facts: Facts, table: MoneyTable, columns: Columns) -> bool:
    """Whether a block states the opening budget only, and another block or the text a later one: what binds is elsewhere."""
    if table.columns[columns.base].role != "opening" or columns.change is not None:
        return False
    if any(_adjusts(other) for other in facts.money if other is not table) or _rate_of_change(facts):
        return True
    return any(
        figure.dimension is Dimension.MONEY
        and figure.measure in (StatedMeasure.ADJUSTED, StatedMeasure.ADJUSTMENT)
        for figure in story_of(facts).figures
    )


def _rate_of_change(facts: Facts) -> bool:
    """Whether the form states by how much the budget was changed (预算调整率 | … | 51.43%)."""
    for grid in facts.document.grids:
        for (row, col), cell in grid.cells.items():
            if len(cell.text) > _NAME or not _CHANGED.search(cell.text):
                continue
            beside = (grid.text(row, other).strip() for other in range(col + cell.cols, grid.n_cols))
            if any(_SHARE.fullmatch(text) for text in beside):
                return True
    return False


def _adjusts(table: MoneyTable) -> bool:
    """Whether the total of a block states an adjusted budget that differs from the opening one."""
    opening, adjusted = table.column("opening"), table.column("adjusted")
    if opening is None or adjusted is None:
        return False
    totals = [row for row in table.rows if row.concept == "total"]
    return any(row.slots[adjusted].value not in (None, row.slots[opening].value) for row in totals)


def _row(
    facts: Facts, table: MoneyTable, row: MoneyRow, columns: Columns, parts: tuple[Place, ...]
) -> Finding | None:
    budget, spent = columns.budget(row), row.slots[columns.executed]
    if not spent.value or budget is None:
        return None
    rate = table.column("rate")
    if rate is not None and _within(row.slots[rate].reading):
        return None  # measured against a budget that the block does not state in one column (上年结转 + 本年预算)
    reason = table.column("reason")
    if reason is not None and is_answer(row.slots[reason]):
        return None
    given = reason_in_text(facts, row.label.core)
    if given is not None and not _UNDERSPENT.search(given.text or ""):
        return None
    if budget.value == 0:
        how = f"决算（执行）数 {spent.text}，而预算数为 0"
    else:
        share = figure(round(spent.value * 100 / budget.value, 2))
        how = f"决算（执行）数 {spent.text}，超过预算数 {budget.text}（{share}%）"
    return finding(
        RULE,
        f"{labelled(spent)}：{how}，没有找到原因说明。请核对；确属超预算的，请说明原因。",
        spent.place,
        severity=Severity.INFO if _by_rounding(spent, budget.value) else None,
        relation=f"{figure(spent.value)} > {figure(budget.value)}",
        related=(*(slot.place for slot in budget.slots), *parts),
    )


def _by_rounding(spent: Slot, budget: Decimal) -> bool:
    """Whether it is over by one unit of the last decimal only, as parts of a rounded whole may be."""
    places = precision(spent.reading)
    return places > 0 and spent.value is not None and spent.value - budget <= Decimal(1).scaleb(-places)


def _within(rate: Reading) -> bool:
    """Whether the line's own rate says that it stayed within its budget."""
    if rate.value is None:
        return False
    counted_from_one = rate.kind is not ReadingKind.PERCENT and rate.value <= _OF_ONE
    points = rate.value * 100 if counted_from_one else rate.value
    return 0 < points <= 100


RULE = Rule(
    code="GJ208",
    name="over-budget",
    group="arithmetic",
    severity=Severity.WARNING,
    basis="预算约束：支出不得超过批复（调整后）预算；三公经费、公用经费控制率不超过 100%（财预〔2013〕53号）",
    doc=RuleDoc(
        what="逐行比较决算（执行）数与同年预算数（只有年初数和增减额的，取两者之和），超过且没有原因说明的，提示核对。",
        why="超预算支出是审核重点；更多的时候是两列填反或者填错了行。",
        example="公用经费 2024年预算数 5.94，2024年决算数 10.6，提示。",
        fix_safety="不自动修改。",
    ),
    check=_check,
)
