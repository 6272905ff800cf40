"""What a typed text can mean as a number, with a price for each meaning.

This is the engine's only door to spelling. The prices are −log P(meaning | text), judged from how such texts
come about; relations to other cells decide between meanings, so only the order and rough size of the prices
matter.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from math import log

from gouji.frozen import frozen, replace
from gouji.model import Spelling
from gouji.pattern import compiled

__all__ = ["Typed", "read_typed"]

PLAIN = compiled(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?", re.ASCII)
BLANK = compiled(r"[-－—–−―─/／\\]*|无|暂无|没有|不适用|[Nn]/?[Aa]")
SUFFIX = compiled(r"(?<=[\d.])\s*(?:万元|亿元|千元|百元|元|[\u4e00-\u9fff㎡]{1,4}|m2|km)$")
REPEATED_TAIL = compiled(r"(-?\d+)\.(\d+)(?:\.\2)+")
INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad"))
CHINESE = str.maketrans(
    {"。": ".", "、": ",", "，": ",", "·": ".", "•": ".", "・": ".", "；": ".", "：": ".", "−": "-"}
)
LOOK_ALIKE = str.maketrans("OoDQ〇lI|!iSsBZzbgq", "000001111155822699")
MONEY = {"元": 0, "百元": 2, "千元": 3, "万元": 4, "亿元": 8}
MOST_DECIMALS = 15
LONGEST = 40

SURE, LIKELY, POSSIBLE, UNLIKELY = 0.1, 0.3, 0.8, 2.5


@frozen
class Typed:
    """A text as the engine sees it.

    ``core`` is the plain spelling without grouping and unit, to be compared digit by digit with a meant value
    ("" for a blank). ``value`` is the plain decimal where everyone would agree on it (None: blank or odd).
    ``readings`` are the meanings of an odd text with their prices, cheapest first. ``percent_sign``: it ends
    in a percent sign. ``decimals`` is the most decimals among value and readings,
    ``digits`` the value without its point. ``blank``: nothing was stated.
    """

    core: str
    value: str | None
    readings: tuple[tuple[str, float], ...] = ()
    oddity: Spelling = Spelling.NONE
    percent_sign: bool = False
    decimals: int = 0
    digits: int = 0
    blank: bool = False


NOTHING = Typed("", None, blank=True)


def read_typed(text: str, unit: str = "") -> Typed:
    """Read a typed figure; ``unit`` is the unit the form states for the cell ("" where it states none).

    A unit typed behind the figure is accepted where it is the form's own (or no money unit); another money
    unit makes the text odd, with the converted figure as first reading.
    """
    if not text:
        return NOTHING
    whole, point, part = text.partition(".")
    if text.isascii() and whole.isdigit() and (part.isdigit() if point else True):  # nearly all of them
        decimals = len(part)
        if decimals <= MOST_DECIMALS and len(text) <= LONGEST:
            return Typed(text, text, (), Spelling.NONE, False, decimals, int(whole + part))
    return _read_closely(text, unit)


@lru_cache(maxsize=2048)
def _read_closely(text: str, unit: str) -> Typed:
    """Read a text that is not merely digits and a point."""
    trimmed = text.strip().translate(INVISIBLE)
    if BLANK.fullmatch(trimmed):
        return NOTHING
    percent = trimmed.endswith("%")
    bare = (trimmed[:-1].rstrip() if percent else trimmed).lstrip("¥￥")
    if PLAIN.fullmatch(bare):
        core = bare.replace(",", "").lstrip("+")
        decimals = len(core.partition(".")[2])
        if decimals <= MOST_DECIMALS and len(core) <= LONGEST:
            return Typed(core, core, (), Spelling.NONE, percent, decimals, int(core.replace(".", "")))
        return _absurd(core, percent=percent)
    typed = _odd(bare, unit, percent=percent)
    if typed.value is not None:
        return replace(read_typed(typed.value), percent_sign=percent)
    if len(typed.core.partition(".")[2]) > MOST_DECIMALS or len(typed.core) > LONGEST:
        return _absurd(typed.core, percent=percent)
    texts = [typed.value] if typed.value is not None else [text for text, _ in typed.readings]
    decimals = max((len(text) - 1 - text.index(".") for text in texts if "." in text), default=0)
    return replace(typed, decimals=decimals)


def _absurd(core: str, *, percent: bool) -> Typed:
    """Absurdly long decimals are no figure of a form: such a text is odd and has no reading."""
    return Typed(core[:LONGEST], None, (), Spelling.OTHER, percent)


def _odd(text: str, unit: str, *, percent: bool) -> Typed:
    """Read a text that is no plain number: name the oddity and price its meanings."""
    suffix = SUFFIX.search(text)
    shift = 0
    if suffix:
        text, found = text[: suffix.start()], suffix[0].strip()
        if found in MONEY and unit in MONEY:
            shift = MONEY[found] - MONEY[unit]
        if shift == 0 and PLAIN.fullmatch(text):
            core = text.replace(",", "").lstrip("+")
            return Typed(core, core, percent_sign=percent)
    normal = unicodedata.normalize("NFKC", text)
    percent = percent or normal.endswith("%")
    ascii_only = normal.translate(CHINESE).rstrip("%")
    joined = re.sub(r"\s", "", ascii_only)
    readable = joined.translate(LOOK_ALIKE) if any(c.isdigit() for c in joined) else joined
    readings: dict[str, float] = {}
    for spelling, price in _meanings(
        readable, spaced=joined != ascii_only and "." not in joined, raw=ascii_only
    ):
        for value, extra in _converted(spelling, shift):
            readings[value] = min(readings.get(value, 99.0), price + extra)
    ranked = tuple(sorted(readings.items(), key=lambda item: (item[1], item[0])))
    return Typed(readable, None, ranked, _oddity(text, joined, ascii_only, readable, shift), percent)


def _oddity(text: str, joined: str, spaced: str, readable: str, shift: int) -> Spelling:
    """The most telling thing that is odd about a text."""
    if readable.count(".") > 1:
        return Spelling.REPEATED_POINT
    if "," in readable:
        return Spelling.GROUPING if "." in readable or readable.count(",") > 1 else Spelling.COMMA_AS_POINT
    if readable != joined:
        return Spelling.LOOK_ALIKE
    if any(ord(c) in CHINESE for c in text):
        return Spelling.CHINESE_PUNCTUATION
    if joined != spaced:
        return Spelling.INNER_SPACE
    if any(unicodedata.east_asian_width(c) == "F" for c in text):
        return Spelling.FULL_WIDTH
    if shift == 0 and re.match(r"[+-]{2}", readable):
        return Spelling.REPEATED_SIGN
    return Spelling.OTHER


def _meanings(text: str, *, spaced: bool, raw: str) -> Iterator[tuple[str, float]]:
    """Plain spellings that an oddly typed text may stand for, with prices; some may come twice."""
    if PLAIN.fullmatch(text):
        yield text.replace(",", ""), SURE
    if spaced:
        yield re.sub(r"\s+", ".", raw), UNLIKELY
    points, commas = text.count("."), text.count(",")
    if commas == 1 and not points:
        tail = len(text) - 1 - text.index(",")
        yield text.replace(",", "."), LIKELY if tail in (1, 2) else UNLIKELY
        yield text.replace(",", ""), LIKELY if tail == 3 else UNLIKELY
    elif commas:
        yield text.replace(",", ""), LIKELY
        if points == 0 or text.rindex(",") > text.rindex("."):
            head, _, tail_text = text.rpartition(",")
            yield re.sub("[.,]", "", head) + "." + tail_text, UNLIKELY
    if points > 1:
        yield from _one_point(text.replace(",", ""), points)
    if re.fullmatch(r"-?\.\d+", text):
        yield text.replace(".", "0."), SURE
    if re.fullmatch(r"-?\d+\.", text):
        yield text[:-1], LIKELY
    digits = re.sub(r"[^\d.\-]", "", text)
    if digits != text and not commas:
        yield digits, POSSIBLE
    if re.match(r"[+-]{2,}\d", text):
        yield text.lstrip("+-"), POSSIBLE
        yield "-" + text.lstrip("+-"), POSSIBLE


def _one_point(text: str, points: int) -> Iterator[tuple[str, float]]:
    """Meanings of a figure with several points: one of them stands, or a repeated tail goes."""
    tail = REPEATED_TAIL.fullmatch(text)
    if tail:
        yield f"{tail[1]}.{tail[2]}", POSSIBLE
    if ".." in text:
        yield re.sub(r"\.+", ".", text), LIKELY
    head, *parts = text.split(".")
    for kept in range(points):
        whole = head + "".join(parts[:kept])
        yield f"{whole}.{''.join(parts[kept:])}", UNLIKELY - 0.7 + log(points)


def _converted(spelling: str, shift: int) -> Iterator[tuple[str, float]]:
    """The plain decimal of a spelling, converted by a typed unit 10**shift times the form's."""
    if not PLAIN.fullmatch(spelling):
        return
    plain = spelling.replace(",", "").lstrip("+")
    padded = POSSIBLE if re.match(r"-?0\d", plain) else 0.0
    plain = re.sub(r"^(-?)0+(?=\d)", r"\1", plain)
    if shift == 0:
        yield plain, padded
        return
    yield format(Decimal(plain).scaleb(shift).normalize(), "f"), LIKELY
    yield plain, 1.5
