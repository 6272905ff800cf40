"""One typed text as an answer to «how much?»."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from gouji.frozen import replace
from gouji.model import Reading, ReadingKind, Spelling
from gouji.number.affix import Prefix, Suffix, read_prefix, read_suffix
from gouji.number.charset import INVISIBLE, canonical, without_invisible
from gouji.number.chinese import NUMERAL_CHARS, chinese_number
from gouji.number.core import CORE, Core, read_core
from gouji.number.date import read_date
from gouji.pattern import compiled

__all__ = ["read_amount", "read_number"]

_PLACEHOLDER = compiled(
    r"\(?(?:无|没有|暂无|无此项|无该项|无内容|不适用|未涉及|不涉及|不涉及该项|不涉及此项|未安排|空|空白|略|N/?A|N\.A\.)\)?[。.;,]?"
    r"|[-_/\\*…·、~.|]{1,40}",
    re.IGNORECASE,
)

_LONGEST = 48
_LONGEST_WITH_NOTE = 2000
_FAST = compiled(r"(-?)(0|[1-9][0-9]{0,2}(?:,[0-9]{3})+|[1-9][0-9]{0,14})(?:\.([0-9]{1,15}))?(%?)")
_ANY_DIGIT = frozenset("0123456789" + NUMERAL_CHARS)
_EXCEL_ERROR = compiled(r"#+(?:[A-Z/0]+[!?]?)?|Err:[0-9]+")
_POINTED = compiled(r"[0-9]+(?:[.][0-9]+){2}")
_DATE_LIKE = compiled(r"[年月]|[0-9]{4}[-/.][0-9]|[0-9]\.[0-9]{1,2}[日号前之以]")
_COMPOUND_PART = compiled(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)(亿|千万|百万|万|千|百)(?=[0-9元])")
_BRACKETED = compiled(r"\(([^()]*)\)(%?)")
_GAP = compiled(r"[ \n]+")
_WIDE_PERCENT = compiled("[％﹪٪]")
_EXTRA_PERCENT = compiled(r"[%％﹪٪]\s*(?=[%％﹪٪])")
_HALF_WIDTH = str.maketrans("０１２３４５６７８９．％﹪", "0123456789.%%")
_MULTIPLIERS = {"亿": 10**8, "千万": 10**7, "百万": 10**6, "万": 10**4, "千": 10**3, "百": 10**2}


@lru_cache(maxsize=2048)
def read_number(text: str) -> Reading:
    """Read one cell, or a short phrase, as an answer to «how much?».

    Never raises and always ends quickly. Odd but certain spellings keep their value and get a ``normal``
    form; uncertain ones are MALFORMED with ranked ``candidates``. A percentage has kind PERCENT, unit ``%``
    and its value in percent points. Dates have kind DATE (see :func:`gouji.number.date.read_date`); Excel
    errors, sentences, ordinals (第3名), identity numbers and several figures at once are WORD
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


def read_amount(text: str) -> Reading:
    """As :func:`read_number` where nobody writes dates: 1979.6.6 is an amount with a point too many."""
    reading = read_number(text)
    if reading.kind is ReadingKind.DATE and _POINTED.fullmatch(text.strip()):
        plain = canonical(without_invisible(text)).strip()
        return _read_digits(text, plain, plain) or reading
    return reading


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
    if _PLACEHOLDER.fullmatch(tight):
        return Reading(text, ReadingKind.PLACEHOLDER)
    if _ANY_DIGIT.isdisjoint(tight) or _EXCEL_ERROR.fullmatch(tight):
        return Reading(text, ReadingKind.WORD)
    if len(plain) > _LONGEST and not 0 < plain.find("(", 1) < _LONGEST:
        return Reading(text, ReadingKind.WORD)
    if _DATE_LIKE.search(tight) and read_date(plain) is not None:
        return Reading(text, ReadingKind.DATE)
    reading = _read_bracketed(text, plain) or _read_digits(text, plain, visible)
    if reading is None and len(tight) <= _LONGEST:
        reading = _read_compound(text, tight) or _read_numeral(text, tight)
    if reading is None:
        return Reading(text, ReadingKind.WORD)
    if reading.value is not None and reading.spelling is Spelling.NONE and INVISIBLE.search(text):
        # odd wherever they stand, but the value is as certain as without them
        return replace(reading, spelling=Spelling.INVISIBLE, normal=visible)
    return reading


