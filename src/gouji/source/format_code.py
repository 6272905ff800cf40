"""The language of Excel's number formats: a code taken apart into sections and tokens.

Reference: ECMA-376 part 1, 18.8.30 and 18.8.31 (numFmt, numFmts).
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Literal

from gouji.frozen import frozen
from gouji.pattern import compiled

__all__ = ["BUILTIN_FORMATS", "Section", "sections_of"]

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
_TOKEN = compiled(
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
#: Dates and times as the system is set to show them, here as a Chinese one does.
_SYSTEM_FORMATS = {"[$-F800]": 'yyyy"年"m"月"d"日"', "[$-F400]": "h:mm:ss"}
_CONDITION = compiled(r"(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)$")
_ELAPSED = compiled(r"(h+|m+|s+)$", re.IGNORECASE)
Kind = Literal["general", "number", "clock", "text", "fraction", "science"]


@frozen
class Section:
    """One section of a format, its tokens as (kind, text) pairs with brackets taken out."""

    kind: Kind
    tokens: tuple[tuple[str, str], ...]
    condition: tuple[str, Decimal] | None = None
    whole: int = 0
    decimals: int = 0
    grouped: bool = False
    shift: int = 0


def sections_of(code: str) -> tuple[Section, ...]:
    """The sections of a format code in order."""
    for system, meant in _SYSTEM_FORMATS.items():
        if code.startswith(system):
            code = meant
    return tuple(_section(part) for part in _split(code))


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


def _section(code: str) -> Section:
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
        return Section("general", tuple(tokens), condition)
    if kinds & {"clock", "elapsed", "ampm"}:
        return Section("clock", tuple(_clock_tokens(tokens)), condition)
    if "at" in kinds or "digit" not in kinds:
        return Section("text" if "at" in kinds else "number", tuple(_plain(tokens)), condition)
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


def _numeric(tokens: list[tuple[str, str]], condition: tuple[str, Decimal] | None) -> Section:
    digits = [i for i, (kind, _) in enumerate(tokens) if kind == "digit"]
    last = digits[-1]
    if any(token == ("mark", "/") for token in tokens):
        return Section("fraction", tuple(tokens), condition)
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
    return Section(kind, tuple(kept), condition, whole, decimals, grouped, shift)


def _only_commas_to_point(tokens: list[tuple[str, str]], at: int) -> bool:
    for name, text in tokens[at:]:
        if (name, text) == ("mark", "."):
            return True
        if (name, text) != ("mark", ","):
            return False
    return False
