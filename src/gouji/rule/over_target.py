"""A target far exceeded and no remark: was it set too low?"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from gouji.form.facts import Facts
from gouji.form.settings import Settings
from gouji.model import Finding, ReadingKind, Severity
from gouji.rule.attain import attain
from gouji.rule.base import Rule, RuleDoc, finding
from gouji.rule.wording import as_percent, figure, gives_reason, reason_in_text

__all__ = ["RULE"]

_UNIT = Decimal(500_000)  # percent: a result that many times its target is in another unit


def _check(facts: Facts, settings: Settings) -> Iterator[Finding]:
    for table in facts.indicators:
        for row in table.rows:
            state = attain(row)
            if state.less_is_better or state.share is None or row.actual is None or row.target is None:
                continue
            if state.share < settings.over_target or gives_reason(row):
                continue
            if state.share >= _UNIT:
                continue  # the unit is the fault, told by the rule on answers
            if row.actual_reading.kind is ReadingKind.PERCENT and row.actual_reading.value == 100:
                continue
            if row.reason is None and reason_in_text(facts, row.name) is not None:
                continue
            share = figure(round(state.share, 2))
            yield finding(
                RULE,
                f"指标“{row.name_slot.label}”指标值 {row.target.text}，完成值 {row.actual.text}，"
                f"为目标的 {share}%，达到 {as_percent(settings.over_target)} 以上而没有说明；请核对，或说明目标偏低的原因。",
                row.actual.place,
                relation=f"{row.actual.text} ÷ {row.target.text} = {share}%",
                related=(row.target.place,) + ((row.reason.place,) if row.reason is not None else ()),
            )


RULE = Rule(
    code="GJ107",
    name="over-target",
    group="answers",
    severity=Severity.WARNING,
    basis="财预〔2020〕10号：完成值明显超过指标值的应分析原因（未逐字复核）；130% 为各地做法，可在 form.toml 调整",
    doc=RuleDoc(
        what="完成值达到指标值的 130%（表式可调）以上、原因栏没有说明的，提示核对。越低越好的指标不查。",
        why="超额过多，多半是目标定低了或完成值填错；部分地区要扣分。",
        example="指标值 ≥60人，完成值 88人（146.67%），没有说明，提示。",
        fix_safety="不自动修改。",
    ),
    check=_check,
)
