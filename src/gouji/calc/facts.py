"""What is known about the cells a formula refers to: the values that decide whether an idiom is harmless."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from typing import Protocol

from gouji.calc.formula import MAX_COLUMNS, MAX_ROWS, column_number
from gouji.calc.numbertext import is_ambiguous, is_plain_number
from gouji.calc.value import CellError, Value

__all__ = ["AreaFacts", "Facts", "Rectangle", "is_large", "rectangle", "sheet_of"]

Rectangle = tuple[int, int, int, int]
_CELL = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})")
_LARGEST = 200_000  # cells looked at for one argument; beyond that nothing is assumed


class AreaFacts:
    """The values of an area row by row, None for an empty cell, and what is asked about them again and again.

    Of an area too large to go through (a whole column) only what is written is there, and one None.
    """

    def __init__(self, values: list[Value]) -> None:
        self.values = values

    @cached_property
    def has_empty(self) -> bool:
        """Whether a cell is empty or shows an empty text."""
        return None in self.values or "" in self.values

    @cached_property
    def has_empty_text(self) -> bool:
        """Whether a cell shows an empty text."""
        return "" in self.values

    @cached_property
    def has_text(self) -> bool:
        """Whether a cell shows text."""
        return any(isinstance(value, str) for value in self.values)

    @cached_property
    def has_number_text(self) -> bool:
        """Whether a cell holds a number typed as text."""
        return any(isinstance(value, str) and is_plain_number(value) for value in self.values)

    @cached_property
    def has_ambiguous_text(self) -> bool:
        """Whether a cell holds a text that Excels of different languages turn into different numbers."""
        return any(isinstance(value, str) and is_ambiguous(value) for value in self.values)

    @cached_property
    def has_error(self) -> bool:
        """Whether a cell shows an error."""
        return any(isinstance(value, CellError) for value in self.values)

    @cached_property
    def has_boolean(self) -> bool:
        """Whether a cell holds TRUE or FALSE."""
        return any(isinstance(value, bool) for value in self.values)

    def rises(self, step: int = 1, count: int | None = None) -> bool:
        """Whether every ``step``-th value (the first ``count`` of them) is a number, in rising order."""
        key = self.values[::step] if count is None else self.values[:count]
        if not key or not all(isinstance(value, Decimal) for value in key):
            return False
        return all(one <= two for one, two in pairwise(value for value in key if isinstance(value, Decimal)))


class Facts(Protocol):
    """Values of cells as computed so far. Sheets are named; rectangles are 1-based, ends included."""

    def area(self, sheet: str, area: Rectangle) -> AreaFacts | None:
        """What is in an area; None where a cell of it could not be computed."""

    @property
    def has_ambiguous_text(self) -> bool:
        """Whether any cell holds a text that Excels of different languages turn into different numbers."""


def sheet_of(prefix: str) -> str | None:
    """The sheet a prefix such as ``'表 1'!`` names; None for no prefix."""
    name = prefix.removesuffix("!")
    if name.startswith("'") and name.endswith("'") and len(name) > 1:
        name = name[1:-1].replace("''", "'")
    return name or None


def rectangle(ref: str) -> Rectangle | None:
    """The rectangle of ``A1``, ``A1:B2``, ``A:B`` or ``1:2``; None where it is none."""
    first, _, last = ref.partition(":")
    last = last or first
    one, two = _corner(first, low=True), _corner(last, low=False)
    if one is None or two is None:
        return None
    return min(one[0], two[0]), min(one[1], two[1]), max(one[0], two[0]), max(one[1], two[1])


def _corner(text: str, *, low: bool) -> tuple[int, int] | None:
    found = _CELL.fullmatch(text)
    if found is not None:
        return int(found[2]), column_number(found[1])
    bare = text.replace("$", "")
    if bare.isdigit():
        return int(bare), 1 if low else MAX_COLUMNS
    if bare.isalpha() and bare.isascii():
        return 1 if low else MAX_ROWS, column_number(bare)
    return None


def is_large(area: Rectangle) -> bool:
    """Whether an area has too many cells to look at one by one."""
    top, left, bottom, right = area
    return (bottom - top + 1) * (right - left + 1) > _LARGEST
