"""Instructions of the report template left in the prose."""

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
        if seen.kind is not ObservationKind.PROMPT or seen.piece.cell is not None:
            continue
        yield finding(
            RULE,
            f"{where(seen.piece)}{quoted(seen.place.text or '')}是模板的填写提示或未填的空白，没有换成本单位的内容。",
            seen.place,
            observed=seen.observed,
            expected=seen.expected,
            related=seen.related,
        )


RULE = Rule(
    code="GJ608",
    name="text-prompt-left",
    group="narrative",
    severity=Severity.WARNING,
    basis=None,
    doc=RuleDoc(
        what="报告文字里还留着模板的提示语（“列举……的问题和原因。”“……包括……等相关内容。”“500字以内”），"
        "或没有填的××、____。表格里的提示由 GJ102 检查。",
        why="说明这一段没有写，或写完忘了删提示。",
        example="“列举导致年度绩效目标未完成或发生偏离存在的问题和原因。”单独成段，提醒。",
        fix_safety="不自动修改。",
    ),
    check=_check,
)
