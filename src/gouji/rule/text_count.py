"""A number announced in the prose and another number of items listed."""

from __future__ import annotations

from collections.abc import Iterator

from gouji.form.facts import Facts
from gouji.form.settings import Settings
from gouji.model import Finding, Severity
from gouji.narrative.figures import ObservationKind
from gouji.narrative.story import story_of
from gouji.rule.base import Rule, RuleDoc, finding
from gouji.rule.telling import quoted, where

__all__ = ["RULE"]


def _check(facts: Facts, _settings: Settings) -> Iterator[Finding]:
    for seen in story_of(facts).observations:
        if seen.kind is not ObservationKind.COUNT:
            continue
        yield finding(
            RULE,
            f"{where(seen.piece)}{quoted(seen.place.text or '')}：{seen.detail}。请核对个数。",
            seen.place,
            observed=seen.observed,
            expected=seen.expected,
            related=seen.related,
        )


RULE = Rule(
    code="GJ606",
    name="text-count",
    group="narrative",
    severity=Severity.WARNING,
    basis=None,
    doc=RuleDoc(
        what="文字里写明的个数与列出的项数：“下设4个二级单位，分别是……”、“以下三项工作：一是……四是……”。列举以“等”结尾的、分不清是一项还是两项的不核对。",
        why="增减了一项忘了改个数，是最容易被看出的疏漏。",
        example="“做好以下三项工作：一是……；二是……；三是……；四是……”，写三项而列四项，提醒。",
        fix_safety="不自动修改。",
    ),
    check=_check,
)
