"""``SUMPRODUCT`` of conditions over cells: how a template counts what is neither a number nor a dash."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TypeAlias

from gouji.calc.book import Other
from gouji.calc.formula import TokenKind
from gouji.calc.simple.held import (
    Code,
    Compile,
    Maker,
    Page,
    Result,
    as_number,
    cells_of,
    same_text,
    sound,
    total,
)
from gouji.calc.simple.shape import NotSimpleError, Refs
from gouji.calc.simple.texts import length, literal_text, substituted, trimmed
from gouji.calc.syntax import Area, Array, Call, Literal, Node, Operation

__all__ = ["ARRAY_FUNCTIONS"]

# What an expression over cells gives, one result a cell; a single one stands for as many as are wanted.
_Many: TypeAlias = Callable[[Page, Refs], list[Result]]

_WILD = frozenset("*?~")
_SHORT = 20  # characters of a text that is remembered


def _sum_product(args: Sequence[Node], _compiled: Compile) -> Code:
    if len(args) != 1 or not isinstance(args[0], Operation) or args[0].operator not in ("*", "u-"):
        raise NotSimpleError  # several arguments, and conditions that are not multiplied, count otherwise
    factors = _factors(args[0])
    if isinstance(factors[0], Call) and factors[0].name == "ISTEXT":
        return _counted_texts(factors)
    many = _many(args[0])
    return lambda page, refs: total([as_number(result) for result in many(page, refs)])


def _factors(node: Node) -> list[Node]:
    if isinstance(node, Operation) and node.operator == "*":
        return [*_factors(node.operands[0]), *_factors(node.operands[1])]
    return [node]


# -- texts counted


def _counted_texts(factors: Sequence[Node]) -> Code:
    """``ISTEXT(area)*…``: how many cells hold a text of which each of the other factors is true."""
    first, *others = factors
    if not isinstance(first, Call) or len(first.args) != 1 or not isinstance(first.args[0], Area):
        raise NotSimpleError
    area = first.args[0]
    cells, counts = cells_of(area), _all_true([_condition(node, area) for node in others])

    def run(page: Page, refs: Refs) -> float:
        count = 0.0
        for cell in cells(page, refs):
            if isinstance(cell, str):
                count += counts(cell)
            elif isinstance(cell, Other):
                raise NotSimpleError
        return count

    return run


def _all_true(conditions: Sequence[Callable[[str], bool]]) -> Callable[[str], bool]:
    """Whether a text passes every condition; the short ones, mostly dashes and nothing, are asked about once."""

    def passes(text: str) -> bool:
        # Every condition is asked: one that is doubtful is not saved by another that fails.
        return min([condition(text) for condition in conditions], default=True)

    remembered = lru_cache(maxsize=64)(passes)
    return lambda text: remembered(text) if len(text) <= _SHORT else passes(text)


def _condition(node: Node, area: Area) -> Callable[[str], bool]:
    """A condition on the text of a cell: that something of it is left, or that it is none of some."""
    if isinstance(node, Operation) and node.operator == ">":
        measured, least = node.operands
        if (
            isinstance(measured, Call)
            and measured.name == "LEN"
            and isinstance(least, Literal)
            and least.text == "0"
        ):
            part = _part(*measured.args, area=area)
            return lambda text: length(part(text)) > 0
    if isinstance(node, Call) and node.name == "ISNA" and len(node.args) == 1:
        return _not_among(node.args[0], area)
    raise NotSimpleError


def _not_among(node: Node, area: Area) -> Callable[[str], bool]:
    """``ISNA(MATCH(…, {"-","无"}, 0))``: whether a text is none of those written out."""
    if not isinstance(node, Call) or node.name != "MATCH" or len(node.args) != 3:
        raise NotSimpleError
    sought, among, exactly = node.args
    if not isinstance(among, Array) or not isinstance(exactly, Literal) or exactly.text != "0":
        raise NotSimpleError
    known, part = [literal_text(item) for item in among.items], _part(sought, area=area)

    def missing(text: str) -> bool:
        text = part(text)
        if _WILD.intersection(text):
            raise NotSimpleError
        return not any(same_text(text, each) for each in known)

    return missing


def _part(node: Node, *, area: Area) -> Callable[[str], str]:
    """What ``TRIM`` and ``SUBSTITUTE`` leave of a cell of the area."""
    if node == area:
        return lambda text: text
    if isinstance(node, Call) and node.name == "TRIM" and len(node.args) == 1:
        inner = _part(node.args[0], area=area)
        return lambda text: trimmed(inner(text))
    if isinstance(node, Call) and node.name == "SUBSTITUTE" and len(node.args) == 3:
        inner = _part(node.args[0], area=area)
        old, new = literal_text(node.args[1]), literal_text(node.args[2])
        return lambda text: substituted(inner(text), old, new)
    raise NotSimpleError


# -- conditions over figures


def _many(node: Node) -> _Many:
    if isinstance(node, Area):
        return cells_of(node)
    if isinstance(node, Literal) and node.kind is TokenKind.NUMBER:
        number = float(node.text)
        return lambda _page, _refs: [number]
    if isinstance(node, Literal) and node.kind is TokenKind.STRING:
        text = node.text
        return lambda _page, _refs: [text]
    if isinstance(node, Operation) and node.operator in _PAIRS:
        return _paired(_PAIRS[node.operator], *(_many(operand) for operand in node.operands))
    if isinstance(node, Operation) and node.operator == "u-":
        inner = _many(node.operands[0])
        return lambda page, refs: [0.0 - as_number(each) for each in inner(page, refs)]
    raise NotSimpleError


def _paired(work: Callable[[Result, Result], Result], one: _Many, two: _Many) -> _Many:
    def run(page: Page, refs: Refs) -> list[Result]:
        first, second = one(page, refs), two(page, refs)
        if len(first) != len(second):
            if 1 not in (len(first), len(second)):
                raise NotSimpleError
            first, second = first * len(second), second * len(first)
        return [work(a, b) for a, b in zip(first, second, strict=True)]

    return run


def _product(one: Result, two: Result) -> float:
    return sound(as_number(one) * as_number(two))


def _above(one: Result, two: Result) -> bool:
    """``>``: a text is above every number."""
    if isinstance(one, bool) or isinstance(two, bool):
        raise NotSimpleError
    if isinstance(one, str) and isinstance(two, float):
        return True
    if isinstance(one, float) and isinstance(two, str):
        return False
    if isinstance(one, str) or isinstance(two, str):
        raise NotSimpleError
    return as_number(one) > as_number(two)


def _equal(one: Result, two: Result) -> bool:
    """``=`` with a text written out: an empty cell equals the empty one."""
    if not isinstance(two, str) or isinstance(one, bool | Other):
        raise NotSimpleError
    return False if isinstance(one, float) else same_text(one or "", two)


_PAIRS: dict[str, Callable[[Result, Result], Result]] = {"*": _product, ">": _above, "=": _equal}
ARRAY_FUNCTIONS: dict[str, Maker] = {"SUMPRODUCT": _sum_product}
