"""The places to fill in on a bureau's blank form: what stands where, read from its captions and labels."""

from __future__ import annotations

from gouji.form.definition import FormDefinition
from gouji.form.facts import Facts, MoneyTable
from gouji.form.header import Header, find_headers, rows_of
from gouji.form.indicator import level_concept
from gouji.form.inline import INLINE
from gouji.form.label import parse_label
from gouji.form.layout import LaidCell, LaidSheet
from gouji.form.lexicon import concept
from gouji.form.locate import locate
from gouji.frozen import replace
from gouji.model import ReadingKind
from gouji.rule.wording import is_prompt
from gouji.source.document import Cell, Document, Grid, ReasonCode, SourceRefusedError

__all__ = ["Kinds", "kinds_of", "placed", "sampled"]

Kinds = dict[tuple[int, int], str]
"""What is to be filled in at a place of a grid (0-based), in the words of :data:`gouji.form.layout.INPUTS`."""

_MONEY = {"rate": "rate", "share": "rate", "weight": "weight", "score": "score", "reason": "reason"}
_ANSWERS = ("target", "target_adjusted", "actual", "weight", "score", "reason")
_RECORDS = {"establishment": "count", "headcount": "count"}
_LONG = frozenset({"goal", "goal_target", "goal_actual", "conclusion", "note"})
_ASKED = frozenset({"unit_name", "department", "executor", "project_name"})
_SAMPLES = {
    "money": "0",
    "count": "0",
    "rate": "0",
    "weight": "0",
    "score": "0",
    "target": "1",
    "actual": "1",
}


def kinds_of(facts: Facts) -> dict[str, Kinds]:
    """For each grid by name, the places to fill in.

    Args:
        facts: What was located in the blank form; figures may already stand in it.
    """
    found: dict[str, Kinds] = {grid.name: {} for grid in facts.document.grids}
    for table in facts.money:
        _money(found[table.grid.name], table)
    for record in facts.records:
        for name, slot in record.slots.items():
            if slot.is_empty or slot.value is not None:
                kind = "rate" if name.endswith("rate") else _RECORDS.get(name, "money")
                found[record.grid.name].setdefault((slot.row, slot.col), kind)
    for pair in facts.pairs:
        if INLINE.match(pair.slot.text):
            found[pair.slot.grid.name].setdefault((pair.slot.row, pair.slot.col), "inline")
    for grid in facts.document.grids:
        rows = rows_of(grid)
        for header in find_headers(grid, rows):
            if header.kind == "indicator":
                _indicators(found[grid.name], grid, rows, header)
    for info in facts.infos:
        slot = info.slot
        if slot.text and slot.col and not slot.grid.text(slot.row, slot.col - 1).strip():
            continue  # the next label: the empty cell before it is the answer's
        if info.concept != "signature" and (slot.is_empty or info.concept in _LONG | _ASKED):
            kind = "long" if info.concept in _LONG else "text"
            found[slot.grid.name].setdefault((slot.row, slot.col), kind)
    for grid in facts.document.grids:
        lines = {row.row for table in facts.money if table.grid is grid for row in table.rows}
        _beside(found[grid.name], grid, lines)
        found[grid.name] = {_anchor(grid, place): kind for place, kind in found[grid.name].items()}
    return found


def _anchor(grid: Grid, place: tuple[int, int]) -> tuple[int, int]:
    cell = grid.at(*place)
    return (cell.row, cell.col) if cell is not None else place


def _money(kinds: Kinds, table: MoneyTable) -> None:
    for row in table.rows:
        heading = row.label.core.endswith("一行)")
        for column, slot in zip(table.columns, row.slots, strict=True):
            if slot.reading.kind in (ReadingKind.PLACEHOLDER, ReadingKind.WORD) or heading:
                continue
            kinds.setdefault((slot.row, slot.col), _MONEY.get(column.role, "money"))
    first = min((column.col for column in table.columns), default=0)
    for row_number in range(table.first_row + 1, table.last_row):
        # lines kept for projects have neither name nor figure
        if all(not table.grid.text(row_number, col).strip() for col in range(table.grid.n_cols)):
            kinds.setdefault((row_number, max(first - 1, 0)), "line")
            for column in table.columns:
                kinds.setdefault((row_number, column.col), _MONEY.get(column.role, "money"))


