"""A figure of the prose that the tables contradict."""

from __future__ import annotations

from collections.abc import Iterator

from gouji.form.facts import Facts
from gouji.form.settings import Settings
from gouji.model import Confidence, Finding, Severity
from gouji.narrative.figures import Dimension, PairKind
from gouji.narrative.story import story_of
from gouji.narrative.tables import TableTie
from gouji.rule.base import Rule, RuleDoc, finding
from gouji.rule.wording import labelled

__all__ = ["RULE"]

_HOW = {
    "prior-year": "，与上年数相同，像是沿用了上年的数",
    "unit": "，相差一万倍，像是单位写错（元、万元）",
    "other-measure": "，与表中这一行另一列的数相同，像是抄错了列",
}


def _check(facts: Facts, _settings: Settings) -> Iterator[Finding]:
    for tie in story_of(facts).ties:
        if tie.kind is PairKind.DIFFERS and tie.confidence is not Confidence.POSSIBLE:
            yield _finding(tie)


def _finding(tie: TableTie) -> Finding:
    figure, slot = tie.figure, tie.entry.slot
    money = figure.dimension is Dimension.MONEY
    sure = money and tie.confidence is Confidence.CERTAIN and (tie.slip is not None or not tie.entry.indicator)
    where = f"第 {figure.piece.paragraph} 段" if figure.piece.paragraph else f"{figure.piece.cell} 的文字"
    return finding(
        RULE,
        f"{where}写“{figure.concept}”{figure.typed}，表中{labelled(slot)}为 {slot.text}"
        f"{_HOW.get(tie.slip or '', '')}。请核对文字与表格。",
        figure.place,
        severity=Severity.ERROR if sure else Severity.WARNING,
        observed=figure.typed,
        expected=slot.text,
        relation=f"{figure.typed} ≠ {slot.text}",
        related=(slot.place,),
    )


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
