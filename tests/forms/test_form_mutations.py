"""One slip in a right form gives exactly the finding that names it: code, cell, and nothing beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from gouji.model import Finding
from gouji.rule.base import GROUPS
from gouji.rule.registry import rule_by_code
from tests.forms.example import NAMES, check, drawn_from, example, with_cells
from tests.rules.grids import cells_of

MUTATIONS: dict[str, dict[str, Any]] = yaml.safe_load(
    Path(__file__).with_name("mutations.yml").read_text(encoding="utf-8")
)
KEYS = {"of", "set", "text", "drop_rows", "drop_sheets", "hidden_rows", "findings", "xfail"}
FINDING_KEYS = {"code", "sheet", "cell", "paragraph", "expected", "observed", "related", "says", "fix"}


def mutated(mutation: dict[str, Any]) -> dict[str, Any]:
    raw = with_cells(example(mutation["of"]), mutation.get("set", {}))
    grids = dict(raw["grids"])
    for sheet, numbers in mutation.get("drop_rows", {}).items():
        rows = cells_of(grids[sheet])
        grids[sheet] = drawn_from([row for number, row in enumerate(rows, 1) if number not in numbers])
    for sheet in mutation.get("drop_sheets", ()):
        del grids[sheet]
    text = list(raw.get("text", ()))
    for number, words in mutation.get("text", {}).items():
        text[number - 1 : number] = [words]
    return {**raw, "grids": grids, "text": text, "hidden_rows": mutation.get("hidden_rows", ())}


def agrees(found: Finding, want: dict[str, Any]) -> bool:
    """Whether a finding is what a mutation asks for, as far as it says."""
    place = found.location
    related = {each.cell or each.paragraph for each in found.related}
    return (
        found.code == want["code"]
        and place.cell == want.get("cell")
        and place.paragraph == want.get("paragraph")
        and ("sheet" not in want or place.sheet == want["sheet"])
        and ("expected" not in want or found.expected == want["expected"])
        and ("observed" not in want or found.observed == want["observed"])
        and want.get("says", "") in found.message
        and set(want.get("related", ())) <= related
        and ("fix" not in want or (found.fix is not None and found.fix.applicability.value == want["fix"]))
    )


def marked(name: str) -> Any:  # noqa: ANN401  # pytest's parameter set
    reason = MUTATIONS[name].get("xfail")
    return pytest.param(
        name, id=name, marks=[pytest.mark.xfail(strict=True, reason=reason)] if reason else []
    )


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("sheet", [True, False], ids=["worksheet", "text"])
def test_a_right_example_gives_no_finding(name: str, sheet: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOUJI_DEBUG", "1")
    assert [found.message for found in check(example(name), sheet=sheet)] == []


@pytest.mark.parametrize("name", [marked(name) for name in MUTATIONS])
def test_a_mutation_gives_exactly_its_finding(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOUJI_DEBUG", "1")
    mutation = MUTATIONS[name]
    found = check(mutated(mutation))
    told = [(each.code, each.location.cell or each.location.paragraph, each.message) for each in found]
    assert len(found) == len(mutation["findings"]), told
    for want in mutation["findings"]:
        assert any(agrees(each, want) for each in found), (want, told)


def test_mutations_are_well_formed_and_cover_every_group_of_rules() -> None:
    groups = set()
    for name, mutation in MUTATIONS.items():
        assert mutation.keys() <= KEYS, name
        assert any(key in mutation for key in KEYS - {"of", "findings", "xfail"}), name
        for finding in mutation["findings"]:
            assert finding.keys() <= FINDING_KEYS, name
            rule = rule_by_code(finding["code"])
            assert rule is not None, name
            groups.add(rule.group)
    assert groups == set(GROUPS) - {"internal"}
    assert len(MUTATIONS) >= 30
