"""A figure of the prose that the tables contradict."""

from __future__ import annotations

from collections.abc import Iterator

from gouji.form.facts import Facts
from gouji.form.settings import Settings
from gouji.model import Finding, Severity
from gouji.narrative.story import story_of
from gouji.rule.base import Rule, RuleDoc
from gouji.rule.contradiction import contradictions

__all__ = ["RULE"]


def _check(facts: Facts, _settings: Settings) -> Iterator[Finding]:
    yield from contradictions(RULE, story_of(facts).ties)


RULE = Rule(
    code="GJ610",
    name="text-against-table",
    group="narrative",
    severity=Severity.ERROR,
    basis=None,
    doc=RuleDoc(
        what="报告文字（和表内的年度目标、完成情况等长文字）里写到的金额、数量、比率，"
        "按名称、年度、口径找到表中同一个数，核对是否一致。只是数值碰巧相同的不算同一个数。",
        why="文字与表格不符，是第三方评审花时间最多、也最常退回的问题；常见的是沿用上年的数、单位写错。",
        example="正文写“2024年项目支出454.02万元”，表中 2024年决算数为 492.91，454.02 是上年的数，报错。",
        fix_safety="不自动修改：以表为准还是以文字为准，由填报人确定。",
    ),
    check=_check,
)
