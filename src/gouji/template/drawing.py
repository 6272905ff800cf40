"""A bureau's blank form drawn in the notation of form.toml: its cells, its places to fill in, its repeated lines."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from gouji.form.label import parse_label
from gouji.form.layout import Prints
from gouji.pattern import compiled
from gouji.source.document import Cell, Grid
from gouji.template.slots import Kinds

__all__ = ["drawn", "widths_of"]

_UNIT = compiled(r"^\s*[(（]?(?:金额|计量)?单位[:：]?\s*(?:人民币)?(?:亿元|万元|千元|元)[)）]?\s*$")
_ANNEX = compiled(r"^附[件表]?\s*[0-9一二三四五六七八九十]*[:：]?$")
_UP_TO_COLON = compiled(r"(?<=[:：])[^:：]*$")
_YEAR = compiled(r"^\s*[(（].{0,12}年度?[)）]\s*$")
_MARKS = {
    Prints.TITLE: "# ",
    Prints.SUBTITLE: "~ ",
    Prints.CORNER: "## ",
    Prints.UNIT: ">> ",
    Prints.NOTE: "> ",
}
_NUMBERS = ("weight",)
_TITLE_ROWS = 4
_LEAST, _MOST = 8.0, 40.0
_WHOLE = 96.0


def drawn(grid: Grid, kinds: Kinds, title: str | None) -> list[str]:
    """The lines of a sheet's drawing.

    Args:
        grid: The blank form's table.
        kinds: Its places to fill in.
        title: What stood above it, where it is a table of a text.
    """
    rows = [[_cell(grid, kinds, row, col) for col in range(grid.n_cols)] for row in range(grid.n_rows)]
    while rows and not any(rows[-1]):
        rows.pop()
    lines = [_line([f"# {title}", *["<"] * (grid.n_cols - 1)])] if title else []
    names: set[str] = set()
    row = 0
    while row < len(rows):
        row_kinds = {kinds.get((row, col)) for col in range(grid.n_cols)}
        if not row_kinds & {"name", "line"}:
            if any(rows[row]):
                lines.append(_line(rows[row]))
            row += 1
            continue
        again = [cell if cell in ("", "<") or cell.startswith("[") else "^" for cell in rows[row]]
        times = 1
        while row + times < len(rows) and rows[row + times] == again:
            times += 1
        name = _group(grid, kinds, row, names)
        lines.append(f"{{{name}={times}}} {_line(rows[row])}")
        row += times
    return lines


def _line(cells: Iterable[str]) -> str:
    return " | ".join(cells).rstrip(" ")


def _cell(grid: Grid, kinds: Kinds, row: int, col: int) -> str:
    anchor = grid.cover.get((row, col))
    if anchor is not None:
        return "<" if anchor[0] == row else "^"
    cell, kind = grid.cells.get((row, col)), kinds.get((row, col))
    text = _text(cell) if cell is not None else ""
    if kind == "inline":
        return f"{_UP_TO_COLON.sub('', text)}[money]"
    if kind == "text" and text:
        return f"{text}[text]"
    if kind in _NUMBERS and text:
        return f"[{kind} {text}]"
    if kind is not None:
        return f"[{kind}]"
    if not text or cell is None:
        return ""
    look = _look(grid, kinds, cell)
    return _MARKS.get(look, "") + (text.strip(" 　") if look != Prints.LABEL else text)


def _text(cell: Cell) -> str:
    """A printed text on one line, its indent in wide spaces."""
    text = cell.text.replace("|", "｜").replace("\r", "")
    bare = text.strip(" \n")
    indent = len(text) - len(text.lstrip(" "))
    return "　" * (indent // 2) + bare.replace("\n", "\\n")


def _look(grid: Grid, kinds: Kinds, cell: Cell) -> str:
    """What kind of print a cell is, by where it stands and how much of its row it takes."""
    alone = not any(
        (cell.row, col) in kinds
        or (grid.at(cell.row, col) not in (None, cell) and grid.text(cell.row, col).strip())
        for col in range(grid.n_cols)
    )
    if not alone or cell.rows > 1:
        return Prints.LABEL
    if _UNIT.match(cell.text):
        return Prints.UNIT
    if cell.row < _TITLE_ROWS:
        if _ANNEX.match(cell.text.strip()):
            return Prints.CORNER
        if _YEAR.match(cell.text):
            return Prints.SUBTITLE
        if cell.cols * 2 > grid.n_cols or cell.row == 0:
            return Prints.TITLE
    last = max((row for row, _ in kinds), default=0)
    return Prints.NOTE if cell.row > last else Prints.LABEL


def _group(grid: Grid, kinds: Kinds, row: int, names: set[str]) -> str:
    """A name for repeated lines: the group they stand beside, or 项目; each once."""
    at = next(col for col in range(grid.n_cols) if kinds.get((row, col)) in ("name", "line"))
    name = "项目"
    if kinds.get((row, at)) == "name":
        beside = [grid.text(row, col) for col in range(at)]
        cores = [parse_label(text).core for text in beside if text.strip()]
        name = cores[-1].split("(")[0] if cores else "指标"
        if name in names and len(cores) > 1:
            name = f"{cores[-2].split('(')[0]}{name}"
    name = name.replace("{", "").replace("}", "").replace("=", "") or "项目"
    base, number = name, 2
    while name in names:
        name, number = f"{base}{number}", number + 1
    names.add(name)
    return name


def widths_of(grid: Grid) -> list[float]:
    """Column widths in characters, from the texts that stand in single columns, made to fill a page."""
    found = [_LEAST] * grid.n_cols
    for cell in grid.cells.values():
        if cell.cols == 1:
            longest = max(_units(line) for line in cell.text.split("\n"))
            found[cell.col] = min(_MOST, max(found[cell.col], longest * 1.05 + 2))
    scale = max(1.0, _WHOLE / sum(found))
    return [round(width * scale, 1) for width in found]


def _units(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(ch) in "WFA" else 1 for ch in text)
