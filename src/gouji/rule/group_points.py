"""The points printed in a group's label against the points of its indicators."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from gouji.form.facts import Facts
from gouji.form.settings import Settings
from gouji.model import Finding, Severity
from gouji.rule.base import Rule, RuleDoc, finding
from gouji.rule.wording import figure

__all__ = ["RULE"]


def _check(facts: Facts, _settings: Settings) -> Iterator[Finding]:
    for table in facts.indicators:
        last_group = max((g.rows[-1].index for g in table.groups if g.rows), default=0)
        for group in table.groups:
            points, place = group.label.points, group.slot.place
            if points is None and group.weight is not None:
                points, place = group.weight.value, group.weight.place
            if points is None or not group.rows:
                continue
            # one merged cell over several indicators counts once
            slots = list(
                {
                    id(r.weight.cell): r.weight for r in group.rows if r.weight is not None and r.weight.cell
                }.values()
            )
            values = [s.value for s in slots if s.value is not None]
            if "weight" not in table.roles:
                # 新建站点（10分）: the points stand behind the names
                slots = [r.name_slot for r in group.rows]
                values = [r.points for r in group.rows if r.points is not None]
                if len(values) < len(slots):
                    continue
            elif any(s.value is None and not s.is_empty for s in slots):
                continue
            if not values:
                continue
            summed = sum(values, Decimal(0))
            if summed == points:
                continue
            cut = not table.totals and group.rows[-1].index == last_group and summed < points
            if cut:
                continue
            yield finding(
                RULE,
                f"“{group.label.core}”标明 {figure(points)} 分，但所属指标分值相加为 {figure(summed)}。请核对各项分值。",
                place,
                # beside the level stands a figure that can be retyped; in its name, the indicators are to make it up
                expected=figure(points if place == group.slot.place else summed),
                relation=f"{' + '.join(figure(v) for v in values)} = {figure(summed)} ≠ {figure(points)}",
                related=tuple(s.place for s in slots),
            )


RULE = Rule(
    code="GJ305",
    name="group-weight-sum",
    group="scores",
    severity=Severity.ERROR,
    basis="表内一级指标所标分值",
    doc=RuleDoc(
        what="一级、二级指标名称里标明了分值的（如“产出指标（40分）”），或在旁边的分值栏里写明的，核对所属各指标分值之和。表格中断、看不到该组结尾的不查。",
        why="分值与标明的不符，总分也会不符。",
        example="“产出指标（50分）”所属分值 10+10+10+10=40，报错。",
        fix_safety="不自动修改：哪一项分值有误由填报人确定。",
    ),
    check=_check,
)
