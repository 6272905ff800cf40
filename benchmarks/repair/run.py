"""How good the repair engine is: one command, one table.

usage: python -m benchmarks.repair.run [--cases N] [--clean N] [--seed S] [--families a,b] [--ceiling N] [--milp N]
                                       [--kinds] [--equal] [--plot FILE.svg]

Draws right submissions of twelve structures, puts slips in, and counts what the engine says. ``--ceiling`` also tries
every original of the first N cases by brute force (about 0.2 s a case), ``--milp`` gives the first N to the
card-minimal program (needs the ``bench`` dependency group). ``--equal`` draws every kind of slip as often as any
other. The same seed gives the same cases.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.repair.inject import FAMILIES
from benchmarks.repair.measure import Tally, deciles, measure
from benchmarks.repair.slip import WEIGHTS

WITH_CEILING = frozenset({"single", "double", "same-relation"})
CALIBRATED = ("single", "double", "same-relation", "chain", "unknown")
LARGE = range(110, 171)  # cells of a record as large as the time goals speak of
TITLES = (
    "family",
    "cases",
    "found",
    "placed",
    "top-1",
    "top-3",
    "auto",
    "harm",
    "ceiling",
    "knowing",
    "MILP",
    "median",
    "99 %",
    "max",
)


@contextmanager
def quiet() -> Iterator[None]:
    """Standard output closed on the level of the process: HiGHS prints past Python."""
    sys.stdout.flush()
    saved, nothing = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    try:
        yield
    finally:
        os.dup2(saved, 1)
        os.close(saved)
        os.close(nothing)


def percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f}"


def beside(tally: Tally, what: str) -> str:
    """A rival's top-1 and, over the same cases, the engine's."""
    of = f"{what} cases"
    rival, own = tally.share(what, of), tally.share(f"beside {what}", of)
    return "–" if rival is None else f"{percent(rival)} ({percent(own)})"


def row(tally: Tally) -> list[str]:
    names = ("found", "placed", "top1", "top3", "auto", "harm")
    shares = [percent(tally.share(name)) for name in names]
    times = [f"{tally.time(q):.1f}" for q in (0.5, 0.99, 1.0)]
    rivals = [
        beside(tally, "ceiling"),
        percent(tally.share("knowing", "ceiling cases")),
        beside(tally, "anchor"),
    ]
    return [tally.family, str(tally.counts["cases"]), *shares, *rivals, *times]


def table(rows: list[list[str]]) -> str:
    widths = [max(len(line[k]) for line in rows) for k in range(len(rows[0]))]
    lines = [
        "| " + " | ".join(cell.rjust(w) for cell, w in zip(line, widths, strict=True)) + " |" for line in rows
    ]
    lines.insert(1, "|" + "|".join("-" * (w + 1) + ":" for w in widths) + "|")
    return "\n".join(lines)


def large(tallies: list[Tally]) -> str:
    """Times over the records of about 140 cells, family by family."""
    return "\n".join(f"{tally.family}: {_large(tally)}" for tally in tallies)


def _large(tally: Tally) -> str:
    found = [
        (time, relations)
        for time, (cells, relations) in zip(tally.times, tally.sizes, strict=True)
        if cells in LARGE
    ]
    times = sorted(time for time, _ in found)
    if not times:
        return "no record of about 140 cells"
    mean = sum(relations for _, relations in found) / len(found)
    middle, late = times[len(times) // 2], times[min(len(times) - 1, int(0.99 * len(times)))]
    return (
        f"{len(times)} records of {LARGE.start} to {LARGE.stop - 1} cells and {mean:.0f} relations on average: "
        f"median {middle:.1f} ms, 99 % {late:.1f} ms, most {times[-1]:.1f} ms"
    )


def kinds(tally: Tally) -> str:
    rows = [["kind", "cases", "found", "top-1", "auto", "harm"]]
    for kind, counts in sorted(tally.kinds.items()):
        n = counts["cases"]
        rows.append(
            [kind, str(n), *(percent(counts[name] / n) for name in ("found", "top1", "auto", "harm"))]
        )
    return table(rows)


def calibration(pairs: list[tuple[float, bool]]) -> str:
    rows = [["confidence", "groups", "mean", "right"]]
    for tenth, (n, mean, hit) in enumerate(deciles(pairs)):
        if n:
            rows.append([f"{tenth / 10:.1f}–{(tenth + 1) / 10:.1f}", str(n), percent(mean), percent(hit)])
    return table(rows)


def plot(pairs: list[tuple[float, bool]], size: int = 320) -> str:
    """The calibration as a picture: a disc for each tenth, its area by the number of groups; the line is ideal."""
    edge, span = 40, size - 60
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}" font-family="sans-serif" font-size="11">',
        f'<rect width="{size}" height="{size}" fill="white"/>',
        f'<path d="M{edge} 20V{20 + span}H{edge + span}" fill="none" stroke="black"/>',
        f'<path d="M{edge} {20 + span}L{edge + span} 20" stroke="gray" stroke-dasharray="4 3"/>',
    ]
    for k in range(0, 11, 2):
        at = span * k / 10
        parts.append(f'<text x="{edge - 6}" y="{24 + span - at:.0f}" text-anchor="end">{k * 10}</text>')
        parts.append(f'<text x="{edge + at:.0f}" y="{36 + span}" text-anchor="middle">{k * 10}</text>')
    for n, mean, hit in deciles(pairs):
        if n:
            x, y, r = edge + span * mean, 20 + span * (1 - hit), 2 + n**0.5 / 6
            parts.append(
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{min(r, 12):.1f}" fill="#20609f" fill-opacity="0.8"/>'
            )
    parts.append(
        f'<text x="{edge + span / 2:.0f}" y="{size - 4}" text-anchor="middle">confidence stated, %</text>'
    )
    parts.append('<text x="4" y="14">right, %</text></svg>')
    return "\n".join(parts) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.repair.run")
    parser.add_argument("--cases", type=int, default=300)
    parser.add_argument("--clean", type=int, help="right submissions (default: as many as cases)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--families", default=",".join(FAMILIES))
    parser.add_argument("--ceiling", type=int, default=0)
    parser.add_argument("--milp", type=int, default=0)
    parser.add_argument("--kinds", action="store_true")
    parser.add_argument("--equal", action="store_true")
    parser.add_argument("--plot", type=Path)
    given = parser.parse_args()
    if given.equal:
        WEIGHTS.update(dict.fromkeys(WEIGHTS, 1.0))
    tallies: dict[str, Tally] = {}
    for family in given.families.split(","):
        n = given.clean if family == "clean" and given.clean is not None else given.cases
        ceiling = given.ceiling if family in WITH_CEILING else 0
        anchor = given.milp if family != "clean" else 0
        with quiet():
            tallies[family] = measure(family, given.seed, n, ceiling=ceiling, anchor=anchor)
        print(f"{family} done", file=sys.stderr)
    print(
        f"seed {given.seed}; shares in %, times in processor milliseconds; in brackets the engine on the same cases\n"
    )
    print(table([list(TITLES), *(row(tally) for tally in tallies.values())]))
    print(f"\n{large([tally for family, tally in tallies.items() if family != 'clean'])}")
    if "clean" in tallies:
        counts = tallies["clean"].counts
        print(
            f"\nright submissions: {counts['cases']}; with an error or a warning {counts['found']}, "
            f"with an automatic change {counts['harm']}"
        )
    pairs = [pair for family in CALIBRATED if family in tallies for pair in tallies[family].confidence]
    if pairs:
        print(f"\nconfidence of first explanations ({', '.join(f for f in CALIBRATED if f in tallies)})\n")
        print(calibration(pairs))
        if given.plot:
            given.plot.write_text(plot(pairs), encoding="utf-8")
    if given.kinds:
        for tally in tallies.values():
            if tally.kinds:
                print(f"\n{tally.family}\n\n{kinds(tally)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
