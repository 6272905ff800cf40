"""What forms calculate with numbers: sums and counts, rounding, choices, and what a cell holds."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_UP, Decimal

from gouji.calc.book import Other
from gouji.calc.simple.held import (
    SHOWN,
    Code,
    Compile,
    FaultError,
    Maker,
    Page,
    Result,
    as_number,
    divided,
    total,
)
from gouji.calc.simple.shape import NotSimpleError, Refs, place
from gouji.calc.syntax import Area, Literal, Node, walk

__all__ = ["FUNCTIONS"]

_TIE = 1e-13


def _figures(args: Sequence[Node], compiled: Compile) -> Callable[[Page, Refs], list[float]]:
    """The numbers among arguments, in order; in cells texts, booleans and blanks are passed over."""
    parts = [_in_cells(arg) if isinstance(arg, Area) else _computed(compiled(arg)) for arg in args]
    if len(parts) == 1:
        return parts[0]
    return lambda page, refs: [number for part in parts for number in part(page, refs)]


def _in_cells(node: Area) -> Callable[[Page, Refs], list[float]]:
    other, number = place(node)
    if not node.single:
        return lambda page, refs: (page if other is None else page.pages[other]).collected(refs[number])

    def run(page: Page, refs: Refs) -> list[float]:
        figure = (page if other is None else page.pages[other]).figure(refs[number])
        return [] if figure is None else [figure]

    return run


def _computed(code: Code) -> Callable[[Page, Refs], list[float]]:
    def run(page: Page, refs: Refs) -> list[float]:
        value = code(page, refs)
        if not isinstance(value, float):
            raise NotSimpleError
        return [value]

    return run


def _aggregate(work: Callable[[list[float]], float]) -> Maker:
    def make(args: Sequence[Node], compiled: Compile) -> Code:
        if not args:
            raise NotSimpleError
        figures = _figures(args, compiled)
        return lambda page, refs: work(figures(page, refs))

    return make


def _count(args: Sequence[Node], compiled: Compile) -> Code:
    if not args or not all(isinstance(arg, Area) and arg.single for arg in args):
        return _aggregate(lambda figures: float(len(figures)))(args, compiled)
    cells = [place(arg) for arg in args if isinstance(arg, Area)]

    def run(page: Page, refs: Refs) -> float:
        count = 0.0
        for other, number in cells:
            there = page if other is None else page.pages[other]
            content = there.cells.get(refs[number])
            if content.__class__ in SHOWN:
                count += content.__class__ is float
            elif there.figure(refs[number]) is not None:
                count += 1
        return count

    return run


def _average(figures: list[float]) -> float:
    return divided(total(figures), float(len(figures)))


def _if(args: Sequence[Node], compiled: Compile) -> Code:
    if len(args) != 3:
        raise NotSimpleError
    test, yes, no = (compiled(arg) for arg in args)
    yes_cells, yes_areas = _referred(args[1])
    no_cells, no_areas = _referred(args[2])

    def run(page: Page, refs: Refs) -> Result:
        result = test(page, refs)
        if result if result.__class__ is bool else as_number(result) != 0:
            code, cells, areas = yes, no_cells, no_areas
        else:
            code, cells, areas = no, yes_cells, yes_areas
        # What the other branch refers to is computed before, as the engine does: there may be a circle.
        for other, number in cells:
            there = page if other is None else page.pages[other]
            if there.cells.get(refs[number]).__class__ not in SHOWN:
                there.figure(refs[number])
        for other, number in areas:
            (page if other is None else page.pages[other]).collected(refs[number])
        return code(page, refs)

    return run


def _referred(node: Node) -> tuple[list[tuple[str | None, int]], list[tuple[str | None, int]]]:
    """The cells and the areas that an expression refers to."""
    found = [each for each in walk(node) if isinstance(each, Area)]
    cells, areas = (
        dict.fromkeys(place(each) for each in found if each.single is one) for one in (True, False)
    )
    return list(cells), list(areas)


def _iferror(args: Sequence[Node], compiled: Compile) -> Code:
    if len(args) != 2:
        raise NotSimpleError
    first, otherwise = (compiled(arg) for arg in args)

    def run(page: Page, refs: Refs) -> Result:
        try:
            result = first(page, refs)
        except FaultError:
            result = otherwise(page, refs)
        if not isinstance(result, float | str):
            raise NotSimpleError
        return result

    return run


def _truths(args: Sequence[Node], compiled: Compile) -> Callable[[Page, Refs], list[bool]]:
    codes = [compiled(arg) for arg in args if not isinstance(arg, Area)]
    if not codes or len(codes) != len(args):
        raise NotSimpleError

    def run(page: Page, refs: Refs) -> list[bool]:
        results = [code(page, refs) for code in codes]
        truths = [result for result in results if isinstance(result, bool)]
        if len(truths) != len(results):
            raise NotSimpleError
        return truths

    return run


def _logic(work: Callable[[list[bool]], bool]) -> Maker:
    def make(args: Sequence[Node], compiled: Compile) -> Code:
        truths = _truths(args, compiled)
        return lambda page, refs: work(truths(page, refs))

    return make


def _not(args: Sequence[Node], compiled: Compile) -> Code:
    if len(args) != 1:
        raise NotSimpleError
    truths = _truths(args, compiled)
    return lambda page, refs: not truths(page, refs)[0]


def _of_one(work: Callable[[Result], Result]) -> Maker:
    def make(args: Sequence[Node], compiled: Compile) -> Code:
        if len(args) != 1:
            raise NotSimpleError
        code = compiled(args[0])
        return lambda page, refs: work(code(page, refs))

    return make


def _n(result: Result) -> float:
    """``N(…)``: a number itself, 0 for a text or an empty cell."""
    return 0.0 if isinstance(result, str) else as_number(result)


def _is_number(result: Result) -> bool:
    if isinstance(result, Other):
        raise NotSimpleError
    return isinstance(result, float)


def _is_text(result: Result) -> bool:
    if isinstance(result, Other):
        raise NotSimpleError
    return isinstance(result, str)


def _round(args: Sequence[Node], compiled: Compile) -> Code:
    if len(args) != 2 or not isinstance(args[1], Literal) or args[1].text not in "0123456789":
        raise NotSimpleError
    code, digits = compiled(args[0]), int(args[1].text)
    unit = Decimal(1).scaleb(-digits)

    def run(page: Page, refs: Refs) -> float:
        number = as_number(code(page, refs))
        scaled = abs(number) * 10**digits
        beyond = scaled - math.floor(scaled)
        if scaled > 1e14 or abs(beyond - 0.5) <= scaled * _TIE + 1e-9:
            raise NotSimpleError
        return float(Decimal(repr(number)).quantize(unit, ROUND_HALF_UP)) + 0.0

    return run


FUNCTIONS: dict[str, Maker] = {
    "SUM": _aggregate(total),
    "COUNT": _count,
    "MAX": _aggregate(lambda figures: max(figures, default=0.0)),
    "MIN": _aggregate(lambda figures: min(figures, default=0.0)),
    "AVERAGE": _aggregate(_average),
    "IF": _if,
    "IFERROR": _iferror,
    "AND": _logic(all),
    "OR": _logic(any),
    "NOT": _not,
    "ABS": _of_one(lambda result: abs(as_number(result))),
    "N": _of_one(_n),
    "ISNUMBER": _of_one(_is_number),
    "ISTEXT": _of_one(_is_text),
    "ROUND": _round,
}
