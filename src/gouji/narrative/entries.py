"""The cells of the tables as entries: each figure with its measure, year and base unit, found by line or by name."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache

from gouji.form.facts import Facts, IndicatorRow, MoneyTable, Slot
from gouji.form.label import parse_label
from gouji.form.rates import adjustment_is_change
from gouji.frozen import frozen, replace
from gouji.model import Reading, ReadingKind
from gouji.narrative.figures import Dimension, StatedMeasure
from gouji.narrative.phrase import key_of, name_of
from gouji.narrative.reckoned import Reckoned, reckoned_rates
from gouji.number import unit_factor
from gouji.pattern import compiled

__all__ = ["FEWEST", "LINES", "MEASURES", "Entry", "entries_of", "reduced"]

_TAIL = compiled(r"(?:专项|补助|工作|项目)?(?:资金|经费|支出|项目)+$")
LINES = frozenset(
    {
        "total",
        "basic",
        "project",
        "personnel",
        "public",
        "three_public",
        "vehicle",
        "vehicle_purchase",
        "vehicle_running",
        "abroad",
        "reception",
        "government_fund",
    }
)
"""Lines of the form's money that a text means by their own names."""
_WHOLE = frozenset({"basic", "project", "fiscal", "carried"})
MEASURES = {
    "opening": StatedMeasure.OPENING,
    "adjusted": StatedMeasure.ADJUSTED,
    "adjustment": StatedMeasure.ADJUSTED,
    "budget": StatedMeasure.BUDGET,
    "executed": StatedMeasure.EXECUTED,
    "rate": StatedMeasure.RATE,
}
"""The columns of a money block as measures of the text."""
FEWEST = 3
"""The shortest name that tells a line."""
_HIGHEST = Decimal("1.5")  # of a rate that counts from one


@frozen
class Entry:
    """One cell that states a quantity: ``amount`` in the base unit (元, single items, percent points).

    ``reckoned`` is the calculation of a rate that the table does not print; ``slot`` is then what was spent, and
    ``spread`` what the rounding of the printed figures may hide.
    """

    slot: Slot
    measure: StatedMeasure
    year: int | None
    dimension: Dimension
    amount: Decimal
    reading: Reading
    population: str | None = None
    indicator: bool = False
    reckoned: str | None = None
    spread: Decimal = Decimal(0)

    @property
    def text(self) -> str:
        """What the table says: the cell's text, or the calculation."""
        return self.reckoned or self.slot.text


@lru_cache(maxsize=4096)
def reduced(name: str) -> str:
    """The telling part of a line's name: 残疾人康复资金项目支出 is 残疾人康复."""
    key = key_of(name_of(name))
    while True:
        shorter = _TAIL.sub("", key)
        if shorter == key or len(shorter) < FEWEST:
            return key
        key = shorter


def entries_of(facts: Facts) -> tuple[dict[str, list[Entry]], dict[str, list[Entry]]]:
    """Entries by the lexicon's line concept, and by reduced name."""
    lines: dict[str, list[Entry]] = defaultdict(list)
    names: dict[str, list[Entry]] = defaultdict(list)
    whole = any(_of_the_whole(table) for table in facts.money)
    for table in facts.money:
        _money(table, lines, names, total=not whole or _of_the_whole(table))
    for pair in facts.pairs:
        if pair.concept in LINES and pair.reading.value is not None:
            factor = unit_factor(pair.reading.unit or pair.unit or "万元") or Decimal(1)
            entry = Entry(
                pair.slot,
                StatedMeasure.EXECUTED,
                facts.year,
                Dimension.MONEY,
                pair.reading.value * factor,
                pair.reading,
            )
            lines[pair.concept].append(entry)
    for block in facts.indicators:
        for row in block.rows:
            for made in _indicator(row, facts.year):
                names[reduced(parse_label(row.name).core)].append(made)
    return lines, names


