"""Columns of figures that no alias names: kept by what stands in them, so that sums and rates can still be proven."""

from __future__ import annotations

from decimal import Decimal

from gouji.form.label import Label, parse_label
from gouji.form.lexicon import concept
from gouji.frozen import frozen
from gouji.model import ReadingKind
from gouji.number import read_number
from gouji.pattern import compiled
from gouji.source.document import Cell, Grid

__all__ = ["Column", "is_figure", "looks_like_figure", "measured", "told"]

_SHARE = compiled(r"率|比例|比重|占比|百分比|进度|[%％]")
_WORD = compiled(r"[^\W\d_]")  # a caption has words, be they ever so few
_NUMBERING = compiled(r"序号|编号|编码|代码|行次|栏次")
# what a caption that no alias knows says all the same: its last key word, as in 可执行预算数 and 预算执行数
_KEY = compiled(
    r"(?P<surplus>结余|结转|剩余)|(?P<adjustment>(?:调整|追加|增减|调增|调减)(?!后))"
    r"|(?P<executed>执行|支出|列支|支付|决算|使用|拨付|发生)|(?P<adjusted>预算)"
)
_OPENING = compiled(r"年初|期初|初次")
_LOOK = 14
_LONGEST = 24
_LONGEST_FIGURE = 18
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


def looks_like_figure(cell: Cell | None) -> bool:
    """Whether a cell holds a figure, or what was meant to be one (201.5.5, 1O0): a slip must not hide its table."""
    if is_figure(cell) or cell is None or not isinstance(cell.value, str) or len(cell.text) > _LONGEST_FIGURE:
        return is_figure(cell)
    return read_number(cell.text).kind is ReadingKind.MALFORMED


def measured(grid: Grid, last: int, columns: dict[int, Column], end: int) -> dict[int, Column]:
    """Add the captioned columns of figures to the right of the first money column.

    Their role is what the caption's key word says, else ``amount`` or ``share``.

    Args:
        grid: The grid.
        last: The last header row.
        columns: The columns known by their captions.
        end: The column where another block or the grid's edge begins.
    """
    first = min(columns)
    roles = {(column.role, column.year) for column in columns.values()}
    taken = {c for column in columns.values() for c in range(column.col, column.col + column.width)}
    added: dict[int, Column] = {}
    col = first + 1
    while col < end:
        caption = grid.at(last, col)
        width = max(1, caption.col + caption.cols - col) if caption is not None else 1
        if (
            col not in taken
            and caption is not None
            and caption.text.strip()
            and len(caption.text) <= _LONGEST
            and _WORD.search(caption.text)
            and not _NUMBERING.search(caption.text)
        ):
            label: Label = parse_label(caption.text)
            telling = _told(label.core, label.year, roles)
            fewest = 1 if telling else _FEWEST
            filled = _filled(grid, last, col, max(2, width), fewest)
            figures = [cell for cell in filled if looks_like_figure(cell)]
            if len(figures) >= fewest and len(figures) * 2 > len(filled):
                shares = sum("%" in cell.text or "％" in cell.text for cell in figures)
                share = shares * 2 > len(figures) or bool(_SHARE.search(label.core))
                role = "share" if share else telling or "amount"
                added[col] = Column(role, col, width, label, label.year)
                roles.add((role, label.year))
        col += width
    return dict(sorted({**columns, **added}.items()))


def told(core: str) -> str | None:
    """The money role that the key words of a caption name (可执行预算数, 年初下达数, 实际列支数); None where they name none."""
    if _SHARE.search(core):
        return None
    role = None
    for found in _KEY.finditer(core):
        role = found.lastgroup
    return "opening" if role in (None, "adjusted") and _OPENING.search(core) else role


def _told(core: str, year: int | None, roles: set[tuple[str, int | None]]) -> str | None:
    """The role that a caption unknown to the lexicon names by its key word; None where the header has that role.

    Without it 全年可执行预算数 would be a column of anything, and the opening budget the only base of a rate.
    """
    role = told(core)
    if role == "executed" and concept("fund_row", core) is not None:
        return None  # 基本支出, 项目支出 below a caption nobody knows: parts of an amount, budgeted or spent
    if role is None or (role, year) in roles or (role == "adjusted" and ("budget", year) in roles):
        return None
    return role


def _filled(grid: Grid, last: int, col: int, widest: int, fewest: int) -> list[Cell]:
    """The filled cells under a caption, down to the first word after so many figures (there another block begins)."""
    found: list[Cell] = []
    figures = 0
    for row in range(last + 1, min(grid.n_rows, last + _LOOK)):
        cell = grid.at(row, col)
        if cell is None or not cell.text.strip() or cell.cols > widest:
            continue
        if looks_like_figure(cell):
            figures += 1
        elif figures >= fewest and len(cell.text) > 1:
            break
        found.append(cell)
    return found
