"""From blocks to mentions and relations: which figures state what, and how they hang together."""

from __future__ import annotations

from decimal import Decimal

from gouji.form.alike import draw_equal
from gouji.form.declared import with_declared
from gouji.form.definition import FormDefinition
from gouji.form.drawn import Drawn
from gouji.form.facts import (
    Measure,
    Mention,
    MoneyRow,
    MoneyTable,
    Pair,
    Quantity,
    Record,
    Relation,
    RelationKind,
    Term,
)
from gouji.form.money import label_core
from gouji.form.outline import Tie, ties_of
from gouji.form.pairing import draw_pairs
from gouji.form.rates import draw_differences, draw_rates, draw_sideways
from gouji.form.sideways import draw_columns
from gouji.model import Reading
from gouji.number import Agreement, sum_agreement
from gouji.pattern import compiled

__all__ = ["AMOUNTS", "RECORDS", "draw"]

_MEASURES = {
    "opening": Measure.OPENING,
    "adjusted": Measure.ADJUSTED,
    "budget": Measure.BUDGET,
    "adjustment": Measure.ADJUSTMENT,
    "executed": Measure.EXECUTED,
    "surplus": Measure.SURPLUS,
    "source": Measure.BUDGET,
    "amount": Measure.OTHER,
    "share": Measure.RATE,
    "rate": Measure.RATE,
    "weight": Measure.WEIGHT,
    "score": Measure.SCORE,
}
AMOUNTS = frozenset(
    {"opening", "adjusted", "budget", "adjustment", "executed", "surplus", "amount", "source"}
)
"""The roles of columns that hold money, and can be summed."""

RECORDS = (
    ("headcount", "establishment", "control_rate", "在职人员控制率"),
    ("actual_scale", "approved_scale", "scale_rate", "规模控制率"),
    ("actual_investment", "planned_investment", "investment_rate", "投资概算控制率"),
)
"""What divides what in one-line records: part, whole, rate, and the name of the rate."""

_CHANGE = compiled(r"增减|增长|变动|变化|差额|调整")
_BUDGETED = frozenset({"opening", "adjusted", "budget", "executed"})
_TAKEN_OFF = compiled(r"追减|调减|核减|减少|压减|收回")
_ADDED = compiled(r"追加|调增|增加|[(（]减")
_BROUGHT = compiled(r"上年|年初|以前年度|结转资金")
_TOO_FEW = 2
_MANY = 3
_SHOWN = 2  # columns whose sums hold


def draw(
    tables: list[MoneyTable],
    pairs: list[Pair],
    records: list[Record],
    subjects: dict[int, str | None],
    form: FormDefinition | None = None,
) -> Drawn:
    """Draw mentions and relations from the located blocks.

    Args:
        tables: The money blocks.
        pairs: Inline pairs and label-value cells.
        records: One-line records.
        subjects: For each grid (by ``id``) the project it is about, None for the department as a whole.
        form: The form, where it is a described one: the sums it declares need no proof by figures.
    """
    drawn = Drawn()
    by_table: list[tuple[MoneyTable, list[list[Mention | None]]]] = []
    for table in tables:
        cells = _table(drawn, table, subjects.get(id(table.grid)), form)
        by_table.append((table, cells))
    for record in records:
        _record(drawn, record)
    draw_pairs(drawn, pairs, by_table)
    draw_equal(drawn, by_table)
    return drawn


def _path(row: MoneyRow) -> tuple[str, ...]:
    name = (
        row.concept
        if row.concept not in (None, "other", "local", "central", "provincial")
        else label_core(row.label)
    )
    return (row.group, name or "") if row.group and row.concept is None else (name or "",)


def _table(
    drawn: Drawn, table: MoneyTable, subject: str | None, form: FormDefinition | None
) -> list[list[Mention | None]]:
    cells: list[list[Mention | None]] = []
    for row in table.rows:
        line: list[Mention | None] = []
        for column, slot in zip(table.columns, row.slots, strict=True):
            measure = _MEASURES.get(column.role)
            if measure is None:
                line.append(None)
                continue
            quantity = Quantity(row.concept or "line", _path(row), subject, column.year, measure, column.unit)
            line.append(drawn.mention(quantity, slot, slot.reading))
        cells.append(line)
    for tie in with_declared(ties_of(table), table, form):
        _tie(drawn, table, cells, tie)
    draw_sideways(drawn, table, cells)
    draw_rates(drawn, table, cells)
    draw_differences(drawn, table, cells)
    _balances(drawn, table, cells)
    draw_columns(drawn, table, cells)
    return cells


def _reading_or_zero(mention: Mention) -> Reading:
    return mention.reading