def _of_the_whole(table: MoneyTable) -> bool:
    """Whether the total of a block is that of the department's money: by sources, or by 基本支出 and 项目支出."""
    concepts = {row.concept for row in table.rows}
    return "total" in concepts and (table.kind == "funds" or bool(concepts & _WHOLE))


def _money(
    table: MoneyTable, lines: dict[str, list[Entry]], names: dict[str, list[Entry]], *, total: bool
) -> None:
    """The entries of one block; ``total`` says whether its 合计 is the whole money of the department."""
    vague = [c.role for c in table.columns if c.role in ("opening", "adjusted", "adjustment", "budget")] == [
        "budget"
    ]
    has_budget = any(c.role == "budget" for c in table.columns)
    is_change = not has_budget or adjustment_is_change(table)
    fractions = {i for i, c in enumerate(table.columns) if c.role == "rate" and _of_one(table, i)}
    grouped = Counter(row.concept or "" for row in table.rows if row.group)
    for row in table.rows:
        if row.concept == "total" and not total:
            continue
        if row.group and row.concept is not None and grouped[row.concept] > 1:
            continue  # 基本支出 of one unit among several is not that of the department
        for index, (column, slot) in enumerate(zip(table.columns, row.slots, strict=True)):
            measure = MEASURES.get(column.role)
            if measure is None or slot.value is None:
                continue
            if measure is StatedMeasure.BUDGET and not vague:
                measure = StatedMeasure.OPENING
            elif column.role == "adjustment" and is_change:
                measure = StatedMeasure.ADJUSTMENT
            rate = measure is StatedMeasure.RATE
            factor = (
                Decimal(1)
                if rate
                else unit_factor(slot.reading.unit or column.unit or row.label.unit or table.unit or "万元")
                or Decimal(1)
            )
            reading = slot.reading
            if index in fractions:
                reading = replace(reading, decimals=max(0, reading.decimals - 2))
                factor = Decimal(100)
            entry = Entry(
                slot,
                measure,
                column.year,
                Dimension.PERCENT if rate else Dimension.MONEY,
                slot.value * factor,
                reading,
            )
            if row.concept in LINES:
                lines[row.concept].append(entry)
            else:
                names[reduced(row.label.core)].append(entry)
        rates = [_of_reckoned(each) for each in reckoned_rates(table, row)]
        (lines[row.concept] if row.concept in LINES else names[reduced(row.label.core)]).extend(rates)


def _of_reckoned(rate: Reckoned) -> Entry:
    return Entry(
        rate.slot,
        StatedMeasure.RATE,
        rate.year,
        Dimension.PERCENT,
        rate.rate,
        rate.slot.reading,
        reckoned=rate.text,
        spread=rate.spread,
    )


def _of_one(table: MoneyTable, column: int) -> bool:
    """Whether a column of rates counts from one (0.9934) and not from a hundred."""
    readings = [row.slots[column].reading for row in table.rows]
    rates = [r for r in readings if r.value]
    return bool(rates) and all(
        r.kind is ReadingKind.NUMBER and r.value is not None and abs(r.value) <= _HIGHEST for r in rates
    )


def _indicator(row: IndicatorRow, year: int | None) -> Iterable[Entry]:
    planned = row.planned.reading if row.planned is not None else None
    for slot, reading, measure in (
        (row.target, row.target_reading, StatedMeasure.TARGET),
        (row.planned, planned, StatedMeasure.TARGET),
        (row.actual, row.actual_reading, StatedMeasure.ACTUAL),
    ):
        if slot is None or reading is None or reading.value is None or reading.upper is not None:
            continue
        percent = reading.kind is ReadingKind.PERCENT
        factor = Decimal(1) if percent else unit_factor(reading.unit or "") or Decimal(1)
        money = not percent and reading.unit is not None and reading.unit.endswith("元")
        dimension = Dimension.PERCENT if percent else Dimension.MONEY if money else Dimension.COUNT
        yield Entry(
            slot, measure, year, dimension, reading.value * factor, reading, reading.unit, indicator=True
        )
