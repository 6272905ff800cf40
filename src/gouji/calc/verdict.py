"""How far a result of the built-in engine is believed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Suspicion", "Verdict"]


class Verdict(StrEnum):
    """WRONG goes to LibreOffice, UNSURE needs a second opinion that agrees, NEVER keeps the old value."""

    WRONG = "wrong"
    UNSURE = "unsure"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Suspicion:
    """A verdict and, in Chinese, what it rests on.

    ``may_fail`` is set where an error value is a likely right answer, ``despite_booleans`` where LibreOffice is
    right although it takes booleans for numbers.
    """

    verdict: Verdict
    reason: str
    may_fail: bool = False
    despite_booleans: bool = False