def holds(total: Mention, children: list[Mention]) -> bool | None:
    """Whether a sum holds exactly or within rounding; None where it says nothing (too few figures)."""
    if total.reading.value is None:
        return None
    known = [m for m in children if m.reading.value is not None]
    unknown = [m for m in children if m.reading.value is None and not m.reading.is_empty]
    if unknown or not known:
        return None
    nonzero = [m for m in known if m.reading.value]
    if not nonzero and not total.reading.value:
        return None
    return sum_agreement([(m.reading, 1) for m in known], total.reading) is not Agreement.DISAGREES


def _tie(drawn: Drawn, table: MoneyTable, cells: list[list[Mention | None]], tie: Tie) -> None:
    columns = [
        i for i, column in enumerate(table.columns) if column.role in AMOUNTS and not _blank_column(table, i)
    ]
    if not columns:
        return
    chosen, proven = tie.hypotheses[0], False
    best = (0, 0)
    for hypothesis in tie.hypotheses:
        good = weighty = 0
        for i in columns:
            total = cells[tie.parent][i]
            children = [m for m in (cells[c][i] for c in hypothesis) if m is not None]
            if total is None or not holds(total, children):
                continue
            good += 1
            weighty += sum(1 for m in children if m.reading.value) >= _TOO_FEW
        if (weighty, good) > best:
            best, chosen = (weighty, good), hypothesis
            proven = weighty > 0
    if tie.sums and not proven and not tie.certain:
        return
    if tie.sums and not best[1] and len(columns) >= _MANY and not _near(cells, tie, chosen, columns):
        # wrong in every one of several columns: another structure, not so many slips
        return
    if (
        tie.sums
        and not tie.certain
        and len(columns) > 1
        and best[1] * 2 < len(columns)
        and not _differs_little(cells, tie, chosen, columns)
    ):
        # a coincidence in one of many columns proves nothing
        return
    if not tie.sums and _outgrown(table, cells, tie, columns):
        return
    alike = drawn.next_alike()
    # a list shown to be whole; the sources of the money are so where one column shows it
    shown = 1 if table.kind == "funds" and table.rows[tie.parent].concept == "total" else _SHOWN
    sums = tie.sums or (best[0] >= shown and best[1] >= len(columns) - 1)
    kind = RelationKind.SUM if sums else RelationKind.SUBSET
    if not sums:
        # a change may be larger for a part than for the whole
        columns = [
            i
            for i in columns
            if table.columns[i].role in _BUDGETED or not _CHANGE.search(table.columns[i].label)
        ]
    name = table.rows[tie.parent].label.core
    for i in columns:
        total = cells[tie.parent][i]
        children = [m for m in (cells[c][i] for c in chosen) if m is not None]
        if total is None or not children or not any(not m.reading.is_empty for m in children):
            continue
        drawn.relations.append(
            Relation(
                kind, f"{name}/{table.columns[i].label}", total, tuple(Term(m) for m in children), True, alike
            )
        )


def _outgrown(table: MoneyTable, cells: list[list[Mention | None]], tie: Tie, columns: list[int]) -> bool:
    """Whether the parts named by 其中 exceed the line above them in every one of several columns: they belong to another line."""
    if table.rows[tie.parent].concept == "total":
        return False
    larger: list[bool] = []
    for i in columns:
        total = cells[tie.parent][i]
        parts = [m.reading.value for m in (cells[c][i] for c in tie.hypotheses[0]) if m is not None]
        known = [value for value in parts if value is not None]
        if total is not None and total.reading.value and known:
            larger.append(max(known) > total.reading.value)
    return len(larger) > 1 and all(larger)


def _near(cells: list[list[Mention | None]], tie: Tie, chosen: tuple[int, ...], columns: list[int]) -> bool:
    """Whether the failing columns look like slips all the same: totals never filled in, or small differences."""
    totals = [m.reading.value for m in (cells[tie.parent][i] for i in columns) if m is not None]
    return all(not value for value in totals) or _differs_little(cells, tie, chosen, columns)


def _differs_little(
    cells: list[list[Mention | None]], tie: Tie, chosen: tuple[int, ...], columns: list[int]
) -> bool:
    """Whether each failing column misses by little against its total: a slip, not another structure."""
    for i in columns:
        total = cells[tie.parent][i]
        values = [m.reading.value for m in (cells[c][i] for c in chosen) if m is not None]
        if total is None or total.reading.value is None or any(v is None for v in values):
            continue
        summed = sum((v for v in values if v is not None), Decimal(0))
        if abs(summed - total.reading.value) > abs(total.reading.value) / 4:
            return False
    return True


def _blank_column(table: MoneyTable, i: int) -> bool:
    return all(row.slots[i].value is None for row in table.rows)


