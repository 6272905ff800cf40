"""How fast recalculating and writing one form is: against a floor, openpyxl and LibreOffice.

    python -m benchmarks.writing_speed [WORKBOOK...] [--as-is] [--office] [--profile] [--runs N]

One run is: open the file from its bytes, compute every formula, store formula and value, make the bytes of the
whole new file. All in one process, nothing kept between runs. The floor is what no such program can save: inflate,
expat-parse and deflate (at the level the writer uses) of the sheets that change. openpyxl's load and save computes
nothing at all; LibreOffice (``--office``) is already running, loads, calculates and stores. Ours and theirs are
measured in turns, because the machine is never equally busy; CPU time of this process (wall time for LibreOffice: what
each of many workbooks given to one process takes more than a single one), median and least.

Without workbooks the forms are the examples of this repository with formulas in their calculated cells
(``gouji fill --replace``), and the templates, their 校验 sheets with them; no value is computed yet, and the values of
workbooks that are given are taken away (``--as-is`` leaves them). *engine* is the same run with the built-in engine instead
of ``calc/simple``. *first run* is the first in a process, modules loaded: there every formula is read and compiled; later
runs find what the texts of formulas mean (bounded caches by text), and nothing else of an earlier run.
"""

from __future__ import annotations

import argparse
import cProfile
import gc
import io
import pstats
import subprocess
import sys
import time
import zipfile
import zlib
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from statistics import median
from xml.parsers import expat

import openpyxl

from gouji.calc.cellrune_engine import CellruneEngine
from gouji.calc.office_engine import OfficeEngine
from gouji.calc.recalc import recalc
from gouji.filling import Typed, fill_file
from gouji.source.document import cell_name
from gouji.write.changelog import LOG_SHEET
from gouji.write.container import LEVEL
from gouji.write.package import Package

RUNS = 150
NOW = datetime(2025, 3, 31, 12)  # noqa: DTZ001 # a workbook's clock has no zone
TEMPLATES = sorted((Path(__file__).parents[1] / "xlsx_templates").glob("*/*.xlsx"))
EXAMPLES = sorted((Path(__file__).parents[1] / "examples").glob("*.xlsx"))
OFFICE_COPIES = 40
FIRST_RUNS = 5
FIRST_RUN = """
import sys, time
from benchmarks.writing_speed import ours
data = sys.stdin.buffer.read()
start = time.process_time_ns()
ours(data)
print((time.process_time_ns() - start) / 1e6)
"""


def filled(path: Path) -> bytes:
    """A form with formulas in its calculated cells, and no values beside them yet."""
    package = fill_file(str(path), typed=Typed.REPLACE).package
    package.remove_sheet(LOG_SHEET)
    return uncomputed(package)


def uncomputed(package: Package) -> bytes:
    """The workbook with its formulas, and without what they gave."""
    values: dict[str, dict[str, None]] = {}
    for cell in package.formula_cells():
        sheet, row, col = cell.key
        values.setdefault(sheet, {})[cell_name(row - 1, col - 1)] = None
    for sheet, emptied in values.items():
        package.set_cached(sheet, emptied)
    return package.to_bytes()


def ours(data: bytes) -> bytes:
    """Recalculated and written."""
    package = Package.open(data)
    recalc(package, now=NOW, second_opinion=False)
    return package.to_bytes()


def with_engine(data: bytes) -> bytes:
    """As ours, with the engine whatever the formulas are."""
    package = Package.open(data)
    recalc(package, now=NOW, engine=CellruneEngine(), second_opinion=False)
    return package.to_bytes()


def first_run(data: bytes) -> float:
    """The CPU time of the first run in a process, in milliseconds; the least of a few processes."""
    folder = Path(__file__).parents[1]
    command = [sys.executable, "-c", FIRST_RUN]
    runs = (
        subprocess.run(command, input=data, capture_output=True, check=True, cwd=folder)
        for _ in range(FIRST_RUNS)
    )
    return min(float(run.stdout) for run in runs)


