"""Stored results that their own formulas no longer give.

Only plain formulas (sums, products, rounding, conditions) are judged here: those every engine computes alike, so
that a difference is the file's fault and not the engine's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from gouji.calc.cellrune_engine import CellruneEngine
from gouji.calc.engine import EngineFailedError
from gouji.source.document import Cell, Grid

__all__ = ["stale_results"]

_FUNCTION = re.compile(r"([A-Z][A-Z0-9.]*)\s*\(")
_PLAIN = frozenset(
    {
        "SUM",
        "ROUND",
        "ROUNDUP",
        "ROUNDDOWN",
        "IF",
        "IFERROR",
        "ABS",
        "MAX",
        "MIN",
        "AVERAGE",
        "PRODUCT",
        "AND",
        "OR",
        "NOT",
    }
)
_FOREIGN = re.compile(r"\[|#REF!")
_SLACK = Decimal("1e-9")


def _is_plain(formula: str) -> bool:
    return _FOREIGN.search(formula) is None and all(
        name in _PLAIN for name in _FUNCTION.findall(formula.upper())
    )


def stale_results(
    workbook: bytes, grids: Iterable[Grid], now: datetime
) -> dict[tuple[str, int, int], Decimal]:
    """The formula cells whose stored number differs from what the formula gives, with the right number.

    Args:
        workbook: The bytes of the .xlsx or .xlsm file.
        grids: The worksheets to look at, as read.
        now: What TODAY would say; formulas that ask for it are not judged.

    Returns:
        (sheet, 0-based row, 0-based column) → number. Empty where the engine cannot read the workbook.
    """
    candidates: list[tuple[str, Cell]] = [
        (grid.name, cell)
        for grid in grids
        for cell in grid.cells.values()
        if cell.formula and cell.calculated and isinstance(cell.value, Decimal) and _is_plain(cell.formula)
    ]
    if not candidates:
        return {}
    try:
        computed = CellruneEngine().compute(workbook, now)
    except EngineFailedError:
        return {}
    found: dict[tuple[str, int, int], Decimal] = {}
    for sheet, cell in candidates:
        value = computed.outcome((sheet, cell.row + 1, cell.col + 1))
        if (
            isinstance(value, bool)
            or not isinstance(value, Decimal | int)
            or not isinstance(cell.value, Decimal)
        ):
            continue
        number = Decimal(value)
        if abs(number - cell.value) > _SLACK * max(Decimal(1), abs(number)):
            found[sheet, cell.row, cell.col] = number
    return found
