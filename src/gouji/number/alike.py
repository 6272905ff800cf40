"""Whether a figure can be what somebody meant who typed a given text."""

from __future__ import annotations

import re
from decimal import Decimal

from gouji.number.charset import LOOK_ALIKES, canonical

__all__ = ["resembles"]

_LONG = 5  # digits from which two slips still leave a figure recognisable


def resembles(typed: str, value: Decimal) -> bool:
    """Whether the digits of ``value`` are those of ``typed`` but for a slip (two in a long figure).

    A slip is a digit wrong, left out, put in, or two neighbours swapped (optimal string alignment). Points, commas,
    units and zeros at both ends do not count: 98,30 resembles 98.3 and 9830, not 0.18.
    """
    plain = "".join(LOOK_ALIKES.get(char, char) for char in canonical(typed))
    one, other = _digits(plain), _digits(f"{value:f}")
    tail = re.search(r"\.([0-9]+)\.\1", plain)
    if tail and _digits(plain[: tail.end(1)]) == other:
        return True  # a tail typed twice is one slip, however long
    return _distance(one, other) <= (2 if min(len(one), len(other)) >= _LONG else 1)


def _digits(text: str) -> str:
    return "".join(char for char in text if char in "0123456789").strip("0")


def _distance(one: str, other: str) -> int:
    """Slips of the hand between two runs of digits."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, char in enumerate(one, start=1):
        earlier, before, row = before, row, [i]
        for j, its in enumerate(other, start=1):
            best = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (char != its))
            if i > 1 and j > 1 and char == other[j - 2] and one[i - 2] == its:
                best = min(best, earlier[j - 2] + 1)
            row.append(best)
    return row[-1]
