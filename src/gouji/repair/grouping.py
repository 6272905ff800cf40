"""From the explanations of a component to what is told: independent faults, confidence, what may be applied unasked."""

from __future__ import annotations

from math import exp

from gouji.repair.certainty import needed, stale_instead, stated
from gouji.repair.component import Component
from gouji.repair.evidence import as_read, evidence
from gouji.repair.explanation import Budget, Explanation
from gouji.repair.likelihood import SLIP_PRICE, Likelihood
from gouji.repair.problem import Group, RepairAlternative
from gouji.repair.record import Changes, Record, State
from gouji.repair.search import explain
from gouji.repair.slips import SHARE, Slip

__all__ = ["groups_of", "mere_rounding"]

OPEN_PRICE = 30.0  # per symptom: the price of «none of these»
MOST_ODDS = 600.0  # in logs: exp must not overflow on records that nothing explains
UNSUPPORTED = 0.5  # how far the likeliest reading can be trusted where the relations do not come out
SHOWN = 5  # alternatives told at most
WORTH_TELLING = 0.002  # alternatives below this probability are not told
ROUNDING_SUSPECTED = 0.3  # a mere rounding difference is explained by a slip only from this probability on


def groups_of(
    likelihood: Likelihood, component: Component, explanations: list[Explanation], budget: Budget
) -> list[Group]:
    """The groups that tell a component: one, or several where its best explanation is of independent faults.

    A fault of its own is judged as if the others were mended; its confidence is scaled so that it means the
    probability of just these changes whatever becomes of the others.
    """
    best = next((e for e in explanations if e.changes), None)
    if best is None:
        return _as_spelt(likelihood, component)
    parts = _independent(likelihood.record, best)
    if len(parts) < 2:
        group = _group(likelihood, component, explanations, 1.0)
        return [group] if group else []
    weight, base = _weight(component, explanations), explanations[0].price
    out: list[Group] = []
    for part in parts:
        given: Changes = {i: v for i, v in best.changes.items() if i not in part}
        own: Changes = {i: v for i, v in best.changes.items() if i in part}
        rest = _left(likelihood.record, component, given)
        found = explain(likelihood, rest.misses, frozenset(rest.must), budget, given)
        if not any(e.changes == own for e in found) or not _no_worse(likelihood.record, own):
            group = _group(likelihood, component, explanations, 1.0)
            return [group] if group else []
        marginal = sum(exp(base - e.price) for e in explanations if own.items() <= e.changes.items()) / weight
        conditional = sum(exp(found[0].price - e.price) for e in found if e.changes == own) / _weight(
            rest, found
        )
        group = _group(likelihood, rest, found, min(1.0, marginal / conditional))
        if group:
            out.append(group)
    return out


def mere_rounding(likelihood: Likelihood, component: Component) -> bool:
    """Whether differences of rounding size are surely nothing else: no slip that mends one comes near their price.

    True is sure; the other way only the search tells.
    """
    if component.hard:
        return False
    record = likelihood.record
    rounding = sum(likelihood.habits.rounding(k, miss) for k, (_, miss) in component.misses.items())
    odds = exp(SLIP_PRICE - rounding) * ROUNDING_SUSPECTED / (1 - ROUNDING_SUSPECTED)
    if SHARE[Slip.STALE_CHAIN] / likelihood.n_totals >= odds:
        return False
    for k in component.misses:
        for i in record.ties[k].cells:
            interval = record.solve(k, i, record.values, soft=True)
            if interval and likelihood.most_odds(i, *interval) >= odds:
                return False
    return True


def _as_spelt(likelihood: Likelihood, component: Component) -> list[Group]:
    """Where nothing explains a component: at least what its ill-spelt figures may be read as.

    A reading that makes more relations fail than the one bad spelling is not offered.
    """
    record = likelihood.record
    out: list[Group] = []
    for i in sorted(component.must):
        readings = sorted(record.readings.get(i, {}).items(), key=lambda item: (item[1], item[0]))[:SHOWN]
        readings = [(value, price) for value, price in readings if _no_worse(record, {i: value})]
        weight = sum(exp(-price) for _, price in readings)
        alternatives = tuple(
            RepairAlternative(
                {record.cells[i].id: record.decimal(value)},
                UNSUPPORTED * exp(-price) / weight,
                Slip.SPELLING.value,
                as_read(record, i, {i: value}),
            )
            for value, price in readings
        )
        if alternatives:
            out.append(Group(alternatives, auto=False, malformed=(record.cells[i].id,)))
    return out


