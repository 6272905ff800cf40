"""Chinese numerals (三十二, 一百二十, 壹佰贰拾, 二〇二四) as exact numbers."""

from __future__ import annotations

import re
from decimal import Decimal

__all__ = ["NUMERAL_CHARS", "chinese_number"]

_DIGITS = "零一二三四五六七八九"
_VARIANTS = {
    **dict(zip("壹贰叁肆伍陆柒捌玖", "一二三四五六七八九", strict=True)),
    **dict(zip("〇○兩俩貳弍參陸拾佰仟萬億", "零零二二二二三六十百千万亿", strict=True)),
}
_PLAIN = str.maketrans(_VARIANTS)
_LIAO = str.maketrans({"两": "二"})

NUMERAL_CHARS = _DIGITS + "两十百千万亿" + "".join(_VARIANTS)
"""Every character a Chinese numeral may be written with (the point 点 aside)."""

_LONGEST = 40
_ONE = f"[{_DIGITS[1:]}]"
_BELOW_TEN_THOUSAND = f"(?:(?P<thousand>{_ONE})千)?零?(?:(?P<hundred>{_ONE})百)?零?(?P<tens>(?P<ten>{_ONE})?十)?零?(?P<one>{_ONE})?"


def chinese_number(text: str) -> Decimal | None:
    """The value of a Chinese numeral, None where the characters do not make one.

    Understood are positional numerals (一千零二十, 三万五千, 三万五 = 35000, 十二, 两百), digit strings
    (二〇二四) and a decimal part after 点 (九十五点五). A numeral starts with a digit or with 十.
    """
    if len(text) > _LONGEST:
        return None
    whole, point, fraction = text.translate(_PLAIN).partition("点")
    if point and not (fraction and all(char in _DIGITS for char in fraction)):
        return None
    value = _digit_string(whole)
    if value is None:
        value = _positional(whole.translate(_LIAO))
    if value is None:
        return None
    return Decimal(f"{value}.{''.join(str(_DIGITS.index(char)) for char in fraction)}" if point else value)


def _digit_string(text: str) -> int | None:
    """二〇二四 → 2024; also a single digit."""
    if not text or any(char not in _DIGITS for char in text):
        return None
    return int("".join(str(_DIGITS.index(char)) for char in text))


def _positional(text: str) -> int | None:
    for mark, size in (("亿", 10**8), ("万", 10**4)):
        head, found, tail = text.rpartition(mark)
        if not found:
            continue
        high = _positional(head) if head else None
        if not high:
            return None
        if len(tail) == 1:
            # 三万五 leaves the next lower unit unsaid
            return high * size + _DIGITS.find(tail) * size // 10 if tail in _DIGITS else None
        low = _positional(tail) if tail else 0
        return None if low is None or low >= size else high * size + low
    return _section(text)


def _section(text: str) -> int | None:
    """A numeral below ten thousand, without 万 and 亿."""
    match = re.fullmatch(_BELOW_TEN_THOUSAND, text)
    if match is None or not text:
        return 0 if text == "零" else None
    thousand, hundred, ten, one = (
        _DIGITS.index(match[name] or "零") for name in ("thousand", "hundred", "ten", "one")
    )
    if match["tens"] and not ten:
        ten = 1
    if one and not match["tens"] and len(text) > 1 and text[-2] != "零":
        # 一百二 and 三千五 leave the next lower unit unsaid
        one *= 10 if hundred else 100
    return thousand * 1000 + hundred * 100 + ten * 10 + one
