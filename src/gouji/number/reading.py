"""One typed text as an answer to «how much?»."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from gouji.model import Reading, ReadingKind, Spelling
from gouji.number.affix import Prefix, Suffix, read_prefix, read_suffix
from gouji.number.charset import canonical, without_invisible
from gouji.number.chinese import NUMERAL_CHARS, chinese_number
from gouji.number.core import CORE, Core, read_core
from gouji.number.date import read_date

__all__ = ["PLACEHOLDERS", "read_number"]

PLACEHOLDERS = frozenset(
    "无 没有 暂无 无此项 无该项 无内容 不适用 未涉及 不涉及 不涉及该项 不涉及此项 未安排 空 略 / // \\ - -- --- ---- ----- ------ "
    "、 · * ** *** … …… ... _ __ ___ ____ × n/a N/A NA N.A. n.a. na ~ | 无。 (无) 无无 (空) (空白)".split()
)
"""Texts (canonical, blanks removed) that say nothing was stated; each may mean something else to the form."""

_LONGEST = 48
_LONGEST_WITH_NOTE = 2000
_FAST = re.compile(r"(-?)(0|[1-9][0-9]{0,2}(?:,[0-9]{3})+|[1-9][0-9]{0,14})(?:\.([0-9]{1,15}))?(%?)")
_ANY_DIGIT = re.compile(rf"[0-9０-９{NUMERAL_CHARS}百]")
_NUMERAL = re.compile(rf"[{NUMERAL_CHARS}]+(?:点[{NUMERAL_CHARS}]+)?")
_EXCEL_ERROR = re.compile(r"#+(?:[A-Z/0]+[!?]?)?|Err:[0-9]+")
_COMPOUND = re.compile(r"([0-9]+(?:\.[0-9]+)?)(亿|千万|百万|万|千|百)([0-9]+(?:\.[0-9]+)?)(.*)")
_BRACKETED = re.compile(r"\(([^()]*)\)(%?)")
_PERCENT_NUMERAL = re.compile(rf"百分之([{NUMERAL_CHARS}点]+)")
_PERMILLE_NUMERAL = re.compile(rf"千分之([{NUMERAL_CHARS}点]+)")
_GAP = re.compile(r"[ \n]+")


@lru_cache(maxsize=16384)
def read_number(text: str) -> Reading:
    """Read one cell, or a short phrase, as an answer to «how much?».

    Never raises and always ends quickly. Odd but certain spellings keep their value and get a ``normal`` form;
    uncertain ones are MALFORMED with ranked ``candidates``. A percentage has kind PERCENT, unit ``%`` and its
    value in percent points. Dates have kind DATE (see :func:`gouji.number.date.read_date`); Excel errors,
    sentences, ordinals (第3名), identity numbers and several figures at once are WORD
    (see :func:`gouji.number.find.find_numbers`). docs/numbers.md shows what each spelling means.

    Args:
        text: the text as typed.

    Returns:
        The reading; ``text`` is kept as typed.
    """
    match = _FAST.fullmatch(text)
    if match:
        sign, whole, fraction, percent = match.groups()
        bare = f"{sign}{whole.replace(',', '')}.{fraction}" if fraction else sign + whole.replace(",", "")
        if len(whole) <= 19:
            value = Decimal(bare)
            kind = ReadingKind.PERCENT if percent else ReadingKind.NUMBER
            return Reading(text, kind, value or abs(value), len(fraction or ""), "%" if percent else None)
    return _read_general(text)


def _read_general(text: str) -> Reading:
    if len(text) > _LONGEST_WITH_NOTE:
        return Reading(text, ReadingKind.WORD)
    visible = without_invisible(text)
    plain = canonical(visible)
    start = len(plain) - len(plain.lstrip(" \n"))
    plain = plain.strip(" \n")
    visible = visible[start : start + len(plain)]
    if not plain:
        return Reading(text, ReadingKind.BLANK)
    tight = _GAP.sub("", plain)
    if tight in PLACEHOLDERS:
        return Reading(text, ReadingKind.PLACEHOLDER)
    if not _ANY_DIGIT.search(tight) or _EXCEL_ERROR.fullmatch(tight):
        return Reading(text, ReadingKind.WORD)
    note = plain.find("(", 1)
    if len(plain) > _LONGEST and not 0 < note < _LONGEST:
        return Reading(text, ReadingKind.WORD)
    if read_date(plain) is not None:
        return Reading(text, ReadingKind.DATE)
    reading = _read_bracketed(text, plain, visible) or _read_digits(text, plain, visible)
    if reading is None and len(tight) <= _LONGEST:
        reading = _read_compound(text, tight) or _read_numeral(text, tight)
    if reading is None:
        return Reading(text, ReadingKind.WORD)
    if len(visible) == len(text) - start and text == visible:
        return reading
    return _note_invisible(reading, text, visible)


def _note_invisible(reading: Reading, text: str, visible: str) -> Reading:
    """Characters without width are odd wherever they stand; the value is as certain as without them."""
    if without_invisible(text) == text or reading.value is None or reading.spelling is not Spelling.NONE:
        return reading
    return _with_spelling(reading, Spelling.INVISIBLE, visible)


def _with_spelling(reading: Reading, spelling: Spelling, normal: str) -> Reading:
    return Reading(
        reading.text, reading.kind, reading.value, reading.decimals, reading.unit, reading.comparison, reading.upper,
        reading.approximate, spelling, normal, reading.candidates,
    )  # fmt: skip


def _read_bracketed(text: str, plain: str, visible: str) -> Reading | None:
    """(1,234.50) is an accountant's minus; (5) is the number of a clause, and (40分) a remark."""
    match = _BRACKETED.fullmatch(plain)
    if match is None:
        return None
    body = match[1].strip()
    inner = read_number(body + match[2])
    if inner.value is None or inner.comparison or inner.upper is not None or inner.approximate or inner.value < 0:
        return None
    if inner.unit not in (None, "%") or (inner.kind is ReadingKind.NUMBER and len(body) <= 2):
        return Reading(text, ReadingKind.WORD)
    del visible
    number = (inner.normal or body + match[2]).strip()
    return Reading(
        text, inner.kind, -inner.value, inner.decimals, inner.unit, spelling=Spelling.OTHER, normal=f"-{number}"
    )


