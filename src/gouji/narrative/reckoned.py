"""Rates that a table does not print but its figures give: 执行率 of a line with a budget and what was spent of it."""

from __future__ import annotations

from decimal import Decimal

from gouji.form.copies import same_measures
from gouji.form.facts import MoneyRow, MoneyTable, Slot
from gouji.frozen import frozen

__all__ = ["Reckoned", "reckoned_rates"]

_HUNDRED = Decimal(100)


@frozen
class Reckoned:
    """A rate in percent points: ``slot`` is what was spent, ``text`` the calculation, ``spread`` what rounding may hide."""

    slot: Slot
    year: int | None
    rate: Decimal
    spread: Decimal
    text: str


def reckoned_rates(table: MoneyTable, row: MoneyRow) -> list[Reckoned]:
    """What was spent of the adjusted budget of a line, then of its opening one; none where a rate is printed."""
    spent: list[tuple[Slot, int | None]] = []
    bases: dict[str, list[tuple[Slot, int | None]]] = {"adjusted": [], "opening": []}
    for column, slot, measure in zip(table.columns, row.slots, same_measures(table), strict=True):
        if column.role == "rate" and slot.value is not None:
            return []
        kind = measure if column.is_whole and slot.value is not None else None
        if kind == "executed":
            spent.append((slot, column.year))
        elif kind in bases:
            bases[kind].append((slot, column.year))
    found: list[Reckoned] = []
    for base, year in (*bases["adjusted"], *bases["opening"]):
        for slot, its_year in spent:
            if its_year == year and slot.value is not None and base.value:
                found.append(_rate(slot, base, slot.value, base.value, year))
    return found


def _rate(slot: Slot, base: Slot, spent: Decimal, whole: Decimal, year: int | None) -> Reckoned:
    rate = spent * _HUNDRED / whole
    half = [Decimal(5).scaleb(-each.reading.decimals - 1) for each in (slot, base)]
    spread = (half[0] + half[1] * abs(spent / whole)) * _HUNDRED / abs(whole)
    shown = rate.quantize(Decimal("0.01"))
    return Reckoned(slot, year, rate, spread, f"{slot.text} ÷ {base.text} = {shown}%")
