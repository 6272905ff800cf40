"""How fast a check is: cold against a bare interpreter, warm against inflating and parsing the same file.

    uv run python benchmarks/speed.py [WORKBOOK]

Cold is a whole process (`gouji check FILE --format json`), warm the same check repeated in one process. The
floors: `python -c pass`, and reading every XML part of the package through zlib and expat. The least of many
runs is shown, because everything else on the machine only ever adds. Cold runs are measured with compiled
bytecode, as an installed program has it.
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
from xml.parsers import expat

from gouji.checking import check_file

EXAMPLE = Path(__file__).parents[1] / "examples" / "lusong-2024.xlsx"
COLD_RUNS = 25
WARM_RUNS = 40


def least(work: Callable[[], object], runs: int) -> float:
    """The shortest of ``runs`` times, in seconds."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def process(*arguments: str) -> Callable[[], object]:
    """A Python process with compiled bytecode kept apart from this checkout."""
    cache = str(Path(tempfile.gettempdir()) / "gouji-speed-bytecode")
    env = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    env["PYTHONPYCACHEPREFIX"] = cache

    def run() -> object:
        return subprocess.run([sys.executable, *arguments], env=env, capture_output=True, check=False)

    return run


def inflate_and_parse(path: Path) -> None:
    """Every XML part of the package, inflated and walked by expat."""
    with zipfile.ZipFile(path) as package:
        for name in package.namelist():
            if name.endswith((".xml", ".rels")):
                expat.ParserCreate().Parse(package.read(name), True)


def main() -> None:
    """Prints the table."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else EXAMPLE
    bare, cold = process("-c", "pass"), process("-m", "gouji", "check", str(path), "--format", "json")
    bare()
    cold()
    floor_cold, ours_cold = least(bare, COLD_RUNS), least(cold, COLD_RUNS)
    check_file(str(path))
    floor_warm = least(lambda: inflate_and_parse(path), WARM_RUNS)
    ours_warm = least(lambda: check_file(str(path)), WARM_RUNS)
    print(f"{path.name}, Python {sys.version.split()[0]}")
    for name, ours, floor, base in (
        ("cold", ours_cold, floor_cold, "bare interpreter"),
        ("warm", ours_warm, floor_warm, "inflate and expat"),
    ):
        print(f"{name} {ours * 1e3:8.2f} ms   {base:17} {floor * 1e3:6.2f} ms   {ours / floor:5.1f} x")


if __name__ == "__main__":
    main()
