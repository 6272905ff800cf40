"""Reading what a cell holds: shared strings, inline strings, numbers, errors."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from gouji.calc.value import CellError, Value
from gouji.write import xmltext
from gouji.write.parts import Parts
from gouji.write.sheetmap import CellSpan, SheetMap
from gouji.write.sheetscan import FormulaSpan
from gouji.write.xmltext import Node

__all__ = ["SharedStrings", "cell_value", "character_data", "formula_value", "plain_text"]

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[Ee][+-]?\d+)?")


def plain_text(masked: bytes, data: bytes, node: Node) -> str:
    """The text of a string item: its runs joined, phonetic readings left out (ECMA-376 part 1, 18.4.8)."""
    pieces = []
    for child in xmltext.children(masked, node):
        if child.local == "t":
            pieces.append(character_data(data[child.open_end : child.inner_end]))
        elif child.local == "r":
            pieces.append(plain_text(masked, data, child))
    return "".join(pieces)


def character_data(raw: bytes) -> str:
    """The text that the content of a ``<t>`` stands for."""
    if b"<![CDATA[" in raw:
        raw = re.sub(
            rb"<!\[CDATA\[(.*?)\]\]>", lambda one: xmltext.escape_bytes(one[1]), raw, flags=re.DOTALL
        )
    text = xmltext.unescape(raw.decode("utf-8", "replace").replace("\r\n", "\n"))
    return xmltext.unescape_string(text)


class SharedStrings:
    """The shared strings of a workbook, read one by one as they are asked for."""

    __slots__ = ("_data", "_masked", "_name", "_nodes", "_parts", "_texts")

    def __init__(self, parts: Parts, name: str | None) -> None:
        self._parts = parts
        self._name = name
        self._data = self._masked = b""
        self._nodes: list[Node] | None = None
        self._texts: dict[int, str] = {}

    def _node(self, index: int) -> Node | None:
        if self._nodes is None:
            self._data = b"<sst/>" if self._name is None else self._parts.xml(self._name)
            self._masked = xmltext.mask(self._data)
            top = xmltext.root(self._masked)
            self._nodes = self._usual_nodes(top.prefix + b"si") or [
                node for node in xmltext.children(self._masked, top) if node.local == "si"
            ]
        return self._nodes[index] if 0 <= index < len(self._nodes) else None

    def _usual_nodes(self, name: bytes) -> list[Node] | None:
        """Every item, found by its mark; None where one is not written as usual."""
        found = list(re.finditer(rb"<%b>(.*?)(</%b>)" % (name, name), self._masked, re.DOTALL))
        if len(found) != self._masked.count(b"<" + name):
            return None
        return [Node(name, one.start(), one.start(1), one.end(1), one.end()) for one in found]

    def __getitem__(self, index: int) -> str:
        if index not in self._texts:
            node = self._node(index)
            self._texts[index] = "" if node is None else plain_text(self._masked, self._data, node)
        return self._texts[index]

    def is_rich(self, index: int) -> bool:
        """Whether a string has runs of different looks."""
        node = self._node(index)
        return node is not None and any(one.local == "r" for one in xmltext.children(self._masked, node))


def is_rich(sheet: SheetMap, cell: CellSpan, shared: SharedStrings) -> bool:
    """Whether a cell's text has runs of different looks."""
    kind = sheet.attributes(cell.node).get("t", "n")
    inner = sheet.inner(cell)
    if kind == "inlineStr":
        return "is" in inner and any(one.local == "r" for one in xmltext.children(sheet.masked, inner["is"]))
    if kind == "s" and "v" in inner:
        text = sheet.text(inner["v"]).strip()
        return text.isdigit() and shared.is_rich(int(text))
    return False


def cell_value(sheet: SheetMap, cell: CellSpan, shared: SharedStrings) -> Value:
    """The stored value of a cell; None where none is stored or it cannot be read."""
    inner = sheet.inner(cell)
    tag = sheet.data[cell.node.start : cell.node.open_end]
    kind = sheet.attributes(cell.node).get("t", "n") if b"t=" in tag else "n"
    if kind == "inlineStr":
        node = inner.get("is")
        return None if node is None else plain_text(sheet.masked, sheet.data, node)
    node = inner.get("v")
    return None if node is None else _meant(kind, sheet.text(node), shared)


def formula_value(sheet: SheetMap, formula: FormulaSpan, shared: SharedStrings) -> Value:
    """The stored value of a cell with a formula; None where none is stored or it cannot be read."""
    usual = formula.usual
    if usual is None or usual[3] == b"inlineStr":
        cell = sheet.cell(formula.row, formula.col)
        return None if cell is None else cell_value(sheet, cell, shared)
    kind, written = usual[3], usual[7]
    if written is None:
        if usual.end() - usual.end(4) == len(sheet.prefix) + len(b"</c>"):
            return None
        written = b""  # <v/>
    text = xmltext.unescape(written.replace(b"\r\n", b"\n").decode("utf-8", "replace"))
    return _meant(kind.decode() if kind else "n", text, shared)


def _meant(kind: str, text: str, shared: SharedStrings) -> Value:
    """What the text of a ``<v>`` stands for in a cell of a type."""
    if kind == "s":
        return shared[int(text)] if text.strip().isdigit() else None
    if kind in ("str", "d"):
        return xmltext.unescape_string(text)
    text = text.strip()
    if kind == "b":
        return text in ("1", "true")
    if kind == "e":
        return CellError(text)
    if not _NUMBER.fullmatch(text):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None
