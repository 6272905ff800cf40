"""A total that is not the sum of its lines."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from gouji.form.facts import Facts, Mention, Relation, RelationKind
from gouji.form.measured import is_figure
from gouji.form.settings import Settings
from gouji.model import Applicability, Change, Finding, Fix, Severity
from gouji.number import Agreement, sum_agreement
from gouji.rule.base import Rule, RuleDoc, finding
from gouji.rule.wording import figure, labelled, printed, written_sum

__all__ = ["RULE"]

_TEN_THOUSAND = Decimal(10000)


def _check(facts: Facts, _settings: Settings) -> Iterator[Finding]:
    for relation in facts.relations:
        if relation.kind not in (RelationKind.SUM, RelationKind.BALANCE):
            continue
        yield from _one(relation)


def _one(relation: Relation) -> Iterator[Finding]:
    total = relation.result
    if total.reading.value is None:
        return
    known = [term for term in relation.terms if term.mention.reading.value is not None]
    if not known or any(
        t.mention.reading.value is None and not t.mention.reading.is_empty for t in relation.terms
    ):
        return
    agreement = sum_agreement([(t.mention.reading, t.sign) for t in known], total.reading)
    if agreement is Agreement.AGREES:
        return
    wrote = written_sum(relation.terms)
    exact = sum(
        (t.mention.reading.value * t.sign for t in known if t.mention.reading.value is not None), Decimal(0)
    )
    expected = figure(exact)
    shown = printed(total)
    related = tuple(t.mention.slot.place for t in known)
    if agreement is Agreement.ROUNDING:
        yield finding(
            RULE,
            f"{labelled(total.slot)}为 {shown}，各项相加为 {expected}，相差在四舍五入的范围内。",
            total.slot.place,
            severity=Severity.INFO,
            expected=expected,
            relation=f"{wrote} = {expected}",
            related=related,
        )
        return
    blank = _left_blank(relation, exact)
    if blank is not None:
        yield blank
        return
    unit = _unit_slip(relation)
    hint = f"；{unit}" if unit else ""
    difference = figure(abs(exact - total.reading.value))
    come_to = f"各项相加为 {expected}" if all(t.sign > 0 for t in known) else f" {wrote} = {expected}"
    yield finding(
        RULE,
        f"{labelled(total.slot)}填 {shown}，但{come_to}，相差 {difference}{hint}。请核对合计与各项。",
        total.slot.place,
        expected=expected,
        relation=f"{wrote} = {expected} ≠ {shown}",
        related=related,
        fix=_fix(relation, expected),
    )


def _left_blank(relation: Relation, exact: Decimal) -> Finding | None:
    """The one line left blank though its other columns are filled, where its amount closes the sum."""
    total = relation.result
    empty = [t for t in relation.terms if t.mention.slot.is_blank and _filled_beside(t.mention)]
    if len(empty) != 1 or total.reading.value is None:
        return None
    term = empty[0]
    missing = (total.reading.value - exact) * term.sign
    if missing <= 0:
        return None
    slot = term.mention.slot
    known = [t for t in relation.terms if t.mention.reading.value]
    wrote = figure(total.reading.value) + "".join(f" − {printed(t.mention)}" for t in known)
    new = figure(missing)
    return finding(
        RULE,
        f"{labelled(slot)}没有填；{labelled(total.slot)}填 {printed(total)}，其余各项相加为 {figure(exact)}，"
        f"按合计倒推这一格应为 {new}。请核对补填。",
        slot.place,
        observed="",
        expected=new,
        relation=f"{wrote} = {new}",
        related=(total.slot.place, *(t.mention.slot.place for t in known)),
        fix=Fix(Applicability.UNSAFE, (Change(slot.grid.name, slot.name, "", new),)),
    )


def _filled_beside(mention: Mention) -> bool:
    """Whether the blank cell's line states an amount in another column."""
    slot = mention.slot
    return any(
        cell is not None and cell.col != slot.col and is_figure(cell)
        for cell in (slot.grid.at(slot.row, col) for col in range(slot.grid.n_cols))
    )


def _fix(relation: Relation, expected: str) -> Fix | None:
    """The total set to the sum: for a person to decide, unless the total was never filled (0 over filled lines)."""
    total = relation.result
    slot = total.slot
    if slot.cell is None or total.reading.text != slot.text:
        return None
    nothing = total.reading.value == 0
    return Fix(
        Applicability.UNSAFE if nothing else Applicability.DISPLAY,
        (Change(slot.grid.name, slot.name, slot.text, expected),),
    )


def _unit_slip(relation: Relation) -> str | None:
    """Whether one line typed in 元 instead of 万元 (or the other way round) explains the difference."""
    total = relation.result.reading.value
    if total is None or not total:
        return None
    values = [(t, t.mention.reading.value) for t in relation.terms if t.mention.reading.value]
    summed = sum((v * t.sign for t, v in values if v is not None), Decimal(0))
    for term, value in values:
        if value is None or not value:
            continue
        small = "万元" if relation.result.quantity.unit == "元" else "亿元"
        for factor, way in ((1 / _TEN_THOUSAND, "元"), (_TEN_THOUSAND, small)):
            scaled = summed + (value * factor - value) * term.sign
            if abs(scaled - total) <= Decimal("0.01") * len(values) and abs(value) > 1:
                return f"{labelled(term.mention.slot)}像是按“{way}”填的，相差一万倍"
    if abs(summed - total * _TEN_THOUSAND) <= Decimal("0.005") * _TEN_THOUSAND:
        return "合计像是少乘了一万，请核对单位（元、万元）"
    if abs(summed * _TEN_THOUSAND - total) <= Decimal("0.005") * _TEN_THOUSAND:
        return "合计像是按“元”填的，请核对单位（元、万元）"
    return None


RULE = Rule(
    code="GJ201",
    name="sum-mismatch",
    group="arithmetic",
    severity=Severity.ERROR,
    basis=None,
    doc=RuleDoc(
        what="合计数与其所属各项之和逐级核对（年度资金总额与各来源，项目支出与各专项，三公经费与各项，合计行与明细，"
        "年初预算加减调整与全年预算）。空白按 0 计；“其中”只列部分内容的，不按合计核对。",
        why="合计与明细不符，说明其中至少有一个数填错，后面的执行率和得分也会跟着错。",
        example="项目支出填 492.91，而 104.02 + 149.46 + 239.25 = 492.73，报错；差额在四舍五入范围内的只作提示。",
        fix_safety="不自动改合计：错的可能是明细。合计为 0 而明细已填的，可在确认后（--unsafe）改为合计数。",
    ),
    check=_check,
)
