"""The 修改记录 sheet: what was changed in a workbook, cell by cell, with the reason. Plain data for every writer."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from gouji.frozen import frozen
from gouji.write.content import CellContent, Look, SheetContent

__all__ = ["LOG_SHEET", "Logged", "log_sheet"]

LOG_SHEET = "修改记录"
_HEAD = Look(bold=True, fill="DDE5EE", border=True, wrap=True, vertical="center", horizontal="center")
_PLAIN = Look(border=True, wrap=True, vertical="top")
_COLUMNS = ("序号", "工作表", "位置", "项目", "原内容", "改为", "规则", "依据")
_WIDTHS = (6.0, 18.0, 9.0, 34.0, 18.0, 18.0, 9.0, 62.0)


@frozen
class Logged:
    """One change: where, what the cell states, both contents as text, the rule that asked for it, the evidence."""

    sheet: str
    cell: str
    label: str
    old: str
    new: str
    code: str
    evidence: str


def log_sheet(changes: Sequence[Logged], taken: Collection[str]) -> SheetContent:
    """The sheet that lists changes, under a name no sheet in ``taken`` has: an earlier log stays as it is."""
    rows: list[tuple[CellContent | None, ...]] = [tuple(CellContent(name, _HEAD) for name in _COLUMNS)]
    for number, one in enumerate(changes, 1):
        cells = (number, one.sheet, one.cell, one.label, one.old, one.new, one.code, one.evidence)
        rows.append(tuple(CellContent(value, _PLAIN) for value in cells))
    name, count = LOG_SHEET, 2
    while name in taken:
        name, count = f"{LOG_SHEET}{count}", count + 1
    return SheetContent(name, tuple(rows), _WIDTHS, frozen=1, landscape=True)
