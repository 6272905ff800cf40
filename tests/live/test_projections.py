"""Every kind of relation has its projections: the check, the equation for repair, the live row; and a formula or a reason."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from gouji.form import locate
from gouji.form.facts import Facts, RelationKind
from gouji.live.calculated import calculated_cells
from gouji.live.checks import live_checks
from gouji.repair.posing import pose
from gouji.rule.registry import run_rules
from tests.live.worked import verdicts
from tests.rules.grids import Drawing, draw


@dataclass(frozen=True)
class Kind:
    """A form with one relation of a kind broken: the rule that tells it, and why its result has no formula, if so."""

    drawn: str
    code: str
    cell: str
    typed_by_hand: str = ""


FUNDS = "项目资金（万元） | 年初预算数 | 全年预算数 | 全年执行数 | 执行率\n"
KINDS = {
    RelationKind.SUM: Kind(
        FUNDS
        + "年度资金总额 | 100.00 | 140.00 | 119.00 | 85.00%\n其中：财政拨款 | 70.00 | 90.00 | 80.00 | 88.89%\n"
        "其他资金 | 30.00 | 40.00 | 39.00 | 97.50%",
        "GJ201",
        "C2",
    ),
    RelationKind.RATIO: Kind(
        FUNDS
        + "年度资金总额 | 100.00 | 140.00 | 119.00 | 58.00%\n其中：财政拨款 | 70.00 | 100.00 | 80.00 | 80.00%\n"
        "其他资金 | 30.00 | 40.00 | 39.00 | 97.50%",
        "GJ203",
        "E2",
    ),
    RelationKind.SUBSET: Kind(
        "经费控制情况（万元） | 2023年决算数 | 2024年预算数 | 2024年决算数\n三公经费 | 1.00 | 1.00 | 0.90\n"
        "公用经费 | 20.00 | 21.00 | 19.00\n　其中：办公经费 | 5.00 | 6.00 | 25.00",
        "GJ202",
        "D3",
        "其中 lists a part of the whole, which cannot be computed from it",
    ),
    RelationKind.CONTROL: Kind(
        "财政供养人员情况（人） | 编制数 | 2024年实际在职人数 | 控制率\n | 12 | 13 | 108.33%", "GJ207", "C2"
    ),
    RelationKind.BALANCE: Kind(
        "支出项目 | 年初预算数 | 预算调整数 | 全年预算数 | 决算数\n人员经费 | 100.00 | 20.00 | 120.00 | 118.00\n"
        "公用经费 | 50.00 | -5.00 | 45.00 | 44.00\n项目支出 | 200.00 | 30.00 | 320.00 | 219.00",
        "GJ201",
        "D4",
    ),
    RelationKind.EQUAL: Kind(
        "支出项目 | 年初预算数 | 全年预算数 | 决算数\n基本支出 | 100.00 | 120.00 | 118.00\n项目支出 | 200.00 | 230.00 | 219.00\n"
        "合计 | 300.00 | 350.00 | 337.00\n说明一下 | < | < | <\n支出项目 | 年初预算数 | 全年预算数 | 决算数\n"
        "基本支出 | 100.00 | 120.00 | 118.00\n项目支出 | 200.00 | 230.00 | 291.00",
        "GJ205",
        "D8",
        "neither of two statements is the source of the other",
    ),
}


def facts_of(kind: Kind) -> Facts:
    return locate(draw(Drawing({"表": kind.drawn}), sheet=True))


def test_no_kind_is_left_out() -> None:
    assert set(KINDS) == set(RelationKind)


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_is_checked_posed_calculated_and_shown_live(kind: RelationKind) -> None:
    case = KINDS[kind]
    facts = facts_of(case)
    relations = [r for r in facts.relations if r.kind is kind]
    assert relations
    told = {(f.code, f.location.cell) for f in run_rules(facts, facts.settings)}
    assert any(code == case.code for code, _ in told), told
    posed = pose(facts, [], [], {("表", slot.name) for r in relations for slot in [r.result.slot]})
    assert len(posed.problem.relations) >= len(relations)
    formulas = {each.slot.name for each in calculated_cells(facts)}
    results = {relation.result.slot.name for relation in relations}
    assert results.isdisjoint(formulas) if case.typed_by_hand else results <= formulas
    checks = live_checks(facts)
    shown = {
        (c.code, c.place.name)
        for c, said in zip(checks, verdicts(facts, checks), strict=True)
        if said != "通过"
    }
    assert (case.code, case.cell) in shown
