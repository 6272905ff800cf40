"""What the goal text says was done, against the indicator that states the same."""

from __future__ import annotations

from collections.abc import Iterator

from gouji.form.facts import Facts, IndicatorRow, Info
from gouji.form.label import compact
from gouji.form.settings import Settings
from gouji.frozen import frozen, replace
from gouji.model import Finding, Reading, Severity
from gouji.narrative.figures import PairKind
from gouji.narrative.story import story_of
from gouji.number import Role, agree_value, find_numbers, normal_unit
from gouji.number.agree import Agreement
from gouji.pattern import compiled
from gouji.rule.base import Rule, RuleDoc, finding

__all__ = ["RULE"]

_LONGEST = 12
_CLAUSE = compiled(r"[^，,。;；、:：\n0-9]{0,12}$")
# 成交额达到1.2亿元 and 成交额1.35亿元 speak of one thing
_REACHED = compiled(r"(?:达到|达|为|是|实现|完成|超过|突破|不少于|不低于|约|共|共计)+$")
_TAIL = 2  # characters before a figure that name what is counted
_BEHIND = 6


@frozen
class _Told:
    """A figure of a goal text with the words in front of it and around it."""

    reading: Reading
    words: str
    around: str


def _check(facts: Facts, _settings: Settings) -> Iterator[Finding]:
    for info in facts.infos:
        if info.concept != "goal_actual":
            continue
        goal = _goal_of(facts, info)
        if goal is not None:
            yield from _texts(facts, goal, info)


def _goal_of(facts: Facts, done: Info) -> Info | None:
    """The goal text beside the one on what was done."""
    same = [i for i in facts.infos if i.concept == "goal_target" and i.slot.grid is done.slot.grid]
    return next((i for i in same if i.slot.row == done.slot.row), None)


def _texts(facts: Facts, goal: Info, done: Info) -> Iterator[Finding]:
    rows = [row for table in facts.indicators if table.grid is goal.slot.grid for row in table.rows]
    planned = _figures(goal.value)
    reached = _figures(done.value) if planned else {}
    for key, aim in planned.items():
        result = reached.get(key)
        if result is None:
            continue
        meant = [row for row in rows if _states(row, aim)]
        if len(meant) != 1 or _told_elsewhere(facts, done, result):
            continue
        row = meant[0]
        actual = row.actual_reading
        if (
            row.actual is None
            or actual.value is None
            or actual.comparison
            or actual.approximate
            or result.reading.approximate
        ):
            continue
        if agree_value(replace(result.reading, comparison=None), actual).agreement is not Agreement.DISAGREES:
            continue
        yield finding(
            RULE,
            f"{done.slot.name}（{done.label}）写“{result.words}{result.reading.text}”，"
            f"指标“{row.name_slot.label}”的完成值（{row.actual.name}）却是 {row.actual.text}；"
            f"两处目标都是 {aim.reading.text}，说的应是同一件事。请核对哪一处对。",
            replace(done.slot.place, text=result.reading.text),
            observed=result.reading.text,
            related=(row.actual.place,),
        )


def _figures(text: str) -> dict[tuple[str, str], _Told]:
    """Counts by their unit and the last words in front, those told once."""
    found: dict[tuple[str, str], _Told] = {}
    twice: set[tuple[str, str]] = set()
    for each in find_numbers(text):
        reading = each.reading
        if (
            each.role is not Role.AMOUNT
            or reading.value is None
            or reading.upper is not None
            or not reading.unit
        ):
            continue
        clause = _CLAUSE.search(text, max(0, each.start - _LONGEST), each.start)
        words = compact(clause[0]) if clause else ""
        words = _REACHED.sub("", words) or words
        if len(words) < _TAIL:
            continue
        key = (normal_unit(reading.unit) or reading.unit, words[-_TAIL:])
        if key in found:
            twice.add(key)
        around = words + compact(text[each.end : each.end + _BEHIND])
        found[key] = _Told(reading, words, around)
    return {key: told for key, told in found.items() if key not in twice}


def _states(row: IndicatorRow, aim: _Told) -> bool:
    """Whether an indicator's target is the figure of the goal, by value, unit and some of its words."""
    target = row.target_reading
    if target.value is None or target.kind is not aim.reading.kind:
        return False
    units = {normal_unit(unit) for unit in (target.unit, aim.reading.unit) if unit}
    if len(units) > 1 or target.value != aim.reading.value:
        return False
    name = compact(row.name)
    return any(name[at : at + 2] in aim.around for at in range(len(name) - 1) if name[at : at + 2].isalpha())


def _told_elsewhere(facts: Facts, done: Info, result: _Told) -> bool:
    """Whether the figure was held against a cell already."""
    return any(
        tie.figure.piece.cell == done.slot.name
        and tie.figure.piece.sheet == done.slot.grid.name
        and tie.figure.value == result.reading.value
        and tie.kind in (PairKind.AGREES, PairKind.DIFFERS)
        for tie in story_of(facts).ties
    )


RULE = Rule(
    code="GJ617",
    name="goal-against-indicator",
    group="narrative",
    severity=Severity.WARNING,
    basis=None,
    doc=RuleDoc(
        what="年度目标的“预期目标”和“实际完成情况”里用同样的话写到同一个数量，而某一项指标的指标值正是预期目标里的那个数的，"
        "“实际完成情况”里的数与这项指标的完成值核对。",
        why="同一件事在目标完成情况里是一个数，在指标表里是另一个数，必有一处不对。",
        example="预期目标“补助牧户2,860户”，指标值 2,860户，完成情况写“补助牧户2,806户”，完成值填 2,860户，提示。",
        fix_safety="不自动修改：以哪一处为准由填报人确定。",
    ),
    check=_check,
)
