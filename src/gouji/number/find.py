"""Every figure inside a longer text, and what each is for: an amount, a date, an ordinal, a numbering."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache

from gouji.frozen import frozen
from gouji.model import Reading, ReadingKind, Spelling
from gouji.number.charset import canonical_sentence
from gouji.number.chinese import NUMERAL_CHARS
from gouji.number.reading import read_number
from gouji.number.unit import CLASSIFIERS, is_money, known_unit, leading_unit
from gouji.pattern import compiled

__all__ = ["Found", "Role", "find_numbers"]


class Role(StrEnum):
    """What a figure does in its sentence; only an AMOUNT says how much."""

    AMOUNT = "amount"
    DATE = "date"
    ORDINAL = "ordinal"
    NUMBERING = "numbering"
    REFERENCE = "reference"


@frozen
class Found:
    """A figure at ``text[start:end]``, its comparison and unit included; ``reading.text`` is that quotation.

    ``reading`` of a DATE has kind DATE, of an ORDINAL or NUMBERING kind WORD. A REFERENCE (a document,
    identity or telephone number) is a WORD too, but an age that says who is meant keeps its reading.
    """

    start: int
    end: int
    reading: Reading
    role: Role


_YEAR = "(?:19|20)[0-9]{2}"
_CN = "一二三四五六七八九十"
_TO = "(?:--?|~|至|到)"  # canonical_sentence turns every dash into a hyphen
_ALONE = r"(?<![0-9.,])"  # not inside a longer number
_LINE = r"(?:(?<=\n)|(?<![\s\S]))"
_CLAUSE = r"(?:(?<=[\n。；;：:！？!?，,、)） ])|(?<![\s\S]))"

_REFERENCE = (
    rf"[〔\[【(（]{_YEAR}[〕\]】)）] ?第? ?[0-9]+ ?号?",
    r"(?<![0-9A-Za-z_])(?!(?:RMB|CNY|GDP)[0-9])[A-Za-z_]++(?:[-/][A-Za-z]*+)?[0-9][0-9A-Za-z_.-]*",
    r"(?![0-9]+[OolI][0-9OolI.]*(?:万|亿)?[元%人户个])[0-9]+[A-Za-z]+[0-9](?:[0-9A-Za-z_-]*[0-9A-Za-z])?",
    rf"{_ALONE}0[0-9]{{2,3}}-[0-9]{{7,8}}(?![0-9])",
    rf"{_ALONE}1[3-9][0-9]{{9}}(?![0-9.,元万亿])",
    rf"{_ALONE}[0-9]{{16,}}[Xx]?(?![.,][0-9])",
    r"(?<=电话[:：])[0-9-]{5,}|(?<=电话[:：] )[0-9-]{5,}",
    r"[0-9]{3,5}(?=热线|政务服务便民|救助热线|投诉)",
    r"第?[0-9]+号(?:令|文|楼|院|线)?",
    r"(?<=附件|附表|附图)[0-9]{1,2}(?![0-9.])",
    r"(?<=公开)[0-9]+(?:-[0-9]+)?表",
    rf"{_LINE}[0-9]{{3,}}(?=-[\u4e00-\u9fff])",
    rf"第(?:[0-9]+|[零百{_CN}]+)[条款章]",
)
_DATE = (
    rf"{_YEAR}年?{_TO}{_YEAR}(?:年度?)?(?![0-9年])",
    rf"{_YEAR}([-./])[0-9]{{1,2}}\3[0-9]{{1,2}}日?(?![0-9])(?:{_TO}{_YEAR}\3[0-9]{{1,2}}\3[0-9]{{1,2}}日?)?",
    rf"{_YEAR}\.[0-9]{{1,2}}{_TO}(?:{_YEAR}\.)?[0-9]{{1,2}}月?(?![0-9.,])",
    (
        rf"{_YEAR} ?年度?(?: ?[0-9]{{1,2}} ?月份?(?: ?[0-9]{{1,2}} ?[日号])?)?[底末初]?"
        rf"(?:{_TO}(?:{_YEAR}年)?[0-9]{{1,2}}月(?:[0-9]{{1,2}}日)?)?"
    ),
    rf"{_ALONE}[0-9]{{1,2}}月?{_TO}[0-9]{{1,2}}月份?(?![0-9])",
    rf"{_ALONE}[0-9]{{1,2}}月份?(?:[0-9]{{1,2}}[日号])?[底末初]?(?:{_TO}[0-9]{{1,2}}月(?:[0-9]{{1,2}}日)?)?",
    rf"{_ALONE}[0-9]{{1,2}}日(?=[前起至到上下晚早,，。;；、)）]|$)",
    rf"[一二][〇○零{_CN[:9]}]{{3}}年度?(?:[{_CN}]{{1,2}}月(?:[{_CN}]{{1,3}}[日号])?)?",
    rf"(?<![0-9.,{_CN}])[{_CN}]{{1,2}}月(?:[{_CN}]{{1,3}}[日号])?(?:份|底|初|末)?",
    r"(?<![0-9:])[0-2]?[0-9]:[0-5][0-9](?![0-9:])",
)
_ORDINAL = (
    rf"第 ?(?:[0-9]+|[零〇百{_CN}]+) ?(?:季度|个|次|届|名|位|批|期|轮|节|项|类|组|站|步|年|代|线)?",
    (
        rf"(?:[0-9]+(?:[、,-][0-9]+){{0,9}}|[{_CN}]+(?:、[{_CN}]+){{0,9}})"
        rf"(?:级|等奖|等功|届|季度|次会议|中全会|大精神|大报告|大以来)"
    ),
    rf"前[0-9{_CN}](?=[名位])",
    rf"(?<=党的)[{_CN}]+大",
)
_NUMBERING = (
    rf"(?<!指标)(?<!满意度)(?<!分值)\( ?(?:[0-9]{{1,2}}|[{_CN}]{{1,3}}) ?\)",
    rf"{_CLAUSE}[0-9]{{1,2}} ?(?:\. ?(?={_YEAR}年)|、(?={_YEAR}年|[^0-9\s]|\s)|\)(?![0-9]))",
    rf"{_ALONE}[0-9]{{1,2}}\.(?![0-9])(?= *[\u4e00-\u9fff“《(\[])",
    rf"{_LINE} *[0-9]{{1,2}}、(?=[0-9]+[^0-9.,、\s级%])(?![0-9]+(?:万|亿)?元)",
    rf"{_CLAUSE}[{_CN}]{{1,3}}(?:、|是(?![{_CN}]))",
    r"(?<=指标|目标|任务)[0-9]{1,2}(?= ?[:：、])",
)
_PERCENT = (rf"[百千万]分之[{NUMERAL_CHARS}点]+",)
_NUMERAL = (rf"(?<![第{NUMERAL_CHARS}])[{NUMERAL_CHARS}]+(?:点[{_CN}]+)?",)
_AMOUNT = (
    r"[0-9]{1,3}(?:，[0-9]{3})+\.[0-9]+",
    r"[0-9]+。[0-9]+(?=(?:万|亿)?元|%)",
    r"[0-9]+[OolI][0-9OolI]*(?:\.[0-9]+)?(?=(?:万|亿)?元|%|人|户|个)",
    r"[0-9]{1,3}(?: [0-9]{3})+\.[0-9]{2}(?![0-9])",
    r"[0-9]+(?:[.,]{1,3}[0-9]+){0,8}",
)
# What any of the patterns can begin with; tried first, for most characters of a text begin none.
_BEGINS = rf"(?=[0-9A-Za-z_ 第前\[(（〔【{NUMERAL_CHARS}])"
_SCANNER = _BEGINS + "(?:{})".format(
    "|".join(
        f"(?P<{name}>{'|'.join(patterns)})"
        for name, patterns in (
            ("reference", _REFERENCE),
            ("date", _DATE),
            ("ordinal", _ORDINAL),
            ("numbering", _NUMBERING),
            ("percent", _PERCENT),
            ("numeral", _NUMERAL),
            ("amount", _AMOUNT),
        )
    )
)
_BEFORE = (
    "≥|>=|=>|>|≤|<=|=<|<|不少于|不低于|不小于|不得少于|不得低于|大于等于|大于或等于|至少|大于|超过|高于|多于|"
    "不超过|不得超过|不高于|不大于|不多于|未超过|小于等于|小于或等于|至多|控制在|小于|低于|少于|不足|"
    "大约|约为|(?<![节合预签契条公制租简])约|(?<![最附临贴靠亲就])近|接近|将近|¥"
)
_AFTER = (
    r"及以上|或以上|\(含\)以上|以上|及以下|或以下|以下(?!简称|称|问题|几|方面)|以内|之内|左右|上下"
    r"|(?<=[日天年月时])内|余(?=[，。；、,;）)]|$)"
)
# Numerals that belong to a name: 四个意识, 八项规定, 两项补贴, 三支一扶.
_NAMES = compiled(
    '确立|维护|意识|自信|代表|全面|文明|务必|巩固|结合|坚持|必须|规定|一[体扶“”"]|一$|红线|补贴'
)
_NOT_COUNTED = frozenset("分 点 方 面 级 年 度 类 部 门 节 片 对 道 期 届".split())  # noqa: SIM905 -- as read
_AGES = frozenset({"岁", "周岁"})
_READ = (ReadingKind.NUMBER, ReadingKind.PERCENT, ReadingKind.MALFORMED)
_WINDOW = 14  # the longest comparison in front of a number, and unit behind one


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], ...]:
    """Compiled at first use: start-up counts for the command line."""
    return (
        compiled(_SCANNER),
        compiled(rf"(?:{_BEFORE})(?: ?(?:{_BEFORE}))? ?$"),
        compiled(rf" ?(?:{_AFTER})"),
        compiled(rf"{_TO}[0-9]+(?:\.[0-9]+)?"),
        compiled(rf"{_YEAR}(?:\.(?:0?[1-9]|1[0-2]))?"),
        compiled(r"[0-9]{1,2}(?:\.[0-9]{1,2}){1,3}"),
    )


@lru_cache(maxsize=2048)
def find_numbers(text: str) -> tuple[Found, ...]:
    """Find every figure of a text, in order.

    Amounts carry their comparison, approximation and unit (``不少于3.5万元``). Chinese numerals are amounts
    only in front of a known unit (三万五千元, 两个社区), the article-like 一 (一个, 一批) never, and 二 with
    a counting word is an ordinal (Chinese counts with 两). Ages (0-14岁) say who is meant and are
    references, unless a life expectancy is spoken of.

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
        kind = next(name for name in _GROUPS if match[name] is not None)
        if kind in _COUNTED:
            item = _amount(text, plain, match, kind, found[-1].end if found else 0)
        else:
            item = _other(text, match.start(), match.end(), Role(kind))
        if item is not None:
            found.append(item)
            at = item.end
        else:
            at = match.end()
    return tuple(found)


