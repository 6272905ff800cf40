"""A text cut into sentences, segments and clauses, with its figures marked.

Numbers are masked first, so that the comma of 1,485.73 or the point of 3.5 is never taken for punctuation.
"""

from __future__ import annotations

import re
from functools import lru_cache

from gouji.frozen import frozen
from gouji.narrative.scan import Number, numbers_in
from gouji.pattern import compiled

__all__ = ["FIGURE", "Span", "Text", "plain_words", "read_text", "titles"]

FIGURE = "\ue000"
"""Stands for every character of a figure in the masked text."""
OTHER = "\ue001"
"""Stands for every character of a number that is no figure (dates, item numbers, document numbers)."""
NOTE = "\ue002"
"""Stands for every character of a bracket without figures, which is transparent to the grammar."""

_SENTENCE = compiled(r"[。！？!?\n\r]|(?<=[\u4e00-\u9fff”）)])\.(?=\s|$|[\u4e00-\u9fff])")
_SEGMENT = compiled(r"[；;]")
_CLAUSE = compiled(r"[，,：:；;。！？!?\n\r\t]|(?<=[\u4e00-\u9fff”）)])\.(?=\s|$|[\u4e00-\u9fff])")
_BRACKET = compiled(r"[（(]([^（）()]*)[）)]")
_TITLE = compiled(r"《[^《》\n]{1,60}》|〔\d{4}〕\s*\d*\s*号?")
_CHINESE = tuple("一二三四五六七八九十")
_OPEN, _CLOSE = "（(", "）)"


@frozen
class Span:
    """One figure in its surroundings.

    ``before`` is the span of the words in front of the number that belong to it, ``after`` of those behind,
    ``clause`` of all between two punctuation marks. ``sentence`` and ``segment`` number the full stops and
    semicolons of the text; ``depth`` is that of brackets. ``listed`` says that a figure stands in front of
    it in its own clause.
    """

    number: Number
    before: tuple[int, int]
    after: tuple[int, int]
    clause: tuple[int, int]
    sentence: int
    segment: int
    depth: int
    listed: bool


@frozen
class Text:
    """A text ready for the grammar.

    ``masked`` has the length of ``raw``. ``sentences`` and ``segments`` are the start offsets of each.
    """

    raw: str
    masked: str
    spans: tuple[Span, ...]
    sentences: tuple[int, ...]
    segments: tuple[int, ...]
    cuts: tuple[int, ...]

    def segment_of(self, number: int) -> tuple[int, int]:
        """The span of the segment with this number."""
        end = self.segments[number + 1] if number + 1 < len(self.segments) else len(self.raw)
        return self.segments[number], end

    def sentence_of(self, offset: int) -> tuple[int, int]:
        """The span of the sentence that holds ``offset``."""
        return _around(self.sentences, offset, len(self.raw))


def _around(starts: tuple[int, ...], offset: int, end: int) -> tuple[int, int]:
    low, high = 0, len(starts)
    while high - low > 1:
        middle = (low + high) // 2
        if starts[middle] <= offset:
            low = middle
        else:
            high = middle
    return starts[low], starts[low + 1] if low + 1 < len(starts) else end


def _mask(raw: str, numbers: tuple[Number, ...]) -> str:
    """The text with figures, other numbers and figureless brackets replaced, character for character."""
    chars = list(raw)
    for number in numbers:
        mark = FIGURE if number.counts else OTHER
        chars[number.start : number.end] = mark * (number.end - number.start)
    masked = "".join(chars)
    if "（" in masked or "(" in masked:
        for found in reversed(list(_BRACKET.finditer(masked))):
            if FIGURE not in found[1]:
                masked = masked[: found.start()] + NOTE * len(found[0]) + masked[found.end() :]
    return masked


def _starts(pattern: re.Pattern[str], masked: str) -> tuple[int, ...]:
    return (0, *(found.end() for found in pattern.finditer(masked) if found.end() < len(masked)))


