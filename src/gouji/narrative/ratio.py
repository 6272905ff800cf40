"""Rates, shares and changes that a text states together with the figures they are computed from."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from gouji.model import Confidence
from gouji.narrative.figures import (
    Dimension,
    Figure,
    Standing,
    StatedMeasure,
    StatedRelation,
)
from gouji.narrative.growth import difference, growth
from gouji.narrative.parts import prefix
from gouji.narrative.quotient import quotient, same_thing
from gouji.narrative.relation import comparable, exact, looks_like_slip
from gouji.narrative.words import RATE_END, VAGUE_MONEY
from gouji.pattern import compiled

__all__ = ["ratios"]

_EXECUTION = compiled(r"(?:执行|支出|使用|支付)(?:率|进度|比例)$")
_COMPLETION = compiled(r"(?:完成率|完成比例|任务完成率|目标完成率|达标率|完成)$")
_CONTROL = compiled(r"控制率$")
_OF_SHARE = compiled(r"(?:占|为|完成|相当于|达到?).{0,16}$")
_PAYMENT = compiled(r"(?:支付|使用)(?:率|进度|比例)$")
_OF_TIME = compiled(r"增|降|减|变动|变化|占|上升|提高")
_PLAIN_SHARE = compiled(r"\s*[，,、]?(?:约)?占(?:比|总(?:收入|支出|数)的?)?(?:为|约)?\s*")
_OF_THREE = frozenset({"abroad", "vehicle", "reception", "vehicle_purchase", "vehicle_running"})
_OF_GIVEN = compiled(r"预算|占[^，。；]{0,8}(?:资金|投资|批复|下达|到位)")
_HUNDRED = Decimal(100)
_ARRIVAL = compiled(r"到位率$")
_DENOMINATORS = (StatedMeasure.ADJUSTED, StatedMeasure.BUDGET, StatedMeasure.OPENING)
_ORDER = (*_DENOMINATORS, StatedMeasure.INCOME)


def ratios(figures: Sequence[Figure], before: Sequence[Figure]) -> list[StatedRelation]:
    """The relations between percentages and the amounts near them.

    Args:
        figures: the figures of one text, in order.
        before: those of the paragraph in front, from which a budget may be taken over.
    """
    found: list[StatedRelation] = []
    for index, figure in enumerate(figures):
        relation: StatedRelation | None = None
        if figure.dimension is Dimension.PERCENT and exact(figure):
            if figure.measure is StatedMeasure.CHANGE:
                relation = growth(figures, index, before)
            elif figure.measure is StatedMeasure.SHARE:
                relation = _share(figures, index, before)
            elif _ARRIVAL.search(figure.concept):
                relation = _arrival(figures, index, before)
            elif _EXECUTION.search(figure.concept):
                relation = _execution(figures, index, before)
            elif figure.measure in (StatedMeasure.RATE, StatedMeasure.ACTUAL):
                relation = _completion(figures, index)
        elif figure.measure is StatedMeasure.CHANGE and exact(figure):
            relation = difference(figures, index)
        if relation is None and figure.dimension is Dimension.PERCENT and exact(figure):
            relation = _slipped(figures, index)
        if relation is not None:
            found.append(relation)
    return found


def _may_be_same(first: Figure, second: Figure) -> bool:
    """Whether nothing speaks against the two being of one thing (项目资金, and the total of the report)."""
    if same_thing(first, second):
        return True
    vague = [
        f.line == "total" or (f.line is None and bool(VAGUE_MONEY.fullmatch(f.concept)))
        for f in (first, second)
    ]
    return all(vague) and first.owner == second.owner


def _execution(figures: Sequence[Figure], index: int, before: Sequence[Figure]) -> StatedRelation | None:
    """执行率: spent over adjusted (or only) budget; certain where one sentence states each once."""
    rate = figures[index]
    money = [f for f in figures if f.dimension in (Dimension.MONEY, Dimension.BARE) and exact(f)]
    near = [f for f in money if abs(f.sentence - rate.sentence) <= 1]
    if rate.owner and any(f.concept == rate.owner and f.measure in _ORDER for f in near):
        own = [f for f in near if f.concept == rate.owner or f.measure is StatedMeasure.INCOME]
        near = own if any(f.measure is StatedMeasure.EXECUTED for f in own) else near
    spent = [f for f in near if f.measure is StatedMeasure.EXECUTED]
    here = [f for f in near if f.sentence == rate.sentence and f.start < rate.start]
    tops = [f for f in here if f.measure is StatedMeasure.EXECUTED]
    bottoms = [f for f in here if f.measure in _DENOMINATORS]
    if not bottoms and _PAYMENT.search(rate.concept):
        bottoms = [f for f in here if f.measure is StatedMeasure.INCOME]
    tight = [(t, b) for t in tops for b in bottoms if same_thing(t, b)]
    if not tight and _PAYMENT.search(rate.concept) and len(tops) == len(bottoms) == 1:
        relation = quotient(rate, tops[0], bottoms[0], Confidence.LIKELY, "near")
        return relation if relation is not None and relation.standing is not Standing.FAILS else None
    for top, bottom in tight:
        relation = quotient(rate, top, bottom, Confidence.CERTAIN, "measures")
        if relation is not None and relation.standing is not Standing.FAILS:
            return relation
    if tight:
        top = _nearest(rate, [t for t, _ in tight])
        options = [b for t, b in tight if t is top]
        bottom = min(options, key=lambda f: _ORDER.index(f.measure))
        ambiguous = len({f.measure for f in options}) > 1 or len({id(t) for t, _ in tight}) > 1
        for other in (f for f in here if f.measure is StatedMeasure.INCOME):
            relation = quotient(rate, top, other, Confidence.LIKELY, "measures")
            if relation is not None and relation.standing is Standing.HOLDS:
                return relation  # 到位152.6万元，支出152.6万元，执行率100%: of what had arrived
        return quotient(rate, top, bottom, Confidence.LIKELY if ambiguous else Confidence.CERTAIN, "measures")
    arrived = [f for f in here if f.measure is StatedMeasure.INCOME]
    # of what was spent, or (实际配套到位…，执行率) of what arrived
    for top, bottom in ((t, b) for t in (tops or arrived) for b in (*bottoms, *arrived)):
        relation = quotient(rate, top, bottom, Confidence.LIKELY, "near")
        if relation is not None and relation.standing is Standing.HOLDS:
            return relation
    for top in tops:
        for bottom in [f for f in figures if f.measure in _DENOMINATORS and comparable(top, f)]:
            if VAGUE_MONEY.fullmatch(top.concept) and rate.sentence - bottom.sentence <= 2:
                relation = quotient(rate, top, bottom, Confidence.LIKELY, "near")
                if relation is not None and relation.standing is Standing.HOLDS:
                    return relation
    if rate.reading.decimals:
        for top, bottom in ((t, b) for t in tops for b in before if b.measure in _ORDER and comparable(t, b)):
            relation = quotient(rate, top, bottom, Confidence.LIKELY, "near")
            if relation is not None and relation.standing is Standing.HOLDS:
                return relation  # 到位资金 stood in the paragraph in front
    for top in spent:
        for bottom in [f for f in (*near, *before) if f.measure in _ORDER and _may_be_same(top, f)]:
            relation = quotient(rate, top, bottom, Confidence.LIKELY, "near")
            if relation is not None and relation.standing is not Standing.FAILS:
                return relation
    return None


def _arrival(figures: Sequence[Figure], index: int, before: Sequence[Figure]) -> StatedRelation | None:
    """资金到位率: what arrived over what was budgeted; told only where it agrees."""
    rate = figures[index]
    tops = [f for f in figures[:index] if f.sentence == rate.sentence and f.measure is StatedMeasure.INCOME]
    bottoms = [f for f in (*figures[:index], *before) if f.measure in _DENOMINATORS and exact(f)]
    for top in tops:
        for bottom in bottoms:
            if comparable(top, bottom):
                relation = quotient(rate, top, bottom, Confidence.LIKELY, "near")
                if relation is not None and relation.standing is not Standing.FAILS:
                    return relation
    return None


def _nearest(figure: Figure, others: Sequence[Figure]) -> Figure:
    return min(others, key=lambda other: abs(figure.start - other.start))


def _completion(figures: Sequence[Figure], index: int) -> StatedRelation | None:
    """完成率 of a target and a result in one sentence; other rates only if two figures in front give it."""
    rate = figures[index]
    here = [
        f
        for f in figures[max(0, index - 6) : index]
        if f.sentence == rate.sentence and f.dimension in (Dimension.COUNT, Dimension.MONEY) and exact(f)
    ]
    targets = [f for f in here if f.measure in (StatedMeasure.TARGET, StatedMeasure.ESTABLISHMENT)]
    done = [f for f in here if f.measure in (StatedMeasure.ACTUAL, StatedMeasure.UNKNOWN)]
    kind = _COMPLETION if not _CONTROL.search(rate.concept) else _CONTROL
    plainly = rate.measure is StatedMeasure.ACTUAL and not RATE_END.search(rate.concept)
    if kind.search(rate.concept) or plainly:
        pairs = [(d, t) for t in targets for d in done if comparable(d, t)]
        if plainly:
            pairs = [(d, t) for d, t in pairs if d.key == rate.key]
        if len(pairs) == 1 and (same_thing(*pairs[0]) or kind is _CONTROL):
            return quotient(rate, *pairs[0], Confidence.CERTAIN, "measures")
        for top, bottom in pairs:
            relation = quotient(rate, top, bottom, Confidence.LIKELY, "measures")
            if relation is not None and relation.standing is Standing.HOLDS:
                return relation
    heads = [f for f in figures[:index] if f.sentence == rate.sentence - 1 and f.dimension is Dimension.COUNT]
    return _agreeing(rate, [*(f for f in heads[:1] if exact(f)), *here])


def _agreeing(rate: Figure, here: Sequence[Figure]) -> StatedRelation | None:
    """Two figures in front whose ratio is the rate (发放100份，收回98份，98%); never a contradiction."""
    if rate.value in (None, Decimal(100), Decimal(0)):
        return None
    for top in reversed(here):
        for bottom in here:
            if bottom.start < top.start and comparable(top, bottom) and bottom.value:
                relation = quotient(rate, top, bottom, Confidence.LIKELY, "near")
                if relation is not None and relation.standing is Standing.HOLDS:
                    return relation
    return None


def _slipped(figures: Sequence[Figure], index: int) -> StatedRelation | None:
    """决算21.4万元，预算24万元，控制率93.17%: the rate of the only two figures in front of it.

    Told as wrong where they are the spending and the budget of one thing, or the rate is theirs but for one slip.
    """
    rate = figures[index]
    if rate.value is None or not RATE_END.search(rate.concept) or _OF_TIME.search(rate.concept):
        return None
    before = [f for f in figures[:index] if f.sentence == rate.sentence]
    if len(before) != 2 or not all(exact(f) and f.value for f in before) or not comparable(*before):
        return None
    small, large = sorted(before, key=lambda f: f.value or Decimal(0))
    relation = quotient(
        rate, *((small, large) if rate.value <= _HUNDRED else (large, small)), Confidence.LIKELY, "near"
    )
    if relation is None or relation.standing is not Standing.FAILS or relation.expected is None:
        return relation
    measures = {f.measure for f in before}
    spent = StatedMeasure.EXECUTED in measures and bool(measures & {*_DENOMINATORS}) and same_thing(*before)
    spent = spent and rate.concept.endswith("率")  # 形象进度 is no rate of money
    return relation if spent or looks_like_slip(relation.expected, rate.value) else None


def _share(figures: Sequence[Figure], index: int, before: Sequence[Figure]) -> StatedRelation | None:
    """A 10万元，占B 50万元的20%, or 占总支出的20% with the total in front."""
    rate = figures[index]
    here = [
        f
        for f in figures[max(0, index - 12) : index]
        if f.dimension in (Dimension.MONEY, Dimension.COUNT) and exact(f)
    ]
    near = [f for f in here if rate.sentence - f.sentence <= 2]
    if not near or near[-1].sentence < rate.sentence - 1:
        return None
    text = rate.piece.text
    last = near[-1]
    gap = text[last.end : rate.start]
    if len(near) >= 2 and gap.strip() in ("的", "") and _OF_SHARE.search(text[near[-2].end : last.start]):
        top = near[-2]
        if comparable(top, last):
            return quotient(rate, top, last, Confidence.CERTAIN, "measures")
    budget = _OF_GIVEN.search(text, rate.clause[0], rate.start) is not None
    others = [
        f
        for f in (*figures[: max(0, index - 12)], *before)
        if exact(f) and (f.line == "total" or (budget and f.measure in _ORDER))
    ]
    if last.line in _OF_THREE:
        others += [f for f in before if exact(f) and f.line == "three_public"]
    failing: StatedRelation | None = None
    for bottom in (*near[:-1], *others):
        if comparable(last, bottom):
            relation = quotient(rate, last, bottom, Confidence.LIKELY, "near")
            if relation is not None and relation.standing is not Standing.FAILS:
                return relation
            if relation is not None and _whole_of_list(figures, index, last, bottom):
                failing = relation
    return failing


def _adds_up(figures: Sequence[Figure], marker: int, part: Figure, whole: Figure) -> bool:
    """Whether the list behind 其中 is all of the whole, so that a share in it is of this whole and no other."""
    parts = [
        f
        for f in figures
        if f.start > marker
        and f.sentence == part.sentence
        and f.measure is part.measure is whole.measure
        and comparable(f, whole)
    ]
    size = prefix(parts, whole)
    return bool(size) and any(f is part for f in parts[:size])


def _whole_of_list(figures: Sequence[Figure], index: int, part: Figure, whole: Figure) -> bool:
    """Whether another part of one list has its share of this very whole, so that this share must be of it too.

    A 100万元，其中：B 40万元，占40%；C 60万元，占50%: B's share tells of what the shares are.
    """
    rate, text = figures[index], figures[index].piece.text
    marker = text.find("其中", whole.end, part.start)
    if marker < 0 or whole.piece is not part.piece or not _PLAIN_SHARE.fullmatch(text, part.end, rate.start):
        return False
    if _adds_up(figures, marker, part, whole):
        return True
    for one, other in pairwise(figures):
        if (
            other is not rate
            and one.start > marker
            and other.measure is StatedMeasure.SHARE
            and other.sentence == rate.sentence
            and _PLAIN_SHARE.fullmatch(text, one.end, other.start)
            and comparable(one, whole)
        ):
            relation = quotient(other, one, whole, Confidence.LIKELY, "near")
            if relation is not None and relation.standing is Standing.HOLDS:
                return True
    return False
