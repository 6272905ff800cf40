"""Ratios and sums of printed figures: agreement, rounding, disagreement."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gouji.model import Reading, ReadingKind
from gouji.number import (
    Agreement,
    agree_ratio,
    agree_sum,
    agree_value,
    interval,
    precision,
    ratio_agreement,
    read_number,
    round_half_up,
    sum_agreement,
)

AMOUNTS = st.decimals(min_value=Decimal("0.01"), max_value=10**7, places=2)
UNITS = ("", "万元", "元")


def ratio(numerator: str, denominator: str, printed: str, decimals: int | None = None) -> tuple[str, str]:
    outcome = agree_ratio(*map(read_number, (numerator, denominator, printed)), decimals=decimals)
    return outcome.agreement.value, str(outcome.expected)


def total(terms: str, printed: str, decimals: int | None = None) -> tuple[str, str]:
    outcome = agree_sum(
        [read_number(term) for term in terms.split()], read_number(printed), decimals=decimals
    )
    return outcome.agreement.value, str(outcome.expected)


@pytest.mark.parametrize(
    ("numerator", "denominator", "printed", "agreement", "expected"),
    [
        ("2,794.69", "3,660.83", "76.34%", "agrees", "76.34"),
        ("2,112.55", "2,978.25", "70.93%", "agrees", "70.93"),
        ("1.7", "4.05", "41.98%", "agrees", "41.98"),
        # 99.9355…: the printed figures give 99.94, but amounts that round to them give 99.93 as well
        ("682.14", "682.58", "99.93%", "rounding", "99.94"),
        ("682.14", "682.58", "99.92%", "disagrees", "99.94"),
        ("2,794.69", "3,660.83", "67.34%", "disagrees", "76.34"),
        ("643.14", "643.14", "100%", "agrees", "100"),
        ("643.14", "706.53", "91%", "agrees", "91"),
        # counts are exact: 120 of 140 is not 86.2 %, whatever 119.6 of 139.6 may be
        ("120人", "140人", "86%", "agrees", "86"),
        ("120人", "140人", "86.2%", "disagrees", "85.7"),
        # money converts: 万元 over 元
        ("53.7万元", "537000元", "100%", "agrees", "100"),
        ("0", "0", "0%", "agrees", "0"),
        ("0", "5.00", "0.00%", "agrees", "0.00"),
        ("5", "0", "100%", "disagrees", "0"),
        ("20", "20", "100", "agrees", "100"),
    ],
)
def test_a_printed_rate_against_its_amounts(
    numerator: str, denominator: str, printed: str, agreement: str, expected: str
) -> None:
    assert ratio(numerator, denominator, printed) == (agreement, expected)


def test_the_column_may_know_more_decimals_than_a_clerk_typed() -> None:
    assert ratio("20", "60", "33.5%") == ("rounding", "33.3")
    assert ratio("20", "60", "33.5%", decimals=2) == ("disagrees", "33.3")


@pytest.mark.parametrize(
    ("terms", "printed", "agreement", "expected"),
    [
        ("201.5 151.55 283.51", "636.56", "agrees", "636.56"),
        ("104.02 149.46 239.25", "492.91", "disagrees", "492.73"),
        ("0.333 0.333 0.333", "1.00", "agrees", "1.00"),
        ("33.33 33.33 33.33", "100.00", "rounding", "99.99"),
        ("33.3 33.3 33.3", "100", "agrees", "100"),
        ("589.44万元 53.7万元", "6431400元", "agrees", "6431400"),
        ("61人 74人 10人", "145人", "agrees", "145"),
        ("61人 74人 10人", "146人", "disagrees", "145"),
        ("7.40", "7.4", "agrees", "7.4"),
    ],
)
def test_a_printed_total_against_its_terms(terms: str, printed: str, agreement: str, expected: str) -> None:
    assert total(terms, printed) == (agreement, expected)


def test_terms_may_be_taken_off() -> None:
    opening, change, final = map(read_number, ("706.53", "63.39", "643.14"))
    assert agree_sum([opening, (change, -1)], final).agreement is Agreement.AGREES


@pytest.mark.parametrize(
    ("first", "second", "agreement"),
    [
        ("2,794.69万元", "27946900元", "agrees"),
        ("2794.69", "2794.7", "agrees"),
        ("2794.7", "2794.69", "agrees"),
        ("76.34%", "76%", "agrees"),
        ("131", "129", "disagrees"),
        ("104.02", "104.2", "disagrees"),
        ("0.5", "0.50", "agrees"),
        ("4人", "3-5人", "agrees"),
        ("6人", "3-5人", "disagrees"),
        ("1.25", "1.255", "rounding"),
    ],
)
def test_two_statements_of_one_quantity(first: str, second: str, agreement: str) -> None:
    assert agree_value(read_number(first), read_number(second)).agreement.value == agreement


@pytest.mark.parametrize(
    ("value", "decimals", "rounded"),
    [
        ("0.125", 2, "0.13"),
        ("-0.125", 2, "-0.13"),
        ("2.5", 0, "3"),
        ("-0.001", 2, "0.00"),
        ("155", -1, "1.6E+2"),
    ],
)
def test_halves_round_away_from_zero(value: str, decimals: int, rounded: str) -> None:
    assert str(round_half_up(Decimal(value), decimals)) == rounded


def test_a_stored_figure_stands_for_what_is_stored() -> None:
    stored = Reading("492.91", ReadingKind.NUMBER, Decimal("492.9062"), 2)
    assert precision(stored) == 4
    assert interval(stored) == (Decimal("492.90615"), Decimal("492.90625"))


def test_a_reading_without_value_cannot_be_compared() -> None:
    with pytest.raises(ValueError, match="no value"):
        agree_ratio(read_number("无"), read_number("5"), read_number("5%"))
    with pytest.raises(ValueError, match="no value"):
        agree_sum([read_number("5")], read_number("201.5.5"))


@given(AMOUNTS, AMOUNTS, st.integers(0, 4))
def test_a_rate_rounded_from_its_amounts_agrees(
    numerator: Decimal, denominator: Decimal, decimals: int
) -> None:
    exact = Fraction(numerator) * 100 / Fraction(denominator)
    assume(exact < 10**8)
    scaled = exact * 10**decimals
    half_up = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    printed = f"{Decimal(half_up).scaleb(-decimals):f}%"
    assert ratio(f"{numerator}", f"{denominator}", printed)[0] == "agrees"


@given(AMOUNTS, AMOUNTS, st.data())
def test_a_rate_of_amounts_that_print_alike_never_disagrees(
    numerator: Decimal, denominator: Decimal, data: st.DataObject
) -> None:
    """Whatever unrounded amounts stood behind the printed ones, their honest rate is no error."""
    drift = st.decimals(min_value=Decimal("-0.0049"), max_value=Decimal("0.0049"), places=4)
    true = Fraction(numerator + data.draw(drift)) * 100 / Fraction(denominator + data.draw(drift))
    assume(0 < true < 10**6)
    printed = f"{round_half_up(Decimal(true.numerator) / Decimal(true.denominator), 2)}%"
    assert ratio(f"{numerator}", f"{denominator}", printed)[0] != "disagrees"


@given(AMOUNTS, AMOUNTS, st.sampled_from(["99.5%", "100%", "50.00%", "7.3%"]))
def test_a_rate_does_not_depend_on_the_unit_both_amounts_share(
    numerator: Decimal, denominator: Decimal, printed: str
) -> None:
    outcomes = {ratio(f"{numerator}{unit}", f"{denominator}{unit}", printed) for unit in UNITS}
    assert len(outcomes) == 1


@given(st.lists(AMOUNTS, min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_a_sum_agrees_with_its_terms_in_any_order(terms: list[Decimal], random: Random) -> None:
    readings = [read_number(f"{term:,}") for term in terms]
    printed = read_number(f"{sum(terms):,}")
    random.shuffle(readings)
    outcome = agree_sum(readings, printed)
    assert outcome.agreement is Agreement.AGREES
    assert outcome.difference == 0
    assert outcome.low <= outcome.expected <= outcome.high


@given(
    st.lists(AMOUNTS, min_size=1, max_size=8),
    st.decimals(min_value=Decimal("0.06"), max_value=1000, places=2),
)
def test_a_total_further_off_than_rounding_can_explain_disagrees(terms: list[Decimal], off: Decimal) -> None:
    printed = read_number(f"{sum(terms) + off}")
    assert agree_sum(map(read_number, map(str, terms)), printed).agreement is Agreement.DISAGREES


@given(AMOUNTS, AMOUNTS)
def test_two_statements_agree_or_not_whichever_comes_first(first: Decimal, second: Decimal) -> None:
    one, two = read_number(f"{first}"), read_number(f"{second:.1f}")
    assert agree_value(one, two).agreement is agree_value(two, one).agreement


SPELLED = st.builds(
    lambda value, decimals, unit: read_number(f"{round_half_up(value, decimals)}{unit}"),
    st.decimals(min_value=Decimal(-5), max_value=10**6, places=3),
    st.integers(0, 3),
    st.sampled_from(UNITS),
)


@given(SPELLED, SPELLED, st.decimals(min_value=-9, max_value=9, places=2), st.integers(0, 3), st.booleans())
def test_the_short_way_to_a_rate_ends_where_the_long_one_does(
    top: Reading, bottom: Reading, off: Decimal, decimals: int, far: bool
) -> None:
    exact = top.value / bottom.value * 100 if top.value is not None and bottom.value else Decimal(0)
    printed = read_number(f"{round_half_up(exact * (1 + off / 100) + (off if far else 0), decimals)}%")
    full = agree_ratio(top, bottom, printed, decimals=2).agreement
    assert ratio_agreement(top, bottom, printed, decimals=2) is full


@given(st.lists(st.tuples(SPELLED, st.sampled_from([1, -1])), min_size=1, max_size=5), SPELLED, st.booleans())
def test_the_short_way_to_a_sum_ends_where_the_long_one_does(
    terms: list[tuple[Reading, int]], printed: Reading, right: bool
) -> None:
    if right:
        printed = read_number(str(sum((reading.value or 0) * sign for reading, sign in terms)))
    assert sum_agreement(terms, printed) is agree_sum(terms, printed).agreement
