"""Points that the result does not earn, or less than it earns."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from gouji.form.facts import Facts, IndicatorRow, IndicatorTable
from gouji.form.label import compact
from gouji.form.settings import Settings
from gouji.model import Applicability, Change, Finding, Fix, ReadingKind, Severity
from gouji.number import round_half_up
from gouji.pattern import compiled
from gouji.rule.attain import attain, comparable, low_without_reason
from gouji.rule.base import Rule, RuleDoc, finding
from gouji.rule.standard import Standard, standard_of
from gouji.rule.weights import shared_points
from gouji.rule.wording import figure, gives_reason, reason_in_text

__all__ = ["RULE"]

_TOLERANCE = Decimal("0.1")
_CENT = Decimal("0.011")
_HALF = Decimal("0.5")
_HUNDRED = Decimal(100)
_BANDS = (
    (compiled(r"^(?:基本)?部分(?:达成|完成|实现|达到)"), Decimal(80)),
    (compiled(r"^(?:尚|还)?未(?:达成|完成|实现|达到|开展|启动|实施)"), Decimal(60)),
)


def _check(facts: Facts, _settings: Settings) -> Iterator[Finding]:
    for table in facts.indicators:
        shared = shared_points(table)
        for row in table.rows:
            deducted = _deducted(row)
            if deducted is not None:
                yield deducted
            if row.weight is not None and id(row.weight.cell) in shared:
                continue  # one weight for several indicators: what each of them earns is not told
            found = _row(facts, table, row)
            if found is not None:
                yield found


def _row(facts: Facts, table: IndicatorTable, row: IndicatorRow) -> Finding | None:
    if row.score is None or row.actual is None or row.target is None:
        return None
    weight = row.weight.value if row.weight is not None else row.points
    score = row.score.value
    if weight is None or score is None or weight <= 0 or score > weight or row.target.is_empty:
        return None
    state = attain(row)
    name = row.name_slot.label
    printed = row.weight.text if row.weight is not None else figure(weight)
    places = (row.target.place, row.actual.place)
    related = (*places, row.weight.place) if row.weight is not None else places
    full = score == weight
    if state.met is True:
        if full or gives_reason(row) or not low_without_reason(state):
            return None
        if reason_in_text(facts, row.name) is not None:
            return None
        return finding(
            RULE,
            f"指标“{name}”已达到指标值（{row.target.text} → {row.actual.text}），得分却只有 {row.score.text}（分值 {printed}），"
            "又没有写扣分原因。请核对得分。",
            row.score.place,
            severity=Severity.WARNING,
            expected=figure(weight),
            related=related,
            fix=Fix(
                Applicability.UNSAFE,
                (Change(row.score.grid.name, row.score.name, row.score.text, figure(weight)),),
            ),
        )
    if state.met is not False:
        return None
    if not state.quantitative:
        if not full:
            return _above_band(row, weight, score)
        return finding(
            RULE,
            f"指标“{name}”的完成值是“{row.actual.text[:20]}”，没有达到指标值，却得了满分 {row.score.text}。请核对得分。",
            row.score.place,
            related=related,
        )
    if state.share is None:
        return None
    standard = standard_of(row)
    if standard is not None and not standard.proportional and _as_said(standard, row, weight, score):
        return None
    decimals = max(1, *(r.score.reading.decimals for r in table.rows if r.score is not None))
    earned = weight * state.share / _HUNDRED
    slack = _HALF if score == score.to_integral_value() and not full else _TOLERANCE
    expected = round_half_up(earned, min(decimals, 2))
    arithmetic = f"{figure(weight)} × {figure(round_half_up(state.share, 2))}% = {figure(expected)}"
    fix = Fix(
        Applicability.UNSAFE, (Change(row.score.grid.name, row.score.name, row.score.text, figure(expected)),)
    )
    if state.less_is_better and not full and gives_reason(row):
        return None  # by how much points are lost where less is better is told by no form
    if score > earned + slack or (full and state.share < Decimal("99.5")):
        return finding(
            RULE,
            f"指标“{name}”没有达到指标值（{row.target.text} → {row.actual.text}），得分 {row.score.text} 偏高；"
            f"按完成比例应为 {figure(expected)}。",
            row.score.place,
            expected=figure(expected),
            relation=arithmetic,
            related=related,
            fix=fix,
        )
    if score < earned - slack and not gives_reason(row) and reason_in_text(facts, row.name) is None:
        return finding(
            RULE,
            f"指标“{name}”得分 {row.score.text} 低于按完成比例应得的 {figure(expected)}，又没有写扣分原因。请核对得分。",
            row.score.place,
            severity=Severity.WARNING,
            expected=figure(expected),
            relation=arithmetic,
            related=related,
            fix=fix,
        )
    return None


def _deducted(row: IndicatorRow) -> Finding | None:
    """A score that is not the weight less the points the row says were taken off."""
    if row.weight is None or row.score is None or row.deduction is None:
        return None
    weight, score, off = row.weight.value, row.score.value, row.deduction.value
    if weight is None or score is None or off is None or score > weight:
        return None
    earned = weight - abs(off)
    if earned < 0 or abs(score - earned) <= _CENT:
        return None
    return finding(
        RULE,
        f"指标“{row.name_slot.label}”分值 {row.weight.text}，扣分 {row.deduction.text}，"
        f"得分应为 {figure(earned)}，却填 {row.score.text}。请核对得分和扣分。",
        row.score.place,
        expected=figure(earned),
        relation=f"{figure(weight)} − {figure(abs(off))} = {figure(earned)} ≠ {figure(score)}",
        related=(row.weight.place, row.deduction.place),
    )


def _as_said(standard: Standard, row: IndicatorRow, weight: Decimal, score: Decimal) -> bool:
    """Whether the points can be right by the row's own standard, of which we understand the steps only."""
    pair = comparable(row.target_reading, row.actual_reading)
    if pair is None:
        return True
    goal, reached = pair
    if standard.full_from is not None and row.actual_reading.kind is ReadingKind.PERCENT:
        if reached >= standard.full_from:
            return True
    if score < weight and standard.step is None:
        return True
    missed = abs(goal - reached)
    ways = [missed, missed * _HUNDRED / goal] if goal else [missed]
    allowed = [standard.most(weight, way) for way in ways]
    return any(most is not None and score <= most for most in allowed)


