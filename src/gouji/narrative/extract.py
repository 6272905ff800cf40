"""Figures of a text, with the concept, measure, period, scope and subject that their sentences give them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from gouji.frozen import frozen
from gouji.model import Confidence
from gouji.narrative.figures import Dimension, Figure, Period, StatedMeasure, TextPiece
from gouji.narrative.flow import Flow, Name, fund_line, hand_on, key_for, owner_for
from gouji.narrative.naming import name_figure
from gouji.narrative.outline import Context, contexts, report_year
from gouji.narrative.phrase import read_phrase
from gouji.narrative.sentence import FIGURE, Span, Text, read_text, titles
from gouji.narrative.words import SCOPES
from gouji.number.unit import normal_unit
from gouji.pattern import compiled

__all__ = ["extract"]

_YEAR = compiled(r"(20\d{2})\s*(?:年度?|(?=财年))")
_LAST = compiled(
    r"(?<![较比同与])(?:上一?年度?|去年)(?!结转|结余|底批复)"
    r"|[较比同与](?:上一?年度?|去年)(?:同期)?的?(?=[^，。；增减上下提多少持缩延压高低超净]{0,6}$)"
)
_THIS = compiled(r"本年度?|今年|当年|全年")
_TARGET_LABEL = compiled(
    r"(?:预期|绩效|总体|年度|设定|预设|计划).{0,6}目标(?:值|设定|情况)?[）)]?$|目标.{0,4}设定|预期目标"
)
_DONE_LABEL = compiled(r"完成|实现|实际|成效|成绩|执行|使用")
_DIVIDES = compiled(r"\s*(?:其中|包括)")
_BOUND = compiled(r"[≥≤]|不[低少高大超]|至少")
_AIM_BEFORE = compiled(r"(?:未能?|没有|尚未)(?:达到?|实现|完成)(?:年初|预期|规定|要求|目标|值|的)*$")
_AIM_BEHIND = compiled(
    r"的?(?:年初|年度|全年|预期|既定|绩效|控制|考核)*(?:目标|指标值|计划(?!生育)|任务要求)|的(?:年度|全年|年初)任务"
)
_AIM_AHEAD = compiled(r"(?:任务|目标|计划)(?:数|量|值)?(?:为)?$")
_SHARE_OF = compiled(r"的\s*\d")
_LIMIT = compiled(r"控制在|不[超高大]|≤|.*以内$")
_FROM = compiled(r"[由从](?:上年|去年|年初|原来|此前)?的?(?:平均)?$")
_BECOMES = compiled(r"\s*(?:增加?|提[高升]|上升|下降|降低?|压缩|缩短|压减|扩大|减少|增长|延长)了?[到至为]")
_SUM_UP = compiled(r"(?:合计|共计|总计|共)(?:为|达)?$")
_DIVIDED = compiled(r"执行|决算|完成|使用|支出情况")
_PLAN = compiled(r"\s*(?:\d[.、]|[（(].{1,2}[）)])?\s*(?:下一步|计划|拟|力争|预计到?|到20\d\d年)")
_OF_YEAR = compiled(r"(?:到|为|是|占|达|相当于)20\d\d年[^，。；]{0,8}的")
_COMPARED = compiled(r"[与比较同和]$")
_PEOPLE = compiled(r"[人民童生员工者]|患者|群众")
_TOPIC_MEASURES = ("opening", "adjusted", "budget", "executed")
_MONEY = (Dimension.MONEY, Dimension.BARE)


@frozen
class _Setting:
    """What all figures of one text share.

    ``topic`` is the measure that a leading topic gives (支出决算：…); ``sentence`` and ``segment`` count
    those of the texts before.
    """

    piece: TextPiece
    text: Text
    year: int | None
    years: tuple[tuple[int, int], ...]
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
                        _years(text),
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
    return phrase.measure if phrase.strong and phrase.measure in _TOPIC_MEASURES else None


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
        if FIGURE in text.masked[start:end] or re.search(r"[，,；;：:]", words):
            continue
        if 3 <= len(words) <= 20:
            return (*setting.base, words)
    return path if before >= 0 else setting.base


def _years(text: Text) -> tuple[tuple[int, int], ...]:
    """(offset, year) of the years said in a text, those inside document titles left out."""
    if "20" not in text.raw:
        return ()
    skipped = titles(text.raw) if "《" in text.raw or "〔" in text.raw else []
    return tuple(
        (found.start(), int(found[1]))
        for found in _YEAR.finditer(text.raw)
        if not any(start <= found.start() < end for start, end in skipped) and not _compared(text, found)
    )


def _compared(text: Text, found: re.Match[str]) -> bool:
    """Whether a year is only what is compared with (与2022年相比); 比2022年的80万元 is about 2022."""
    if not _COMPARED.search(text.raw, max(0, found.start() - 1), found.start()):
        return False
    behind = text.masked[found.end() : found.end() + 6].lstrip("的支出收入决算")
    return not behind.startswith(FIGURE)


def _figure(
    setting: _Setting, span: Span, following: Span | None, flow: Flow, path: tuple[str, ...]
) -> Figure:
    text, number = setting.text, span.number
    if span.segment != flow.segment >= 0 and "其中" in text.raw[slice(*text.segment_of(flow.segment))]:
        flow.entity = flow.head or flow.entity  # what follows speaks of the whole again, not of its last part
    _divided(text, span, flow)
    name = name_figure(text, span, following, flow, path)
    if span.segment != flow.segment:
        flow.segment, flow.head = span.segment, ""
        if not _DIVIDES.match(text.raw, text.segments[span.segment]):
            flow.measure = flow.default or flow.measure
    measure = _measure(name, flow, path, setting.piece, span)
    if name.dimension is Dimension.COUNT and (name.phrase.measure or span.clause != flow.clause):
        flow.reached = str(measure) if measure in _HANDED else None
    flow.clause = span.clause
    if measure in _REACHED and _planned(text, span):
        measure = StatedMeasure.TARGET
    if (measure in _REACHED or measure is StatedMeasure.ACTUAL) and _then_done(text, span):
        measure = StatedMeasure.TARGET
    scope = name.phrase.scope or flow.scope or _scope_of(path)
    line = fund_line(name.entity) if name.dimension in _MONEY else None
    owner = owner_for(name, line, path, flow)
    key, line = key_for(name, line, owner)
    hand_on(flow, name, measure)
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
        concept=name.concept,
        key=key,
        measure=measure,
        period=_period(setting, span, measure),
        line=line,
        scope=scope,
        owner=owner,
        subject=path,
        qualifiers=name.phrase.qualifiers,
        inherited=name.inherited,
        sentence=setting.sentence + span.sentence,
        segment=setting.segment + span.segment,
        depth=span.depth,
        confidence=_confidence(name),
    )


def _divided(text: Text, span: Span, flow: Flow) -> None:
    """Take over the measure of a clause that announces a list: 支出预算按类别分：基本支出…，项目支出…."""
    start = span.clause[0]
    if text.raw[start - 1 : start] not in ("：", ":"):
        return
    cut = max((c for c in text.cuts if c < start - 1), default=-1) + 1
    if FIGURE in text.masked[cut:start]:
        return
    words = text.raw[cut : start - 1]
    phrase = read_phrase(words, Dimension.MONEY)
    if phrase.measure in _TOPIC_MEASURES and phrase.strong and not _DIVIDED.search(words):
        flow.measure = flow.default = phrase.measure


_SPENT = frozenset(
    {"basic", "project", "personnel", "public", "household", "three_public", "vehicle", "abroad", "reception"}
    | {"vehicle_purchase", "vehicle_running"}
)
_HANDED = (StatedMeasure.TARGET, StatedMeasure.ACTUAL, StatedMeasure.ESTABLISHMENT)
_REACHED = (StatedMeasure.UNKNOWN, StatedMeasure.RATE)


def _then_done(text: Text, span: Span) -> bool:
    """停车位改造计划260个，实际260个: a plan, told from a programme (重点研发计划35项) by what follows."""
    if not text.raw[: span.number.start].endswith(("计划", "任务")):
        return False
    return bool(
        re.match(
            r"\s*[，,；;]?[^，,。；\d]{0,16}(?:实际|完成|已)", text.raw[span.clause[1] : span.clause[1] + 20]
        )
    )


def _planned(text: Text, span: Span) -> bool:
    """Whether the sentence speaks of what is to come: 计划2025年培训150人次，将…提高到73%."""
    if span.number.dimension not in (Dimension.COUNT, Dimension.PERCENT):
        return False
    start = text.sentence_of(span.number.start)[0]
    if re.search(r"实际|已", text.raw[start : span.number.start]):
        return False
    return bool(_PLAN.match(text.raw, start))


def _measure(name: Name, flow: Flow, path: tuple[str, ...], piece: TextPiece, span: Span) -> StatedMeasure:
    measure, ahead = name.phrase.measure, piece.text[slice(*span.before)]
    if _AIM_BEHIND.match(piece.text, span.number.end):
        return StatedMeasure.TARGET  # 满意度83.3%，未达到85%的目标
    if _AIM_BEFORE.search(piece.text, span.clause[0], span.number.start):
        return StatedMeasure.TARGET  # 执行率未达100%
    if _SHARE_OF.match(piece.text, span.number.end) and _AIM_AHEAD.search(ahead):
        return StatedMeasure.TARGET  # 完成年度任务5800人的105.66%
    if name.dimension is Dimension.SCORE and measure is None:
        gets = re.match(
            r"\s*[，,、（(]?\s*(?:实际|自评)?(?:得|评)", piece.text[span.number.end : span.number.end + 6]
        )
        return StatedMeasure("weight" if gets else flow.scored or "unknown")
    bound = bool(_BOUND.match(span.number.reading.text))
    if name.dimension is Dimension.PERCENT:
        if measure is None and flow.percent in ("share", "change") and name.inherited:
            measure = flow.percent
        if measure in ("share", "change", "target", "actual"):
            return StatedMeasure(measure)
        return StatedMeasure.TARGET if bound or _aims(path, piece) else StatedMeasure.RATE
    if name.dimension is Dimension.PRICE:
        return StatedMeasure.STANDARD
    if measure == StatedMeasure.ACTUAL and _aims(path, piece):
        return StatedMeasure.TARGET
    if measure and name.phrase.strong:
        return StatedMeasure(measure)
    if name.dimension in _MONEY and flow.adjusted and name.entity == flow.first and _SUM_UP.search(ahead):
        return StatedMeasure.ADJUSTED  # 年初1500万元，追加200万元，共1700万元
    if name.dimension in _MONEY and measure is None and _LIMIT.match(span.number.reading.text):
        return StatedMeasure.TARGET
    if name.dimension in _MONEY and measure is None and flow.adjusting == span.clause:
        return StatedMeasure.ADJUSTMENT  # 追加A资金1500万元、B资金300万元
    if name.dimension in _MONEY:
        chosen = flow.measure or measure or flow.spent
        line = fund_line(name.entity)
        if chosen is None and flow.income:
            chosen = "income"
        elif chosen is None and line in _SPENT:
            chosen = "executed"  # 人员经费10万元: a report tells what was spent
        if chosen:
            return StatedMeasure(chosen)
    elif flow.reached and (flow.clause == span.clause or _of_staff(flow, span)):
        return StatedMeasure(flow.reached)  # 计划建设雨量站20个、水位站8个; 编制78人，其中行政31人
    if _aims(path, piece):
        return StatedMeasure.TARGET
    return StatedMeasure(measure) if measure else StatedMeasure.UNKNOWN


def _of_staff(flow: Flow, span: Span) -> bool:
    """Whether the parts of a 编制 go on: 编制78人，其中行政31人."""
    return flow.reached == StatedMeasure.ESTABLISHMENT and normal_unit(span.number.reading.unit) == "人"


def _aims(path: tuple[str, ...], piece: TextPiece) -> bool:
    """Whether the heading or the caption of the cell says that these are targets."""
    label = piece.label or (path[-1] if path else "")
    return bool(_TARGET_LABEL.search(label)) and not _DONE_LABEL.search(label)


def _scope_of(path: tuple[str, ...]) -> str | None:
    for name in reversed(path):
        for pattern, scope in SCOPES[:5]:
            if pattern.search(name):
                return scope
    return None


def _period(setting: _Setting, span: Span, measure: StatedMeasure) -> Period:
    text, year = setting.text, setting.year
    start = text.sentence_of(span.number.start)[0]
    said: tuple[int, int] | None = None
    for offset, value in setting.years:
        if start <= offset < span.number.start and not _left(text, offset, span.number.start):
            said = (offset, value)
    words = text.raw[span.clause[0] : span.number.start]
    if _BECOMES.match(text.raw, span.before[0]):
        words = text.raw[slice(*span.before)]  # 由上年的3家增至5家
    relative: int | None = None
    if year is not None and _FROM.search(words) and _BECOMES.match(text.raw, span.number.end):
        return Period(year - 1 if said is None else said[1], stated=True)  # 由3家增至5家
    if year is not None:
        if _LAST.search(words):
            relative = year - 1
        elif _THIS.search(words):
            relative = year
    if relative is not None and (said is None or said[0] < span.clause[0]):
        return Period(relative, stated=True)
    if (
        measure in (StatedMeasure.CHANGE, StatedMeasure.SHARE)
        and said is not None
        and year is not None
        and said[1] < year
    ):
        said = None  # the year is what the change is counted from
    if said is not None and not _OF_YEAR.search(text.raw, span.clause[0], span.number.start):
        return Period(said[1], stated=True)
    return Period(year, stated=False)


def _left(text: Text, offset: int, number: int) -> bool:
    """Whether a year that was only compared with (较2022年的1.72亿元) lies behind the figure it was said of."""
    return (
        text.raw[offset - 1 : offset] in ("较", "比", "与", "同", "和")
        and FIGURE in text.masked[offset:number]
    )


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
