"""The live rows of a form: what the arithmetic rules check, as formulas that need neither macro nor gouji.

Each row is one relation at one place, with the code of the rule that checks it. What plain Excel cannot express
(targets such as ≥95% against results, prose against tables) is listed in :data:`BEYOND_EXCEL`.
"""

from __future__ import annotations

from collections.abc import Iterator

from gouji.form.facts import Facts, Mention, MoneyTable, Relation, RelationKind, Slot
from gouji.live.across import across
from gouji.live.areas import address, areas, sheet_prefix
from gouji.live.calculated import balance_columns
from gouji.live.points import points
from gouji.live.row import LiveCheck
from gouji.live.verdicts import (
    BLANK,
    ERROR,
    FINE,
    HINT,
    WARNING,
    answered,
    at_most,
    close_quotient,
    equal_sum,
    spoiled,
    summed,
)
from gouji.rule.budgets import columns_of, parents_of

__all__ = ["BEYOND_EXCEL", "LIVE_CODES", "LiveCheck", "live_checks"]

LIVE_CODES = frozenset(
    {"GJ201", "GJ202", "GJ203", "GJ205", "GJ207", "GJ208"}
    | {"GJ301", "GJ304", "GJ305", "GJ306", "GJ307", "GJ308", "GJ401"}
)
"""The rules that have live rows."""

BEYOND_EXCEL = (
    ("GJ1", "漏填、把目标当结果填、执行率偏低或超目标而没有说明原因"),
    ("GJ210", "百分数是否超过 100%，比率类指标与基数是否相符"),
    ("GJ302", "得分与指标完成情况是否相符（要读懂“≥95%”一类的指标值）"),
    ("GJ402", "数字的写法：全角、多余空格、存成文本等"),
    ("GJ403", "同一张表里重复的项目名称"),
    ("GJ6", "文字说明与表格是否一致，文字里的算式是否成立"),
)
"""Rules, or groups of rules by the beginning of their codes, that plain Excel cannot express; what they check."""


def live_checks(facts: Facts) -> tuple[LiveCheck, ...]:
    """The live rows of a located form, sheet by sheet from top to bottom."""
    order = {id(grid): number for number, grid in enumerate(facts.document.grids)}
    found = [
        *_relations(facts),
        *_balances(facts),
        *_over_budget(facts),
        *_readable(facts),
        *points(facts),
        *across(facts),
    ]
    return tuple(sorted(found, key=lambda c: (order[id(c.place.grid)], c.place.row, c.place.col, c.code)))


def prefixed(slot: Slot) -> str:
    """The address of a slot with its sheet."""
    return address(slot, sheet_prefix(slot.grid.name))


def _relations(facts: Facts) -> Iterator[LiveCheck]:
    for relation in facts.relations:
        match relation.kind:
            case RelationKind.SUM:
                yield _inline_sum(relation) if _is_inline(relation.result) else _sum(relation)
            case RelationKind.BALANCE:
                continue  # drawn where figures prove it, but declared for empty forms too: _balances
            case RelationKind.SUBSET:
                yield _subset(relation)
            case RelationKind.RATIO:
                yield _ratio(relation, exact=False)
            case RelationKind.CONTROL:
                yield _ratio(relation, exact=relation.result.quantity.concept == "control_rate")
                yield _control(relation)
            case RelationKind.EQUAL:
                if _is_inline(relation.result):
                    yield _inline_equal(relation)
                # the others are drawn from what may be equal, not from what is: gouji.live.across


def _sum(relation: Relation) -> LiveCheck:
    total = relation.result.slot
    terms = areas([t.mention.slot for t in relation.terms], sheet_prefix(total.grid.name))
    says = f"{total.label} = {_listed(relation)}"
    return LiveCheck("GJ201", total, says, prefixed(total), summed(terms), equal_sum(prefixed(total), terms))


def _listed(relation: Relation) -> str:
    names = [term.mention.slot.label.split("/")[0] or term.mention.slot.name for term in relation.terms]
    if len(names) > 4:
        names = [*names[:2], "…", names[-1]]
    return " + ".join(names)


def _is_inline(mention: Mention) -> bool:
    """Whether the figure is a part of its cell's text («其中：一般公共预算：589.44»)."""
    return mention.reading.text != mention.slot.text


def _inline_value(mention: Mention, otherwise: str) -> str:
    """The figure behind the last colon of a cell's text, or a plain figure."""
    cell = prefixed(mention.slot)
    if not _is_inline(mention):
        return f"N({cell})"
    text = f'SUBSTITUTE(SUBSTITUTE({cell},"万元",""),"：",":")'
    return f'IFERROR(VALUE(TRIM(RIGHT(SUBSTITUTE({text},":",REPT(" ",60)),60))),{otherwise})'


def _inline_sum(relation: Relation) -> LiveCheck:
    total = _inline_value(relation.result, '""')
    terms = "+".join(_inline_value(term.mention, "0") for term in relation.terms)
    number = _inline_value(relation.result, "0")
    off = f"ABS({terms}-{number})<=0.005*{len(relation.terms) + 1}+0.000001"
    verdict = (
        f'IF(OR({total}="",AND({terms}=0,{number}=0)),"{BLANK}",IF({terms}=0,"{BLANK}",'
        f'IF(ROUND({terms},2)=ROUND({number},2),"{FINE}",IF({off},"{HINT}","{ERROR}"))))'
    )
    slot = relation.result.slot
    return LiveCheck("GJ201", slot, f"{slot.label} = {_listed(relation)}", total, terms, verdict)


