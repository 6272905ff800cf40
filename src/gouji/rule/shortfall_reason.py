"""A target missed, or points lost, and no reason given."""

from __future__ import annotations

from collections.abc import Iterator

from gouji.form.facts import Facts, IndicatorRow, IndicatorTable
from gouji.form.label import compact
from gouji.form.settings import Settings
from gouji.model import Finding, Severity
from gouji.rule.attain import Attainment, attain, low_without_reason
from gouji.rule.base import Rule, RuleDoc, finding
from gouji.rule.standard import standard_of
from gouji.rule.weights import shared_points
from gouji.rule.wording import asks_for_reasons, gives_reason, reason_in_text, reasons_below

__all__ = ["RULE"]

_REMARKS = frozenset({"备注", "说明", "其他说明", "备注说明"})


def _check(facts: Facts, _settings: Settings) -> Iterator[Finding]:
    for table in facts.indicators:
        shared = shared_points(table)
        for row in table.rows:
            if gives_reason(row):
                continue
            alone = row.weight is None or id(row.weight.cell) not in shared
            found = _row(facts, row, alone=alone, asked=_asked(table, row))
            if found is not None:
                yield found


def _spent_enough(facts: Facts, row: IndicatorRow, state: Attainment) -> bool:
    """Whether the row is the execution rate, and high enough to need no words (as for the money itself)."""
    execution = "execution" in (row.level1, row.level2) or "执行率" in row.name
    return (
        execution
        and state.share is not None
        and not state.less_is_better
        and state.share >= facts.settings.execution_low
    )


def _by_rate(facts: Facts, row: IndicatorRow) -> bool:
    """Whether a row without target is scored by a rate (预算完成: 执行率×8), and what it lost is little."""
    standard = standard_of(row)
    if standard is None or not standard.proportional or row.target is not None:
        return False
    weight, score = (slot.value if slot is not None else None for slot in (row.weight, row.score))
    return (
        bool(weight)
        and score is not None
        and weight is not None
        and score * 100 >= weight * facts.settings.execution_low
    )


def _asked(table: IndicatorTable, row: IndicatorRow) -> bool:
    """Whether the form has a column that asks for reasons; one headed 备注 takes them and asks for nothing."""
    if row.reason is None:
        return False
    return compact(row.reason.grid.text(table.first_row, row.reason.col)) not in _REMARKS


def _row(facts: Facts, row: IndicatorRow, *, alone: bool, asked: bool) -> Finding | None:
    """The finding on one row.

    Not ``alone``, its weight is that of several rows, and what it lost cannot be told. ``asked`` says that the form has a
    column for reasons.
    """
    state = attain(row)
    lost = (
        alone
        and row.weight is not None
        and row.score is not None
        and row.weight.value is not None
        and row.score.value is not None
        and row.score.value < row.weight.value
    )
    missed = state.met is False
    if not (missed or lost):
        return None
    if _spent_enough(facts, row, state):
        return None
    if not missed and low_without_reason(state):
        return None  # told once, as a score lower than earned
    standard = standard_of(row)
    if not missed and standard is not None and (not asked or _by_rate(facts, row)):
        return None  # the row's own marking standard says what points are taken off for
    if missed and row.actual is not None and row.target is not None:
        what = f"指标值 {row.target.text}，完成值 {row.actual.text}，没有达到目标"
        place = row.actual.place
    elif row.score is not None and row.weight is not None:
        what = f"分值 {row.weight.text}，得分 {row.score.text}，有扣分"
        place = row.score.place
    else:
        return None
    if row.reason is not None:
        place = row.reason.place
    if not asked and reasons_below(facts):
        return None
    elsewhere = reason_in_text(facts, row.name, skip=row.reason)
    related = [
        slot.place for slot in (row.target, row.actual, row.score) if slot is not None and slot.place != place
    ]
    if elsewhere is not None:
        related.append(elsewhere)
        if not asked and (elsewhere.cell is not None or not missed):
            return None  # the form has no box for it
        box = (
            f"{row.reason.name}（{row.reason.label.split('/')[-1]}栏）"
            if row.reason is not None
            else "自评表"
        )
        where = (
            f"第 {elsewhere.paragraph} 段" if elsewhere.paragraph else f"{elsewhere.sheet}!{elsewhere.cell}"
        )
        return finding(
            RULE,
            f"指标“{row.name_slot.label}”{what}；原因只写在{where}的文字里，{box}没有写。请补到表里。",
            place,
            related=related,
        )
    box = (
        f"请在 {row.reason.name} 填写原因和改进措施"
        if row.reason is not None
        else "表内和文字中都没有说明原因，请补充"
    )
    return finding(
        RULE,
        f"指标“{row.name_slot.label}”{what}，没有说明原因；{box}。",
        place,
        # a form without a place for reasons asks for none, nor does one for remarks of points lost
        severity=None
        if asked or (missed and (row.reason is not None or asks_for_reasons(facts)))
        else Severity.INFO,
        related=related,
    )


RULE = Rule(
    code="GJ106",
    name="missing-reason",
    group="answers",
    severity=Severity.WARNING,
    basis="自评表“偏差原因分析及改进措施”栏：未完成指标值的应分析原因",
    doc=RuleDoc(
        what="没有达到指标值，或得分低于分值的，原因栏应有内容；原因只写在报告正文里的，指出两处位置。"
        "预算执行率不低于 80%（表式可调）的不要求；已达到指标值却扣分的，由 GJ302 提示。"
        "表上没有原因栏、也没有专写原因的一格的，只作提示。",
        why="未完成又不说明原因，是审核退回最常见的理由之一。",
        example="指标值 140人，完成值 120人，原因栏空白，提示。",
        fix_safety="不自动修改。",
    ),
    check=_check,
)
