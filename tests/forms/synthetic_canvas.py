"""Paper for synthetic forms: blocks of cells in logical columns, laid on pages, and pages turned into documents or files."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path

from gouji.number import round_half_up
from gouji.source.document import Cell, Document, Grid, Paragraph, cell_name

__all__ = [
    "Block",
    "Item",
    "Page",
    "Shown",
    "as_document",
    "beside",
    "number",
    "percent",
    "save_docx",
    "save_xlsx",
    "spans",
    "words",
]

Spot = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Shown:
    """What a cell shows and, on a worksheet, what it stores: ``value`` None stores the text itself."""

    text: str
    value: Decimal | None = None
    fmt: str = "General"


@dataclass(frozen=True, slots=True)
class Item:
    """A cell with its size and ``tag``, the name by which a slip or a test finds it again."""

    shown: Shown
    rows: int = 1
    cols: int = 1
    tag: str = ""


def words(text: str) -> Shown:
    """A cell of plain text."""
    return Shown(text)


def number(value: Decimal, decimals: int | None, *, grouped: bool = False) -> Shown:
    """A number with ``decimals`` shown (None: as many as it has, the General format), all of it stored."""
    if decimals is None:
        text = format(value, "f")
        text = text.rstrip("0").rstrip(".") if "." in text else text
        return Shown(text, value)
    rounded = round_half_up(value, decimals)
    zeros = f".{'0' * decimals}" if decimals else ""
    return Shown(
        f"{rounded:,.{decimals}f}" if grouped else f"{rounded:.{decimals}f}",
        value,
        f"{'#,##' if grouped else ''}0{zeros}",
    )


def percent(points: Decimal, decimals: int, *, exact: bool) -> Shown:
    """A percentage given in percent points; ``exact`` stores it unrounded, as a formula would."""
    rounded = round_half_up(points, decimals)
    zeros = f".{'0' * decimals}" if decimals else ""
    return Shown(f"{rounded:.{decimals}f}%", (points if exact else rounded) / 100, f"0{zeros}%")


@dataclass(slots=True)
class Block:
    """Rows of cells in ``cols`` logical columns; ``favour`` names the columns that grow on a wider page."""

    cols: int
    favour: tuple[int, ...] = ()
    cells: dict[Spot, Item] = field(default_factory=dict)
    n_rows: int = 0

    def put(
        self, row: int, col: int, shown: Shown | str, rows: int = 1, cols: int = 1, tag: str = ""
    ) -> None:
        """Write a cell; an empty text of size one stays empty paper."""
        made = words(shown) if isinstance(shown, str) else shown
        self.n_rows = max(self.n_rows, row + rows)
        if made.text or rows * cols > 1 or tag:
            self.cells[row, col] = Item(made, rows, cols, tag)

    def row(self, *shown: Shown | str) -> int:
        """Append a row, one cell a column; returns its number."""
        at = self.n_rows
        self.n_rows += 1
        for col, each in enumerate(shown):
            self.put(at, col, each)
        return at


@dataclass(slots=True)
class Page:
    """A worksheet or a table of a text, in physical columns."""

    name: str
    cells: dict[Spot, Item] = field(default_factory=dict)
    n_rows: int = 0
    n_cols: int = 0

    def lay(self, block: Block, width: int, rng: random.Random) -> None:
        """Put a block below what is there, stretched to ``width`` columns by merging."""
        widths = spans(block.cols, max(width, block.cols), block.favour, rng)
        starts = [sum(widths[:col]) for col in range(block.cols + 1)]
        for (row, col), item in block.cells.items():
            size = starts[col + item.cols] - starts[col]
            self.cells[self.n_rows + row, starts[col]] = replace(item, cols=size)
        self.n_rows += block.n_rows
        self.n_cols = max(self.n_cols, starts[-1])

    def gap(self, rows: int) -> None:
        """Blank rows."""
        self.n_rows += rows

    def shift(self, down: int, right: int) -> None:
        """Move everything down and to the right."""
        self.cells = {(row + down, col + right): item for (row, col), item in self.cells.items()}
        self.n_rows += down
        self.n_cols += right

    def tags(self) -> dict[str, Spot]:
        """Where each tagged cell stands."""
        return {item.tag: spot for spot, item in self.cells.items() if item.tag}


def spans(cols: int, width: int, favour: Sequence[int], rng: random.Random) -> list[int]:
    """Widths of ``cols`` logical columns that fill ``width`` physical ones; the extra goes to ``favour``."""
    made = [1] * cols
    for _ in range(width - cols):
        made[rng.choice(list(favour) or range(cols))] += 1
    return made


def beside(left: Page, right: Page, gap: int) -> Page:
    """Two pages side by side on one."""
    cells = dict(left.cells)
    offset = left.n_cols + gap
    cells.update({(row, col + offset): item for (row, col), item in right.cells.items()})
    return Page(left.name, cells, max(left.n_rows, right.n_rows), offset + right.n_cols)


def as_document(pages: Iterable[Page], paragraphs: Sequence[str], *, sheet: bool) -> Document:
    """The document as a reader would give it: worksheets with numbers, or tables of a text with strings."""
    grids = tuple(_grid(page, sheet=sheet) for page in pages)
    texts = tuple(Paragraph(number, text) for number, text in enumerate(paragraphs, 1))
    digest = hashlib.sha256(repr((grids, texts)).encode()).hexdigest()
    return Document("合成.xlsx" if sheet else "合成.docx", digest, "xlsx" if sheet else "docx", grids, texts)


def _grid(page: Page, *, sheet: bool) -> Grid:
    cells: dict[Spot, Cell] = {}
    cover: dict[Spot, Spot] = {}
    for (row, col), item in page.cells.items():
        shown = item.shown
        stored: Decimal | str | None = (shown.value if sheet else None) or shown.text or None
        if sheet and shown.value is not None:
            stored = shown.value
        cells[row, col] = Cell(
            row, col, shown.text, stored, shown.fmt if sheet else "General", rows=item.rows, cols=item.cols
        )
        for r in range(row, row + item.rows):
            for c in range(col, col + item.cols):
                if (r, c) != (row, col):
                    cover[r, c] = (row, col)
    return Grid(
        page.name, cells, cover, page.n_rows, page.n_cols, title=None if sheet else page.name, is_sheet=sheet
    )


def save_xlsx(pages: Iterable[Page], path: Path) -> None:
    """Write the pages as a real workbook."""
    from openpyxl import Workbook

    book = Workbook()
    assert book.active is not None
    book.remove(book.active)
    for page in pages:
        sheet = book.create_sheet(page.name)
        for (row, col), item in page.cells.items():
            cell = sheet.cell(row + 1, col + 1)
            if item.shown.value is not None:
                cell.value, cell.number_format = float(item.shown.value), item.shown.fmt
            elif item.shown.text:
                cell.value = item.shown.text
                cell.data_type = "s"
            if item.rows * item.cols > 1:
                last = cell_name(row + item.rows - 1, col + item.cols - 1)
                sheet.merge_cells(f"{cell_name(row, col)}:{last}")
    book.save(path)


def save_docx(pages: Sequence[Page], paragraphs: Sequence[str], path: Path) -> None:
    """Write paragraphs and then the pages as tables of a real Word file."""
    from docx import Document as Word

    word = Word()
    for text in paragraphs:
        word.add_paragraph(text)
    for page in pages:
        table = word.add_table(page.n_rows, page.n_cols)
        for (row, col), item in page.cells.items():
            cell = table.cell(row, col)
            if item.rows * item.cols > 1:
                cell = cell.merge(table.cell(row + item.rows - 1, col + item.cols - 1))
            cell.text = item.shown.text
        word.add_paragraph("")
    word.save(str(path))
