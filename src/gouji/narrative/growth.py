"""Changes a text states: by how much, by what percentage, against which figure."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from gouji.model import Confidence, Reading
from gouji.narrative.figures import Figure, Standing, StatedKind, StatedMeasure, StatedRelation, StatedTerm
from gouji.narrative.quotient import STANDING, quotient, same_thing
from gouji.narrative.relation import comparable, exact, looks_like_slip, parts_relation, plain
from gouji.number.agree import agree_ratio
from gouji.pattern import compiled

__all__ = ["difference", "growth"]

_UP = compiled(r"增加|增长|上升|提高|增幅|多")
_DOWN = compiled(r"减少|下降|降低|减|少|压减|降幅")
_EARLIER = compiled(r"[较比]|上年|去年")
_COMPARED_WITH = compiled(r"[，,（(]?(?:同比|相?比|较)[^，,。；;]{0,16}?的?")
_AGAINST = compiled(r"[较比](?![大小高低多少好快为例重率])")
_AT_ONCE = compiled(r"(?:元)?[，,]?(?:同比)?(?:增加|增长|上升|提高|减少|下降|降低|压减)了?(?:幅度为)?")


def _direction(figure: Figure) -> int:
    words = figure.piece.text[figure.clause[0] : figure.end]
    down, up = _DOWN.search(words), _UP.search(words)
    return 0 if bool(down) == bool(up) else -1 if down else 1


def growth(figures: Sequence[Figure], index: int, before: Sequence[Figure]) -> StatedRelation | None:
    """792.22万元，比上年增加189.25万元，增长31.39%: the change over what was before."""
    rate = figures[index]
    if index < 1 or (rate.unit or "").endswith("百分点"):
        return None
    if figures[index - 1].measure is not StatedMeasure.CHANGE:
        return _growth_from(figures, index)
    change = figures[index - 1]
    sign = _direction(change)
    if change.sentence != rate.sentence or not exact(change) or not sign:
        return None
    options = [f for f in figures[max(0, index - 2) : index - 1] if rate.sentence - f.sentence <= 1]
    options = [f for f in options if f.measure is not StatedMeasure.CHANGE]
    sure = True
    whole = _spoken_of(figures[: index - 1], change)
    if whole is not None and whole not in options:
        options = [whole]
    if options and not change.inherited and change.key and all(f.key != change.key for f in options):
        # the change names its own thing (因公出国费比上年减少…), which may stand further in front
        own = [f for f in figures[: index - 1] if f.key == change.key and comparable(f, change)][-1:]
        own = [f for f in own if f.measure is not StatedMeasure.CHANGE]
        sure, options = bool(own), own or options
    if not options:
        options = [f for f in before if f.line == "total" and f.measure is StatedMeasure.EXECUTED]
    for now in options:
        if comparable(change, now) and exact(now) and now.measure is not StatedMeasure.CHANGE:
            earlier = (now.amount or Decimal(0)) - sign * (change.amount or Decimal(0))
            if _is_base(now, rate):
                return quotient(rate, change, now, Confidence.LIKELY, "measures")
            relation = _growth_relation(rate, change, now, earlier, sign)
            told = sure and now.piece is rate.piece
            if relation is not None and (told or relation.standing is not Standing.FAILS):
                return relation
    return None


def _spoken_of(figures: Sequence[Figure], change: Figure) -> Figure | None:
    """What a change behind a list of parts is of: A 21万元，其中B 9万元，C 12万元，与上年相比减少…."""
    named = [f for f in figures if f.sentence == change.sentence and f.measure is not StatedMeasure.CHANGE]
    if (
        not named
        or named[-1].key == change.key
        or "其中" not in change.piece.text[named[0].end : change.start]
    ):
        return None
    same = [f for f in named if f.key == change.key and comparable(f, change)]
    spent = [f for f in same if f.measure in (StatedMeasure.EXECUTED, StatedMeasure.INCOME)]
    return next(iter(spent or same), None)


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
    standing = STANDING[compared.agreement]
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
        certainty=Confidence.CERTAIN if same_thing(now, earlier) else Confidence.LIKELY,
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
    standing = STANDING[compared.agreement]
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


def difference(figures: Sequence[Figure], index: int) -> StatedRelation | None:
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
        and _AGAINST.search(text, max(now.end, earlier.clause[0]), earlier.start)
        and (same_thing(now, earlier) or _earlier(earlier, now))
    )
    if not linked:
        return _by_years(change, near, sign)
    signs = (1, -1) if sign > 0 else (-1, 1)
    return parts_relation(
        StatedKind.BRIDGE, change, [now, earlier], Confidence.CERTAIN, "measures", signs=signs
    )


def _earlier(first: Figure, second: Figure) -> bool:
    """Whether the first figure is of an earlier year."""
    one, two = first.period.year, second.period.year
    return one is not None and two is not None and one < two


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
            if relation.standing is Standing.HOLDS:
                return relation
    return None
