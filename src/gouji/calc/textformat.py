"""Format codes of TEXT that give the same text in every Excel and in the built-in engine."""

from __future__ import annotations

import re

__all__ = ["is_calendar_format", "is_certain_format"]

_QUOTED = r"\"[^\"]*\"|\\."
_NUMBER = re.compile(
    rf"(?:\[(?:Red|Blue|Green|Black|White|Yellow|Cyan|Magenta)\])?(?:{_QUOTED}|[ ()+\-])*"
    rf"(?:[#0][#0,]*(?:\.[#0]*)?|\.[#0]+)(?:E\+0+)?%?(?:{_QUOTED}|[ ()\-%])*",
    re.IGNORECASE,
)
_LITERAL = re.compile(rf"(?:{_QUOTED}|-)+")
_DATE = re.compile(
    rf"(?:yyyy|yy|mm|m|dd|d)(?:(?:{_QUOTED}|[-/. ])?(?:yyyy|yy|mm|m|dd|d))*(?:{_QUOTED})?", re.IGNORECASE
)
_TIME = re.compile(r"hh?:mm(?::ss)?|\[hh?\]:mm", re.IGNORECASE)
_CALENDAR = re.compile(
    rf"(?:\[\$-[0-9A-F]+\])?(?:(?:yyyy|yy|m{{1,4}}|d{{1,4}}|aaaa?)(?![ymda])|[-/. ]|[年月日]|{_QUOTED})+",
    re.IGNORECASE,
)
_THREE_MONTHS = re.compile(r"mmm|ddd", re.IGNORECASE)


def is_calendar_format(code: str) -> bool:
    """Whether a format code shows the parts of a date, names of months and days and Chinese marks included."""
    return bool(_CALENDAR.fullmatch(code)) and bool(re.search(r"[ymda]", code, re.IGNORECASE))


def is_certain_format(code: str) -> bool:
    """Whether TEXT with this format code is known to be right."""
    sections = code.split(";")
    if len(sections) > 3:
        return False
    if all(
        _NUMBER.fullmatch(one) or (index and _LITERAL.fullmatch(one)) for index, one in enumerate(sections)
    ):
        return True
    if len(sections) > 1 or _THREE_MONTHS.search(code):
        return False
    date, _, time = code.partition(" ")
    return bool(
        _DATE.fullmatch(code) or _TIME.fullmatch(code) or (_DATE.fullmatch(date) and _TIME.fullmatch(time))
    )
