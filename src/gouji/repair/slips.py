"""Slips of the hand on one figure: how likely a meant figure comes out as typed, and what may be meant.

Shares are the part that each slip has among all slips; within a slip every place it could hit is equally
likely. They mix what is known of keying errors (substitution, transposition, omission and doubling lead) with
what reviewers find in these forms; the ranking depends on them weakly, because relations decide most cases.
"""

from __future__ import annotations

from enum import StrEnum

__all__ = ["SHARE", "Slip", "explain_spelling", "possible_originals"]


class Slip(StrEnum):
    """The kinds of mistakes told apart; the words of ``kind`` in an answer."""

    __hash__ = str.__hash__  # Enum's own is written in Python, and shares are looked up by the thousand

    SPELLING = "spelling"
    SUBSTITUTED = "digit-substituted"
    TRANSPOSED = "digits-transposed"
    OMITTED = "digit-omitted"
    DOUBLED = "digit-doubled"
    INSERTED = "digit-inserted"
    ZERO = "zero-after-point"
    POINT = "point-shifted"
    UNIT = "unit"
    SIGN = "sign"
    PERCENT = "percent"
    OTHER_COLUMN = "other-column"
    OTHER_ROW = "other-row"
    SWAPPED = "swapped"
    BLANK = "left-blank"
    STALE_TOTAL = "stale-total"
    STALE_CHAIN = "stale-chain"
    LINE_OMITTED = "line-omitted"
    LINE_TWICE = "line-twice"
    ROUNDED = "rounded"
    JUMPED = "digits-exchanged"
    TWO_DIGITS = "two-digits"
    COPIED = "copied-mistake"
    MISSPELT_SLIP = "spelling-and-slip"
    ARBITRARY = "arbitrary"


SHARE: dict[Slip, float] = {
    Slip.SPELLING: 0.25,
    Slip.SUBSTITUTED: 0.14,
    Slip.TRANSPOSED: 0.10,
    Slip.OMITTED: 0.10,
    Slip.DOUBLED: 0.06,
    Slip.INSERTED: 0.03,
    Slip.ZERO: 0.06,
    Slip.POINT: 0.08,
    Slip.UNIT: 0.05,
    Slip.SIGN: 0.03,
    Slip.PERCENT: 0.04,
    Slip.OTHER_COLUMN: 0.06,
    Slip.OTHER_ROW: 0.01,
    Slip.SWAPPED: 0.06,
    Slip.BLANK: 0.035,
    Slip.STALE_TOTAL: 0.06,
    Slip.STALE_CHAIN: 0.15,
    Slip.LINE_OMITTED: 0.05,
    Slip.LINE_TWICE: 0.02,
    Slip.ROUNDED: 0.01,
    Slip.JUMPED: 0.005,
    Slip.TWO_DIGITS: 0.01,
    Slip.COPIED: 0.05,
    Slip.MISSPELT_SLIP: 0.0,
    Slip.ARBITRARY: 0.01,
}

# The keys around each digit on the number row and on the keypad.
KEYS_BESIDE = {
    "0": "12",
    "1": "024",
    "2": "0135",
    "3": "26",
    "4": "157",
    "5": "2468",
    "6": "359",
    "7": "48",
    "8": "579",
    "9": "68",
}
BESIDE, ANYWHERE = 0.7, 0.3  # a wrong digit lies beside the right one, or anywhere
POINT_SHARE = {1: 0.4, -1: 0.35, 2: 0.13, -2: 0.1, 3: 0.01, -3: 0.01}
UNIT_SHARE = {4: 0.8, -4: 0.2}


def explain_spelling(typed: str, meant: str) -> tuple[float, Slip]:
    """The probability that one slip of a digit turns ``meant`` into ``typed``, and the likeliest such slip.

    Both are plain spellings (digits, at most one point, perhaps a leading minus). 0.0 where no single slip
    does it; the numeric slips (point, unit) are not judged here.
    """
    if "." in meant and "." not in typed and len(typed) == len(meant) - 2:
        typed += "."  # the only decimal went, and the point with it
    n_typed, n_meant = len(typed), len(meant)
    head, least = 0, min(n_typed, n_meant)
    while head < least and typed[head] == meant[head]:
        head += 1
    tail = 0
    while tail < least - head and typed[-1 - tail] == meant[-1 - tail]:
        tail += 1
    got, want = typed[head : n_typed - tail], meant[head : n_meant - tail]
    if len(got) == len(want):
        return _same_length(got, want, meant)
    if got and want:
        return 0.0, Slip.ARBITRARY
    count = max(1, _digits(meant))
    if not got and len(want) == 1:
        return _one_lost(want, meant, head, count)
    if not want and len(got) == 1:
        return _one_more(got, meant, head, count)
    return 0.0, Slip.ARBITRARY


def _digits(spelling: str) -> int:
    """The digits of a plain spelling: all but its point and its sign."""
    return len(spelling) - ("." in spelling) - (spelling[:1] == "-")


