"""The digits themselves: what a run of digits, points, commas and gaps says, or how it is broken.

A *core* is the part of a typed number without comparison, unit and percent sign. This module decides between
certain values (perhaps oddly spelled) and malformed ones, for which it ranks what the typist may have meant.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from gouji.model import Spelling
from gouji.number.charset import LOOK_ALIKES
from gouji.pattern import compiled

__all__ = ["CORE", "Core", "read_core"]

_DIGIT = "0-9OoОо〇○lI|"
CORE = compiled(
    rf"[-+▲]*[ ]*(?:[.,][ ]*)?[{_DIGIT}](?:[ .,、·]*[{_DIGIT}])*(?:[.,]+(?![{_DIGIT}]))?"
    r"(?:[Ee][+-]?[0-9]{1,3}(?![0-9]))?"
)
"""A core in canonical text; what it matches still has to pass :func:`read_core`."""

_PLAIN = compiled(r"(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_GROUPED = compiled(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_SPACED = compiled(r"[1-9][0-9]{0,2}(?: [0-9]{3})+(?:\.[0-9]+)?")
_MOST_CANDIDATES = 4
_MOST_SEPARATORS = 6
_MOST_DIGITS = 15  # Excel keeps no more; longer runs are identity or account numbers


class Core(NamedTuple):
    """A core as read: ``value`` and ``decimals`` if certain, else ``candidates``; ``normal`` if odd."""

    value: Decimal | None
    decimals: int = 0
    spelling: Spelling = Spelling.NONE
    normal: str | None = None
    candidates: tuple[Decimal, ...] = ()


def read_core(text: str, raw: str) -> Core | None:
    """Read a core.

    Args:
        text: the core in canonical characters.
        raw: the same characters as typed (equally long).

    Returns:
        None where this is no quantity at all: a list (1、2、3), an identity number, letters only.
    """
    text, raw = _outer_gaps(text, raw)
    if text[-1:] in (".", ",") and raw[-1] in "。｡，":
        # the end of a clause, not of a number
        text, raw = _outer_gaps(text.rstrip(".,"), raw[: len(text.rstrip(".,"))])
    at = 0
    while at < len(text) and text[at] in "-+▲ ":
        at += 1
    signs = text[:at].replace(" ", "")
    body, raw_body = text[at:], raw[at:]
    if (
        not any(char.isdecimal() for char in body)
        or sum(char.isdecimal() for char in body) > _MOST_DIGITS + 5
    ):
        return None
    negative = "-" in signs or "▲" in signs
    if len(signs) > 1:
        inner = _read_body(body, raw_body)
        if inner is None:
            return None
        values = inner.candidates if inner.value is None else (inner.value,)
        first, second = (-1, 1) if negative else (1, -1)
        if set(signs) == {"+"}:
            return Core(None, spelling=Spelling.REPEATED_SIGN, candidates=values)
        both = tuple(sign * value for value in values for sign in (first, second))
        return Core(None, spelling=Spelling.REPEATED_SIGN, candidates=_distinct(both))
    inner = _read_body(body, raw_body)
    if inner is None or not signs:
        return inner
    return _signed(inner, negative=negative, raw=raw[:at], body=body)


def _outer_gaps(text: str, raw: str) -> tuple[str, str]:
    start = len(text) - len(text.lstrip(" "))
    end = len(text.rstrip(" "))
    return text[start:end], raw[start:end]


def _signed(inner: Core, *, negative: bool, raw: str, body: str) -> Core:
    """Put the one sign back; a sign that Excel does not read is odd in itself."""
    candidates = tuple(-value for value in inner.candidates) if negative else inner.candidates
    value = inner.value
    if value is None:
        return Core(None, spelling=inner.spelling, candidates=candidates)
    if negative and value:
        value = -value
    spelling = inner.spelling
    normal = inner.normal
    typed = raw.strip()
    if spelling is Spelling.NONE and typed not in {"-", "+"}:
        spelling = Spelling.FULL_WIDTH if typed in {"－", "＋", "﹣", "﹢"} else Spelling.OTHER
    if spelling is not Spelling.NONE:
        normal = ("-" if negative else "+") + (normal if normal is not None else body)
    return Core(value, inner.decimals, spelling, normal, candidates)


def _read_body(text: str, raw: str) -> Core | None:
    if _PLAIN.fullmatch(text) or _GROUPED.fullmatch(text):
        return _certain(text, _typed_oddly(text, raw))
    mark = max(text.rfind("E"), text.rfind("e"))
    if mark > 0:
        return _scientific(text, mark)
    if any(char in LOOK_ALIKES for char in text):
        plain = "".join(LOOK_ALIKES.get(char, char) for char in text)
        inner = _read_body(plain, plain)
        if inner is None:
            return None
        values = inner.candidates if inner.value is None else (inner.value,)
        return Core(None, spelling=Spelling.LOOK_ALIKE, candidates=values)
    if " " in text:
        return _with_gaps(text, raw)
    if "、" in text or "·" in text:
        return _with_marks(text)
    if "." not in text and "," not in text:
        if len(text) > _MOST_DIGITS or not text.isdecimal():
            return None
        # only a leading zero can be wrong; six digits or more are a number of something else
        if len(text) > 5:
            return None
        return Core(None, spelling=Spelling.OTHER, candidates=(Decimal(text),))
    if text.startswith(".") and text[1:].isdecimal():
        return Core(Decimal("0" + text), len(text) - 1, Spelling.OTHER, "0" + text)
    return _broken(text)


def _typed_oddly(text: str, raw: str) -> Spelling:
    if text == raw:
        return Spelling.NONE
    if any(char in "。｡，､﹐" for char in raw):
        return Spelling.CHINESE_PUNCTUATION
    return Spelling.FULL_WIDTH


def _certain(text: str, spelling: Spelling) -> Core:
    bare = text.replace(",", "")
    point = bare.find(".")
    if (len(bare) if point < 0 else point) > _MOST_DIGITS:
        return Core(None, spelling=Spelling.OTHER)
    decimals = 0 if point < 0 else len(bare) - point - 1
    return Core(Decimal(bare), decimals, spelling, text if spelling is not Spelling.NONE else None)


def _scientific(text: str, mark: int) -> Core | None:
    """1.2E+05: Excel's short display has lost digits, so the value is only a guess."""
    inner = _read_body(text[:mark], text[:mark])
    power = int(text[mark + 1 :])
    if inner is None or inner.value is None or abs(power) > _MOST_DIGITS:
        return None
    value = inner.value.scaleb(power)
    return Core(None, spelling=Spelling.OTHER, candidates=(Decimal(f"{value:f}"),))


