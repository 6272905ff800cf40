"""Arguments that single functions read in a way of their own: TEXT, VALUE, CHAR, SEARCH, what once was an add-in.

Found by trial against Excel's documented results; see docs/recalc.md.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from gouji.calc.facts import AreaFacts
from gouji.calc.formula import TokenKind
from gouji.calc.syntax import Area, Call, Literal, Node
from gouji.calc.textformat import is_calendar_format, is_certain_format
from gouji.calc.value import CellError, Value
from gouji.calc.verdict import Suspicion, Verdict
from gouji.frozen import frozen

__all__ = ["Particular"]

_ADD_INS = frozenset(
    ("EDATE", "EOMONTH", "WEEKNUM", "ISOWEEKNUM", "NETWORKDAYS", "WORKDAY", "ISODD", "ISEVEN")
)
_CLASSIC_ERRORS = frozenset(("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"))
_CHARACTERS = frozenset(("CHAR", "CODE", "UNICHAR", "UNICODE"))


@frozen
class Particular:
    """Judges what is particular to the function of one call."""

    area: Callable[[Area], AreaFacts | None]
    value: Callable[[Node], tuple[bool, Value]]

    def judge(self, node: Call) -> Suspicion | None:
        """Why a function's result is not believed for its arguments; None where nothing is known against it."""
        name = node.name
        if name == "TEXT" and len(node.args) == 2:
            known, code = self.value(node.args[1])
            if not (known and isinstance(code, str) and is_certain_format(code)):
                named = known and isinstance(code, str) and is_calendar_format(code)
                day_known, day = self.value(node.args[0])
                # LibreOffice counts the days before March 1900 otherwise, and shows negative ones.
                named = named and not (day_known and not (isinstance(day, Decimal) and day >= 61))
                return Suspicion(Verdict.UNSURE if named else Verdict.NEVER, "TEXT 的格式代码未经核对")
        if name == "VALUE" and node.args:
            known, value = self.value(node.args[0])
            if known and value is None:
                return Suspicion(Verdict.WRONG, "VALUE 的参数是空单元格")
        if name in _CHARACTERS and not self.is_ascii(node.args[0] if node.args else None):
            return Suspicion(Verdict.UNSURE, f"{name} 的结果与字符集有关")
        if name in _ADD_INS:
            found = self.add_in(node)
            if found is not None:
                return found
        if name == "SEARCH" and node.args:
            known, value = self.value(node.args[0])
            if not known or (isinstance(value, str) and "~" in value):
                return Suspicion(Verdict.NEVER, "SEARCH 找的文字可能含有 ~")
        if name in ("TEXTBEFORE", "TEXTAFTER") and len(node.args) > 2:
            return Suspicion(Verdict.UNSURE, f"{name} 的可选参数未经核对")
        if name == "ERROR.TYPE" and node.args:
            known, value = self.value(node.args[0])
            # The engine takes the newer errors for #VALUE!.
            if known and isinstance(value, CellError) and value.code not in _CLASSIC_ERRORS - {"#VALUE!"}:
                return Suspicion(Verdict.NEVER, "ERROR.TYPE 可能遇到新的错误值")
        if name == "SUMPRODUCT" and any(self.is_lone_text(arg) for arg in node.args):
            return Suspicion(Verdict.UNSURE, "SUMPRODUCT 的参数是单个文字单元格")
        if name == "DATEDIF" and len(node.args) == 3:
            known, unit = self.value(node.args[2])
            if not (known and isinstance(unit, str) and unit.lower() in ("y", "m", "d", "ym")):
                return Suspicion(Verdict.UNSURE, "DATEDIF 的单位未经核对")
        return None

    def add_in(self, node: Call) -> Suspicion | None:
        """Functions that once were an add-in refuse booleans, and read text and empty cells their own way."""
        for arg in node.args:
            known, value = self.value(arg)
            if known and isinstance(value, bool):
                return Suspicion(Verdict.NEVER, f"{node.name} 的参数是逻辑值")
            if known and (value is None or isinstance(value, str)):
                return Suspicion(Verdict.UNSURE, f"{node.name} 的参数是文字或空单元格")
        return None

    def is_lone_text(self, node: Node) -> bool:
        """Whether an argument is a range of one cell, and that a text."""
        found = self.area(node) if isinstance(node, Area) else None
        return found is not None and len(found.values) == 1 and isinstance(found.values[0], str)

    def is_ascii(self, node: Node | None) -> bool:
        """Whether a character, or the number of one, is surely an ASCII one."""
        if node is None:
            return False
        if isinstance(node, Literal) and node.kind is TokenKind.NUMBER:
            return Decimal(node.text) < 128
        known, value = self.value(node)
        if known and isinstance(value, Decimal):
            return value < 128
        return known and isinstance(value, str) and value.isascii() and bool(value)
