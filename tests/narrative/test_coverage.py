"""What was compared: every figure agrees, disagrees, or stands alone for a reason that is told."""

from __future__ import annotations

from gouji.form import locate
from gouji.form.facts import Facts
from gouji.frozen import replace
from gouji.narrative.coverage import Covered, State, coverage
from gouji.narrative.story import story_of
from tests.narrative.derived import submission
from tests.rules.grids import Drawing, draw

TITLE = "2024年度部门整体支出绩效自评报告"
TABLE = """
    2024年度部门整体支出绩效自评表 | < | < | <
    项目名称 | 年初预算数 | 全年预算数 | 决算数
    基本支出 | 90.00 | 96.53 | 96.53
    项目支出 | 600.00 | 546.61 | 546.61
    合计 | 690.00 | 643.14 | 643.14
"""


def facts_of(*paragraphs: str, table: str | None = TABLE) -> Facts:
    return locate(draw(Drawing({"表1": table} if table else {}, (TITLE, *paragraphs)), sheet=False))


def covered(*paragraphs: str, table: str | None = TABLE) -> dict[str, Covered]:
    return {each.figure.typed: each for each in coverage(facts_of(*paragraphs, table=table))}


def test_agreed_disagreed_and_alone() -> None:
    found = covered("2024年基本支出96.53万元，项目支出564.61万元。", "开展志愿者技能培训12期。")
    assert [each.state for each in found.values()] == [State.AGREED, State.DISAGREED, State.ALONE]
    assert [(e.place.cell, e.text) for e in found["96.53万元"].evidence if e.place] == [("D3", "96.53")]
    assert [(e.place.cell, e.agrees) for e in found["564.61万元"].evidence if e.place] == [("D4", False)]
    assert found["12期"].why == "表格和前后文没有同名的数"


def test_arithmetic_and_other_places_of_the_text_count() -> None:
    found = covered(
        "全年培训145人，其中城区61人、农村84人。", "预算200万元，支出150万元，执行率75%。", table=None
    )
    assert {each.state for each in found.values()} == {State.AGREED}
    assert found["75%"].evidence[0].text.startswith("150")


def test_the_workbook_counts_for_its_report() -> None:
    report = facts_of("2024年项目支出546.61万元。", table=None)
    assert [each.state for each in coverage(report)] == [State.ALONE]
    assert [each.state for each in coverage(replace(report, workbooks=(facts_of(),)))] == [State.AGREED]


def test_every_figure_of_a_text_is_spoken_of_once_and_a_lone_one_has_a_reason() -> None:
    form = submission(3)
    facts = locate(draw(Drawing(form.grids, (TITLE, *(s.text for s in form.sentences))), sheet=False))
    found = coverage(facts)
    assert [each.figure for each in found] == list(story_of(facts).figures)
    assert all(bool(each.evidence) != bool(each.why) for each in found)
    assert all((each.state is State.ALONE) == (each.why is not None) for each in found)
