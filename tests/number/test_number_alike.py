"""What a typist may have meant has something of what was typed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gouji.number import resembles

AMOUNTS = st.decimals(min_value=Decimal("0.01"), max_value=Decimal(99_999_999), places=2)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("98,30", "98.3"),
        ("＝98,30", "9830"),
        ("201.5.5", "201.5"),
        ("1S1.55", "151.55"),
        ("1O.5万元", "10.5"),
        ("12,45.6.7", "1245.67"),
        ("149.64", "149.46"),
    ],
)
def test_slips_are_recognised(typed: str, value: str) -> None:
    assert resembles(typed, Decimal(value))


@pytest.mark.parametrize(("typed", "value"), [("98,30", "0.18"), ("98,30", "0"), ("12..5", "643.14")])
def test_what_merely_closes_a_sum_is_not(typed: str, value: str) -> None:
    assert not resembles(typed, Decimal(value))


@given(AMOUNTS)
def test_a_figure_resembles_itself_in_any_dress(value: Decimal) -> None:
    assert resembles(f"{value:,}万元", value)
    assert resembles(f"{value}".replace(".", "，"), value)
