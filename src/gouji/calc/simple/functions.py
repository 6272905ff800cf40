"""What forms calculate with numbers: sums and counts, rounding, choices, and what a cell holds."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_UP, Decimal

from gouji.calc.book import Other
from gouji.calc.facts import Rectangle
from gouji.calc.simple.held import (
    Code,
    Compile,
    FaultError,
    Maker,
    NotSimpleError,
    Page,
    Result,
    as_number,
    divided,
    place,
    total,
)
from gouji.calc.syntax import Area, Literal, Node, walk

__all__ = ["FUNCTIONS"]

_TIE = 1e-13


def _figures(args: Sequence[Node], compiled: Compile) -> Callable[[Page], list[float]]:
    """The numbers among arguments, in order; in cells texts, booleans and blanks are passed over."""
    parts: list[tuple[tuple[str | None, Rectangle] | None, Code | None]] = [
        (place(arg), None) if isinstance(arg, Area) else (None, compiled(arg)) for arg in args
    ]

    def run(page: Page) -> list[float]:
        found: list[float] = []
        for where, code in parts:
            if where is not None:
                other, area = where
                found += (page if other is None else page.pages[other]).collected(area)
            elif code is not None:
                value = code(page)
                if not isinstance(value, float):
                    raise NotSimpleError
                found.append(value)
        return found

    return run


def _aggregate(work: Callable[[list[float]], float]) -> Maker:
    def make(args: Sequence[Node], compiled: Compile) -> Code:
        if not args:
            raise NotSimpleError
        figures = _figures(args, compiled)
        return lambda page: work(figures(page))

    return make


def _average(figures: list[float]) -> float:
    return divided(total(figures), float(len(figures)))


def _if(args: Sequence[Node], compiled: Compile) -> Code:
    if len(args) != 3:
        raise NotSimpleError
    test, yes, no = (compiled(arg) for arg in args)
    in_yes, in_no = (_settling(arg) for arg in args[1:])

    def run(page: Page) -> Result:
        result = test(page)
        # What the other branch refers to is computed before, as the engine does: there may be a circle.
        if result if result.__class__ is bool else as_number(result) != 0:
            in_no(page)
            return yes(page)
        in_yes(page)
        return no(page)

    return run


def _settling(node: Node) -> Callable[[Page], None]:
    """Computes whatever an expression refers to."""
    places = list(dict.fromkeys(place(each) for each in walk(node) if isinstance(each, Area)))
    single = [(other, area[:2]) for other, area in places if area[:2] == area[2:]]
    several = [(other, area) for other, area in places if area[:2] != area[2:]]

    def run(page: Page) -> None:
        for other, at in single:
            (page if other is None else page.pages[other]).figure(at)
        for other, area in several:
            (page if other is None else page.pages[other]).collected(area)

    return run


def _iferror(args: Sequence[Node], compiled: Compile) -> Code:
    if len(args) != 2:
        raise NotSimpleError
    first, otherwise = (compiled(arg) for arg in args)

    def run(page: Page) -> Result:
        try:
            result = first(page)
        except FaultError:
            result = otherwise(page)
        if not isinstance(result, float | str):
            raise NotSimpleError
        return result

    return run


def _truths(args: Sequence[Node], compiled: Compile) -> Callable[[Page], list[bool]]:
    codes = [compiled(arg) for arg in args if not isinstance(arg, Area)]
    if not codes or len(codes) != len(args):
        raise NotSimpleError

    def run(page: Page) -> list[bool]:
        results = [code(page) for code in codes]
        truths = [result for result in results if isinstance(result, bool)]
        if len(truths) != len(results):
            raise NotSimpleError
        return truths

    return run


def _logic(work: Callable[[list[bool]], bool]) -> Maker:
    def make(args: Sequence[Node], compiled: Compile) -> Code:
        truths = _truths(args, compiled)
        return lambda page: work(truths(page))

    return make


def _not(args: Sequence[Node], compiled: Compile) -> Code:
    if len(args) != 1:
        raise NotSimpleError
    truths = _truths(args, compiled)
    return lambda page: not truths(page)[0]


def _of_one(work: Callable[[Result], Result]) -> Maker:
    def make(args: Sequence[Node], compiled: Compile) -> Code:
        if len(args) != 1:
            raise NotSimpleError
        code = compiled(args[0])
        return lambda page: work(code(page))

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

    def run(page: Page) -> float:
        number = as_number(code(page))
        scaled = abs(number) * 10**digits
        beyond = scaled - math.floor(scaled)
        if scaled > 1e14 or abs(beyond - 0.5) <= scaled * _TIE + 1e-9:
            raise NotSimpleError
        return float(Decimal(repr(number)).quantize(unit, ROUND_HALF_UP)) + 0.0

    return run


FUNCTIONS: dict[str, Maker] = {
    "SUM": _aggregate(total),
    "COUNT": _aggregate(lambda figures: float(len(figures))),
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
