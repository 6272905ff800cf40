"""What was compared: for every figure of a text whether it agrees with something, disagrees, or stands alone, and why.

A reviewer can trust silence only where it is known what silence covers. Nothing here judges anew: it reads off the
ties, pairs and stated relations which the rules judge.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from enum import StrEnum

from gouji.form.facts import Facts
from gouji.frozen import frozen
from gouji.model import Confidence, Place
from gouji.narrative.figures import Figure, PairKind, Standing, StatedMeasure
from gouji.narrative.story import Story, earlier_ties, story_of, workbook_ties
from gouji.narrative.tables import TableTie

__all__ = ["Covered", "Evidence", "State", "coverage"]


class State(StrEnum):
    """How a figure stands: it agrees with all it was compared with, disagrees with some of it, or nothing was found."""

    AGREED = "agreed"
    DISAGREED = "disagreed"
    ALONE = "alone"


@frozen
class Evidence:
    """One thing a figure was compared with: where it stands, what stands there, and whether they agree.

    ``place`` is a cell or other words of the text; for arithmetic it is None and ``text`` is the calculation.
    """

    place: Place | None
    text: str
    agrees: bool


@frozen
class Covered:
    """One figure with all it was compared with; ``why`` says of a figure alone why there was nothing."""

    figure: Figure
    state: State
    evidence: tuple[Evidence, ...]
    why: str | None = None


def coverage(facts: Facts) -> tuple[Covered, ...]:
    """Say of every figure of the document's texts what it was compared with, in text order."""
    story = story_of(facts)
    evidence: dict[int, list[Evidence]] = defaultdict(list)
    for tie in (*story.ties, *workbook_ties(facts), *earlier_ties(facts)):
        _add_tie(evidence, tie)
    _add_pairs(evidence, story)
    for relation in story.statements:
        told = relation.standing is not Standing.FAILS or relation.certainty is not Confidence.POSSIBLE
        if relation.standing is Standing.OPEN or not told:
            continue
        agrees = relation.standing is not Standing.FAILS
        for term in relation.terms:
            if agrees or term.figure is relation.whole:
                evidence[id(term.figure)].append(Evidence(None, relation.arithmetic, agrees))
    names = {figure.key for figure in story.figures if id(figure) in evidence}
    return tuple(_covered(figure, evidence.get(id(figure), ()), names) for figure in story.figures)


def _add_tie(evidence: dict[int, list[Evidence]], tie: TableTie) -> None:
    agrees = tie.kind is PairKind.AGREES
    if agrees or tie.confidence is not Confidence.POSSIBLE:
        slot = tie.entry.slot
        evidence[id(tie.figure)].append(Evidence(slot.place, tie.entry.text, agrees))


def _add_pairs(evidence: dict[int, list[Evidence]], story: Story) -> None:
    for pair in story.pairs:
        agrees = pair.kind is PairKind.AGREES
        if not agrees and pair.confidence is Confidence.POSSIBLE:
            continue
        for one, other in ((pair.first, pair.second), (pair.second, pair.first)):
            evidence[id(one)].append(Evidence(other.place, other.typed, agrees))


def _covered(figure: Figure, found: Iterable[Evidence], names: set[str]) -> Covered:
    found = tuple(found)
    if not found:
        return Covered(figure, State.ALONE, (), _why(figure, names))
    agreed = all(each.agrees for each in found)
    return Covered(figure, State.AGREED if agreed else State.DISAGREED, found)


def _why(figure: Figure, names: set[str]) -> str:
    """Why a figure was compared with nothing, as a clerk would put it."""
    if figure.value is None:
        return "数字写法不能确定"
    if figure.reading.approximate or figure.reading.upper is not None:
        return "约数或范围"
    if figure.measure in (StatedMeasure.CHANGE, StatedMeasure.SHARE):
        return "增减、占比，文中没有可以验算的基数"
    if not figure.key or figure.confidence is Confidence.POSSIBLE:
        return "没有认准说的是哪一个数"
    if figure.key in names:
        return "有同名的数，但年度、计量内容或单位不同"
    if figure.measure is StatedMeasure.STANDARD:
        return "标准、单价"
    return "表格和前后文没有同名的数"
