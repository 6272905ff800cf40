"""What goes into the offline bundle says only what is true and runs where it is meant to (``make bundle`` proves the rest)."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

from gouji.cli import cli
from tools.make_bundle import PLATFORMS, requirements

BUNDLE = Path(__file__).parents[2] / "tools/bundle"


def test_the_guide_names_commands_that_exist_and_fits_a_page() -> None:
    text = (BUNDLE / "使用说明.txt").read_text(encoding="utf-8")
    commands = set(re.findall(r"gouji\.(?:bat|sh) ([a-z]+)", text))
    assert commands >= {"check", "annotate", "fix", "import", "fill", "recalc", "office"}
    assert commands <= set(cli.list_commands(click.Context(cli)))
    assert text.count("\n") < 60


@pytest.mark.parametrize("script", sorted(BUNDLE.glob("*.bat")), ids=lambda path: path.name)
def test_batch_files_are_ascii(script: Path) -> None:
    """Cmd reads them in the code page of the machine."""
    assert script.read_bytes().isascii()


def test_every_dependency_is_pinned() -> None:
    if shutil.which("uv") is None:
        pytest.skip("needs uv")
    for platform in PLATFORMS:
        listed = requirements(platform)
        assert all(re.fullmatch(r"[a-z0-9._-]+==[0-9.]+", line) for line in listed)
        assert any(line.startswith("xlwings==") for line in listed)
        assert any(line.startswith("pywin32==") for line in listed) == (platform == "win32")


def test_the_summary_is_taken_along_where_asked() -> None:
    if shutil.which("uv") is None:
        pytest.skip("needs uv")
    assert not any(line.startswith("pandas==") for line in requirements("win32"))
    more = requirements("win32", ("office", "batch"))
    assert {line.partition("==")[0] for line in more} >= {"pandas", "numpy", "xlsxwriter", "xlwings"}


def test_an_incomplete_folder_is_told_in_chinese(tmp_path: Path) -> None:
    shutil.copy(BUNDLE / "install.py", tmp_path)
    run = subprocess.run([sys.executable, str(tmp_path / "install.py")], capture_output=True, check=False)
    assert run.returncode == 2
    assert "请重新解压" in run.stdout.decode("utf-8")
