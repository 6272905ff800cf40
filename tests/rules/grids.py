"""Documents drawn as small cell grids, for the rule cases (the notation is explained in cases/README.md)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from gouji.source.document import Cell, Document, Grid, Paragraph, Visibility, cell_position

__all__ = ["Drawing", "anchors_of", "cells_of", "draw", "drawing_of"]

_NUMBER = re.compile(r"-?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.([0-9]+))?(%)?")
_PATH = "例.xlsx"


@dataclass(frozen=True, slots=True)
class Drawing:
    """A document as drawn: grids by name, paragraphs, and what a worksheet hides."""

    grids: Mapping[str, str]
    paragraphs: tuple[str, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_cols: frozenset[int] = frozenset()
    hidden_sheets: frozenset[str] = frozenset()


def draw(drawing: Drawing, *, sheet: bool) -> Document:
    """The document as a reader would give it: worksheets with numbers, or tables of a text with strings."""
    grids = tuple(_grid(name, text, drawing, sheet=sheet) for name, text in drawing.grids.items())
    paragraphs = tuple(Paragraph(number, text) for number, text in enumerate(drawing.paragraphs, start=1))
    digest = hashlib.sha256(repr(drawing).encode()).hexdigest()
    return Document(_PATH, digest, "xlsx" if sheet else "docx", grids, paragraphs)


def _grid(name: str, text: str, drawing: Drawing, *, sheet: bool) -> Grid:
    rows = cells_of(text)
    width = max(map(len, rows))
    rows = [row + [""] * (width - len(row)) for row in rows]
    anchors = anchors_of(rows)
    cells: dict[tuple[int, int], Cell] = {}
    cover: dict[tuple[int, int], tuple[int, int]] = {}
    for (row, col), anchor in anchors.items():
        if (row, col) != anchor:
            cover[row, col] = anchor
            continue
        area = [spot for spot, its in anchors.items() if its == anchor]
        size = (max(r for r, _ in area) - row + 1, max(c for _, c in area) - col + 1)
        if rows[row][col] or len(area) > 1:
            cells[row, col] = _cell(row, col, rows[row][col], size, sheet=sheet)
    return Grid(
        name=name,
        cells=cells,
        cover=cover,
        n_rows=len(rows),
        n_cols=width,
        title=None if sheet else name,
        is_sheet=sheet,
        visibility=Visibility.HIDDEN if sheet and name in drawing.hidden_sheets else Visibility.VISIBLE,
        hidden_rows=drawing.hidden_rows if sheet else frozenset(),
        hidden_cols=drawing.hidden_cols if sheet else frozenset(),
    )


def cells_of(text: str) -> list[list[str]]:
    """The texts of a drawn grid, merge marks included."""
    return [[part.strip(" ") for part in _boxed(line).split("|")] for line in text.strip("\n").splitlines()]


def _boxed(line: str) -> str:
    """A line drawn as «| a | b |» without its frame; «| b» alone begins with an empty cell."""
    line = line.strip(" ")
    return line[1:-1] if len(line) > 1 and line[0] == line[-1] == "|" else line


def anchors_of(rows: list[list[str]]) -> dict[tuple[int, int], tuple[int, int]]:
    """For every position the top-left cell of its merged area: ``<`` belongs to the left, ``^`` above."""
    anchors: dict[tuple[int, int], tuple[int, int]] = {}
    for row, texts in enumerate(rows):
        for col, text in enumerate(texts):
            beside = {"<": (row, col - 1), "^": (row - 1, col)}.get(text)
            anchors[row, col] = anchors[beside] if beside is not None else (row, col)
    return anchors


def _cell(row: int, col: int, text: str, size: tuple[int, int], *, sheet: bool) -> Cell:
    text = text.replace("\\n", "\n")
    formula: str | None = None
    calculated = True
    if text.startswith("=") and text != "=":  # «=» alone is the sign of a target
        formula, _, text = (part.strip() for part in text[1:].partition("→"))
        calculated = bool(text)
    typed_as_text = text.startswith("'")
    text, _, stored = (part.strip(" ") for part in text.removeprefix("'").partition("←"))
    value: Decimal | str | None = text or None
    number_format = "General"
    found = _NUMBER.fullmatch(text)
    if sheet and found and not typed_as_text:
        value = Decimal((stored or text).rstrip("%").replace(",", ""))
        decimals = "" if not found[1] else f".{'0' * len(found[1])}"
        number_format = f"{'#,##' if ',' in text else ''}0{decimals}"
        if found[2]:
            value, number_format = value / 100, f"{number_format}%"
    return Cell(
        row,
        col,
        text,
        value,
        number_format=number_format,
        formula=formula,
        calculated=calculated,
        rows=size[0],
        cols=size[1],
    )


def drawing_of(raw: Mapping[str, Any]) -> Drawing:
    """The drawing of one YAML case."""
    grids = raw["grids"] if "grids" in raw else {"表1": raw["grid"]}
    return Drawing(
        grids=grids,
        paragraphs=tuple(raw.get("text", ())),
        hidden_rows=frozenset(int(row) - 1 for row in raw.get("hidden_rows", ())),
        hidden_cols=_columns(raw.get("hidden_cols", ())),
        hidden_sheets=frozenset(raw.get("hidden_sheets", ())),
    )


def _columns(letters: Iterable[str]) -> frozenset[int]:
    positions = (cell_position(f"{each}1") for each in letters)
    return frozenset(position[1] for position in positions if position is not None)