def _read_bracketed(text: str, plain: str) -> Reading | None:
    """(1,234.50) is an accountant's minus; (5) is the number of a clause, and (40分) a remark."""
    match = _BRACKETED.fullmatch(plain)
    if match is None:
        return None
    body = match[1].strip()
    if body[:1] in ("-", "+", "▲") or CORE.fullmatch(body.rstrip("%")) is None:
        return Reading(text, ReadingKind.WORD)
    inner = read_number(body + match[2])
    if (
        inner.value is None
        or inner.comparison
        or inner.upper is not None
        or inner.approximate
        or inner.value < 0
    ):
        return None
    if inner.unit not in (None, "%") or (inner.kind is ReadingKind.NUMBER and len(body) <= 2):
        return Reading(text, ReadingKind.WORD)
    number = (inner.normal or body + match[2]).strip()
    return Reading(
        text,
        inner.kind,
        -inner.value,
        inner.decimals,
        inner.unit,
        spelling=Spelling.OTHER,
        normal=f"-{number}",
    )


def _read_digits(text: str, plain: str, visible: str) -> Reading | None:
    """A number in digits, with all that may stand around it."""
    first = CORE.search(plain, 0, _LONGEST)
    while first is not None and not any(char.isdecimal() for char in first[0]):
        first = CORE.search(plain, first.end(), _LONGEST)
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
    tail = _GAP.sub("", tail)
    if tail and tail[0] != "(" and visible[first.end() - 1] in "。｡，":
        return None  # the clause ended before the unit
    if tail == "-":
        return _trailing_minus(text, core)
    if tail.startswith("-") and core.value is not None and not tail[1].isdecimal():
        stray = read_suffix(tail[1:])
        if stray is not None and not stray.rest and (stray.unit is not None or stray.percents):
            # 45-家: a slip of the finger
            return Reading(
                text,
                ReadingKind.MALFORMED,
                unit="%" if stray.percents else stray.unit,
                comparison=prefix.comparison,
                spelling=Spelling.OTHER,
                candidates=(core.value,),
            )
    suffix = read_suffix(tail)
    if suffix is None or tail == "、":
        return None
    if suffix.rest:
        return _read_range(text, visible, prefix, core, suffix)
    start, end = first.span()
    typed = (visible[:start], visible[start:end].strip(), visible[end:])
    return _assemble(text, typed, prefix, core, suffix)


def _trailing_minus(text: str, core: Core) -> Reading | None:
    """12.5- is an accountant's minus, or a range whose end was forgotten."""
    if core.value is None:
        return None
    return Reading(
        text,
        ReadingKind.MALFORMED,
        spelling=Spelling.OTHER,
        candidates=(-core.value, core.value) if core.value else (core.value,),
    )


def _assemble(
    text: str, typed: tuple[str, str, str], prefix: Prefix, core: Core, suffix: Suffix
) -> Reading | None:
    """Put the parts together; ``typed`` is what stands before the core, the core and the rest, as typed."""
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
            text,
            ReadingKind.MALFORMED,
            unit=unit,
            comparison=comparison,
            approximate=approximate,
            spelling=core.spelling,
            candidates=core.candidates,
        )
    spelling, (before, number, after) = core.spelling, typed
    if suffix.percents > 1:
        spelling = Spelling.REPEATED_PERCENT if spelling is Spelling.NONE else spelling
        after = _EXTRA_PERCENT.sub("", after)
    if _WIDE_PERCENT.search(after) and suffix.percents:
        spelling = Spelling.FULL_WIDTH if spelling is Spelling.NONE else spelling
    normal = None
    if spelling is not Spelling.NONE:
        after = _WIDE_PERCENT.sub("%", after, count=1)
        normal = before + (core.normal if core.normal is not None else number) + after
    return Reading(
        text, kind, core.value, core.decimals, unit, comparison, None, approximate, spelling, normal
    )


