"""What only a look across departments shows, and what a look at last year's form shows; reminders, never errors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gouji.batch.summary.insight import (
    FEWEST,
    common_mistakes,
    cost_outliers,
    modified_z,
    per_head_outliers,
    rate_outliers,
    unit_conflicts,
)
from gouji.batch.yearly import compare


def _departments(rates: Sequence[float | None]) -> pd.DataFrame:
    return pd.DataFrame({"单位": [f"局{n}" for n in range(len(rates))], "执行率": rates})


def test_a_rate_far_from_the_others_stands_out() -> None:
    told = rate_outliers(_departments([98, 97.5, 99, 98.2, 96.9, 97, 98.8, 99.1, 12, None]))
    assert list(told["单位"]) == ["局8"]
    assert told.iloc[0]["中位数"] == 97.5 or told.iloc[0]["单位数"] == 9


def test_one_that_differs_among_equals_stands_out() -> None:
    assert list(rate_outliers(_departments([100.0] * 11 + [60.0]))["单位"]) == ["局11"]


def test_a_handful_is_not_compared() -> None:
    assert rate_outliers(_departments([98.0] * (FEWEST - 2) + [1.0])).empty


@settings(max_examples=30)
@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=30), st.floats(-1e3, 1e3))
def test_the_score_does_not_depend_on_where_zero_is(values: list[float], shift: float) -> None:
    here, there = modified_z(pd.Series(values)), modified_z(pd.Series(values) + shift)
    if here.abs().max() < 100:
        assert (here - there).abs().max() < 0.1


def _costs(values: list[float], units: list[str], group: str = "cost") -> pd.DataFrame:
    count = len(values)
    return pd.DataFrame(
        {
            "单位": [f"局{n}" for n in range(count)],
            "指标": ["培训 人均成本" if n % 2 else "培训人均成本" for n in range(count)],
            "类别": group,
            "目标单位": units,
            "完成": values,
            "完成单位": units,
            "位置": "自评表!E9",
        }
    )


def test_a_cost_in_another_order_of_magnitude_stands_out() -> None:
    told = cost_outliers(_costs([380, 400, 410, 395, 420, 405, 390, 415, 40000], ["元"] * 9))
    assert list(told["单位"]) == ["局8"]
    assert cost_outliers(_costs([1, 2, 3, 4, 5, 6, 7, 8, 9e9], ["元"] * 9, "output")).empty


def test_running_costs_a_head_are_compared() -> None:
    table = pd.DataFrame(
        {
            "单位": [f"局{n}" for n in range(9)],
            "公用经费万元": [21, 20, 42, 19, 63, 22, 40, 61, 900],
            "在职人数": [10, 10, 20, 10, 30, 10, 20, 30, 10],
        }
    )
    assert list(per_head_outliers(table)["单位"]) == ["局8"]


def test_one_indicator_in_two_units_is_told_where_most_agree() -> None:
    told = unit_conflicts(_costs([1] * 5, ["人", "人", "人", "人次", "人"]))
    assert [tuple(row) for row in told[["单位", "多数单位用", "这里用"]].itertuples(index=False)] == [
        ("局3", "人", "人次")
    ]
    assert unit_conflicts(_costs([1] * 4, ["人", "人次", "人", "人次"])).empty


def test_mistakes_are_counted_by_form_and_rule() -> None:
    findings = pd.DataFrame(
        [("甲", "F", "GJ201", "合计", "错误")] * 3
        + [("乙", "F", "GJ201", "合计", "错误"), ("丙", "G", "GJ101", "空白", "错误")],
        columns=["单位", "表式", "规则", "规则名称", "级别"],
    )
    departments = pd.DataFrame({"单位": ["甲", "乙", "丁", "戊", "丙"], "表式": ["F"] * 4 + ["G"]})
    told = common_mistakes(findings, departments)
    assert [
        tuple(row) for row in told[["表式", "规则", "单位数", "占比", "处数"]].itertuples(index=False)
    ] == [
        ("F", "GJ201", 2, 0.5, 4),
        ("G", "GJ101", 1, 1.0, 1),
    ]


def _indicator(name: str, target: str | None, actual: str | None, **more: Any) -> dict[str, Any]:  # noqa: ANN401  # of any kind
    base = {"sign": "≥", "unit": "人", "actual_unit": "人", "group": "output"}
    return {"name": name, "target": target, "actual": actual, **base, **more}


def _profile(year: int, spent: str, *indicators: dict[str, Any]) -> dict[str, Any]:
    return {"year": year, "spent": spent, "indicators": list(indicators)}


def test_a_lower_target_and_a_dropped_indicator_are_told_with_the_confidence_of_the_match() -> None:
    now = _profile(
        2024,
        "100",
        _indicator("残疾人就业培训人数", "90", "95"),
        _indicator("康复服务", "50", "50"),
        _indicator("成本", "1", "1", group="cost"),
    )
    earlier = _profile(
        2023, "98", _indicator("残疾人就业培训人次数", "80", "100"), _indicator("康复服务", "40", "50"),
        _indicator("成本", "9", "9", group="cost"), _indicator("无障碍改造户数", "10", "10"),
    )  # fmt: skip
    told = list(compare(now, earlier))
    assert [(note.kind, note.sure[:4]) for note in told] == [
        ("目标低于上年完成值", "名称相近"),
        ("指标取消", "未找到同"),
    ]
    assert "100" in told[0].text
    assert "无障碍改造户数" in told[1].text


@pytest.mark.parametrize(
    ("year", "spent", "kinds"), [(2023, "150", ["支出变化大"]), (2024, "150", []), (2023, "101", [])]
)
def test_spending_is_compared_with_an_earlier_year_only(year: int, spent: str, kinds: list[str]) -> None:
    assert [note.kind for note in compare(_profile(2024, "100"), _profile(year, spent))] == kinds
