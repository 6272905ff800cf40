"""What the prose says of the total score (自评得分 98.5 分) tied to the total of the tables."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from gouji.form.facts import Facts, Slot
from gouji.model import Confidence
from gouji.narrative.entries import Entry
from gouji.narrative.figures import Dimension, Figure, PairKind, StatedMeasure
from gouji.narrative.tables import TableTie
from gouji.pattern import compiled

__all__ = ["score_ties"]

# the total of the self-evaluation, and of nothing else: no project, no group of indicators
_TOTAL = compiled(
    r"(?:\d{4}年?度?|本|我)?(?:部门|项目|单位|整体|支出|预算|绩效|专项|资金|综合|最终|的)*"
    r"(?:自评|自我评价|评价|综合|总)+(?:综合|总|评价)*(?:得分|总分|评分|分数|得分值|分值|分)"
)


def score_ties(figures: Iterable[Figure], facts: Facts) -> Iterable[TableTie]:
    """The figures that state the total score, with the cell they should agree with.

    Where a document has several totals (several projects, a summary) a figure that agrees with one of them is right, and
    one that agrees with none is only told where all the totals of its sheet are one and the same.
    """
    totals = _totals(facts)
    for figure in figures:
        if figure.dimension is not Dimension.SCORE or figure.measure is not StatedMeasure.SCORE:
            continue
        if figure.value is None or figure.qualifiers or not _TOTAL.fullmatch(figure.concept):
            continue
        if figure.reading.comparison is not None or figure.reading.approximate:
            continue
        near = [
            s for s in totals if figure.piece.sheet is not None and s.grid.name == figure.piece.sheet
        ] or totals
        agreeing = next((s for s in totals if s.value == figure.value), None)
        if agreeing is not None:
            yield _tie(figure, agreeing, facts, PairKind.AGREES)
        elif near and len({s.value for s in near}) == 1:
            yield _tie(figure, near[0], facts, PairKind.DIFFERS)


def _totals(facts: Facts) -> list[Slot]:
    """The grand totals of scores in the tables, and those declared beside them."""
    found = [
        total.score
        for table in facts.indicators
        for total in table.totals
        if not total.subtotal and total.score is not None and total.score.value is not None
    ]
    return found + [slot for slot in facts.declared if slot.value is not None]


def _tie(figure: Figure, slot: Slot, facts: Facts, kind: PairKind) -> TableTie:
    amount = slot.value if slot.value is not None else Decimal(0)
    entry = Entry(slot, StatedMeasure.SCORE, facts.year, Dimension.SCORE, amount, slot.reading)
    return TableTie(figure, entry, kind, Confidence.LIKELY)
