"""The cells of a workbook while it is computed without an engine, and the arithmetic of its doubles."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from types import NoneType
from typing import NamedTuple, TypeAlias, cast

from gouji.calc.book import Figure, FiguresBook, Other, Shared
from gouji.calc.simple.shape import NotSimpleError, Place, Refs, place, small
from gouji.calc.syntax import Area, Name, Node

__all__ = [
    "SHOWN",
    "Bound",
    "Code",
    "Compile",
    "Content",
    "FaultError",
    "Fixed",
    "Held",
    "Maker",
    "Page",
    "Result",
    "added",
    "as_number",
    "as_text",
    "cell_at",
    "cells_of",
    "divided",
    "same_text",
    "sound",
    "total",
]

_SNAP = 1e-10  # a sum this much smaller than its parts may be an error of rounding
_LEAST, _MOST, _SHORT = 1e-3, 1e10, 11  # numbers that are written out in full, and how long

# What an expression gives: None is an empty cell.
Result: TypeAlias = float | bool | str | Other | None
# What stands in a cell before it is asked for: that, or what it is found from.
Content: TypeAlias = "Result | Bound | bytes | Shared"
_TEXTS = (bytes, Shared)
SHOWN = frozenset((float, str, bool, NoneType))  # nothing is left to do for these


class FaultError(Exception):
    """``#VALUE!``, on its way to the IFERROR that catches it; where none does, the engine says what shows."""


class Held:
    """The sheets of a workbook while it is computed, each read when it is first asked for."""

    def __init__(self, book: FiguresBook, formulas: Mapping[str, Mapping[Place, Content]]) -> None:
        """``formulas`` are what stands in the cells with a formula, by sheet."""
        self.book = book
        self.formulas = formulas
        self.pages = _Pages(self)
        self.names: dict[str, tuple[Page, Place]] = {}

    def named(self, name: str) -> tuple[Page, Place]:
        """The sheet and the area that a name of the workbook stands for."""
        found = self.names.get(name)
        if found is None:
            there = self.book.named_area(name)
            if there is None:
                raise NotSimpleError
            found = self.names[name] = (self.pages[there[0]], small(there[1]))
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
        page = (
            self[spelled]
            if spelled != name
            else Page(self.held, name, cast("Mapping[Place, Figure]", figures))
        )
        self[name] = page
        return page


class Page:
    """The cells of one sheet by 1-based row and column: what they show, or what that is still to be found from."""

    __slots__ = ("areas", "cells", "held", "name", "pages")

    def __init__(self, held: Held, name: str, figures: Mapping[Place, Figure]) -> None:
        self.held = held
        self.name = name
        self.pages = held.pages
        self.cells: dict[Place, Content] = {**figures, **held.formulas.get(name, {})}
        self.areas: dict[Place, list[float]] = {}

    def at(self, at: Place) -> Result:
        """What a cell shows: the result of its formula, the text or the number that stands there."""
        content = self.cells.get(at)
        return content if content.__class__ in SHOWN else self.settled(at, content)  # type: ignore[return-value]  # a result

    def settled(self, at: Place, content: Content) -> Result:
        """What a cell shows whose content is not yet that: its formula computed, its text read."""
        if content.__class__ is Bound:
            self.cells[at] = Other.OPEN
            code, refs = content
            try:
                result = code(self, refs)
            except FaultError:
                raise NotSimpleError from None
            if result is None:
                result = 0.0  # a formula that shows an empty cell shows 0
            self.cells[at] = result
            return result
        if content is Other.ERROR or content is Other.BOOLEAN:
            return content
        if isinstance(content, _TEXTS) or content is Other.TEXT:
            text = self.held.book.text(self.name, at[0], at[1], content)
            if text is None:
                raise NotSimpleError
            self.cells[at] = text
            return text
        raise NotSimpleError  # a circular reference, or a formula that is not for here

    def figure(self, at: Place) -> float | None:
        """The number in a cell, its formula computed; None where there is a text, a boolean or nothing."""
        content = self.cells.get(at)
        if content.__class__ not in SHOWN:
            if content.__class__ is Bound:
                content = self.settled(at, content)
            if content is Other.ERROR or content is Other.OPEN or content is Other.UNKNOWN:
                raise NotSimpleError
        return content if content.__class__ is float else None

    def collected(self, area: Place) -> list[float]:
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

    def shown(self, area: Place) -> list[Result]:
        """What each cell of an area shows, row by row."""
        top, left, bottom, right = area
        return [self.at((row, col)) for row in range(top, bottom + 1) for col in range(left, right + 1)]


Code: TypeAlias = Callable[[Page, Refs], Result]  # of formulas of one shape


class Bound(NamedTuple):
    """A formula: what those of its shape do, and what it refers to."""

    code: Code
    refs: Refs


class Fixed:
    """A part that rests on no cell, computed once."""

    __slots__ = ("result",)

    def __init__(self, result: Result) -> None:
        self.result = result

    def __call__(self, _page: Page, _refs: Refs) -> Result:
        """The same on every sheet."""
        return self.result


Compile: TypeAlias = Callable[[Node], Code]
Maker: TypeAlias = Callable[[Sequence[Node], Compile], Code]  # a call of a function, by its arguments


def cells_of(node: Node) -> Callable[[Page, Refs], list[Result]]:
    """What the cells of a reference or a defined name show.

    Raises:
        NotSimpleError: it is neither.
    """
    if isinstance(node, Name):
        name = node.text

        def named(page: Page, _refs: Refs) -> list[Result]:
            there, area = page.held.named(name)
            return there.shown(area)

        return named
    if not isinstance(node, Area):
        raise NotSimpleError
    if node.single:
        cell = cell_at(node)
        return lambda page, refs: [cell(page, refs)]
    other, number = place(node)
    if other is None:
        return lambda page, refs: page.shown(refs[number])
    return lambda page, refs: page.pages[other].shown(refs[number])


def cell_at(node: Area) -> Code:
    """What the one cell of a reference shows.

    Raises:
        NotSimpleError: it refers to several, of which one would be meant (implicit intersection).
    """
    other, number = place(node)
    if not node.single:
        raise NotSimpleError

    def own(page: Page, refs: Refs) -> Result:
        content = page.cells.get(at := refs[number])
        return content if content.__class__ in SHOWN else page.settled(at, content)  # type: ignore[return-value]  # the same

    def elsewhere(page: Page, refs: Refs) -> Result:
        page = page.pages[other]  # type: ignore[index]  # there is one
        content = page.cells.get(at := refs[number])
        return content if content.__class__ in SHOWN else page.settled(at, content)  # type: ignore[return-value]  # the same

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
    if not result:
        return 0.0
    if abs(result) < _SNAP * max(abs(one), abs(two)):
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
