"""Figures of a text, with the concept, measure, period, scope and subject that their sentences give them."""

from __future__ import annotations

from collections.abc import Iterable

from gouji.frozen import frozen
from gouji.model import Confidence
from gouji.narrative.figures import Dimension, Figure, StatedMeasure, TextPiece
from gouji.narrative.flow import Flow, Name, fund_line, hand_on, key_for, owner_for
from gouji.narrative.measuring import (
    MONEY,
    REACHED,
    TOPIC_MEASURES,
    announce,
    given_then_spent,
    is_base,
    measure_of,
    planned,
    shares,
    then_done,
)
from gouji.narrative.naming import name_figure
from gouji.narrative.outline import Context, contexts, project_of, report_year
from gouji.narrative.period import period_of, years_of
from gouji.narrative.phrase import joined, read_phrase
from gouji.narrative.sentence import FIGURE, Span, Text, read_text
from gouji.narrative.words import SCOPES
from gouji.number.unit import normal_unit
from gouji.pattern import compiled

__all__ = ["extract"]
_DIVIDES = compiled(r"\s*(?:其中|包括|分别为|分别是|具体为)")
_PEOPLE = compiled(r"[人民童生员工者]|患者|群众")
_STOPS = compiled(r"[，,；;：:]")


@frozen
class _Setting:
    """What all figures of one text share.

    ``project`` is what the report calls the one project or fund it is about; ``topic`` is the measure that a
    leading topic gives (支出决算：…); ``sentence`` and ``segment`` count those of the texts before.
    """

    piece: TextPiece
    text: Text
    year: int | None
    years: tuple[tuple[int, int], ...]
    project: str
    base: tuple[str, ...]
    topic: str | None
    sentence: int
    segment: int


def extract(texts: Iterable[TextPiece], *, year: int | None = None) -> tuple[Figure, ...]:
    """Find every figure of the texts and say what it states.

    Args:
        texts: paragraphs in order, and long cells; cells are read each by itself.
        year: the year the report is about; taken from its title and headings where not given.

    Returns:
        The figures in text order. Linear in the length of the texts.
    """
    pieces = tuple(texts)
    year = year if year is not None else report_year(pieces)
    project = project_of(pieces)
    found: list[Figure] = []
    sentence = segment = 0
    for piece, context in zip(pieces, contexts(pieces), strict=True):
        text = read_text(piece.text)
        if text.spans:
            base = _base(piece, context)
            found.extend(
                _of_piece(
                    _Setting(
                        piece,
                        text,
                        year,
                        years_of(text),
                        project,
                        base,
                        _topic_measure(base, context),
                        sentence,
                        segment,
                    )
                )
            )
        sentence += len(text.sentences)
        segment += len(text.segments)
    return tuple(found)


def _base(piece: TextPiece, context: Context) -> tuple[str, ...]:
    if context.topic is None:
        return context.path
    return (*context.path, piece.text[slice(*context.topic)].strip("：: "))


def _topic_measure(base: tuple[str, ...], context: Context) -> str | None:
    if context.topic is None:
        return None
    phrase = read_phrase(base[-1], Dimension.MONEY)
    return phrase.measure if phrase.strong and phrase.measure in TOPIC_MEASURES else None


def _of_piece(setting: _Setting) -> list[Figure]:
    figures: list[Figure] = []
    spans = setting.text.spans
    current, flow, path = -1, Flow(), setting.base
    for index, span in enumerate(spans):
        if span.sentence != current:
            path = _sentence_path(setting, span.sentence, current, path)
            start = setting.text.sentences[span.sentence]
            divides = bool(_DIVIDES.match(setting.text.raw, start))
            flow = flow.next_sentence(adjacent=span.sentence == current + 1, divides=divides)
            if span.sentence == 0 and setting.topic is not None:
                flow.measure = flow.default = setting.topic
            current = flow.sentence = span.sentence
        following = spans[index + 1] if index + 1 < len(spans) else None
        figures.append(_figure(setting, span, following, flow, path))
    return figures


def _sentence_path(setting: _Setting, sentence: int, before: int, path: tuple[str, ...]) -> tuple[str, ...]:
    """The path with the last short sentence without figures (扎实开展托养服务。) as innermost topic."""
    text = setting.text
    for number in range(sentence - 1, before, -1):
        start, end = text.sentences[number], text.sentences[number + 1]
        words = text.raw[start:end].strip("。！？!?. \n")
        if FIGURE in text.masked[start:end] or _STOPS.search(words):
            continue
        if words.endswith("（项）"):
            return (*setting.base, words)  # 教育支出（类）普通教育（款）高中教育（项）。
        if 3 <= len(words) <= 20:
            return (*setting.base, words)
    return path if before >= 0 else setting.base


