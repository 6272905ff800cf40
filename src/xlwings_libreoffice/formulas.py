"""Formulas between Excel's spelling and LibreOffice's.

Excel A1 text with English names and commas is parsed into LibreOffice's tokens and printed in its own spelling
for block writes, and back. Facts found by trial:

* the parser needs CompileEnglish, FormulaConvention XL_A1 *and* the opcode map XL_ENGLISH (4): without the
  map, commas corrupt formulas silently;
* TRUE and FALSE without parentheses are folded to 1 and 0, so they go in as functions.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from xlwings_libreoffice.bridge import struct

if TYPE_CHECKING:
    from xlwings_libreoffice.book import Book

__all__ = ["from_native", "parsed", "printed", "quoted", "to_native"]

_LITERALS = re.compile(r"""("(?:[^"]|"")*"|'(?:[^']|'')*')""")
_BOOLEAN = re.compile(r"\b(TRUE|FALSE)\b(?!\s*\()", re.IGNORECASE)
_BOOLEAN_CALL = re.compile(r"\b(TRUE|FALSE)\(\)")
_EXCEL = (1, 4)  # AddressConvention.XL_A1, FormulaLanguage.XL_ENGLISH
_NATIVE = (0, 2)  # AddressConvention.OOO, FormulaLanguage.ENGLISH
_ALL = 0x7FFFFFFF


def quoted(sheet: str) -> str:
    """A sheet's name as it stands before ``!``, with quotes where it needs them."""
    return sheet if re.fullmatch(r"[^\W\d]\w*", sheet) else "'" + sheet.replace("'", "''") + "'"


def _parsers(book: Book) -> tuple[Any, Any]:
    """The parser of Excel's spelling and that of LibreOffice's own; made once for each document."""
    held = book.app.office.held
    key = (str(book.document.RuntimeUID), "parsers")
    if key not in held:
        mapper = book.document.createInstance("com.sun.star.sheet.FormulaOpCodeMapper")
        made = []
        for convention, language in (_EXCEL, _NATIVE):
            parser = book.document.createInstance("com.sun.star.sheet.FormulaParser")
            parser.CompileEnglish, parser.FormulaConvention = True, convention
            parser.OpCodeMap = mapper.getAvailableMappings(language, _ALL)
            made.append(parser)
        held[key] = tuple(made)
    excel, native = held[key]
    return excel, native


def _outside_literals(text: str, pattern: re.Pattern[str], new: str) -> str:
    parts = _LITERALS.split(text)
    return "".join(part if number % 2 else pattern.sub(new, part) for number, part in enumerate(parts))


def parsed(book: Book, text: str, place: Any) -> Any:
    """The tokens of a formula in Excel's spelling, without its ``=``, standing at a cell address."""
    return _parsers(book)[0].parseFormula(_outside_literals(text, _BOOLEAN, r"\1()"), place)


def printed(book: Book, tokens: Any, place: Any) -> str:
    """The formula of these tokens in Excel's spelling, without ``=``."""
    return _outside_literals(_parsers(book)[0].printFormula(tokens, place), _BOOLEAN_CALL, r"\1")


def to_native(book: Book, text: str, where: tuple[int, int, int], known: dict[str, str]) -> str:
    """``=SUM(表!A1,2)`` as ``=SUM($表.A1;2)``. ``where``: sheet, row, column, from 0; ``known`` is kept."""
    if text not in known:
        sheet, row, column = where
        place = struct("table.CellAddress", sheet, column, row)
        known[text] = "=" + _parsers(book)[1].printFormula(parsed(book, text[1:], place), place)
    return known[text]


def from_native(book: Book, text: str, where: tuple[int, int, int], known: dict[str, str]) -> str:
    """The way back of :func:`to_native`; the braces of an array formula are left out."""
    if text not in known:
        sheet, row, column = where
        place = struct("table.CellAddress", sheet, column, row)
        plain = text[1:-1] if text.startswith("{") else text
        known[text] = "=" + printed(book, _parsers(book)[1].parseFormula(plain[1:], place), place)
    return known[text]
