"""Money bridges: opening budget and its changes to the final one; income, carry-over and spending to what is left."""

from __future__ import annotations

from collections import defaultdict

from gouji.model import Confidence
from gouji.narrative.figures import Dimension, Figure, Standing, StatedKind, StatedMeasure, StatedRelation
from gouji.narrative.relation import comparable, exact, parts_relation
from gouji.pattern import compiled

__all__ = ["bridges"]

_MINUS = compiled(r"调减|追减|核减|压减|减少|收回|调低|削减|缩减")
_PLUS = compiled(r"调增|追加|核增|增加|调高|新增|下达")


def bridges(figures: list[Figure]) -> list[StatedRelation]:
    """年初预算 ± 调整 = 调整后预算; 收入 + 年初结转 − 支出 = 年末结转; each term once in one sentence."""
    found: list[StatedRelation] = []
    by_sentence: dict[int, list[Figure]] = defaultdict(list)
    for figure in figures:
        if figure.dimension is Dimension.MONEY and figure.depth == 0 and exact(figure):
            by_sentence[figure.sentence].append(figure)
    for group in by_sentence.values():
        one = {measure: [f for f in group if f.measure is measure] for measure in _BRIDGED}
        opening, change, final = (
            one[StatedMeasure.OPENING],
            one[StatedMeasure.ADJUSTMENT],
            one[StatedMeasure.ADJUSTED],
        )
        opening = [f for f in opening if len(final) == 1 and f.key == final[0].key]
        if len(opening) == len(final) == 1 and change:
            found.extend(_adjusted(opening[0], change, final[0]))
    groups = [*by_sentence.values(), [f for group in by_sentence.values() for f in group]]
    for group in groups:
        one = {measure: [f for f in group if f.measure is measure] for measure in _BRIDGED}
        income, carried, surplus = (
            one[StatedMeasure.INCOME],
            one[StatedMeasure.CARRIED],
            one[StatedMeasure.SURPLUS],
        )
        spent = [f for f in one[StatedMeasure.EXECUTED] if f.line == "total"]
        if len(income) == len(carried) == len(surplus) == len(spent) == 1:
            found.extend(
                _left_over([income[0], carried[0], spent[0]], surplus[0], near=group is not groups[-1])
            )
    return found


_BRIDGED = (
    StatedMeasure.OPENING,
    StatedMeasure.ADJUSTMENT,
    StatedMeasure.ADJUSTED,
    StatedMeasure.INCOME,
    StatedMeasure.CARRIED,
    StatedMeasure.SURPLUS,
    StatedMeasure.EXECUTED,
)


def _left_over(terms: list[Figure], surplus: Figure, *, near: bool) -> list[StatedRelation]:
    """Income, carry-over and spending to what is left; over several sentences only where it agrees."""
    if not comparable(terms[0], surplus):
        return []
    relation = _bridge(surplus, terms, (1, 1, -1), Confidence.LIKELY)
    return [relation] if near or relation.standing is Standing.HOLDS else []


def _adjusted(opening: Figure, changes: list[Figure], final: Figure) -> list[StatedRelation]:
    """年初预算 ± 调整 = 调整后预算; certain where every change says its direction."""
    signs = [_sign(change) for change in changes]
    if all(signs):
        return [_bridge(final, [opening, *changes], (1, *signs), Confidence.CERTAIN)]
    if len(changes) > 1:
        return []
    options = [_bridge(final, [opening, *changes], (1, sign), Confidence.LIKELY) for sign in (1, -1)]
    return [relation for relation in options if relation.standing is Standing.HOLDS][:1]


def _sign(change: Figure) -> int:
    words = change.piece.text[change.clause[0] : change.end]
    minus, plus = bool(_MINUS.search(words)), bool(_PLUS.search(words))
    return 0 if minus == plus else -1 if minus else 1


def _bridge(
    whole: Figure, terms: list[Figure], signs: tuple[int, ...], certainty: Confidence
) -> StatedRelation:
    return parts_relation(StatedKind.BRIDGE, whole, terms, certainty, "measures", signs=signs)
