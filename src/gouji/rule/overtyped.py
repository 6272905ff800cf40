"""A calculated cell overtyped with a constant, beside others that are still formulas."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from gouji.form.facts import Facts, Mention, Slot
from gouji.form.settings import Settings
from gouji.model import Finding, Severity
from gouji.rule.base import Rule, RuleDoc, finding
from gouji.rule.wording import labelled

__all__ = ["RULE"]

_FEWEST = 2


def _check(facts: Facts, _settings: Settings) -> Iterator[Finding]:
    families: dict[int, list[Mention]] = defaultdict(list)
    for relation in facts.relations:
        if relation.alike:
            families[relation.alike].append(relation.result)
    told: set[tuple[int, str]] = set()
    for mentions in families.values():
        formulas = [m for m in mentions if _is_formula(m.slot)]
        constants = [m for m in mentions if not _is_formula(m.slot) and m.slot.value is not None]
        if len(formulas) < _FEWEST or not constants or len(constants) >= len(formulas):
            continue
        for mention in constants:
            slot = mention.slot
            if (id(slot.grid), slot.name) in told:
                continue
            told.add((id(slot.grid), slot.name))
            like = formulas[0].slot
            yield finding(
                RULE,
                f"{labelled(slot)}是直接键入的数 {slot.text}，而同类的格子（如 {like.name}）是公式；"
                "明细再改时这一格不会跟着变。请恢复公式，或确认这个数。",
                slot.place,
                related=(like.place,),
            )


def _is_formula(slot: Slot) -> bool:
    return slot.cell is not None and slot.cell.formula is not None


RULE = Rule(
    code="GJ405",
    name="calculated-cell-overtyped",
    group="spelling",
    severity=Severity.WARNING,
    basis=None,
    doc=RuleDoc(
        what="同一类计算格（同一行的各列合计、同一列的各行执行率）里，多数是公式，个别是直接键入的数。",
        why="公式被数字覆盖以后，明细改了合计不会变，是合计不符最常见的来源。",
        example="合计行 B12、D12 是公式，C12 是键入的 3660.83，提示。",
        fix_safety="不自动修改；请核对键入的数，再恢复公式。",
    ),
    check=_check,
)
