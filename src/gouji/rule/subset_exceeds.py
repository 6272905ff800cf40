"""A part («其中») larger than its whole."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from gouji.form.facts import Facts, RelationKind
from gouji.form.settings import Settings
from gouji.model import Finding, Severity
from gouji.rule.base import Rule, RuleDoc, finding
from gouji.rule.wording import figure, labelled, printed, written_sum

__all__ = ["RULE"]


def _check(facts: Facts, _settings: Settings) -> Iterator[Finding]:
    for relation in facts.relations:
        if relation.kind is not RelationKind.SUBSET:
            continue
        whole = relation.result.reading.value
        terms = [t for t in relation.terms if t.mention.reading.value is not None]
        if whole is None or not terms:
            continue
        slack = Decimal("0.005") * (len(terms) + 1)
        larger = [t for t in terms if (t.mention.reading.value or Decimal(0)) > whole + slack]
        summed = sum((t.mention.reading.value or Decimal(0) for t in terms), Decimal(0))
        if larger:
            for term in larger:
                slot = term.mention.slot
                yield finding(
                    RULE,
                    f"{labelled(slot)}填 {printed(term.mention)}，大于它所属的"
                    f"{labelled(relation.result.slot)} {figure(whole)}。请核对这两个数。",
                    slot.place,
                    relation=f"{printed(term.mention)} ≤ {figure(whole)} 不成立",
                    related=(relation.result.slot.place,),
                )
        elif summed > whole + slack:
            yield finding(
                RULE,
                f"{labelled(relation.result.slot)}填 {figure(whole)}，但其中所列各项相加已达 {figure(summed)}。"
                "请核对各项与总数。",
                relation.result.slot.place,
                relation=f"{written_sum(relation.terms)} = {figure(summed)} > {figure(whole)}",
                related=tuple(t.mention.slot.place for t in terms),
            )


RULE = Rule(
    code="GJ202",
    name="subset-exceeds-total",
    group="arithmetic",
    severity=Severity.ERROR,
    basis=None,
    doc=RuleDoc(
        what="“其中”各项不得大于它所属的总数，相加也不得大于总数（可以小于：其中不必列全）。",
        why="部分大于总体，说明两个数中至少有一个填错或列错了行。",
        example="公用经费 10.6，其中办公经费 12，报错；其中办公经费 2，不报。",
        fix_safety="不自动修改。",
    ),
    check=_check,
)
