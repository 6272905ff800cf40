"""The total score against the scores above it; subtotals; the grade beside it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from gouji.form.facts import Facts, IndicatorTable, Slot, TotalRow
from gouji.form.label import compact
from gouji.form.settings import Settings
from gouji.model import Applicability, Change, Finding, Fix, Severity
from gouji.number import round_half_up
from gouji.pattern import compiled
from gouji.rule.base import Rule, RuleDoc, finding
from gouji.rule.grades import graded_scores
from gouji.rule.weights import execution_inside, execution_points, points_of, sums_allowed, totals_of
from gouji.rule.wording import figure, percent_reading

__all__ = ["RULE"]

_GRADES = ((Decimal(90), "优"), (Decimal(80), "良"), (Decimal(60), "中"), (Decimal(0), "差"))
_GRADE = compiled(r"^(?:评?[价定]?等[级次]?[:为]?)?(优秀?|良好?|中|合格|差|不合格)$")
_SAME = {"优秀": "优", "良好": "良", "合格": "中", "不合格": "差"}
_SLACK = Decimal("0.011")
_ROUNDED = Decimal("0.1")
_HUNDRED = Decimal(100)


def _check(facts: Facts, _settings: Settings) -> Iterator[Finding]:
    yield from _listed(facts)
    for remark, score in graded_scores(facts):
        yield from _grade(remark, score)
    scored = [t for t in facts.indicators if "score" in t.roles and points_of(t, "score").slots]
    for table in scored:
        own = points_of(table, "score")
        same_sheet = [t for t in scored if t.grid is table.grid]
        if own.unread or any(
            r.score is not None and r.score.is_blank and r.weight is not None and r.weight.value
            for r in table.rows
        ):
            continue
        for total in totals_of(table):
            if total.score is not None and total.score.value is not None:
                yield from _total(facts, table, same_sheet, total, total.score)
        yield from _subtotals(table)
        yield from _headings(table)
        for slot in facts.declared:
            if slot.grid is table.grid and table is same_sheet[-1] and _finished(facts, same_sheet):
                row = TotalRow(slot.row, slot.label, subtotal=False, weight=None, score=slot, remark=None)
                yield from _total(facts, table, same_sheet, row, slot)


def _listed(facts: Facts) -> Iterator[Finding]:
    """The grades of a list of projects; that its scores are those of the projects' own sheets is for GJ205."""
    for money in facts.money:
        score_at, grade_at = money.column("score"), money.column("grade")
        if score_at is None or grade_at is None or money.column("weight") is not None:
            continue
        for row in money.rows:
            score = row.slots[score_at].value
            if score is not None and Decimal(0) <= score <= _HUNDRED and row.concept != "total":
                yield from _grade(row.slots[grade_at], score, row.label.core)


def _finished(facts: Facts, tables: list[IndicatorTable]) -> bool:
    """Whether the last table is whole: something stands below it, or all weights make up 100."""
    execution = execution_points(facts, tables[-1], "weight")
    weights = sum((points_of(table, "weight").total for table in tables), Decimal(0))
    return (
        tables[-1].complete
        or weights + sum((s.value for s in execution if s.value is not None), Decimal(0)) == 100
    )


