"""Do printed figures agree? The rounding discipline of XBRL Calculations 1.1, in exact decimal arithmetic.

Each printed figure stands for the interval of all values that round to it. A ratio or a sum *agrees* when the value
computed from the printed inputs rounds (half up, as the ministry's systems do) to the printed result; it is a matter
of *rounding* when it does not, but some values inside the inputs' intervals would give the printed result; else it
*disagrees*. Source: XBRL Calculations 1.1 (2023), section on rounding; DESIGN «Numbers».
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from enum import StrEnum
from fractions import Fraction

from gouji.model import Reading, ReadingKind
from gouji.number.unit import is_money, same_dimension, unit_factor

__all__ = ["Agreement", "Comparison", "agree_ratio", "agree_sum", "interval", "precision", "round_half_up"]

_WIDE = Context(prec=60)
_HALF = Decimal("0.5")


class Agreement(StrEnum):
    """How a printed result stands to the value its printed inputs give."""

    AGREES = "agrees"
    ROUNDING = "rounding"
    DISAGREES = "disagrees"


@dataclass(frozen=True, slots=True)
class Comparison:
    """A printed result against its inputs.

    ``expected`` is what the printed inputs give, rounded half up to the decimals of the printed result and in its
    unit (percent in percent points). ``low`` and ``high`` bound what the inputs' intervals allow, unrounded to 12
    decimals; ``difference`` is printed minus expected.
    """

    agreement: Agreement
    expected: Decimal
    low: Decimal
    high: Decimal
    difference: Decimal


def round_half_up(value: Decimal, decimals: int) -> Decimal:
    """Round half away from zero to ``decimals`` places (negative: tens, hundreds), never to a negative zero."""
    rounded = value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP, context=_WIDE)
    return rounded if rounded else abs(rounded)


def precision(reading: Reading) -> int:
    """The decimals a reading is known to: those printed, or those stored where a workbook holds more."""
    if reading.value is None:
        return reading.decimals
    exponent = reading.value.as_tuple().exponent
    return max(reading.decimals, -exponent if isinstance(exponent, int) else 0)


def interval(reading: Reading, *, decimals: int | None = None) -> tuple[Decimal, Decimal]:
    """The values a reading stands for: its value ± half a unit of its last decimal, in its own unit.

    A figure from a workbook that stores more digits than it shows stands for what it stores. A range (3-5) stands
    for everything between its ends.

    Args:
        reading: a reading with a value.
        decimals: the precision to assume where it is finer than the printed one: clerks drop trailing zeros, so
            ``20`` in a column of two-decimal amounts is 20.00.

    Raises:
        ValueError: the reading has no value.
    """
    if reading.value is None:
        raise ValueError(f"no value was read from {reading.text!r}")
    half = _HALF.scaleb(-max(precision(reading), decimals if decimals is not None else 0))
    upper = reading.upper if reading.upper is not None else reading.value
    return reading.value - half, upper + half


def agree_ratio(
    numerator: Reading, denominator: Reading, printed: Reading, *, decimals: int | None = None
) -> Comparison:
    """Does ``printed`` percent equal ``numerator / denominator``?

    ``printed`` counts in percent points whether or not it carries a ``%``. Inputs in different units of one dimension
    (元 and 万元) are brought to one. Where the denominator is 0 the rate is 0, as finance systems print it.

    Args:
        numerator: the part.
        denominator: the whole.
        printed: the rate as printed.
        decimals: the precision of the column the inputs come from, where it is finer than the inputs' own (20 in a
            column of two-decimal amounts). By default the finer of the two inputs; counts (人, 个) are exact.

    Raises:
        ValueError: one of the three has no value.
    """
    fine = max(precision(numerator), precision(denominator), decimals or 0)
    top, low_top, high_top = _scaled(numerator, fine)
    bottom, low_bottom, high_bottom = _scaled(denominator, fine)
    scale = _scale(numerator, denominator)
    if bottom == 0:
        exact = low = high = Fraction(0)
    else:
        exact = scale * top / bottom
        corners = [
            scale * x / y for x in (low_top, high_top) for y in (low_bottom, high_bottom) if y != 0
        ] or [exact]
        low, high = min(*corners, exact), max(*corners, exact)
    return _judge(exact, low, high, printed)


def agree_sum(
    terms: Iterable[Reading | tuple[Reading, int]], total: Reading, *, decimals: int | None = None
) -> Comparison:
    """Does ``total`` equal the sum of the terms?

    A term may come with a coefficient (-1 for one that is taken off). Terms in another unit of the total's dimension
    are converted. Blank terms are the caller's to leave out.

    Args:
        terms: readings with a value, or (reading, coefficient).
        total: the printed total.
        decimals: as in :func:`agree_ratio`; by default the finest precision among the terms and the total.

    Raises:
        ValueError: a term or the total has no value.
    """
    pairs: Sequence[tuple[Reading, int]] = [term if isinstance(term, tuple) else (term, 1) for term in terms]
    fine = max([precision(total), decimals or 0, *(precision(reading) for reading, _ in pairs)])
    exact = low = high = Fraction(0)
    for reading, coefficient in pairs:
        value, least, most = _scaled(reading, fine)
        factor = coefficient * _ratio_of(reading.unit, total.unit)
        exact += factor * value
        low += min(factor * least, factor * most)
        high += max(factor * least, factor * most)
    return _judge(exact, low, high, total)


def _scaled(reading: Reading, decimals: int) -> tuple[Fraction, Fraction, Fraction]:
    """(value, lowest, highest); a count is exact."""
    low, high = interval(reading, decimals=decimals)
    value = reading.value if reading.value is not None else low
    if reading.upper is None and _is_count(reading):
        low = high = value
    return Fraction(value), Fraction(low), Fraction(high)


def _is_count(reading: Reading) -> bool:
    """Whole people, households, pieces: nothing was rounded away."""
    if reading.kind is not ReadingKind.NUMBER or reading.unit is None or precision(reading) > 0:
        return False
    return not is_money(reading.unit) and unit_factor(reading.unit) == 1 and not reading.approximate


def _ratio_of(unit: str | None, other: str | None) -> Fraction:
    if unit is None or other is None or not same_dimension(unit, other):
        return Fraction(1)
    one, two = unit_factor(unit), unit_factor(other)
    return Fraction(one) / Fraction(two) if one and two else Fraction(1)


def _scale(numerator: Reading, denominator: Reading) -> Fraction:
    return 100 * _ratio_of(numerator.unit, denominator.unit)


def _judge(exact: Fraction, low: Fraction, high: Fraction, printed: Reading) -> Comparison:
    if printed.value is None:
        raise ValueError(f"no value was read from {printed.text!r}")
    expected = _rounded(exact, printed.decimals)
    shown = round_half_up(printed.value, printed.decimals)
    least, most = (Fraction(bound) for bound in interval(printed))
    if expected == shown:
        agreement = Agreement.AGREES
    elif low <= most and least <= high:
        agreement = Agreement.ROUNDING
    else:
        agreement = Agreement.DISAGREES
    return Comparison(agreement, expected, _rounded(low, 12), _rounded(high, 12), shown - expected)


def _rounded(value: Fraction, decimals: int) -> Decimal:
    """Round an exact fraction half away from zero."""
    size = Fraction(10) ** decimals
    scaled = abs(value) * size
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(whole if value >= 0 else -whole).scaleb(-decimals, context=_WIDE)