def _read_digits(text: str, plain: str, visible: str) -> Reading | None:
    """A number in digits, with all that may stand around it."""
    first = CORE.search(plain)
    while first is not None and not any(char.isdecimal() for char in first[0]):
        first = CORE.search(plain, first.end())
    if first is None:
        return None
    prefix = read_prefix(_GAP.sub("", plain[: first.start()]))
    if prefix is None:
        return None
    core = read_core(first[0], visible[first.start() : first.end()])
    if core is None:
        return None
    tail = plain[first.end() :]
    if tail.startswith("\n") and CORE.match(tail[1:]):
        return None  # two lines, two numbers
    suffix = read_suffix(_GAP.sub("", tail))
    if suffix is None:
        return None
    if suffix.rest:
        return _read_range(text, plain, prefix, core, suffix, tail)
    return _assemble(text, visible, first.span(), prefix, core, suffix)


def _assemble(
    text: str, visible: str, span: tuple[int, int], prefix: Prefix, core: Core, suffix: Suffix
) -> Reading | None:
    comparison = prefix.comparison or suffix.comparison
    if prefix.comparison and suffix.comparison and prefix.comparison != suffix.comparison:
        return None
    if core.value is None and not core.candidates:
        return None
    unit = suffix.unit or ("元" if prefix.money else None)
    approximate = prefix.approximate or suffix.approximate
    kind = ReadingKind.PERCENT if suffix.percents else ReadingKind.NUMBER
    if core.value is None:
        return Reading(
            text, ReadingKind.MALFORMED, None, 0, unit, comparison, None, approximate, core.spelling, None, core.candidates
        )  # fmt: skip
    spelling, after = core.spelling, visible[span[1] :]
    if suffix.percents > 1:
        spelling = Spelling.REPEATED_PERCENT if spelling is Spelling.NONE else spelling
        after = re.sub(r"[%％﹪٪]\s*(?=[%％﹪٪])", "", after)
    if suffix.percents and "%" not in after[:2]:
        spelling = Spelling.FULL_WIDTH if spelling is Spelling.NONE else spelling
    normal = None
    if spelling is not Spelling.NONE:
        after = re.sub("[％﹪٪]", "%", after, count=1)
        number = core.normal if core.normal is not None else visible[span[0] : span[1]].strip()
        normal = visible[: span[0]] + number + after
    return Reading(text, kind, core.value, core.decimals, unit, comparison, None, approximate, spelling, normal)


