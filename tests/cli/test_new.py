"""``gouji new``: a blank workbook of a form, where and with as many rows as asked."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from gouji.office.buttons import all_buttons

Gouji = Callable[..., Any]


def test_a_blank_form_is_written_and_says_what_may_be_repeated(gouji: Gouji, tmp_path: Path) -> None:
    target = tmp_path / "空白表.xlsx"
    run = gouji("new", "hunan-2024", "--rows", "专项=5，数量指标=2", "-o", target)
    assert run.status == 0
    assert "专项 5、数量指标 2、质量指标 2" in run.out
    assert openpyxl.load_workbook(target)["基础数据表"]["A21"].value == "公用经费"


def test_it_stands_under_the_form_s_own_name_unless_told(
    gouji: Gouji, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert gouji("new", "central-project").status == 0
    assert (tmp_path / "central-project.xlsx").is_file()
    again = gouji("new", "central-project")
    assert again.status == 2
    assert "已存在" in again.err
    assert gouji("new", "central-project", "--force").status == 0


def test_a_name_that_ends_in_xlsm_asks_for_buttons(gouji: Gouji, tmp_path: Path) -> None:
    assert gouji("new", "central-project", "-o", tmp_path / "表.xlsm").status == 0
    with zipfile.ZipFile(tmp_path / "表.xlsm") as made:
        assert made.read("xl/drawings/drawing1.xml").count(b'macro="[0]!Gouji_') == len(all_buttons())
        assert "xl/vbaProject.bin" in made.namelist()
    assert (
        gouji("check", tmp_path / "表.xlsm", "--format", "json").out.count('"form": "central-project"') == 1
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nowhere-1999",), "没有表式“nowhere-1999”"),
        (("generic",), "不是一种表式"),
        (("hunan-2024", "--rows", "专项"), "应写作 名称=行数"),
        (("hunan-2024", "--rows", "专向=3"), "可以增减的有：专项"),
        (("hunan-2024", "-o", "表.ods"), "只能写成 .xlsx，或带按钮的 .xlsm"),
    ],
)
def test_what_cannot_be_made_is_said_in_chinese(gouji: Gouji, arguments: tuple[str, ...], said: str) -> None:
    run = gouji("new", *arguments)
    assert run.status == 2
    assert said in run.err


def test_a_bureau_s_own_form_needs_no_installation(gouji: Gouji, tmp_path: Path) -> None:
    folder = tmp_path / "moxian-2025"
    folder.mkdir()
    (folder / "form.toml").write_text(
        'id = "moxian-2025"\ntitle = "某县自评表"\n[recognise]\nlabels = ["县级预算部门", "甲", "乙"]\n'
        '[[block]]\nkind = "funds"\ntitle = "资金"\ncolumns = ["全年预算数", "全年执行数", "执行率"]\n'
        'rows = ["年度资金总额"]\ncalculated = ["执行率"]\n'
        '[[sheet]]\nname = "自评表"\nwidths = [20, 12, 12, 12]\n'
        "drawing = '''\n县级预算部门 | [text] | < | <\n资金 | 全年预算数 | 全年执行数 | 执行率\n"
        "年度资金总额 | [money] | [money] | [rate]\n'''\n",
        encoding="utf-8",
    )
    target = tmp_path / "表.xlsx"
    assert gouji("new", folder, "-o", target).status == 0
    sheet = openpyxl.load_workbook(target)["自评表"]
    assert sheet["D3"].value == '=IF(COUNT(C3,B3)<2,"",IF(B3=0,0,ROUND(C3/B3,4)))'
