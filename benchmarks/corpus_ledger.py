"""How gouji fares on workbooks it was not made for, as a ledger by outcome.

usage: corpus_ledger.py DIR [--what read|check] [--seconds S] [--megabytes M] [-j N] [--output FILE.md]

Every workbook under DIR is given to a process of its own with a time limit and a cap on its address space:
the reader (``--what read``) or the whole check (``--what check``). The same files are given to openpyxl and to
calamine under the same limits, to know which of them are workbooks that another reader opens. An outcome is
``read``/``checked``, the code of a refusal, or what must never be: ``crash``, ``hang``, ``memory``. Exit status 1
where such a thing happened or fewer than 97 % of what others open was read. Takes half a second of processor
time a file, most of it openpyxl's.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import json
import os
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

try:
    import resource
except ImportError:  # Windows has no such limits
    resource = None  # type: ignore[assignment]  # asked for before every use

ENDINGS = frozenset({".xlsx", ".xlsm", ".xltx", ".xltm", ".xls", ".et"})
NEVER = ("crash", "hang", "memory")
GOAL = 97


@dataclass(slots=True)
class Row:
    """What became of one file."""

    name: str
    outcome: str
    seconds: float
    megabytes: float
    others: list[str] = field(default_factory=list)


# ---------------------------------------------------------------- inside the worker


def work(what: str, path: str) -> str:
    """Do one thing with one file; gives the outcome's word."""
    return {"read": _read, "check": _check, "openpyxl": _openpyxl, "calamine": _calamine}[what](path)


def _read(path: str) -> str:
    from gouji.source import read
    from gouji.source.document import SourceRefusedError

    try:
        read(path)
    except SourceRefusedError as error:
        return error.reason.code.value
    return "read"


def _check(path: str) -> str:
    import gouji
    from gouji.result import Status

    result = gouji.check(path).documents[0]
    if result.status is Status.NOT_CHECKED and result.reason is not None:
        return result.reason.code.value
    return "checked"


def _openpyxl(path: str) -> str:
    import warnings

    import openpyxl

    warnings.simplefilter("ignore")
    return "read" if openpyxl.load_workbook(path).worksheets else "no sheets"


def _calamine(path: str) -> str:
    import python_calamine

    book = python_calamine.CalamineWorkbook.from_path(path)
    for name in book.sheet_names:
        book.get_sheet_by_name(name).to_python()
    return "read" if book.sheet_names else "no sheets"


def worker(what: str, path: str) -> int:
    """Print one JSON object about one file."""
    start = time.perf_counter()
    try:
        outcome = work(what, path)
    except MemoryError:
        outcome = "memory"
    except Exception as error:  # noqa: BLE001 - an exception that got out is what the ledger is about
        outcome = f"crash {type(error).__name__}"
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 if resource else 0.0
    print(json.dumps({"outcome": outcome, "seconds": time.perf_counter() - start, "megabytes": peak}))
    return 0


# ---------------------------------------------------------------- outside


def run(what: str, path: Path, seconds: float, megabytes: int) -> tuple[str, float, float]:
    """The outcome, the time and the peak memory of one worker on one file."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (megabytes * 1024 * 1024,) * 2)

    command = [sys.executable, __file__, "--worker", what, str(path)]
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=seconds, check=False, preexec_fn=limit if resource else None
        )
    except subprocess.TimeoutExpired:
        return "hang", seconds, 0.0
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        return f"crash {done.returncode}", 0.0, 0.0
    return str(answer["outcome"]), float(answer["seconds"]), float(answer["megabytes"])


def examine(path: Path, root: Path, what: str, seconds: float, megabytes: int) -> Row:
    """Everything about one file."""
    outcome, took, peak = run(what, path, seconds, megabytes)
    others = [
        other for other in ("openpyxl", "calamine") if run(other, path, seconds, megabytes)[0] == "read"
    ]
    return Row(path.relative_to(root).as_posix(), outcome, took, peak, others)


def share(part: int, whole: int) -> str:
    """A share in percent with one decimal."""
    return f"{100 * part / whole:.1f} %" if whole else "–"


def ledger(rows: list[Row], what: str, limits: str) -> str:
    """The ledger as Markdown."""
    good = "read" if what == "read" else "checked"
    # A workbook in which there is nothing to check was read all the same.
    fine = {good, "nothing-known", "not-calculated"}
    opened = [row for row in rows if row.others]
    ours = sum(row.outcome in fine for row in opened)
    lines = [
        f"# Foreign workbooks: ledger of `{what}`",
        "",
        (
            f"{len(rows)} workbooks of other people's test collections, many of them broken, hostile, encrypted "
            "or huge on purpose; each in a process of its own."
        ),
        "",
        f"- Limits: {limits}",
        f"- Date: {datetime.now(UTC).date().isoformat()}; Python {sys.version.split()[0]}",
        f"- Command: `python benchmarks/corpus_ledger.py DIR --what {what}`",
        "",
        "| outcome | files | of these, openpyxl or calamine opens |",
        "| --- | ---: | ---: |",
    ]
    counts = Counter(row.outcome for row in rows)
    for outcome, count in counts.most_common():
        lines.append(f"| {outcome} | {count} | {sum(row.outcome == outcome for row in opened)} |")
    worst = max(rows, key=lambda row: row.seconds)
    largest = max(rows, key=lambda row: row.megabytes)
    lines += [
        f"| all | {len(rows)} | {len(opened)} |",
        "",
        (
            f"- Of the {len(opened)} that another reader opens, {ours} are {good}: {share(ours, len(opened))} "
            f"(goal {GOAL} %)."
        ),
        f"- {sum(row.outcome in fine and not row.others for row in rows)} are {good} that neither of the others opens.",
        f"- Longest {worst.seconds:.1f} s, most memory {largest.megabytes:.0f} MB.",
        f"- Crashes, hangs, out of memory: {sum(row.outcome.startswith(NEVER) for row in rows)}.",
        "",
        f"Not {good} although another reader opens it:",
        "",
        "| file | outcome | opened by |",
        "| --- | --- | --- |",
    ]
    lines += [
        f"| {row.name} | {row.outcome} | {', '.join(row.others)} |"
        for row in opened
        if row.outcome not in fine
    ]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Run the ledger, or one worker of it."""
    if sys.argv[1:2] == ["--worker"]:
        return worker(sys.argv[2], sys.argv[3])
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("dir", type=Path)
    parser.add_argument("--what", choices=("read", "check"), default="read")
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--megabytes", type=int, default=1024)
    parser.add_argument("-j", "--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    files = sorted(path for path in options.dir.rglob("*") if path.suffix.lower() in ENDINGS)
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        rows = list(
            pool.map(
                lambda path: examine(path, options.dir, options.what, options.seconds, options.megabytes),
                files,
            )
        )
    text = ledger(rows, options.what, f"{options.seconds:g} s, {options.megabytes} MB of address space")
    print(text)
    if options.output:
        options.output.write_text(text, encoding="utf-8")
    fine = {"read", "checked", "nothing-known", "not-calculated"}
    opened = [row for row in rows if row.others]
    ours = sum(row.outcome in fine for row in opened)
    never = any(row.outcome.startswith(NEVER) for row in rows)
    return int(never or 100 * ours < GOAL * len(opened))


if __name__ == "__main__":
    raise SystemExit(main())
