"""What a reader of exported texts gives: tables out of lines, and the lines in between."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gouji.source import read_bytes
from gouji.source.document import Document, ReasonCode
from tests.source.build import refusal, texts


def text(said: str, encoding: str = "utf-8") -> Document:
    return read_bytes(said.encode(encoding), "报告.txt")


def table(*rows: list[str]) -> str:
    """A table as converters write it: a TAB in front of each cell, an empty line behind each row."""
    return "".join("".join(f"\t{cell}\n" for cell in row) + "\n" for row in rows) + "\n"


def test_lines_outside_tables_are_paragraphs_empty_ones_included() -> None:
    document = text("一、概况\n\n支出如下\n" + table(["项目", "金额"], ["基本支出", "96.53"]) + "二、结果\n")
    assert [(p.number, p.text) for p in document.paragraphs] == [
        (1, "一、概况"),
        (2, ""),
        (3, "支出如下"),
        (4, "二、结果"),
    ]
    assert texts(document.grids[0]) == [["项目", "金额"], ["基本支出", "96.53"]]
    assert document.grids[0].after_paragraph == 3
    assert document.kind == "txt"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "gbk"]
)
def test_the_encodings_of_windows_and_others_are_known(encoding: str) -> None:
    document = text("全年执行数\n" + table(["项目", "金额"], ["基本支出", "96.53"]), encoding)
    assert document.paragraphs[0].text == "全年执行数"
    assert document.grids[0].text(1, 0) == "基本支出"


@pytest.mark.parametrize("ends", ["\r\n", "\r"])
def test_line_ends_of_other_systems_are_read(ends: str) -> None:
    said = ("前\n" + table(["项目", "金额"], ["支出", "1"])).replace("\n", ends)
    assert texts(text(said).grids[0]) == [["项目", "金额"], ["支出", "1"]]


@pytest.mark.parametrize("data", [b"abc\x00\x01\x02def", b"\xff\xff\xff\x81", "中文".encode("utf-16")[:-1]])
def test_binary_data_and_unknown_encodings_are_unreadable(data: bytes) -> None:
    assert refusal(data, "报告.txt").code is ReasonCode.UNREADABLE


def test_a_report_cut_off_inside_a_character_is_read_and_said_so() -> None:
    data = ("本年支出如下，" * 200 + "完").encode()[:-1]
    document = read_bytes(data, "报告.txt")
    assert document.paragraphs[0].text.startswith("本年支出如下")
    assert document.notices == ("有 1 个文字无法识别，文件可能不完整。",)


def test_a_line_without_a_tab_goes_on_with_the_cell() -> None:
    document = text(table(["年度\n总体\n目标", "一、完成改造\n二、完成培训"], ["a", "b"]))
    assert document.grids[0].text(0, 0) == "年度\n总体\n目标"
    assert document.grids[0].text(0, 1) == "一、完成改造\n二、完成培训"


def test_an_empty_line_inside_a_cell_does_not_end_its_row() -> None:
    document = text(
        table(
            ["一级指标", "二级指标", "分值"],
            ["产出指标\n\n(40分)", "数量指标", "5"],
            ["效益指标", "社会", "5"],
        )
    )
    assert texts(document.grids[0])[1] == ["产出指标\n\n(40分)", "数量指标", "5"]
    assert document.grids[0].n_rows == 3


def test_a_tab_inside_a_line_starts_no_cell() -> None:
    document = text("归档完成率100%\t到期换证2000人次\n")
    assert [p.text for p in document.paragraphs] == ["归档完成率100%\t到期换证2000人次"]
    assert document.grids == ()


def test_lines_indented_by_a_tab_are_no_table() -> None:
    document = text("\t本单位高度重视。\n\n\t认真组织自评。\n")
    assert document.grids == ()
    assert [p.text.strip() for p in document.paragraphs] == ["本单位高度重视。", "", "认真组织自评。"]


def test_bookmarks_and_margin_comments_of_the_converter_are_left_out() -> None:
    document = text(
        "[bookmark: _Toc21674]一、执行率\n2. [bookmark: _Toc1]完成情况\n签字：某乙\tComment by 某丙: 填\n"
    )
    assert [p.text for p in document.paragraphs] == ["一、执行率", "2. 完成情况", "签字：某乙"]


def test_rows_keep_the_cells_they_have() -> None:
    grid = text(table(["年度总体目标", "预期目标", "实际完成"], ["单位", "某局"], ["a", "b", "c"])).grids[0]
    assert (grid.n_rows, grid.n_cols) == (3, 3)
    assert texts(grid)[1] == ["单位", "某局", ""]
    assert (1, 2) not in grid.cover


def test_the_only_cell_of_a_row_spans_the_table() -> None:
    grid = text(table(["整体绩效自评表"], ["单位名称", "某局", "得分"])).grids[0]
    assert texts(grid)[0] == ["整体绩效自评表"] * 3
    assert grid.cells[0, 0].cols == 3


def test_blank_cells_at_the_left_belong_to_the_label_above() -> None:
    grid = text(
        table(
            ["一级", "二级", "三级", "得分"],
            ["产出", "数量", "就业", "5"],
            ["", "", "康复", "5"],
            ["", "质量", "服务率", ""],
            ["效益", "社会", "收入", "5"],
        )
    ).grids[0]
    assert [row[:2] for row in texts(grid)] == [
        ["一级", "二级"],
        ["产出", "数量"],
        ["产出", "数量"],
        ["产出", "质量"],
        ["效益", "社会"],
    ]
    assert grid.at(3, 3) is None, "a blank answer stays blank"


def test_a_header_of_two_rows_is_put_together() -> None:
    grid = text(
        table(["项目", "预算数", "预算", "决算数"], ["", "", "调整数", ""], ["支出", "1", "2", "3"])
    ).grids[0]
    assert texts(grid)[1] == ["项目", "预算数", "调整数", "决算数"]


def test_blank_answers_below_answers_stay_blank() -> None:
    grid = text(table(["指标", "值", "得分"], ["就业", "增加", "无"], ["收入", "", ""])).grids[0]
    assert texts(grid)[2] == ["收入", "", ""]


def test_captions_the_converter_lost_leave_a_gap_and_no_shift() -> None:
    """A line of blanks with a TAB behind marks the loss: here the end of a row, its label and two captions."""
    lost = (
        "\t总体目标\n\t预期\n\t实际\n\n\t\n\t目标文字\n\t完成文字。\n \t一级指标\n\t二级指标\n \t分值\n\t得分\n\n"
        "\t\n\t产出\n\t数量\n\t就业\n\t200人\n\t5\n\t4\n\n\t\n\t\n\t\n\t康复\n\t60人\n\t5\n\t5\n\n\n"
    )
    grid = text(lost).grids[0]
    assert texts(grid) == [
        ["总体目标", "预期", "实际", "", "", "", ""],
        ["总体目标", "目标文字", "完成文字。", "", "", "", ""],
        ["", "一级指标", "二级指标", "", "", "分值", "得分"],
        ["", "产出", "数量", "就业", "200人", "5", "4"],
        ["", "产出", "数量", "康复", "60人", "5", "5"],
    ]


def test_a_table_that_breaks_off_ends_with_the_text() -> None:
    grid = text("\t项目\n\t金额\n\n\t支出\n\t12").grids[0]
    assert texts(grid) == [["项目", "金额"], ["支出", "12"]]


def test_tables_are_called_by_their_captions() -> None:
    document = text("附件2\n整体支出基础数据表\n" + table(["a", "b"]) + "详见下表：\n" + table(["c", "d"]))
    assert [grid.name for grid in document.grids] == ["整体支出基础数据表", "表2"]


@settings(max_examples=150)
@given(
    st.lists(
        st.lists(st.text("甲乙1.%元（", min_size=1, max_size=6), min_size=3, max_size=3),
        min_size=1,
        max_size=5,
    )
)
def test_a_full_table_reads_back_as_it_was(rows: list[list[str]]) -> None:
    assert texts(text(table(*rows)).grids[0]) == rows


@settings(max_examples=300)
@given(st.text("\t\n \u3000甲1.（\x0b", max_size=60))
def test_no_arrangement_of_lines_brings_the_reader_down(said: str) -> None:
    if said.strip(" \t\n\0"):
        document = text(said)
        found = "".join(p.text for p in document.paragraphs) + "".join(
            cell.text for grid in document.grids for cell in grid.cells.values()
        )
        for char in "甲1.（":
            assert found.count(char) == said.count(char), "every character is kept exactly once"
