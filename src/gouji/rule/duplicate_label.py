"""The same line or indicator named twice in one block."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from gouji.form.facts import Facts, IndicatorRow, MoneyRow
from gouji.form.label import compact, parse_label
from gouji.form.settings import Settings
from gouji.model import Finding, Severity
from gouji.rule.base import Rule, RuleDoc, finding

__all__ = ["RULE"]

_GENERIC = frozenset({"其他", "其他资金", "其他支出", "无", "合计", "小计", "……", "…", "其中", "总计"})


def _check(facts: Facts, _settings: Settings) -> Iterator[Finding]:
    for money in facts.money:
        lines: dict[tuple[str, str], list[MoneyRow]] = defaultdict(list)
        for row in money.rows:
            core = compact(row.label.core)
            filled = any(s.value is not None for s in row.slots)
            if (
                core not in _GENERIC
                and len(core) >= 2
                and filled
                and row.concept in (None, "basic", "project")
            ):
                lines[row.group, f"{row.label.year or ''}{core}"].append(row)
        for same in lines.values():
            for again in same[1:]:
                yield finding(
                    RULE,
                    f"“{again.label.core}”在同一张表里出现了 {len(same)} 次"
                    f"（{'、'.join(r.name_slot.name for r in same)}）。请合并，或把名称写得有区别。",
                    again.name_slot.place,
                    related=tuple(r.name_slot.place for r in same if r is not again),
                )
    for table in facts.indicators:
        rows: dict[tuple[str, ...], list[IndicatorRow]] = defaultdict(list)
        for indicator in table.rows:
            name = compact(parse_label(indicator.name).core)
            if (
                len(name) >= 3
                and name not in _GENERIC
                and indicator.weight is not None
                and indicator.weight.value
            ):
                rows[
                    compact(indicator.level1_text),
                    compact(indicator.level2_text),
                    name,
                    indicator.target_reading.text,
                ].append(indicator)
        for copies in rows.values():
            for copy in copies[1:]:
                yield finding(
                    RULE,
                    f"指标“{copy.name_slot.label}”在同一张表里列了 {len(copies)} 次"
                    f"（{'、'.join(r.name_slot.name for r in copies)}），重复计分。请核对。",
                    copy.name_slot.place,
                    related=tuple(r.name_slot.place for r in copies if r is not copy),
                )


RULE = Rule(
    code="GJ403",
    name="duplicate-label",
    group="spelling",
    severity=Severity.WARNING,
    basis=None,
    doc=RuleDoc(
        what="同一张表里有两行名称相同，或者同一个指标列了两次、重复计分。",
        why="重名的行多半是重复填报，或者漏写了区分的字样，汇总时会合并或覆盖。",
        example="支出明细里有两行“残疾人就业工作经费”，提示。",
        fix_safety="不自动修改。",
    ),
    check=_check,
)
