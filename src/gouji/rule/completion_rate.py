"""A printed completion rate that target and result do not give."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from gouji.form.facts import Facts, IndicatorRow, IndicatorTable, Slot
from gouji.form.settings import Settings
from gouji.model import Applicability, Change, Finding, Fix, Reading, Severity
from gouji.number import round_half_up
from gouji.rule.attain import comparable
from gouji.rule.base import Rule, RuleDoc, finding
from gouji.rule.wording import as_percent, figure, percent_reading

__all__ = ["RULE"]

_HUNDRED = Decimal(100)
_FEWEST = 2


def _check(facts: Facts, _settings: Settings) -> Iterator[Finding]:
    for table in facts.indicators:
        yield from _table(table)


def _table(table: IndicatorTable) -> Iterator[Finding]:
    """Only where other rows of the table show that the column is result over target."""
    judged = [(row, *found) for row in table.rows if (found := _judge(row)) is not None]
    shown = sum(1 for _, _, exact, fits in judged if fits and exact != _HUNDRED)
    wrong = [(row, slot, exact) for row, slot, exact, fits in judged if not fits]
    if shown < _FEWEST or len(wrong) * 2 > shown + 1:
        return
    for row, slot, exact in wrong:
        if row.actual is None or row.target is None:
            continue
        expected = as_percent(round_half_up(exact, max(slot.reading.decimals, 0)))
        yield finding(
            RULE,
            f"指标“{row.name_slot.label}”的完成率填 {slot.text}，但 {row.actual.text} ÷ {row.target.text} = {expected}。请核对。",
            slot.place,
            expected=expected,
            relation=f"{figure(exact.quantize(Decimal('0.0001')))}% ≠ {slot.text}",
            related=(row.actual.place, row.target.place),
            fix=Fix(Applicability.UNSAFE, (Change(slot.grid.name, slot.name, slot.text, expected),)),
        )


def _judge(row: IndicatorRow) -> tuple[Slot, Decimal, bool] | None:
    """The slot of the rate, result over target in percent points, and whether the print fits any usual way to count it."""
    slot = row.completion
    if slot is None or slot.value is None:
        return None
    pair = comparable(row.target_reading, row.actual_reading)
    if (
        pair is None
        or not pair[0]
        or row.target_reading.upper is not None
        or row.actual_reading.comparison in ("≥", "≤")
    ):
        return None
    target, actual = pair
    exact = actual * _HUNDRED / target
    printed = percent_reading(slot.reading, exact)
    inverse = target * _HUNDRED / actual if actual else _HUNDRED
    usual = [exact, min(exact, _HUNDRED)]
    if row.target_reading.comparison in ("≤", "<") or row.level1 == "cost":
        usual += [inverse, min(inverse, _HUNDRED), _HUNDRED]
        exact = inverse
    if row.target_reading.comparison in ("≤", "<"):
        return slot, exact, True  # too many ways to count it
    return slot, exact, any(_agrees(printed, value) for value in usual)


def _agrees(printed: Reading, value: Decimal) -> bool:
    if printed.value is None:
        return False
    unit = Decimal(1).scaleb(-printed.decimals)
    return abs(printed.value - value) <= unit


RULE = Rule(
    code="GJ204",
    name="completion-rate-mismatch",
    group="arithmetic",
    severity=Severity.ERROR,
    basis=None,
    doc=RuleDoc(
        what="有“完成率”一栏的，用完成值 ÷ 指标值重新计算；同表其他行证明这一栏就是这样算的，才报错。越低越好的指标不查。",
        why="完成率常被直接用来计算得分。",
        example="指标值 40家，完成值 46家，完成率填 105%，应为 115%，报错。",
        fix_safety="可在确认后（--unsafe）改为重算值。",
    ),
    check=_check,
)
