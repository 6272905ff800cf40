"""The labels of «A、B、C分别为1、2、3»."""

from __future__ import annotations

from gouji.narrative.flow import Flow
from gouji.narrative.phrase import joined
from gouji.narrative.sentence import FIGURE, Span, Text, plain_words
from gouji.pattern import compiled

__all__ = ["label_of"]

_RESPECTIVELY = compiled(
    r"(?:同比|[较比](?:上年|去年|20\d\d年)(?:同期)?)?分别(?:同比|[较比](?:上年|去年|20\d\d年)(?:同期)?)?"
    r"(?:为|是|达到?|完成|占(?:[^，。；\d]{2,14}的)?|支出|安排|有|增长|下降|上升|减少|增加|提高|降低)?了?$"
)

_SPLIT = compiled(r"[、，,]|(?<!总)和|与|以及|及(?!时)")
_FIGURES = compiled(f"{FIGURE}+")


def label_of(text: Text, span: Span, flow: Flow, before: str) -> str | None:
    """The label of a figure in «A、B、C分别为1、2、3»; None where the sentence has no such list."""
    if _RESPECTIVELY.search(before.strip()):
        if not _RESPECTIVELY.sub("", before.strip()).strip("，,、 "):
            return _named_before(text, span, flow)
        words = plain_words(text, span.clause[0], span.number.start).strip()
        found = _RESPECTIVELY.search(words)
        verb = found[0].replace("分别", "") if found else ""
        flow.labels = [part + verb for part in _SPLIT.split(_RESPECTIVELY.sub("", words)) if part.strip()]
        flow.labels = _of_each(text, span, flow) or flow.labels
        return flow.labels.pop(0) if flow.labels else None
    if flow.labels and not before.strip("、，,和与及 "):
        return flow.labels.pop(0)
    flow.labels = []
    return None


_OF_EACH = ("率", "占比", "占比为", "比重", "比重为", "比例", "比例为", "增幅", "降幅", "率为")


def _of_each(text: Text, span: Span, flow: Flow) -> list[str]:
    """The labels in «高血压患者A人、糖尿病患者B人，规范管理率分别为C%、D%»: one rate of each thing in front."""
    many = 1 + sum(
        1
        for other in text.spans
        if span.number.start < other.number.start < text.sentence_of(span.number.start)[1]
        and not plain_words(text, *other.before).strip("、，,和与及 ")
    )
    if len(flow.labels) != 1 or many < 2 or len(flow.recent) < many or not flow.labels[0].endswith(_OF_EACH):
        return []
    return [joined(name, flow.labels[0]) for name in flow.recent[-many:]]


def _named_before(text: Text, span: Span, flow: Flow) -> str | None:
    """The label in «基本支出A、项目支出B，分别占20%和80%»: the things of the clause in front, in their order."""
    many = len(_FIGURES.findall(text.masked, span.number.start, span.clause[1]))
    found = _RESPECTIVELY.search(text.raw[slice(*span.before)].strip())
    verb = found[0].replace("分别", "") if found else ""
    points = text.raw[span.number.start : span.number.end].endswith("百分点")
    named = flow.rates if points and len(flow.rates) >= many else flow.recent
    if many < 2 or len(named) < many:
        return None
    flow.labels = [name if points else name + verb for name in named[-many:]]
    return flow.labels.pop(0)
