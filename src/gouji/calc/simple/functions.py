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
    Held,
    Maker,
    NotSimpleError,
    Result,
    as_number,
    divided,
    place,
    total,
)
from gouji.calc.syntax import Area, Literal, Node, walk

__all__ = ["FUNCTIONS"]

_TIE = 1e-13


def _figures(args: Sequence[Node], compiled: Compile) -> Callable[[Held, str], list[float]]:
    """The numbers among arguments, in order; in cells texts, booleans and blanks are passed over."""
    parts: list[tuple[tuple[str | None, Rectangle] | None, Code | None]] = [
        (place(arg), None) if isinstance(arg, Area) else (None, compiled(arg)) for arg in args
    ]

    def run(held: Held, sheet: str) -> list[float]:
        found: list[float] = []
        for where, code in parts:
            if where is not None:
                found += held.collected(where[0] or sheet, where[1])
            elif code is not None:
                value = code(held, sheet)
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
        return lambda held, sheet: work(figures(held, sheet))

    return make


def _average(figures: list[float]) -> float:
    return divided(total(figures), float(len(figures)))


def _if(args: Sequence[Node], compiled: Compile) -> Code:
    if len(args) != 3:
        raise NotSimpleError
    test, yes, no = (compiled(arg) for arg in args)
    in_yes, in_no = (
        list(dict.fromkeys(place(node) for node in walk(arg) if isinstance(node, Area))) for arg in args[1:]
    )

    def run(held: Held, sheet: str) -> Result:
        result = test(held, sheet)
        truth = result if isinstance(result, bool) else as_number(result) != 0
        for name, area in in_no if truth else in_yes:
            # What the other branch refers to is computed before, as the engine does: there may be a circle.
            held.collected(name or sheet, area)
        return yes(held, sheet) if truth else no(held, sheet)

    return run


def _iferror(args: Sequence[Node], compiled: Compile) -> Code:
    if len(args) != 2:
        raise NotSimpleError
    first, otherwise = (compiled(arg) for arg in args)

    def run(held: Held, sheet: str) -> Result:
        try:
            result = first(held, sheet)
        except FaultError:
            result = otherwise(held, sheet)
        if not isinstance(result, float | str):
            raise NotSimpleError
        return result

    return run


def _truths(args: Sequence[Node], compiled: Compile) -> Callable[[Held, str], list[bool]]:
    codes = [compiled(arg) for arg in args if not isinstance(arg, Area)]
    if not codes or len(codes) != len(args):
        raise NotSimpleError

    def run(held: Held, sheet: str) -> list[bool]:
        results = [code(held, sheet) for code in codes]
        truths = [result for result in results if isinstance(result, bool)]
        if len(truths) != len(results):
            raise NotSimpleError
        return truths

    return run


def _logic(work: Callable[[list[bool]], bool]) -> Maker:
    def make(args: Sequence[Node], compiled: Compile) -> Code:
        truths = _truths(args, compiled)
        return lambda held, sheet: work(truths(held, sheet))

    return make


def _not(args: Sequence[Node], compiled: Compile) -> Code:
    if len(args) != 1:
        raise NotSimpleError
    truths = _truths(args, compiled)
    return lambda held, sheet: not truths(held, sheet)[0]


def _of_one(work: Callable[[Result], Result]) -> Maker:
    def make(args: Sequence[Node], compiled: Compile) -> Code:
        if len(args) != 1:
            raise NotSimpleError
        code = compiled(args[0])
        return lambda held, sheet: work(code(held, sheet))

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

    def run(held: Held, sheet: str) -> float:
        number = as_number(code(held, sheet))
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
