"""A rate or growth in the prose that the figures beside it do not give."""

from __future__ import annotations

from collections.abc import Iterator

from gouji.form.facts import Facts
from gouji.form.settings import Settings
from gouji.model import Confidence, Finding, Severity
from gouji.narrative.figures import Standing, StatedKind, StatedRelation
from gouji.narrative.story import story_of
from gouji.rule.base import Rule, RuleDoc, finding
from gouji.rule.telling import retyped, where
from gouji.rule.wording import as_percent, figure

__all__ = ["RULE"]


def _check(facts: Facts, _settings: Settings) -> Iterator[Finding]:
    for relation in story_of(facts).statements:
        if relation.kind not in (StatedKind.RATIO, StatedKind.CHANGE) or relation.expected is None:
            continue
        if relation.standing is Standing.FAILS and relation.certainty is not Confidence.POSSIBLE:
            yield _finding(relation, Severity.ERROR if _sure(relation) else Severity.WARNING)
        elif relation.standing is Standing.ROUNDING and _sure(relation):
            yield _finding(relation, Severity.INFO)


def _sure(relation: StatedRelation) -> bool:
    return relation.certainty is Confidence.CERTAIN


def _finding(relation: StatedRelation, severity: Severity) -> Finding:
    rate = relation.whole
    expected = relation.expected or rate.reading.value
    shown = as_percent(expected) if expected is not None else ""
    head = f"{where(rate.piece)}写“{rate.concept}”{rate.typed}"
    if severity is Severity.INFO:
        message = f"{head}，按文中的数应为 {shown}；差别在四舍五入的范围内。"
    else:
        message = f"{head}，但 {relation.arithmetic}。请核对比率或这两个数。"
    return finding(
        RULE,
        message,
        rate.place,
        severity=severity,
        observed=rate.typed,
        expected=shown or None,
        relation=relation.arithmetic,
        related=tuple(part.place for part in relation.parts),
        fix=retyped(rate, figure(expected)) if severity is Severity.ERROR and expected is not None else None,
    )


RULE = Rule(
    code="GJ602",
    name="text-ratio",
    group="narrative",
    severity=Severity.ERROR,
    basis="执行率 = 执行数 ÷ 全年（调整后）预算数 × 100%，四舍五入（填报说明）",
    doc=RuleDoc(
        what="文字里的执行率、完成率、占比、增长率，与同一处写到的预算数与支出数、目标与完成、本年与上年是否相符；"
        "按四舍五入核对，差在末位而数字本身舍入能解释的只作提示。",
        why="比率是算出来的数，改了金额忘了改比率、分母用错，都会露在这里。",
        example="“年初预算4.05万元，决算支出1.7万元，执行率49.18%”，1.7 ÷ 4.05 = 41.98%，报错。",
        fix_safety="不自动修改；--unsafe 时按文中的两个数改比率。",
    ),
    check=_check,
)
