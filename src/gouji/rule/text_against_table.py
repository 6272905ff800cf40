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
    ties = story_of(facts).ties
    agreed = {_cell(tie) for tie in ties if tie.kind is PairKind.AGREES}
    groups: dict[tuple[str, str], list[TableTie]] = {}
    for tie in ties:
        if tie.kind is PairKind.DIFFERS and tie.confidence is not Confidence.POSSIBLE:
            groups.setdefault(_cell(tie), []).append(tie)
    for cell, same in groups.items():
        values = {tie.figure.amount for tie in same}
        if (
            len(same) > 1
            and len(values) == 1
            and cell not in agreed
            and all(tie.slip is None for tie in same)
        ):
            yield _outvoted(same)
        else:
            yield from map(_finding, same)


def _cell(tie: TableTie) -> tuple[str, str]:
    return tie.entry.slot.grid.name, tie.entry.slot.name


def _outvoted(ties: list[TableTie]) -> Finding:
    """Several places of the text agree with each other against one cell: the cell is the likelier fault."""
    slot, figure = ties[0].entry.slot, ties[0].figure
    sure = figure.dimension is Dimension.MONEY and all(t.confidence is Confidence.CERTAIN for t in ties)
    return finding(
        RULE,
        f"{labelled(slot)}填 {slot.text}，而文字里有 {len(ties)} 处写“{figure.concept}”{figure.typed}。请核对表格与文字。",
        slot.place,
        severity=Severity.ERROR if sure else Severity.WARNING,
        expected=figure.typed,
        relation=f"{slot.text} ≠ {figure.typed}",
        related=tuple(tie.figure.place for tie in ties),
    )


def _finding(tie: TableTie) -> Finding:
    figure, slot = tie.figure, tie.entry.slot
    money = figure.dimension is Dimension.MONEY
    sure = (
        money and tie.confidence is Confidence.CERTAIN and (tie.slip is not None or not tie.entry.indicator)
    )
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
