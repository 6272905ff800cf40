"""Rates, shares and changes that a text states together with the figures they are computed from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from gouji.model import Confidence, Reading
from gouji.narrative.figures import (
    Dimension,
    Figure,
    Standing,
    StatedKind,
    StatedMeasure,
    StatedRelation,
    StatedTerm,
)
from gouji.narrative.relation import comparable, exact, looks_like_slip, parts_relation, plain
from gouji.narrative.words import RATE_END, VAGUE_MONEY
from gouji.number.agree import Agreement, agree_ratio
from gouji.pattern import compiled

__all__ = ["ratios"]

_STANDING = {
    Agreement.AGREES: Standing.HOLDS,
    Agreement.ROUNDING: Standing.ROUNDING,
    Agreement.DISAGREES: Standing.FAILS,
}
_EXECUTION = compiled(r"(?:执行|支出|使用|支付)(?:率|进度|比例)$")
_COMPLETION = compiled(r"(?:完成率|完成比例|任务完成率|目标完成率|达标率|完成)$")
_CONTROL = compiled(r"控制率$")
_UP = compiled(r"增加|增长|上升|提高|增幅|多")
_DOWN = compiled(r"减少|下降|降低|减|少|压减|降幅")
_EARLIER = compiled(r"[较比]|上年|去年")
_COMPARED_WITH = compiled(r"[，,（(]?(?:同比|相?比|较)[^，,。；;]{0,16}?的?")
_AT_ONCE = compiled(r"(?:元)?[，,]?(?:同比)?(?:增加|增长|上升|提高|减少|下降|降低|压减)了?(?:幅度为)?")
_OF_SHARE = compiled(r"(?:占|为|完成|相当于|达到?).{0,16}$")
_PAYMENT = compiled(r"(?:支付|使用)(?:率|进度|比例)$")
_OF_TIME = compiled(r"增|降|减|变动|变化|占|上升|提高")
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
                relation = _growth(figures, index, before)
            elif figure.measure is StatedMeasure.SHARE:
                relation = _share(figures, index, before)
            elif _ARRIVAL.search(figure.concept):
                relation = _arrival(figures, index, before)
            elif _EXECUTION.search(figure.concept):
                relation = _execution(figures, index, before)
            elif figure.measure in (StatedMeasure.RATE, StatedMeasure.ACTUAL):
                relation = _completion(figures, index)
        elif figure.measure is StatedMeasure.CHANGE and exact(figure):
            relation = _difference(figures, index)
        if relation is None and figure.dimension is Dimension.PERCENT and exact(figure):
            relation = _slipped(figures, index)
        if relation is not None:
            found.append(relation)
    return found


def _ratio(
    rate: Figure, top: Figure, bottom: Figure, certainty: Confidence, why: str
) -> StatedRelation | None:
    if not (exact(top) and exact(bottom)) or not bottom.value or rate is top or rate is bottom:
        return None
    compared = agree_ratio(top.reading, bottom.reading, rate.reading)
    standing = _STANDING[compared.agreement]
    if standing is Standing.FAILS and _far(compared.expected, rate.value):
        certainty = Confidence.POSSIBLE  # more likely not the figures this rate is of
    shown = f"{plain(top.value or Decimal(0))} ÷ {plain(bottom.value)} = {plain(compared.expected)}%"
    if top.unit != bottom.unit:
        shown = f"{top.typed} ÷ {bottom.typed} = {plain(compared.expected)}%"
    if standing is not Standing.HOLDS:
        sign = "≠" if standing is Standing.FAILS else "≈"
        shown = f"{shown} {sign} {plain(rate.value or Decimal(0))}%"
    return StatedRelation(
        kind=StatedKind.RATIO,
        terms=(StatedTerm(top, Decimal(1)), StatedTerm(bottom, Decimal(1)), StatedTerm(rate, Decimal(-1))),
        whole=rate,
        standing=standing,
        certainty=certainty,
        arithmetic=shown,
        expected=compared.expected,
        why=why,
        difference=-compared.difference,
    )


def _far(expected: Decimal, printed: Decimal | None) -> bool:
    """Whether two rates are so far apart that one is hardly a slip of the other."""
    if printed is None:
        return True
    return (expected > 2 * printed or 2 * expected < printed) and not looks_like_slip(expected, printed)


def _same_thing(first: Figure, second: Figure) -> bool:
    return first.key == second.key or (
        first.line is not None and first.line == second.line and first.owner == second.owner
    )


def _may_be_same(first: Figure, second: Figure) -> bool:
    """Whether nothing speaks against the two being of one thing (项目资金, and the total of the report)."""
    if _same_thing(first, second):
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
        near = [f for f in near if f.concept == rate.owner]
    spent = [f for f in near if f.measure is StatedMeasure.EXECUTED]
    here = [f for f in near if f.sentence == rate.sentence and f.start < rate.start]
    tops = [f for f in here if f.measure is StatedMeasure.EXECUTED]
    bottoms = [f for f in here if f.measure in _DENOMINATORS]
    if not bottoms and _PAYMENT.search(rate.concept):
        bottoms = [f for f in here if f.measure is StatedMeasure.INCOME]
    tight = [(t, b) for t in tops for b in bottoms if _same_thing(t, b)]
    if not tight and _PAYMENT.search(rate.concept) and len(tops) == len(bottoms) == 1:
        relation = _ratio(rate, tops[0], bottoms[0], Confidence.LIKELY, "near")
        return relation if relation is not None and relation.standing is not Standing.FAILS else None
    for top, bottom in tight:
        relation = _ratio(rate, top, bottom, Confidence.CERTAIN, "measures")
        if relation is not None and relation.standing is not Standing.FAILS:
            return relation
    if tight:
        top = _nearest(rate, [t for t, _ in tight])
        options = [b for t, b in tight if t is top]
        bottom = min(options, key=lambda f: _ORDER.index(f.measure))
        ambiguous = len({f.measure for f in options}) > 1 or len({id(t) for t, _ in tight}) > 1
        return _ratio(rate, top, bottom, Confidence.LIKELY if ambiguous else Confidence.CERTAIN, "measures")
    for top in spent:
        for bottom in [f for f in (*near, *before) if f.measure in _ORDER and _may_be_same(top, f)]:
            relation = _ratio(rate, top, bottom, Confidence.LIKELY, "near")
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
                relation = _ratio(rate, top, bottom, Confidence.LIKELY, "near")
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
        if len(pairs) == 1 and (_same_thing(*pairs[0]) or kind is _CONTROL):
            return _ratio(rate, *pairs[0], Confidence.CERTAIN, "measures")
        for top, bottom in pairs:
            relation = _ratio(rate, top, bottom, Confidence.LIKELY, "measures")
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
                relation = _ratio(rate, top, bottom, Confidence.LIKELY, "near")
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
    relation = _ratio(
        rate, *((small, large) if rate.value <= _HUNDRED else (large, small)), Confidence.LIKELY, "near"
    )
    if relation is None or relation.standing is not Standing.FAILS or relation.expected is None:
        return relation
    measures = {f.measure for f in before}
    spent = StatedMeasure.EXECUTED in measures and bool(measures & {*_DENOMINATORS}) and _same_thing(*before)
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
    near = [f for f in here if rate.sentence - f.sentence <= 1]
    if not near:
        return None
    text = rate.piece.text
    last = near[-1]
    gap = text[last.end : rate.start]
    if len(near) >= 2 and gap.strip() in ("的", "") and _OF_SHARE.search(text[near[-2].end : last.start]):
        top = near[-2]
        if comparable(top, last):
            return _ratio(rate, top, last, Confidence.CERTAIN, "measures")
    budget = "预算" in rate.piece.text[rate.clause[0] : rate.start]
    others = [
        f for f in before if exact(f) and (f.line == "total" or (budget and f.measure in _DENOMINATORS))
    ]
    for bottom in (*near[:-1], *others):
        if comparable(last, bottom):
            relation = _ratio(rate, last, bottom, Confidence.LIKELY, "near")
            if relation is not None and relation.standing is not Standing.FAILS:
                return relation
    return None


def _direction(figure: Figure) -> int:
    words = figure.piece.text[figure.clause[0] : figure.end]
    down, up = _DOWN.search(words), _UP.search(words)
    return 0 if bool(down) == bool(up) else -1 if down else 1


def _growth(figures: Sequence[Figure], index: int, before: Sequence[Figure]) -> StatedRelation | None:
    """792.22万元，比上年增加189.25万元，增长31.39%: the change over what was before."""
    rate = figures[index]
    if index < 1:
        return None
    if figures[index - 1].measure is not StatedMeasure.CHANGE:
        return _growth_from(figures, index)
    change = figures[index - 1]
    sign = _direction(change)
    if change.sentence != rate.sentence or not exact(change) or not sign:
        return None
    options = [f for f in figures[max(0, index - 2) : index - 1] if rate.sentence - f.sentence <= 1]
    options = [f for f in options if f.measure is not StatedMeasure.CHANGE]
    if not options:
        options = [f for f in before if f.line == "total" and f.measure is StatedMeasure.EXECUTED]
    for now in options:
        if comparable(change, now) and exact(now) and now.measure is not StatedMeasure.CHANGE:
            earlier = (now.amount or Decimal(0)) - sign * (change.amount or Decimal(0))
            if _is_base(now, rate):
                return _ratio(rate, change, now, Confidence.LIKELY, "measures")
            relation = _growth_relation(rate, change, now, earlier, sign)
            if relation is not None and (now.piece is rate.piece or relation.standing is not Standing.FAILS):
                return relation
    return None


def _growth_from(figures: Sequence[Figure], index: int) -> StatedRelation | None:
    """15万元，比2021年的16万元下降6.25%: what it is now, what it is compared with, and the rate at once."""
    rate = figures[index]
    here = [f for f in figures[:index] if f.sentence == rate.sentence and exact(f)]
    if len(here) < 2 or not comparable(*here[-2:]):
        return None
    now, earlier = here[-2:]
    text, sign = rate.piece.text, _direction(rate)
    linked = _COMPARED_WITH.fullmatch(text, now.end, earlier.start) and _AT_ONCE.fullmatch(
        text, earlier.end, rate.start
    )
    if not linked or not sign or not earlier.value or now.amount is None or earlier.amount is None:
        return None
    moved = (now.amount - earlier.amount) * sign / earlier.factor
    compared = agree_ratio(_with_value(earlier, moved), earlier.reading, rate.reading)
    standing = _STANDING[compared.agreement]
    if (
        standing is Standing.ROUNDING
        and rate.value is not None
        and looks_like_slip(compared.expected, rate.value)
    ):
        standing = Standing.FAILS  # 15 and 16 may be rounded, but 6.25 was not rounded to 6.52
    mark = "≠" if standing is Standing.FAILS else "="
    return StatedRelation(
        kind=StatedKind.CHANGE,
        terms=(StatedTerm(now, Decimal(1)), StatedTerm(earlier, Decimal(1)), StatedTerm(rate, Decimal(-1))),
        whole=rate,
        standing=standing,
        certainty=Confidence.CERTAIN if _same_thing(now, earlier) else Confidence.LIKELY,
        arithmetic=f"({now.typed} − {earlier.typed}) ÷ {earlier.typed} = {plain(compared.expected * sign)}%"
        + (f" {mark} {plain(rate.value * sign)}%" if standing is Standing.FAILS and rate.value else ""),
        expected=compared.expected,
        why="measures",
        difference=-compared.difference,
    )


def _is_base(figure: Figure, rate: Figure) -> bool:
    """Whether the figure is what was before: of an earlier year, or said with 较 or 比."""
    if (
        figure.period.year is not None
        and rate.period.year is not None
        and figure.period.year < rate.period.year
    ):
        return True
    return bool(_EARLIER.search(figure.piece.text, figure.clause[0], figure.start))


def _growth_relation(
    rate: Figure, change: Figure, now: Figure, earlier: Decimal, sign: int
) -> StatedRelation | None:
    if earlier <= 0:
        return None
    unit = now.factor
    base = _with_value(now, earlier / unit)
    compared = agree_ratio(change.reading, base, rate.reading)
    standing = _STANDING[compared.agreement]
    tight = change.sentence == now.sentence == rate.sentence
    before = plain(earlier / unit)
    mark = "−" if sign > 0 else "+"
    shown = (
        f"{plain(now.value or Decimal(0))} {mark} {plain(change.value or Decimal(0))} = {before}，"
        f"{plain(change.value or Decimal(0))} ÷ {before} = {plain(compared.expected)}%"
    )
    if standing is Standing.FAILS:
        shown += f" ≠ {plain(rate.value or Decimal(0))}%"
    return StatedRelation(
        kind=StatedKind.CHANGE,
        terms=(StatedTerm(change, Decimal(1)), StatedTerm(now, Decimal(1)), StatedTerm(rate, Decimal(-1))),
        whole=rate,
        standing=standing,
        certainty=Confidence.CERTAIN if tight else Confidence.LIKELY,
        arithmetic=shown,
        expected=compared.expected,
        why="measures",
        difference=-compared.difference,
    )


def _with_value(figure: Figure, value: Decimal) -> Reading:
    reading = figure.reading
    return Reading(reading.text, reading.kind, value, reading.decimals, reading.unit)


def _difference(figures: Sequence[Figure], index: int) -> StatedRelation | None:
    """2024年100万元，比2023年的80万元增加20万元: now − before = difference."""
    change = figures[index]
    sign = _direction(change)
    near = [f for f in figures[max(0, index - 12) : index] if comparable(f, change) and exact(f)]
    near = [f for f in near if f.measure is not StatedMeasure.CHANGE]
    if not sign or len(near) < 2:
        return None
    earlier, now = near[-1], near[-2]
    text = change.piece.text
    linked = (
        now.sentence == earlier.sentence == change.sentence
        and now.end <= earlier.start
        and re.search(r"[较比]", text[now.end : earlier.start])
    )
    if not linked:
        return _by_years(change, near, sign)
    signs = (1, -1) if sign > 0 else (-1, 1)
    return parts_relation(
        StatedKind.BRIDGE, change, [now, earlier], Confidence.CERTAIN, "measures", signs=signs
    )


def _by_years(change: Figure, near: Sequence[Figure], sign: int) -> StatedRelation | None:
    """Two years' figures of one thing in front of their difference; told only where it agrees."""
    for now in near:
        for earlier in near:
            if (
                now.period.year is None
                or earlier.period.year != now.period.year - 1
                or now.key != earlier.key
            ):
                continue
            signs = (1, -1) if sign > 0 else (-1, 1)
            relation = parts_relation(
                StatedKind.BRIDGE, change, [now, earlier], Confidence.LIKELY, "measures", signs=signs
            )
            return relation if relation.standing is Standing.HOLDS else None
    return None
