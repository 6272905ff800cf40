"""Arithmetic that the prose states and that its own figures do not give."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from gouji.form.facts import Facts
from gouji.form.settings import Settings
from gouji.model import Applicability, Change, Confidence, Finding, Fix, Severity
from gouji.narrative.figures import Figure, PairKind, Standing, StatedKind, StatedRelation
from gouji.narrative.story import story_of
from gouji.rule.base import Rule, RuleDoc, finding
from gouji.rule.telling import retyped, where
from gouji.rule.wording import figure as plain

__all__ = ["RULE"]

_KINDS = (StatedKind.SUM, StatedKind.SUBSET, StatedKind.BRIDGE)
_TEN_THOUSAND = Decimal(10000)
_OTHER_UNIT = {"元": "万元", "万元": "元"}


def _check(facts: Facts, _settings: Settings) -> Iterator[Finding]:
    story = story_of(facts)
    wrong = {
        id(tie.figure): tie.entry.amount - (tie.figure.amount or Decimal(0))
        for tie in story.ties
        if tie.kind is PairKind.DIFFERS and tie.confidence is not Confidence.POSSIBLE
    }
    for relation in story.statements:
        if relation.kind not in _KINDS or relation.standing is not Standing.FAILS:
            continue
        if relation.certainty is not Confidence.POSSIBLE and not _explained(relation, wrong):
            yield _finding(relation)


def _explained(relation: StatedRelation, wrong: Mapping[int, Decimal]) -> bool:
    """Whether the figure that the tables contradict is what makes the sum fail: one cause, told once."""
    off = relation.difference * relation.whole.factor
    return any(
        off + term.coefficient * wrong.get(id(term.figure), Decimal(0)) == 0 for term in relation.terms
    )


def _finding(relation: StatedRelation) -> Finding:
    whole = relation.whole
    slipped = _unit_slip(relation)
    severity = Severity.ERROR if relation.certainty is Confidence.CERTAIN or slipped else Severity.WARNING
    related = tuple(part.place for part in relation.parts)
    head = f"{where(whole.piece)}写“{whole.concept}”{whole.typed}"
    if slipped is not None:
        typed = plain(whole.value or Decimal(0)) + slipped
        change = Change(whole.piece.sheet, whole.piece.cell, whole.typed, typed, whole.piece.paragraph)
        return finding(
            RULE,
            f"{head}，各项相加是 {typed}，相差一万倍，像是单位写错（元、万元）。",
            whole.place,
            severity=severity,
            observed=whole.typed,
            expected=typed,
            relation=relation.arithmetic,
            related=related,
            fix=Fix(Applicability.UNSAFE, (change,)),
        )
    expected = plain(relation.expected) if relation.expected is not None else None
    return finding(
        RULE,
        f"{head}，{_how(relation)}：{relation.arithmetic}。请核对这几个数。",
        whole.place,
        severity=severity,
        observed=whole.typed,
        expected=f"{expected}{whole.unit or ''}" if expected is not None else None,
        relation=relation.arithmetic,
        related=related,
        fix=retyped(whole, expected) if expected is not None and severity is Severity.ERROR else None,
    )


def _how(relation: StatedRelation) -> str:
    if relation.kind is StatedKind.SUBSET:
        return "其中所列各项相加已超过它"
    if relation.kind is StatedKind.BRIDGE:
        return "按文中前后各数计算不是这个数"
    return "与文中所列各项之和不符"


def _unit_slip(relation: StatedRelation) -> str | None:
    """The unit that would make the whole agree, where it is off by exactly 10 000."""
    whole: Figure = relation.whole
    if relation.kind is not StatedKind.SUM or not whole.value or whole.unit not in _OTHER_UNIT:
        return None
    total = whole.value + relation.difference
    factor = _TEN_THOUSAND if whole.unit == "元" else 1 / _TEN_THOUSAND
    return _OTHER_UNIT[whole.unit] if total == whole.value * factor else None


RULE = Rule(
    code="GJ601",
    name="text-arithmetic",
    group="narrative",
    severity=Severity.ERROR,
    basis=None,
    doc=RuleDoc(
        what="文字里自己写出的加减关系：“其中”列全的各项与总数、“共计、合计”与前面各项、基本支出加项目支出与总支出、"
        "年初预算加减调整与调整后预算、收支与结转。“其中”只列一部分的，只核对不超过总数。",
        why="文字里的数是从表里抄来或临时算的，改了表忘了改文字，或抄错一位，前后就加不起来。",
        example="“社区康复61人，家庭康复服务74人，定向行动训练10人，共计146人”，相加是 145，报错；写 145 则不报。",
        fix_safety="不自动修改：是合计错还是某一项错，由填报人确定；--unsafe 时按各项之和改合计。",
    ),
    check=_check,
)
