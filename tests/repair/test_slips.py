"""Slips of the hand: what each is called, and that every one can be traced back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gouji.repair.likelihood import Likelihood
from gouji.repair.record import Record
from gouji.repair.slips import Slip, explain_spelling, possible_originals
from tests.repair.posed import pose


@pytest.mark.parametrize(
    ("typed", "meant", "slip"),
    [
        ("201.6", "201.5", Slip.SUBSTITUTED),
        ("149.46", "149.64", Slip.TRANSPOSED),
        ("102.45", "120.45", Slip.TRANSPOSED),
        ("153.20", "123.50", Slip.JUMPED),
        ("103.25", "102.35", Slip.TRANSPOSED),
        ("19.25", "196.25", Slip.OMITTED),
        ("196", "196.5", Slip.OMITTED),
        ("1966.5", "196.5", Slip.DOUBLED),
        ("1967.5", "196.5", Slip.INSERTED),
        ("104.02", "104.2", Slip.ZERO),
        ("104.002", "104.02", Slip.ZERO),
        ("914.5", "815.5", Slip.TWO_DIGITS),
    ],
)
def test_each_slip_has_its_name(typed: str, meant: str, slip: Slip) -> None:
    odds, found = explain_spelling(typed, meant)
    assert found is slip
    assert odds > 0


@pytest.mark.parametrize(("typed", "meant"), [("512", "196.25"), ("2015", "201.5"), ("1234", "1243.5")])
def test_figures_no_single_slip_of_a_digit_apart(typed: str, meant: str) -> None:
    assert explain_spelling(typed, meant) == (0.0, Slip.ARBITRARY)


def test_a_neighbouring_key_is_likelier_than_a_far_one() -> None:
    assert explain_spelling("201.4", "201.5")[0] > explain_spelling("201.9", "201.5")[0]


FIGURES = st.integers(100, 9_999_999).map(lambda n: f"{n // 100}.{n % 100:02d}".rstrip("0").rstrip("."))


def hundredths(text: str) -> int:
    whole, _, part = text.partition(".")
    return int(whole) * 100 + int(part.ljust(2, "0"))


@given(FIGURES, st.data())
def test_every_slip_of_a_digit_is_traced_back(meant: str, data: st.DataObject) -> None:
    places = [k for k, c in enumerate(meant) if c.isdigit()]
    at = data.draw(st.sampled_from(places))
    kind = data.draw(st.sampled_from(["substituted", "omitted", "doubled", "transposed"]))
    if kind == "substituted":
        typed = meant[:at] + data.draw(st.sampled_from("0123456789")) + meant[at + 1 :]
    elif kind == "omitted":
        typed = (meant[:at] + meant[at + 1 :]).rstrip(".")
    elif kind == "doubled":
        typed = meant[:at] + meant[at] + meant[at:]
    else:
        after = [k for k in places if k > at][:1]
        typed = meant
        if after:
            swapped = list(meant)
            swapped[at], swapped[after[0]] = swapped[after[0]], swapped[at]
            typed = "".join(swapped)
    sound = typed and typed[0] not in ".0" and len(typed.partition(".")[2]) <= 3
    if not sound or typed == meant:
        return
    assert explain_spelling(typed, meant)[0] > 0
    found = possible_originals(typed, 3)
    assert found.get(hundredths(meant) * 10, 0.0) > 0 or meant[0] == "0"


@given(st.integers(0, 9_999_999), st.integers(-3, 3))
def test_a_value_ruled_out_at_a_glance_is_no_original_of_the_text(hundredths: int, drift: int) -> None:
    """The quick look may only say no where the full list of originals says no too."""
    record = Record(pose({"a": f"{hundredths // 100}.{hundredths % 100:02d}", "b": "5"}, ["a == b"]))
    near = Likelihood(record).nearness.near(0)
    quick = Likelihood(record).nearness
    for value in near:
        first = value + drift * record.quantum[0]
        assert quick.may_be_near(0, min(first, value), max(first, value))


@given(st.integers(1, 999_999), st.integers(0, 999_999))
def test_the_least_price_is_never_above_the_price(typed: int, meant: int) -> None:
    cells = {"a": f"{typed / 100:.2f}", "b": "5", "c": "17.3", "d": "22.3"}
    record = Record(pose(cells, ["d = b + c", "a == d"]))
    value = meant * record.one // 100
    if value != record.values[0]:
        assert Likelihood(record).least(0, value) <= Likelihood(record).price(0, value)[0] + 1e-9
