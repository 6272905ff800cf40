"""What a clerk sees of a click: a sentence, or a sheet that says what went wrong and where the log is."""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import pytest
import xlwings as xw

from gouji.office import entry
from gouji.office.buttons import Button, all_buttons, button_by_id
from gouji.seal.keys import default_key, new_key
from tests.office.conftest import EXAMPLES
from xlwings_libreoffice import OfficeRefusedError

pytestmark = pytest.mark.office
Open = Callable[..., xw.Book]


def fails(_: xw.Book) -> str:
    raise ZeroDivisionError("inside 张三 '13800001234' 1234.5")


def refuses(_: xw.Book) -> str:
    raise OfficeRefusedError("“自评表”受保护，不能改 $A$1。")


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv(entry.LOG, str(tmp_path / "日志" / "office.log"))
    return tmp_path / "日志" / "office.log"


def button(action: str) -> Button:
    return Button("x", "校验", f"{__name__}:{action}", "", "")


def test_a_click_finds_its_workbook_and_says_what_was_done(
    opened: Open, monkeypatch: pytest.MonkeyPatch, log: Path
) -> None:
    book = opened()
    monkeypatch.setattr(
        sys, "argv", ["-c", f"--wb={book.name}", "--from_xl=1", "--app=libreoffice", "--hwnd=0"]
    )
    entry.run("check")
    assert str(book.app.status_bar).startswith("校验：错误 3 条")
    assert book.sheets.active.name == "校验结果"
    assert not log.exists()


def test_a_failure_stands_in_a_sheet_with_the_log_and_no_traceback(
    opened: Open, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = opened()
    monkeypatch.setitem(sys.modules, __name__, sys.modules[__name__])
    assert entry.perform(book, button("fails")) is None
    told = book.sheets[entry.NOTICE_SHEET]["A1:A4"].value
    assert told[0] == "勾稽没有做完"
    assert "ZeroDivisionError" in told[1]
    assert "没有丢失" in told[1]
    assert told[2] == f"日志：{log}"
    assert "Traceback" not in str(told)
    kept = log.read_text("utf-8")
    assert "Traceback" in kept
    assert "inside" in kept
    assert not any(
        each in kept.replace(__file__, "").split("ZeroDivisionError: ")[1]
        for each in ("张三", "1380", "1234")
    )
    assert entry.perform(book, button_by_id("recalculate")) is not None
    assert entry.NOTICE_SHEET not in [sheet.name for sheet in book.sheets]


def test_our_own_errors_are_told_in_their_own_words(opened: Open, log: Path) -> None:
    book = opened()
    entry.perform(book, button("refuses"))
    assert book.sheets[entry.NOTICE_SHEET]["A2"].value == "校验：“自评表”受保护，不能改 $A$1。"
    assert log.exists()


def test_a_workbook_without_a_form_is_told_so_without_a_log(app: xw.App, log: Path) -> None:
    book = app.books.add()
    try:
        book.sheets[0]["A1"].value = "购物清单"
        entry.perform(book, button_by_id("check"))
        assert "没有认出绩效自评的表格" in str(book.sheets[entry.NOTICE_SHEET]["A2"].value)
        assert not log.exists()
    finally:
        book.close()


def test_without_a_workbook_one_line_says_so(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="连不上工作簿") as ended:
        entry.run("check")
    assert str(log) in str(ended.value)
    assert not capsys.readouterr().err


def test_every_button_resolves_and_its_command_is_plain_ascii() -> None:
    for one in all_buttons():
        assert callable(one.resolve())
        assert one.command.isascii()
        assert len({other.id for other in all_buttons()}) == len(all_buttons())


def test_the_buttons_load_neither_pandas_nor_openpyxl() -> None:
    code = (
        "import sys; from gouji.office.buttons import all_buttons; import gouji.office.entry;"
        "gouji.office.entry.without_tables(); [one.resolve() for one in all_buttons()]; import xlwings;"
        "print([name for name in ('pandas', 'openpyxl', 'numpy') if sys.modules.get(name)])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_clicks_are_served_one_after_the_other_and_a_bad_one_spoils_no_other(
    opened: Open, tmp_path: Path, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = opened()
    monkeypatch.setattr(sys, "argv", ["-c"])
    arguments = ["-c", f"--wb={book.name}", "--from_xl=1", "--app=libreoffice", "--hwnd=0"]
    commands = ["raise ValueError('inside')", "raise SystemExit('没有做完')", button_by_id("check").command]
    asked = [
        json.dumps({"command": command, "arguments": arguments, "answer": str(tmp_path / str(number))})
        for number, command in enumerate(commands)
    ]
    entry.serve(asked)
    answers = [(tmp_path / str(number)).read_text("utf-8") for number in range(3)]
    assert "ValueError" in answers[0]
    assert str(log) in answers[0]
    assert answers[1:] == ["没有做完", ""]
    assert "校验结果" in [sheet.name for sheet in book.sheets]


def windows_members() -> dict[str, set[str]]:
    """What xlwings implements for Excel on Windows, by class; read, not imported, for it needs pywin32."""
    tree = ast.parse((Path(xw.__file__).parent / "_xlwindows.py").read_text("utf-8"))
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    return {
        one.name: {
            member.name for member in one.body if isinstance(member, (ast.FunctionDef, ast.AsyncFunctionDef))
        }
        for one in classes
    }


def test_the_buttons_ask_xlwings_for_nothing_that_excel_on_windows_lacks(
    opened: Open, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Excel cannot be had here: what is asked of LibreOffice's engine must be there in xlwings' own for Windows."""
    monkeypatch.setenv("GOUJI_HOME", str(tmp_path))
    new_key(default_key(), "某科")
    book = opened()
    shutil.copy(EXAMPLES / "lusong-2024.docx", tmp_path)
    asked: set[tuple[str, str]] = set()

    def watch(frame: FrameType, event: str, _: object) -> None:
        if event != "call" or "xlwings_libreoffice" not in frame.f_code.co_filename:
            return
        caller, name = frame.f_back, frame.f_code.co_name
        if caller is not None and caller.f_code.co_name == "inner":
            caller = caller.f_back
        if caller is not None and f"{os.sep}xlwings{os.sep}" in caller.f_code.co_filename and name != "inner":
            asked.add((type(frame.f_locals.get("self")).__name__, name))

    sys.setprofile(watch)
    try:
        for one in all_buttons():
            if one.id == "export":
                book.save()
            one.resolve()(book)
    finally:
        sys.setprofile(None)
    known = windows_members()
    assert len(asked) > 30
    missing = {(cls, name) for cls, name in asked if cls in known and name not in known[cls]}
    missing -= {
        (cls, name) for cls, name in missing if name.startswith("max_cells")
    }  # the base class has those
    assert missing == {("Sheet", "freeze_panes")}  # which painting does without
