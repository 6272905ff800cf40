"""How a figure of the prose that a table contradicts is told; shared by the rules on a report's own and on other tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gouji.model import Confidence, Finding, Severity
from gouji.narrative.figures import Dimension, PairKind
from gouji.narrative.tables import TableTie
from gouji.rule.base import Rule, finding
from gouji.rule.telling import where
from gouji.rule.wording import labelled

__all__ = ["contradictions"]

_HOW = {
    "prior-year": "，与上年数相同，像是沿用了上年的数",
    "unit": "，相差一万倍，像是单位写错（元、万元）",
    "other-measure": "，与表中这一行另一列的数相同，像是抄错了列",
}


def contradictions(rule: Rule, ties: Iterable[TableTie], table: str = "表中") -> Iterator[Finding]:
    """One finding for each figure that differs from its cell, or one at the cell where the whole text outvotes it.

    Args:
        rule: the rule that speaks.
        ties: figures and their cells, those that agree among them.
        table: what the message calls the tables.
    """
    ties = tuple(ties)
    agreed = {_cell(tie) for tie in ties if tie.kind is PairKind.AGREES}
    groups: dict[tuple[str, str, str | None], list[TableTie]] = {}
    for tie in ties:
        if tie.kind is PairKind.DIFFERS and tie.confidence is not Confidence.POSSIBLE:
            groups.setdefault(_cell(tie), []).append(tie)
    for cell, same in groups.items():
        values = {tie.figure.amount for tie in same}
        if (
            len(same) > 1
            and len(values) == 1
            and cell not in agreed
            and all(tie.slip is None and tie.entry.reckoned is None for tie in same)
        ):
            yield _outvoted(rule, same, table)
        else:
            for tie in same:
                yield _finding(rule, tie, table)


def _cell(tie: TableTie) -> tuple[str, str, str | None]:
    return tie.entry.slot.grid.name, tie.entry.slot.name, tie.entry.reckoned


def _outvoted(rule: Rule, ties: list[TableTie], table: str) -> Finding:
    """Several places of the text agree with each other against one cell: the cell is the likelier fault."""
    slot, figure = ties[0].entry.slot, ties[0].figure
    sure = figure.dimension is Dimension.MONEY and all(t.confidence is Confidence.CERTAIN for t in ties)
    return finding(
        rule,
        f"{table.removeprefix('表中')}{labelled(slot)}填 {slot.text}，"
        f"而文字里有 {len(ties)} 处写“{figure.concept}”{figure.typed}。请核对表格与文字。",
        slot.place,
        severity=Severity.ERROR if sure else Severity.WARNING,
        expected=figure.typed,
        relation=f"{slot.text} ≠ {figure.typed}",
        related=tuple(tie.figure.place for tie in ties),
    )


def _finding(rule: Rule, tie: TableTie, table: str) -> Finding:
    figure, slot = tie.figure, tie.entry.slot
    if tie.entry.reckoned is not None:
        return _reckoned(rule, tie, table)
    money = figure.dimension is Dimension.MONEY
    sure = (
        money and tie.confidence is Confidence.CERTAIN and (tie.slip is not None or not tie.entry.indicator)
    )
    return finding(
        rule,
        f"{where(figure.piece)}写“{figure.concept}”{figure.typed}，{table}{labelled(slot)}为 {slot.text}"
        f"{_HOW.get(tie.slip or '', '')}。请核对文字与表格。",
        figure.place,
        severity=Severity.ERROR if sure else Severity.WARNING,
        observed=figure.typed,
        expected=slot.text,
        relation=f"{figure.typed} ≠ {slot.text}",
        related=(slot.place,),
    )


def _reckoned(rule: Rule, tie: TableTie, table: str) -> Finding:
    """A rate that the figures of the table do not give."""
    figure, slot, reckoned = tie.figure, tie.entry.slot, tie.entry.text
    return finding(
        rule,
        f"{where(figure.piece)}写“{figure.concept}”{figure.typed}，按{table}{slot.label.rpartition('/')[0]}（{slot.name}）的数计算是"
        f" {reckoned}。请核对文字与表格。",
        figure.place,
        severity=Severity.WARNING,
        observed=figure.typed,
        expected=reckoned.rpartition("= ")[2],
        relation=f"{reckoned} ≠ {figure.typed}",
        related=(slot.place,),
    )
