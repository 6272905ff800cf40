"""Which symptoms belong together: violated relations and ill-spelt cells that one fault may explain."""

from __future__ import annotations

from gouji.frozen import fresh, mutable
from gouji.repair.explanation import Misses
from gouji.repair.likelihood import Likelihood
from gouji.repair.record import Record, State

__all__ = ["Component", "components"]


@mutable
class Component:
    """The failing relations and the unread cells of what may be one fault; grows while faults are merged."""

    misses: Misses = fresh(factory=dict)
    must: set[int] = fresh(factory=set)

    def cells(self, record: Record) -> set[int]:
        """Every cell that could be to blame."""
        return {i for k in self.misses for i in record.ties[k].cells} | self.must

    @property
    def hard(self) -> bool:
        """Whether something is wrong beyond rounding."""
        return bool(self.must) or any(state is State.VIOLATED for state, _ in self.misses.values())

    def absorb(self, other: Component) -> None:
        """Take over the symptoms of another component."""
        self.misses.update(other.misses)
        self.must |= other.must


def components(likelihood: Likelihood, misses: Misses, unknown: list[int]) -> list[Component]:
    """Group the failing relations and the ill-spelt cells by shared cells.

    ``unknown`` are the relations that hold an ill-spelt cell. Two groups that one swap of neighbours would
    mend together are one.
    """
    record = likelihood.record
    root: dict[int, int] = {}

    def find(a: int) -> int:
        while (up := root.setdefault(a, a)) != a:
            a = up
        return a

    for k in [*misses, *unknown]:
        cells = record.ties[k].cells
        for i in cells[1:]:
            root[find(i)] = find(cells[0])
    _join_swaps(likelihood, misses, root)
    out: dict[int, Component] = {}
    for k, miss in misses.items():
        out.setdefault(find(record.ties[k].cells[0]), Component()).misses[k] = miss
    for i in record.must:
        out.setdefault(find(i), Component()).must.add(i)
    return list(out.values())


def _join_swaps(likelihood: Likelihood, misses: Misses, root: dict[int, int]) -> None:
    record = likelihood.record

    def find(a: int) -> int:
        while (up := root.setdefault(a, a)) != a:
            a = up
        return a

    hit = sorted({i for k in misses for i in record.ties[k].cells})
    for i in hit:
        for j in likelihood.layout.adjacent(i):
            if j < i or j not in root or find(i) == find(j):
                continue
            if not _would_mend(record, misses, i, j):
                continue
            root[find(i)] = find(j)


def _would_mend(record: Record, misses: Misses, i: int, j: int) -> bool:
    """Whether swapping two cells mends every failing relation of either, and each has one."""
    values = list(record.values)
    if values[i] is None or values[j] is None or values[i] == values[j]:
        return False
    if record.typed[i].blank or record.typed[j].blank:
        return False
    values[i], values[j] = values[j], values[i]
    at_i, at_j = record.ties_at[i], record.ties_at[j]
    if not any(k in misses for k in at_i) or not any(k in misses for k in at_j):
        return False
    return all(record.state(k, values)[0] is not State.VIOLATED for k in {*at_i, *at_j})
