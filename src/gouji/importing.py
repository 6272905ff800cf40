"""A report made into a workbook of its form: tables with their texts verbatim, and a sheet that says where each came from.

Everything keeps its place in the table it stood in (see :mod:`gouji.write.transcript`), the calculated cells get formulas
where those give what was typed (:mod:`gouji.filling`), and a 校验 sheet checks it all in plain Excel, as in a form from
``gouji new``. A workbook that is imported keeps all it has.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from gouji.calc.recalc import recalc
from gouji.filling import Fate, FilledCell, Typed, fill_bytes
from gouji.form import locate
from gouji.form.facts import Facts, Slot
from gouji.frozen import frozen
from gouji.live.checks import live_checks
from gouji.source import read, read_bytes
from gouji.source.document import Document, ReasonCode, SourceRefusedError, cell_name
from gouji.template.live_sheet import LIVE_SHEET, add_live_sheet, colour_cells
from gouji.write.content import CellContent, Look, SheetContent
from gouji.write.convert import open_workbook
from gouji.write.fresh import fresh_bytes
from gouji.write.links import Link, quoted
from gouji.write.package import Package
from gouji.write.sheetplan import plan_sheets
from gouji.write.transcript import Placed, lines_of, transcribe

if TYPE_CHECKING:
    from openpyxl import Workbook

__all__ = ["SOURCE_SHEET", "Imported", "import_report"]

SOURCE_SHEET = "数据来源"
_HEAD = Look(bold=True, fill="DDE5EE", border=True, wrap=True, vertical="center", horizontal="center")
_PLAIN = Look(border=True, wrap=True, vertical="top")
_LINKED = Look(border=True, colour="0563C1", underline=True, vertical="top")
_COLUMNS = ("工作表", "单元格", "项目", "原文", "来源", "来源位置", "存为")
_WIDTHS = (18.0, 9.0, 36.0, 44.0, 30.0, 10.0, 36.0)
_LINE, _MOST_LINES = 15.0, 4


@frozen
class Imported:
    """A report as a workbook.

    ``sheets`` are the sheets made from its tables, ``left_out`` the names of the tables nothing of a form was
    recognised in, ``texts`` how many texts were taken over, ``numbers`` how many of them as numbers. ``cells`` are
    the calculated cells: which got formulas, and which keep what was typed because the formula says otherwise.
    """

    form: str | None
    data: bytes
    sheets: tuple[str, ...]
    left_out: tuple[str, ...]
    texts: int
    numbers: int
    cells: tuple[FilledCell, ...]
    notices: tuple[str, ...]


def import_report(path: str, form: str | None = None) -> Imported:
    """Make a workbook of a report's tables.

    Args:
        path: A report (.docx, .txt; .doc and .wps where LibreOffice is installed) or a workbook.
        form: The id of its form, instead of recognising it.

    Raises:
        SourceRefusedError: the file cannot be read, or holds no table of a self-evaluation.
    """
    document = read(path)
    facts = locate(document, form)
    if facts.is_empty:
        raise SourceRefusedError(
            ReasonCode.NOTHING_KNOWN,
            f"“{path}”里没有认出绩效自评的表格（资金、指标、明细或基础数据），没有可以导入的内容。"
            "请确认文件是否选对，或用 --form 指定表式。",
        )
    notices = document.notices
    if document.grids[0].is_sheet:
        package, more = open_workbook(path)
        notices += more
        sheets = tuple(sheet.name for sheet in package.sheets)
        placed, left_out = _in_place(document), []
    else:
        known = _recognised(facts)
        plans = plan_sheets(document, known, (LIVE_SHEET, SOURCE_SHEET))
        sheets = tuple(plan.name for plan in plans)
        left_out = [grid.name for grid in document.grids if id(grid) not in known]
        book, placed = transcribe(plans)
        _make_live(book, path, form)
        package = Package.open(fresh_bytes(book))
    filled = fill_bytes(package.to_bytes(), path, form=form, typed=Typed.REPLACE_EQUAL)
    package = filled.package
    recalc(package, second_opinion=False)
    top = [f"没有认出、没有导入的表：{'、'.join(left_out)}"] if left_out else []
    package.add_sheet(_sources(facts, placed, filled.cells, [*top, *notices], _free(sheets)))
    return Imported(
        facts.form,
        package.to_bytes(),
        sheets,
        tuple(left_out),
        len(placed),
        sum(one.number for one in placed),
        filled.cells,
        notices,
    )


def _make_live(book: Workbook, path: str, form: str | None) -> None:
    """Give a new workbook the sheet that checks it in plain Excel, as a blank form from ``gouji new`` has one."""
    checks = live_checks(locate(read_bytes(fresh_bytes(book), path), form))
    sheets = list(book.worksheets)
    add_live_sheet(book, checks, {})
    for sheet in sheets:
        colour_cells(sheet, checks, ())


def _free(sheets: Sequence[str]) -> str:
    """The name of the sheet of sources, where it is not taken."""
    name, number = SOURCE_SHEET, 2
    while name in sheets:
        name, number = f"{SOURCE_SHEET}{number}", number + 1
    return name


def _in_place(document: Document) -> list[Placed]:
    """The texts of a workbook, each where it was."""
    return [
        Placed(
            grid.name,
            cell.row + 1,
            cell.col + 1,
            cell.text,
            grid,
            cell,
            None,
            number=isinstance(cell.value, Decimal),
        )
        for grid in document.grids
        for cell in grid.cells.values()
        if cell.text.strip()
    ]


def _recognised(facts: Facts) -> set[int]:
    """``id`` of the grids in which something of a form was recognised."""
    return {id(slot.grid) for slot in _slots(facts)}


def _slots(facts: Facts) -> Iterator[Slot]:
    """Every place of the form that was located."""
    for table in facts.indicators:
        for row in table.rows:
            slots = (row.target, row.planned, row.actual, row.completion, row.weight, row.score, row.rate)
            yield from (slot for slot in (*slots, row.deduction, row.reason) if slot is not None)
        for total in table.totals:
            yield from (slot for slot in (total.weight, total.score, total.remark) if slot is not None)
    for money in facts.money:
        for line in money.rows:
            yield from line.slots
    for record in facts.records:
        yield from record.slots.values()
    for info in facts.infos:
        yield info.slot
    for pair in facts.pairs:
        yield pair.slot
    for text in facts.long_texts:
        yield text.slot


def _labels(facts: Facts) -> dict[tuple[int, int, int], str]:
    """What each located cell states, in the form's words."""
    found: dict[tuple[int, int, int], str] = {}
    for slot in _slots(facts):
        at = (slot.cell.row, slot.cell.col) if slot.cell is not None else (slot.row, slot.col)
        if slot.label:
            found.setdefault((id(slot.grid), *at), slot.label)
    return found


