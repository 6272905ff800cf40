"""The cells of a workbook while it is computed without an engine, and the arithmetic of its doubles."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import TypeAlias

from gouji.calc.book import Figure, FiguresBook, FormulaCell, Other, Shared
from gouji.calc.engine import CellKey
from gouji.calc.facts import Rectangle, rectangle, sheet_of
from gouji.calc.syntax import Area, Name, Node

__all__ = [
    "Code",
    "Compile",
    "FaultError",
    "Held",
    "Maker",
    "NotSimpleError",
    "Result",
    "added",
    "as_number",
    "as_text",
    "cells_of",
    "divided",
    "place",
    "same_text",
    "sound",
    "total",
]

_MOST_CELLS = 20_000  # of one area
_DEEPEST = 200  # formulas that rest on one another
_SNAP = 1e-10  # a sum this much smaller than its parts may be an error of rounding
_LEAST, _MOST, _SHORT = 1e-3, 1e10, 11  # numbers that are written out in full, and how long

# What an expression gives: None is an empty cell.
Result: TypeAlias = float | bool | str | Other | None
_UNKNOWN = Other.UNKNOWN


class NotSimpleError(Exception):
    """The engine has to do it."""


class FaultError(Exception):
    """``#VALUE!``, on its way to the IFERROR that catches it; where none does, the engine says what shows."""


class Held:
    """The cells of a workbook, formulas computed when they are asked for."""

    def __init__(
        self, book: FiguresBook, cells: Sequence[FormulaCell], compiled: Callable[[str], Code]
    ) -> None:
        self.book = book
        self.compiled = compiled
        self.formulas = {cell.key: cell for cell in cells}
        self.results: dict[CellKey, Result] = {}
        self.sheets: dict[str, tuple[str, Mapping[tuple[int, int], Figure]]] = {}
        self.areas: dict[tuple[str, Rectangle], list[float]] = {}
        self.names: dict[str, tuple[str, Rectangle]] = {}
        self.open = 0

    def sheet(self, name: str) -> tuple[str, Mapping[tuple[int, int], Figure]]:
        """The sheet's name as the workbook spells it, and what its cells hold."""
        found = self.sheets.get(name)
        if found is None:
            there = self.book.figures(name)
            if there is None:
                raise NotSimpleError
            found = self.sheets[name] = there
        return found

    def at(self, sheet: str, row: int, col: int) -> Result:
        """What a cell shows: the result of its formula, the text or the number that stands there."""
        known = self.results.get((sheet, row, col), _UNKNOWN)
        if known is not _UNKNOWN:
            if known is Other.OPEN:
                raise NotSimpleError  # a circular reference
            return known
        name, figures = self.sheet(sheet)
        if name != sheet:
            return self.at(name, row, col)
        key = (name, row, col)
        cell = self.formulas.get(key)
        if cell is None:
            figure = figures.get((row, col))
            if figure is None or isinstance(figure, float):
                return figure
            return figure if figure is Other.ERROR or figure is Other.BOOLEAN else self._text(key, figure)
        if not cell.text or cell.array or self.open > _DEEPEST:
            raise NotSimpleError
        self.results[key] = Other.OPEN
        self.open += 1
        try:
            result = self.compiled(cell.text)(self, name)
        except FaultError:
            raise NotSimpleError from None
        self.open -= 1
        if result is None:
            result = 0.0  # a formula that shows an empty cell shows 0
        self.results[key] = result
        return result

    def _text(self, key: CellKey, figure: bytes | Other | Shared) -> str:
        text = self.book.text(*key, figure)
        if text is None:
            raise NotSimpleError
        self.results[key] = text
        return text

    def collected(self, sheet: str, area: Rectangle) -> list[float]:
        """The numbers in an area, its formulas computed; texts, booleans and blanks are passed over."""
        known = self.areas.get((sheet, area))
        if known is not None:
            return known
        name, figures = self.sheet(sheet)
        found: list[float] = []
        formulas = self.formulas
        top, left, bottom, right = area
        for row in range(top, bottom + 1):
            for col in range(left, right + 1):
                key = (name, row, col)
                value = self.at(*key) if key in formulas else figures.get((row, col))
                if value.__class__ is float:
                    found.append(value)
                elif value is Other.ERROR:
                    raise NotSimpleError
        self.areas[sheet, area] = found
        return found

    def cells(self, sheet: str, area: Rectangle) -> list[Result]:
        """What each cell of an area shows, row by row."""
        top, left, bottom, right = area
        return [self.at(sheet, row, col) for row in range(top, bottom + 1) for col in range(left, right + 1)]

    def named(self, name: str) -> tuple[str, Rectangle]:
        """The sheet and the area that a name of the workbook stands for."""
        found = self.names.get(name)
        if found is None:
            there = self.book.named_area(name)
            if there is None:
                raise NotSimpleError
            found = self.names[name] = there
        return found


