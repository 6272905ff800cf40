r"""The notation in which the composed cases are written: grids as text, cells addressed by tags.

A grid is one line a row, cells separated by ``|``. ``<`` merges a cell with its left neighbour, ``^`` with
the one above; ``\n`` is a line break and ``\s`` a space that must stay. ``{tag other}`` at the end of a cell
names it, so that the truth can speak of it without addresses.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal

__all__ = [
    "Block",
    "Cell",
    "address",
    "cell_range",
    "full_width",
    "literal_columns",
    "parse_grid",
    "split_address",
    "value_of",
]

_TAGS = re.compile(r"\s*\{([^{}]*)\}\s*$")
_ADDRESS = re.compile(r"([A-Z]{1,3})(\d+)")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell or the top-left one of a merged area; rows and columns from 1, ``raw`` is its notation."""

    row: int
    col: int
    raw: str
    rows: int = 1
    cols: int = 1

    @property
    def text(self) -> str:
        """The text as a person types it into Word (the workbook's type marks taken off)."""
        raw = self.raw
        if raw.startswith(("'", "@")):
            return raw[1:]
        return raw.partition(" => ")[2].partition(" ~ ")[0] if self.is_formula else raw

    @property
    def is_formula(self) -> bool:
        """Whether the notation is ``=FORMULA => result``.

        Where the format rounds it is ``=> shown ~ stored``, and ``=> shown ~ stored @ format`` where the
        format cannot be told from what is shown.
        """
        return self.raw.startswith("=") and " => " in self.raw

    @property
    def area(self) -> str:
        """``B2`` or ``B2:C3``."""
        return cell_range(self.row, self.col, self.rows, self.cols)


@dataclass(slots=True)
class Block:
    """A paragraph (``grid`` empty) or a table, with the name that findings give to its sheet."""

    paragraph: str = ""
    sheet: str = ""
    titles: tuple[str, ...] = ()
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    covered: dict[tuple[int, int], str] = field(default_factory=dict)
    tags: dict[str, list[Cell]] = field(default_factory=dict)
    n_rows: int = 0
    n_cols: int = 0
    hidden_rows: tuple[int, ...] = ()
    hidden_cols: tuple[str, ...] = ()
    state: str = "visible"

    @property
    def is_table(self) -> bool:
        """Whether this is a table."""
        return bool(self.cells)


def column(letters: str) -> int:
    """The number of a column, counted from 1."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def address(row: int, col: int) -> str:
    """The A1 name of a cell (rows and columns from 1)."""
    name = ""
    while col:
        col, digit = divmod(col - 1, 26)
        name = chr(65 + digit) + name
    return f"{name}{row}"


def split_address(name: str) -> tuple[int, int]:
    """``C7`` as (7, 3).

    Raises:
        ValueError: if it is not an address.
    """
    found = _ADDRESS.fullmatch(name)
    if found is None:
        raise ValueError(f"not an address: {name}")
    return int(found[2]), column(found[1])


def cell_range(row: int, col: int, rows: int, cols: int) -> str:
    """The A1 range of an area."""
    first = address(row, col)
    return first if rows == cols == 1 else f"{first}:{address(row + rows - 1, col + cols - 1)}"


def full_width(text: str) -> str:
    """Chinese punctuation for texts that hold Chinese, as most typists' input methods give it."""
    if not re.search(r"[\u4e00-\u9fff]", text):
        return text
    out = text.translate(str.maketrans("():;", "（）：；"))
    return re.sub(r"(?<!\d),|,(?!\d)", "，", out)


def parse_grid(text: str, block: Block, at: str = "A1", *, wide: bool = False) -> None:
    """Read a grid in its notation into a block, its first cell at ``at``.

    Raises:
        ValueError: if a merge mark has nothing to merge with.
    """
    top, left = split_address(at)
    rows = [
        [part.strip(" ").replace("\x00", "|") for part in line.replace(r"\|", "\x00").split("|")]
        for line in text.splitlines()
    ]
    marks = {
        (r + top, c + left): mark
        for r, row in enumerate(rows)
        for c, mark in enumerate(row)
        if mark in ("<", "^")
    }
    for r, row in enumerate(rows, start=top):
        for c, part in enumerate(row, start=left):
            block.n_rows, block.n_cols = max(block.n_rows, r), max(block.n_cols, c)
            if part in ("<", "^"):
                near = (r, c - 1) if part == "<" else (r - 1, c)
                if near not in block.cells and near not in marks:
                    raise ValueError(f"{block.sheet}!{address(r, c)}: {part} has nothing to merge with")
                continue
            found = _TAGS.search(part)
            tags = found[1].split() if found else []
            raw = (part[: found.start()] if found else part).replace(r"\n", "\n").replace(r"\s", " ")
            if wide and not raw.startswith("="):
                raw = full_width(raw)
            cols = 1
            while marks.get((r, c + cols)) == "<":
                cols += 1
            height = 1
            while marks.get((r + height, c)) == "^":
                height += 1
            cell = Cell(r, c, raw, height, cols)
            block.cells[r, c] = cell
            for i in range(height):
                for j in range(cols):
                    if i or j:
                        block.covered[r + i, c + j] = "<" if j else "^"
            for tag in tags:
                block.tags.setdefault(tag, []).append(cell)


def value_of(raw: str) -> tuple[Decimal | str | None, str]:
    """What a workbook stores for a notation, and its number format.

    ``'12`` is text; ``12.50`` a number with two decimals; ``1,200.5`` has separators; ``95.3%`` is 0.953.
    """
    if raw.startswith("'"):
        return raw[1:], "General"
    found = re.fullmatch(r"(-?)(\d{1,3}(?:,\d{3})+|0|[1-9]\d*)(\.\d+)?(%)?", raw)
    if found is None:
        return raw or None, "General"
    value = Decimal(raw.rstrip("%").replace(",", ""))
    places = len(found[3] or ".") - 1
    zeros = "." + "0" * places if places else ""
    if found[4]:
        return value / 100, f"0{zeros}%"
    if "," in raw:
        return value, f"#,##0{zeros}"
    trailing = bool(found[3]) and found[3].endswith("0")
    return value, f"0{zeros}" if trailing else "General"


def literal_columns(block: Block, row: int) -> dict[int, int]:
    """For a row of a text export, where merges leave no trace: grid column to column counted by TABs."""
    out: dict[int, int] = {}
    count = 0
    for col in range(1, block.n_cols + 1):
        if block.covered.get((row, col)) != "<":
            count += 1
        out[col] = count
    return out
