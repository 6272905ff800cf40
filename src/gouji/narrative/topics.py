"""What a figure without a name of its own is about: a clause in front that reads like one, or the heading."""

from __future__ import annotations

from itertools import pairwise

from gouji.narrative.figures import Dimension
from gouji.narrative.flow import MONEY_LIKE, Flow, heading_line
from gouji.narrative.outline import owner_of
from gouji.narrative.phrase import Phrase, name_of, read_phrase
from gouji.narrative.sentence import FIGURE, Span, Text
from gouji.narrative.words import VAGUE
from gouji.pattern import compiled

__all__ = ["fallback", "topic_of"]

_MONEY_TOPIC = compiled(r"支出|收入|预算|决算|资金|经费|收支|拨款|结转")

_COMPARISON = compiled(r"相?比较?$|对比$")

_GENERAL_ENDS = ("情况", "概况", "分析", "方面", "说明", "如下", "工作", "成效")

_BUDGET_ITEM = compiled(r"[）)]([^（）()]{2,40})[（(]项[）)]$")


def topic_of(text: Text, span: Span, flow: Flow, *, near: bool = False) -> str:
    """A clause without figures in front, in the same sentence, that reads like a name.

    ``near`` looks only at the start of the figure's own segment: …；补贴到位率：目标值100%.
    """
    start = text.sentence_of(span.number.start)[0]
    clause = span.clause[0]
    if near:
        start = text.segments[span.segment]
    money = span.number.dimension in MONEY_LIKE
    if clause <= start:
        fits = money == flow.money_topic and flow.topic not in VAGUE and not near
        return flow.topic if fits else ""
    bounds = [start, *(cut + 1 for cut in text.cuts if start <= cut < clause)]
    for end, begin in pairwise(reversed(bounds)):
        if FIGURE in text.masked[begin:end]:
            break
        words = text.raw[begin : end - 1]
        name = read_phrase(words, span.number.dimension).entity if money else name_of(words)
        if name.endswith(_GENERAL_ENDS):
            continue  # 收支情况：年初预算数…
        if _COMPARISON.search(words):
            continue
        if 2 <= len(name) <= 30:
            return name
    fits = money == flow.money_topic and flow.topic not in VAGUE and not near
    return flow.topic if fits else ""


def fallback(path: tuple[str, ...], dimension: Dimension, phrase: Phrase) -> str:
    """The name that the headings give, where neither the clause nor the flow of the text gives one."""
    if dimension in MONEY_LIKE:
        item = _BUDGET_ITEM.search(path[-1]) if path else None
        if item is not None:
            return item[1]
        line = heading_line(path)
        if line is not None and phrase.measure != "income":
            return line
        owner = owner_of(path[-1:])
        if owner and _MONEY_TOPIC.search(owner):
            return read_phrase(owner, Dimension.COUNT).entity
        return "收入" if phrase.measure == "income" else "支出" if phrase.measure else ""
    owner = owner_of(path[-1:])
    return read_phrase(owner, Dimension.COUNT).entity if owner else ""
