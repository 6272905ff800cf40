"""Formulas that the built-in engine gets silently wrong, or may: found by reading them.

Three verdicts. WRONG: the engine is known to err; LibreOffice is believed instead, where it is installed.
UNSURE: the engine was not compared with Excel here; its result is believed where LibreOffice, or the value
Excel left in the file, agrees. NEVER: what Excel shows depends on its language or on array entry; nothing is
believed and the old value stays.

Every case was found by trial against Excel's documented results; see docs/recalc.md.
"""

from __future__ import annotations

from enum import StrEnum

from gouji.calc.catalogue import (
    AGGREGATES,
    ARGUMENTS,
    NEEDS_ARRAY_FORMULA,
    READS_TEXT,
    UNTRUSTWORTHY,
    kind_of,
)
from gouji.calc.criteria import Criteria
from gouji.calc.facts import AreaFacts, Facts, Rectangle, rectangle, sheet_of
from gouji.calc.formula import FormulaSyntaxError, TokenKind
from gouji.calc.lookups import Lookups
from gouji.calc.numbertext import is_ambiguous
from gouji.calc.particular import Particular
from gouji.calc.plain import is_plain
from gouji.calc.syntax import Area, Array, Call, Literal, Missing, Name, Node, Operation, parse, walk
from gouji.calc.value import CellError, Value
from gouji.calc.verdict import Suspicion, Verdict

__all__ = ["Suspicion", "Verdict", "references", "suspicion", "suspicious_result"]


class _Where(StrEnum):
    """What surrounds a node: nothing that matters, an aggregate, or a function that computes arrays."""

    PLAIN = "plain"
    LIFTED = "lifted"
    ARRAY = "array"


_ARITHMETIC = {"+", "-", "*", "/", "^", "u-", "u+", "%"}
_ORDER = {"<", ">", "<=", ">="}
_TEXT_FUNCTIONS = frozenset(
    (
        "LEFT",
        "RIGHT",
        "MID",
        "TRIM",
        "CLEAN",
        "UPPER",
        "LOWER",
        "PROPER",
        "SUBSTITUTE",
        "REPLACE",
        "TEXT",
        "REPT",
        "CONCATENATE",
        "CONCAT",
        "TEXTJOIN",
        "T",
        "FIXED",
    )
)
_THREE_D = frozenset(
    ["SUM", "AVERAGE", "AVERAGEA", "COUNT", "COUNTA", "MAX", "MAXA", "MIN", "MINA", "PRODUCT"]
)
_BYTES = frozenset(("LENB", "LEFTB", "RIGHTB", "MIDB"))


# What was said of a part of a formula without looking at any cell: it is the same in every workbook.
_SAID: dict[tuple[int, _Where, bool], tuple[Node, Suspicion | None]] = {}
_MOST_SAID = 50_000


