"""Arithmetic written out with its signs, in a sentence or a cell: 58/60×100%=98.67%, 61+74+10=146."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from gouji.form.facts import Facts
from gouji.form.label import compact
from gouji.form.settings import Settings
from gouji.frozen import frozen
from gouji.model import Finding, Place, Severity
from gouji.number import round_half_up
from gouji.pattern import compiled
from gouji.rule.base import Rule, RuleDoc, finding
from gouji.rule.wording import figure
from gouji.source.document import cell_name

__all__ = ["RULE"]

_FIGURE = r"\d[\d,]*(?:\.\d+)?(?:%|[^\d\W_a-zA-Z]{1,3}(?=[-+*/=×÷()]))?"
_SIGN = r"[-+*/×÷]"
_SUM = compiled(
    rf"(?<![\d.%a-zA-Z)/\-+*×÷])(?P<sum>\(*{_FIGURE}(?:\)*{_SIGN}\(*{_FIGURE})+\)*)"
    r"(?:=|≈)(?P<result>\d[\d,]*(?:\.\d+)?)(?P<percent>%?)(?![\d.]|[-+*/×÷(])"
)
_TOKEN = compiled(r"(?P<figure>\d[\d,]*(?:\.\d+)?)(?P<unit>%|[^\d\W_]{0,3})|(?P<sign>[-+*/×÷()])")
_QUOTIENT = compiled(r"[*/×÷%]")
_HUNDRED = Decimal(100)
_RANK = {"+": 1, "-": 1, "*": 2, "×": 2, "/": 2, "÷": 2}
_YEARS = compiled(r"\(*20\d\d年?[-/]")
_MOST = 240


@frozen
class _Value:
    """A value with how far rounding of its figures may have moved it, and its unit where all terms share one."""

    value: Decimal
    slack: Decimal
    unit: str | None


def _check(facts: Facts, _settings: Settings) -> Iterator[Finding]:
    path = facts.document.path
    for paragraph in facts.document.paragraphs:
        yield from _text(paragraph.text, path, None, None, paragraph.number)
    for grid in facts.document.grids:
        for cell in grid.cells.values():
            if isinstance(cell.value, str) and ("=" in cell.text or "＝" in cell.text or "≈" in cell.text):
                yield from _text(cell.text, path, grid.name, cell_name(cell.row, cell.col), None)


def _text(
    text: str, path: str, sheet: str | None, cell: str | None, paragraph: int | None
) -> Iterator[Finding]:
    if not ("=" in text or "＝" in text or "≈" in text):
        return
    for written, expected, printed in _wrong(text):
        yield finding(
            RULE,
            f"{f'{cell} 的' if cell else ''}算式“{written}”不成立：按式中的数应为 {expected}。请核对算式和结果。",
            Place(path, sheet, cell, paragraph=paragraph, text=written if written in text else None),
            observed=printed,
            expected=expected,
            relation=f"{written.partition('=')[0]} = {expected} ≠ {printed}",
        )


@lru_cache(maxsize=2048)
def _wrong(text: str) -> tuple[tuple[str, str, str], ...]:
    """The sums of a text that do not come out: as written, what they give, and what stands there."""
    found: list[tuple[str, str, str]] = []
    for sum_ in _SUM.finditer(compact(text)):
        written, result = sum_["sum"], Decimal(sum_["result"].replace(",", ""))
        if len(written) > _MOST or _YEARS.match(written) or written.count("(") != written.count(")"):
            continue
        value = _value(written)
        if value is None:
            continue
        decimals = len(sum_["result"].partition(".")[2])
        # a quotient may have been cut off; whole figures added up come out to the unit
        unit = Decimal(1).scaleb(-decimals) if _QUOTIENT.search(written) else Decimal(0)
        percent = sum_["percent"]
        meant = [value.value, value.value * _HUNDRED] if percent or "%" in written else [value.value]
        slack = [value.slack, value.slack * _HUNDRED]
        if any(abs(m - result) <= max(unit, s) for m, s in zip(meant, slack, strict=False)):
            continue
        exact = meant[-1] if percent and not _counts_in_hundreds(written) else meant[0]
        right = f"{figure(round_half_up(exact, max(decimals, 2 if percent else 0)))}{percent}"
        found.append((sum_[0], right, f"{sum_['result']}{percent}"))
    return tuple(found)


def _counts_in_hundreds(written: str) -> bool:
    """Whether ×100 without a percent sign has made percent points of the quotient already."""
    return any(sign + "100" in written and sign + "100%" not in written for sign in "*×")


def _value(written: str) -> _Value | None:
    """The value of an expression; None where it is none, divides by nothing or mixes units."""
    values: list[_Value] = []
    signs: list[str] = []
    end = 0
    for token in _TOKEN.finditer(written):
        if token.start() != end:
            return None
        end = token.end()
        sign = token["sign"]
        if sign is None:
            values.append(_figure(token["figure"], token["unit"]))
        elif sign == "(":
            signs.append(sign)
        else:
            while signs and signs[-1] != "(" and _RANK[signs[-1]] >= _RANK.get(sign, 0):
                if not _apply(values, signs.pop()):
                    return None
            if sign != ")":
                signs.append(sign)
            elif signs:
                signs.pop()
            else:
                return None
    while signs:
        sign = signs.pop()
        if sign == "(" or not _apply(values, sign):
            return None
    return values[0] if end == len(written) and len(values) == 1 else None


def _figure(text: str, unit: str) -> _Value:
    value = Decimal(text.replace(",", ""))
    decimals = len(text.partition(".")[2])
    # whole figures are counts, or amounts that were planned so
    slack = Decimal((0, (5,), -decimals - 1)) if decimals else Decimal(0)
    if unit == "%":
        return _Value(value / _HUNDRED, slack / _HUNDRED, None)
    return _Value(value, slack, unit or None)


def _apply(values: list[_Value], sign: str) -> bool:
    if len(values) < 2 or sign not in _RANK:
        return False
    second, first = values.pop(), values.pop()
    a, b = first.value, second.value
    units = {unit for unit in (first.unit, second.unit) if unit is not None}
    if sign in "+-":
        if len(units) > 1:
            return False
        made = _Value(a + b if sign == "+" else a - b, first.slack + second.slack, min(units, default=None))
    elif sign in "*×":
        made = _Value(
            a * b, abs(a) * second.slack + abs(b) * first.slack, units.pop() if len(units) == 1 else None
        )
    else:
        if not b or len(units) > 1:
            return False
        made = _Value(a / b, (first.slack + abs(a / b) * second.slack) / abs(b), None)
    values.append(made)
    return True


RULE = Rule(
    code="GJ605",
    name="written-arithmetic",
    group="narrative",
    severity=Severity.ERROR,
    basis=None,
    doc=RuleDoc(
        what="文字和表格里写出的算式（58/60×100%=96.67%、61+74+10=145、（128.6-120.4）÷120.4=6.81%）按式中的数重新计算；"
        "只差在末位或在四舍五入范围内的不报，加减的数单位不同的不算。",
        why="算式是给审核人看的，改了一个数忘了改结果，一眼就能看出来。",
        example="在职人员控制率=58/60×100%=98.67%，应为 96.67%，报错。",
        fix_safety="不自动修改：错的可能是算式里的数。",
    ),
    check=_check,
)
