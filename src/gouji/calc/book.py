"""What recalculation asks of a workbook, whichever way it is held."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Protocol, TypeAlias, runtime_checkable

from gouji.calc.engine import CellKey
from gouji.calc.facts import Rectangle
from gouji.calc.value import Value
from gouji.frozen import frozen

__all__ = ["Book", "Figure", "FiguresBook", "FormulaCell", "Other", "Shared"]


class Other(Enum):
    """What a cell holds that is no number: only that matters where numbers are computed."""

    TEXT = "text"
    BOOLEAN = "boolean"
    ERROR = "error"
    OPEN = "open"  # a formula that is being computed
    UNKNOWN = "unknown"  # nothing is known yet


class Shared(int):
    """A text that stands among the texts which all cells share, by its number there."""


Figure: TypeAlias = float | bytes | Other | Shared  # bytes: a text as it is written in the file


@frozen
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


@runtime_checkable
class FiguresBook(Book, Protocol):
    """A workbook that can also tell the figures of its sheets quickly."""

    def figures(self, sheet: str) -> tuple[str, Mapping[tuple[int, int], Figure]] | None:
        """The sheet's name as the workbook spells it, and what its cells hold by 1-based row and column.

        Empty cells and cells with a formula are left out. None where there is no such sheet, or it is not written in the
        usual way, or the workbook computes otherwise than Excel does by default.
        """

    def text(self, sheet: str, row: int, col: int, figure: bytes | Other | Shared) -> str | None:
        """The text in a cell without a formula, whose figure was told to be this; None where it cannot be told."""

    def named_area(self, name: str) -> tuple[str, Rectangle] | None:
        """The sheet and the one area that a name of the whole workbook stands for; None where it is anything else."""
