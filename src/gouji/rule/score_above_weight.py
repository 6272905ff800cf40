"""A score above its weight, or below zero."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from gouji.form.facts import Facts, Slot
from gouji.form.settings import Settings
from gouji.model import Finding, Severity
from gouji.rule.base import Rule, RuleDoc, finding
from gouji.rule.weights import shared_points
from gouji.rule.wording import figure, labelled

__all__ = ["RULE"]

_HUNDRED = Decimal(100)


def _pairs(facts: Facts) -> Iterator[tuple[Slot, Slot]]:
    for table in facts.indicators:
        for row in table.rows:
            if row.weight is not None and row.score is not None:
                yield row.weight, row.score
        for total in table.totals:
            if total.weight is not None and total.score is not None:
                yield total.weight, total.score
    for money in facts.money:
        weight, score = money.column("weight"), money.column("score")
        if weight is not None and score is not None:
            for line in money.rows:
                yield line.slots[weight], line.slots[score]


def _together(facts: Facts) -> Iterator[Finding]:
    """Scores of rows that share one merged weight cell: each may stay below it, all of them together must."""
    for table in facts.indicators:
        for rows in shared_points(table).values():
            weight = rows[0].weight
            scores = list({id(r.score.cell): r.score for r in rows if r.score is not None}.values())
            earned = [s for s in scores if s.value is not None]
            if weight is None or weight.value is None or len(earned) < 2:
                continue
            total = sum((s.value for s in earned if s.value is not None), Decimal(0))
            if total > weight.value and all(s.value is not None and s.value <= weight.value for s in earned):
                yield finding(
                    RULE,
                    f"{labelled(earned[0])}等 {len(earned)} 项合用一个分值 {weight.text}（{weight.name}），"
                    f"得分相加为 {figure(total)}，高于分值。请核对分值单元格是否误合并，或核对得分。",
                    earned[0].place,
                    severity=Severity.WARNING,
                    relation=f"{' + '.join(s.text for s in earned)} = {figure(total)} > {weight.text}",
                    related=(weight.place, *(s.place for s in earned[1:])),
                )


def _named(facts: Facts) -> Iterator[Finding]:
    """Scores above the points in brackets behind the indicator's name, where no column states its weight."""
    for table in facts.indicators:
        for row in table.rows:
            if row.points is None or row.score is None or row.score.value is None:
                continue
            if row.score.value > row.points:
                yield finding(
                    RULE,
                    f"{labelled(row.score)}填 {row.score.text}，高于名称里标明的 {figure(row.points)} 分。得分不能超过分值。",
                    row.score.place,
                    related=(row.name_slot.place,),
                )


def _beyond_hundred(facts: Facts) -> Iterator[Finding]:
    """Scores above 100 in a list of projects, which has no column of weights."""
    for money in facts.money:
        score_at = money.column("score")
        if score_at is None or money.column("weight") is not None:
            continue
        for line in money.rows:
            slot = line.slots[score_at]
            if slot.value is not None and slot.value > _HUNDRED:
                yield finding(RULE, f"{labelled(slot)}填 {slot.text}，得分不能超过 100 分。", slot.place)


def _check(facts: Facts, _settings: Settings) -> Iterator[Finding]:
    yield from _together(facts)
    yield from _named(facts)
    yield from _beyond_hundred(facts)
    for weight, score in _pairs(facts):
        if weight.value is None or score.value is None or weight.cell is score.cell:
            continue
        if score.value > weight.value:
            yield finding(
                RULE,
                f"{labelled(score)}填 {score.text}，高于分值 {weight.text}（{weight.name}）。得分不能超过分值。",
                score.place,
                related=(weight.place,),
            )
        elif score.value < 0:
            yield finding(
                RULE,
                f"{labelled(score)}填 {score.text}，得分不能为负。",
                score.place,
                related=(weight.place,),
            )


RULE = Rule(
    code="GJ301",
    name="score-above-weight",
    group="scores",
    severity=Severity.ERROR,
    basis="各项得分最高不能超过该指标分值上限（自评表填报说明）",
    doc=RuleDoc(
        what="每一行和合计行的得分不得高于分值，也不得为负。",
        why="超过分值的得分一定是填错了列或填错了数。",
        example="分值 5，得分 10，报错。",
        fix_safety="不自动修改。",
    ),
    check=_check,
)
