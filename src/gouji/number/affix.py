"""What stands before and after the digits: comparisons, approximations, units, notes."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from gouji.number.unit import CLASSIFIERS, leading_unit
from gouji.pattern import compiled

__all__ = ["Prefix", "Suffix", "read_prefix", "read_suffix"]


def _words(mark: str, text: str) -> dict[str, str]:
    return dict.fromkeys(text.split(), mark)


# The law counts 以上, 以下 and 以内 inclusive (Civil Code, article 1259).
_BEFORE = {
    **_words("≥", "≥ >= => 不少于 不低于 不小于 不得少于 不得低于 大于等于 大于或等于 高于等于 高于或等于"),
    **_words("≥", "至少 最少 最低 不短于 达到或超过 不低于等于"),
    **_words(">", "> 大于 超过 超 高于 多于 超出"),
    **_words(
        "≤", "≤ <= =< 不超过 不得超过 不超 不高于 不得高于 不大于 不多于 未超过 未超 不突破 不晚于 不长于"
    ),
    **_words("≤", "小于等于 小于或等于 低于等于 低于或等于 至多 最多 最高 控制在 严格控制在"),
    **_words("<", "< 小于 低于 少于 不足 不满"),
    **_words("=", "= == 等于"),
}
_ABOUT_BEFORE = frozenset(_words("", "约 大约 约为 约等于 近 接近 将近 大概 ≈"))
_NEUTRAL = frozenset(
    _words(
        "",
        """达到 达 已达 已达到 完成 已完成 实际完成 全部完成 实际 实际为 共 共计 合计 累计 累计完成 总计
        计 为 是 ¥ 人民币 共完成""",
    )
)
_MONEY = frozenset({"¥", "人民币"})
_AFTER = {
    **_words("≥", "以上 及以上 或以上 含以上 (含)以上 以上(含) 起"),
    **_words("≤", "以下 及以下 或以下 (含)以下 以下(含) 以内 之内 内 (含)以内"),
}
_ABOUT_AFTER = frozenset(_words("", "左右 上下 余 多 许 余左右 有余"))
# What a person adds to a percentage without changing it.
_DONE = frozenset(
    _words(
        "",
        """完成 达标 合格 到位 覆盖 通过 落实 发放 支付 执行 及时 已完成 全部完成 完成率 达标率 合格率
        全覆盖""",
    )
)
_LONGEST_WORD = max(map(len, (*_BEFORE, *_ABOUT_BEFORE, *_NEUTRAL)))
_ENDING = "。.;,、!"
_NOTE = compiled(r"\([^()]*\)$")
_FIGURE = compiled(r"[-+]?[0-9.,]+%?")
_LONGEST_NOUN = 8
_DENIES = frozenset("未不无没第以性级等届")  # 以 of 以上, 以下, 以内
# A lone character after a number that makes it something else than an amount.
_NOT_UNITS = frozenset(
    "号级届等第时是的和与及或至到一二三四五六七八九十百千两零般经完后前中底初末已未不无有余多约季"
)


class Prefix(NamedTuple):
    """The words before a number: their comparison, whether they say «about», whether they name money."""

    comparison: str | None = None
    approximate: bool = False
    money: bool = False


class Suffix(NamedTuple):
    """What follows a number.

    ``percents`` counts the signs (95%% has two); ``rest`` is a range's second half.
    """

    unit: str | None = None
    percents: int = 0
    comparison: str | None = None
    approximate: bool = False
    rest: str = ""


@lru_cache(maxsize=1024)
def read_prefix(text: str) -> Prefix | None:
    """Understand the canonical text before a number, blanks removed; None where it says something else."""
    comparison: str | None = None
    approximate = money = False
    while text:
        for size in range(min(_LONGEST_WORD, len(text)), 0, -1):
            word = text[:size]
            if word in _BEFORE:
                mark = _BEFORE[word]
                if comparison not in (None, mark):
                    return None
                comparison = mark
            elif word in _ABOUT_BEFORE:
                approximate = True
            elif word in _NEUTRAL:
                money = money or word in _MONEY
            else:
                continue
            text = text[size:]
            break
        else:
            return None
    return Prefix(comparison, approximate, money)


@lru_cache(maxsize=2048)
def read_suffix(text: str, *, lenient: bool = True) -> Suffix | None:
    """Understand the canonical text after a number, blanks removed; None where it says something else.

    ``lenient`` also takes a lone unknown character for a unit, and the thing counted behind a counting word
    (37个基层医疗机构). A range's second half stays in ``rest``.
    """
    if not text:
        return Suffix()
    unit, percents, approximate, text = _read_unit(text)
    if text[:1] in ("-", "~", "至", "到") and text[1:]:
        return Suffix(unit, percents, None, approximate, text)
    after = _read_after(text)
    if after is None and lenient:
        after, unit = _lenient(text, unit)
    if after is None:
        return None
    comparison, about, note = after
    if unit is None and note is not None and leading_unit(note) == len(note) > 0:
        unit = note
    return Suffix(unit, percents, comparison, approximate or about)


def _read_unit(text: str) -> tuple[str | None, int, bool, str]:
    """(unit, percent signs, approximate, what is left) of 万余元以上, 多人, %%."""
    approximate = text[0] == "余" or text == "多" or (text[0] in "多来" and leading_unit(text[1:]) > 0)
    if approximate:
        text = text[1:]
    percents = len(text) - len(text.lstrip("%"))
    if percents:
        return "%", percents, approximate, text[percents:]
    inside = _about_inside(text)
    if inside:
        size = leading_unit(text[inside + 1 :])
        return text[:inside] + text[inside + 1 : inside + 1 + size], 0, True, text[inside + 1 + size :]
    size = leading_unit(text)
    return (text[:size] or None), 0, approximate, text[size:]


def _about_inside(text: str) -> int:
    """The length of the multiplier in 万余元, 千多人 (0 where there is none)."""
    at = 0
    while at < len(text) and text[at] in "亿万千百十":
        at += 1
    return at if 0 < at < len(text) and text[at] in "余多" else 0


def _read_after(text: str) -> tuple[str | None, bool, str | None] | None:
    """(comparison, approximate, note) of what follows the unit; None where there are other words."""
    note: str | None = None
    while text:
        if text in _AFTER:
            return _AFTER[text], False, note
        if text in _ABOUT_AFTER:
            return None, True, note
        if text in _DONE:
            return None, False, note
        if text[-1] in _ENDING:
            text = text.rstrip(_ENDING)
            continue
        found = _NOTE.search(text)
        if found is None:
            return None
        note = found[0][1:-1]
        if _FIGURE.fullmatch(note):
            return None  # 95(100): two answers
        text = text[: found.start()]
    return None, False, note


def _lenient(text: str, unit: str | None) -> tuple[tuple[str | None, bool, str | None] | None, str | None]:
    if unit is None and text:
        # an unknown counting word: 42宗
        if "\u4e00" <= text[0] <= "\u9fff" and text[0] not in _NOT_UNITS:
            return _read_after(text[1:]), text[0]
        return None, unit
    if unit in CLASSIFIERS:
        size = 0
        while size < min(_LONGEST_NOUN, len(text)) and "\u4e00" <= text[size] <= "\u9fff":
            size += 1
        if size and _DENIES.isdisjoint(text[:size]):
            return _read_after(text[size:]), unit
    return None, unit
