"""Making relations: comparing figures, balancing parts against a whole, writing the arithmetic out."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from gouji.model import Confidence
from gouji.narrative.figures import Dimension, Figure, Standing, StatedKind, StatedRelation, StatedTerm
from gouji.number.agree import Agreement, agree_sum, round_half_up
from gouji.number.unit import same_dimension

__all__ = ["balance", "comparable", "exact", "looks_like_slip", "parts_relation", "plain"]

_STANDING = {
    Agreement.AGREES: Standing.HOLDS,
    Agreement.ROUNDING: Standing.ROUNDING,
    Agreement.DISAGREES: Standing.FAILS,
}


def comparable(first: Figure, second: Figure) -> bool:
    """Whether two figures can be added: one dimension, and one population where things are counted."""
    one, two = first.dimension, second.dimension
    if Dimension.BARE in (one, two):
        return {one, two} <= {
            Dimension.BARE,
            Dimension.MONEY,
        } or first.population == second.population is not None
    if one is not two:
        return False
    if one is Dimension.COUNT:
        return first.population == second.population or same_dimension(first.unit, second.unit)
    return True


def looks_like_slip(first: Decimal, second: Decimal) -> bool:
    """Whether two numbers of three digits and more differ by one slip of the hand.

    Two digits swapped, or one left out; in longer numbers also one digit wrong.
    """
    one, two = (f"{value:f}".replace(".", "").lstrip("-") for value in (first, second))
    if min(len(one), len(two)) < 3:
        return False
    if abs(len(one) - len(two)) == 1:
        shorter, longer = sorted((one, two), key=len)
        return any(longer[:i] + longer[i + 1 :] == shorter for i in range(len(longer)))
    if len(one) != len(two):
        return False
    places = [i for i in range(len(one)) if one[i] != two[i]]
    if len(places) == 1:
        return len(one) > 3
    if len(places) != 2 or places[1] != places[0] + 1:
        return False
    return one[places[0]] == two[places[1]] and one[places[1]] == two[places[0]]


def exact(figure: Figure) -> bool:
    """Whether the figure is a plain number: not about so many, not at least so many, no range."""
    reading = figure.reading
    return (
        reading.value is not None
        and not reading.approximate
        and reading.comparison in (None, "=")
        and reading.upper is None
    )


def plain(value: Decimal) -> str:
    """A Decimal as people write it: no exponent, no trailing zeros after the point."""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text or "0"


def balance(
    parts: Sequence[Figure], whole: Figure, signs: Sequence[int] | None = None
) -> tuple[Standing, Decimal]:
    """How the sum of the parts stands to the whole, and the sum in the whole's unit."""
    if not all(exact(figure) for figure in (*parts, whole)):
        total = sum(
            (
                sign * (part.amount or Decimal(0))
                for part, sign in zip(parts, signs or [1] * len(parts), strict=True)
            ),
            Decimal(0),
        )
        return Standing.OPEN, total / whole.factor
    terms = [(part.reading, sign) for part, sign in zip(parts, signs or [1] * len(parts), strict=True)]
    compared = agree_sum(terms, whole.reading)
    total = sum(
        (
            sign * (part.amount or Decimal(0)) / _common(part, whole)
            for part, sign in zip(parts, signs or [1] * len(parts), strict=True)
        ),
        Decimal(0),
    )
    return _STANDING[compared.agreement], total


def _common(part: Figure, whole: Figure) -> Decimal:
    """What turns a part's amount into the whole's unit; a number without unit takes the other's."""
    return part.factor if whole.unit is None else whole.factor if part.unit is not None else Decimal(1)


def parts_relation(
    kind: StatedKind,
    whole: Figure,
    parts: Sequence[Figure],
    certainty: Confidence,
    why: str,
    *,
    signs: Sequence[int] | None = None,
) -> StatedRelation:
    """A SUM, SUBSET or BRIDGE between parts and their whole, judged and written out."""
    standing, total = balance(parts, whole, signs)
    printed = whole.value or Decimal(0)
    if kind is StatedKind.SUBSET:
        too_much = standing is Standing.FAILS and total > printed
        standing = standing if too_much or standing is Standing.OPEN else Standing.HOLDS
    elif standing is Standing.OPEN:
        certainty = Confidence.POSSIBLE
    factors = signs or [1] * len(parts)
    terms = (
        *(StatedTerm(part, Decimal(sign)) for part, sign in zip(parts, factors, strict=True)),
        StatedTerm(whole, Decimal(-1)),
    )
    decimals = max(whole.reading.decimals, *(max(0, -_exponent(part)) for part in parts)) if parts else 0
    expected = round_half_up(total, max(whole.reading.decimals, min(decimals, 6)))
    return StatedRelation(
        kind=kind,
        terms=terms,
        whole=whole,
        standing=standing,
        certainty=certainty,
        arithmetic=_written(kind, whole, parts, factors, total=total, standing=standing),
        expected=expected if kind is not StatedKind.SUBSET else None,
        why=why,
        difference=total - printed,
    )


def _exponent(figure: Figure) -> int:
    exponent = (figure.value or Decimal(0)).as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def _written(
    kind: StatedKind,
    whole: Figure,
    parts: Sequence[Figure],
    signs: Sequence[int],
    *,
    total: Decimal,
    standing: Standing,
) -> str:
    same = len({figure.unit for figure in (*parts, whole)}) == 1
    side = ""
    for part, sign in zip(parts, signs, strict=True):
        shown = plain(part.value or Decimal(0)) + ("" if same else part.unit or "")
        side += (" + " if sign > 0 else " − ") + shown if side else shown if sign > 0 else f"−{shown}"
    unit = "" if same else whole.unit or ""
    result = plain(total) + unit
    printed = plain(whole.value or Decimal(0)) + unit
    left = f"{side} = {result}" if len(parts) > 1 else side
    if kind is StatedKind.SUBSET:
        return f"{left} {'>' if standing is Standing.FAILS else '≤'} {printed}"
    if standing is Standing.FAILS:
        return f"{left} ≠ {printed}"
    return left if standing is Standing.HOLDS else f"{left} ≈ {printed}"