def _read_range(
    text: str, plain: str, prefix: Prefix, core: Core, suffix: Suffix, tail: str
) -> Reading | None:
    """3-5天, 80%-100%, 3至5个: value and upper; the unit may stand once or twice."""
    del plain, tail
    second = suffix.rest.lstrip("-~至到")
    match = CORE.match(second)
    if match is None or core.value is None or core.spelling is not Spelling.NONE:
        return None
    other = read_core(match[0], match[0])
    after = read_suffix(second[match.end() :])
    if other is None or other.value is None or after is None or after.rest or other.value <= core.value:
        return None
    if suffix.unit is not None and suffix.unit != after.unit:
        return None
    if suffix.comparison or after.comparison or prefix.comparison:
        return None
    return Reading(
        text,
        ReadingKind.PERCENT if after.percents else ReadingKind.NUMBER,
        core.value,
        max(core.decimals, other.decimals),
        after.unit,
        None,
        other.value,
        prefix.approximate or after.approximate,
    )


def _read_compound(text: str, tight: str) -> Reading | None:
    """3万5千元, 2亿3000万元: digits and Chinese multipliers mixed; given in the base unit."""
    match = CORE.search(tight)
    prefix = read_prefix(tight[: match.start()]) if match else None
    if match is None or prefix is None:
        return None
    rest, total, last = tight[match.start() :], Decimal(0), Decimal(10**12)
    sizes = {"亿": 10**8, "千万": 10**7, "百万": 10**6, "万": 10**4, "千": 10**3, "百": 10**2}
    parts = 0
    while found := _COMPOUND.fullmatch(rest):
        size = Decimal(sizes[found[2]])
        if size >= last:
            return None
        total, last, rest, parts = total + Decimal(found[1]) * size, size, found[3] + found[4], parts + 1
    end = re.fullmatch(r"([0-9]+)(?:(亿|千万|百万|万|千|百))?(.*)", rest)
    if not parts or end is None:
        return None
    size = Decimal(sizes[end[2]]) if end[2] else Decimal(1)
    suffix = read_suffix(end[3], lenient=False)
    if size >= last or suffix is None or suffix.rest or suffix.percents:
        return None
    if end[2] is None and suffix.unit is None:
        return None
    total += Decimal(end[1]) * size
    return Reading(
        text, ReadingKind.NUMBER, Decimal(f"{total.normalize():f}"), 0, suffix.unit,
        prefix.comparison or suffix.comparison, None, prefix.approximate or suffix.approximate,
    )  # fmt: skip


def _read_numeral(text: str, tight: str) -> Reading | None:
    """三十二, 约三百余人, 百分之九十五."""
    for pattern, percent in ((_PERCENT_NUMERAL, True), (_PERMILLE_NUMERAL, False)):
        match = pattern.search(tight)
        if match:
            numeral = match[1]
            value = Decimal(100) if percent and numeral == "百" else chinese_number(numeral)
            return _around(text, tight, match, value, "%" if percent else "‰")
    if tight == "百分百":
        return Reading(text, ReadingKind.PERCENT, Decimal(100), 0, "%")
    match = _NUMERAL.search(tight)
    if match is None or any(char.isdecimal() for char in tight):
        return None
    return _around(text, tight, match, chinese_number(match[0]), None)


def _around(text: str, tight: str, match: re.Match[str], value: Decimal | None, unit: str | None) -> Reading | None:
    prefix = read_prefix(tight[: match.start()])
    suffix = read_suffix(tight[match.end() :], lenient=False)
    if value is None or prefix is None or suffix is None or suffix.rest or suffix.percents:
        return None
    if unit is not None and suffix.unit is not None:
        return None
    exponent = value.as_tuple().exponent
    return Reading(
        text,
        ReadingKind.PERCENT if unit == "%" else ReadingKind.NUMBER,
        value,
        max(0, -exponent) if isinstance(exponent, int) else 0,
        unit or suffix.unit,
        prefix.comparison or suffix.comparison,
        None,
        prefix.approximate or suffix.approximate,
    )
