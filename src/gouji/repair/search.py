"""The search for explanations of one fault: which sets of changes leave nothing violated, cheapest first."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from math import inf, log

from gouji.repair.chains import stale_chain
from gouji.repair.explanation import Budget, Explanation, Misses, Move, Node, in_order
from gouji.repair.likelihood import SLIP_PRICE, Likelihood
from gouji.repair.record import UNBOUNDED, Changes, Record, State, TieType
from gouji.repair.slips import Slip

__all__ = ["explain"]

WORST_SLIPS = 3  # most slips in one explanation
BAND = 7.0  # explanations dearer than the best by more than this do not matter
GUESS = (
    2.5  # what a node still violated will cost besides a slip in any cell, as a guess for the order of search
)
CHEAP = 15.0  # with an explanation below this, two slips in one relation need not be tried
FIRST_STEPS, SECOND_STEPS = 80, 40
FEW_POINTS, MANY_POINTS = 3, 8  # intervals up to so many points are tried whole; where the text is no guide
MANY_CELLS = 4  # in relations of more cells it pays to look at them in a good order
NARROW = 50  # points of an interval that are looked up one by one
WIDE_COMPONENT = 60
PAIRS_TRIED = 60


def explain(
    likelihood: Likelihood,
    misses: Misses,
    must: frozenset[int],
    budget: Budget,
    given: Changes | None = None,
) -> list[Explanation]:
    """The explanations of a component, cheapest first: every way found to leave nothing violated in it.

    ``given`` are changes taken for granted (``misses`` and ``must`` are then what they leave).
    """
    return _Search(likelihood, misses, must, budget, given or {}).run()


class _Search:
    def __init__(
        self, likelihood: Likelihood, misses: Misses, must: frozenset[int], budget: Budget, given: Changes
    ) -> None:
        self.likelihood = likelihood
        self.nearness = likelihood.nearness
        self.record: Record = likelihood.record
        self.given = given
        self.base = list(self.record.values)
        for i, value in given.items():
            self.base[i] = value
        self.worst = len(misses) + len(must)
        self.root = Node(0.0, {}, (), dict(misses), must, _violated(misses))
        self.one_more = SLIP_PRICE + log(likelihood.n_cells) + GUESS
        self.budget = budget
        self.totals: dict[int, int] = {}  # of the relations under the values of the node in hand
        self.found: dict[tuple[tuple[int, int | None], ...], Explanation] = {}
        self.best = inf
        self.pushed = 0
        self.heap: list[tuple[float, int, Node]] = []
        self.seen: dict[tuple[tuple[int, int | None], ...], float] = {}

    def run(self) -> list[Explanation]:
        self._pass(FIRST_STEPS + 2 * len(self.root.must), deep=False)
        cells = {i for k in self.root.misses for i in self.record.ties[k].cells} | self.root.must
        if self.best > CHEAP and not (self.found and len(cells) > WIDE_COMPONENT):
            self._pass(SECOND_STEPS, deep=True)
        return sorted(self.found.values(), key=lambda e: (round(e.price, 9), in_order(e.changes)))

    def _pass(self, steps: int, *, deep: bool) -> None:
        self.seen.clear()
        self.heap.clear()
        self._push(self.root)
        while self.heap and steps and not self.budget.gone():
            rank, _, node = heapq.heappop(self.heap)
            steps -= 1
            if rank > self.best + BAND:
                return
            if sum(slip is not Slip.SPELLING for slip, _ in node.moves) < WORST_SLIPS:
                self._expand(node, deep=deep and not node.changes)

    def _push(self, node: Node) -> None:
        key = _key(node.changes)
        if node.price > self.best + BAND or self.seen.get(key, inf) <= node.price:
            return
        self.seen[key] = node.price
        self.pushed += 1
        still_open = node.open
        if not still_open and len(node.misses) <= self.worst:
            price = self._whole_price(node) + self._rounding(node.misses)
            known = self.found.get(key)
            if known is None or price < known.price:
                self.found[key] = Explanation(price, node.changes, node.moves)
                self.best = min(self.best, price)
        if still_open or (node.misses and not node.changes):
            heapq.heappush(self.heap, (node.price + self._guess(node), self.pushed, node))

    def _whole_price(self, node: Node) -> float:
        """The price of a finished explanation: slips found early are judged anew beside the later ones."""
        price = node.price
        if len(node.moves) < 2:
            return price
        besides = {**self.given, **node.changes}
        done: Changes = dict(self.given)
        for slip, cells in node.moves:
            if len(cells) == 1 and slip is not Slip.SPELLING:
                i = cells[0]
                value = node.changes[i]
                price += (
                    self.likelihood.price(i, value, besides)[0] - self.likelihood.price(i, value, done)[0]
                )
            done |= {i: node.changes[i] for i in cells}
        return price

    def _guess(self, node: Node) -> float:
        """A guess at what mending the rest will cost: the cheapest readings, and a slip where something fails."""
        readings = self.record.readings
        cheapest = (min(readings.get(i, {0: 0.0}).values(), default=0.0) for i in node.must)
        unread = sum(self.likelihood.spelling_price + price for price in cheapest)
        return unread + (self.one_more if node.violated else 0.0)

    def _rounding(self, misses: Misses) -> float:
        rounding = self.likelihood.habits.rounding
        return sum(rounding(k, miss) for k, (_, miss) in misses.items())

    def _expand(self, node: Node, *, deep: bool) -> None:
        values = self._overlay(node.changes)
        self.totals = {}
        if node.must:
            i = min(node.must, key=lambda j: (len(self.record.readings.get(j, ())) or 99, j))
            self._change_cell(node, i, values, deep=deep)
            return
        ties = self.record.ties
        k = min(node.misses, key=lambda m: (-node.misses[m][0], len(ties[m].cells), m))
        cells = [i for i in ties[k].cells if i not in node.changes and i not in self.given]
        if len(cells) > MANY_CELLS:  # what the text speaks for first, so that the rest can be cut short
            cells.sort(key=lambda i: not self._speaks(k, i, values))
        for i in cells:
            if self.budget.gone():
                return
            self._change_cell(node, i, values, deep=deep and ties[k].type is not TieType.LINEAR)
            self._swap_cell(node, i, values)
        if not node.changes:
            self._push_chains(node, values)
        if deep and ties[k].type is TieType.LINEAR:
            self._push_pairs(node, k, cells, values)

    def _speaks(self, k: int, i: int, values: list[int | None]) -> bool:
        """Whether the figure that relation ``k`` asks of a cell may be one slip away from its text."""
        interval = self.record.solve(k, i, values, totals=self.totals)
        return interval is None or self.nearness.may_be_near(i, *interval)

    # ---- moves

    def _change_cell(self, node: Node, i: int, values: list[int | None], *, deep: bool) -> None:
        """Try every value that the relations or the text suggest for one cell, alone and with its copies."""
        besides = {**self.given, **node.changes}
        copies: list[int] = []
        if self.record.copies[i] and values[i] is not None:
            family = self.record.all_copies(i)
            copies = [j for j in family if j != i and j not in self.given and values[j] == values[i]]
        # What leaves something violated for certain costs a further slip.
        further = self.one_more if not copies and self._leaves_violated(node, i) else 0.0
        for value in sorted(self._suggested(node, i, values, deep=deep)):
            most = self.best + BAND - further
            if not besides and SLIP_PRICE + self.likelihood.least(i, value) > most:
                continue
            price, slip = self.likelihood.price(i, value, besides)
            total = node.price + SLIP_PRICE + price
            if total > most:
                continue
            self._child(node, total, {i: value}, (slip, (i,)))
            if copies:
                dearer = total + self.likelihood.copied(len(copies))
                if dearer <= self.best + BAND:
                    alike = (i, *sorted(copies))
                    self._child(node, dearer, dict.fromkeys(alike, value), (Slip.COPIED, alike), (slip, (i,)))
        if (
            i in node.must
            and not self.record.typed[i].readings
            and all(self.record.solve(k, i, values) is None for k in self.record.ties_at[i])
        ):
            price, slip = self.likelihood.price(i, None)
            self._child(node, node.price + SLIP_PRICE + price, {i: None}, (slip, (i,)))

    def _leaves_violated(self, node: Node, i: int) -> bool:
        """Whether something violated has no part in cell ``i``, so that no value of it mends everything."""
        misses = node.misses
        here = [m for k in self.record.ties_at[i] if (m := misses.get(k)) is not None]
        return node.violated > sum(state is State.VIOLATED for state, _ in here)

    def _swap_cell(self, node: Node, i: int, values: list[int | None]) -> None:
        price = node.price + SLIP_PRICE + self.likelihood.swapped()
        a = values[i]
        typed = self.record.typed
        if price > self.best + BAND or a is None or typed[i].blank:
            return
        for j in self.likelihood.layout.adjacent(i):
            b = values[j]
            if b is None or a == b or typed[j].blank or j in node.changes or j in self.given:
                continue
            values[i], values[j] = b, a
            mends = self._mends_any(node, i, j, values)
            values[i], values[j] = a, b
            if not mends:
                continue
            child = self._node(node, price, {i: b, j: a}, ((Slip.SWAPPED, (i, j)),))
            if child.violated < node.violated:
                self._push(child)

    def _mends_any(self, node: Node, i: int, j: int, values: list[int | None]) -> bool:
        """Whether a violated relation of either cell is none under these values."""
        record, misses = self.record, node.misses
        for k in {*record.ties_at[i], *record.ties_at[j]}:
            if k not in misses or misses[k][0] is not State.VIOLATED:
                continue
            tie = record.ties[k]
            if tie.type is TieType.LINEAR and i in tie.cells and j in tie.cells:
                a, b = (tie.coefs[tie.cells.index(c)] for c in (i, j))
                if a == b:
                    continue  # the sum stays as it is
            if record.state(k, values)[0] is not State.VIOLATED:
                return True
        return False

    def _push_chains(self, node: Node, values: list[int | None]) -> None:
        for k in node.misses:
            found = stale_chain(self.likelihood, k, values)
            if found and len(found.changes) > 1:
                moves = (Slip.STALE_CHAIN, tuple(found.changes))
                self._child(node, node.price + SLIP_PRICE + found.price, found.changes, moves)

    def _push_pairs(self, node: Node, k: int, cells: list[int], values: list[int | None]) -> None:
        """Two slips in one relation: pairs of text preimages whose differences cancel what it misses by."""
        tie = self.record.ties[k]
        coefs = dict(zip(tie.cells, tie.coefs, strict=True))
        likelihood = self.likelihood
        if any(values[i] is None for i in tie.cells):
            return
        gap = sum(coefs[i] * (values[i] or 0) for i in tie.cells) - tie.rhs
        by_shift: dict[int, list[tuple[float, int, int]]] = {}
        pairs: list[tuple[float, int, int, int, int]] = []
        for i in cells:
            coef, x = coefs[i], values[i] or 0
            own: list[tuple[int, float, int]] = []
            for value, odds in self.nearness.originals(i).items():
                shift = coef * (value - x)
                own.append((shift, odds, value))
                for rough, j, other in by_shift.get(-gap - shift, ()):
                    pairs.append((-odds * rough, j, other, i, value))
            for shift, odds, value in own:
                by_shift.setdefault(shift, []).append((odds, i, value))
            if self.budget.gone():
                break
        for _, j, other, i, value in heapq.nsmallest(PAIRS_TRIED, pairs):
            (p, slip_too), (q, slip) = likelihood.price(j, other), likelihood.price(i, value)
            self._child(
                node,
                node.price + 2 * SLIP_PRICE + p + q,
                {j: other, i: value},
                (slip_too, (j,)),
                (slip, (i,)),
            )

    def _child(self, node: Node, price: float, changes: Changes, *moves: Move) -> None:
        if price <= self.best + BAND:
            self._push(self._node(node, price, changes, moves))

    def _node(self, node: Node, price: float, changes: Changes, moves: tuple[Move, ...]) -> Node:
        """The node after further changes: only relations of the changed cells are judged again."""
        record = self.record
        merged = {**node.changes, **changes}
        values = self._overlay(merged)
        misses = dict(node.misses)
        violated = node.violated
        if len(changes) == 1:
            (only,) = changes
            touched: Iterable[int] = record.ties_at[only]
        else:
            touched = {k for i in changes for k in record.ties_at[i]}
        for k in touched:
            state = record.state(k, values)
            before = misses.get(k)
            violated += (state[0] is State.VIOLATED) - (before is not None and before[0] is State.VIOLATED)
            if state[0] is State.ROUNDING or state[0] is State.VIOLATED:
                misses[k] = state
            elif before is not None:
                del misses[k]
        return Node(price, merged, node.moves + moves, misses, node.must - changes.keys(), violated)

    def _overlay(self, changes: Changes) -> list[int | None]:
        values = list(self.base)
        for i, value in changes.items():
            values[i] = value
        return values

    # ---- values worth trying

    def _suggested(self, node: Node, i: int, values: list[int | None], *, deep: bool) -> set[int]:
        """What all relations of the cell allow, what each violated one asks for, what the text can mean."""
        record = self.record
        out: set[int] = set(record.readings.get(i, ()))
        low = record.low[i]
        first = -UNBOUNDED if low is None else low
        last = UNBOUNDED
        wanted: list[tuple[int, int]] = []
        for k in record.ties_at[i]:
            interval = record.solve(k, i, values, totals=self.totals)
            if interval is None:
                continue
            first, last = max(first, interval[0]), min(last, interval[1])
            if k in node.misses or i in node.must:
                wanted.append(interval)
                tie = record.ties[k]
                if tie.soft > tie.tol:
                    soft = record.solve(k, i, values, soft=True, totals=self.totals)
                    if soft and soft != interval:
                        if self._free(i) and (tie.type is TieType.LINEAR or i == tie.cells[2]):
                            # a total one off by rounding; more only if the text says so
                            step = record.quantum[i]
                            beside = max(soft[0], interval[0] - step), min(soft[1], interval[1] + step)
                            out.update(self._points(i, beside, whole=True))
                        out.update(self._points(i, soft, whole=False))
        if first > -UNBOUNDED or last < UNBOUNDED:
            wanted.append((first, last))
        for interval in wanted:
            out.update(self._points(i, interval, whole=True))
        if deep or (i in node.must and i not in record.readings):
            out.update(self.nearness.originals(i))
        out -= {values[i]}
        return {value for value in out if record.fits(i, value)}

    def _free(self, i: int) -> bool:
        """Whether the text does not tell figures apart that differ by rounding: a blank, or a total."""
        return self.record.typed[i].blank or i in self.record.parts

    def _points(self, i: int, interval: tuple[int, int], *, whole: bool) -> Iterator[int]:
        """The grid points of an interval; where they are many, those one slip away from the text."""
        step = self.record.quantum[i]
        low = self.record.low[i]
        first = max(interval[0], low) if low is not None else interval[0]
        first, last = -(-first // step) * step, interval[1] // step * step
        if whole and last - first < (MANY_POINTS if self._free(i) else FEW_POINTS) * step:
            yield from range(first, last + 1, step)
        elif last - first < NARROW * step:
            if first <= last and self.nearness.may_be_near(i, first, last):
                near = self.nearness.near(i)
                yield from [value for value in range(first, last + 1, step) if value in near]
        else:
            yield from (value for value in self.nearness.originals(i) if first <= value <= last)


def _violated(misses: Misses) -> int:
    return sum(state is State.VIOLATED for state, _ in misses.values())


def _key(changes: Changes) -> tuple[tuple[int, int | None], ...]:
    return tuple((i, changes[i]) for i in sorted(changes))
