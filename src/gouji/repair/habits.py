"""What is usual in one record: round figures, equal neighbours, rounding differences, cut rates.

Each habit is counted in the record itself and blended with what is usual in such forms, so that a form full of round
figures, or one whose budget and actual are often equal, is judged by its own measure.
"""

from __future__ import annotations

from functools import cached_property
from itertools import combinations
from math import log

from gouji.repair.layout import Layout
from gouji.repair.problem import CellKind
from gouji.repair.record import Record, State, TieType

__all__ = ["Habits"]

RARELY = 0.01  # share of equal neighbours that needs no slip to explain, where nothing is known of the form
SPREAD = 8.0  # natural logarithm of how far apart the smallest and the largest figure of a form lie
WEIGHT = 10  # a habit usual in such forms counts like so many observed cases
USUAL_SHARES = {  # of noughts, of figures with one decimal, of whole figures
    CellKind.AMOUNT: (0.05, 0.12, 0.12),
    CellKind.PERCENT: (0.03, 0.1, 0.1),
    CellKind.COUNT: (0.03, 0.0, 0.9),
    CellKind.SCORE: (0.03, 0.2, 0.6),
}
USUAL_BLANK = 0.05
USUAL_DRIFT, USUAL_CUT = 0.04, 0.1  # sums off by rounding, and cut rates
FURTHER_CENT = 1.2  # price of each further cent of a rounding difference


class Habits:
    """The habits of one record."""

    def __init__(self, record: Record, layout: Layout) -> None:
        self.record = record
        self.layout = layout

    @cached_property
    def roundness(self) -> dict[CellKind, tuple[float, float, float]]:
        """By kind, the shares of figures that are nought, that have just one decimal, and that are whole."""
        record = self.record
        seen = {kind: [0, 0, 0, 0] for kind in CellKind}
        for i, (cell, value) in enumerate(zip(record.cells, record.values, strict=True)):
            if value is None or i in record.determined:
                continue
            count = seen[cell.kind]
            count[0] += 1
            if not value:
                count[1] += 1
            elif not value % record.one:
                count[3] += 1
            elif not value * 10 % record.one:
                count[2] += 1
        out = {}
        for kind, (n, nought, tenth, whole) in seen.items():
            usual = USUAL_SHARES[kind]
            shares = [
                (k + WEIGHT * u) / (n + WEIGHT) for k, u in zip((nought, tenth, whole), usual, strict=True)
            ]
            out[kind] = (shares[0], shares[1], shares[2])
        return out

    def prior(self, i: int, value: int, figures: list[int | None]) -> float:
        """The probability that a free figure in cell ``i`` is just ``value``: like a neighbour's, or any.

        ``figures`` are the values of all cells as they are taken to be.
        """
        record = self.record
        peers = self.layout.row_peers(i)
        if not peers or not value:
            return self._any(i, value)
        equal = self.equal_in_row[record.cells[i].kind]
        hits = sum(figures[j] == value for j in peers)
        return equal * hits / len(peers) + (1 - equal) * self._any(i, value)

    def _any(self, i: int, value: int) -> float:
        """The probability of a figure without regard to its neighbours.

        Small figures are as likely as large ones (uniform in the logarithm, from about 1 up), round ones
        likelier by habit.
        """
        record = self.record
        nought, tenth, whole = self.roundness[record.cells[i].kind]
        if not value:
            return nought
        step = record.quantum[i]
        grid = step / (SPREAD * (abs(value) + record.one))
        if step >= record.one:
            return grid
        share = max(0.01, 1 - nought - tenth - whole)
        if not value % record.one:
            share += whole * record.one / step
        if not value * 10 % record.one:
            share += tenth * record.one / (10 * step)
        return min(0.5, grid * share)

    def most(self, i: int, low: int) -> float:
        """An upper bound of :meth:`prior` over all figures of at least ``low`` (above 0) that no neighbour has."""
        record = self.record
        nought, tenth, whole = self.roundness[record.cells[i].kind]
        step = record.quantum[i]
        grid = step / (SPREAD * (low + record.one))
        if step >= record.one:
            return grid
        share = max(0.01, 1 - nought - tenth - whole)
        return min(0.5, grid * (share + whole * record.one / step + tenth * record.one / (10 * step)))

    @cached_property
    def blank(self) -> float:
        """How often a figure that could be left out is."""
        record = self.record
        free = [i for i in range(record.size) if i not in record.determined]
        blank = sum(record.typed[i].blank for i in free)
        return (max(0, blank - 1) + USUAL_BLANK * WEIGHT) / (len(free) + WEIGHT)

    @cached_property
    def equal_in_row(self) -> dict[CellKind, float]:
        """How often two figures of one row are equal in this record anyway (judged without one pair), by kind."""
        values = self.record.values
        equal, pairs = dict.fromkeys(CellKind, 0), dict.fromkeys(CellKind, 0)
        for kind, row in self.layout.rows():
            filled = [x for j in row if (x := values[j])]
            n = len(filled)
            if n < 2:
                continue
            pairs[kind] += n * (n - 1) // 2
            if len(set(filled)) < n:
                equal[kind] += sum(a == b for a, b in combinations(filled, 2))
        return {k: (max(0, equal[k] - 1) + RARELY * WEIGHT) / (pairs[k] + WEIGHT) for k in CellKind}

    @cached_property
    def _rounding(self) -> tuple[float, float]:
        """Prices of a hundredth's difference in a sum, and of a cut rate."""
        record = self.record
        seen = {True: [0, 0], False: [0, 0]}
        for k, tie in enumerate(record.ties):
            state, miss = record.states[k]
            if state is State.HOLDS and not miss and tie.soft > tie.tol and tie.type is not TieType.AT_MOST:
                seen[tie.type is TieType.RATIO][0] += 1
            elif state is State.ROUNDING:
                seen[tie.type is TieType.RATIO][1] += 1
        (sums, drifts), (rates, cuts) = seen[False], seen[True]
        drift = (drifts + USUAL_DRIFT * WEIGHT) / (sums + drifts + WEIGHT)
        cut = (cuts + USUAL_CUT * WEIGHT) / (rates + cuts + WEIGHT)
        return -log(drift / 2), -log(cut)

    def rounding(self, k: int, miss: int) -> float:
        """The price of leaving relation ``k`` off by ``miss`` small units, a difference of rounding size."""
        record = self.record
        tie = record.ties[k]
        drift, cut = self._rounding
        cents = miss * 100 // (tie.factor * record.one)
        if tie.type is TieType.RATIO:
            return cut + FURTHER_CENT * cents
        return drift + FURTHER_CENT * max(0, cents - 1)
