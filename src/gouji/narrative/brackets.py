"""The words that belong to a figure but do not stand next to it: in front of a bracket, or of a count."""

from __future__ import annotations

from gouji.narrative.figures import Dimension
from gouji.narrative.sentence import FIGURE, Span, Text, plain_words
from gouji.pattern import compiled

__all__ = ["before_bracket", "before_open", "of_counted"]

_ONLY_NOUN = compiled(r"(?:项目|工程|课题|任务|活动|专项|资金|金额)[，,]?(?:共计|合计|共|总计)?")


def of_counted(text: Text, span: Span, before: str) -> str:
    """What stands before the count of things that money is of: 年初批复预算9个项目912万元."""
    if not _ONLY_NOUN.fullmatch(before.strip()):
        return ""
    earlier = [other for other in text.spans if other.number.end <= span.number.start]
    if not earlier or earlier[-1].number.dimension is not Dimension.COUNT:
        return ""
    last = earlier[-1]
    return plain_words(text, *last.before) if last.number.end >= span.before[0] - 1 else ""


def before_open(text: Text, bracket: int) -> str:
    """The name that a figure alone in a bracket is of: “污水暂存池应急工程”（530万元）."""
    if text.raw[bracket - 1 : bracket] == "”":
        return text.raw[text.raw.rfind("“", 0, bracket) + 1 : bracket - 1]
    head = bracket
    while head > 0 and text.masked[head - 1] not in f"，,：:；;。！？!?\n\t、（）(){FIGURE}":
        head -= 1
    return text.raw[head:bracket]


def before_bracket(text: Text, start: int) -> str:
    """The words in front of a bracket that closes right before a number: 职业培训（阳光增收项目）35名."""
    depth, at = 0, len(text.raw[:start].rstrip()) - 1
    while at >= 0:
        if text.raw[at] in "）)":
            depth += 1
        elif text.raw[at] in "（(":
            depth -= 1
            if depth == 0:
                break
        at -= 1
    head = max(at, 0)
    while head > 0 and text.masked[head - 1] not in f"，,：:；;。！？!?\n\t、{FIGURE}":
        head -= 1
    return plain_words(text, head, start if FIGURE not in text.masked[max(at, 0) : start] else max(at, head))
