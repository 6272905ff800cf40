"""Word reports: paragraphs in order, tables with merged cells on their full grid, text boxes.

Reads ``document.xml`` directly: python-docx would build the same from lxml at several times the start-up
cost, and knows neither text boxes, tracked changes nor content controls. Elements: ECMA-376 part 1, 17.

What counts is what the printed report says: tracked insertions are in, deletions out; results of fields are
in, their instructions out; comments, footnotes and hidden text are out. Paragraphs of the body are numbered
from 1, empty ones and those in content controls included, those in tables not; automatic list numbers are
not part of their text. A nested table is a grid of its own; the outer cell keeps only its own paragraphs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from gouji.frozen import replace
from gouji.source.caption import caption_of, unique_names
from gouji.source.document import Cell, Grid, Paragraph, ReasonCode, SourceRefusedError
from gouji.source.limits import Limits
from gouji.source.merges import Area, CoverTooLargeError, spread
from gouji.source.package import Package

__all__ = ["Trace", "read_report", "trace_report"]

Trace = dict[tuple[int, ...], list[tuple[Element, list[str]]]]
"""The paragraphs of each place with the pieces their text was put together from: of body paragraph N under ``(N,)``, of a
cell under ``(number of the table, row, column)``."""

#: Wrappers around blocks, rows, cells or runs whose content counts as if they were not there.
_CLEAR = frozenset(
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
class _State:
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


def read_report(
    package: Package, limits: Limits
) -> tuple[tuple[Grid, ...], tuple[Paragraph, ...], tuple[str, ...]]:
    """The tables and paragraphs of a Word document, and notices of what was left out.

    Args:
        package: A package of kind docx.
        limits: Caps on cells, text and nesting.

    Raises:
        SourceRefusedError: UNREADABLE where the body is missing or damaged, TOO_LARGE beyond the caps.
    """
    root = package.parse(package.main)
    state = _read(root, package.name, limits)
    names = unique_names(state.titles)
    grids = tuple(replace(grid, name=name) for grid, name in zip(state.grids, names, strict=True))
    return grids, tuple(state.paragraphs), tuple(state.notices)


def trace_report(root: Element, name: str, limits: Limits) -> tuple[tuple[str, ...], Trace]:
    """The names of the tables, and which elements the text of each place came from; for writing back.

    Raises:
        SourceRefusedError: as :func:`read_report`.
    """
    state = _read(root, name, limits)
    return tuple(unique_names(state.titles)), state.trace


def _read(root: Element, name: str, limits: Limits) -> _State:
    body = next((child for child in root if _name(child) == "body"), None)
    if body is None:
        raise SourceRefusedError(
            ReasonCode.UNREADABLE,
            f"“{name}”没有正文，文件可能已损坏；请用 Word 或 WPS 打开并另存后再检查。",
        )
    state = _State(name, limits)
    _blocks(body, state, 0)
    return state


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _get(element: Element | None, key: str) -> str | None:
    """An attribute by its local name."""
    if element is None:
        return None
    for name, value in element.items():
        if name.rpartition("}")[2] == key:
            return value
    return None


def _child(element: Element | None, name: str) -> Element | None:
    if element is None:
        return None
    return next((child for child in element if _name(child) == name), None)


def _guard(state: _State, depth: int) -> None:
    if depth > state.limits.depth:
        raise SourceRefusedError(
            ReasonCode.HOSTILE,
            f"“{state.name}”的内容嵌套过深，不是正常的文档，没有读取；请用 Word 或 WPS 另存为新文件再检查。",
        )


def _spend(state: _State, cells: int, chars: int) -> None:
    state.cells += cells
    state.chars += chars
    if state.cells > state.limits.cells or state.chars > min(
        state.limits.text_chars, 10 * state.limits.prose_chars
    ):
        raise _too_large(state.name)


def _too_large(name: str) -> SourceRefusedError:
    return SourceRefusedError(
        ReasonCode.TOO_LARGE,
        f"“{name}”内容太多，不像自评报告，没有检查；请把自评报告另存为单独的文件再检查。",
    )


def _blocks(parent: Element, state: _State, depth: int) -> None:
    """The paragraphs and tables of the body, in order."""
    _guard(state, depth)
    for child in parent:
        name = _name(child)
        if name == "p":
            _body_paragraph(child, state, depth)
        elif name == "tbl":
            _table(child, state, caption_of(state.ahead), depth + 1)
            state.ahead.clear()
        elif name in _CLEAR:
            _blocks(child, state, depth + 1)
        elif name == "AlternateContent":
            _blocks(_chosen(child), state, depth + 1)
        elif name == "altChunk":
            state.notices.append("文档里嵌入了其他格式的内容，没有检查；请用 Word 打开并另存后再检查。")


def _body_paragraph(element: Element, state: _State, depth: int) -> None:
    state.number += 1
    if state.number > state.limits.lines:
        raise _too_large(state.name)
    text, boxes = _paragraph(element, state, depth)
    state.trace[state.number,] = [state.lines.pop()]
    state.paragraphs.append(Paragraph(state.number, text))
    state.ahead.append((text, _centred(element)))
    _spend(state, 0, len(text))
    for box in boxes:
        _box(box, state, depth + 1)


def _box(box: Element, state: _State, depth: int) -> None:
    """A text box in the body: its paragraphs carry the number of the one that anchors it."""
    _guard(state, depth)
    for child in _flat(box, state, depth):
        if _name(child) == "p":
            text, boxes = _paragraph(child, state, depth)
            if text.strip():
                state.paragraphs.append(Paragraph(state.number, text, boxed=True))
            _spend(state, 0, len(text))
            for inner in boxes:
                _box(inner, state, depth + 1)
        elif _name(child) == "tbl":
            _table(child, state, None, depth + 1)


def _chosen(alternate: Element) -> Element:
    """The branch of a compatibility block to read: the first choice, else the fallback."""
    branches = list(alternate)
    return next((branch for branch in branches if len(branch)), branches[0] if branches else alternate)


def _flat(parent: Element, state: _State, depth: int) -> Iterator[Element]:
    """The children of a block, row or table, with clear wrappers opened."""
    _guard(state, depth)
    for child in parent:
        name = _name(child)
        if name in _CLEAR:
            yield from _flat(child, state, depth + 1)
        elif name == "AlternateContent":
            yield from _flat(_chosen(child), state, depth + 1)
        else:
            yield child


def _paragraph(element: Element, state: _State, depth: int) -> tuple[str, list[Element]]:
    found = _Text()
    _inline(element, found, state, depth)
    state.lines.append((element, found.pieces))
    return "".join(found.pieces), found.boxes


def _inline(parent: Element, found: _Text, state: _State, depth: int) -> None:
    """The runs of a paragraph."""
    _guard(state, depth)
    for child in parent:
        name = _name(child)
        if name == "r":
            _run(child, found, state, depth)
        elif name in _CLEAR:
            _inline(child, found, state, depth + 1)
        elif name in _SHAPES:
            _shape(child, found, state, depth + 1)
        elif name == "t":  # inside a formula the text stands in m:r/m:t or bare
            found.pieces.append(child.text or "")


def _run(run: Element, found: _Text, state: _State, depth: int) -> None:
    shown = all(state.fields)
    for child in run:
        name = _name(child)
        if name == "t":
            if shown:
                found.pieces.append(child.text or "")
        elif name == "fldChar":
            _field(child, state)
            shown = all(state.fields)
        elif name == "rPr":
            vanish = _child(child, "vanish")
            if vanish is not None and _get(vanish, "val") not in _OFF:
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
        return "" if _get(element, "type") in ("page", "column") else "\n"
    if name == "cr":
        return "\n"
    if name == "noBreakHyphen":
        return "-"
    if name == "sym":
        code = (_get(element, "char") or "").upper()
        return _SYMBOLS.get(code, "")
    return ""


def _field(mark: Element, state: _State) -> None:
    kind = _get(mark, "fldCharType")
    if kind == "begin":
        state.fields.append(False)
    elif kind == "separate" and state.fields:
        state.fields[-1] = True
    elif kind == "end" and state.fields:
        state.fields.pop()


def _shape(element: Element, found: _Text, state: _State, depth: int) -> None:
    """Find the text boxes of a picture or shape, each once."""
    _guard(state, depth)
    if _name(element) == "AlternateContent":
        element = _chosen(element)
    for child in element:
        if _name(child) == "txbxContent":
            found.boxes.append(child)
        elif len(child):
            _shape(child, found, state, depth + 1)


def _centred(paragraph: Element) -> bool:
    return _get(_child(_child(paragraph, "pPr"), "jc"), "val") == "center"


def _table(element: Element, state: _State, title: str | None, depth: int) -> None:
    """Read a table, then the tables nested in it."""
    _guard(state, depth)
    slot = len(state.grids)
    if slot >= state.limits.tables:
        raise _too_large(state.name)
    after = state.number
    state.grids.append(Grid("", {}, {}, 0, 0))
    state.titles.append(title)
    cells: dict[tuple[int, int], Cell] = {}
    areas: list[Area] = []
    # The open vertical merges: first column → index into areas.
    open_merges: dict[int, tuple[int, int]] = {}
    nested: list[Element] = []
    row = 0
    width = 0
    for line in _flat(element, state, depth):
        if _name(line) != "tr":
            continue
        properties = _child(line, "trPr")
        if _child(properties, "del") is not None:
            continue
        col = _count(_child(properties, "gridBefore"), 0)
        still_open: dict[int, tuple[int, int]] = {}
        previous: int | None = None
        for cell in _flat(line, state, depth):
            if _name(cell) != "tc":
                continue
            shape = _child(cell, "tcPr")
            span = min(max(_count(_child(shape, "gridSpan"), 1), 1), state.limits.cols)
            across = _child(shape, "hMerge")
            down = _child(shape, "vMerge")
            state.lines = []
            text = _cell_text(cell, state, nested, depth)
            state.trace.setdefault((slot, row, col), state.lines)
            index = len(areas)
            if across is not None and _get(across, "val") != "restart" and previous is not None:
                kept = areas[previous]
                areas[previous] = Area(kept.row, kept.col, kept.rows, kept.cols + span)
            elif (
                down is not None
                and _get(down, "val") != "restart"
                and open_merges.get(col, (-1, -1))[1] == span
            ):
                index = open_merges[col][0]
                kept = areas[index]
                areas[index] = Area(kept.row, kept.col, row - kept.row + 1, kept.cols)
                still_open[col] = (index, span)
                previous = None
            else:
                areas.append(Area(row, col, 1, span))
                previous = index
                if down is not None:
                    still_open[col] = (index, span)
                if text and row < state.limits.rows and col < state.limits.cols:
                    cells[row, col] = Cell(row, col, text, text)
                _spend(state, 1, len(text))
            col += span
        width = max(width, col + _count(_child(properties, "gridAfter"), 0))
        open_merges = still_open
        row += 1
    try:
        whole = spread(
            cells, areas, state.limits.rows, state.limits.cols, state.limits.covered - state.covered
        )
    except CoverTooLargeError:
        raise _too_large(state.name) from None
    state.covered += len(whole.cover)
    state.grids[slot] = Grid(
        name="",
        cells=whole.cells,
        cover=whole.cover,
        n_rows=max(whole.n_rows, min(row, state.limits.rows)),
        n_cols=max(whole.n_cols, min(width, state.limits.cols)),
        title=title,
        after_paragraph=after,
    )
    for inner in nested:
        _table(inner, state, None, depth + 1)


def _count(element: Element | None, default: int) -> int:
    try:
        return max(0, int(_get(element, "val") or default))
    except ValueError:
        return default


def _cell_text(cell: Element, state: _State, nested: list[Element], depth: int) -> str:
    """The paragraphs of a cell joined by newline; text boxes follow the paragraph that anchors them."""
    lines: list[str] = []
    pending = list(_flat(cell, state, depth))
    for child in pending:
        name = _name(child)
        if name == "tbl":
            nested.append(child)
        elif name == "p":
            text, boxes = _paragraph(child, state, depth)
            lines.append(text)
            for box in boxes:
                inner = _cell_text(box, state, nested, depth + 1)
                if inner.strip():
                    lines.append(inner)
    if nested and lines and not lines[-1]:
        # Word demands an empty paragraph after a nested table.
        lines.pop()
    while len(lines) > 1 and not lines[-1]:
        lines.pop()
    return "\n".join(lines)
