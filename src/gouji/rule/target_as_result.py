"""A target typed where the result belongs: «≥90%» is no result."""

from __future__ import annotations

from collections.abc import Iterator

from gouji.form.facts import Facts
from gouji.form.settings import Settings
from gouji.model import Finding, Severity
from gouji.rule.base import Rule, RuleDoc, finding

__all__ = ["RULE"]


def _check(facts: Facts, _settings: Settings) -> Iterator[Finding]:
    for table in facts.indicators:
        for row in table.rows:
            actual = row.actual
            if actual is None or row.actual_reading.value is None:
                continue
            if row.actual_reading.comparison in (None, "=") or row.actual_reading.approximate:
                continue
            same = row.target is not None and row.target.text == actual.text
            how = "与指标值相同，" if same else ""
            yield finding(
                RULE,
                f"指标“{row.name_slot.label}”的完成值填“{actual.text}”，{how}是目标的写法；请填实际完成的数。",
                actual.place,
                related=(row.target.place,) if row.target is not None else (),
            )


RULE = Rule(
    code="GJ103",
    name="target-as-result",
    group="answers",
    severity=Severity.WARNING,
    basis="完成值应为实际结果",
    doc=RuleDoc(
        what="完成值带有 ≥、≤、不低于、以上等比较符号的，是把目标抄了过来，不是结果。",
        why="没有实际结果就无法判断是否完成，得分没有依据。",
        example="指标值 ≥90%，完成值也填 ≥90%，提示；应填 93% 之类的实际数。",
        fix_safety="不自动修改：实际数只有填报人知道。",
    ),
    check=_check,
)