def _figure(
    setting: _Setting, span: Span, following: Span | None, flow: Flow, path: tuple[str, ...]
) -> Figure:
    text, number = setting.text, span.number
    if span.segment != flow.segment >= 0 and "其中" in text.raw[slice(*text.segment_of(flow.segment))]:
        flow.entity = flow.head or flow.entity  # what follows speaks of the whole again, not of its last part
    announce(text, span, flow)
    name = name_figure(text, span, following, flow, path)
    if span.segment != flow.segment:
        flow.segment, flow.head, flow.money = span.segment, "", ""
        if not _DIVIDES.match(text.raw, text.segments[span.segment]):
            flow.measure = flow.default or flow.measure
    measure = measure_of(name, flow, path, setting.piece, span)
    if name.dimension is Dimension.COUNT and (name.phrase.measure or span.clause != flow.clause):
        flow.reached = str(measure) if measure in _HANDED else None
    flow.clause = span.clause
    if measure is StatedMeasure.UNKNOWN and given_then_spent(text, following, name):
        measure = StatedMeasure.BUDGET
    if measure in REACHED and planned(text, span):
        measure = StatedMeasure.TARGET
    if (measure in REACHED or measure is StatedMeasure.ACTUAL) and then_done(text, span):
        measure = StatedMeasure.TARGET
    concept = name.concept
    if setting.project and name.inherited and name.entity == "支出" and not name.phrase.entity:
        concept = joined(setting.project, concept)  # of nothing but what the report is about
    scope = name.phrase.scope or flow.scope or _scope_of(path)
    line = fund_line(name.entity) if name.dimension in MONEY else None
    owner = owner_for(name, line, path, flow)
    key, line = key_for(name, line, owner)
    again = measure is StatedMeasure.BUDGET and name.inherited and name.entity == flow.granted
    if measure is StatedMeasure.BUDGET:
        flow.granted = name.entity
    said, scored = (flow.measure, flow.default), flow.scored
    hand_on(flow, name, measure)
    if span.depth:
        flow.scored = scored  # 过程17.85分（满分20分）、产出27.8分
    if shares(text.raw, span) or is_base(text.raw, span):
        flow.measure, flow.default = said  # 为预算数3.52亿元的52.84%: only what is compared with
    _bracketed(text, span, following, flow)
    population = _population(text, span)
    dimension = name.dimension
    if dimension is Dimension.BARE and population:
        dimension = Dimension.COUNT
    return Figure(
        piece=setting.piece,
        start=number.start,
        end=number.end,
        clause=_trimmed(text.raw, *span.clause),
        reading=number.reading,
        unit=number.reading.unit,
        dimension=dimension,
        population=population,
        concept=concept,
        key=key,
        measure=measure,
        period=period_of(text, setting.years, setting.year, span, measure),
        line=line,
        scope=scope,
        owner=owner,
        subject=path,
        qualifiers=name.phrase.qualifiers,
        inherited=name.inherited,
        sentence=setting.sentence + span.sentence,
        segment=setting.segment + span.segment,
        depth=span.depth,
        measured=name.phrase.measure == str(measure),
        confidence=_confidence(name) if not again else Confidence.POSSIBLE,
    )


_HANDED = (StatedMeasure.TARGET, StatedMeasure.ACTUAL, StatedMeasure.ESTABLISHMENT)


def _scope_of(path: tuple[str, ...]) -> str | None:
    for name in reversed(path):
        for pattern, scope in SCOPES[:5]:
            if pattern.search(name):
                return scope
    return None


def _population(text: Text, span: Span) -> str | None:
    dimension = span.number.dimension
    if dimension is Dimension.BARE:
        unit = span.number.reading.unit
        after = text.raw[slice(*span.after)]
        return "人" if unit is not None and _PEOPLE.search(after[:12]) else None
    if dimension is not Dimension.COUNT:
        return None
    if span.number.reading.unit is None:
        return "人"  # 行政编制12
    plain = normal_unit(span.number.reading.unit)
    return plain.lstrip("万亿千百") or None if plain else None


def _bracketed(text: Text, span: Span, following: Span | None, flow: Flow) -> None:
    """Give back, behind a bracket, what the sentence was about before it: A 30万元（其中B 20万元），…."""
    after = following.depth if following is not None and following.sentence == span.sentence else 0
    if after > span.depth and following is not None and not text.raw[slice(*following.before)].strip("（( "):
        return  # 项目决策（25分）得24分: the bracket has no name of its own
    if after > span.depth:
        flow.outside.append((flow.entity, flow.head, flow.named))
    elif after < span.depth and flow.outside:
        flow.entity, flow.head, flow.named = flow.outside.pop()


def _trimmed(raw: str, start: int, end: int) -> tuple[int, int]:
    while start < end and raw[start] in " \t\u3000\n":
        start += 1
    while end > start and raw[end - 1] in " \t\u3000\n":
        end -= 1
    return start, end


def _confidence(name: Name) -> Confidence:
    if not name.entity or name.far:
        return Confidence.POSSIBLE
    if name.inherited or name.phrase.entity != name.entity:
        return Confidence.LIKELY
    return Confidence.CERTAIN
