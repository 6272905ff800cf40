"""What a reader of Word reports gives: paragraphs in order, tables on their full grid, each text once."""

from __future__ import annotations

import pytest

from gouji.source import Limits, read_bytes
from gouji.source.document import Document, ReasonCode
from tests.source.build import refusal, report, report_parts, texts, zipped


def p(text: str, properties: str = "") -> str:
    return f"<w:p>{properties}<w:r><w:t>{text}</w:t></w:r></w:p>"


def tc(inside: str, properties: str = "") -> str:
    body = inside if inside.startswith("<w:") else p(inside)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{body}</w:tc>"


def tr(*cells: str, properties: str = "") -> str:
    return f"<w:tr>{properties}{''.join(cells)}</w:tr>"


def tbl(*rows: str) -> str:
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(rows)}</w:tbl>"


SPAN2 = '<w:gridSpan w:val="2"/>'
TOP = '<w:vMerge w:val="restart"/>'
MORE = "<w:vMerge/>"
SMALL = tbl(tr(tc("预算数"), tc("执行数")), tr(tc("1"), tc("2")))


def numbered(document: Document) -> list[tuple[int, str]]:
    return [(paragraph.number, paragraph.text) for paragraph in document.paragraphs]


def test_paragraphs_are_numbered_from_one_empty_ones_included_tables_not() -> None:
    document = report(p("一、概况") + "<w:p/>" + SMALL + p("二、结果"))
    assert numbered(document) == [(1, "一、概况"), (2, ""), (3, "二、结果")]
    assert document.grids[0].after_paragraph == 2


def test_content_controls_and_wrappers_are_seen_through() -> None:
    control = f"<w:sdt><w:sdtPr/><w:sdtContent>{p('里面')}{SMALL}</w:sdtContent></w:sdt>"
    inline = (
        "<w:p><w:sdt><w:sdtContent><w:r><w:t>甲</w:t></w:r></w:sdtContent></w:sdt>"
        "<w:smartTag><w:r><w:t>乙</w:t></w:r></w:smartTag></w:p>"
    )
    document = report(p("前") + control + inline)
    assert numbered(document) == [(1, "前"), (2, "里面"), (3, "甲乙")]
    assert texts(document.grids[0]) == [["预算数", "执行数"], ["1", "2"]]


def test_insertions_are_in_and_deletions_out() -> None:
    document = report(
        "<w:p><w:r><w:t>支出</w:t></w:r><w:del><w:r><w:delText>100</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>200</w:t></w:r></w:ins>"
        "<w:moveFrom><w:r><w:t>旧</w:t></w:r></w:moveFrom><w:moveTo><w:r><w:t>万元</w:t></w:r></w:moveTo></w:p>"
    )
    assert numbered(document) == [(1, "支出200万元")]


def test_a_deleted_row_is_out() -> None:
    gone = tr(tc("3"), tc("4"), properties='<w:trPr><w:del w:id="1"/></w:trPr>')
    assert texts(report(tbl(tr(tc("1"), tc("2")), gone)).grids[0]) == [["1", "2"]]


def test_results_of_fields_are_in_and_their_instructions_out() -> None:
    run = "<w:r>{}</w:r>".format
    document = report(
        "<w:p>"
        + run("<w:t>共</w:t>")
        + run('<w:fldChar w:fldCharType="begin"/>')
        + run("<w:instrText> =SUM(ABOVE) </w:instrText>")
        + run('<w:fldChar w:fldCharType="begin"/>')
        + run("<w:instrText>REF x</w:instrText>")
        + run('<w:fldChar w:fldCharType="separate"/>')
        + run("<w:t>内层</w:t>")
        + run('<w:fldChar w:fldCharType="end"/>')
        + run('<w:fldChar w:fldCharType="separate"/>')
        + run("<w:t>12</w:t>")
        + run('<w:fldChar w:fldCharType="end"/>')
        + '<w:fldSimple w:instr="PAGE"><w:r><w:t>人</w:t></w:r></w:fldSimple></w:p>'
    )
    assert numbered(document) == [(1, "共12人")]


