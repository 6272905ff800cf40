"""Parsing XML parts that a stranger wrote: no DTD, no entities, no exotic encodings, bounded depth."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import cast
from xml.etree.ElementTree import Element, ParseError, XMLParser, XMLPullParser
from xml.parsers import expat

from gouji.source.document import ReasonCode, SourceRefusedError

__all__ = ["BROKEN", "broken", "has_doctype", "local", "parse", "plain", "stream", "tree"]

_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?\bencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_ENCODINGS = frozenset({b"utf-8", b"utf8", b"us-ascii", b"ascii", b"iso-8859-1", b"utf-16"})
_CHUNK = 256 * 1024
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


def parse(data: bytes, part: str, name: str) -> Element:
    """The same, with the refusal to show.

    Raises:
        SourceRefusedError: UNREADABLE where the part is not well-formed.
    """
    try:
        return tree(data)
    except BROKEN as error:
        raise broken(part, name) from error


def stream(data: bytes, part: str, name: str) -> Iterator[Element]:
    """The elements of a large part as they end; a caller clears what it has used up.

    Raises:
        SourceRefusedError: UNREADABLE where it is not well-formed.
    """
    parser: XMLPullParser[Element] = XMLPullParser(("end",))
    try:
        for at in range(0, len(data), _CHUNK):
            parser.feed(data[at : at + _CHUNK])
            yield from _ended(parser)
        parser.close()
        yield from _ended(parser)
    except BROKEN as error:
        raise broken(part, name) from error


def _ended(parser: XMLPullParser[Element]) -> Iterator[Element]:
    """The elements that ended in what was fed last."""
    for event in parser.read_events():
        # Only ends were asked for; they come as pairs.
        yield cast("tuple[str, Element]", event)[1]


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
