"""XML as bytes: where elements stand, and how to splice new ones in without disturbing the rest.

Nothing here builds a tree: a part is kept as the bytes its author wrote, and every edit is a
:class:`Splice` that names the bytes it replaces. That is what keeps everything else byte for byte.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from operator import itemgetter
from typing import NamedTuple
from xml.parsers import expat

from gouji.source.document import ReasonCode, SourceRefusedError

__all__ = [
    "DECLARATION",
    "Node",
    "Splice",
    "append_child",
    "apply",
    "attributes",
    "check",
    "children",
    "escape",
    "given",
    "mask",
    "root",
    "set_attribute",
    "storable",
    "taking_back",
    "unescape",
    "utf8",
]

DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_HIDDEN = re.compile(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>", re.DOTALL)
_DECLARATION = re.compile(rb"(?:\xef\xbb\xbf)?<\?")
_TAG = re.compile(rb"<(/?)([^\s/>]+)([^>\"']*(?:\"[^\"]*\"[^>\"']*|'[^']*'[^>\"']*)*)>")
_ATTRIBUTE = re.compile("([^ \t\r\n=\"'<>/]+)[ \t\r\n]*=[ \t\r\n]*(?:\"([^\"]*)\"|'([^']*)')")
_ENTITY = re.compile(r"&(?:#(\d+)|#[xX]([0-9a-fA-F]+)|(amp|lt|gt|quot|apos));")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_DECLARED = re.compile(rb"^<\?xml[^>]*?\sencoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"'][^>]*\?>")
# What XML 1.0 cannot hold; OOXML writes such characters as _xHHHH_ (ECMA-376 part 1, 22.4.2.4).
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_SPECIAL = re.compile("[&<>_\x00-\x08\x0b-\x1f\ufffe\uffff]")
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_PLACE = itemgetter(0, 1)
_ENCODINGS = {"utf-8", "utf8", "us-ascii", "ascii"}


class Splice(NamedTuple):
    """Bytes ``start:end`` of a part replaced by ``new``."""

    start: int
    end: int
    new: bytes


class Node(NamedTuple):  # a tuple, not a dataclass: there is one for every tag looked at
    """Where one element stands. ``inner_end`` is the start of its end tag; a self-closed element has none."""

    name: bytes
    start: int
    open_end: int
    inner_end: int
    end: int

    @property
    def local(self) -> str:
        """The name without its prefix."""
        return self.name.rpartition(b":")[2].decode("utf-8", "replace")

    @property
    def prefix(self) -> bytes:
        """The prefix with its colon, or nothing."""
        head, colon, _ = self.name.rpartition(b":")
        return head + colon

    @property
    def self_closed(self) -> bool:
        """Whether the element is written ``<a/>``."""
        return self.open_end == self.end


def _unreadable(detail: str) -> SourceRefusedError:
    return SourceRefusedError(
        ReasonCode.UNREADABLE, f"文件内部结构已损坏（{detail}），请用 Excel 或 WPS 打开后另存一份再试"
    )


def check(data: bytes, name: str) -> bool:
    """Make sure a part is well-formed and declares no DTD.

    Returns:
        Whether it is bare: without comments, CDATA sections and processing instructions.

    Raises:
        SourceRefusedError: hostile where it declares a DTD or entities, unreadable where it is malformed.
    """
    parser = expat.ParserCreate()
    hidden: list[object] = []

    def refuse(*_: object) -> None:
        raise SourceRefusedError(
            ReasonCode.HOSTILE, f"文件部件 {name} 含有文档类型声明（DTD），正常的工作簿没有，已拒绝处理"
        )

    def note(*_: object) -> None:
        hidden.append(None)

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.CommentHandler = parser.StartCdataSectionHandler = parser.ProcessingInstructionHandler = note
    try:
        parser.Parse(data, True)
    except expat.ExpatError as fault:
        raise _unreadable(f"{name} 第 {fault.lineno} 行") from fault
    return not hidden


def utf8(data: bytes) -> bytes:
    """The part in UTF-8, its declaration agreeing; unchanged where it is UTF-8 already."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encoding = "utf-16"
    else:
        declared = _DECLARED.match(data.removeprefix(b"\xef\xbb\xbf"))
        encoding = declared[1].decode("ascii").lower() if declared else "utf-8"
        if encoding in _ENCODINGS:
            return data
    try:
        text = data.decode(encoding)
    except (LookupError, UnicodeDecodeError) as fault:
        raise _unreadable(f"编码 {encoding}") from fault
    return re.sub(r"^(<\?xml[^>]*?\sencoding\s*=\s*)([\"'])[^\"']*\2", r"\1\2UTF-8\2", text).encode()


def mask(data: bytes, *, bare: bool = False) -> bytes:
    """The part with comments, CDATA sections and processing instructions blanked, every offset unchanged.

    ``bare`` says that it is known to have none (see :func:`check`).
    """
    if bare or (b"<!" not in data and data.count(b"<?") <= 1):
        declaration = data.find(b"?>") if _DECLARATION.match(data) else -1
        return b" " * (declaration + 2) + data[declaration + 2 :] if declaration >= 0 else data
    return _HIDDEN.sub(lambda found: b" " * len(found[0]), data)


def _nodes(masked: bytes, start: int, end: int) -> Iterator[Node]:
    depth = 0
    opened: tuple[bytes, int, int] = (b"", 0, 0)
    at = start
    while True:
        found = _TAG.search(masked, at, end)
        if found is None:
            return
        at = found.end()
        if found[1]:
            depth -= 1
            if depth == 0:
                yield Node(opened[0], opened[1], opened[2], found.start(), found.end())
            elif depth < 0:
                return
            continue
        if found[3].endswith(b"/"):
            if depth == 0:
                yield Node(found[2], found.start(), found.end(), found.end(), found.end())
            continue
        if depth == 0:
            opened = (found[2], found.start(), found.end())
            if found[2].endswith(b"sheetData"):
                # The one element that can be huge, and never holds another of its name.
                at = masked.index(b"</" + found[2], at)
        depth += 1


