"""One indicator counted in two units in the prose, and money without a unit."""

from __future__ import annotations

from collections.abc import Iterator

from gouji.form.facts import Facts
from gouji.form.settings import Settings
from gouji.model import Applicability, Change, Confidence, Finding, Fix, Severity
from gouji.narrative.figures import FigurePair, Observation, ObservationKind, PairKind
from gouji.narrative.story import story_of
from gouji.rule.base import Rule, RuleDoc, finding
from gouji.rule.telling import quoted, where

__all__ = ["RULE"]


def _check(facts: Facts, _settings: Settings) -> Iterator[Finding]:
    story = story_of(facts)
    by_concept: dict[str, list[FigurePair]] = {}
    for pair in story.pairs:
        if pair.kind is PairKind.UNIT_DIFFERS:
            by_concept.setdefault(pair.first.key, []).append(pair)
    for same in by_concept.values():
        yield _units(same)
    for observation in story.observations:
        if observation.kind is ObservationKind.UNIT_MISSING:
            yield _missing(observation)


def _units(pairs: list[FigurePair]) -> Finding:
    """One finding for one indicator: at the place where target and result stand side by side, if there is one."""
    pair = next((one for one in pairs if one.confidence is Confidence.CERTAIN), pairs[0])
    first, second = pair.first, pair.second
    others = [figure for one in pairs for figure in (one.first, one.second) if figure is not first]
    related = list(dict.fromkeys(figure.place for figure in others))
    return finding(
        RULE,
        f"“{first.concept}”在{where(second.piece)}以“{second.unit}”计（{second.typed}），"
        f"在{where(first.piece)}以“{first.unit}”计（{first.typed}）。请核对计量单位。",
        first.place,
        observed=first.typed,
        related=related,
    )


def _missing(observation: Observation) -> Finding:
    piece = observation.piece
    fix = None
    if observation.observed and observation.expected:
        change = Change(piece.sheet, piece.cell, observation.observed, observation.expected, piece.paragraph)
        fix = Fix(Applicability.UNSAFE, (change,))
    return finding(
        RULE,
        f"{where(piece)}{quoted(observation.place.text or '')}：{observation.detail}，"
        f"同一句其他金额有单位，应为 {observation.expected}。",
        observation.place,
        observed=observation.observed,
        expected=observation.expected,
        fix=fix,
    )


RULE = Rule(
    code="GJ604",
    name="text-unit",
    group="narrative",
    severity=Severity.WARNING,
    basis=None,
    doc=RuleDoc(
        what="同一个指标在文字里用了两种计量单位（目标按人次、完成按人）；金额后面漏写单位。",
        why="人次和人不是一个口径，不能相比；没有单位的金额可能差一万倍。",
        example="“年初目标值1100人次，实际完成1400人”，提醒；“支出589.44其中：项目支出492.91万元”，提醒补“万元”。",
        fix_safety="不自动修改；--unsafe 时按同一句的单位补上漏写的单位。",
    ),
    check=_check,
)