_COUNTED = ("percent", "numeral", "amount")
_GROUPS = (*(role.value for role in Role if role is not Role.AMOUNT), *_COUNTED)


def _other(text: str, start: int, end: int, role: Role) -> Found:
    kind = ReadingKind.DATE if role is Role.DATE else ReadingKind.WORD
    start = end - len(text[start:end].lstrip())
    return Found(start, end, Reading(text[start:end], kind), role)


def _amount(text: str, plain: str, match: re.Match[str], kind: str, floor: int) -> Found | None:
    start, end = match.span()
    unit_end, unit = _unit_after(plain, end)
    if kind == "numeral":
        role = _numeral_role(plain, plain[start:end], end, unit)
        if role is not Role.AMOUNT:
            return None if role is None else _other(text, start, unit_end, role)
    elif kind == "amount" and not unit:
        other = _not_counted(text, plain, start, end)
        if other is not None:
            return other
        if "," in plain[start:end]:
            end = _end_of_first(plain[start:end]) + start
    elif kind == "amount" and "," in plain[start:end] and unit != "%" and not is_money(unit):
        first = _end_of_first(plain[start:end]) + start
        unit_end, unit, end = (unit_end, unit, end) if first == end else (first, "", first)
    end, unit = (unit_end, unit) if unit else (end, unit)
    if kind == "amount":
        end, unit = _range_end(text, plain, start, end, unit)
    role = Role.AMOUNT
    if unit in _AGES and "寿命" not in re.split("[，。；、,;]", plain[max(0, start - _WINDOW) : start])[-1]:
        role = Role.REFERENCE
    return _widened(text, plain, (start, end), floor, role)


