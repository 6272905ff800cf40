"""The cells of a workbook while it is computed without an engine, and the arithmetic of its doubles."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from types import NoneType
from typing import TypeAlias

from gouji.calc.book import Figure, FiguresBook, FormulaCell, Other, Shared
from gouji.calc.facts import Rectangle, rectangle, sheet_of
from gouji.calc.syntax import Area, Name, Node

__all__ = [
    "SHOWN",
    "Code",
    "Compile",
    "FaultError",
    "Held",
    "Maker",
    "NotSimpleError",
    "Page",
    "Position",
    "Result",
    "added",
    "as_number",
    "as_text",
    "cell_at",
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

Position: TypeAlias = tuple[int, int]
# What an expression gives: None is an empty cell.
Result: TypeAlias = float | bool | str | Other | None
# What stands in a cell before it is asked for: that, or what it is found from.
Content: TypeAlias = Result | FormulaCell | bytes | Shared
_TEXTS = (bytes, Shared)
SHOWN = frozenset((float, str, bool, NoneType))  # nothing is left to do for these


class NotSimpleError(Exception):
    """The engine has to do it."""


class FaultError(Exception):
    """``#VALUE!``, on its way to the IFERROR that catches it; where none does, the engine says what shows."""


class Held:
    """The sheets of a workbook while it is computed, each read when it is first asked for."""

    def __init__(
        self, book: FiguresBook, cells: Sequence[FormulaCell], compiled: Callable[[str], Code]
    ) -> None:
        self.book = book
        self.compiled = compiled
        self.formulas: dict[str, dict[Position, FormulaCell]] = {}
        for cell in cells:
            sheet, row, col = cell.key
            self.formulas.setdefault(sheet, {})[row, col] = cell
        self.pages = _Pages(self)
        self.names: dict[str, tuple[Page, Rectangle]] = {}
        self.open = 0

    def named(self, name: str) -> tuple[Page, Rectangle]:
        """The sheet and the area that a name of the workbook stands for."""
        found = self.names.get(name)
        if found is None:
            there = self.book.named_area(name)
            if there is None:
                raise NotSimpleError
            found = self.names[name] = (self.pages[there[0]], _small(there[1]))
        return found


class _Pages(dict[str, "Page"]):
    """The sheets by their names, however these are spelled."""

    def __init__(self, held: Held) -> None:
        super().__init__()
        self.held = held

    def __missing__(self, name: str) -> Page:
        there = self.held.book.figures(name)
        if there is None:
            raise NotSimpleError
        spelled, figures = there
        page = self[spelled] if spelled != name else Page(self.held, name, figures)
        self[name] = page
        return page


class Page:
    """The cells of one sheet by 1-based row and column: what they show, or what that is still to be found from."""

    __slots__ = ("areas", "cells", "held", "name", "pages")

    def __init__(self, held: Held, name: str, figures: Mapping[Position, Figure]) -> None:
        self.held = held
        self.name = name
        self.pages = held.pages
        self.cells: dict[Position, Content] = {**figures, **held.formulas.get(name, {})}
        self.areas: dict[Rectangle, list[float]] = {}

    def at(self, at: Position) -> Result:
        """What a cell shows: the result of its formula, the text or the number that stands there."""
        content = self.cells.get(at)
        return content if content.__class__ in SHOWN else self.settled(at, content)  # type: ignore[return-value]

    def settled(self, at: Position, content: Content) -> Result:
        """What a cell shows whose content is not yet that: its formula computed, its text read."""
        if isinstance(content, FormulaCell):
            return self._computed(at, content)
        if content is Other.ERROR or content is Other.BOOLEAN:
            return content
        if isinstance(content, _TEXTS) or content is Other.TEXT:
            text = self.held.book.text(self.name, *at, content)
            if text is None:
                raise NotSimpleError
            self.cells[at] = text
            return text
        raise NotSimpleError  # a circular reference

    def _computed(self, at: Position, cell: FormulaCell) -> Result:
        held = self.held
        if not cell.text or cell.array or held.open > _DEEPEST:
            raise NotSimpleError
        self.cells[at] = Other.OPEN
        held.open += 1
        try:
            result = held.compiled(cell.text)(self)
        except FaultError:
            raise NotSimpleError from None
        held.open -= 1
        if result is None:
            result = 0.0  # a formula that shows an empty cell shows 0
        self.cells[at] = result
        return result

    def figure(self, at: Position) -> float | None:
        """The number in a cell, its formula computed; None where there is a text, a boolean or nothing."""
        content = self.cells.get(at)
        if content.__class__ not in SHOWN:
            if isinstance(content, FormulaCell):
                content = self._computed(at, content)
            if content is Other.ERROR or content is Other.OPEN:
                raise NotSimpleError
        return content if content.__class__ is float else None

    def collected(self, area: Rectangle) -> list[float]:
        """The numbers in an area, its formulas computed; texts, booleans and blanks are passed over."""
        known = self.areas.get(area)
        if known is not None:
            return known
        top, left, bottom, right = area
        figure = self.figure
        columns = range(left, right + 1)
        found = [
            number
            for row in range(top, bottom + 1)
            for col in columns
            if (number := figure((row, col))) is not None
        ]
        self.areas[area] = found
        return found

    def shown(self, area: Rectangle) -> list[Result]:
        """What each cell of an area shows, row by row."""
        top, left, bottom, right = area
        return [self.at((row, col)) for row in range(top, bottom + 1) for col in range(left, right + 1)]


Code: TypeAlias = Callable[[Page], Result]  # a formula on a sheet
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


def cells_of(node: Node) -> Callable[[Page], list[Result]]:
    """What the cells of a reference or a defined name show.

    Raises:
        NotSimpleError: it is neither.
    """
    if isinstance(node, Name):
        name = node.text

        def named(page: Page) -> list[Result]:
            there, area = page.held.named(name)
            return there.shown(area)

        return named
    if not isinstance(node, Area):
        raise NotSimpleError
    other, where = place(node)
    if other is None:
        return lambda page: page.shown(where)
    return lambda page: page.pages[other].shown(where)


def cell_at(node: Area) -> Code | None:
    """What the one cell of a reference shows; None where it refers to several.

    Raises:
        NotSimpleError: see :func:`place`.
    """
    other, (row, col, bottom, right) = place(node)
    at = (row, col)
    if at != (bottom, right):
        return None

    def own(page: Page) -> Result:
        content = page.cells.get(at)
        return content if content.__class__ in SHOWN else page.settled(at, content)  # type: ignore[return-value]

    def elsewhere(page: Page) -> Result:
        page = page.pages[other]  # type: ignore[index]  # there is one
        content = page.cells.get(at)
        return content if content.__class__ in SHOWN else page.settled(at, content)  # type: ignore[return-value]

    return own if other is None else elsewhere


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


@lru_cache(maxsize=8192)
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
