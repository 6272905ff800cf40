"""What a template's checks do with texts: cut, join, count, turn into a number, point at a cell."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from gouji.calc.formula import TokenKind, column_letters
from gouji.calc.simple.held import (
    Code,
    Compile,
    FaultError,
    Maker,
    Page,
    as_number,
    as_text,
    cells_of,
    same_text,
)
from gouji.calc.simple.shape import NotSimpleError, Refs, place
from gouji.calc.syntax import Area, Literal, Node

__all__ = ["TEXT_FUNCTIONS", "length", "literal_text", "substituted", "trimmed"]

_LONGEST = 32_767  # characters in a cell
_SPACES = re.compile(" {2,}")
_PLAIN = re.compile(r"[+-]?[0-9]{1,13}(?:\.[0-9]{1,9})?")
_WILD = frozenset("*?~<>=")
_BEYOND = "\uffff"  # what is counted as two by Excel


def literal_text(node: Node) -> str:
    """A text written out in the formula.

    Raises:
        NotSimpleError: the argument is anything else.
    """
    if not isinstance(node, Literal) or node.kind is not TokenKind.STRING:
        raise NotSimpleError
    return node.text


def _literal_number(node: Node) -> int:
    if not isinstance(node, Literal) or node.kind is not TokenKind.NUMBER or not node.text.isdigit():
        raise NotSimpleError
    return int(node.text)


def _arguments(args: Sequence[Node], number: int) -> Sequence[Node]:
    if len(args) != number:
        raise NotSimpleError
    return args


def trimmed(text: str) -> str:
    """``TRIM``: single spaces between words; only the ordinary space is one."""
    return _SPACES.sub(" ", text.strip(" "))


def substituted(text: str, old: str, new: str) -> str:
    """``SUBSTITUTE`` of every occurrence."""
    if not old:
        raise NotSimpleError
    return _short(text.replace(old, new))


def length(text: str) -> float:
    """``LEN``."""
    return float(len(_basic(text)))


def _short(text: str) -> str:
    if len(text) > _LONGEST:
        raise NotSimpleError
    return text


def _basic(text: str) -> str:
    if text and max(text) > _BEYOND:
        raise NotSimpleError
    return text


def _of_text(work: Callable[[str], float | str]) -> Maker:
    def make(args: Sequence[Node], compiled: Compile) -> Code:
        code = compiled(*_arguments(args, 1))
        return lambda page, refs: work(as_text(code(page, refs)))

    return make


def _substitute(args: Sequence[Node], compiled: Compile) -> Code:
    text, old, new = _arguments(args, 3)
    code, wanted, instead = compiled(text), literal_text(old), compiled(new)
    return lambda page, refs: substituted(as_text(code(page, refs)), wanted, as_text(instead(page, refs)))


def _right(args: Sequence[Node], compiled: Compile) -> Code:
    text, count = _arguments(args, 2)
    code, most = compiled(text), _literal_number(count)
    return lambda page, refs: _basic(as_text(code(page, refs)))[-most:] if most else ""


def _rept(args: Sequence[Node], _compiled: Compile) -> Code:
    text, count = _arguments(args, 2)
    repeated = _short(literal_text(text) * _literal_number(count))
    return lambda _page, _refs: repeated


def _number_in(text: str) -> float:
    """``VALUE`` of a plain number; what has no digit at all is none, and everything else is the engine's to read."""
    text = text.strip(" ")
    if _PLAIN.fullmatch(text):
        return float(text)
    if any(character.isnumeric() for character in text):
        raise NotSimpleError
    raise FaultError


def _value(args: Sequence[Node], compiled: Compile) -> Code:
    code = compiled(*_arguments(args, 1))

    def run(page: Page, refs: Refs) -> float:
        result = code(page, refs)
        if result is None:
            raise NotSimpleError  # engines differ over an empty cell
        return _number_in(result) if isinstance(result, str) else as_number(result)

    return run


def _count_if(args: Sequence[Node], _compiled: Compile) -> Code:
    """How many cells hold one text (no pattern, nothing that looks like a number)."""
    where, criterion = _arguments(args, 2)
    wanted, cells = literal_text(criterion), cells_of(where)
    if not wanted or _WILD.intersection(wanted) or any(c.isnumeric() for c in wanted) or wanted.isascii():
        raise NotSimpleError
    return lambda page, refs: float(
        sum(isinstance(cell, str) and same_text(cell, wanted) for cell in cells(page, refs))
    )


def _corner(args: Sequence[Node], index: int) -> Code:
    [area] = _arguments(args, 1)
    if not isinstance(area, Area) or not area.single:
        raise NotSimpleError
    number = place(area)[1]
    return lambda _page, refs: float(refs[number][index])


def _address(args: Sequence[Node], compiled: Compile) -> Code:
    row, col, style = _arguments(args, 3)
    if _literal_number(style) != 4:  # no dollar signs
        raise NotSimpleError
    row_code, col_code = compiled(row), compiled(col)

    def run(page: Page, refs: Refs) -> str:
        number, column = as_number(row_code(page, refs)), as_number(col_code(page, refs))
        if not (number.is_integer() and 1 <= number <= 1_048_576):
            raise NotSimpleError
        if not (column.is_integer() and 1 <= column <= 16_384):
            raise NotSimpleError
        return f"{column_letters(int(column))}{int(number)}"

    return run


def _hyperlink(args: Sequence[Node], compiled: Compile) -> Code:
    """A link shows its second argument, a text here; the first has to be one all the same."""
    target, shown = (compiled(arg) for arg in _arguments(args, 2))

    def run(page: Page, refs: Refs) -> str:
        as_text(target(page, refs))
        result = shown(page, refs)
        if not isinstance(result, str):
            raise NotSimpleError
        return result

    return run


TEXT_FUNCTIONS: dict[str, Maker] = {
    "TRIM": _of_text(trimmed),
    "LEN": _of_text(length),
    "SUBSTITUTE": _substitute,
    "RIGHT": _right,
    "REPT": _rept,
    "VALUE": _value,
    "COUNTIF": _count_if,
    "ROW": lambda args, _compiled: _corner(args, 0),
    "COLUMN": lambda args, _compiled: _corner(args, 1),
    "ADDRESS": _address,
    "HYPERLINK": _hyperlink,
}
