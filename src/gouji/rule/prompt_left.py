"""A prompt of the template still standing where an answer belongs."""

from __future__ import annotations

from collections.abc import Iterator

from gouji.form.facts import Facts, Slot
from gouji.form.settings import Settings
from gouji.model import Finding, Severity
from gouji.pattern import compiled
from gouji.rule.base import Rule, RuleDoc, finding
from gouji.rule.wording import is_prompt

__all__ = ["RULE"]

_GOALS = frozenset({"goal", "goal_target", "goal_actual"})
_REST = compiled(r"(?:目标|任务)\s*\d{1,2}\s*[:：]\s*(?:…|\.{3}|。{2})+")


def _slots(facts: Facts) -> Iterator[Slot]:
    for table in facts.indicators:
        for row in table.rows:
            for slot in (row.target, row.actual, row.score, row.reason):
                if slot is not None:
                    yield slot
            if row.weight is not None and row.weight.value is not None:
                yield row.name_slot
    for money in facts.money:
        for line in money.rows:
            yield from line.slots
    for info in facts.infos:
        if info.concept == "note" and info.label in ("注", "填表说明", "填报说明"):
            continue
        if info.concept != "signature":
            yield info.slot


def _check(facts: Facts, _settings: Settings) -> Iterator[Finding]:
    seen: set[tuple[int, int, int]] = set()
    for info in facts.infos:
        rest = _REST.search(info.value) if info.concept in _GOALS and not is_prompt(info.value) else None
        if rest is not None and rest.start() > 0:
            yield finding(
                RULE,
                f"{info.slot.name}（{info.label}）里还留着模板的“{rest[0].strip()}”，没有填写也没有删去。",
                info.slot.place,
                observed=rest[0].strip(),
            )
    for slot in _slots(facts):
        if slot.cell is None or slot.reading.value is not None or not is_prompt(slot.text):
            continue
        key = (id(slot.grid), slot.cell.row, slot.cell.col)
        if key in seen:
            continue
        seen.add(key)
        quoted = slot.text if len(slot.text) <= 24 else slot.text[:24] + "…"
        yield finding(
            RULE,
            f"{slot.name} 还是模板的填写提示“{quoted}”，没有换成本单位的内容。请填写，或确认不需填后清空。",
            slot.place,
        )


RULE = Rule(
    code="GJ102",
    name="prompt-left",
    group="answers",
    severity=Severity.WARNING,
    basis=None,
    doc=RuleDoc(
        what="应填内容的格子里仍是表式自带的填写提示（“请填写…”“100字以内”“需说明原因”“××”“指标1：……”）。",
        why="说明这一格没有填；提示里往往正写着该填什么，例如预算调整的理由。",
        example="原因栏里是“预算执行率未达到90%的需说明原因（100字以内）”，提示。",
        fix_safety="不自动修改。",
    ),
    check=_check,
)
