"""Ranges: addresses, neighbours, structure, looks, notes, links."""

from __future__ import annotations

from typing import Any

import pytest
import xlwings as xw

from xlwings_libreoffice import OfficeRefusedError

pytestmark = pytest.mark.office


@pytest.mark.parametrize(
    ("given", "address"),
    [
        (("A1",), "$A$1"),
        (("$C$3",), "$C$3"),
        (("A1:C3",), "$A$1:$C$3"),
        (("C3:A1",), "$A$1:$C$3"),
        (((2, 3),), "$C$2"),
        (((1, 1), (3, 3)), "$A$1:$C$3"),
        (("A1", "B2"), "$A$1:$B$2"),
        (("B:C",), "$B$1:$C$1048576"),
        (("2:3",), "$A$2:$XFD$3"),
    ],
)
def test_addresses(sheet: xw.Sheet, given: tuple[Any, ...], address: str) -> None:
    assert sheet.range(*given).address == address


def test_places_and_shapes(sheet: xw.Sheet) -> None:
    cells = sheet["B2:D5"]
    assert (cells.row, cells.column, cells.shape, cells.count, cells.size) == (2, 2, (4, 3), 12, 12)
    assert cells.last_cell.address == "$D$5"
    assert cells(1, 2).address == "$C$2"
    assert cells[0, 0].address == "$B$2"
    assert cells[1:, 2].address == "$D$3:$D$5"
    assert cells.offset(1, -1).address == "$A$3:$C$6"
    assert cells.resize(1, 1).address == "$B$2"
    assert [one.address for one in cells.rows][:2] == ["$B$2:$D$2", "$B$3:$D$3"]
    assert cells.columns[0].address == "$B$2:$B$5"
    assert cells.get_address(False, False) == "B2:D5"
    assert cells.get_address(include_sheetname=True, row_absolute=False, column_absolute=False).endswith(
        "!B2:D5"
    )
    with pytest.raises(IndexError):
        sheet.range((0, 1))


def test_end_and_current_region_follow_the_filled_cells(sheet: xw.Sheet) -> None:
    sheet["B2"].value = [[1, 2, 3], [4, None, 6], [7, 8, 9]]
    assert sheet["B2"].end("down").address == "$B$4"
    assert sheet["B2"].end("right").address == "$D$2"
    assert sheet["B4"].end("up").address == "$B$2"
    assert sheet["D2"].end("left").address == "$B$2"
    assert sheet["B3"].end("right").address == "$D$3"
    assert sheet["B4"].end("down").row == 1048576
    assert sheet["A1"].end("right").column == 16384
    assert sheet["C3"].current_region.address == "$B$2:$D$4"
    assert sheet["B2"].expand("table").address == "$B$2:$D$4"
    assert sheet.used_range.address == "$B$2:$D$4"


def test_inserting_and_deleting_shift_the_neighbours(sheet: xw.Sheet) -> None:
    sheet["A1"].value = [[1, 2], [3, 4]]
    sheet["A1"].insert("down")
    assert sheet["A1:B3"].value == [[None, 2.0], [1.0, 4.0], [3.0, None]]
    sheet["A1"].delete("up")
    assert sheet["A1:B2"].value == [[1.0, 2.0], [3.0, 4.0]]
    sheet["1:1"].insert("down")
    assert sheet["A2:B2"].value == [1.0, 2.0]
    sheet["A:A"].delete()
    assert sheet["A2:A3"].value == [2.0, 4.0]


def test_copying_takes_values_and_looks_along(sheet: xw.Sheet) -> None:
    sheet["A1:B1"].value = [1, "=A1+1"]
    sheet["A1"].color = (255, 0, 0)
    sheet["A1:B1"].copy(sheet["A5"])
    assert sheet["A5:B5"].value == [1.0, 2.0]
    assert sheet["B5"].formula == "=A5+1"
    assert sheet["A5"].color == (255, 0, 0)


def test_clearing(sheet: xw.Sheet) -> None:
    sheet["A1:A3"].value = [[1], [2], [3]]
    sheet["A1:A3"].color = (255, 0, 0)
    sheet["A1"].clear_contents()
    assert (sheet["A1"].value, sheet["A1"].color) == (None, (255, 0, 0))
    sheet["A2"].clear_formats()
    assert (sheet["A2"].value, sheet["A2"].color) == (2.0, None)
    sheet["A3"].clear()
    assert (sheet["A3"].value, sheet["A3"].color) == (None, None)
    sheet.clear_contents()
    assert sheet["A2"].value is None


def test_merging(sheet: xw.Sheet) -> None:
    sheet["A1:C2"].merge()
    assert sheet["A1"].merge_cells is True
    assert sheet["A1"].merge_area.address == "$A$1:$C$2"
    sheet["A1:C2"].unmerge()
    assert sheet["A1"].merge_cells is False
    sheet["A4:B5"].merge(across=True)
    assert sheet["A5"].merge_area.address == "$A$5:$B$5"


@pytest.mark.parametrize(
    ("given", "colour"),
    [((1, 2, 3), (1, 2, 3)), ("#FF8800", (255, 136, 0)), (255, (255, 0, 0)), (None, None)],
)
def test_fill_colours(sheet: xw.Sheet, given: Any, colour: Any) -> None:
    sheet["A1:B2"].color = given
    assert sheet["B2"].color == colour
    assert sheet["C3"].color is None