def _no_worse(record: Record, changes: Changes) -> bool:
    """Whether changes by themselves leave no more relations and figures wrong than before."""
    after = list(record.values)
    for i, value in changes.items():
        after[i] = value
    ties = {k for i in changes for k in record.ties_at[i]}
    failing = [sum(record.state(k, v)[0] is State.VIOLATED for k in ties) for v in (record.values, after)]
    return failing[1] <= failing[0] + sum(i in record.oddity for i in changes)


def _independent(record: Record, best: Explanation) -> list[set[int]]:
    """The changed cells, parted where neither a slip nor a relation has cells of both parts.

    An ill-spelt figure is a fault of its own, whatever the relations that settle its meaning.
    """
    bonds = [set(cells) for _, cells in best.moves]
    mistyped = best.changes.keys() - {i for slip, cells in best.moves if slip is Slip.SPELLING for i in cells}
    ties = {k for i in mistyped for k in record.ties_at[i]}
    bonds += [set(record.ties[k].cells) & mistyped for k in ties]
    parts: list[set[int]] = []
    for bond in bonds:
        touching = [part for part in parts if part & bond]
        parts = [part for part in parts if not part & bond]
        parts.append(bond.union(*touching))
    return sorted((part for part in parts if part), key=min)


def _left(record: Record, component: Component, given: Changes) -> Component:
    """What remains of a component once some changes are made."""
    values = list(record.values)
    for i, value in given.items():
        values[i] = value
    rest = Component(must=component.must - given.keys())
    for k in component.misses:
        state = record.state(k, values)
        if state[0] in (State.ROUNDING, State.VIOLATED):
            rest.misses[k] = state
    return rest


def _weight(component: Component, explanations: list[Explanation]) -> float:
    """The sum of the odds of all explanations and of none of them, the cheapest one's being 1."""
    base = explanations[0].price
    symptoms = sum(state is State.VIOLATED for state, _ in component.misses.values()) + len(component.must)
    beyond = min(MOST_ODDS, base - OPEN_PRICE * max(1, symptoms))  # exp must not overflow on hopeless records
    return sum(exp(base - e.price) for e in explanations) + exp(beyond)


def _group(
    likelihood: Likelihood, component: Component, explanations: list[Explanation], scale: float
) -> Group | None:
    """One fault told: alternatives with confidence, and whether the first may be applied unasked."""
    record = likelihood.record
    changing = [e for e in explanations if e.changes and _no_worse(record, e.changes)]
    if not changing:
        return None
    base, weight = explanations[0].price, _weight(component, explanations)
    best = changing[0]
    confidence = scale * exp(base - best.price) / weight
    if not component.hard and confidence < ROUNDING_SUSPECTED:
        return None
    stale = exp(base - stale_instead(likelihood, component, best))
    stale -= sum(exp(base - e.price) for e in explanations if Slip.STALE_CHAIN in e.slips)
    sure = stated(record, component, best, scale * exp(base - best.price) / (weight + max(0.0, stale)))
    symptoms = list(component.misses)
    alternatives: list[RepairAlternative] = []
    ceiling = 1.0
    for e in changing[:SHOWN]:
        ceiling = min(ceiling, stated(record, component, e, scale * exp(base - e.price) / weight))
        if e is not best and ceiling < WORTH_TELLING:
            break
        alternatives.append(
            RepairAlternative(
                changes={
                    record.cells[i].id: None if v is None else record.decimal(v)
                    for i, v in sorted(e.changes.items())
                },
                confidence=ceiling,
                kind="+".join(dict.fromkeys(e.slips)),
                evidence=evidence(record, e.changes, symptoms),
            )
        )
    return Group(
        tuple(alternatives),
        auto=component.hard and sure >= needed(record, component, best),
        relations=tuple(record.ties[k].id for k in symptoms),
        malformed=tuple(record.cells[i].id for i in sorted(component.must)),
    )
