"""Where the rows and cells of a worksheet part stand, found without building a tree.

Rows are found in one pass; the cells of a row only when they are asked for.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal, NamedTuple

from gouji.calc.book import Figure
from gouji.calc.formula import MAX_COLUMNS, MAX_ROWS, column_number
from gouji.source.document import ReasonCode, SourceRefusedError
from gouji.write import xmltext
from gouji.write.sheetscan import FormulaSpan, UsualCells, usual_cells
from gouji.write.xmltext import Node

__all__ = ["CellSpan", "RowSpan", "SheetMap", "parse_area", "parse_cell"]

_ATTRS = rb"((?:\s+[^\s=<>/\"']+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*)\s*"
_BARE = _ATTRS.replace(rb"((?:", rb"(?:(?:", 1)
_REF = re.compile(rb"\sr\s*=\s*[\"']\$?([A-Za-z]{1,3})\$?\d+[\"']")
_ROW_NUMBER = re.compile(rb"\sr\s*=\s*[\"'](\d+)[\"']")
_CELL_NAME = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9]\d{0,6})")


class RowSpan(NamedTuple):
    """Where a row element stands; ``number`` is 1-based."""

    number: int
    node: Node


class CellSpan(NamedTuple):
    """Where a cell element stands; ``row`` and ``col`` are 1-based."""

    row: int
    col: int
    node: Node


def parse_cell(name: str) -> tuple[int, int]:
    """The 1-based row and column of an A1 name (dollar signs allowed).

    Raises:
        ValueError: not the name of a cell of a worksheet.
    """
    found = _CELL_NAME.fullmatch(name)
    if found is None:
        raise ValueError(f"not a cell: {name!r}")
    row, col = int(found[2]), column_number(found[1])
    if row > MAX_ROWS or col > MAX_COLUMNS:
        raise ValueError(f"not a cell: {name!r}")
    return row, col


def parse_area(name: str) -> tuple[int, int, int, int]:
    """First row, first column, last row, last column (1-based) of ``A1:B2`` or ``A1``.

    Raises:
        ValueError: not an area of a worksheet.
    """
    first, _, last = name.partition(":")
    one, two = parse_cell(first), parse_cell(last or first)
    return min(one[0], two[0]), min(one[1], two[1]), max(one[0], two[0]), max(one[1], two[1])


@lru_cache(maxsize=16)
def _patterns(prefix: bytes) -> tuple[re.Pattern[bytes], re.Pattern[bytes], re.Pattern[bytes]]:
    """The start of a row; a whole cell; the inside of a cell that holds at most a formula and a value."""
    mark = re.escape(prefix)
    row = re.compile(rb"<" + mark + rb"row(?=[\s/>])" + _ATTRS + rb"(/?)>")
    cell = re.compile(
        rb"\s*<" + mark + rb"c(?=[\s/>])" + _ATTRS + rb"(?:/>|>(?:.*?)(</" + mark + rb"c\s*>))", re.DOTALL
    )
    inner = re.compile(
        rb"\s*"
        + rb"\s*".join(
            rb"(<" + mark + name + rb"(?=[\s/>])" + _BARE + rb"(?:/>|>([^<]*)</" + mark + name + rb"\s*>))?"
            for name in (b"f", b"v")
        )
        + rb"\s*"
    )
    return row, cell, inner


def _unsupported(name: str) -> SourceRefusedError:
    return SourceRefusedError(
        ReasonCode.UNSUPPORTED,
        f"工作表部件 {name} 的写法不常见，无法安全改写；请用 Excel 或 WPS 另存一份再试",
    )


class SheetMap:
    """The rows and cells of one worksheet part; ``data`` must be well-formed UTF-8.

    Raises:
        SourceRefusedError: the sheet is written in a way that cannot be edited safely.
    """

    __slots__ = (
        "_bare",
        "_cells",
        "_formulas",
        "_numbers",
        "_rows",
        "_usual",
        "data",
        "masked",
        "name",
        "prefix",
        "root",
        "sheet_data",
        "usual",
    )

    def __init__(self, data: bytes, name: str, *, bare: bool = False) -> None:
        """``bare`` says that the part is known to hold no comments and the like."""
        self.data = data
        self.name = name
        self._bare = bare
        self.masked = xmltext.mask(data, bare=bare)
        self.root = xmltext.root(self.masked)
        found = self._usual_sheet_data() or self.child("sheetData")
        if found is None or self.masked.rfind(b"<" + found.name) != found.start:
            raise _unsupported(name)  # none, or one in another
        self.sheet_data = found
        self.prefix = found.prefix
        self._cells: dict[int, list[CellSpan]] = {}
        self._formulas: list[FormulaSpan] | None = None
        self._usual: UsualCells | Literal[False] | None = None  # False: there is a cell written otherwise
        # Formulas written as nearly all are: what was found of their cells, by 1-based row and column.
        self.usual: dict[tuple[int, int], re.Match[bytes]] = {}
        self._rows: list[RowSpan] | None = None
        self._numbers: list[int] = []

    def _usual_sheet_data(self) -> Node | None:
        """The one ``<sheetData>`` with rows, found by its mark; None where it is not plainly a child of the root."""
        name = self.root.prefix + b"sheetData"
        start = self.masked.find(b"<" + name, self.root.open_end)
        closing = self.masked.rfind(b"</" + name + b">")
        if start < 0 or closing < start or self.masked.rfind(b"<" + name) != start:
            return None
        open_end = self.masked.index(b">", start) + 1
        before = self.masked[self.root.open_end : start]
        if before.count(b"<") != 2 * before.count(b"</") + before.count(b"/>"):
            return None  # something that began before it is still open
        if self.masked[start + 1 + len(name) : open_end].rstrip(b">").strip():
            return None
        return Node(name, start, open_end, closing, closing + len(name) + 3)

    def child(self, local: str) -> Node | None:
        """The first top-level element of this name."""
        return xmltext.child(self.masked, self.root, local)

    def children(self) -> list[Node]:
        """The top-level elements, in order."""
        return xmltext.children(self.masked, self.root)

    @property
    def rows(self) -> list[RowSpan]:
        """All rows, in order of their numbers."""
        if self._rows is None:
            self._rows = self._scan_rows()
            self._numbers = [row.number for row in self._rows]
        return self._rows

    def _scan_rows(self) -> list[RowSpan]:
        if self.sheet_data.self_closed:
            return []
        pattern = _patterns(self.prefix)[0]
        name = self.prefix + b"row"
        closing = b"</" + name
        at, limit = self.sheet_data.open_end, self.sheet_data.inner_end
        rows: list[RowSpan] = []
        last = 0
        while found := pattern.search(self.masked, at, limit):
            if self.masked[at : found.start()].strip():
                raise _unsupported(self.name)
            numbered = _ROW_NUMBER.search(found[1])
            number = int(numbered[1]) if numbered else last + 1
            if number <= last or number > MAX_ROWS:
                raise _unsupported(self.name)
            last = number
            if found[2]:
                node = Node(name, found.start(), found.end(), found.end(), found.end())
            else:
                inner_end = self.masked.find(closing, found.end(), limit)
                if inner_end < 0:
                    raise _unsupported(self.name)
                node = Node(
                    name, found.start(), found.end(), inner_end, self.masked.index(b">", inner_end) + 1
                )
            rows.append(RowSpan(number, node))
            at = node.end
        if self.masked[at:limit].strip():
            raise _unsupported(self.name)
        return rows

    def row(self, number: int) -> RowSpan | None:
        """The row of this number, if it is written."""
        rows = self.rows
        at = bisect_right(self._numbers, number) - 1
        return rows[at] if at >= 0 and rows[at].number == number else None

    def row_after(self, number: int) -> RowSpan | None:
        """The first written row below this number."""
        rows = self.rows
        at = bisect_right(self._numbers, number)
        return rows[at] if at < len(rows) else None

    def cells(self, row: RowSpan) -> list[CellSpan]:
        """The cells of a row, left to right."""
        known = self._cells.get(row.number)
        if known is not None:
            return known
        pattern = _patterns(self.prefix)[1]
        name = self.prefix + b"c"
        cells: list[CellSpan] = []
        at, limit, last = row.node.open_end, row.node.inner_end, 0
        while found := pattern.match(self.masked, at, limit):
            ref = _REF.search(found[1])
            col = column_number(ref[1].decode()) if ref else last + 1
            if col <= last or col > MAX_COLUMNS:
                raise _unsupported(self.name)
            last = col
            at = found.end()
            start = self.masked.index(b"<", found.start())
            closed = found[2] is None
            open_end, inner_end = (at, at) if closed else (self._open_end(found), found.start(2))
            cells.append(CellSpan(row.number, col, Node(name, start, open_end, inner_end, at)))
        if self.masked[at:limit].strip():
            raise _unsupported(self.name)
        self._cells[row.number] = cells
        return cells

    def _open_end(self, found: re.Match[bytes]) -> int:
        return self.masked.index(b">", found.end(1)) + 1

    def cell(self, row: int, col: int) -> CellSpan | None:
        """The cell at a 1-based position, if it is written."""
        usual = self.usual.get((row, col))
        if usual is not None:
            start, end = usual.span()
            name = self.prefix + b"c"
            return CellSpan(row, col, Node(name, start, usual.start(4), end - len(name) - 3, end))
        span = self.row(row)
        if span is None:
            return None
        return next((cell for cell in self.cells(span) if cell.col == col), None)

    def attributes(self, node: Node) -> dict[str, str]:
        """The attributes of an element's start tag."""
        return xmltext.attributes(self.data[node.start : node.open_end])

    def inner(self, cell: CellSpan) -> dict[str, Node]:
        """The children of a cell by local name (f, v, is, extLst)."""
        node = cell.node
        found = _patterns(self.prefix)[2].fullmatch(self.masked, node.open_end, node.inner_end)
        if found is None:
            return {one.local: one for one in xmltext.children(self.masked, node)}
        inner: dict[str, Node] = {}
        for group, local in ((1, "f"), (3, "v")):  # the usual two, without going through the tags one by one
            if found[group] is not None:
                start, end = found.span(group)
                text = found.span(group + 1)
                open_end, inner_end = text if text[0] >= 0 else (end, end)
                inner[local] = Node(self.prefix + local.encode(), start, open_end, inner_end, end)
        return inner

    def text(self, node: Node) -> str:
        """The character data directly inside an element."""
        raw = self.data[node.open_end : node.inner_end]
        if b"<" in raw:
            raw = re.sub(rb"<!\[CDATA\[(.*?)\]\]>|<!--.*?-->|<\?.*?\?>", _plain, raw, flags=re.DOTALL)
        if b"\r" in raw:
            raw = raw.replace(b"\r\n", b"\n")
        text = raw.decode("utf-8", "replace")
        return xmltext.unescape(text) if "&" in text else text

    def formula(self, cell: CellSpan) -> FormulaSpan | None:
        """The formula of a cell, if it has one."""
        if self.masked.find(b"<" + self.prefix + b"f", cell.node.open_end, cell.node.inner_end) < 0:
            return None
        node = self.inner(cell).get("f")
        if node is None:
            return None
        return FormulaSpan(cell.row, cell.col, self.attributes(node), self.text(node).strip(), None)

    def figures(self) -> dict[tuple[int, int], Figure] | None:
        """What the cells without a formula hold; None where a cell is not written as usual."""
        found = self._usual_cells()
        return None if found is None else found.figures

    def formulas(self) -> list[FormulaSpan]:
        """Every formula of the sheet, in order."""
        if self._formulas is None:
            found = self._usual_cells()
            if found is None:
                self._formulas = list(self._scan_formulas())
            else:
                self._formulas, self.usual = found.formulas, found.matches
        return self._formulas

    def _usual_cells(self) -> UsualCells | None:
        """All cells, found in one pass; None where one is not written as usual, or something was blanked."""
        if self._usual is None:
            bare = self._bare or (b"<!" not in self.data and self.data.count(b"<?") <= 1)
            if self.sheet_data.self_closed:
                self._usual = UsualCells([], {}, {})
            elif bare:
                start, end = self.sheet_data.open_end, self.sheet_data.inner_end
                self._usual = usual_cells(self.masked, self.prefix, start, end) or False
            else:
                self._usual = False
        return self._usual or None

    def _scan_formulas(self) -> Iterator[FormulaSpan]:
        mark = b"<" + self.prefix + b"f"
        for row in self.rows:
            if self.masked.find(mark, row.node.open_end, row.node.inner_end) < 0:
                continue
            for cell in self.cells(row):
                found = self.formula(cell)
                if found is not None:
                    yield found


def _plain(found: re.Match[bytes]) -> bytes:
    return xmltext.escape_bytes(found[1] or b"")
