"""The buttons do to a live workbook what the commands do to its file, cell by cell."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlwings as xw

import gouji
from gouji.filling import fill_file
from gouji.mending import LOG_SHEET, annotate_file, fix_file, with_log
from gouji.office import actions, suggesting
from gouji.write.annotate import clear as clear_file
from gouji.write.marks import RECORD_SHEET, SUMMARY_SHEET
from gouji.write.package import Package
from tests.office.conftest import EXAMPLES as EXAMPLES  # noqa: PLC0414 # for the tests that click

pytestmark = pytest.mark.office
Open = Callable[..., xw.Book]


def file_sheets(data: bytes, tmp_path: Path) -> dict[str, Any]:
    """The worksheets of a file, with stored results instead of formulas."""
    (tmp_path / "headless.xlsx").write_bytes(data)
    return {
        sheet.title: sheet for sheet in openpyxl.load_workbook(tmp_path / "headless.xlsx", data_only=True)
    }


def plain(value: Any) -> Any:
    """A value as both openpyxl and xlwings give it: numbers as floats, blanks as None."""
    if isinstance(value, bool) or value is None:
        return value
    return float(value) if isinstance(value, (int, float)) else value or None


def live_values(sheet: xw.Sheet, rows: int, columns: int) -> list[list[Any]]:
    block = sheet.range((1, 1), (rows, columns)).options(ndim=2, err_to_str=True).value
    return [[plain(value) for value in row] for row in block]


def same_values(book: xw.Book, sheets: dict[str, Any], *names: str) -> None:
    for name in names:
        expected = [[plain(cell.value) for cell in row] for row in sheets[name].iter_rows()]
        found = live_values(book.sheets[name], len(expected), len(expected[0]))
        for row, (one, two) in enumerate(zip(expected, found, strict=True), 1):
            assert [pytest.approx(v) if isinstance(v, float) else v for v in one] == two, (name, row)


def notes_of(sheet: xw.Sheet) -> dict[str, str]:
    return {note.location.get_address(False, False): note.text for note in sheet.notes}


def colours_of(sheet: xw.Sheet, cells: list[str]) -> dict[str, Any]:
    return {cell: sheet[cell].color for cell in cells}


@pytest.mark.parametrize("example", ["lusong-2024.xlsx", "caidian-2023.xlsx"])
def test_checking_marks_what_annotate_marks(opened: Open, tmp_path: Path, example: str) -> None:
    book = opened(example)
    _, package, made = annotate_file(book.fullname)
    sheets = file_sheets(package.to_bytes(), tmp_path)
    actions.check(book)
    own = [name for name in sheets if not name.startswith(RECORD_SHEET)]
    assert [sheet.name for sheet in book.sheets if sheet.visible] == own
    same_values(book, sheets, *own)
    for name in own:
        noted = {
            cell.coordinate: cell.comment.text
            for row in sheets[name].iter_rows()
            for cell in row
            if cell.comment
        }
        assert notes_of(book.sheets[name]) == noted
    for mark in made.marks:
        fill = sheets[mark.sheet][mark.cell].fill.fgColor.rgb[2:]
        assert book.sheets[mark.sheet][mark.cell].color == tuple(bytes.fromhex(fill))
    summary = sheets[SUMMARY_SHEET]
    for row in range(1, summary.max_row + 1):
        link = summary.cell(row, 4).hyperlink
        if link is not None:
            assert book.sheets[SUMMARY_SHEET][row - 1, 3].hyperlink == f"#{link.location}"
        looks = summary.cell(row, 2)
        fill = looks.fill.fgColor.rgb[2:] if looks.fill.fill_type else None
        assert book.sheets[SUMMARY_SHEET][row - 1, 1].color == (tuple(bytes.fromhex(fill)) if fill else None)


def test_clearing_gives_back_every_cell_note_and_colour(opened: Open) -> None:
    book = opened()
    first = book.sheets[1]
    _, _, made = annotate_file(book.fullname)
    marked = [(mark.sheet, mark.cell) for mark in made.marks]
    sheet, cell = marked[0]
    book.sheets[sheet][cell].add_note("审核人：已核对")
    book.sheets[sheet][cell].color = (1, 2, 3)
    before = {one.name: (live_values(one, 60, 12), notes_of(one)) for one in book.sheets}
    colours = [book.sheets[name][place].color for name, place in marked]
    for _ in range(2):  # a second check replaces the marks of the first
        actions.check(book)
        assert notes_of(book.sheets[sheet])[cell].startswith("审核人：已核对\n【勾稽校验】")
    told = actions.clear(book)
    assert f"{len(marked)} 处" in told
    assert {one.name: (live_values(one, 60, 12), notes_of(one)) for one in book.sheets} == before
    assert [book.sheets[name][place].color for name, place in marked] == colours
    assert first.name in before


def test_marks_of_a_button_are_cleared_by_the_command_and_the_other_way_round(
    opened: Open, tmp_path: Path
) -> None:
    book = opened()
    plain_file = Path(book.fullname)
    original = plain_file.read_bytes()
    actions.check(book)
    book.save(tmp_path / "按钮.xlsx")
    package = Package.open(tmp_path / "按钮.xlsx")
    assert clear_file(package).found
    sheets = file_sheets(package.to_bytes(), tmp_path)
    before = {sheet.title: sheet for sheet in openpyxl.load_workbook(plain_file)}
    assert plain_file.read_bytes() == original
    assert list(sheets) == list(before)
    assert not [
        cell for sheet in sheets.values() for row in sheet.iter_rows() for cell in row if cell.comment
    ]

    _, annotated, made = annotate_file(str(plain_file))
    (tmp_path / "命令.xlsx").write_bytes(annotated.to_bytes())
    live = opened(tmp_path / "命令.xlsx")
    actions.clear(live)
    assert [sheet.name for sheet in live.sheets] == list(before)
    assert not any(len(sheet.notes) for sheet in live.sheets)
    for mark in made.marks:
        fill = before[mark.sheet][mark.cell].fill
        expected = tuple(bytes.fromhex(fill.fgColor.rgb[2:])) if fill.fill_type else None
        assert live.sheets[mark.sheet][mark.cell].color == expected


def test_filling_writes_what_fill_writes(opened: Open) -> None:
    book = opened()
    filled = fill_file(book.fullname)
    new = [one for one in filled.cells if one.is_new]
    told = actions.fill(book)
    assert new
    assert f"填了 {len(new)} 个" in told
    for one in new:
        cell = book.sheets[one.sheet][one.cell]
        assert cell.formula == f"={one.formula}"
        expected = filled.package.value(one.sheet, one.cell)
        assert plain(cell.value) == (
            pytest.approx(float(str(expected))) if expected not in (None, "") else None
        )


def test_fixing_changes_and_logs_what_fix_does(opened: Open, tmp_path: Path) -> None:
    book = opened()
    fixed = fix_file(book.fullname)
    sheets = file_sheets(with_log(fixed), tmp_path)
    assert f"改了 {len(fixed.applied)} 处" in actions.fix(book)
    same_values(book, sheets, *sheets)
    assert LOG_SHEET in sheets
    assert actions.fix(book) == "自动修正：没有可以自动改的内容"


def test_suggestions_list_cells_values_and_arithmetic_and_change_nothing(opened: Open) -> None:
    book = opened()
    before = {sheet.name: live_values(sheet, 60, 12) for sheet in book.sheets}
    actions.suggest(book)
    listed = live_values(book.sheets[suggesting.SHEET], 12, 9)
    assert listed[2][:6] == ["序号", "工作表", "位置", "项目", "填的是", "建议改为"]
    sure = next(row for row in listed if row[4] == "201.5.5")
    assert (sure[2], sure[5], sure[6]) == ("D16", "201.5", "可以自动修改")
    assert "636.56 − 151.55 − 283.51 = 201.5" in sure[7]
    assert {name: live_values(book.sheets[name], 60, 12) for name in before} == before
    actions.suggest(book)
    actions.clear(book)
    assert [sheet.name for sheet in book.sheets] == list(before)


def test_recalculating_brings_stale_cells_up_to_date(opened: Open, app: xw.App) -> None:
    book = opened()
    sheet = book.sheets[0]
    sheet["Z1:Z2"].value = [[1], ["=Z1*2"]]
    app.calculation = "manual"
    try:
        sheet["Z1"].value = 5
        actions.recalculate(book)
        assert sheet["Z2"].value == 10.0
    finally:
        app.calculation = "automatic"


def test_a_protected_sheet_is_listed_and_not_marked(opened: Open) -> None:
    book = opened()
    for sheet in book.sheets:
        sheet.api.protect("")
    actions.check(book)
    summary = book.sheets[SUMMARY_SHEET]
    assert "受保护" in str(summary["A4"].value)
    assert not any(len(sheet.notes) for sheet in book.sheets)
    actions.clear(book)
    assert SUMMARY_SHEET not in [sheet.name for sheet in book.sheets]


def test_the_api_takes_a_live_workbook_with_its_unsaved_changes(opened: Open) -> None:
    book = opened()
    saved = gouji.check(book.fullname)
    live = gouji.check(book)
    assert [(f.code, f.location.sheet, f.location.cell) for f in live.documents[0].findings] == [
        (f.code, f.location.sheet, f.location.cell) for f in saved.documents[0].findings
    ]
    book.sheets[0]["D16"].value = 201.5
    mended = [f.location.cell for f in gouji.check(book).documents[0].findings if f.code == "GJ401"]
    assert ("D16" in mended, "D16" in [f.location.cell for f in saved.documents[0].findings]) == (False, True)
