"""One live row of a 校验 sheet."""

from __future__ import annotations

from gouji.form.facts import Slot
from gouji.frozen import frozen

__all__ = ["LiveCheck"]


@frozen
class LiveCheck:
    """One relation at one place, as formulas.

    ``code`` is the rule that checks the same; ``place`` the cell judged; ``says`` what has to hold, in words.
    ``shown`` and ``expected`` are formulas (without ``=``) of the figure printed and of what it should be, "" where there
    is none; ``verdict`` is the formula of the result, one of the words of :mod:`gouji.live.verdicts`. All addresses
    carry their sheet. Where a whole column is judged, it reaches from ``place`` down to ``last``.
    """

    code: str
    place: Slot
    says: str
    shown: str
    expected: str
    verdict: str
    last: Slot | None = None
