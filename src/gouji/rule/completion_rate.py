"""A printed completion rate, or rate of deviation, that target and result do not give."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from gouji.form.facts import Facts, IndicatorRow, IndicatorTable, Slot
from gouji.form.settings import Settings
from gouji.frozen import frozen
from gouji.model import Applicability, Change, Finding, Fix, Reading, Severity
from gouji.number import round_half_up
from gouji.rule.attain import attain, comparable
from gouji.rule.base import Rule, RuleDoc, finding
from gouji.rule.wording import as_percent, figure, percent_reading

__all__ = ["RULE"]

_HUNDRED = Decimal(100)
_FEWEST = 2


def _check(facts: Facts, _settings: Settings) -> Iterator[Finding]:
    for table in facts.indicators:
        yield from _column(table, _completion)
        yield from _column(table, _deviation)


@frozen
class _Judged:
    """A printed rate: what it should be, in percent points, and whether it fits any usual way to count it."""

    row: IndicatorRow
    slot: Slot
    exact: Decimal
    fits: bool
    plain: Decimal
    what: str
    how: str


def _column(
    table: IndicatorTable, judge: Callable[[IndicatorTable, IndicatorRow], _Judged | None]
) -> Iterator[Finding]:
    """Only where other rows of the table show that the column is counted so."""
    judged = [found for row in table.rows if (found := judge(table, row)) is not None]
    shown = sum(1 for found in judged if found.fits and found.exact != found.plain)
    wrong = [found for found in judged if not found.fits]
    if shown < _FEWEST or len(wrong) * 2 > shown + 1:
        return
    for found in wrong:
        row, slot, exact = found.row, found.slot, found.exact
        if row.actual is None or row.target is None:
            continue
        expected = as_percent(round_half_up(exact, max(slot.reading.decimals, 0)))
        yield finding(
            RULE,
            f"指标“{row.name_slot.label}”的{found.what}填 {slot.text}，但 {found.how} = {expected}。请核对。",
            slot.place,
            expected=expected,
            relation=f"{figure(exact.quantize(Decimal('0.0001')))}% ≠ {slot.text}",
            related=(row.actual.place, row.target.place),
            fix=Fix(Applicability.UNSAFE, (Change(slot.grid.name, slot.name, slot.text, expected),)),
        )


def _figures(row: IndicatorRow) -> tuple[Decimal, Decimal] | None:
    """Target and result where one can be divided by the other."""
    pair = comparable(row.target_reading, row.actual_reading)
    if (
        pair is None
        or not pair[0]
        or row.target_reading.upper is not None
        or row.actual_reading.comparison in ("≥", "≤")
    ):
        return None
    return pair


def _completion(table: IndicatorTable, row: IndicatorRow) -> _Judged | None:
    """完成率, 得分系数: result over target, often counted as 100 at most."""
    slot, pair = row.completion, _figures(row)
    if slot is None or slot.value is None or pair is None or row.actual is None or row.target is None:
        return None
    target, actual = pair
    exact = actual * _HUNDRED / target
    printed = percent_reading(slot.reading, exact)
    inverse = target * _HUNDRED / actual if actual else _HUNDRED
    usual = [exact, min(exact, _HUNDRED)]
    how = f"{row.actual.text} ÷ {row.target.text}"
    if attain(row).less_is_better or row.level1 == "cost":
        usual += [inverse, min(inverse, _HUNDRED), _HUNDRED, _HUNDRED * 2 - exact]
        exact, how = inverse, f"{row.target.text} ÷ {row.actual.text}"
    fits = any(_agrees(printed, value) for value in usual)
    if not fits and attain(row).less_is_better:
        # too many ways to count it, none of which makes more than the inverse or the saving
        fits = printed.value is None or printed.value <= max(_HUNDRED, *usual)
    stepped = "completion" not in table.roles  # 得分系数 is often given in steps (90%, 95%)
    fits = fits or (stepped and _given(row, printed))
    return _Judged(row, slot, exact, fits, _HUNDRED, "得分系数" if stepped else "完成率", how)


def _given(row: IndicatorRow, printed: Reading) -> bool:
    """Whether a coefficient is one that somebody gave: a step of five, or the share of the points that were earned."""
    if printed.value is None or printed.value > _HUNDRED:
        return False
    weight = row.weight.value if row.weight is not None else None
    score = row.score.value if row.score is not None else None
    earned = score * _HUNDRED / weight if weight and score is not None else None
    return not printed.value % 5 or (earned is not None and _agrees(printed, earned))


def _deviation(_table: IndicatorTable, row: IndicatorRow) -> _Judged | None:
    """偏差率: by how much of the target the result is above or below it."""
    slot, pair = row.deviation, _figures(row)
    if slot is None or slot.value is None or pair is None or row.actual is None or row.target is None:
        return None
    target, actual = pair
    exact = (actual - target) * _HUNDRED / target
    printed = percent_reading(slot.reading, exact)
    fits = any(_agrees(printed, value) for value in (exact, -exact))
    how = f"（{row.actual.text} − {row.target.text}）÷ {row.target.text}"
    return _Judged(row, slot, exact, fits, Decimal(0), "偏差率", how)


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
        what="有“完成率”“得分系数”一栏的，用完成值 ÷ 指标值重新计算；有“偏差率”一栏的，用（完成值 − 指标值）÷ 指标值重新计算。"
        "同表其他行证明这一栏就是这样算的，才报错。越低越好的指标，只在完成率高得怎么算都不对时报错。",
        why="完成率常被直接用来计算得分。",
        example="指标值 40家，完成值 46家，完成率填 105%，应为 115%，报错。",
        fix_safety="可在确认后（--unsafe）改为重算值。",
    ),
    check=_check,
)
