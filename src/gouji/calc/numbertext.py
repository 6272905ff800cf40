"""Text that a formula turns into a number: which texts every Excel reads alike, and which it does not.

``201.5.5`` is an error everywhere. ``3-5`` is the fifth of March or an error, ``１２３`` is 123 in a Chinese
Excel, ``¥5`` is 5 in some: there the built-in engine is not believed.
"""

from __future__ import annotations

import re

__all__ = ["is_ambiguous", "is_plain_number"]

_PLAIN = re.compile(r"\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*%?\s*", re.ASCII)
_GROUPED = re.compile(r"\s*[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?\s*%?\s*", re.ASCII)
_NEGATIVE = re.compile(r"\s*\((?:\d+\.?\d*|\d{1,3}(?:,\d{3})+(?:\.\d*)?)\)\s*", re.ASCII)
_ISO = re.compile(
    r"(?:(?:19|20)\d\d([-/])\d{1,2}\1\d{1,2}(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?|\d{1,2}:\d{2}(?::\d{2})?)",
    re.ASCII,
)
_DATE_LIKE = re.compile(r"\s*\d{1,4}\s*[-/]\s*\d{1,4}(?:\s*[-/]\s*\d{1,4})?(?:\s.*)?")
_TIME_LIKE = re.compile(r"\s*\d{1,4}:.*")
_MONTH = re.compile(r"jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|[ap]\.?m\b", re.IGNORECASE)
_FRACTION = re.compile(r"\s*[+-]?\d+\s+\d+\s*/\s*\d+\s*")
_DIGIT = re.compile(r"\d")
_MARKS = re.compile(r"[$¥￥€£]|年|月|日|时|分|[０-９．，％－＋（）]|\d\s*-\s*$|^\s*%")


def is_plain_number(text: str) -> bool:
    """Whether every Excel reads the text as the same number."""
    return any(pattern.fullmatch(text) for pattern in (_PLAIN, _GROUPED, _NEGATIVE, _ISO))


def is_ambiguous(text: str) -> bool:
    """Whether Excel may read the text as a number, a date or an amount, depending on its language."""
    if not _DIGIT.search(text) or is_plain_number(text):
        return False
    return any(
        (
            _DATE_LIKE.fullmatch(text),
            _TIME_LIKE.fullmatch(text),
            _FRACTION.fullmatch(text),
            _MONTH.search(text),
            _MARKS.search(text),
        )
    )
