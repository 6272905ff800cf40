"""A budget much changed in mid-year, and no reason given."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from gouji.form.facts import Facts, MoneyRow, MoneyTable
from gouji.form.label import compact
from gouji.form.settings import Settings
from gouji.model import Finding, Severity
from gouji.pattern import compiled
from gouji.rule.base import Rule, RuleDoc, finding
from gouji.rule.wording import figure, is_answer, labelled, own_sentences, reason_box_says

__all__ = ["RULE"]

_ASKED = compiled(r"(?:预算调整|调整|追加|调减).{0,16}(?:说明|理由|原因)")
_GIVEN = compiled(r"调整|追加|调减|调增|压减|压缩|核减|收回|新增(?:项目|预算|资金|经费)")
_MONEY = compiled(r"预算|资金|经费|指标")
_MONEY_SPENT = compiled(r"预算|资金|支付|经费")
_DEFAULT_SHARE = Decimal(20)


def _check(facts: Facts, _settings: Settings) -> Iterator[Finding]:
    for table in facts.money:
        if table.kind != "funds":
            continue
        opening, adjusted = table.column("opening"), table.column("adjusted")
        if opening is None or adjusted is None:
            continue
        asked = _asked(facts, table)
        for row in [r for r in table.rows if r.concept == "total"][:1] or table.rows[:1]:
            before, after = row.slots[opening], row.slots[adjusted]
            if before.value is None or after.value is None or before.value == after.value:
                # the total may be wrong or empty: look at the first source instead
                first = next(
                    (r for r in table.rows[1:] if r.slots[opening].value and r.slots[adjusted].value), None
                )
                if first is None or (before.value and before.value == after.value):
                    continue
                before, after = first.slots[opening], first.slots[adjusted]
            if before.value is None or after.value is None or before.value == after.value:
                continue
            change = after.value - before.value - _brought(table, row, opening, adjusted)
            share = abs(change) * 100 / before.value if before.value else Decimal(100)
            if not (asked or (before.value and share >= _DEFAULT_SHARE)) or _explained(facts, table):
                continue
            if change == _carried_over(table, opening, adjusted):
                continue
            way = "追加" if change > 0 else "调减"
            size = f"（{figure(round(share, 2))}%）" if before.value else ""
            yield finding(
                RULE,
                f"{labelled(after)}为 {after.text}，年初预算 {before.text}，年中{way} {figure(abs(change))}{size}，"
                "没有说明调整的理由。",
                after.place,
                relation=f"{figure(after.value)} − {figure(before.value)} = {figure(change)}",
                related=(before.place,),
                basis="表内填报说明要求说明预算调整理由" if asked else None,
            )


def _brought(table: MoneyTable, row: MoneyRow, opening: int, adjusted: int) -> Decimal:
    """What a column 上年结转 beside the opening budget adds to it, where budget, change and it make up the whole year's."""
    changed = table.column("adjustment")
    start, end = row.slots[opening].value, row.slots[adjusted].value
    for i, column in enumerate(table.columns[:adjusted]):
        more = row.slots[i].value
        if column.role != "surplus" or changed is None or more is None or start is None:
            continue
        if start + (row.slots[changed].value or Decimal(0)) + more == end:
            return more
    return Decimal(0)


def _carried_over(table: MoneyTable, opening: int, adjusted: int) -> Decimal | None:
    """What last year's money in the line 上年结转 adds to the budget: no adjustment, the form says so itself."""
    for row in table.rows:
        if row.concept == "carried" and row.slots[adjusted].value is not None:
            return (row.slots[adjusted].value or Decimal(0)) - (row.slots[opening].value or Decimal(0))
    return None


def _asked(facts: Facts, table: MoneyTable) -> bool:
    """Whether the form itself asks for the reason of any change."""
    texts = [
        cell.text for cell in table.grid.cells.values() if isinstance(cell.value, str) and len(cell.text) > 8
    ]
    texts += [p.text for p in facts.document.paragraphs if 8 < len(p.text) < 400]
    return any(
        _ASKED.search(compact(text)) and ("应" in text or "需" in text or "须" in text) for text in texts
    )


def _explained(facts: Facts, table: MoneyTable) -> bool:
    reason = table.column("reason")
    if reason is not None and any(is_answer(row.slots[reason]) for row in table.rows):
        return True
    return any(
        _GIVEN.search(sentence) and _MONEY.search(sentence) and len(sentence) > 8
        for sentence in own_sentences(facts)
    ) or reason_box_says(facts, _MONEY_SPENT)


RULE = Rule(
    code="GJ109",
    name="budget-change-reason",
    group="answers",
    severity=Severity.WARNING,
    basis="年中发生预算调整的应说明理由（四川自评表填报说明）；其他表式调整达到 20% 时提示，属审核惯例",
    doc=RuleDoc(
        what="全年预算数与年初预算数不同：表式要求说明的，任何调整都应有理由；其他表式调整幅度达到 20% 时提示。",
        why="预算调整率是部门整体绩效的审核内容，调整而无说明会被追问。",
        example="年初预算 202.64，全年预算 132.912，调减 34%，没有说明，提示。",
        fix_safety="不自动修改。",
    ),
    check=_check,
)
