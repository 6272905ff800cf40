"""All weights against the printed total, and against 100."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from gouji.form.facts import Facts, IndicatorTable, TotalRow
from gouji.form.settings import Settings
from gouji.model import Applicability, Change, Finding, Fix, Severity
from gouji.rule.base import Rule, RuleDoc, finding
from gouji.rule.weights import execution_inside, execution_points, points_of, sums_allowed, totals_of
from gouji.rule.wording import figure

__all__ = ["RULE"]

_HUNDRED = Decimal(100)
_EXECUTION = (Decimal(10), Decimal(20))
_OTHER_SCALE = Decimal(
    150
)  # what is cut off cannot make too many points; so many are points of another scale


def _check(facts: Facts, _settings: Settings) -> Iterator[Finding]:
    scored = [t for t in facts.indicators if "weight" in t.roles and points_of(t, "weight").slots]
    for table in scored:
        yield from _table(facts, table, scored)


def _table(facts: Facts, table: IndicatorTable, scored: list[IndicatorTable]) -> Iterator[Finding]:
    own = points_of(table, "weight")
    if own.unread:
        return
    execution = execution_points(facts, table, "weight")
    extra = sum((s.value for s in execution if s.value is not None), Decimal(0))
    same_sheet = [t for t in scored if t.grid is table.grid]
    everything = sum((points_of(t, "weight").total for t in same_sheet), Decimal(0))
    beside = any(s.grid is table.grid for s in execution)
    sums = set(sums_allowed(own.total, everything, extra, beside=beside, inside=execution_inside(table)))
    printed = [t for t in totals_of(table) if t.weight is not None and t.weight.value is not None]
    for total in printed:
        slot = total.weight
        if slot is None or slot.value is None:
            continue
        # the points for execution may stand on a page that is not here
        absent = {t + points for t in (own.total, everything) for points in _EXECUTION} & {_HUNDRED}
        allowed = sums if execution else sums | absent
        if slot.value in allowed:
            continue
        slots, points = own.slots, own.total
        if abs(slot.value - everything - extra) < abs(slot.value - own.total - extra):
            # the total of all goals
            slots, points = tuple(s for t in same_sheet for s in points_of(t, "weight").slots), everything
        shown = points + extra
        parts = f"{figure(points)}（各指标） + {figure(extra)}（预算执行）" if execution else "各指标分值"
        yield finding(
            RULE,
            f"“{total.label}”的分值填 {slot.text}，但{parts}相加为 {figure(shown)}。请核对各项分值。",
            slot.place,
            expected=figure(shown),
            relation=f"{' + '.join(figure(s.value) for s in (*slots, *execution) if s.value is not None)} = {figure(shown)}",
            related=tuple(s.place for s in (*slots, *execution)),
            fix=Fix(Applicability.UNSAFE, (Change(slot.grid.name, slot.name, slot.text, figure(shown)),))
            if _total_is_wrong(facts, table, total, shown)
            else None,
        )
    if printed:
        slot = printed[-1].weight
        if (
            slot is not None
            and slot.value in sums
            and slot.value != _HUNDRED
            and not _partial(slot.value, extra)
        ):
            yield finding(
                RULE,
                f"“{printed[-1].label}”的分值为 {slot.text}，应为 100。请核对各项分值。",
                slot.place,
                expected="100",
            )
    elif (
        table.complete
        and len(same_sheet) == 1
        and (_whole(table) or _HUNDRED < own.total + extra < _OTHER_SCALE)
        and _HUNDRED not in sums
    ):
        shown = own.total + extra
        if any(own.total + points == _HUNDRED for points in _EXECUTION) and not execution:
            return
        yield finding(
            RULE,
            f"全部分值相加为 {figure(shown)}，应为 100。请核对各项分值。",
            table.rows[-1].weight.place
            if table.rows[-1].weight is not None
            else table.rows[-1].name_slot.place,
            severity=Severity.WARNING,
            expected="100",
            relation=f"{figure(own.total)} + {figure(extra)} = {figure(shown)}",
        )


def _total_is_wrong(facts: Facts, table: IndicatorTable, total: TotalRow, summed: Decimal) -> bool:
    """Whether the total, not one of the weights, is what does not fit: the weights make 100, or the scores say the same.

    Where all scores are full and add up to what the weights add up to, two columns speak against one row.
    """
    if summed == _HUNDRED:
        return True
    scores = points_of(table, "score")
    earned = sum(
        (s.value for s in execution_points(facts, table, "score") if s.value is not None), scores.total
    )
    return (
        not scores.unread
        and earned == summed
        and total.score is not None
        and total.weight is not None
        and total.score.value == total.weight.value
    )


def _partial(value: Decimal, extra: Decimal) -> bool:
    """A total of the indicators alone (90 or 80 beside the execution points of another table)."""
    return (
        value + extra == _HUNDRED
        or (not extra and value + _EXECUTION[0] == _HUNDRED)
        or (not extra and value + _EXECUTION[1] == _HUNDRED)
    )


def _whole(table: IndicatorTable) -> bool:
    """Whether the table reaches its usual end (satisfaction or cost), so that nothing seems cut off."""
    return {"satisfaction"} <= {r.level1 for r in table.rows} | {r.level2 for r in table.rows}


RULE = Rule(
    code="GJ306",
    name="weight-total",
    group="scores",
    severity=Severity.ERROR,
    basis="各项分值合计 100 分（含预算执行率分值）",
    doc=RuleDoc(
        what="各指标分值加预算执行的分值，与“总分”一行的分值核对，并应为 100。",
        why="分值合计不是 100，总得分就没有意义。",
        example="执行率 10 + 产出 70 + 效益 20 + 满意度 10 = 110，总分却填 100，报错。",
        fix_safety="各项合计为 100，或各项得分的合计与之相同的，总分的分值可在确认后（--unsafe）改为各项之和；其他不改。",
    ),
    check=_check,
)
