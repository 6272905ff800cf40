"""``gouji.fill``, ``gouji.fix`` and ``gouji.annotate`` on an openpyxl workbook in memory.

The workbook given is changed, cell for cell as the commands of these names change a copy of a file; saving is the
caller's. What openpyxl does not hold (values beside formulas, comment threads, looks within a text) is lost when
openpyxl saves, not here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gouji.checking import CheckOptions, check_bytes
from gouji.filling import Filled, Typed, fill_bytes
from gouji.filling import logged as filled_log
from gouji.mending import Fixed, fix_bytes, logged
from gouji.result import DocumentResult
from gouji.source.document import SourceRefusedError
from gouji.write import in_memory
from gouji.write.annotate import Annotated, layout
from gouji.write.changelog import Logged, log_sheet
from gouji.write.package import Package

if TYPE_CHECKING:
    from openpyxl import Workbook

__all__ = ["annotate", "clear", "fill", "fix"]

_NAME = "<openpyxl.Workbook>"


def fill(workbook: Workbook, *, form: str | None = None, replace: bool = False) -> Filled:
    """Put the form's formulas into the calculated cells, wherever its tables stand.

    Args:
        workbook: An openpyxl workbook; it is changed.
        form: The id of its form, instead of recognising it.
        replace: Also where a figure was typed; those figures go into a sheet 修改记录.

    Returns:
        Each calculated cell and what became of it.

    Raises:
        SourceRefusedError: nothing of a form was recognised.
        UnknownFormError: there is no form of that id.
    """
    done = fill_bytes(
        in_memory.saved(_workbook(workbook)), _NAME, form=form, typed=Typed.REPLACE if replace else Typed.KEEP
    )
    for one in done.cells:
        if one.is_new:
            in_memory.set_formulas(workbook, one.sheet, {one.cell: (one.formula, one.number_format)})
    _log(workbook, filled_log(done.cells))
    return done


def fix(workbook: Workbook, *, form: str | None = None, unsafe: bool = False) -> Fixed:
    """Make the corrections that are sure, and list them in a sheet 修改记录.

    Args:
        workbook: An openpyxl workbook; it is changed.
        form: The id of its form, instead of recognising it.
        unsafe: Also the corrections that a person should look at.

    Returns:
        What was corrected, what was left and why, and the check of the result.

    Raises:
        SourceRefusedError: the workbook could not be checked.
        UnknownFormError: there is no form of that id.
    """
    done = fix_bytes(in_memory.saved(_workbook(workbook)), _NAME, CheckOptions(form=form), unsafe=unsafe)
    package = Package.open(done.data)
    for each in done.applied:
        sheet, cell = each.change.sheet, each.change.cell
        if sheet is not None and cell is not None:
            in_memory.set_values(workbook, sheet, {cell: package.value(sheet, cell)})
    _log(workbook, logged(done))
    return done


def annotate(workbook: Workbook, *, form: str | None = None) -> tuple[DocumentResult, Annotated]:
    """Mark the findings of a check: notes, colours and a sheet 校验结果; earlier marks are replaced.

    Args:
        workbook: An openpyxl workbook; it is changed.
        form: The id of its form, instead of recognising it.

    Returns:
        The check, and the marks made.

    Raises:
        SourceRefusedError: the workbook could not be checked.
        UnknownFormError: there is no form of that id.
    """
    clear(workbook)
    data = in_memory.saved(workbook)
    result = check_bytes(data, _NAME, CheckOptions(form=form))
    if result.reason is not None and result.document is None:
        raise SourceRefusedError(result.reason.code, result.reason.text)
    notices = (result.reason.text,) if result.reason is not None else ()
    package = Package.open(data)
    marks, record = layout(package, result.findings, notices)
    in_memory.show_marks(workbook, marks, package.is_plain, record)
    return result, Annotated(marks.cells, marks.summary.name, (), notices)


def clear(workbook: Workbook) -> int:
    """Take the marks of an annotation away; how many cells were marked."""
    return in_memory.clear_marks(_workbook(workbook))


def _workbook(given: Workbook) -> Workbook:
    if not (hasattr(given, "worksheets") and hasattr(given, "save")):
        raise TypeError(f"expected an openpyxl workbook, not {type(given).__name__}")
    return given


def _log(workbook: Workbook, changes: list[Logged]) -> None:
    if changes:
        in_memory.add_sheet(workbook, log_sheet(changes, set(workbook.sheetnames)))
