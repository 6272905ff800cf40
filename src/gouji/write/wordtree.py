"""A Word part as a tree that knows where in the bytes each element stands.

The reader of :mod:`gouji.source.docx` walks this tree as it walks any other, so that writing and reading agree about
what paragraph 12 or cell C3 is; the pieces of text it returns know the element they came from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.parsers import expat

from gouji.source.document import ReasonCode, SourceRefusedError

__all__ = ["Element", "Piece", "tree"]

_OPEN_TAG = re.compile(rb"<[^\s/>]+(?:[^>\"']|\"[^\"]*\"|'[^']*')*>")


class Piece(str):
    """The text of an element, with the element it is the text of."""

    __slots__ = ("element",)
    element: Element

    @classmethod
    def of(cls, element: Element, text: str) -> Piece:
        """The text of this element."""
        made = cls(text)
        made.element = element
        return made


class Element:
    """One element: its qualified name as written, the bytes ``start:end`` it takes, and what stands in it.

    ``inner`` is where its content begins, ``outer`` where its end tag begins (``end`` of a self-closed one). The rest is
    what :class:`xml.etree.ElementTree.Element` offers to a reader.
    """

    __slots__ = ("_text", "attributes", "children", "end", "inner", "outer", "parent", "raw", "start", "tag")

    def __init__(self, tag: str, attributes: dict[str, str], parent: Element | None) -> None:
        self.tag = tag
        self.attributes = attributes
        self.parent = parent
        self.children: list[Element] = []
        self.raw = b""
        self.start = self.inner = self.outer = self.end = 0
        self._text: list[str] = []

    @property
    def local(self) -> str:
        """The name without namespace."""
        return self.tag.rpartition("}")[2]

    @property
    def text(self) -> Piece | None:
        """The text in front of the first child."""
        return Piece.of(self, "".join(self._text)) if self._text else None

    def add_text(self, data: str) -> None:
        """Text met while parsing."""
        if not self.children:
            self._text.append(data)

    def items(self) -> list[tuple[str, str]]:
        """The attributes, names with their namespaces."""
        return list(self.attributes.items())

    def __iter__(self) -> Iterator[Element]:
        return iter(self.children)

    def __len__(self) -> int:
        return len(self.children)

    def __bool__(self) -> bool:
        return True

    def child(self, name: str) -> Element | None:
        """The first child of this local name."""
        return next((each for each in self.children if each.local == name), None)


def tree(data: bytes) -> Element:
    """The root of a part that is UTF-8 and checked for DTDs (:meth:`gouji.write.parts.Parts.xml`).

    Raises:
        SourceRefusedError: the part is damaged.
    """
    parser = expat.ParserCreate(None, "}")
    parser.buffer_text = True
    open_: list[Element] = []
    roots: list[Element] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        element = Element(name, attributes, open_[-1] if open_ else None)
        element.start = parser.CurrentByteIndex
        tag = _OPEN_TAG.match(data, element.start)
        element.inner = tag.end() if tag is not None else element.start
        element.raw = re.split(rb"[\s/>]", data[element.start + 1 : element.inner], maxsplit=1)[0]
        if open_:
            open_[-1].children.append(element)
        else:
            roots.append(element)
        open_.append(element)

    def end(_name: str) -> None:
        element = open_.pop()
        if data[element.inner - 2 : element.inner] == b"/>":
            element.outer = element.end = element.inner
        else:
            element.outer = parser.CurrentByteIndex
            element.end = data.index(b">", element.outer) + 1

    def text(words: str) -> None:
        if open_:
            open_[-1].add_text(words)

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    try:
        parser.Parse(data, True)
    except expat.ExpatError as fault:
        raise SourceRefusedError(
            ReasonCode.UNREADABLE, "文件内部结构已损坏，请用 Word 或 WPS 打开后另存一份再试"
        ) from fault
    return roots[0]
