"""Wrong usage is told in Chinese with status 2; help shows only what works."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest

from gouji.cli import cli
from gouji.form.registry import all_forms
from gouji.rule.registry import all_rules
from gouji.version import __version__

Gouji = Callable[..., Any]
Process = Callable[..., subprocess.CompletedProcess[bytes]]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["chck"], "没有这个命令：chck（是不是 check？）"),
        (["check"], "缺少参数：文件…"),
        (["check", "a.xlsx", "--fromat", "json"], "没有这个选项：--fromat（是不是 --format"),
        (["check", "a.xlsx", "--format", "pdf"], "--format 只能是：text、json、sarif"),
        (["check", "a.xlsx", "--form"], "--form 的用法不对"),
        (["check", "a.xlsx", "--form", "nix"], "没有表式“nix”；已有："),
        (["check", "a.xlsx", "--select", "GJ999"], "“GJ999”"),
        (["check", "a.xlsx", "--output", "没有这个文件夹/a.json"], "文件夹不存在"),
        (["explain", "GJ999"], "没有编号或名称为“GJ999”的规则"),
        (["forms", "extra"], "命令行写法不对"),
    ],
)
def test_wrong_usage_is_told_in_chinese(gouji: Gouji, arguments: list[str], words: str) -> None:
    run = gouji(*arguments)
    assert run.status == 2
    assert words in run.err
    assert "--help" in run.err
    assert "Traceback" not in run.err
    assert run.out == ""


def test_without_a_command_the_help_is_shown_and_nothing_was_checked(gouji: Gouji) -> None:
    run = gouji()
    assert run.status == 2
    assert run.out.startswith("用法：gouji")
    assert "gouji check 自评表.xlsx" in run.out


@pytest.mark.parametrize("name", ["", *cli.list_commands(click.Context(cli))])
def test_every_help_page_is_chinese(gouji: Gouji, name: str) -> None:
    run = gouji(*filter(None, [name, "--help"]))
    assert run.status == 0
    assert run.out.startswith("用法：gouji")
    for english in ("Usage", "Options", "Commands", "Show this message", "Arguments"):
        assert english not in run.out


def test_the_version(gouji: Gouji) -> None:
    assert gouji("--version").out == f"gouji {__version__}\n"


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.code)
def test_every_rule_can_be_explained(gouji: Gouji, rule: object) -> None:
    run = gouji("explain", rule.code)  # type: ignore[attr-defined]  # a Rule
    assert run.status == 0
    for heading in ("查什么", "为什么", "例子", "修改", "依据"):
        assert f"\n{heading}\n  " in run.out


def test_forms_are_listed_with_the_fallback(gouji: Gouji) -> None:
    lines = gouji("forms").out.splitlines()
    assert [line.split()[0] for line in lines] == [*(form.id for form in all_forms()), "generic"]


def test_repair_answers_line_by_line_even_behind_a_byte_order_mark(process: Process) -> None:
    problem = {"id": "甲", "cells": [], "relations": []}
    given = b"\xef\xbb\xbf" + (json.dumps(problem, ensure_ascii=False) + "\n").encode() * 2
    run = process("repair", given=given)
    answers = [json.loads(line) for line in run.stdout.decode("utf-8").splitlines()]
    assert [answer["id"] for answer in answers] == ["甲", "甲"]
    assert run.returncode == 0


def test_interrupting_ends_cleanly(gouji: Gouji, book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("gouji.crossing.check_file", interrupt)
    run = gouji("check", book)
    assert run.status == 130
    assert run.err.strip() == "已中断。"


def test_a_reader_that_closes_the_pipe_early_gets_no_traceback(book: Path) -> None:
    command = f"{sys.executable} -m gouji check {book} {book} {book} --format json | head -c 1"
    run = subprocess.run(["bash", "-c", command], capture_output=True, check=False)
    assert run.stdout == b"{"
    assert run.stderr == b""


@pytest.mark.parametrize(
    "arguments", [["fill"], ["annotate"], ["fix", "--diff"], ["import", "-o", "q.xlsx"], ["form", "draft"]]
)
@pytest.mark.parametrize("content", [b"no office file", b"PK\x03\x04cut off"])
def test_a_file_that_cannot_be_worked_on_is_named(
    arguments: list[str], content: bytes, tmp_path: Path, gouji: Gouji
) -> None:
    bad = tmp_path / "坏的.xlsx"
    bad.write_bytes(content)
    told = gouji(*arguments, bad)
    assert told.status == 2
    assert bad.name in told.err
    assert [path.name for path in tmp_path.iterdir()] == [bad.name]
