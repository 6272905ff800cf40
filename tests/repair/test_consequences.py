"""A total left at nought hides the rate and the points that hang on it; they are told with it."""

from __future__ import annotations

import pytest

from gouji.form import locate
from gouji.model import Finding
from gouji.repair.submission import explain
from gouji.rule.registry import run_rules
from tests.rules.grids import draw, drawing_of

FORM = """
项目资金（万元） | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分
年度资金总额 | {opening} | {budget} | {spent} | 10 | {rate} | {points}
本年财政拨款 | 50 | 50 | 49.5 | | 99% |
其他资金 | 0 | 0 | 0 | | |
一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分
产出指标 | 数量指标 | 抽检批次 | 200批次 | 210批次 | 50 | 50
"""


def findings(opening: str, budget: str, spent: str, rate: str, points: str) -> dict[str | None, Finding]:
    grid = FORM.format(opening=opening, budget=budget, spent=spent, rate=rate, points=points)
    facts = locate(draw(drawing_of({"grid": grid}), sheet=True))
    told = explain(facts, run_rules(facts, facts.settings))
    return {f.location.cell: f for f in told if f.code in ("GJ201", "GJ203", "GJ304")}


def test_rate_and_points_are_told_with_the_empty_totals() -> None:
    told = findings("0", "0", "0", "0%", "0")
    assert {cell: f.expected for cell, f in told.items()} == {
        "B2": "50",
        "C2": "50",
        "D2": "49.5",
        "F2": "99%",
        "G2": "9.9",
    }
    assert told["F2"].message.startswith("合计改正以后，")


@pytest.mark.parametrize("totals", [("50", "50", "49.5", "99%", "9.9"), ("0", "0", "0", "99%", "9.9")])
def test_a_rate_that_fits_the_lines_is_left_alone(totals: tuple[str, ...]) -> None:
    assert not {"F2", "G2"} & findings(*totals).keys()
