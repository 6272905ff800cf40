"""Applications, workbooks, sheets and names."""

from __future__ import annotations

import sys
from pathlib import Path

import openpyxl
import pytest
import xlwings as xw
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.workbook.defined_name import DefinedName

from xlwings_libreoffice import OfficeRefusedError

pytestmark = pytest.mark.office


@pytest.fixture
def delivered(tmp_path: Path) -> Path:
    """A workbook as somebody else would deliver it."""
    made = openpyxl.Workbook()
    first = made.active
    assert first is not None
    first.title = "目标表 一"
    first.append(["指标", "年初", "合计"])
    first.append(["数量指标", 10, "=SUM(B2:B2)"])
    first["A1"].comment = Comment("请核对", "审核人")
    first["A2"].fill = PatternFill("solid", fgColor="FFFF00")
    made.defined_names["总额"] = DefinedName("总额", attr_text="'目标表 一'!$B$2:$C$2")
    made.create_sheet("Sheet2")["A1"] = "x"
    made.save(tmp_path / "自评表.xlsx")
    return tmp_path / "自评表.xlsx"


def test_an_app_says_what_it_is(app: xw.App) -> None:
    assert app.engine.name == "libreoffice"
    assert str(app.version) == "16.0"  # below 15 would pass for Excel 2011 on a Mac
    assert app.pid in xw.apps.keys()  # noqa: SIM118 # xlwings' Apps is no mapping
    assert xw.apps[app.pid] == app
    assert xw.apps.active == app
    assert Path(app.path).is_dir()


def test_a_foreign_workbook_is_read_with_notes_colours_names_and_computed_formulas(
    app: xw.App, delivered: Path
) -> None:
    book = app.books.open(delivered)
    try:
        sheet = book.sheets["目标表 一"]
        assert (book.name, book.fullname) == ("自评表.xlsx", str(delivered))
        assert sheet["C2"].value == 10.0
        assert [note.text for note in sheet.notes] == ["请核对"]
        assert sheet["A2"].color == (255, 255, 0)
        assert [(name.name, name.refers_to) for name in book.names] == [("总额", "='目标表 一'!$B$2:$C$2")]
        assert sheet["总额"].value == [10.0, 10.0]
        assert xw.Book("自评表.xlsx") == book
        assert xw.Book(delivered).fullname == book.fullname
        assert app.books["自评表.xlsx"] == book
    finally:
        book.close()


def test_saved_files_hold_what_was_written(book: xw.Book, tmp_path: Path) -> None:
    sheet = book.sheets[0]
    sheet["A1"].value = [["甲", 1.5, "=B1*2"], ["00123'", "'00123", None]]
    sheet["A1"].color = "#FF8800"
    sheet["B1"].number_format = "#,##0.00"
    sheet["A1"].add_note("新批注")
    sheet["A1"].font.bold = True
    sheet.freeze_panes.freeze_at("A1")
    target = tmp_path / "结果.xlsx"
    book.save(target)
    assert book.fullname == str(target)
    formulas = openpyxl.load_workbook(target).worksheets[0]
    values = openpyxl.load_workbook(target, data_only=True).worksheets[0]
    assert (formulas["C1"].value, values["C1"].value) == ("=B1*2", 3)
    assert formulas["A1"].fill.fgColor.rgb == "FFFF8800"
    assert (formulas["B1"].number_format, formulas["A1"].font.b) == ("#,##0.00", True)
    assert formulas["A1"].comment is not None
    assert formulas["A1"].comment.text.strip() == "新批注"
    assert formulas["B2"].value == "00123"
    assert formulas.freeze_panes == "B2"


@pytest.mark.parametrize("suffix", [".xlsx", ".xlsm", ".xls", ".ods", ".csv"])
def test_formats_to_save_in(book: xw.Book, tmp_path: Path, suffix: str) -> None:
    book.sheets[0]["A1"].value = "甲"
    book.save(tmp_path / f"表{suffix}")
    assert (tmp_path / f"表{suffix}").stat().st_size > 0


def test_a_format_it_cannot_write_and_a_folder_that_is_missing_are_refused(
    book: xw.Book, tmp_path: Path
) -> None:
    with pytest.raises(OfficeRefusedError, match=r"\.xlsb"):
        book.save(tmp_path / "表.xlsb")
    with pytest.raises(OfficeRefusedError, match="没有这个文件夹"):
        book.save(tmp_path / "没有" / "表.xlsx")


