"""Parsing XML parts that a stranger wrote: no DTD, no entities, no exotic encodings, bounded depth."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError, XMLParser
from xml.parsers import expat

from gouji.pattern import compiled
from gouji.source.document import ReasonCode, SourceRefusedError
from gouji.source.limits import Limits

__all__ = ["BROKEN", "broken", "check_tags", "has_doctype", "local", "parse", "plain", "stream", "tree"]

_DECLARED = compiled(rb"""^\s*<\?xml[^>]*?\bencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_ENCODINGS = frozenset({b"utf-8", b"utf8", b"us-ascii", b"ascii", b"iso-8859-1", b"utf-16"})
_CHUNK = 1024 * 1024
_STREAM_DEPTH = 8
_STREAM_CHILDREN = 20_000
_MOST_ATTRIBUTES = 16
#: What the parser raises for a part that is not well-formed.
BROKEN = (ParseError, ValueError, LookupError)


def plain(data: bytes, part: str, name: str) -> bytes:
    """The part's bytes in an encoding without surprises, with no DTD inside.

    Args:
        data: The part as stored.
        part: The part's name, for the message.
        name: The file's name, for the message.

    Returns:
        The same bytes, or UTF-8 with the declaration cut off where the part was UTF-16.

    Raises:
        SourceRefusedError: HOSTILE for a DTD or entity declaration, UNREADABLE for another encoding.
    """
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in data[:4]:
        try:
            text = data.decode("utf-16" if data[:1] in b"\xff\xfe" else _utf16(data))
        except UnicodeDecodeError:
            raise broken(part, name) from None
        data = re.sub(r"^\ufeff?\s*<\?xml[^>]*\?>", "", text).encode("utf-8", "surrogatepass")
    else:
        declared = _DECLARED.match(data[:256])
        if declared and declared[1].lower() not in _ENCODINGS:
            raise SourceRefusedError(
                ReasonCode.UNREADABLE,
                f"“{name}”的 {part[:60]} 使用了不支持的字符编码；请用 Excel、WPS 打开后另存再检查。",
            )
    if (b"<!DOCTYPE" in data or b"<!ENTITY" in data) and has_doctype(data):
        raise SourceRefusedError(
            ReasonCode.HOSTILE,
            f"“{name}”的 {part[:60]} 含有文档类型或实体声明，正常的 Office 文件没有这种内容，"
            "出于安全没有读取；请用 Excel、WPS 打开后另存为新文件再检查。",
        )
    return data


def has_doctype(data: bytes) -> bool:
    """Whether the part really declares a document type (the words may also stand in a comment or CDATA)."""
    found = False

    def seen(*_: object) -> None:
        nonlocal found
        found = True

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = seen
    parser.EntityDeclHandler = seen
    try:
        parser.Parse(data, True)
    except expat.ExpatError:
        return True
    return found


def tree(data: bytes) -> Element:
    """The element tree of a part that :func:`plain` let through; raises one of :data:`BROKEN`."""
    # No DTD reaches this parser, so that there are no entities to expand.
    parser = XMLParser()  # noqa: S314 - see above
    parser.feed(data)
    return parser.close()


def parse(data: bytes, part: str, name: str, limits: Limits) -> Element:
    """The same, with the refusal to show.

    Raises:
        SourceRefusedError: UNREADABLE where the part is not well-formed, TOO_LARGE where its tree would be.
    """
    check_tags(data, part, name, limits.tree_tags)
    try:
        return tree(data)
    except BROKEN as error:
        raise broken(part, name) from error


def check_tags(data: bytes, part: str, name: str, most: int) -> None:
    """Refuse a part with more tags than a program should have to go through.

    Raises:
        SourceRefusedError: TOO_LARGE.
    """
    # Counting is only worth while where there can be too many: a tag has three characters at least.
    if len(data) <= 3 * most:
        return
    tags = data.count(b"<")
    # Equals signs are attributes, or part of formulas; honest tags have a few of them each.
    if tags > most or data.count(b"=") > min(most, _MOST_ATTRIBUTES * tags + 10_000):
        raise SourceRefusedError(
            ReasonCode.TOO_LARGE,
            f"“{name}”的内容太多（{part[:60]}），不像自评材料，没有检查；"
            "请把自评表或报告另存为单独的文件再检查。",
        )


def stream(data: bytes, part: str, name: str, wanted: frozenset[str], limits: Limits) -> Iterator[Element]:
    """The elements of these (local) names in a large part, one by one; nothing else of it is kept.

    Raises:
        SourceRefusedError: UNREADABLE where the part is not well-formed, TOO_LARGE where it has too many tags.
    """
    check_tags(data, part, name, limits.tags)
    cutter = _Cutter(wanted)
    parser = expat.ParserCreate(None, "}")
    parser.buffer_text = True
    parser.StartElementHandler = cutter.start
    parser.EndElementHandler = cutter.end
    parser.CharacterDataHandler = cutter.text
    # Older expat looks at a long token again with every piece it is fed: few pieces, then.
    step = max(_CHUNK, len(data) // 32)
    try:
        for at in range(0, len(data), step):
            parser.Parse(data[at : at + step], at + step >= len(data))
            yield from cutter.done
            cutter.done.clear()
    except expat.ExpatError as error:
        raise broken(part, name) from error


class _Cutter:
    """Builds the wanted elements out of the parser's events."""

    def __init__(self, wanted: frozenset[str]) -> None:
        self.done: list[Element] = []
        self._wanted = wanted
        self._open: list[Element] = []
        self._deeper = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element starts; its name comes as namespace, brace, local name."""
        tag = "{" + name if "}" in name else name
        if len(self._open) >= _STREAM_DEPTH:
            # Deeper than any cell goes.
            self._deeper += 1
        elif self._open:
            element = Element(tag, attributes)
            # More cells than a row can have are gone through but not kept.
            if len(self._open[-1]) < _STREAM_CHILDREN:
                self._open[-1].append(element)
            self._open.append(element)
        elif local(tag) in self._wanted:
            self._open.append(Element(tag, attributes))

    def text(self, data: str) -> None:
        """Text right after the start of an element; that between elements means nothing here."""
        if self._open and not self._deeper and not len(self._open[-1]):
            self._open[-1].text = (self._open[-1].text or "") + data

    def end(self, _name: str) -> None:
        """An element ends."""
        if self._deeper:
            self._deeper -= 1
        elif self._open:
            element = self._open.pop()
            if not self._open:
                self.done.append(element)


def local(tag: str) -> str:
    """The name of an element without its namespace."""
    return tag.rpartition("}")[2]


def _utf16(data: bytes) -> str:
    return "utf-16-be" if data[:1] == b"\0" else "utf-16-le"


def broken(part: str, name: str) -> SourceRefusedError:
    """The refusal of a package with a damaged part."""
    return SourceRefusedError(
        ReasonCode.UNREADABLE,
        f"“{name}”的内部文件 {part[:60]} 已损坏，无法读取；请用 Excel、WPS 打开并另存后再检查。",
    )
