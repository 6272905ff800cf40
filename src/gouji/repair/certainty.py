"""How sure an explanation is: what is stated as its confidence, and what it takes to apply it unasked."""

from __future__ import annotations

from math import exp, inf, log

from gouji.repair.chains import Chain, stale_chain
from gouji.repair.component import Component
from gouji.repair.explanation import Explanation
from gouji.repair.likelihood import SLIP_PRICE, Likelihood
from gouji.repair.record import Changes, Record, State, TieType
from gouji.repair.slips import Slip

__all__ = ["needed", "stale_instead", "stated"]

AUTO_CONFIDENCE = 0.97
LONE_CONFIDENCE = 0.995  # for a weak slip that a single equation speaks for
LEFT_TOO = 0.1  # who renews a line and forgets its totals seldom forgets its own rate or its copy as well
PRUDENCE = 10.0  # a stale chain counts so much more against an automatic change: both may be right

# Slips whose result is seldom met by chance: the typed text itself shows them.
MARKED = frozenset(
    {
        Slip.SPELLING,
        Slip.MISSPELT_SLIP,
        Slip.TRANSPOSED,
        Slip.DOUBLED,
        Slip.ZERO,
        Slip.POINT,
        Slip.UNIT,
        Slip.SIGN,
        Slip.PERCENT,
    }
)
# Slips that leave no mark of their own: one equation alone is no witness for them.
FAINT = frozenset(
    {Slip.MISSPELT_SLIP, Slip.BLANK, Slip.STALE_TOTAL, Slip.OTHER_ROW, Slip.COPIED, Slip.ROUNDED}
)
WEAK = FAINT | {Slip.OTHER_COLUMN, Slip.LINE_TWICE, Slip.SWAPPED, Slip.INSERTED, Slip.JUMPED}
NEVER = frozenset({Slip.ARBITRARY, Slip.TWO_DIGITS, Slip.STALE_CHAIN})

# From the odds as computed to the odds as found to be (power, factor), fitted with benchmarks/repair (docs/repair.md).
# What the model does not know mends one equation as well as what it knows: there the odds say least.
BY_MARK, BY_EQUATIONS, BY_ONE_EQUATION = (0.9, 1.0), (0.75, 1.3), (0.4, 0.9)


def stated(record: Record, component: Component, found: Explanation, probability: float) -> float:
    """The confidence to state for a computed probability, tempered by how often such explanations hold.

    Never above the computed one.
    """
    if not 0 < probability < 1:
        return min(probability, 1.0)
    if MARKED.issuperset(found.slips):
        power, factor = BY_MARK
    elif witnesses(record, component, found.changes) > 1:
        power, factor = BY_EQUATIONS
    else:
        power, factor = BY_ONE_EQUATION
    odds = factor * exp(power * log(probability / (1 - probability)))
    return min(probability, odds / (1 + odds))


def needed(record: Record, component: Component, best: Explanation) -> float:
    """How sure an explanation must be to be applied unasked, by how concrete it is and what it mends (inf: never)."""
    slips = set(best.slips)
    if slips & NEVER or None in best.changes.values():
        return inf
    if not slips & WEAK:
        return AUTO_CONFIDENCE
    equations = witnesses(record, component, best.changes)
    if len(best.changes) > 2 or not equations:
        return inf
    if equations > 1:
        return AUTO_CONFIDENCE
    return inf if slips & FAINT else LONE_CONFIDENCE


def witnesses(record: Record, component: Component, changes: Changes) -> int:
    """How many failing equations the changes touch."""
    return sum(
        state is State.VIOLATED
        and record.ties[k].type is not TieType.AT_MOST
        and not changes.keys().isdisjoint(record.ties[k].cells)
        for k, (state, _) in component.misses.items()
    )


def stale_instead(likelihood: Likelihood, component: Component, best: Explanation) -> float:
    """The price, made low by prudence, of «these lines are right, the totals over them are stale».

    A chain that runs across and down is not offered (one cell explains as much), but it too stands against changing
    a line unasked. A rate or a copy that fails besides must have been left behind as well. inf where a total itself,
    or something else, is blamed.
    """
    record = likelihood.record
    blamed = best.changes.keys()
    failing = [k for k in component.misses if not blamed.isdisjoint(record.ties[k].cells)]
    sums = [k for k in failing if record.ties[k].type is TieType.LINEAR and len(record.ties[k].cells) > 2]
    chains: list[Chain] = []
    for k in sums:
        chain = stale_chain(likelihood, k, record.values, best.changes)
        if chain is None or chain.total in best.changes:
            return inf
        chains.append(chain)
    if not chains or (len(chains) == 1 and len(chains[0].changes) == 1):
        return inf  # a mere stale total is among the explanations
    after = list(record.values)
    for chain in chains:
        for i, value in chain.changes.items():
            after[i] = value
    besides = sum(
        record.ties[k].type is not TieType.AT_MOST and record.state(k, after)[0] is State.VIOLATED
        for k in failing
        if k not in sums
    )
    prudence = log(PRUDENCE) + besides * log(LEFT_TOO)
    if len(chains) == 1:
        return SLIP_PRICE + chains[0].price - prudence
    # Of several sums only a line that all of them have can be the one revised.
    revised = set(blamed).intersection(*(record.ties[k].cells for k in sums))
    if not revised:  # each would have to be stale by itself
        return SLIP_PRICE * len(chains) + sum(chain.price for chain in chains) - prudence
    longest = max(len(chain.changes) for chain in chains)
    return SLIP_PRICE + likelihood.crossed_chain(revised, best.changes, longest) - prudence
