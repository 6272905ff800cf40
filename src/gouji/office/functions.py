"""Worksheet functions (UDFs): what a form's cell may ask of gouji directly.

xlwings offers worksheet functions on Windows only; elsewhere these are plain Python functions. The names hold an
underscore because VBA allows no point in a name.
"""

from __future__ import annotations

from decimal import Decimal

import xlwings as xw

from gouji.model import Reading, ReadingKind
from gouji.number import Agreement, agree_sum, read_number, round_half_up

__all__ = ["勾稽_执行率", "勾稽_数值", "勾稽_核对"]

_PLACES = 12  # decimals at which a cell's binary number is taken for the decimal one it shows


def _reading(value: object) -> Reading:
    """A cell's value as a reading; a number is read as Excel shows it."""
    if value is None:
        return read_number("")
    if isinstance(value, float):
        exact = round_half_up(Decimal(repr(value)), _PLACES).normalize()
        return read_number(f"{exact:f}")
    return read_number(str(value))


def _problem(reading: Reading) -> str:
    if reading.kind is ReadingKind.MALFORMED:
        guesses = "、".join(f"{candidate:f}" for candidate in reading.candidates[:3])
        return f"写法有误：{reading.text}" + (f"（可能是 {guesses}）" if guesses else "")
    return "未填" if reading.is_empty else f"不是数字：{reading.text}"


@xw.func
def 勾稽_数值(内容: object) -> float | str:
    """内容读成的数字；写法有误时说明错在哪里，如 201.5.5。"""
    reading = _reading(内容)
    if reading.value is None:
        return _problem(reading)
    return float(reading.value.scaleb(-2) if reading.kind is ReadingKind.PERCENT else reading.value)


@xw.func
def 勾稽_执行率(执行数: object, 预算数: object) -> float | str:
    """执行数 ÷ 预算数，四舍五入到百分数的两位小数（0.9993 即 99.93%）；预算数为 0 时得 0。"""
    executed, budget = _reading(执行数), _reading(预算数)
    for reading in (executed, budget):
        if reading.value is None:
            return _problem(reading)
    if not budget.value or executed.value is None:
        return 0.0
    return float(round_half_up(executed.value / budget.value, 4))


@xw.func
@xw.arg("明细", ndim=2)
def 勾稽_核对(合计: object, 明细: list[list[object]]) -> str:
    """合计与明细之和是否一致；不一致时说明差多少。空白按 0 计。"""
    total = _reading(合计)
    if total.value is None:
        return _problem(total)
    terms = [_reading(value) for row in 明细 for value in row]
    for reading in terms:
        if reading.value is None and not reading.is_empty:
            return _problem(reading)
    known = [reading for reading in terms if reading.value is not None]
    gap = total.value - sum((reading.value for reading in known if reading.value is not None), Decimal(0))
    if gap == 0:
        return "一致"
    rounding = agree_sum(known, total).agreement is not Agreement.DISAGREES
    return f"相差 {gap:f}" + ("（在四舍五入范围内）" if rounding else "")
