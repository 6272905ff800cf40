"""Live rows on points: scores within their weights, points for execution, groups, totals, the form's weighting."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from gouji.form.facts import Facts, IndicatorTable, MoneyRow, MoneyTable, Slot, TotalRow
from gouji.live.areas import address, areas, sheet_prefix
from gouji.live.row import LiveCheck
from gouji.live.verdicts import BLANK, BROKEN, ERROR, FINE, WARNING, answered, count, spoiled, summed
from gouji.rule.budgets import Columns, columns_of
from gouji.rule.weights import execution_points, totals_of
from gouji.rule.wording import figure

__all__ = ["points"]

_NAMES = {"output": "产出指标", "benefit": "效益指标", "satisfaction": "满意度指标", "cost": "成本指标"}


def points(facts: Facts) -> Iterator[LiveCheck]:
    """All rows on points of a located form."""
    for table in facts.money:
        yield from _execution(facts, table)
    for indicators in facts.indicators:
        if "weight" not in indicators.roles:
            continue
        for row in indicators.rows:
            if row.weight is not None and row.score is not None:
                yield _within(row.weight, row.score)
        yield from _groups(indicators)
        for total in totals_of(indicators):
            if total.weight is not None and total.score is not None:
                yield _within(total.weight, total.score)
            yield from _weight_total(facts, indicators, total)
            yield from _score_total(facts, indicators, total)
            yield from _weighting(facts, indicators)


def _at(slot: Slot) -> str:
    return address(slot, sheet_prefix(slot.grid.name))


def _areas(slots: list[Slot]) -> tuple[str, ...]:
    return areas(slots, sheet_prefix(slots[0].grid.name)) if slots else ()


def _within(weight: Slot, score: Slot) -> LiveCheck:
    cells = [_at(weight), _at(score)]
    verdict = answered(cells, f'IF(OR({cells[1]}>{cells[0]},{cells[1]}<0),"{ERROR}","{FINE}")')
    return LiveCheck("GJ301", score, f"{score.label} ≤ 分值", cells[1], cells[0], verdict)


def _execution(facts: Facts, table: MoneyTable) -> Iterator[LiveCheck]:
    weight_at, score_at, columns = (
        table.column("weight"),
        table.column("score"),
        columns_of(table, facts.year),
    )
    if weight_at is None or score_at is None:
        return
    for row in table.rows:
        weight, score = row.slots[weight_at], row.slots[score_at]
        if weight.value is None:
            continue
        yield _within(weight, score)
        earned = _earned(table, columns, row, _at(weight))
        if earned is None:
            continue
        share, needed = earned
        w, s = _at(weight), _at(score)
        verdict = answered(
            [w, s, *needed],
            f'IF(OR({w}<=0,{s}>{w}),"{FINE}",IF(ABS({s}-{share})<=0.1+0.000001,"{FINE}",'
            f'IF({s}>{share},"{ERROR}","{WARNING}")))',
        )
        says = f"{score.label} = 分值 × 执行率，最高不超过分值"
        yield LiveCheck("GJ304", score, says, s, f'IFERROR(ROUND({share},2),"")', verdict)


def _earned(
    table: MoneyTable, columns: Columns | None, row: MoneyRow, weight: str
) -> tuple[str, list[str]] | None:
    """The points earned, and the cells that have to be filled for them: from the amounts, else the printed rate."""
    budget = columns.budget(row) if columns is not None else None
    rate_at = table.column("rate")
    printed = f"{weight}*MAX(0,MIN(1,N({_at(row.slots[rate_at])})))" if rate_at is not None else "0"
    if columns is not None and budget is not None:
        spent = _at(row.slots[columns.executed])
        base = "(" + "+".join(f"N({_at(slot)})" for slot in budget.slots) + ")"
        share = f"IF({base}=0,{printed},{weight}*MAX(0,MIN(1,{spent}/{base})))"
        return share, [spent, _at(budget.slots[0])]
    return (printed, [_at(row.slots[rate_at])]) if rate_at is not None else None


def _groups(table: IndicatorTable) -> Iterator[LiveCheck]:
    for group in table.groups:
        slots = [row.weight for row in group.rows if row.weight is not None]
        if group.label.points is None or not slots:
            continue
        cells, wanted = _areas(slots), figure(group.label.points)
        verdict = (
            f'IF({spoiled(cells)}>0,"{BROKEN}",IF({count(cells)}=0,"{BLANK}",'
            f'IF(ROUND({summed(cells)},6)={wanted},"{FINE}","{ERROR}")))'
        )
        says = f"{group.label.core}各项分值合计 = 标明的 {wanted} 分"
        yield LiveCheck("GJ305", group.slot, says, summed(cells), wanted, verdict)


def _column(table: IndicatorTable, what: str) -> list[Slot]:
    slots = [row.weight if what == "weight" else row.score for row in table.rows]
    return [slot for slot in slots if slot is not None and slot.grid is table.grid]


def _sums(facts: Facts, table: IndicatorTable, what: str) -> tuple[tuple[str, ...], str, str]:
    """The areas of a table's points, their sum, and the points for execution beside it."""
    own = _areas(_column(table, what))
    execution = _areas([s for s in execution_points(facts, table, what) if s.grid is table.grid])
    return own, summed(own), summed(execution) if execution else "0"