def _total(
    facts: Facts, table: IndicatorTable, same_sheet: list[IndicatorTable], total: TotalRow, slot: Slot
) -> Iterator[Finding]:
    own = points_of(table, "score")
    execution = execution_points(facts, table, "score")
    extra = sum((s.value for s in execution if s.value is not None), Decimal(0))
    everything = sum((points_of(t, "score").total for t in same_sheet), Decimal(0))
    beside = any(s.grid is table.grid for s in execution)
    sums = sums_allowed(own.total, everything, extra, beside=beside, inside=execution_inside(table))
    weights = points_of(table, "weight").total
    if beside and own.total not in sums and weights + extra == Decimal(100) and total.weight is not None:
        if total.weight.value == weights:
            sums.append(own.total)
    value = slot.value
    if value is not None and not any(abs(value - s) <= _SLACK for s in sums):
        if not execution and Decimal(0) < value - everything <= Decimal(20):
            weights = sum((points_of(t, "weight").total for t in same_sheet), Decimal(0))
            if weights + 10 == 100 or weights + 20 == 100:
                # the points for execution stand on a page that is not here, or are not told by themselves
                yield from _untold(facts, table, total, slot, everything)
                return
        slots, shown = own.slots, sums[0]
        if len(same_sheet) > 1 and abs(value - everything - extra) < abs(value - shown):
            # the total of all goals
            slots, shown = (
                tuple(s for t in same_sheet for s in points_of(t, "score").slots),
                everything + extra,
            )
        if _one_score_too_high(table, value - shown):
            return  # told at that score
        fixable = all(r.score is None or r.score.value is not None or r.score.is_empty for r in table.rows)
        yield finding(
            RULE,
            f"“{total.label}”的得分填 {slot.text}，但各项得分相加为 {figure(shown)}。请核对。",
            slot.place,
            expected=figure(shown),
            relation=f"{' + '.join(figure(s.value) for s in (*slots, *execution) if s.value is not None)} = {figure(shown)}",
            related=tuple(s.place for s in (*slots, *execution)),
            fix=Fix(Applicability.UNSAFE, (Change(slot.grid.name, slot.name, slot.text, figure(shown)),))
            if fixable
            else None,
        )
    if (
        value is not None
        and total.remark is not None
        and total.weight is not None
        and total.weight.value == 100
    ):
        yield from _grade(total.remark, value)


def _untold(
    facts: Facts, table: IndicatorTable, total: TotalRow, slot: Slot, others: Decimal
) -> Iterator[Finding]:
    """The points for execution that only the total knows, where the form states their weight and the rate."""
    found = _execution(facts, table)
    if found is None or slot.value is None:
        return
    weight, rate = found
    if weight.value is None or rate.value is None:
        return
    left = slot.value - others
    points = percent_reading(rate.reading, _HUNDRED).value or Decimal(0)
    earned = round_half_up(weight.value * min(points, _HUNDRED) / _HUNDRED, 2)
    if abs(left - earned) <= _ROUNDED or left in (weight.value, left.to_integral_value()):
        return  # or the rate is scored in steps
    yield finding(
        RULE,
        f"“{total.label}”的得分填 {slot.text}，各项得分相加为 {figure(others)}，其余 {figure(left)} 分应是预算执行得分；"
        f"但分值 {figure(weight.value)} × 执行率 {rate.text} = {figure(earned)}，总分应为 {figure(others + earned)}。请核对。",
        slot.place,
        severity=Severity.WARNING,
        expected=figure(others + earned),
        relation=f"{figure(others)} + {figure(earned)} = {figure(others + earned)}",
        related=(weight.place, rate.place),
    )


def _execution(facts: Facts, table: IndicatorTable) -> tuple[Slot, Slot] | None:
    """The weight of the execution and its rate, in the one line of the sheet that has both and no points."""
    lines = []
    for money in facts.money:
        weight_at, rate_at = money.column("weight"), money.column("rate")
        if money.grid is not table.grid or weight_at is None or rate_at is None or money.column("score"):
            continue
        lines += [
            (row.slots[weight_at], row.slots[rate_at])
            for row in money.rows
            if row.slots[weight_at].value and row.slots[rate_at].value is not None
        ]
    return lines[0] if len(lines) == 1 else None


def _one_score_too_high(table: IndicatorTable, difference: Decimal) -> bool:
    """Whether a single score above its weight is the whole difference: the total counts it with a score it can have."""
    over = [
        (row.weight.value, row.score.value)
        for row in table.rows
        if row.weight is not None and row.score is not None
        if row.weight.value is not None and row.score.value is not None and row.score.value > row.weight.value
    ]
    return len(over) == 1 and Decimal(0) <= over[0][1] + difference <= over[0][0]