def root(masked: bytes) -> Node:
    """The root element of a masked part."""
    opening = _TAG.search(masked)
    if opening is None:
        raise _unreadable("没有根元素")
    if opening[3].endswith(b"/"):
        return Node(opening[2], opening.start(), opening.end(), opening.end(), opening.end())
    closing = masked.rfind(b"</" + opening[2])
    if closing < 0:
        raise _unreadable("根元素没有结束")
    return Node(opening[2], opening.start(), opening.end(), closing, masked.index(b">", closing) + 1)


def children(masked: bytes, parent: Node) -> list[Node]:
    """The elements directly inside ``parent``, in order."""
    if parent.self_closed:
        return []
    return list(_nodes(masked, parent.open_end, parent.inner_end))


def child(masked: bytes, parent: Node, local: str) -> Node | None:
    """The first child of this local name."""
    if parent.self_closed:
        return None
    found = _nodes(masked, parent.open_end, parent.inner_end)
    return next((node for node in found if node.local == local), None)


def attributes(tag: bytes) -> dict[str, str]:
    """The attributes of a start tag by their written names (prefix kept), values unescaped."""
    text = tag.decode("utf-8", "replace")
    if "&" in text:
        return {name: unescape(double or single) for name, double, single in _ATTRIBUTE.findall(text)}
    return {name: double or single for name, double, single in _ATTRIBUTE.findall(text)}


def whole(given: dict[str, str], name: str, otherwise: int = 0) -> int:
    """An attribute that holds a whole number; ``otherwise`` where it is missing or holds something else."""
    text = given.get(name, "").strip()
    return int(text) if text.isascii() and text.isdigit() else otherwise


def set_attribute(tag: bytes, name: str, value: str | None) -> bytes:
    """The start tag with one attribute set (in place where it exists, else last), or removed for None."""
    pattern = re.compile(rb"\s+" + re.escape(name.encode()) + rb"\s*=\s*(?:\"[^\"]*\"|'[^']*')")
    written = b"" if value is None else f' {name}="{escape(value, quotes=True)}"'.encode()
    found = pattern.search(tag)
    if found:
        return tag[: found.start()] + written + tag[found.end() :]
    end = len(tag) - (2 if tag.endswith(b"/>") else 1)
    return tag[:end].rstrip() + written + tag[end:]


def given(**values: str | float | None) -> str:
    """Attributes as they stand in a start tag, each with a leading space; None leaves one out."""
    written = ""
    for name, value in values.items():
        if value is not None:
            text = f"{value:g}" if isinstance(value, float) else str(value)
            written += f' {name}="{escape(text, quotes=True)}"'
    return written


def escape(text: str, *, quotes: bool = False) -> str:
    """Text for element content, or for a double-quoted attribute value."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    if quotes:
        text = text.replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;")
    return text.replace("\r", "&#13;")


def escape_bytes(raw: bytes) -> bytes:
    """Raw character data (of a CDATA section) as ordinary content."""
    return raw.replace(b"&", b"&amp;").replace(b"<", b"&lt;").replace(b">", b"&gt;")


def unescape(text: str) -> str:
    """The text that character and entity references stand for."""
    if "&" not in text:
        return text

    def replaced(found: re.Match[str]) -> str:
        if found[3]:
            return _NAMED[found[3]]
        return chr(int(found[1]) if found[1] else int(found[2], 16))

    return _ENTITY.sub(replaced, text)


def escape_string(text: str) -> str:
    """A cell's or note's text as OOXML stores it (ST_Xstring): XML escapes and ``_xHHHH_``."""
    return text if text.isalnum() or not _SPECIAL.search(text) else escape(storable(text))


def storable(text: str) -> str:
    """A text with ``_xHHHH_`` for what XML cannot hold; XML escapes are left to whoever writes it."""
    text = _LOOKS_ESCAPED.sub("_x005F_", text)
    return _FORBIDDEN.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


def unescape_string(text: str) -> str:
    """The text an ST_Xstring stands for (XML escapes already resolved)."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


def apply(data: bytes, splices: Iterable[Splice]) -> bytes:
    """The part with the splices made.

    Splices at one place keep the order given; they must not overlap.

    Raises:
        ValueError: two splices overlap.
    """
    pieces: list[bytes] = []
    at = 0
    for start, end, new in sorted(splices, key=_PLACE):
        if start < at:
            raise ValueError(f"splices overlap at {start}")
        pieces += (data[at:start], new)
        at = end
    pieces.append(data[at:])
    return b"".join(pieces)


def taking_back(data: bytes, splices: Iterable[Splice]) -> list[Splice]:
    """The splices that take back what :func:`apply` does to a part."""
    back: list[Splice] = []
    shifted = 0
    for start, end, new in sorted(splices, key=_PLACE):
        back.append(Splice(start + shifted, start + shifted + len(new), data[start:end]))
        shifted += len(new) - (end - start)
    return back


def append_child(data: bytes, parent: Node, new: bytes) -> list[Splice]:
    """The splices that put ``new`` last inside ``parent`` (which may be self-closed)."""
    if not parent.self_closed:
        return [Splice(parent.inner_end, parent.inner_end, new)]
    opened = data[parent.start : parent.open_end]
    return [
        Splice(parent.start, parent.open_end, opened[:-2].rstrip() + b">" + new + b"</" + parent.name + b">")
    ]
