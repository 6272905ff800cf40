"""``gouji form draft``: a bureau's blank form becomes a form.toml that lint accepts and ``gouji new`` can print."""

from __future__ import annotations

import io
import tomllib
from pathlib import Path

import openpyxl
import pytest

from gouji.form.definition import FormDefinition, parse_form
from gouji.form.layout import LaidSheet, lay_out
from gouji.form.lint import lint
from gouji.form.registry import all_forms
from gouji.form.root import forms_root
from gouji.source import read
from gouji.source.document import Document, SourceRefusedError
from gouji.template.build import build
from gouji.template.draft import Draft, draft
from tests.rules.grids import Drawing
from tests.rules.grids import draw as document

SICHUAN = """
2025年度省级部门预算项目支出绩效自评表 | < | < | < | < | < | < | <
（金额单位：万元） | < | < | < | < | < | < | <
项目名称 | | < | < | 项目编码 | | < | <
主管部门 | | < | < | 项目实施单位 | | < | <
预算执行情况 | 资金类别 | 年初预算 | 调整后预算 | 全年执行 | 权重 | 预算执行率 | 得分
^ | 年度资金总额 | | | | 10 | |
^ | 其中：财政拨款 | | | | / | | /
^ | 　　　财政专户管理资金 | | | | / | | /
^ | 　　　单位资金 | | | | / | | /
^ | 　　　其他资金 | | | | / | | /
年度目标 | 年初设定目标 | < | < | 全年实际完成情况 | < | < | <
^ | | < | < | | < | < | <
绩效指标 | 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 全年完成值 | 权重 | 得分
^ | 产出指标（60分） | 数量指标 | 指标1： | | | |
^ | ^ | ^ | 指标2： | | | |
^ | ^ | ^ | …… | | | |
^ | ^ | 质量指标 | 指标1： | | | |
^ | ^ | 时效指标 | 指标1： | | | |
^ | 效益指标（20分） | 社会效益指标 | 指标1： | | | |
^ | ^ | ^ | 指标2： | | | |
^ | 满意度指标（10分） | 服务对象满意度指标 | 指标1： | | | |
合计 | < | < | < | < | < | 100 |
评价结论 | | < | < | < | < | < | <
存在问题 | | < | < | < | < | < | <
改进措施 | | < | < | < | < | < | <
项目负责人： 财务负责人： | < | < | < | < | < | < | <
"""

DETAIL = """
经费支出明细表 | < | < | < | <
支出项目 | 年初预算数 | 预算调整数 | 决算数 | 执行率
基本支出 | | | |
其中：人员经费 | | | |
　　　公用经费 | | | |
项目支出 | | | |
 | | | |
 | | | |
 | | | |
 | | | |
 | | | |
 | | | |
合计 | | | |
"""


def proposed(made: Draft, tmp_path: Path) -> FormDefinition:
    """The draft as a definition that lint has nothing against."""
    raw = tomllib.loads(made.text)
    folder = tmp_path / raw["id"]
    folder.mkdir()
    (folder / "form.toml").write_text(made.text, encoding="utf-8")
    assert lint(folder) == []
    return parse_form(raw)


def blank(*, sheet: bool) -> Document:
    return document(Drawing({"自评表": SICHUAN, "明细": DETAIL}), sheet=sheet)


@pytest.mark.parametrize("sheet", [True, False], ids=["workbook", "text"])
def test_a_blank_form_of_another_province_is_ready_for_lint(sheet: bool, tmp_path: Path) -> None:
    made = draft(blank(sheet=sheet), "sichuan-2025")
    form = proposed(made, tmp_path)
    assert form.title == ("2025年度省级部门预算项目支出绩效自评表" if sheet else "自评表")
    assert [block.kind for block in form.blocks] == ["funds", "lines", "indicators"]
    funds, lines, _ = form.blocks
    assert funds.calculated == ("预算执行率", "得分")
    assert [(s.total, s.parts) for s in funds.sums] == [
        ("年度资金总额", ("财政拨款", "财政专户管理资金", "单位资金", "其他资金"))
    ]
    assert ("项目支出", ("项目支出/*",)) in [(s.total, s.parts) for s in lines.sums]
    assert ("合计", ("基本支出", "项目支出")) in [(s.total, s.parts) for s in lines.sums]
    assert [{k: int(v) for k, v in w.items()} for w in form.weights] == [
        {"execution": 10, "output": 60, "benefit": 20, "satisfaction": 10}
    ]


def test_guesses_are_marked_and_counted() -> None:
    made = draft(blank(sheet=True), "sichuan-2025")
    lines = made.text.splitlines()
    assert made.guesses == sum("猜测，请核对：" in line for line in lines) >= 6
    for key in ("least =", "execution_low =", "sums = [", "calculated ="):
        assert all("猜测" in lines[at - 1] for at, line in enumerate(lines) if line.startswith(key)), key


def test_what_it_draws_prints_the_blank_form_again(tmp_path: Path) -> None:
    form = proposed(draft(blank(sheet=True), "sichuan-2025"), tmp_path)
    sheets = {sheet.name: sheet for sheet in lay_out(form)}
    kinds = {(c.row, c.col): (c.kind, c.preset) for c in sheets["自评表"].cells if c.kind}
    assert kinds[2, 1] == kinds[2, 5] == ("text", None)
    assert kinds[5, 5] == ("weight", "10")
    assert (6, 5) not in kinds  # «/» is printed
    assert kinds[11, 1] == ("long", None)
    assert [kinds[13, col][0] for col in range(3, 8)] == ["name", "target", "actual", "weight", "score"]
    assert sum(kind == "line" for c in sheets["明细"].cells if (kind := c.kind)) == 6
    assert _texts(sheets["自评表"]) >= {"存在问题", "预算执行率", "　　　单位资金", "合计"}
    book = openpyxl.load_workbook(io.BytesIO(build(form, {"数量指标": 5, "项目": 20})))
    assert book["自评表"]["G6"].value == '=IF(COUNT(E6,D6)<2,"",IF(D6=0,0,ROUND(E6/D6,4)))'
    assert book["自评表"]["C6"].value == '=IF(COUNT(C7:C10)=0,"",SUM(C7:C10))'
    assert book["明细"]["B6"].value == '=IF(COUNT(B7:B26)=0,"",SUM(B7:B26))'


def _texts(sheet: LaidSheet) -> set[str]:
    return {cell.text for cell in sheet.cells}


@pytest.mark.parametrize("form", all_forms(), ids=lambda form: form.id)
def test_drafted_from_its_own_blank_a_form_is_drawn_as_it_was(form: FormDefinition, tmp_path: Path) -> None:
    path = forms_root() / form.id / f"{form.id}.xlsx"
    again = proposed(draft(read(path), f"{form.id}-draft"), tmp_path)
    for one, other in zip(lay_out(form), lay_out(again), strict=True):
        assert [(c.row, c.col, c.rows, c.cols, c.text, c.kind) for c in one.cells] == [
            (c.row, c.col, c.rows, c.cols, c.text, c.kind) for c in other.cells
        ]


def test_nothing_known_is_said() -> None:
    with pytest.raises(SourceRefusedError, match="没有认出绩效自评的表格"):
        draft(document(Drawing({"表": "姓名 | 电话\n某甲 | 00000000"}), sheet=True), "x")
