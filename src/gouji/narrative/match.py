"""Figures that state one quantity in two places of the text.

Figures are matched by concept, line item, period, measure, scope and population; equality of value alone
never makes a match. What keeps a match from being certain is listed with the pair, so that a rule can word
its doubt.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

from gouji.model import Confidence
from gouji.narrative.figures import Dimension, Figure, FigurePair, PairKind, StatedMeasure
from gouji.narrative.items import other_item
from gouji.narrative.phrase import general_rate, similarity
from gouji.narrative.relation import looks_like_slip
from gouji.narrative.words import VAGUE
from gouji.pattern import compiled

__all__ = ["comparable_target", "pairs", "same_amount"]

_COMPARED = frozenset({Dimension.MONEY, Dimension.PERCENT, Dimension.COUNT, Dimension.PRICE})
_SKIPPED = frozenset(
    {
        StatedMeasure.CHANGE,
        StatedMeasure.SHARE,
        StatedMeasure.ADJUSTMENT,
        StatedMeasure.SCORE,
        StatedMeasure.WEIGHT,
    }
)
_OVERALL = frozenset({"预算执行率", "执行率", "整体支出预算执行率", "部门预算执行率"})
_WHICH_BUDGET = "年初或调整后"
_SHORTEST = 5
_SHORT = 4
_ALIKE = 0.85
_NARROWER = 0.4
_TOO_MANY = 3
_IS_RATE = compiled(r"[率度比]")


def pairs(figures: Iterable[Figure]) -> tuple[FigurePair, ...]:
    """Pair the figures that state one quantity.

    Args:
        figures: what :func:`gouji.narrative.extract` found.

    Returns:
        Pairs in the order of their first figure. Of a quantity stated more than twice each figure is paired
        with the first one of the value most often stated, so that a lone deviating figure is ``first`` of
        its pair.
    """
    usable = [f for f in figures if _usable(f)]
    groups: dict[str, list[Figure]] = defaultdict(list)
    for figure in usable:
        groups[figure.key].append(figure)
    found: list[FigurePair] = []
    for group in groups.values():
        if len(group) > 1:
            found.extend(_of_group(group))
            found.extend(_units(group))
    found.extend(_similar(groups))
    found.sort(key=lambda pair: (pair.first.sentence, pair.first.start))
    return tuple(found)


def _usable(figure: Figure) -> bool:
    return (
        figure.value is not None
        and figure.dimension in _COMPARED
        and figure.measure not in _SKIPPED
        and bool(figure.key)
        and figure.concept != "合计"
    )


def _general(figure: Figure) -> bool:
    """Whether the concept alone does not tell which quantity is meant."""
    return (
        figure.line is not None
        or figure.concept in VAGUE
        or figure.key in VAGUE
        or general_rate(figure.concept)
    )


def same_amount(first: Figure, second: Figure) -> bool:
    """Whether two figures can be one amount: equal, or equal within the rounding of the coarser one."""
    one, two = first.amount, second.amount
    if one is None or two is None:
        return False
    if one == two:
        return True
    if first.reading.upper is not None or second.reading.upper is not None:
        return True
    for figure, other in ((first, second), (second, first)):
        mark = figure.reading.comparison
        value, bound = (other.amount, figure.amount)
        if value is None or bound is None:
            continue
        if (mark in ("≥", ">") and value >= bound) or (mark in ("≤", "<") and value <= bound):
            return True
        if figure.reading.approximate and abs(value - bound) <= abs(bound) / 5:
            return True
    coarse, fine = (first, second) if first.slack >= second.slack else (second, first)
    if coarse.slack == fine.slack:
        return False
    return abs(one - two) <= coarse.slack and (coarse.unit != fine.unit or coarse.reading.decimals > 0)


def _doubts(first: Figure, second: Figure) -> list[str] | None:
    """What speaks against the two being one quantity; None where they are surely not."""
    if first.dimension is not second.dimension or first.population != second.population:
        return None
    if first.period.year != second.period.year:
        return None
    if other_item(first, second):
        return None
    if _grand_total(first) != _grand_total(second):
        return None  # 支出总计 has what is left at the end of the year in it, 支出合计 has not
    doubts: list[str] = []
    if not _measures_agree(first, second, doubts):
        return None
    if first.scope != second.scope:
        if first.scope and second.scope:
            return None
        if (
            first.line is not None
            and first.dimension is Dimension.MONEY
            and not _smaller_whole(first, second)
        ):
            return None
        doubts.append("口径")
    if first.qualifiers != second.qualifiers:
        if first.qualifiers and second.qualifiers:
            return None
        doubts.append("限定范围")
    return doubts


def _measures_agree(first: Figure, second: Figure, doubts: list[str]) -> bool:
    one, two = _plain_measure(first), _plain_measure(second)
    if one == two:
        return True
    if {one, two} == {StatedMeasure.BUDGET, StatedMeasure.OPENING} or {one, two} == {
        StatedMeasure.BUDGET,
        StatedMeasure.ADJUSTED,
    }:
        doubts.append(_WHICH_BUDGET)
        return True
    return False


def _plain_measure(figure: Figure) -> StatedMeasure:
    if figure.measure in (
        StatedMeasure.UNKNOWN,
        StatedMeasure.ACTUAL,
        StatedMeasure.EXECUTED,
        StatedMeasure.RATE,
    ):
        return StatedMeasure.ACTUAL
    return figure.measure


_TO_DO = compiled(r"概况|背景|立项|内容|任务|计划|目标|安排|下达")
_DONE = compiled(r"完成|绩效|产出|成效|效益|实施情况|履职|成绩|结果")


def _planned_there(first: Figure, second: Figure) -> bool:
    """Whether one count stands under a heading of what was planned, the other under one of what was done."""
    if first.dimension is not Dimension.COUNT or StatedMeasure.UNKNOWN not in (first.measure, second.measure):
        return False
    kinds = [_kind_of_section(figure) for figure in (first, second)]
    return {"plan", "done"} == set(kinds)


def _kind_of_section(figure: Figure) -> str:
    for name in reversed(figure.subject):
        if _DONE.search(name):
            return "done"
        if _TO_DO.search(name):
            return "plan"
    return ""


def _grand_total(figure: Figure) -> bool:
    """Whether an account's 总计 is meant, which ends with what is carried over."""
    ahead = figure.piece.text[max(0, figure.start - 4) : figure.start]
    account = figure.concept.removesuffix("决算").endswith(("收入", "支出", "收支"))
    return account and "总计" in ahead


