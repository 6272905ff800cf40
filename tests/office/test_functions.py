"""Worksheet functions, called as Excel calls them: with floats, texts, blanks."""

from __future__ import annotations

from typing import Any

import pytest

from gouji.office import functions


@pytest.mark.parametrize(
    ("given", "value"),
    [
        (12.5, 12.5),
        ("１２", 12.0),
        ("98.5%", 0.985),
        ("201.5.5", "写法有误：201.5.5（可能是 201.5、201.55、2015.5）"),
        (None, "未填"),
        ("——", "未填"),
        ("达标", "不是数字：达标"),
    ],
)
def test_a_text_as_a_number_or_what_is_wrong_with_it(given: Any, value: Any) -> None:
    assert functions.勾稽_数值(given) == value


@pytest.mark.parametrize(
    ("executed", "budget", "rate"),
    [
        (682.14, 682.58, 0.9994),
        (1.0, 3.0, 0.3333),
        (0.125, 1000.0, 0.0001),
        (5.0, 0.0, 0.0),
        (None, 3.0, "未填"),
        (0.1 + 0.2, 0.3, 1.0),
    ],
)
def test_execution_rates_round_half_up_to_hundredths_of_a_percent(
    executed: Any, budget: Any, rate: Any
) -> None:
    assert functions.勾稽_执行率(executed, budget) == rate


@pytest.mark.parametrize(
    ("total", "lines", "told"),
    [
        (636.56, [[201.5], [151.55], [283.51]], "一致"),
        (0.3, [[0.1, 0.2]], "一致"),
        (640.0, [[201.5], [None], [283.51]], "相差 154.99"),
        (100.0, [["7,00.0,77"]], "写法有误：7,00.0,77（可能是 700.077、7000.77、700077）"),
    ],
)
def test_a_total_against_its_lines(total: Any, lines: Any, told: str) -> None:
    assert functions.勾稽_核对(total, lines) == told
