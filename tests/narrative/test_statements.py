"""Arithmetic that a text states: what it ties together, and when it must not."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gouji.model import Confidence
from gouji.narrative import Standing, StatedKind, StatedRelation, TextPiece, extract, statements
from tests.narrative.labels import Score, score_relations, texts


def stated(*paragraphs: str) -> tuple[StatedRelation, ...]:
    return statements(
        extract([TextPiece("报告", text, n) for n, text in enumerate(paragraphs, 1)], year=2024)
    )


def test_a_whole_and_its_parts() -> None:
    (relation,) = stated("提供托养服务185名，其中：全托5人，日托60人，居家托养120人。")
    assert relation.kind is StatedKind.SUM
    assert relation.standing is Standing.HOLDS
    assert relation.arithmetic == "5人 + 60人 + 120人 = 185名"
    assert [part.concept for part in relation.parts] == ["全托", "日托", "居家托养"]


def test_parts_within_parts() -> None:
    outer, inner = stated(
        "支出589.44万元，其中：项目支出492.91万元，基本支出96.53万元，其中：人员经费85.93万元，公用经费10.6万元。"
    )
    assert outer.whole.value == Decimal("589.44")
    assert inner.whole.value == Decimal("96.53")
    assert {outer.standing, inner.standing} == {Standing.HOLDS}


def test_parts_in_brackets() -> None:
    relation, *_ = stated(
        "基本支出682.14万元（其中，人员经费634.85万元，公用经费47.29万元）、项目支出100万元，支出合计782.14万元。"
    )
    assert relation.arithmetic == "634.85 + 47.29 = 682.14"


def test_numbered_parts_over_full_stops() -> None:
    (relation,) = stated(
        "基本支出合计96.53万元。其中：（1）工资福利支出85.93万元。指基本工资等。（2）商品和服务支出10.6万元。"
    )
    assert relation.standing is Standing.HOLDS


def test_some_parts_are_a_subset_only() -> None:
    (relation,) = stated("发放补贴120万元，其中自主创业补贴20万元，社保补贴30万元。")
    assert relation.kind is StatedKind.SUBSET
    assert relation.standing is Standing.HOLDS
    assert relation.expected is None


def test_a_part_in_another_unit_is_converted() -> None:
    (relation,) = stated("支出1.2亿元，其中基本支出4,000万元，项目支出8,000万元。")
    assert relation.standing is Standing.HOLDS


def test_what_is_about_so_many_is_never_wrong() -> None:
    relations = stated("慰问老人60余人，残疾人70人，共计120余人。")
    assert all(r.standing is not Standing.FAILS for r in relations)


def test_a_part_of_another_year_is_no_part() -> None:
    assert not any(
        r.standing is Standing.FAILS
        for r in stated("2024年支出100万元，其中2023年结转支出120万元，本年支出80万元。")
    )


@pytest.mark.parametrize(
    ("words", "certainty"),
    [
        ("支出100万元，其中：基本支出60万元，项目支出50万元。", Confidence.CERTAIN),
        ("支出100万元，基本支出60万元、项目支出50万元。", Confidence.CERTAIN),
        ("完成甲类61人，乙类74人，共计145人。", Confidence.CERTAIN),
        ("培训100人，其中教师60人，医生50人。", Confidence.LIKELY),
    ],
)
def test_how_sure_a_contradiction_is(words: str, certainty: Confidence) -> None:
    (failing,) = [r for r in stated(words) if r.standing is Standing.FAILS]
    assert failing.certainty is certainty


def test_rates_take_the_adjusted_budget() -> None:
    (relation,) = [
        r
        for r in stated("年初预算100万元，调整后预算200万元，支出180万元，执行率90%。")
        if r.kind is StatedKind.RATIO
    ]
    assert relation.standing is Standing.HOLDS
    assert relation.arithmetic == "180 ÷ 200 = 90%"


def test_rounding_is_no_contradiction() -> None:
    (relation,) = [
        r for r in stated("预算682.58万元，支出682.14万元，执行率99.93%。") if r.kind is StatedKind.RATIO
    ]
    assert relation.standing is Standing.ROUNDING


def test_growth_over_what_was_before() -> None:
    (relation,) = stated("2024年支出792.22万元，比上年增加189.25万元，增长31.39%。")
    assert relation.kind is StatedKind.CHANGE
    assert relation.standing is Standing.HOLDS


@pytest.mark.parametrize(("part", "least"), [("dev", 0.9), ("held", 0.8)])
def test_the_hand_labelled_arithmetic(part: str, least: float) -> None:
    score = Score()
    for text in texts(part):
        score_relations(text, statements(extract(text.pieces)), score)
    assert score.relations_right >= least * score.relations_labelled, score.wrong
    assert score.failures_right == score.failures_found, score.wrong


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 9999), min_size=2, max_size=6), st.integers(-9, 9))
def test_a_plain_list_and_its_total(parts: list[int], error: int) -> None:
    names = "甲乙丙丁戊己"
    listed = "，".join(f"完成{names[n]}类改造{part}户" for n, part in enumerate(parts))
    total = sum(parts) + error
    runs = {sum(parts[start:end]) for start in range(len(parts)) for end in range(start + 1, len(parts) + 1)}
    if total <= 0 or (error and total in runs):
        return  # 共计 may sum up some of the list only
    failing = [r for r in stated(f"{listed}，共计{total}户。") if r.standing is Standing.FAILS]
    assert bool(failing) == bool(error)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 10**7), st.integers(1, 10**7))
def test_a_money_total_of_two(first: int, second: int) -> None:
    one, two = (f"{Decimal(cents) / 100:.2f}" for cents in (first, second))
    whole = f"{Decimal(first + second) / 100:.2f}"
    (relation,) = stated(f"支出{whole}万元，其中：基本支出{one}万元，项目支出{two}万元。")
    assert relation.standing is Standing.HOLDS