def _smaller_whole(first: Figure, second: Figure) -> bool:
    """A figure without 口径 that is smaller than the same figure of one 口径 alone cannot be its whole."""
    wide, narrow = (first, second) if first.scope is None else (second, first)
    return wide.amount is not None and narrow.amount is not None and wide.amount < narrow.amount


def _specific_enough(figure: Figure) -> bool:
    if _general(figure):
        return figure.line is not None or figure.owner is not None or figure.concept in _OVERALL
    return len(figure.key) >= _SHORT


def _of_group(group: Sequence[Figure]) -> list[FigurePair]:
    """The pairs among figures with one key."""
    clusters: list[list[Figure]] = []
    for figure in group:
        if not _specific_enough(figure):
            continue
        for cluster in clusters:
            if _doubts(cluster[0], figure) is not None:
                cluster.append(figure)
                break
        else:
            clusters.append([figure])
    found: list[FigurePair] = []
    for cluster in clusters:
        found.extend(_of_cluster(cluster))
    return found


def _of_cluster(cluster: Sequence[Figure]) -> list[FigurePair]:
    if len(cluster) < 2:
        return []
    leader = _leader(cluster)
    values = {figure.amount for figure in cluster if not same_amount(figure, leader)}
    together = Counter((id(figure.piece), figure.sentence) for figure in cluster)
    found: list[FigurePair] = []
    for figure in cluster:
        if figure is leader:
            continue
        doubts = _doubts(leader, figure)
        if doubts is None:
            continue
        sure = _confidence(leader, figure, doubts)
        if same_amount(figure, leader):
            found.append(FigurePair(figure, leader, PairKind.AGREES, sure, tuple(doubts)))
        elif len(values) < _TOO_MANY and max(together.values()) == 1:
            found.append(FigurePair(figure, leader, PairKind.DIFFERS, sure, tuple(doubts)))
    return found


def _tellable(first: Figure, second: Figure) -> bool:
    """Whether a difference may be told: a short name is trusted only if one value looks like a slip of the other."""
    return _general(first) or len(first.key) >= _SHORTEST or _slip(first, second)


def _slip(first: Figure, second: Figure) -> bool:
    """Whether one number looks like a slip of the other."""
    if first.value is None or second.value is None or first.factor != second.factor:
        return False
    return looks_like_slip(first.value, second.value)


def _apart(first: Figure, second: Figure) -> bool:
    """Whether one amount is more than half as much again as the other."""
    one, two = sorted(abs(f.amount or Decimal(0)) for f in (first, second))
    return 2 * two > 3 * one


def _leader(cluster: Sequence[Figure]) -> Figure:
    """The first figure of the value most often stated; the first of all where there is a tie."""
    counts = Counter(figure.amount for figure in cluster)
    best = max(counts.values())
    return next(figure for figure in cluster if counts[figure.amount] == best)


