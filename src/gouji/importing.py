"""A report made into a workbook of its form: tables with their texts verbatim, and a sheet that says where each came from.

Everything keeps its place in the table it stood in; see :mod:`gouji.write.transcript`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gouji.form import locate
from gouji.form.facts import Facts, Slot
from gouji.frozen import frozen
from gouji.source import read
from gouji.source.document import Document, ReasonCode, SourceRefusedError, cell_name
from gouji.write.content import CellContent, Look, SheetContent
from gouji.write.fresh import fresh_bytes
from gouji.write.links import Link, quoted
from gouji.write.package import Package
from gouji.write.sheetplan import plan_sheets
from gouji.write.transcript import Placed, transcribe

__all__ = ["SOURCE_SHEET", "Imported", "import_report"]

SOURCE_SHEET = "数据来源"
_HEAD = Look(bold=True, fill="DDE5EE", border=True, wrap=True, vertical="center", horizontal="center")
_PLAIN = Look(border=True, wrap=True, vertical="top")
_LINKED = Look(border=True, colour="0563C1", underline=True, vertical="top")
_COLUMNS = ("工作表", "单元格", "项目", "原文", "来源", "来源位置", "存为")
_WIDTHS = (18.0, 9.0, 36.0, 44.0, 34.0, 10.0, 24.0)


@frozen
class Imported:
    """A report as a workbook.

    ``sheets`` are the sheets made from its tables, ``left_out`` the names of the tables nothing of a form was
    recognised in, ``texts`` how many texts were taken over, ``numbers`` how many of them as numbers.
    """

    form: str | None
    data: bytes
    sheets: tuple[str, ...]
    left_out: tuple[str, ...]
    texts: int
    numbers: int
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
    known = _recognised(facts)
    wanted = known if not document.grids[0].is_sheet else {id(grid) for grid in document.grids}
    book, placed = transcribe(plan_sheets(document, wanted))
    package = Package.open(fresh_bytes(book))
    sheets = tuple(sheet.name for sheet in package.sheets)
    left_out = tuple(grid.name for grid in document.grids if id(grid) not in wanted)
    package.add_sheet(_sources(document, facts, placed, left_out))
    return Imported(
        facts.form,
        package.to_bytes(),
        sheets,
        left_out,
        len(placed),
        sum(one.number for one in placed),
        document.notices,
    )


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
    document: Document, facts: Facts, placed: Sequence[Placed], left_out: Sequence[str]
) -> SheetContent:
    """The sheet that says where each value came from."""
    labels = _labels(facts)
    name = document.path.replace("\\", "/").rpartition("/")[2]
    top = [f"勾稽导入：{name}（SHA-256 {document.sha256}）"]
    top += [f"没有认出、没有导入的表：{'、'.join(left_out)}"] if left_out else []
    top += document.notices
    rows: list[tuple[CellContent | None, ...]] = [(CellContent(line),) for line in top]
    rows.append(tuple(CellContent(title, _HEAD) for title in _COLUMNS))
    first = len(rows)
    links = []
    for one in placed:
        target = cell_name(one.row - 1, one.col - 1)
        links.append(Link(cell_name(len(rows), 1), f"{quoted(one.sheet)}!{target}"))
        label = (
            ""
            if one.grid is None or one.cell is None
            else labels.get((id(one.grid), one.cell.row, one.cell.col), "")
        )
        cells = (one.sheet, target, label, one.text, *_whence(one), "数字" if one.number else "原样文字")
        rows.append(tuple(CellContent(v or None, _LINKED if i == 1 else _PLAIN) for i, v in enumerate(cells)))
    return SheetContent(
        SOURCE_SHEET,
        tuple(rows),
        _WIDTHS,
        frozen=first,
        filter=f"A{first}:{cell_name(len(rows) - 1, len(_COLUMNS) - 1)}",
        links=tuple(links),
        landscape=True,
    )


def _whence(one: Placed) -> tuple[str, str]:
    if one.grid is None or one.cell is None:
        return "正文", f"第{one.paragraph}段"
    return one.grid.name, cell_name(one.cell.row, one.cell.col)
