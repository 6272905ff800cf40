"""What the search works with and what it gives: explanations, whole and partial, and the effort it may take."""

from __future__ import annotations

from time import perf_counter

from gouji.frozen import frozen
from gouji.repair.record import Changes, State
from gouji.repair.slips import Slip

__all__ = ["Budget", "Explanation", "Misses", "Move", "Node", "in_order"]

STEPS_A_SECOND = 5_000  # what a slow machine does; 5,000 to 20,000 were measured here
PATIENCE = 5
Misses = dict[int, tuple[State, int]]
Move = tuple[Slip, tuple[int, ...]]  # a slip and the cells it hit


@frozen
class Explanation:
    """One set of changes: its price and the slips it takes; ``changes`` empty means «it is all rounding»."""

    price: float
    changes: Changes
    moves: tuple[Move, ...]

    @property
    def slips(self) -> tuple[Slip, ...]:
        """The slips in the order found."""
        return tuple(slip for slip, _ in self.moves)


@frozen
class Node:
    """A partial explanation: what it costs so far, what it leaves off or unread, and how much of it violated."""

    price: float
    changes: Changes
    moves: tuple[Move, ...]
    misses: Misses
    must: frozenset[int]
    violated: int

    @property
    def open(self) -> bool:
        """Whether something is still violated or unread."""
        return bool(self.must) or self.violated > 0


class Budget:
    """The effort that a search may take; once spent, searches end with what they have.

    Counted in steps and not by a clock, so that a busy machine gives the same answer as an idle one; steps in a huge
    problem are long, so it ends after ``PATIENCE`` times the seconds by the clock in any case.
    """

    def __init__(self, seconds: float) -> None:
        self.left = int(seconds * STEPS_A_SECOND)
        self.latest = perf_counter() + PATIENCE * seconds
        self.spent = False

    def gone(self) -> bool:
        """Whether the effort is spent; every call is a step."""
        self.left -= 1
        if self.left < 0 or perf_counter() > self.latest:
            self.spent = True
        return self.spent


def in_order(changes: Changes) -> list[tuple[int, bool, int]]:
    """A key that puts sets of changes into a fixed order."""
    return [(i, changes[i] is None, changes[i] or 0) for i in sorted(changes)]
