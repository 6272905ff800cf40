"""How fast recalculating and writing one form is: against a floor, openpyxl and LibreOffice.

    python benchmarks/writing_speed.py [WORKBOOK...] [--office] [--profile]

One run is: open the file from its bytes, compute every formula, store formula and value, make the bytes of the
whole new file. All in one process, nothing kept between runs. The floor is what no such program can save: inflate,
expat-parse and deflate (at the level the writer uses) of the sheets that change. openpyxl's load and save computes
nothing at all; LibreOffice (``--office``) is already running, loads, calculates and stores. Ours and theirs are
measured in turns, because the machine is never equally busy; CPU time of this process (wall time for LibreOffice),
median and least.

Without a workbook the form is an example of this repository with formulas put in its calculated cells.
"""

from __future__ import annotations

import argparse
import cProfile
import io
import pstats
import time
import zipfile
import zlib
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from statistics import median
from xml.parsers import expat

import openpyxl

from gouji.calc.recalc import recalc
from gouji.write.package import Package

RUNS = 150
NOW = datetime(2025, 3, 31, 12)  # noqa: DTZ001 # a workbook's clock has no zone
EXAMPLE = Path(__file__).parents[1] / "examples/lusong-2024.xlsx"
FORMULAS = {
    "基础数据表": {
        "F4": "D4/B4",
        "B6": "SUM(B7,B10:B11)",
        "D6": "SUM(D7,D10:D11)",
        "F6": "SUM(F7,F10:F11)",
        "B7": "SUM(B8:B9)",
        "D7": "SUM(D8:D9)",
        "F7": "SUM(F8:F9)",
        "B12": "SUM(B13:B14,B16:B18)",
        "D12": "SUM(D13:D14,D16:D18)",
        "F12": "SUM(F13:F14,F16:F18)",
    },
    "自评表": {
        "H5": "IF(E5=0,0,F5/E5)",
        "I5": "ROUND(MIN(H5,1)*G5,2)",
        "G30": "SUM(G14:G29)+G5",
        "H30": "SUM(H14:H29)+I5",
        "D5": "基础数据表!D12+69.97",
    },
}


def example() -> bytes:
    """The example with formulas that have no value yet."""
    package = Package.open(str(EXAMPLE))
    package.set_values("基础数据表", {"D16": Decimal("201.5")})
    for sheet, formulas in FORMULAS.items():
        package.set_formulas(sheet, formulas)
    return package.to_bytes()


def ours(data: bytes) -> bytes:
    """Recalculated and written."""
    package = Package.open(data)
    recalc(package, now=NOW, second_opinion=False)
    return package.to_bytes()


def floor(data: bytes, sheets: list[str]) -> None:
    """The sheets that change, inflated, parsed and deflated."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for name in sheets:
            content = package.read(name)
            expat.ParserCreate().Parse(content, True)
            deflater = zlib.compressobj(6, zlib.DEFLATED, -15)
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
            start = time.process_time_ns()
            work()
            if run:
                spent.append((time.process_time_ns() - start) / 1e6)
    return times


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("workbooks", nargs="*", type=Path)
    parser.add_argument("--office", action="store_true")
    parser.add_argument("--profile", action="store_true")
    given = parser.parse_args()
    books = {path.name: path.read_bytes() for path in given.workbooks} or {"example": example()}
    for name, data in books.items():
        sheets = changed_sheets(data)
        if given.profile:
            profiler = cProfile.Profile()
            profiler.enable()
            for _ in range(RUNS):
                ours(data)
            profiler.disable()
            pstats.Stats(profiler).sort_stats("tottime").print_stats(35)
        mine, least, slow = in_turns(
            [lambda: ours(data), lambda: floor(data, sheets), lambda: through_openpyxl(data)],  # noqa: B023
            RUNS,
        )
        print(f"{name}: {len(data)} bytes, changed {', '.join(sheets)}; milliseconds: median (least)")
        for label, times in (("gouji", mine), ("floor", least), ("openpyxl load + save", slow)):
            print(f"  {label:22} {median(times):7.2f} ({min(times):6.2f})")
        print(f"  gouji / floor    {median(mine) / median(least):5.1f} ({min(mine) / min(least):.1f})")
        print(f"  openpyxl / gouji {median(slow) / median(mine):5.1f} ({min(slow) / min(mine):.1f})")


if __name__ == "__main__":
    main()
