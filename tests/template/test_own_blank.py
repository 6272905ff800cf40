"""A bureau's own blank workbook in place of a drawing: everything in it stays, and it checks itself."""

from __future__ import annotations

import io
import tomllib
from decimal import Decimal

import openpyxl
import pytest
from openpyxl.styles import Font

from gouji.calc.recalc import recalc
from gouji.form.definition import FormDefinition, FormError, parse_form
from gouji.source.document import SourceRefusedError
from gouji.template.build import build
from gouji.template.draft import draft
from gouji.template.live_sheet import LIVE_SHEET
from gouji.write.package import Package
from tests.template.test_draft import blank


def own_blank() -> tuple[FormDefinition, bytes]:
    """The blank form of tests/template/test_draft.py as a workbook somebody made, and its definition without a drawing."""
    document = blank(sheet=True)
    raw = tomllib.loads(draft(document, "sichuan-2025").text)
    del raw["sheet"]
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for grid in document.grids:
        sheet = book.create_sheet(grid.name)
        for (row, col), cell in grid.cells.items():
            value = cell.value
            sheet.cell(row + 1, col + 1).value = float(value) if isinstance(value, Decimal) else value
            if cell.rows * cell.cols > 1:
                sheet.merge_cells(
                    start_row=row + 1,
                    start_column=col + 1,
                    end_row=row + cell.rows,
                    end_column=col + cell.cols,
                )
    book["自评表"]["A1"].font = Font(name="方正小标宋简体", size=22)
    book["自评表"].column_dimensions["B"].width = 33
    book.create_sheet("填报说明")["A1"] = "请于3月31日前报送。"
    stream = io.BytesIO()
    book.save(stream)
    return parse_form(raw), stream.getvalue()


def test_what_the_bureau_made_stays_and_comes_to_life() -> None:
    form, own = own_blank()
    made = build(form, blank=own)
    assert build(form, blank=own) == made
    book = openpyxl.load_workbook(io.BytesIO(made))
    assert book.sheetnames == ["自评表", "明细", "填报说明", LIVE_SHEET]
    sheet = book["自评表"]
    assert (sheet["A1"].font.name, sheet["A1"].font.size) == ("方正小标宋简体", 22)
    assert sheet.column_dimensions["B"].width == 33
    assert sheet["G6"].value == '=IF(COUNT(E6,D6)<2,"",IF(D6=0,0,ROUND(E6/D6,4)))'
    assert sheet["G6"].number_format == "0.00%"
    assert sheet["F7"].value == "/"
    assert book["明细"]["B6"].value == '=IF(COUNT(B7:B12)=0,"",SUM(B7:B12))'
    assert sheet.data_validations.dataValidation
    assert sheet.conditional_formatting


def test_it_shows_a_mistake_as_one_types() -> None:
    form, own = own_blank()
    package = Package(build(form, blank=own))
    package.set_values("自评表", {"C6": Decimal(90), "C7": Decimal(60), "C10": Decimal(40)})
    recalc(package, second_opinion=False)
    verdicts = {
        str(package.value(LIVE_SHEET, f"B{row}")): package.value(LIVE_SHEET, f"A{row}")
        for row in range(6, 90)
        if package.value(LIVE_SHEET, f"F{row}") == "GJ201"
    }
    assert verdicts["自评表!C6"] == "错误"
    assert verdicts["自评表!D6"] == "未填"


def test_rows_cannot_be_asked_for_and_a_foreign_workbook_is_refused() -> None:
    form, own = own_blank()
    with pytest.raises(FormError, match="行数不能增减"):
        build(form, {"项目": 3}, own)
    stream = io.BytesIO()
    openpyxl.Workbook().save(stream)
    with pytest.raises(SourceRefusedError, match="没有认出绩效自评的表格"):
        build(form, blank=stream.getvalue())
