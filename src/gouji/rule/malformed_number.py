"""A typed text that wants to be a number and is none: 201.5.5."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from gouji.form.facts import Facts, Mention, RelationKind, Slot
from gouji.form.settings import Settings
from gouji.model import (
    Alternative,
    Applicability,
    Change,
    Confidence,
    Finding,
    Fix,
    Place,
    Reading,
    ReadingKind,
    Severity,
)
from gouji.number import resembles
from gouji.rule.base import Rule, RuleDoc, finding
from gouji.rule.wording import figure, labelled, printed

__all__ = ["RULE"]


def _check(facts: Facts, _settings: Settings) -> Iterator[Finding]:
    by_cell: dict[tuple[int, int, int], Mention] = {}
    for mention in facts.mentions:
        by_cell[id(mention.slot.grid), mention.slot.row, mention.slot.col] = mention
    seen: set[tuple[int, int, int]] = set()
    for slot, reading in _slots(facts):
        if reading.kind is not ReadingKind.MALFORMED:
            continue
        key = (id(slot.grid), slot.row, slot.col)
        if key in seen:
            continue
        seen.add(key)
        yield _one(facts, slot, reading, by_cell.get(key))


def _slots(facts: Facts) -> Iterator[tuple[Slot, Reading]]:
    for mention in facts.mentions:
        yield mention.slot, mention.reading
    for table in facts.indicators:
        for row in table.rows:
            for slot in (row.weight, row.score, row.completion, row.deviation, row.deduction):
                if slot is not None:
                    yield slot, slot.reading
            if row.target is not None:
                yield row.target, row.target_reading
            if row.planned is not None:
                yield row.planned, row.planned.reading
            if row.actual is not None:
                yield row.actual, row.actual_reading
        for group in table.groups:
            if group.weight is not None:
                yield group.weight, group.weight.reading
        for total in table.totals:
            for slot in (total.weight, total.score):
                if slot is not None:
                    yield slot, slot.reading
    for slot in facts.declared:
        yield slot, slot.reading


def _one(facts: Facts, slot: Slot, reading: Reading, mention: Mention | None) -> Finding:
    solved = _solve(facts, mention) if mention is not None else []
    where = labelled(slot)
    for value, equation in solved:
        if value in reading.candidates:
            new = _spell(reading, value)
            changes = (Change(slot.grid.name, slot.name, slot.text, new),)
            return finding(
                RULE,
                f"{where}填的“{slot.text}”不是一个数，应为 {new}：{equation}。",
                slot.place,
                expected=new,
                relation=equation,
                related=_related(facts, mention),
                fix=Fix(Applicability.SAFE, changes),
                alternatives=(Alternative(Confidence.CERTAIN, changes, equation),),
            )
    # A value that closes the sum but has nothing of what was typed: the sum may be wrong for another reason.
    close = [(value, equation) for value, equation in solved if resembles(slot.text, value)]
    sure = Confidence.LIKELY if len(reading.candidates) == 1 else Confidence.POSSIBLE
    offered = (
        [(Confidence.LIKELY, value, equation) for value, equation in close]
        + [(sure, value, "按写法推测") for value in reading.candidates[:3]]
        + [(Confidence.POSSIBLE, value, equation) for value, equation in solved if not reading.candidates]
    )
    alternatives = [
        Alternative(level, (Change(slot.grid.name, slot.name, slot.text, _spell(reading, value)),), why)
        for level, value, why in offered
    ]
    guess = "、".join(a.changes[0].new for a in alternatives[:3])
    hint = f"，可能是 {guess}" if guess else ""
    fix = None
    if alternatives:
        alone = len(alternatives) == 1 and not solved
        fix = Fix(Applicability.UNSAFE if alone else Applicability.DISPLAY, alternatives[0].changes)
    return finding(
        RULE,
        f"{where}填的“{slot.text}”不是一个数{hint}。请改成正确的数。",
        slot.place,
        expected=alternatives[0].changes[0].new if len(alternatives) == 1 else None,
        related=_related(facts, mention),
        fix=fix,
        alternatives=alternatives,
    )


def _spell(reading: Reading, value: Decimal) -> str:
    unit = reading.unit or ""
    return f"{figure(value)}{unit}"


def _related(facts: Facts, mention: Mention | None) -> tuple[Place, ...]:
    if mention is None:
        return ()
    for relation in facts.relations:
        if relation.kind in (RelationKind.SUM, RelationKind.BALANCE) and any(
            t.mention is mention for t in relation.terms
        ):
            return tuple(
                m.slot.place
                for m in (relation.result, *(t.mention for t in relation.terms))
                if m is not mention and m.reading.value is not None
            )
    return ()


def _solve(facts: Facts, mention: Mention) -> list[tuple[Decimal, str]]:
    """What the figure must be for each relation in which it is the only unknown, with the arithmetic."""
    found: list[tuple[Decimal, str]] = []
    for relation in facts.relations:
        if relation.kind not in (RelationKind.SUM, RelationKind.BALANCE, RelationKind.EQUAL):
            continue
        others = [t for t in relation.terms if t.mention is not mention]
        if any(t.mention.reading.value is None and not t.mention.reading.is_empty for t in others):
            continue
        known = [(t.sign, t.mention) for t in others if t.mention.reading.value is not None]
        summed = sum((s * (m.reading.value or Decimal(0)) for s, m in known), Decimal(0))
        if relation.result is mention:
            if known:
                found.append((summed, " + ".join(printed(m) for _, m in known) + f" = {figure(summed)}"))
            continue
        own = next((t for t in relation.terms if t.mention is mention), None)
        total = relation.result.reading.value
        if own is None or total is None:
            continue
        value = (total - summed) * own.sign
        wrote = figure(total) + "".join(f" − {printed(m)}" if s > 0 else f" + {printed(m)}" for s, m in known)
        found.append((value, f"{wrote} = {figure(value)}"))
    return list(dict.fromkeys(found))


RULE = Rule(
    code="GJ401",
    name="malformed-number",
    group="spelling",
    severity=Severity.ERROR,
    basis=None,
    doc=RuleDoc(
        what="应填数字的格子里，内容像数字却读不成一个数：几个小数点（201.5.5）、逗号点错位置（7,00.0,77）、"
        "用字母 O、l 代替 0、1、中文标点等。能从勾稽关系算出的，直接给出应填的数。",
        why="这样的格子在汇总时被当作文字或 0，合计随之出错。",
        example="残疾人康复填 201.5.5，应为 201.5：636.56 − 151.55 − 283.51 = 201.5。",
        fix_safety="写法推出的数与勾稽关系算出的数一致时，可放心改（safe）；只凭写法推测的，需要确认。",
    ),
    check=_check,
)