def _same_length(got: str, want: str, meant: str) -> tuple[float, Slip]:
    """Digits replaced or exchanged."""
    count = max(1, _digits(meant))
    if len(got) == 1 and got.isdigit() and want.isdigit():
        odds = (BESIDE / len(KEYS_BESIDE[want]) if got in KEYS_BESIDE[want] else 0.0) + ANYWHERE / 9
        return SHARE[Slip.SUBSTITUTED] * odds / count, Slip.SUBSTITUTED
    if len(got) < 2:
        return 0.0, Slip.ARBITRARY
    a, b = 0, len(got) - 1  # they differ at both ends: what was alike there has been cut off
    if got[1:b] != want[1:b] or not (got[a] + got[b] + want[a] + want[b]).isdigit():
        return 0.0, Slip.ARBITRARY
    if got[a] == want[b] and got[b] == want[a]:
        if b - a == 1 or (b - a == 2 and got[a + 1] == "."):
            return SHARE[Slip.TRANSPOSED] / max(1, count - 1), Slip.TRANSPOSED
        return SHARE[Slip.JUMPED] * 2 / (count * (count - 1)), Slip.JUMPED
    return SHARE[Slip.TWO_DIGITS] * 2 / (81 * count * (count - 1)), Slip.TWO_DIGITS


def _one_lost(lost: str, meant: str, head: int, count: int) -> tuple[float, Slip]:
    """One character of ``meant`` is missing; a lost point is a shifted point and judged as a number."""
    if not lost.isdigit():
        return 0.0, Slip.ARBITRARY
    return SHARE[Slip.OMITTED] * _run(meant, head, lost) / count, Slip.OMITTED


def _one_more(extra: str, meant: str, head: int, count: int) -> tuple[float, Slip]:
    """One character too many."""
    if not extra.isdigit():
        return 0.0, Slip.ARBITRARY
    odds, slip = SHARE[Slip.INSERTED] / (10 * (count + 1)), Slip.INSERTED
    run = _run(meant, head, extra)
    if run:
        odds, slip = odds + SHARE[Slip.DOUBLED] * run / count, Slip.DOUBLED
    # the difference may show one place further right where zeros follow
    point = meant.find(".")
    if extra == "0" and point >= 0 and point < head and not meant[point + 1 : head].strip("0"):
        odds, slip = odds + SHARE[Slip.ZERO], Slip.ZERO
    return odds, slip


def _run(text: str, at: int, digit: str) -> int:
    """Length of the run of ``digit`` that ends just before or covers position ``at``."""
    first = last = at
    while first > 0 and text[first - 1] == digit:
        first -= 1
    while last < len(text) and text[last] == digit:
        last += 1
    return last - first


def possible_originals(typed: str, digits: int) -> dict[int, float]:
    """Values from which one slip of a digit could have made ``typed``, each with a rough probability of that slip.

    ``typed`` is an unsigned plain spelling; values are whole numbers of 10**-digits. Slips of point, unit and sign
    are left out.
    """
    whole, _, part = typed.partition(".")
    text, left = whole + part, len(whole)
    n, places = len(text), len(part)
    tens = [10**k for k in range(max(n, digits) + 2)]
    figures = [int(c) for c in text]
    number = int(text)
    unit = tens[digits - places]
    substituted: list[int] = []
    transposed: list[int] = []
    extra: dict[Slip, list[int]] = {Slip.INSERTED: [], Slip.DOUBLED: [], Slip.ZERO: []}
    lost: list[int] = []
    for k, figure in enumerate(figures):
        place = tens[n - 1 - k]
        before, after = figures[k - 1] if k else -1, figures[k + 1] if k + 1 < n else -1
        first = 1 if k == 0 and left > 1 else 0  # a figure does not begin with a nought
        others, step = (number - figure * place) * unit, place * unit
        substituted += range(others + first * step, others + 10 * step, step)
        if k + 1 < n:
            transposed.append((number + (after - figure) * (place - place // 10)) * unit)
        if k >= left:  # a decimal too many
            slip = Slip.DOUBLED if figure in (before, after) else Slip.INSERTED
            slip = Slip.ZERO if k == left and not figure else slip
            extra[slip].append((number // (place * 10) * place + number % place) * unit * 10)
        elif left > 1 and (k or after):  # a digit of the whole part too many
            slip = Slip.DOUBLED if figure in (before, after) else Slip.INSERTED
            extra[slip].append((number // (place * 10) * place + number % place) * unit)
    for k in range(n + 1):  # a digit missing before place k
        place = tens[n - k]
        least = number // place * 10 * place + number % place
        if k <= left:
            lost += range((least + (0 if k else place)) * unit, (least + 10 * place) * unit, place * unit)
        if k >= left and places < digits:
            tenth = unit // 10
            lost += range(least * tenth, (least + 10 * place) * tenth, place * tenth)
    # from the rarest to the likeliest: of several slips that lead here the likeliest counts
    out = dict.fromkeys(extra[Slip.INSERTED], SHARE[Slip.INSERTED] / (10 * n))
    out |= dict.fromkeys(substituted, SHARE[Slip.SUBSTITUTED] / (9 * n))
    out |= dict.fromkeys(extra[Slip.DOUBLED], SHARE[Slip.DOUBLED] / n)
    out |= dict.fromkeys(extra[Slip.ZERO], SHARE[Slip.ZERO] / n)
    out |= dict.fromkeys(lost, SHARE[Slip.OMITTED] / (n + 1))
    out |= dict.fromkeys(transposed, SHARE[Slip.TRANSPOSED] / n)
    out.pop(number * unit, None)
    return out
