"""What stands before and after the digits: comparisons, approximations, units, notes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from gouji.number.unit import CLASSIFIERS, leading_unit

__all__ = ["Prefix", "Suffix", "read_prefix", "read_suffix"]

# The law counts 以上, 以下 and 以内 inclusive (Civil Code, article 1259).
_BEFORE: dict[str, str] = {
    "≥": "≥", ">=": "≥", "=>": "≥", ">": ">", "≤": "≤", "<=": "≤", "=<": "≤", "<": "<", "=": "=", "==": "=",
    "不少于": "≥", "不低于": "≥", "不小于": "≥", "不得少于": "≥", "不得低于": "≥", "大于等于": "≥", "大于或等于": "≥",
    "高于等于": "≥", "至少": "≥", "最少": "≥", "最低": "≥", "不短于": "≥", "达到或超过": "≥",
    "大于": ">", "超过": ">", "超": ">", "高于": ">", "多于": ">", "超出": ">",
    "不超过": "≤", "不得超过": "≤", "不超": "≤", "不高于": "≤", "不得高于": "≤", "不大于": "≤", "不多于": "≤",
    "未超过": "≤", "未超": "≤", "小于等于": "≤", "小于或等于": "≤", "低于等于": "≤", "至多": "≤", "最多": "≤",
    "最高": "≤", "控制在": "≤", "不晚于": "≤", "不长于": "≤", "不突破": "≤",
    "小于": "<", "低于": "<", "少于": "<", "不足": "<", "不满": "<", "等于": "=",
}  # fmt: skip
_ABOUT_BEFORE = frozenset("约 大约 约为 约等于 近 接近 将近 大概 ≈".split())
_NEUTRAL = frozenset(
    "达到 达 已达 已达到 完成 已完成 实际完成 全部完成 实际 实际为 共 共计 合计 累计 累计完成 总计 计 为 是 ¥ 人民币 共完成".split()
)
_AFTER: dict[str, str] = {
    "以上": "≥", "及以上": "≥", "或以上": "≥", "含以上": "≥", "(含)以上": "≥", "以上(含)": "≥", "起": "≥",
    "以下": "≤", "及以下": "≤", "或以下": "≤", "(含)以下": "≤", "以下(含)": "≤",
    "以内": "≤", "之内": "≤", "内": "≤", "(含)以内": "≤",
}  # fmt: skip
_ABOUT_AFTER = frozenset("左右 上下 余 多 许 余左右 有余".split())
# What a person adds to a percentage without changing it.
_DONE = frozenset("完成 达标 合格 到位 覆盖 通过 落实 发放 支付 执行 及时 已完成 全部完成 完成率 达标率 合格率 全覆盖".split())
_ENDING = re.compile(r"[。.;,、!]+$")
_NOTE = re.compile(r"\([^()]*\)$")
_NOUN = re.compile(r"[\u4e00-\u9fff]{1,8}")
_DENIES = re.compile("[未不无没第以性级等届]|以上|以下")
# A lone character after a number that makes it something else than an amount.
_NOT_UNITS = frozenset("号级届等第时是的和与及或至到一二三四五六七八九十百千两零般经完后前中底初末已未不无有余多约")


@dataclass(frozen=True, slots=True)
class Prefix:
    """The words before a number: their comparison, whether they say «about», whether they name money."""

    comparison: str | None = None
    approximate: bool = False
    money: bool = False


@dataclass(frozen=True, slots=True)
class Suffix:
    """What follows a number; ``percents`` counts the signs (95%% has two), ``dash`` that a range goes on."""

    unit: str | None = None
    percents: int = 0
    comparison: str | None = None
    approximate: bool = False
    note: str | None = None
    rest: str = ""


@lru_cache(maxsize=1024)
def read_prefix(text: str) -> Prefix | None:
    """Understand the canonical text before a number, blanks removed; None where it says something else."""
    comparison: str | None = None
    approximate = money = False
    while text:
        for size in range(min(6, len(text)), 0, -1):
            word = text[:size]
            if word in _BEFORE:
                mark = _BEFORE[word]
                if comparison is not None and comparison != mark:
                    return None
                comparison = mark
            elif word in _ABOUT_BEFORE:
                approximate = True
            elif word in _NEUTRAL:
                money = money or word in {"¥", "人民币"}
            else:
                continue
            text = text[size:]
            break
        else:
            return None
    return Prefix(comparison, approximate, money)


@lru_cache(maxsize=8192)
def read_suffix(text: str, *, lenient: bool = True) -> Suffix | None:
    """Understand the canonical text after a number, blanks removed; None where it says something else.

    ``lenient`` also takes a lone unknown character for a unit, and a thing counted behind a counting word
    (37个基层医疗机构). A range's second half stays in ``rest``.
    """
    approximate = False
    unit: str | None = None
    if text[:1] in ("余", "多", "来") and text[:1]:
        following = text[1:2]
        if text[0] != "余" and not (following and leading_unit(text[1:])):
            return None
        approximate, text = True, text[1:]
    percents = len(text) - len(text.lstrip("%"))
    if percents:
        unit, text = "%", text[percents:]
    else:
        size = leading_unit(text)
        multiplier = _about_inside(text)
        if multiplier:
            inner = leading_unit(text[multiplier + 1 :])
            unit, approximate = text[:multiplier] + text[multiplier + 1 : multiplier + 1 + inner], True
            text = text[multiplier + 1 + inner :]
        elif size:
            unit, text = text[:size], text[size:]
    rest = ""
    if text[:1] in ("-", "~", "至", "到") and text[1:]:
        return Suffix(unit, percents, None, approximate, None, text)
    after = _read_after(text)
    if after is None and lenient:
        after, unit = _lenient(text, unit)
    if after is None:
        return None
    comparison, about, note = after
    if unit is None and note is not None and leading_unit(note) == len(note) > 0:
        unit = note
    return Suffix(unit, percents, comparison, approximate or about, note, rest)


def _about_inside(text: str) -> int:
    """The length of the multiplier in 万余元, 千多人 (0 where there is none)."""
    at = 0
    while at < len(text) and text[at] in "亿万千百十":
        at += 1
    return at if 0 < at < len(text) and text[at] in "余多" else 0


def _read_after(text: str) -> tuple[str | None, bool, str | None] | None:
    """(comparison, approximate, note) of what follows the unit; None where there are other words."""
    comparison: str | None = None
    approximate = False
    note: str | None = None
    while text:
        if text in _AFTER:
            mark = _AFTER[text]
            return (mark if comparison in (None, mark) else None), approximate, note
        if text in _ABOUT_AFTER:
            return comparison, True, note
        if text in _DONE:
            return comparison, approximate, note
        ending = _ENDING.search(text)
        if ending:
            text = text[: ending.start()]
            continue
        found = _NOTE.search(text)
        if found is None:
            return None
        note = found[0][1:-1]
        if re.fullmatch(r"[-+]?[0-9.,]+%?", note):
            return None  # 95(100): two answers
        text = text[: found.start()]
    return comparison, approximate, note


def _lenient(
    text: str, unit: str | None
) -> tuple[tuple[str | None, bool, str | None] | None, str | None]:
    if unit is None and text:
        # an unknown counting word: 42宗
        if "\u4e00" <= text[0] <= "\u9fff" and text[0] not in _NOT_UNITS:
            after = _read_after(text[1:])
            if after is not None:
                return after, text[0]
        return None, unit
    if unit in CLASSIFIERS:
        noun = _NOUN.match(text)
        if noun and not _DENIES.search(noun[0]):
            after = _read_after(text[noun.end() :])
            if after is not None:
                return after, unit
    return None, unit