class _Reader:
    """Reads one formula of a sheet; ``looks`` counts how often it looked at cells."""

    __slots__ = ("facts", "looks", "sheet")

    def __init__(self, sheet: str, facts: Facts) -> None:
        self.sheet = sheet
        self.facts = facts
        self.looks = 0

    def area(self, area: Area) -> AreaFacts | None:
        """What is in an area; None where it cannot be looked at."""
        self.looks += 1
        where = rectangle(area.ref)
        return None if where is None else self.facts.area(sheet_of(area.sheet) or self.sheet, where)

    def value(self, node: Node) -> tuple[bool, Value]:
        """Whether the value of a node can be told by looking, and what it is."""
        if isinstance(node, Literal):
            if node.kind is TokenKind.STRING:
                return True, node.text
            if node.kind is TokenKind.NAME:
                return True, node.text == "TRUE"
            return (False, None) if node.kind is TokenKind.NUMBER else (True, CellError(node.text))
        if isinstance(node, Area) and node.single:
            found = self.area(node)
            if found is not None and len(found.values) == 1:
                return True, found.values[0]
        return False, None

    def visit(self, node: Node, where: _Where, *, top: bool = False) -> Suspicion | None:
        """The first suspicion about a node or what is below it."""
        if isinstance(node, Operation | Call):
            key = (id(node), where, top)
            said = _SAID.get(key)
            if said is not None and said[0] is node:
                return said[1]
            before = self.looks
            found = self.operation(node, where) if isinstance(node, Operation) else self.call(node, where)
            if self.looks == before:
                if len(_SAID) >= _MOST_SAID:
                    _SAID.clear()
                _SAID[key] = (node, found)  # the node is kept, so that its id is not given to another
            return found
        if isinstance(node, Area) and not node.single and where is _Where.LIFTED and not top:
            return Suspicion(Verdict.WRONG, "对区域逐格计算，只有数组公式才会这样算", may_fail=True)
        if isinstance(node, Name) and "[" in node.text and "]" in node.text and "!" in node.text:
            return Suspicion(Verdict.NEVER, "引用了其他工作簿")
        return None

    def operation(self, node: Operation, where: _Where) -> Suspicion | None:
        if node.operator in ("@", "#"):
            return Suspicion(Verdict.UNSURE, f"运算符 {node.operator} 的结果未经核对")
        if node.operator in (":", " ", ","):
            inside = _Where.PLAIN
        else:
            inside = where
            for operand in node.operands if node.operator in _ARITHMETIC else ():
                found = self.coerced(operand)
                if found is not None:
                    return found
            if node.operator in _ORDER and self.orders_texts(node):
                return Suspicion(Verdict.UNSURE, "按大小比较两段文字，结果与排序规则有关")
            if where is _Where.ARRAY and any(_is_whole(operand) for operand in node.operands):
                return Suspicion(Verdict.UNSURE, "对整列逐格计算")
        for operand in node.operands:
            found = self.visit(operand, inside)
            if found is not None:
                return found
        return None

    def coerced(self, operand: Node) -> Suspicion | None:
        """Whether an operand of arithmetic is a text that not every Excel turns into the same number."""
        known, value = self.value(operand)
        if known and isinstance(value, str) and is_ambiguous(value):
            return Suspicion(Verdict.NEVER, f"文字“{value[:20]}”能否当作数，不同语言版本的 Excel 不一样")
        return None

    def orders_texts(self, node: Operation) -> bool:
        """Whether both sides may be texts, and one surely is (an empty one sorts first everywhere)."""
        sides = [self.value(operand) for operand in node.operands]
        if any(
            isinstance(operand, Literal) and operand.kind is TokenKind.NUMBER for operand in node.operands
        ):
            return False
        if any(known and (not isinstance(value, str) or not value) for known, value in sides):
            return False
        return any(known for known, _ in sides)

    def call(self, node: Call, where: _Where) -> Suspicion | None:
        name = node.name
        if name not in ARGUMENTS:
            if name in _BYTES:
                return Suspicion(Verdict.WRONG, f"{name} 按字节计算汉字")
            if name in UNTRUSTWORTHY:
                return Suspicion(Verdict.NEVER, f"函数 {name} 的结果与 Excel 有出入")
            return self.unlisted(node)
        found = self.special(node, where)
        if found is not None:
            return found
        for index in range(len(node.args)):
            kind = kind_of(name, index)
            found = self.argument(node, index, kind, where)
            if found is not None:
                return found
        return None

    def unlisted(self, node: Call) -> Suspicion:
        """A function that was not compared with Excel: a second opinion counts only for plain numbers and words."""
        for index, arg in enumerate(node.args):
            found = self.area(arg) if isinstance(arg, Area) else None
            odd = found is not None and (
                found.has_boolean or (found.has_text and node.name not in READS_TEXT) or found.has_number_text
            )
            odd = odd or (found is not None and found.values == [None])
            flag = isinstance(arg, Literal) and arg.kind is TokenKind.NAME and not index
            if odd or flag or isinstance(arg, Missing) or (isinstance(arg, Area) and found is None):
                return Suspicion(Verdict.NEVER, f"函数 {node.name} 的参数不是普通的数")
        return Suspicion(Verdict.UNSURE, f"函数 {node.name} 的结果未经核对")

    def argument(self, call: Call, index: int, kind: str, where: _Where) -> Suspicion | None:
        arg = call.args[index]
        if isinstance(arg, Missing):
            return None
        spans = isinstance(arg, Area) and ":" in arg.sheet.strip("'!")
        if spans and call.name not in _THREE_D:
            return Suspicion(Verdict.UNSURE, f"{call.name} 跨多张工作表引用")
        if kind == "a":
            return self.visit(arg, _Where.ARRAY, top=True)
        if kind == "r":
            if where is _Where.ARRAY:
                return self.visit(arg, where)
            if call.name in AGGREGATES:
                return self.visit(arg, _Where.LIFTED, top=True)
            if _lifts(arg):
                return Suspicion(Verdict.NEVER, f"{call.name} 里对区域逐格计算，需要数组公式")
            return self.visit(arg, _Where.PLAIN)
        if kind == "n":
            found = self.coerced(arg)
            if found is not None:
                return found
        if kind == "l" and call.name in ("AND", "OR", "XOR"):
            return self.truth(call, arg, where)
        if where is _Where.LIFTED and call.name in ("IF", "CHOOSE") and index and _is_range(arg):
            return None  # hands a whole range on: nothing is computed cell by cell
        return self.visit(arg, where)

    def truth(self, call: Call, arg: Node, where: _Where) -> Suspicion | None:
        """AND, OR and XOR skip text in cells but refuse most typed text, which the engine skips as well."""
        if isinstance(arg, Literal) and arg.kind is TokenKind.STRING:
            if arg.text.upper() in ("", "TRUE", "FALSE"):
                return None
            return Suspicion(Verdict.WRONG, f"{call.name} 的参数是文字", may_fail=True)
        if (isinstance(arg, Call) and arg.name in _TEXT_FUNCTIONS) or (
            isinstance(arg, Operation) and arg.operator == "&"
        ):
            return Suspicion(Verdict.UNSURE, f"{call.name} 的参数是算出的文字")
        if where is _Where.ARRAY:
            return self.visit(arg, where)
        return self.visit(arg, _Where.LIFTED, top=True)

    def special(self, node: Call, where: _Where) -> Suspicion | None:
        """What is particular to one function, and where it stands."""
        name = node.name
        if (
            where is _Where.ARRAY
            and name in NEEDS_ARRAY_FORMULA
            and any(_lifts(arg) or _is_range(arg) for arg in node.args)
        ):
            return Suspicion(Verdict.NEVER, f"{name} 要逐格判断，只有数组公式才会这样算")
        if (
            where is not _Where.PLAIN
            and name in ("ROW", "COLUMN", "INDIRECT", "OFFSET")
            and _gives_many(node)
        ):
            return Suspicion(Verdict.WRONG, f"用 {name} 产生一组数")
        found = Particular(self.area, self.value).judge(node)
        found = found or Criteria(self.area, self.value).judge(node, lifted=where is _Where.ARRAY)
        return found or Lookups(self.area, self.value).judge(node)


