"""Formulas of one shape: alike but for the cells they refer to, so that reading one of them is reading them all.

The shape of a formula is a formula itself, its references replaced by cells of the last column, numbered as they come:
``SUM(B2:B9)/B10`` has the shape ``SUM(XFD1:XFD1)/XFD2``, an area being a range from its number to its number.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeAlias

from gouji.calc.facts import Rectangle, rectangle, sheet_of
from gouji.calc.formula import MAX_COLUMNS, MAX_ROWS
from gouji.calc.syntax import Area

__all__ = ["NotSimpleError", "Place", "Refs", "place", "references", "shaped", "small"]

# 1-based: row and column of a cell, or top, left, bottom and right of an area.
Place: TypeAlias = tuple[int, ...]
Refs: TypeAlias = Sequence[Place]  # what a formula refers to, by number

_MOST_CELLS = 20_000  # of one area
_CELL = r"\$?[A-Za-z]{1,3}\$?[1-9]\d{0,6}"
# What is quoted is passed over; a reference begins and ends where the tokens of :mod:`gouji.calc.formula` do.
_REFERENCE = re.compile(
    rf"(\"(?:[^\"]|\"\")*\"|'(?:[^']|'')*')|(?<![\w.$?\\])(?:{_CELL})(:{_CELL})?(?![\w.(!\[])"
)
_NUMBERED = re.compile(r"XFD(\d+)(?::XFD(\d+))?")


class NotSimpleError(Exception):
    """The engine has to do it."""


def shaped(formula: str) -> tuple[str, list[str]]:
    """The shape of a formula and its references, each once, in the order of their numbers."""
    found: dict[str, str] = {}

    def numbered(one: re.Match[str]) -> str:
        quoted, several = one.groups()
        text = one[0]
        if quoted is not None:
            return text
        known = found.get(text)
        if known is None:
            cell = f"XFD{len(found) + 1}"
            known = found[text] = cell if several is None else f"{cell}:{cell}"
        return known

    return _REFERENCE.sub(numbered, formula), list(found)


def references(texts: Sequence[str]) -> Refs:
    """What references refer to.

    Raises:
        NotSimpleError: one is no cell of a worksheet, or an area too large to look at cell by cell.
    """
    found: list[Place] = [()]  # the numbers begin at 1
    for text in texts:
        where = rectangle(text)
        if where is None or where[2] > MAX_ROWS or where[3] > MAX_COLUMNS:
            raise NotSimpleError
        found.append(small(where) if ":" in text else where[:2])
    return tuple(found)


def place(node: Area) -> tuple[str | None, int]:
    """The sheet (None for the formula's own) and the number of a reference in a shape.

    Raises:
        NotSimpleError: it is a whole column or row, or spans several sheets.
    """
    found = _NUMBERED.fullmatch(node.ref)
    if found is None or found[2] not in (None, found[1]) or (":" in node.sheet.strip("'!") and node.sheet):
        raise NotSimpleError
    return sheet_of(node.sheet), int(found[1])


def small(where: Rectangle) -> Rectangle:
    """An area that is small enough to be looked at cell by cell.

    Raises:
        NotSimpleError: it is not.
    """
    top, left, bottom, right = where
    if (bottom - top + 1) * (right - left + 1) > _MOST_CELLS:
        raise NotSimpleError
    return where
