"""Dates that cannot be, or that belong to another year than the form."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from gouji.form.facts import Facts, Info, Slot
from gouji.form.settings import Settings
from gouji.model import Finding, ReadingKind, Severity
from gouji.number import read_date, read_number
from gouji.rule.base import Rule, RuleDoc, finding
from gouji.rule.wording import labelled

__all__ = ["RULE"]

_FILLED = ("填报日期", "填报时间", "填表日期")


def _check(facts: Facts, _settings: Settings) -> Iterator[Finding]:
    for info in facts.infos:
        if info.concept == "signature" and info.label in _FILLED and info.value:
            yield from _filled(facts, info)
    for indicators in facts.indicators:
        for row in indicators.rows:
            for slot in (row.target, row.actual):
                yield from _impossible(slot)
    for table in facts.money:
        years = {c.year for c in table.columns if c.year is not None}
        if facts.year is None or not years:
            continue
        stale = sorted(y for y in years if y > facts.year or y < facts.year - 1)
        for year in stale:
            column = next(c for c in table.columns if c.year == year)
            slot = table.rows[0].slots[table.columns.index(column)]
            yield finding(
                RULE,
                f"这份表是 {facts.year} 年度的，表头却写着“{column.label}”。请核对年份。",
                slot.place,
            )


def _impossible(slot: Slot | None) -> Iterator[Finding]:
    """A target or result that is a date the calendar does not have."""
    if slot is None or slot.reading.kind is not ReadingKind.DATE:
        return
    typed = read_date(slot.text)
    if typed is not None and not typed.possible:
        yield finding(
            RULE,
            f"{labelled(slot)}填的“{slot.text}”没有这一天。请核对。",
            slot.place,
            severity=Severity.ERROR,
        )


def _filled(facts: Facts, info: Info) -> Iterator[Finding]:
    typed = read_date(info.value)
    if typed is None:
        if read_number(info.value).kind in (ReadingKind.NUMBER, ReadingKind.MALFORMED):
            yield finding(
                RULE, f"{info.label}“{info.value}”不是日期。请写成如 2025年3月10日。", info.slot.place
            )
        return
    if typed.year is not None and typed.month is not None and typed.day is not None:
        try:
            date(typed.year, typed.month, typed.day)
        except ValueError:
            yield finding(
                RULE,
                f"{info.label}“{info.value}”没有这一天。请核对。",
                info.slot.place,
                severity=Severity.ERROR,
            )
            return
    if typed.year is not None and facts.year is not None and typed.year < facts.year:
        yield finding(
            RULE,
            f"{info.label}“{info.value}”早于所报的 {facts.year} 年度。请核对年份。",
            info.slot.place,
        )


RULE = Rule(
    code="GJ404",
    name="date-odd",
    group="spelling",
    severity=Severity.WARNING,
    basis=None,
    doc=RuleDoc(
        what="填报日期（和写成日期的指标值、完成值）是否是真实存在的日期，填报日期是否早于所报年度；表头的年份是否与表的年度相符（上年决算除外）。",
        why="多半是沿用上年的模板，没有改年份。",
        example="2024年度的表，填报日期 2023.10.10，提示；2025.2.30 报错。",
        fix_safety="不自动修改。",
    ),
    check=_check,
)
