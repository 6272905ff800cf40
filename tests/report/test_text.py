"""The text report: what a clerk reads, in Chinese, with the table around the fault."""

from __future__ import annotations

import io

import pytest

from gouji.frozen import replace
from gouji.model import Finding, Place
from gouji.report.excerpt import excerpt
from gouji.report.text import to_text, write_text
from gouji.report.words import shown, where
from gouji.result import Counts, DocumentResult, Status
from gouji.rule.registry import all_rules
from gouji.source.document import Reason, ReasonCode


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        """Always."""
        return True


def lines(result: DocumentResult) -> list[str]:
    return [line.strip() for line in to_text([result]).splitlines()]


def test_a_finding_says_where_what_the_arithmetic_and_what_to_type(result: DocumentResult) -> None:
    said = lines(result)
    assert "〔基础数据表〕" in said
    assert "错误  C3  项目支出/201.5.5  GJ401" in said
    assert "“201.5.5”有两个小数点，不是一个数。" in said
    assert "算式：201.5 + 151.55 + 283.51 = 636.56" in said
    assert "应填：201.5" in said
    assert "确定（可以自动修改）：C3 “201.5.5” → “201.5”：636.56 − 151.55 − 283.51 = 201.5" in said
    assert "相关：C2、自评表 D4" in said
    assert "依据：表注" in said


def test_the_table_around_the_cell_is_shown_with_the_cell_marked(result: DocumentResult) -> None:
    said = [line.split() for line in lines(result)]
    at = next(i for i, line in enumerate(said) if "【201.5.5】" in line)
    assert said[at] == ["3", "残疾人康复", "【201.5.5】", "104.02"]
    assert said[at - 1] == ["2", "项目支出", "636.56", "492.91"]
    assert said[at + 1] == ["4", "残疾人就业", "151.55", "149.46"]
    assert said[at - 2] == ["A", "C", "D"], "a merged column is shown once"


def test_a_fix_without_an_explanation_stands_alone(result: DocumentResult, error: Finding) -> None:
    plain = replace(result, findings=(replace(error, alternatives=()),))
    assert "修改：C3 “201.5.5” → “201.5”（可以自动修改）" in lines(plain)


def test_words_of_the_report_are_quoted_with_their_paragraph(result: DocumentResult) -> None:
    said = lines(result)
    assert "〔正文〕" in said
    assert any(line.startswith("警告  第 12 段") for line in said)
    assert "原文：“项目支出454.02万元”" in said


def test_the_summary_says_what_was_checked_and_what_not(result: DocumentResult) -> None:
    reason = Reason(ReasonCode.NOT_CALCULATED, "B3 是公式，但没有保存计算结果。")
    partly = replace(result, status=Status.PARTIAL, reason=reason, counts=Counts(123, 45, 2))
    said = lines(partly)
    assert "1 处错误，1 处警告，0 处提示" in said
    assert "已核对：123 处填报，45 项数量关系。未能核对：2 项。" in said
    assert "部分内容没有检查：B3 是公式，但没有保存计算结果。" in said


def test_rules_left_out_are_told_and_the_text_is_not_called_checked_without_its_rules(
    result: DocumentResult,
) -> None:
    narrative = frozenset(rule.code for rule in all_rules() if rule.group == "narrative")
    assert "正文 1 段：能对应的数字已与表格和前后文核对。" in lines(result)
    said = lines(replace(result, left_out=narrative))
    assert "正文 1 段：没有全部核对。" in said
    assert f"按要求没有使用的规则：{len(narrative)} 条。" in said


def test_a_refused_file_is_never_called_clean(refused: DocumentResult) -> None:
    said = to_text([refused])
    assert "没有检查：文件有打开密码。请去掉密码后再检查。" in said
    assert "没有检查的内容不能视为正确" in said
    assert "没有错误。" not in said


def test_a_clean_file_is_called_so(clean: DocumentResult) -> None:
    assert to_text([clean]).splitlines()[-1] == "1 份文件全部检查；0 处错误，0 处警告，0 处提示。没有错误。"


def test_several_files_are_summed_up_in_the_last_line(
    result: DocumentResult, refused: DocumentResult, clean: DocumentResult
) -> None:
    last = to_text([result, refused, clean]).splitlines()[-1]
    assert last == "2 份文件全部检查，1 份没有检查；1 处错误，1 处警告，0 处提示。请改正错误后再报送。"


def test_quiet_gives_one_line_a_finding(result: DocumentResult, refused: DocumentResult) -> None:
    assert to_text([result, refused], quiet=True).splitlines() == [
        "报送/自评表.xlsx: 基础数据表 C3: 错误 GJ401 “201.5.5”有两个小数点，不是一个数。",
        "报送/自评表.xlsx: 第 12 段: 警告 GJ601 正文与表格不一致。",
        "加密.xlsx: 没有检查: 文件有打开密码。请去掉密码后再检查。",
    ]


def test_colours_appear_on_a_terminal_and_not_where_they_are_not_wanted(
    result: DocumentResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    colourful = Terminal()
    write_text([result], colourful)
    assert "\x1b[" in colourful.getvalue()
    monkeypatch.setenv("NO_COLOR", "")
    plain = Terminal()
    write_text([result], plain)
    assert plain.getvalue() == to_text([result])


def test_what_a_cell_holds_cannot_drive_the_terminal(result: DocumentResult, error: Finding) -> None:
    evil = "\x1b]0;改标题\x07\x1b[31m1\u202e2\n3"
    assert shown(evil) == "]0;改标题[31m12 3"
    hostile = replace(error, message=evil, observed=evil, location=replace(error.location, label=evil))
    text = to_text([replace(result, path=f"a{evil}.xlsx", findings=(hostile,))])
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_markup_like_text_is_shown_as_typed(result: DocumentResult, error: Finding) -> None:
    assert "[bold]见附件[/bold] :smile:" in to_text(
        [replace(result, findings=(replace(error, message="[bold]见附件[/bold] :smile:"),))]
    )


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (Place("a", "表1", "C3"), "表1 C3"),
        (Place("a", None, None, None, 4, "x"), "第 4 段"),
        (Place("a", "表1"), "表1"),
        (Place("a"), "整份文件"),
    ],
)
def test_places_in_words(place: Place, words: str) -> None:
    assert where(place) == words


def test_rows_left_out_between_related_cells_are_marked(result: DocumentResult, error: Finding) -> None:
    far = replace(error, related=(Place(error.location.document, "基础数据表", "C6"),))
    piece = excerpt(result.document, far)
    assert piece is not None
    assert [number for number, _ in piece.rows] == [2, 3, 4, 6]
    assert piece.gaps == {6}


@pytest.mark.parametrize("cell", [None, "ZZ99", "C900", "不是"])
def test_a_place_outside_every_grid_has_no_excerpt(
    result: DocumentResult, error: Finding, cell: str | None
) -> None:
    astray = replace(error, location=replace(error.location, cell=cell))
    assert excerpt(result.document, astray) is None
    assert "GJ401" in to_text([replace(result, findings=(astray,))])


def test_long_texts_are_shortened_in_the_excerpt(result: DocumentResult, error: Finding) -> None:
    piece = excerpt(result.document, error, width=3)
    assert piece is not None
    assert piece.rows[1][1][0] == "残疾…"
