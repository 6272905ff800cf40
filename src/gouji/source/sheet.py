"""A worksheet while it is read: cells as stored and as shown, within the document's allowance."""

from __future__ import annotations

from decimal import Decimal
from math import isfinite

from gouji.frozen import mutable
from gouji.source.celling import new_cell
from gouji.source.display import Format
from gouji.source.document import Cell, Grid, ReasonCode, SourceRefusedError, Visibility
from gouji.source.limits import Limits
from gouji.source.merges import Area, CoverTooLargeError, spread

__all__ = ["Allowance", "Sheet", "exact", "too_large"]


def exact(number: float) -> Decimal | None:
    """The number that Excel holds for a stored double, to Excel's 15 significant digits; None if not finite.

    Excel stores up to 17 digits (``0.10000000000000001`` for 0.1, ``0.30000000000000004`` for 0.1 + 0.2) but
    takes, keeps and shows no more than 15: those are what a person typed or saw.
    """
    if not isfinite(number):
        return None
    if not number:
        return Decimal(0)
    short = repr(number)
    if len(short) > 16:
        short = f"{number:.15g}"
    elif short.endswith(".0"):
        short = short[:-2]
    return Decimal(short)


def too_large(file: str, why: str) -> SourceRefusedError:
    """The refusal of a workbook that holds too much."""
    return SourceRefusedError(
        ReasonCode.TOO_LARGE,
        f"“{file}”内容太多（{why}），不像自评表，没有检查；请把自评表所在的工作表另存为单独的文件再检查。",
    )


_MOST_SPANS = 16_384


@mutable
class Allowance:
    """What is left of a document's allowance of cells, characters, merges and covered positions."""

    cells: int
    chars: int
    formula_chars: int
    merges: int
    covered: int

    @classmethod
    def of(cls, limits: Limits) -> Allowance:
        """The whole allowance that the limits give."""
        return cls(limits.cells, limits.text_chars, limits.formula_chars, limits.merges, limits.covered)


class Sheet:
    """Collects the cells, merges and hidden lines of one worksheet.

    Args:
        name: The sheet's name.
        file: The file's name, for messages.
        limits: Rows and columns beyond them are left out.
        allowance: Shared by all sheets of the document.
        date_1904: Whether the workbook counts days from 1904.
    """

    __slots__ = (
        "_allowance",
        "_date_1904",
        "_file",
        "_limits",
        "_spans",
        "areas",
        "beyond",
        "cells",
        "hidden_cols",
        "hidden_rows",
        "misplaced",
        "name",
    )

    def __init__(
        self, name: str, file: str, limits: Limits, allowance: Allowance, *, date_1904: bool
    ) -> None:
        self.name = name
        self._file = file
        self._limits = limits
        self._allowance = allowance
        self._date_1904 = date_1904
        self.cells: dict[tuple[int, int], Cell] = {}
        self.areas: list[Area] = []
        self.hidden_rows: set[int] = set()
        self.hidden_cols: set[int] = set()
        self._spans = 0
        self.beyond = False
        self.misplaced = False

    def number(self, row: int, col: int, value: Decimal, shape: Format, formula: str | None) -> None:
        """A number, shown in its format."""
        text = shape.number(value, date_1904=self._date_1904)
        if self._takes(row, col, text, formula):
            self.cells[row, col] = new_cell(row, col, text, value, shape.code, formula, is_date=shape.is_date)

    def text(self, row: int, col: int, value: str, shape: Format, formula: str | None) -> None:
        """A text; an empty one that no formula gave is no content."""
        text = value if shape.is_general else shape.text(value)
        if (value or formula is not None) and self._takes(row, col, text, formula):
            self.cells[row, col] = new_cell(row, col, text, value, shape.code, formula)

    def boolean(self, row: int, col: int, value: bool, shape: Format, formula: str | None) -> None:
        """TRUE or FALSE."""
        text = "TRUE" if value else "FALSE"
        if self._takes(row, col, text, formula):
            self.cells[row, col] = new_cell(row, col, text, value, shape.code, formula)

    def error(self, row: int, col: int, error: str, shape: Format, formula: str | None) -> None:
        """An Excel error such as ``#DIV/0!``."""
        if self._takes(row, col, error, formula):
            self.cells[row, col] = new_cell(row, col, error, None, shape.code, formula, error=error)

    def uncalculated(self, row: int, col: int, shape: Format, formula: str) -> None:
        """A formula without a cached value."""
        if self._takes(row, col, "", formula):
            self.cells[row, col] = new_cell(row, col, "", None, shape.code, formula, calculated=False)

    def merge(self, area: Area) -> None:
        """A merged area.

        Raises:
            SourceRefusedError: TOO_LARGE where the document has too many.
        """
        self._allowance.merges -= 1
        if self._allowance.merges < 0:
            raise too_large(self._file, f"合并单元格超过 {self._limits.merges} 处")
        self.areas.append(area)

    def hide_cols(self, first: int, last: int) -> None:
        """Columns ``first`` to ``last`` (0-based) are hidden."""
        # More spans than columns can only be nonsense, and long to go through.
        self._spans += 1
        if self._spans > _MOST_SPANS:
            return
        self.hidden_cols.update(range(max(first, 0), min(last + 1, self._limits.cols)))

    def hide_row(self, row: int) -> None:
        """A row is hidden."""
        if 0 <= row < self._limits.rows:
            self.hidden_rows.add(row)

    def grid(self, visibility: Visibility) -> Grid:
        """The sheet as read.

        Raises:
            SourceRefusedError: TOO_LARGE where merged areas cover too much.
        """
        limits = self._limits
        try:
            whole = spread(self.cells, self.areas, limits.rows, limits.cols, self._allowance.covered)
        except CoverTooLargeError:
            raise too_large(self._file, "合并单元格范围太大") from None
        self._allowance.covered -= len(whole.cover)
        return Grid(
            name=self.name,
            cells=whole.cells,
            cover=whole.cover,
            n_rows=whole.n_rows,
            n_cols=whole.n_cols,
            is_sheet=True,
            visibility=visibility,
            hidden_rows=frozenset(self.hidden_rows),
            hidden_cols=frozenset(self.hidden_cols),
        )

    @property
    def notices(self) -> list[str]:
        """What was left out of this sheet, as Chinese sentences."""
        found = []
        if self.beyond:
            found.append(
                f"工作表“{self.name}”在第 {self._limits.rows} 行或第 {self._limits.cols} 列以外还有内容，"
                "这部分没有检查。"
            )
        if self.misplaced:
            found.append(
                f"工作表“{self.name}”里有位置不合规的单元格，这些单元格没有检查；"
                "请用 Excel、WPS 另存后再检查。"
            )
        return found

    def _takes(self, row: int, col: int, text: str, formula: str | None) -> bool:
        """Whether the cell is inside the grid, within the allowance."""
        if row >= self._limits.rows or col >= self._limits.cols:
            self.beyond = True
            return False
        allowance = self._allowance
        allowance.cells -= 1
        allowance.chars -= len(text)
        if formula is not None:
            allowance.formula_chars -= len(formula)
            if allowance.formula_chars < 0:
                raise too_large(self._file, f"公式文字超过 {self._limits.formula_chars} 个")
        if allowance.cells < 0:
            raise too_large(self._file, f"有内容的单元格超过 {self._limits.cells} 个")
        if allowance.chars < 0:
            raise too_large(self._file, f"文字超过 {self._limits.text_chars} 个")
        return True
