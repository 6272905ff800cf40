"""The money block: lines × (预算数, 调整数, 决算数, 执行率 …), as in fund, line-item and base-data tables."""

from __future__ import annotations

from decimal import Decimal

from gouji.form.aside import is_execution_line
from gouji.form.facts import MoneyColumn, MoneyRow, MoneyTable, Slot
from gouji.form.header import MONEY, Column, Header
from gouji.form.inline import INLINE
from gouji.form.label import Label, compact, parse_label
from gouji.form.lexicon import concept
from gouji.form.measured import is_figure
from gouji.form.slots import make_amount, make_slot
from gouji.frozen import replace
from gouji.model import ReadingKind
from gouji.pattern import compiled
from gouji.source.document import Cell, Grid

__all__ = ["build_money", "unit_above"]

_STOPS = frozenset({"goal", "goal_target", "conclusion", "signature", "note"})
_SIDE = frozenset({"weight", "score", "grade", "reason"})
_LONGEST_LABEL = 48
_UNIT = compiled(
    r"(?:单位|金额单位|计量单位)[:：]?\s*(?:人民币)?(亿元|万元|千元|元)|[(（](亿元|万元|千元|元)[)）]"
)
_LOOK_ABOVE = 4
_CENT = Decimal("0.01")


def unit_above(grid: Grid, rows: list[list[Cell]], header: Header) -> str | None:
    """The money unit said in the header, its left neighbours or the rows just above («单位：万元»)."""
    for row in range(header.last_row, max(-1, header.row - _LOOK_ABOVE), -1):
        for cell in rows[row]:
            found = _UNIT.search(cell.text) if len(cell.text) <= 60 else None
            if found and isinstance(cell.value, str):
                return found[1] or found[2]
    for col in range(header.columns[0].col):
        beside = grid.at(header.row, col)
        found = _UNIT.search(beside.text) if beside is not None else None
        if found:
            return found[1] or found[2]
    return None


def _money_columns(grid: Grid, header: Header, stop: int) -> list[Column]:
    """The money columns, less a first one that holds the names of lines («年度预算数(万元)» over 总额, 财政资金 …)."""
    money = [c for c in header.columns if c.role in MONEY]
    if len(money) < 3:
        return money
    below = [
        cell
        for row in range(header.last_row + 1, min(stop, header.last_row + 5))
        if (cell := grid.at(row, money[0].col)) is not None and cell.col == money[0].col
    ]
    known = sum(1 for cell in below if concept("fund_row", parse_label(cell.text).core))
    return money[1:] if known >= 2 else money


def _label_cell(grid: Grid, header: Header, row: int, first: int) -> tuple[Cell | None, str]:
    """The cell that names a line, and the core label of a group cell to its left."""
    items = [column for column in header.columns if column.role == "item" and column.col < first]
    item = items[-1] if items else None
    name: Cell | None = None
    group = ""
    col = item.col + item.width - 1 if item is not None else first - 1
    while col >= header.left:
        cell = grid.at(row, col)
        if cell is not None and cell.text.strip() and (cell.row > header.last_row or _reaches(cell, row)):
            if name is None and is_figure(cell):
                pass
            elif name is None:
                name = cell
            elif cell is not name:
                group = parse_label(cell.text).core
                break
        col = (cell.col if cell is not None else col) - 1
    return name, group


def _reaches(cell: Cell, row: int) -> bool:
    """Whether a cell that begins among the captions names the first line: 资金总额 merged over both."""
    if cell.row == row:
        return True
    return cell.row + cell.rows - 1 == row and concept("fund_row", parse_label(cell.text).core) == "total"


def _is_captions(slots: list[Slot]) -> bool:
    """Whether a row holds captions of another block where figures should stand."""
    words = {s.text for s in slots if s.reading.kind is ReadingKind.WORD and s.text and len(s.text) <= 16}
    known = [
        text
        for text in words
        if any(concept(section, parse_label(text).core) for section in ("record", "column", "info"))
    ]
    figures = sum(s.value is not None for s in slots)
    return len(known) >= 2 or (len(words) >= 3 and not figures)


