"""The points printed in a group's label against the points of its indicators."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from gouji.form.facts import Facts, Group, IndicatorTable, Slot
from gouji.form.settings import Settings
from gouji.frozen import frozen
from gouji.model import Finding, Place, Severity
from gouji.rule.base import Rule, RuleDoc, finding
from gouji.rule.wording import figure

__all__ = ["RULE"]


@frozen
class _Wrong:
    """A group whose indicators do not add up to the points printed for it."""

    group: Group
    points: Decimal
    place: Place
    slots: tuple[Slot, ...]
    values: tuple[Decimal, ...]

    @property
    def gap(self) -> Decimal:
        """What the indicators have too many."""
        return sum(self.values, Decimal(0)) - self.points


def _check(facts: Facts, _settings: Settings) -> Iterator[Finding]:
    for table in facts.indicators:
        wrong = [found for group in table.groups if (found := _wrong(table, group)) is not None]
        for each in wrong:
            inner = _inside(each, wrong)
            if inner and sum((other.gap for other in inner), Decimal(0)) == each.gap:
                continue  # told by the groups inside it
            outer = [other for other in wrong if other is not each and each in _inside(other, wrong)]
            yield _finding(each, tuple(other.place for other in outer if other.place != each.place))


def _inside(outer: _Wrong, wrong: list[_Wrong]) -> list[_Wrong]:
    """The wrong groups of the next level whose indicators are all this one's."""
    own = {row.index for row in outer.group.rows}
    return [
        other
        for other in wrong
        if other.group.level > outer.group.level and {row.index for row in other.group.rows} <= own
    ]


def _wrong(table: IndicatorTable, group: Group) -> _Wrong | None:
    points, place = group.label.points, group.slot.place
    if points is None and group.weight is not None:
        points, place = group.weight.value, group.weight.place
    if points is None or not group.rows:
        return None
    # one merged cell over several indicators counts once
    slots = list(
        {id(r.weight.cell): r.weight for r in group.rows if r.weight is not None and r.weight.cell}.values()
    )
    values = [s.value for s in slots if s.value is not None]
    if "weight" not in table.roles:
        # 新建站点（10分）: the points stand behind the names
        slots = [r.name_slot for r in group.rows]
        values = [r.points for r in group.rows if r.points is not None]
        if len(values) < len(slots):
            return None
    elif any(s.value is None and not s.is_empty for s in slots):
        return None
    if not values:
        return None
    found = _Wrong(group, points, place, tuple(slots), tuple(values))
    last_group = max((g.rows[-1].index for g in table.groups if g.rows), default=0)
    cut = not table.totals and group.rows[-1].index == last_group and found.gap < 0
    return None if cut or not found.gap else found


def _finding(wrong: _Wrong, outer: tuple[Place, ...]) -> Finding:
    group, summed = wrong.group, sum(wrong.values, Decimal(0))
    return finding(
        RULE,
        f"“{group.label.core}”标明 {figure(wrong.points)} 分，但所属指标分值相加为 {figure(summed)}。请核对各项分值。",
        wrong.place,
        # beside the level stands a figure that can be retyped; in its name, the indicators are to make it up
        expected=figure(wrong.points if wrong.place == group.slot.place else summed),
        relation=f"{' + '.join(figure(v) for v in wrong.values)} = {figure(summed)} ≠ {figure(wrong.points)}",
        related=(*(s.place for s in wrong.slots), *outer),
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
