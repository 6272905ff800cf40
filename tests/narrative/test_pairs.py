"""Figures that state one quantity in two places; and those that do not."""

from __future__ import annotations

import pytest

from gouji.model import Confidence
from gouji.narrative import FigurePair, PairKind, TextPiece, extract, pairs
from tests.narrative.labels import Score, score_pairs, texts


def paired(*paragraphs: str) -> tuple[FigurePair, ...]:
    return pairs(extract([TextPiece("报告", text, n) for n, text in enumerate(paragraphs, 1)], year=2024))


def test_one_thing_told_in_two_ways() -> None:
    (pair,) = paired("残疾儿童康复救助家庭生活补助131人。", "为129名0-6岁残疾儿童康复救助家庭提供生活补助。")
    assert pair.kind is PairKind.DIFFERS
    assert pair.confidence is Confidence.LIKELY
    assert pair.differences == ("限定范围",)


def test_the_lone_value_is_the_first_of_its_pair() -> None:
    found = paired("资助困难学生家庭1,234户。", "资助困难学生家庭1,243户。", "共资助困难学生家庭1,234户。")
    (differing,) = [pair for pair in found if pair.kind is PairKind.DIFFERS]
    assert differing.first.typed == "1,243户"


@pytest.mark.parametrize(
    "words",
    [
        ("困难学生资助项目受助120人。", "困难学生资助项目年初目标受助150人。"),
        ("2023年困难学生资助项目受助120人。", "2024年困难学生资助项目受助150人。"),
        ("困难学生资助项目支出120万元。", "困难学生资助项目受助150人。"),
        ("城区困难学生资助120人。", "农村困难学生资助150人。"),
        ("第一批困难学生资助120人。", "第二批困难学生资助150人。"),
        ("一般公共预算项目支出120万元。", "政府性基金项目支出150万元。"),
        ("培训120人。", "培训150人。"),
    ],
)
def test_other_quantities_are_not_paired(words: tuple[str, str]) -> None:
    assert not any(pair.kind is PairKind.DIFFERS for pair in paired(*words))


def test_a_whole_smaller_than_one_of_its_scopes_is_odd() -> None:
    (pair,) = paired("一般公共预算项目支出492.91万元。", "2024年项目支出454.02万元。")
    assert pair.differences == ("口径",)
    assert paired("一般公共预算项目支出492.91万元。", "2024年项目支出546.61万元。") == ()


def test_target_and_result_in_two_units() -> None:
    (pair,) = paired("残疾人康复救助补贴人次：年初目标值1100人次，实际完成1400人。")
    assert pair.kind is PairKind.UNIT_DIFFERS
    assert pair.confidence is Confidence.CERTAIN


def test_a_list_in_one_sentence_is_no_contradiction() -> None:
    assert not any(
        p.kind is PairKind.DIFFERS
        for p in paired("东街发放老年补贴12户，西街发放老年补贴15户，南街发放老年补贴9户。")
    )


@pytest.mark.parametrize("part", ["dev", "held"])
def test_the_hand_labelled_pairs(part: str) -> None:
    score = Score()
    for text in texts(part):
        score_pairs(text, pairs(extract(text.pieces)), score)
    assert score.pairs_right == score.pairs_found, score.wrong
    assert score.pairs_right >= 0.85 * score.pairs_labelled, score.wrong
