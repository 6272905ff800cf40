"""The Python API: ``gouji.check(path, openpyxl workbook or xlwings book) -> Report``.

The same reader, rules and report as the command line; see docs/architecture.md.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gouji.acceptance import NOTHING
from gouji.checking import CheckOptions, check_bytes, check_file
from gouji.crossing import beside, checked, settled
from gouji.frozen import replace
from gouji.result import DocumentResult, exit_status

if TYPE_CHECKING:
    import pandas as pd
    import xlwings as xw
    from openpyxl import Workbook

__all__ = ["Report", "check"]

_WORKBOOK = "<openpyxl.Workbook>"


@dataclass(frozen=True, slots=True)
class Report:
    """What was found in one or several documents; iterate over ``documents`` or use one of the outputs."""

    documents: tuple[DocumentResult, ...]

    @property
    def exit_status(self) -> int:
        """What ``gouji check`` would exit with: 0 no error, 1 an error, 2 not or not wholly checked."""
        return exit_status(self.documents)

    def to_json(self) -> str:
        """The report as ``gouji check --format json`` prints it."""
        from gouji.report.json_ import to_json  # noqa: PLC0415  # an output is loaded when asked for

        return to_json(self.documents)

    def to_text(self) -> str:
        """The report as ``gouji check`` prints it, without colours."""
        from gouji.report.text import to_text  # noqa: PLC0415  # rich is slow to load

        return to_text(self.documents)

    def to_frame(self) -> pd.DataFrame:
        """One row a finding, for pandas.

        Columns: those of the JSON report, ``location`` spread into ``document, sheet, cell, label, paragraph,
        text``; ``related`` is the number of related places; ``fix`` is the applicability of the fix, if any.

        Raises:
            ImportError: pandas is not installed (``pip install gouji[frame]``).
        """
        from gouji.report.frame import to_frame  # noqa: PLC0415  # pandas is slow to load

        return to_frame(self.documents)


def check(
    source: str | os.PathLike[str] | Workbook | xw.Book,
    *,
    report: str | os.PathLike[str] | None = None,
    prior: str | os.PathLike[str] | None = None,
    form: str | None = None,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
) -> Report:
    """Checks a self-evaluation.

    Args:
        source: a file, an openpyxl workbook, or a live workbook of Excel or LibreOffice (xlwings), which is read as
            it is now, unsaved changes and all. An openpyxl workbook is saved to memory and its formulas are computed,
            because openpyxl holds formulas or cached values, never both; what cannot be computed is reported
            as not evaluated. The workbook itself is not changed.
        report: the written report that goes with it: its text and tables are held against the workbook's. A document
            of its own in the result.
        prior: last year's file, likewise: what is said of last year is held against it.
        form: the id of a form, instead of recognising it.
        select: only rules with these codes, beginnings of codes, names or groups.
        ignore: without these rules.

    Returns:
        A report whose first document is ``source``. A file that cannot be read is a document with a reason,
        not an exception.

    Raises:
        UnknownRuleError: ``select`` or ``ignore`` names no rule.
        TypeError: ``source`` is none of these.
    """
    options = CheckOptions(form=form, select=tuple(select), ignore=tuple(ignore))
    plain = replace(options, declared=NOTHING)  # explanations are applied at the end
    earlier = checked([os.fspath(prior)] if prior is not None else [], options)
    if isinstance(source, (str, os.PathLike)):
        first = check_file(os.fspath(source), plain, beside(earlier=earlier))
    elif hasattr(source, "worksheets") and hasattr(source, "save"):
        from gouji.write.in_memory import saved  # noqa: PLC0415  # engine and writer are loaded for workbooks only

        first = check_bytes(saved(source), _WORKBOOK, plain, beside(earlier=earlier))
    elif hasattr(source, "sheets") and hasattr(source, "impl"):
        from gouji.office.copying import saved_copy  # noqa: PLC0415  # xlwings is loaded where it is used

        first = check_bytes(saved_copy(source), source.name, plain, beside(earlier=earlier))
    else:
        raise TypeError(
            f"expected a path, an openpyxl workbook or an xlwings book, not {type(source).__name__}"
        )
    reports = checked(
        [os.fspath(report)] if report is not None else [], options, beside(workbooks=[first], earlier=earlier)
    )
    return Report(settled([first], reports, earlier, options))
