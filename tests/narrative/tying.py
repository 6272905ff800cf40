"""Texts with their tables beside them: each figure labelled with the cell it states, or with none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from gouji.form import locate
from gouji.narrative.story import story_of
from tests.rules.grids import Drawing, draw

FOLDER = Path(__file__).parent / "matching"
_MARKUP = re.compile(r"\{(?P<typed>[^|{}]+)\|(?P<cell>[^|{}]+)\}")
_NONE = "-"


@dataclass(frozen=True)
class TiedText:
    """One text: its tables as drawn, its paragraphs, and the cell of each figure by (paragraph, offset)."""

    name: str
    drawing: Drawing
    cells: dict[tuple[int, int], tuple[str, str | None]]


def read(path: Path) -> TiedText:
    """Read one text; a cell without a sheet is of the first table."""
    raw: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    first = next(iter(raw["tables"]))
    paragraphs: list[str] = []
    cells: dict[tuple[int, int], tuple[str, str | None]] = {}
    for number, marked in enumerate(raw["paragraphs"], 1):
        text, at = "", 0
        for found in _MARKUP.finditer(marked):
            text += marked[at : found.start()]
            cell = found["cell"]
            cells[number, len(text)] = found["typed"], _full(cell, first) if cell != _NONE else None
            text += found["typed"]
            at = found.end()
        paragraphs.append(text + marked[at:])
    return TiedText(path.stem, Drawing(raw["tables"], tuple(paragraphs)), cells)


def _full(cell: str, first: str) -> str:
    return cell if "!" in cell else f"{first}!{cell}"


def texts(part: str) -> Iterator[TiedText]:
    """The texts of one part, by name."""
    for path in sorted((FOLDER / part).glob("*.yaml")):
        yield read(path)


@dataclass
class Tally:
    """Figures that state a cell and that state none, ties made, ties to the right cell; a line for each mistake."""

    stating: int = 0
    alone: int = 0
    tied: int = 0
    right: int = 0
    wrong: list[str] = field(default_factory=list)


def score_ties(text: TiedText, tally: Tally) -> None:
    """Hold the ties found against the labels."""
    story = story_of(locate(draw(text.drawing, sheet=False)))
    found = {
        (tie.figure.piece.paragraph or 0, tie.figure.start): tie
        for tie in story.ties
        if tie.entry.reckoned is None  # a rate that no cell prints, held against the line's own figures
    }
    for place, (typed, cell) in text.cells.items():
        tally.stating += cell is not None
        tally.alone += cell is None
        tie = found.pop(place, None)
        got = f"{tie.entry.slot.grid.name}!{tie.entry.slot.name}" if tie is not None else None
        tally.tied += got is not None
        tally.right += got is not None and got == cell
        if got != cell:
            tally.wrong.append(f"{text.name}: {typed} states {cell}, tied to {got}")
    for (paragraph, _), tie in found.items():
        if paragraph:
            tally.tied += 1
            tally.wrong.append(f"{text.name}: {tie.figure.typed} is not labelled")
