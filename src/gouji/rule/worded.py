"""Target and result told in sentences: 实施…医疗机构37个 against 本年度已完成36个…."""

from __future__ import annotations

from functools import lru_cache

from gouji.form.label import compact
from gouji.model import Reading, ReadingKind
from gouji.number import Role, find_numbers, is_money, normal_unit
from gouji.pattern import compiled

__all__ = ["falls_short_in_words"]

# A part of the year or of the whole, a comparison with another year, and figures of which less may be better.
_OF_ELSE = compiled(
    r"[内前]$|之内|平均|分钟|小时|工作日|季度|半年|月底|截至|其中|同比|环比|较|比[上去]|增长|下降|减少|降低|压减|控制|不超过|以内|小于|低于|少于|上年|去年|每|各|/"
    r"|投诉|事故|死亡|伤亡|发生|差错|逾期|违规|违法|上访|信访|案件|率"
)
_SHORT = 8
_SHARED = 3


def falls_short_in_words(target: str, actual: str) -> bool:
    """Whether the result names fewer of the very thing that the target names a number of.

    Said only where each text counts that thing once, the texts speak of the same (they share words, or the result
    hardly says more than its number), and neither speaks of a part of the year or of what should be small.
    """
    return _falls_short(target, actual)


@lru_cache(maxsize=2048)
def _falls_short(target: str, actual: str) -> bool:
    if _OF_ELSE.search(target) or _OF_ELSE.search(actual):
        return False
    if _same_frame(target, actual):
        return True
    wanted, words = _counted(target)
    reached, said = _counted(actual)
    pairs = [(wanted[unit], reached[unit]) for unit in wanted if unit in reached]
    if len(pairs) != 1 or not (len(said) <= _SHORT or len(_pairs(words) & _pairs(said)) >= _SHARED):
        return False
    goal, result = pairs[0]
    return goal.value is not None and result.value is not None and result.value < goal.value


def _same_frame(target: str, actual: str) -> bool:
    """Whether the two say the very same but for their figures, and one figure of the result is smaller."""
    wanted, reached = find_numbers(target), find_numbers(actual)
    if not wanted or len(wanted) != len(reached):
        return False
    frames = []
    for text, found in ((target, wanted), (actual, reached)):
        ends = [0, *(each.end for each in found)]
        starts = [*(each.start for each in found), len(text)]
        frames.append([compact(text[end:start]) for end, start in zip(ends, starts, strict=True)])
    if frames[0] != frames[1] or not any(len(part) > 1 for part in frames[0]):
        return False
    short = False
    for one, other in zip(wanted, reached, strict=True):
        goal, result = one.reading, other.reading
        plain = all(
            each.role is Role.AMOUNT and each.reading.value is not None and not is_money(each.reading.unit)
            for each in (one, other)
        )
        if not plain or goal.unit != result.unit or goal.kind is not result.kind:
            return False
        short = short or (goal.value is not None and result.value is not None and result.value < goal.value)
    return short


def _counted(text: str) -> tuple[dict[str, Reading], str]:
    """The one figure of each counting unit, and the words without the figures."""
    found: dict[str, Reading] = {}
    twice: set[str] = set()
    words, end = [], 0
    for each in find_numbers(text):
        words.append(text[end : each.start])
        end = each.end
        unit = normal_unit(each.reading.unit)
        plain = each.role is Role.AMOUNT and each.reading.kind is ReadingKind.NUMBER
        if not plain or unit is None or is_money(unit) or each.reading.upper is not None:
            continue
        if unit in found:
            twice.add(unit)
        found[unit] = each.reading
    words.append(text[end:])
    return {unit: reading for unit, reading in found.items() if unit not in twice}, "".join(words)


def _pairs(words: str) -> set[str]:
    return {words[at : at + 2] for at in range(len(words) - 1) if words[at : at + 2].isalpha()}
