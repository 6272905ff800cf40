"""A management indicator (执行率, 调整率, 结转结余率) that the money block of the same form does not give."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from gouji.form.facts import Facts, IndicatorRow, MoneyRow, MoneyTable, Slot
from gouji.form.label import parse_label
from gouji.form.settings import Settings
from gouji.model import Finding, ReadingKind, Severity
from gouji.number import round_half_up
from gouji.pattern import compiled
from gouji.rule.base import Rule, RuleDoc, finding
from gouji.rule.line_rates import Way, line_ways
from gouji.rule.wording import as_percent

__all__ = ["RULE"]

_HUNDRED = Decimal(100)
_BASES = ("adjusted", "budget", "opening")
_LEFT = compiled(r"结转|结余")
_KINDS = (
    (
        "execution",
        compiled(r"^(?:部门|整体|年度|全年|部门整体支出|资金|项目)*预算执行率$|^(?:部门整体支出)?执行率$"),
    ),
    ("adjustment", compiled(r"^(?:部门|年度|年中)*预算调整率$")),
    ("surplus", compiled(r"^结转结余率$|^结余结转率$|^资金结余率$")),
)


def _check(facts: Facts, _settings: Settings) -> Iterator[Finding]:
    for table in facts.indicators:
        if sum(t.grid is table.grid for t in facts.indicators) > 1:
            continue  # several tables under one money block: it is not known whose rate is meant
        blocks = [
            (m, total) for m in facts.money if m.grid is table.grid and (total := _total(m)) is not None
        ]
        ordered = sorted(blocks, key=lambda block: block[0].kind != "funds")
        for row in table.rows:
            found = _row(facts, ordered, row)
            if found is not None:
                yield found


def _total(table: MoneyTable) -> MoneyRow | None:
    return next((row for row in table.rows if row.concept == "total"), None)


def _row(facts: Facts, blocks: list[tuple[MoneyTable, MoneyRow]], row: IndicatorRow) -> Finding | None:
    """The finding where no block of the sheet gives the printed rate; told by the first (the funds)."""
    actual = row.actual
    if actual is None or row.actual_reading.kind is not ReadingKind.PERCENT:
        return None
    name = parse_label(row.name).core
    kind = next((kind for kind, pattern in _KINDS if pattern.match(name)), None)
    printed = row.actual_reading.value
    ways = (
        [way for block, total in blocks for way in _ways(kind, block, total)]
        + _across(kind, blocks)
        + (_of_line_left(facts, blocks) if kind == "surplus" else [])
        if kind is not None
        else line_ways(facts, name)
    )
    if printed is None or not ways:
        return None
    decimals = row.actual_reading.decimals
    if any(
        abs(round_half_up(value, decimals) - printed) <= Decimal(1).scaleb(-decimals) for value, _, _ in ways
    ):
        return None
    value, arithmetic, slots = ways[0]
    expected = as_percent(round_half_up(value, 2))
    return finding(
        RULE,
        f"指标“{row.name_slot.label}”的完成值填 {actual.text}，"
        f"但按{_table_of(slots)} {arithmetic} = {expected}。请核对；口径不同的请说明。",
        actual.place,
        expected=expected,
        relation=f"{arithmetic} = {expected} ≠ {actual.text}",
        related=tuple(slot.place for slot in slots),
    )


def _across(kind: str, blocks: list[tuple[MoneyTable, MoneyRow]]) -> list[Way]:
    """执行率 where income with its budget and spending stand in blocks side by side."""
    if kind != "execution":
        return []
    found: list[Way] = []
    for block, total in blocks:
        spent = block.column("executed")
        for other, its_total in blocks:
            base = other.column("adjusted", "budget", "opening")
            if other is block or spent is None or base is None:
                continue
            top, bottom = total.slots[spent], its_total.slots[base]
            if top.value is not None and bottom.value:
                found.append(
                    (top.value * _HUNDRED / bottom.value, f"{top.text} ÷ {bottom.text}", (top, bottom))
                )
    return found


def _of_line_left(facts: Facts, blocks: list[tuple[MoneyTable, MoneyRow]]) -> list[Way]:
    """结转结余率 of the line 年末结转结余 that a table of base data states."""
    left = [
        slot
        for table in facts.money
        for row in table.rows
        if _LEFT.search(row.label.core)
        for slot in row.slots
        if slot.value is not None and slot.reading.kind is ReadingKind.NUMBER
    ]
    found: list[Way] = []
    for block, total in blocks:
        for role in (*_BASES, "executed"):
            at = block.column(role)
            base = total.slots[at] if at is not None else None
            if base is not None and base.value:
                found += [
                    (slot.value * _HUNDRED / base.value, f"{slot.text} ÷ {base.text}", (slot, base))
                    for slot in left
                    if slot.value is not None
                ]
    return found


def _table_of(slots: tuple[Slot, ...]) -> str:
    return f"“{slots[0].label.split('/')[0]}”的金额"


def _ways(kind: str, block: MoneyTable, total: MoneyRow) -> Iterator[Way]:
    """The usual ways to compute it, the proper one first."""

    def slot(*roles: str) -> Slot | None:
        at = block.column(*roles)
        return total.slots[at] if at is not None and total.slots[at].value is not None else None

    opening, adjusted, spent = slot("opening"), slot("adjusted", "budget"), slot("executed")
    change, left = slot("adjustment"), slot("surplus")
    if kind == "execution" and spent is not None:
        for base in (adjusted, opening):
            if base is not None and base.value and spent.value is not None:
                yield spent.value * _HUNDRED / base.value, f"{spent.text} ÷ {base.text}", (spent, base)
    elif kind == "adjustment" and opening is not None and opening.value:
        if change is not None and change.value is not None:
            yield (
                abs(change.value) * _HUNDRED / opening.value,
                f"{change.text} ÷ {opening.text}",
                (change, opening),
            )
        elif adjusted is not None and adjusted.value is not None:
            moved = abs(adjusted.value - opening.value)
            wrote = f"({adjusted.text} − {opening.text}) ÷ {opening.text}"
            yield moved * _HUNDRED / opening.value, wrote, (adjusted, opening)
    elif (
        kind == "surplus"
        and adjusted is not None
        and adjusted.value
        and spent is not None
        and spent.value is not None
    ):
        rest = left.value if left is not None and left.value is not None else adjusted.value - spent.value
        yield (
            rest * _HUNDRED / adjusted.value,
            f"({adjusted.text} − {spent.text}) ÷ {adjusted.text}",
            (adjusted, spent),
        )
        if spent.value:
            yield (
                rest * _HUNDRED / spent.value,
                f"({adjusted.text} − {spent.text}) ÷ {spent.text}",
                (adjusted, spent),
            )


RULE = Rule(
    code="GJ211",
    name="ratio-indicator-mismatch",
    group="arithmetic",
    severity=Severity.WARNING,
    basis="预算执行率、预算调整率、结转结余率的计算口径（财预〔2013〕53号及各地部门整体支出评价指标，未逐字复核）",
    doc=RuleDoc(
        what="指标表里的预算执行率、预算调整率、结转结余率，以及“三公”经费控制率、政府采购执行率一类某一行的比率，"
        "用资金表、基础数据表里的金额重算；通行的几种算法都对不上的，提示。",
        why="这些指标的完成值应当来自资金表，对不上多半是抄错或用了别的口径。",
        example="年初预算 1862.40，调整 85.75，预算调整率填 4.06%，应为 4.60%，提示。",
        fix_safety="不自动修改。",
    ),
    check=_check,
)
