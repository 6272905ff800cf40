"""Runs of a Word paragraph cut where marks begin and end, keeping their looks.

Source: ECMA-376 part 1, 17.13 (annotations).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from html import escape

from gouji.frozen import frozen
from gouji.write.wordtree import Element, Piece
from gouji.write.xmltext import Splice

__all__ = ["AUTHOR", "Edits", "Mark", "marks_of", "plain"]

AUTHOR = "勾稽"
"""Whose the comments and tracked changes are."""


@frozen
class Mark:
    """Characters ``start:end`` of one text element, in a run."""

    text: Element
    start: int
    end: int


def plain(text: str) -> str:
    """Text that an XML part can hold."""
    return escape("".join(c for c in text if c >= " " or c == "\t"), quote=False)


def marks_of(lines: Sequence[tuple[Element, list[str]]], start: int, end: int) -> list[Mark]:
    """The parts of text elements that hold the characters ``start:end``; none where they do not hold all of them."""
    found: list[Mark] = []
    at = held = 0
    for _, pieces in lines:
        for piece in pieces:
            first, last = max(start, at), min(end, at + len(piece))
            if first < last and isinstance(piece, Piece) and _splittable(piece.element):
                found.append(Mark(piece.element, first - at, last - at))
                held += last - first
            at += len(piece)
        at += 1  # the line break between two paragraphs of a cell
    breaks = sum(1 for _ in lines) - 1
    return found if held >= end - start - breaks and found else []


def _splittable(text: Element) -> bool:
    return text.local == "t" and text.parent is not None and text.parent.local == "r" and not len(text)


class Edits:
    """What is to be written into the runs, gathered, so that a run with several marks is written once."""

    def __init__(self, prefix: bytes, data: bytes) -> None:
        self._w = prefix.decode()
        self._data = data
        self._before: dict[int, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
        self._after: dict[int, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
        self._deleted: dict[int, list[tuple[int, int]]] = defaultdict(list)
        self._texts: dict[int, Element] = {}
        self._plain: list[Splice] = []

    def _at(self, where: dict[int, dict[int, list[str]]], text: Element, offset: int, words: str) -> None:
        self._texts[text.start] = text
        where[text.start][offset].append(words)

    def comment(self, number: int, paragraphs: Sequence[Element], marks: Sequence[Mark]) -> None:
        """Put a comment around characters, or around whole paragraphs where there are none."""
        w = self._w
        begin = f'<{w}commentRangeStart {w}id="{number}"/>'
        close = f'<{w}commentRangeEnd {w}id="{number}"/><{w}r><{w}commentReference {w}id="{number}"/></{w}r>'
        if marks:
            self._at(self._before, marks[0].text, marks[0].start, begin)
            self._at(self._after, marks[-1].text, marks[-1].end, close)
            return
        first, last = paragraphs[0], paragraphs[-1]
        self._into(first, begin + (close if first is last else ""), front=first is not last)
        if first is not last:
            self._into(last, close, front=False)

    def _into(self, paragraph: Element, words: str, *, front: bool) -> None:
        """Put markup at the start (behind the properties) or the end of a paragraph."""
        if paragraph.outer == paragraph.end:  # <w:p/>
            raw = paragraph.raw.decode()
            self._plain.append(Splice(paragraph.inner - 2, paragraph.end, f">{words}</{raw}>".encode()))
            return
        properties = paragraph.child("pPr")
        at = (
            properties.end
            if front and properties is not None
            else paragraph.inner
            if front
            else paragraph.outer
        )
        self._plain.append(Splice(at, at, words.encode()))

    def replaceable(self, marks: Sequence[Mark]) -> bool:
        """Whether words can be replaced: found as plain text, not inside a field, not replaced already."""
        return bool(marks) and not any(
            first < mark.end and mark.start < last
            for mark in marks
            for first, last in self._deleted.get(mark.text.start, ())
        )

    def replace(self, marks: Sequence[Mark], new: str, number: int) -> None:
        """Take characters out and put others in, both tracked, under ``number`` and the number after it."""
        w = self._w
        given = f'{w}author="{AUTHOR}"'
        for mark in marks:
            self._deleted[mark.text.start].append((mark.start, mark.end))
            self._at(self._before, mark.text, mark.start, f'<{w}del {w}id="{number}" {given}>')
            self._texts[mark.text.start] = mark.text
            self._after[mark.text.start][mark.end].insert(0, f"</{w}del>")
        run = marks[0].text.parent
        looks = run.child("rPr") if run is not None else None
        dress = self._data[looks.start : looks.end].decode() if looks is not None else ""
        added = f'<{w}ins {w}id="{number + 1}" {given}><{w}r>{dress}<{w}t xml:space="preserve">{plain(new)}</{w}t></{w}r></{w}ins>'
        # what was taken out and put in stands in front of the end of a comment at the same place
        self._after[marks[-1].text.start][marks[-1].end].insert(1, added)

    def splices(self) -> list[Splice]:
        """The edits of the part, run by run."""
        runs = {text.parent.start: text.parent for text in self._texts.values() if text.parent is not None}
        made = [Splice(run.start, run.end, self._run(run)) for run in runs.values()]
        merged: dict[tuple[int, int], bytes] = {}
        for splice in self._plain:
            merged[splice.start, splice.end] = merged.get((splice.start, splice.end), b"") + splice.new
        made += [Splice(start, end, new) for (start, end), new in merged.items()]
        return sorted(made)

    def _run(self, run: Element) -> bytes:
        """One run written as several, cut where marks begin and end."""
        data = self._data
        looks = run.child("rPr")
        properties = data[looks.start : looks.end] if looks is not None else b""
        opening = data[run.start : run.inner] + properties
        closing = data[run.outer : run.end]
        out: list[bytes] = []
        inside: list[bytes] = []

        def close() -> None:
            if inside:
                out.append(opening + b"".join(inside) + closing)
                inside.clear()

        for child in run:
            if child is looks:
                continue
            if child.start not in self._texts:
                inside.append(data[child.start : child.end])
                continue
            before, after = self._before[child.start], self._after[child.start]
            text = str(child.text or "")
            cuts = sorted({0, len(text), *before, *after})
            for index, cut in enumerate(cuts):
                marks = [*after.get(cut, ()), *before.get(cut, ())]
                if marks:
                    close()
                    out.extend(words.encode() for words in marks)
                if index + 1 < len(cuts):
                    piece = text[cut : cuts[index + 1]]
                    gone = any(a <= cut < b for a, b in self._deleted.get(child.start, ()))
                    name = f"{self._w}delText" if gone else f"{self._w}t"
                    inside.append(f'<{name} xml:space="preserve">{plain(piece)}</{name}>'.encode())
        close()
        return b"".join(out)
