"""Stale chains: a line was brought up to date, and its total with everything above stayed behind."""

from __future__ import annotations

from gouji.frozen import frozen
from gouji.repair.likelihood import Likelihood
from gouji.repair.record import Changes, Record, State, TieType

__all__ = ["Chain", "stale_chain"]


@frozen
class Chain:
    """What would have to be brought up to date (the total first), and what it costs to think so."""

    total: int
    changes: Changes
    price: float


def stale_chain(
    likelihood: Likelihood, k: int, values: list[int | None], before: Changes | None = None
) -> Chain | None:
    """The chain above the failing sum ``k``: its lines are right, its total is stale.

    The difference is pushed up through all copies and higher totals that agree with the stale total now; rates
    over them are computed afresh where they no longer fit. None where ``k`` is no sum of lines, or where a figure
    would come out that the form cannot print.

    ``before`` may name earlier figures of lines: where one is round or like those beside it, it is all the likelier
    that the line once read so and was revised.
    """
    record = likelihood.record
    found = next((b for i in record.ties[k].cells for b in record.breakdowns(i) if b[1] == k), None)
    if found is None or any(values[j] is None for j in record.ties[k].cells):
        return None
    total, _, lines = found
    figures = [values[j] or 0 for j in lines]
    excess = (values[total] or 0) - sum(figures)
    changes = _pushed_up(record, total, -excess, values)
    if any(j in changes for j in lines):
        return None
    _renew_rates(record, changes, values)
    if any(value is None or not record.fits(i, value) for i, value in changes.items()):
        return None
    usual = max(
        (
            likelihood.likelier(i, value, record.figures)
            for i, value in (before or {}).items()
            if i in lines and value is not None
        ),
        default=1.0,
    )
    price = likelihood.chain(total, figures, excess, len(changes), max(1.0, usual))
    return Chain(total, changes, price)


def _pushed_up(record: Record, total: int, shift: int, values: list[int | None]) -> Changes:
    """A total and everything above it that agrees with it now, moved by ``shift``."""
    changes: Changes = {}
    todo = [total]
    while todo:
        i = todo.pop()
        value = values[i]
        if i in changes or value is None:
            continue
        changes[i] = value + shift
        todo += [j for j in sorted(record.copies[i]) if values[j] == value]
        todo += [
            up
            for up, k in record.totals_of.get(i, ())
            if record.state(k, values)[0] in (State.HOLDS, State.ROUNDING)
        ]
    return changes


def _renew_rates(record: Record, changes: Changes, values: list[int | None]) -> None:
    """Bring the rates over changed figures up to date, with their copies, unless they still fit.

    A rate that did not fit the stale figures either was not computed from them: it stays, and the chain with it falls.
    """
    after = list(values)
    for i, value in changes.items():
        after[i] = value
    for k in sorted({k for i in changes for k in record.ties_at[i] if record.ties[k].type is TieType.RATIO}):
        rate = record.ties[k].cells[2]
        before, now = record.state(k, values)[0], record.state(k, after)[0]
        if now is not State.VIOLATED or before is State.VIOLATED:
            continue
        interval = record.solve(k, rate, after)
        if interval is None:
            continue
        step = record.quantum[rate]
        middle = (interval[0] + interval[1]) // 2
        fresh = (middle + step // 2) // step * step
        for j in record.all_copies(rate):
            changes[j] = after[j] = fresh
