"""Item numbers that jump or repeat."""

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
        if seen.kind is not ObservationKind.NUMBERING:
            continue
        yield finding(
            RULE,
            f"{where(seen.piece)}{quoted(seen.place.text or '')}：{seen.detail}。请核对是否漏了一项或编号写错。",
            seen.place,
            observed=seen.observed,
            expected=seen.expected,
            related=seen.related,
        )


RULE = Rule(
    code="GJ611",
    name="text-numbering",
    group="narrative",
    severity=Severity.INFO,
    basis=None,
    doc=RuleDoc(
        what="标题和条目的编号是否连续：一、二、四；1. 2. 2.；一是、二是、四是。重新从一编起的不算，Word 自动编号看不到的也不算。",
        why="编号跳了，常是删掉一段或漏粘一段。",
        example="“二、……”之后是“四、……”，提示。",
        fix_safety="不自动修改。",
    ),
    check=_check,
)
