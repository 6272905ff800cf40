"""The button 导出报送包 makes beside the workbook what ``gouji seal`` makes of its file."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import xlwings as xw

from gouji.office import actions, entry
from gouji.office.buttons import button_by_id
from gouji.office.sealing import export
from gouji.seal.keys import default_key, load_key, new_key
from gouji.seal.sealing import seal
from gouji.seal.verifying import verify
from gouji.write.package import Package
from tests.office.conftest import EXAMPLES
from tests.seal.mutate import parts_of

pytestmark = pytest.mark.office
Open = Callable[..., xw.Book]


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOUJI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv(entry.LOG, str(tmp_path / "office.log"))


def test_what_is_sealed_is_the_saved_file_with_the_report_beside_it(opened: Open, tmp_path: Path) -> None:
    new_key(default_key(), "某某局财务科")
    book = opened()
    shutil.copy(EXAMPLES / "lusong-2024.docx", tmp_path / "自评报告.docx")
    told = export(book)
    assert told == (
        "导出报送包：带问题封存：还有 7 处错误没有改正；警告 11 处；提示 2 处；"
        "“lusong-2024.报送包.zip”与表在同一文件夹，含报告“自评报告.docx”"
    )
    made = (tmp_path / "lusong-2024.报送包.zip").read_bytes()
    key = load_key(default_key())
    assert verify(made, "x.zip", (key.public,), recheck=True).exit_status == 1
    ours = seal(book.fullname, str(tmp_path / "自评报告.docx"), key).data
    known, found = (json.loads(parts_of(data)["check.json"])["documents"] for data in (ours, made))
    assert [each["findings"] for each in found] == [each["findings"] for each in known]
    export(book)
    assert (tmp_path / "lusong-2024.报送包(2).zip").exists()
    assert (tmp_path / "lusong-2024.报送包.zip").read_bytes() == made


def test_marks_and_notices_stay_out_of_the_package(opened: Open, tmp_path: Path) -> None:
    new_key(default_key(), "某某局财务科")
    book = opened()
    before = [sheet.name for sheet in book.sheets]
    actions.check(book)
    entry.perform(book, button_by_id("export"))  # not saved: a notice that is then saved with the rest
    assert "请先保存" in book.sheets[entry.NOTICE_SHEET]["A2"].value
    book.save()
    assert entry.perform(book, button_by_id("export")) is not None
    parts = parts_of((tmp_path / "lusong-2024.报送包.zip").read_bytes())
    package = Package.open(parts["workbook.xlsx"])
    assert [sheet.name for sheet in package.worksheets] == [*before, "校验封面"]
    assert not any(package.notes(name) for name in before)
    assert json.loads(parts["manifest.json"])["parts"][1]["original"] == "lusong-2024.xlsx"


def test_without_a_key_or_with_a_passphrase_the_clerk_is_told_what_to_do(opened: Open) -> None:
    book = opened()
    assert entry.perform(book, button_by_id("export")) is None
    assert "gouji key new" in book.sheets[entry.NOTICE_SHEET]["A2"].value
    book.sheets[entry.NOTICE_SHEET].delete()
    book.save()
    new_key(default_key(), "某某局财务科", "口令")
    assert entry.perform(book, button_by_id("export")) is None
    assert "gouji seal" in book.sheets[entry.NOTICE_SHEET]["A2"].value
    assert not list(Path(book.fullname).parent.glob("*.zip"))
