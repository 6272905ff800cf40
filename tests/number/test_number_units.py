"""Units: which belong together, and what one is in another."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gouji.number import is_money, known_unit, normal_unit, same_dimension, unit_factor
from gouji.number.unit import MULTIPLIERS, leading_unit


@pytest.mark.parametrize(
    ("unit", "factor"),
    [
        (None, "1"),
        ("元", "1"),
        ("千元", "1000"),
        ("万元", "10000"),
        ("百万元", "1000000"),
        ("千万元", "10000000"),
        ("亿元", "100000000"),
        ("万人", "10000"),
        ("万", "10000"),
        ("公里", "1000"),
        ("公顷", "10000"),
        ("万平方米", "10000"),
        ("‰", "0.1"),
        ("%", "1"),
        ("万元/人", "10000"),
        ("年", "12"),
        ("个", "1"),
        ("万剂次", "10000"),
        ("/10万", "0.001"),
        ("爿", None),
    ],
)
def test_how_many_base_units_a_unit_is(unit: str | None, factor: str | None) -> None:
    assert unit_factor(unit) == (None if factor is None else Decimal(factor))


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("元", "万元", True),
        ("人", "名", True),
        ("人", "万人", True),
        ("人", "人次", False),
        ("个", "次", False),
        ("%", "‰", True),
        ("%", None, False),
        ("%", "万", False),
        (None, "万元", True),
        ("万", "万元", True),
        ("㎡", "平方米", True),
        ("平方米", "立方米", False),
        ("元/人", "万元/人", True),
        ("元/人", "元/户", False),
        ("公里", "km", True),
        ("个月", "年", True),
        ("天", "工作日", False),
        ("爿", "爿", True),
        ("爿", "元", False),
        ("万 元", "元", True),
    ],
)
def test_which_units_can_be_compared(first: str | None, second: str | None, same: bool) -> None:
    assert same_dimension(first, second) is same
    assert same_dimension(second, first) is same


@pytest.mark.parametrize(
    ("unit", "plain"),
    [
        ("圆", "元"),
        ("万圆", "万元"),
        ("名", "人"),
        ("㎡", "平方米"),
        ("KM", "公里"),
        ("元每人", "元/人"),
        ("人(次)", "人次"),
        (" 万 元 ", "万元"),
        ("爿", "爿"),
        ("", None),
        (None, None),
    ],
)
def test_the_plain_name_of_a_unit(unit: str | None, plain: str | None) -> None:
    assert normal_unit(unit) == plain


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("人次以上", "人次"),
        ("万元/个", "万元/个"),
        ("个百分点", "个百分点"),
        ("百分点", "百分点"),
        ("人·月，", "人·月"),
        ("千瓦", "千瓦"),
        ("千米", "千米"),
        ("万", "万"),
        ("元/", "元"),
        ("达标", ""),
        ("", ""),
    ],
)
def test_the_longest_unit_at_the_start_of_a_text(text: str, unit: str) -> None:
    assert text[: leading_unit(text)] == unit


def test_money_in_every_size() -> None:
    assert all(is_money(f"{size}元") and known_unit(f"{size}元") for size in ("", *MULTIPLIERS))
    assert not any(is_money(unit) for unit in (None, "%", "人", "元/人", "万", "分"))