def _grade(remark: Slot, score: Decimal, whose: str = "") -> Iterator[Finding]:
    said = _GRADE.match(compact(remark.text))
    if said is None:
        return
    word = _SAME.get(said[1], said[1])
    earned = next(name for least, name in _GRADES if score >= least)
    if word != earned:
        yield finding(
            RULE,
            f"{f'“{whose}”得分' if whose else '总分'} {figure(score)}，等级应为“{earned}”，填的是“{remark.text}”（{remark.name}）。",
            remark.place,
            expected=earned,
            basis="评价等级：90 分及以上为优，80–90 为良，60–80 为中，60 以下为差（财预〔2020〕10号，未逐字复核）",
        )


def _subtotals(table: IndicatorTable) -> Iterator[Finding]:
    """小计 rows: weights and scores of the rows above, back to the last subtotal or of the last group."""
    before = table.first_row
    for total in table.totals:
        if not total.subtotal:
            continue
        rows = [r for r in table.rows if before < r.row < total.row]
        before = total.row
        if not rows:
            continue
        group = [r for r in rows if r.level1_text == rows[-1].level1_text]
        yield from _subtotal(total, "得分", total.score, [r.score for r in rows], [r.score for r in group])
        yield from _subtotal(total, "分值", total.weight, [r.weight for r in rows], [r.weight for r in group])


def _headings(table: IndicatorTable) -> Iterator[Finding]:
    """Rows that head a group and state its score."""
    for group in table.groups:
        values = [r.score.value for r in group.rows if r.score is not None and r.score.value is not None]
        slot = group.score
        if slot is None or slot.value is None or not values:
            continue
        summed = sum(values, Decimal(0))
        if abs(summed - slot.value) > _SLACK:
            yield finding(
                RULE,
                f"“{group.label.core}”的得分填 {slot.text}，但下面各项得分相加为 {figure(summed)}。请核对。",
                slot.place,
                expected=figure(summed),
                relation=f"{' + '.join(figure(v) for v in values)} = {figure(summed)} ≠ {slot.text}",
                related=tuple(r.score.place for r in group.rows if r.score is not None),
                fix=Fix(
                    Applicability.UNSAFE, (Change(slot.grid.name, slot.name, slot.text, figure(summed)),)
                ),
            )


def _subtotal(
    total: TotalRow, what: str, slot: Slot | None, all_above: list[Slot | None], group: list[Slot | None]
) -> Iterator[Finding]:
    if slot is None or slot.value is None:
        return
    sums = []
    for slots in (group, all_above):
        values = [s.value for s in slots if s is not None and s.value is not None]
        if not values:
            return
        sums.append((sum(values, Decimal(0)), values))
    if any(abs(summed - slot.value) <= _SLACK for summed, _ in sums):
        return
    summed, values = sums[0]
    yield finding(
        RULE,
        f"“{total.label}”的{what}填 {slot.text}，但上面各项{what}相加为 {figure(summed)}。请核对。",
        slot.place,
        expected=figure(summed),
        relation=f"{' + '.join(figure(v) for v in values)} = {figure(summed)} ≠ {slot.text}",
        fix=Fix(Applicability.UNSAFE, (Change(slot.grid.name, slot.name, slot.text, figure(summed)),)),
    )


RULE = Rule(
    code="GJ307",
    name="score-total",
    group="scores",
    severity=Severity.ERROR,
    basis="总分 = 预算执行得分 + 各指标得分",
    doc=RuleDoc(
        what="总分（和小计）的得分与各项得分之和核对，含预算执行得分；旁边（或表头）写了优、良、中、差的，核对等级。"
        "项目汇总表逐行核对等级。"
        "预算执行只列分值和执行率、没有单列得分的，总分多出的部分与 分值 × 执行率 核对，不符时提示。",
        why="总分是公开和考核用的数，必须与各项相符。",
        example="各项得分 10+10+10+7+10+10+9+10+10+10=96，总分填 98，报错。",
        fix_safety="总分可在确认后（--unsafe）改为各项之和。",
    ),
    check=_check,
)