def _inline_equal(relation: Relation) -> LiveCheck:
    one, other = relation.result, relation.terms[0].mention
    shown, number = _inline_value(one, '""'), _inline_value(one, "0")
    wanted = prefixed(other.slot)
    verdict = f'IF(OR({shown}="",COUNT({wanted})=0),"{BLANK}",IF(ROUND({number},2)=ROUND({wanted},2),"{FINE}","{ERROR}"))'
    return LiveCheck("GJ205", one.slot, f"{one.slot.label} = {other.slot.label}", shown, wanted, verdict)


def _subset(relation: Relation) -> LiveCheck:
    whole = relation.result.slot
    parts = areas([t.mention.slot for t in relation.terms], sheet_prefix(whole.grid.name))
    says = f"{whole.label} ≥ 其中 {_listed(relation)}"
    return LiveCheck("GJ202", whole, says, prefixed(whole), summed(parts), at_most(prefixed(whole), parts))


def _ratio(relation: Relation, *, exact: bool) -> LiveCheck:
    rate, top, base = relation.result.slot, relation.terms[0].mention.slot, relation.terms[1].mention.slot
    cells = (prefixed(rate), prefixed(top), prefixed(base))
    expected = f'IF(N({cells[2]})=0,"",ROUND({cells[1]}/{cells[2]},4))'
    says = f"{rate.label} = {_column(top)} ÷ {_column(base)}"
    return LiveCheck(
        "GJ203", rate, says, cells[0], f'IFERROR({expected},"")', close_quotient(*cells, exact=exact)
    )


def _balances(facts: Facts) -> Iterator[LiveCheck]:
    """年初预算 + 调整 = 全年预算, line by line."""
    for table in facts.money:
        columns = balance_columns(facts, table)
        for row in table.rows if columns is not None else ():
            opening, change, final = (row.slots[i] for i in columns or ())
            terms = areas([opening, change], sheet_prefix(final.grid.name))
            says = f"{final.label} = {_column(opening)} + {_column(change)}"
            yield LiveCheck(
                "GJ201", final, says, prefixed(final), summed(terms), equal_sum(prefixed(final), terms)
            )


def _column(slot: Slot) -> str:
    """The caption above a slot: 执行率(B/A) of «合计/执行率(B/A)»."""
    return slot.label.partition("/")[2] or slot.label


def _control(relation: Relation) -> LiveCheck:
    part, whole = relation.terms[0].mention.slot, relation.terms[1].mention.slot
    cells = [prefixed(part), prefixed(whole)]
    verdict = answered(cells, f'IF({cells[0]}>{cells[1]},"{WARNING}","{FINE}")')
    return LiveCheck("GJ207", part, f"{_column(part)} ≤ {_column(whole)}", cells[0], cells[1], verdict)


def _over_budget(facts: Facts) -> Iterator[LiveCheck]:
    """Each line's spending against its budget; a reason beside it (not one in the prose) is taken for an answer."""
    if not facts.settings.line_over_budget:
        return
    for table in facts.money:
        columns = columns_of(table, facts.year)
        if columns is None:
            continue
        reason_at = table.column("reason")
        parents = parents_of(facts, table, columns)
        for row in table.rows:
            budget = columns.budget(row)
            spent = row.slots[columns.executed]
            if budget is None or spent.value is None:
                continue
            base = "+".join(f"N({prefixed(slot)})" for slot in budget.slots)
            explained = f',{prefixed(row.slots[reason_at])}<>""' if reason_at is not None else ""
            whole = table.rows[parents[row.index]] if row.index in parents else None
            allowed = columns.budget(whole) if whole is not None else None
            if whole is not None and allowed is not None:  # told at the line that it is part of
                most = "+".join(f"N({prefixed(slot)})" for slot in allowed.slots)
                explained += f",N({prefixed(whole.slots[columns.executed])})>{most}"
            verdict = answered(
                [prefixed(spent), prefixed(budget.slots[0])],
                f'IF(OR({prefixed(spent)}<={base}{explained}),"{FINE}","{WARNING}")',
            )
            says = f"{spent.label} ≤ {_column(budget.slots[0])}，超过的要说明原因"
            yield LiveCheck("GJ208", spent, says, prefixed(spent), base, verdict)


def _readable(facts: Facts) -> Iterator[LiveCheck]:
    """Where only numbers may stand, only numbers stand: one row a column, at its first line."""
    for table in facts.money:
        yield from _money_readable(table)
    for indicators in facts.indicators:
        for slots in (
            [row.weight for row in indicators.rows],
            [row.score for row in indicators.rows],
        ):
            yield from _numbers([slot for slot in slots if slot is not None])


def _money_readable(table: MoneyTable) -> Iterator[LiveCheck]:
    for i, column in enumerate(table.columns):
        if column.role != "reason":
            yield from _numbers([row.slots[i] for row in table.rows])


def _numbers(slots: list[Slot]) -> Iterator[LiveCheck]:
    if not slots:
        return
    cells = areas(slots, sheet_prefix(slots[0].grid.name))
    number = spoiled(cells)
    says = f"{_column(slots[0])}一列只填数字（没有的留空）"
    verdict = f'IF({number}>0,"{ERROR}","{FINE}")'
    yield LiveCheck("GJ401", slots[0], says, number, "0", verdict, slots[-1])
