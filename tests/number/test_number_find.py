"""Which figures a sentence holds, what each is for, and what it says (figures.yaml)."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from gouji.model import Reading, ReadingKind
from gouji.number import Role, find_numbers

ROWS: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("figures.yaml").read_text("utf-8"))
FRAGMENTS = (
    "，。；：、（）()-—~至.,%％元万亿个人名次年月日第号级岁一二十百两余约近≥<0123456789 \nOl①A〔〕的完成其中"
)


def meaning(reading: Reading) -> str:
    """A reading in one line, as figures.yaml writes it."""
    if reading.kind is ReadingKind.MALFORMED:
        return f"malformed {reading.candidates[0]}"
    upper = "" if reading.upper is None else f"..{reading.upper}"
    words = (
        reading.comparison,
        "~" if reading.approximate else None,
        f"{reading.value}{upper}",
        reading.unit,
    )
    return " ".join(word for word in words if word)


@pytest.mark.parametrize("row", ROWS, ids=[row["text"][:24] for row in ROWS])
def test_every_figure_of_a_piece_of_text(row: dict[str, Any]) -> None:
    found = [
        [item.role.value, item.reading.text, *([meaning(item.reading)] if item.role is Role.AMOUNT else [])]
        for item in find_numbers(row["text"])
    ]
    assert found == row["found"]


def test_there_are_enough_pieces_to_trust_the_table() -> None:
    assert len(ROWS) >= 60


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=FRAGMENTS, max_size=60) | st.text(max_size=60))
def test_findings_lie_in_order_inside_the_text_and_quote_it(text: str) -> None:
    end = 0
    for item in find_numbers(text):
        assert end <= item.start < item.end <= len(text)
        assert item.reading.text == text[item.start : item.end]
        assert item.reading.is_number or item.role is not Role.AMOUNT or item.reading.candidates
        end = item.end


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(["支出", "合计", "其中：", "较上年增加", "，共完成"]),
    st.decimals(min_value=0, max_value=10**8, places=2),
    st.sampled_from(["万元", "元", "%", "个", "人次", "公里"]),
    st.sampled_from(["，", "。", "；", "", "（含税）"]),
)
def test_an_amount_is_found_in_any_sentence_with_its_value_and_unit(
    before: str, value: Decimal, unit: str, after: str
) -> None:
    (item,) = find_numbers(f"{before}{value:,}{unit}{after}")
    assert (item.role, item.reading.value, item.reading.unit) == (Role.AMOUNT, value, unit)


@pytest.mark.parametrize(
    "unit",
    [
        "1",
        "（",
        "1,",
        "1.",
        "1、",
        "1-",
        "1,1",
        "12月-",
        "一",
        "一、",
        "A",
        "A-",
        "_",
        "1A",
        "约",
        "元",
        "　",
        "1 ",
        "(1",
    ],
)
def test_hostile_texts_come_to_an_end(unit: str) -> None:
    assert isinstance(find_numbers(unit * (20_000 // len(unit))), tuple)
