"""No formula of the battery gets a value Excel would not give; what cannot be told is named."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gouji.calc.recalc import Recalculated, recalc
from gouji.write.package import Package
from tests.calc.battery import SHEET, Case, agrees, cases, workbook


def computed(*, second_opinion: bool) -> tuple[Package, Recalculated]:
    package = Package.open(workbook())
    return package, recalc(package, second_opinion=second_opinion)


def wrong_values(package: Package, result: Recalculated) -> list[tuple[str, object, object]]:
    """The formulas that got another value than Excel documents (or one where Excels differ)."""
    skipped = {one.key for one in result.skipped}
    found: list[tuple[str, object, object]] = []
    for row, case in enumerate(cases(), 1):
        if (SHEET, row, 1) not in skipped:
            value = package.value(SHEET, case.cell)
            if case.expected is None or not agrees(case.expected, value):
                found.append((case.formula, case.expected, value))
    return found


def test_the_battery_is_large_enough() -> None:
    assert len(cases()) >= 400
    assert len({case.formula for case in cases()}) == len(cases())


def test_no_silent_wrong_value_with_the_built_in_engine_alone() -> None:
    package, result = computed(second_opinion=False)
    assert wrong_values(package, result) == []
    assert len(result.skipped) <= 40
    assert result.partial


@pytest.mark.office
def test_no_silent_wrong_value_with_libreoffice_at_hand() -> None:
    package, result = computed(second_opinion=True)
    assert wrong_values(package, result) == []
    assert len(result.skipped) <= 12
    assert result.by_office >= 20


def test_every_skipped_formula_is_named_with_its_reason() -> None:
    package, result = computed(second_opinion=False)
    for one in result.skipped:
        assert one.text.endswith("保留原值")
        assert one.formula
        assert package.value(*_place(one.key)) is None


def _place(key: tuple[str, int, int]) -> tuple[str, str]:
    return key[0], f"A{key[1]}"


@pytest.mark.parametrize(
    ("expected", "found", "same"),
    [
        (Decimal("99.9355387"), Decimal("99.93553869"), True),
        (3, Decimal("3.1"), False),
        (True, Decimal(1), False),
    ],
)
def test_agreement_is_to_the_digits_documented(expected: Decimal, found: Decimal, *, same: bool) -> None:
    assert agrees(expected, found) is same


def test_the_table_reads_as_meant() -> None:
    assert Case("errors pass on", "1/0", cases()[0].expected, "A1") == cases()[0]
