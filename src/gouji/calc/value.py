"""What a cell can hold, as the engines give it and the writers store it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

__all__ = ["ERROR_CODES", "CellError", "Value", "from_double", "same"]

ERROR_CODES = frozenset(
    {"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA", "#SPILL!", "#CALC!"}
)


@dataclass(frozen=True, slots=True)
class CellError:
    """An Excel error value such as ``#DIV/0!``; a type of its own because text may spell the same."""

    code: str


# None is an empty cell. bool stands before int on purpose: True is not 1 in a cell.
Value: TypeAlias = Decimal | int | str | bool | CellError | None


def from_double(number: float) -> Decimal | CellError:
    """A double as the exact decimal of its shortest text; not finite is ``#NUM!``, as in Excel."""
    if not math.isfinite(number):
        return CellError("#NUM!")
    if number.is_integer() and abs(number) < 1e15:
        return Decimal(int(number))
    return Decimal(repr(number))


def same(one: Value, two: Value) -> bool:
    """Whether two values are the same to Excel: numbers to 15 significant digits, text to the letter."""
    if isinstance(one, bool) or isinstance(two, bool):
        return isinstance(one, bool) and isinstance(two, bool) and one == two
    if isinstance(one, Decimal | int) and isinstance(two, Decimal | int):
        first, second = Decimal(one), Decimal(two)
        largest = max(abs(first), abs(second))
        # One unit in the 15th digit: what two summation orders may differ by and Excel shows alike.
        return abs(first - second) <= largest * Decimal("1e-14")
    return type(one) is type(two) and one == two
