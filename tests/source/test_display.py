"""What a number looks like in its format: as Excel shows it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gouji.source.clock import date_of
from gouji.source.display import BUILTIN_FORMATS, format_of, general
from gouji.source.sheet import exact

ACCOUNTING = '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ '


@pytest.mark.parametrize(
    ("code", "value", "shown"),
    [
        ("General", "706.53", "706.53"),
        ("General", "100", "100"),
        ("General", "0.333333333333333", "0.333333333"),
        ("General", "123456789012", "1.23457E+11"),
        ("General", "0.00000015", "1.5E-07"),
        ("General", "60000.999988", "60000.99999"),
        ("General", "0", "0"),
        ("0", "2.5", "3"),
        ("0.00", "12.345", "12.35"),
        ("0.00", "2.675", "2.68"),
        ("0.00", "-0.004", "0.00"),
        ("0.00", "-0.005", "-0.01"),
        ("#,##0.00", "1234567.891", "1,234,567.89"),
        ("#,##0", "-1234.5", "-1,235"),
        ("0%", "0.9993", "100%"),
        ("0.00%", "0.9993", "99.93%"),
        ('0"人"', "85", "85人"),
        ('0.00"万元"', "589.44", "589.44万元"),
        ("[Red]0.00", "-5", "-5.00"),
        ("0.00;[Red]0.00", "-5", "5.00"),
        ("#,##0.00_);[Red](#,##0.00)", "-1234.5", "(1,234.50)"),
        ('0;-0;"零"', "0", "零"),
        ("0;-0;;@", "0", ""),
        (ACCOUNTING, "1234.5", " 1,234.50 "),
        (ACCOUNTING, "-1234.5", " -1,234.50 "),
        (ACCOUNTING, "0", " -   "),
        ("0.##", "5", "5."),
        ("#.##", "0.5", ".5"),
        ("?0.0?", "5.5", " 5.5 "),
        ("00000", "42", "00042"),
        ("000-0000", "5551234", "555-1234"),
        ("0.0,", "123456", "123.5"),
        ("#,##0,,", "1234567890", "1,235"),
        ("0.00E+00", "12345", "1.23E+04"),
        ("##0.0E+0", "12345", "12.3E+3"),
        ("0.00E+00", "0.00012", "1.20E-04"),
        ("# ?/?", "1.5", "1 1/2"),
        ("# ??/??", "0.25", "1/4"),
        ("0.00\\%", "99.93", "99.93%"),
        ('0!.0,"万"', "12345", "1.2万"),
        ("[$-804]0.00", "1.5", "1.50"),
        ("[$¥-804]#,##0.00", "5", "¥5.00"),
        ("[>=10000]0.00,;0", "25000", "25.00"),
        ("[>=10000]0.00,;0", "999", "999"),
        ('[=0]"无";0.0', "0", "无"),
        ("@", "5.5", "5.5"),
        ("yyyy/m/d", "45940", "2025/10/10"),
        ('yyyy"年"m"月"d"日";@', "45940", "2025年10月10日"),
        ("[$-804]yyyy年m月", "45940", "2025年10月"),
        ("[$-F800]dddd, mmmm dd, yyyy", "45940", "2025年10月10日"),
        ("yyyymmdd", "45940", "20251010"),
        ("yy-m-d", "45940", "25-10-10"),
        ("aaaa", "45940", "星期五"),
        ("dddd", "45940", "Friday"),
        ("d-mmm-yy", "45940", "10-Oct-25"),
        ("h:mm:ss", "0.75", "18:00:00"),
        ("h:mm AM/PM", "0.75", "6:00 PM"),
        ('上午/下午h"时"mm"分"', "0.25", "上午6时00分"),
        ("[h]:mm", "1.5", "36:00"),
        ("mm:ss.0", "0.0001", "00:08.6"),
        ("yyyy/m/d", "0", "1900/1/0"),
        ("yyyy/m/d", "60", "1900/2/29"),
        ("yyyy/m/d", "1", "1900/1/1"),
        ("yyyy/m/d", "-1", "########"),
        ("yyyy/m/d", "9999999", "########"),
    ],
)
def test_a_number_shows_as_in_excel(code: str, value: str, shown: str) -> None:
    assert format_of(code).number(Decimal(value)) == shown


@pytest.mark.parametrize(
    ("code", "shown"),
    [("General", "无"), ("0.00", "无"), ("@", "无"), ('0;-0;0;"说明："@', "说明：无"), (ACCOUNTING, " 无 ")],
)
def test_a_text_shows_through_the_section_for_texts(code: str, shown: str) -> None:
    assert format_of(code).text("无") == shown


@pytest.mark.parametrize(
    ("code", "is_date"),
    [
        ("yyyy/m/d", True),
        ('m"月"d"日"', True),
        ("h:mm", True),
        ("[h]:mm", True),
        ("0.00", False),
        ('0.00"y"', False),
        ("[Red]0", False),
        ("General", False),
        ("@", False),
        ('#,##0.00" dm"', False),
    ],
)
def test_formats_of_dates_are_known_as_such(code: str, is_date: bool) -> None:
    assert format_of(code).is_date is is_date


def test_days_before_march_1900_are_those_of_excel() -> None:
    assert [str(date_of(Decimal(day))) for day in (1, 59, 61)] == ["1900-01-01", "1900-02-28", "1900-03-01"]
    assert date_of(Decimal(-1)) is None
    assert str(date_of(Decimal(1), date_1904=True)) == "1904-01-02"


@settings(max_examples=200)
@given(st.integers(-(10**13), 10**13), st.integers(0, 6), st.booleans())
def test_fixed_formats_show_the_number_rounded_half_up(digits: int, decimals: int, grouped: bool) -> None:
    value = Decimal(digits).scaleb(-4)
    code = ("#,##0" if grouped else "0") + ("." + "0" * decimals if decimals else "")
    shown = format_of(code).number(value)
    step = Decimal(1).scaleb(-decimals)
    back = Decimal(shown.replace(",", ""))
    assert abs(back - value) <= step / 2
    assert back.as_tuple().exponent == -decimals


@settings(max_examples=200)
@given(st.decimals(-99999, 99999, places=4))
def test_general_shows_short_numbers_in_full(value: Decimal) -> None:
    assert Decimal(general(value)) == value


@settings(max_examples=300)
@given(
    st.text(st.sampled_from('0#?.,%;@"\\_*[]<>=/+-EeyYmdhsaGA年Red10 $'), max_size=30)
    | st.sampled_from(list(BUILTIN_FORMATS.values())),
    st.floats(allow_nan=False, allow_infinity=False),
)
def test_no_format_and_no_number_brings_the_reader_down(code: str, number: float) -> None:
    value = exact(number)
    assert value is not None
    shape = format_of(code)
    assert isinstance(shape.number(value), str)
    assert isinstance(shape.number(value, date_1904=True), str)
    assert isinstance(shape.text("文"), str)