def _weight_total(facts: Facts, table: IndicatorTable, total: TotalRow) -> Iterator[LiveCheck]:
    own, mine, extra = _sums(facts, table, "weight")
    if total.weight is None or not own:
        return
    cell = _at(total.weight)
    everything = f"ROUND({mine}+{extra},6)"
    alone = f"AND({cell}=ROUND({mine},6),{everything}=100)"
    verdict = answered(
        [cell],
        f'IF({spoiled(own)}>0,"{BROKEN}",IF({count(own)}=0,"{BLANK}",IF(NOT(OR({cell}={everything},{alone})),"{ERROR}",'
        f'IF(OR({cell}=100,{cell}+{extra}=100),"{FINE}","{ERROR}"))))',
    )
    says = f"{total.label}的分值 = 各指标分值 + 预算执行分值 = 100"
    yield LiveCheck("GJ306", total.weight, says, cell, everything, verdict)


def _score_total(facts: Facts, table: IndicatorTable, total: TotalRow) -> Iterator[LiveCheck]:
    own, mine, extra = _sums(facts, table, "score")
    _, weights, weight_extra = _sums(facts, table, "weight")
    if total.score is None or not own:
        return
    cell = _at(total.score)
    everything = f"ROUND({mine}+{extra},6)"
    allowed = f"ABS({cell}-{everything})<=0.011"
    if total.weight is not None:
        alone = f"ABS({cell}-{mine})<=0.011,{weights}+{weight_extra}=100,{_at(total.weight)}={weights}"
        allowed = f"OR({allowed},AND({alone}))"
    unscored = _over(table, '({w}>0)*({s}="")')
    over, high, most = (_over(table, each) for each in ("--({s}>{w})", "({s}>{w})*{s}", "({s}>{w})*{w}"))
    told = f"AND({over}=1,{high}+{cell}-{everything}>=0,{high}+{cell}-{everything}<={most})"
    verdict = answered(
        [cell],
        f'IF({spoiled(own)}>0,"{BROKEN}",IF(OR({count(own)}=0,{unscored}>0),"{BLANK}",'
        f'IF({allowed},"{FINE}",IF({told},"{FINE}","{ERROR}"))))',
    )
    says = f"{total.label}的得分 = 各指标得分 + 预算执行得分"
    yield LiveCheck("GJ307", total.score, says, cell, everything, verdict)


def _over(table: IndicatorTable, pattern: str) -> str:
    """A SUMPRODUCT over weights and scores that stand side by side, run by run."""
    rows = [row for row in table.rows if row.weight is not None and row.score is not None]
    pairs = zip(
        _areas([row.weight for row in rows if row.weight is not None]),
        _areas([row.score for row in rows if row.score is not None]),
        strict=True,
    )
    return "(" + "+".join(f"SUMPRODUCT({pattern.format(w=w, s=s)})" for w, s in pairs) + ")"


def _weighting(facts: Facts, table: IndicatorTable) -> Iterator[LiveCheck]:
    """Points by group against the weightings that the form allows, where its labels print none of their own."""
    definition = facts.definition
    if definition is None or not definition.weights:
        return
    level1 = [g for g in table.groups if g.level == 1 and g.concept in _NAMES]
    if not level1 or all(group.label.points is not None for group in level1):
        return
    sums: dict[str, list[Slot]] = {}
    for row in table.rows:
        if row.level1 not in _NAMES or row.weight is None:
            return
        sums.setdefault(row.level1, []).append(row.weight)
    cells = {name: _areas(slots) for name, slots in sums.items()}
    variants = [w for w in definition.weights if frozenset(w) & _NAMES.keys() <= cells.keys()]
    tests = [_variant(variant, cells) for variant in variants]
    if not tests:
        return
    everything = [area for each in cells.values() for area in each]
    wholes = {sum((v for k, v in each.items() if k in cells), Decimal(0)) for each in variants}
    whole = ",".join(f"ROUND({summed(everything)},6)={figure(each)}" for each in sorted(wholes))
    verdict = (
        f'IF({spoiled(everything)}>0,"{BROKEN}",IF({count(everything)}=0,"{BLANK}",'
        f'IF(OR({",".join(tests)},NOT(OR({whole}))),"{FINE}","{WARNING}")))'
    )  # while the points do not make up the whole, a weight is wrong, not the weighting
    names = "；或".join(
        "、".join(f"{_NAMES[name]} {figure(value)}" for name, value in variant.items() if name in _NAMES)
        for variant in variants
    )
    yield LiveCheck("GJ308", level1[0].slot, f"一级指标分值：{names}", "", "", verdict)


def _variant(variant: dict[str, Decimal], cells: dict[str, tuple[str, ...]]) -> str:
    return (
        "AND("
        + ",".join(
            f"ROUND({summed(areas_)},6)={figure(variant.get(name, Decimal(0)))}"
            for name, areas_ in cells.items()
        )
        + ")"
    )
