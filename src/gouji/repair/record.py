"""A problem made ready for computing: what the texts say in whole numbers, and how the relations stand."""

from __future__ import annotations

from enum import IntEnum
from functools import cached_property
from operator import mul

from gouji.repair.frame import Frame, Tie, TieType, power_of_ten
from gouji.repair.problem import CellKind, Problem
from gouji.repair.reading import Typed, read_typed

__all__ = ["Changes", "Record", "State", "Tie", "TieType"]

AMBIGUOUS_RATE = 2  # a rate typed without % up to here may be a share of one
SURE = 0.3  # a single reading up to this price is beyond doubt
Interval = tuple[int, int]
Changes = dict[int, int | None]  # cells and what they become (None: value unknown)
UNBOUNDED = 10**60


class State(IntEnum):
    """How a relation stands."""

    HOLDS = 0
    ROUNDING = 1
    VIOLATED = 2
    UNKNOWN = 3


class Record(Frame):
    """Cells as whole numbers and the relations over them.

    ``values`` holds each cell's value in small units (0 for a blank, None where the text has no certain value);
    ``typed`` what was read; ``spellings`` what an ill-spelt text may stand for and its price,
    ``readings`` those of them that the form could print. ``oddity`` names what is wrong with a cell by itself; of these,
    ``misspelt`` cells have a value beyond doubt and ``must`` cells have to be given one. ``states`` says how each
    relation stands with the figures as typed. ``like`` is the record of a problem with the same cells and relations, a
    few texts apart.
    """

    def __init__(self, problem: Problem, like: Record | None = None) -> None:
        if like is None:
            self.typed: list[Typed] = [read_typed(cell.text, cell.unit) for cell in problem.cells]
        else:
            self.typed = [
                old if cell is before else read_typed(cell.text, cell.unit)
                for cell, before, old in zip(problem.cells, like.cells, like.typed, strict=True)
            ]
        super().__init__(problem, max([t.decimals for t in self.typed], default=0), like)
        self.spellings: dict[int, dict[int, float]] = {}
        self.readings: dict[int, dict[int, float]] = {}
        self.oddity: dict[int, str] = {}
        self.must: set[int] = set()
        self.misspelt: set[int] = set()
        scale = [power_of_ten(self.digits - d) for d in range(self.digits + 1)]
        self.values: list[int | None] = [
            t.digits * scale[t.decimals] if t.value is not None or t.blank else None for t in self.typed
        ]
        self._find_malformed()
        self.states: list[tuple[State, int]] = self._states(like)

    # ---- building

    def _find_malformed(self) -> None:
        """Find the cells whose text cannot stand: odd spellings, too small, decimals too many."""
        unsigned = self._without_percent_sign()
        for i, (value, low, quantum) in enumerate(zip(self.values, self.low, self.quantum, strict=True)):
            if value is None:
                typed = self.typed[i]
                self.oddity[i] = typed.oddity.value
                self.spellings[i] = self._readings(i, typed)
            elif i in unsigned:
                self.oddity[i] = "percent-sign"
                share = abs(value) <= AMBIGUOUS_RATE * self.one
                self.spellings[i] = {value * 100: 0.7, value: 2.5} if share and value else {value: 0.3}
            elif low is not None and value < low:
                self.oddity[i] = "below-minimum"
            elif value % quantum and not self._confirmed(i):
                self.oddity[i] = "decimals"
        for i in self.oddity:
            if i in self.spellings:
                self.readings[i] = {v: price for v, price in self.spellings[i].items() if self.fits(i, v)}
            readings = self.readings.get(i, {})
            if len(readings) == 1 and min(readings.values()) <= SURE:
                self.values[i] = next(iter(readings))
                self.misspelt.add(i)
            else:
                self.must.add(i)
                if i in self.spellings:
                    self.values[i] = None

    def _confirmed(self, i: int) -> bool:
        """Whether an equation vouches for every decimal of a cell and none speaks against it."""
        exact = False
        for k in self.ties_at[i]:
            tie = self.ties[k]
            state, miss = self.state(k, self.values)
            if state is not State.HOLDS:
                return False
            if tie.type is TieType.LINEAR:
                exact = exact or not miss
            elif tie.type is TieType.RATIO and i == tie.cells[2]:
                exact = exact or self._rounds_to(k, i)
        return exact

    def _rounds_to(self, k: int, i: int) -> bool:
        """Whether a rate is right to its last printed decimal."""
        num, den, rate = (self.values[j] or 0 for j in self.ties[k].cells)
        last = power_of_ten(self.digits - self.typed[i].decimals)
        return 2 * abs(rate * den - 100 * self.one * num) <= last * abs(den)

    def _readings(self, i: int, typed: Typed) -> dict[int, float]:
        out: dict[int, float] = {}
        for text, price in typed.readings:
            value = self.parse(text)
            options = [(value, price)]
            percent = self.cells[i].kind is CellKind.PERCENT
            if percent and not typed.percent_sign and abs(value) <= AMBIGUOUS_RATE * self.one:
                options = [(value * 100, price + 0.7), (value, price + 2.5)]
            for option, total in options:
                out[option] = min(out.get(option, 99.0), total)
        return out

    def _without_percent_sign(self) -> set[int]:
        """The rates typed without the percent sign that this submission types its rates with (that is a slip)."""
        rates = [i for i, cell in enumerate(self.cells) if cell.kind is CellKind.PERCENT]
        rates = [i for i in rates if not self.typed[i].blank]
        bare = {i for i in rates if not self.typed[i].percent_sign}
        signed = len(rates) - len(bare)
        expected = signed >= 1 and bare and (len(bare) == 1 or signed >= 4 * len(bare))
        return bare if expected else set()

    # ---- relations

    def _states(self, like: Record | None) -> list[tuple[State, int]]:
        """How each relation stands with the figures as typed (those of cells that read as in ``like`` as there)."""
        values = self.values
        if like is None or like.digits != self.digits:
            return [self.state(k, values) for k in range(len(self.ties))]
        states = list(like.states)
        changed = [
            i for i, (now, before) in enumerate(zip(values, like.values, strict=True)) if now != before
        ]
        for k in {k for i in changed for k in self.ties_at[i]}:
            states[k] = self.state(k, values)
        return states

    def state(self, k: int, values: list[int | None]) -> tuple[State, int]:
        """How relation ``k`` stands under these values, and by how many small units it misses."""
        tie = self.ties[k]
        picked = tie.pick(values)
        if None in picked:
            return State.UNKNOWN, 0
        if tie.type is TieType.RATIO:
            num, den, rate = picked[0] or 0, picked[1] or 0, picked[2] or 0
            if not den:
                return (State.HOLDS, 0) if not rate else (State.VIOLATED, abs(rate))
            miss = abs(rate * den - 100 * self.one * num)
            if miss <= tie.tol * abs(den):
                return State.HOLDS, 0
            state = State.ROUNDING if miss <= tie.soft * abs(den) else State.VIOLATED
            return state, miss // abs(den)
        excess = sum(map(mul, tie.coefs, picked)) - tie.rhs
        if tie.type is TieType.AT_MOST:
            return (State.HOLDS, 0) if excess <= tie.tol else (State.VIOLATED, excess)
        miss = abs(excess)
        if miss <= tie.tol:
            return State.HOLDS, miss
        # A total of a single line has nothing to round: it must be that line's figure.
        soft = tie.soft if len(picked) <= 2 or len(picked) - picked.count(0) >= 3 else tie.tol
        return (State.ROUNDING if miss <= soft else State.VIOLATED), miss

    def solve(
        self,
        k: int,
        i: int,
        values: list[int | None],
        *,
        soft: bool = False,
        totals: dict[int, int] | None = None,
    ) -> Interval | None:
        """The interval of values of cell ``i`` with which relation ``k`` holds, the others as in ``values``.

        ``soft`` asks for the interval in which it holds or is of rounding size. None where another cell is
        unknown or no value of this cell helps. Interval ends may lie off the cell's grid, and the first may
        exceed the second. ``totals`` remembers what these same values add up to, relation by relation.
        """
        tie = self.ties[k]
        if tie.type is TieType.RATIO:
            return self._solve_ratio(tie, i, values, tie.soft if soft else tie.tol)
        coef, own = tie.coefs[tie.cells.index(i)], values[i]
        total = totals.get(k) if totals is not None and own is not None else None
        if total is None:
            picked = [0 if j == i else values[j] for j in tie.cells]
            if None in picked:
                return None
            total = sum(map(mul, tie.coefs, picked)) + coef * (own or 0)
            if totals is not None and own is not None:
                totals[k] = total
        rest = tie.rhs - total + coef * (own or 0)
        if tie.type is TieType.AT_MOST:
            rest += tie.tol
            return (-UNBOUNDED, rest // coef) if coef > 0 else (-(-rest // coef), UNBOUNDED)
        slack = tie.soft if soft else tie.tol
        if coef < 0:
            coef, rest = -coef, -rest
        if coef == 1:
            return rest - slack, rest + slack
        return -(-(rest - slack) // coef), (rest + slack) // coef

    def _solve_ratio(self, tie: Tie, i: int, values: list[int | None], slack: int) -> Interval | None:
        num_at, den_at, rate_at = tie.cells
        num, den, rate = values[num_at], values[den_at], values[rate_at]
        hundred = 100 * self.one
        if i == rate_at:
            if num is None or den is None:
                return None
            if den == 0:
                return (0, 0) if num == 0 else None
            if den < 0:
                num, den = -num, -den
            # A rate is rounded half up: just half a unit below the exact rate is the other side of the tie.
            low = -(-(hundred * num - slack * den) // den)
            tie_below = 2 * slack == self.quantum[i] and low * den == hundred * num - slack * den
            return low + tie_below, (hundred * num + slack * den) // den
        if i == num_at:
            if den is None or rate is None or den == 0:
                return None
            first, last = sorted(((rate - slack) * den, (rate + slack) * den))
            return -(-first // hundred), last // hundred
        if num is None or rate is None or num <= 0 or rate <= slack:
            return None
        return -(-hundred * num // (rate + slack)), hundred * num // (rate - slack)

    @cached_property
    def figures(self) -> list[int | None]:
        """The values, an ill-spelt text standing for its likeliest reading: what a neighbour is compared with."""
        out = list(self.values)
        for i, readings in self.readings.items():
            if out[i] is None and readings:
                out[i] = min(readings, key=lambda value: (readings[value], value))
        return out
