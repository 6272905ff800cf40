"""Live rows between tables: one quantity that several of them state.

Which figures state one quantity is partly proven by the figures themselves (two lines are one if some figure of
theirs agrees); an empty form proves nothing yet, so the rows carry that condition in their formulas.
"""

from __future__ import annotations

from collections.abc import Iterator

from gouji.form.alike import matched_figures, same_lines
from gouji.form.facts import Facts, Mention, MoneyTable, Pair, Slot
from gouji.live.areas import address, sheet_prefix
from gouji.live.row import LiveCheck
from gouji.live.verdicts import APART, ERROR, FINE, answered

__all__ = ["across"]

_RATES = frozenset({"rate", "share", "weight", "score"})


def across(facts: Facts) -> Iterator[LiveCheck]:
    """All rows between tables of a located form."""
    yield from _same_lines(facts)
    for pair in facts.pairs:
        if pair.concept in ("basic", "project", "total") and pair.reading.text == pair.slot.text:
            yield from _copy_of_line(facts, pair)


def _at(slot: Slot) -> str:
    return address(slot, sheet_prefix(slot.grid.name))


def _same_lines(facts: Facts) -> Iterator[LiveCheck]:
    by_slot = {id(mention.slot): mention for mention in facts.mentions}
    tables: list[tuple[MoneyTable, list[list[Mention | None]]]] = [
        (table, [[by_slot.get(id(slot)) for slot in row.slots] for row in table.rows])
        for table in facts.money
    ]
    for (table, _, line), (other, row, other_line) in same_lines(tables):
        matched = [(a.slot, b.slot) for a, b in matched_figures(table, line, other, other_line)]
        if len(matched) < 2:
            continue  # nothing but the figure in question could prove the lines one
        agreeing = "+".join(f"(N({_at(a)})=N({_at(b)}))*(N({_at(a)})<>0)" for a, b in matched)
        proven = f"({agreeing})>0"
        if row.concept == "total":
            filled = "+".join(f"ISNUMBER({_at(a)})*ISNUMBER({_at(b)})" for a, b in matched)
            proven = f"({agreeing})*2>=({filled})"
        for a, b in matched:
            cells = [_at(b), _at(a)]
            verdict = answered(
                cells,
                f'IF(ROUND({cells[0]},2)=ROUND({cells[1]},2),"{FINE}",IF({proven},"{ERROR}","{APART}"))',
            )
            says = f"{b.label} = {a.grid.name} {a.label}"
            yield LiveCheck("GJ205", b, says, cells[0], cells[1], verdict)


def _copy_of_line(facts: Facts, pair: Pair) -> Iterator[LiveCheck]:
    """基本支出总额 682.14 beside no caption: the spending of that line, unless it agrees with another of its figures."""
    spent: list[Slot] = []
    others: list[Slot] = []
    for table in facts.money:
        for row in table.rows:
            if row.concept != pair.concept:
                continue
            for column, slot in zip(table.columns, row.slots, strict=True):
                if column.role in _RATES:
                    continue
                (spent if column.role == "executed" and column.is_whole else others).append(slot)
    if not spent:
        return
    cell, wanted = _at(pair.slot), _at(spent[0])
    one_value = ",".join(f"OR(NOT(ISNUMBER({_at(slot)})),{_at(slot)}={wanted})" for slot in spent)
    elsewhere = "".join(f",{cell}=N({_at(slot)})" for slot in others)
    verdict = answered(
        [cell, wanted],
        f'IF(OR(ROUND({cell},2)=ROUND({wanted},2){elsewhere}),"{FINE}",IF(AND({one_value}),"{ERROR}","{APART}"))',
    )
    says = f"{pair.slot.label} = {spent[0].grid.name} {spent[0].label}"
    yield LiveCheck("GJ205", pair.slot, says, cell, wanted, verdict)
