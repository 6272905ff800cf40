"""An execution or control rate that its own figures do not give."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from gouji.form.facts import Facts, Mention, MoneyTable, Relation, RelationKind, Slot
from gouji.form.relate import AMOUNTS
from gouji.form.settings import Settings
from gouji.frozen import replace
from gouji.model import Applicability, Change, Finding, Fix, Reading, Severity
from gouji.number import Agreement, agree_ratio, precision, round_half_up
from gouji.rule.base import Rule, RuleDoc, finding
from gouji.rule.wording import as_percent, figure, labelled, percent_reading, printed

__all__ = ["RULE"]

_NOTHING = (Decimal(1), Decimal(100))
_SMALL = Decimal(100)
_USUAL_DECIMALS = 2  # finance systems print rates with two


def _check(facts: Facts, _settings: Settings) -> Iterator[Finding]:
    for relation in facts.relations:
        if relation.kind in (RelationKind.RATIO, RelationKind.CONTROL):
            found = _one(facts, relation)
            if found is not None:
                yield found


def _one(facts: Facts, relation: Relation) -> Finding | None:
    top, bottom = relation.terms[0].mention, relation.terms[1].mention
    rate = relation.result
    if rate.reading.value is None or top.reading.value is None or bottom.reading.value is None:
        return None
    if bottom.reading.value == 0:
        return _without_base(relation)
    exact = top.reading.value * 100 / bottom.reading.value
    shown = percent_reading(rate.reading, exact)
    finest = max(_decimals(facts).get((id(m.slot.grid), m.slot.row), 0) for m in (top, bottom))
    compared = agree_ratio(_counted(top), _planned(_counted(bottom)), shown, decimals=finest)
    if compared.agreement is Agreement.AGREES:
        return None
    right = compared.expected
    if compared.agreement is Agreement.DISAGREES:
        # «100%» for 91.03 % was not rounded to whole points: say what the figures give
        right = round_half_up(exact, max(shown.decimals, _USUAL_DECIMALS))
    expected = as_percent(right)
    wrote = f"{printed(top)} ÷ {printed(bottom)} = {expected}"
    related = (top.slot.place, bottom.slot.place)
    slot = rate.slot
    if compared.agreement is Agreement.ROUNDING:
        return finding(
            RULE,
            f"{labelled(slot)}印为 {slot.text}，按表上数字应为 {expected}；差别在四舍五入的范围内。",
            slot.place,
            severity=Severity.INFO,
            expected=expected,
            relation=wrote,
            related=related,
        )
    other = _other_base(facts, relation, shown)
    if other is not None:
        message = (
            f"{labelled(slot)}填 {slot.text}，是按{other.label}（{other.name}）算的；"
            f"执行率应以全年（调整后）预算数为分母：{wrote}。"
        )
    else:
        message = f"{labelled(slot)}填 {slot.text}，但 {wrote}。请核对这个比率和这两个数。"
    return finding(
        RULE,
        message,
        slot.place,
        expected=expected,
        relation=f"{wrote} ≠ {slot.text}",
        related=related,
        fix=_fix(slot, rate.reading, right),
    )


@lru_cache(maxsize=8)
def _decimals(facts: Facts) -> dict[tuple[int, int], int]:
    """For each line of a money block the finest precision of the block's amounts: 12 beside 58.27 is 12.00."""
    found: dict[tuple[int, int], int] = {}
    for table in facts.money:
        slots = [
            slot
            for row in table.rows
            for column, slot in zip(table.columns, row.slots, strict=True)
            if column.role in AMOUNTS and slot.value is not None
        ]
        finest = min(max((precision(slot.reading) for slot in slots), default=0), _USUAL_DECIMALS)
        found |= {(id(slot.grid), slot.row): finest for slot in slots}
    return found


def _planned(budget: Reading) -> Reading:
    """A small whole budget (20 万元) is a round figure that was planned, no rounded one; what was spent of it may be."""
    whole = budget.value is not None and 0 < budget.value < _SMALL and budget.unit is None
    return replace(budget, unit="个") if whole else budget  # whole pieces are exact


def _counted(mention: Mention) -> Reading:
    """The reading of a term; whole people and posts are exact, also where the unit stands in the caption only."""
    reading = mention.reading
    if mention.quantity.concept in ("headcount", "establishment") and reading.unit is None:
        return replace(reading, unit="人")
    return reading


def _fix(slot: Slot, reading: Reading, expected: Decimal) -> Fix | None:
    if slot.cell is None:
        return None
    fraction = reading.value is not None and reading.unit != "%" and abs(reading.value) <= 2 < expected
    text = (
        figure(expected / 100)
        if fraction
        else as_percent(expected)
        if "%" in slot.text or "％" in slot.text
        else figure(expected)
    )
    return Fix(Applicability.UNSAFE, (Change(slot.grid.name, slot.name, slot.text, text),))


def _without_base(relation: Relation) -> Finding | None:
    """Spent without budget: no rate can be right but 0 % or a blank; then the money is the fault, not the rate.

    Nothing planned and nothing spent is printed as 100 % as well.
    """
    top = relation.terms[0].mention
    rate = relation.result
    if rate.reading.value in (Decimal(0), None):
        return None
    if top.reading.value == 0 and (rate.reading.value in _NOTHING or top.quantity.concept == "total"):
        return None  # a total of 0 that its lines contradict is told by their sum
    return finding(
        RULE,
        f"{labelled(rate.slot)}填 {rate.slot.text}，但作分母的{labelled(relation.terms[1].mention.slot)}为 0，"
        "算不出比率。请核对预算数。",
        rate.slot.place,
        severity=Severity.WARNING,
        related=(top.slot.place, relation.terms[1].mention.slot.place),
    )


def _other_base(facts: Facts, relation: Relation, shown: Reading) -> Slot | None:
    """The other budget figure of the same row that gives the printed rate."""
    top, bottom = relation.terms[0].mention, relation.terms[1].mention
    table = next((t for t in facts.money if _has(t, relation)), None)
    if table is None:
        return None
    for row in table.rows:
        if row.row != relation.result.slot.row:
            continue
        for column, slot in zip(table.columns, row.slots, strict=True):
            if column.role not in ("opening", "budget", "adjusted", "adjustment") or slot is bottom.slot:
                continue
            if slot.value and slot.value != bottom.reading.value:
                compared = agree_ratio(top.reading, slot.reading, shown)
                if compared.agreement is not Agreement.DISAGREES:
                    return slot
    return None


def _has(table: MoneyTable, relation: Relation) -> bool:
    return table.grid is relation.result.slot.grid and any(
        r.row == relation.result.slot.row for r in table.rows
    )


RULE = Rule(
    code="GJ203",
    name="rate-mismatch",
    group="arithmetic",
    severity=Severity.ERROR,
    basis="预算执行率 = 全年执行数（B）÷ 全年预算数（A，调整后，含上年结转）× 100%",
    doc=RuleDoc(
        what="按表上的数重新计算执行率、控制率：四舍五入后相同为一致；只差在四舍五入范围内的作提示；其余报错。"
        "能看出是用年初预算数作分母的，会指出来。",
        why="执行率直接决定预算执行的得分，也是审核最先看的数。",
        example="执行数 643.14、全年预算数 706.53，执行率填 100%，应为 91.03%，报错。",
        fix_safety="执行率可在确认后（--unsafe）改为重算值；若错的是金额，应先改金额。",
    ),
    check=_check,
)
