"""The syntax tree of a formula, as far as recognising idioms needs it.

Precedence as in Excel: range, intersection, union; percent; sign; power; product; sum; join; comparison.
Source: [MS-XLSX] 2.2.2.1 (Formulas), operator precedence as documented by Excel (a sign binds tighter than ^).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TypeAlias

from gouji.calc.formula import FormulaSyntaxError, Token, TokenKind, tokens
from gouji.frozen import frozen

__all__ = ["Area", "Array", "Call", "Literal", "Missing", "Name", "Node", "Operation", "parse", "walk"]


@frozen
class Literal:
    """A typed constant: text for a string, else the characters of a number, boolean or error."""

    text: str
    kind: TokenKind


@frozen
class Area:
    """A reference written out: ``sheet`` is the prefix with its ``!`` (or nothing), ``ref`` what follows.

    ``single`` is true for one cell.
    """

    sheet: str
    ref: str
    single: bool


@frozen
class Name:
    """A defined name, a structured reference, or a reference to another workbook."""

    text: str


@frozen
class Array:
    """An array constant."""

    items: tuple[Node, ...]


@frozen
class Missing:
    """An argument left out, as in ``IF(A1,,2)``."""


@frozen
class Operation:
    """An operator with its operands; ``u-``, ``u+`` and ``@`` stand before one, ``%`` and ``#`` after one."""

    operator: str
    operands: tuple[Node, ...]


@frozen
class Call:
    """A function call; the name in upper case without its ``_xlfn.`` prefix."""

    name: str
    args: tuple[Node, ...]


Node: TypeAlias = Literal | Area | Name | Array | Missing | Operation | Call

_BINARY = {
    "=": 1,
    "<>": 1,
    "<": 1,
    ">": 1,
    "<=": 1,
    ">=": 1,
    "&": 2,
    "+": 3,
    "-": 3,
    "*": 4,
    "/": 4,
    "^": 5,
    " ": 8,
    ":": 9,
}
_SIGN = 6
_ENDS_OPERAND = {
    TokenKind.STRING,
    TokenKind.NUMBER,
    TokenKind.ERROR,
    TokenKind.CELL,
    TokenKind.COLUMNS,
    TokenKind.ROWS,
    TokenKind.STRUCTURED,
    TokenKind.NAME,
    TokenKind.CLOSE,
}
_STARTS_OPERAND = (_ENDS_OPERAND - {TokenKind.CLOSE}) | {TokenKind.PREFIX, TokenKind.FUNCTION, TokenKind.OPEN}
_MAX_DEPTH = 200


