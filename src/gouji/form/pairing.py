"""Amounts beside or inside a label cell: what 按收入性质分 splits, and copies of a line's spending."""

from __future__ import annotations

from decimal import Decimal

from gouji.form.drawn import Drawn
from gouji.form.facts import Measure, Mention, MoneyTable, Pair, Quantity, Relation, RelationKind, Slot, Term
from gouji.form.money import label_core
from gouji.pattern import compiled

__all__ = ["draw_pairs"]

_NOT_SPENT = compiled(r"投资|预算|计划|安排|到位|批复|下达|概算|收入|申请")


def draw_pairs(
    drawn: Drawn, pairs: list[Pair], tables: list[tuple[MoneyTable, list[list[Mention | None]]]]
) -> None:
    """按收入性质分：643.14 = the pairs below it in the same column = 全年执行数 of the total."""
    made: list[tuple[Pair, Mention]] = []
    for pair in pairs:
        quantity = Quantity(
            pair.concept or "line", (label_core(pair.label),), None, None, Measure.EXECUTED, pair.unit
        )
        made.append((pair, drawn.mention(quantity, pair.slot, pair.reading)))
    inside = {
        id(m) for p, m in made if any(q.concept == "split" and q.slot.grid is p.slot.grid for q, _ in made)
    }
    for pair, mention in made:
        if pair.concept in ("basic", "project", "total") and id(mention) not in inside:
            _copy_of_line(drawn, pair, mention, tables)
    heads = [(p, m) for p, m in made if p.concept == "split"]
    for head, total in heads:
        children = [
            m
            for p, m in made
            if p.slot.grid is head.slot.grid
            and p.concept != "split"
            and p.slot.row > head.slot.row
            and _first_col(p.slot) == _first_col(head.slot)
        ]
        known = [m.reading.value for m in children if m.reading.value is not None]
        stated = total.reading.value if total.reading.value is not None else sum(known, Decimal(0))
        whole = _whole(head.slot, tables, stated)
        # a caption without a figure of its own: its parts make up the spending
        bare = total.reading.is_empty and whole is not None
        if any(m.reading.value is not None for m in children):
            drawn.relations.append(
                Relation(
                    RelationKind.SUM,
                    label_core(head.label),
                    whole if bare and whole is not None else total,
                    tuple(Term(m) for m in children),
                )
            )
        if whole is not None and not bare:
            drawn.relations.append(
                Relation(RelationKind.EQUAL, f"{label_core(head.label)}与全年执行数", total, (Term(whole),))
            )


def _copy_of_line(
    drawn: Drawn, pair: Pair, mention: Mention, tables: list[tuple[MoneyTable, list[list[Mention | None]]]]
) -> None:
    """基本支出总额 682.14 beside no caption: spending, if every table says one thing of that line's spending.

    Whichever column it agrees with is what it states; only where it agrees with none must it be the spending.
    """
    if _NOT_SPENT.search(pair.label.core):
        return
    spent: list[Mention] = []
    others: list[Decimal] = []
    for table, cells in tables:
        if table.unit is not None and pair.unit is not None and table.unit != pair.unit:
            return
        for row, line in zip(table.rows, cells, strict=True):
            if row.concept != pair.concept:
                continue
            for column, found in zip(table.columns, line, strict=True):
                if (
                    found is None
                    or found.reading.value is None
                    or column.role in ("rate", "share", "weight", "score")
                ):
                    continue
                if column.role == "executed" and column.is_whole:
                    spent.append(found)
                else:
                    others.append(found.reading.value)
    values = {m.reading.value for m in spent}
    if mention.reading.value is None or len(values) != 1 or mention.reading.value in others:
        return
    drawn.relations.append(
        Relation(RelationKind.EQUAL, f"{label_core(pair.label)}与决算（执行）数", mention, (Term(spent[0]),))
    )


def _first_col(slot: Slot) -> int:
    return slot.cell.col if slot.cell is not None else slot.col


def _whole(
    slot: Slot, tables: list[tuple[MoneyTable, list[list[Mention | None]]]], stated: Decimal
) -> Mention | None:
    """The cell of the total line that a split of it makes up: the spending, or the budget where it is that to the cent.

    按收入性质分 is filled with the year's budget as often as with the spending. Only where the line's own rate
    shows that spending and budget are as they should be is the budget taken for what is split.
    """
    for table, cells in tables:
        if table.grid is not slot.grid or table.kind != "funds":
            continue
        executed = table.column("executed")
        for row, line in zip(table.rows, cells, strict=True):
            if row.concept != "total" or executed is None:
                continue
            spent = line[executed]
            if spent is None or spent.reading.value in (None, stated) or not _rate_holds(table, line, spent):
                return spent
            at = (table.column(role) for role in ("adjusted", "budget", "opening"))
            budgets = [line[i] for i in at if i is not None]
            return next((m for m in budgets if m is not None and m.reading.value == stated), spent)
    return None


def _rate_holds(table: MoneyTable, line: list[Mention | None], spent: Mention) -> bool:
    """Whether the line prints a rate that its spending and its budget give."""
    at, base_at = table.column("rate"), table.column("adjusted", "budget", "opening")
    rate, base = (line[i] if i is not None else None for i in (at, base_at))
    if rate is None or base is None or not base.reading.value or spent.reading.value is None:
        return False
    typed = rate.reading.value
    if typed is None:
        return False
    points = spent.reading.value * 100 / base.reading.value
    return min(abs(points - typed), abs(points - typed * 100)) < Decimal("0.06")
