"""Word reports: paragraphs in order, tables with merged cells on their full grid, text boxes.

Reads ``document.xml`` directly: python-docx would build the same from lxml at several times the start-up
cost, and knows neither text boxes, tracked changes nor content controls. Elements: ECMA-376 part 1, 17.

What counts is what the printed report says (:mod:`gouji.source.docx_text`); comments and footnotes are out. Paragraphs of
the body are numbered from 1, empty ones and those in content controls included, those in tables not; automatic list numbers
are not part of their text. A nested table is a grid of its own; the outer cell keeps only its own paragraphs.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element

from gouji.frozen import replace
from gouji.source.caption import caption_of, unique_names
from gouji.source.document import Cell, Grid, Paragraph, ReasonCode, SourceRefusedError
from gouji.source.docx_text import (
    CLEAR,
    State,
    Trace,
    attribute,
    child_of,
    chosen,
    flat,
    guard,
    local,
    paragraph_text,
    spend,
    too_large,
)
from gouji.source.limits import Limits
from gouji.source.merges import Area, CoverTooLargeError, spread
from gouji.source.package import Package

__all__ = ["Trace", "read_report", "trace_report"]


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


def _read(root: Element, name: str, limits: Limits) -> State:
    body = next((child for child in root if local(child) == "body"), None)
    if body is None:
        raise SourceRefusedError(
            ReasonCode.UNREADABLE,
            f"“{name}”没有正文，文件可能已损坏；请用 Word 或 WPS 打开并另存后再检查。",
        )
    state = State(name, limits)
    _blocks(body, state, 0)
    return state


def _blocks(parent: Element, state: State, depth: int) -> None:
    """The paragraphs and tables of the body, in order."""
    guard(state, depth)
    for child in parent:
        name = local(child)
        if name == "p":
            _body_paragraph(child, state, depth)
        elif name == "tbl":
            _table(child, state, caption_of(state.ahead), depth + 1)
            state.ahead.clear()
        elif name in CLEAR:
            _blocks(child, state, depth + 1)
        elif name == "AlternateContent":
            _blocks(chosen(child), state, depth + 1)
        elif name == "altChunk":
            state.notices.append("文档里嵌入了其他格式的内容，没有检查；请用 Word 打开并另存后再检查。")


def _body_paragraph(element: Element, state: State, depth: int) -> None:
    state.number += 1
    if state.number > state.limits.lines:
        raise too_large(state.name)
    text, boxes = paragraph_text(element, state, depth)
    state.trace[state.number,] = [state.lines.pop()]
    state.paragraphs.append(Paragraph(state.number, text))
    state.ahead.append((text, _centred(element)))
    spend(state, 0, len(text))
    for box in boxes:
        _box(box, state, depth + 1)


def _box(box: Element, state: State, depth: int) -> None:
    """A text box in the body: its paragraphs carry the number of the one that anchors it."""
    guard(state, depth)
    for child in flat(box, state, depth):
        if local(child) == "p":
            text, boxes = paragraph_text(child, state, depth)
            if text.strip():
                state.paragraphs.append(Paragraph(state.number, text, boxed=True))
            spend(state, 0, len(text))
            for inner in boxes:
                _box(inner, state, depth + 1)
        elif local(child) == "tbl":
            _table(child, state, None, depth + 1)


def _centred(paragraph: Element) -> bool:
    return attribute(child_of(child_of(paragraph, "pPr"), "jc"), "val") == "center"


def _table(element: Element, state: State, title: str | None, depth: int) -> None:
    """Read a table, then the tables nested in it."""
    guard(state, depth)
    slot = len(state.grids)
    if slot >= state.limits.tables:
        raise too_large(state.name)
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
    for line in flat(element, state, depth):
        if local(line) != "tr":
            continue
        properties = child_of(line, "trPr")
        if child_of(properties, "del") is not None:
            continue
        col = _count(child_of(properties, "gridBefore"), 0)
        still_open: dict[int, tuple[int, int]] = {}
        previous: int | None = None
        for cell in flat(line, state, depth):
            if local(cell) != "tc":
                continue
            shape = child_of(cell, "tcPr")
            span = min(max(_count(child_of(shape, "gridSpan"), 1), 1), state.limits.cols)
            across = child_of(shape, "hMerge")
            down = child_of(shape, "vMerge")
            state.lines = []
            text = _cell_text(cell, state, nested, depth)
            state.trace.setdefault((slot, row, col), state.lines)
            index = len(areas)
            if across is not None and attribute(across, "val") != "restart" and previous is not None:
                kept = areas[previous]
                areas[previous] = Area(kept.row, kept.col, kept.rows, kept.cols + span)
            elif (
                down is not None
                and attribute(down, "val") != "restart"
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
                spend(state, 1, len(text))
            col += span
        width = max(width, col + _count(child_of(properties, "gridAfter"), 0))
        open_merges = still_open
        row += 1
    try:
        whole = spread(
            cells, areas, state.limits.rows, state.limits.cols, state.limits.covered - state.covered
        )
    except CoverTooLargeError:
        raise too_large(state.name) from None
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
        return max(0, int(attribute(element, "val") or default))
    except ValueError:
        return default


def _cell_text(cell: Element, state: State, nested: list[Element], depth: int) -> str:
    """The paragraphs of a cell joined by newline; text boxes follow the paragraph that anchors them."""
    lines: list[str] = []
    pending = list(flat(cell, state, depth))
    for child in pending:
        name = local(child)
        if name == "tbl":
            nested.append(child)
        elif name == "p":
            text, boxes = paragraph_text(child, state, depth)
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