def _widened(text: str, plain: str, span: tuple[int, int], floor: int, role: Role) -> Found | None:
    """Take in the comparison before, the sign, and what qualifies after; less where that cannot be read."""
    _, before, after, *_ = _patterns()
    start, end = span
    wide_start, wide_end = start, end
    behind = after.match(plain, end)
    if behind is not None:
        wide_end = behind.end()
    ahead = before.search(plain, max(floor, start - _WINDOW), start)
    if ahead is not None:
        wide_start = ahead.start()
    elif start > floor and plain[start - 1] == "-" and _is_sign(plain, start - 1):
        wide_start = start - 1
    for first, last in ((wide_start, wide_end), (start, end)):
        reading = read_number(text[first:last])
        if reading.kind in _READ:
            return Found(first, last, reading, role)
    return None


def _not_counted(text: str, plain: str, start: int, end: int) -> Found | None:
    """A bare number that is a year, a month with its year, a section number or part of a name."""
    _, _, _, _, year, section = _patterns()
    digits, following = plain[start:end], plain[end : end + 1]
    if following.isascii() and following.isalpha():
        return _other(text, start, end + 1, Role.REFERENCE)  # 5G, 3A
    if year.fullmatch(digits) and ("." in digits or following > "\u4e00"):
        return _other(text, start, end, Role.DATE)
    line = plain.rfind("\n", 0, start) + 1
    heads_line = start - line < _WINDOW and not plain[line:start].strip()
    if heads_line and section.fullmatch(digits) and plain[end : end + 4].lstrip(" 、")[:1] > "\u4e00":
        return _other(text, start, end, Role.NUMBERING)
    return None


