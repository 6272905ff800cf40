"""Documents as workbooks with formulas in them, computed by the built-in engine."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from decimal import Decimal

import openpyxl

from gouji.calc.recalc import recalc
from gouji.calc.value import Value
from gouji.form.facts import Facts
from gouji.live.calculated import Calculated
from gouji.live.row import LiveCheck
from gouji.source.document import Document
from gouji.write.package import Package

__all__ = ["computed", "verdicts"]


def computed(document: Document, cells: Iterable[Calculated]) -> dict[tuple[str, str], Value]:
    """What each formula gives on the document's own figures, by sheet and cell."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for grid in document.grids:
        sheet = book.create_sheet(grid.name)
        for (row, col), cell in grid.cells.items():
            value = cell.value
            sheet.cell(row + 1, col + 1).value = float(value) if isinstance(value, Decimal) else value
    made = list(cells)
    for each in made:
        book[each.slot.grid.name][each.slot.name] = f"={each.formula}"
    stream = io.BytesIO()
    book.save(stream)
    package = Package(stream.getvalue())
    done = recalc(package, second_opinion=False)
    assert not done.skipped
    return {
        (each.slot.grid.name, each.slot.name): package.value(each.slot.grid.name, each.slot.name)
        for each in made
    }


def verdicts(facts: Facts, checks: Sequence[LiveCheck]) -> list[Value]:
    """What each live row says of the document's own figures."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for grid in facts.document.grids:
        sheet = book.create_sheet(grid.name)
        for (row, col), cell in grid.cells.items():
            value = cell.value
            sheet.cell(row + 1, col + 1).value = float(value) if isinstance(value, Decimal) else value
    live = book.create_sheet("判")
    for row, check in enumerate(checks, 1):
        live.cell(row, 1).value = f"={check.verdict}"
    stream = io.BytesIO()
    book.save(stream)
    package = Package(stream.getvalue())
    assert not recalc(package, second_opinion=False).skipped
    return [package.value("判", f"A{row}") for row in range(1, len(checks) + 1)]