def _with_gaps(text: str, raw: str) -> Core | None:
    """Gaps beside a point, or where a thousands comma would stand, are certain; others are not."""
    gap = next(raw[n] for n, char in enumerate(text) if char == " ")
    spelling = Spelling.INNER_SPACE if gap in " \t\u3000" else Spelling.INVISIBLE
    closed = re.sub(r" *([.,]) *", r"\1", text)
    if _SPACED.fullmatch(closed):
        closed = closed.replace(" ", ",")
    if " " not in closed:
        inner = _read_body(closed, closed)
        if inner is None or inner.value is None:
            return inner
        return Core(inner.value, inner.decimals, spelling, inner.normal or closed)
    if closed.count(" ") > 1 or "," in closed:
        return None
    inner = _read_body(closed.replace(" ", ""), closed.replace(" ", ""))
    if inner is None:
        return None
    values = inner.candidates if inner.value is None else (inner.value,)
    return Core(None, spelling=spelling, candidates=values)


def _with_marks(text: str) -> Core | None:
    """The list mark 、 or a middle dot between digits: one may stand for a point, more make a list."""
    marks = text.count("、") + text.count("·")
    if marks > 1 or "." in text or "," in text:
        return None
    before, after = re.split("[、·]", text)
    if (
        "、" in text
        and max(len(before), len(after)) <= 2
        and len(before) < 3
        and abs(len(before) - len(after)) == 0
    ):
        return None  # 1、2 and 10、11 are lists
    inner = _broken(f"{before},{after}")
    return Core(None, spelling=Spelling.CHINESE_PUNCTUATION, candidates=inner.candidates)


