"""What recalculation asks of a workbook, whichever way it is held."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from gouji.calc.engine import CellKey
from gouji.calc.value import Value

__all__ = ["Book", "FormulaCell"]


@dataclass(frozen=True, slots=True)
class FormulaCell:
    """A cell with a formula, or one that an array formula spills into (then ``text`` is None).

    ``text`` is the full formula without ``=``, or empty where it cannot be told; ``cached`` what stands in the file.
    """

    key: CellKey
    text: str | None
    array: bool
    cached: Value


class Book(Protocol):
    """A workbook that can be recalculated."""

    def to_bytes(self) -> bytes:
        """The workbook as a file."""

    def formula_cells(self) -> list[FormulaCell]:
        """Every formula cell."""

    def store(self, results: dict[CellKey, Value]) -> None:
        """Put results beside their formulas."""
