"""An indicator in a list of results with nothing said of it."""

from __future__ import annotations

from collections.abc import Iterator

from gouji.form.facts import Facts
from gouji.form.settings import Settings
from gouji.model import Confidence, Finding, Severity
from gouji.narrative.figures import ObservationKind
from gouji.narrative.story import story_of
from gouji.rule.base import Rule, RuleDoc, finding
from gouji.rule.telling import where

__all__ = ["RULE"]


def _check(facts: Facts, _settings: Settings) -> Iterator[Finding]:
    for seen in story_of(facts).observations:
        if seen.kind is not ObservationKind.EMPTY:
            continue
        yield finding(
            RULE,
            f"{where(seen.piece)}{seen.detail}。请补写完成情况。",
            seen.place,
            severity=Severity.WARNING if seen.certainty is Confidence.CERTAIN else Severity.INFO,
            observed=seen.observed,
            expected=seen.expected,
            related=seen.related,
        )


RULE = Rule(
    code="GJ609",
    name="text-empty-statement",
    group="narrative",
    severity=Severity.WARNING,
    basis=None,
    doc=RuleDoc(
        what="分号隔开的成绩里，有的只写了指标名而没有数值（“项目资金使用率；”“职工满意度。”），有的只有半句（“工资发放；”，作提示）。",
        why="数没有填上就报出去了。",
        example="“项目资金使用率；办公用品合规率100%；……职工满意度.”，两处提醒。",
        fix_safety="不自动修改。",
    ),
    check=_check,
)
