"""Figures about last year that last year's own form states otherwise, and this year's that are last year's."""

from __future__ import annotations

from collections.abc import Iterator

from gouji.form.copies import Copy, copies, same_lines
from gouji.form.facts import Facts
from gouji.form.settings import Settings
from gouji.model import Confidence, Finding, Place, Severity
from gouji.narrative.figures import PairKind
from gouji.narrative.story import earlier_ties
from gouji.rule.base import Rule, RuleDoc, finding
from gouji.rule.telling import where
from gouji.rule.wording import labelled

__all__ = ["RULE"]

_TELLING = 4  # digits that two years' figures do not share by chance


def _check(facts: Facts, _settings: Settings) -> Iterator[Finding]:
    for earlier in facts.earlier:
        if facts.year is None or earlier.year is None:
            continue
        if earlier.year >= facts.year:
            yield _not_earlier(facts, earlier)
            continue
        yield from (
            _restated(copy, earlier.year) for copy in copies(facts, earlier) if _differs(copy, earlier)
        )
        yield from _left_standing(facts, earlier)
    for tie in earlier_ties(facts):
        if tie.kind is PairKind.DIFFERS and tie.confidence is Confidence.CERTAIN and not tie.entry.indicator:
            slot = tie.entry.slot
            yield finding(
                RULE,
                f"{where(tie.figure.piece)}写 {tie.entry.year} 年“{tie.figure.concept}”{tie.figure.typed}，"
                f"上年自评表{labelled(slot)}填 {slot.text}。请核对上年数。",
                tie.figure.place,
                observed=tie.figure.typed,
                expected=slot.text,
                relation=f"{tie.figure.typed} ≠ {slot.text}",
                related=(slot.place,),
            )


def _not_earlier(facts: Facts, earlier: Facts) -> Finding:
    return finding(
        RULE,
        f"这份文件是 {earlier.year} 年度的，不早于“{facts.document.path}”的 {facts.year} 年度，没有作为上年数核对。"
        "请核对 --prior 给的是不是上年的自评表。",
        Place(document=earlier.document.path),
        observed=str(earlier.year),
        related=(Place(document=facts.document.path),),
    )


def _differs(copy: Copy, earlier: Facts) -> bool:
    return not copy.agrees and copy.measure == "executed" and copy.year == earlier.year


def _restated(copy: Copy, year: int) -> Finding:
    slot, other = copy.slot, copy.other
    return finding(
        RULE,
        f"{labelled(slot)}填 {slot.text}，而 {year} 年自评表的{labelled(other)}填 {other.text}；"
        "同一年的决算（执行）数应当一致。请核对上年数，口径有调整的请说明。",
        slot.place,
        expected=other.text,
        relation=f"{slot.text} ≠ {other.text}",
        related=(other.place,),
    )


def _left_standing(facts: Facts, earlier: Facts) -> Iterator[Finding]:
    """This year's spending that equals last year's of the same line to the last digit."""
    for slot, other, year, its_year in same_lines(facts, earlier, "executed"):
        if (year, its_year) != (facts.year, earlier.year) or slot.value != other.value or slot.value is None:
            continue
        if len(slot.value.normalize().as_tuple().digits) >= _TELLING:
            yield finding(
                RULE,
                f"{labelled(slot)}填 {slot.text}，与 {earlier.year} 年自评表同一行的 {other.text} 完全相同，"
                "像是沿用了上年的数。请核对。",
                slot.place,
                relation=f"{slot.text} = {other.text}（{earlier.year}年）",
                related=(other.place,),
            )


RULE = Rule(
    code="GJ616",
    name="against-last-year",
    group="narrative",
    severity=Severity.WARNING,
    basis=None,
    doc=RuleDoc(
        what="用 --prior 给出上年自评表时：本年表里和报告文字里的上年决算（执行）数，与上年自评表的同名行核对；"
        "本年决算（执行）数与上年同名行完全相同（四位数字以上）的，提醒是否沿用了上年的数。",
        why="上年的决算已经定了，今年的表里写成别的数，或把上年的数当成今年的，都要解释。",
        example="2024年自评表“项目支出”2023年决算数 454.20，2023年自评表决算数 454.02，提醒。",
        fix_safety="不自动修改：口径可能有调整，由填报人确定。",
    ),
    check=_check,
)
