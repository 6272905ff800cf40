"""``gouji form lint``: a bureau's own form.toml is told what is unsound before anybody relies on it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gouji.form.root import forms_root

Gouji = Callable[..., Any]
FORMS = sorted(path.parent for path in forms_root().glob("*/form.toml"))
SOUND = """
id = "moxian-2025"
title = "某县部门整体支出绩效自评表（2025年度）"

[recognise]
least = 2
labels = ["部门整体支出总额", "年度资金总额", "自评等级"]

[[weights]]
execution = 10
output = 50
benefit = 30
satisfaction = 10

[[block]]
kind = "funds"
title = "资金"
columns = ["年初预算数", "全年预算数", "全年执行数", "执行率"]
calculated = ["执行率"]
"""


def draft(tmp_path: Path, text: str, name: str = "moxian-2025") -> Path:
    folder = tmp_path / name
    folder.mkdir()
    (folder / "form.toml").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("folder", FORMS, ids=lambda folder: folder.name)
def test_every_shipped_form_is_sound(gouji: Gouji, folder: Path) -> None:
    run = gouji("form", "lint", folder)
    assert run.status == 0, run.out
    assert "没有发现问题" in run.out


def test_a_sound_draft_has_no_problem(gouji: Gouji, tmp_path: Path) -> None:
    run = gouji("form", "lint", draft(tmp_path, SOUND))
    assert (run.status, len(run.out.splitlines())) == (0, 1)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('id = "moxian-2025"', 'id = "某县"', "id“某县”应由小写字母"),
        ('title = "某县部门整体支出绩效自评表（2025年度）"', 'title = " "', "title（表式名称）是空的"),
        ("least = 2", "least = 9", "least 为 9"),
        ('"自评等级"]', '"1、自评等级"]', "标签“1、自评等级”永远匹配不上，应写作“自评等级”"),
        ('"自评等级"]', '"自评等级", "自评等级"]', "写了两次"),
        ('"年度资金总额", "自评等级"', "", "至少要有 3 个标签"),
        ("benefit = 30", "benefit = 40", "第 1 个 [[weights]] 各项相加为 110，应为 100"),
        ("[[weights]]", "[settings]\nover_target = 90\n\n[[weights]]", "over_target 为 90"),
        ("[[weights]]", "[settings]\nexecution_low = 120\n\n[[weights]]", "execution_low（120）"),
        ('"全年执行数", "执行率"]', '"全年花的钱", "执行率"]', "栏目“全年花的钱”词库"),
        ('kind = "funds"', 'kind = "money"', "kind 应为"),
        ('calculated = ["执行率"]', 'calculated = ["得分"]', "calculated 中的“得分”不在 columns 里"),
        ('id = "moxian-2025"', "", "缺少 id"),
        ("[recognise]", "[recognise", "不是合法的 TOML"),
    ],
)
def test_what_is_unsound_is_named(gouji: Gouji, tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in SOUND
    run = gouji("form", "lint", draft(tmp_path, SOUND.replace(old, new)))
    assert run.status == 1
    assert said in run.out


def test_the_folder_carries_the_id(gouji: Gouji, tmp_path: Path) -> None:
    run = gouji("form", "lint", draft(tmp_path, SOUND, name="other"))
    assert "文件夹名“other”应与 id“moxian-2025”相同" in run.out


def test_a_folder_without_a_definition_is_told_so(gouji: Gouji, tmp_path: Path) -> None:
    run = gouji("form", "lint", tmp_path)
    assert run.status == 1
    assert "找不到 form.toml" in run.out


def test_a_draft_is_written_where_asked_and_is_ready_for_lint_and_new(gouji: Gouji, tmp_path: Path) -> None:
    blank = forms_root() / "wuhan-2023" / "wuhan-2023.xlsx"
    folder = tmp_path / "wuhan-2026"
    run = gouji("form", "draft", blank, "-o", folder)
    assert run.status == 0
    assert "处是猜测，请逐处核对" in run.out
    assert gouji("form", "lint", folder).status == 0
    assert gouji("new", folder, "-o", tmp_path / "表.xlsx").status == 0
    again = gouji("form", "draft", blank, "-o", folder)
    assert again.status == 2
    assert "已存在" in again.err
    shown = gouji("form", "draft", blank, "--id", "wuhan-2026")
    assert (shown.status, shown.out) == (0, (folder / "form.toml").read_text(encoding="utf-8"))


def test_what_cannot_be_drafted_is_said(gouji: Gouji, tmp_path: Path) -> None:
    assert "找不到文件" in gouji("form", "draft", tmp_path / "没有.xlsx").err
    (tmp_path / "字.txt").write_text("只有文字。", encoding="utf-8")
    run = gouji("form", "draft", tmp_path / "字.txt")
    assert run.status == 2
    assert "没有可以起草的内容" in run.err
