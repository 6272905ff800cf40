"""Which year a figure is about."""

from __future__ import annotations

import re

from gouji.narrative.figures import Dimension, Period, StatedMeasure
from gouji.narrative.sentence import FIGURE, Span, Text, titles
from gouji.pattern import compiled

__all__ = ["period_of", "years_of"]

_OF_PLAN = compiled(r"20\d\d年度?(?:预算|计划)")  # 调减2023年预算…，取消项目3个
_YEAR = compiled(r"(20\d{2})\s*(?:年度?|(?=财年))")

_LAST = compiled(
    r"(?<![较比同与])(?:上一?年度?|去年)(?!结转|结余|底批复)"
    r"|[较比同与](?:上一?年度?|去年)(?:同期)?的?(?=[^，。；增减上下提多少持缩延压高低超净]{0,6}$)"
)

_THIS = compiled(r"本年度?|今年|当年|全年")

_BEGUN = compiled(r"(?:续建|跨年度?|结转实施|立项|启动|开工)的?(?:项目|工程)")
"""2019年续建项目3个 are of this year."""
_JOINED_YEARS = compiled(r"20\d\d年?度?(?:[、和与及]20\d\d年?度?)+")

_ISSUED = compiled(r"20\d\d年\d{1,2}月")

_ISSUES = compiled(r"下达|批复|印发|拨付|安排")

_FROM = compiled(r"[由从](?:上年|去年|年初|原来|此前)?的?(?:平均)?$")

_BECOMES = compiled(r"\s*(?:增加?|提[高升]|上?升|下降|降低?|压缩|缩短|压减|扩大|减少|增长|延长)了?[到至为]")

_OF_YEAR = compiled(r"(?:到|为|是|占|达|相当于)20\d\d年[^，。；]{0,8}的")

_COMPARED = compiled(r"[与比较同和]$")
_YEARS = compiled(r"20\d\d")


def years_of(text: Text) -> tuple[tuple[int, int], ...]:
    """(offset, year) of the years said in a text, those inside document titles left out."""
    if "20" not in text.raw:
        return ()
    skipped = titles(text.raw) if "《" in text.raw or "〔" in text.raw else []
    return tuple(
        (found.start(), int(found[1]))
        for found in _YEAR.finditer(text.raw)
        if not any(start <= found.start() < end for start, end in skipped)
        and not _compared(text, found)
        and not _BEGUN.match(text.raw, found.end())
    )


def _compared(text: Text, found: re.Match[str]) -> bool:
    """Whether a year is only what is compared with (与2022年相比); 比2022年的80万元 is about 2022."""
    if not _COMPARED.search(text.raw, max(0, found.start() - 1), found.start()):
        return False
    behind = text.masked[found.end() : found.end() + 6].lstrip("的支出收入决算")
    return not behind.startswith(FIGURE)


def period_of(
    text: Text, years: tuple[tuple[int, int], ...], year: int | None, span: Span, measure: StatedMeasure
) -> Period:
    """The year that the words in front of a figure give it, else that of the report.

    Args:
        text: the text.
        years: its years as :func:`years_of` finds them.
        year: that of the report.
        span: the figure.
        measure: what it measures; a change or a share is about the later of two years.
    """
    start = text.sentence_of(span.number.start)[0]
    said: tuple[int, int] | None = None
    for offset, value in years:
        if (
            start <= offset < span.number.start
            and not _left(text, offset, span.number.start)
            and not _closed(text.raw, offset, span.number.start)
            and not (offset < span.clause[0] and _OF_PLAN.match(text.raw, offset) and value != year)
        ):
            said = (offset, value)
    listed = _year_of_list(text, span, start) if years else None
    if listed is not None:
        return Period(listed, stated=True)
    if said is not None and year is not None and said[1] == year - 1 and _issued(text.raw, said[0], span):
        said = None  # 2020年11月下达…预算: when it was granted, not for which year
    words = text.raw[span.clause[0] : span.number.start]
    if _BECOMES.match(text.raw, span.before[0]):
        words = text.raw[slice(*span.before)]  # 由上年的3家增至5家
    relative: int | None = None
    if year is not None and _FROM.search(words) and _BECOMES.match(text.raw, span.number.end):
        turn = max(words.rfind("由"), words.rfind("从")) + span.clause[0]
        before = year - 1 if said is None else said[1] if said[0] > turn else said[1] - 1
        return Period(before, stated=True)  # 由3家增至5家
    if year is not None:
        if _LAST.search(words):
            relative = year - 1
        elif _THIS.search(words):
            relative = year
    if said is not None and year is not None and _risen_from(text, span, said[0]):
        return Period(year, stated=False)  # 由2016年的86.2%上升到89.7%
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


def _risen_from(text: Text, span: Span, offset: int) -> bool:
    """Whether the year was said of what the figure has risen from."""
    return bool(_BECOMES.match(text.raw, span.before[0])) and text.raw[offset - 1 : offset] in ("由", "从")


def _closed(raw: str, offset: int, number: int) -> bool:
    """Whether the bracket in which a year was said is closed before the figure."""
    between = raw[offset:number]
    return between.count("）") + between.count(")") > between.count("（") + between.count("(")


def _issued(raw: str, offset: int, span: Span) -> bool:
    """Whether a month in front says when money was granted."""
    if span.number.dimension is not Dimension.MONEY or not _ISSUED.match(raw, offset):
        return False
    return bool(_ISSUES.search(raw, offset, span.number.start))


def _year_of_list(text: Text, span: Span, start: int) -> int | None:
    """The year of a figure in «2021年、2022年分别完成415万亩、438万亩», where there are as many figures as years."""
    joined = list(_JOINED_YEARS.finditer(text.raw, start, span.number.start))
    if not joined:
        return None
    run = [other for other in text.spans if _one_run(text, other, span)]
    said = [int(year) for year in _YEARS.findall(joined[-1][0])]
    if len(run) != len(said) or len(run) < 2:
        return None
    return said[run.index(span)]


def _one_run(text: Text, first: Span, second: Span) -> bool:
    """Whether nothing but figures, 、 and 和 stands between two figures."""
    if first is second:
        return True
    if first.clause != second.clause:
        return False
    early, late = sorted((first, second), key=lambda span: span.number.start)
    between = text.masked[early.number.end : late.number.start]
    return not between.strip(FIGURE + "、和与及 ")


def _left(text: Text, offset: int, number: int) -> bool:
    """Whether a year that was only compared with (较2022年的1.72亿元) lies behind the figure it was said of."""
    return (
        text.raw[offset - 1 : offset] in ("较", "比", "与", "同", "和")
        and FIGURE in text.masked[offset:number]
    )
