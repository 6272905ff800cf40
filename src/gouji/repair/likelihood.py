"""The price of a change: −log probability that the hand would turn the right figure into the typed one.

The slips of single digits are judged in :mod:`gouji.repair.slips`; here the record comes in: how many cells a
slip could have hit, which figures stand beside it, what a total would be with a line forgotten.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property
from math import exp, inf, log
from operator import itemgetter

from gouji.repair.frame import power_of_ten
from gouji.repair.habits import Habits
from gouji.repair.layout import Layout
from gouji.repair.nearness import Nearness
from gouji.repair.problem import CellKind
from gouji.repair.record import Changes, Record
from gouji.repair.slips import POINT_SHARE, SHARE, UNIT_SHARE, Slip, explain_spelling

__all__ = ["SLIP_PRICE", "Likelihood", "Priced"]

SLIP_PRICE = 4.0  # every further slip in one submission
ZERO_FOR_BLANK = 0.2  # share of the blanks that are typed as 0
WIDEST = 1e6  # how much likelier a solved figure may be than the typed one, by its roundness and size
ODD_BESIDES = 0.02  # share of figures typed at random that come out negative or too fine as well
SAME_SIZE = 50  # figures of one line in one unit hardly lie further apart
AMONG_PEERS = (
    10.0  # how much likelier a change of unit is that brings a figure to the size of those beside it
)
TWO_DIGITS_AT_MOST = SHARE[Slip.TWO_DIGITS] * 2 / (81 * 2)  # of a figure of two digits
BY_A_DIGIT = SHARE[Slip.SUBSTITUTED] + SHARE[Slip.ROUNDED]  # the most that a slip of the digits can have
BY_A_LINE = SHARE[Slip.LINE_OMITTED] + SHARE[Slip.LINE_TWICE] + SHARE[Slip.STALE_TOTAL]
LONE_LINE = 0.2  # a total of one line is easily kept up to date
BESIDE = frozenset({Slip.OTHER_COLUMN, Slip.OTHER_ROW})
Priced = tuple[float, Slip]


class Likelihood:
    """Prices of changes to the cells of one record; every answer is remembered.

    ``settled`` cells were put right before: a change of one is a second slip in the same place.
    """

    def __init__(
        self, record: Record, settled: frozenset[int] = frozenset(), layout: Layout | None = None
    ) -> None:
        self.record = record
        self.settled = settled
        self.layout = layout or Layout(record)
        self._known: dict[tuple[int, int | None], Priced] = {}
        self.nearness = Nearness(record, self.layout)
        self._priors: dict[tuple[int, int], float] = {}
        self._neighbours: dict[int, frozenset[int]] = {}
        self.n_cells = max(2, [typed.blank for typed in record.typed].count(False))
        self.spelling_price = SLIP_PRICE - log(SHARE[Slip.SPELLING] / self.n_cells)
        kinds = [cell.kind for cell in record.cells]
        self.n_percent = max(1, kinds.count(CellKind.PERCENT))
        self.n_totals = max(1, len(record.parts))

    @cached_property
    def counts(self) -> tuple[int, int, int]:
        """Cells with row peers, cells with column peers, adjacent pairs."""
        return self.layout.counts

    @cached_property
    def habits(self) -> Habits:
        """What is usual in this record."""
        return Habits(self.record, self.layout)

    def price(self, i: int, value: int | None, besides: Changes | None = None) -> Priced:
        """The price of «cell ``i`` means ``value``» and the likeliest slip (None: value unknown).

        ``besides`` are changes made together with it: neighbours and lines count with their right figures.
        """
        moved = [j for j in besides if j in self._felt_by(i)] if besides else []
        if value is not None and moved and besides:
            figures = list(self.record.figures)
            for j in moved:
                figures[j] = besides[j]
            return self._priced(i, value, figures)
        key = (i, value)
        found = self._known.get(key)
        if found is None:
            if value is None:
                found = -log(SHARE[Slip.ARBITRARY] / self.n_cells), Slip.ARBITRARY
            else:
                found = self._priced(i, value, self.record.figures)
            self._known[key] = found
        return found

    def _priced(self, i: int, value: int, figures: list[int | None]) -> Priced:
        odds, slip = self._odds(i, value, figures)
        price = -log(odds) if odds > 0 else inf
        if i in self.settled:
            price += SLIP_PRICE + log(self.n_cells)
        return price, slip

    def _felt_by(self, i: int) -> frozenset[int]:
        """The cells whose figures the price of a change of cell ``i`` depends on."""
        found = self._neighbours.get(i)
        if found is None:
            lines = {j for _, members in self.record.parts.get(i, ()) for j in members}
            beside = {*self.layout.row_peers(i), *self.layout.column_peers(i)}
            found = self._neighbours[i] = frozenset(lines | beside) - {i}
        return found

    def _odds(self, i: int, value: int, figures: list[int | None]) -> tuple[float, Slip]:
        record = self.record
        typed = record.typed[i]
        if i in record.readings:
            return self._odds_of_reading(i, value)
        if typed.blank:
            return self._odds_of_blank(i, value, figures), Slip.BLANK
        best = [self._odds_by_hand(i, value), *self._odds_by_place(i, value, figures)]
        if i in record.parts:
            best += self._odds_of_total(i, value, figures)
        if not record.values[i]:
            best.append((self._odds_of_blank(i, value, figures) * ZERO_FOR_BLANK, Slip.BLANK))
        total = sum([odds for odds, _ in best]) * self.likelier(i, value, figures)
        best.append((SHARE[Slip.ARBITRARY] / self.n_cells * self._any(i, value, figures), Slip.ARBITRARY))
        slip = max(best, key=itemgetter(0))[1]
        if (
            slip is Slip.ARBITRARY
        ):  # a figure that stands beside is not just any, however usual equal figures are
            slip = next((by for odds, by in best if by in BESIDE and odds), slip)
        return total + best[-1][0], slip

    def _prior(self, i: int, value: int, figures: list[int | None]) -> float:
        """:meth:`Habits.prior`, remembered where nothing else is changed."""
        if figures is not self.record.figures:
            return self.habits.prior(i, value, figures)
        key = (i, value)
        found = self._priors.get(key)
        if found is None:
            found = self._priors[key] = self.habits.prior(i, value, figures)
        return found

    def likelier(self, i: int, value: int, figures: list[int | None]) -> float:
        """How much likelier the solved figure is than the typed one, as a figure of this form.

        Cells that follow from others count alike: their figure is no choice.
        """
        record = self.record
        x = record.values[i]
        if not x or i in record.determined:
            return 1.0
        if _far(x, value) and any(self._moved(x, value, k, 0) for k in UNIT_SHARE):
            return 1.0  # another unit leaves the digits as they are
        ratio = self._prior(i, value, figures) / self._prior(i, x, figures)
        return max(1 / WIDEST, min(WIDEST, ratio))

    def _any(self, i: int, value: int, figures: list[int | None]) -> float:
        """The probability of one particular figure where any may stand."""
        x = self.record.values[i] or 0
        odds = self._prior(i, x if i in self.record.determined else value, figures)
        return odds * ODD_BESIDES if i in self.record.must else odds

    def _odds_of_reading(self, i: int, value: int) -> tuple[float, Slip]:
        record = self.record
        readings = record.readings[i]
        missing_sign = record.oddity[i] == "percent-sign"
        n, slip = (self.n_percent, Slip.PERCENT) if missing_sign else (self.n_cells, Slip.SPELLING)
        price = readings.get(value)
        if price is not None:
            return SHARE[slip] / n * exp(-price), slip
        odds, second = 0.0, Slip.ARBITRARY
        for reading, cost in record.spellings[i].items():
            found, by = self._text_odds(i, record.spell(reading) or "", value)
            if exp(-cost) * found > odds:
                odds, second = exp(-cost) * found, by
        odds += SHARE[Slip.ARBITRARY] * self._prior(i, value, record.figures)
        if second not in (Slip.ARBITRARY, Slip.TWO_DIGITS):
            second = Slip.MISSPELT_SLIP
        return SHARE[slip] / n * odds * exp(-SLIP_PRICE) / self.n_cells, second

    def _odds_of_blank(self, i: int, value: int, figures: list[int | None]) -> float:
        odds = SHARE[Slip.BLANK] / self.n_cells
        if i in self.record.determined:
            return odds
        return odds * self._prior(i, value, figures) / self.habits.blank

    def _text_odds(self, i: int, text: str, value: int) -> tuple[float, Slip]:
        """One slip of a digit, over the ways the form could have printed the meant figure."""
        record = self.record
        best = (0.0, Slip.ARBITRARY)
        shortest = record.spell(value) or "0"
        forms = [shortest]
        decimals = record.cells[i].decimals if value else 0
        printed = len(shortest.partition(".")[2])
        if printed < decimals:
            dotted = shortest if printed else shortest + "."
            forms += [dotted + "0" * k for k in range(1, decimals - printed + 1)]
        n = len(text)
        for form in forms:
            if not -1 <= len(form) - n <= 2:
                continue  # no single slip makes up for that
            found = explain_spelling(text, form)
            if found[0] > best[0] or (found[0] == best[0] and found[1] < best[1]):
                best = found
        return best

    def _odds_by_hand(self, i: int, value: int) -> tuple[float, Slip]:
        """Slips of a digit, of the point, of sign and unit."""
        record = self.record
        kind = record.cells[i].kind
        x = record.values[i] or 0
        odds, slip = self._text_odds(i, record.typed[i].core, value)
        found = [(odds, slip)]
        if x and value:
            if _far(x, value):
                for k, share in POINT_SHARE.items():
                    if self._moved(x, value, k, record.quantum[i]):
                        found.append((SHARE[Slip.POINT] * share, Slip.POINT))
                if kind is CellKind.AMOUNT:
                    for k, share in UNIT_SHARE.items():
                        if self._moved(x, value, k, 0):
                            found.append((SHARE[Slip.UNIT] * share * self._sized(i, x, value), Slip.UNIT))
            if x == -value:
                found.append((SHARE[Slip.SIGN], Slip.SIGN))
            for places in (1, 0):
                step = power_of_ten(record.digits - places)
                if value % step and x == (value + step // 2) // step * step:
                    found.append((SHARE[Slip.ROUNDED] / 2, Slip.ROUNDED))
        total = sum([odds for odds, _ in found]) / self.n_cells
        best = max(found, key=itemgetter(0))[1]
        if kind is CellKind.PERCENT and value and (x == value * 100 or x * 100 == value):
            rate = SHARE[Slip.PERCENT] / self.n_percent
            return total + rate, Slip.PERCENT
        return total, best

    def _sized(self, i: int, x: int, value: int) -> float:
        """How far the figures beside a cell speak for another size: a budget and its spending are of one unit."""
        peers = [abs(v) for j in self.layout.row_peers(i) if (v := self.record.values[j])]
        typed, meant = (
            any(n < SAME_SIZE * p and p < SAME_SIZE * n for p in peers) for n in (abs(x), abs(value))
        )
        if typed == meant:
            return 1.0
        return AMONG_PEERS if meant else 1 / AMONG_PEERS

    @staticmethod
    def _moved(x: int, value: int, k: int, quantum: int) -> bool:
        """Whether ``x`` is ``value`` with the point moved by ``k`` places (cut to the grid if left)."""
        if k > 0:
            return x == value * power_of_ten(k)
        scale = power_of_ten(-k)
        shifted, rest = divmod(value, scale)
        if x == shifted and not rest:
            return True
        return bool(quantum) and not x % quantum and abs(x * scale - value) * 2 <= quantum * scale

    def _odds_by_place(self, i: int, value: int, figures: list[int | None]) -> list[tuple[float, Slip]]:
        """A figure copied from the next column or the next row."""
        record = self.record
        x = record.values[i]
        n_row, n_column, _ = self.counts
        out: list[tuple[float, Slip]] = []
        for peers, slip, n in (
            (self.layout.row_peers(i), Slip.OTHER_COLUMN, n_row),
            (self.layout.column_peers(i), Slip.OTHER_ROW, n_column),
        ):
            filled = hits = 0
            for j in peers:
                figure = figures[j]
                if figure:
                    filled += 1
                    hits += x == figure or x == record.values[j]  # pasted as typed, or as meant
            if hits:
                odds = SHARE[slip] / n * hits / filled
                if i in record.determined and slip is Slip.OTHER_COLUMN:
                    # Totals of a row may well be equal: then equality is no sign of a slip.
                    odds *= min(1.0, self._prior(i, value, figures) / self._prior(i, x or 0, figures))
                out.append((odds, slip))
        return out

    def _odds_of_total(self, i: int, value: int, figures: list[int | None]) -> list[tuple[float, Slip]]:
        """A total that a line was forgotten in, counted twice in, or that was not brought up to date."""
        record = self.record
        x = record.values[i] or 0
        out: list[tuple[float, Slip]] = []
        for _, members in record.parts[i]:
            lines = [line for j in members if (line := figures[j])]
            if len(lines) < 2:
                continue
            excess = x - value
            n = len(lines) * self.n_totals
            out.append((SHARE[Slip.LINE_OMITTED] * lines.count(-excess) / n, Slip.LINE_OMITTED))
            out.append((SHARE[Slip.LINE_TWICE] * lines.count(excess) / n, Slip.LINE_TWICE))
            out.append(
                (
                    SHARE[Slip.STALE_TOTAL] * self.stale_density(i, lines, excess) / self.n_totals,
                    Slip.STALE_TOTAL,
                )
            )
        return out

    def stale_density(self, i: int, lines: list[int], excess: int) -> float:
        """The probability that an earlier state of one line made the total differ by just ``excess``."""
        step = self.record.quantum[i]
        near = sum(step / (2 * abs(line)) for line in lines if abs(excess) <= abs(line))
        far = step / (20 * max(map(abs, lines))) if abs(excess) <= 10 * max(map(abs, lines)) else 0.0
        return near / len(lines) + far

    def chain(self, total: int, lines: list[int], excess: int, length: int, usual: float = 1.0) -> float:
        """The price of a stale chain of ``length`` cells, its first total too high by ``excess``.

        ``usual`` is how much likelier the earlier state is, as a figure of this form, than the present one.
        """
        filled = [line for line in lines if line]
        if not filled:
            return inf
        density = self.stale_density(total, filled, excess) * (1.0 if len(filled) > 1 else LONE_LINE)
        density *= usual
        if density <= 0:
            return inf
        return -log(SHARE[Slip.STALE_CHAIN] / self.n_totals * density) + 0.2 * length

    def crossed_chain(self, revised: Collection[int], before: Changes, length: int) -> float:
        """The price of «one of these lines read as ``before`` and was revised, all totals over it are stale».

        ``length`` is how many cells the longest of its chains has. Here the line is known, and each line of the record
        was as likely to be revised.
        """
        density = 0.0
        for i in revised:
            x, value = self.record.values[i] or 0, before[i] or 0
            density += self.stale_density(i, [x or value], value - x) * max(
                1.0, self.likelier(i, value, self.record.figures)
            )
        if density <= 0:
            return inf
        return -log(SHARE[Slip.STALE_CHAIN] / len(self.record.totals_of) * density) + 0.2 * length

    def swapped(self) -> float:
        """The price of two neighbours in each other's place."""
        return -log(SHARE[Slip.SWAPPED] / self.counts[2])

    def copied(self, others: int) -> float:
        """The further price when ``others`` copies repeat the same wrong figure."""
        return -log(SHARE[Slip.COPIED]) + 0.5 * (others - 1)

    def most_odds(self, i: int, first: int, last: int) -> float:
        """An upper bound of the odds of «cell ``i`` means a value from ``first`` to ``last``», quickly; inf: no telling.

        For values close to the typed one: there no point, no unit and no sign can be wrong.
        """
        record = self.record
        x = record.values[i]
        if x is None or i in record.readings or min(first, x) * 2 <= x or last * 2 >= 3 * x:
            return inf
        n_row, n_column, _ = self.counts
        odds = BY_A_DIGIT / self.n_cells + SHARE[Slip.OTHER_COLUMN] / n_row + SHARE[Slip.OTHER_ROW] / n_column
        odds += len(record.parts.get(i, ())) * BY_A_LINE / self.n_totals
        if i not in record.determined:
            figures = record.figures
            if any((y := figures[j]) is not None and first <= y <= last for j in self.layout.row_peers(i)):
                return inf
            usual = self.habits.most(i, min(first, x)) / self._prior(i, x, figures)
            odds *= max(1.0, min(WIDEST, usual))
        return odds + SHARE[Slip.ARBITRARY] / self.n_cells

    def least(self, i: int, value: int) -> float:
        """A lower bound of the price of a change, quickly; 0 where only a closer look tells."""
        record = self.record
        x, values = record.values[i], record.values
        if not x or i in record.parts or i in record.must or self.nearness.may_be_near(i, value, value):
            return 0.0
        peers = (*self.layout.row_peers(i), *self.layout.column_peers(i))
        if any(x == values[j] or x == record.figures[j] for j in peers):
            return 0.0
        figures = record.figures
        odds = TWO_DIGITS_AT_MOST * self.likelier(i, value, figures)
        odds += SHARE[Slip.ARBITRARY] * self._any(i, value, figures)
        return -log(odds / self.n_cells)


def _far(x: int, value: int) -> bool:
    """Whether two figures lie so far apart that a point or a unit may be wrong (also where the last digit was cut)."""
    return abs(value) >= 5 * abs(x) or abs(x) >= 5 * abs(value)
