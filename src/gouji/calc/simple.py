"""The plainest workbooks computed without an engine: sums, rates and scores, nearly all that a form calculates.

A form's formulas are made of cells, + − × ÷, comparisons and a dozen functions; computing those here takes a tenth of
the time that loading the workbook into an engine takes. It is all or nothing: where one formula of the workbook
needs anything else (another function, a text or boolean in arithmetic, an error, a name, a whole column), or comes near
a place where engines and Excel might differ in the last digit (a difference that nearly vanishes, a comparison of
nearly equal numbers, rounding near a half), nothing is computed here and the engine does it all. What is left is plain
IEEE 754 arithmetic from left to right, which is what Excel does; a law tests that the engine gives the very same bits.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import TypeAlias

from gouji.calc.book import Figure, FiguresBook, FormulaCell, Other
from gouji.calc.engine import CellKey
from gouji.calc.facts import rectangle, sheet_of
from gouji.calc.formula import FormulaSyntaxError, TokenKind
from gouji.calc.syntax import Area, Call, Literal, Node, Operation, parse, walk
from gouji.calc.value import Value, from_double

__all__ = ["computed_simply"]

_MOST_CELLS = 20_000  # of one area
_DEEPEST = 200  # formulas that rest on one another
_SNAP = 1e-10  # a sum this much smaller than its parts may be an error of rounding
_EQUAL = 1e-9
_TIE = 1e-13

# What an expression gives: None is an empty cell.
_Result: TypeAlias = float | bool | str | Other | None


class _NotSimpleError(Exception):
    """The engine has to do it."""


class _Book:
    """The cells of a workbook, formulas computed when they are asked for."""

    def __init__(self, book: FiguresBook, cells: Sequence[FormulaCell]) -> None:
        self.book = book
        self.formulas = {cell.key: cell for cell in cells}
        self.results: dict[CellKey, _Result] = {}
        self.sheets: dict[str, tuple[str, Mapping[tuple[int, int], Figure]]] = {}
        self.areas: dict[tuple[str, tuple[int, int, int, int]], list[float]] = {}
        self.open = 0

    def sheet(self, name: str) -> tuple[str, Mapping[tuple[int, int], Figure]]:
        found = self.sheets.get(name)
        if found is None:
            there = self.book.figures(name)
            if there is None:
                raise _NotSimpleError
            found = self.sheets[name] = there
        return found

    def at(self, sheet: str, row: int, col: int) -> _Result:
        name, figures = self.sheet(sheet)
        key = (name, row, col)
        if key in self.results:
            result = self.results[key]
            if result is Other.OPEN:
                raise _NotSimpleError  # a circular reference
            return result
        cell = self.formulas.get(key)
        if cell is None:
            return figures.get((row, col))
        if not cell.text or cell.array or self.open > _DEEPEST:
            raise _NotSimpleError
        self.results[key] = Other.OPEN
        self.open += 1
        result = _compiled(cell.text)(self, name)
        self.open -= 1
        if result is None:
            result = 0.0  # a formula that shows an empty cell shows 0
        self.results[key] = result
        return result


_Code: TypeAlias = Callable[[_Book, str], _Result]


def computed_simply(book: FiguresBook, cells: Sequence[FormulaCell]) -> dict[CellKey, Value] | None:
    """The value of every formula of a workbook; None where one is not of the plain kind."""
    held = _Book(book, cells)
    try:
        return {cell.key: _value(held.at(*cell.key)) for cell in cells}
    except (_NotSimpleError, RecursionError):
        return None


def _value(result: _Result) -> Value:
    if isinstance(result, bool | str):
        return result
    if not isinstance(result, float):
        raise _NotSimpleError
    return from_double(result)


@lru_cache(maxsize=4096)
def _compiled(formula: str) -> _Code:
    """A formula as a function of the workbook and the sheet it stands on.

    Raises:
        _NotSimpleError: it holds something that is not for here.
    """
    try:
        return _code(parse(formula))
    except FormulaSyntaxError:
        raise _NotSimpleError from None


def _code(node: Node) -> _Code:
    if isinstance(node, Literal):
        return _literal(node)
    if isinstance(node, Area):
        return _reference(node)
    if isinstance(node, Operation):
        return _operation(node)
    if isinstance(node, Call) and node.name in _FUNCTIONS:
        return _FUNCTIONS[node.name](node.args)
    raise _NotSimpleError


def _literal(node: Literal) -> _Code:
    if node.kind is TokenKind.STRING:
        text = node.text
        return lambda _book, _sheet: text
    if node.kind is TokenKind.NUMBER:
        number = float(node.text)
        return lambda _book, _sheet: number
    raise _NotSimpleError


def _place(node: Area) -> tuple[str | None, tuple[int, int, int, int]]:
    where = rectangle(node.ref)
    if where is None or (":" in node.sheet.strip("'!") and node.sheet):
        raise _NotSimpleError
    top, left, bottom, right = where
    if (bottom - top + 1) * (right - left + 1) > _MOST_CELLS:
        raise _NotSimpleError
    return sheet_of(node.sheet), where


def _reference(node: Area) -> _Code:
    other, (row, col, bottom, right) = _place(node)
    if (row, col) != (bottom, right):
        raise _NotSimpleError  # one cell of it would be meant (implicit intersection)
    return lambda book, sheet: book.at(other or sheet, row, col)


def _number(result: _Result) -> float:
    if result is None:
        return 0.0
    if isinstance(result, float):
        return result
    raise _NotSimpleError


def _sound(result: float) -> float:
    """A result in the range where nothing overflows or vanishes."""
    if result == 0:
        return 0.0
    if not 1e-290 < abs(result) < 1e290:
        raise _NotSimpleError
    return result


def _added(one: float, two: float) -> float:
    result = one + two
    if result and abs(result) < _SNAP * max(abs(one), abs(two)):
        raise _NotSimpleError
    return _sound(result)


def _divided(one: float, two: float) -> float:
    if two == 0:
        raise _NotSimpleError
    return _sound(one / two)


_ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": _added,
    "-": lambda one, two: _added(one, -two),
    "*": lambda one, two: _sound(one * two),
    "/": _divided,
}
_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}


def _operation(node: Operation) -> _Code:
    sign = node.operator
    operands = [_code(operand) for operand in node.operands]
    if sign in ("u-", "u+", "%"):
        [inner] = operands
        if sign == "u-":
            return lambda book, sheet: 0.0 - _number(inner(book, sheet))
        if sign == "%":
            return lambda book, sheet: _sound(_number(inner(book, sheet)) / 100)
        raise _NotSimpleError
    if len(operands) != 2:
        raise _NotSimpleError
    one, two = operands
    if sign in _ARITHMETIC:
        work = _ARITHMETIC[sign]
        return lambda book, sheet: work(_number(one(book, sheet)), _number(two(book, sheet)))
    if sign in _COMPARISONS:
        return lambda book, sheet: _compared(sign, one(book, sheet), two(book, sheet))
    raise _NotSimpleError


def _compared(sign: str, one: _Result, two: _Result) -> bool:
    if one == "" or two == "":
        return _is_empty_text(sign, two if one == "" else one)
    first, second = _number(one), _number(two)
    if first != second and abs(first - second) <= _EQUAL * max(abs(first), abs(second)):
        raise _NotSimpleError
    return _COMPARISONS[sign](first, second)


def _is_empty_text(sign: str, other: _Result) -> bool:
    """``A1=""`` and ``A1<>""``: an empty cell and an empty text are equal to it, a number is not."""
    if sign not in ("=", "<>") or isinstance(other, Other | bool):
        raise _NotSimpleError
    return (other is None or other == "") == (sign == "=")


# -- functions


def _figures(args: Sequence[Node]) -> Callable[[_Book, str], list[float]]:
    """The numbers among arguments, in order; in cells texts, booleans and blanks are passed over."""
    places = [(_place(arg), None) if isinstance(arg, Area) else (None, _code(arg)) for arg in args]

    def run(book: _Book, sheet: str) -> list[float]:
        found: list[float] = []
        for place, code in places:
            if place is not None:
                found += _collected(book, place[0] or sheet, place[1])
            elif code is not None:
                value = code(book, sheet)
                if not isinstance(value, float):
                    raise _NotSimpleError
                found.append(value)
        return found

    return run


def _collected(book: _Book, sheet: str, area: tuple[int, int, int, int]) -> list[float]:
    """The numbers in an area."""
    name, figures = book.sheet(sheet)
    known = book.areas.get((name, area))
    if known is not None:
        return known
    found: list[float] = []
    formulas = book.formulas
    top, left, bottom, right = area
    for row in range(top, bottom + 1):
        for col in range(left, right + 1):
            key = (name, row, col)
            value = book.at(*key) if key in formulas else figures.get((row, col))
            if value.__class__ is float:
                found.append(value)
            elif value is Other.ERROR:
                raise _NotSimpleError
    book.areas[name, area] = found
    return found


def _total(figures: Sequence[float]) -> float:
    total, largest = 0.0, 0.0
    for figure in figures:
        total += figure
        largest = max(largest, abs(figure))
    if total and abs(total) < _SNAP * largest:
        raise _NotSimpleError
    return _sound(total)


def _aggregate(work: Callable[[list[float]], float]) -> Callable[[Sequence[Node]], _Code]:
    def make(args: Sequence[Node]) -> _Code:
        if not args:
            raise _NotSimpleError
        figures = _figures(args)
        return lambda book, sheet: work(figures(book, sheet))

    return make


def _average(figures: list[float]) -> float:
    return _divided(_total(figures), float(len(figures)))


def _if(args: Sequence[Node]) -> _Code:
    if len(args) != 3:
        raise _NotSimpleError
    test, yes, no = (_code(arg) for arg in args)
    in_yes, in_no = ([_place(node) for node in walk(arg) if isinstance(node, Area)] for arg in args[1:])

    def run(book: _Book, sheet: str) -> _Result:
        result = test(book, sheet)
        truth = result if isinstance(result, bool) else _number(result) != 0
        for name, area in in_no if truth else in_yes:
            # What the other branch refers to is computed before, as the engine does: there may be a circle.
            _collected(book, name or sheet, area)
        return yes(book, sheet) if truth else no(book, sheet)

    return run


def _logic(work: Callable[[list[bool]], bool]) -> Callable[[Sequence[Node]], _Code]:
    def make(args: Sequence[Node]) -> _Code:
        codes = [_code(arg) for arg in args if not isinstance(arg, Area)]
        if not codes or len(codes) != len(args):
            raise _NotSimpleError

        def run(book: _Book, sheet: str) -> bool:
            results = [code(book, sheet) for code in codes]
            truths = [result for result in results if isinstance(result, bool)]
            if len(truths) != len(results):
                raise _NotSimpleError
            return work(truths)

        return run

    return make


def _abs(args: Sequence[Node]) -> _Code:
    if len(args) != 1:
        raise _NotSimpleError
    code = _code(args[0])
    return lambda book, sheet: abs(_number(code(book, sheet)))


def _round(args: Sequence[Node]) -> _Code:
    if len(args) != 2 or not isinstance(args[1], Literal) or args[1].text not in "0123456789":
        raise _NotSimpleError
    code, digits = _code(args[0]), int(args[1].text)
    unit = Decimal(1).scaleb(-digits)

    def run(book: _Book, sheet: str) -> float:
        number = _number(code(book, sheet))
        scaled = abs(number) * 10**digits
        beyond = scaled - math.floor(scaled)
        if scaled > 1e14 or abs(beyond - 0.5) <= scaled * _TIE + 1e-9:
            raise _NotSimpleError
        return float(Decimal(repr(number)).quantize(unit, ROUND_HALF_UP)) + 0.0

    return run


_FUNCTIONS: dict[str, Callable[[Sequence[Node]], _Code]] = {
    "SUM": _aggregate(_total),
    "COUNT": _aggregate(lambda figures: float(len(figures))),
    "MAX": _aggregate(lambda figures: max(figures, default=0.0)),
    "MIN": _aggregate(lambda figures: min(figures, default=0.0)),
    "AVERAGE": _aggregate(_average),
    "IF": _if,
    "AND": _logic(all),
    "OR": _logic(any),
    "ABS": _abs,
    "ROUND": _round,
}
