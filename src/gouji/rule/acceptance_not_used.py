"""GJ001: an explanation in gouji.toml or in a column # 说明 that fits no finding, or that cannot be used as it is written."""

from __future__ import annotations

from collections.abc import Iterable

from gouji.form.facts import Facts
from gouji.form.settings import Settings
from gouji.model import Finding, Severity
from gouji.rule.base import Rule, RuleDoc

__all__ = ["RULE"]


def _never(_facts: Facts, _settings: Settings) -> Iterable[Finding]:
    """Nothing in the form itself: the findings are made where explanations are applied (gouji.acceptance)."""
    return ()


RULE = Rule(
    code="GJ001",
    name="acceptance-not-used",
    group="internal",
    severity=Severity.WARNING,
    basis=None,
    doc=RuleDoc(
        what="gouji.toml 或表里的“# 说明”列对某个问题写了说明，而这次检查没有发现这个问题，或者这条说明写得不完整、没有采用。",
        why="表格改过以后，旧的说明还留着，会让人以为问题仍在，也可能把以后真正的错误挡在后面。",
        example="说明针对 GJ107 自评表 F14，而 F14 已改对：请删去这条说明。缺少 reason（理由）或 role（岗位）的说明不采用。",
        fix_safety="不自动修改：请删去或改正这一条说明。",
    ),
    check=_never,
)
