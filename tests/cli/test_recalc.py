"""``gouji recalc``: values stored beside formulas, what is not computed is named, one bad file never stops the others."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

EXAMPLE = Path(__file__).parents[2] / "examples/lusong-2024.xlsx"
Gouji = Callable[..., Any]
EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(autouse=True)
def _without_office(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gouji.calc.recalc.find_office", lambda: None)


@pytest.fixture
def sums(tmp_path: Path) -> Path:
    return book(tmp_path / "合计.xlsx", "=SUM(A1:A2)")


def book(path: Path, *formulas: str) -> Path:
    made = openpyxl.Workbook()
    made.active.title = "表"
    for row, value in enumerate((1.5, 2.25), 1):
        made.active.cell(row, 1, value)
    for row, formula in enumerate(formulas, 1):
        made.active.cell(row, 2, formula)
    path.parent.mkdir(exist_ok=True)
    made.save(path)
    return path


def cached(path: Path, cell: str = "B1") -> object:
    return openpyxl.load_workbook(path, data_only=True)["表"][cell].value


def test_the_copy_holds_formula_and_value(gouji: Gouji, sums: Path) -> None:
    before = sums.read_bytes()
    run = gouji("recalc", sums)
    copy = sums.with_name("合计.已计算.xlsx")
    assert run.status == 0
    assert "公式 1 个，算出 1 个" in run.out
    assert cached(copy) == 3.75
    assert openpyxl.load_workbook(copy)["表"]["B1"].value == "=SUM(A1:A2)"
    assert sums.read_bytes() == before


def test_a_formula_that_is_not_computed_is_named_and_the_status_is_partial(
    gouji: Gouji, tmp_path: Path
) -> None:
    path = book(tmp_path / "a.xlsx", "=SUM(A1:A2)", "=ENCODEURL(A1)", "=B2&1")
    run = gouji("recalc", path, "--format", "json", "-o", tmp_path / "b.xlsx")
    [document] = json.loads(run.out)["documents"]
    assert run.status == 2
    assert document["status"] == "partial"
    assert [(one["cell"], one["formula"]) for one in document["skipped"]] == [
        ("B2", "ENCODEURL(A1)"),
        ("B3", "B2&1"),
    ]
    assert document["changed"] == [{"sheet": "表", "cell": "B1", "old": None, "new": "3.75"}]
    assert cached(tmp_path / "b.xlsx") == 3.75


def test_one_bad_file_never_stops_the_others(gouji: Gouji, sums: Path, tmp_path: Path) -> None:
    bad = tmp_path / "坏.xlsx"
    bad.write_bytes(b"PK\x03\x04 no workbook")
    other = book(tmp_path / "乙.xlsx", "=A1*2")
    run = gouji("recalc", sums, bad, tmp_path / "缺.xlsx", other, "-o", f"{tmp_path / '算好'}/")
    assert run.status == 2
    assert "坏.xlsx" in run.err
    assert "缺.xlsx：打不开（没有这个文件" in run.err
    assert sorted(path.name for path in (tmp_path / "算好").iterdir()) == ["乙.xlsx", "合计.xlsx"]
    assert cached(tmp_path / "算好" / "乙.xlsx") == 3


def test_in_place_keeps_a_backup(gouji: Gouji, sums: Path) -> None:
    before = sums.read_bytes()
    run = gouji("recalc", sums, "--in-place")
    assert run.status == 0
    assert cached(sums) == 3.75
    assert sums.with_name("合计.原件.xlsx").read_bytes() == before
    again = gouji("recalc", sums, "--in-place")
    assert again.status == 0
    assert "备份" not in again.out, "nothing changed, nothing is written"


def test_nothing_is_overwritten_unasked(gouji: Gouji, sums: Path, tmp_path: Path) -> None:
    taken = tmp_path / "有.xlsx"
    taken.write_bytes(b"mine")
    assert gouji("recalc", sums, "-o", taken).status == 2
    assert gouji("recalc", sums, "-o", sums).status == 2
    assert taken.read_bytes() == b"mine"
    assert gouji("recalc", sums, "-o", taken, "--force").status == 0


def test_two_inputs_may_not_become_one_output(gouji: Gouji, tmp_path: Path) -> None:
    paths = [book(tmp_path / name / "表.xlsx", "=A1") for name in "甲乙"]
    run = gouji("recalc", *paths, "-o", tmp_path)
    assert run.status == 2
    assert "会写到同一个文件" in run.err
    assert "须是已有的文件夹" in gouji("recalc", *paths, "-o", tmp_path / "x.xlsx").err


def test_an_ending_that_excel_refuses_is_refused(gouji: Gouji, sums: Path, tmp_path: Path) -> None:
    """Excel opens no workbook whose ending contradicts what is inside."""
    for command in ("recalc", "fill", "fix", "annotate", "import"):
        form = EXAMPLE if command != "recalc" else sums
        run = gouji(command, form, "-o", tmp_path / "x.xlsm")
        assert run.status == 2
        assert "请把输出文件名改为 .xlsx" in run.err
    assert not (tmp_path / "x.xlsm").exists()


def test_a_damaged_workbook_costs_the_others_nothing(gouji: Gouji, sums: Path, tmp_path: Path) -> None:
    """Damage inside a sheet shows only when its formulas are read; a report passes for a package at first."""
    report = tmp_path / "报告.docx"
    report.write_bytes((EXAMPLES / "lusong-2024.docx").read_bytes())
    damaged = tmp_path / "坏.xlsx"
    with zipfile.ZipFile(sums) as old, zipfile.ZipFile(damaged, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, data.partition(b"</f>")[0] if name.startswith("xl/worksheets/") else data)
    run = gouji("recalc", damaged, report, sums, "-o", f"{tmp_path}/out/")
    assert run.status == 2
    assert [path.name for path in (tmp_path / "out").iterdir()] == [sums.name]
    assert "不是 Excel 工作簿" in run.err
    assert "坏.xlsx" in run.err