def _indicators(kinds: Kinds, grid: Grid, rows: list[list[Cell]], header: Header) -> None:
    """The rows of an indicator block down to its total: as long as a group cell or a name stands in them."""
    levels = [c for name in ("level1", "level2", "level3") if (c := header.by_role(name)) is not None]
    answers = [c for c in header.columns if c.role in _ANSWERS]
    for row in range(header.last_row + 1, grid.n_rows):
        first = next((cell for cell in rows[row] if cell.text.strip()), None)
        core = parse_label(first.text).core if first is not None else ""
        if concept("total_row", core) is not None:
            for column in answers:
                if column.role in ("weight", "score"):
                    kinds.setdefault((row, column.col), column.role)
            return
        grouped = [level_concept(grid.text(row, column.col)) for column in levels[:-1]]
        named = bool(grid.text(row, levels[-1].col).strip())
        if not any(grouped) and not named:
            return
        if concept("info", core) is not None and not any(grouped):
            return
        name = grid.text(row, levels[-1].col).strip()
        if not name or is_prompt(name):
            kinds.setdefault((row, levels[-1].col), "name")
        for column in answers:
            cell = grid.at(row, column.col)
            if cell is None or cell.col == column.col:
                role = "target" if column.role == "target_adjusted" else column.role
                kinds.setdefault((row, column.col), role)


def _beside(kinds: Kinds, grid: Grid, lines: set[int]) -> None:
    """Empty cells beside a label in rows that nothing else has taken; a label over the whole width that ends with a colon."""
    taken = {row for row, _ in kinds} | lines
    headers = {row for h in find_headers(grid, rows_of(grid)) for row in range(h.row, h.last_row + 1)}
    for row, cells in enumerate(rows_of(grid)):
        if row in taken or row in headers or not taken or row > max(taken) + 1:
            continue
        for cell in cells:
            after = cell.col + cell.cols
            text = cell.text.strip()
            if after < grid.n_cols and not grid.text(row, after).strip():
                money = concept("fund_row", parse_label(text).core) is not None
                kinds.setdefault((row, after), "money" if money else "text")
            elif cell.col == 0 and after >= grid.n_cols and text.endswith(("：", ":")) and row < max(taken):
                kinds.setdefault((row, 0), "text")


def sampled(document: Document, kinds: dict[str, Kinds]) -> Document:
    """The form with something in every place to fill in, so that its blocks are located as in a filled one."""
    grids = []
    number = 0
    for grid in document.grids:
        cells = dict(grid.cells)
        for (row, col), kind in kinds[grid.name].items():
            number += 1
            old = cells.get((row, col))
            text = _SAMPLES.get(kind, f"事项{number}")
            if kind in ("inline", "text") and old is not None:
                text = f"{old.text}{'0' if kind == 'inline' else text}"
            elif old is not None and old.text.strip():
                continue
            base = old if old is not None else Cell(row, col, "")
            cells[row, col] = replace(base, text=text, value=text)
        grids.append(replace(grid, cells=cells))
    return replace(document, grids=tuple(grids))


def placed(document: Document, form: FormDefinition) -> tuple[tuple[LaidSheet, ...], Facts]:
    """The places to fill in of a bureau's own blank workbook, and what is located in it once they are filled.

    Raises:
        SourceRefusedError: nothing of a self-evaluation was found in it.
    """
    kinds = kinds_of(locate(document, form=form))
    facts = locate(sampled(document, kinds), form=form)
    if facts.is_empty:
        raise SourceRefusedError(
            ReasonCode.NOTHING_KNOWN,
            f"“{document.path}”里没有认出绩效自评的表格（资金、指标、明细或基础数据）。",
        )
    sheets = []
    for grid in document.grids:
        cells = []
        for (row, col), kind in sorted(kinds[grid.name].items()):
            cell = grid.at(row, col)
            size = (cell.rows, cell.cols) if cell is not None else (1, 1)
            cells.append(LaidCell(row, col, *size, cell.text if cell is not None else "", kind))
        if cells:
            sheets.append(LaidSheet(grid.name, (), False, tuple(cells), grid.n_rows, grid.n_cols))
    return tuple(sheets), facts
