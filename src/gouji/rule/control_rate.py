"""More people than posts, more scale or money than approved."""

from __future__ import annotations

from collections.abc import Iterator

from gouji.form.facts import Facts, RelationKind
from gouji.form.settings import Settings
from gouji.model import Finding, Severity
from gouji.rule.base import Rule, RuleDoc, finding
from gouji.rule.wording import figure, labelled

__all__ = ["RULE"]


def _check(facts: Facts, _settings: Settings) -> Iterator[Finding]:
    for relation in facts.relations:
        if relation.kind is not RelationKind.CONTROL:
            continue
        part, whole = relation.terms[0].mention, relation.terms[1].mention
        if (
            part.reading.value is None
            or whole.reading.value is None
            or part.reading.value <= whole.reading.value
        ):
            continue
        yield finding(
            RULE,
            f"{labelled(part.slot)}为 {figure(part.reading.value)}，超过{labelled(whole.slot)} {figure(whole.reading.value)}，"
            f"{relation.label}高于 100%。请核对，确实超出的请说明。",
            part.slot.place,
            relation=f"{figure(part.reading.value)} > {figure(whole.reading.value)}",
            related=(whole.slot.place, relation.result.slot.place),
        )


RULE = Rule(
    code="GJ207",
    name="control-rate-above-100",
    group="arithmetic",
    severity=Severity.WARNING,
    basis="在职人员控制率 = 实际在职人数 ÷ 编制数，以 100% 为限（财预〔2013〕53号）",
    doc=RuleDoc(
        what="实际在职人数与编制数、实际规模与批复规模、实际投资与预算投资比较，超过的提示。",
        why="超编、超规模、超概算是部门整体支出评价的扣分项。",
        example="编制数 4，实际在职 5，控制率 125%，提示。",
        fix_safety="不自动修改。",
    ),
    check=_check,
)
