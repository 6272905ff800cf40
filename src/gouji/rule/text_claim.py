"""A judgement in the prose that its figures contradict."""

from __future__ import annotations

from collections.abc import Iterator

from gouji.form.facts import Facts
from gouji.form.settings import Settings
from gouji.model import Finding, Severity
from gouji.narrative.figures import ObservationKind
from gouji.narrative.story import story_of
from gouji.rule.base import Rule, RuleDoc, finding
from gouji.rule.telling import where

__all__ = ["RULE"]


def _check(facts: Facts, _settings: Settings) -> Iterator[Finding]:
    told: set[str] = set()
    for seen in story_of(facts).observations:
        if seen.kind is not ObservationKind.CLAIM or seen.detail in told:
            continue
        told.add(seen.detail)  # the same words again say nothing new
        yield finding(
            RULE,
            f"{where(seen.piece)}{seen.detail}。请核对说法与数字。",
            seen.place,
            observed=seen.observed,
            expected=seen.expected,
            related=seen.related,
        )


RULE = Rule(
    code="GJ607",
    name="text-claim",
    group="narrative",
    severity=Severity.WARNING,
    basis=None,
    doc=RuleDoc(
        what="文字里的判断与数字相反：说“执行率偏低”而按数字在 100% 以上；说目标全部完成而文中有指标没有达到目标。",
        why="原因和结论套用旧稿或别的单位的，数字会露出来。",
        example="“年初预算数执行率偏低”，而年初预算 1485.73、决算 2794.69，为 188.1%，提醒。",
        fix_safety="不自动修改。",
    ),
    check=_check,
)
