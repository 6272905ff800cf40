"""Level-1 weights against the form's own note, or the national weighting."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from gouji.form.facts import Facts, IndicatorTable
from gouji.form.label import compact
from gouji.form.settings import Settings
from gouji.model import Finding, Place, Severity
from gouji.pattern import compiled
from gouji.rule.base import Rule, RuleDoc, finding
from gouji.rule.weights import execution_points
from gouji.rule.wording import figure

__all__ = ["RULE"]

_NAMES = {"output": "产出指标", "benefit": "效益指标", "satisfaction": "满意度指标", "cost": "成本指标"}
_NOTE = {
    "output": compiled(r"产出(?:指标)?[:为]?(\d{1,3})分"),
    "benefit": compiled(r"效益(?:指标)?[:为]?(\d{1,3})分"),
    "satisfaction": compiled(r"满意度(?:指标)?[:为]?(\d{1,3})分"),
    "cost": compiled(r"成本(?:指标)?[:为]?(\d{1,3})分"),
}


def _check(facts: Facts, _settings: Settings) -> Iterator[Finding]:
    note = _note(facts)
    for table in facts.indicators:
        if "weight" not in table.roles:
            continue
        groups = _groups(table)
        if not groups:
            continue
        if note is not None and note[0].keys() & groups.keys():
            yield from _against_note(table, groups, *note)
        elif facts.definition is not None and facts.definition.weights and table.totals:
            goals = [t for t in facts.indicators if t.grid is table.grid and "weight" in t.roles]
            if len(goals) == 1:  # several goals share the points between them
                yield from _against_form(facts, table, groups)


def _groups(table: IndicatorTable) -> dict[str, tuple[Decimal, Place]]:
    """Points by level-1 group; empty where a row's group is unknown."""
    sums: dict[str, tuple[Decimal, Place]] = {}
    for row in table.rows:
        if row.weight is None or row.weight.value is None:
            continue
        if row.level1 not in _NAMES:
            return {}
        before, place = sums.get(row.level1, (Decimal(0), row.weight.place))
        sums[row.level1] = (before + row.weight.value, place)
    for group in table.groups:
        if group.level == 1 and group.concept in sums:
            sums[group.concept] = (sums[group.concept][0], group.slot.place)
    return sums


def _note(facts: Facts) -> tuple[dict[str, Decimal], Place] | None:
    """The weighting that a note of the form prescribes: at least two groups in one text, not a group label itself."""
    places: list[tuple[str, Place]] = [
        (p.text, Place(facts.document.path, paragraph=p.number, text=p.text[:80]))
        for p in facts.document.paragraphs
    ]
    places += [(t.text, t.slot.place) for t in facts.long_texts]
    for text, place in places:
        squeezed = compact(text)
        if "分" not in squeezed or "指标" not in squeezed:
            continue
        found = {name: pattern.search(squeezed) for name, pattern in _NOTE.items()}
        points = {name: Decimal(match[1]) for name, match in found.items() if match}
        if len(points) >= 2:
            return points, place
    return None


def _against_note(
    table: IndicatorTable, groups: dict[str, tuple[Decimal, Place]], note: dict[str, Decimal], where: Place
) -> Iterator[Finding]:
    if not table.totals:
        return
    wrong = {name: points for name, points in note.items() if name in groups and groups[name][0] != points}
    if not wrong:
        return
    first = next(iter(wrong))
    said = "、".join(f"{_NAMES[name]}{figure(points)}分" for name, points in wrong.items())
    have = "、".join(f"{_NAMES[name]}{figure(groups[name][0])}分" for name in wrong)
    yield finding(
        RULE,
        f"表内说明规定{said}，表中分值为{have}。请按说明分配分值。",
        groups[first][1],
        severity=Severity.ERROR,
        related=(where, *(groups[name][1] for name in wrong if name != first)),
        basis="表内填报说明",
    )


def _whole(groups: dict[str, tuple[Decimal, Place]], variants: list[dict[str, Decimal]]) -> bool:
    """Whether the groups make up the points of some variant together: else a weight is wrong, and told as that."""
    have = sum((points for points, _ in groups.values()), Decimal(0))
    return any(have == sum((w[name] for name in groups), Decimal(0)) for w in variants)


def _cost_set_apart(
    groups: dict[str, tuple[Decimal, Place]], variants: Sequence[Mapping[str, Decimal]]
) -> bool:
    """Whether output and cost together have the points of output in a weighting without cost: 40 + 10, 30, 10."""
    if not {"output", "cost"} <= groups.keys():
        return False
    have = {name: points for name, (points, _) in groups.items() if name != "cost"}
    have["output"] += groups["cost"][0]
    return any(
        all(w.get(name) == points for name, points in have.items()) for w in variants if "cost" not in w
    )


def _against_form(
    facts: Facts, table: IndicatorTable, groups: dict[str, tuple[Decimal, Place]]
) -> Iterator[Finding]:
    definition = facts.definition
    if definition is None:
        return
    keys = frozenset(groups)
    variants = [w for w in definition.weights if frozenset(w) & _NAMES.keys() == keys]
    if not variants or not _whole(groups, variants):
        return
    if any(all(w.get(name) == points for name, (points, _) in groups.items()) for w in variants):
        return
    if _cost_set_apart(groups, definition.weights):
        return
    execution = {slot.value for slot in execution_points(facts, table, "weight")}
    if execution and not any(w.get("execution", Decimal(10)) in execution for w in variants):
        return  # 20 points for execution where the form has 10: the bureau has a weighting of its own
    if not execution and sum(points for points, _ in groups.values()) == 100:
        return  # so has one that gives no points for execution at all
    wanted = variants[0]
    have = "、".join(f"{_NAMES[name]}{figure(points)}" for name, (points, _) in groups.items())
    should = "、".join(f"{_NAMES[name]}{figure(wanted[name])}" for name in groups)
    printed = all(g.label.points is not None for g in table.groups if g.level == 1 and g.concept in _NAMES)
    if printed:
        return  # the bureau has printed its own weighting
    first = next(name for name, (points, _) in groups.items() if wanted[name] != points)
    yield finding(
        RULE,
        f"一级指标分值为{have}，与通用的{should}（另加预算执行率 {figure(wanted.get('execution', Decimal(10)))}）不同；"
        "本地另有规定的可以不改。",
        groups[first][1],
        related=tuple(place for name, (_, place) in groups.items() if name != first),
        basis=definition.basis,
    )


RULE = Rule(
    code="GJ308",
    name="weight-rule",
    group="scores",
    severity=Severity.WARNING,
    basis="一级指标分值：产出 50、效益 30、满意度 10、预算执行率 10（财预〔2020〕10号）；设成本指标的为 40、20、10、20、10"
    "（财预〔2021〕101号）；均未逐字复核",
    doc=RuleDoc(
        what="表内说明写明了一级指标分值的，按说明核对（不符报错）；认得的表式按其规定的分值核对（不符提示，本地另有规定的可以不改）。"
        "一级指标名称里自己印了分值的，按所印分值核对（GJ305）。",
        why="权重结构由上级统一规定，自行调整会使得分不可比。",
        example="说明规定产出指标50分、效益指标30分，表中为 70 和 20，报错。",
        fix_safety="不自动修改。",
    ),
    check=_check,
)
