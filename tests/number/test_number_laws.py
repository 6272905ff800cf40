"""Laws every spelling keeps, whatever the number."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gouji.model import ReadingKind, Spelling
from gouji.number import interval, read_number
from gouji.number.charset import canonical
from gouji.number.chinese import chinese_number

AMOUNTS = st.decimals(min_value=-(10**11), max_value=10**11, places=2) | st.integers(-(10**12), 10**12).map(
    Decimal
)
FULL_WIDTH = str.maketrans("0123456789.,-%", "０１２３４５６７８９．，－％")
CHINESE_DIGITS = "零一二三四五六七八九"
TYPED = (
    "0123456789０１２３４５．。，、,.%％-－—+()（）≥≤<>=~约余万亿千百元人个年月日一二三十两点分之"
    " \n\u3000\u00a0\u200bOolI/无"
)


def in_chinese(number: int) -> str:
    """The textbook numeral of a whole number below 10^12."""
    if number == 0:
        return "零"
    groups: list[int] = []
    while number:
        groups.append(number % 10_000)
        number //= 10_000
    said = ""
    for place in range(len(groups) - 1, -1, -1):
        group = groups[place]
        if group:
            gap = said and (group < 1000 or groups[place + 1] == 0)
            said += (
                ("零" if gap and not said.endswith("零") else "") + _group(group) + ("", "万", "亿")[place]
            )
    return said


def _group(group: int) -> str:
    said = ""
    for size, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = group // size % 10
        if digit:
            said += CHINESE_DIGITS[digit] + unit
        elif said and group % size:
            said += "零"
    return said.replace("零零", "零")


@settings(max_examples=400, deadline=None)
@given(st.text(alphabet=TYPED, max_size=24) | st.text(max_size=40))
def test_any_text_is_read_and_every_reading_is_consistent(text: str) -> None:
    reading = read_number(text)
    assert reading.text == text
    if reading.kind in (ReadingKind.NUMBER, ReadingKind.PERCENT):
        assert reading.value is not None
        assert not reading.candidates
        assert (reading.normal is None) == (reading.spelling is Spelling.NONE)
        assert reading.upper is None or reading.upper > reading.value
    else:
        assert reading.value is None
        assert (reading.kind is ReadingKind.MALFORMED) == bool(reading.candidates)
        assert len(set(reading.candidates)) == len(reading.candidates)
    assert (reading.kind is ReadingKind.PERCENT) <= (reading.unit == "%")


@settings(max_examples=400, deadline=None)
@given(st.text(alphabet=TYPED, max_size=16))
def test_the_normal_spelling_means_the_same_and_is_not_odd(text: str) -> None:
    reading = read_number(text)
    if reading.normal is not None:
        again = read_number(reading.normal)
        assert again.spelling is Spelling.NONE
        assert (again.kind, again.value, again.upper, again.unit, again.comparison, again.approximate) == (
            reading.kind,
            reading.value,
            reading.upper,
            reading.unit,
            reading.comparison,
            reading.approximate,
        )


@given(AMOUNTS)
def test_honest_spellings_of_a_number_give_it_back(amount: Decimal) -> None:
    for text in (f"{amount}", f"{amount:,}", f" {amount} ", f"{amount:,}\n", f"{amount:+}"):
        reading = read_number(text)
        assert (reading.kind, reading.value, reading.spelling) == (ReadingKind.NUMBER, amount, Spelling.NONE)
        exponent = amount.as_tuple().exponent
        assert reading.decimals == -int(exponent)


@given(AMOUNTS, st.sampled_from(["万元", "元", "人", "人次", "个", "公里", "元/人", "万人", "‰"]))
def test_a_unit_is_told_from_its_number(amount: Decimal, unit: str) -> None:
    for text in (f"{amount:,}{unit}", f"{amount} {unit}"):
        reading = read_number(text)
        assert (reading.value, reading.unit, reading.spelling) == (amount, unit, Spelling.NONE)


@given(AMOUNTS, st.sampled_from(["≥", ">=", "不少于", "不低于", "≧", "至少 "]))
def test_a_comparison_is_told_from_its_number(amount: Decimal, comparison: str) -> None:
    reading = read_number(f"{comparison}{amount}%")
    assert (reading.kind, reading.value, reading.comparison) == (ReadingKind.PERCENT, amount, "≥")


@given(AMOUNTS)
def test_full_width_figures_have_the_value_of_plain_ones(amount: Decimal) -> None:
    for plain in (f"{amount:,}", f"{amount:,}%", f"{amount}万元"):
        wide, narrow = read_number(plain.translate(FULL_WIDTH)), read_number(plain)
        assert (wide.kind, wide.value, wide.decimals, wide.unit) == (
            narrow.kind,
            narrow.value,
            narrow.decimals,
            narrow.unit,
        )
        assert wide.spelling in (Spelling.FULL_WIDTH, Spelling.CHINESE_PUNCTUATION)
        assert wide.normal == plain


@given(AMOUNTS, st.data())
def test_an_invisible_character_anywhere_changes_nothing_but_the_spelling(
    amount: Decimal, data: st.DataObject
) -> None:
    text = f"{amount:,}"
    at = data.draw(st.integers(0, len(text)))
    reading = read_number(f"{text[:at]}\u200b{text[at:]}")
    assert (reading.value, reading.spelling, reading.normal) == (amount, Spelling.INVISIBLE, text)


@given(st.integers(0, 10**12 - 1))
def test_chinese_numerals_give_their_number_back(number: int) -> None:
    numeral = in_chinese(number)
    assert chinese_number(numeral) == number
    assert read_number(f"{numeral}个").value == number
    financial = numeral.translate(str.maketrans("零一二三四五六七八九十百千", "零壹贰叁肆伍陆柒捌玖拾佰仟"))
    assert chinese_number(financial) == number


@given(st.decimals(min_value=0, max_value=10**9, places=2), st.integers(0, 9), st.data())
def test_one_point_too_many_leaves_the_meant_value_among_the_candidates(
    amount: Decimal, digit: int, data: st.DataObject
) -> None:
    """A second point pressed anywhere in a two-decimal amount: the amount is still offered."""
    del digit
    text = f"{amount}"
    at = data.draw(st.integers(1, len(text) - 1))
    reading = read_number(f"{text[:at]}.{text[at:]}")
    if reading.kind is not ReadingKind.DATE:
        assert reading.kind is ReadingKind.MALFORMED
        assert amount in reading.candidates


@given(st.decimals(min_value=1000, max_value=10**9, places=2), st.data())
def test_a_thousands_comma_in_the_wrong_place_leaves_the_meant_value_first(
    amount: Decimal, data: st.DataObject
) -> None:
    digits, _, cents = f"{amount}".partition(".")
    at = data.draw(st.integers(1, len(digits) - 1).filter(lambda n: (len(digits) - n) != 3 or n > 3))
    reading = read_number(f"{digits[:at]},{digits[at:]}.{cents}")
    assert (reading.kind, reading.spelling) == (ReadingKind.MALFORMED, Spelling.GROUPING)
    assert reading.candidates[0] == amount


@given(AMOUNTS)
def test_the_interval_holds_the_value_and_every_value_that_prints_alike(amount: Decimal) -> None:
    low, high = interval(read_number(f"{amount}"))
    assert low < amount < high
    assert high - low == Decimal(1).scaleb(-read_number(f"{amount}").decimals)


@given(st.text(max_size=30))
def test_canonical_text_keeps_every_place(text: str) -> None:
    assert len(canonical(text)) == len(text)


@pytest.mark.parametrize(
    "unit",
    [
        "1",
        "1,",
        "1.",
        "1 ",
        "(",
        "()",
        "(1",
        "%",
        "前后",
        "12月",
        "一",
        "万",
        "约",
        "≥",
        "-",
        "·",
        "\u200b",
        "1、",
        "O",
    ],
)
def test_hostile_texts_are_read_in_no_time_and_come_to_nothing(unit: str) -> None:
    for times in (30, 900, 20_000):
        assert not read_number(unit * times).is_number or times == 30
        assert not read_number(f"95%({unit * times}").is_number
