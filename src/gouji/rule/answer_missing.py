"""An answer left blank beside a question that was asked."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from gouji.form.facts import Facts, IndicatorRow, IndicatorTable, MoneyTable, Relation, RelationKind, Slot
from gouji.form.label import compact
from gouji.form.settings import Settings
from gouji.model import Applicability, Change, Finding, Fix, ReadingKind, Severity
from gouji.number import round_half_up
from gouji.rule.base import Rule, RuleDoc, finding
from gouji.rule.weights import execution_inside, shared_points
from gouji.rule.wording import as_percent, figure, labelled, written_sum

__all__ = ["RULE"]

_NOT_APPLICABLE = frozenset(
    {"", "无", "不涉及", "不适用", "/", "-", "—", "——", "无此项", "未涉及", "暂无", "……", "…"}
)


def _check(facts: Facts, settings: Settings) -> Iterator[Finding]:
    for table in facts.indicators:
        excused = _scored_together(table)
        for row in table.rows:
            yield from _indicator(table, row, excused)
        yield from _totals(table)
    yield from _wholes(facts)
    for money in facts.money:
        yield from _rate(money)
        yield from _unscored(facts, money)
        if settings.opening_required and money.kind == "funds":
            yield from _opening(money)


def _unscored(facts: Facts, money: MoneyTable) -> Iterator[Finding]:
    """The whole of a block with a column of scores and none of points, left without one where the indicators have theirs."""
    score_at, rate_at = money.column("score"), money.column("rate")
    tables = [t for t in facts.indicators if t.grid is money.grid]
    if score_at is None or rate_at is None or money.column("weight") is not None or not tables:
        return
    scored = any(row.score is not None and row.score.value is not None for t in tables for row in t.rows)
    if not scored or any(execution_inside(table) for table in tables):
        return
    for row in money.rows:
        score = row.slots[score_at]
        if row.concept == "total" and row.slots[rate_at].value is not None and score.is_blank:
            yield finding(
                RULE,
                f"{labelled(score)}没有填，而执行率为 {row.slots[rate_at].text}，各指标也已打分。",
                score.place,
                related=(row.slots[rate_at].place,),
            )


def _scored_together(table: IndicatorTable) -> frozenset[int]:
    """Rows whose blank score is answered by another row's: they share one merged weight cell (可选项)."""
    return frozenset(
        row.index
        for sharers in shared_points(table).values()
        if any(r.score is not None and not r.score.is_blank for r in sharers)
        for row in sharers
    )


def _indicator(table: IndicatorTable, row: IndicatorRow, excused: frozenset[int]) -> Iterator[Finding]:
    name = row.name_slot
    weight = row.weight.value if row.weight is not None else None
    if compact(row.name) in _NOT_APPLICABLE and not weight:
        return
    target_blank = row.target is not None and row.target.is_blank
    actual_blank = row.actual is not None and row.actual.is_blank
    scored = row.score is not None and not row.score.is_empty
    if row.target is not None and row.actual is not None and target_blank and actual_blank:
        if _process(table, row) or not (weight or scored):
            return
        credit = (
            f"，却已得 {row.score.text} 分" if scored and row.score is not None and row.score.value else ""
        )
        yield finding(
            RULE,
            f"指标“{name.label}”分值 {row.weight.text if row.weight else ''}，指标值和完成值都没有填{credit}。请补填两项。",
            row.actual.place,
            related=(row.target.place,),
        )
    elif actual_blank and row.actual is not None:
        if not row.target_reading.is_empty or weight:
            yield finding(
                RULE,
                f"指标“{name.label}”的完成值没有填（{row.actual.name}）。请填实际完成情况。",
                row.actual.place,
                related=(row.target.place,) if row.target is not None else (),
            )
    elif target_blank and row.target is not None and row.actual is not None and not row.actual.is_empty:
        yield finding(
            RULE,
            f"指标“{name.label}”填了完成值“{row.actual.text[:20]}”，但指标值（目标）没有填（{row.target.name}）。",
            row.target.place,
            severity=Severity.WARNING,
            related=(row.actual.place,),
        )
    unscored = row.score is not None and row.score.is_blank and row.index not in excused
    if unscored and row.score is not None and weight and not (target_blank and actual_blank):
        if any(r.score is not None and not r.score.is_empty for r in table.rows) or len(table.rows) == 1:
            yield finding(
                RULE,
                f"指标“{name.label}”分值 {row.weight.text if row.weight else ''}，得分没有填（{row.score.name}）。",
                row.score.place,
                related=(row.weight.place,) if row.weight is not None else (),
            )


def _process(table: IndicatorTable, row: IndicatorRow) -> bool:
    """Rows on management and decision that the form asks no target of."""
    if row.level1 in ("management", "execution") or row.level2 in ("management", "execution"):
        return True
    others = [r for r in table.rows if r.level1_text == row.level1_text]
    known = row.level1 in ("output", "benefit", "satisfaction", "cost") or row.level2 is not None
    return not known and all(r.target is None or r.target.is_blank for r in others)