def _read_range(text: str, visible: str, prefix: Prefix, core: Core, suffix: Suffix) -> Reading | None:
    """3-5天, 80%-100%, 3至5个: value and upper; the unit may stand once or twice."""
    second = suffix.rest.lstrip("-~至到")
    match = CORE.match(second)
    if match is None or core.value is None or core.spelling not in (Spelling.NONE, Spelling.FULL_WIDTH):
        return None
    if (core.normal or "").startswith(("-", "+")):
        return None  # is the first dash a minus?
    other = read_core(match[0], match[0])
    after = read_suffix(second[match.end() :])
    if other is None or other.value is None or after is None or after.rest or other.value <= core.value:
        return None
    if other.spelling is not Spelling.NONE or (suffix.unit is not None and suffix.unit != after.unit):
        return None
    if suffix.comparison or after.comparison or prefix.comparison or max(suffix.percents, after.percents) > 1:
        return None
    normal = visible.translate(_HALF_WIDTH)
    odd = normal != visible
    return Reading(
        text,
        ReadingKind.PERCENT if after.percents else ReadingKind.NUMBER,
        core.value,
        max(core.decimals, other.decimals),
        after.unit,
        upper=other.value,
        approximate=prefix.approximate or after.approximate,
        spelling=Spelling.FULL_WIDTH if odd else Spelling.NONE,
        normal=normal if odd else None,
    )


def _read_compound(text: str, tight: str) -> Reading | None:
    """3万5千元, 2亿3000万元: digits and Chinese multipliers mixed; given in the base unit."""
    begin = re.search("[0-9]", tight)
    prefix = read_prefix(tight[: begin.start()]) if begin else None
    if begin is None or prefix is None:
        return None
    rest, total, last = tight[begin.start() :], Decimal(0), Decimal(10**12)
    while found := _COMPOUND_PART.match(rest):
        size = Decimal(_MULTIPLIERS[found[2]])
        if size >= last:
            return None
        total, last, rest = total + Decimal(found[1]) * size, size, rest[found.end() :]
    end = re.match("[0-9]+", rest)
    if end:
        total, rest = total + int(end[0]), rest[end.end() :]
    suffix = read_suffix(rest, lenient=False)
    if (
        suffix is None
        or suffix.rest
        or suffix.percents
        or suffix.unit is None
        or (end and int(end[0]) >= last)
    ):
        return None
    return Reading(
        text,
        ReadingKind.NUMBER,
        Decimal(f"{total.normalize():f}"),
        unit=suffix.unit,
        comparison=prefix.comparison or suffix.comparison,
        approximate=prefix.approximate or suffix.approximate,
    )


def _read_numeral(text: str, tight: str) -> Reading | None:
    """三十二, 约三百余人, 百分之九十五."""
    if any(char.isdecimal() for char in tight):
        return None
    if tight == "百分百":
        return Reading(text, ReadingKind.PERCENT, Decimal(100), 0, "%")
    match = _numeral().search(tight)
    if match is None:
        return None
    share, numeral = match.groups()
    value = Decimal(100) if share == "百" and numeral == "百" else chinese_number(numeral)
    return _around(text, tight, match, value, {"百": "%", "千": "‰", "万": "‱"}.get(share))


@lru_cache(maxsize=1)
def _numeral() -> re.Pattern[str]:
    """Compiled at first use: few texts need it, and start-up counts."""
    return compiled(rf"(?:([百千万])分之)?([{NUMERAL_CHARS}]+(?:点[{NUMERAL_CHARS}]+)?)")


def _around(
    text: str, tight: str, match: re.Match[str], value: Decimal | None, unit: str | None
) -> Reading | None:
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
