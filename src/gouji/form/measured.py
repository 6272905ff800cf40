"""Columns of figures that no alias names: kept by what stands in them, so that sums and rates can still be proven."""

from __future__ import annotations

from decimal import Decimal

from gouji.form.label import Label, parse_label
from gouji.frozen import frozen
from gouji.pattern import compiled
from gouji.source.document import Cell, Grid

__all__ = ["Column", "is_figure", "measured"]

_SHARE = compiled(r"率|比例|比重|占比|百分比|进度|[%％]")
_LOOK = 14
_LONGEST = 24
_FEWEST = 2


@frozen
class Column:
    """One captioned column: its role, place, width, and what the caption says of the year.

    ``part`` is the fund line of a sub-caption: 预算数 over 总额, 财政拨款, 其他资金 is three columns of one role.
    """

    role: str
    col: int
    width: int
    label: Label
    year: int | None = None
    relative: int | None = None
    part: str | None = None


def is_figure(cell: Cell | None) -> bool:
    """Whether a cell holds a plain figure or percentage (cheaply: the full reading is made for slots only)."""
    if cell is None or not cell.text:
        return False
    if isinstance(cell.value, Decimal):
        return not cell.is_date
    text = cell.text.strip().rstrip("%％").replace(",", "").replace("，", "")
    return text.replace(".", "", 1).lstrip("-").isdigit() and len(text) <= 18


def measured(grid: Grid, last: int, columns: dict[int, Column]) -> dict[int, Column]:
    """Add the captioned columns of figures to the right of the first money column: role ``amount`` or ``share``.

    Args:
        grid: The grid.
        last: The last header row.
        columns: The columns known by their captions.
    """
    first = min(columns)
    taken = {c for column in columns.values() for c in range(column.col, column.col + column.width)}
    added: dict[int, Column] = {}
    col = first + 1
    while col < grid.n_cols:
        caption = grid.at(last, col)
        width = max(1, caption.col + caption.cols - col) if caption is not None else 1
        if (
            col not in taken
            and caption is not None
            and caption.text.strip()
            and len(caption.text) <= _LONGEST
        ):
            filled = _filled(grid, last, col, max(2, width))
            figures = [cell for cell in filled if is_figure(cell)]
            if len(figures) >= _FEWEST and len(figures) * 2 > len(filled):
                shares = sum("%" in cell.text or "％" in cell.text for cell in figures)
                label: Label = parse_label(caption.text)
                share = shares * 2 > len(figures) or bool(_SHARE.search(label.core))
                added[col] = Column("share" if share else "amount", col, width, label, label.year)
        col += width
    return dict(sorted({**columns, **added}.items()))


def _filled(grid: Grid, last: int, col: int, widest: int) -> list[Cell]:
    """The filled cells under a caption, down to the first word after two figures (there another block begins)."""
    found: list[Cell] = []
    figures = 0
    for row in range(last + 1, min(grid.n_rows, last + _LOOK)):
        cell = grid.at(row, col)
        if cell is None or not cell.text.strip() or cell.cols > widest:
            continue
        if is_figure(cell):
            figures += 1
        elif figures >= _FEWEST and len(cell.text) > 1:
            break
        found.append(cell)
    return found
