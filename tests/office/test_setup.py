"""Desktops set up and taken down, other people's macros and settings left alone; what doctor says."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import xlwings

import gouji as gouji_package
from gouji.office import libreoffice
from gouji.office.build import addin
from gouji.start import main

XLB = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<library:library xmlns:library="http://openoffice.org/2000/library" '
    'library:name="Standard" library:readonly="false" library:passwordprotected="false"{}'
)


@pytest.fixture
def gouji(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Callable[..., tuple[int, str]]:
    """``gouji office …`` for a user whose folder is empty."""
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("APPDATA", raising=False)

    def run(*arguments: str | Path) -> tuple[int, str]:
        status = main(["office", *map(str, arguments)])
        out = capsys.readouterr()
        return status, out.out + out.err

    return run


def test_excel_gets_the_addin_and_the_interpreter_and_gives_them_back(
    gouji: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    start = tmp_path / "XLSTART"
    assert gouji("doctor", "--excel", start)[0] == 1
    status, said = gouji("install", "--excel", start)
    assert status == 0
    assert (start / "gouji.xlam").read_bytes() == addin()
    settings = (tmp_path / "home" / ".gouji" / "gouji.conf").read_text("utf-8")
    assert '"ADD_WORKBOOK_TO_PYTHONPATH","False"' in settings
    assert str(start) in said
    status, said = gouji("doctor", "--excel", start)
    assert (status, "没有发现问题" in said) == (0, True)
    (tmp_path / "home" / ".gouji" / "gouji.conf").write_text('"INTERPRETER_WIN","C:\\old.exe"\n')
    (start / "gouji.xlam").write_bytes(b"old")
    status, said = gouji("doctor", "--excel", start)
    assert (status, said.count("→"), "2 处问题" in said) == (1, 2, True)
    assert "已从" in gouji("uninstall", "--excel", start)[1]
    assert not list(start.iterdir())
    assert not (tmp_path / "home" / ".gouji" / "gouji.conf").exists()
    assert "没有装过" in gouji("uninstall", "--excel", start)[1]


@pytest.mark.parametrize("end", ["/>\n", '>\n <library:element library:name="Mine"/>\n</library:library>\n'])
def test_a_profile_keeps_the_macros_that_are_there(tmp_path: Path, end: str) -> None:
    basic = tmp_path / "user" / "basic" / "Standard"
    basic.mkdir(parents=True)
    (basic / "script.xlb").write_text(XLB.format(end), "utf-8")
    (basic / "Mine.xba").write_text("mine", "utf-8")
    for _ in range(2):
        libreoffice.install(tmp_path / "user")
    text = (basic / "script.xlb").read_text("utf-8")
    assert text.count('library:name="GoujiRunPython"') == 1
    assert text.rstrip().endswith("</library:library>")
    assert ('library:name="Mine"' in text) == ("Mine" in end)
    assert libreoffice.installed(tmp_path / "user")
    assert libreoffice.uninstall(tmp_path / "user")
    assert "GoujiRunPython" not in (basic / "script.xlb").read_text("utf-8")
    assert (basic / "Mine.xba").exists()
    assert not list((tmp_path / "user" / "Scripts" / "python").iterdir())
    assert not libreoffice.uninstall(tmp_path / "user")


def test_profiles_are_found_and_without_any_it_says_what_to_do(
    gouji: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    assert gouji("install")[0] == 2
    status, said = gouji("doctor")
    assert (status, "先打开一次" in said) == (1, True)
    user = tmp_path / "home" / ".config" / "libreoffice" / "4" / "user"
    user.mkdir(parents=True)
    assert gouji("install")[0] == 0
    assert libreoffice.installed(user)


def test_what_cannot_be_written_is_named(gouji: Callable[..., tuple[int, str]], tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    status, said = gouji("install", "--excel", tmp_path / "taken")
    assert status == 2
    assert "taken" in said


def test_a_gouji_that_lies_beside_python_gets_an_interpreter_that_knows_it(tmp_path: Path) -> None:
    """As in the offline bundle: the packages are in a folder, and only a path tells Python of it."""
    folder = tmp_path / "解压 的文件夹"
    folder.mkdir()
    for package in (gouji_package, xlwings):
        (folder / package.__name__).symlink_to(Path(str(package.__file__)).parent)
    make = "from gouji.office.setup import interpreter; print(interpreter(make=True))"
    environment = {
        **os.environ,
        "PYTHONPATH": str(folder),
        "HOME": str(tmp_path),
        "USERPROFILE": str(tmp_path),
    }
    base = str(getattr(sys, "_base_executable", sys.executable))
    made = subprocess.run(
        [base, "-c", make], env=environment, capture_output=True, text=True, check=True
    ).stdout.strip()
    assert Path(made).is_relative_to(tmp_path / ".gouji" / "python")
    found = "import gouji, xlwings; print(gouji.__file__)"
    ran = subprocess.run([made, "-I", "-c", found], cwd="/", capture_output=True, text=True, check=True)
    assert ran.stdout.startswith(str(folder))
