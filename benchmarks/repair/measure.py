"""What a family of cases is measured by, and how the counts are put into words."""

from __future__ import annotations

import copy
import random
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from benchmarks.repair.inject import FAMILIES, Case
from gouji.model import Severity
from gouji.repair import Answer, Group, parse_problem, solve

RUNS = 3  # of which the quickest counts: the others were interrupted
Changes = dict[str, int | None]


@dataclass
class Tally:
    """Counts over the cases of one family; times are processor milliseconds of parsing and solving, least of three."""

    family: str
    counts: Counter[str] = field(default_factory=Counter)
    kinds: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    times: list[float] = field(default_factory=list)
    sizes: list[tuple[int, int]] = field(default_factory=list)
    confidence: list[tuple[float, bool]] = field(default_factory=list)

    def share(self, what: str, of: str = "cases") -> float | None:
        """A count as a share of another; None where the other is 0."""
        return self.counts[what] / self.counts[of] if self.counts[of] else None

    def time(self, quantile: float) -> float:
        """A quantile of the times."""
        ranked = sorted(self.times)
        return ranked[min(len(ranked) - 1, int(quantile * len(ranked)))]


def hundredths(changes: object) -> Changes:
    """Changes in whole hundredths; a finer figure becomes None, which is never right."""
    out: Changes = {}
    assert hasattr(changes, "items")  # noqa: S101  # a mapping
    for cell, value in changes.items():
        exact = None if value is None else value * 100
        out[str(cell)] = int(exact) if isinstance(exact, Decimal) and exact == int(exact) else None
    return out


def right(group: Group, k: int, truth: dict[str, int]) -> bool:
    """Whether alternative ``k`` of a group changes only wrong cells, and each to its right value."""
    return all(truth.get(cell) == v for cell, v in hundredths(group.alternatives[k].changes).items())


def case_of(family: str, seed: int, k: int) -> Case:
    """The ``k``-th case of a family, the same for the same seed."""
    return FAMILIES[family](random.Random(f"{family}/{seed}/{k}"))


def measure(family: str, seed: int, n: int, *, ceiling: int = 0, anchor: int = 0) -> Tally:
    """Run the engine over ``n`` cases; the first ``ceiling`` and ``anchor`` of them also by brute force and MILP."""
    tally = Tally(family)
    for k in range(n):
        case = case_of(family, seed, k)
        obj = case.sheet.problem(f"{family}-{k}")
        spent = []
        for _ in range(RUNS):
            started = time.process_time()
            problem = parse_problem(obj)
            answer = solve(problem)
            spent.append(time.process_time() - started)
        tally.times.append(min(spent) * 1000)
        tally.sizes.append((len(problem.cells), len(problem.relations)))
        _judge(tally, case, answer, k < ceiling, k < anchor)
    return tally


def _judge(tally: Tally, case: Case, answer: Answer, ceiling: bool, anchor: bool) -> None:
    truth = case.truth
    groups = answer.groups
    first: Changes = {}
    for group in groups:
        first |= hundredths(group.alternatives[0].changes)
    hits: set[str] = set()
    for group in groups:
        good = [k for k in range(min(3, len(group.alternatives))) if right(group, k, truth)]
        hits |= set(hundredths(group.alternatives[good[0]].changes)) if good else set()
    auto = [group for group in groups if group.auto]
    applied = {cell for group in auto for cell in hundredths(group.alternatives[0].changes)}
    harm = not all(right(group, 0, truth) for group in auto)
    marks = {
        "cases": True,
        "found": any(f.level is not Severity.INFO for f in answer.findings),
        "errors": any(f.level is Severity.ERROR for f in answer.findings),
        "placed": set(first) == set(truth),
        "top1": first == truth,
        "top3": hits == set(truth),
        "auto": bool(truth) and not harm and applied == set(truth),
        "harm": harm,
        "cut": not answer.complete,
    }
    if ceiling:
        depth = 1 if tally.family in ("single", "unknown") else 2
        from benchmarks.repair.ceiling import hit

        marks["ceiling cases"] = True
        for name, knowing in (("ceiling", False), ("knowing", True)):
            tally.counts[name] += hit(copy.deepcopy(case), depth, knowing=knowing)  # type: ignore[assignment]  # a share
        marks["beside ceiling"] = marks["top1"]
    if anchor:
        from benchmarks.repair.milp import repair

        marks["anchor cases"] = True
        marks["anchor"] = repair(case.sheet) == truth
        marks["beside anchor"] = marks["top1"]
    tally.counts.update([name for name, met in marks.items() if met])
    for kind in set(case.kinds):
        tally.kinds[kind].update([name for name, met in marks.items() if met])
    tally.confidence += [(group.alternatives[0].confidence, right(group, 0, truth)) for group in groups]


def deciles(pairs: list[tuple[float, bool]]) -> list[tuple[int, float, float]]:
    """For each tenth of confidence: cases, mean confidence, share that was right."""
    out = []
    for tenth in range(10):
        found = [(c, ok) for c, ok in pairs if tenth / 10 <= c < (tenth + 1) / 10 or (tenth == 9 and c >= 1)]
        n = len(found)
        out.append((n, sum(c for c, _ in found) / n, sum(ok for _, ok in found) / n) if n else (0, 0.0, 0.0))
    return out
