"""Tables of figures that the lexicon knows nothing of (政府采购, 资产, 人员): lines and columns up to a 合计.

Nothing is known of what their columns state; which sums, differences and rates hold is for the figures themselves to
prove (:mod:`gouji.form.relate`). A table without a 合计 counts where its columns hang together by their captions
(年初数 | 增加 | 减少 | 年末数, the four quarters of a year).
"""

from __future__ import annotations

from gouji.form.facts import MoneyColumn, MoneyRow, MoneyTable, Slot
from gouji.form.label import compact, parse_label
from gouji.form.measured import is_figure, looks_like_figure, told
from gouji.form.sideways import hangs_together
from gouji.form.slots import make_slot
from gouji.model import ReadingKind
from gouji.pattern import compiled
from gouji.source.document import Cell, Grid

__all__ = ["find_tallies"]

_TOTALS = frozenset({"合计", "总计"})
_SHARE = compiled(r"率|比例|比重|占比|[%％]")
_FEWEST_COLUMNS, _FEWEST_LINES = 2, 2
_LONGEST = 24


def find_tallies(
    document: str, grid: Grid, rows: list[list[Cell]], taken: set[int], year: int | None
) -> list[MoneyTable]:
    """The tables of figures among the rows that belong to no other block.

    Args:
        document: Path of the document, for places.
        grid: The grid to look in.
        rows: Its stored cells by row.
        taken: Rows of blocks that were recognised by their captions.
        year: The year of the form.
    """
    found: list[MoneyTable] = []
    row = 0
    while row < len(rows):
        columns = _captions(grid, rows, row, taken)
        table = _table(document, grid, rows, row, columns, taken, year) if columns else None
        if table is not None:
            found.append(table)
            row = table.last_row
        row += 1
    return found


def _captions(grid: Grid, rows: list[list[Cell]], row: int, taken: set[int]) -> list[Cell]:
    """The captions over columns of figures in a row of short words, the first of which is over the names."""
    cells = rows[row]
    if row in taken or len(cells) <= _FEWEST_COLUMNS or row + _FEWEST_LINES >= len(rows):
        return []
    if any(c.rows > 1 or c.cols > 1 or len(c.text) > _LONGEST or not isinstance(c.value, str) for c in cells):
        return []
    if any(is_figure(c) for c in cells):
        return []
    below = range(row + 1, row + 1 + _FEWEST_LINES)
    return [c for c in cells[1:] if c.col > cells[0].col and _over_figures(grid, c.col, below)]


def _over_figures(grid: Grid, col: int, below: range) -> bool:
    cells = [grid.at(row, col) for row in below]
    return any(map(is_figure, cells)) and all(map(looks_like_figure, cells))


def _table(  # noqa: PLR0917 - a stretch of a grid is so many things
    document: str,
    grid: Grid,
    rows: list[list[Cell]],
    first: int,
    captions: list[Cell],
    taken: set[int],
    year: int | None,
) -> MoneyTable | None:
    """The lines below the captions, down to the total; None where none closes them and the columns say nothing."""
    if len(captions) < _FEWEST_COLUMNS:
        return None
    names = rows[first][0].col
    columns = tuple(
        MoneyColumn(
            "share"
            if _SHARE.search(c.text)
            else "surplus"
            if told(parse_label(c.text).core) == "surplus"
            else "amount",
            c.col,
            compact(c.text),
            year,
            parse_label(c.text).unit,
        )
        for c in captions
    )
    made: list[MoneyRow] = []
    for row in range(first + 1, len(rows)):
        name = grid.at(row, names)
        if row in taken or name is None or not name.text.strip() or is_figure(name) or name.row != row:
            break
        label = parse_label(name.text)
        slots: tuple[Slot, ...] = tuple(
            make_slot(document, grid, row, c.col, f"{label.core}/{c.label}") for c in columns
        )
        if (
            sum(s.value is not None or s.reading.kind is ReadingKind.MALFORMED for s in slots)
            < _FEWEST_COLUMNS
        ):
            break
        meaning = "total" if label.core in _TOTALS else None
        slot = make_slot(document, grid, row, names, label.core)
        made.append(MoneyRow(len(made), row, label, meaning, slots, slot))
    if not hangs_together([column.label for column in columns]):
        while made and made[-1].concept != "total":
            made.pop()
        if len(made) <= _FEWEST_LINES:
            return None
    elif len(made) < _FEWEST_LINES:
        return None
    title = compact(rows[first][0].text)
    return MoneyTable(grid, "tally", first, made[-1].row, None, columns, tuple(made), title)
