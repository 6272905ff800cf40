"""Labels as people type them, brought to one spelling, with what their dress says kept aside.

«　　其中：1、公车购置（万元）» is the label 公车购置 with outline marker "1、", the word 其中, an indent and a unit.
Labels are matched by what is left; the dress tells the place of a row in its outline.
"""

from __future__ import annotations

import unicodedata
from decimal import Decimal
from functools import lru_cache

from gouji.frozen import frozen
from gouji.pattern import compiled

__all__ = ["Label", "Marker", "compact", "parse_label"]

_SPACE = compiled(r"[\s\u00a0\u200b-\u200f\u2060\u3000\ufeff\ufffc]+")
_FOLD = str.maketrans(
    {
        "：": ":",
        "；": ";",
        "，": ",",
        "（": "(",
        "）": ")",
        "【": "[",
        "】": "]",
        "％": "%",
        "〔": "(",
        "〕": ")",
    }
)


@lru_cache(maxsize=4096)
def compact(text: str) -> str:
    """The text without any white space, full-width forms folded to half-width (NFKC)."""
    if not text:
        return ""
    return _SPACE.sub("", unicodedata.normalize("NFKC", text).translate(_FOLD))


@frozen
class Marker:
    """The outline marker of a label: ``level`` 1 for 一、 2 for (一) 3 for 1、 4 for (1) 5 for ①; ``number`` its value."""

    level: int
    number: int


@frozen
class Label:
    """A parsed label.

    ``core`` is the compact text without markers, 其中, brackets that hold units, points or formula letters, and the closing
    colon. ``of_which`` says that 其中 stood in front; ``unit`` a unit found in brackets; ``points`` the printed points of a
    group such as 产出指标(40分); ``year`` a leading year such as 2024年; ``indent`` leading white space in half-width columns.
    """

    text: str
    core: str
    marker: Marker | None = None
    of_which: bool = False
    unit: str | None = None
    points: Decimal | None = None
    year: int | None = None
    indent: int = 0


_CHINESE = "零一二三四五六七八九十"
_MARKERS = (
    (1, compiled(r"^([一二三四五六七八九十]{1,3})[、.,]")),
    (2, compiled(r"^\(([一二三四五六七八九十]{1,3})\)[、.]?")),
    (3, compiled(r"^(\d{1,2})(?:[、,]|\.(?!\d)|\)(?=\D))")),
    (4, compiled(r"^\((\d{1,2})\)[、.]?")),
)
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_INDICATOR_NUMBER = compiled(r"^指标\d{1,2}[:、.]")
_OF_WHICH = compiled(r"^(?:其中[:,、—-]*|其[:,、]?)(?=.)")
_UNIT_BRACKET = compiled(r"\((?:单位[:]?)?(万元|亿元|元|千元|百元|人|%|人次|㎡|m2|平方米|个|辆|项|分)\)")
_POINTS = compiled(r"[(\[]?(?:满分|共|权重)?(\d{1,3}(?:\.\d{1,2})?)分[)\]]?$")
_FORMULA_BRACKET = compiled(r"\([A-Z](?:[/÷*×+-][A-Z])*(?:[×*]100%?)?\)|[(]?[A-Z][/÷][A-Z][)]?$")
_YEAR = compiled(r"^(20\d{2})年(?:度)?")
_LETTER = compiled(r"(?<=[^A-Za-z])[A-D]$")


def _chinese_number(text: str) -> int:
    if text == "十":
        return 10
    if "十" in text:
        tens, _, ones = text.partition("十")
        return (_CHINESE.index(tens) if tens else 1) * 10 + (_CHINESE.index(ones) if ones else 0)
    return _CHINESE.index(text[0])


def _marker(text: str) -> tuple[Marker | None, str]:
    for level, pattern in _MARKERS:
        found = pattern.match(text)
        if found and found.end() < len(text):
            digits = found[1]
            number = int(digits) if digits.isdigit() else _chinese_number(digits)
            return Marker(level, number), text[found.end() :]
    return None, text


@lru_cache(maxsize=4096)
def parse_label(text: str) -> Label:
    """Take a typed label apart (see :class:`Label`)."""
    stripped = text.lstrip(" \t\u3000\u00a0")
    indent = sum(2 if ch == "\u3000" else 1 for ch in text[: len(text) - len(stripped)])
    lead = stripped[:1]
    if lead in _CIRCLED and lead:
        marker: Marker | None = Marker(5, _CIRCLED.index(lead) + 1)
        core = compact(stripped[1:]).lstrip("、.")
    else:
        marker, core = None, compact(stripped)
    of_which = False
    for _ in range(3):
        found = _OF_WHICH.match(core)
        if found and not core.startswith(("其他", "其它", "其余")):
            of_which, core = True, core[found.end() :]
        if marker is None:
            marker, core = _marker(core)
    core = _INDICATOR_NUMBER.sub("", core)
    unit = None
    bracket = _UNIT_BRACKET.search(core)
    if bracket:
        unit = bracket[1] if bracket[1] != "分" else None
        core = core[: bracket.start()] + core[bracket.end() :]
    points = None
    found = _POINTS.search(core)
    if found and found.start() > 0:
        points = Decimal(found[1])
        core = core[: found.start()]
        if core.count("(") > core.count(")"):
            core = core[: core.rindex("(")]  # 项目绩效(特性指标70分)
    core = _FORMULA_BRACKET.sub("", core)
    year = None
    found = _YEAR.match(core)
    if found:
        year = int(found[1])
        core = core[found.end() :]
    core = core.rstrip(":;,、。.")
    if len(core) > 3:
        core = _LETTER.sub("", core)
    return Label(text, core, marker, of_which, unit, points, year, indent)
