"""Rates of single lines asked for as indicators: 三公经费控制率, 政府采购执行率, 公用经费变动率."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from gouji.form.facts import Facts, MoneyRow, MoneyTable, Slot
from gouji.form.lexicon import concept
from gouji.pattern import compiled

__all__ = ["Way", "line_ways"]

Way = tuple[Decimal, str, tuple[Slot, ...]]

_HUNDRED = Decimal(100)
_RATE = compiled(
    r"^(?P<line>.{3,12}?)(?:预算)?(?:(?P<spent>执行率|控制率|完成率|支出率)|(?P<change>变动率|变化率|增减率))$"
)
_TAIL = compiled(r"(?:预算|金额|支出|总额|合计|总计|费用)+$")
_PLANS = ("adjusted", "budget", "opening")
_WHOLE = frozenset({"total", None})


def line_ways(facts: Facts, name: str) -> list[Way]:
    """The usual ways to compute the rate that a name speaks of, the proper one first.

    Args:
        facts: the document; its money blocks are looked through for the one line of that name.
        name: the core of the indicator's label.

    Returns:
        (value in percent points, arithmetic, cells) of each way; none where no block, or more than one line of a
        block, bears the name, or where the rate is printed beside the line itself.
    """
    found = _RATE.match(name)
    if found is None:
        return []
    ways: list[Way] = []
    for table in facts.money:
        row = _line(table, found["line"])
        if row is not None:
            ways += _changes(table, row) if found["change"] else _spent(table, row, facts.year)
    return ways


def _line(table: MoneyTable, name: str) -> MoneyRow | None:
    meaning = concept("fund_row", name)
    short = _bare(name)
    rows = [
        row
        for row in table.rows
        if (meaning not in _WHOLE and row.concept == meaning) or _bare(row.label.core) == short
    ]
    return rows[0] if len(rows) == 1 and len(short) >= len("会议费") else None


def _bare(name: str) -> str:
    return _TAIL.sub("", name.replace("“", "").replace("”", "").replace('"', ""))


def _columns(table: MoneyTable, row: MoneyRow, *roles: str) -> Iterator[tuple[int | None, Slot]]:
    """(year, cell) of the filled whole columns of these roles, role by role."""
    for role in roles:
        for column, slot in zip(table.columns, row.slots, strict=True):
            if column.role == role and column.is_whole and slot.value:
                yield column.year, slot


def _spent(table: MoneyTable, row: MoneyRow, year: int | None) -> Iterator[Way]:
    executed = list(_columns(table, row, "executed"))
    this = [(y, s) for y, s in executed if y == year] or executed[-1:]
    for its_year, slot in this:
        bases = [base for y, base in _columns(table, row, *_PLANS) if y == its_year]
        bases += [base for y, base in executed if base is not slot]  # 控制率 against last year's spending
        for base in bases:
            if slot.value is not None and base.value:
                yield slot.value * _HUNDRED / base.value, f"{slot.text} ÷ {base.text}", (slot, base)


def _changes(table: MoneyTable, row: MoneyRow) -> Iterator[Way]:
    amounts = [slot for _, slot in _columns(table, row, "executed", *_PLANS)]
    for slot in amounts:
        for base in amounts:
            if slot is not base and slot.value is not None and base.value:
                change = (slot.value - base.value) * _HUNDRED / base.value
                yield change, f"({slot.text} − {base.text}) ÷ {base.text}", (slot, base)
