"""What a figure in a sentence states: concept, measure, period, unit, scope, line item."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gouji.narrative import Dimension, Figure, StatedMeasure, TextPiece, extract
from tests.narrative.labels import Score, score_figures, texts


def figures(*paragraphs: str, year: int | None = 2024) -> tuple[Figure, ...]:
    return extract([TextPiece("报告", text, n) for n, text in enumerate(paragraphs, 1)], year=year)


def test_a_figure_names_what_it_states() -> None:
    (figure,) = figures("2024年残疾人康复资金项目支出104.2万元。")
    assert figure.typed == "104.2万元"
    assert figure.amount == Decimal(1042000)
    assert figure.concept == "残疾人康复资金项目支出"
    assert figure.measure is StatedMeasure.EXECUTED
    assert (figure.period.year, figure.period.stated) == (2024, True)
    assert figure.dimension is Dimension.MONEY


def test_a_counting_word_names_the_noun_behind_it() -> None:
    (figure,) = figures("举行了4场科普宣传志愿服务活动。")
    assert (figure.concept, figure.population) == ("科普宣传志愿服务活动", "场")


def test_a_list_before_a_number_is_one_noun() -> None:
    figure = figures("为87名残疾人申请假肢、轮椅、拐杖等120件辅助器具。")[1]
    assert figure.concept == "辅助器具"


def test_an_elliptic_figure_takes_the_name_of_the_one_before() -> None:
    first, second = figures("就业工作经费年初预算60万元，调整后564.35万元。")
    assert first.concept == second.concept == "就业工作经费"
    assert (first.measure, second.measure) == (StatedMeasure.OPENING, StatedMeasure.ADJUSTED)
    assert second.inherited


def test_a_clause_without_figures_names_target_and_result() -> None:
    target, result = figures("残疾人乘车持卡人数，年初目标值5000人，实际完成6681人。")
    assert target.key == result.key
    assert (target.measure, result.measure) == (StatedMeasure.TARGET, StatedMeasure.ACTUAL)


def test_respectively() -> None:
    found = figures("传染病报告率、事件报告率分别为99%、98%。")
    assert [f.concept for f in found] == ["传染病报告率", "事件报告率"]


@pytest.mark.parametrize(
    ("words", "year"),
    [
        ("2023年支出80万元。", 2023),
        ("上年支出80万元。", 2023),
        ("本年支出80万元。", 2024),
        ("支出80万元。", 2024),
        ("截止2023年12月底，在职人员17人。", 2023),
        ("根据《关于2022年工作的通知》，支出80万元。", 2024),
        ("与2022年相比，支出增加80万元。", 2024),
    ],
)
def test_the_year_a_figure_is_about(words: str, year: int) -> None:
    assert figures(words)[-1].period.year == year


@pytest.mark.parametrize(
    "words",
    [
        "截至2024年12月31日，工作全部完成。",
        "依据蔡财〔2024〕1号文件。",
        "第3批补助已发放。",
        "为0-14岁儿童服务。",
        "一是加强领导；二是完善制度。",
        "（1）评价目的。",
        "联系电话：00000000",
    ],
)
def test_dates_ages_and_numbering_are_no_figures(words: str) -> None:
    assert figures(words) == ()


def test_ages_restrict_what_is_counted() -> None:
    (figure,) = figures("为129名0-6岁残疾儿童提供生活补助。")
    assert figure.qualifiers == {"0-6岁"}


def test_a_general_word_belongs_to_the_item_of_its_section() -> None:
    found = figures("（2）残疾人康复资金项目", "项目支出104.2万元，资金使用率98%。")
    assert {f.owner for f in found} == {"残疾人康复资金项目"}


def test_the_scope_of_a_sentence_holds_for_its_parts() -> None:
    found = figures("一般公共预算财政拨款支出589.44万元，其中：项目支出492.91万元。")
    assert {f.scope for f in found} == {"general_budget"}


def test_targets_and_results_of_a_long_cell() -> None:
    pieces = [
        TextPiece("表", "培训教师120人。", sheet="自评表", cell="B9", label="预期目标"),
        TextPiece("表", "培训教师118人。", sheet="自评表", cell="D9", label="实际完成情况"),
    ]
    target, result = extract(pieces, year=2024)
    assert target.measure is StatedMeasure.TARGET
    assert result.measure is StatedMeasure.UNKNOWN
    assert target.place.cell == "B9"


def test_every_figure_quotes_its_own_text() -> None:
    for part in ("dev", "held"):
        for text in texts(part):
            for figure in extract(text.pieces):
                assert figure.piece.text[figure.start : figure.end] == figure.typed
                assert figure.typed in figure.words


@pytest.mark.parametrize(("part", "least"), [("dev", 0.95), ("held", 0.9)])
def test_the_hand_labelled_figures(part: str, least: float) -> None:
    score = Score()
    for text in texts(part):
        score_figures(text, extract(text.pieces), score)
    assert score.spans >= 0.99 * score.labelled, score.wrong
    assert score.found <= 1.01 * score.labelled, score.wrong
    for name, right in score.attributes.items():
        assert right >= least * score.labelled, (name, score.wrong)


@settings(max_examples=60, deadline=None)
@given(
    st.text(
        alphabet="支出收入预算其中共计为、，。；：（）0123456789.,%万元人次名年2024“”一二三是等的\n",
        max_size=80,
    )
)
def test_no_text_is_too_odd(text: str) -> None:
    for figure in figures(text):
        assert figure.words
        assert figure.amount is None or figure.slack >= 0
