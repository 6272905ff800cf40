"""All rules, found by looking into this package once; selecting and running them.

A module of this package that defines ``RULE`` is a rule. The package is listed once in a process, at the
first use; after that checking a file costs no look at the file system.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import gouji.rule as package
from gouji.model import Finding, Place, Severity
from gouji.pattern import compiled
from gouji.rule.base import GROUPS, Rule, RuleDoc, finding

if TYPE_CHECKING:
    from gouji.form.facts import Facts
    from gouji.form.settings import Settings

__all__ = [
    "CRASHED",
    "UnknownRuleError",
    "all_rules",
    "crash",
    "is_crash",
    "rule_by_code",
    "run_rules",
    "selected_rules",
]

_CODE = compiled(r"GJ\d{3}")


class UnknownRuleError(LookupError):
    """A code, name or group was given that no rule has; the message is Chinese and meant for the user."""


def _never(_facts: Facts, _settings: Settings) -> Iterable[Finding]:
    return ()


CRASHED = Rule(
    code="GJ000",
    name="rule-crashed",
    group="internal",
    severity=Severity.WARNING,
    basis=None,
    doc=RuleDoc(
        what="某一条规则在检查这份文件时自身出错，没有得出结论；其余规则照常检查。",
        why="没有检查不等于没有问题：出现这一条时，该规则所管的内容需要人工核对，结果记为“部分检查”。",
        example="GJ201 检查本文件时自身出错（ZeroDivisionError）：请人工核对合计数，并反馈给开发者。",
        fix_safety="不涉及修改。",
    ),
    check=_never,
)
"""Not a check of the form: what is reported when a rule itself fails. It cannot be ignored."""


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule, ordered by code.

    Raises:
        ValueError: two rules share a code or a name, or a code or group is not well formed. That is a mistake
            of ours, found by the first test that runs.
    """
    found = [CRASHED]
    for name in _modules():
        rule = getattr(importlib.import_module(f"{package.__name__}.{name}"), "RULE", None)
        if isinstance(rule, Rule):
            found.append(rule)
    for keys in ([rule.code for rule in found], [rule.name for rule in found]):
        if len(set(keys)) != len(keys):
            raise ValueError(f"not unique: {sorted(key for key in set(keys) if keys.count(key) > 1)}")
    for rule in found:
        if not _CODE.fullmatch(rule.code) or rule.group not in GROUPS:
            raise ValueError(f"code {rule.code} or group {rule.group} is not well formed")
    return tuple(sorted(found, key=lambda rule: rule.code))


def _modules() -> list[str]:
    """The names of this package's modules, in order."""
    folder = package.__path__[0]
    sources = Path(folder).glob("*.py") if Path(folder).is_dir() else ()
    names = {source.stem for source in sources}
    if not names:  # shipped inside an archive, or without sources
        import pkgutil  # noqa: PLC0415  # loads half the interpreter's own tools

        names = {info.name for info in pkgutil.iter_modules(package.__path__)}
    return sorted(names - {"__init__"})


def rule_by_code(code: str) -> Rule | None:
    """The rule with this code or name, in whatever case it was typed; None where there is none."""
    wanted = code.strip().casefold()
    return next((rule for rule in all_rules() if wanted in (rule.code.casefold(), rule.name)), None)


def _matching(word: str) -> frozenset[str]:
    wanted = word.strip().casefold()
    codes = frozenset(
        rule.code
        for rule in all_rules()
        if wanted and (rule.code.casefold().startswith(wanted) or wanted in (rule.name, rule.group))
    )
    if not codes:
        raise UnknownRuleError(f"没有编号、名称或分组为“{word}”的规则")
    return codes


@cache
def selected_rules(select: tuple[str, ...] = (), ignore: tuple[str, ...] = ()) -> tuple[Rule, ...]:
    """The rules to run.

    Args:
        select: codes, beginnings of codes (``GJ2``), names or groups; empty means all.
        ignore: the same, taken away from what was selected.

    Raises:
        UnknownRuleError: a word matches no rule. A mistyped code must not quietly switch nothing off.
    """
    wanted = frozenset().union(*map(_matching, select)) if select else frozenset(r.code for r in all_rules())
    unwanted = frozenset().union(*map(_matching, ignore))
    return tuple(rule for rule in all_rules() if rule.code in wanted - unwanted and rule is not CRASHED)


def run_rules(
    facts: Facts, settings: Settings, *, select: Sequence[str] = (), ignore: Sequence[str] = ()
) -> list[Finding]:
    """Runs the selected rules over the facts of one document.

    A rule that crashes becomes a finding of its own (:data:`CRASHED`) and the run goes on: one mistake of
    ours must not cost the clerk the other thirty checks. Findings that the rule gave before it crashed stay.
    With ``GOUJI_DEBUG=1`` the crash is raised.

    Raises:
        UnknownRuleError: a word of ``select`` or ``ignore`` matches no rule.
    """
    found: list[Finding] = []
    for rule in selected_rules(tuple(select), tuple(ignore)):
        try:
            found.extend(rule.check(facts, settings))
        except Exception as error:
            if os.environ.get("GOUJI_DEBUG") == "1":
                raise
            found.append(crash(f"规则 {rule.code}（{rule.name}）", facts.document.path, error, rule.code))
    return found


def crash(what: str, path: str, error: Exception, code: str | None = None) -> Finding:
    """The finding that says that a part of this program failed on a document.

    Args:
        what: the part, in Chinese.
        path: the document.
        error: what it raised; only its kind is told.
        code: the rule that failed, if it was one; told as ``observed``.
    """
    message = f"{what}检查本文件时自身出错（{type(error).__name__}），这一项没有检查，请人工核对。"
    return finding(CRASHED, message, Place(document=path), observed=code)


def is_crash(found: Finding) -> bool:
    """Whether this finding says that a rule failed, so that its part of the document was not checked."""
    return found.code == CRASHED.code