def test_breaks_tabs_and_special_characters_read_as_they_look() -> None:
    document = report(
        "<w:p><w:r><w:t>年度</w:t><w:br/><w:t>总体</w:t><w:tab/><w:t>目</w:t><w:noBreakHyphen/><w:t>标</w:t>"
        '<w:br w:type="page"/><w:sym w:font="Wingdings" w:char="F0FE"/><w:softHyphen/></w:r></w:p>'
    )
    assert numbered(document) == [(1, "年度\n总体\t目-标☑")]


def test_hidden_text_comments_and_footnotes_are_out() -> None:
    document = report(
        '<w:p><w:commentRangeStart w:id="1"/><w:r><w:t>看</w:t></w:r><w:commentRangeEnd w:id="1"/>'
        '<w:r><w:commentReference w:id="1"/></w:r><w:r><w:footnoteReference w:id="2"/></w:r>'
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>藏</w:t></w:r>"
        '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>见</w:t></w:r></w:p>'
    )
    assert numbered(document) == [(1, "看见")]


def test_merged_cells_are_spread_over_the_full_grid() -> None:
    grid = report(
        tbl(
            tr(tc("资金", TOP), tc("合计", SPAN2)),
            tr(tc("", MORE), tc("预算"), tc("执行")),
            tr(tc("得分", SPAN2 + TOP), tc("9")),
            tr(tc("", SPAN2 + MORE), tc("8")),
        )
    ).grids[0]
    assert texts(grid) == [
        ["资金", "合计", "合计"],
        ["资金", "预算", "执行"],
        ["得分", "得分", "9"],
        ["得分", "得分", "8"],
    ]
    assert (grid.cells[2, 0].rows, grid.cells[2, 0].cols) == (2, 2)
    assert grid.cover[3, 1] == (2, 0)


def test_a_second_vertical_merge_right_below_the_first_is_its_own() -> None:
    grid = report(
        tbl(
            *(
                tr(tc(text, kind), tc(str(n)))
                for n, (text, kind) in enumerate([("甲", TOP), ("", MORE), ("乙", TOP), ("", MORE)])
            )
        )
    ).grids[0]
    assert [row[0] for row in texts(grid)] == ["甲", "甲", "乙", "乙"]


def test_a_vertical_merge_with_nothing_above_is_a_cell() -> None:
    grid = report(tbl(tr(tc("甲"), tc("1")), tr(tc("乙", MORE), tc("2")))).grids[0]
    assert texts(grid) == [["甲", "1"], ["乙", "2"]]


def test_cells_merged_sideways_in_the_old_way_are_one() -> None:
    grid = report(
        tbl(
            tr(tc("总分", '<w:hMerge w:val="restart"/>'), tc("", '<w:hMerge w:val="continue"/>'), tc("95")),
            tr(tc("a"), tc("b"), tc("c")),
        )
    ).grids[0]
    assert texts(grid)[0] == ["总分", "总分", "95"]


def test_rows_may_start_and_end_inside_the_grid() -> None:
    inside = '<w:trPr><w:gridBefore w:val="1"/><w:gridAfter w:val="1"/></w:trPr>'
    grid = report(tbl(tr(tc("a"), tc("b"), tc("c")), tr(tc("中"), properties=inside))).grids[0]
    assert texts(grid) == [["a", "b", "c"], ["", "中", ""]]


def test_the_paragraphs_of_a_cell_are_joined_by_newline() -> None:
    grid = report(tbl(tr(tc(p("产出指标") + "<w:p/>" + p("（40分）")), tc("x")))).grids[0]
    assert grid.text(0, 0) == "产出指标\n\n（40分）"


def test_a_nested_table_is_a_grid_of_its_own_after_its_parent() -> None:
    outer = tbl(tr(tc(p("外") + SMALL + "<w:p/>"), tc("旁")))
    document = report(outer + p("间") + tbl(tr(tc("后"), tc("尾"))))
    assert [grid.name for grid in document.grids] == ["表1", "表2", "表3"]
    assert [grid.text(0, 0) for grid in document.grids] == ["外", "预算数", "后"]
    assert document.grids[1].after_paragraph == document.grids[0].after_paragraph


BOX = (
    "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:wsp><wps:txbx><w:txbxContent>{0}</w:txbxContent>"
    "</wps:txbx></wps:wsp></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox><w:txbxContent>{0}"
    "</w:txbxContent></v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
)


