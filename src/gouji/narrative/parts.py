"""Lists of parts: which prefix makes up a whole, which labels leave nothing out, totals, brackets."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from gouji.frozen import replace
from gouji.model import Confidence
from gouji.narrative.figures import Dimension, Figure, Standing, StatedKind, StatedMeasure, StatedRelation
from gouji.narrative.relation import balance, comparable, exact, parts_relation
from gouji.narrative.sentence import Text
from gouji.narrative.words import COMPLEMENTS
from gouji.pattern import compiled

__all__ = [
    "ADDED",
    "PLUS_ONE",
    "STOPS",
    "bracketed",
    "by_measure",
    "complement_size",
    "complements",
    "further_lines",
    "prefix",
    "totals",
]

ADDED = (Dimension.MONEY, Dimension.COUNT, Dimension.SCORE)
"""Dimensions whose figures add up."""
STOPS = frozenset(
    {
        StatedMeasure.INCOME,
        StatedMeasure.CARRIED,
        StatedMeasure.SURPLUS,
        StatedMeasure.CHANGE,
        StatedMeasure.STANDARD,
        StatedMeasure.ADJUSTMENT,
    }
)
"""Measures that end a list of parts of another measure."""
PLUS_ONE = compiled(r"(?:机关|本级)(?:本级)?(?:以及|及|和|与)[^，。；]{0,4}$")
"""Words in front of a number that leave one unit unnumbered: 由机关及下属2个单位组成."""
_ANNOUNCED = compiled(r"[，,；;、](?:合计|共计|总计)[\u4e00-\u9fff]{1,10}$")
_LEADS = compiled(
    r"(?:以上|[一二三四五六七八九十两\d]+(?:项|个|批|类|笔)?(?:项目|资金|经费)?)?(?:合计|共计|总计|以上共)"
)
_CALLED = compiled(r"(?:合计|共计|总计)(?:为|达)?$")
_MULTIPLIES = compiled(r"每[人户亩生月年天次个套]|人均|标准|单价|元/")
_LISTS = compiled(r"\s*[（(](?![含其包])([^（）()]*)[）)]")


def bracketed(text: Text, figures: list[Figure], taken: set[int]) -> list[StatedRelation]:
    """A figure taken apart in a bracket right behind it: 187人（在职139人、退休8人、协管员40人）."""
    found: list[StatedRelation] = []
    for whole in figures:
        bracket = _LISTS.match(text.raw, whole.end)
        if bracket is None or whole.dimension not in ADDED:
            continue
        inside = [f for f in figures if bracket.start(1) <= f.start < bracket.end(1) and f.start not in taken]
        parts = [f for f in inside if comparable(f, whole) and f.measure not in STOPS]
        brought = [f for f in inside if comparable(f, whole) and f.measure is StatedMeasure.CARRIED]
        if len(parts) == len(brought) == 1 and balance([*parts, *brought], whole)[0] is Standing.HOLDS:
            parts += brought  # 共发放3957万元（当年资金3905万元，上年结转52万元）
        if len(parts) < 2:
            continue
        relation = parts_relation(StatedKind.SUM, whole, parts, Confidence.LIKELY, "marker")
        if relation.standing is Standing.HOLDS:
            relation = replace(relation, certainty=Confidence.CERTAIN)
        found.append(relation)
    return found


def prefix(parts: Sequence[Figure], whole: Figure) -> int:
    """The length (at least 2) of the prefix that makes up the whole, trailing zeros with it; 0 if none does."""
    for size in range(2, len(parts) + 1):
        if balance(parts[:size], whole)[0] is Standing.HOLDS:
            zeros = itertools.takewhile(lambda part: part.value == 0, parts[size:])
            return size + sum(1 for _ in zeros)
    return 0


def complement_size(parts: Sequence[Figure], whole: Figure) -> int:
    """How many leading parts fill a complementary set of the whole."""
    if PLUS_ONE.search(whole.piece.text[max(0, whole.start - 8) : whole.start]):
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


def by_measure(text: Text, figures: Sequence[Figure], marker: re.Match[str]) -> list[StatedRelation]:
    """A 其中 behind a budget and what was spent of it divides both: each by the parts' own budgets and spending."""
    sentence, end = text.sentence_of(marker.start())
    lead = not text.raw[sentence : marker.start()].strip("　 \t")
    floor = text.sentence_of(sentence - 1)[0] if lead and sentence > 0 else sentence
    found: list[StatedRelation] = []
    for measure in _BOTH:
        wholes = [f for f in figures if floor <= f.start < marker.start() and f.measure is measure]
        after = [f for f in figures if marker.end() <= f.start < end and f.measure is measure]
        if len(wholes) != 1 or any(not comparable(part, wholes[0]) for part in after):
            continue
        size = complement_size(after, wholes[0])
        if size == len(after) > 0:
            found.append(parts_relation(StatedKind.SUM, wholes[0], after, Confidence.CERTAIN, "complement"))
    return found if len(found) > 1 else []


_BOTH = (
    StatedMeasure.OPENING,
    StatedMeasure.ADJUSTED,
    StatedMeasure.BUDGET,
    StatedMeasure.EXECUTED,
)


