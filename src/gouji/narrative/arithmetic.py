"""Arithmetic that a text states between its own figures: wholes, totals, bridges, rates, changes.

Agreement is looked for widely (any prefix of a list that makes up its whole counts), a contradiction is
claimed narrowly: only where the words leave no other reading is a relation CERTAIN. 其中 followed by some
parts of a whole never becomes an equality by itself.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from gouji.form.label import compact
from gouji.frozen import replace
from gouji.model import Confidence
from gouji.narrative.bridge import bridges, left_of
from gouji.narrative.figures import Dimension, Figure, Standing, StatedKind, StatedMeasure, StatedRelation
from gouji.narrative.parts import (
    ADDED,
    PLUS_ONE,
    STOPS,
    bracketed,
    by_measure,
    complement_size,
    complements,
    further_lines,
    prefix,
    totals,
)
from gouji.narrative.ratio import ratios
from gouji.narrative.relation import comparable, parts_relation
from gouji.narrative.sentence import FIGURE, Text, read_text
from gouji.narrative.subsets import may_overlap, of_its_name
from gouji.pattern import compiled

__all__ = ["statements"]

_OF_WHICH = compiled(
    r"其中(?!之[一二])|(?P<name>基本支出|项目支出|三公[”\"]?经费|总支出|(?<=在)支出)(?:支出|总额)?(?:中[，,：:]|主?要?包括|主?要?包含|由)"
    r"|分别为|分别是|分为|由(?=[^，。；]{1,60}(?:组成|构成))|包括(?!但不限)|包含|主要用于|具体[为是]|即(?=[：:])|[（(]含"
    r"|按[^，。；：]{1,8}分[类为]?[：:，]|(?:结构|构成)(?:为|如下|情况)?[：:]|(?:情况|明细)如下[：:]|来源(?:为|是|包括)[：:]|(?<=\ue000)[：:]"
)
_APART = compiled(r"另有|另外|此外|不含")
_DIVIDED_TOO = (StatedMeasure.SURPLUS, StatedMeasure.ADJUSTMENT)
_WITH_CARRIED = (StatedMeasure.INCOME, StatedMeasure.ADJUSTED, StatedMeasure.BUDGET, StatedMeasure.OPENING)
_REMEMBERED = 16
_EXHAUSTIVE = frozenset({"分为", "由", "构成为："})
_MADE_UP = compiled(r"(收入|支出)的?(?:具体)?(?:构成|结构)")
_WEAK = frozenset({"即", "包括", "包含", "（含", "(含", "主要用于", "具体为", "具体是"})
_NUMBERED = compiled(r"[（(]?[2二][）)、.]|②|；")


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
        found.extend(_of_piece(text, usable, before))
        found.extend(left_of(usable, before))
        found.extend(ratios(usable, before))
        same = usable and usable[0].piece.cell is None
        before = [*before, *usable][-_REMEMBERED:] if same else []
    return tuple(_with_parallels(_unique(found)))


def _of_piece(text: Text, figures: list[Figure], before: list[Figure]) -> list[StatedRelation]:
    found: list[StatedRelation] = []
    taken: set[int] = set()
    markers = list(_OF_WHICH.finditer(text.masked))
    for index in range(len(markers) - 1, -1, -1):
        relation = _of_which(text, figures, before, markers, index, taken=taken)
        if relation is not None:
            found.append(relation)
            taken.update(part.start for part in relation.parts)
        found.extend(by_measure(text, figures, markers[index]))
    found.extend(bracketed(text, figures, taken))
    found.sort(key=lambda relation: relation.whole.start)
    found.extend(totals(text, figures, markers))
    found.extend(complements(figures, found))
    found.extend(bridges(figures))
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
    text: Text,
    figures: list[Figure],
    before: list[Figure],
    markers: list[re.Match[str]],
    index: int,
    *,
    taken: set[int],
) -> StatedRelation | None:
    marker = markers[index]
    end, bracketed = _end_of_group(text, marker)
    after = [f for f in figures if marker.end() <= f.start < end and f.start not in taken]
    first = next((f for f in after if f.dimension in ADDED), None)
    if first is None:
        after = [f for f in figures if marker.end() <= f.start]
        end = len(text.raw)
        first = after[0] if after and not bracketed else None
        if first is None or first.dimension not in ADDED:
            return None
    wholes = _wholes(text, figures, before, marker, first)
    if not wholes:
        # 其中8项任务资金477万元，…: the parts are of money, though something is counted first
        other = next((f for f in after if f.dimension in ADDED and f.dimension is not first.dimension), None)
        if other is not None:
            first, wholes = other, _wholes(text, figures, before, marker, other)
    following = markers[index + 1].start() if index + 1 < len(markers) else end
    for whole in wholes:
        parts = _parts(after, whole, taken, marker, bracketed=bracketed)
        size = prefix(parts, whole)
        if not size and whole.measure in _WITH_CARRIED:
            carried = _parts(after, whole, taken, marker, bracketed=bracketed, carried=True)
            size = prefix(carried, whole)
            parts = carried if size else parts
        if not size and not bracketed:
            spent = _parts(after, whole, taken, marker, bracketed=bracketed, left_aside=True)
            size = prefix(spent, whole)
            parts = spent if size else parts
        if not size and not bracketed:
            more = [f for f in figures if f.start >= marker.end() and f.start not in taken]
            longer = _parts(more, whole, taken, marker, bracketed=False)
            size = prefix(longer, whole)
            if size and not _enumerated(text, marker.end(), longer[:size]):
                size = 0
            parts = longer if size else parts
        if size:
            return parts_relation(StatedKind.SUM, whole, parts[:size], Confidence.CERTAIN, "marker")
    if not wholes:
        return _far_whole(text, figures, after, marker, taken)
    earlier = _earlier_whole(figures, after, wholes, marker, taken)
    if earlier is not None:
        return earlier
    whole = _likeliest(wholes, first)
    parts = _parts(after, whole, taken, marker, bracketed=bracketed)
    if not parts or PLUS_ONE.search(whole.piece.text[max(0, whole.start - 8) : whole.start]):
        return None
    relation = _judge(text, marker[0], whole, parts, nested=following < end)
    if len(wholes) > 1 and relation.certainty is Confidence.CERTAIN:
        return replace(relation, certainty=Confidence.LIKELY)
    return relation


def _earlier_whole(
    figures: list[Figure], after: list[Figure], wholes: list[Figure], marker: re.Match[str], taken: set[int]
) -> StatedRelation | None:
    """三公经费7.42万元，较预算15万元压缩…，其中A、B: a figure further in front that the list makes up."""
    nearest = wholes[-1]
    ahead = [f for f in figures if f.end <= nearest.start and f.sentence == nearest.sentence]
    for whole in reversed([f for f in ahead if after and _divisible(f, after[0])][-2:]):
        parts = _parts(after, whole, taken, marker, bracketed=False)
        if parts and prefix(parts, whole) == len(parts):
            return parts_relation(StatedKind.SUM, whole, parts, Confidence.LIKELY, "marker")
    return None


def _far_whole(
    text: Text, figures: list[Figure], after: list[Figure], marker: re.Match[str], taken: set[int]
) -> StatedRelation | None:
    """What a 其中 at the start of a sentence divides further in front in its paragraph; told only where it is made up."""
    if text.raw[text.sentence_of(marker.start())[0] : marker.start()].strip("　 \t"):
        return None
    for whole in reversed([f for f in figures if f.end <= marker.start() and f.dimension in ADDED]):
        parts = _parts(after, whole, taken, marker, bracketed=False)
        size = prefix(parts, whole)
        if size and (whole.measure not in STOPS or whole.measure is StatedMeasure.INCOME):
            return parts_relation(StatedKind.SUM, whole, parts[:size], Confidence.LIKELY, "marker")
    return None


def _enumerated(text: Text, start: int, parts: Sequence[Figure]) -> bool:
    """Whether a list goes on over full stops because its items are numbered."""
    if len(parts) < 2:
        return False
    between = text.raw[start : parts[-1].start]
    return bool(_NUMBERED.search(between))


def _wholes(
    text: Text, figures: list[Figure], before: list[Figure], marker: re.Match[str], first: Figure
) -> list[Figure]:
    """The figures that a 其中 may divide, likeliest first.

    Inside a sentence it is the nearest comparable figure in front. At the start of a sentence or segment it
    may be any figure of what was said right before, the head of it first.
    """
    sentence = text.sentence_of(marker.start())[0]
    ahead = text.masked[sentence : marker.start()]
    lead = not ahead.strip("　 \t") or (marker[0][:-1].endswith("如下") and FIGURE not in ahead)
    name = marker["name"]
    candidates = [f for f in figures if f.end <= marker.start() and _divisible(f, first)]
    if name is not None:
        plain = compact(name).strip('“”"')
        everything = [f for f in (*before, *candidates) if _divisible(f, first)]
        if plain == "支出":
            return [f for f in everything if f.line == "total" and f.measure is StatedMeasure.EXECUTED][-1:]
        return [f for f in everything if plain in f.concept][-1:]
    if lead:
        floor = text.sentence_of(sentence - 1)[0] if sentence > 0 else 0
        near = [f for f in candidates if f.start >= floor]
        if not near and not _any_before(figures, marker.start()):
            near = [f for f in before if _divisible(f, first)]
        return sorted(near, key=lambda f: f.depth)
    near = [f for f in candidates if f.start >= sentence]
    made_up = _MADE_UP.search(text.raw, sentence, marker.end())
    if not near and made_up:
        spent = made_up[1] == "支出"
        measure = StatedMeasure.EXECUTED if spent else StatedMeasure.INCOME
        return [
            f
            for f in (*before, *candidates)
            if f.measure is measure and f.concept.endswith(made_up[1]) and comparable(f, first)
        ][-1:]
    segment = max((start for start in text.segments if start <= marker.start()), default=0)
    if segment > sentence and text.raw[segment : marker.start()].strip() == "":
        return sorted(near, key=lambda f: f.depth)
    return near[-1:]


def _any_before(figures: Sequence[Figure], offset: int) -> bool:
    """Whether any figure stands in front of ``offset``."""
    return any(figure.end <= offset for figure in figures)


def _divisible(figure: Figure, part: Figure) -> bool:
    if (
        figure.period.year is not None
        and part.period.year is not None
        and figure.period.year < part.period.year
    ):
        return False  # 较2022年的28,940万元增加…。其中…
    return comparable(figure, part) and (
        figure.measure not in STOPS
        or figure.measure is StatedMeasure.INCOME
        or (figure.measure is part.measure and figure.measure in _DIVIDED_TOO)
    )


def _likeliest(wholes: Sequence[Figure], first: Figure) -> Figure:
    """Which of several figures a 其中 divides if no list makes up any: one of its own measure, else the first."""
    alike = [f for f in wholes if f.measure is first.measure and f.measure is not StatedMeasure.UNKNOWN]
    totals = [f for f in alike if f.line == "total"]
    return (totals or alike or wholes)[0]


def _parts(
    after: list[Figure],
    whole: Figure,
    taken: set[int],
    marker: re.Match[str],
    *,
    bracketed: bool,
    carried: bool = False,
    left_aside: bool = False,
) -> list[Figure]:
    """What a marker lists; with ``left_aside`` what is left of a part (A 74万元，结余4万元；B 160万元) is passed over."""
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
        brought = carried and figure.measure in (StatedMeasure.CARRIED, StatedMeasure.ADJUSTMENT)
        if left_aside and parts and figure.measure is StatedMeasure.SURPLUS is not whole.measure:
            continue
        if figure.measure in STOPS and whole.measure is not figure.measure and not brought:
            break
        if any(part.key == figure.key and part.measure is not figure.measure for part in parts):
            continue  # 基本支出预算60万元，执行55万元: the same part, stated twice
        if figure.measure is StatedMeasure.WEIGHT and whole.measure is StatedMeasure.SCORE:
            continue  # 决策指标满分20分，得17.5分
        if parts and _APART.search(figure.piece.text, parts[-1].end, figure.start):
            break  # …，另有退休31人
        if figure.concept == "合计" or (
            figure.period != whole.period and figure.period.stated and whole.period.stated
        ):
            break
        parts.append(figure)
    return parts


def _judge(text: Text, word: str, whole: Figure, parts: list[Figure], *, nested: bool) -> StatedRelation:
    size = complement_size(parts, whole)
    if size:
        extra = 0 if nested else further_lines(parts, size)
        chosen = parts[: size + extra]
        return parts_relation(StatedKind.SUM, whole, chosen, Confidence.CERTAIN, "complement")
    if word in _EXHAUSTIVE and len(parts) >= 2 and "等" not in text.raw[parts[-1].end : parts[-1].end + 2]:
        return parts_relation(StatedKind.SUM, whole, parts, Confidence.LIKELY, "marker")
    flat = of_its_name(whole, _without_nested(parts))
    weak = word in _WEAK or word[-1] in "：:，" or may_overlap(flat)
    certainty = Confidence.POSSIBLE if weak else Confidence.LIKELY
    relation = parts_relation(StatedKind.SUBSET, whole, flat, certainty, "marker")
    near = [part for part in flat if part.segment == flat[0].segment]
    if relation.standing is Standing.FAILS and len(near) < len(flat):
        # behind a semicolon the text may have gone on to something else
        relation = parts_relation(StatedKind.SUBSET, whole, near, certainty, "marker")
    return relation


def _without_nested(parts: list[Figure]) -> list[Figure]:
    """The parts without those that make up the part in front of them (a list within the list)."""
    flat: list[Figure] = []
    index = 0
    while index < len(parts):
        flat.append(parts[index])
        rest = parts[index + 1 :]
        index += 1 + prefix(rest, parts[index])
    return flat


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
        if relation.kind is StatedKind.SUM
        and relation.standing is Standing.HOLDS
        and len(relation.parts) >= 3
    }
    return [
        parts_relation(StatedKind.SUM, relation.whole, list(relation.parts), Confidence.CERTAIN, "parallel")
        if relation.kind is StatedKind.SUBSET and tuple(part.key for part in relation.parts) in full
        else relation
        for relation in relations
    ]