def build_money(  # noqa: PLR0917 - a stretch of a grid is six things
    document: str, grid: Grid, rows: list[list[Cell]], header: Header, stop: int, year: int | None
) -> MoneyTable | None:
    """Read the lines under a money header up to row ``stop`` (exclusive); None where there are none."""
    money = _money_columns(grid, header, stop)
    if not money:
        return None
    side = [c for c in header.columns if c.role in _SIDE and c.col > money[0].col]
    wanted = money + side
    first = money[0].col
    unit = unit_above(grid, rows, header)
    columns = tuple(
        MoneyColumn(
            c.role,
            c.col,
            compact(c.label.text),
            c.year
            if c.year is not None
            else (year + c.relative if year is not None and c.relative is not None else year),
            c.label.unit or unit,
            c.part,
        )
        for c in wanted
    )
    made: list[MoneyRow] = []
    last, stray, inline = header.last_row, 0, False
    for row in range(header.last_row + 1, stop):
        cell, group = _label_cell(grid, header, row, first)
        if cell is None and not rows[row]:
            stray += 1
            if (stray > 3 and not _goes_on_below(grid, rows, header, row, stop, first)) or (
                len(made) > 1 and made[-1].concept == "total"
            ):
                break
            continue
        text = cell.text.strip("\n\r") if cell is not None else ""
        label = parse_label(text)
        if cell is not None and (cell.col + cell.cols > first or len(text) > _LONGEST_LABEL):
            stray += 1
            if stray > 2 or concept("info", label.core) in _STOPS:
                break
            continue
        if cell is not None and concept("info", label.core) in _STOPS:
            break
        if is_execution_line(rows[row]):
            break
        slots = [
            (make_amount if c.role in MONEY else make_slot)(
                document, grid, row, c.col, f"{label.core}/{compact(c.label.text)}"
            )
            for c in wanted
        ]
        figures = [s for s in slots[: len(money)] if not s.is_empty]
        if _is_captions(slots):
            break
        if _is_inline(text) and all(s.is_blank or _is_inline(s.text) for s in slots):
            inline = True
            continue
        if inline and not figures and text.rstrip().endswith((":", "：")):
            continue  # «其他资金：» left empty below «政府性基金拨款：53.7»
        if (
            cell is None
            and concept("info", parse_label(rows[row][0].text).core if rows[row] else "") is not None
        ):
            break
        if cell is None and not figures:
            stray += 1
            continue
        if not figures and not label.core:
            continue
        own = {id(s.cell) for s in slots if s.cell is not None}
        if len(own) == 1 and len([s for s in slots if s.cell is not None]) > 1 and not slots[0].is_blank:
            stray += 1
            continue
        stray, last = 0, row
        meaning = concept("fund_row", label.core)
        name = make_slot(document, grid, row, cell.col if cell is not None else max(first - 1, 0), label.core)
        made.append(MoneyRow(len(made), row, label, meaning, tuple(slots), name, group))
    while made and made[-1].concept is None and all(s.is_blank for s in made[-1].slots):
        made.pop()
    if (not made or not any(s.value is not None for r in made for s in r.slots)) and (
        not made or not any(r.concept for r in made)
    ):
        return None
    kind = "funds" if any(c.role in ("weight", "score") for c in wanted) or _fund_like(made) else "lines"
    columns = _with_change(columns, made)
    return MoneyTable(grid, kind, header.row, last, unit, columns, tuple(made), _title(rows, header))


def _with_change(columns: tuple[MoneyColumn, ...], rows: list[MoneyRow]) -> tuple[MoneyColumn, ...]:
    """The columns put right where opening budget and change make up a further one.

    «年初预算数 | 调整预算数 | 全年预算数»: the caption in the middle may mean either. «年初数 | 追加数 | 合计»: 合计 is
    the adjusted budget, whatever it is called.
    """
    opening = [i for i, c in enumerate(columns) if c.role in ("opening", "budget") and c.is_whole]
    if len(opening) != 1:
        return columns
    adjusted = [i for i, c in enumerate(columns) if c.role == "adjusted" and c.is_whole]
    changes = [i for i, c in enumerate(columns) if c.role == "adjustment" and c.is_whole]
    if len(adjusted) == 2 and not changes and columns[opening[0]].role == "opening":
        if _makes_up(rows, opening[0], adjusted[0], adjusted[1]) is True:
            return tuple(
                replace(c, role="adjustment") if i == adjusted[0] else c for i, c in enumerate(columns)
            )
    if len(changes) == 1 and not adjusted:
        for i, c in enumerate(columns):
            if c.role == "amount" and i > changes[0] and _makes_up(rows, opening[0], changes[0], i):
                return (*columns[:i], replace(c, role="adjusted"), *columns[i + 1 :])
    return columns


def _makes_up(rows: list[MoneyRow], opening: int, change: int, final: int) -> bool:
    """Whether opening and change make up the final amount in every line that states all three, but one of several."""
    figures = [[row.slots[i].value for i in (opening, change, final)] for row in rows]
    known = [(start, delta, end) for start, delta, end in figures if start and delta and end]
    wrong = sum(abs(start + delta - end) > _CENT for start, delta, end in known)
    return bool(known) and (not wrong or (wrong == 1 and len(known) > 2))


def _goes_on_below(  # noqa: PLR0917 - a stretch of a grid is six things
    grid: Grid, rows: list[list[Cell]], header: Header, row: int, stop: int, first: int
) -> bool:
    """Whether empty lines (kept for projects nobody has) are followed by a known line of money."""
    after = next((other for other in range(row + 1, stop) if rows[other]), None)
    if after is None:
        return False
    name, _ = _label_cell(grid, header, after, first)
    return name is not None and concept("fund_row", parse_label(name.text).core) is not None


def _is_inline(text: str) -> bool:
    """Whether a cell holds «label：amount» by itself, so that its neighbours are no columns of it."""
    found = INLINE.match(text)
    return found is not None and bool(found["value"].strip())


def _fund_like(rows: list[MoneyRow]) -> bool:
    sources = {
        "fiscal",
        "central",
        "provincial",
        "local",
        "carried",
        "other",
        "government_fund",
        "special_account",
    }
    ends = (rows[0], rows[-1])
    return any(row.concept == "total" for row in ends) and any(r.concept in sources for r in rows)


def _title(rows: list[list[Cell]], header: Header) -> str:
    cells = rows[header.row]
    return compact(cells[0].text) if cells else ""


def label_core(label: Label) -> str:
    """The core of a label with its year, so that lines of different years stay different."""
    return f"{label.year}年{label.core}" if label.year else label.core
