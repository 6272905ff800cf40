"""Every rule against the small grids of cases/*.yml: what it must find, and what it must leave alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from gouji.form import locate
from gouji.frozen import replace
from gouji.model import Finding
from gouji.rule.registry import CRASHED, all_rules, rule_by_code, run_rules
from tests.rules.grids import draw, drawing_of

CASES = Path(__file__).with_name("cases")
KNOWN_KEYS = {
    "grid", "grids", "text", "form", "as", "hidden_rows", "hidden_cols", "hidden_sheets", "findings", "why", "xfail",
    "workbook", "earlier",
}  # fmt: skip
KNOWN_FINDING_KEYS = {
    "cell", "sheet", "paragraph", "severity", "observed", "expected",
    "relation", "related", "says", "fix", "applicability",
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One drawing for one rule, read as a worksheet or as a table of a text."""

    code: str
    name: str
    raw: dict[str, Any]
    sheet: bool


def cases() -> Iterable[Case]:
    for path in sorted(CASES.glob("*.yml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        code = content.pop("rule")
        for name, raw in content.items():
            for kind in ("sheet", "text"):
                if raw.get("as", kind) == kind:
                    yield Case(code, f"{path.stem}-{name}-{kind}", raw, kind == "sheet")


ALL = list(cases())


def found_in(case: Case) -> list[Finding]:
    facts = locate(draw(drawing_of(case.raw), sheet=case.sheet), case.raw.get("form"))
    beside = {
        field: (locate(draw(drawing_of(case.raw[key]), sheet=True)),) if key in case.raw else ()
        for field, key in (("workbooks", "workbook"), ("earlier", "earlier"))
    }
    facts = replace(facts, **beside)
    return run_rules(facts, facts.settings, select=[case.code])


def shown(found: Finding, keys: Iterable[str]) -> dict[str, object]:
    """The finding in the words of a case, as far as the case speaks of it."""
    every = {
        "cell": found.location.cell,
        "sheet": found.location.sheet,
        "paragraph": found.location.paragraph,
        "severity": found.severity.value,
        "observed": found.observed,
        "expected": found.expected,
        "relation": found.relation,
        "related": [place.cell or place.paragraph for place in found.related],
        "says": found.message,
        "fix": None if found.fix is None else {each.cell: each.new for each in found.fix.changes},
        "applicability": None if found.fix is None else found.fix.applicability.value,
    }
    return {key: every[key] for key in keys}


def marked(case: Case) -> Any:  # noqa: ANN401  # pytest's parameter set
    """A case known to come out wrong must say why, and must be freed as soon as it comes out right."""
    reason = case.raw.get("xfail")
    marks = [pytest.mark.xfail(strict=True, reason=reason)] if reason else []
    return pytest.param(case, marks=marks, id=case.name)


@pytest.mark.parametrize("case", [marked(case) for case in ALL])
def test_case(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOUJI_DEBUG", "1")
    found = sorted(found_in(case), key=lambda each: (each.location.sheet or "", each.location.cell or ""))
    wanted = case.raw.get("findings", [])
    assert len(found) == len(wanted), [each.message for each in found]
    for each, want in zip(found, wanted, strict=True):
        said = shown(each, want)
        if "says" in want:
            assert want["says"] in each.message
            said["says"] = want["says"]
        assert said == want


@pytest.mark.parametrize("path", sorted(CASES.glob("*.yml")), ids=lambda path: path.stem)
def test_a_case_file_is_well_formed(path: Path) -> None:
    """Misspelt keys would make a case say less than its author meant."""
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    rule = rule_by_code(content.pop("rule"))
    assert rule is not None
    assert path.stem == rule.name
    for name, raw in content.items():
        assert raw.keys() <= KNOWN_KEYS, name
        assert name.startswith("fail_" if raw.get("findings") else "pass_"), name
        for finding in raw.get("findings", []):
            assert finding.keys() <= KNOWN_FINDING_KEYS, name


ELSEWHERE = {"GJ001", "GJ406"}
"""Rules that need more than a drawing: explanations in gouji.toml are tested in tests/acceptance, stored results
against recalculated ones in tests/calc/test_stale.py."""


@pytest.mark.parametrize(
    "rule",
    [rule for rule in all_rules() if rule is not CRASHED and rule.code not in ELSEWHERE],
    ids=lambda rule: rule.name,
)
def test_every_rule_has_cases_that_fail_and_cases_that_pass(rule: Any) -> None:  # noqa: ANN401  # pytest's ids
    names = {case.name.split("-")[-2][:5] for case in ALL if rule_by_code(case.code) is rule}
    assert names == {"fail_", "pass_"}
