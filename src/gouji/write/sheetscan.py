"""The cells of a worksheet as nearly every program writes them, all found in one pass.

One expression knows one way to write a cell, the usual one. The marks of cells and formulas are counted besides, and where
one is written in any other way, the sheet is gone through row by row (:mod:`gouji.write.sheetmap`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from gouji.calc.book import Figure, Other, Shared
from gouji.calc.formula import column_number
from gouji.write import xmltext

__all__ = ["FormulaSpan", "UsualCells", "usual_cells"]

# A cell by its column and row: an empty one, or one with a type, a formula (its attributes and its text), and a value or a
# text of its own.
_CELL = rb"""<Pc r="([A-Z]{1,3})([1-9]\d{0,6})"(?: s="\d+")?
    (?:(?: t="n")?(?:/>|></Pc>)
      |(?: t="([A-Za-z]+)")?(?: cm="\d+")?
        (?:/>
          |>(<Pf((?:\s[\w:]+="[^"<>]*")*)(?:/>|>([^<]*)</Pf>))?
            (?:<Pv(?: xml:space="preserve")?>([^<]*)</Pv>
              |<Pv ?/>
              |<Pis>(?:<Pt(?: xml:space="preserve")?>([^<]*)</Pt></Pis>|.*?</Pis>)
            )?</Pc>
        )
    )"""
_EMPTY = 2  # the last group of an empty cell
_PREFIXED = re.compile(rb"<(/?)P(?=[cfvit])")
_NUMBER = re.compile(rb"[+-]?(?:\d+\.?\d*|\.\d+)(?:[Ee][+-]?\d+)?")
_OTHERS = {b"b": Other.BOOLEAN, b"e": Other.ERROR, b"d": Other.ERROR}


class _Columns(dict[bytes, int]):
    """The numbers of columns by their letters, each worked out once."""

    def __missing__(self, letters: bytes) -> int:
        number = self[letters] = column_number(letters.decode())
        return number


_COLUMNS = _Columns()
_NO_ATTRIBUTES: Mapping[str, str] = {}


class FormulaSpan(NamedTuple):
    """The formula of a cell (1-based row and column): the attributes of its ``<f>`` and its text.

    The text is empty for the members of a shared formula. ``usual`` is what was found of a cell written as usual: the groups
    are its column, row and type, the ``<f>``, its attributes and text, and the stored value.
    """

    row: int
    col: int
    attributes: Mapping[str, str]
    text: str
    usual: re.Match[bytes] | None

    @property
    def kind(self) -> str:
        """``normal``, ``shared``, ``array`` or ``dataTable``."""
        return self.attributes.get("t", "normal")


class UsualCells(NamedTuple):
    """The cells of a sheet whose cells are all written as usual: its formulas in order, and what the others hold.

    ``matches`` is what was found of the cells with a formula. Places are 1-based rows and columns.
    """

    formulas: list[FormulaSpan]
    matches: dict[tuple[int, int], re.Match[bytes]]
    figures: dict[tuple[int, int], Figure]


@lru_cache(maxsize=16)
def _pattern(prefix: bytes) -> re.Pattern[bytes]:
    mark = re.escape(prefix)
    cell = re.sub(rb"\n *", b"", _CELL)  # re.VERBOSE would drop the spaces that count
    return re.compile(_PREFIXED.sub(lambda one: b"<" + one[1] + mark, cell), re.DOTALL)


# A form's workbooks hold the same formulas again and again.
@lru_cache(maxsize=8192)
def _text(written: bytes) -> str:
    return xmltext.unescape(written.replace(b"\r\n", b"\n").decode("utf-8", "replace")).strip()


@lru_cache(maxsize=1024)
def _attributes(written: bytes) -> Mapping[str, str]:
    return xmltext.attributes(written)


def usual_cells(xml: bytes, prefix: bytes, start: int, end: int) -> UsualCells | None:
    """What stands between two places of a sheet without comments; None where a cell is not written as usual."""
    formulas: list[FormulaSpan] = []
    matches: dict[tuple[int, int], re.Match[bytes]] = {}
    figures: dict[tuple[int, int], Figure] = {}
    columns = _COLUMNS
    seen = 0
    for found in _pattern(prefix).finditer(xml, start, end):
        seen += 1
        if found.lastindex == _EMPTY:
            continue
        letters, digits, kind, formula, attributes, written, value, text = found.groups()
        row, col = int(digits), columns[letters]
        if formula is not None:
            given = _attributes(attributes) if attributes else _NO_ATTRIBUTES
            formulas.append(FormulaSpan(row, col, given, _text(written) if written else "", found))
            matches[row, col] = found
        elif kind is None or kind == b"n":
            if value and (value := value.strip()):
                figures[row, col] = float(value) if _NUMBER.fullmatch(value) else Other.ERROR
        elif kind == b"s" and value and value.isdigit():
            figures[row, col] = Shared(value)
        elif kind == b"inlineStr" and (value or text):
            figures[row, col] = value or text
        else:
            figures[row, col] = _OTHERS.get(kind, Other.TEXT)
    if seen != xml.count(b"<" + prefix + b"c", start, end) or len(formulas) != len(matches):
        return None  # written in another way, or one cell twice
    return UsualCells(formulas, matches, figures)
