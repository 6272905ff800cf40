"""Do printed figures agree? The rounding discipline of XBRL Calculations 1.1, in exact decimals.

Each printed figure stands for the interval of all values that round to it. A ratio or a sum *agrees* when
the value computed from the printed inputs rounds (half up, as the ministry's systems do) to the printed
result; it is a matter of *rounding* when it does not, but some values inside the inputs' intervals would give
the printed result; else it *disagrees*.

Exactness: sums and products are exact. Quotients carry 60 digits, and a quotient of two figures of up to 30
digits that is no tie differs from every tie by more than 1e-50, so no rounding can come out wrong.

Source: XBRL International, Calculations 1.1, Recommendation of 22 February 2023
(https://www.xbrl.org/Specification/calculation-1.1/REC-2023-02-22/calculation-1.1-REC-2023-02-22.html).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from enum import StrEnum
from functools import lru_cache

from gouji.frozen import frozen, replace
from gouji.model import Reading, ReadingKind
from gouji.number.unit import is_money, same_dimension, unit_factor

__all__ = [
    "Agreement",
    "Comparison",
    "agree_ratio",
    "agree_sum",
    "agree_value",
    "interval",
    "precision",
    "ratio_agreement",
    "round_half_up",
    "sum_agreement",
]

_WIDE = Context(prec=60, rounding=ROUND_HALF_UP)
_ZERO, _ONE, _HUNDRED = Decimal(0), Decimal(1), Decimal(100)
_BOUND_DECIMALS = 12
_CENTS = 2


class Agreement(StrEnum):
    """How a printed result stands to the value its printed inputs give."""

    AGREES = "agrees"
    ROUNDING = "rounding"
    DISAGREES = "disagrees"


@frozen
class Comparison:
    """A printed result against its inputs.

    ``expected`` is what the printed inputs give, rounded half up to the decimals of the printed result and in
    its unit (percent in percent points). ``low`` and ``high`` bound what the inputs' intervals allow (to 12
    decimals); ``difference`` is printed minus expected.
    """

    agreement: Agreement
    expected: Decimal
    low: Decimal
    high: Decimal
    difference: Decimal


def round_half_up(value: Decimal, decimals: int) -> Decimal:
    """Round half away from zero to ``decimals`` places (negative: tens, hundreds); no zero is negative."""
    context = _WIDE
    if value.adjusted() + decimals > 50:
        context = Context(prec=value.adjusted() + decimals + 10)
    rounded = value.quantize(Decimal((0, (1,), -decimals)), rounding=ROUND_HALF_UP, context=context)
    return rounded or abs(rounded)


def precision(reading: Reading) -> int:
    """The decimals a reading is known to: those printed, or those stored where a workbook holds more."""
    if reading.value is None:
        return reading.decimals
    exponent = reading.value.as_tuple().exponent
    return max(reading.decimals, -exponent if isinstance(exponent, int) else 0)


def interval(reading: Reading, *, decimals: int | None = None) -> tuple[Decimal, Decimal]:
    """The values a reading stands for: its value ± half a unit of its last decimal, in its own unit.

    A figure from a workbook that stores more digits than it shows stands for what it stores. A range (3-5)
    stands for everything between its ends.

    Args:
        reading: a reading with a value.
        decimals: the precision to assume where it is finer than the printed one: clerks drop trailing zeros,
            so ``20`` in a column of two-decimal amounts is 20.00.

    Raises:
        ValueError: the reading has no value.
    """
    value = _value(reading)
    half = Decimal((0, (5,), -max(precision(reading), decimals or 0) - 1))
    upper = reading.upper if reading.upper is not None else value
    return _WIDE.subtract(value, half), _WIDE.add(upper, half)


def agree_ratio(
    numerator: Reading, denominator: Reading, printed: Reading, *, decimals: int | None = None
) -> Comparison:
    """Does ``printed`` percent equal ``numerator / denominator``?

    ``printed`` counts in percent points whether or not it carries a ``%``. Inputs in different units of one
    dimension (元 and 万元) are brought to one. Where the denominator is 0 the rate is 0, as finance systems
    print it.

    Args:
        numerator: the part.
        denominator: the whole.
        printed: the rate as printed.
        decimals: the precision of the column the inputs come from, where it is finer than the inputs' own
            (20 in a column of two-decimal amounts). By default the finer of the two inputs. Counts of people
            and things (人, 个) are exact.

    Raises:
        ValueError: one of the three has no value.
    """
    fine = max(precision(numerator), precision(denominator), decimals or 0)
    top = _bounds(numerator, fine)
    bottom = _bounds(denominator, fine)
    scale = _WIDE.multiply(_HUNDRED, _factor(numerator.unit, denominator.unit))
    if bottom[0] == 0:
        return _judge(_ZERO, _ZERO, _ZERO, printed)
    exact = _WIDE.divide(_WIDE.multiply(scale, top[0]), bottom[0])
    corners = [_WIDE.divide(_WIDE.multiply(scale, x), y) for x in top[1:] for y in bottom[1:] if y]
    return _judge(exact, min(exact, *corners), max(exact, *corners), printed)


def agree_sum(
    terms: Iterable[Reading | tuple[Reading, int]], total: Reading, *, decimals: int | None = None
) -> Comparison:
    """Does ``total`` equal the sum of the terms?

    A term may come with a coefficient (-1 for one that is taken off). Terms in another unit of the total's
    dimension are converted. Blank terms are the caller's to leave out.

    Args:
        terms: readings with a value, or (reading, coefficient).
        total: the printed total.
        decimals: as in :func:`agree_ratio`; by default the finest among the terms and the total.

    Raises:
        ValueError: a term or the total has no value.
    """
    pairs: Sequence[tuple[Reading, int]] = [term if isinstance(term, tuple) else (term, 1) for term in terms]
    fine = max([precision(total), decimals or 0, *(precision(reading) for reading, _ in pairs)])
    exact = low = high = _ZERO
    for reading, coefficient in pairs:
        factor = _WIDE.multiply(Decimal(coefficient), _factor(reading.unit, total.unit))
        value, *ends = (_WIDE.multiply(factor, bound) for bound in _bounds(reading, fine))
        exact = _WIDE.add(exact, value)
        low = _WIDE.add(low, min(ends))
        high = _WIDE.add(high, max(ends))
    return _judge(exact, low, high, total)


def sum_agreement(terms: Iterable[tuple[Reading, int]], total: Reading) -> Agreement:
    """The agreement that :func:`agree_sum` finds, sooner where the terms add up to the very total.

    Raises:
        ValueError: a term or the total has no value.
    """
    pairs = list(terms)
    exact = _ZERO
    for reading, coefficient in pairs:
        if reading.unit != total.unit and _factor(reading.unit, total.unit) is not _ONE:
            break
        value = _value(reading)
        exact = _WIDE.add(exact, value) if coefficient == 1 else _WIDE.add(exact, coefficient * value)
    else:
        if exact == total.value:
            return Agreement.AGREES
    return agree_sum(pairs, total).agreement


def ratio_agreement(
    numerator: Reading, denominator: Reading, printed: Reading, *, decimals: int
) -> Agreement:
    """The agreement that :func:`agree_ratio` finds, sooner where the rate is far off.

    Inputs of at least 1 known to two decimals are known to half a percent, so their quotient is to 1.01 %, and a
    rate is printed to half a point: what misses by 2 % and a point is in no interval.

    Raises:
        ValueError: one of the three has no value.
    """
    top, bottom, rate = _value(numerator), _value(denominator), _value(printed)
    if (
        decimals >= _CENTS
        and top >= 1
        and bottom >= 1
        and printed.decimals >= 0
        and numerator.upper is denominator.upper is printed.upper is None
        and _factor(numerator.unit, denominator.unit) is _ONE
    ):
        exact = _WIDE.divide(_WIDE.multiply(_HUNDRED, top), bottom)
        if abs(exact - rate) > exact / 50 + 1:
            return Agreement.DISAGREES
    return agree_ratio(numerator, denominator, printed, decimals=decimals).agreement


def agree_value(first: Reading, second: Reading) -> Comparison:
    """Do two statements of one quantity agree (2,794.69万元 and 27946900元, 76.34% and 76.3%)?

    They agree where the finer rounds to the coarser or one is a range that holds the other, and differ by
    rounding where their intervals meet. ``expected`` is ``first`` in the unit and precision of ``second``.

    Raises:
        ValueError: one of the two has no value.
    """
    there = _judge(*_converted(first, second), second)
    if there.agreement is not Agreement.AGREES:
        back = _judge(*_converted(second, first), first)
        if back.agreement is Agreement.AGREES:
            return replace(there, agreement=Agreement.AGREES)
    return there


def _converted(reading: Reading, other: Reading) -> tuple[Decimal, Decimal, Decimal]:
    """(value, lowest, highest) of a reading in the unit of another."""
    factor = _factor(reading.unit, other.unit)
    value, low, high = _bounds(reading, 0)
    return _WIDE.multiply(factor, value), _WIDE.multiply(factor, low), _WIDE.multiply(factor, high)


def _value(reading: Reading) -> Decimal:
    if reading.value is None:
        raise ValueError(f"no value was read from {reading.text!r}")
    return reading.value


def _bounds(reading: Reading, decimals: int) -> tuple[Decimal, Decimal, Decimal]:
    """(value, lowest, highest); whole people, households, pieces are exact: nothing was rounded away."""
    value = _value(reading)
    if not reading.approximate and _is_count(reading.kind, reading.unit) and precision(reading) == 0:
        return value, value, reading.upper if reading.upper is not None else value
    return value, *interval(reading, decimals=decimals)


@lru_cache(maxsize=512)
def _is_count(kind: ReadingKind, unit: str | None) -> bool:
    if kind is not ReadingKind.NUMBER or unit is None or is_money(unit):
        return False
    return unit_factor(unit) in (None, _ONE)


@lru_cache(maxsize=512)
def _factor(unit: str | None, other: str | None) -> Decimal:
    """What one ``unit`` is in the other unit; 1 where they cannot be compared."""
    if unit == other or unit is None or other is None or not same_dimension(unit, other):
        return _ONE
    one, two = unit_factor(unit), unit_factor(other)
    return _WIDE.divide(one, two) if one and two else _ONE


def _judge(exact: Decimal, low: Decimal, high: Decimal, printed: Reading) -> Comparison:
    value, least, most = _bounds(printed, 0)
    expected = round_half_up(exact, printed.decimals)
    shown = round_half_up(value, printed.decimals)
    if expected == shown or (printed.upper is not None and value <= exact <= printed.upper):
        agreement = Agreement.AGREES
    elif low <= most and least <= high:
        agreement = Agreement.ROUNDING
    else:
        agreement = Agreement.DISAGREES
    return Comparison(
        agreement,
        expected,
        round_half_up(low, _BOUND_DECIMALS),
        round_half_up(high, _BOUND_DECIMALS),
        _WIDE.subtract(shown, expected),
    )