def _balances(drawn: Drawn, table: MoneyTable, cells: list[list[Mention | None]]) -> None:
    """年初预算 ± 调整 = 全年预算 where the three stand in one row, 上年结转 added where the rows show that it is.

    预算 − 决算 = 结余 is not a rule of any form.
    """
    opening, final = table.column("opening", "budget"), table.column("adjusted")
    changes = [i for i, c in enumerate(table.columns) if c.role == "adjustment" and c.is_whole]
    if opening is None or not changes or final is None:
        return
    if len(changes) > 2 or (len(changes) == 2 and not all(opening < i < final for i in changes)):
        changes = changes[:1]
    brought = next(
        (
            i
            for i, c in enumerate(table.columns)
            if c.role == "surplus" and i < final and _BROUGHT.search(c.label)
        ),
        None,
    )
    lines = []
    for row, line in zip(table.rows, cells, strict=True):
        start, end = line[opening], line[final]
        deltas = [Term(m, _sign(table, i, m)) for i, m in ((i, line[i]) for i in changes) if m is not None]
        if start is None or not deltas or end is None or end.reading.is_empty:
            continue
        if start.reading.is_empty and all(delta.mention.reading.is_empty for delta in deltas):
            continue
        lines.append((row, [Term(start), *deltas], line[brought] if brought is not None else None, end))
    with_it = [
        _balanced(end, [*terms, Term(more)])
        for _, terms, more, end in lines
        if more is not None and more.reading.value
    ]
    without = [
        _balanced(end, terms) for _, terms, more, end in lines if more is not None and more.reading.value
    ]
    added = sum(map(bool, with_it)) > sum(map(bool, without))
    made = [
        (row, [*terms, Term(more)] if added and more is not None else terms, end)
        for row, terms, more, end in lines
    ]
    moved = [(terms, end) for _, terms, end in made if any(t.mention.reading.value for t in terms[1:])]
    if not any(_balanced(end, terms) for terms, end in moved) and not (
        brought is None and _plainly(table, opening, changes, final, moved)
    ):
        return
    alike = drawn.next_alike()
    for row, terms, end in made:
        label = f"{row.label.core or '资金'}/预算调整"
        drawn.relations.append(Relation(RelationKind.BALANCE, label, end, tuple(terms), True, alike))


def _sign(table: MoneyTable, column: int, change: Mention) -> int:
    """−1 for what is taken off and typed without its sign (追减 24.50)."""
    taken = _TAKEN_OFF.search(table.columns[column].label) and not _ADDED.search(table.columns[column].label)
    return -1 if taken and (change.reading.value or 0) > 0 else 1


def _balanced(end: Mention, terms: list[Term]) -> bool | None:
    """As :func:`holds`, with signs."""
    if all(term.sign == 1 for term in terms):
        return holds(end, [term.mention for term in terms])
    if end.reading.value is None or any(
        term.mention.reading.value is None and not term.mention.reading.is_empty for term in terms
    ):
        return None
    known = [(t.mention.reading, t.sign) for t in terms if t.mention.reading.value is not None]
    return sum_agreement(known, end.reading) is not Agreement.DISAGREES


def _plainly(
    table: MoneyTable,
    opening: int,
    changes: list[int],
    final: int,
    moved: list[tuple[list[Term], Mention]],
) -> bool:
    """Whether the captions alone say it of a single line: 年初预算 | 调整 | 全年预算 side by side, and the change is a change."""
    side_by_side = [opening, *changes, final] == list(range(opening, final + 1))
    if not side_by_side or table.columns[opening].role != "opening" or len(moved) != 1:
        return False
    terms, end = moved[0]
    values = [term.mention.reading.value for term in terms]
    whole = end.reading.value
    if whole is None or values[0] is None or not whole or any(value is None for value in values):
        return False
    # a change as large as the budget itself is a total under the wrong caption
    return all(abs(value) * 2 < abs(whole) for value in values[1:] if value is not None)


def _record(drawn: Drawn, record: Record) -> None:
    for part, whole, rate, name in RECORDS:
        if not {part, whole, rate} <= record.slots.keys():
            continue
        made = []
        for concept, measure in ((rate, Measure.RATE), (part, Measure.COUNT), (whole, Measure.COUNT)):
            slot = record.slots[concept]
            made.append(
                drawn.mention(Quantity(concept, (concept,), None, None, measure, None), slot, slot.reading)
            )
        result, top, bottom = made
        if not (top.reading.is_empty and bottom.reading.is_empty):
            drawn.relations.append(Relation(RelationKind.CONTROL, name, result, (Term(top), Term(bottom))))
