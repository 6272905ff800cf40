"""One quantity with two values in two tables."""

from __future__ import annotations

from collections.abc import Iterator

from gouji.form.facts import Facts, RelationKind
from gouji.form.settings import Settings
from gouji.model import Applicability, Change, Finding, Fix, Severity
from gouji.rule.base import Rule, RuleDoc, finding
from gouji.rule.summaries import summary_scores
from gouji.rule.wording import labelled, printed

__all__ = ["RULE"]


def _check(facts: Facts, _settings: Settings) -> Iterator[Finding]:
    for summed, total in summary_scores(facts):
        if summed.value != total.value:
            yield finding(
                RULE,
                f"{labelled(summed)}填 {summed.text}，而{total.grid.name}的{labelled(total)}为 {total.text}；"
                "两处是同一个得分，应当一致。",
                summed.place,
                expected=total.text,
                relation=f"{summed.text} ≠ {total.text}",
                related=(total.place,),
                fix=Fix(
                    Applicability.UNSAFE,
                    (Change(summed.grid.name, summed.name, summed.text, total.text),),
                ),
            )
    for relation in facts.relations:
        if relation.kind is not RelationKind.EQUAL:
            continue
        one, other = relation.result, relation.terms[0].mention
        if (
            one.reading.value is None
            or other.reading.value is None
            or one.reading.value == other.reading.value
        ):
            continue
        decimals = min(one.reading.decimals, other.reading.decimals)
        if round(one.reading.value, decimals) == round(other.reading.value, decimals) and decimals:
            continue
        same = one.slot.grid is other.slot.grid
        where = "" if same else f"{other.slot.grid.name}的"
        yield finding(
            RULE,
            f"{labelled(one.slot)}填 {printed(one)}，而{where}{labelled(other.slot)}填 {printed(other)}；"
            "两处是同一个数，应当一致。",
            one.slot.place,
            expected=printed(other),
            relation=f"{printed(one)} ≠ {printed(other)}",
            related=(other.slot.place,),
        )


RULE = Rule(
    code="GJ205",
    name="cross-table-mismatch",
    group="arithmetic",
    severity=Severity.ERROR,
    basis=None,
    doc=RuleDoc(
        what="同一个数在几张表里都填了的，核对是否一致：自评表全年执行数与按收入性质、按支出性质两种分法；"
        "明细表与执行率表、自评表的同名行（至少有一列相同，才认作同一口径）；汇总表里各项目的得分与各项目自评表的总分。",
        why="同一份报送材料里前后不一，审核时必被退回。",
        example="执行率表合计执行数 2794.69，自评表部门整体支出执行数 2749.69，报错。",
        fix_safety="不自动修改：两处哪一处对，要看其他勾稽关系或凭证；汇总表的得分可在确认后（--unsafe）改为自评表的总分。",
    ),
    check=_check,
)
