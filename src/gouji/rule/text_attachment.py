"""Attachments announced and attachments present."""

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
        if seen.kind is not ObservationKind.ATTACHMENT:
            continue
        yield finding(
            RULE,
            f"{where(seen.piece)}{quoted(seen.place.text or '')}：{seen.detail}。",
            seen.place,
            observed=seen.observed,
            expected=seen.expected,
            related=seen.related,
        )


RULE = Rule(
    code="GJ612",
    name="text-attachment",
    group="narrative",
    severity=Severity.INFO,
    basis=None,
    doc=RuleDoc(
        what="附件清单、文中“详见附件N”与报告后面的附件是否对得上：缺的、编号不同的、没有列入清单的。报告里一份附件也没有的（另行报送），不核对。",
        why="附件不全或编号乱，报告会被退回补正。",
        example="清单写“附件：1.基础数据表”，后面却标“附件2”，并另有“附件3”没有列入清单，提示。",
        fix_safety="不自动修改。",
    ),
    check=_check,
)