def test_a_colour_for_each_cell(sheet: xw.Sheet) -> None:
    sheet["B1"].color = (9, 9, 9)
    sheet["A1:C1"].set_colors([["#00FF00", ..., None]])
    assert [sheet[0, column].color for column in range(3)] == [(0, 255, 0), (9, 9, 9), None]


def test_fonts(sheet: xw.Sheet) -> None:
    font = sheet["A1"].font
    font.bold, font.italic, font.size, font.name, font.color = True, True, 14, "宋体", (255, 0, 0)
    assert (font.bold, font.italic, font.size, font.name, font.color) == (
        True,
        True,
        14.0,
        "宋体",
        (255, 0, 0),
    )
    assert sheet["A2"].font.bold is False


def test_borders(sheet: xw.Sheet) -> None:
    sheet["B2:C3"].borders.set("outside", line_style="continuous", weight="medium", color=(0, 0, 255))
    top = sheet["B2"].borders["edge_top"]
    assert (top.line_style, top.weight, top.color) == ("continuous", "medium", (0, 0, 255))
    assert sheet["B2:C3"].borders["inside_vertical"].line_style == "none"
    sheet["B2:C3"].borders["edge_top"].line_style = None
    assert sheet["B2"].borders["edge_top"].line_style == "none"
    sheet["E5"].borders["edge_bottom"].line_style = "double"
    assert sheet["E5"].borders["edge_bottom"].line_style == "double"


def test_alignment_and_wrapping(sheet: xw.Sheet) -> None:
    cell = sheet["A1"]
    assert (cell.horizontal_alignment, cell.vertical_alignment, cell.wrap_text) == (
        "general",
        "bottom",
        False,
    )
    cell.horizontal_alignment, cell.vertical_alignment, cell.wrap_text = "center", "top", True
    assert (cell.horizontal_alignment, cell.vertical_alignment, cell.wrap_text) == ("center", "top", True)
    assert sheet["A1:A2"].wrap_text is None


@pytest.mark.parametrize("code", ["0.00%", "#,##0.00", "yyyy/m/d", "@", "General", '0"万元"'])
def test_number_formats(sheet: xw.Sheet, code: str) -> None:
    sheet["A1"].number_format = code
    assert sheet["A1"].number_format == code
    assert sheet["A1:A2"].number_format == (code if code == "General" else None)


def test_sizes_and_hiding(sheet: xw.Sheet) -> None:
    sheet["B2"].column_width, sheet["B2"].row_height = 25, 30
    assert sheet["B2"].column_width == pytest.approx(25, abs=0.2)
    assert sheet["B2"].row_height == pytest.approx(30, abs=0.1)
    assert sheet["B2"].height == pytest.approx(30, abs=0.1)
    assert sheet["C3"].left > sheet["B3"].left
    assert sheet["C3"].top > sheet["C2"].top
    sheet["3:3"].rows.hidden = True
    sheet["D:D"].columns.hidden = True
    assert (sheet["A3"].rows.hidden, sheet["A2:A3"].rows.hidden, sheet["D1"].columns.hidden) == (
        True,
        None,
        True,
    )
    sheet["A1"].value = "很长的一段文字，列宽要跟着变"
    sheet["A1"].columns.autofit()
    assert (sheet["A1"].column_width or 0) > 15


def note_on(cell: xw.Range) -> xw.main.Note:
    note = cell.note
    assert note is not None
    return note


def test_notes(sheet: xw.Sheet) -> None:
    assert sheet["A1"].note is None
    made = sheet["A1"].add_note("请核对\n第二行")
    assert (made.text, note_on(sheet["A1"]).text) == ("请核对\n第二行", "请核对\n第二行")
    note_on(sheet["A1"]).text = "改过"
    assert [(one.text, one.location.address) for one in sheet.notes] == [("改过", "$A$1")]
    note_on(sheet["A1"]).delete()
    assert sheet["A1"].note is None
    assert len(sheet.notes) == 0


def test_links_inside_and_outside_the_workbook(sheet: xw.Sheet) -> None:
    sheet["A1"].add_hyperlink("https://www.mof.gov.cn/", "财政部")
    assert (sheet["A1"].value, sheet["A1"].hyperlink) == ("财政部", "https://www.mof.gov.cn/")
    sheet["A2"].add_hyperlink(f"#'{sheet.name}'!B5", "B5")
    assert sheet["A2"].hyperlink == f"#'{sheet.name}'!B5"
    sheet["A3"].formula = f'=HYPERLINK("#\'{sheet.name}\'!B5","跳到")'
    assert (sheet["A3"].value, sheet["A3"].hyperlink) == ("跳到", f"#'{sheet.name}'!B5")


def test_a_locked_cell_of_a_protected_sheet_refuses_aloud(sheet: xw.Sheet) -> None:
    sheet["A1"].value = 1
    sheet.api.protect("")
    try:
        for change in (
            lambda: setattr(sheet["A1"], "value", 2),
            lambda: setattr(sheet["A1"], "color", (1, 1, 1)),
            sheet["A1"].clear_contents,
            lambda: sheet["A1"].add_note("注"),
        ):
            with pytest.raises(OfficeRefusedError, match="受保护"):
                change()
        assert sheet["A1"].value == 1.0
    finally:
        sheet.api.unprotect("")
