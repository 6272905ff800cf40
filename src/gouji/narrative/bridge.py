"""Money bridges: opening budget and its changes to the final one; income, carry-over and spending to what is left."""

from __future__ import annotations

from collections import defaultdict

from gouji.model import Confidence
from gouji.narrative.figures import Dimension, Figure, Standing, StatedKind, StatedMeasure, StatedRelation
from gouji.narrative.relation import comparable, exact, looks_like_slip, parts_relation
from gouji.pattern import compiled

__all__ = ["bridges", "left_of"]

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
    for group in by_sentence.values():
        found.extend(_unspent(group, [f for other in by_sentence.values() for f in other]))
        found.extend(_regranted(group))
    return found


def _unspent(group: list[Figure], figures: list[Figure]) -> list[StatedRelation]:
    """到位100万元，支出90万元，结余10万元. A contradiction is told only where one digit slipped in plain words."""
    left = [f for f in group if f.measure is StatedMeasure.SURPLUS]
    years = {f.period.year for f in left}
    spent = [f for f in group if f.measure is StatedMeasure.EXECUTED and f.period.year in years]
    if len(spent) != 1 or len(left) != 1 or any(f.measure is StatedMeasure.CARRIED for f in figures):
        return []
    here = [f for f in group if f.measure in _GIVEN and f.start < spent[0].start < left[0].start]
    for given in reversed([f for f in figures if f.measure in _GIVEN and f.start < left[0].start]):
        relation = _bridge(left[0], [given, spent[0]], (1, -1), Confidence.CERTAIN)
        if relation.standing is Standing.HOLDS:
            return [relation]
        expected, printed = relation.expected, left[0].value
        slipped = expected is not None and printed is not None and looks_like_slip(expected, printed)
        if len(here) == 1 and given is here[0] and slipped and given.key == spent[0].key:
            return [_bridge(left[0], [given, spent[0]], (1, -1), Confidence.LIKELY)]
    return []


def left_of(figures: list[Figure], before: list[Figure]) -> list[StatedRelation]:
    """What is left, where money given and spent are told further in front, also in another paragraph.

    Told only where it agrees: one thing's money given and spent, or what was told last of each.
    """
    found: list[StatedRelation] = []
    for left in figures:
        if (
            left.measure is not StatedMeasure.SURPLUS
            or left.dimension is not Dimension.MONEY
            or not exact(left)
        ):
            continue
        ahead = [f for f in (*before, *figures) if f.piece is not left.piece or f.start < left.start]
        money = [f for f in ahead if comparable(f, left) and exact(f) and f.period.year == left.period.year]
        spent = [f for f in money if f.measure is StatedMeasure.EXECUTED][-_LOOKED_AT:]
        given = [f for f in money if f.measure in _GIVEN][-_LOOKED_AT:]
        options = [
            _bridge(left, [one, other], (1, -1), Confidence.LIKELY)
            for other in reversed(spent)
            for one in reversed(given)
            if other is spent[-1] or one.key == other.key or other.line == "total"
        ]
        found.extend([relation for relation in options if relation.standing is Standing.HOLDS][:1])
    return found


_LOOKED_AT = 8


def _regranted(group: list[Figure]) -> list[StatedRelation]:
    """下达126万元，…，调减38万元，实际下达88万元; told only where it agrees."""
    changes = [f for f in group if f.measure is StatedMeasure.ADJUSTMENT]
    granted = [f for f in group if f.measure is StatedMeasure.BUDGET]
    if len(changes) != 1 or len(granted) < 2:
        return []
    first, last = granted[0], granted[-1]
    if not first.start < changes[0].start < last.start or not comparable(first, last):
        return []
    options = [_bridge(last, [first, changes[0]], (1, sign), Confidence.LIKELY) for sign in (1, -1)]
    return [relation for relation in options if relation.standing is Standing.HOLDS][:1]


_GIVEN = (StatedMeasure.BUDGET, StatedMeasure.ADJUSTED, StatedMeasure.OPENING, StatedMeasure.INCOME)
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
