"""Dates as clerks type them: 2025.10.10, 2024/3/12, 2023年12月31日前, 12月底, 二〇二四年十二月."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from gouji.frozen import frozen
from gouji.number.charset import canonical, without_invisible
from gouji.number.chinese import chinese_number
from gouji.pattern import compiled

__all__ = ["TypedDate", "read_date", "serial_date"]

_YEARS = range(1900, 2100)
_LONGEST = 60
_TO_MARCH_1900 = 61  # Excel's number of 1900-03-01
_TO_1904 = 1462  # days between the two beginnings of time Excel knows


@frozen
class TypedDate:
    """A date as typed; parts that are not stated are None. ``ends`` is the last day of a stated period.

    ``possible`` is False where the calendar has no such day (2025年13月, 2023.2.30).
    """

    year: int | None
    month: int | None
    day: int | None
    ends: TypedDate | None = None

    @property
    def possible(self) -> bool:
        """Whether the calendar has this day (and the one the period ends with)."""
        if self.month is not None and not 1 <= self.month <= 12:
            return False
        if self.day is not None and not 1 <= self.day <= _days_in(self.year, self.month):
            return False
        return self.ends is None or self.ends.possible


_POINT = (
    r"(?:(?P<y1>[0-9]{4})(?P<sep>[-./])(?P<m1>[0-9]{1,2})(?P=sep)(?P<d1>[0-9]{1,2})日?"
    r"|(?P<y2>[0-9]{4})[-/](?P<m2>[0-9]{1,2})月?"
    r"|(?P<y3>[0-9]{4}|[0-9]{2}(?=年[0-9]))年度?(?:(?P<m3>[0-9]{1,2})月份?(?:(?P<d3>[0-9]{1,2})[日号])?)?"
    r"|(?P<m4>[0-9]{1,2})月份?(?:(?P<d4>[0-9]{1,2})[日号])?"
    # 2024.12 and 12.31 are dates only where words say so
    r"|(?P<y5>[0-9]{4})\.(?P<m5>[0-9]{1,2})(?=月|前|底|之前|以前)月?"
    r"|(?P<m6>[0-9]{1,2})\.(?P<d6>[0-9]{1,2})(?=日|号|前|之前|以前)[日号]?)"
)
_BEFORE = r"(?:截至|截止到|截止|不晚于|不迟于|早于|应于|于|在|自|从|到|至|每年|当年|本年|≤|<=|<)?"
_AFTER = (
    r"(?: ?[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)?"
    r"(?:底|末|初|上旬|中旬|下旬|前后|以前|之前|前|以后|之后|后|起|止|以内|内|左右"
    r"|全部完成|已完成|及时完成|完成|完工|竣工|支付|验收|[。.;,、])*+"
)
_JOINT = r"(?:-|~|至|到|--)"


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    second = re.sub(r"P<(\w+?)>", r"P<z\1>", _POINT).replace("(?P=sep)", "(?P=zsep)")
    return (
        compiled(f"{_BEFORE}{_POINT}(?:{_AFTER}{_JOINT}(?:今|{second}))?{_AFTER}"),
        compiled(
            rf"{_BEFORE}(?:(?P<y>[0-9]{{4}})年)?(?P<m>[0-9]{{1,2}})(?:月份?)?{_JOINT}(?P<zm>[0-9]{{1,2}})月份?{_AFTER}"
        ),
        compiled(rf"{_BEFORE}(?P<y>[0-9]{{4}})年?{_JOINT}(?P<zy>[0-9]{{4}})(?P<word>年度?)?{_AFTER}"),
        compiled(r"[〇○零一二三四五六七八九十]{1,4}(?=[年月日号])"),
    )


def read_date(text: str) -> TypedDate | None:
    """The date a text states, None where it states none (or more than a date).

    ``2024.12`` alone is a number, for amounts with two decimals are far commoner than months typed with a
    point; ``2024-12``, ``2024/12`` and anything with 年 or 月 are dates. A bare month is a date (12月), a
    number of months is not (12个月). ``2025.10.10`` is a date only with a year from 1900 to 2099.
    """
    plain = canonical(without_invisible(text)).replace("\n", " ").strip()
    if len(plain) > _LONGEST or not plain:
        return None
    return _read(plain)


@lru_cache(maxsize=2048)
def _read(plain: str) -> TypedDate | None:
    if any(char in "年月日号前" for char in plain):
        plain = plain.replace(" ", "")
        if any(char in "一二三四五六七八九十〇" for char in plain):
            plain = _patterns()[3].sub(_arabic, plain)
    single, months, years, _ = _patterns()
    match = single.fullmatch(plain)
    if match:
        begin = _date_of(match, "")
        if begin is not None:
            end = _date_of(match, "z")
            if end is not None and end.year is None:
                end = TypedDate(begin.year, end.month, end.day)
            return TypedDate(begin.year, begin.month, begin.day, end)
    match = months.fullmatch(plain)
    if match:
        year = int(match["y"]) if match["y"] else None
        return TypedDate(year, int(match["m"]), None, TypedDate(year, int(match["zm"]), None))
    match = years.fullmatch(plain)
    if match and int(match["y"]) in _YEARS and int(match["zy"]) in _YEARS:
        return TypedDate(int(match["y"]), None, None, TypedDate(int(match["zy"]), None, None))
    return None


def _arabic(match: re.Match[str]) -> str:
    value = chinese_number(match[0])
    return match[0] if value is None else str(value)


def _date_of(match: re.Match[str], prefix: str) -> TypedDate | None:
    """The date one of the forms of ``_POINT`` found; ``prefix`` is z for the end of a period."""
    parts = match.groupdict()
    for form in "123456":
        year, month, day = (parts.get(f"{prefix}{part}{form}") for part in "ymd")
        if year is None and month is None:
            continue
        if year is not None and len(year) == 4 and int(year) not in _YEARS:
            return None
        certain = form == "3" or (day is not None and form != "6")
        if month is not None and not certain and not 1 <= int(month) <= 12:
            return None  # 13月 and more is a count of months; 2024-13 is no month
        full = None if year is None else int(year) + (2000 if len(year) == 2 else 0)
        return TypedDate(full, int(month) if month else None, int(day) if day else None)
    return None


def serial_date(days: Decimal, *, since_1904: bool = False) -> TypedDate | None:
    """The date Excel shows for a stored number: 45291 is 2023-12-31.

    Args:
        days: days since 1899-12-30 (the part of a day is dropped); with ``since_1904`` since 1904-01-01.
        since_1904: whether the workbook counts as old Mac workbooks did.

    Returns:
        None outside 1900-03-01 … 2099-12-31: Excel's own calendar is wrong before (it knows a 1900-02-29).
    """
    if not days.is_finite() or not 0 <= days < 100_000:
        return None
    left = int(days) + (_TO_1904 if since_1904 else 0) - _TO_MARCH_1900
    if left < 0:
        return None
    # Years that begin in March have the leap day at their end; four of them are 1461 days up to 2100-02.
    year, left = 1900 + 4 * (left // 1461), left % 1461
    year, left = (year + 3, left - 1095) if left >= 1095 else (year + left // 365, left % 365)
    month = 3
    while left >= (size := _days_in(year + (month > 12), (month - 1) % 12 + 1)):
        left, month = left - size, month + 1
    year, month = (year + 1, month - 12) if month > 12 else (year, month)
    return TypedDate(year, month, left + 1) if year in _YEARS else None


def _days_in(year: int | None, month: int | None) -> int:
    """The days of a month; the most it can have where the year or the month is not stated."""
    if month == 2:
        return 28 if year is not None and (year % 4 or (year % 100 == 0 and year % 400)) else 29
    return 30 if month in (4, 6, 9, 11) else 31
