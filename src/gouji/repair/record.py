"""A problem made ready for computing: whole-number values, relations over cell indices, totals and copies.

All amounts are whole numbers of one small unit, 10**-digits, so every comparison is exact.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from enum import IntEnum
from functools import cached_property
from operator import mul

from gouji.frozen import frozen
from gouji.repair.problem import (
    AtMostRelation,
    CellKind,
    Id,
    LinearRelation,
    Problem,
    RatioRelation,
    RepairCell,
    plain,
)
from gouji.repair.reading import Typed, read_typed

__all__ = ["Changes", "Record", "State", "Tie", "TieType"]

LEAST_DIGITS = 6
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


class TieType(IntEnum):
    """The three kinds of relation."""

    LINEAR = 0
    RATIO = 1
    AT_MOST = 2


@frozen
class Tie:
    """A relation over cell indices; a ratio's cells are (num, den, rate).

    Linear coefficients are whole: coefficients, ``rhs``, ``tol`` and ``soft`` are multiplied by ``factor``.
    """

    id: Id
    type: TieType
    cells: tuple[int, ...]
    coefs: tuple[int, ...]
    rhs: int
    tol: int
    soft: int
    factor: int
    label: str


class Record:
    """Cells as whole numbers and the relations over them.

    ``values`` holds each cell's value in small units (0 for a blank, None where the text has no certain value);
    ``typed`` what was read; ``quantum`` and ``low`` the grid and the least value a right figure can have;
    ``ties_at`` the relations of a cell; ``spellings`` what an ill-spelt text may stand for and its price,
    ``readings`` those of them that the form could print. ``oddity`` names what is wrong with a cell by itself; of these,
    ``misspelt`` cells have a value beyond doubt and ``must`` cells have to be given one.
    """

    def __init__(self, problem: Problem) -> None:
        cells = problem.cells
        self.cells: tuple[RepairCell, ...] = cells
        self.size = len(cells)
        self.typed: list[Typed] = [read_typed(cell.text, cell.unit) for cell in cells]
        self.index: dict[Id, int] = {cell.id: i for i, cell in enumerate(cells)}
        self.digits = max(
            LEAST_DIGITS, max((_decimals(t) for t in self.typed), default=0), *_scales(problem), 0
        )
        self.one = power_of_ten(self.digits)
        self._scaled: dict[Decimal, int] = {}
        self.spellings: dict[int, dict[int, float]] = {}
        self.readings: dict[int, dict[int, float]] = {}
        self.oddity: dict[int, str] = {}
        self.must: set[int] = set()
        self.misspelt: set[int] = set()
        self.quantum = [power_of_ten(self.digits - min(cell.decimals, self.digits)) for cell in cells]
        self.low = [None if cell.minimum is None else self.scaled(cell.minimum) for cell in cells]
        self.values: list[int | None] = [
            self.parse(t.value) if t.value is not None else 0 if t.blank else None for t in self.typed
        ]
        self.ties: list[Tie] = [self._tie(relation) for relation in problem.relations]
        self.ties_at: list[list[int]] = [[] for _ in cells]
        for k, tie in enumerate(self.ties):
            for i in tie.cells:
                self.ties_at[i].append(k)
        self._find_malformed()

    # ---- numbers

    def parse(self, text: str) -> int:
        """The whole number of small units of a plain decimal."""
        sign, body = (-1, text[1:]) if text.startswith("-") else (1, text)
        whole, _, part = body.partition(".")
        return sign * int((whole or "0") + part.ljust(self.digits, "0"))

    def scaled(self, value: Decimal) -> int:
        """The whole number of small units of a decimal (exact by the choice of ``digits``)."""
        found = self._scaled.get(value)
        if found is None:
            found = self._scaled[value] = self.parse(plain(value))
        return found

    def decimal(self, value: int) -> Decimal:
        """The decimal of a whole number of small units."""
        return Decimal(self.spell(value) or 0)

    def spell(self, value: int, decimals: int | None = None) -> str | None:
        """Plain spelling: shortest, or with so many decimals (None where they do not suffice)."""
        sign = "-" if value < 0 else ""
        whole, part = divmod(abs(value), self.one)
        digits = f"{part:0{self.digits}d}"
        if decimals is None:
            digits = digits.rstrip("0")
        elif digits[decimals:].strip("0"):
            return None
        else:
            digits = digits[:decimals]
        return f"{sign}{whole}.{digits}" if digits else f"{sign}{whole}"

    def fits(self, i: int, value: int) -> bool:
        """Whether a value is one the form could print in this cell."""
        low = self.low[i]
        return value % self.quantum[i] == 0 and (low is None or value >= low)

    # ---- building

    def _tie(self, relation: LinearRelation | RatioRelation | AtMostRelation) -> Tie:
        index = self.index
        if isinstance(relation, RatioRelation):
            members = (index[relation.num], index[relation.den], index[relation.rate])
            limits = self.scaled(relation.tol), self.scaled(relation.soft)
            return Tie(relation.id, TieType.RATIO, members, (), 0, *limits, 1, relation.label)
        soft = relation.soft if isinstance(relation, LinearRelation) else relation.tol
        places = max((exponent(c) for _, c in relation.terms), default=0)
        factor = power_of_ten(max(0, places))
        kind = TieType.LINEAR if isinstance(relation, LinearRelation) else TieType.AT_MOST
        return Tie(
            relation.id,
            kind,
            tuple(index[cell] for cell, _ in relation.terms),
            tuple(int(coef * factor) if places > 0 else int(coef) for _, coef in relation.terms),
            self.scaled(relation.rhs) * factor,
            self.scaled(relation.tol) * factor,
            self.scaled(soft) * factor,
            factor,
            relation.label,
        )

    def _find_malformed(self) -> None:
        """Find the cells whose text cannot stand: odd spellings, too small, decimals too many."""
        sign_expected = self._percent_sign_expected()
        for i, typed in enumerate(self.typed):
            value = self.values[i]
            cell = self.cells[i]
            if value is None:
                self.oddity[i] = typed.oddity.value
                self.spellings[i] = self._readings(i, typed)
            elif (
                sign_expected and cell.kind is CellKind.PERCENT and not typed.percent_sign and not typed.blank
            ):
                self.oddity[i] = "percent-sign"
                share = abs(value) <= AMBIGUOUS_RATE * self.one
                self.spellings[i] = {value * 100: 0.7, value: 2.5} if share and value else {value: 0.3}
            elif (low := self.low[i]) is not None and value < low:
                self.oddity[i] = "below-minimum"
            elif value % self.quantum[i] and not self._confirmed(i):
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
        last = power_of_ten(self.digits - _decimals(self.typed[i]))
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

    def _percent_sign_expected(self) -> bool:
        """Whether this submission types its rates with a percent sign (then one without is a slip)."""
        signs = [
            typed.percent_sign
            for typed, cell in zip(self.typed, self.cells, strict=True)
            if cell.kind is CellKind.PERCENT and not typed.blank
        ]
        with_sign = sum(signs)
        without = len(signs) - with_sign
        return with_sign >= 1 and without >= 1 and (without == 1 or with_sign >= 4 * without)

    # ---- relations

    def state(self, k: int, values: list[int | None]) -> tuple[State, int]:
        """How relation ``k`` stands under these values, and by how many small units it misses."""
        tie = self.ties[k]
        picked = [values[i] for i in tie.cells]
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

    def solve(self, k: int, i: int, values: list[int | None], *, soft: bool = False) -> Interval | None:
        """The interval of values of cell ``i`` with which relation ``k`` holds, the others as in ``values``.

        ``soft`` asks for the interval in which it holds or is of rounding size. None where another cell is
        unknown or no value of this cell helps. Interval ends may lie off the cell's grid, and the first may
        exceed the second.
        """
        tie = self.ties[k]
        if tie.type is TieType.RATIO:
            return self._solve_ratio(tie, i, values, tie.soft if soft else tie.tol)
        coef, rest = 0, tie.rhs
        for j, c in zip(tie.cells, tie.coefs, strict=True):
            if j == i:
                coef = c
                continue
            value = values[j]
            if value is None:
                return None
            rest -= c * value
        if tie.type is TieType.AT_MOST:
            rest += tie.tol
            return (-UNBOUNDED, rest // coef) if coef > 0 else (-(-rest // coef), UNBOUNDED)
        slack = tie.soft if soft else tie.tol
        if coef < 0:
            coef, rest = -coef, -rest
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

    # ---- who stands beside whom (asked for only where something is wrong)

    @cached_property
    def figures(self) -> list[int | None]:
        """The values, an ill-spelt text standing for its likeliest reading: what a neighbour is compared with."""
        out = list(self.values)
        for i, readings in self.readings.items():
            if out[i] is None and readings:
                out[i] = min(readings, key=lambda value: (readings[value], value))
        return out

    @cached_property
    def copies(self) -> list[set[int]]:
        """Per cell, the other cells that ought to state the same figure (directly)."""
        out: list[set[int]] = [set() for _ in self.cells]
        for tie in self.ties:
            if tie.type is TieType.LINEAR and len(tie.cells) == 2 and sum(tie.coefs) == 0 and not tie.rhs:
                a, b = tie.cells
                out[a].add(b)
                out[b].add(a)
        return out

    @cached_property
    def parts(self) -> dict[int, list[tuple[int, tuple[int, ...]]]]:
        """Per total, its breakdowns: (relation, lines)."""
        out: dict[int, list[tuple[int, tuple[int, ...]]]] = defaultdict(list)
        for k, tie in enumerate(self.ties):
            if tie.type is not TieType.LINEAR or len(tie.cells) < 3 or tie.rhs:
                continue
            unit = abs(tie.coefs[0])
            for sign in (unit, -unit):
                if tie.coefs.count(sign) == 1 and tie.coefs.count(-sign) == len(tie.coefs) - 1:
                    total = tie.cells[tie.coefs.index(sign)]
                    out[total].append((k, tuple(j for j in tie.cells if j != total)))
        return dict(out)

    def breakdowns(self, total: int) -> list[tuple[int, int, tuple[int, ...]]]:
        """What a cell is the total of: (the cell, relation, lines)."""
        return [(total, k, lines) for k, lines in self.parts.get(total, ())]

    @cached_property
    def totals_of(self) -> dict[int, list[tuple[int, int]]]:
        """Per line, the totals it enters: (total, relation)."""
        out: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for total, breakdowns in self.parts.items():
            for k, lines in breakdowns:
                for j in lines:
                    out[j].append((total, k))
        return dict(out)

    @cached_property
    def determined(self) -> set[int]:
        """Cells whose value follows from others: totals, copies and rates."""
        rates = {tie.cells[2] for tie in self.ties if tie.type is TieType.RATIO}
        return set(self.parts) | rates | {i for i, others in enumerate(self.copies) if others}

    def all_copies(self, i: int) -> set[int]:
        """The cell and every cell that ought to state the same figure, through any number of copies."""
        seen, todo = {i}, [i]
        while todo:
            fresh = self.copies[todo.pop()] - seen
            seen |= fresh
            todo.extend(fresh)
        return seen


def _decimals(typed: Typed) -> int:
    texts = [typed.value] if typed.value is not None else [text for text, _ in typed.readings]
    return max((len(text) - 1 - text.index(".") for text in texts if "." in text), default=0)


def _scales(problem: Problem) -> list[int]:
    """Decimals needed for the problem's own numbers."""
    numbers: list[Decimal] = [cell.minimum for cell in problem.cells if cell.minimum]
    for relation in problem.relations:
        numbers.append(relation.tol)
        if not isinstance(relation, AtMostRelation):
            numbers.append(relation.soft)
        if not isinstance(relation, RatioRelation):
            numbers.append(relation.rhs)
    return [exponent(number) for number in numbers]


def power_of_ten(places: int) -> int:
    """10**places as a whole number; ``places`` is at least 0."""
    return int(10**places)


def exponent(number: Decimal) -> int:
    """How many decimals a number has (negative: it ends in zeros)."""
    return -int(number.as_tuple().exponent)