def test_what_cannot_be_opened_says_so(app: xw.App, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        app.books.open(tmp_path / "没有.xlsx")
    broken = tmp_path / "坏.xlsx"
    broken.write_bytes(b"PK\x03\x04 nothing more")
    before = len(app.books)
    with pytest.raises(OfficeRefusedError, match=r"坏\.xlsx"):
        app.books.open(broken)
    assert len(app.books) == before


def test_read_only_and_password(app: xw.App, book: xw.Book, tmp_path: Path) -> None:
    book.sheets[0]["A1"].value = 1
    book.save(tmp_path / "密.xlsx", password="口令")
    book.close()
    with pytest.raises(OfficeRefusedError):
        app.books.open(tmp_path / "密.xlsx", password="错")
    opened = app.books.open(tmp_path / "密.xlsx", password="口令", read_only=True)
    try:
        assert opened.sheets[0]["A1"].value == 1.0
        assert opened.api.isReadonly()
    finally:
        opened.close()


def test_a_pdf_is_made(book: xw.Book, tmp_path: Path) -> None:
    book.sheets[0]["A1"].value = "甲"
    book.to_pdf(tmp_path / "表.pdf")
    assert (tmp_path / "表.pdf").read_bytes().startswith(b"%PDF")


def test_sheets_are_added_named_moved_copied_and_deleted(book: xw.Book) -> None:
    first = book.sheets[0]
    first.name = "甲"
    book.sheets.add("丙", after=first)
    book.sheets.add("乙", before=book.sheets["丙"])
    assert [one.name for one in book.sheets] == ["甲", "乙", "丙"]
    assert (len(book.sheets), book.sheets["丙"].index, "乙" in [one.name for one in book.sheets]) == (
        3,
        3,
        True,
    )
    assert book.sheets.active.name == "乙"
    with pytest.raises(ValueError, match="甲"):
        book.sheets.add("甲")
    with pytest.raises(ValueError, match="已有"):
        book.sheets["丙"].name = "甲"
    book.sheets["丙"].activate()
    assert book.sheets.active.name == "丙"
    first["A1"].value = "x"
    first.copy(after=book.sheets["丙"], name="副本")
    assert (book.sheets[-1].name, book.sheets["副本"]["A1"].value) == ("副本", "x")
    book.sheets["副本"].delete()
    assert [one.name for one in book.sheets] == ["甲", "乙", "丙"]
    with pytest.raises(Exception, match="没有"):
        book.sheets["没有"]


def test_a_sheet_is_hidden_shown_and_printed_in_part(book: xw.Book) -> None:
    book.sheets.add("乙")
    book.sheets["乙"].visible = False
    assert book.sheets["乙"].visible is False
    book.sheets["乙"].visible = True
    assert book.sheets["乙"].visible is True
    book.sheets["乙"].page_setup.print_area = "$A$1:$C$9"
    assert book.sheets["乙"].page_setup.print_area == "$A$1:$C$9"
    book.sheets["乙"].page_setup.print_area = None
    assert book.sheets["乙"].page_setup.print_area is None


def test_names_of_workbook_sheet_and_cell(book: xw.Book) -> None:
    sheet = book.sheets[0]
    made = book.names.add("区域", f"={sheet.name}!$A$1:$B$2")
    assert (made.name, made.refers_to, made.refers_to_range.shape) == (
        "区域",
        f"={sheet.name}!$A$1:$B$2",
        (2, 2),
    )
    assert "区域" in book.names
    assert len(book.names) == 1
    sheet["D4"].name = "单格"
    assert sheet["D4"].name is not None
    assert sheet["D4"].name.name == "单格"
    assert sheet["单格"].address == "$D$4"
    sheet.names.add("本表", f"={sheet.name}!$C$1")
    assert [one.name for one in sheet.names] == [f"{sheet.name}!本表"]
    made.name = "改名"
    assert "改名" in book.names
    book.names["改名"].delete()
    assert "改名" not in book.names


def test_the_selection_and_the_caller(book: xw.Book, app: xw.App, monkeypatch: pytest.MonkeyPatch) -> None:
    book.sheets[0]["B2:C3"].select()
    assert app.selection is not None
    assert app.selection.address == "$B$2:$C$3"
    monkeypatch.setattr(
        sys, "argv", ["-c", f"--wb={book.name}", "--from_xl=1", "--app=libreoffice", "--hwnd=0"]
    )
    assert xw.Book.caller() == book


def test_properties_that_scripts_set_are_there(app: xw.App, book: xw.Book) -> None:
    with app.properties(display_alerts=False, screen_updating=False, enable_events=False):
        assert app.screen_updating is False
        book.sheets[0]["A1"].value = 1
    assert app.screen_updating is True
    app.status_bar = "正在校验"
    assert app.status_bar == "正在校验"
    app.status_bar = None
    assert app.status_bar is False
