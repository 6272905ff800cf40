"""The plainest workbooks computed without an engine: sums, rates, scores, and the texts of a template's own checks.

An engine needs milliseconds to start on a workbook, however little there is to compute, and a second opinion on each
formula known to be treacherous. Here formulas become Python functions once, and a workbook is computed by calling them.

It is all or nothing: where one formula of the workbook needs anything else (another function, a text or boolean in
arithmetic, an error that nothing catches, a local name, a whole column), or comes near a place where engines and Excel
might differ (a difference that nearly vanishes, a comparison of nearly equal numbers, rounding near a half, texts equal
but for their width), nothing is computed here and the engine does it all. What is left is plain IEEE 754 arithmetic
from left to right, which is what Excel does; laws test that the engine gives the very same bits and texts.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import cast

from gouji.calc.book import FiguresBook, FormulaCell, Other
from gouji.calc.engine import CellKey
from gouji.calc.formula import FormulaSyntaxError, TokenKind
from gouji.calc.simple.arrays import ARRAY_FUNCTIONS
from gouji.calc.simple.functions import FUNCTIONS
from gouji.calc.simple.held import (
    Bound,
    Code,
    Content,
    FaultError,
    Fixed,
    Held,
    Maker,
    Page,
    Result,
    added,
    as_number,
    as_text,
    cell_at,
    divided,
    same_text,
    sound,
)
from gouji.calc.simple.shape import NotSimpleError, Place, Refs, references, shaped
from gouji.calc.simple.texts import TEXT_FUNCTIONS
from gouji.calc.syntax import Area, Call, Literal, Node, Operation, parse
from gouji.calc.value import Value, from_double

__all__ = ["computed_each", "computed_simply"]

_EQUAL = 1e-9
_OF_PLACE = frozenset({"ROW", "COLUMN"})  # they look at where a reference stands, not at what it holds
_MAKERS: dict[str, Maker] = {**FUNCTIONS, **TEXT_FUNCTIONS, **ARRAY_FUNCTIONS}


def computed_simply(book: FiguresBook, cells: Sequence[FormulaCell]) -> dict[CellKey, Value] | None:
    """The value of every formula of a workbook; None where one is not of the plain kind."""
    formulas = _contents(cells)
    if any(content is Other.UNKNOWN for placed in formulas.values() for content in placed.values()):
        return None
    pages = Held(book, formulas).pages
    found: dict[CellKey, Value] = {}
    try:
        for cell in cells:
            key = sheet, row, col = cell.key
            result = pages[sheet].at((row, col))
            found[key] = result if result.__class__ is str else _value(result)
    except (NotSimpleError, RecursionError):
        return None
    return found


def computed_each(book: FiguresBook, cells: Sequence[FormulaCell]) -> dict[CellKey, Value]:
    """The value of every formula of a workbook that can be computed, whatever the others are."""
    found: dict[CellKey, Value] = {}
    formulas = _contents(cells)
    for cell in cells:
        sheet, row, col = cell.key
        try:
            found[cell.key] = _value(Held(book, formulas).pages[sheet].at((row, col)))
        except (NotSimpleError, RecursionError):
            continue
    return found


def _contents(cells: Sequence[FormulaCell]) -> dict[str, dict[Place, Content]]:
    """What stands in the cells with a formula, by sheet; unknown where that is not for here."""
    formulas: dict[str, dict[Place, Content]] = {}
    for cell in cells:
        sheet, row, col = cell.key
        if sheet not in formulas:
            formulas[sheet] = {}
        formulas[sheet][row, col] = _compiled(cell.text) if cell.text and not cell.array else Other.UNKNOWN
    return formulas


def _value(result: Result) -> Value:
    if isinstance(result, bool | str):
        return result
    if not isinstance(result, float):
        raise NotSimpleError
    return from_double(result)


@lru_cache(maxsize=8192)
def _compiled(formula: str) -> Content:
    """A formula with what it refers to, or its result where it rests on no cell; unknown where it is not for here."""
    shape, texts = shaped(formula)
    found = _shape_compiled(shape)
    if found is None:
        return Other.UNKNOWN
    code, rests_on_nothing = found
    try:
        refs = references(texts)
        return code(_NOTHING, refs) if rests_on_nothing else Bound(code, refs)
    except NotSimpleError:
        return Other.UNKNOWN
    except FaultError:
        return Bound(code, refs)


@lru_cache(maxsize=2048)
def _shape_compiled(shape: str) -> tuple[Code, bool] | None:
    """All formulas of a shape as one function, and whether it asks for no cell."""
    try:
        tree = parse(shape)
        return _code(tree), _rests_on_nothing(tree)
    except (FormulaSyntaxError, NotSimpleError):
        return None


def _rests_on_nothing(node: Node) -> bool:
    """Whether an expression looks at no cell, though perhaps at where one stands."""
    if isinstance(node, Operation):
        return all(_rests_on_nothing(operand) for operand in node.operands)
    if isinstance(node, Call):
        return node.name in _OF_PLACE or (
            node.name in TEXT_FUNCTIONS and all(_rests_on_nothing(arg) for arg in node.args)
        )
    return isinstance(node, Literal)


def _code(node: Node) -> Code:
    if isinstance(node, Literal):
        return _literal(node)
    if isinstance(node, Area):
        return cell_at(node)
    if isinstance(node, Operation):
        return _operation(node)
    if isinstance(node, Call) and node.name in _MAKERS:
        return _MAKERS[node.name](node.args, _code)
    raise NotSimpleError


_NOTHING = cast("Page", None)  # no cell is asked


def _literal(node: Literal) -> Code:
    if node.kind is TokenKind.STRING:
        return Fixed(node.text)
    if node.kind is TokenKind.NUMBER:
        return Fixed(float(node.text))
    raise NotSimpleError


def _operation(node: Operation) -> Code:
    sign = node.operator
    if sign == "&":
        return _joined([_code(part) for part in _parts(node)])
    operands = [_code(operand) for operand in node.operands]
    if sign in ("u-", "u+", "%"):
        [inner] = operands
        if sign == "u-":
            return lambda page, refs: 0.0 - as_number(inner(page, refs))
        if sign == "%":
            return lambda page, refs: sound(as_number(inner(page, refs)) / 100)
        raise NotSimpleError
    if len(operands) != 2:
        raise NotSimpleError
    one, two = operands
    if sign in _ARITHMETIC:
        return _calculation(_ARITHMETIC[sign], one, two)
    if sign in _COMPARISONS:
        return _comparison(sign, one, two)
    raise NotSimpleError


def _parts(node: Node) -> list[Node]:
    """What a chain of ``&`` joins."""
    if isinstance(node, Operation) and node.operator == "&":
        return [part for operand in node.operands for part in _parts(operand)]
    return [node]


def _joined(parts: list[Code]) -> Code:
    return lambda page, refs: "".join([as_text(part(page, refs)) for part in parts])


_ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": added,
    "-": lambda one, two: added(one, -two),
    "*": lambda one, two: sound(one * two),
    "/": divided,
}
_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}


def _calculation(work: Callable[[float, float], float], one: Code, two: Code) -> Code:
    def run(page: Page, refs: Refs) -> float:
        first = one(page, refs)
        if first.__class__ is not float:
            first = as_number(first)
        second = two(page, refs)
        if second.__class__ is not float:
            second = as_number(second)
        return work(first, second)

    return run


def _comparison(sign: str, one: Code, two: Code) -> Code:
    work, fixed = _COMPARISONS[sign], two.result if isinstance(two, Fixed) else None
    if isinstance(fixed, str) and sign in ("=", "<>"):
        yes, text = sign == "=", fixed

        def is_text(page: Page, refs: Refs) -> bool:
            result = one(page, refs)
            if result.__class__ is str:
                return same_text(result, text) is yes
            return _compared(sign, result, text)

        return is_text

    def run(page: Page, refs: Refs) -> bool:
        first = one(page, refs)
        second = two(page, refs) if fixed is None else fixed
        if first.__class__ is float and second.__class__ is float and first == second:
            return work(first, second)
        return _compared(sign, first, second)

    return run


def _compared(sign: str, one: Result, two: Result) -> bool:
    if isinstance(one, str) or isinstance(two, str):
        return _text_compared(sign, one, two)
    if isinstance(one, bool) or isinstance(two, bool):
        raise NotSimpleError  # which of a truth and a number is greater
    first, second = as_number(one), as_number(two)
    if first != second and abs(first - second) <= _EQUAL * max(abs(first), abs(second)):
        raise NotSimpleError
    return _COMPARISONS[sign](first, second)


def _text_compared(sign: str, one: Result, two: Result) -> bool:
    """Whether a text is equal to something: an empty cell equals the empty text, a number no text."""
    if sign not in ("=", "<>") or isinstance(one, Other | bool) or isinstance(two, Other | bool):
        raise NotSimpleError
    if isinstance(one, float) or isinstance(two, float):
        return sign == "<>"
    return same_text(one or "", two or "") == (sign == "=")
