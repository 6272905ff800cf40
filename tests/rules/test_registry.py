"""The frame every rule runs in: found once, chosen by code, and never able to stop the run."""

from __future__ import annotations

import importlib
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any, cast

import pytest

from gouji.form.settings import Settings
from gouji.model import Finding, Place, Severity
from gouji.rule import registry
from gouji.rule.base import GROUPS, Rule, RuleDoc, finding
from gouji.rule.registry import UnknownRuleError, all_rules, is_crash, rule_by_code, run_rules, selected_rules

DOC = RuleDoc(what="查什么", why="为什么", example="例子", fix_safety="不改")
FACTS = cast("Any", SimpleNamespace(document=SimpleNamespace(path="甲.xlsx")))


def rule(code: str, name: str, group: str = "arithmetic", **parts: object) -> Rule:
    def check(_facts: object, _settings: object) -> Iterable[Finding]:
        return (finding(made, f"{name}不对", Place(document="甲.xlsx", sheet="表", cell="A1", text="7")),)

    given = {"severity": Severity.ERROR, "basis": None, "doc": DOC, "check": check, **parts}
    made = Rule(code=code, name=name, group=group, **given)  # type: ignore[arg-type]  # parts vary by test
    return made


def crashing(_facts: object, _settings: object) -> Iterable[Finding]:
    yield finding(BROKEN, "先说一句", Place(document="甲.xlsx"))
    raise ZeroDivisionError


BROKEN = rule("GJ202", "broken", check=crashing)


@pytest.fixture
def three_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """A registry of three small rules in place of the real one."""
    rules = (registry.CRASHED, rule("GJ101", "empty", "answers"), BROKEN, rule("GJ301", "score", "scores"))
    monkeypatch.setattr(registry, "all_rules", lambda: rules)
    selected_rules.cache_clear()


@pytest.fixture(autouse=True)
def _fresh_selection() -> Iterable[None]:
    yield
    selected_rules.cache_clear()


@pytest.mark.usefixtures("three_rules")
def test_a_rule_that_crashes_becomes_a_finding_and_the_others_still_speak() -> None:
    found = run_rules(FACTS, Settings())
    assert [each.code for each in found] == ["GJ101", "GJ202", "GJ000", "GJ301"]
    crash = found[2]
    assert is_crash(crash)
    assert crash.severity is Severity.WARNING
    assert crash.location.document == "甲.xlsx"
    assert "GJ202" in crash.message
    assert "Traceback" not in crash.message


@pytest.mark.usefixtures("three_rules")
def test_with_debugging_switched_on_the_crash_itself_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOUJI_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        run_rules(FACTS, Settings())


@pytest.mark.usefixtures("three_rules")
@pytest.mark.parametrize(
    ("select", "ignore", "codes"),
    [
        ((), (), ["GJ101", "GJ202", "GJ301"]),
        (("GJ1",), (), ["GJ101"]),
        (("gj101", "score"), (), ["GJ101", "GJ301"]),
        (("answers",), (), ["GJ101"]),
        ((), ("GJ2", "GJ3"), ["GJ101"]),
        (("GJ",), ("empty",), ["GJ202", "GJ301"]),
    ],
)
def test_rules_are_chosen_by_code_beginning_name_or_group(
    select: tuple[str, ...], ignore: tuple[str, ...], codes: list[str]
) -> None:
    assert [each.code for each in selected_rules(select, ignore)] == codes


@pytest.mark.usefixtures("three_rules")
def test_a_mistyped_code_is_refused_instead_of_switching_nothing_off() -> None:
    with pytest.raises(UnknownRuleError, match="GJ999"):
        selected_rules((), ("GJ999",))


def test_a_finding_takes_from_its_rule_what_is_not_said() -> None:
    made = rule("GJ201", "sum", basis="财预〔2020〕10号")
    place = Place(document="甲.xlsx", sheet="表", cell="B2", text="201.5.5")
    plain = finding(made, "一句话", place)
    assert (plain.code, plain.name, plain.severity) == ("GJ201", "sum", Severity.ERROR)
    assert (plain.observed, plain.basis) == ("201.5.5", "财预〔2020〕10号")
    said = finding(made, "一句话", place, severity=Severity.INFO, observed="1", basis="表注", related=[place])
    assert (said.severity, said.observed, said.basis, said.related) == (Severity.INFO, "1", "表注", (place,))


def test_every_shipped_rule_is_well_formed_and_explained_in_chinese() -> None:
    for each in all_rules():
        assert re.fullmatch(r"GJ\d{3}", each.code)
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", each.name), each.code
        assert list(GROUPS)[int(each.code[2])] == each.group, f"{each.code} stands in the group of its number"
        for text in (each.doc.what, each.doc.why, each.doc.example, each.doc.fix_safety):
            assert re.search(r"[\u4e00-\u9fff]{2}", text), each.code


def test_every_shipped_rule_is_found_by_code_and_by_name() -> None:
    for each in all_rules():
        assert rule_by_code(each.code.lower()) is each
        assert rule_by_code(each.name) is each
    assert rule_by_code("GJ999") is None


def test_two_rules_may_not_share_a_code(monkeypatch: pytest.MonkeyPatch) -> None:
    twin = SimpleNamespace(RULE=rule("GJ000", "other", "internal"))
    monkeypatch.setattr(pkgutil, "iter_modules", lambda _path: [SimpleNamespace(name="twin")])
    monkeypatch.setattr(importlib, "import_module", lambda _name: twin)
    with pytest.raises(ValueError, match="GJ000"):
        all_rules.__wrapped__()


def test_finding_the_rules_loads_nothing_heavy() -> None:
    code = "import sys, gouji.rule.registry as r; r.all_rules(); print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not {"pandas", "openpyxl", "rich", "docx", "click"} & set(loaded)
