"""A share above 100 % that cannot be: satisfaction, coverage, pass rates."""

from __future__ import annotations

from collections.abc import Iterator

from gouji.form.facts import Facts, IndicatorRow
from gouji.form.settings import Settings
from gouji.model import Finding, ReadingKind, Severity
from gouji.pattern import compiled
from gouji.rule.base import Rule, RuleDoc, finding

__all__ = ["RULE"]

_WHOLE = 100

_SHARE = compiled(
    r"满意|服务率|适配率|公示率|合格率|覆盖率|合规率|准确率|知晓率|到位率|及时率|达标率|普及率|真实率|入学率|参与率|使用率|优良率|就诊率|公开率|签约率"
)


def _check(facts: Facts, _settings: Settings) -> Iterator[Finding]:
    for table in facts.indicators:
        for row in table.rows:
            yield from _qualitative(row)
            share = row.level1 == "satisfaction" or row.level2 == "satisfaction" or _SHARE.search(row.name)
            if not share:
                continue
            for slot, reading, what in (
                (row.actual, row.actual_reading, "完成值"),
                (row.target, row.target_reading, "指标值"),
            ):
                if (
                    slot is None
                    or reading.kind is not ReadingKind.PERCENT
                    or reading.value is None
                    or reading.value <= 100
                ):
                    continue
                yield finding(
                    RULE,
                    f"指标“{row.name_slot.label}”的{what}填 {slot.text}，这类比率不可能超过 100%。请核对。",
                    slot.place,
                )


def _qualitative(row: IndicatorRow) -> Iterator[Finding]:
    """完成率 above 100 % beside a target in words: nothing there can be exceeded by so much."""
    slot = row.completion
    if slot is None or slot.value is None or "%" not in slot.text:
        return
    kinds = (row.target_reading.kind, row.actual_reading.kind)
    if kinds == (ReadingKind.WORD, ReadingKind.WORD) and (slot.reading.value or 0) > _WHOLE:
        yield finding(
            RULE,
            f"指标“{row.name_slot.label}”的指标值、完成值都是文字（{row.target_reading.text}），"
            f"完成率填 {slot.text}，不可能超过 100%。请核对。",
            slot.place,
        )


RULE = Rule(
    code="GJ210",
    name="percent-above-100",
    group="arithmetic",
    severity=Severity.ERROR,
    basis=None,
    doc=RuleDoc(
        what="满意度、合格率、覆盖率、知晓率等占比类指标，指标值和完成值不得超过 100%；定性指标的完成率也不得超过 100%。"
        "其他完成率、增长率可以超过，不查。",
        why="占比超过 100% 一定是填错或小数点错位。",
        example="服务对象满意度 950%，报错。",
        fix_safety="不自动修改。",
    ),
    check=_check,
)
