"""Which cells of a located form are calculated, and with what formula: one answer for the template and for ``fill``.

The formulas are drawn from the same relations that the rules check: sums that the form declares, its labels
make certain or its figures prove; rates that its captions name or its figures prove; points as the scoring rule
gives them. They use no function that Excel 2007, WPS or LibreOffice lacks, leave the cell empty while an input is
missing, and treat a blank line of a sum as 0.

Sources: execution rate = 全年执行数 ÷ 全年预算数, two decimals in percent, 0 where the denominator is 0 (practice of
the finance systems); points for execution = weight × rate, at most the weight (notes of the forms).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from enum import StrEnum

from gouji.form.declared import with_declared
from gouji.form.facts import Facts, IndicatorTable, MoneyRow, MoneyTable, Record, RelationKind, Slot
from gouji.form.label import parse_label
from gouji.form.outline import ties_of
from gouji.form.rates import named_division
from gouji.form.relate import AMOUNTS, RECORDS
from gouji.frozen import frozen
from gouji.live.areas import address, areas
from gouji.model import ReadingKind
from gouji.rule.weights import execution_inside, execution_points, points_of, sums_allowed, totals_of

__all__ = ["Calculated", "CalculatedKind", "balance_columns", "calculated_cells"]

_PERCENT = "0.00%"
_HUNDRED = Decimal(100)
_FRACTION = Decimal("1.5")  # a plain 0.98 is a fraction, a plain 98 is percent points


class CalculatedKind(StrEnum):
    """What a calculated cell states."""

    SUM = "sum"
    BALANCE = "balance"
    RATE = "rate"
    CONTROL = "control"
    SCORE = "score"
    WEIGHT_TOTAL = "weight-total"
    SCORE_TOTAL = "score-total"


@frozen
class Calculated:
    """One calculated cell.

    ``formula`` has no ``=`` in front; its addresses are in the slot's own sheet. ``inputs`` are the cells it reads.
    ``number_format`` is what the cell's format has to be for the result to be read right (a rate as a percentage),
    None where any will do.
    """

    slot: Slot
    kind: CalculatedKind
    formula: str
    inputs: tuple[Slot, ...]
    number_format: str | None = None


def calculated_cells(facts: Facts) -> tuple[Calculated, ...]:
    """The calculated cells of every block located, each once, in reading order.

    A cell in which a placeholder (——, /, 无) stands is left out: the form says that nothing is calculated there.
    What is typed in a cell is not looked at otherwise; whether to replace it is the caller's to decide.
    """
    made: dict[tuple[int, str], Calculated] = {}
    order = {id(grid): number for number, grid in enumerate(facts.document.grids)}
    for each in _all(facts):
        if each.slot.reading.kind is ReadingKind.PLACEHOLDER or not _own_cell(each.slot):
            continue
        if any(one.name == each.slot.name and one.grid is each.slot.grid for one in each.inputs):
            continue  # merged with one of its own inputs
        made.setdefault((id(each.slot.grid), each.slot.name), each)
    return tuple(sorted(made.values(), key=lambda c: (order[id(c.slot.grid)], c.slot.row, c.slot.col)))


def _all(facts: Facts) -> Iterator[Calculated]:
    for table in facts.money:
        if table.grid.is_sheet or not any(g.is_sheet for g in facts.document.grids):
            yield from _sums(facts, table)
            yield from _balances(facts, table)
            yield from _rates(facts, table)
            yield from _scores(facts, table)
    for record in facts.records:
        yield from _controls(record)
    for indicators in facts.indicators:
        yield from _totals(facts, indicators)


def _own_cell(slot: Slot) -> bool:
    """Whether the slot is the first cell of its merged area, not one that another slot's cell covers."""
    return slot.cell is None or slot.cell.row == slot.row


def _sums(facts: Facts, table: MoneyTable) -> Iterator[Calculated]:
    columns = [i for i, column in enumerate(table.columns) if column.role in AMOUNTS]
    for parent, children in _sum_lines(facts, table):
        for i in columns:
            total, terms = table.rows[parent].slots[i], [table.rows[c].slots[i] for c in children]
            yield Calculated(total, CalculatedKind.SUM, _sum(terms), tuple(terms))
    yield from _sideways(facts, table)


def _sum(terms: Sequence[Slot]) -> str:
    listed = ",".join(areas(terms))
    return f'IF(COUNT({listed})=0,"",SUM({listed}))'