def _is_range(node: Node) -> bool:
    return isinstance(node, Area) and not node.single


def _is_whole(node: Node) -> bool:
    """Whether a node is a whole column or row."""
    if not isinstance(node, Area):
        return False
    return not any(char.isdigit() for char in node.ref) or not any(char.isalpha() for char in node.ref)


def _lifts(node: Node) -> bool:
    """Whether an expression computes a range cell by cell."""
    if isinstance(node, Operation) and node.operator not in (":", " ", ",", "@", "#"):
        return any(_is_range(below) for below in walk(node))
    return False


def _gives_many(node: Call) -> bool:
    return any(_is_range(arg) or isinstance(arg, Call | Operation | Name | Array) for arg in node.args)


def suspicion(formula: str, sheet: str, facts: Facts, *, array: bool) -> Suspicion | None:
    """Why a formula's result from the built-in engine is not simply believed; None where it is.

    Args:
        formula: The text without ``=``.
        sheet: The name of the sheet it stands on.
        facts: The values of the cells.
        array: Whether it is an array formula (or spills).
    """
    if array:
        return Suspicion(Verdict.UNSURE, "数组公式的结果未经核对")
    if is_plain(formula) and not facts.has_ambiguous_text:
        return None
    try:
        tree = parse(formula)
    except FormulaSyntaxError:
        return Suspicion(Verdict.UNSURE, "公式的写法无法识别")
    return _Reader(sheet, facts).visit(tree, _Where.PLAIN, top=True)


def references(formula: str, sheet: str) -> list[tuple[str, Rectangle]]:
    """The areas a formula refers to, by sheet name; nothing for a formula that cannot be read."""
    try:
        tree = parse(formula)
    except FormulaSyntaxError:
        return []
    found = []
    for node in walk(tree):
        where = rectangle(node.ref) if isinstance(node, Area) else None
        if where is not None and isinstance(node, Area):
            found.append((sheet_of(node.sheet) or sheet, where))
    return found


_DOUBTED_ERRORS = frozenset(("#NAME?", "#SPILL!", "#CALC!", "#NULL!"))
_ERR_EASILY = frozenset(
    ("TEXT", "TIME", "REPLACE", "HOUR", "MINUTE", "SECOND", "YEAR", "MONTH", "DAY", "OFFSET")
)


def suspicious_result(formula: str, sheet: str, result: Value, facts: Facts) -> Suspicion | None:
    """Why a result is not believed for what it is, though the formula is; None where it is."""
    if isinstance(result, CellError):
        return _suspicious_error(formula, sheet, result, facts)
    if isinstance(result, str) and _has_long_number(result) and "TEXT" not in formula.upper():
        return Suspicion(Verdict.UNSURE, "很长的数变成文字，写法未经核对")
    return None


def _suspicious_error(formula: str, sheet: str, result: CellError, facts: Facts) -> Suspicion | None:
    if result.code in formula:
        return None
    try:
        tree = parse(formula)
    except FormulaSyntaxError:
        return Suspicion(Verdict.UNSURE, f"结果是 {result.code}")
    reader = _Reader(sheet, facts)
    names = set()
    for node in walk(tree):
        if isinstance(node, Area):
            area = reader.area(node)
            if area is None or (area.has_error and result in area.values):
                return None  # handed on from a cell that has it
        if isinstance(node, Call):
            names.add(node.name)
        if isinstance(node, Name):
            names.add("INDIRECT")
    if (
        result.code in _DOUBTED_ERRORS
        or (result.code in ("#VALUE!", "#NUM!") and names & _ERR_EASILY)
        or (result.code in ("#REF!", "#VALUE!") and names & {"INDIRECT", "OFFSET"})
    ):
        return Suspicion(Verdict.UNSURE, f"结果是 {result.code}，但没有引用到出错的单元格")
    return None


def _has_long_number(text: str) -> bool:
    run = 0
    for char in text:
        run = run + 1 if char.isdigit() else 0
        if run >= 16:
            return True
    return False
