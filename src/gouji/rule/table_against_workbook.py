"""A table in the written report that states another figure than the workbook handed in with it."""

from __future__ import annotations

from collections.abc import Iterator

from gouji.form.copies import Copy, copies
from gouji.form.facts import Facts
from gouji.form.settings import Settings
from gouji.model import Finding, Place, Severity
from gouji.rule.base import Rule, RuleDoc, finding
from gouji.rule.wording import labelled

__all__ = ["RULE"]


def _check(facts: Facts, _settings: Settings) -> Iterator[Finding]:
    for workbook in facts.workbooks:
        if facts.year is not None and workbook.year is not None and facts.year != workbook.year:
            yield finding(
                RULE,
                f"报告是 {facts.year} 年度的，工作簿“{workbook.document.path}”是 {workbook.year} 年度的，"
                "两份材料不像同一次报送。请核对是否选错了文件。",
                Place(document=facts.document.path),
                severity=Severity.WARNING,
                observed=str(facts.year),
                expected=str(workbook.year),
                related=(Place(document=workbook.document.path),),
            )
            continue
        for copy in copies(facts, workbook):
            if not copy.agrees:
                yield _finding(copy)


def _finding(copy: Copy) -> Finding:
    slot, other = copy.slot, copy.other
    return finding(
        RULE,
        f"报告里{labelled(slot)}填 {slot.text}，工作簿 {other.grid.name} 的{labelled(other)}填 {other.text}；"
        "两处是同一个数，应当一致。",
        slot.place,
        severity=Severity.ERROR if copy.sure else Severity.WARNING,
        expected=other.text,
        relation=f"{slot.text} ≠ {other.text}",
        related=(other.place,),
    )


RULE = Rule(
    code="GJ615",
    name="table-against-workbook",
    group="narrative",
    severity=Severity.ERROR,
    basis=None,
    doc=RuleDoc(
        what="用 --report 一并检查时，报告里的表格与工作簿的同名表格逐格核对：金额、指标值、完成值、分值、得分、人数。"
        "两张表大部分（六成以上）相同才认作同一张表，此时不同的格才指出；单位不明的只作提醒。年度不同的两份材料只提示，不逐格比。",
        why="报告附件里的表是从工作簿抄过去的，抄的时候漏改、抄错一格，评审一对就露出来。",
        example="工作簿“残疾人康复”决算数 104.02，报告附表同一格写 104.2，报错。",
        fix_safety="不自动修改：两处哪一处对，要看其他勾稽关系或凭证。",
    ),
    check=_check,
)
