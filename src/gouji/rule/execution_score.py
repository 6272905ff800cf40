"""The points for budget execution: weight × rate, at most the weight."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from gouji.form.facts import Facts, MoneyRow, MoneyTable, Slot
from gouji.form.label import parse_label
from gouji.form.settings import Settings
from gouji.model import Applicability, Change, Finding, Fix, Severity
from gouji.number import round_half_up
from gouji.rule.base import Rule, RuleDoc, finding
from gouji.rule.budgets import Columns, columns_of
from gouji.rule.wording import figure, is_answer, labelled, percent_reading

__all__ = ["RULE"]

_TOLERANCE = Decimal("0.1")
_HUNDRED = Decimal(100)


def _check(facts: Facts, _settings: Settings) -> Iterator[Finding]:
    for table in facts.money:
        columns = columns_of(table, facts.year)
        if table.column("score") is None:
            continue
        for row in table.rows:
            found = _row(facts, table, columns, row)
            if found is not None:
                yield found


def _rate(
    table: MoneyTable, columns: Columns | None, row: MoneyRow
) -> tuple[Decimal, str, tuple[Slot, ...]] | None:
    """The rate in percent points: as a line of its own states it, else from the amounts where they stand, else as printed."""
    beside = _rate_beside_score(table, row)
    if beside is not None:
        return beside
    if columns is not None:
        spent, budget = row.slots[columns.executed], columns.budget(row)
        if spent.value is not None and budget is not None and budget.value:
            rate = spent.value * _HUNDRED / budget.value
            below = budget.text if len(budget.slots) == 1 else f"（{budget.text}）"
            return rate, f"{spent.text} ÷ {below}", (spent, *budget.slots)
    rate_at = table.column("rate")
    if rate_at is not None and row.slots[rate_at].value is not None:
        reading = percent_reading(row.slots[rate_at].reading, _HUNDRED)
        if reading.value is not None:
            return reading.value, row.slots[rate_at].text, (row.slots[rate_at],)
    return None


def _rate_beside_score(table: MoneyTable, row: MoneyRow) -> tuple[Decimal, str, tuple[Slot, ...]] | None:
    """The rate of a line below the block that states rate, weight and points by label (预算执行率(支出/预算安排) …)."""
    score_at = table.column("score")
    if score_at is None or row.slots[score_at].row == row.row:
        return None
    for column, slot in zip(table.columns, row.slots, strict=True):
        if column.role == "rate" and slot.row == row.slots[score_at].row and slot.value is not None:
            reading = percent_reading(slot.reading, _HUNDRED)
            return (reading.value, slot.text, (slot,)) if reading.value is not None else None
    return None


def _points(table: MoneyTable, row: MoneyRow) -> tuple[Decimal | None, tuple[Slot, ...]]:
    """What the execution can earn: its own cell, else what the caption of the scores says of the total («得分（10分）»)."""
    weight_at, score_at = table.column("weight"), table.column("score")
    if weight_at is not None:
        return row.slots[weight_at].value, (row.slots[weight_at],)
    if score_at is None or row.concept != "total":
        return None, ()
    return parse_label(table.columns[score_at].label).points, ()


def _of_its_lines(table: MoneyTable, row: MoneyRow, points: Decimal, score: Decimal) -> bool:
    """Whether the lines have points of their own (基本支出 5, 项目支出 5) and the total's are theirs together."""
    weight_at, score_at = table.column("weight"), table.column("score")
    if weight_at is None or score_at is None or row.concept != "total":
        return False
    lines = [other for other in table.rows if other is not row and other.slots[weight_at].value]
    weights = sum((line.slots[weight_at].value or Decimal(0) for line in lines), Decimal(0))
    scores = sum((line.slots[score_at].value or Decimal(0) for line in lines), Decimal(0))
    return len(lines) > 1 and weights == points and scores == score


def _in_whole_points(facts: Facts, *, lost: bool) -> bool:
    """Whether all scores of the form are whole, so that its execution score is rounded like the others.

    ``lost`` asks for some below their weights too: full points everywhere are whole by themselves.
    """
    rows = [row for table in facts.indicators for row in table.rows]
    scores = [row.score.value for row in rows if row.score is not None and row.score.value is not None]
    shown = not lost or any(
        row.score is not None
        and row.score.value is not None
        and row.weight is not None
        and row.score.value < (row.weight.value or Decimal(0))
        for row in rows
    )
    return bool(scores) and shown and all(value == value.to_integral_value() for value in scores)


def _row(facts: Facts, table: MoneyTable, columns: Columns | None, row: MoneyRow) -> Finding | None:
    score_at = table.column("score")
    points, weight = _points(table, row)
    if score_at is None or points is None or points <= 0:
        return None
    score = row.slots[score_at]
    if score.value is None or score.value > points:
        return None
    got = _rate(table, columns, row)
    if got is None:
        return None
    rate, source, slots = got
    earned = points * min(max(rate, Decimal(0)), _HUNDRED) / _HUNDRED
    if abs(score.value - earned) <= _TOLERANCE or _of_its_lines(table, row, points, score.value):
        return None
    shown = figure(round_half_up(rate, 2))
    expected = figure(round_half_up(earned, 2))
    reason_at = table.column("reason")
    inflated = score.value > earned
    rounded = score.value == round_half_up(earned, 0) and _in_whole_points(facts, lost=inflated)
    if rounded and not inflated:
        return None  # the form is scored in whole points
    if not inflated and reason_at is not None and is_answer(row.slots[reason_at]):
        return None
    return finding(
        RULE,
        f"{labelled(score)}填 {score.text}；执行率 {source} = {shown}%，按分值 {figure(points)} 计应得 {expected} 分。",
        score.place,
        severity=Severity.ERROR if inflated and not rounded else Severity.WARNING,
        expected=expected,
        relation=f"{figure(points)} × {shown}% = {expected}",
        related=tuple(slot.place for slot in (*slots, *weight)),
        fix=Fix(Applicability.UNSAFE, (Change(score.grid.name, score.name, score.text, expected),)),
    )


RULE = Rule(
    code="GJ304",
    name="execution-score",
    group="scores",
    severity=Severity.ERROR,
    basis="预算执行得分 = 分值 × 执行率，最高不超过分值",
    doc=RuleDoc(
        what="资金行的得分按 分值 × 执行率（以表上金额重算）核对，容许相差 0.1 分；偏高报错，偏低提示。"
        "各项得分都取整的表，舍去小数的不报，进位的只作警告。",
        why="执行率得分有固定算法，是最容易被复核的一项。",
        example="分值 10，执行率 76.34%，得分 10，应为 7.63，报错。",
        fix_safety="得分可在确认后（--unsafe）改为重算值。",
    ),
    check=_check,
)
