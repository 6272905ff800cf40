"""Money blocks over two pages of a text: the second page is a table of its own, with or without the header again."""

from __future__ import annotations

from gouji.form.facts import MoneyTable
from gouji.form.header import Header
from gouji.form.money import build_money
from gouji.frozen import frozen, replace
from gouji.model import ReadingKind
from gouji.source.document import Cell, Document, Grid

__all__ = ["OpenTable", "goes_on", "joined", "left_open", "same_again"]


@frozen
class OpenTable:
    """A money block that ends with its page: no closing total, nothing below it."""

    table: MoneyTable
    header: Header
    grid: Grid


def left_open(grid: Grid, headers: list[Header], table: MoneyTable | None) -> OpenTable | None:
    """The block at the end of a table of a text, where more of it may stand in the next one.

    Args:
        grid: The table of the text.
        headers: The headers found in it.
        table: The last money block read from it, None where there is none.
    """
    if grid.is_sheet or table is None or not headers or headers[-1].kind != "money":
        return None
    if table.rows[-1].slots[0].grid is not grid or table.last_row != grid.n_rows - 1:
        return None
    if any(row.concept == "total" for row in table.rows[1:]):
        return None
    return OpenTable(table, headers[-1], grid)


def _follows(document: Document, before: Grid, grid: Grid) -> bool:
    """Whether nothing but blank lines stands between two tables of a text."""
    return not any(
        before.after_paragraph < paragraph.number <= grid.after_paragraph and paragraph.text.strip()
        for paragraph in document.paragraphs
    )


def same_again(document: Document, open_: OpenTable | None, grid: Grid, header: Header) -> bool:
    """Whether a header at the top of a table of a text repeats the open one."""
    if open_ is None or grid.is_sheet or header.row > 0 or not _follows(document, open_.grid, grid):
        return False
    one, other = open_.header.columns, header.columns
    return [(c.role, c.label.core, c.year) for c in one] == [(c.role, c.label.core, c.year) for c in other]


def goes_on(  # noqa: PLR0917 - an open table and a stretch of a grid
    document: Document,
    open_: OpenTable | None,
    grid: Grid,
    rows: list[list[Cell]],
    stop: int,
    year: int | None,
) -> MoneyTable | None:
    """The lines at the top of a table of a text that has no header of its own, under the open one's captions."""
    if open_ is None or grid.is_sheet or stop <= 0 or grid.n_cols != open_.grid.n_cols:
        return None
    if not _follows(document, open_.grid, grid):
        return None
    header = replace(open_.header, row=-1, last_row=-1)
    table = build_money(document.path, grid, rows, header, stop, year)
    if table is None or len(table.columns) != len(open_.table.columns):
        return None
    amounts = [
        slot
        for row in table.rows
        for column, slot in zip(table.columns, row.slots, strict=True)
        if column.role != "reason"
    ]
    words = [slot for slot in amounts if slot.reading.kind is ReadingKind.WORD]
    return None if words or not any(slot.value is not None for slot in amounts) else table


def joined(first: MoneyTable, more: MoneyTable) -> MoneyTable:
    """The two parts as one block, in the captions and the unit of the first."""
    rows = [replace(row, index=len(first.rows) + number) for number, row in enumerate(more.rows)]
    return replace(first, rows=(*first.rows, *rows), last_row=more.last_row)
