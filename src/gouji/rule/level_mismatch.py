"""A second-level indicator under the wrong first-level one; first levels that are missing."""

from __future__ import annotations

from collections.abc import Iterator

from gouji.form.facts import Facts, IndicatorTable
from gouji.form.indicator import PARENT
from gouji.form.label import parse_label
from gouji.form.settings import Settings
from gouji.model import Finding, Severity
from gouji.rule.base import Rule, RuleDoc, finding

__all__ = ["RULE"]

_NAMES = {"output": "产出指标", "cost": "成本指标", "benefit": "效益指标", "satisfaction": "满意度指标"}


def _check(facts: Facts, _settings: Settings) -> Iterator[Finding]:
    for table in facts.indicators:
        yield from _table(table)


def _table(table: IndicatorTable) -> Iterator[Finding]:
    if "level1" not in table.roles or "level2" not in table.roles:
        return
    seen: set[tuple[str, str]] = set()
    for row in table.rows:
        parent = PARENT.get(row.level2 or "")
        if parent is None or row.level1 not in _NAMES or row.level1 == parent:
            continue
        key = (row.level1_text, row.level2_text)
        if key in seen:
            continue
        seen.add(key)
        group = next((g for g in table.groups if g.level == 2 and row in g.rows), None)
        place = group.slot.place if group is not None else row.name_slot.place
        yield finding(
            RULE,
            f"二级指标“{parse_label(row.level2_text).core}”属于{_NAMES[parent]}，"
            f"表中却放在“{parse_label(row.level1_text).core}”下面。请核对指标归类。",
            place,
            expected=_NAMES[parent],
        )


RULE = Rule(
    code="GJ502",
    name="level-label-mismatch",
    group="structure",
    severity=Severity.WARNING,
    basis="绩效指标框架：产出（数量、质量、时效）、成本（经济、社会、生态环境成本）、效益、满意度（财预〔2021〕101号，未逐字复核）",
    doc=RuleDoc(
        what="二级指标名称与所在的一级指标是否对应。旧表式把“成本指标”放在产出下面，不算错。",
        why="归错类会使一级指标的分值结构失真。",
        example="“经济成本指标”放在“产出指标”下面，提示。",
        fix_safety="不自动修改。",
    ),
    check=_check,
)
