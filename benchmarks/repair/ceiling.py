"""The best that anybody could do: all originals tried, each weighed by how such a slip comes about.

For every cell that could be to blame, every figure from which one slip leads to the typed text (and every figure that
a relation asks for) is put back; what then satisfies all relations is an explanation, weighed by the probability of
its slips and by how the made-up figures are drawn. The heaviest is the best possible first answer.

Two such judges sit here. The *honest* one is told what an engine can be told: the texts and the relations. It takes
all kinds of slips and all wrong digits for equally likely and reckons with one slip or two. The *knowing* one has looked
into the injector: how often each kind comes, which digits are mistaken for which, how many slips were put in, how
many cells each could have hit.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from benchmarks.repair.inject import Case, adjacent
from benchmarks.repair.sheets import Sheet
from benchmarks.repair.slip import (
    SINGLE,
    WEIGHTS,
    any_digit,
    outcomes,
    peers,
    scaled,
    stale_odds,
    wrong_digit,
)

PLAIN = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)
GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", re.ASCII)
DRIFT_ODDS, CUT_ODDS = 0.03, 0.08
SOFT = 3  # hundredths that a sum may be off by rounding, as the problem says (the made-up forms drift by one at most)
EQUAL_COLUMNS = 0.1  # figures of a line that are equal in two columns
SECOND_SLIP = 0.02  # to an honest judge a second slip is as rare as this
DIGITS = "0123456789"
Found = dict[tuple[tuple[str, int], ...], float]


class Observed:
    """A submission as typed, to be explained; cells are put right and wrong again in place."""

    def __init__(self, case: Case, *, knowing: bool) -> None:
        self.sheet: Sheet = case.sheet
        kinds = SINGLE
        weights = {kind: WEIGHTS[kind] if knowing else 1.0 for kind in kinds}
        self.weight = {kind: weight / sum(weights.values()) for kind, weight in weights.items()}
        self.digit = wrong_digit if knowing else any_digit
        self.cells = self.sheet.cells
        self.value: list[int | None] = []
        for cell in self.cells:
            figure = hundredths(cell.text, cell.kind)
            self.value.append(figure)
            read = figure is not None and cell.text not in ("-", "——", "无")
            cell.value = figure or 0
            cell.core = cell.text.rstrip("%").replace(",", "") if read else ""
        self.relations = [(tie.kind, tie.terms, tie.rhs) for tie in self.sheet.ties]
        self.slack = [tie.slack for tie in self.sheet.ties]
        self.of: list[list[int]] = [[] for _ in self.cells]
        for k, (_, terms, _) in enumerate(self.relations):
            for i, _ in terms:
                self.of[i].append(k)
        right = case.right if knowing and case.right else case.sheet
        self.eligible = {
            kind: max(1, sum(_can(kind, right, i) for i in range(len(self.cells)))) for kind in kinds
        }
        self.free = [not self._follows(i) for i in range(len(self.cells))]

    def _follows(self, i: int) -> bool:
        return any(
            (kind == "linear" and len(terms) == 2)
            or (kind == "ratio" and terms[2][0] == i)
            or (kind == "linear" and terms[0][0] == i)
            for kind, terms, _ in (self.relations[k] for k in self.of[i])
        )

    # ---- how relations stand

    def state(self, k: int) -> int:
        """0 holds, 1 rounding, 2 violated or unread."""
        kind, terms, rhs = self.relations[k]
        figures = [self.value[i] for i, _ in terms]
        if None in figures:
            return 2
        if kind == "ratio":
            num, den, rate = (f or 0 for f in figures)
            if not den:
                return 0 if not rate else 2
            miss = abs(rate * den - 10000 * num)
            return 0 if 2 * miss <= abs(den) else 1 if 10 * miss <= 11 * abs(den) else 2
        excess = sum((f or 0) * c for f, (_, c) in zip(figures, terms, strict=True)) - rhs
        if kind == "le":
            return 0 if excess <= 0 else 2
        if abs(excess) <= self.slack[k]:
            return 0
        return 1 if abs(excess) <= SOFT and len(terms) > 2 and sum(f != 0 for f in figures) > 2 else 2

    def bad(self) -> list[int]:
        """The relations violated or unread."""
        return [k for k in range(len(self.relations)) if self.state(k) == 2]

    def softness(self, changed: set[int]) -> float:
        """The weight of the rounding differences around changed cells."""
        weight = 1.0
        for k in {k for i in changed for k in self.of[i]}:
            if self.state(k) == 1:
                weight *= CUT_ODDS if self.relations[k][0] == "ratio" else DRIFT_ODDS ** self.excess(k)
        return weight

    def excess(self, k: int) -> int:
        """By how many hundredths a sum misses."""
        _, terms, rhs = self.relations[k]
        return abs(sum((self.value[i] or 0) * c for i, c in terms) - rhs)

    # ---- originals

    def solved(self, k: int, i: int) -> list[int]:
        """Figures of cell ``i`` with which relation ``k`` holds or nearly holds (few)."""
        kind, terms, rhs = self.relations[k]
        others = {j: self.value[j] for j, _ in terms if j != i}
        if any(v is None for v in others.values()):
            return []
        if kind == "linear":
            own = next(c for j, c in terms if j == i)
            rest = rhs - sum((others[j] or 0) * c for j, c in terms if j != i)
            return [round(rest / own) + d for d in (-1, 0, 1)]
        if kind == "ratio" and i == terms[2][0] and others[terms[1][0]]:
            num, den = others[terms[0][0]] or 0, others[terms[1][0]] or 1
            return [10000 * num // den, (20000 * num // den + 1) // 2]
        return []

    def originals(self, i: int) -> set[int]:
        """Every figure that might have been meant in cell ``i``: by its text, or by a relation."""
        cell = self.cells[i]
        out = {f for text in spellings(cell.text) if (f := hundredths(text, "amount")) is not None}
        if cell.kind == "percent":
            out |= {100 * f for f in out} | {f // 100 for f in out if f % 100 == 0}
        for k in self.of[i]:
            out |= set(self.solved(k, i))
        step = 100 if cell.kind == "count" else 1
        return {f for f in out if f >= 0 and f % step == 0 and f != self.value[i]}

    def odds(self, i: int, figure: int) -> float:
        """The probability that ``figure`` was typed as cell ``i`` reads, by one slip."""
        cell, sheet = self.cells[i], self.sheet
        typed, typed_value, core = cell.text, self.value[i], cell.core
        before = cell.value
        cell.value, cell.core = figure, sheet.spell(figure, cell.kind)
        cell.text = sheet.dress(cell.core, cell.kind)
        total = 0.0
        for kind, weight in self.weight.items():
            if kind == "stale":
                p = stale_odds(sheet, i, typed_value) if typed_value is not None else 0.0
            else:
                p = outcomes(kind, sheet, i, self.digit).get(typed, 0.0)
            total += p / self.eligible[kind] * weight
        cell.value, cell.core, cell.text = before, core, typed
        if self.free[i] and total:
            total *= self.prior(i, figure) / (self.prior(i, typed_value) if typed_value is not None else 1)
        return total

    def prior(self, i: int, figure: int) -> float:
        """How a free figure is drawn: spread evenly in the logarithm, round at times, often like its neighbours."""
        cell = self.cells[i]
        beside = {c.value for c in peers(self.sheet, i) if c.core}
        if cell.kind == "score":
            step = 50 if cell.col == 1 else 10
            if figure % step:
                return 1e-4 if cell.col == 1 else 1e-3
            return 0.7 if cell.col == 2 and figure in beside else 0.3 * 0.125 * step / max(figure, step)
        if figure and figure in beside and cell.kind == "amount":
            return EQUAL_COLUMNS
        return spread_of(figure, cell.kind)

    # ---- explanations

    def explain(self, depth: int) -> Found:
        """All explanations by ``depth`` slips (fewer count as rare), with their weights."""
        found: Found = {}
        self._go(depth, {}, 1.0, found)
        return found

    def _go(self, depth: int, changes: dict[int, int], weight: float, found: Found) -> None:
        bad = self.bad()
        if not bad and not any(v is None for v in self.value):
            key = tuple(sorted((self.cells[i].id, v) for i, v in changes.items()))
            if key:
                found[key] = found.get(key, 0.0) + weight * self.softness(set(changes))
            return
        if not depth:
            return
        for i in self._suspects(bad, last=depth == 1):
            if i in changes:
                continue
            for figure in self._worth(i, bad, last=depth == 1):
                p = self.odds(i, figure)
                if p:
                    before = self.value[i]
                    self.value[i] = figure
                    self._go(depth - 1, {**changes, i: figure}, weight * p, found)
                    self.value[i] = before
            for j in (*adjacent(self.sheet, i), *self._before(i)):
                a, b = self.value[i], self.value[j]
                if j not in changes and a is not None and b is not None and a != b:
                    self.value[i], self.value[j] = b, a
                    p = self.weight["swapped"] / self.eligible["swapped"] / 2
                    self._go(depth - 1, {**changes, i: b, j: a}, weight * p, found)
                    self.value[i], self.value[j] = a, b

    def _before(self, i: int) -> list[int]:
        cell = self.cells[i]
        near = [
            j
            for j, c in enumerate(self.cells)
            if c.table == cell.table
            and c.row is not None
            and cell.row is not None
            and c.col is not None
            and cell.col is not None
            and (c.row, c.col) in ((cell.row - 1, cell.col), (cell.row, cell.col - 1))
        ]
        return [j for j in near if i in adjacent(self.sheet, j)]

    def _suspects(self, bad: list[int], *, last: bool) -> list[int]:
        """Cells one of which must change: a malformed one, or those of the shortest failing relation."""
        unread = [i for i, v in enumerate(self.value) if v is None]
        if unread:
            return unread[:1]
        shortest = min(bad, key=lambda k: len(self.relations[k][1]))
        cells = [i for i, _ in self.relations[shortest][1]]
        if last:
            together = [i for i in cells if all(k in self.of[i] for k in bad)]
            beside = [i for i in cells if i not in together and (adjacent(self.sheet, i) or self._before(i))]
            return together + beside
        return cells

    def _worth(self, i: int, bad: list[int], *, last: bool) -> Iterator[int]:
        """Originals; for the last slip only those that mend everything around the cell."""
        if last and any(k not in self.of[i] for k in bad):
            return
        before = self.value[i]
        for figure in sorted(self.originals(i)):
            if last:
                self.value[i] = figure
                fits = all(self.state(k) < 2 for k in self.of[i])
                self.value[i] = before
                if not fits:
                    continue
            yield figure


def hundredths(text: str, kind: str) -> int | None:
    """The figure of a properly typed text; None where it is malformed, below 0 or too fine."""
    if text in ("", "-", "——", "无"):
        return 0
    if kind == "percent":
        if not text.endswith("%"):
            return None
        text = text[:-1]
    if GROUPED.fullmatch(text):
        text = text.replace(",", "")
    if not PLAIN.fullmatch(text) or text.startswith("-"):
        return None
    whole, _, part = text.partition(".")
    if len(part.rstrip("0")) > 2 or (kind == "count" and part.strip("0")):
        return None
    return int(whole) * 100 + int(part.ljust(2, "0")[:2])


def spread_of(figure: int, kind: str) -> float:
    """How the made-up figures are spread: evenly in the logarithm, some of them round."""
    if figure == 0:
        return 0.1
    if kind != "amount":
        return 0.125 * (100 if kind == "count" else 1) / figure
    share = 0.75 + (1.3 if figure % 10 == 0 else 0) + (12 if figure % 100 == 0 else 0)
    return 0.125 * share / figure


def spellings(text: str) -> set[str]:
    """Plain spellings one slip away from a text, whatever the slip."""
    normal = (
        unicodedata.normalize("NFKC", text).rstrip("%").replace("。", ".").replace("、", ".").replace(" ", "")
    )
    normal = normal.replace("O", "0").replace("o", "0").replace("l", "1").replace("I", "1").lstrip("-")
    out = {normal, normal.replace(",", "."), normal.replace(",", "")}
    for at, c in enumerate(normal):
        if c in ".,":
            rest = re.sub("[.,]", "", normal[at + 1 :])
            out.add(re.sub("[.,]", "", normal[:at]) + "." + rest)
            out.add(re.sub("[.,]", "", normal[:at]) + rest)
    double = re.fullmatch(r"(\d+)\.(\d+)\.\2", normal)
    if double:
        out.add(f"{double[1]}.{double[2]}")
    core = normal.replace(",", "")
    if PLAIN.fullmatch(core):
        out |= {scaled(core, k) for k in (1, -1, 2, -2, 4, -4)}
        for k in range(len(core) + 1):
            out |= {core[:k] + d + core[k:] for d in DIGITS}
            out |= {core[:k] + d + core[k + 1 :] for d in DIGITS if k < len(core) and core[k] != "."}
            out.add(core[:k] + core[k + 1 :])
            for j in (k + 1, k + 2):
                if j < len(core):
                    out.add(core[:k] + core[j] + core[k + 1 : j] + core[k] + core[j + 1 :])
        if "." not in core:
            out |= {f"{core}.{d}" for d in DIGITS}
            out |= {f"{core}.{d}0" for d in DIGITS}
    return out


def _can(kind: str, sheet: Sheet, i: int) -> bool:
    if kind == "swapped":
        return bool(adjacent(sheet, i))
    if kind == "stale":
        return stale_odds(sheet, i, sheet.cells[i].value + 100) > 0
    return bool(outcomes(kind, sheet, i))


def hit(case: Case, depth: int, *, knowing: bool) -> float:
    """The chance that the best possible first answer is right: 1, 0, or a share where several weigh the same.

    ``depth`` is how many slips were put in; only the knowing judge is told.
    """
    observed = Observed(case, knowing=knowing)
    found: Found = {}
    if knowing:
        for slips in range(depth, 0, -1):
            found = found or observed.explain(slips)
    else:
        found = observed.explain(1)
        for key, weight in observed.explain(2).items():
            found[key] = found.get(key, 0.0) + weight * SECOND_SLIP
    if not found:
        return 0.0
    top = max(found.values())
    tied = [dict(key) for key, weight in found.items() if weight > 0.999 * top]
    return sum(key == case.truth for key in tied) / len(tied)