def further_lines(parts: Sequence[Figure], size: int) -> int:
    """How many lines of the form follow the first ``size`` parts at once (基本支出、项目支出、经营支出)."""
    extra = 0
    for part in parts[size:]:
        if part.line is None:
            break
        extra += 1
    return extra


def totals(text: Text, figures: list[Figure], markers: list[re.Match[str]]) -> list[StatedRelation]:
    """…A61人，B74人，C10人，共计145人."""
    found: list[StatedRelation] = []
    for index, total in enumerate(figures):
        named = total.concept != "合计"
        if total.measure is StatedMeasure.CHANGE:
            continue  # 获奖总数比上年增加4项
        lead = _LEADS.match(text.raw, text.sentence_of(total.start)[0], total.start)
        called = bool(_CALLED.search(text.raw, max(0, total.start - 4), total.start))
        if (
            named
            and not lead
            and not called
            and not total.concept.endswith(("总数", "总计", "合计"))
            and not _announced(text, total)
        ):
            continue
        if not exact(total):
            continue
        earlier = [
            f
            for f in figures[:index]
            if f.sentence == total.sentence
            and comparable(f, total)
            and f.depth == total.depth
            and f.concept != "合计"
            and (f.measure is total.measure or total.measure is not StatedMeasure.SCORE)
        ]
        size = next(
            (n for n in range(2, len(earlier) + 1) if balance(earlier[-n:], total)[0] is Standing.HOLDS), 0
        )
        if size:
            found.append(parts_relation(StatedKind.SUM, total, earlier[-size:], Confidence.CERTAIN, "total"))
            continue
        last = [f for f in figures[:index] if f.sentence == total.sentence - 1 and comparable(f, total)]
        if lead and prefix(last, total) == len(last) > 1:
            found.append(parts_relation(StatedKind.SUM, total, last, Confidence.CERTAIN, "total"))
            continue
        same = [f for f in earlier if f.segment == total.segment]
        start = same[0].start if same else 0
        spoiled = (
            len(same) < 2
            or any(start <= m.start() < total.start for m in markers)
            or _MULTIPLIES.search(text.raw, start, total.start)
            or not all(exact(f) for f in same)
            or any(f.measure in STOPS for f in same)
            or (named and called and not _announced(text, total))
        )
        if not spoiled:
            plain = len(same) == len(earlier)
            certainty = Confidence.CERTAIN if plain and not named else Confidence.LIKELY
            found.append(parts_relation(StatedKind.SUM, total, same, certainty, "total"))
    return found


def _announced(text: Text, total: Figure) -> bool:
    """Whether a figure with a name of its own is called the total: 造林8600亩、修复5200亩，合计完成营造林13800亩."""
    return bool(_ANNOUNCED.search(text.raw, text.sentence_of(total.start)[0], total.start))


def complements(figures: list[Figure], known: list[StatedRelation]) -> list[StatedRelation]:
    """A whole followed at once by complementary parts, without any marker: 支出X，基本支出Y，项目支出Z."""
    used = {relation.whole.start for relation in known}
    found: list[StatedRelation] = []
    for index, whole in enumerate(figures):
        if whole.start in used or whole.dimension not in (*ADDED, Dimension.BARE):
            continue
        following = [
            f for f in _same_level(figures[index + 1 : index + 12], whole) if f.sentence == whole.sentence
        ]
        relation = _complement_relation(whole, following)
        if relation is None and whole.line == "total":
            later = [
                f
                for f in _same_level(figures[index + 1 : index + 12], whole)
                if f.sentence == whole.sentence + 1
            ]
            relation = _complement_relation(whole, later)
            if relation is not None and relation.standing is not Standing.HOLDS:
                relation = None
        if relation is not None:
            found.append(relation)
    return found


def _same_level(figures: Sequence[Figure], whole: Figure) -> list[Figure]:
    """The comparable figures of one list with ``whole``, up to where another measure starts."""
    level: list[Figure] = []
    for figure in figures:
        if figure.depth > whole.depth or not comparable(figure, whole):
            continue
        if figure.measure is not whole.measure and figure.measure in STOPS:
            break
        level.append(figure)
    return level


def _complement_relation(whole: Figure, following: Sequence[Figure]) -> StatedRelation | None:
    size = complement_size(following, whole)
    if not size or not _fits(whole, following[:size]):
        return None
    longer = prefix(following, whole)
    general = whole.line in ("total", "basic", "three_public") or whole.measure is StatedMeasure.ESTABLISHMENT
    certainty = Confidence.CERTAIN if general or longer else Confidence.LIKELY
    return parts_relation(StatedKind.SUM, whole, following[: longer or size], certainty, "complement")


def _fits(whole: Figure, parts: Sequence[Figure]) -> bool:
    """Whether whole and parts speak of one measure of one period."""
    if whole.measure in STOPS:
        return False
    measures = {part.measure for part in parts} - {StatedMeasure.UNKNOWN}
    if measures and whole.measure is not StatedMeasure.UNKNOWN and measures != {whole.measure}:
        return False
    return all(part.period.year == whole.period.year for part in parts)