def test_a_text_box_is_read_once_with_the_number_of_its_anchor() -> None:
    document = report(
        p("一")
        + "<w:p>"
        + BOX.format(p("盒一") + "<w:p/>" + p("盒二"))
        + "<w:r><w:t>二</w:t></w:r></w:p>"
        + p("三")
    )
    assert [(x.number, x.text, x.boxed) for x in document.paragraphs] == [
        (1, "一", False),
        (2, "二", False),
        (2, "盒一", True),
        (2, "盒二", True),
        (3, "三", False),
    ]


def test_a_table_in_a_text_box_is_a_grid() -> None:
    document = report("<w:p>" + BOX.format(SMALL) + "</w:p>")
    assert [texts(grid) for grid in document.grids] == [[["预算数", "执行数"], ["1", "2"]]]


def test_a_text_box_in_a_cell_stands_after_its_paragraph() -> None:
    grid = report(
        tbl(tr(tc("<w:p><w:r><w:t>标</w:t></w:r>" + BOX.format(p("盒")) + "</w:p>"), tc("x")))
    ).grids[0]
    assert grid.text(0, 0) == "标\n盒"


@pytest.mark.parametrize(
    ("ahead", "name"),
    [
        (p("整体支出绩效自评表"), "整体支出绩效自评表"),
        (p("附件3") + p("整体支出绩效自评表") + p("（2023年度）") + p("单位：万元"), "整体支出绩效自评表"),
        (
            p("指标评分表") + p("部门名称（盖章）：某局") + p("填报日期：2024年3月1日  金额单位：万元"),
            "指标评分表",
        ),
        (p("表2 三公经费支出") + "<w:p/>", "表2 三公经费支出"),
        (p("绩效目标完成情况", '<w:pPr><w:jc w:val="center"/></w:pPr>'), "绩效目标完成情况"),
        (p("部门整体概述", '<w:pPr><w:jc w:val="center"/></w:pPr>'), "部门整体概述"),
        (p("部门整体概述"), "表1"),
        (p("1.执行率情况"), "表1"),
        (p("（二）项目支出情况"), "表1"),
        (p("预算执行率为76.34%。详见下表："), "表1"),
        (p("项目已完成，未能支付。"), "表1"),
        (p("很" * 41 + "表"), "表1"),
        (p("自评表") + p("我单位高度重视，认真组织。"), "表1"),
        ("", "表1"),
    ],
)
def test_a_table_is_called_by_its_caption_where_it_surely_has_one(ahead: str, name: str) -> None:
    document = report(ahead + SMALL)
    assert document.grids[0].name == name
    assert document.grids[0].title == (None if name == "表1" else name)


def test_a_caption_two_tables_share_names_neither() -> None:
    caption = p("支出明细表")
    document = report(caption + SMALL + caption + SMALL + p("三公经费表") + SMALL)
    assert [grid.name for grid in document.grids] == ["表1", "表2", "三公经费表"]


def test_the_caption_of_one_table_is_not_that_of_the_next() -> None:
    document = report(p("支出明细表") + SMALL + "<w:p/>" + SMALL)
    assert [grid.name for grid in document.grids] == ["支出明细表", "表2"]


def test_a_forged_span_does_not_allocate() -> None:
    wide = '<w:gridSpan w:val="2000000000"/>'
    skip = '<w:trPr><w:gridBefore w:val="2000000000"/></w:trPr>'
    grid = report(tbl(tr(tc("a", wide)), tr(tc("b"), properties=skip))).grids[0]
    assert grid.n_cols <= Limits().cols


def test_content_of_another_format_is_said_to_be_left_out() -> None:
    document = report(p("一") + '<w:altChunk r:id="x" xmlns:r="y"/>')
    assert "没有检查" in document.notices[0]


def test_a_document_without_a_body_is_unreadable() -> None:
    parts = report_parts("") | {"word/document.xml": "<w:document xmlns:w='x'/>"}
    assert refusal(zipped(parts), "报告.docx").code is ReasonCode.UNREADABLE


def test_a_document_in_the_strict_namespace_reads_alike() -> None:
    parts = report_parts(p("正文") + SMALL)
    strict = str(parts["word/document.xml"]).replace(
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "http://purl.oclc.org/ooxml/wordprocessingml/main",
    )
    document = read_bytes(zipped(parts | {"word/document.xml": strict}), "报告.docx")
    assert (document.paragraphs[0].text, texts(document.grids[0])[1]) == ("正文", ["1", "2"])
