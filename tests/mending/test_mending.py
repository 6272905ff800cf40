"""Marks and corrections on a copy: what is sure is mended and logged, the rest stays, twice changes nothing more."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import openpyxl
import pytest

from gouji.cli import main
from gouji.mending import LOG_SHEET, annotate_file, fix_file, with_log
from gouji.source.document import SourceRefusedError
from gouji.write.annotate import clear

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "自评.xlsx"
    shutil.copy(EXAMPLES / "lusong-2024.xlsx", path)
    return path


def test_only_the_sure_correction_is_made(report: Path) -> None:
    fixed = fix_file(str(report))
    assert [(a.change.cell, a.change.old, a.change.new, a.code) for a in fixed.applied] == [
        ("D16", "201.5.5", "201.5", "GJ401")
    ]
    assert "636.56 − 151.55 − 283.51 = 201.5" in fixed.applied[0].evidence


def test_fixing_the_fixed_changes_nothing_more(report: Path) -> None:
    once = fix_file(str(report))
    report.write_bytes(once.data)
    again = fix_file(str(report))
    assert again.applied == ()
    assert again.data == once.data


def test_the_figure_becomes_a_number_and_all_else_stays(report: Path, tmp_path: Path) -> None:
    after = tmp_path / "后.xlsx"
    after.write_bytes(fix_file(str(report)).data)
    before, now = openpyxl.load_workbook(report), openpyxl.load_workbook(after)
    changed = [
        (sheet.title, cell.coordinate, cell.value)
        for sheet in now
        for row in sheet.iter_rows()
        for cell in row
        if cell.value != before[sheet.title][cell.coordinate].value
    ]
    assert changed == [("基础数据表", "D16", 201.5)]


def test_no_fix_leaves_more_errors_than_before(report: Path) -> None:
    safe, bold = fix_file(str(report)), fix_file(str(report), unsafe=True)
    errors = [sum(f.severity.value == "error" for f in fixed.after.findings) for fixed in (safe, bold)]
    assert errors[0] <= 2
    assert errors[1] <= errors[0]


def test_the_log_sheet_says_what_was_changed(report: Path, tmp_path: Path) -> None:
    path = tmp_path / "记录.xlsx"
    path.write_bytes(with_log(fix_file(str(report))))
    rows = list(openpyxl.load_workbook(path)[LOG_SHEET].iter_rows(values_only=True))
    assert rows[0][:6] == ("序号", "工作表", "位置", "项目", "原内容", "改为")
    assert rows[1][1:3] == ("基础数据表", "D16")
    assert rows[1][4:6] == ("201.5.5", "201.5")


def test_annotating_twice_is_annotating_once_and_clearing_gives_the_file_back(report: Path) -> None:
    _, package, first = annotate_file(str(report))
    marked = report.with_name("批注.xlsx")
    package.save(marked)
    _, twice, second = annotate_file(str(marked))
    assert [m.cell for m in second.marks] == [m.cell for m in first.marks]
    clear(twice)
    assert twice.to_bytes() == report.read_bytes()


def test_a_plain_text_is_refused_with_the_way_out() -> None:
    with pytest.raises(SourceRefusedError, match="gouji check"):
        fix_file(str(EXAMPLES / "lusong-2024.txt"))


def test_the_command_writes_beside_and_never_over(
    report: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = tmp_path / "记录.json"
    assert main(["fix", str(report), "--log", str(log)]) == 1
    assert (tmp_path / "自评.已修改.xlsx").is_file()
    assert json.loads(log.read_text(encoding="utf-8"))[0]["new"] == "201.5"
    assert "201.5.5 → 201.5" in capsys.readouterr().out
    assert main(["fix", str(report)]) == 2
    assert "--force" in capsys.readouterr().err


@pytest.mark.parametrize("taken", ["记录.json", "没有的文件夹/记录.json"])
def test_a_log_that_cannot_be_written_is_said_before_anything_is_done(
    report: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], taken: str
) -> None:
    (tmp_path / "记录.json").write_text("别动", encoding="utf-8")
    assert main(["fix", str(report), "--log", str(tmp_path / taken)]) == 2
    assert "201.5.5" not in capsys.readouterr().out
    assert not (tmp_path / "自评.已修改.xlsx").exists()
    assert (tmp_path / "记录.json").read_text(encoding="utf-8") == "别动"


def test_diff_shows_and_writes_nothing(
    report: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["fix", str(report), "--diff"])
    assert "201.5.5 → 201.5" in capsys.readouterr().out
    assert sorted(p.name for p in tmp_path.iterdir()) == ["自评.xlsx"]


def test_in_place_keeps_a_backup(report: Path, tmp_path: Path) -> None:
    before = report.read_bytes()
    main(["fix", str(report), "--in-place"])
    kept = [p for p in tmp_path.iterdir() if p != report]
    assert report.read_bytes() != before
    assert any(p.read_bytes() == before for p in kept)
