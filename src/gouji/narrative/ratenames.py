"""What a percentage is called: by its own words, or by what it is a rate, share or change of."""

from __future__ import annotations

from gouji.narrative.figures import Dimension
from gouji.narrative.flow import TOTALS, Flow
from gouji.narrative.phrase import Phrase, joined
from gouji.narrative.sentence import Span, Text
from gouji.narrative.topics import topic_of
from gouji.narrative.words import RATE_END, RATE_NAME, VAGUE
from gouji.pattern import compiled

__all__ = ["SHORT_RATE", "rate_name"]

SHORT_RATE = 5
"""A name of at most so many characters needs that of a thing beside it."""
_SHARE_WORD = compiled(r"占|比重")


def rate_name(text: Text, span: Span, phrase: Phrase, flow: Flow) -> tuple[str, str, bool]:
    """(concept, line item, inherited) of a percentage."""
    entity = phrase.entity
    if phrase.measure == "share":
        raw = text.raw[slice(*span.before)]
        if "占" in entity:
            entity = entity[: entity.index("占")].rstrip("所")
        elif not _SHARE_WORD.search(raw) and not text.raw.startswith("的", span.number.end):
            entity = ""
    if not entity and not phrase.measure and span.listed and flow.percent in ("share", "change"):
        return flow.entity or flow.passing or flow.topic, "", True
    if phrase.measure in ("share", "change"):
        if not entity and text.raw[span.number.start : span.number.end].endswith("百分点"):
            entity = flow.last_rate
        changed = flow.changed if phrase.measure == "change" and span.segment == flow.segment else ""
        return entity or changed or flow.passing or flow.entity or flow.topic, "", not phrase.entity
    found = RATE_NAME.search(entity)
    if found and found.start():
        owner = entity[: found.start()].strip("的")
        return entity, "" if owner in VAGUE or owner in TOTALS else owner, False
    if not entity:
        if flow.dimension is Dimension.PERCENT and flow.rate and not phrase.measure:
            return flow.rate, "", True
        if (
            flow.dimension is Dimension.PERCENT
            and phrase.measure
            and flow.last_rate
            and span.segment == flow.segment
        ):
            return flow.last_rate, "", True
        near = topic_of(text, span, flow, near=True) if span.segment != flow.segment else ""
        return near or flow.entity or topic_of(text, span, flow) or flow.topic, "", True
    stem = entity.rstrip("率度")
    if flow.entity and not found and (entity in VAGUE or (len(entity) <= 4 and stem in flow.entity)):
        return joined(flow.entity, entity), "", True
    if flow.rate and flow.dimension is Dimension.PERCENT and not RATE_END.search(entity):
        return joined(entity, flow.rate), entity, True
    if not found and len(entity) <= SHORT_RATE and flow.dimension is Dimension.COUNT and flow.entity:
        same = span.segment == flow.segment
        return entity, flow.entity if same else "", False
    return entity, "", False
