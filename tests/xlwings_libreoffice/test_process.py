"""Processes: none left behind, none in the way of another, a crash told clearly."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import xlwings as xw

import xlwings_libreoffice
from xlwings_libreoffice import OfficeGoneError, OfficeNotFoundError, OfficeStartError, process
from xlwings_libreoffice.bridge import uno

pytestmark = pytest.mark.office


@pytest.fixture(autouse=True)
def engine(app: xw.App, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The engine is there; notes of processes are kept apart from those of the session's."""
    assert app.pid
    monkeypatch.setenv("XLWINGS_LIBREOFFICE_NOTES", str(tmp_path / "notes"))


def members(leader: int) -> list[int]:
    """The living processes of a process group."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[2]) == leader and fields[0] != "Z":
                found.append(int(entry.name))
    return found


def wait_until_gone(leader: int) -> bool:
    for _ in range(100):
        if not members(leader):
            return True
        time.sleep(0.05)
    return False


def test_quitting_leaves_no_process_no_profile_and_no_note(tmp_path: Path) -> None:
    app = xw.App(visible=False, add_book=True)
    office = app.impl.office
    assert members(app.pid)
    assert office.profile.exists()
    app.quit()
    assert wait_until_gone(app.pid)
    assert not office.profile.exists()
    assert not list((tmp_path / "notes").iterdir())


def test_an_office_that_is_there_and_not_ready_is_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Seen on a busy machine: the pipe answers before the office behind it does."""
    answers = [
        uno.getClass("com.sun.star.uno.RuntimeException")("returned ANY of type boolean", None),
        "ready",
    ]

    def connect(_: str) -> object:
        answer = answers.pop(0)
        if isinstance(answer, BaseException):
            raise answer
        return answer

    monkeypatch.setattr(process, "_connect", connect)
    with subprocess.Popen(["sleep", "60"]) as running:
        assert process._wait(running, "pipe", 5) == "ready"
        running.kill()


def test_a_crash_is_told_clearly_and_the_next_start_is_clean(app: xw.App) -> None:
    doomed = xw.App(visible=False, add_book=True)
    sheet = doomed.books[0].sheets[0]
    os.killpg(doomed.pid, signal.SIGKILL)
    with pytest.raises(OfficeGoneError, match="已经退出或意外关闭"):
        sheet["A1"].value = 1
    assert doomed.pid not in xw.apps.keys()  # noqa: SIM118 # xlwings' Apps is no mapping
    assert wait_until_gone(doomed.pid)
    assert xw.apps.active == app
    with xw.App(visible=False, add_book=True) as fresh:
        fresh.books[0].sheets[0]["A1"].value = 1
        assert fresh.books[0].sheets[0]["A1"].value == 1.0


def test_an_office_whose_owner_was_killed_is_ended_by_the_next_start(tmp_path: Path) -> None:
    script = (
        "import xlwings_libreoffice as lo, xlwings as xw, time; lo.register();"
        "print(xw.App(visible=False, add_book=False).pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        leader = int(owner.stdout.readline())
        owner.kill()
    assert members(leader)
    xw.apps.cleanup()
    assert wait_until_gone(leader)
    assert not list((tmp_path / "notes").iterdir())


def test_no_soffice_and_a_broken_one_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XLWINGS_LIBREOFFICE_SOFFICE", "")
    assert not xlwings_libreoffice.available()
    with pytest.raises(OfficeNotFoundError, match="没有找到 LibreOffice"):
        xw.App(visible=False)
    broken = tmp_path / "soffice"
    broken.write_text("#!/bin/sh\nexit 3\n")
    broken.chmod(0o755)
    monkeypatch.setenv("XLWINGS_LIBREOFFICE_SOFFICE", str(broken))
    with pytest.raises(OfficeStartError, match="代码 3"):
        xw.App(visible=False)
    assert not list((tmp_path / "notes").iterdir())
