"""A score above its weight, or below zero."""

from __future__ import annotations

from collections.abc import Iterator

from gouji.form.facts import Facts, Slot
from gouji.form.settings import Settings
from gouji.model import Finding, Severity
from gouji.rule.base import Rule, RuleDoc, finding
from gouji.rule.wording import labelled

__all__ = ["RULE"]


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


def _check(facts: Facts, _settings: Settings) -> Iterator[Finding]:
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
