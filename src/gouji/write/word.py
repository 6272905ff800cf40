"""A user's Word report, marked with comments and tracked changes at the words named and nowhere else.

Runs are split at the characters where a mark begins and ends, keeping their looks; every other byte of the document and
every other part stays as it is. Source: ECMA-376 part 1, 17.13 (annotations).
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, cast

from gouji.frozen import frozen
from gouji.source.document import ReasonCode, SourceRefusedError, cell_position
from gouji.source.docx import trace_report
from gouji.source.limits import Limits
from gouji.write.parts import Parts
from gouji.write.wordruns import AUTHOR, Edits, Mark, marks_of, plain
from gouji.write.wordtree import Element, tree
from gouji.write.xmltext import DECLARATION, Splice, append_child, mask, root

__all__ = ["AUTHOR", "Comment", "Replacement", "Spot", "WordFile", "is_word"]

_COMMENTS = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
_MOST_ID = 2**31 - 1


def is_word(data: bytes) -> bool:
    """Whether these bytes are a Word document of the Open XML kind; False for anything that cannot be opened."""
    try:
        parts = Parts(data)
        kinds = [
            parts.content_type(one.target) or ""
            for one in parts.relationships("")
            if one.kind == "officeDocument"
        ]
    except (SourceRefusedError, KeyError):
        return False
    return any("wordprocessingml" in kind for kind in kinds)


@frozen
class Spot:
    """A place in a report: paragraph ``number``, or a cell of a table; and the words meant there, if not all of it."""

    number: int | None = None
    sheet: str | None = None
    cell: str | None = None
    words: str | None = None
    within: str | None = None


@frozen
class Comment:
    """Words to be put beside a place."""

    spot: Spot
    lines: tuple[str, ...]


@frozen
class Replacement:
    """Words at a place replaced by others, as a change that the author may accept or reject."""

    spot: Spot
    new: str


class WordFile:
    """A .docx file in memory.

    Raises:
        SourceRefusedError: not a Word document of the Open XML kind, encrypted, damaged, hostile or signed.
    """

    __slots__ = ("_limits", "_main", "_names", "_prefix", "_trace", "_used", "parts", "path")

    def __init__(self, data: bytes, path: Path | None = None) -> None:
        self.path = path
        self.parts = Parts(data)
        self._limits = Limits()
        starts = self.parts.relationships("")
        if any(one.kind == "origin" and "digital-signature" in one.type for one in starts):
            raise SourceRefusedError(
                ReasonCode.UNSUPPORTED,
                "文件带有数字签名，任何改动都会使签名失效，因此不予改写；请另存一份未签名的副本再试",
            )
        main = next((one.target for one in starts if one.kind == "officeDocument"), None)
        if main is None or main not in self.parts:
            raise SourceRefusedError(
                ReasonCode.UNREADABLE, "文件里没有 Word 正文；请用 Word 或 WPS 打开并另存为 .docx 再试"
            )
        self._main = main
        self._read()

    @classmethod
    def open(cls, source: str | os.PathLike[str] | bytes) -> WordFile:
        """Open a report from a path or from its bytes; the file itself is not touched."""
        if isinstance(source, bytes):
            return cls(source)
        path = Path(source)
        return cls(path.read_bytes(), path)

    def to_bytes(self) -> bytes:
        """The document as a file; the very bytes opened where nothing was marked."""
        return self.parts.to_bytes()

    def _read(self) -> None:
        data = self.parts.xml(self._main)
        top = tree(data)
        names, trace = trace_report(cast("Any", top), self._main, self._limits)
        self._names = {name: index for index, name in enumerate(names)}
        self._trace = cast("dict[tuple[int, ...], list[tuple[Element, list[str]]]]", trace)
        prefix = top.raw.rpartition(b":")
        self._prefix = prefix[0] + prefix[1]
        if not self._prefix:
            raise SourceRefusedError(
                ReasonCode.UNSUPPORTED, "这份文档的内部写法少见，不能直接标注；请用 Word 或 WPS 另存一份再试"
            )
        ids = [
            int(value)
            for element in _all(top)
            if element.local in _ANNOTATIONS
            for name, value in element.items()
            if name.endswith("}id") and value.lstrip("-").isdigit()
        ]
        self._used = max([0, *(each for each in ids if each < _MOST_ID)])

    # -- places

    def _lines(self, spot: Spot) -> list[tuple[Element, list[str]]]:
        """The paragraphs of a place with the pieces of their text; of the first filled paragraph where it is the whole file."""
        if spot.number is not None:
            return self._trace.get((spot.number,), [])
        if spot.sheet is not None and spot.sheet in self._names:
            row, col = cell_position(spot.cell) or (0, 0)
            table = self._names[spot.sheet]
            while col >= 0 and (table, row, col) not in self._trace:
                col -= 1
            return self._trace.get((table, row, col), [])
        filled = (
            lines for key, lines in self._trace.items() if len(key) == 1 and "".join(lines[0][1]).strip()
        )
        return next(filled, [])

    def _find(self, spot: Spot) -> tuple[list[tuple[Element, list[str]]], list[Mark]]:
        """The paragraphs of a place, and the characters of its words; no characters where they cannot be marked singly."""
        lines = self._lines(spot)
        text = "\n".join("".join(pieces) for _, pieces in lines)
        wanted = spot.words or text
        base = text.find(spot.within) if spot.within else 0
        start = text.find(wanted, max(base, 0))
        if start < 0:
            start = text.find(wanted)
        if start < 0 or not wanted:
            return lines, []
        return lines, marks_of(lines, start, start + len(wanted))

    # -- marking

    def mark(self, comments: Iterable[Comment], replacements: Iterable[Replacement] = ()) -> list[bool]:
        """Put comments beside words and replace words by tracked changes, in one pass.

        Returns:
            For each replacement whether it was made; one whose words are not found as plain text is not.
        """
        edits = Edits(self._prefix, self.parts.xml(self._main))
        notes: list[tuple[int, tuple[str, ...]]] = []
        number = self._next_comment()
        for comment in comments:
            lines, marks = self._find(comment.spot)
            if not lines:
                lines, marks = self._find(Spot())
            if not lines:
                continue
            edits.comment(number, [element for element, _ in lines], marks)
            notes.append((number, comment.lines))
            number += 1
        made = []
        for replacement in replacements:
            _, marks = self._find(replacement.spot)
            taken = edits.replaceable(marks)
            made.append(taken)
            if taken:
                self._used += 2
                edits.replace(marks, replacement.new, self._used - 1)
        self.parts.splice(self._main, edits.splices())
        if notes:
            self._add_comments(notes)
        self._read()
        return made

    def clear(self) -> int:
        """Take away the comments that :meth:`mark` put in, whoever edited the file since; tracked changes stay.

        Returns:
            How many comments there were.
        """
        part = self._comments_part()
        if part is None or part not in self.parts:
            return 0
        ours = {
            given["id"]: element
            for element in tree(self.parts.xml(part))
            if (given := {name.rpartition("}")[2]: value for name, value in element.items()}).get("author")
            == AUTHOR
            and "id" in given
        }
        self.parts.splice(part, [Splice(one.start, one.end, b"") for one in ours.values()])
        doomed = []
        for element in _all(tree(self.parts.xml(self._main))):
            number = next((value for name, value in element.items() if name.endswith("}id")), None)
            if number not in ours or element.local not in _REFERENCES:
                continue
            run = element.parent
            alone = (
                element.local == "commentReference"
                and run is not None
                and all(each is element or each.local == "rPr" for each in run)
            )
            gone = run if alone and run is not None else element
            doomed.append(Splice(gone.start, gone.end, b""))
        self.parts.splice(self._main, sorted(doomed))
        self._read()
        return len(ours)

    def _comments_part(self) -> str | None:
        return next(
            (one.target for one in self.parts.relationships(self._main) if one.kind == "comments"), None
        )

    def _next_comment(self) -> int:
        part = self._comments_part()
        if part is None or part not in self.parts:
            return self._used + 1
        ids = [
            int(value)
            for element in tree(self.parts.xml(part))
            for name, value in element.items()
            if name.endswith("}id") and value.isdigit()
        ]
        return max([self._used, *ids]) + 1

    def _add_comments(self, notes: Sequence[tuple[int, tuple[str, ...]]]) -> None:
        part = self._comments_part()
        namespace = tree(self.parts.xml(self._main)).tag.rpartition("}")[0]
        if part is None or part not in self.parts:
            part = self.parts.unused("word/comments{}.xml").replace("comments1", "comments")
            kind = _relationships(namespace) + "/comments"
            self.parts.write(part, f'{DECLARATION}<w:comments xmlns:w="{namespace}"/>'.encode())
            self.parts.add_override(part, _COMMENTS)
            self.parts.relate(self._main, kind, part)
        data = self.parts.xml(part)
        top = root(mask(data))
        new = b"".join(_note(top.prefix, number, lines) for number, lines in notes)
        self.parts.splice(part, append_child(data, top, new))


_REFERENCES = frozenset({"commentRangeStart", "commentRangeEnd", "commentReference"})
_ANNOTATIONS = frozenset(
    {
        "ins", "del", "moveFrom", "moveTo", "commentRangeStart", "commentReference", "bookmarkStart",
        "rPrChange", "pPrChange", "tblPrChange", "trPrChange", "tcPrChange", "sectPrChange", "cellIns", "cellDel",
    }
)  # fmt: skip


def _relationships(namespace: str) -> str:
    """The relationship types that go with a namespace of the main part (transitional or Strict)."""
    if "purl.oclc.org" in namespace:
        return "http://purl.oclc.org/ooxml/officeDocument/relationships"
    return "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def _note(prefix: bytes, number: int, lines: Iterable[str]) -> bytes:
    w = prefix.decode()
    paragraphs = "".join(
        f'<{w}p><{w}r><{w}t xml:space="preserve">{plain(line)}</{w}t></{w}r></{w}p>' for line in lines
    )
    given = f'{w}id="{number}" {w}author="{AUTHOR}" {w}initials="{AUTHOR}"'
    return f"<{w}comment {given}>{paragraphs}</{w}comment>".encode()


def _all(element: Element) -> Iterable[Element]:
    pending = [element]
    while pending:
        each = pending.pop()
        yield each
        pending += each.children
