"""Lookups that the built-in engine answers otherwise than Excel.

It takes empty cells for 0, FALSE or an empty text, and in approximate lookups counts them as numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from gouji.calc.facts import AreaFacts, rectangle
from gouji.calc.formula import TokenKind
from gouji.calc.syntax import Area, Array, Call, Literal, Missing, Node, Operation
from gouji.calc.value import Value
from gouji.calc.verdict import Suspicion, Verdict

__all__ = ["Lookups"]

_FUNCTIONS = frozenset(("VLOOKUP", "HLOOKUP", "MATCH", "XLOOKUP", "XMATCH", "LOOKUP"))
# The argument that says how to match, and what it says where it is left out.
_MODE = {
    "VLOOKUP": (3, True),
    "HLOOKUP": (3, True),
    "MATCH": (2, True),
    "XLOOKUP": (4, False),
    "XMATCH": (2, False),
}


@dataclass(frozen=True, slots=True)
class Lookups:
    """Judges one lookup."""

    area: Callable[[Area], AreaFacts | None]
    value: Callable[[Node], tuple[bool, Value]]

    def judge(self, call: Call) -> Suspicion | None:
        """Why a lookup is not answered safely; None for other functions."""
        if call.name not in _FUNCTIONS or len(call.args) < 2:
            return None
        where = call.args[1]
        if call.name == "LOOKUP":
            return self.sorted_enough(where, table=len(call.args) == 2, across=False)
        mode = self.mode(call)
        if mode is None:
            return Suspicion(Verdict.UNSURE, f"{call.name} 的匹配方式由公式决定")
        if mode:
            if call.name in ("XLOOKUP", "XMATCH"):
                return Suspicion(Verdict.UNSURE, f"{call.name} 的近似匹配")
            table = call.name in ("VLOOKUP", "HLOOKUP")
            return self.sorted_enough(where, table=table, across=call.name == "HLOOKUP")
        return self.sought(call)

    def mode(self, call: Call) -> bool | None:
        """Whether a lookup is approximate; None where that cannot be told."""
        index, otherwise = _MODE[call.name]
        if len(call.args) <= index:
            return otherwise
        arg = call.args[index]
        if isinstance(arg, Missing):
            return False
        if isinstance(arg, Operation) and arg.operator in ("u-", "u+"):
            return True
        if isinstance(arg, Literal) and arg.kind is TokenKind.NUMBER:
            return arg.text not in ("0", "0.0")
        known, value = self.value(arg)
        return value if known and isinstance(value, bool) else None

    def sought(self, call: Call) -> Suspicion | None:
        """An exact lookup goes wrong where the value sought is empty-like and there are empty cells."""
        sought = call.args[0]
        known, value = self.value(sought)
        if isinstance(sought, Literal) and sought.kind is TokenKind.NUMBER:
            known, value = True, Decimal(sought.text)
        if known and not (value is None or value == "" or value is False or value == 0):
            return None
        if isinstance(sought, Operation) and sought.operator == "&" and _has_words(sought):
            return None
        where = call.args[1]
        found = self.area(where) if isinstance(where, Area) else None
        if isinstance(where, Array) or (found is not None and not found.has_empty):
            return None
        verdict = Verdict.WRONG if known else Verdict.UNSURE
        if value == "" and known:
            verdict = Verdict.NEVER  # LibreOffice does not find an empty text either
        return Suspicion(verdict, f"{call.name} 找的可能是空值或 0，而查找区域里有空单元格")

    def sorted_enough(self, where: Node, *, table: bool, across: bool) -> Suspicion | None:
        """An approximate lookup is safe in a list without gaps, of one kind, in rising order."""
        unsure = Suspicion(Verdict.UNSURE, "近似查找的区域有空格、类型混杂或没有排序")
        if isinstance(where, Array | Operation):
            return None  # constants, and LOOKUP(1,0/(…)): compared with Excel
        if not isinstance(where, Area):
            return unsure
        found = self.area(where)
        area = rectangle(where.ref)
        if found is None or area is None:
            return unsure
        width = area[3] - area[1] + 1
        if table and across:
            return None if found.rises(count=width) else unsure
        return None if found.rises(step=width if table else 1) else unsure


def _has_words(node: Operation) -> bool:
    return any(isinstance(one, Literal) and bool(one.text) for one in node.operands)
