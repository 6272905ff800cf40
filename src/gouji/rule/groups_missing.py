"""A finished indicator table that lacks benefit or satisfaction altogether."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from gouji.form.facts import Facts
from gouji.form.settings import Settings
from gouji.model import Finding, Severity
from gouji.rule.base import Rule, RuleDoc, finding
from gouji.rule.wording import figure

__all__ = ["RULE"]

_MOST = Decimal(50)


def _check(facts: Facts, _settings: Settings) -> Iterator[Finding]:
    for table in facts.indicators:
        if not table.totals or "weight" not in table.roles:
            continue
        groups = {r.level1 for r in table.rows if r.weight is not None and r.weight.value}
        if "output" not in groups or groups & {"benefit", "satisfaction", "management", None}:
            continue
        heaviest = max(
            (r for r in table.rows if r.weight is not None and r.weight.value is not None),
            key=lambda r: (
                r.weight.value if r.weight is not None and r.weight.value is not None else Decimal(0)
            ),
        )
        if heaviest.weight is None or heaviest.weight.value is None:
            continue
        alone = (
            f"，其中“{heaviest.name_slot.label}”一项占 {figure(heaviest.weight.value)} 分"
            if heaviest.weight.value > _MOST
            else ""
        )
        yield finding(
            RULE,
            f"指标只有产出类，没有效益指标和满意度指标{alone}。请按指标框架补齐。",
            heaviest.weight.place,
        )


RULE = Rule(
    code="GJ503",
    name="groups-missing",
    group="structure",
    severity=Severity.WARNING,
    basis="绩效自评表应包括产出、效益、满意度等一级指标（财预〔2020〕10号，未逐字复核）",
    doc=RuleDoc(
        what="已填到合计行的指标表，一级指标只有产出（或成本），没有效益和满意度。",
        why="缺少效益和满意度，自评结构不完整。",
        example="全表只有一个成本控制指标，占 90 分，提示。",
        fix_safety="不自动修改。",
    ),
    check=_check,
)
