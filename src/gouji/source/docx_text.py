"""The text of a Word report's paragraphs: what the printed page says, and the text boxes anchored in it.

Tracked insertions are in, deletions out; results of fields are in, their instructions out; hidden text is out.
Elements: ECMA-376 part 1, 17.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from gouji.source.document import Grid, Paragraph, ReasonCode, SourceRefusedError
from gouji.source.limits import Limits

__all__ = [
    "CLEAR",
    "State",
    "Trace",
    "attribute",
    "child_of",
    "chosen",
    "flat",
    "guard",
    "local",
    "paragraph_text",
    "spend",
    "too_large",
]

Trace = dict[tuple[int, ...], list[tuple[Element, list[str]]]]
"""The paragraphs of each place with the pieces their text was put together from: of body paragraph N under ``(N,)``, of a
cell under ``(number of the table, row, column)``."""

#: Wrappers around blocks, rows, cells or runs whose content counts as if they were not there.
CLEAR = frozenset(
    {
        "ins", "moveTo", "customXml", "smartTag", "hyperlink", "fldSimple", "dir", "bdo", "rubyBase", "ruby",
        "sdt", "sdtContent", "oMath", "oMathPara",
    }
)  # fmt: skip
#: Pictures and shapes: nothing in them is text but text boxes.
_SHAPES = frozenset({"drawing", "pict", "object", "AlternateContent"})
_SYMBOLS = {
    "F0FC": "√",
    "F0FE": "☑",
    "F0A8": "□",
    "F0A3": "□",
    "F06F": "□",
    "F052": "☑",
    "F050": "√",
    "F0FB": "×",
}
_OFF = frozenset({"0", "false", "off", "none"})


@dataclass(slots=True)
class State:
    """The document while it is read."""

    name: str
    limits: Limits
    paragraphs: list[Paragraph] = field(default_factory=list)
    grids: list[Grid] = field(default_factory=list)
    titles: list[str | None] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    number: int = 0
    # Whether each open field (outermost first) has come to its result.
    fields: list[bool] = field(default_factory=list)
    # The paragraphs since the last table, newest last, as (text, centred).
    ahead: list[tuple[str, bool]] = field(default_factory=list)
    trace: Trace = field(default_factory=dict)
    lines: list[tuple[Element, list[str]]] = field(default_factory=list)
    cells: int = 0
    chars: int = 0
    covered: int = 0


@dataclass(slots=True)
class _Text:
    """The text of one paragraph and the text boxes anchored in it."""

    pieces: list[str] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)


def local(element: Element) -> str:
    """The name of an element without its namespace."""
    return element.tag.rpartition("}")[2]


def attribute(element: Element | None, key: str) -> str | None:
    """An attribute by its local name."""
    if element is None:
        return None
    for name, value in element.items():
        if name.rpartition("}")[2] == key:
            return value
    return None


def child_of(element: Element | None, name: str) -> Element | None:
    """The first child of a local name."""
    if element is None:
        return None
    return next((child for child in element if local(child) == name), None)


def guard(state: State, depth: int) -> None:
    """Keep the nesting within bounds.

    Raises:
        SourceRefusedError: HOSTILE.
    """
    if depth > state.limits.depth:
        raise SourceRefusedError(
            ReasonCode.HOSTILE,
            f"“{state.name}”的内容嵌套过深，不是正常的文档，没有读取；请用 Word 或 WPS 另存为新文件再检查。",
        )


def spend(state: State, cells: int, chars: int) -> None:
    """Count what was read.

    Raises:
        SourceRefusedError: TOO_LARGE.
    """
    state.cells += cells
    state.chars += chars
    if state.cells > state.limits.cells or state.chars > min(
        state.limits.text_chars, 10 * state.limits.prose_chars
    ):
        raise too_large(state.name)


def too_large(name: str) -> SourceRefusedError:
    """The refusal of a document that is too large."""
    return SourceRefusedError(
        ReasonCode.TOO_LARGE,
        f"“{name}”内容太多，不像自评报告，没有检查；请把自评报告另存为单独的文件再检查。",
    )


def chosen(alternate: Element) -> Element:
    """The branch of a compatibility block to read: the first choice, else the fallback."""
    branches = list(alternate)
    return next((branch for branch in branches if len(branch)), branches[0] if branches else alternate)


def flat(parent: Element, state: State, depth: int) -> Iterator[Element]:
    """The children of a block, row or table, with clear wrappers opened."""
    guard(state, depth)
    for child in parent:
        name = local(child)
        if name in CLEAR:
            yield from flat(child, state, depth + 1)
        elif name == "AlternateContent":
            yield from flat(chosen(child), state, depth + 1)
        else:
            yield child


def paragraph_text(element: Element, state: State, depth: int) -> tuple[str, list[Element]]:
    """The text of a paragraph, and the text boxes anchored in it."""
    found = _Text()
    _inline(element, found, state, depth)
    state.lines.append((element, found.pieces))
    return "".join(found.pieces), found.boxes


def _inline(parent: Element, found: _Text, state: State, depth: int) -> None:
    """The runs of a paragraph."""
    guard(state, depth)
    for child in parent:
        name = local(child)
        if name == "r":
            _run(child, found, state, depth)
        elif name in CLEAR:
            _inline(child, found, state, depth + 1)
        elif name in _SHAPES:
            _shape(child, found, state, depth + 1)
        elif name == "t":  # inside a formula the text stands in m:r/m:t or bare
            found.pieces.append(child.text or "")


def _run(run: Element, found: _Text, state: State, depth: int) -> None:
    shown = all(state.fields)
    for child in run:
        name = local(child)
        if name == "t":
            if shown:
                found.pieces.append(child.text or "")
        elif name == "fldChar":
            _field(child, state)
            shown = all(state.fields)
        elif name == "rPr":
            vanish = child_of(child, "vanish")
            if vanish is not None and attribute(vanish, "val") not in _OFF:
                shown = False
        elif name in _SHAPES:
            _shape(child, found, state, depth + 1)
        elif name == "ruby":
            _inline(child, found, state, depth + 1)
        elif shown:
            found.pieces.append(_special(child, name))


def _special(element: Element, name: str) -> str:
    """What the characters with elements of their own look like."""
    if name in ("tab", "ptab"):
        return "\t"
    if name == "br":
        return "" if attribute(element, "type") in ("page", "column") else "\n"
    if name == "cr":
        return "\n"
    if name == "noBreakHyphen":
        return "-"
    if name == "sym":
        code = (attribute(element, "char") or "").upper()
        return _SYMBOLS.get(code, "")
    return ""


def _field(mark: Element, state: State) -> None:
    kind = attribute(mark, "fldCharType")
    if kind == "begin":
        state.fields.append(False)
    elif kind == "separate" and state.fields:
        state.fields[-1] = True
    elif kind == "end" and state.fields:
        state.fields.pop()


def _shape(element: Element, found: _Text, state: State, depth: int) -> None:
    """Find the text boxes of a picture or shape, each once."""
    guard(state, depth)
    if local(element) == "AlternateContent":
        element = chosen(element)
    for child in element:
        if local(child) == "txbxContent":
            found.boxes.append(child)
        elif len(child):
            _shape(child, found, state, depth + 1)