@lru_cache(maxsize=2048)
def read_text(raw: str) -> Text:
    """Cut a text up. Linear in its length."""
    numbers = numbers_in(raw)
    masked = _mask(raw, numbers)
    figures = [number for number in numbers if number.counts]
    sentences = _starts(_SENTENCE, masked)
    segments = tuple(sorted({*sentences, *_starts(_SEGMENT, masked)}))
    cuts = tuple(found.start() for found in _CLAUSE.finditer(masked))
    spans = _spans(masked, figures, sentences, segments, cuts)
    return Text(raw, masked, spans, sentences, segments, cuts)


def _spans(
    masked: str,
    figures: list[Number],
    sentences: tuple[int, ...],
    segments: tuple[int, ...],
    cuts: tuple[int, ...],
) -> tuple[Span, ...]:
    spans: list[Span] = []
    cut = sentence = segment = 0
    depth = at = 0
    size = len(masked)
    for index, number in enumerate(figures):
        while cut < len(cuts) and cuts[cut] < number.start:
            cut += 1
        while sentence + 1 < len(sentences) and sentences[sentence + 1] <= number.start:
            sentence += 1
            depth = 0
        while segment + 1 < len(segments) and segments[segment + 1] <= number.start:
            segment += 1
        for char in masked[at : number.start]:
            if char in _OPEN:
                depth += 1
            elif char in _CLOSE:
                depth = max(0, depth - 1)
        at = number.end
        left = cuts[cut - 1] + 1 if cut else 0
        right = cuts[cut] if cut < len(cuts) else size
        last = figures[index - 1].end if index else 0
        following = figures[index + 1].start if index + 1 < len(figures) else size
        start = _label_start(masked, max(left, last), number.start, has_left=last > left)
        end = _after_end(masked, number.end, right, min(right, following))
        spans.append(
            Span(
                number,
                (start, number.start),
                (number.end, end),
                (left, right),
                sentence,
                segment,
                depth,
                last > left,
            )
        )
    return tuple(spans)


def _label_start(masked: str, start: int, end: int, *, has_left: bool) -> int:
    """Where the words before a number begin.

    Behind the last opening bracket; and behind the last 、 if a figure stands in front of it: in a list of
    figures 、 divides, in 假肢、轮椅等120件 it does not.
    """
    bracket = max(masked.rfind("（", start, end), masked.rfind("(", start, end))
    if bracket >= 0:
        return bracket + 1
    if has_left:
        close = max(masked.rfind("）", start, end), masked.rfind(")", start, end))
        mark = _comma(masked, start, end)
        return max(close + 1, mark + 1, start)
    return start


def _comma(masked: str, start: int, end: int) -> int:
    """Where the first 、 that divides stands, -1 if none: that of 三、四级手术 does not."""
    at = masked.find("、", start, end)
    while at > 0 and masked[at - 1] in _CHINESE and masked[at + 1 : at + 2] in _CHINESE:
        at = masked.find("、", at + 1, end)
    return at


def _after_end(masked: str, start: int, right: int, limit: int) -> int:
    """Where the words behind a number end: at a bracket, or the 、 that starts the next figure's."""
    end = limit
    for char in "（）()":
        found = masked.find(char, start, end)
        if found >= 0:
            end = found
    if limit < right:
        mark = masked.find("、", start, end)
        if mark >= 0:
            end = mark
    return end


def titles(raw: str) -> list[tuple[int, int]]:
    """Spans of document titles and numbers, whose years say nothing about the figures of the sentence."""
    return [found.span() for found in _TITLE.finditer(raw)]


def plain_words(text: Text, start: int, end: int) -> str:
    """The words of a span as typed, with figures left out."""
    words = text.raw[start:end]
    if FIGURE in text.masked[start:end]:
        words = "".join(
            char for char, mask in zip(words, text.masked[start:end], strict=True) if mask != FIGURE
        )
    return words
