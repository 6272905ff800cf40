"""The cells of the tables as entries: each figure with its measure, year and base unit, found by line or by name."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache

from gouji.form.facts import Facts, IndicatorRow, MoneyRow, MoneyTable, Slot
from gouji.form.label import parse_label
from gouji.form.rates import adjustment_is_change
from gouji.frozen import frozen, replace
from gouji.model import Reading, ReadingKind
from gouji.narrative.figures import Dimension, StatedMeasure
from gouji.narrative.phrase import key_of, name_of
from gouji.narrative.reckoned import Reckoned, reckoned_rates
from gouji.number import unit_factor
from gouji.pattern import compiled

__all__ = ["CARRIED", "FEWEST", "LINES", "MEASURES", "Entry", "entries_of", "reduced"]

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
_EACH = compiled(
    r"(?:每(?:公里|平方米|立方米|[人户亩吨个台辆次名生])|[人户亩生]均)(?=(?:\w{2,})?(?:成本|费用|补[助贴]|支出|标准))"
)
CARRIED = "carried"
"""The line of what was brought over from last year."""
_OF_THREE = frozenset({"vehicle", "vehicle_purchase", "vehicle_running", "abroad", "reception"})
_INCOME = compiled(r"收入(?!.*支出)")
_INCOME_ALONE = "收入"
_CHANGE = compiled(
    r"^(?:[较比]?(?:上年|去年))?(?:增减|增长|变动|增加)(?:变化)?(?:额|数|金额|率|幅度|比例|情况)?(?:[（(].*)?$|^增幅"
)
_CHANGE_RATE = compiled(r"率|幅|比例|[%％]")
_YEARS = 2
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
                name = parse_label(row.name).core
                names[reduced(name)].append(made)
                if _EACH.match(name):
                    names[reduced(_EACH.sub("", name))].append(made)  # 每公里养护成本6.65万元
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
    changes = _change_columns(table)
    for row in table.rows:
        if row.concept == "total" and _INCOME.search(row.label.core):
            _add_income(table, row, names, changes)
            continue
        if row.concept == "total" and _of_three(table):
            row = replace(row, concept="three_public")  # noqa: PLW2901  # the total of that table is a line of the form
        if row.concept == "total" and not total:
            continue
        for made in _changes(table, row, changes):
            (lines[row.concept] if row.concept in LINES else names[reduced(row.label.core)]).append(made)
        if row.group and row.concept is not None and grouped[row.concept] > 1:
            continue  # 基本支出 of one unit among several is not that of the department
        for index, (column, slot) in enumerate(zip(table.columns, row.slots, strict=True)):
            measure = MEASURES.get(column.role)
            if measure is None or slot.value is None or index in changes:
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
            if row.concept in LINES or row.concept == CARRIED:
                lines[row.concept].append(entry)
            if row.concept not in LINES:
                names[reduced(row.label.core)].append(entry)
        rates = [_of_reckoned(each) for each in reckoned_rates(table, row)]
        (lines[row.concept] if row.concept in LINES else names[reduced(row.label.core)]).extend(rates)


def _of_three(table: MoneyTable) -> bool:
    """Whether the lines beside the total are those of 三公经费."""
    others = {row.concept for row in table.rows if row.concept != "total"}
    return bool(others) and others <= _OF_THREE


def _change_columns(table: MoneyTable) -> dict[int, Dimension]:
    """The columns that state how much this year's figure differs from last year's: 增减额, 增减率."""
    if len({c.year for c in table.columns if c.role == "executed" and c.year is not None}) < _YEARS:
        return {}
    return {
        index: Dimension.PERCENT if _CHANGE_RATE.search(column.label) else Dimension.MONEY
        for index, column in enumerate(table.columns)
        if column.role != "executed" and _CHANGE.search(column.label)
    }


def _changes(table: MoneyTable, row: MoneyRow, columns: dict[int, Dimension]) -> Iterable[Entry]:
    for index, dimension in columns.items():
        column, slot = table.columns[index], row.slots[index]
        if slot.value is not None:
            unit = slot.reading.unit or column.unit or row.label.unit or table.unit or "万元"
            factor = Decimal(1) if dimension is Dimension.PERCENT else unit_factor(unit) or Decimal(1)
            yield Entry(slot, StatedMeasure.CHANGE, column.year, dimension, slot.value * factor, slot.reading)


def _add_income(
    table: MoneyTable, row: MoneyRow, names: dict[str, list[Entry]], changes: dict[int, Dimension]
) -> None:
    """The total of the income, in a table that has that of the spending as well."""
    made = list(_changes(table, row, changes))
    for index, (column, slot) in enumerate(zip(table.columns, row.slots, strict=True)):
        measure = MEASURES.get(column.role)
        if measure not in (None, StatedMeasure.RATE) and slot.value is not None and index not in changes:
            unit = slot.reading.unit or column.unit or row.label.unit or table.unit or "万元"
            amount = slot.value * (unit_factor(unit) or Decimal(1))
            made.append(Entry(slot, StatedMeasure.INCOME, column.year, Dimension.MONEY, amount, slot.reading))
    for key in {_INCOME_ALONE, reduced(row.label.core)}:
        names[key].extend(made)


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