class _Parser:
    def __init__(self, formula: str) -> None:
        self.formula = formula
        self.items = _without_spaces(list(tokens(formula)))
        self.at = 0
        self.depth = 0

    def fail(self) -> FormulaSyntaxError:
        return FormulaSyntaxError(self.formula)

    def peek(self) -> Token | None:
        return self.items[self.at] if self.at < len(self.items) else None

    def take(self) -> Token:
        token = self.peek()
        if token is None:
            raise self.fail()
        self.at += 1
        return token

    def expression(self, least: int = 0) -> Node:
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise self.fail()
        left = self.operand()
        while (token := self.peek()) is not None:
            if token.kind is TokenKind.OPERATOR and token.text in ("%", "#"):
                self.at += 1
                left = Operation(token.text, (left,))
                continue
            strength = _BINARY.get(token.text) if token.kind is TokenKind.OPERATOR else None
            if strength is None or strength <= least:
                break
            self.at += 1
            left = _joined(token.text, left, self.expression(strength))
        self.depth -= 1
        return left

    def operand(self) -> Node:
        token = self.take()
        kind = token.kind
        if kind is TokenKind.OPERATOR and token.text in ("+", "-", "@"):
            operator = token.text if token.text == "@" else "u" + token.text
            return Operation(operator, (self.expression(_SIGN),))
        if kind is TokenKind.STRING:
            return Literal(token.text[1:-1].replace('""', '"'), kind)
        if kind in (TokenKind.NUMBER, TokenKind.ERROR):
            return Literal(token.text, kind)
        if kind is TokenKind.PREFIX:
            return self.prefixed(token.text)
        if kind in (TokenKind.CELL, TokenKind.COLUMNS, TokenKind.ROWS):
            return Area("", token.text, kind is TokenKind.CELL)
        if kind is TokenKind.STRUCTURED:
            return Name(token.text)
        if kind is TokenKind.NAME:
            if token.text.upper() in ("TRUE", "FALSE"):
                return Literal(token.text.upper(), TokenKind.NAME)
            return Name(token.text)
        if kind is TokenKind.FUNCTION:
            return self.call(token.text)
        if kind is TokenKind.OPEN:
            return self.array() if token.text == "{" else self.group()
        raise self.fail()

    def prefixed(self, prefix: str) -> Node:
        token = self.take()
        if token.kind in (TokenKind.CELL, TokenKind.COLUMNS, TokenKind.ROWS):
            if "[" in prefix:
                return Name(prefix + token.text)
            # A 3-D reference (Sheet1:Sheet3!A1) is never one cell.
            spans = ":" in prefix.strip("'!")
            return Area(prefix, token.text, token.kind is TokenKind.CELL and not spans)
        if token.kind is TokenKind.ERROR:
            return Literal(token.text, token.kind)
        if token.kind in (TokenKind.NAME, TokenKind.STRUCTURED):
            return Name(prefix + token.text)
        if token.kind is TokenKind.FUNCTION:
            return self.call(prefix + token.text)
        raise self.fail()

    def call(self, name: str) -> Node:
        self.take()  # the opening parenthesis, which made it a function
        args = self.arguments()
        return Call(name.upper().removeprefix("_XLFN.").removeprefix("_XLWS."), args)

    def arguments(self) -> tuple[Node, ...]:
        args: list[Node] = []
        while True:
            token = self.peek()
            if token is None:
                raise self.fail()
            if token.kind is TokenKind.CLOSE and not args:
                self.at += 1
                return ()
            missing = token.kind in (TokenKind.SEPARATOR, TokenKind.CLOSE)
            args.append(Missing() if missing else self.expression())
            token = self.take()
            if token.kind is TokenKind.CLOSE:
                return tuple(args)
            if token.kind is not TokenKind.SEPARATOR:
                raise self.fail()

    def group(self) -> Node:
        items = self.arguments()
        if not items:
            raise self.fail()
        return items[0] if len(items) == 1 else Operation(",", items)

    def array(self) -> Node:
        return Array(self.arguments())


def _without_spaces(found: list[Token]) -> list[Token]:
    """The tokens with each space either dropped or, between two references, turned into the operator it is."""
    kept: list[Token] = []
    for index, token in enumerate(found):
        if token.kind is not TokenKind.SPACE:
            kept.append(token)
        elif kept and index + 1 < len(found):
            after = found[index + 1]
            starts = after.kind in _STARTS_OPERAND and after.text != "{"
            if kept[-1].kind in _ENDS_OPERAND and kept[-1].text != "}" and starts:
                kept.append(Token(TokenKind.OPERATOR, " "))
    return kept


def _joined(operator: str, left: Node, right: Node) -> Node:
    if (
        operator == ":"
        and isinstance(left, Area)
        and isinstance(right, Area)
        and left.single
        and right.single
    ):
        same = right.sheet in ("", left.sheet)
        if same:
            return Area(left.sheet, f"{left.ref}:{right.ref}", single=False)
    return Operation(operator, (left, right))


@lru_cache(maxsize=4096)
def parse(formula: str) -> Node:
    """The syntax tree of a formula (without ``=``).

    Raises:
        FormulaSyntaxError: the text cannot be read as a formula.
    """
    parser = _Parser(formula)
    tree = parser.expression()
    if parser.peek() is not None:
        raise parser.fail()
    return tree


def walk(node: Node) -> Iterator[Node]:
    """A node and everything below it."""
    yield node
    if isinstance(node, Call):
        for arg in node.args:
            yield from walk(arg)
    elif isinstance(node, Operation):
        for operand in node.operands:
            yield from walk(operand)