def _sum_lines(facts: Facts, table: MoneyTable) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Totals with their lines: as some relation of the table found them, else as form or labels make certain."""
    lines: dict[int, tuple[int, ...]] = {}
    at = {(id(s.grid), s.row, s.col): r.index for r in table.rows for s in r.slots}
    for relation in facts.relations:
        if relation.kind is not RelationKind.SUM:
            continue
        parent = _index(at, relation.result.slot)
        children = [_index(at, term.mention.slot) for term in relation.terms]
        known = tuple(child for child in children if child is not None and child != parent)
        if parent is not None and len(known) == len(children):
            lines.setdefault(parent, known)
    for tie in with_declared(ties_of(table), table, facts.definition):
        if tie.sums and tie.certain and tie.parent not in lines and not _refuted(table, tie.parent):
            lines[tie.parent] = tie.hypotheses[0]
    yield from sorted(lines.items())


def _index(at: dict[tuple[int, int, int], int], slot: Slot) -> int | None:
    return at.get((id(slot.grid), slot.row, slot.col))


def _refuted(table: MoneyTable, parent: int) -> bool:
    """Whether the line bears figures: then they would have proven the sum, had it held."""
    return any(
        slot.value
        for slot, c in zip(table.rows[parent].slots, table.columns, strict=True)
        if c.role in AMOUNTS
    )


def balance_columns(facts: Facts, table: MoneyTable) -> tuple[int, int, int] | None:
    """The columns 年初, 调整, 全年 of a block where the third is the sum of the first two: proven, or declared calculated."""
    opening, change, final = (
        table.column("opening", "budget"),
        table.column("adjustment"),
        table.column("adjusted"),
    )
    if opening is None or change is None or final is None:
        return None
    at = {(id(row.slots[final].grid), row.slots[final].row, row.slots[final].col): 0 for row in table.rows}
    proven = any(
        r.kind is RelationKind.BALANCE and _index(at, r.result.slot) is not None for r in facts.relations
    )
    blocks = facts.definition.blocks if facts.definition is not None else ()
    captions = {parse_label(name).core for block in blocks for name in block.calculated}
    declared = parse_label(table.columns[final].label).core in captions
    return (opening, change, final) if proven or declared else None


def _balances(facts: Facts, table: MoneyTable) -> Iterator[Calculated]:
    columns = balance_columns(facts, table)
    if columns is None:
        return
    for row in table.rows:
        terms = [row.slots[columns[0]], row.slots[columns[1]]]
        yield Calculated(row.slots[columns[2]], CalculatedKind.BALANCE, _sum(terms), tuple(terms))


def _sideways(facts: Facts, table: MoneyTable) -> Iterator[Calculated]:
    """合计 over 财政拨款, 其他资金 in columns: every line as the lines that are filled."""
    at = {(id(s.grid), s.row, s.col): i for r in table.rows for i, s in enumerate(r.slots)}
    found: dict[int, tuple[int, ...]] = {}
    for relation in facts.relations:
        slots = [relation.result.slot, *(term.mention.slot for term in relation.terms)]
        if relation.kind is RelationKind.SUM and len({slot.row for slot in slots}) == 1:
            columns = [at.get((id(slot.grid), slot.row, slot.col)) for slot in slots]
            known = tuple(column for column in columns if column is not None)
            if len(known) == len(columns):
                found.setdefault(known[0], known[1:])
    for total, parts in found.items():
        for row in table.rows:
            terms = [row.slots[i] for i in parts]
            yield Calculated(row.slots[total], CalculatedKind.SUM, _sum(terms), tuple(terms))


def _rates(facts: Facts, table: MoneyTable) -> Iterator[Calculated]:
    """Every line of a rate column: the division that relations of the column use, else the one the captions name."""
    at = {(id(s.grid), s.row, s.col): i for r in table.rows for i, s in enumerate(r.slots)}
    proven: dict[int, tuple[int, int]] = {}
    for relation in facts.relations:
        if relation.kind is RelationKind.RATIO:
            slots = (relation.result.slot, relation.terms[0].mention.slot, relation.terms[1].mention.slot)
            columns = [at.get((id(slot.grid), slot.row, slot.col)) for slot in slots]
            if columns[0] is not None and columns[1] is not None and columns[2] is not None:
                proven.setdefault(columns[0], (columns[1], columns[2]))
    named = named_division(table)
    first = next((i for i, column in enumerate(table.columns) if column.role == "rate"), None)
    for rate, column in enumerate(table.columns):
        if column.role not in ("rate", "share"):
            continue
        division: tuple[int, int, int | None] | None = None
        if rate in proven:
            same = named is not None and named[:2] == proven[rate]
            division = (*proven[rate], named[2] if named is not None and same else None)
        elif rate == first:
            division = named
        if division is None:
            continue
        points = _in_points(table, rate)
        for row in table.rows:
            yield _rate(row, rate, division, points=points)


def _rate(row: MoneyRow, rate: int, division: tuple[int, int, int | None], *, points: bool) -> Calculated:
    top, base = row.slots[division[0]], row.slots[division[1]]
    if division[2] is None:
        return _division(row.slots[rate], CalculatedKind.RATE, top, base, points=points)
    change = row.slots[division[2]]
    whole = f"({address(base)}+{address(change)})"
    result = _quotient(address(top), whole, points=points)
    formula = f'IF(COUNT({address(top)},{address(base)})<2,"",{result})'
    return Calculated(
        row.slots[rate], CalculatedKind.RATE, formula, (top, base, change), None if points else _PERCENT
    )


def _division(slot: Slot, kind: CalculatedKind, top: Slot, base: Slot, *, points: bool) -> Calculated:
    result = _quotient(address(top), address(base), points=points)
    formula = f'IF(COUNT({address(top)},{address(base)})<2,"",{result})'
    return Calculated(slot, kind, formula, (top, base), None if points else _PERCENT)


def _quotient(top: str, base: str, *, points: bool) -> str:
    return f"IF({base}=0,0,ROUND({top}*100/{base},2))" if points else f"IF({base}=0,0,ROUND({top}/{base},4))"


def _in_points(table: MoneyTable, rate: int) -> bool:
    """Whether a column of rates counts in percent points (98.35 under 执行率(%)) instead of being formatted as percent."""
    slots = [row.slots[rate] for row in table.rows]
    plain = [s.value for s in slots if s.reading.kind is ReadingKind.NUMBER and s.value]
    if any(s.reading.kind is ReadingKind.PERCENT for s in slots) or any(_percent_format(s) for s in slots):
        return False
    if plain:
        return sum(value > _FRACTION for value in plain) * 2 > len(plain)
    return table.columns[rate].unit == "%" or "(%)" in table.columns[rate].label


def _percent_format(slot: Slot) -> bool:
    return slot.cell is not None and "%" in slot.cell.number_format


def _scores(facts: Facts, table: MoneyTable) -> Iterator[Calculated]:
    """Points for execution: weight × rate, at most the weight, on the lines that bear a weight."""
    weight_at, score_at, rate_at = table.column("weight"), table.column("score"), table.column("rate")
    if weight_at is None or score_at is None or rate_at is None:
        return
    whole = "100" if _in_points(table, rate_at) else "1"
    for row in table.rows:
        weight, score, rate = row.slots[weight_at], row.slots[score_at], row.slots[rate_at]
        unweighted = facts.definition is None or row.concept != "total" or not weight.is_blank
        if weight.value is None and unweighted:
            continue
        share = f"MAX(0,MIN({whole},{address(rate)}))" + ("/100" if whole == "100" else "")
        formula = f'IF(COUNT({address(weight)},{address(rate)})<2,"",ROUND({address(weight)}*{share},2))'
        yield Calculated(score, CalculatedKind.SCORE, formula, (weight, rate))


def _controls(record: Record) -> Iterator[Calculated]:
    for part, whole, rate, _ in RECORDS:
        if {part, whole, rate} <= record.slots.keys():
            slot = record.slots[rate]
            points = not _percent_format(slot) and slot.value is not None and slot.value > 2
            yield _division(
                slot,
                CalculatedKind.CONTROL,
                record.slots[part],
                record.slots[whole],
                points=points and slot.reading.kind is ReadingKind.NUMBER,
            )


def _totals(facts: Facts, table: IndicatorTable) -> Iterator[Calculated]:
    """总分: all points of the table, with those for budget execution beside it."""
    for total in totals_of(table):
        for what, slot, kind in (
            ("weight", total.weight, CalculatedKind.WEIGHT_TOTAL),
            ("score", total.score, CalculatedKind.SCORE_TOTAL),
        ):
            if slot is None or what not in table.roles:
                continue
            execution = execution_points(facts, table, what) or _blank_execution(facts, table, what)
            terms = _points_slots(facts, table, what, slot, execution)
            own = [term for term in terms if all(term is not slot for slot in execution)] or terms
            if terms:
                listed, needed = ",".join(areas(terms)), ",".join(areas(own))
                formula = f'IF(COUNT({needed})=0,"",ROUND(SUM({listed}),2))'
                yield Calculated(slot, kind, formula, tuple(terms))


def _blank_execution(facts: Facts, table: IndicatorTable, what: str) -> list[Slot]:
    """The cells for execution points of a described form while nothing stands in them."""
    for money in facts.money:
        column = money.column(what)
        if facts.definition is None or money.grid is not table.grid or column is None:
            continue
        return [row.slots[column] for row in money.rows if row.concept == "total"][:1]
    return []


def _points_slots(
    facts: Facts, table: IndicatorTable, what: str, total: Slot, execution: list[Slot]
) -> list[Slot]:
    """The cells whose sum a total row prints: with or without execution, of this goal or of all, as the figure shows."""
    own = _column(table, what)
    same_sheet = [t for t in facts.indicators if t.grid is table.grid and what in t.roles]
    everything = [slot for each in same_sheet for slot in _column(each, what)]
    beside = any(slot.grid is table.grid for slot in execution)
    execution = [slot for slot in execution if slot.grid is table.grid]
    if total.value is not None:
        extra = sum((s.value for s in execution if s.value is not None), Decimal(0))
        mine = points_of(table, what).total
        all_of_them = sum((points_of(t, what).total for t in same_sheet), Decimal(0))
        allowed = sums_allowed(mine, all_of_them, extra, beside=beside, inside=execution_inside(table))
        if total.value in allowed and total.value != mine + extra:
            if total.value == all_of_them + extra:
                return [*execution, *everything]
            return own if total.value == mine else everything
    return [*execution, *own]


def _column(table: IndicatorTable, what: str) -> list[Slot]:
    """The points of a table's indicators; those of merged cells once."""
    found: dict[str, Slot] = {}
    for row in table.rows:
        slot = row.weight if what == "weight" else row.score
        if slot is not None and slot.grid is table.grid and _own_cell(slot):
            found.setdefault(slot.name, slot)
    return list(found.values())
