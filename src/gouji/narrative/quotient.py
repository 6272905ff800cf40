"""A rate held against the two figures it is of."""

from __future__ import annotations

from decimal import Decimal

from gouji.model import Confidence
from gouji.narrative.figures import Figure, Standing, StatedKind, StatedRelation, StatedTerm
from gouji.narrative.relation import exact, looks_like_slip, plain
from gouji.number.agree import Agreement, agree_ratio

__all__ = ["STANDING", "quotient", "same_thing"]

STANDING = {
    Agreement.AGREES: Standing.HOLDS,
    Agreement.ROUNDING: Standing.ROUNDING,
    Agreement.DISAGREES: Standing.FAILS,
}


def quotient(
    rate: Figure, top: Figure, bottom: Figure, certainty: Confidence, why: str
) -> StatedRelation | None:
    """``rate`` = 100 · ``top`` / ``bottom``; None where one of them is no plain number or the same figure.

    Args:
        rate: the percentage.
        top: the part.
        bottom: the whole.
        certainty: how sure it is that the rate is of these two; taken back where it is far from their quotient.
        why: by what they were found to belong together.
    """
    if not (exact(top) and exact(bottom)) or not bottom.value or rate is top or rate is bottom:
        return None
    compared = agree_ratio(top.reading, bottom.reading, rate.reading)
    standing = STANDING[compared.agreement]
    if standing is Standing.FAILS and _far(compared.expected, rate.value):
        certainty = Confidence.POSSIBLE  # more likely not the figures this rate is of
    shown = f"{plain(top.value or Decimal(0))} ÷ {plain(bottom.value)} = {plain(compared.expected)}%"
    if top.unit != bottom.unit:
        shown = f"{top.typed} ÷ {bottom.typed} = {plain(compared.expected)}%"
    if standing is not Standing.HOLDS:
        sign = "≠" if standing is Standing.FAILS else "≈"
        shown = f"{shown} {sign} {plain(rate.value or Decimal(0))}%"
    return StatedRelation(
        kind=StatedKind.RATIO,
        terms=(StatedTerm(top, Decimal(1)), StatedTerm(bottom, Decimal(1)), StatedTerm(rate, Decimal(-1))),
        whole=rate,
        standing=standing,
        certainty=certainty,
        arithmetic=shown,
        expected=compared.expected,
        why=why,
        difference=-compared.difference,
    )


def _far(expected: Decimal, printed: Decimal | None) -> bool:
    """Whether two rates are so far apart that one is hardly a slip of the other."""
    if printed is None:
        return True
    return (expected > 2 * printed or 2 * expected < printed) and not looks_like_slip(expected, printed)


def same_thing(first: Figure, second: Figure) -> bool:
    """Whether two figures speak of one thing, by their names or by the line of the form and its owner."""
    return first.key == second.key or (
        first.line is not None and first.line == second.line and first.owner == second.owner
    )
