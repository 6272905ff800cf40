"""Shared formulas: the master's text moved to another cell, relative references shifted."""

from __future__ import annotations

import re

from gouji.pattern import compiled
from gouji.source.document import column_name

__all__ = ["shifted"]

_ROWS, _COLS = 1_048_576, 16_384
# Strings, quoted sheet names and bracketed parts are passed over; a name followed by ( is a function.
_PIECE = compiled(
    r"""
      (?P<skip>"(?:[^"]|"")*"|'(?:[^']|'')*'|\[[^\[\]]*\]|[A-Za-z_\\][A-Za-z0-9_.]*(?=\()|\d+(?:\.\d+)?[eE][+-]?\d+)
    | (?<![A-Za-z0-9_.$])(?P<cell>(\$?)([A-Za-z]{1,3})(\$?)([1-9][0-9]{0,6}))(?![A-Za-z0-9_.!])
    | (?<![A-Za-z0-9_.$])(?P<cols>(\$?)([A-Za-z]{1,3}):(\$?)([A-Za-z]{1,3}))(?![A-Za-z0-9_.!(])
    | (?<![A-Za-z0-9_.$])(?P<rows>(\$?)([1-9][0-9]{0,6}):(\$?)([1-9][0-9]{0,6}))(?![A-Za-z0-9_.!(])
    """,
    re.VERBOSE,
)


def shifted(formula: str, rows: int, cols: int) -> str:
    """The formula as it reads when copied ``rows`` down and ``cols`` to the right.

    References that leave the sheet wrap around, as Excel's shared formulas do.
    """

    def one(match: re.Match[str]) -> str:
        if match["cell"]:
            return _col(match[3], match[4], cols) + _row(match[5], match[6], rows)
        if match["cols"]:
            return f"{_col(match[8], match[9], cols)}:{_col(match[10], match[11], cols)}"
        if match["rows"]:
            return f"{_row(match[13], match[14], rows)}:{_row(match[15], match[16], rows)}"
        return match[0]

    return _PIECE.sub(one, formula)


def _col(fixed: str, letters: str, shift: int) -> str:
    if fixed:
        return fixed + letters
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return column_name((number - 1 + shift) % _COLS)


def _row(fixed: str, digits: str, shift: int) -> str:
    return fixed + digits if fixed else str((int(digits) - 1 + shift) % _ROWS + 1)
