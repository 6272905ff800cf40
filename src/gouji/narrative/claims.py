"""Words that judge (偏低, 全部完成) against the figures they judge."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from gouji.model import Confidence, Place
from gouji.narrative.figures import Dimension, Figure, Observation, ObservationKind, StatedMeasure, TextPiece
from gouji.narrative.match import comparable_target
from gouji.narrative.relation import exact, plain
from gouji.number.agree import round_half_up
from gouji.pattern import compiled

__all__ = ["claims"]

_LOW = compiled(
    r"(?P<base>年初预算数?|年初)?(?:的)?(?:预算)?数?(?:执行率|执行进度|支出进度)(?:总体|整体)?(?:仍然?|存在)?(?:偏低|较低|过低|不高|偏慢|较慢|缓慢)"
)
_ALL_DONE = compiled(
    r"(?:全部|均已?|都已?|圆满|全面)(?:按[时期质量]+)?(?:完成|实现|达到|达成)了?(?:年初|预期|既定|设定|各项|全部|年度|绩效)*的?(?:绩效)?(?:目标|指标|任务)"
    r"|(?:各项|所有|全部|年初|年度|设定的?)+(?:绩效)?(?:目标|指标|任务)(?:值)?(?:全部|均已?|都已?|已全部|已圆满|已)(?:按[时期质量]+)?(?:完成|实现|达成|达标)"
)
_NEGATED = compiled(r"[未没]|争取|力争|确保|努力|应|需|要|将|拟|预期|计划")
_HIGH_ENOUGH = Decimal(100)
_WHOLE_RATE = compiled(r"(?:部门)?(?:整体)?(?:支出)?预算执行率|执行率")
_SOME = compiled(r"部分|个别|有的|某些|项目")


def claims(pieces: Sequence[TextPiece], figures: Sequence[Figure]) -> list[Observation]:
    """Judgements that the text's own figures contradict.

    A rate called low that is 100 % or more; targets all met although a result stated below its target.
    """
    found: list[Observation] = []
    missed = _missed(figures)
    for piece in pieces:
        for claim in _LOW.finditer(piece.text):
            found.extend(_low(piece, claim, figures))
        if not missed:
            continue
        for claim in _ALL_DONE.finditer(piece.text):
            before = piece.text[max(0, claim.start() - 8) : claim.start()]
            found.extend([] if _NEGATED.search(before) else [_done(piece, claim, missed)])
    return found


def _overall(figures: Sequence[Figure], *measures: StatedMeasure) -> Figure | None:
    """The department's own figure of one of these measures, in the order asked for."""
    for measure in measures:
        for figure in figures:
            if (
                figure.line == "total"
                and figure.measure is measure
                and figure.scope is None
                and exact(figure)
            ):
                return figure
    return None


def _low(piece: TextPiece, claim: re.Match[str], figures: Sequence[Figure]) -> list[Observation]:
    own = [figure for figure in figures if figure.piece.document == piece.document]
    places: tuple[Place, ...]
    if claim["base"]:
        spent = _overall(own, StatedMeasure.EXECUTED)
        planned = _overall(own, StatedMeasure.OPENING)
        if spent is None or planned is None or not planned.amount or spent.amount is None:
            return []
        rate = round_half_up(100 * spent.amount / planned.amount, 2)
        places = (spent.place, planned.place)
        shown = f"{plain(spent.value or Decimal(0))} ÷ {plain(planned.value or Decimal(0))} = {plain(rate)}%"
    else:
        stated = [
            figure
            for figure in own
            if figure.dimension is Dimension.PERCENT
            and figure.owner is None
            and _WHOLE_RATE.fullmatch(figure.concept)
            and figure.value is not None
        ]
        before = piece.text[: claim.start()]
        if not stated or _SOME.search(before[-12:]):
            return []
        rate = min(figure.value for figure in stated if figure.value is not None)
        places = tuple(figure.place for figure in stated[:2])
        shown = f"{plain(rate)}%"
    if rate < _HIGH_ENOUGH:
        return []
    return [
        Observation(
            ObservationKind.CLAIM,
            piece,
            *claim.span(),
            f"写“{claim[0]}”，按数字计算是{shown}，并不低",
            observed=claim[0],
            expected=f"{plain(rate)}%",
            certainty=Confidence.LIKELY,
            related=places,
        )
    ]


def _missed(figures: Sequence[Figure]) -> list[tuple[Figure, Figure]]:
    """(target, result) where the result is below its target."""
    found: list[tuple[Figure, Figure]] = []
    for index, target in enumerate(figures):
        if (
            target.measure is not StatedMeasure.TARGET
            or target.reading.comparison in ("≤", "<")
            or not target.amount
        ):
            continue
        found.extend(
            (target, result)
            for result in figures[index + 1 : index + 3]
            if comparable_target(target, result) and (result.amount or Decimal(0)) < target.amount
        )
    return found


def _done(piece: TextPiece, claim: re.Match[str], missed: Sequence[tuple[Figure, Figure]]) -> Observation:
    target, result = missed[0]
    return Observation(
        ObservationKind.CLAIM,
        piece,
        *claim.span(),
        f"写“{claim[0]}”，但“{result.concept}”目标{target.typed}，实际{result.typed}，没有完成",
        observed=claim[0],
        certainty=Confidence.LIKELY,
        related=(result.place,),
    )
