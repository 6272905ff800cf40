"""Formula text taken apart: tokens, shifted references, and a syntax tree good enough to recognise idioms.

Formulas are kept here as OOXML stores them: without the leading ``=``, English function names, comma
separators, A1 references. Source of the grammar: [MS-XLSX] 2.2.2 (Formulas) and ECMA-376 part 1, 18.17.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

__all__ = [
    "MAX_COLUMNS",
    "MAX_ROWS",
    "FormulaSyntaxError",
    "Token",
    "TokenKind",
    "function_names",
    "shift",
    "tokens",
]

MAX_ROWS = 1_048_576
MAX_COLUMNS = 16_384


class FormulaSyntaxError(ValueError):
    """The text is not a formula this module can read."""


class TokenKind(StrEnum):
    """What a piece of a formula is."""

    SPACE = "space"
    STRING = "string"
    NUMBER = "number"
    ERROR = "error"
    PREFIX = "prefix"
    CELL = "cell"
    COLUMNS = "columns"
    ROWS = "rows"
    STRUCTURED = "structured"
    FUNCTION = "function"
    NAME = "name"
    OPERATOR = "operator"
    OPEN = "open"
    CLOSE = "close"
    SEPARATOR = "separator"


_KINDS = {kind.value: kind for kind in TokenKind}


class Token(NamedTuple):  # a tuple, not a dataclass: a workbook has tens of thousands
    """One piece of a formula, its text verbatim."""

    kind: TokenKind
    text: str


# The order matters: a sheet prefix is tried before a cell, a cell before a name. ``(?![\w.(!])`` keeps LOG10(
# and names such as A1B from being read as references; \w takes in Chinese names.
_TOKEN = re.compile(
    r"""
    (?P<space>\s+)
  | (?P<string>"(?:[^"]|"")*")
  | (?P<error>\#(?:N/A|REF!|DIV/0!|VALUE!|NAME\?|NULL!|NUM!|GETTING_DATA|SPILL!|CALC!|FIELD!|BLOCKED!
      |UNKNOWN!|CONNECT!|BUSY!|PYTHON!|EXTERNAL!))
  | (?P<prefix>'(?:[^']|'')*'!
      | (?:\[[^\[\]]*\])?(?:[^\W\d]|[\\_])[\w.\\?]*(?::(?:[^\W\d]|[\\_])[\w.\\?]*)?!
      | \[[^\[\]]*\]!
      | (?:\[[^\[\]]*\])?\d+[\w.]*!)
  | (?P<columns>\$?[A-Za-z]{1,3}:\$?[A-Za-z]{1,3}(?![\w.(!\[]))
  | (?P<rows>\$?\d{1,7}:\$?\d{1,7}(?![\w.(!]))
  | (?P<cell>\$?[A-Za-z]{1,3}\$?[1-9]\d{0,6}(?![\w.(!\[]))
  | (?P<number>(?:\d+\.?\d*|\.\d+)(?:[Ee][+-]?\d+)?)
  | (?P<function>(?:[^\W\d]|[\\_])[\w.\\]*(?=\())
  | (?P<name>(?:[^\W\d]|[\\_])[\w.\\?]*)
  | (?P<operator><>|<=|>=|[-+*/^&=<>%:@\#])
  | (?P<open>[({])
  | (?P<close>[)}])
  | (?P<separator>[,;])
    """,
    re.VERBOSE,
)
_FUNCTION_NAME = re.compile(r"((?:[^\W\d]|[\\_])[\w.\\]*)\(")
_QUOTED = re.compile(r"\"(?:[^\"]|\"\")*\"|'(?:[^']|'')*'")
_PARTS = re.compile(r"(\$?)([A-Za-z]{1,3})(\$?)(\d{1,7})")


def _bracket_end(text: str, start: int) -> int:
    """Where the bracket group that opens at ``start`` ends; ``'`` escapes the next character in it."""
    depth = 0
    at = start
    while at < len(text):
        char = text[at]
        if char == "'":
            at += 1
        elif char == "[":
            depth += 1
        elif char == "]":
            depth -= 1
            if depth == 0:
                return at + 1
        at += 1
    raise FormulaSyntaxError(text)


def tokens(formula: str) -> Iterator[Token]:
    """The tokens of a formula, in order; together their texts are the formula.

    Raises:
        FormulaSyntaxError: where a character fits no token.
    """
    at = 0
    while at < len(formula):
        found = _TOKEN.match(formula, at)
        if found is None:
            if formula[at] != "[":
                raise FormulaSyntaxError(formula)
            end = _bracket_end(formula, at)
            yield Token(TokenKind.STRUCTURED, formula[at:end])
            at = end
            continue
        kind = _KINDS[found.lastgroup or ""]
        end = found.end()
        if kind is TokenKind.NAME and end < len(formula) and formula[end] == "[":
            end = _bracket_end(formula, end)
            kind = TokenKind.STRUCTURED
        yield Token(kind, formula[at:end])
        at = end


@lru_cache(maxsize=4096)
def function_names(formula: str) -> frozenset[str]:
    """The upper-case names of the functions a formula calls, ``_xlfn.`` and ``_xlws.`` prefixes taken off."""
    bare = _QUOTED.sub("", formula) if '"' in formula or "'" in formula else formula
    found = _FUNCTION_NAME.findall(bare)
    return frozenset(name.upper().removeprefix("_XLFN.").removeprefix("_XLWS.") for name in found)


@lru_cache(maxsize=8192)
def column_number(letters: str) -> int:
    """The 1-based number of a column: A is 1."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


@lru_cache(maxsize=8192)
def column_letters(number: int) -> str:
    """The letters of a 1-based column."""
    name = ""
    while number:
        number, digit = divmod(number - 1, 26)
        name = chr(65 + digit) + name
    return name


def _moved_column(dollar: str, letters: str, by: int) -> str:
    if dollar or not by:
        return dollar + letters
    # Excel wraps a shared formula's relative reference round the edge of the sheet.
    return column_letters((column_number(letters) - 1 + by) % MAX_COLUMNS + 1)


def _moved_row(dollar: str, row: str, by: int) -> str:
    if dollar or not by:
        return dollar + row
    return str((int(row) - 1 + by) % MAX_ROWS + 1)


def _moved(token: Token, rows: int, cols: int) -> str:
    if token.kind is TokenKind.CELL:
        found = _PARTS.fullmatch(token.text)
        if found is None or column_number(found[2]) > MAX_COLUMNS:
            return token.text  # a name that looks like a cell (XFE1)
        return _moved_column(found[1], found[2], cols) + _moved_row(found[3], found[4], rows)
    if token.kind in (TokenKind.COLUMNS, TokenKind.ROWS):
        ends = []
        for end in token.text.split(":"):
            dollar, rest = ("$", end[1:]) if end.startswith("$") else ("", end)
            ends.append(
                _moved_column(dollar, rest, cols)
                if token.kind is TokenKind.COLUMNS
                else _moved_row(dollar, rest, rows)
            )
        return ":".join(ends)
    return token.text


@lru_cache(maxsize=512)
def _taken_apart(formula: str) -> tuple[Token, ...]:
    return tuple(tokens(formula))


@lru_cache(maxsize=8192)
def shift(formula: str, rows: int, cols: int) -> str:
    """The formula as it reads ``rows`` down and ``cols`` to the right: relative references moved.

    This is how the members of a shared formula are written out (ECMA-376 part 1, 18.3.1.40).

    Raises:
        FormulaSyntaxError: where the text cannot be read.
    """
    if not rows and not cols:
        return formula
    return "".join(_moved(token, rows, cols) for token in _taken_apart(formula))
