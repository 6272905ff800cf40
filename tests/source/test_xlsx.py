"""What a reader of workbooks gives: values, formulas, formats, merges, what is hidden, what is not calculated."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gouji.source import Limits, read_bytes
from gouji.source.document import Visibility, cell_name
from tests.source.build import book, book_parts, rows, sheet, texts, zipped


def test_a_cell_holds_what_is_stored_and_shows_what_is_seen() -> None:
    grid = sheet(
        rows('<c r="A1" s="1"><v>0.9993</v></c><c r="B1" s="2"><v>1234.5</v></c><c r="C1"><v>7</v></c>'),
        formats=["0.00%", '#,##0.00"万元"'],
    )
    assert texts(grid) == [["99.93%", "1,234.50万元", "7"]]
    rate = grid.cells[0, 0]
    assert (rate.value, rate.number_format) == (Decimal("0.9993"), "0.00%")
    assert grid.cells[0, 2].value == 7
    assert grid.is_sheet


@pytest.mark.parametrize(
    ("stored", "value"),
    [
        ("0.10000000000000001", "0.1"),
        ("0.30000000000000004", "0.3"),
        ("643.14000000000010", "643.14"),
        ("1E-3", "0.001"),
        ("12345678901234567", "1.23456789012346E+16"),
        ("-7", "-7"),
        ("100", "100"),
        ("1.10", "1.1"),
    ],
)
def test_a_number_is_the_double_to_fifteen_digits(stored: str, value: str) -> None:
    found = sheet(rows(f'<c r="A1"><v>{stored}</v></c>')).cells[0, 0].value
    assert isinstance(found, Decimal)
    assert found == Decimal(value)


@pytest.mark.parametrize("stored", ["1_000", "１２", "12a", "nan", "inf"])
def test_what_excel_would_not_write_as_a_number_is_a_text(stored: str) -> None:
    assert sheet(rows(f'<c r="A1"><v>{stored}</v></c>')).cells[0, 0].value == stored


def test_texts_are_shared_inline_or_results_of_formulas() -> None:
    grid = sheet(
        rows(
            '<c r="A1" t="s"><v>0</v></c>'
            '<c r="B1" t="inlineStr"><is><t>其中</t></is></c>'
            '<c r="C1" t="str"><f>A1&amp;B1</f><v>合计其中</v></c>'
        ),
        strings=["<t>合计</t>"],
    )
    assert texts(grid) == [["合计", "其中", "合计其中"]]
    assert grid.cells[0, 2].formula == "A1&B1"


def test_rich_runs_are_joined_and_phonetic_hints_left_out() -> None:
    grid = sheet(
        rows(
            '<c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><r><t>三</t></r><r><t>公</t></r></is></c>'
        ),
        strings=[
            "<r><t>项目</t></r><r><rPr><b/></rPr><t>支出</t></r><rPh sb='0' eb='2'><t>xiangmu</t></rPh>"
        ],
    )
    assert texts(grid) == [["项目支出", "三公"]]


def test_escaped_characters_are_read_and_line_ends_are_one_newline() -> None:
    strings = ["<t>年度_x000D_\n总体</t>", "<t>a_x000D_b</t>", "<t>_x005F_x000D_</t>"]
    grid = sheet(rows("".join(f'<c t="s"><v>{n}</v></c>' for n in range(3))), strings=strings)
    assert texts(grid) == [["年度\n总体", "a\nb", "_x000D_"]]


def test_spaces_in_texts_stay() -> None:
    grid = sheet(rows('<c t="inlineStr"><is><t xml:space="preserve">   其中：公车 </t></is></c>'))
    assert grid.text(0, 0) == "   其中：公车 "


def test_booleans_and_errors_are_told_apart() -> None:
    grid = sheet(rows('<c t="b"><v>1</v></c><c t="b"><v>0</v></c><c t="e"><f>1/0</f><v>#DIV/0!</v></c>'))
    assert texts(grid) == [["TRUE", "FALSE", "#DIV/0!"]]
    assert grid.cells[0, 0].value is True
    error = grid.cells[0, 2]
    assert (error.error, error.value, error.formula, error.calculated) == ("#DIV/0!", None, "1/0", True)


@pytest.mark.parametrize("cached", ["", "<v/>", "<v></v>"])
def test_a_formula_without_a_cached_value_is_not_calculated(cached: str) -> None:
    cell = sheet(rows(f'<c r="A1"><f>SUM(B1:C1)</f>{cached}</c>')).cells[0, 0]
    assert (cell.formula, cell.calculated, cell.value, cell.text) == ("SUM(B1:C1)", False, None, "")


def test_an_empty_text_that_a_formula_gave_is_calculated() -> None:
    cell = sheet(rows('<c r="A1" t="str"><f>""</f><v></v></c>')).cells[0, 0]
    assert (cell.calculated, cell.value, cell.text) == (True, "", "")


@pytest.mark.parametrize(
    ("master", "child"),
    [
        ("B2+C2", "B3+C3"),
        ("$B2+B$2+$B$2", "$B3+B$2+$B$2"),
        ("SUM(B2:C2)*'表 2'!D2", "SUM(B3:C3)*'表 2'!D3"),
        ('"B2"&amp;B2', '"B2"&B3'),
        ("LOG10(B2)+_xlfn.STDEV.S(B2:B9)", "LOG10(B3)+_xlfn.STDEV.S(B3:B10)"),
        ("SUM(B:B)+SUM(2:2)+SUM($2:$2)", "SUM(B:B)+SUM(3:3)+SUM($2:$2)"),
        ("表1[[#This Row],[A1]]+A2", "表1[[#This Row],[A1]]+A3"),
        ("1E2+B2", "1E2+B3"),
    ],
)
def test_a_shared_formula_is_moved_to_each_cell_that_shares_it(master: str, child: str) -> None:
    grid = sheet(
        "<sheetData>"
        f'<row r="2"><c r="A2"><f t="shared" ref="A2:A3" si="0">{master}</f><v>1</v></c></row>'
        '<row r="3"><c r="A3"><f t="shared" si="0"/><v>2</v></c></row></sheetData>'
    )
    assert grid.cells[1, 0].formula == master.replace("&amp;", "&")
    assert grid.cells[2, 0].formula == child


def test_a_shared_formula_moves_sideways_past_z() -> None:
    grid = sheet(
        rows(
            '<c r="Y1"><f t="shared" si="3">Z1+A$1</f><v>1</v></c><c r="AA1"><f t="shared" si="3"/><v>2</v></c>'
        )
    )
    assert grid.cells[0, 26].formula == "AB1+C$1"


def test_dates_are_known_by_their_format_in_both_calendars() -> None:
    cells = rows('<c s="1"><v>45940</v></c><c s="2"><v>45940.5</v></c><c s="3"><v>45940</v></c>')
    formats = ['yyyy"年"m"月"d"日"', "yyyy/m/d h:mm", "0"]
    grid = sheet(cells, formats=formats)
    assert texts(grid) == [["2025年10月10日", "2025/10/10 12:00", "45940"]]
    assert [cell.is_date for cell in grid.cells.values()] == [True, True, False]
    later = sheet(cells, formats=formats, date_1904=True)
    assert later.text(0, 0) == "2029年10月11日"


def test_a_strict_workbook_reads_like_any_other() -> None:
    grid = sheet(
        rows(
            '<c r="A1" t="s"><v>0</v></c><c r="B1"><f>C1</f><v>589.44</v></c>'
            '<c r="C1" s="1" t="d"><v>2025-10-10</v></c><c r="D1" s="2" t="d"><v>10:30:00</v></c>'
        )
        + '<mergeCells><mergeCell ref="A1:A2"/></mergeCells>',
        strings=["<t>金额</t>"],
        formats=["yyyy-mm-dd", "h:mm"],
        strict=True,
    )
    assert texts(grid) == [["金额", "589.44", "2025-10-10", "10:30"], ["金额", "", "", ""]]
    assert grid.cells[0, 2].value == 45940
    assert grid.cells[0, 3].value == Decimal("0.4375")


def test_a_merged_area_is_one_cell_spread_over_its_positions() -> None:
    grid = sheet(
        rows('<c r="A1"><v>1</v></c><c r="B1"><v>9</v></c>', '<c r="D2"><v>4</v></c>')
        + '<mergeCells><mergeCell ref="A1:B2"/><mergeCell ref="C3:D3"/></mergeCells>'
    )
    assert texts(grid) == [["1", "1", "", ""], ["1", "1", "", "4"], ["", "", "", ""]]
    anchor = grid.cells[0, 0]
    assert (anchor.rows, anchor.cols) == (2, 2)
    assert (0, 1) not in grid.cells, "what a merge hides is not shown by any program"
    assert grid.at(2, 3) is grid.cells[2, 2]
    assert grid.cover[1, 1] == (0, 0)


def test_of_merged_areas_that_overlap_the_first_counts() -> None:
    grid = sheet(
        rows('<c r="A1"><v>1</v></c><c r="C1"><v>3</v></c>')
        + '<mergeCells><mergeCell ref="A1:B1"/><mergeCell ref="B1:C1"/></mergeCells>'
    )
    assert texts(grid) == [["1", "1", "3"]]


def test_a_merge_over_whole_rows_covers_only_what_is_in_use() -> None:
    grid = sheet(
        rows('<c r="A1"><v>1</v></c>', '<c r="C2"><v>3</v></c>')
        + '<mergeCells><mergeCell ref="A1:XFD1"/><mergeCell ref="A3:XFD1048576"/></mergeCells>'
    )
    assert (grid.n_rows, grid.n_cols) == (2, 3)
    assert grid.text(0, 2) == "1"


def test_a_cell_at_the_far_corner_is_left_out_and_said_so() -> None:
    document = book(rows('<c r="A1"><v>1</v></c><c r="XFD1048576"><v>2</v></c>'))
    grid = document.grids[0]
    assert (grid.n_rows, grid.n_cols) == (1, 1)
    assert len(document.notices) == 1
    assert "没有检查" in document.notices[0]
    assert "表" in document.notices[0]


@pytest.mark.parametrize("reference", ["A0", "XFE1", "A1048577", "1A", "ABCD1", ""])
def test_a_cell_at_no_place_is_left_out_and_said_so(reference: str) -> None:
    document = book(rows(f'<c r="B1"><v>1</v></c><c r="{reference}"><v>2</v></c>'))
    assert texts(document.grids[0]) == [["", "1"]]
    assert "位置不合规" in document.notices[0]


def test_cells_and_rows_that_do_not_say_where_they_are_follow_the_one_before() -> None:
    grid = sheet(
        '<sheetData><row><c/><c><v>1</v></c></row><row r="4"><c r="C4"><v>2</v></c><c><v>3</v></c></row>'
        "<row><c><v>4</v></c></row></sheetData>"
    )
    assert {cell_name(*place): cell.text for place, cell in grid.cells.items()} == {
        "B1": "1",
        "C4": "2",
        "D4": "3",
        "A5": "4",
    }


def test_the_grid_ends_where_content_ends_and_not_where_styles_do() -> None:
    grid = sheet(rows('<c r="A1"><v>1</v></c><c r="Z1" s="0"/>', '<c r="A2" s="0" t="n"></c>'))
    assert (grid.n_rows, grid.n_cols) == (1, 1)


def test_hidden_rows_columns_and_sheets_are_known() -> None:
    document = book(
        {
            "看": '<cols><col min="2" max="3" hidden="1"/><col min="5" max="5" width="0"/>'
            '<col min="7" max="16384" hidden="1"/></cols>'
            '<sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="2" hidden="1"/></sheetData>',
            "藏": rows('<c r="A1"><v>1</v></c>'),
            "深藏": rows('<c r="A1"><v>1</v></c>'),
        },
        states={"藏": "hidden", "深藏": "veryHidden"},
    )
    assert [grid.visibility for grid in document.grids] == [
        Visibility.VISIBLE,
        Visibility.HIDDEN,
        Visibility.VERY_HIDDEN,
    ]
    first = document.grids[0]
    assert first.hidden_rows == {1}
    assert {1, 2, 4, 6, 511} <= first.hidden_cols
    assert len(first.hidden_cols) < 600, "columns to the end of the sheet are not spelled out"


def test_sheets_come_in_tab_order_with_their_names() -> None:
    document = book(
        {"基础数据表": rows('<c r="A1"><v>1</v></c>'), "自评 &amp; 表": rows('<c r="A1"><v>2</v></c>')}
    )
    assert [grid.name for grid in document.grids] == ["基础数据表", "自评 & 表"]


def test_a_chart_sheet_is_left_out_and_said_so() -> None:
    parts = book_parts({"表": rows('<c r="A1"><v>1</v></c>'), "图": ""})
    rels = str(parts["xl/_rels/workbook.xml.rels"])
    parts["xl/_rels/workbook.xml.rels"] = rels.replace(
        'worksheet" Target="worksheets/sheet2', 'chartsheet" Target="worksheets/sheet2'
    )
    document = read_bytes(zipped(parts), "表.xlsx")
    assert [grid.name for grid in document.grids] == ["表"]
    assert document.notices == ("“图”不是普通工作表（图表），没有检查。",)


def test_parts_in_utf_16_are_read() -> None:
    parts = book_parts(rows('<c r="A1" t="inlineStr"><is><t>全年执行数</t></is></c>'))
    part = '<?xml version="1.0" encoding="UTF-16"?>' + str(parts["xl/worksheets/sheet1.xml"])
    parts["xl/worksheets/sheet1.xml"] = part.encode("utf-16")
    assert read_bytes(zipped(parts), "表.xlsx").grids[0].text(0, 0) == "全年执行数"


def test_a_large_sheet_reads_like_a_small_one() -> None:
    # Sheets and strings of more than two megabytes are read piece by piece.
    filler = "<t>" + "长" * 400_000 + "</t>"
    cells = "".join(
        f'<row r="{n}"><c r="A{n}" t="s"><v>1</v></c><c r="B{n}"><f>A{n}</f><v>{n}.5</v></c>'
        f'<c r="C{n}" t="inlineStr"><is><r><t>甲</t></r><r><t>乙</t></r></is></c></row>'
        for n in range(1, 18_001)
    )
    grid = sheet(
        f'<cols><col min="2" max="2" hidden="1"/></cols><sheetData>{cells}</sheetData>'
        '<mergeCells><mergeCell ref="A1:A2"/></mergeCells>',
        strings=[filler, "<r><t>共</t></r><r><t>享</t></r>"],
    )
    assert (grid.n_rows, grid.n_cols) == (18_000, 3)
    assert texts(grid)[:3] == [["共享", "1.5", "甲乙"], ["共享", "2.5", "甲乙"], ["共享", "3.5", "甲乙"]]
    assert grid.cells[17_999, 1].formula == "A18000"
    assert grid.hidden_cols == {1}
    assert grid.cells[0, 0].rows == 2


def test_limits_on_rows_and_columns_can_be_changed() -> None:
    data = zipped(book_parts(rows('<c r="A1"><v>1</v></c><c r="C1"><v>3</v></c>', '<c r="A2"><v>2</v></c>')))
    document = read_bytes(data, "表.xlsx", limits=Limits(rows=1, cols=2))
    assert texts(document.grids[0]) == [["1"]]
    assert "第 1 行或第 2 列以外" in document.notices[0]
