"""One quantity told with two values in two places of the prose."""

from __future__ import annotations

from collections.abc import Iterator
from string import ascii_uppercase

from gouji.form.facts import Facts
from gouji.form.settings import Settings
from gouji.frozen import replace
from gouji.model import Confidence, Finding, Severity
from gouji.narrative.figures import FigurePair, PairKind
from gouji.narrative.story import story_of
from gouji.rule.base import Rule, RuleDoc, finding
from gouji.rule.telling import where

__all__ = ["RULE"]


def _check(facts: Facts, _settings: Settings) -> Iterator[Finding]:
    story = story_of(facts)
    told = {
        id(tie.figure)
        for tie in story.ties
        if tie.kind is PairKind.DIFFERS and tie.confidence is not Confidence.POSSIBLE
    }
    right = {id(tie.figure) for tie in story.ties if tie.kind is PairKind.AGREES}
    for pair in story.pairs:
        if pair.kind is not PairKind.DIFFERS or pair.confidence is Confidence.POSSIBLE:
            continue
        if id(pair.first) in told or id(pair.second) in told:
            continue  # told already as text against table: one cause, one finding
        if _side_by_side(pair):
            continue  # 年初目标 beside 完成情况: planned and done may differ
        if id(pair.first) in right and id(pair.second) not in right:
            pair = replace(pair, first=pair.second, second=pair.first)  # noqa: PLW2901 - the table bears the first out
        yield _finding(pair)


def _side_by_side(pair: FigurePair) -> bool:
    """Whether the two stand in neighbouring cells of one row, under captions of their own."""
    first, second = pair.first.piece, pair.second.piece
    if first.cell is None or second.cell is None or first.sheet != second.sheet or first.cell == second.cell:
        return False
    return first.cell.lstrip(ascii_uppercase) == second.cell.lstrip(ascii_uppercase)


def _finding(pair: FigurePair) -> Finding:
    first, second = pair.first, pair.second
    doubt = f"（{'、'.join(pair.differences)}可能不同）" if pair.differences else ""
    return finding(
        RULE,
        f"{where(first.piece)}写“{first.concept}”{first.typed}，{where(second.piece)}写“{second.concept}”"
        f"{second.typed}，两处不一致{doubt}。请核对是否同一个数。",
        first.place,
        severity=Severity.ERROR if pair.confidence is Confidence.CERTAIN else Severity.WARNING,
        observed=first.typed,
        relation=f"{first.typed} ≠ {second.typed}",
        related=(second.place,),
    )


RULE = Rule(
    code="GJ603",
    name="text-against-text",
    group="narrative",
    severity=Severity.WARNING,
    basis=None,
    doc=RuleDoc(
        what="文字里相隔很远的两处写的是同一个数（名称、年度、口径、计量对象都相同）而数值不同。"
        "数值多数一致的，指出少数的那一处；名称不尽相同、限定范围或口径可能不同的只作提醒。",
        why="同一件事前面写131人、后面写129人，审核人一定会问哪个对。",
        example="前文“残疾儿童康复救助家庭生活补助131人”，后文“为129名残疾儿童康复救助家庭提供生活补助”，提醒。",
        fix_safety="不自动修改：哪一处对，由填报人确定。",
    ),
    check=_check,
)
