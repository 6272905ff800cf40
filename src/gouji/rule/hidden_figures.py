"""Figures that nobody sees: hidden rows, columns and sheets, and decimals hidden by a format."""

from __future__ import annotations

from collections.abc import Iterator

from gouji.form.facts import Facts, MoneyTable, Slot
from gouji.form.settings import Settings
from gouji.model import Finding, Severity
from gouji.number import hides_decimals
from gouji.rule.base import Rule, RuleDoc, finding
from gouji.rule.wording import figure, labelled
from gouji.source.document import Visibility

__all__ = ["RULE"]


def _check(facts: Facts, _settings: Settings) -> Iterator[Finding]:
    for table in facts.money:
        yield from _hidden(table)
        for row in table.rows:
            for column, slot in zip(table.columns, row.slots, strict=True):
                if column.role == "rate" or slot.cell is None or slot.value is None or "%" in slot.text:
                    continue  # a rate is always rounded
                if hides_decimals(slot.cell):
                    yield finding(
                        RULE,
                        f"{labelled(slot)}显示为 {slot.text}，实际存的是 {figure(slot.value)}；"
                        "显示格式盖住了小数，看到的加总可能对不上。",
                        slot.place,
                        severity=Severity.INFO,
                    )


def _hidden(table: MoneyTable) -> Iterator[Finding]:
    grid = table.grid
    filled: list[Slot] = [s for r in table.rows for s in r.slots if s.value is not None]
    if grid.visibility is not Visibility.VISIBLE and filled:
        yield finding(
            RULE,
            f"工作表“{grid.name}”是隐藏的，里面有金额。请取消隐藏，或确认不需报送后删除。",
            filled[0].place,
        )
        return
    for kind, numbers in (("行", grid.hidden_rows), ("列", grid.hidden_cols)):
        for number in sorted(numbers):
            inside = [s for s in filled if (s.row if kind == "行" else s.col) == number and s.value]
            if inside:
                yield finding(
                    RULE,
                    f"{inside[0].name} 所在的{kind}是隐藏的，里面有数（{labelled(inside[0])} {inside[0].text}），"
                    "会计入合计却看不见。请取消隐藏后核对。",
                    inside[0].place,
                    related=tuple(s.place for s in inside[1:]),
                )


RULE = Rule(
    code="GJ407",
    name="hidden-figures",
    group="spelling",
    severity=Severity.WARNING,
    basis=None,
    doc=RuleDoc(
        what="隐藏的行、列、工作表里有金额；或单元格格式把小数盖住，显示的数与存的数不同（只作提示）。",
        why="看不见的数会计入合计，复核的人按看得见的数算，永远对不上。",
        example="第 9 行被隐藏，其中有 20 万元，提示。",
        fix_safety="不自动修改。",
    ),
    check=_check,
)
