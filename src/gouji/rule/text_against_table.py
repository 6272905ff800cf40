"""A figure of the prose that the tables contradict."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from gouji.form.facts import Facts
from gouji.form.settings import Settings
from gouji.model import Confidence, Finding, Severity
from gouji.narrative.figures import PairKind, Standing, StatedKind
from gouji.narrative.story import story_of
from gouji.narrative.tables import TableTie
from gouji.rule.base import Rule, RuleDoc
from gouji.rule.contradiction import contradictions

__all__ = ["RULE"]


def _check(facts: Facts, _settings: Settings) -> Iterator[Finding]:
    story = story_of(facts)
    computed = {
        id(relation.whole): relation.expected
        for relation in story.statements
        if relation.kind in (StatedKind.RATIO, StatedKind.CHANGE)
        and relation.standing is Standing.FAILS
        and relation.certainty is not Confidence.POSSIBLE
    }
    yield from contradictions(RULE, [tie for tie in story.ties if not _told(tie, computed)])


def _told(tie: TableTie, computed: dict[int, Decimal | None]) -> bool:
    """Whether the figures beside a rate say of it what the table says (GJ602 tells it)."""
    expected = computed.get(id(tie.figure))
    return (
        tie.kind is PairKind.DIFFERS
        and expected is not None
        and abs(expected - tie.entry.amount) <= tie.figure.slack
    )


RULE = Rule(
    code="GJ610",
    name="text-against-table",
    group="narrative",
    severity=Severity.ERROR,
    basis=None,
    doc=RuleDoc(
        what="报告文字（和表内的年度目标、完成情况等长文字）里写到的金额、数量、比率，"
        "按名称、年度、口径找到表中同一个数，核对是否一致。只是数值碰巧相同的不算同一个数。",
        why="文字与表格不符，是第三方评审花时间最多、也最常退回的问题；常见的是沿用上年的数、单位写错。",
        example="正文写“2024年项目支出454.02万元”，表中 2024年决算数为 492.91，454.02 是上年的数，报错。",
        fix_safety="不自动修改：以表为准还是以文字为准，由填报人确定。",
    ),
    check=_check,
)