def _sources(
    facts: Facts, placed: Sequence[Placed], cells: Sequence[FilledCell], notices: Iterable[str], sheet: str
) -> SheetContent:
    """The sheet that says where each value came from."""
    labels = _labels(facts)
    document = facts.document
    name = document.path.replace("\\", "/").rpartition("/")[2]
    top = [f"勾稽导入：{name}（SHA-256 {document.sha256}）", *notices]
    rows: list[tuple[CellContent | None, ...]] = [(CellContent(line),) for line in top]
    rows.append(tuple(CellContent(title, _HEAD) for title in _COLUMNS))
    first = len(rows)
    links = []
    formulas = {(one.sheet, one.cell): one for one in cells}
    entries = [
        (
            one.sheet,
            cell_name(one.row - 1, one.col - 1),
            "" if one.cell is None else labels.get((id(one.grid), one.cell.row, one.cell.col), ""),
            one.text,
            *_whence(one),
            _stored(one, formulas.pop((one.sheet, cell_name(one.row - 1, one.col - 1)), None)),
        )
        for one in placed
    ]
    entries += [
        (one.sheet, one.cell, one.label, "", "表式", "", f"公式 ={one.formula}")
        for one in formulas.values()
        if one.is_new
    ]
    for entry in entries:
        links.append(Link(cell_name(len(rows), 1), f"{quoted(entry[0])}!{entry[1]}"))
        rows.append(tuple(CellContent(v or None, _LINKED if i == 1 else _PLAIN) for i, v in enumerate(entry)))
    return SheetContent(
        sheet,
        tuple(rows),
        _WIDTHS,
        frozen=first,
        filter=f"A{first}:{cell_name(len(rows) - 1, len(_COLUMNS) - 1)}",
        heights={
            number: _LINE * most
            for number, row in enumerate(rows[first:], first + 1)
            if (
                most := min(
                    _MOST_LINES, max(_lines(cell, width) for cell, width in zip(row, _WIDTHS, strict=True))
                )
            )
            > 1
        },
        links=tuple(links),
        landscape=True,
    )


def _lines(cell: CellContent | None, width: float) -> int:
    return lines_of(cell.value, width) if cell is not None and isinstance(cell.value, str) else 1


def _stored(one: Placed, formula: FilledCell | None) -> str:
    """What a text became."""
    if formula is not None and formula.is_new:
        return f"公式 ={formula.formula}（结果与原文一致）"
    if formula is not None and formula.fate is Fate.KEPT:
        return f"照原文（公式得 {formula.result}{f'；{formula.note}' if formula.note else ''}）"
    if one.cell is not None and one.cell.formula is not None:
        return "原有公式"
    return "数字" if one.number else "原样文字"


def _whence(one: Placed) -> tuple[str, str]:
    if one.grid is None or one.cell is None:
        return "正文", f"第{one.paragraph}段"
    return one.grid.name, cell_name(one.cell.row, one.cell.col)