def _end_of_first(digits: str) -> int:
    """Where the first number of a list such as ``3,5`` ends; the whole where it is one number."""
    reading = read_number(digits)
    if reading.spelling not in (Spelling.COMMA_AS_POINT, Spelling.GROUPING) and reading.kind in _READ:
        return len(digits)
    pieces = digits.split(",")
    if all(read_number(piece).kind is ReadingKind.NUMBER for piece in pieces):
        return len(pieces[0])
    return len(digits)


def _range_end(text: str, plain: str, start: int, end: int, unit: str) -> tuple[int, str]:
    """Where 3-5天 ends that began with 3; (end, unit) as given where there is no range."""
    span = _patterns()[3].match(plain, end)
    if span is None:
        return end, unit
    second_end, second = _unit_after(plain, span.end())
    if read_number(text[start:second_end]).upper is None:
        return end, unit
    return second_end, second or unit


def _unit_after(plain: str, end: int) -> tuple[int, str]:
    """Where the unit after ``end`` ends, and its name without 余 and 多; (``end``, "") if there is none."""
    at = end
    while plain[at : at + 1] == " ":
        at += 1
    if plain[at : at + 1] == "%":
        while plain[at : at + 1] == "%":
            at += 1
        return at, "%"
    tail = plain[at : at + _WINDOW]
    if tail[:1] in ("余", "多", "来") and leading_unit(tail[1:]):
        at, tail = at + 1, tail[1:]
    size = leading_unit(tail)
    if tail[:size] in ("万", "亿", "千", "百") and tail[size : size + 1] in ("余", "多"):
        more = leading_unit(tail[size + 1 :])
        if more:
            return at + size + 1 + more, tail[:size] + tail[size + 1 : size + 1 + more]
    if size and tail[size - 1] == "人" and tail[size : size + 1] in ("均", "民", "大", "社", "力", "才"):
        size -= tail[size : size + 2] not in ("大中", "大型", "大小")
    if (
        size
        and tail[size - 1].isascii()
        and tail[size : size + 1].isascii()
        and tail[size : size + 1].isalnum()
    ):
        size = 0  # the m of 5max
    return (at + size, tail[:size]) if known_unit(tail[:size]) else (end, "")


def _numeral_role(plain: str, digits: str, end: int, unit: str) -> Role | None:
    """Whether a Chinese numeral counts; None for an article (一个), a name (四个意识), a part of a word."""
    if not unit or digits in ("一", "几") or digits[0] in "万千百亿":
        return None
    if digits == "二" and unit in CLASSIFIERS:
        return Role.ORDINAL
    if unit in _NOT_COUNTED or _NAMES.match(plain, end + len(unit)):
        return None
    return Role.AMOUNT


def _is_sign(plain: str, at: int) -> bool:
    """A hyphen is a minus after a word, a bracket or a colon, and not between two figures or letters."""
    previous = plain[at - 1] if at else ""
    return not (previous.isascii() and previous.isalnum()) and previous not in tuple("-~%)）》年月日号元")
