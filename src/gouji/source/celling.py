"""Making cells fast: a form workbook has hundreds, and a check of it takes a few milliseconds in all."""

from __future__ import annotations

from decimal import Decimal
from typing import cast

from gouji.source.document import Cell

__all__ = ["new_cell", "sized"]


class _Draft:
    """A cell before it is frozen: the same slots, plain assignment.

    The constructor of a frozen class calls the setter of each slot; filling a twin by plain assignment and
    turning it into a :class:`Cell` takes half the time.
    """

    __slots__ = Cell.__slots__  # type: ignore[attr-defined]  # made by @frozen

    row: int
    col: int
    text: str
    value: Decimal | str | bool | None
    number_format: str
    formula: str | None
    calculated: bool
    error: str | None
    is_date: bool
    rows: int
    cols: int


def new_cell(  # noqa: PLR0917 - the fields of a cell in their order, as its own constructor has them
    row: int,
    col: int,
    text: str = "",
    value: Decimal | str | bool | None = None,
    number_format: str = "General",
    formula: str | None = None,
    *,
    calculated: bool = True,
    error: str | None = None,
    is_date: bool = False,
    rows: int = 1,
    cols: int = 1,
) -> Cell:
    """A :class:`Cell` with these fields."""
    draft = _Draft()
    draft.row = row
    draft.col = col
    draft.text = text
    draft.value = value
    draft.number_format = number_format
    draft.formula = formula
    draft.calculated = calculated
    draft.error = error
    draft.is_date = is_date
    draft.rows = rows
    draft.cols = cols
    # The interpreter allows this exactly because both have the same slots and nothing else.
    draft.__class__ = Cell  # type: ignore[assignment]  # see above
    return cast("Cell", draft)


def sized(cell: Cell, rows: int, cols: int) -> Cell:
    """The same cell as the top-left one of a merged area of this size."""
    return new_cell(
        cell.row,
        cell.col,
        cell.text,
        cell.value,
        cell.number_format,
        cell.formula,
        calculated=cell.calculated,
        error=cell.error,
        is_date=cell.is_date,
        rows=rows,
        cols=cols,
    )
