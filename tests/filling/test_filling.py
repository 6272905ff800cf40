"""Formulas go where the form calculates, wherever its tables stand; what a person typed stays unless told otherwise."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from gouji.checking import check_file
from gouji.filling import Fate, Filled, Typed, fill_bytes, fill_file
from gouji.source.document import SourceRefusedError
from gouji.write.package import Package
from tests.cli.conftest import gouji  # noqa: F401 # a fixture

EXAMPLES = Path(__file__).parents[2] / "examples"
LUSONG, CAIDIAN = EXAMPLES / "lusong-2024.xlsx", EXAMPLES / "caidian-2023.xlsx"


def fates(filled: Filled, fate: Fate) -> dict[str, str]:
    return {one.cell: one.formula for one in filled.cells if one.fate is fate}


def edited(path: Path, change: Callable[[Any], None]) -> bytes:
    book = openpyxl.load_workbook(path)
    change(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_blank_calculated_cells_get_formulas_and_typed_ones_are_only_reported() -> None:
    filled = fill_file(str(LUSONG))
    assert fates(filled, Fate.WRITTEN)["B7"] == 'IF(COUNT(B8:B9)=0,"",SUM(B8:B9))'
    kept = {one.cell: (one.old, one.result, one.note) for one in filled.cells if one.fate is Fate.KEPT}
    assert kept["F12"] == ("492.91", "492.73", "")
    assert kept["D12"][2] == "D16 不是数字，公式不会算进去"
    assert filled.package.value("基础数据表", "F12") == Decimal("492.91")


def test_replacing_logs_what_was_typed_and_stores_the_results() -> None:
    filled = fill_file(str(CAIDIAN), typed=Typed.REPLACE)
    package = Package.open(filled.package.to_bytes())
    assert package.formula("支出明细", "B8") == 'IF(COUNT(B9:B27)=0,"",SUM(B9:B27))'
    assert package.value("支出明细", "B8") == Decimal("877.26")
    log = openpyxl.load_workbook(io.BytesIO(package.to_bytes()))["修改记录"]
    assert ["支出明细", "B8"] in [[row[1].value, row[2].value] for row in log.iter_rows()]
    assert all(cell.data_type != "f" for row in log.iter_rows() for cell in row), (
        "a formula in the log is a text"
    )


def test_what_a_formula_would_pass_over_or_lose_is_never_replaced() -> None:
    """D16 holds 201.5.5, so its total stays; B6 has a figure but its lines have none."""
    filled = fill_file(str(LUSONG), typed=Typed.REPLACE)
    assert {"D12", "B6"} == set(fates(filled, Fate.KEPT))


def test_filling_twice_changes_nothing_more() -> None:
    once = fill_file(str(CAIDIAN), typed=Typed.REPLACE).package.to_bytes()
    again = fill_bytes(once, "x.xlsx", typed=Typed.REPLACE)
    assert again.package.to_bytes() == once
    assert {one.fate for one in again.cells} == {Fate.FORMULA}


def test_the_table_is_found_where_it_stands_now() -> None:
    def moved(book: Any) -> None:  # noqa: ANN401 # an openpyxl workbook
        sheet = book["支出明细"]
        cells = [(c.row, c.column, c.value, c.number_format) for r in sheet.iter_rows() for c in r]
        book.remove(sheet)
        sheet = book.create_sheet("我的表")
        for row, col, value, shown in cells:  # three rows down, two columns right, and one more project
            cell = sheet.cell(row + 3 + (row > 12), col + 2, value)
            cell.number_format = shown
        sheet.cell(16, 3, "新增项目")

    filled = fill_bytes(edited(CAIDIAN, moved), "x.xlsx", typed=Typed.REPLACE)
    moved_to = {one.cell: one.formula for one in filled.cells if one.sheet == "我的表"}
    assert moved_to["D11"] == 'IF(COUNT(D12:D31)=0,"",SUM(D12:D31))'


def test_a_formula_that_is_there_stays() -> None:
    own = edited(LUSONG, lambda book: book["基础数据表"].__setitem__("F12", "=F16+F17+F18"))
    filled = fill_bytes(own, "x.xlsx", typed=Typed.REPLACE)
    assert filled.package.formula("基础数据表", "F12") == "F16+F17+F18"
    assert "F12" in fates(filled, Fate.FORMULA)


def test_a_formula_that_would_refer_back_to_itself_is_not_written() -> None:
    """A line that is worked out from the total: 其他 = 合计 − the rest."""
    own = edited(LUSONG, lambda book: book["基础数据表"].__setitem__("F18", "=F12-F16-F17"))
    filled = fill_bytes(own, "x.xlsx", typed=Typed.REPLACE)
    [total] = [one for one in filled.cells if one.cell == "F12"]
    assert (total.fate, total.note) == (Fate.KEPT, "会形成循环引用")
    assert filled.package.value("基础数据表", "F12") == Decimal("492.91")


def test_rates_show_percent() -> None:
    blank = edited(CAIDIAN, lambda book: book["三公经费"].__setitem__("D7", None))
    filled = fill_bytes(blank, "x.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(filled.package.to_bytes()))
    assert "%" in book["三公经费"]["D7"].number_format
    assert filled.package.value("三公经费", "D7") == Decimal("0.4198")


def test_nothing_known_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "别的.xlsx"
    openpyxl.Workbook().save(path)
    with pytest.raises(SourceRefusedError, match="没有认出绩效自评的表格"):
        fill_file(str(path))


def test_on_the_command_line(gouji: Any, tmp_path: Path) -> None:  # noqa: ANN401, F811 # the fixture
    path = tmp_path / "表.xlsx"
    path.write_bytes(LUSONG.read_bytes())
    run = gouji("fill", path)
    assert run.status == 0
    assert "手填  基础数据表!F12  项目支出/2024年决算数  填的是 492.91，公式得 492.73" in run.out
    assert "要换成公式，请加 --replace" in run.out
    assert "修改记录" not in openpyxl.load_workbook(tmp_path / "表.已填公式.xlsx").sheetnames
    run = gouji("fill", path, "--replace", "--in-place", "--log", tmp_path / "l.json")
    assert "表.原件.xlsx" in run.out
    log = json.loads((tmp_path / "l.json").read_text())
    assert {"cell": "F12", "old": "492.91"}.items() <= next(
        one for one in log if one["cell"] == "F12"
    ).items()
    assert check_file(str(path)).count is not None


def test_an_existing_output_is_left_alone(gouji: Any, tmp_path: Path) -> None:  # noqa: ANN401, F811  # of any kind
    taken = tmp_path / "有.xlsx"
    taken.write_bytes(b"mine")
    assert gouji("fill", LUSONG, "-o", taken).status == 2
    assert taken.read_bytes() == b"mine"
