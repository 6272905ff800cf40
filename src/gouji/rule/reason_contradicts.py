"""A reason that the figures beside it contradict."""

from __future__ import annotations

from collections.abc import Iterator

from gouji.form.facts import Facts, IndicatorRow
from gouji.form.label import compact
from gouji.form.settings import Settings
from gouji.model import Finding, Severity
from gouji.pattern import compiled
from gouji.rule.attain import attain
from gouji.rule.base import Rule, RuleDoc, finding
from gouji.rule.wording import is_answer

__all__ = ["RULE"]

_SAYS_DONE = compiled(
    r"^(?:已|均已|全部|按时|按期|如期|圆满|顺利)*(?:超额)?(?:完成|达到|达成|实现)(?:了)?(?:年度|全年|预期|年初|设定|绩效)*(?:目标|任务|指标|值)*[。!]?$"
    r"|超额完成|^无偏差|^没有偏差|^不存在偏差"
)
_SAYS_MISSED = compiled(
    r"未(?:能)?(?:完成|达到|达成|实现)(?:年度|全年|预期|年初|设定|绩效|指标|目标)|完成(?:率|值)?(?:偏|较)低|低于(?:目标|指标|预期)"
)


def _check(facts: Facts, _settings: Settings) -> Iterator[Finding]:
    for table in facts.indicators:
        for row in table.rows:
            found = _row(row)
            if found is not None:
                yield found


def _row(row: IndicatorRow) -> Finding | None:
    if row.reason is None or not is_answer(row.reason) or row.target is None or row.actual is None:
        return None
    said = compact(row.reason.text)
    state = attain(row)
    if state.met is False and _SAYS_DONE.search(said):
        how = "没有达到目标"
    elif state.met is True and _SAYS_MISSED.search(said):
        how = "已经达到目标"
    else:
        return None
    quoted = row.reason.text if len(row.reason.text) <= 30 else row.reason.text[:30] + "…"
    return finding(
        RULE,
        f"指标“{row.name_slot.label}”指标值 {row.target.text}，完成值 {row.actual.text}，{how}，"
        f"原因栏却写“{quoted}”，前后矛盾。请核对数字或改写原因。",
        row.reason.place,
        related=(row.target.place, row.actual.place),
    )


RULE = Rule(
    code="GJ111",
    name="reason-contradicts",
    group="answers",
    severity=Severity.WARNING,
    basis=None,
    doc=RuleDoc(
        what="原因栏的说法与同一行的指标值、完成值是否矛盾：没有完成却写“已超额完成”，已经完成却写“未达到目标”。",
        why="矛盾说明数字或文字至少有一处是沿用旧稿或抄错行的。",
        example="指标值 ≥5%，完成值 4.2%，原因写“已超额完成年度目标”，提示。",
        fix_safety="不自动修改。",
    ),
    check=_check,
)