Code: TypeAlias = Callable[[Held, str], Result]  # a formula on a sheet
Compile: TypeAlias = Callable[[Node], Code]
Maker: TypeAlias = Callable[[Sequence[Node], Compile], Code]  # a call of a function, by its arguments


def place(node: Area) -> tuple[str | None, Rectangle]:
    """The sheet (None for the formula's own) and the rectangle of a reference.

    Raises:
        NotSimpleError: it spans several sheets, or is too large to look at cell by cell.
    """
    where = rectangle(node.ref)
    if where is None or (":" in node.sheet.strip("'!") and node.sheet):
        raise NotSimpleError
    return sheet_of(node.sheet), _small(where)


def _small(where: Rectangle) -> Rectangle:
    top, left, bottom, right = where
    if (bottom - top + 1) * (right - left + 1) > _MOST_CELLS:
        raise NotSimpleError
    return where


def cells_of(node: Node) -> Callable[[Held, str], list[Result]]:
    """What the cells of a reference or a defined name show.

    Raises:
        NotSimpleError: it is neither.
    """
    if isinstance(node, Name):
        name = node.text

        def named(held: Held, _sheet: str) -> list[Result]:
            sheet, area = held.named(name)
            return held.cells(sheet, _small(area))

        return named
    if not isinstance(node, Area):
        raise NotSimpleError
    other, where = place(node)
    return lambda held, sheet: held.cells(other or sheet, where)


# -- numbers


def as_number(result: Result) -> float:
    """A result where arithmetic wants a number; a condition counts 1 or 0."""
    if result is None:
        return 0.0
    if isinstance(result, bool | float):
        return float(result)
    if isinstance(result, str) and not any(character.isnumeric() for character in result):
        raise FaultError  # #VALUE!: a text that cannot be a number in any language
    raise NotSimpleError


def sound(result: float) -> float:
    """A result in the range where nothing overflows or vanishes."""
    if result == 0:
        return 0.0
    if not 1e-290 < abs(result) < 1e290:
        raise NotSimpleError
    return result


def added(one: float, two: float) -> float:
    """A sum, unless it nearly vanishes: there engines and Excel round in ways of their own."""
    result = one + two
    if result and abs(result) < _SNAP * max(abs(one), abs(two)):
        raise NotSimpleError
    return sound(result)


def total(figures: Sequence[float]) -> float:
    """The sum of many, under the same condition."""
    result, largest = 0.0, 0.0
    for figure in figures:
        result += figure
        largest = max(largest, abs(figure))
    if result and abs(result) < _SNAP * largest:
        raise NotSimpleError
    return sound(result)


def divided(one: float, two: float) -> float:
    """A quotient; dividing by zero is the engine's to tell."""
    if two == 0:
        raise NotSimpleError
    return sound(one / two)


# -- texts


def as_text(result: Result) -> str:
    """A result where a function wants a text; of numbers only the short ones, which are the same text everywhere."""
    if isinstance(result, str):
        return result
    if result is None:
        return ""
    if isinstance(result, float) and (result == 0 or _LEAST <= abs(result) < _MOST):
        text = f"{result:.15g}"
        if len(text) <= _SHORT:
            return text.removeprefix("-") if result == 0 else text
    raise NotSimpleError


def same_text(one: str, two: str) -> bool:
    """Whether Excel calls two texts equal: whatever their case.

    Raises:
        NotSimpleError: they differ only in width or in the way they are composed.
    """
    if one == two or one.lower() == two.lower():
        return True
    if _bare(one) == _bare(two):
        raise NotSimpleError
    return False


@lru_cache(maxsize=4096)
def _bare(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
