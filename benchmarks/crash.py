"""Kill -9 at random moments during writes: the target is always the old file or the new one, whole.

    python benchmarks/crash.py [--writes 200] [--seed N]

A child annotates and saves a workbook over its target again and again; after a random time it is killed. The target
must then be byte for byte one of the two files it may be, open, and have every part intact. Exit status 1 otherwise.
Also counts what is left beside the target, which the next write an hour later sweeps away.
"""

from __future__ import annotations

import argparse
import io
import random
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

from gouji.model import Finding, Place, Severity
from gouji.write.annotate import annotate
from gouji.write.package import Package

_CHILD = """
import sys
from pathlib import Path
from gouji.write.saving import replace_whole
target, one, two = map(Path, sys.argv[1:4])
contents = one.read_bytes(), two.read_bytes()
print("ready", flush=True)
number = 0
while True:
    number += 1
    replace_whole(target, contents[number % 2])
"""


def _workbook() -> bytes:
    """A workbook of half a megabyte, so that a write takes a while."""
    import openpyxl

    book = openpyxl.Workbook()
    chance = random.Random(1)
    for row in range(4000):
        book.active.append([chance.random() for _ in range(8)] + [f"项目{row}"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--writes", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    one = _workbook()
    package = Package.open(one)
    place = Place("x", package.worksheets[0].name, "B2")
    annotate(package, [Finding("GJ201", "sum-mismatch", Severity.ERROR, "合计不符", place)])
    two = package.to_bytes()
    broken = 0
    seen = {one: 0, two: 0}
    with tempfile.TemporaryDirectory() as folder:
        target, first, second = (Path(folder) / name for name in ("目标.xlsx", "甲", "乙"))
        first.write_bytes(one)
        second.write_bytes(two)
        target.write_bytes(one)
        for _ in range(options.writes):
            command = [sys.executable, "-c", _CHILD, str(target), str(first), str(second)]
            with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
                if child.stdout is not None:
                    child.stdout.readline()  # it is ready
                time.sleep(chance.expovariate(1 / 0.02))
                child.send_signal(signal.SIGKILL)
            found = target.read_bytes()
            if found in seen:
                seen[found] += 1
                with zipfile.ZipFile(io.BytesIO(found)) as archive:
                    broken += archive.testzip() is not None
            else:
                broken += 1
        litter = len(list(Path(folder).glob(".*.gouji-tmp")))
    print(
        f"{options.writes} kills: old file {seen[one]}, new file {seen[two]}, neither whole {broken}; left beside {litter}"
    )
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
