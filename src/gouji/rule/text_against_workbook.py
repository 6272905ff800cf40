"""A figure of the written report that the workbook handed in with it contradicts."""

from __future__ import annotations

from collections.abc import Iterator

from gouji.form.copies import copies
from gouji.form.facts import Facts
from gouji.form.settings import Settings
from gouji.model import Confidence, Finding, Severity
from gouji.narrative.figures import PairKind
from gouji.narrative.story import story_of, workbook_ties
from gouji.rule.base import Rule, RuleDoc
from gouji.rule.contradiction import contradictions

__all__ = ["RULE"]


def _check(facts: Facts, _settings: Settings) -> Iterator[Finding]:
    if not facts.workbooks:
        return
    off = {
        (copy.slot.grid.name, copy.slot.name)
        for workbook in facts.workbooks
        for copy in copies(facts, workbook)
        if not copy.agrees
    }
    told = {
        id(tie.figure)
        for tie in story_of(facts).ties
        if (tie.kind is PairKind.DIFFERS and tie.confidence is not Confidence.POSSIBLE)
        or (tie.entry.slot.grid.name, tie.entry.slot.name) in off
    }
    # what the report's own tables contradict, or state as wrongly as the text does, is told of them
    yield from contradictions(
        RULE,
        [tie for tie in workbook_ties(facts) if tie.kind is PairKind.AGREES or id(tie.figure) not in told],
        "工作簿里",
    )


RULE = Rule(
    code="GJ614",
    name="text-against-workbook",
    group="narrative",
    severity=Severity.ERROR,
    basis=None,
    doc=RuleDoc(
        what="用 --report 一并检查时，报告文字里的金额、数量、比率与工作簿的表格核对。"
        "按名称、年度、口径认定是同一个数，数值碰巧相同的不算；报告自带的表格已指出的不再重复。",
        why="报告和表格往往由两个人分头写，改了表忘了改报告是常事；第三方评审正是拿报告逐个数字对表。",
        example="工作簿“项目支出”2024年决算数 492.91，报告写“2024年项目支出454.02万元”，报错。",
        fix_safety="不自动修改：以表为准还是以文字为准，由填报人确定。",
    ),
    check=_check,
)
