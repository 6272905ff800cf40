"""An indicator that states the whole spending (整体支出, 项目总成本) otherwise than the money block of the form."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from gouji.form.facts import Facts, IndicatorTable, MoneyTable, Slot
from gouji.form.label import compact, parse_label
from gouji.form.settings import Settings
from gouji.model import Applicability, Change, Finding, Fix, Reading, Severity
from gouji.number import unit_factor
from gouji.pattern import compiled
from gouji.rule.base import Rule, RuleDoc, finding
from gouji.rule.wording import figure

__all__ = ["RULE"]

_WHOLE = compiled(
    r"^(?:部门|单位|年度|全年|本年|项目|活动|工程|资金)*"
    r"(?:整体支出|总成本|总支出|支出总额|成本总额|经费总额|支出总成本|整体支出成本)(?:控制|金额|总额|成本|额度|规模|数|率)*$"
)
_MONEY = frozenset({"元", "千元", "万元", "百万元", "亿元"})
_AMOUNTS = frozenset(
    {"opening", "adjusted", "budget", "adjustment", "executed", "surplus", "amount", "source"}
)
_DIGITS = 4
_NEAR = 3  # a figure further away than a third is about something else
_SPENT, _BUDGETS = ("executed",), ("adjusted", "budget", "opening")


def _check(facts: Facts, _settings: Settings) -> Iterator[Finding]:
    for table in facts.indicators:
        blocks = [money for money in facts.money if money.grid is table.grid]
        if blocks and sum(other.grid is table.grid for other in facts.indicators) == 1:
            yield from _table(table, blocks)


def _table(table: IndicatorTable, blocks: list[MoneyTable]) -> Iterator[Finding]:
    known = [amount for block in blocks for amount in _amounts(block)]
    for row in table.rows:
        if not _WHOLE.match(compact(parse_label(row.name).core)):
            continue
        for slot, reading, what, roles in (
            (row.actual, row.actual_reading, "完成值", _SPENT),
            (row.target, row.target_reading, "指标值", _BUDGETS),
        ):
            typed = _in_yuan(reading, reading.unit)
            if slot is None or typed is None or reading.upper is not None or reading.approximate:
                continue
            # whichever figure of the money it is, the indicator copies one
            if any(_same(reading, typed, value) for value in known):
                continue
            stated = [
                found for role in roles for block in blocks if (found := _total(block, role)) is not None
            ]
            near = [(right, value) for right, value in stated if abs(typed - value) * _NEAR <= value]
            slips = [(right, value) for right, value in near if _alike(reading, value)]
            if slips or (near and roles is _SPENT):  # a ceiling may be set otherwise than the budget
                yield _finding(row.name_slot.label, what, slot, reading, (slips or near)[0], slip=bool(slips))


def _finding(
    name: str, what: str, slot: Slot, reading: Reading, stated: tuple[Slot, Decimal], *, slip: bool
) -> Finding:
    right, amount = stated
    shown = f"{figure(amount / (unit_factor(reading.unit or '元') or Decimal(1)))}{reading.unit}"
    typed = slot.text[slot.text.find(next(c for c in slot.text if c.isdigit())) :]
    change = Change(slot.grid.name, slot.name, slot.text, slot.text.replace(typed, shown))
    return finding(
        RULE,
        f"指标“{name}”的{what}填 {slot.text}，但资金表里{right.label}是 {right.text}。请核对。",
        slot.place,
        severity=Severity.WARNING if slip else Severity.INFO,
        expected=shown,
        relation=f"{slot.text} ≠ {right.text}",
        related=(right.place,),
        fix=Fix(Applicability.UNSAFE, (change,)) if slip and typed.endswith(reading.unit or "") else None,
    )


def _amounts(table: MoneyTable) -> Iterator[Decimal]:
    """Every amount of a block, in 元."""
    for row in table.rows:
        for column, slot in zip(table.columns, row.slots, strict=True):
            if column.role in _AMOUNTS:
                value = _in_yuan(
                    slot.reading, slot.reading.unit or column.unit or row.label.unit or table.unit
                )
                if value is not None:
                    yield value


def _total(table: MoneyTable, role: str) -> tuple[Slot, Decimal] | None:
    """The amount of the block's total line with this role, in 元."""
    total = next((row for row in table.rows if row.concept == "total"), None)
    at = table.column(role)
    if total is None or at is None:
        return None
    slot = total.slots[at]
    value = _in_yuan(
        slot.reading, slot.reading.unit or table.columns[at].unit or total.label.unit or table.unit
    )
    return (slot, value) if value else None


def _in_yuan(reading: Reading, unit: str | None) -> Decimal | None:
    factor = unit_factor(unit) if unit in _MONEY else None
    return reading.value * factor if reading.value is not None and factor is not None else None


def _same(reading: Reading, typed: Decimal, value: Decimal) -> bool:
    """Whether the typed figure is the amount, as coarsely as it is typed."""
    unit = (unit_factor(reading.unit) or Decimal(1)).scaleb(-reading.decimals) if reading.unit else Decimal(1)
    return abs(typed - value) <= unit


def _alike(reading: Reading, amount: Decimal) -> bool:
    """Whether the digits differ from those of the amount by one digit, or by two neighbours exchanged."""
    factor = unit_factor(reading.unit) if reading.unit else None
    if reading.value is None or factor is None:
        return False
    places = reading.decimals
    one = f"{reading.value:.{places}f}"
    other = f"{amount / factor:.{places}f}"
    if len(one) != len(other):
        return False
    if len(one.strip("0").replace(".", "").rstrip("0")) < _DIGITS:
        return False  # round figures are alike by nature
    wrong = [i for i, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    if len(wrong) == 1:
        return True
    first, last = wrong[0], wrong[-1]
    return len(wrong) == 2 and last == first + 1 and one[first] == other[last] and one[last] == other[first]


RULE = Rule(
    code="GJ212",
    name="spending-indicator",
    group="arithmetic",
    severity=Severity.WARNING,
    basis=None,
    doc=RuleDoc(
        what="“整体支出”“项目总成本”一类指标的完成值与资金表的执行数核对，指标值与预算数核对。与资金表里任何一个金额相同（含四舍五入）的都算对；"
        "只差一位数字或相邻两位颠倒的提示，完成值其他的不同只作说明。",
        why="同一张表里同一笔钱写了两次，改了资金没有改指标，是常见的疏漏。",
        example="全年执行数 1389.12，成本指标“整体支出控制数”完成值填 1399.12万元，提示。",
        fix_safety="可在确认后（--unsafe）改为资金表的金额；只作说明的不改。",
    ),
    check=_check,
)
