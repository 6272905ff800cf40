"""Formulas so plain that nothing in them can go wrong: most of a form's formulas, told by a few patterns."""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["is_plain"]

_SHEET = r"(?:(?:'(?:[^'\[\]:]|'')+'|[^\W\d][\w.]*)!)?"
_CELL = r"\$?[A-Z]{1,3}\$?\d{1,7}"
# Aggregates of cells and ranges, the commonest calls of all.
_AGGREGATE = re.compile(
    rf"\b(?:SUM|MAX|MIN|AVERAGE|COUNT|COUNTA)\({_SHEET}{_CELL}(?::{_CELL})?(?:,{_SHEET}{_CELL}(?::{_CELL})?)*\)"
)
_LEFT = re.compile(
    rf"(?:\b(?:IF|IFERROR|ROUND|ROUNDUP|ROUNDDOWN|ABS|INT|MAX|MIN|SUM)\(|{_SHEET}{_CELL}(?![\d:(\w])|"
    r"\d+(?:\.\d+)?|\"[^\"0-9]*\"|[-+*/(),=]|<>|[<>]=?)*"
)
_COMPARES_TEXT = re.compile(r"[<>]=?\"|\"[<>]=?[^>]")


@lru_cache(maxsize=8192)
def is_plain(formula: str) -> bool:
    """Whether a formula is made of cells, numbers, arithmetic and the plainest functions of single cells only."""
    left = _AGGREGATE.sub("0", formula)
    if ":" in left or not _LEFT.fullmatch(left):
        return False
    return not ('"' in left and _COMPARES_TEXT.search(left))