def _totals(table: IndicatorTable) -> Iterator[Finding]:
    scored = any(r.score is not None and r.score.value is not None for r in table.rows)
    blank = [r.score for r in table.rows if r.score is not None and r.score.is_blank and r.weight is not None]
    for total in table.totals:
        if total.weight is None or total.weight.value is None or total.score is None:
            continue
        if total.score.is_blank and total.score.cell is not total.weight.cell:
            how = "请填各项得分之和" if scored else "上面各项的得分也都没有填，请逐项打分后填总分"
            yield finding(
                RULE,
                f"“{total.label}”的得分没有填（{total.score.name}）。{how}。",
                total.score.place,
                related=(total.weight.place, *(slot.place for slot in blank if not scored)),
            )


def _wholes(facts: Facts) -> Iterator[Finding]:
    """The total amount left blank over lines that are filled in."""
    blank: dict[tuple[int, int], list[tuple[Slot, Relation, Decimal]]] = {}
    for relation in facts.relations:
        slot = relation.result.slot
        parts = [term.mention.reading.value for term in relation.terms if term.mention.reading.value]
        if relation.kind is not RelationKind.SUM or relation.result.quantity.concept != "total":
            continue
        if slot.is_blank and parts and all(term.sign > 0 for term in relation.terms):
            blank.setdefault((id(slot.grid), slot.row), []).append((slot, relation, sum(parts, Decimal(0))))
    for cells in blank.values():
        slot, relation, summed = cells[0]
        others = "、".join(other.name for other, _, _ in cells[1:])
        both = f"，{others} 也是空白" if others else ""
        yield finding(
            RULE,
            f"{labelled(slot)}没有填{both}，而各项相加为 {figure(summed)}。请补填。",
            slot.place,
            expected=figure(summed),
            relation=f"{written_sum(relation.terms)} = {figure(summed)}",
            related=(
                *(other.place for other, _, _ in cells[1:]),
                *(term.mention.slot.place for term in relation.terms if term.mention.reading.value),
            ),
            fix=Fix(
                Applicability.UNSAFE,
                tuple(Change(each.grid.name, each.name, "", figure(value)) for each, _, value in cells),
            ),
        )


def _rate(table: MoneyTable) -> Iterator[Finding]:
    rate_at, executed_at = table.column("rate"), table.column("executed")
    base_at = table.column("adjusted", "budget", "opening")
    weight_at = table.column("weight")
    if rate_at is None or executed_at is None or base_at is None:
        return
    for row in table.rows:
        rate, executed, base = row.slots[rate_at], row.slots[executed_at], row.slots[base_at]
        asked = row.concept == "total" or (weight_at is not None and row.slots[weight_at].value is not None)
        if not asked or not rate.is_blank or not executed.value or not base.value:
            continue
        if rate.cell is not None and rate.cell in (executed.cell, base.cell):
            continue
        expected = as_percent(round_half_up(executed.value * 100 / base.value, 2))
        yield finding(
            RULE,
            f"{labelled(rate)}没有填，按表上数字应为 {expected}。",
            rate.place,
            expected=expected,
            relation=f"{executed.text} ÷ {base.text} = {expected}",
            related=(executed.place, base.place),
            fix=_fill(rate, expected),
        )
    score_at = table.column("score")
    if weight_at is None or score_at is None:
        return
    for row in table.rows:
        weight, score = row.slots[weight_at], row.slots[score_at]
        if weight.reading.kind is ReadingKind.NUMBER and weight.value and score.is_blank:
            yield finding(
                RULE,
                f"{labelled(score)}没有填，而分值为 {weight.text}。",
                score.place,
                related=(weight.place,),
            )


def _opening(table: MoneyTable) -> Iterator[Finding]:
    """The opening budget of the whole left blank, where the form asks every department for it."""
    opening_at, adjusted_at = table.column("opening"), table.column("adjusted")
    if opening_at is None or adjusted_at is None:
        return
    for row in table.rows:
        opening, adjusted = row.slots[opening_at], row.slots[adjusted_at]
        if row.concept == "total" and opening.is_blank and adjusted.value:
            yield finding(
                RULE,
                f"{labelled(opening)}没有填，而全年预算为 {adjusted.text}。请按年初批复数填写，年初没有安排的填 0。",
                opening.place,
                related=(adjusted.place,),
            )


def _fill(slot: Slot, expected: str) -> Fix:
    return Fix(Applicability.UNSAFE, (Change(slot.grid.name, slot.name, "", expected),))


RULE = Rule(
    code="GJ101",
    name="answer-missing",
    group="answers",
    severity=Severity.ERROR,
    basis="绩效自评表应填尽填；有分值、有指标值的，完成值、得分、执行率不得为空",
    doc=RuleDoc(
        what="有分值或指标值的行，完成值、得分不得空白；有分值的资金行，执行率和得分不得空白；合计行的得分不得空白；"
        "下面各项已填的，年度资金总额不得空白；"
        "表式要求年初预算的（form.toml 的 opening_required），总额一行的年初预算数不得空白。"
        "三级指标写“无”、又没有分值的行不查；金额空白不查（空白不等于 0）。",
        why="空白无法复核，系统汇总时也会按 0 处理。",
        example="分值 10、指标值 ≥95%，完成值空白，报错。",
        fix_safety="执行率可在确认后（--unsafe）填入重算值；其他空白由填报人补填。",
    ),
    check=_check,
)
