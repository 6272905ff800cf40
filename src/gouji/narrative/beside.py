"""What stands right beside a figure and changes what it is called: another figure, a bare verb, the money of a count."""

from __future__ import annotations

from gouji.narrative.figures import Dimension
from gouji.narrative.phrase import read_phrase
from gouji.narrative.sentence import Span, Text
from gouji.pattern import compiled

__all__ = ["OWNED", "ends_count", "follows_at_once", "is_deed"]

OWNED = compiled(r"(?:[^，。；、的]{0,4})?(?:资金|补助|补贴|经费|贷款)(?=[^，。；、的]|$)")
"""The money of what is counted: 3个县126.4万元资金未拨付."""
_SHORT_NOUN = 5


def follows_at_once(text: Text, span: Span) -> bool:
    """Whether the figure stands right behind another, without a word between: 386户1204人."""
    return span.before[0] == span.before[1] and any(
        other.number.end == span.number.start for other in text.spans
    )


def is_deed(words: str, span: Span) -> bool:
    """Whether a bare verb is what is counted: 培训18场次."""
    unit = span.number.reading.unit or ""
    return words.strip() in _DEEDS and unit.endswith(("场次", "场", "期"))


_DEEDS = frozenset({"培训", "服务", "慰问", "走访", "巡查", "抽查", "检查", "演练", "宣传", "宣讲"})


def ends_count(text: Text, span: Span) -> bool:
    """Whether nothing but the noun of a count stands in front of an amount: 3个县126.4万元."""
    words = text.raw[slice(*span.before)]
    return (
        any(
            other.number.end == span.before[0] and other.number.dimension is Dimension.COUNT
            for other in text.spans
        )
        and 0 < len(words) <= _SHORT_NOUN
        and read_phrase(words, Dimension.MONEY).measure is None
        and "、" not in words
    )
