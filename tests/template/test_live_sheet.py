"""The 校验 sheet says what ``gouji check`` says, with no macro and no gouji: kind by kind, in two engines."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pytest

from gouji.calc.engine import CellKey, EngineFailedError, Outcome
from gouji.calc.office_engine import OfficeEngine
from gouji.calc.recalc import recalc
from gouji.calc.value import Value
from gouji.checking import check_bytes
from gouji.form import locate
from gouji.live.checks import LIVE_CODES
from gouji.live.verdicts import ERROR, HINT, WARNING
from gouji.model import Finding
from gouji.repair.submission import explain
from gouji.rule.registry import run_rules
from gouji.source import read_bytes
from gouji.source.document import cell_position
from gouji.template.live_sheet import LIVE_SHEET
from gouji.write.package import Package
from tests.template.filled import REFERENCES, RIGHT, SLIPS, Source, filled

Told = set[tuple[str, str, str]]
SEVERITIES = {ERROR: "error", WARNING: "warning", HINT: "info"}
BY_COLUMN = frozenset({"GJ202", "GJ401"})  # told of a column or a whole there, of a cell or a part here


def computed(package: Package) -> Package:
    done = recalc(package, second_opinion=False)
    assert not done.skipped
    return package


def cases() -> list[tuple[str, Package]]:
    made = [(source.name, filled(source, typed_over=True)) for source in REFERENCES]
    for code, number, sheet, slip in SLIPS:
        package = filled(RIGHT[number], typed_over=False)
        package.set_values(sheet, slip)
        made.append((f"{code} {RIGHT[number].name} {sheet}!{next(iter(slip))}", package))
    return [(name, computed(package)) for name, package in made]


def place(code: str, sheet: str, cell: str) -> str:
    if code == "GJ308":
        return sheet  # told at the first group there, at the first that differs here
    if code in BY_COLUMN:
        position = cell_position(cell)
        assert position is not None
        return f"{sheet}!{position[1]}"
    return f"{sheet}!{cell}"


def live(values: Mapping[CellKey, Outcome], package: Package) -> Told:
    """What the 校验 sheet shows, by rule, place and severity."""
    told: Told = set()
    rows = {key[1] for key in values if key[0] == LIVE_SHEET and key[2] == 1}
    for row in rows:
        verdict = values[LIVE_SHEET, row, 1]
        if isinstance(verdict, str) and verdict in SEVERITIES:
            code = package.value(LIVE_SHEET, f"F{row}")
            sheet, _, cell = str(values[LIVE_SHEET, row, 2]).partition("!")
            told.add((str(code), place(str(code), sheet, cell), SEVERITIES[verdict]))
    return told


def cached(package: Package) -> dict[CellKey, Value]:
    return {cell.key: cell.cached for cell in package.formula_cells()}


def checked(package: Package) -> tuple[Told, list[Finding]]:
    """What the arithmetic rules find, and every finding of the whole check."""
    facts = locate(read_bytes(package.to_bytes(), "表.xlsx"))
    found = run_rules(facts, facts.settings)
    told = {
        (f.code, place(f.code, f.location.sheet or "", f.location.cell or ""), f.severity.value)
        for f in found
        if f.code in LIVE_CODES
    }
    return told, explain(facts, found)


CASES = cases()


@pytest.mark.parametrize(("name", "package"), CASES, ids=[name for name, _ in CASES])
def test_the_sheet_shows_what_the_arithmetic_rules_find(name: str, package: Package) -> None:
    told, findings = checked(package)
    assert live(cached(package), package) == told
    kinds, told_kinds = {f.code for f in findings} & LIVE_CODES, {code for code, _, _ in told}
    if name[:2] == "GJ":
        assert name[:5] in told_kinds
        assert kinds
        assert kinds <= told_kinds  # one fault is told once, where the sheet shows each relation it breaks
    else:
        assert kinds == told_kinds


def all_slips(number: int) -> Package:
    package = filled(RIGHT[number], typed_over=False)
    for _, source, sheet, slip in SLIPS:
        if source == number:
            package.set_values(sheet, slip)
    return computed(package)


@pytest.mark.office
def test_libreoffice_shows_the_same() -> None:
    """Opened there with every formula recalculated, no macro in them: each value of each formula."""
    packages = [package for _, package in CASES[: len(REFERENCES)]]
    packages += [all_slips(number) for number in range(len(RIGHT))]
    answers = OfficeEngine().compute([package.to_bytes() for package in packages])
    for package, values in zip(packages, answers, strict=True):
        assert not isinstance(values, EngineFailedError)
        assert live(values, package) == live(cached(package), package) != set()
        for key, value in cached(package).items():
            assert same(values.get(key), value), key


def same(one: Outcome | None, other: Outcome | None) -> bool:
    if isinstance(one, Decimal) and isinstance(other, Decimal):
        return abs(one - other) < Decimal("1e-9")
    return (one or "") == (other or "")


@pytest.mark.parametrize("source", RIGHT, ids=lambda source: source.name)
def test_a_right_form_filled_in_gives_no_finding(source: Source) -> None:
    package = computed(filled(source, typed_over=False))
    result = check_bytes(package.to_bytes(), "表.xlsx")
    assert result.form == source.form
    assert [f"{f.code} {f.location.sheet}!{f.location.cell} {f.message}" for f in result.findings] == []
    assert live(cached(package), package) == set()
