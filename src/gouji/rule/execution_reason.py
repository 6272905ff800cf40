"""Money spent far below (or over) the budget, and no reason given."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from gouji.form.facts import Facts, MoneyRow, MoneyTable, RelationKind
from gouji.form.label import compact
from gouji.form.settings import Settings
from gouji.model import Finding, Severity
from gouji.pattern import compiled
from gouji.rule.base import Rule, RuleDoc, finding
from gouji.rule.budgets import Budget, Columns, columns_of
from gouji.rule.wording import (
    as_percent,
    figure,
    is_answer,
    labelled,
    own_sentences,
    reason_box_says,
    reason_in_text,
)

__all__ = ["RULE"]

_GENERAL = compiled(
    r"(?:执行率|执行进度|支出进度|预算执行|支付率|支付进度|资金支付|支出率|使用率|拨付率|拨付进度).{0,16}(?:低|慢|不足|不高|未达|偏)|未(?:能)?支(?:付|出)|结转(?:下年|至)|资金.{0,8}(?:不足|未到|未下达)"
)
_SAVING_IS_GOOD = frozenset(
    {
        "other",
        "carried",
        "three_public",
        "vehicle",
        "vehicle_purchase",
        "vehicle_running",
        "abroad",
        "reception",
    }
)
_SOURCES = frozenset(
    {
        "fiscal",
        "central",
        "provincial",
        "local",
        "government_fund",
        "state_capital",
        "special_account",
    }
)
"""Where the money comes from: the reason is asked of the whole, a source by itself is worth a look at most."""
_THRIFTY = compiled(r"会议费|培训费|差旅费|办公(?:经)?费|水费|电费|印刷费|邮电费|接待费|三公")
_BECAUSE = compiled(r"原因|由于|因|受.{1,12}影响|推迟|延期|顺延|滞后|尚未|暂未|取消|减少|待|跨年|结转|未")
_MONEY_LEFT = compiled(r"支付|执行|预算|资金|结转|结余")
_WHY = compiled(r"原因|由于|因|所致|受|导致|需|尚未")


def _check(facts: Facts, settings: Settings) -> Iterator[Finding]:
    for table in facts.money:
        columns = columns_of(table, facts.year)
        if columns is not None:
            yield from _table(facts, table, columns, settings)


def _table(facts: Facts, table: MoneyTable, columns: Columns, settings: Settings) -> Iterator[Finding]:
    reason = table.column("reason")
    total_low = False
    bases = {
        (id(top.slot.grid), top.slot.row, top.slot.col): bottom.slot
        for top, bottom in (
            (r.terms[0].mention, r.terms[1].mention) for r in facts.relations if r.kind is RelationKind.RATIO
        )
        if top.slot.row == bottom.slot.row  # not a line's part of the total
    }
    for row in table.rows:
        budget, spent = columns.budget(row), row.slots[columns.executed]
        divided = bases.get((id(spent.grid), spent.row, spent.col))
        if divided is not None and divided.value is not None:
            budget = Budget(divided.value, (divided,))
        if budget is None or spent.value is None or budget.value <= 0:
            continue
        share = spent.value * 100 / budget.value
        if share >= settings.execution_low or row.concept in _SAVING_IS_GOOD:
            continue
        if (
            table.kind != "funds"
            and row.concept not in ("total", "public")
            and _THRIFTY.search(row.label.core)
        ):
            continue  # running costs are there to be saved on
        if row.concept == "total" and _thrift(table):
            continue
        if row.label.of_which or (table.kind == "funds" and row.concept != "total" and total_low):
            continue
        if (reason is not None and is_answer(row.slots[reason])) or _said_beside(table, row):
            continue
        if _explained(facts, table, columns, row):
            continue
        total_low = total_low or row.concept == "total"
        whole = table.kind == "funds" and any(r.concept == "total" for r in table.rows)
        rate = figure(round(share, 2))
        yield finding(
            RULE,
            f"{labelled(spent)}：预算 {budget.text}，执行 {spent.text}，执行率 {rate}%，"
            f"低于 {as_percent(settings.execution_low)}，没有找到原因说明。请核对，或说明原因。",
            spent.place,
            relation=f"{figure(spent.value)} ÷ {figure(budget.value)} = {rate}%",
            severity=Severity.INFO if whole and row.concept in _SOURCES else Severity.WARNING,
            related=tuple(slot.place for slot in budget.slots),
        )


def _said_beside(table: MoneyTable, row: MoneyRow) -> bool:
    """Whether another cell of the line says why (完成情况: 部分完成，招录考试推迟到2024年一季度)."""
    after = max(slot.col for slot in row.slots)
    said = [table.grid.at(row.row, col) for col in range(after + 1, table.grid.n_cols)]
    return any(cell is not None and cell.row == row.row and _BECAUSE.search(cell.text) for cell in said)


def _thrift(table: MoneyTable) -> bool:
    """Whether every line of a table is one that is meant to be saved on (三公经费), so that its total is too."""
    lines = {row.concept for row in table.rows} - {"total"}
    return bool(lines) and lines <= _SAVING_IS_GOOD - {"other", "carried"}


def _explained(facts: Facts, table: MoneyTable, columns: Columns, row: MoneyRow) -> bool:
    """Whether a reason stands somewhere: by the line's name, or for the whole in the words of execution."""
    if row.concept != "total" and reason_in_text(facts, row.label.core) is not None:
        return True
    if row.concept == "total":
        return _general(facts)
    return _share_of_total(table, columns, row) >= Decimal("0.5") and _general(facts)


def _share_of_total(table: MoneyTable, columns: Columns, row: MoneyRow) -> Decimal:
    total = next((r for r in table.rows if r.concept == "total"), None)
    whole = columns.budget(total) if total is not None else None
    part = columns.budget(row)
    return part.value / whole.value if whole and part and whole.value else Decimal(0)


def _general(facts: Facts) -> bool:
    for sentence in own_sentences(facts):
        squeezed = compact(sentence)
        if _GENERAL.search(squeezed) and _WHY.search(squeezed):
            return True
    return reason_box_says(facts, _MONEY_LEFT)


RULE = Rule(
    code="GJ108",
    name="low-execution-reason",
    group="answers",
    severity=Severity.WARNING,
    basis="预算执行率偏低的应说明原因（多地自评表填报说明；四川为低于 90%，本程序默认 80%，可在 form.toml 调整）",
    doc=RuleDoc(
        what="执行率低于 80%（表式可调）的总额和各行，原因栏或文字里应有说明；文字里点名说明了这一行的，不再提示。"
        "预算数取全年（调整后）预算；只有年初数和增减额的取两者之和；表内执行率另有分母（如实际下达数）的取该分母。总额不低、只是其中一种资金来源执行率低的，只作提示。",
        why="执行率低而不说明，审核必问；也可能是执行数或预算数填错。",
        example="项目支出预算 636.56，决算 492.91，执行率 77.43%，没有说明，提示。",
        fix_safety="不自动修改。",
    ),
    check=_check,
)