def _broken(text: str) -> Core:
    """Points and commas that make no number: rank what may have been meant.

    Every choice of one separator as the decimal point (or none) is weighed: points are more often points than
    commas are, amounts have two decimals more often than one or three, and a dropped comma is cheap where
    three digits follow. A repeated tail (201.5.5) or a doubled point (12..5) explains itself.
    """
    points, commas = text.count("."), text.count(",")
    costs: dict[Decimal, float] = {}

    def weigh(candidate: str, cost: float) -> None:
        if _PLAIN.fullmatch(candidate) and len(candidate) <= _MOST_DIGITS + 1:
            value = Decimal(candidate)
            costs[value] = min(cost, costs.get(value, 99.0))

    core = text.rstrip(".,")
    tail = re.fullmatch(r"([0-9,]+)\.([0-9]+)\.\2", core)
    if tail:
        weigh(f"{tail[1]}.{tail[2]}".replace(",", ""), 0.3)
    single = re.sub(r"([.,])[.,]+", lambda m: "." if "." in m[0] else ",", core)
    if single != core:
        weigh(single.replace(",", ""), 0.2)
    if core != text:
        weigh(core.replace(",", ""), 0.1)
    parts = re.split("([.,])", single.lstrip(",."))
    groups, marks = parts[::2], parts[1::2]
    if len(marks) <= _MOST_SEPARATORS:
        for point in range(-1, len(marks)):
            weigh(*_reading(groups, marks, point))
    if not costs:
        # leading zeros, or too long: the digits without them
        weigh(single.replace(",", "").lstrip("0") or "0", 5.0)
        if single.replace(",", "").lstrip("0").startswith("."):
            weigh("0" + single.replace(",", "").lstrip("0"), 5.0)
    ranked = tuple(sorted(costs, key=lambda value: (costs[value], value)))[:_MOST_CANDIDATES]
    return Core(None, spelling=_fault(text, points, commas, ranked), candidates=ranked)


def _reading(groups: list[str], marks: list[str], point: int) -> tuple[str, float]:
    """The digits with only the separator ``point`` kept (-1: none), and how implausible that is."""
    cost = 1.0 if point < 0 else (0.3 if marks[point] == "." else 1.0)
    for n, mark in enumerate(marks):
        if n == point:
            continue
        follows = len(groups[n + 1])
        if n < point or point < 0:
            fits = follows == 3 and len(groups[0]) <= 3
            near = follows == 4
            cost += (0.1 if fits else 0.3 if near else 0.5) if mark == "," else (0.3 if fits else 1.0)
        else:
            cost += 1.0 if mark == "." else 0.5
    if point < 0:
        return "".join(groups), cost
    fraction = "".join(groups[point + 1 :])
    cost += {1: 0.2, 2: 0.0, 3: 0.8, 4: 1.2}.get(len(fraction), 2.0)
    return f"{''.join(groups[: point + 1])}.{fraction}", cost


def _fault(text: str, points: int, commas: int, ranked: tuple[Decimal, ...]) -> Spelling:
    if points > 1:
        return Spelling.GROUPING if commas else Spelling.REPEATED_POINT
    if commas == 1 and points == 0 and not text.endswith(","):
        before, after = text.split(",")
        if len(after) != 4 and ranked and ranked[0] == _or_none(f"{before}.{after}"):
            return Spelling.COMMA_AS_POINT
        return Spelling.GROUPING
    return Spelling.GROUPING if commas and not text.endswith(",") else Spelling.OTHER


def _or_none(text: str) -> Decimal | None:
    return Decimal(text) if _PLAIN.fullmatch(text) else None


def _distinct(values: tuple[Decimal, ...]) -> tuple[Decimal, ...]:
    return tuple(dict.fromkeys(values))[:_MOST_CANDIDATES]
