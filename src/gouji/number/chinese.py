"""Chinese numerals (三十二, 一百二十, 壹佰贰拾, 二〇二四) as exact numbers."""

from __future__ import annotations

from decimal import Decimal

__all__ = ["NUMERAL_CHARS", "chinese_number"]

_DIGITS = {
    **dict(zip("零一二三四五六七八九", range(10), strict=True)),
    **dict(zip("〇壹贰叁肆伍陆柒捌玖", range(10), strict=True)),
    "○": 0, "两": 2, "兩": 2, "俩": 2, "貳": 2, "參": 3, "陸": 6, "弍": 2,
}  # fmt: skip
_SMALL = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_LARGE = {"万": 10_000, "萬": 10_000, "亿": 100_000_000, "億": 100_000_000}

NUMERAL_CHARS = "".join((*_DIGITS, *_SMALL, *_LARGE))
"""Every character a Chinese numeral may be written with (the point 点 aside)."""


def chinese_number(text: str) -> Decimal | None:
    """The value of a Chinese numeral, None where the characters do not make one.

    Understood are positional numerals (一千零二十, 三万五千, 三万五 = 35000, 十二, 两百), digit strings
    (二〇二四) and a decimal part after 点 (九十五点五). A numeral starts with a digit or with 十.
    """
    whole, point, fraction = text.partition("点")
    if point and not (fraction and all(char in _DIGITS for char in fraction)):
        return None
    value = _digit_string(whole)
    if value is None:
        value = _positional(whole)
    if value is None:
        return None
    if not point:
        return Decimal(value)
    return Decimal(f"{value}.{''.join(str(_DIGITS[char]) for char in fraction)}")


def _digit_string(text: str) -> int | None:
    """二〇二四 → 2024; also a single digit."""
    if not text or any(char not in _DIGITS for char in text) or (len(text) > 1 and "两" in text):
        return None
    return int("".join(str(_DIGITS[char]) for char in text))


def _positional(text: str) -> int | None:
    if not text or not (text[0] in _DIGITS or text[0] in "十拾"):
        return None
    total = section = 0
    digit: int | None = None
    last_small = last_large = 10**12
    last_unit = 0
    for char in text:
        if char in _DIGITS:
            # only 零 may stand before another digit without a unit between
            if digit:
                return None
            digit = _DIGITS[char]
            if digit == 0:
                last_unit = 0
        elif char in _SMALL:
            unit = _SMALL[char]
            if unit >= last_small or digit == 0:
                # 一百零十二 is nobody's numeral, but 一千零十 is typed
                if unit >= last_small or unit != 10:
                    return None
            section += (1 if not digit else digit) * unit
            digit, last_small, last_unit = None, unit, unit
        elif char in _LARGE:
            unit = _LARGE[char]
            section += digit or 0
            if section == 0 and total == 0:
                return None
            if unit > last_large:
                total = (total + section) * unit  # 三万亿
            else:
                total += section * unit
            section, digit, last_small, last_large, last_unit = 0, None, 10**12, unit, unit
        else:
            return None
    if digit is None:
        return total + section
    # 三万五 and 一百二 leave the next lower unit unsaid
    return total + section + digit * (last_unit // 10 if last_unit >= 100 else 1)
