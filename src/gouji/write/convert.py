"""Workbooks of the old binary kind (.xls, .et) as .xlsx, so that they can be marked and corrected.

LibreOffice converts where it is installed: it keeps fonts, borders, widths and print settings. What it made is read
back and compared with the original cell by cell; where a text, a value or a merged area differs, or without
LibreOffice, the workbook is written anew from what was read: texts, values, formulas, number formats, merged and
hidden cells as they were, the looks those of a form. Macros do not survive either way.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from gouji.calc.value import CellError
from gouji.frozen import frozen
from gouji.source import read_bytes
from gouji.source.document import Cell, Document, Grid, SourceRefusedError, cell_name
from gouji.source.legacy import converted, find_libreoffice
from gouji.source.limits import own_limits
from gouji.write.cells import Formula
from gouji.write.container import read_file
from gouji.write.fresh import fresh_bytes
from gouji.write.package import Package
from gouji.write.sheetplan import plan_sheets
from gouji.write.transcript import transcribe

__all__ = ["OLD_KINDS", "Converted", "as_xlsx", "open_workbook"]

OLD_KINDS = frozenset({"xls", "et"})
_CALC = ("xls", "xlsx:Calc MS Excel 2007 XML")
_WAY_OUT = "请用 Excel 或 WPS 另存为 .xlsx 后再试"
_UNKNOWN = "…"
_COMPOUND = b"\xd0\xcf\x11\xe0"


@frozen
class Converted:
    """An old workbook as .xlsx; ``notices`` are Chinese sentences about what is not as it was."""

    data: bytes
    notices: tuple[str, ...]


def open_workbook(path: str) -> tuple[Package, tuple[str, ...]]:
    """A workbook to be edited, and what conversion changed where it is of the old kind.

    Raises:
        SourceRefusedError: no workbook that can be edited.
        OSError: the path cannot be read.
    """
    place = Path(path)
    data = read_file(place)
    if data.startswith(_COMPOUND):
        document = read_bytes(data, place.name, path=path)
        if document.kind in OLD_KINDS:
            made = as_xlsx(data, document)
            return Package(made.data), made.notices
    return Package(data, place), ()


def as_xlsx(data: bytes, document: Document) -> Converted:
    """Convert an old workbook.

    Args:
        data: The whole file.
        document: What was read from it.
    """
    program = find_libreoffice()
    if program is not None:
        try:
            made = converted(program, data, document.path, own_limits(), _CALC, _WAY_OUT)
            if not _differences(document, made):
                return Converted(
                    made, ("原文件是旧格式，已转换为 .xlsx（由 LibreOffice 转换并逐格核对）；宏不保留。",)
                )
        except SourceRefusedError:
            pass  # it could not; ours can
    made, lost = _anew(document)
    notices = [
        "原文件是旧格式，已另写为 .xlsx：内容、公式、数字格式和合并单元格照旧，字体、边框和列宽按内容重排；宏不保留。"
    ]
    if lost:
        notices.append(
            f"{'、'.join(lost[:5])}{f' 等 {len(lost)} 处' if len(lost) > 5 else ''}的公式无法还原，已存为数值。"
        )
    different = _differences(document, made)
    if different:
        notices.append(f"转换后与原文件显示不同：{'、'.join(different[:5])}，请核对。")
    return Converted(made, tuple(notices))


def _anew(document: Document) -> tuple[bytes, list[str]]:
    """The workbook written from what was read, and the cells whose formula is lost."""
    plans = plan_sheets(document, {id(grid) for grid in document.grids})
    book, _ = transcribe(plans)
    package = Package.open(fresh_bytes(book))
    lost: list[str] = []
    for plan in plans:
        [grid] = plan.grids
        formulas: dict[str, str | Formula] = {}
        for cell in grid.cells.values():
            if cell.formula == _UNKNOWN:
                lost.append(f"{grid.name}!{cell_name(cell.row, cell.col)}")
            elif cell.formula is not None:
                formulas[cell_name(cell.row, cell.col)] = Formula(cell.formula, _cached(cell))
        package.set_formulas(plan.name, formulas)
    return package.to_bytes(), lost


def _cached(cell: Cell) -> Decimal | str | bool | CellError | None:
    return CellError(cell.error) if cell.error is not None else cell.value


def _differences(document: Document, made: bytes) -> list[str]:
    """The cells that are not what they were: another text, value or merged area; hidden sheets shown."""
    again = read_bytes(made, document.path)
    if [(g.name, g.visibility) for g in document.grids] != [(g.name, g.visibility) for g in again.grids]:
        return ["工作表"]
    found: list[str] = []
    for old, new in zip(document.grids, again.grids, strict=True):
        places = sorted(old.cells.keys() | new.cells.keys())
        found += [f"{old.name}!{cell_name(*at)}" for at in places if not _alike(old, new, at)]
        if old.hidden_rows != new.hidden_rows or old.hidden_cols != new.hidden_cols:
            found.append(f"{old.name} 的隐藏行列")
    return found


def _alike(old: Grid, new: Grid, at: tuple[int, int]) -> bool:
    one, two = old.cells.get(at), new.cells.get(at)
    if one is None or two is None:
        kept = one or two
        return kept is not None and not kept.text and kept.value is None and kept.rows == kept.cols == 1
    same = one.text == two.text and (one.rows, one.cols) == (two.rows, two.cols)
    return (
        same
        and one.value == two.value
        and one.error == two.error
        and (one.formula is None) == (two.formula is None)
    )
