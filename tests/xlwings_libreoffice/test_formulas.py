"""Formulas in Excel's spelling, both ways, and what they come to."""

from __future__ import annotations

from typing import Any

import pytest
import xlwings as xw

pytestmark = pytest.mark.office


@pytest.fixture
def data(sheet: xw.Sheet) -> xw.Sheet:
    sheet["A1"].value = [["数量指标", 100, 2.5], ["质量指标", 20, 5], ["时效指标", None, 1]]
    return sheet


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("=SUM(B1:C2)", 127.5),
        ("=B1*2%", 2.0),
        ("=IF(B2>10,TRUE,FALSE)", True),
        ('=IF(VLOOKUP("质量指标",A1:B3,2,FALSE)>10,"达标","未达标")', "达标"),
        ('=SUMIFS(B1:B3,A1:A3,"质量*")', 20.0),
        ('=TEXTJOIN("、",TRUE,A1:A2)', "数量指标、质量指标"),
        ('=ROUND(B2/B1*100,2)&"%"', "20%"),
        ("=B1>B2", True),
        ('="他说""TRUE""，对"', '他说"TRUE"，对'),
        ("=SUM($B$1:$B$2,C3)", 121.0),
        ('=IFERROR(1/0,"除数为零")', "除数为零"),
        ("=COUNTA(A:A)", 3.0),
    ],
)
def test_formulas_compute_and_read_back_as_written(data: xw.Sheet, formula: str, value: Any) -> None:
    data["E1"].formula = formula
    assert data["E1"].value == value
    assert data["E1"].formula == formula


def test_a_formula_may_be_given_as_a_value(data: xw.Sheet) -> None:
    data["E1"].value = "=B1+B2"
    assert data["E1"].value == 120.0


def test_one_formula_fills_a_range_relative_to_each_cell(data: xw.Sheet) -> None:
    data["E1:E3"].formula = "=B1*$C$1"
    assert data["E1:E3"].formula == (("=B1*$C$1",), ("=B2*$C$1",), ("=B3*$C$1",))
    assert data["E1:E3"].value == [250.0, 50.0, 0.0]


def test_a_block_of_formulas_and_values_is_read_as_texts(data: xw.Sheet) -> None:
    data["E1:F1"].formula = ["=B1", "文字"]
    assert list(data["A1:C1"].formula[0]) == ["数量指标", "100", "2.5"]
    assert list(data["E1:F1"].formula[0]) == ["=B1", "文字"]


def test_sheets_with_odd_names_are_reached(data: xw.Sheet, shared_book: xw.Book) -> None:
    other = shared_book.sheets.add("附件 一'甲", after=shared_book.sheets[-1])
    try:
        other["A1"].value = 7
        data["E1"].formula = "='附件 一''甲'!A1+1"
        assert data["E1"].value == 8.0
        assert data["E1"].formula == "='附件 一''甲'!A1+1"
    finally:
        other.delete()


def test_changing_a_cell_recalculates_what_rests_on_it(data: xw.Sheet) -> None:
    data["E1"].formula = "=SUM(B1:B3)"
    data["B3"].value = 30
    assert data["E1"].value == 150.0


def test_manual_calculation_waits_for_calculate(data: xw.Sheet, app: xw.App) -> None:
    data["E1"].formula = "=B1"
    app.calculation = "manual"
    try:
        data["B1"].value = 1
        assert app.calculation == "manual"
        before = data["E1"].value
        app.calculate()
        assert (before, data["E1"].value) == (100.0, 1.0)
    finally:
        app.calculation = "automatic"


def test_an_array_formula_fills_its_range(data: xw.Sheet) -> None:
    data["E1:E2"].formula_array = "=B1:B2*C1:C2"
    assert data["E1:E2"].value == [250.0, 100.0]
    assert data["E1:E2"].formula_array == "=B1:B2*C1:C2"
    assert data["E1"].has_array is True
    assert data["A1"].has_array is False


def test_a_defined_name_works_in_a_formula(data: xw.Sheet, shared_book: xw.Book) -> None:
    name = shared_book.names.add("预算总额", f"='{data.name}'!$B$1:$B$2")
    try:
        data["E1"].formula = "=SUM(预算总额)"
        assert data["E1"].value == 120.0
        assert data["E1"].formula == "=SUM(预算总额)"
    finally:
        name.delete()
