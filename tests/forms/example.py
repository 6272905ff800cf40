"""The right examples of tests/forms/examples, drawn, changed and checked."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from gouji.form import locate
from gouji.form.facts import Facts
from gouji.model import Finding
from gouji.repair.submission import explain
from gouji.rule.registry import run_rules
from gouji.source.document import Document, cell_position
from tests.rules.grids import cells_of, draw, drawing_of

__all__ = ["NAMES", "Rows", "check", "document_of", "drawn_from", "example", "facts_of", "with_cells"]

_FOLDER = Path(__file__).with_name("examples")
NAMES = tuple(sorted(path.stem for path in _FOLDER.glob("*.yml")))

Rows = list[list[str]]


@lru_cache(maxsize=16)
def _text(name: str) -> str:
    return (_FOLDER / f"{name}.yml").read_text(encoding="utf-8")


def example(name: str) -> dict[str, Any]:
    """A fresh copy of an example: form, kind, grids by name, text."""
    raw: dict[str, Any] = yaml.safe_load(_text(name))
    return raw


def drawn_from(rows: Rows) -> str:
    """Rows drawn as a grid."""
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def with_cells(raw: Mapping[str, Any], changes: Mapping[str, str]) -> dict[str, Any]:
    """The example with some cells typed otherwise; keys are «sheet!A1», or «A1» where there is one sheet."""
    grids = {name: cells_of(drawn) for name, drawn in raw["grids"].items()}
    for key, text in changes.items():
        sheet, _, cell = key.rpartition("!")
        position = cell_position(cell)
        assert position is not None, key
        rows = grids[sheet or next(iter(grids))]
        row = rows[position[0]]
        row += [""] * (position[1] + 1 - len(row))
        assert row[position[1]] not in ("<", "^"), f"{key} is inside a merged cell"
        assert row[position[1]] != text, f"{key} already says so"
        row[position[1]] = text
    return {**raw, "grids": {name: drawn_from(rows) for name, rows in grids.items()}}


def document_of(raw: Mapping[str, Any], *, sheet: bool | None = None) -> Document:
    """The document as a reader would give it."""
    return draw(drawing_of(raw), sheet=raw.get("kind") != "text" if sheet is None else sheet)


def facts_of(raw: Mapping[str, Any], *, sheet: bool | None = None) -> Facts:
    """The facts located; the form has to be recognised, it is not told."""
    return locate(document_of(raw, sheet=sheet))


def check(raw: Mapping[str, Any], *, sheet: bool | None = None) -> list[Finding]:
    """Every finding of the whole check, causes in place of symptoms."""
    facts = facts_of(raw, sheet=sheet)
    return explain(facts, run_rules(facts, facts.settings))
