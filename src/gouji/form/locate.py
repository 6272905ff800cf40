"""From a document to its facts: every grid is searched for blocks by their captions, then the blocks are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gouji.form.across import find_strips
from gouji.form.aside import with_execution_line
from gouji.form.facts import Facts, IndicatorTable, Info, LongText, MoneyTable, Pair, Record, Slot
from gouji.form.header import Header, find_headers, rows_of
from gouji.form.indicator import Segment, build_indicators
from gouji.form.inline import find_declared, find_infos, find_long_texts, find_pairs, find_records
from gouji.form.label import compact, parse_label
from gouji.form.money import build_money
from gouji.form.notes import without_notes
from gouji.form.pages import OpenTable, goes_on, joined, left_open, same_again
from gouji.form.registry import GENERIC, form_by_id, recognise
from gouji.form.relate import draw
from gouji.form.settings import Settings
from gouji.form.slots import make_slot
from gouji.form.spread import find_spread
from gouji.form.tally import find_tallies
from gouji.form.turned import find_turned
from gouji.frozen import replace
from gouji.pattern import compiled
from gouji.source.document import Cell, Document, Grid

if TYPE_CHECKING:
    from gouji.form.definition import FormDefinition

__all__ = ["LIVE_SHEET_TITLE", "form_year", "locate"]

LIVE_SHEET_TITLE = "勾稽自动校验"
"""What the sheet of live checks begins with, by which it is known again whatever its name."""


_YEAR_TITLE = compiled(r"(20\d{2})(?:年度|年)")
_TITLE_ROWS = 4
_TALLEST_HEADER = 2
_TITLE_PARAGRAPHS = 12


def locate(document: Document, form_id: str | None = None, *, form: FormDefinition | None = None) -> Facts:
    """Locate the blocks of a document and read them.

    Args:
        document: The document as read.
        form_id: Take it for this form instead of recognising one.
        form: Take it for this form, which need not be one that ships with gouji.

    Raises:
        UnknownFormError: If ``form_id`` names no form.
    """
    document = without_notes(document)
    by_row = [(grid, rows_of(grid)) for grid in document.grids if not _is_ours(grid)]
    form = form or _form(document, by_row, form_id)
    year = form_year(document, by_row)
    path = document.path
    segments: list[Segment] = []
    money: list[MoneyTable] = []
    records: list[Record] = []
    infos: list[Info] = []
    pairs: list[Pair] = []
    long_texts: list[LongText] = []
    declared: list[Slot] = []
    open_: OpenTable | None = None
    subjects: dict[int, str | None] = {}
    for grid, rows in by_row:
        headers = find_headers(grid, rows)
        segments += _segments(grid, rows, headers)
        used: set[int] = set()
        areas: list[tuple[set[int], int, int]] = []
        more = goes_on(document, open_, grid, rows, headers[0].row if headers else grid.n_rows, year)
        if more is not None:
            money[-1] = joined(money[-1], more)
            areas.append(({row.row for row in more.rows}, 0, grid.n_cols))
        for header, stop in _regions(headers, grid):
            if header.kind == "money":
                table = build_money(path, grid, rows, header, stop, year)
                if table is not None:
                    table = with_execution_line(path, table, rows)
                    again = same_again(document, open_, grid, header)
                    money[-1:] = [joined(money[-1], table)] if again else [*money[-1:], table]
                    lines = {row.row for row in table.rows} | {header.row, header.last_row}
                    areas.append((lines, header.left, header.last_col))
            else:
                areas.append(({header.row, header.last_row}, header.left, header.last_col))
        for lines, _, _ in areas:
            used |= lines
        turned = find_turned(path, grid, rows, used, year)
        money += turned
        for block in turned:
            used |= set(range(block.first_row, block.last_row + 1))
        own = headers or ([open_.header] if open_ is not None and more is not None else [])
        open_ = left_open(grid, own, money[-1] if money else None)
        captions = {row for header in headers for row in (header.row, header.last_row)}
        found = find_infos(path, grid, rows, captions)
        infos += found
        names = [info.value for info in found if info.concept == "project_name" and info.value]
        subjects[id(grid)] = compact(names[0]) if names else None
        records += find_records(path, grid, rows)
        if not any(table.grid is grid and table.column("executed") is not None for table in money):
            stop = min((header.row for header in headers if header.kind == "indicator"), default=grid.n_rows)
            spread = find_spread(path, grid, rows, used, stop, year)
            money += [spread] if spread is not None else []
        pairs += find_pairs(path, grid, rows, used)
        long_texts += find_long_texts(path, grid, rows)
        declared += find_declared(path, grid, rows, areas)
    indicators, unfilled = build_indicators(path, segments)
    indicator_rows = {(id(row.name_slot.grid), row.row) for table in indicators for row in table.rows}
    indicator_rows |= {(id(table.grid), total.row) for table in indicators for total in table.totals}
    infos = [info for info in infos if (id(info.slot.grid), info.slot.row) not in indicator_rows]
    pairs = [pair for pair in pairs if (id(pair.slot.grid), pair.slot.row) not in indicator_rows]
    declared = [slot for slot in declared if (id(slot.grid), slot.row) not in indicator_rows]
    money += _tallies(path, by_row, money, indicators, year)
    drawn = draw(money, pairs, records, subjects, form)
    facts = Facts(
        document=document,
        form=None,
        settings=form.settings if form is not None else Settings(),
        year=year,
        definition=form,
        indicators=indicators,
        money=tuple(money),
        records=tuple(records),
        infos=tuple(infos),
        pairs=tuple(pairs),
        long_texts=tuple(long_texts),
        mentions=tuple(drawn.mentions),
        relations=tuple(drawn.relations),
        declared=tuple(declared),
        unfilled=unfilled,
        uncalculated=_uncalculated(path, indicators, money),
    )
    if facts.is_empty:
        return facts
    return replace(facts, form=form.id if form is not None else GENERIC)


def _tallies(
    path: str,
    by_row: list[tuple[Grid, list[list[Cell]]]],
    money: list[MoneyTable],
    indicators: tuple[IndicatorTable, ...],
    year: int | None,
) -> list[MoneyTable]:
    """Tables of figures among the rows that no other block has taken."""
    found: list[MoneyTable] = []
    for grid, rows in by_row:
        spans = [(t.first_row, t.last_row) for t in money if t.grid is grid]
        spans += [(t.first_row, t.last_row) for t in indicators if t.grid is grid]
        # a block that goes on over a page, its header repeated or not
        pages = [row.row for t in money if t.grid is not grid for row in t.rows if row.name_slot.grid is grid]
        spans += [(min(pages) - _TALLEST_HEADER, max(pages))] if pages else []
        taken = {row for first, last in spans for row in range(first, last + 1)}
        taken |= {total.row for table in indicators if table.grid is grid for total in table.totals}
        found += find_tallies(path, grid, rows, taken, year)
        found += find_strips(path, grid, rows, taken, year)
    return found


def _is_ours(grid: Grid) -> bool:
    """Whether a sheet is one that gouji added (校验结果, 修改记录, 数据来源, its own record): no part of the submission."""
    if not grid.is_sheet:
        return False
    head = grid.text(0, 0)
    return (
        grid.name == "_gouji"
        or head.startswith(("勾稽校验结果", "勾稽校验封面", "勾稽导入", LIVE_SHEET_TITLE))
        or (grid.name.startswith("修改记录") and head == "序号")
    )


def _form(
    document: Document, by_row: list[tuple[Grid, list[list[Cell]]]], form_id: str | None
) -> FormDefinition | None:
    if form_id is not None:
        return form_by_id(form_id)
    labels: set[str] = set()
    titles: list[str] = [compact(p.text) for p in document.paragraphs if 0 < len(p.text) <= 60]
    for grid, rows in by_row:
        titles.append(compact(grid.name))
        for number, cells in enumerate(cells for cells in rows if cells):
            for cell in cells:
                if isinstance(cell.value, str) and len(cell.text) <= 40:
                    if number < _TITLE_ROWS:
                        titles.append(compact(cell.text))
                    head = cell.text.split("：", 1)[0] if "：" in cell.text else cell.text
                    labels.add(parse_label(head).core.split("(")[0])
    return recognise(frozenset(labels), "\n".join(titles))


def form_year(document: Document, by_row: list[tuple[Grid, list[list[Cell]]]]) -> int | None:
    """The year the self-evaluation is about: the one its titles name most often, the first on a tie."""
    counts: dict[int, int] = {}

    def count(text: str, weight: int) -> None:
        for found in _YEAR_TITLE.finditer(text):
            counts[int(found[1])] = counts.get(int(found[1]), 0) + weight

    for grid, rows in by_row:
        for cells in [cells for cells in rows if cells][:_TITLE_ROWS]:
            for cell in cells:
                if isinstance(cell.value, str) and len(cell.text) <= 60 and "年度" in cell.text:
                    count(cell.text, 3)
        count(grid.name, 1)
    for paragraph in [p for p in document.paragraphs if p.text.strip()][:_TITLE_PARAGRAPHS]:
        if len(paragraph.text) <= 60 and "年度" in paragraph.text:
            count(paragraph.text, 2)
    if not counts:
        return None
    return max(counts, key=lambda year: (counts[year], -year))


def _regions(headers: list[Header], grid: Grid) -> list[tuple[Header, int]]:
    """Each header with the row where its block must end: the next header further down in the same columns.

    A block that lies beside another one knows from which column on it may look for its names.
    """
    stops = [
        min((h.row for h in headers if h.row > header.row and not header.beside(h)), default=grid.n_rows)
        for header in headers
    ]
    made = []
    for header, stop in zip(headers, stops, strict=True):
        lefts = [
            other.last_col + 1
            for other, end in zip(headers, stops, strict=True)
            if other.last_col < header.first_col and other.row < stop and header.row < end
        ]
        made.append((replace(header, left=max(lefts)) if lefts else header, stop))
    return made


def _segments(grid: Grid, rows: list[list[Cell]], headers: list[Header]) -> list[Segment]:
    """Stretches of rows under an indicator header, and the headless start of a table that may continue another."""
    made: list[Segment] = []
    first = headers[0].row if headers else grid.n_rows
    if not grid.is_sheet and first > 0:
        made.append(Segment(grid, rows, None, 0, first))
    made += [
        Segment(grid, rows, header, header.last_row + 1, stop)
        for header, stop in _regions(headers, grid)
        if header.kind == "indicator"
    ]
    return made


def _uncalculated(
    path: str, indicators: tuple[IndicatorTable, ...], money: list[MoneyTable]
) -> tuple[Slot, ...]:
    grids: dict[int, Grid] = {}
    for grid in [table.grid for table in indicators] + [table.grid for table in money]:
        grids[id(grid)] = grid
    return tuple(
        make_slot(path, grid, cell.row, cell.col, "")
        for grid in grids.values()
        for cell in grid.cells.values()
        if not cell.calculated
    )