def warm_office(data: bytes) -> float:
    """What LibreOffice, once started, takes to load, calculate and store the workbook, in milliseconds."""
    engine = OfficeEngine()
    engine.compute([data])  # the profile is made
    times = []
    for copies in (1, 1 + OFFICE_COPIES):
        start = time.perf_counter()
        engine.compute([data] * copies)
        times.append(time.perf_counter() - start)
    return (times[1] - times[0]) * 1e3 / OFFICE_COPIES


def floor(data: bytes, sheets: list[str]) -> None:
    """The sheets that change, inflated, parsed and deflated."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for name in sheets:
            content = package.read(name)
            expat.ParserCreate().Parse(content, True)
            deflater = zlib.compressobj(LEVEL, zlib.DEFLATED, -15)
            deflater.compress(content)
            deflater.flush()


def through_openpyxl(data: bytes) -> None:
    """Loaded and saved, nothing computed."""
    openpyxl.load_workbook(io.BytesIO(data)).save(io.BytesIO())


def changed_sheets(data: bytes) -> list[str]:
    """The sheets that differ afterwards."""
    with zipfile.ZipFile(io.BytesIO(data)) as one, zipfile.ZipFile(io.BytesIO(ours(data))) as two:
        return [name for name in one.namelist() if one.read(name) != two.read(name)]


def in_turns(works: list[Callable[[], object]], runs: int) -> list[list[float]]:
    """The CPU times of each, in milliseconds, one run of each after another; the first is not counted."""
    times: list[list[float]] = [[] for _ in works]
    for run in range(runs + 1):
        for work, spent in zip(works, times, strict=True):
            gc.collect()  # nobody pays for what another left behind
            start = time.process_time_ns()
            work()
            if run:
                spent.append((time.process_time_ns() - start) / 1e6)
    return times


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("workbooks", nargs="*", type=Path)
    parser.add_argument("--as-is", action="store_true", help="values that are there stay")
    parser.add_argument("--office", action="store_true")
    parser.add_argument("--profile", action="store_true")
    parser.add_argument("--runs", type=int, default=RUNS)
    given = parser.parse_args()
    books = {
        path.name: path.read_bytes() if given.as_is else uncomputed(Package.open(path))
        for path in given.workbooks
    } or {
        **{path.name: filled(path) for path in EXAMPLES},
        **{f"template {path.stem}": uncomputed(Package.open(path)) for path in TEMPLATES},
    }
    for name, data in books.items():
        sheets = changed_sheets(data)
        if given.profile:
            profiler = cProfile.Profile()
            profiler.enable()
            for _ in range(given.runs):
                ours(data)
            profiler.disable()
            pstats.Stats(profiler).sort_stats("tottime").print_stats(35)
        mine, engine, least, slow = in_turns(
            [
                partial(ours, data),
                partial(with_engine, data),
                partial(floor, data, sheets),
                partial(through_openpyxl, data),
            ],
            given.runs,
        )
        formulas = len(Package.open(data).formula_cells())
        print(
            f"{name}: {len(data)} bytes, {formulas} formulas, {len(sheets)} sheets change; milliseconds: median (least)"
        )
        for label, times in (
            ("gouji", mine),
            ("engine", engine),
            ("floor", least),
            ("openpyxl load + save", slow),
        ):
            print(f"  {label:22} {median(times):7.2f} ({min(times):6.2f})")
        print(f"  gouji, first run       {first_run(data):7.2f}")
        print(f"  gouji / floor    {median(mine) / median(least):5.1f} ({min(mine) / min(least):.1f})")
        print(f"  openpyxl / gouji {median(slow) / median(mine):5.1f} ({min(slow) / min(mine):.1f})")
        if given.office:
            office = warm_office(data)
            print(f"  LibreOffice {office:.1f} ms, / gouji {office / median(mine):.1f}")


if __name__ == "__main__":
    main()
