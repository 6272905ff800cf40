"""What makes a form definition unsound, told in Chinese before a bureau relies on it (the command: tests/cli)."""

from __future__ import annotations

from pathlib import Path

import pytest

from gouji.form.definition import FormDefinition
from gouji.form.lint import lint
from gouji.form.registry import all_forms
from gouji.form.root import forms_root

SOUND = """
id = "moxian-2025"
title = "某县部门整体支出绩效自评表（2025年度）"

[recognise]
least = 2
labels = ["县级预算部门名称", "年度履职目标", "评价结论"]

[[weights]]
execution = 10
output = 50
benefit = 30
satisfaction = 10

[[block]]
kind = "funds"
title = "资金"
required = true
columns = ["年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"]
calculated = ["执行率", "得分"]

[[block]]
kind = "headcount"
title = "人员"
columns = ["编制数", "在职人数", "控制率"]
calculated = ["控制率"]

[[block]]
kind = "lines"
title = "支出明细"
columns = ["项目名称", "年初预算数", "调整数", "调整后预算数", "决算数"]
calculated = ["调整后预算数"]
"""


def said(tmp_path: Path, text: str) -> list[str]:
    folder = tmp_path / "moxian-2025"
    folder.mkdir(exist_ok=True)
    (folder / "form.toml").write_text(text, encoding="utf-8")
    return lint(folder)


def test_a_sound_definition_has_no_problem(tmp_path: Path) -> None:
    assert said(tmp_path, SOUND) == []


@pytest.mark.parametrize("form", all_forms(), ids=lambda form: form.id)
def test_every_shipped_form_is_sound(form: FormDefinition) -> None:
    assert lint(forms_root() / form.id) == []


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("least = 2", "least = 2\nat_least = 2", "[recognise] 不认识：at_least"),
        ("least = 2", 'least = "两个"', "least 应为整数"),
        ("required = true", "requiered = true", "第 1 个 [[block]] 不认识：requiered"),
        ("benefit = 30", "effect = 30", "第 1 个 [[weights]] 不认识：effect"),
        ("[recognise]", "colour = 1\n\n[recognise]", "不认识的键：colour"),
        ("[[weights]]", "[weights]", "weights 应写作 [[weights]]"),
        ('calculated = ["调整后预算数"]', 'calculated = ["决算数"]', "计算栏目“决算数”没有可用的公式"),
        ('"调整数", ', "", "计算栏目“调整后预算数”没有可用的公式"),
        ('"在职人数", ', "", "计算栏目“控制率”没有可用的公式"),
        ('"分值", ', "", "计算栏目“得分”没有可用的公式"),
        ('"编制数"', '"岗位"', "栏目“岗位”词库（lexicon.toml 的 [record]）不认识"),
        ('"项目名称", "年初预算数", "调整数"', '"项目名称", "年初预算数", "加减"', "栏目“加减”词库"),
    ],
)
def test_each_fault_is_named(tmp_path: Path, old: str, new: str, problem: str) -> None:
    assert old in SOUND
    problems = said(tmp_path, SOUND.replace(old, new, 1))
    assert any(problem in one for one in problems), problems


def test_a_form_that_another_swallows_is_told_so(tmp_path: Path) -> None:
    """Next year's form with last year's labels only: nobody could tell a file of the one from one of the other."""
    shipped = next(form for form in all_forms() if not form.titles)
    labels = ", ".join(f'"{label}"' for label in shipped.labels)
    text = SOUND.replace('"县级预算部门名称", "年度履职目标", "评价结论"', labels)
    assert any(f"与表式“{shipped.id}”分不开" in one for one in said(tmp_path, text))
    more = text.replace("least = 2", 'least = 2\ntitles = ["某县部门整体支出绩效自评表"]')
    problems = said(tmp_path, more)
    assert any("分不开" in one for one in problems), "the other form still takes every such file"


def test_a_sum_names_lines_that_the_block_prints(tmp_path: Path) -> None:
    lines = SOUND + 'rows = ["合计", "甲", "专项"]\nsums = ["合计 = 甲 + 专项/*"]\n'
    assert said(tmp_path, lines) == []
    assert "不在 rows 里" in said(tmp_path, lines.replace("甲 + ", "乙 + "))[0]
    assert "应写作" in said(tmp_path, lines.replace("合计 = 甲", "合计：甲"))[0]


DRAWN = """
[[sheet]]
name = "自评表"
widths = [20, 12, 12, 12, 8, 8, 8]
drawing = '''
县级预算部门名称 | [text] | < | < | < | < | <
年度履职目标 | [long] | < | < | < | < | <
资金 | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分
年度资金总额 | [money] | [money] | [money] | [weight 10] | [rate] | [score]
人员（人） | 编制数 | < | 在职人数 | < | 控制率 | <
^ | [count] | < | [count] | < | [rate] | <
项目名称 | 年初预算数 | 调整数 | 调整后预算数 | 决算数 | < | <
{专项=2} [line] | [money] | [money] | [money] | [money] | < | <
合计 | [money] | [money] | [money] | [money] | < | <
评价结论 | [text] | < | < | < | < | <
'''
"""


def test_a_drawing_that_shows_every_block_is_sound(tmp_path: Path) -> None:
    assert said(tmp_path, SOUND + DRAWN) == []


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("控制率 | <\n^", "定员率 | <\n^", "“控制率”在 [[sheet]] 的图里没有找到"),
        ("调整后预算数 | 决算数", "去向 | 决算数", "（支出明细） 的"),
        ("[weight 10]", "[points]", "“[points]”不认识"),
        ("评价结论 |", "评价结论 | | | | | | | |", "格，widths 只有 7 列"),
    ],
)
def test_a_drawing_without_a_block_s_part_is_told(tmp_path: Path, old: str, new: str, problem: str) -> None:
    problems = said(tmp_path, (SOUND + DRAWN).replace(old, new))
    assert any(problem in each for each in problems), problems
