"""A formula whose stored result is out of date."""

from __future__ import annotations

from collections.abc import Iterator

from gouji.form.facts import Facts
from gouji.form.settings import Settings
from gouji.form.slots import make_slot
from gouji.model import Finding, Severity
from gouji.rule.base import Rule, RuleDoc, finding
from gouji.rule.wording import figure

__all__ = ["RULE"]


def _check(facts: Facts, _settings: Settings) -> Iterator[Finding]:
    if not facts.stale:
        return
    labels = {(id(m.slot.grid), m.slot.row, m.slot.col): m.slot.label for m in facts.mentions}
    for grid in facts.document.grids:
        for cell in grid.cells.values():
            right = facts.stale.get((grid.name, cell.row, cell.col))
            if right is None:
                continue
            label = labels.get((id(grid), cell.row, cell.col), "")
            slot = make_slot(facts.document.path, grid, cell.row, cell.col, label)
            name = f"{label}（{slot.name}）" if label else slot.name
            yield finding(
                RULE,
                f"{name}是公式，文件里存的结果是 {slot.text}，按公式重算应为 {figure(right)}。"
                "请用 Excel 或 WPS 重新计算后保存。",
                slot.place,
                expected=figure(right),
                relation=f"={cell.formula}",
            )


RULE = Rule(
    code="GJ406",
    name="stale-result",
    group="spelling",
    severity=Severity.WARNING,
    basis=None,
    doc=RuleDoc(
        what="公式格里存的结果与公式重算的结果是否相同（只判断求和、四舍五入、条件等各软件算法一致的公式）。",
        why="关了自动计算或用程序改过数的文件，会留着旧的合计；系统读的正是这个旧数。",
        example="B8 是 =SUM(B4:B7)，存的结果是 2090，重算为 2190，提示。",
        fix_safety="不自动修改；请用 Excel 或 WPS 打开、重算并保存。",
    ),
    check=_check,
)
