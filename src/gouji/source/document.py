"""What a reader gives: a document of grids (sheets, tables) and paragraphs, with every place kept.

Rows and columns are 0-based here; :func:`cell_name` gives the A1 name people see.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from gouji.frozen import frozen
from gouji.pattern import compiled

__all__ = [
    "Cell",
    "Document",
    "Grid",
    "Paragraph",
    "Reason",
    "ReasonCode",
    "SourceRefusedError",
    "Visibility",
    "cell_name",
    "cell_position",
]


class ReasonCode(StrEnum):
    """Why a document could not be (wholly) checked; the codes of the outside contract."""

    UNREADABLE = "unreadable"
    ENCRYPTED = "encrypted"
    TOO_LARGE = "too-large"
    HOSTILE = "hostile"
    UNSUPPORTED = "unsupported"
    NOTHING_KNOWN = "nothing-known"
    NOT_CALCULATED = "not-calculated"
    TIMEOUT = "timeout"


@frozen
class Reason:
    """A reason code with a Chinese sentence that also says the way out."""

    code: ReasonCode
    text: str


class SourceRefusedError(Exception):
    """The file was refused before or while reading; carries the :class:`Reason` to report."""

    def __init__(self, code: ReasonCode, text: str) -> None:
        super().__init__(text)
        self.reason = Reason(code, text)


class Visibility(StrEnum):
    """Whether Excel shows the sheet."""

    VISIBLE = "visible"
    HIDDEN = "hidden"
    VERY_HIDDEN = "very_hidden"


@frozen
class Cell:
    """One cell (the top-left one of a merged area).

    ``text`` is what a person sees (a number shown in its format; in a Word or text table the text as typed,
    paragraphs joined by newline). ``value`` is what is stored: Decimal (the stored double to the 15
    significant digits that Excel keeps and shows), str, bool or None. ``formula`` is the formula text without
    ``=``, "…" where an old binary workbook has one that could not be turned back into text. ``calculated`` is
    False for a formula without a cached value. ``error`` is an Excel error such as ``#DIV/0!``. ``is_date``
    says that the number format shows a date.
    """

    row: int
    col: int
    text: str
    value: Decimal | str | bool | None = None
    number_format: str = "General"
    formula: str | None = None
    calculated: bool = True
    error: str | None = None
    is_date: bool = False
    rows: int = 1
    cols: int = 1


@frozen
class Grid:
    """A worksheet or a table of a text, as a full grid; only non-empty cells and merge anchors are stored.

    ``cells`` maps (row, col) of each stored cell to it; ``cover`` maps every *other* position of a merged
    area to the position of its top-left cell. ``name`` is what findings print as ``sheet``. ``title`` is the
    caption found in front of a table in a text (None for a worksheet). ``after_paragraph`` is the number of
    the paragraph that the table follows in its text (0 for a worksheet or a table at the very top).
    """

    name: str
    cells: dict[tuple[int, int], Cell]
    cover: dict[tuple[int, int], tuple[int, int]]
    n_rows: int
    n_cols: int
    title: str | None = None
    after_paragraph: int = 0
    is_sheet: bool = False
    visibility: Visibility = Visibility.VISIBLE
    hidden_rows: frozenset[int] = frozenset()
    hidden_cols: frozenset[int] = frozenset()

    def at(self, row: int, col: int) -> Cell | None:
        """The cell that covers this position, merged areas spread out; None where nothing is stored."""
        key = (row, col)
        found = self.cells.get(key)
        if found is None:
            anchor = self.cover.get(key)
            if anchor is not None:
                found = self.cells.get(anchor)
        return found

    def text(self, row: int, col: int) -> str:
        """The text of the cell that covers this position ("" where nothing is stored)."""
        found = self.at(row, col)
        return found.text if found is not None else ""


@frozen
class Paragraph:
    """One paragraph of running text outside tables; ``number`` counts from 1, empty ones included.

    The paragraphs of a text box carry the number of the paragraph that anchors it and ``boxed``.
    """

    number: int
    text: str
    boxed: bool = False


@frozen
class Document:
    """One file as read.

    ``kind`` is its true format (by content): xlsx, xlsm, xltx, xltm, xls, et, docx, txt, doc, wps.

    ``notices`` are things the reader had to leave out, as Chinese sentences.
    """

    path: str
    sha256: str
    kind: str
    grids: tuple[Grid, ...]
    paragraphs: tuple[Paragraph, ...] = ()
    notices: tuple[str, ...] = ()


@lru_cache(maxsize=4096)
def column_name(col: int) -> str:
    """The letters of a 0-based column: 0 is A, 26 is AA."""
    name = ""
    col += 1
    while col:
        col, digit = divmod(col - 1, 26)
        name = chr(65 + digit) + name
    return name


def cell_name(row: int, col: int) -> str:
    """The A1 name of a 0-based position."""
    return f"{column_name(col)}{row + 1}"


_CELL_NAME = compiled(r"([A-Z]{1,3})([1-9]\d{0,6})")


def cell_position(name: str | None) -> tuple[int, int] | None:
    """The 0-based row and column of an A1 name (of the first corner of a range); None for anything else."""
    found = _CELL_NAME.match(name or "")
    if not found:
        return None
    col = 0
    for letter in found[1]:
        col = col * 26 + ord(letter) - 64
    return int(found[2]) - 1, col - 1
