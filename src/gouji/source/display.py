"""What a person sees of a stored number: Excel number formats rendered to text.

Covers what forms use: General, digit placeholders with grouping, scaling and literals, percent, scientific,
fractions, dates and times (also elapsed and Chinese weekday ones), sections with signs, conditions and
colours, accounting formats with ``_`` and ``*``. Reference: ECMA-376 part 1, 18.8.31 (numFmts).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from typing import Literal

from gouji.source.clock import render_clock

__all__ = ["BUILTIN_FORMATS", "Format", "format_of", "general"]

#: Formats that a style names by number only; the date ones as a Chinese Excel shows them.
BUILTIN_FORMATS: dict[int, str] = {
    0: "General",
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    5: "¥#,##0;¥-#,##0",
    6: "¥#,##0;[Red]¥-#,##0",
    7: "¥#,##0.00;¥-#,##0.00",
    8: "¥#,##0.00;[Red]¥-#,##0.00",
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    14: "yyyy/m/d",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "yyyy/m/d h:mm",
    27: 'yyyy"年"m"月"',
    28: 'm"月"d"日"',
    29: 'm"月"d"日"',
    30: "m/d/yy",
    31: 'yyyy"年"m"月"d"日"',
    32: 'h"时"mm"分"',
    33: 'h"时"mm"分"ss"秒"',
    34: '上午/下午h"时"mm"分"',
    35: '上午/下午h"时"mm"分"ss"秒"',
    36: 'yyyy"年"m"月"',
    37: "#,##0;-#,##0",
    38: "#,##0;[Red]-#,##0",
    39: "#,##0.00;-#,##0.00",
    40: "#,##0.00;[Red]-#,##0.00",
    41: '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ',
    42: '_ ¥* #,##0_ ;_ ¥* -#,##0_ ;_ ¥* "-"_ ;_ @_ ',
    43: '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ',
    44: '_ ¥* #,##0.00_ ;_ ¥* -#,##0.00_ ;_ ¥* "-"??_ ;_ @_ ',
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss.0",
    48: "##0.0E+0",
    49: "@",
    50: 'yyyy"年"m"月"',
    51: 'm"月"d"日"',
    52: 'yyyy"年"m"月"',
    53: 'm"月"d"日"',
    54: 'm"月"d"日"',
    55: '上午/下午h"时"mm"分"',
    56: '上午/下午h"时"mm"分"ss"秒"',
    57: 'yyyy"年"m"月"',
    58: 'm"月"d"日"',
}

# The exclamation mark escapes like the backslash in East Asian versions: 0!.0, shows ten thousands.
_TOKEN = re.compile(
    r"""
      "(?P<quoted>[^"]*)"?
    | [\\!](?P<escaped>.)
    | _(?P<pad>.)
    | \*(?P<fill>.)
    | \[(?P<bracket>[^\]]*)\]
    | (?P<general>General|G/通用格式)
    | (?P<ampm>AM/PM|A/P|上午/下午)
    | (?P<sci>[Ee][+-])
    | (?P<clock>[yYmMdDhHsSeEbBgG]+|aaaa?)
    | (?P<digit>[0#?])
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_LONGEST = 255
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)$")
_ELAPSED = re.compile(r"(h+|m+|s+)$", re.IGNORECASE)
#: Wide enough for the largest double with as many decimals as a format can ask for.
_WIDE = Context(prec=1000, rounding=ROUND_HALF_UP)
_TEN = Context(prec=10, rounding=ROUND_HALF_UP)
_SIX = Context(prec=6, rounding=ROUND_HALF_UP)

Kind = Literal["general", "number", "clock", "text", "fraction", "science"]


@dataclass(frozen=True, slots=True)
class _Section:
    """One section of a format, its tokens as (kind, text) pairs with brackets taken out."""

    kind: Kind
    tokens: tuple[tuple[str, str], ...]
    condition: tuple[str, Decimal] | None = None
    whole: int = 0
    decimals: int = 0
    grouped: bool = False
    shift: int = 0


@dataclass(frozen=True, slots=True)
class Format:
    """A compiled number format. ``is_date`` says that it shows a date or a time of day."""

    code: str
    sections: tuple[_Section, ...]
    is_date: bool
    is_general: bool

    def number(self, value: Decimal, *, date_1904: bool = False) -> str:
        """The text shown for a number."""
        if self.is_general:
            return general(value)
        section, shown = self._choose(value)
        if section is None:
            return "#" * 8
        text = _render(section, shown, date_1904=date_1904)
        if text.startswith("-") and self._signs_alone and not any(digit in text for digit in "123456789"):
            # A negative number that rounds to zero: Excel leaves its own minus out.
            return text[1:]
        return text

    def text(self, value: str) -> str:
        """The text shown for a text."""
        last = self.sections[-1]
        if last.kind != "text" or (len(self.sections) < 4 and len(self.sections) != 1):
            return value
        return "".join(value if kind == "at" else text for kind, text in last.tokens)

    @property
    def _signs_alone(self) -> bool:
        """Whether one section shows all numbers, so that the minus is Excel's own, no part of the format."""
        return len(self.sections) == 1 or (len(self.sections) == 2 and self.sections[1].kind == "text")

    def _choose(self, value: Decimal) -> tuple[_Section | None, Decimal]:
        numeric = self.sections[:3]
        if any(section.condition for section in numeric):
            for section in numeric:
                if section.condition is None or _holds(section.condition, value):
                    return section, value
            return None, value
        if len(numeric) > 1 and numeric[-1].kind == "text" and len(self.sections) < 4:
            numeric = numeric[:-1]
        if value < 0 and len(numeric) > 1:
            return numeric[1], -value
        if value == 0 and len(numeric) > 2:
            return numeric[2], value
        return numeric[0], value


@lru_cache(maxsize=512)
def format_of(code: str) -> Format:
    """The compiled form of a format code; one longer than Excel allows is taken as General."""
    if len(code) > _LONGEST:
        code = "General"
    sections = tuple(_section(part) for part in _split(code))
    return Format(
        code=code,
        sections=sections,
        is_date=any(section.kind == "clock" for section in sections),
        is_general=len(sections) == 1 and sections[0].kind == "general" and len(sections[0].tokens) == 1,
    )


def general(value: Decimal) -> str:
    """A number as Excel's General format shows it in a wide enough cell: at most 11 characters."""
    plain = str(value)
    if len(plain) <= 11 and "E" not in plain and plain[-1:] != "0":
        return plain
    if not value:
        return "0"
    size = value.adjusted()
    if -5 < size < 11:
        if size < 0:
            short = round(value, 9)
        elif size < 10:
            short = _TEN.plus(value)
        else:
            short = _WIDE.quantize(value, Decimal(1))
        text = format(short, "f")
        if "." in text:
            text = text.rstrip("0").rstrip(".")
        if text not in ("0", "-0", ""):
            return text
    mantissa, exponent = f"{_SIX.plus(value):E}".split("E")
    if "." in mantissa:
        mantissa = mantissa.rstrip("0").rstrip(".")
    sign = exponent[0] if exponent[0] in "+-" else "+"
    return f"{mantissa}E{sign}{exponent.lstrip('+-').zfill(2)}"


def _holds(condition: tuple[str, Decimal], value: Decimal) -> bool:
    sign, bound = condition
    return {
        "<": value < bound,
        "<=": value <= bound,
        ">": value > bound,
        ">=": value >= bound,
        "=": value == bound,
        "<>": value != bound,
    }[sign]


def _split(code: str) -> list[str]:
    parts = [""]
    quoted = skip = bracket = False
    for char in code:
        if skip:
            skip = False
        elif quoted:
            quoted = char != '"'
        elif char == '"':
            quoted = True
        elif char in "\\!_*":
            skip = True
        elif char == "[":
            bracket = True
        elif char == "]":
            bracket = False
        elif char == ";" and not bracket:
            parts.append("")
            continue
        parts[-1] += char
    return parts


def _section(code: str) -> _Section:
    tokens: list[tuple[str, str]] = []
    condition: tuple[str, Decimal] | None = None
    for match in _TOKEN.finditer(code):
        kind = match.lastgroup or "other"
        text = match[kind]
        if kind in ("quoted", "escaped"):
            tokens.append(("text", text))
        elif kind == "pad":
            tokens.append(("text", " "))
        elif kind == "fill":
            continue
        elif kind == "bracket":
            found = _CONDITION.match(text)
            if found:
                condition = (found[1], Decimal(found[2]))
            elif text.startswith("$"):
                tokens.append(("text", text[1:].split("-")[0]))
            elif _ELAPSED.match(text):
                tokens.append(("elapsed", text.lower()))
        elif kind == "other":
            tokens.append(("at" if text == "@" else "mark" if text in ".,%/" else "text", text))
        else:
            tokens.append((kind, text))
    kinds = {kind for kind, _ in tokens}
    if "general" in kinds:
        return _Section("general", tuple(tokens), condition)
    if kinds & {"clock", "elapsed", "ampm"}:
        return _Section("clock", tuple(_clock_tokens(tokens)), condition)
    if "at" in kinds or "digit" not in kinds:
        return _Section("text" if "at" in kinds else "number", tuple(_plain(tokens)), condition)
    return _numeric(tokens, condition)


def _clock_tokens(tokens: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Split runs of clock letters into one token each (``yyyymmdd`` is three)."""
    split: list[tuple[str, str]] = []
    for kind, text in tokens:
        if kind == "clock":
            split += [("clock", match[0].lower()) for match in re.finditer(r"(.)\1*", text)]
        elif kind == "sci":
            split += [("clock", "e"), ("text", text[1:])]
        else:
            split.append((kind, text))
    return split


def _plain(tokens: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(kind if kind in ("at", "text") else "text", text) for kind, text in tokens]


def _numeric(tokens: list[tuple[str, str]], condition: tuple[str, Decimal] | None) -> _Section:
    digits = [i for i, (kind, _) in enumerate(tokens) if kind == "digit"]
    last = digits[-1]
    if any(token == ("mark", "/") for token in tokens):
        return _Section("fraction", tuple(tokens), condition)
    kind: Kind = "science" if any(name == "sci" for name, _ in tokens) else "number"
    kept: list[tuple[str, str]] = []
    point: int | None = None
    whole = decimals = shift = 0
    grouped = False
    for i, (name, text) in enumerate(tokens):
        if name == "digit":
            if point is None:
                whole += 1
            elif "sci" not in {n for n, _ in tokens[:i]}:
                decimals += 1
        elif name == "mark" and text == ".":
            if point is not None:
                kept.append(("text", "."))
                continue
            point = i
        elif name == "mark" and text == ",":
            after = any(n == "digit" for n, _ in tokens[i + 1 :]) and point is None
            follows = any(tokens[j][0] == "digit" for j in range(i))
            at_end = follows and not any(n == "digit" for n, _ in tokens[i:]) and i > last
            before_point = follows and _only_commas_to_point(tokens, i)
            if at_end or before_point:
                shift -= 3
                continue
            if after and follows:
                grouped = True
                continue
            kept.append(("text", ","))
            continue
        elif name == "mark" and text == "%":
            shift += 2
            kept.append(("text", "%"))
            continue
        kept.append((name, text))
    return _Section(kind, tuple(kept), condition, whole, decimals, grouped, shift)


def _only_commas_to_point(tokens: list[tuple[str, str]], at: int) -> bool:
    for name, text in tokens[at:]:
        if (name, text) == ("mark", "."):
            return True
        if (name, text) != ("mark", ","):
            return False
    return False


def _render(section: _Section, value: Decimal, *, date_1904: bool) -> str:
    if section.kind == "clock":
        return render_clock(section.tokens, value, date_1904=date_1904)
    if section.kind == "general":
        return "".join(general(value) if kind == "general" else text for kind, text in section.tokens)
    if section.kind == "text":
        return "".join(general(value) if kind == "at" else text for kind, text in section.tokens)
    sign = "-" if value < 0 and section.condition is None else ""
    if value < 0 and section.condition is not None:
        sign = "-" if not _tells_sign(section) else ""
    value = abs(value)
    if section.kind == "fraction":
        return sign + _fraction(section, value)
    if section.kind == "science":
        return sign + _science(section, value)
    if not any(kind == "digit" for kind, _ in section.tokens):
        body = "".join(text for _, text in section.tokens)
        return sign + body if section.tokens else ""
    value = value.scaleb(section.shift)
    rounded = _WIDE.quantize(value, Decimal(1).scaleb(-section.decimals))
    return sign + _fill(section, rounded)


def _tells_sign(section: _Section) -> bool:
    """Whether a conditional section shows negatives only, so that Excel leaves the sign out."""
    condition = section.condition
    return condition is not None and condition[0] in ("<", "<=") and condition[1] <= 0


def _fill(section: _Section, rounded: Decimal) -> str:
    """Put the digits of a rounded number into the placeholders."""
    text = format(rounded, "f")
    whole, _, decimals = text.partition(".")
    whole = whole.lstrip("0")
    digits = [text for kind, text in section.tokens if kind == "digit"][: section.whole]
    filled = _whole(whole, digits, grouped=section.grouped)
    out: list[str] = []
    seen = place = 0
    fractional = False
    marks = [text for kind, text in section.tokens if kind == "digit"][section.whole :]
    tail = _tail(decimals, marks)
    for kind, text in section.tokens:
        if kind == "digit" and not fractional:
            out.append(filled[seen])
            seen += 1
        elif kind == "digit":
            out.append(tail[place])
            place += 1
        elif kind == "mark" and text == ".":
            if not seen:
                out.append(whole)
            fractional = True
            out.append(".")
        else:
            out.append(text)
    return "".join(out)


def _whole(whole: str, marks: list[str], *, grouped: bool) -> list[str]:
    """The text for each integer placeholder; the first takes all digits that have none."""
    if not marks:
        return []
    width = len(marks)
    padded = whole.rjust(width, "\0")
    spare = len(padded) - width
    cells = [padded[: spare + 1], *padded[spare + 1 :]]
    # A 0 forces every placeholder to its right to show.
    forced = False
    for i, mark in enumerate(marks):
        forced = forced or mark == "0"
        if cells[i] == "\0":
            cells[i] = "0" if forced else " " if mark == "?" else ""
    if grouped:
        right = 0
        for i in range(width - 1, -1, -1):
            piece = cells[i]
            out = ""
            for char in reversed(piece):
                if char.isdigit():
                    if right and right % 3 == 0:
                        out = "," + out
                    right += 1
                out = char + out
            cells[i] = out
    return cells


def _tail(decimals: str, marks: list[str]) -> list[str]:
    cells = list(decimals.ljust(len(marks), "0"))[: len(marks)]
    for i in range(len(marks) - 1, -1, -1):
        if marks[i] == "0" or cells[i] != "0":
            break
        cells[i] = " " if marks[i] == "?" else ""
    return cells


def _science(section: _Section, value: Decimal) -> str:
    at = next(i for i, (kind, _) in enumerate(section.tokens) if kind == "sci")
    head, tail = section.tokens[:at], section.tokens[at + 1 :]
    whole = max(1, sum(1 for kind, _ in head[: _point(head)] if kind == "digit"))
    exponent = value.adjusted() if value else 0
    exponent = exponent - (whole - 1) if whole == 1 else exponent // whole * whole
    step = Decimal(1).scaleb(-section.decimals)
    rounded = _WIDE.quantize(value.scaleb(-exponent), step)
    if rounded >= Decimal(10) ** whole:
        exponent += whole
        rounded = _WIDE.quantize(value.scaleb(-exponent), step)
    mantissa = _Section("number", head, None, whole, section.decimals)
    marks = [text for kind, text in tail if kind == "digit"]
    digits = str(abs(exponent)).rjust(sum(1 for mark in marks if mark == "0"), "0")
    plus = "+" if section.tokens[at][1][1] == "+" else ""
    rest = "".join(text for kind, text in tail if kind != "digit")
    return f"{_fill(mantissa, rounded)}E{'-' if exponent < 0 else plus}{digits}{rest}"


def _point(tokens: tuple[tuple[str, str], ...]) -> int:
    return next((i for i, token in enumerate(tokens) if token == ("mark", ".")), len(tokens))


def _fraction(section: _Section, value: Decimal) -> str:
    from fractions import Fraction  # noqa: PLC0415 - rare, and costs start-up time

    tokens = section.tokens
    slash = next(i for i, token in enumerate(tokens) if token == ("mark", "/"))
    after = [text for kind, text in tokens[slash + 1 :] if kind == "digit" or text.isdigit()]
    if not after:
        return general(value)
    fixed = "".join(text for _, text in tokens[slash + 1 :] if text.isdigit())
    groups = "".join("d" if kind == "digit" else " " for kind, _ in tokens[:slash]).split()
    mixed = len(groups) > 1
    exact = Fraction(value)
    whole = int(exact) if mixed else 0
    rest = exact - whole
    if fixed and fixed != "0" * len(fixed):
        denominator = int(fixed)
        numerator = int(rest * denominator + Fraction(1, 2))
    else:
        near = rest.limit_denominator(10 ** len(after) - 1)
        numerator, denominator = near.numerator, near.denominator
    if mixed and numerator == denominator:
        whole, numerator = whole + 1, 0
    if not numerator and mixed:
        return str(whole)
    return f"{whole} {numerator}/{denominator}" if mixed and whole else f"{numerator}/{denominator}"
