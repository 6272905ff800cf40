"""Arithmetic that a text states between its own figures: wholes, totals, bridges, rates, changes.

Agreement is looked for widely (any prefix of a list that makes up its whole counts), a contradiction is
claimed narrowly: only where the words leave no other reading is a relation CERTAIN. 其中 followed by some
parts of a whole never becomes an equality by itself.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from gouji.model import Confidence
from gouji.narrative.figures import Dimension, Figure, Measure, RelationKind, Standing, StatedRelation
from gouji.narrative.ratio import ratios
from gouji.narrative.relation import balance, comparable, exact, parts_relation
from gouji.narrative.sentence import Text, read_text
from gouji.narrative.words import COMPLEMENTS

__all__ = ["statements"]

_OF_WHICH = re.compile(
    r"其中(?!之[一二])|分别为|分别是|分为|由(?=[^，。；]{1,60}(?:组成|构成))|包括(?!但不限)|包含|[（(]含"
)
_EXHAUSTIVE = frozenset({"分为", "由"})
_WEAK = frozenset({"包括", "包含", "（含", "(含"})
_STOPS = frozenset(
    {Measure.INCOME, Measure.CARRIED, Measure.SURPLUS, Measure.CHANGE, Measure.STANDARD, Measure.ADJUSTMENT}
)
_PLUS_ONE = re.compile(r"(?:机关|本级)(?:本级)?(?:以及|及|和|与)[^，。；]{0,4}$")
_MINUS = re.compile(r"调减|追减|核减|压减|减少|收回|调低|削减|缩减")
_PLUS = re.compile(r"调增|追加|核增|增加|调高|新增|下达")
_MULTIPLIES = re.compile(r"每[人户亩生月年天次个套]|人均|标准|单价|元/")


def statements(figures: Iterable[Figure]) -> tuple[StatedRelation, ...]:
    """Find the relations that the texts state between figures.

    Args:
        figures: what :func:`gouji.narrative.extract` found, in its order.

    Returns:
        Relations in text order, each with its terms, how it stands, how certain the reading is, and the
        arithmetic.
    """
    by_piece: dict[int, list[Figure]] = defaultdict(list)
    for figure in figures:
        by_piece[id(figure.piece)].append(figure)
    found: list[StatedRelation] = []
    before: list[Figure] = []
    for group in by_piece.values():
        text = read_text(group[0].piece.text)
        usable = [figure for figure in group if figure.value is not None]
        found.extend(_of_piece(text, usable))
        found.extend(ratios(usable, before))
        before = usable if usable and usable[0].piece.cell is None else []
    return tuple(_with_parallels(_unique(found)))


def _of_piece(text: Text, figures: list[Figure]) -> list[StatedRelation]:
    found: list[StatedRelation] = []
    taken: set[int] = set()
    markers = list(_OF_WHICH.finditer(text.masked))
    for index in range(len(markers) - 1, -1, -1):
        relation = _of_which(text, figures, markers, index, taken)
        if relation is not None:
            found.append(relation)
            taken.update(part.start for part in relation.parts)
    found.reverse()
    found.extend(_totals(text, figures, markers))
    found.extend(_complements(figures, found))
    found.extend(_bridges(figures))
    return found


def _end_of_group(text: Text, marker: re.Match[str]) -> tuple[int, bool]:
    """(end offset, bracketed) of what a 其中 may list."""
    depth = 0
    opened = text.masked.rfind("（", 0, marker.start() + 1), text.masked.rfind("(", 0, marker.start() + 1)
    start = max(opened)
    closed = max(text.masked.rfind("）", 0, marker.start()), text.masked.rfind(")", 0, marker.start()))
    if start > closed:
        for offset in range(start, len(text.masked)):
            if text.masked[offset] in "（(":
                depth += 1
            elif text.masked[offset] in "）)":
                depth -= 1
                if depth == 0:
                    return offset, True
    return text.sentence_of(marker.start())[1], False


def _of_which(
    text: Text, figures: list[Figure], markers: list[re.Match[str]], index: int, taken: set[int]
) -> StatedRelation | None:
    marker = markers[index]
    end, bracketed = _end_of_group(text, marker)
    after = [f for f in figures if marker.end() <= f.start < end and f.start not in taken]
    first = next((f for f in after if f.dimension in (Dimension.MONEY, Dimension.COUNT)), None)
    if first is None:
        after = [f for f in figures if marker.end() <= f.start]
        end = len(text.raw)
        first = after[0] if after and not bracketed else None
        if first is None or first.dimension not in (Dimension.MONEY, Dimension.COUNT):
            return None
    whole = _whole(text, figures, marker, first)
    if whole is None:
        return None
    parts = _parts(after, whole, taken, marker, bracketed=bracketed)
    if not bracketed and not _prefix(parts, whole):
        more = [f for f in figures if f.start >= marker.end() and f.start not in taken]
        longer = _parts(more, whole, taken, marker, bracketed=False)
        if _enumerated(text, marker.end(), longer) and (size := _prefix(longer, whole)):
            parts = longer[:size]
    if not parts:
        return None
    if _PLUS_ONE.search(text.raw[max(0, whole.start - 8) : whole.start]):
        return None
    following = markers[index + 1].start() if index + 1 < len(markers) else end
    return _judge(text, marker[0], whole, parts, nested=following < end)


def _enumerated(text: Text, start: int, parts: Sequence[Figure]) -> bool:
    """Whether a list goes on over full stops because its items are numbered."""
    if len(parts) < 2:
        return False
    between = text.raw[start : parts[-1].start]
    return bool(re.search(r"[（(]?[2二][）)、.]|②|；", between))


def _whole(text: Text, figures: list[Figure], marker: re.Match[str], first: Figure) -> Figure | None:
    """The figure that a 其中 divides: the nearest comparable one in front of it."""
    sentence = text.sentence_of(marker.start())[0]
    lead = text.raw[sentence : marker.start()].strip("　 \t") == ""
    floor = sentence
    if lead and sentence > 0:
        floor = text.sentence_of(sentence - 1)[0]
    segment = max((start for start in text.segments if start <= marker.start()), default=0)
    opens_segment = text.raw[segment : marker.start()].strip() == ""
    candidates = [f for f in figures if floor <= f.start and f.end <= marker.start() and comparable(f, first)]
    candidates = [f for f in candidates if f.measure not in _STOPS or f.measure is Measure.INCOME]
    if not candidates:
        return None
    if lead or (opens_segment and segment > sentence):
        earlier = [f for f in candidates if f.depth == 0]
        return earlier[0] if earlier else candidates[-1]
    return candidates[-1]


def _parts(
    after: list[Figure], whole: Figure, taken: set[int], marker: re.Match[str], *, bracketed: bool
) -> list[Figure]:
    parts: list[Figure] = []
    level = None
    for figure in after:
        if figure.start in taken or figure.start < marker.end():
            continue
        if not comparable(figure, whole):
            if figure.dimension is whole.dimension and figure.dimension is Dimension.COUNT and parts:
                break
            continue
        level = figure.depth if level is None else level
        if figure.depth > level or (bracketed and figure.depth < level):
            continue
        if figure.measure in _STOPS and whole.measure is not figure.measure:
            break
        if figure.concept == "合计" or (
            figure.period != whole.period and figure.period.stated and whole.period.stated
        ):
            break
        parts.append(figure)
    return parts


def _prefix(parts: Sequence[Figure], whole: Figure) -> int:
    """The length (at least 2) of the shortest prefix that makes up the whole, 0 where there is none."""
    for size in range(2, len(parts) + 1):
        if balance(parts[:size], whole)[0] is Standing.HOLDS:
            return size
    return 0


def _complement_size(parts: Sequence[Figure], whole: Figure) -> int:
    """How many leading parts fill a complementary set of the whole."""
    if _PLUS_ONE.search(whole.piece.text[max(0, whole.start - 8) : whole.start]):
        return 0  # 由机关及下属2个单位组成: three units, one of them without a number
    for patterns in COMPLEMENTS:
        size = len(patterns.parts)
        if len(parts) < size or (
            patterns.whole is not None and not patterns.whole.search(whole.concept + (whole.line or ""))
        ):
            continue
        if any(pattern.search(whole.concept) for pattern in patterns.parts):
            continue
        labels = [part.concept for part in parts[:size]]
        if all(any(pattern.search(label) for label in labels) for pattern in patterns.parts) and all(
            sum(bool(pattern.search(label)) for pattern in patterns.parts) == 1 for label in labels
        ):
            return size
    return 0


def _judge(text: Text, word: str, whole: Figure, parts: list[Figure], *, nested: bool) -> StatedRelation:
    size = _prefix(parts, whole)
    if size:
        return parts_relation(RelationKind.SUM, whole, parts[:size], Confidence.CERTAIN, "marker")
    size = _complement_size(parts, whole)
    if size:
        extra = 0 if nested else _further_lines(parts, size)
        chosen = parts[: size + extra]
        return parts_relation(RelationKind.SUM, whole, chosen, Confidence.CERTAIN, "complement")
    if (
        word in _EXHAUSTIVE
        and len(parts) >= 2
        and not re.search(r"等", text.raw[parts[-1].end : parts[-1].end + 2])
    ):
        return parts_relation(RelationKind.SUM, whole, parts, Confidence.LIKELY, "marker")
    flat = _without_nested(parts)
    certainty = Confidence.POSSIBLE if word in _WEAK else Confidence.LIKELY
    return parts_relation(RelationKind.SUBSET, whole, flat, certainty, "marker")


def _further_lines(parts: Sequence[Figure], size: int) -> int:
    extra = 0
    for part in parts[size:]:
        if part.line is None:
            break
        extra += 1
    return extra


def _without_nested(parts: list[Figure]) -> list[Figure]:
    """The parts without those that make up the part in front of them (a list within the list)."""
    flat: list[Figure] = []
    index = 0
    while index < len(parts):
        flat.append(parts[index])
        rest = parts[index + 1 :]
        index += 1 + _prefix(rest, parts[index])
    return flat


def _totals(text: Text, figures: list[Figure], markers: list[re.Match[str]]) -> list[StatedRelation]:
    """…A61人，B74人，C10人，共计145人."""
    found: list[StatedRelation] = []
    for index, total in enumerate(figures):
        if total.concept != "合计" or not exact(total):
            continue
        earlier = [
            f
            for f in figures[:index]
            if f.sentence == total.sentence
            and comparable(f, total)
            and f.depth == total.depth
            and f.concept != "合计"
        ]
        size = next(
            (n for n in range(2, len(earlier) + 1) if balance(earlier[-n:], total)[0] is Standing.HOLDS), 0
        )
        if size:
            found.append(
                parts_relation(RelationKind.SUM, total, earlier[-size:], Confidence.CERTAIN, "total")
            )
            continue
        same = [f for f in earlier if f.segment == total.segment]
        start = same[0].start if same else 0
        spoiled = (
            len(same) < 2
            or any(start <= m.start() < total.start for m in markers)
            or _MULTIPLIES.search(text.raw, start, total.start)
            or not all(exact(f) for f in same)
            or any(f.measure in _STOPS for f in same)
        )
        if not spoiled:
            plain = len(same) == len(earlier)
            certainty = Confidence.CERTAIN if plain else Confidence.LIKELY
            found.append(parts_relation(RelationKind.SUM, total, same, certainty, "total"))
    return found


def _complements(figures: list[Figure], known: list[StatedRelation]) -> list[StatedRelation]:
    """A whole followed at once by complementary parts, without any marker: 支出X，基本支出Y，项目支出Z."""
    used = {relation.whole.start for relation in known}
    found: list[StatedRelation] = []
    for index, whole in enumerate(figures):
        if whole.start in used or whole.dimension not in (Dimension.MONEY, Dimension.COUNT, Dimension.BARE):
            continue
        following: list[Figure] = []
        for figure in figures[index + 1 : index + 12]:
            if figure.sentence != whole.sentence:
                break
            if figure.depth > whole.depth or not comparable(figure, whole):
                continue
            if figure.measure is not whole.measure and figure.measure in _STOPS:
                break
            following.append(figure)
        size = _complement_size(following, whole)
        if not size or not _fits(whole, following[:size]):
            continue
        longer = _prefix(following, whole)
        parts = following[: longer or size]
        general = whole.line in ("total", "basic", "three_public") or whole.measure is Measure.ESTABLISHMENT
        certainty = Confidence.CERTAIN if general and not longer else Confidence.LIKELY
        found.append(
            parts_relation(
                RelationKind.SUM, whole, parts, Confidence.CERTAIN if longer else certainty, "complement"
            )
        )
    return found


def _fits(whole: Figure, parts: Sequence[Figure]) -> bool:
    """Whether whole and parts speak of one measure of one period."""
    if whole.measure in _STOPS:
        return False
    measures = {part.measure for part in parts} - {Measure.UNKNOWN}
    if measures and whole.measure is not Measure.UNKNOWN and measures != {whole.measure}:
        return False
    return all(part.period.year == whole.period.year for part in parts)


def _bridges(figures: list[Figure]) -> list[StatedRelation]:
    """年初预算 ± 调整 = 调整后预算; 收入 + 年初结转 − 支出 = 年末结转; each term once in one sentence."""
    found: list[StatedRelation] = []
    by_sentence: dict[int, list[Figure]] = defaultdict(list)
    for figure in figures:
        if figure.dimension is Dimension.MONEY and figure.depth == 0 and exact(figure):
            by_sentence[figure.sentence].append(figure)
    for group in by_sentence.values():
        one = {measure: [f for f in group if f.measure is measure] for measure in _BRIDGED}
        opening, change, final = one[Measure.OPENING], one[Measure.ADJUSTMENT], one[Measure.ADJUSTED]
        if len(opening) == len(change) == len(final) == 1 and opening[0].key == final[0].key:
            found.extend(_adjusted(opening[0], change[0], final[0]))
        income, carried, surplus = one[Measure.INCOME], one[Measure.CARRIED], one[Measure.SURPLUS]
        spent = [f for f in one[Measure.EXECUTED] if f.line == "total"]
        if len(income) == len(carried) == len(surplus) == len(spent) == 1:
            terms = [income[0], carried[0], spent[0]]
            if comparable(income[0], surplus[0]):
                found.append(
                    parts_relation(
                        RelationKind.BRIDGE,
                        surplus[0],
                        terms,
                        Confidence.LIKELY,
                        "measures",
                        signs=(1, 1, -1),
                    )
                )
    return found


_BRIDGED = (
    Measure.OPENING,
    Measure.ADJUSTMENT,
    Measure.ADJUSTED,
    Measure.INCOME,
    Measure.CARRIED,
    Measure.SURPLUS,
    Measure.EXECUTED,
)


def _adjusted(opening: Figure, change: Figure, final: Figure) -> list[StatedRelation]:
    words = change.piece.text[change.clause[0] : change.end]
    minus, plus = bool(_MINUS.search(words)), bool(_PLUS.search(words))
    if minus != plus:
        sign = -1 if minus else 1
        return [
            parts_relation(
                RelationKind.BRIDGE, final, [opening, change], Confidence.CERTAIN, "measures", signs=(1, sign)
            )
        ]
    for sign in (1, -1):
        relation = parts_relation(
            RelationKind.BRIDGE, final, [opening, change], Confidence.LIKELY, "measures", signs=(1, sign)
        )
        if relation.standing is Standing.HOLDS:
            return [relation]
    return []


def _unique(relations: list[StatedRelation]) -> list[StatedRelation]:
    seen: set[tuple[int, int, tuple[int, ...]]] = set()
    kept: list[StatedRelation] = []
    for relation in relations:
        key = (
            id(relation.whole.piece),
            relation.whole.start,
            tuple(sorted(term.figure.start for term in relation.terms)),
        )
        if key not in seen:
            seen.add(key)
            kept.append(relation)
    return kept


def _with_parallels(relations: list[StatedRelation]) -> list[StatedRelation]:
    """A 其中 list whose very parts make up the whole in another place is meant to make it up here as well."""
    full = {
        tuple(part.key for part in relation.parts)
        for relation in relations
        if relation.kind is RelationKind.SUM
        and relation.standing is Standing.HOLDS
        and len(relation.parts) >= 3
    }
    return [
        parts_relation(RelationKind.SUM, relation.whole, list(relation.parts), Confidence.CERTAIN, "parallel")
        if relation.kind is RelationKind.SUBSET and tuple(part.key for part in relation.parts) in full
        else relation
        for relation in relations
    ]
