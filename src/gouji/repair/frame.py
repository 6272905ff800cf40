"""What of a problem does not depend on the texts: the grid of figures, the relations, who is total or copy of whom.

All amounts are whole numbers of one small unit, 10**-digits, so every comparison is exact.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal
from enum import IntEnum
from functools import cache, cached_property
from operator import itemgetter

from gouji.frozen import frozen
from gouji.repair.problem import (
    AtMostRelation,
    Id,
    LinearRelation,
    Problem,
    RatioRelation,
    RepairCell,
    plain,
)

__all__ = ["Frame", "Tie", "TieType", "power_of_ten"]

LEAST_DIGITS = 6
NONE: set[int] = set()  # shared by all cells without copies: never added to
SHARED = (
    "index",
    "one",
    "_scaled",
    "quantum",
    "low",
    "ties",
    "ties_at",
    "copies",
    "parts",
    "totals_of",
    "determined",
)


class TieType(IntEnum):
    """The three kinds of relation."""

    LINEAR = 0
    RATIO = 1
    AT_MOST = 2


@frozen
class Tie:
    """A relation over cell indices; a ratio's cells are (num, den, rate).

    Linear coefficients are whole: coefficients, ``rhs``, ``tol`` and ``soft`` are multiplied by ``factor``. ``pick``
    takes the values of its cells from those of all.
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
    pick: Callable[[list[int | None]], tuple[int | None, ...]]


class Frame:
    """The cells of a problem without their texts, and the relations over them.

    ``quantum`` and ``low`` are the grid and the least value a right figure can have, ``ties_at`` the relations of a
    cell. ``like`` is the frame of a problem with the same cells and relations: what it has worked out is taken over.
    """

    def __init__(self, problem: Problem, decimals: int, like: Frame | None = None) -> None:
        cells = problem.cells
        self.cells: tuple[RepairCell, ...] = cells
        self.size = len(cells)
        self.scales: list[int] = like.scales if like else _scales(problem)
        self.digits: int = max(LEAST_DIGITS, decimals, *self.scales, 0)
        if like is not None and like.digits == self.digits:
            known = like.__dict__
            self.__dict__.update((key, known[key]) for key in SHARED if key in known)
            return
        self.one = power_of_ten(self.digits)
        self._scaled: dict[Decimal, int] = {}
        self.index: dict[Id, int] = {cell.id: i for i, cell in enumerate(cells)}
        digits = self.digits
        steps = {d: power_of_ten(digits - min(d, digits)) for d in {cell.decimals for cell in cells}}
        self.quantum = [steps[cell.decimals] for cell in cells]
        self.low = [
            None if (low := cell.minimum) is None else self.scaled(low) if low else 0 for cell in cells
        ]
        self.ties: list[Tie] = [self._tie(relation) for relation in problem.relations]
        self.ties_at: list[list[int]] = [[] for _ in cells]
        for k, tie in enumerate(self.ties):
            for i in tie.cells:
                self.ties_at[i].append(k)

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
        index, scaled = self.index, self.scaled
        if isinstance(relation, RatioRelation):
            members = (index[relation.num], index[relation.den], index[relation.rate])
            limits = scaled(relation.tol), scaled(relation.soft)
            pick = itemgetter(*members)
            return Tie(relation.id, TieType.RATIO, members, (), 0, *limits, 1, relation.label, pick)
        terms = tuple([index[cell] for cell, _ in relation.terms])
        coefs, factor = _whole([coef for _, coef in relation.terms])
        rhs, tol = relation.rhs, relation.tol
        soft = relation.soft if isinstance(relation, LinearRelation) else tol
        return Tie(
            relation.id,
            TieType.LINEAR if isinstance(relation, LinearRelation) else TieType.AT_MOST,
            terms,
            coefs,
            scaled(rhs) * factor if rhs else 0,
            scaled(tol) * factor if tol else 0,
            scaled(soft) * factor if soft else 0,
            factor,
            relation.label,
            itemgetter(*terms) if len(terms) > 1 else _picker(terms),
        )

    # ---- who follows from whom (asked for only where something is wrong)

    @cached_property
    def copies(self) -> list[set[int]]:
        """Per cell, the other cells that ought to state the same figure (directly)."""
        out: list[set[int]] = [NONE] * self.size
        for tie in self.ties:
            if len(tie.cells) == 2 and tie.type is TieType.LINEAR and sum(tie.coefs) == 0 and not tie.rhs:
                a, b = tie.cells
                out[a] = out[a] | {b}
                out[b] = out[b] | {a}
        return out

    @cached_property
    def parts(self) -> dict[int, list[tuple[int, tuple[int, ...]]]]:
        """Per total, its breakdowns: (relation, lines)."""
        out: dict[int, list[tuple[int, tuple[int, ...]]]] = defaultdict(list)
        for k, tie in enumerate(self.ties):
            if tie.type is not TieType.LINEAR or len(tie.cells) < 3 or tie.rhs:
                continue
            coefs = tie.coefs
            unit = abs(coefs[0])
            for sign in (unit, -unit):
                if coefs.count(sign) == 1 and coefs.count(-sign) == len(coefs) - 1:
                    total = tie.cells[coefs.index(sign)]
                    out[total].append((k, tuple([j for j in tie.cells if j != total])))
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


def _picker(cells: tuple[int, ...]) -> Callable[[list[int | None]], tuple[int | None, ...]]:
    """The values of so few cells that :func:`operator.itemgetter` would give no tuple."""
    return lambda values: tuple([values[i] for i in cells])


def _whole(coefs: list[Decimal]) -> tuple[tuple[int, ...], int]:
    """Coefficients as whole numbers, and the factor that makes them so."""
    whole = [int(coef) for coef in coefs]
    if whole == coefs:
        return tuple(whole), 1
    factor = power_of_ten(max(exponent(coef) for coef in coefs))
    return tuple([int(coef * factor) for coef in coefs]), factor


def _scales(problem: Problem) -> list[int]:
    """Decimals needed for the problem's own numbers."""
    numbers = [cell.minimum for cell in problem.cells if cell.minimum]
    for relation in problem.relations:
        numbers.append(relation.tol)
        if isinstance(relation, LinearRelation):
            numbers += (relation.soft, relation.rhs)
        else:
            numbers.append(relation.soft if isinstance(relation, RatioRelation) else relation.rhs)
    # the same few objects come again and again: told apart by what they are, not by their value, which is dear to hash
    return [exponent(number) for number in {id(number): number for number in numbers}.values()]


@cache
def power_of_ten(places: int) -> int:
    """10**places as a whole number; ``places`` is at least 0."""
    return int(10**places)


def exponent(number: Decimal) -> int:
    """How many decimals a number has (negative: it ends in zeros)."""
    return -int(number.as_tuple().exponent)
