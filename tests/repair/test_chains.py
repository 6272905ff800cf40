"""Stale chains: what is carried along when a total was left behind, and what is not."""

from __future__ import annotations

from decimal import Decimal

from gouji.repair.chains import stale_chain
from gouji.repair.likelihood import Likelihood
from gouji.repair.record import Record
from tests.repair.posed import pose

RELATIONS = ["T = a + b", "r % T / B"]


def chain(**texts: str) -> dict[object, Decimal] | None:
    """What the chain above the first relation brings up to date."""
    rate = texts.pop("r")
    record = Record(pose({**texts, "r": {"text": rate, "kind": "percent"}}, RELATIONS))
    found = stale_chain(Likelihood(record), 0, record.values)
    if found is None:
        return None
    return {record.cells[i].id: record.decimal(value or 0) for i, value in found.changes.items()}


def test_a_rate_computed_from_the_stale_total_comes_along() -> None:
    assert chain(T="60", a="45", b="25", B="80", r="75%") == {"T": Decimal(70), "r": Decimal("87.5")}


def test_a_rate_that_fits_the_fresh_total_stays() -> None:
    assert chain(T="60", a="45", b="25", B="80", r="87.5%") == {"T": Decimal(70)}


def test_a_rate_that_fits_neither_was_not_computed_from_the_stale_total() -> None:
    """Then another mistake is behind it, and the chain does not cover it up."""
    assert chain(T="60", a="45", b="25", B="80", r="81%") == {"T": Decimal(70)}
