"""Documents as workbooks with formulas in them, computed by the built-in engine."""

from __future__ import annotations

import io
from collections.abc import Iterable
from decimal import Decimal

import openpyxl

from gouji.calc.recalc import recalc
from gouji.calc.value import Value
from gouji.live.calculated import Calculated
from gouji.source.document import Document
from gouji.write.package import Package

__all__ = ["computed"]


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
