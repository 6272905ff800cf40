"""How fast a check is: cold against a bare interpreter, warm against inflating and parsing the same file.

    uv run python benchmarks/speed.py [WORKBOOK...]

Cold is a whole process (`gouji check FILE --format json`), warm the same check repeated in one process. The
floors: `python -c pass`, and reading every XML part of the package through zlib and expat. A check and its floor
are measured in turns, because the machine is never equally busy; both the medians and the least of the times are
shown. Cold runs find the bytecode and the expressions that an earlier run compiled, as an installed program does.
At the end it says which heavy libraries a check loaded: there must be none.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from xml.parsers import expat

from gouji.checking import check_file

EXAMPLES = sorted((Path(__file__).parents[1] / "examples").glob("*.xlsx"))
HEAVY = frozenset({"pandas", "openpyxl", "rich", "docx", "lxml", "cellrune"})
COLD_RUNS = 25
WARM_RUNS = 40


def in_turns(
    ours: Callable[[], object], floor: Callable[[], object], runs: int
) -> tuple[list[float], list[float]]:
    """The times of both, in seconds, each run of one next to a run of the other; a first run of each is not counted."""
    times: tuple[list[float], list[float]] = ([], [])
    for run in range(runs + 1):
        for work, spent in zip((ours, floor), times, strict=True):
            start = time.perf_counter()
            work()
            if run:
                spent.append(time.perf_counter() - start)
    return times


def process(*arguments: str) -> Callable[[], subprocess.CompletedProcess[bytes]]:
    """A Python process with compiled bytecode kept apart from this checkout."""
    cache = str(Path(tempfile.gettempdir()) / "gouji-speed-bytecode")
    env = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    env["PYTHONPYCACHEPREFIX"] = cache

    def run() -> subprocess.CompletedProcess[bytes]:
        return subprocess.run([sys.executable, *arguments], env=env, capture_output=True, check=False)

    return run


def inflate_and_parse(path: Path) -> None:
    """Every XML part of the package, inflated and walked by expat."""
    with zipfile.ZipFile(path) as package:
        for name in package.namelist():
            if name.endswith((".xml", ".rels")):
                expat.ParserCreate().Parse(package.read(name), True)


def loaded(path: Path) -> list[str]:
    """Which libraries that a check has no use for are loaded by one all the same."""
    told = process(
        "-X", "importtime", "-m", "gouji", "check", str(path), "--format", "json"
    )().stderr.decode()
    return sorted(HEAVY & {line.rpartition("|")[2].strip() for line in told.splitlines()})


def main() -> None:
    """Prints the table."""
    paths = [Path(given) for given in sys.argv[1:]] or EXAMPLES
    print(f"Python {sys.version.split()[0]}; milliseconds: median (least)")
    for path in paths:
        cold = process("-m", "gouji", "check", str(path), "--format", "json")
        rows = (
            ("cold", "bare interpreter", in_turns(cold, process("-c", "pass"), COLD_RUNS)),
            (
                "warm",
                "inflate and expat",
                in_turns(lambda: check_file(str(path)), lambda: inflate_and_parse(path), WARM_RUNS),  # noqa: B023  # called before the loop goes on
            ),
        )
        for name, base, (ours, floor) in rows:
            middle, least = median(ours) / median(floor), min(ours) / min(floor)
            print(
                f"{path.name:20} {name}  {median(ours) * 1e3:7.2f} ({min(ours) * 1e3:7.2f})   {base} "
                f"{median(floor) * 1e3:6.2f} ({min(floor) * 1e3:6.2f})   {middle:5.1f} x ({least:.1f} x)"
            )
        print(f"{path.name:20} heavy libraries loaded: {', '.join(loaded(path)) or 'none'}")


if __name__ == "__main__":
    main()