def _above_band(row: IndicatorRow, weight: Decimal, score: Decimal) -> Finding | None:
    """More points than the usual bands give: 部分达成 at most 80 % of the weight, 未达成 at most 60 %."""
    if row.actual is None or row.score is None:
        return None
    said = compact(row.actual.text)
    band = next((most for pattern, most in _BANDS if pattern.search(said)), None)
    if band is None or score * _HUNDRED <= weight * band:
        return None
    most = figure(weight * band / _HUNDRED)
    return finding(
        RULE,
        f"指标“{row.name_slot.label}”的完成值是“{row.actual.text[:20]}”，得分 {row.score.text}（分值 {figure(weight)}）偏高；"
        f"这一档一般不超过分值的 {figure(band)}%，即 {most} 分。请核对得分，本地另有规定的可以不改。",
        row.score.place,
        severity=Severity.WARNING,
        related=(row.actual.place, *((row.weight.place,) if row.weight is not None else ())),
        basis="定性指标按完成程度分档：达成 100%–80%，部分达成 80%–60%，未达成 60%–0%（自评表填报说明）",
    )


RULE = Rule(
    code="GJ302",
    name="score-against-result",
    group="scores",
    severity=Severity.ERROR,
    basis="定量指标：达到指标值得满分，否则正向指标按 分值×B/A、反向指标按 分值×A/B 计，不超过分值（湖北自评表注2）；"
    "定性指标按完成程度分档",
    doc=RuleDoc(
        what="对照指标值与完成值重算得分：没有完成却得满分或偏高的报错；已完成却扣分、又没写原因的，提示。"
        "写了扣分原因的，低于应得分不再提示。时限指标按日期先后判断。定性指标查“未完成”而得满分的；"
        "有“扣分”栏的，得分应等于分值减扣分。"
        "部分达成高于分值 80%、未达成高于分值 60% 的，提示。行内另有评分标准的（每低 1 个百分点扣 0.5 分），按该标准判断。",
        why="得分与完成情况不符，是自评表里最多的一类问题。",
        example="指标值 100%，完成值 98%，分值 10，得分 9，按比例应为 9.8，提示；得分 10 则报错。",
        fix_safety="得分可在确认后（--unsafe）改为重算值。",
    ),
    check=_check,
)
