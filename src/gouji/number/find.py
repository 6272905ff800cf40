"""Every figure inside a longer text, and what each is there for: an amount, a date, an ordinal, a numbering."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from gouji.model import Reading, ReadingKind
from gouji.number.charset import canonical_sentence
from gouji.number.chinese import NUMERAL_CHARS
from gouji.number.reading import read_number
from gouji.number.unit import known_unit, leading_unit

__all__ = ["Found", "Role", "find_numbers"]


class Role(StrEnum):
    """What a figure does in its sentence; only an AMOUNT says how much."""

    AMOUNT = "amount"
    DATE = "date"
    ORDINAL = "ordinal"
    NUMBERING = "numbering"
    REFERENCE = "reference"


@dataclass(frozen=True, slots=True)
class Found:
    """A figure at ``text[start:end]``, its comparison and unit included; ``reading.text`` is that quotation.

    ``reading`` of a DATE has kind DATE, of an ORDINAL, NUMBERING or REFERENCE (document numbers, identity and
    telephone numbers, ages that say who is meant) kind WORD.
    """

    start: int
    end: int
    reading: Reading
    role: Role


_YEAR = "(?:19|20)[0-9]{2}"
_CN = "一二三四五六七八九十"
_CLAUSE = r"(?:(?<=[\n。；;：:！？!?，,、)（( ])|(?<![\s\S]))"
_SEP = "(?:--?|~|至|到)"

_SCANNER = "|".join(
    (
        # --- references
        rf"(?P<reference>[〔\[【(（]{_YEAR}[〕\]】)）] ?第? ?[0-9]+ ?号?"
        r"|(?<![0-9A-Za-z])[A-Za-z_][A-Za-z_]*[-/]?[A-Za-z]*[0-9][0-9A-Za-z_.-]*"
        r"|[0-9]+[A-Za-z]+[0-9][0-9A-Za-z_-]*"
        r"|(?<![0-9.,])0[0-9]{2,3}-[0-9]{7,8}(?![0-9])"
        r"|(?<![0-9.,])1[3-9][0-9]{9}(?![0-9.,]|元|万|亿)"
        r"|(?<![0-9.,])[0-9]{16,}[Xx]?(?![.,][0-9])"
        r"|第?[0-9]+号(?:令|文|楼|院|线)?"
        r"|(?<=附件|附表|附图)[0-9]{1,2}(?![0-9.])|(?<=公开)[0-9]+(?:-[0-9]+)?表"
        r"|第(?:[0-9]+|[零一二三四五六七八九十百]+)[条款章])",
        # --- dates
        rf"(?P<date>{_YEAR}年?{_SEP}{_YEAR}年度?"
        rf"|{_YEAR}([-./])[0-9]{{1,2}}\3[0-9]{{1,2}}日?(?![0-9])(?:{_SEP}{_YEAR}\3[0-9]{{1,2}}\3[0-9]{{1,2}}日?)?"
        rf"|{_YEAR} ?年度?(?: ?[0-9]{{1,2}} ?月份?(?: ?[0-9]{{1,2}} ?[日号])?)?[底末初]?"
        rf"(?:{_SEP}(?:{_YEAR}年)?[0-9]{{1,2}}月(?:[0-9]{{1,2}}日)?)?"
        rf"|[0-9]{{1,2}}月?{_SEP}[0-9]{{1,2}}月份?(?![0-9])"
        r"|(?<![0-9.,])[0-9]{1,2}月份?(?:[0-9]{1,2}[日号])?[底末初]?"
        r"|(?<![0-9.,])[0-9]{1,2}日(?=[前起至到上下晚早,，。;；、)）]|$)"
        r"|[一二][〇○零一二三四五六七八九]{3}年度?(?:[一二三四五六七八九十]{1,2}月(?:[一二三四五六七八九十]{1,3}[日号])?)?"
        r"|(?<![0-9.,一二三四五六七八九十])[一二三四五六七八九十]{1,2}月(?:[一二三四五六七八九十]{1,3}[日号])?(?:份|底|初|末)?"
        r"|(?<![0-9])[0-2]?[0-9]:[0-5][0-9](?![0-9]))",
        # --- ordinals
        rf"(?P<ordinal>第 ?(?:[0-9]+|[零〇百{_CN}]+) ?(?:季度|个|次|届|名|位|批|期|轮|节|项|类|组|站|步|年|代|线|一)?"
        rf"|(?:[0-9]+(?:[、,-][0-9]+)*|[{_CN}]+(?:、[{_CN}]+)*)(?:级|等奖|等功|届|季度|次会议|中全会|大精神|大报告|大以来)"
        rf"|前[0-9{_CN}](?=[名位])"
        rf"|(?<=党的)[{_CN}]+大)",
        # --- numbering
        rf"(?P<numbering>\( ?(?:[0-9]{{1,2}}|[{_CN}]{{1,3}}) ?\)"
        rf"|{_CLAUSE}[0-9]{{1,2}}(?:[.．] ?(?={_YEAR}年)|[、](?={_YEAR}年|[^0-9\s]|\s)|\)(?![0-9]))"
        rf"|(?<![0-9.,])[0-9]{{1,2}}[.．](?![0-9])(?= *[\u4e00-\u9fff“《(])"
        rf"|(?:(?<=\n)|(?<![\s\S]))[0-9]{{1,2}}[、.．](?=[0-9]+[^0-9.,、\s级])"
        rf"|{_CLAUSE}[{_CN}]{{1,3}}(?:、|是(?![{_CN}]))"
        r"|(?<=指标|目标|任务)[0-9]{1,2}(?= ?[:：、]))",
        # --- amounts
        rf"(?P<percent>[百千]分之[{NUMERAL_CHARS}点]+)",
        rf"(?P<numeral>(?<![第{NUMERAL_CHARS}])[{NUMERAL_CHARS}]+(?:点[{_CN}]+)?)",
        r"(?P<amount>[0-9]{1,3}(?:，[0-9]{3})+\.[0-9]+"
        r"|[0-9]+。[0-9]+(?=(?:万|亿)?元|%)"
        r"|[0-9]+[OolI][0-9OolI]*(?:\.[0-9]+)?(?=(?:万|亿)?元|%|人|户|个)"
        r"|[0-9]+(?:[.,]+[0-9]+)*)",
    )
)
_BEFORE = (
    "≥|>=|=>|>|≤|<=|=<|<|不少于|不低于|不小于|不得少于|不得低于|大于等于|大于或等于|至少|大于|超过|高于|多于|"
    "不超过|不得超过|不高于|不大于|不多于|未超过|小于等于|小于或等于|至多|控制在|小于|低于|少于|不足|"
    "大约|约为|(?<![节合预签契条公制租])约|(?<![最附临贴靠亲])近|接近|将近|¥"
)
_AFTER = (
    r"及以上|或以上|以上|及以下|或以下|以下(?!简称|称|问题|几|方面)|以内|之内|左右|上下|余(?=[，。；、,;）)]|$)"
)
_SLOGANS = re.compile("确立|维护|意识|自信|代表|全面|文明|一[”\"]|务必|巩固|结合|坚持|必须")
_AGES = frozenset(("岁", "周岁"))
_VAGUE_ONES = frozenset("一 两 几".split())


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    return (
        re.compile(_SCANNER),
        re.compile(rf"(?:{_BEFORE})(?: ?(?:{_BEFORE}))? ?$"),
        re.compile(rf" ?(?:{_AFTER})"),
        re.compile(rf"{_SEP}([0-9]+(?:\.[0-9]+)?)"),
    )


@lru_cache(maxsize=2048)
def find_numbers(text: str) -> tuple[Found, ...]:
    """Find every figure of a text, in order.

    Amounts carry their comparison, approximation and unit (``不少于3.5万元``). Chinese numerals count as amounts only
    in front of a known unit (三万五千元, 两个社区), the article-like 一 (一个, 一批) never. Ages (0-14岁) say who is
    meant and are references, unless a life expectancy is spoken of.

    Args:
        text: any running text or cell.

    Returns:
        What was found; an empty tuple where there is nothing. Never raises.
    """
    plain = canonical_sentence(text)
    scanner = _patterns()[0]
    found: list[Found] = []
    at = 0
    while (match := scanner.search(plain, at)) is not None:
        kind = match.lastgroup or ""
        item = None
        if kind in {"amount", "percent", "numeral"}:
            item = _amount(text, plain, match, kind, found[-1].end if found else 0)
        else:
            item = _other(text, match, Role(kind))
        if item is not None:
            found.append(item)
        at = max(match.end(), item.end if item is not None else 0)
    return tuple(found)


def _other(text: str, match: re.Match[str], role: Role) -> Found:
    quoted = text[match.start() : match.end()]
    kind = ReadingKind.DATE if role is Role.DATE else ReadingKind.WORD
    return Found(match.start(), match.end(), Reading(quoted, kind), role)


def _amount(text: str, plain: str, match: re.Match[str], kind: str, floor: int) -> Found | None:
    start, end = match.span()
    _, before, after, range_end = _patterns()
    digits = plain[start:end]
    unit_at, unit = _unit_after(plain, end)
    if kind == "numeral" and not _numeral_counts(plain, digits, end, unit):
        return None
    if kind == "amount" and not unit and re.fullmatch(_YEAR, digits) and plain[end : end + 1] > "\u4e00":
        return Found(start, end, Reading(text[start:end], ReadingKind.DATE), Role.DATE)
    if unit:
        end = unit_at
    span = range_end.match(plain, end)
    if span is not None and kind == "amount":
        second_at, second = _unit_after(plain, span.end())
        joined = read_number(text[start : second_at if second else span.end()])
        if joined.upper is not None:
            end, unit = (second_at if second else span.end()), second or unit
    role = Role.REFERENCE if unit in _AGES and "寿命" not in plain[max(0, start - 12) : start] else Role.AMOUNT
    core = (start, end)
    behind = after.match(plain, end)
    if behind is not None:
        end = behind.end()
    ahead = before.search(plain, max(floor, start - 12), start)
    if ahead is not None:
        start = ahead.start()
    elif start > floor and plain[start - 1] == "-" and _is_sign(plain, start - 1):
        start -= 1
    reading = read_number(text[start:end])
    if reading.kind not in (ReadingKind.NUMBER, ReadingKind.PERCENT, ReadingKind.MALFORMED):
        start, end = core
        reading = read_number(text[start:end])
        if reading.kind not in (ReadingKind.NUMBER, ReadingKind.PERCENT, ReadingKind.MALFORMED):
            return None
    return Found(start, end, reading, role)


def _unit_after(plain: str, end: int) -> tuple[int, str]:
    """Where the unit after ``end`` ends, and its name without 余 and 多; ("" where there is none)."""
    at = end
    while plain[at : at + 1] == " ":
        at += 1
    if plain[at : at + 1] == "%":
        while plain[at : at + 1] == "%":
            at += 1
        return at, "%"
    if plain[at : at + 1] in ("余", "多", "来") and leading_unit(plain[at + 1 : at + 12]):
        at += 1
    tail = plain[at : at + 12]
    size = leading_unit(tail)
    if size and tail[size : size + 1] in ("余", "多") and tail[:size] in ("万", "亿", "千", "百"):
        more = leading_unit(tail[size + 1 :])
        if more:
            return at + size + 1 + more, tail[:size] + tail[size + 1 : size + 1 + more]
    if size and tail[size - 1] == "人" and tail[size : size + 1] in ("均", "民", "大", "社", "力", "才"):
        size -= 1
    if not size or (size and not known_unit(tail[:size])):
        return end, ""
    return at + size, tail[:size]


def _numeral_counts(plain: str, digits: str, end: int, unit: str) -> bool:
    """Whether a Chinese numeral is meant as an amount rather than as an article, a slogan or part of a word."""
    if not unit or unit in {"分", "点", "方", "面", "级", "年", "度", "类", "部", "门", "节", "片", "对", "道"}:
        return False
    if digits in {"一", "几", "万", "千", "百"} or digits[0] in "万千百亿":
        return False
    return not _SLOGANS.match(plain, end + len(unit))


def _is_sign(plain: str, at: int) -> bool:
    """A hyphen is a minus after a word, a bracket or a colon, and not between two figures or letters."""
    if at == 0:
        return True
    previous = plain[at - 1]
    return not (previous.isascii() and previous.isalnum()) and previous not in "-~%)）》年月日号元"
