"""Blank templates: the official layout, checked cells, and the same bytes every time."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest

from gouji.checking import check_bytes
from gouji.form.definition import FormDefinition, FormError, parse_form
from gouji.form.label import compact
from gouji.form.layout import groups_of, lay_out
from gouji.form.registry import all_forms, form_by_id
from gouji.form.root import forms_root
from gouji.live.checks import LIVE_CODES
from gouji.source.document import cell_name
from gouji.template.build import build
from gouji.template.live_sheet import LIVE_SHEET
from tests.template.filled import REFERENCES, Source, laid_sheets, source_document

FORMS = {form.id: form for form in all_forms()}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_the_shipped_workbook_is_what_the_definition_gives(form: FormDefinition) -> None:
    """Run ``python tools/templates.py`` after changing a form.toml or the builder."""
    shipped = (forms_root() / form.id / f"{form.id}.xlsx").read_bytes()
    built = build(form)
    with zipfile.ZipFile(io.BytesIO(shipped)) as one, zipfile.ZipFile(io.BytesIO(built)) as other:
        assert one.namelist() == other.namelist()
        for name in one.namelist():
            assert one.read(name) == other.read(name), name


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_blank_form_lacks_answers_and_nothing_else(form: FormDefinition) -> None:
    result = check_bytes((forms_root() / form.id / f"{form.id}.xlsx").read_bytes(), "空白表.xlsx")
    assert (result.form, result.reason) == (form.id, None)
    codes = {finding.code for finding in result.findings}
    assert codes <= {"GJ101", "GJ112", "GJ501"}
    assert not codes & LIVE_CODES
    assert "GJ501" in codes  # no indicator is filled in


@pytest.mark.parametrize("source", REFERENCES, ids=lambda source: source.name)
def test_what_is_printed_is_what_the_published_report_prints(source: Source) -> None:
    """Cell by cell where the layouts can be laid over each other."""
    grids = {grid.name: grid for grid in source_document(source).grids}
    compared = 0
    for sheet in laid_sheets(source):
        first, shift = source.shifts.get(sheet.name, (sheet.n_rows + 1, 0))
        for cell in sheet.cells:
            if cell.kind is not None or cell.look != "label" or not cell.text or cell.row == first - 1:
                continue
            theirs = grids[sheet.name].at(cell.row + shift if cell.row >= first else cell.row, cell.col)
            assert theirs is not None
            label = compact(cell.text)
            assert compact(theirs.text) == label, (sheet.name, cell_name(cell.row, cell.col))
            assert (theirs.rows, theirs.cols) == (cell.rows, cell.cols), label
            compared += 1
    assert compared > 30


def test_every_place_to_fill_in_says_in_chinese_what_is_wanted() -> None:
    book = openpyxl.load_workbook(forms_root() / "hunan-2024" / "hunan-2024.xlsx")
    for sheet in lay_out(FORMS["hunan-2024"]):
        hints = {
            cell
            for validation in book[sheet.name].data_validations.dataValidation
            if validation.prompt and not validation.prompt.isascii()
            for area in validation.sqref.ranges
            for row in book[sheet.name][area.coord if ":" in area.coord else f"{area.coord}:{area.coord}"]
            for cell in (each.coordinate for each in row)
        }
        wanted = {cell_name(cell.row, cell.col) for cell in sheet.cells if cell.kind is not None}
        assert wanted <= hints


def test_names_colours_and_pages() -> None:
    book = openpyxl.load_workbook(forms_root() / "hunan-2024" / "hunan-2024.xlsx")
    assert book.defined_names["自评表_年度资金总额_执行率"].attr_text == "'自评表'!$H$5"
    for sheet in book.worksheets:
        assert (sheet.page_setup.paperSize, sheet.page_setup.fitToWidth) == (9, 1)
        assert sheet.conditional_formatting
    assert book.sheetnames == ["基础数据表", "自评表", LIVE_SHEET]
    assert not book.vba_archive


def test_as_many_rows_as_asked_and_the_sums_reach_over_them() -> None:
    form = FORMS["hunan-2024"]
    book = openpyxl.load_workbook(io.BytesIO(build(form, {"专项": 12})))
    base = book["基础数据表"]
    assert base["D12"].value == '=IF(COUNT(D13:D14,D16:D27)=0,"",SUM(D13:D14,D16:D27))'
    assert base["A28"].value == "公用经费"


def test_a_group_left_out_hands_its_label_on() -> None:
    """Without quantity indicators 产出指标 stands beside the quality indicators."""
    form = FORMS["central-project"]
    (sheet,) = lay_out(form, {"数量指标": 0})
    label = next(cell for cell in sheet.cells if cell.text == "产出指标")
    beside = next(cell for cell in sheet.cells if (cell.row, cell.col) == (label.row, 2))
    assert (beside.text, label.rows) == ("质量指标", 6)


def test_rows_that_the_form_does_not_have_are_refused() -> None:
    form = FORMS["hunan-2024"]
    with pytest.raises(FormError, match="没有可以增减的行“项目”；可以增减的有：专项"):
        build(form, {"项目": 3})
    with pytest.raises(FormError, match="应在 0 到 500 之间"):
        build(form, {"专项": 501})
    assert groups_of(form)["专项"] == 3


def drawn(*lines: str) -> FormDefinition:
    return parse_form(
        {
            "id": "moxian-2025",
            "title": "某县自评表",
            "recognise": {"labels": ["甲", "乙", "丙"]},
            "block": [{"kind": "funds", "title": "资金"}],
            "sheet": [{"name": "表", "widths": [10, 10], "drawing": "\n".join(lines)}],
        }
    )


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (("甲 | 乙 | 丙",), "第 1 行有 3 格，widths 只有 2 列"),
        (("< | 乙",), "第 1 行第 1 格“<”没有可并入的格子"),
        (("^ | 乙",), "没有可并入的格子"),
        (("甲 | <", "^ | 乙"), "合并的格子不成矩形"),
        (("甲 | [钱]", "乙 | [figure]"), "“\\[figure\\]”不认识"),
    ],
)
def test_a_drawing_that_cannot_be_is_refused_with_its_place(lines: tuple[str, ...], message: str) -> None:
    with pytest.raises(FormError, match=message):
        lay_out(drawn(*lines))


def test_a_form_that_nobody_has_drawn_has_no_template() -> None:
    form = form_by_id("hunan-2024")
    assert form is not None
    undrawn = parse_form(
        {
            "id": "x",
            "title": "x",
            "recognise": {"labels": ["甲"]},
            "block": [{"kind": "funds", "title": "资金"}],
        }
    )
    with pytest.raises(FormError, match="没有 \\[\\[sheet\\]\\]"):
        build(undrawn)