def _confidence(first: Figure, second: Figure, doubts: Sequence[str], alike: float = 1.0) -> Confidence:
    """How sure it is that the two state one quantity.

    CERTAIN needs a name that tells much, the same words for the measure, and for a line of the form a 口径
    said in both places, or one number that looks like a slip of the other.
    """
    if alike < 1.0 or Confidence.POSSIBLE in (first.confidence, second.confidence):
        return Confidence.POSSIBLE
    if same_amount(first, second):
        return Confidence.CERTAIN if not doubts else Confidence.LIKELY
    if _planned_there(first, second) and not _slip(first, second):
        return Confidence.POSSIBLE  # what was to be done stands there, and here what was done
    unsaid = first.dimension is Dimension.MONEY and (
        (first.measure is StatedMeasure.UNKNOWN) != (second.measure is StatedMeasure.UNKNOWN)
    )
    if unsaid and not _slip(first, second):
        return Confidence.POSSIBLE  # what was given may stand there, and here what was spent
    if first.line is None and _apart(first, second) and not _slip(first, second):
        return Confidence.POSSIBLE  # so different that they are rather two things of one name
    if _WHICH_BUDGET in doubts and not _slip(first, second):
        return Confidence.POSSIBLE  # 预算 may be the opening one there and the adjusted one here
    telling = first.owner is not None or first.line is not None or len(first.key) > _SHORTEST
    if doubts or not telling or first.measure is not second.measure:
        return Confidence.LIKELY
    if first.measure is StatedMeasure.UNKNOWN or first.inherited or second.inherited:
        return Confidence.LIKELY
    sure = first.scope is not None or _slip(first, second)
    return Confidence.CERTAIN if sure else Confidence.LIKELY


def _units(group: Sequence[Figure]) -> list[FigurePair]:
    """One indicator counted in different units: target 1100人次, result 1400人."""
    found = _percent_of_things(group)
    for index, first in enumerate(group):
        if first.dimension is not Dimension.COUNT or first.line is not None or len(first.key) < _SHORTEST:
            continue
        for second in group[index + 1 :]:
            if second.dimension is not Dimension.COUNT or second.population == first.population:
                continue
            if first.period.year != second.period.year or (
                first.qualifiers and first.qualifiers != second.qualifiers
            ):
                continue
            stated = {first.measure, second.measure} == {StatedMeasure.TARGET, StatedMeasure.ACTUAL}
            if stated and first.piece is second.piece and second.sentence == first.sentence:
                found.append(FigurePair(second, first, PairKind.UNIT_DIFFERS, Confidence.CERTAIN))
            elif first.amount == second.amount and _plain_measure(first) == _plain_measure(second):
                found.append(FigurePair(second, first, PairKind.UNIT_DIFFERS, Confidence.LIKELY))
    return found


def _percent_of_things(group: Sequence[Figure]) -> list[FigurePair]:
    """An activity given in percent here and counted there: 志愿服务活动90%, 志愿服务活动5次."""
    counted = [
        f
        for f in group
        if f.dimension is Dimension.COUNT and len(f.key) >= _SHORTEST and f.reading.comparison is None
    ]
    return [
        FigurePair(figure, counted[0], PairKind.UNIT_DIFFERS, Confidence.LIKELY)
        for figure in group
        if figure.dimension is Dimension.PERCENT
        and counted
        and figure.measure is StatedMeasure.RATE
        and not figure.inherited
        and not (figure.piece is counted[0].piece and figure.clause == counted[0].clause)
        and figure.period.year == counted[0].period.year
        and not _IS_RATE.search(figure.concept)
    ]


def _similar(groups: dict[str, list[Figure]]) -> list[FigurePair]:
    """Pairs among figures whose keys are nearly the same; never more than possible."""
    by_pair: dict[str, list[str]] = defaultdict(list)
    keys = [key for key, group in groups.items() if len(key) >= _SHORTEST - 1 and _specific_enough(group[0])]
    found: list[FigurePair] = []
    for key in keys:
        shared = Counter(other for gram in _grams(key) for other in by_pair[gram])
        for other, count in shared.items():
            if 2 * count < min(len(key), len(other)) or key == other:
                continue
            alike = similarity(key, other)
            if alike >= _ALIKE or (alike >= _NARROWER and key[-2:] == other[-2:] and _within(key, other)):
                found.extend(_across(groups[other], groups[key], alike))
        for gram in _grams(key):
            if len(by_pair[gram]) < 40:
                by_pair[gram].append(key)
    return found


def _within(first: str, second: str) -> bool:
    """Whether the shorter name is the longer one with words left out: 托养服务 of 智力残疾人托养服务."""
    shorter, longer = sorted((first, second), key=len)
    return round(similarity(first, second) * len(longer)) == len(shorter)


def _grams(key: str) -> set[str]:
    return {key[i : i + 2] for i in range(len(key) - 1)}


def _across(first: Sequence[Figure], second: Sequence[Figure], alike: float) -> list[FigurePair]:
    one, two = _leader(first), _leader(second)
    if (
        one.sentence == two.sentence
        or len({f.amount for f in first}) > 1
        or len({f.amount for f in second}) > 1
    ):
        return []
    doubts = _doubts(one, two)
    if doubts is None:
        return []
    kind = PairKind.AGREES if same_amount(one, two) else PairKind.DIFFERS
    if kind is PairKind.DIFFERS and alike < _ALIKE and not _slip(one, two):
        return []  # a narrower name may be a narrower thing
    return [FigurePair(two, one, kind, _confidence(one, two, doubts, alike), (*doubts, "名称"))]


def comparable_target(target: Figure, result: Figure) -> bool:
    """Whether ``result`` is what was reached of ``target``: the same indicator, stated beside it."""
    return (
        result.measure is StatedMeasure.ACTUAL
        and result.key == target.key
        and result.dimension is target.dimension
        and result.population == target.population
        and result.piece is target.piece
        and result.value is not None
    )
