"""What the buttons do to a live workbook. Each gives a sentence for the status bar.

Every action saves a copy, reads it with the one reader, runs what the command of the same name runs, and writes the
outcome back through xlwings' public API.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gouji.checking import check_bytes
from gouji.filling import fill_bytes
from gouji.mending import fix_bytes, logged
from gouji.model import Severity
from gouji.office import marking, suggesting
from gouji.office.copying import saved_copy
from gouji.office.painting import literal, paint
from gouji.result import DocumentResult, Status
from gouji.source.document import SourceRefusedError
from gouji.write.annotate import Anchors
from gouji.write.changelog import Logged, log_sheet
from gouji.write.package import Package

if TYPE_CHECKING:
    import xlwings as xw

__all__ = ["check", "clear", "fill", "fix", "recalculate", "suggest"]


def fill(book: xw.Book) -> str:
    """填充公式: formulas into the blank calculated cells of the form, as ``gouji fill``."""
    filled = fill_bytes(saved_copy(book), book.name)
    new = [one for one in filled.cells if one.is_new]
    for one in new:
        cell = book.sheets[one.sheet][one.cell]
        cell.formula = f"={one.formula}"
        if one.number_format is not None:
            cell.number_format = one.number_format
    kept = len(filled.cells) - len(new)
    return f"填充公式：填了 {len(new)} 个单元格，其余 {kept} 个计算格保持原样"


def recalculate(book: xw.Book) -> str:
    """重新计算: every formula of the workbook, by the program that holds it."""
    book.app.calculate()
    return "重新计算：已完成"


def check(book: xw.Book) -> str:
    """校验: all rules, as ``gouji check``; findings marked as by ``gouji annotate``."""
    marking.clear(book)
    copy = saved_copy(book)
    result = _checked(copy, book)
    notices = (result.reason.text,) if result.reason is not None else ()
    shown = marking.show(book, copy, result.findings, notices)
    if result.findings or notices:
        shown.sheet.activate()
    counts = [sum(found.severity is severity for found in result.findings) for severity in Severity]
    told = "，".join(
        f"{word} {count} 条" for word, count in zip(("错误", "警告", "提示"), counts, strict=True)
    )
    if not result.findings:
        told = "没有发现问题" if result.reason is None else "检查过的内容没有发现问题，但有内容没有检查"
    return f"校验：{told}；明细见“{shown.summary}”"


def suggest(book: xw.Book) -> str:
    """修复建议: what each fault could be, listed with links; no cell is changed."""
    copy = saved_copy(book)
    result = _checked(copy, book)
    _drop(book, suggesting.SHEET, suggesting.TITLE)
    name = marking.free_name(book, suggesting.SHEET)
    content = suggesting.suggestions(result.findings, Anchors(Package.open(copy)), name)
    paint(book, content).activate()
    return f"修复建议：共 {len(content.rows) - 3} 条，见“{name}”"


def fix(book: xw.Book) -> str:
    """自动修正: the sure corrections, as ``gouji fix``; each stands in the sheet 修改记录."""
    fixed = fix_bytes(saved_copy(book), book.name)
    after = Package.open(fixed.data)
    changes = logged(fixed)
    for one in changes:
        book.sheets[one.sheet][one.cell].value = literal(after.value(one.sheet, one.cell))
    if not changes:
        return "自动修正：没有可以自动改的内容"
    name = _log(book, changes)
    return f"自动修正：改了 {len(changes)} 处，原来的内容记在“{name}”"


def clear(book: xw.Book) -> str:
    """清除标记: every trace of 校验 and 修复建议 away, as ``gouji annotate --clear``."""
    cells = marking.clear(book)
    _drop(book, suggesting.SHEET, suggesting.TITLE)
    return f"清除标记：去掉了 {cells} 处标注"


def _checked(copy: bytes, book: xw.Book) -> DocumentResult:
    result = check_bytes(copy, book.name)
    if result.status is Status.NOT_CHECKED and result.reason is not None:
        raise SourceRefusedError(result.reason.code, result.reason.text)
    return result


def _log(book: xw.Book, changes: Sequence[Logged]) -> str:
    content = log_sheet(changes, {sheet.name for sheet in book.sheets})
    paint(book, content)
    return content.name


def _drop(book: xw.Book, name: str, title: str) -> None:
    for sheet in book.sheets:
        if sheet.name.startswith(name) and sheet["A1"].value == title:
            sheet.delete()
