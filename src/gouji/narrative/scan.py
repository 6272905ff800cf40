"""Which numbers of a text are figures: those that say how much of something there is."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from gouji.frozen import frozen
from gouji.model import Reading
from gouji.narrative.figures import Dimension
from gouji.number.find import Role, find_numbers
from gouji.number.unit import normal_unit, same_dimension, unit_factor
from gouji.pattern import compiled

__all__ = ["Number", "dimension_of", "factor_of", "numbers_in"]

_TIME = ("天", "个月", "年", "小时", "工作日", "周", "季度", "分钟")
_ENDS = compiled(r"\s*(?:$|[，,。；;、）)！!？?：:.]|(?:压缩|缩短|压减|减少|降|提高|延长|增加?)[至到为])")
_CONDITION = compiled(r"(?:以[上下])?的?(?:[需应须]|要求)")
_BATCH = compiled(r"(?:项目|资金|工程|任务)(?!分)")
_INDEX = compiled(r"(?:指数|系数)(?:[（(][^）)]{1,8}[）)])?(?:达到?|为|是|提高到)?$")
_THRESHOLD = compiled(r"单[价位台](?:价值)?(?:在)?$")
_SHORTENED = compiled(r"(?:[由从]|缩短|压缩|压减|提前)[至到为]?$")
_BARE_OK = compiled(
    r"(?:支出|收入|预算|决算|金额|总额|资金|经费|[率数费额分值款]|合计|共计|得分|[为：:]|编制|在职|在编|在岗|退休|系数由?|(?:提高|上升|下降|降低|增加)[到至])\s*$"
)
_STAFF = compiled(r"(?:(?:编制|在职|在编|在岗|退休|人员)数?|人数)[为：:]?\s*$")
# verbs that move or spend money: behind them a number with decimals, or in 万, is money whose unit was left out
_MOVED = compiled(
    r"(?:调[增减]|追加|核[增减]|结[余转]|支付|支出|安排|下达|批复|拨付|节约|执行|完成|投入|使用|预算|资金|经费)(?:了|为|数)?\s*$"
)
_PART_OF_NAME = compiled(r"[A-Za-z0-9#＃]$")
_RANGE_END = compiled(r"的\s*\d")
_COUNTS_AS = compiled(r"计\s*[\d一二两三四五六七八九十]")
_DATE_NEXT = compiled(r"\s*[-/月日年:]")


@frozen
class Number:
    """A number at ``[start, end)``; ``counts`` if it is a figure: no date, item number or restriction."""

    start: int
    end: int
    reading: Reading
    counts: bool
    dimension: Dimension


@lru_cache(maxsize=1024)
def dimension_of(unit: str | None) -> Dimension:
    """What kind of quantity a unit counts."""
    if unit is None or unit in ("万", "亿", "千", "百"):
        return Dimension.BARE
    if same_dimension(unit, "元"):
        return Dimension.MONEY
    if unit in ("%", "‰", "‱") or unit.endswith("百分点"):
        return Dimension.PERCENT
    if "/" in unit and same_dimension(unit.split("/")[0], "元"):
        return Dimension.PRICE
    if unit == "分":
        return Dimension.SCORE
    if (normal_unit(unit) or unit) in _TIME:
        return Dimension.TIME
    return Dimension.COUNT


@lru_cache(maxsize=1024)
def factor_of(unit: str | None) -> Decimal:
    """How many base units one of ``unit`` is; 1 where the unit is unknown."""
    return unit_factor(unit) or Decimal(1)


def numbers_in(text: str) -> tuple[Number, ...]:
    """Every number of a text, in order."""
    result: list[Number] = []
    for found in find_numbers(text):
        dimension = dimension_of(found.reading.unit)
        if dimension is Dimension.BARE and _STAFF.search(text, max(0, found.start - 6), found.start):
            dimension = Dimension.COUNT
        elif (
            dimension is Dimension.BARE
            and found.reading.unit in ("万", "亿")
            and _money(text, found.start, found.end)
        ):
            dimension = Dimension.MONEY  # 执行573万，
        counts = found.role is Role.AMOUNT and _counts(text, found.start, found.end, dimension)
        result.append(Number(found.start, found.end, found.reading, counts, dimension))
    return tuple(result)


def _money(text: str, start: int, end: int) -> bool:
    """Whether a number in 万 is money: a verb of money in front and no noun that it could count behind."""
    return bool(_MOVED.search(text, max(0, start - 6), start) and _ENDS.match(text, end))


def _counts(text: str, start: int, end: int, dimension: Dimension) -> bool:
    if text[start - 1 : start] in '“"' and text[start] in "一二三两四五六七八九十" and start:
        return False  # “两卡制”
    if text[start] in "二三四五" and text[end - 1 : end] == "批" and _BATCH.match(text, end):
        return False  # 一批项目…，三批项目…
    if dimension is Dimension.MONEY and _THRESHOLD.search(text, max(0, start - 4), start):
        return False  # 单价50万元以上通用设备2台
    if (
        dimension is Dimension.SCORE
        and _RANGE_END.match(text, end)
        and text[start - 1 : start] in "-—~～至到"
    ):
        return False  # 得分在90（含）-100分的51个
    if _CONDITION.match(text, end):
        return False  # 执行率未达到90%的需说明原因
    if dimension is Dimension.TIME:
        return bool(_ENDS.match(text, end) or _SHORTENED.search(text, max(0, start - 4), start))
    if dimension is Dimension.BARE:
        if text[start - 1 : start] in (":", "：") and text[start - 2 : start - 1].isdigit():
            return False  # 生师比17.6:1
        if text[end : end + 1] and text[end - 1 : end] in "万亿千百" and text[end : end + 1] > "\u4e00":
            return True
        if _DATE_NEXT.match(text, end, end + 3):
            return False
        if (
            "." in text[start:end]
            and _MOVED.search(text, max(0, start - 6), start)
            and _ENDS.match(text, end)
        ):
            return True  # 调减134.65，
        if "." in text[start:end] and _INDEX.search(text, max(0, start - 16), start):
            return True
        return bool(_BARE_OK.search(text, max(0, start - 6), start))
    if _COUNTS_AS.match(text, end) or (
        text[start - 1 : start] == "计" and text[start - 2 : start - 1] not in "共合总累"
    ):
        return False  # 1个计2个: a counting rule
    return not _PART_OF_NAME.search(text[max(0, start - 1) : start])
