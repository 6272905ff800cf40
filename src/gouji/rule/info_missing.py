"""Who reports on what: a heading label with nothing beside it, a goal without words."""

from __future__ import annotations

from collections.abc import Iterator

from gouji.form.facts import Facts
from gouji.form.label import parse_label
from gouji.form.lexicon import concept
from gouji.form.settings import Settings
from gouji.model import Finding, Severity
from gouji.rule.base import Rule, RuleDoc, finding

__all__ = ["RULE"]

_ASKED = frozenset({"unit_name", "department", "executor", "project_name", "goal_target", "goal_actual"})
_GOALS = frozenset({"goal_target", "goal_actual"})


def _check(facts: Facts, _settings: Settings) -> Iterator[Finding]:
    for info in facts.infos:
        if info.concept not in _ASKED:
            continue
        if (
            info.value
            and concept("info", parse_label(info.value).core) is not None
            and info.concept not in _GOALS
        ):
            continue
        if not info.value:
            yield finding(RULE, f"“{info.label}”没有填（{info.slot.name}）。", info.slot.place, observed="")
        elif info.concept in _GOALS and info.slot.is_empty:
            yield finding(
                RULE,
                f"“{info.label}”填的是“{info.value}”（{info.slot.name}）；这里应写年度目标或完成情况。",
                info.slot.place,
            )


RULE = Rule(
    code="GJ112",
    name="heading-missing",
    group="answers",
    severity=Severity.WARNING,
    basis=None,
    doc=RuleDoc(
        what="项目名称、主管部门、实施单位、单位名称、年度目标及其完成情况没有填，或只填了“无”。",
        why="缺少单位和项目，汇总时对不上；目标为空，自评就没有对象。",
        example="主管部门右边是空白，提示。",
        fix_safety="不自动修改。",
    ),
    check=_check,
)
