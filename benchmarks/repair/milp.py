"""The classical anchor: the fewest cells whose change satisfies every relation, as a mixed-integer program (HiGHS).

Card-minimal repair as in Flesca, Furfaro and Parisi (2010) and the Fellegi-Holt principle: it knows nothing of slips.
Rates are bilinear; a rate either stays (then numerator and denominator are tied linearly) or is computed afresh.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix

from benchmarks.repair.ceiling import hundredths
from benchmarks.repair.sheets import Sheet

BIG = 1e6


def repair(sheet: Sheet, *, seconds: float = 5.0) -> dict[str, int | None]:
    """The changes of one card-minimal repair, in hundredths (None: the cell must change, its value is open)."""
    relations = [(tie.kind, tie.terms, tie.rhs) for tie in sheet.ties]
    read = [hundredths(c.text, c.kind) for c in sheet.cells]
    n = len(read)
    rows: list[dict[int, float]] = []
    low: list[float] = []
    high: list[float] = []

    def bound(terms: dict[int, float], least: float, most: float) -> None:
        rows.append(terms)
        low.append(least)
        high.append(most)

    free = [v is None for v in read]
    for i, figure in enumerate(read):
        if figure is not None:  # a figure moves only where its switch is on
            bound({i: 1.0, n + i: -BIG}, -np.inf, figure / 100)
            bound({i: 1.0, n + i: BIG}, figure / 100, np.inf)
    for kind, terms, rhs in relations:
        if kind == "ratio":
            num, den, rate = (i for i, _ in terms)
            typed = read[rate]
            if typed is None:
                continue
            share = typed / 10000
            slack = 0.00012 * max(1.0, (read[den] or 0) / 100)
            bound({num: 1.0, den: -share, n + rate: -BIG}, -np.inf, slack)
            bound({num: 1.0, den: -share, n + rate: BIG}, -slack, np.inf)
            continue
        figures = [read[i] for i, _ in terms]
        excess = sum((f or 0) * c for f, (_, c) in zip(figures, terms, strict=True)) - rhs
        slack = 0.0005 if None in figures or abs(excess) > 3 else max(0.0005, abs(excess) / 100)
        least = -np.inf if kind == "le" else rhs / 100 - slack
        bound({i: float(c) for i, c in terms}, least, rhs / 100 + slack)
    data = [(r, c, v) for r, row in enumerate(rows) for c, v in row.items()]
    matrix = csr_matrix(
        ([v for _, _, v in data], ([r for r, _, _ in data], [c for _, c, _ in data])),
        shape=(len(rows), 2 * n),
    )
    result = milp(
        np.concatenate([np.zeros(n), np.ones(n)]),
        integrality=np.concatenate([np.zeros(n), np.ones(n)]),
        bounds=Bounds(np.zeros(2 * n), np.concatenate([np.full(n, BIG), np.ones(n)])),
        constraints=LinearConstraint(matrix, np.array(low), np.array(high)),
        options={"time_limit": seconds, "mip_rel_gap": 0.0},
    )
    if result.x is None:
        return {}
    out: dict[str, int | None] = {}
    values = [round(float(v) * 100) for v in result.x[:n]]
    for i, cell in enumerate(sheet.cells):
        if (free[i] or result.x[n + i] > 0.5) and values[i] != read[i]:
            out[cell.id] = values[i]
    for kind, terms, _ in relations:  # rates that were let go are computed afresh
        if kind == "ratio":
            num, den, rate = (i for i, _ in terms)
            if (free[rate] or result.x[n + rate] > 0.5) and values[den]:
                fresh = (20000 * values[num] // values[den] + 1) // 2
                if fresh != read[rate]:
                    out[sheet.cells[rate].id] = fresh
    return out
