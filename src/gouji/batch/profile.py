"""What departments are compared by: a few figures of each form, small enough to be kept for every file.

Figures are texts of exact decimals; amounts carry the unit that the form prints.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from gouji.form.facts import Facts, IndicatorRow, MoneyTable, Slot
from gouji.number import unit_factor
from gouji.rule.budgets import columns_of

__all__ = ["merged", "profile_of"]

_KINDS = ("funds", "lines", "base")  # where the whole spending stands, the likeliest first
_WAN = Decimal(10000)


def profile_of(facts: Facts) -> dict[str, Any] | None:
    """The year, who reports, money planned and spent (万元), rate (percent), score, heads and indicators of a form.

    None where drawing them fails: a comparison between departments must not cost a check.
    """
    try:
        return _drawn(facts)
    except Exception:
        if os.environ.get("GOUJI_DEBUG") == "1":
            raise
        return None


def _drawn(facts: Facts) -> dict[str, Any]:
    budget, spent = _whole(facts, "total")
    _, public = _whole(facts, "public")
    heads = next(
        (slot.value for record in facts.records if (slot := record.slots.get("headcount")) is not None), None
    )
    return {
        "year": facts.year,
        "unit": next((info.value.strip() for info in facts.infos if info.concept == "unit_name"), None),
        "budget": _text(budget),
        "spent": _text(spent),
        "rate": _text(None if not budget or spent is None else round(100 * spent / budget, 4)),
        "score": _text(_score(facts)),
        "heads": _text(heads),
        "public": _text(public),
        "indicators": [
            _indicator(row) for table in facts.indicators for row in table.rows if row.name.strip()
        ],
    }


def _text(value: Decimal | None) -> str | None:
    return None if value is None else format(value.normalize(), "f")


def _whole(facts: Facts, concept: str) -> tuple[Decimal | None, Decimal | None]:
    """Budget and spending of a line in 万元, from the first table that states both; the adjusted budget where there is one."""
    for kind in _KINDS:
        for table in facts.money:
            columns = columns_of(table, facts.year) if table.kind == kind else None
            factor = _to_wan(table)
            if columns is None or factor is None:
                continue
            for row in table.rows:
                budget, spent = columns.budget(row), row.slots[columns.executed].value
                if row.concept == concept and budget is not None and spent is not None:
                    return budget.value * factor, spent * factor
    return None, None


def _to_wan(table: MoneyTable) -> Decimal | None:
    """What turns this table's amounts into 万元; None where its unit is not known."""
    factor = unit_factor(table.unit) if table.unit and table.unit.endswith("元") else None
    return None if factor is None else factor / _WAN


def _score(facts: Facts) -> Decimal | None:
    totals = [
        total.score.value
        for table in facts.indicators
        for total in table.totals
        if not total.subtotal and total.score is not None and total.score.value is not None
    ]
    return totals[-1] if totals else None


def _indicator(row: IndicatorRow) -> dict[str, Any]:
    target, actual = row.target_reading, row.actual_reading
    return {
        "name": row.name.strip(),
        "group": row.level1 or row.level1_text.strip(),
        "sign": target.comparison,
        "target": _text(target.value),
        "unit": target.unit,
        "actual": _text(actual.value),
        "actual_unit": actual.unit,
        "weight": _text(_value(row.weight)),
        "score": _text(_value(row.score)),
        "cell": None if row.target is None else f"{row.target.grid.name}!{row.target.name}",
    }


def _value(slot: Slot | None) -> Decimal | None:
    return None if slot is None else slot.value


def merged(profiles: Iterable[dict[str, Any] | None]) -> dict[str, Any] | None:
    """One profile for a submission: the first that states a figure gives it."""
    given = [one for one in profiles if one is not None]
    if not given:
        return None
    return {
        key: next((one[key] for one in given if one[key] not in (None, [])), given[0][key])
        for key in given[0]
    }
