"""Criteria of COUNTIF and its kin that the built-in engine reads otherwise than Excel.

Excel (documented for COUNTIFS and SUMIF): a criterion that is an empty cell stands for 0; ``=`` matches empty
cells only and ``<>`` all others, an empty text being no empty cell; ``*`` matches every text, the empty one
included; ``<>5`` leaves out the text ``5`` as ``5`` finds it; an error's name matches that error.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from gouji.calc.catalogue import kind_of
from gouji.calc.facts import AreaFacts
from gouji.calc.formula import TokenKind
from gouji.calc.numbertext import is_plain_number
from gouji.calc.syntax import Area, Array, Call, Literal, Missing, Node, Operation
from gouji.calc.value import CellError, Value
from gouji.calc.verdict import Suspicion, Verdict

__all__ = ["FUNCTIONS", "Criteria"]

FUNCTIONS = frozenset(
    ("COUNTIF", "COUNTIFS", "SUMIF", "SUMIFS", "AVERAGEIF", "AVERAGEIFS", "MAXIFS", "MINIFS")
)
_OPERATOR = re.compile(r"(<>|<=|>=|=|<|>)?(.*)", re.DOTALL)
_ERROR = re.compile(r"#(?:N/A|REF!|DIV/0!|VALUE!|NAME\?|NULL!|NUM!)", re.IGNORECASE)
_MATCHES_EMPTY = re.compile(r"\**")


@dataclass(frozen=True, slots=True)
class Criteria:
    """Judges the criteria of one call."""

    area: Callable[[Area], AreaFacts | None]
    value: Callable[[Node], tuple[bool, Value]]

    def judge(self, call: Call, *, lifted: bool) -> Suspicion | None:
        """Why a call's criteria are not read safely; None for other functions."""
        if call.name not in FUNCTIONS:
            return None
        for index, arg in enumerate(call.args):
            if kind_of(call.name, index) == "c":
                found = self.criterion(arg, self.against(call.args[index - 1]), lifted=lifted)
                if found is not None:
                    return found
        if call.name in ("MAXIFS", "MINIFS") and call.args:
            known = self.against(call.args[0])
            if known is None or known.has_error:
                return Suspicion(Verdict.WRONG, f"{call.name} 的取值区域里有错误值", may_fail=True)
        return None

    def against(self, node: Node) -> AreaFacts | None:
        """What is known of the range a criterion is held against."""
        return self.area(node) if isinstance(node, Area) else None

    def criterion(self, node: Node, against: AreaFacts | None, *, lifted: bool) -> Suspicion | None:
        """Judge one criterion; ``lifted`` where a whole range of criteria is computed."""
        if isinstance(node, Missing):
            return Suspicion(Verdict.UNSURE, "条件留空")
        if isinstance(node, Array):
            return next(
                (found for item in node.items if (found := self.criterion(item, against, lifted=lifted))),
                None,
            )
        if isinstance(node, Area) and not node.single:
            if not lifted:
                return None  # one cell of it is meant, which the engine gets right
            listed = self.area(node)
            if listed is None:
                return Suspicion(Verdict.UNSURE, "条件是一大片区域")
            return next(
                (found for value in set(listed.values) if (found := self.of_value(value, against))), None
            )
        text = self.text(node)
        if text is not None:
            return self.of_text(text, against)
        known, value = self.value(node)
        if known:
            return self.of_value(value, against)
        if isinstance(node, Literal) and node.kind is TokenKind.NUMBER:
            return None
        if isinstance(node, Operation) and node.operator in ("u-", "+", "-", "*", "/"):
            return None  # a number
        return Suspicion(Verdict.UNSURE, "条件由公式算出")

    def text(self, node: Node) -> str | None:
        """The text of a literal, or of literals and cells joined by ``&``."""
        if isinstance(node, Literal) and node.kind is TokenKind.STRING:
            return node.text
        if not (isinstance(node, Operation) and node.operator == "&"):
            return None
        pieces: list[str] = []
        for operand in node.operands:
            piece = self.text(operand)
            if piece is None:
                known, value = self.value(operand)
                if isinstance(operand, Literal) and operand.kind is TokenKind.NUMBER:
                    piece = operand.text
                elif not known or isinstance(value, CellError):
                    # What follows the operator is a number or a word of the sheet: not empty, as far as one sees.
                    piece = "1" if isinstance(operand, Call | Operation) and pieces and pieces[-1] else None
                else:
                    piece = "" if value is None else str(value)
            if piece is None:
                return None
            pieces.append(piece)
        return "".join(pieces)

    def of_value(self, value: Value, against: AreaFacts | None) -> Suspicion | None:
        """Judge a criterion by its value."""
        if value is None:
            return Suspicion(Verdict.WRONG, "条件是空单元格，Excel 当作 0")
        if isinstance(value, CellError):
            return Suspicion(Verdict.UNSURE, "条件是错误值")
        return self.of_text(value, against) if isinstance(value, str) else None

    def of_text(self, text: str, against: AreaFacts | None) -> Suspicion | None:
        """Judge a criterion by its text."""
        found = _OPERATOR.fullmatch(text)
        operator, operand = (found[1] or "", found[2]) if found else ("", text)
        if _ERROR.fullmatch(operand):
            spelled = against is None or any(
                isinstance(one, str) and _ERROR.fullmatch(one) for one in against.values
            )
            verdict = Verdict.NEVER if spelled else Verdict.WRONG
            return Suspicion(verdict, "条件是错误值的名称", despite_booleans=True)
        if (operator or operand) and _MATCHES_EMPTY.fullmatch(operand):
            if operator in ("<", ">", "<=", ">="):
                return Suspicion(Verdict.UNSURE, "条件只有比较符号")
            if against is not None and not against.has_empty_text:
                return None
            if operand:  # LibreOffice matches numbers with * as well
                return Suspicion(Verdict.NEVER, "条件 * 遇到空文字")
            return Suspicion(Verdict.WRONG, "条件要区分空单元格与空文字", despite_booleans=True)
        number = is_plain_number(operand)
        if operator == "<>" and number and (against is None or against.has_number_text):
            return Suspicion(Verdict.WRONG, "条件“不等于某数”遇到文字形式的数")
        if operator in ("<", ">", "<=", ">=") and not number:
            return Suspicion(Verdict.UNSURE, "按大小比较文字，结果与排序规则有关")
        if (
            not number
            and any(char.isdigit() for char in operand)
            and re.fullmatch(r"[\d\s/:.年月日-]+", operand)
        ):
            return Suspicion(Verdict.UNSURE, "条件像日期，怎样识别与 Excel 的语言有关")
        return None
