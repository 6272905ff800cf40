"""Cells of two documents that state one quantity: the form in the workbook and its copy in the written report.

Tables are copies of each other where most of what they have in common agrees; a line of theirs that differs is then a
contradiction and not another 口径. Nothing here judges.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal

from gouji.form.facts import Facts, IndicatorRow, MoneyColumn, MoneyRow, MoneyTable, Slot
from gouji.form.label import parse_label
from gouji.form.money import label_core
from gouji.form.rates import adjustment_is_change
from gouji.frozen import frozen
from gouji.model import Reading, ReadingKind
from gouji.number import unit_factor

__all__ = ["COMPARED", "Copy", "copies", "is_vague", "same_lines", "same_measures"]

COMPARED = frozenset(
    {
        "total",
        "basic",
        "project",
        "personnel",
        "public",
        "three_public",
        "vehicle",
        "reception",
        "abroad",
        "line",
    }
)
"""Lines whose name alone says which they are, whatever table they stand in."""

_SAME_MEASURE = {
    "opening": "opening",
    "budget": "opening",
    "adjusted": "adjusted",
    "adjustment": "adjusted",
    "executed": "executed",
}
_BUDGETS = ("opening", "budget", "adjusted", "adjustment")
_SHORTEST = 2
_SHARE = Decimal("0.6")  # of what two tables have in common must agree, or they are two things
_FEWEST = 2


@frozen
class Copy:
    """One quantity in two documents.

    ``measure`` is a column's role, ``year`` the year it is about. ``agrees`` says whether the two figures are one within the
    rounding of the coarser. ``sure`` says that the tables are copies of each other and the units known to be equal.
    """

    slot: Slot
    other: Slot
    measure: str
    year: int | None
    agrees: bool
    sure: bool


def is_vague(table: MoneyTable) -> bool:
    """Whether a block has one 预算数 only, which may be the opening or the adjusted one."""
    return [c.role for c in table.columns if c.role in _BUDGETS] == ["budget"]


def same_measures(table: MoneyTable) -> list[str | None]:
    """What the columns state, in the words of all tables; 预算调整数 is the change or the adjusted budget, as the table shows."""
    measures = [_SAME_MEASURE.get(column.role) for column in table.columns]
    for at, column in enumerate(table.columns):
        if column.role == "adjustment" and adjustment_is_change(table):
            measures[at] = "change"
    return measures


def copies(facts: Facts, other: Facts) -> tuple[Copy, ...]:
    """The cells of ``facts`` and ``other`` that state one quantity, in reading order of ``facts``.

    Lines and indicators are found by name, columns by measure and year; a name that stands twice in a table is left
    alone, and so is a pair of tables of which less than 60 % agrees.
    """
    found: list[Copy] = []
    for table in facts.money:
        best: list[_Pair] = max(
            (_money(table, its, facts.year, other.year) for its in other.money), key=_agreeing, default=[]
        )
        found += _judged(best)
    rows = [row for table in facts.indicators for row in table.rows]
    others = [row for table in other.indicators for row in table.rows]
    found += _judged(list(_indicators(rows, others)))
    for record in facts.records:
        for its in other.records:
            found += _judged(
                [
                    _Pair(slot, its.slots[name], name, None, True)
                    for name, slot in record.slots.items()
                    if name in its.slots
                ]
            )
    return tuple(found)


def same_lines(facts: Facts, other: Facts, role: str) -> Iterator[tuple[Slot, Slot, int | None, int | None]]:
    """The cells of one role in lines of one name, whatever year: (cell, the other's cell, year, the other's year)."""
    for table in facts.money:
        for its_table in other.money:
            its = _lines(its_table)
            for name, row in _lines(table).items():
                line = its.get(name)
                if line is None:
                    continue
                for column, slot in zip(table.columns, row.slots, strict=True):
                    if column.role != role or not column.is_whole or slot.value is None:
                        continue
                    for its_column, its_slot in zip(its_table.columns, line.slots, strict=True):
                        if its_column.role == role and its_column.is_whole and its_slot.value is not None:
                            yield slot, its_slot, column.year, its_column.year


@frozen
class _Pair:
    """Two cells of one name; ``one_unit`` says that both are known to count alike."""

    slot: Slot
    other: Slot
    measure: str
    year: int | None
    one_unit: bool
    scale: Decimal = Decimal(1)
    own: Reading | None = None
    its: Reading | None = None

    @property
    def readings(self) -> tuple[Reading, Reading]:
        return self.own or self.slot.reading, self.its or self.other.reading

    @property
    def agrees(self) -> bool:
        """Whether the figures are one, the coarser print rounding the finer one."""
        one, two = self.readings
        if one.value is None or two.value is None:
            return False
        value = one.value * self.scale
        if value == two.value:
            return True
        shown = Decimal(5).scaleb(-one.decimals - 1) * self.scale
        its = Decimal(5).scaleb(-two.decimals - 1)
        return shown != its and abs(value - two.value) <= max(shown, its)


def _agreeing(pairs: list[_Pair]) -> tuple[int, int]:
    agreed = sum(pair.agrees for pair in pairs if pair.slot.value)
    return agreed, agreed - len(pairs)


def _judged(pairs: list[_Pair]) -> Iterator[Copy]:
    """The pairs of two tables, if these are copies of each other at all."""
    weighty = [pair for pair in pairs if pair.readings[0].value or pair.readings[1].value]
    agreed = sum(pair.agrees for pair in weighty)
    if not agreed or agreed < _SHARE * len(weighty):
        return
    sure = agreed >= _FEWEST and agreed > len(weighty) - agreed
    for pair in pairs:
        yield Copy(pair.slot, pair.other, pair.measure, pair.year, pair.agrees, sure and pair.one_unit)


def _lines(table: MoneyTable) -> dict[tuple[str, str], MoneyRow]:
    """The lines of a block by group and name; one that stands twice is left out."""
    rows: dict[tuple[str, str], list[MoneyRow]] = defaultdict(list)
    for row in table.rows:
        if (row.concept or "line") not in COMPARED and row.concept not in ("fiscal", "carried"):
            continue
        name = label_core(row.label) if row.concept is None else row.concept
        if len(name) >= _SHORTEST:
            rows[row.group if row.concept is None else "", name].append(row)
    return {name: same[0] for name, same in rows.items() if len(same) == 1}


def _money(table: MoneyTable, other: MoneyTable, year: int | None, its_year: int | None) -> list[_Pair]:
    its = _lines(other)
    vague = is_vague(table) or is_vague(other)
    kinds, its_kinds = same_measures(table), same_measures(other)
    found: list[_Pair] = []
    for name, row in _lines(table).items():
        line = its.get(name)
        if line is None:
            continue
        for column, kind, slot in zip(table.columns, kinds, row.slots, strict=True):
            if kind is None or slot.value is None or not column.is_whole:
                continue
            if vague and kind != "executed" and column.role != "budget":
                continue
            match = _column(other, its_kinds, line, kind, column.year or year, its_year)
            if match is None or (vague and kind != "executed" and match[0].role != "budget"):
                continue
            its_column, its_slot = match
            unit = slot.reading.unit or column.unit or row.label.unit or table.unit
            its_unit = its_slot.reading.unit or its_column.unit or line.label.unit or other.unit
            scale = (
                (unit_factor(unit) or Decimal(1)) / (unit_factor(its_unit) or Decimal(1))
                if unit and its_unit
                else Decimal(1)
            )
            found.append(_Pair(slot, its_slot, column.role, column.year or year, unit == its_unit, scale))
    return found


def _column(  # noqa: PLR0917 - one column of one line, by what it states and of which year
    table: MoneyTable, kinds: list[str | None], row: MoneyRow, kind: str, wanted: int | None, year: int | None
) -> tuple[MoneyColumn, Slot] | None:
    """The column of a line that states the same measure of the same year; None unless it is just one.

    A column without a year is about ``year``, that of its document; where nothing is known, any year will do.
    """
    matches = [
        (column, slot)
        for column, stated, slot in zip(table.columns, kinds, row.slots, strict=True)
        if stated == kind
        and ((column.year or year) == wanted or None in (column.year or year, wanted))
        and column.is_whole
        and slot.value is not None
    ]
    return matches[0] if len(matches) == 1 else None


def _named(rows: Iterable[IndicatorRow]) -> dict[str, IndicatorRow]:
    rows = list(rows)
    names = Counter(parse_label(row.name).core for row in rows)
    return {
        core: row for row in rows if names[core := parse_label(row.name).core] == 1 and len(core) >= _SHORTEST
    }


def _indicators(rows: Iterable[IndicatorRow], others: Iterable[IndicatorRow]) -> Iterator[_Pair]:
    its = _named(others)
    for name, row in _named(rows).items():
        same = its.get(name)
        if same is None:
            continue
        answers = (
            ("target", row.target, same.target, row.target_reading, same.target_reading),
            ("actual", row.actual, same.actual, row.actual_reading, same.actual_reading),
        )
        for measure, slot, other, own, theirs in answers:
            if slot is None or other is None or not _countable(own) or not _countable(theirs):
                continue
            if own.kind is theirs.kind and own.comparison == theirs.comparison:
                alike = own.unit == theirs.unit or None in (own.unit, theirs.unit)
                if alike:
                    yield _Pair(slot, other, measure, None, own.unit == theirs.unit, own=own, its=theirs)
        for measure, slot, other in (("weight", row.weight, same.weight), ("score", row.score, same.score)):
            if slot is not None and other is not None and slot.value is not None and other.value is not None:
                yield _Pair(slot, other, measure, None, True)


def _countable(reading: Reading) -> bool:
    return (
        reading.value is not None
        and reading.upper is None
        and reading.kind in (ReadingKind.NUMBER, ReadingKind.PERCENT)
    )
