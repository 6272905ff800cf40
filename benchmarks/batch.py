"""`gouji batch` over a made set of workbooks: speed, memory, what was found, and whether being killed matters.

    uv run python -m benchmarks.batch_forms /tmp/forms -n 1000
    uv run python -m benchmarks.batch /tmp/forms [--sample 200] [--turns 5] [--kills] [--office] [--no-speed]

Contenders read the same sample of files, each in turns with the floor (inflate and expat-parse every XML part), by CPU
time of one process: the least of the turns, because the machine is never equally busy. Whole runs are timed by the wall and
by the CPU time of all their processes; the memory of workers is watched while they run. ``--no-speed`` leaves that out and
asks only what was found, and whether the runs agree. ``formulas``, where it is installed, computes what openpyxl read;
``--office`` adds LibreOffice, converting and over UNO.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Self

from benchmarks.speed import inflate_and_parse

Work = Callable[[Sequence[Path]], None]


def _check(paths: Sequence[Path]) -> None:
    from gouji.checking import check_file

    for path in paths:
        check_file(str(path))


def _write(paths: Sequence[Path]) -> None:
    """Check, recalculate, annotate and make the bytes of the copy, as `gouji batch --recalc --annotate` does."""
    from gouji.calc.recalc import recalc
    from gouji.checking import check_file
    from gouji.write.annotate import annotate
    from gouji.write.convert import open_workbook

    for path in paths:
        result = check_file(str(path))
        package, _ = open_workbook(str(path))
        recalc(package, second_opinion=False)
        annotate(package, result.findings)
        package.to_bytes()


def _openpyxl(paths: Sequence[Path]) -> None:
    import openpyxl

    for path in paths:
        for sheet in openpyxl.load_workbook(path).worksheets:
            for row in sheet.iter_rows():
                for cell in row:
                    _ = cell.value


def _formulas(paths: Sequence[Path]) -> None:
    import formulas

    for path in paths:
        formulas.ExcelModel().loads(str(path)).finish().calculate()


def _pandas(paths: Sequence[Path]) -> None:
    import pandas as pd

    for path in paths:
        pd.read_excel(path, sheet_name=None, header=None, engine="openpyxl")


def _floor(paths: Sequence[Path]) -> None:
    for path in paths:
        inflate_and_parse(path)


def in_turns(works: dict[str, Work], paths: Sequence[Path], turns: int) -> dict[str, float]:
    """The least CPU time of each, in seconds a file."""
    least = dict.fromkeys(works, float("inf"))
    for work in works.values():
        work(paths[:3])
    for _ in range(turns):
        for name, work in works.items():
            start = time.process_time()
            work(paths)
            least[name] = min(least[name], (time.process_time() - start) / len(paths))
    return least


class Watch:
    """The memory of the worker processes below one process, looked at again and again."""

    def __init__(self, pid: int) -> None:
        self.peaks: list[int] = []
        self._pid = pid
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(0.1):
            peaks = []
            for status in Path("/proc").glob("[0-9]*/status"):
                try:
                    if b"gouji.batch.child" in (status.parent / "cmdline").read_bytes():
                        told = dict(line.split(":", 1) for line in status.read_text().splitlines())
                        if int(told["PPid"]) == self._pid:
                            peaks.append(int(told["VmHWM"].split()[0]))
                except (OSError, KeyError, ValueError):
                    continue
            if peaks:
                self.peaks.append(max(peaks))


def command_line(folder: Path, out: Path, *options: str) -> list[str]:
    """A quiet run over a folder, in a process of this interpreter."""
    return [sys.executable, "-m", "gouji", "batch", str(folder), "-o", str(out), "--quiet", *options]


def batch(folder: Path, out: Path, *options: str) -> tuple[float, float, list[int]]:
    """One run from nothing: wall time, CPU time of all its processes, the workers' peak memory over time (kB)."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    command = command_line(folder, out, "--force", *options)
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process, Watch(process.pid) as watch:
        process.wait()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - start, spent, watch.peaks


def digest(out: Path) -> str:
    """Everything a run wrote."""
    made = hashlib.sha256()
    for path in sorted(out.rglob("*")):
        if path.is_file():
            made.update(str(path.relative_to(out)).encode() + path.read_bytes())
    return made.hexdigest()


def killed_and_resumed(folder: Path, out: Path, files: int, times: int) -> int:
    """Kill a run at so many points, go on each time, and finish; how many records stood at the kills, summed."""
    shutil.rmtree(out, ignore_errors=True)
    command = command_line(folder, out, "-j2", "--annotate", "--resume")
    stood = 0
    for number in range(1, times + 1):
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
            while process.poll() is None:
                ledger = out / "进度.jsonl"
                done = ledger.read_bytes().count(b"\n") if ledger.exists() else 0
                if done >= files * number // (times + 1):
                    process.send_signal(signal.SIGKILL)
                    stood += done
                    break
                time.sleep(0.02)
    subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
    return stood


def against_truth(folder: Path, out: Path) -> Counter[str]:
    """Seeded defects that were told and those that were not; errors and warnings in files that are right."""
    truths = {
        truth["path"]: truth
        for truth in map(
            json.loads,
            folder.with_name(f"{folder.name}.truth.jsonl").read_text(encoding="utf-8").splitlines(),
        )
    }
    count: Counter[str] = Counter()
    for submission in json.loads((out / "结果.json").read_bytes())["submissions"]:
        for document in submission["documents"]:
            truth = truths.pop(document["path"])
            told = [found for found in document["findings"] if found["severity"] != "info"]
            count["forms recognised"] += document["form"] == truth["form"]
            if truth["defect"] is None:
                count["right files"] += 1
                count["right files with a false alarm"] += bool(told)
                continue
            count["seeded defects"] += 1
            count["seeded defects found"] += _found(truth, document["findings"])
            if truth["codes"] is not None:
                extra = Counter(found["code"] for found in document["findings"]) - Counter(truth["codes"])
                count["findings beside an exactly known defect"] += sum(extra.values())
    count["files missing from the results"] = len(truths)
    return count


def _found(truth: dict[str, Any], findings: list[dict[str, Any]]) -> bool:
    named = set()
    for found in findings:
        place = found["location"]
        named.add((place["sheet"], place["cell"]))
        for alternative in found["alternatives"][:1]:
            named |= {(change["sheet"], change["cell"]) for change in alternative["changes"]}
    if not truth["places"]:
        return {found["code"] for found in findings} >= set(truth["codes"] or ())
    cells = {cell for _, cell in named}
    return any((sheet, cell) in named if sheet else cell in cells for sheet, cell in truth["places"])


def _office(paths: Sequence[Path]) -> float:
    """Seconds a file of LibreOffice's own conversion, one start for all files."""
    program = shutil.which("soffice")
    if program is None:
        return float("nan")
    with tempfile.TemporaryDirectory() as folder:
        numbered = [Path(shutil.copy(path, Path(folder) / f"{at}.xlsx")) for at, path in enumerate(paths)]
        start = time.perf_counter()
        profile = f"-env:UserInstallation={(Path(folder) / 'profile').as_uri()}"
        command = [
            program,
            "--headless",
            profile,
            "--convert-to",
            "csv",
            "--outdir",
            f"{folder}/out",
            *map(str, numbered),
        ]
        subprocess.run(command, capture_output=True, check=False)
        return (time.perf_counter() - start) / len(paths)


def _office_uno(paths: Sequence[Path]) -> float:
    """Seconds a file of a LibreOffice that is running: opened, every cell read, closed, over UNO."""
    import xlwings as xw

    import xlwings_libreoffice

    xlwings_libreoffice.register()
    with xw.App(visible=False) as app:
        app.books.open(str(paths[0])).close()
        start = time.perf_counter()
        for path in paths:
            book = app.books.open(str(path))
            for sheet in book.sheets:
                _ = sheet.used_range.value
            book.close()
        return (time.perf_counter() - start) / len(paths)


def _contenders(paths: Sequence[Path], number: int, turns: int, *, office: bool) -> None:
    """Prints what a file costs us and others, in one process."""
    sample = sorted(random.Random(1).sample(paths, min(number, len(paths))))
    size = sum(path.stat().st_size for path in sample) / len(sample)
    print(f"{len(paths)} files; sample of {len(sample)}, {size / 1024:.1f} KiB each")
    works = {
        "floor: inflate and expat": _floor,
        "gouji check, one process": _check,
        "gouji check + recalc + annotate + write": _write,
        "openpyxl, reading every cell": _openpyxl,
        "pandas.read_excel": _pandas,
    }
    least = in_turns(works, sample, turns)
    if find_spec("formulas") is not None:
        few = sample[:10]
        least |= in_turns({f"openpyxl + formulas, {len(few)} files": _formulas}, few, 1)
    if office:
        least["LibreOffice, headless convert (wall)"] = _office(sample)
        least["LibreOffice over UNO, every cell (wall)"] = _office_uno(sample)
    floor = least["floor: inflate and expat"]
    for name, spent in least.items():
        print(f"{name:42} {spent * 1e3:8.2f} ms a file {1 / spent:8.0f} files/s {spent / floor:6.1f} x floor")


def _whole_runs(folder: Path, paths: Sequence[Path], out: Path) -> None:
    """Prints what runs of `gouji batch` cost, on ever more files and with one and two workers."""
    for count in sorted({100, 1000, len(paths)}):
        if count > len(paths):
            continue
        part = out / f"part{count}"
        for path in paths[:count]:
            (part / path.relative_to(folder)).parent.mkdir(parents=True, exist_ok=True)
            (part / path.relative_to(folder)).symlink_to(path)
        for workers in (1, 2):
            wall, spent, peaks = batch(part, out / "speed", f"-j{workers}", "--no-summary")
            third = [peaks[len(peaks) * at // 3 - 1] / 1024 for at in (1, 2, 3)] if len(peaks) > 3 else []
            print(
                f"batch of {count:5}, -j{workers}: {count / wall:7.1f} files/s, {spent / count * 1e3:6.2f} ms CPU a file, "
                f"workers' peak MB after each third {', '.join(f'{each:.0f}' for each in third)}"
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sample", type=int, default=120)
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--kills", action="store_true")
    parser.add_argument("--office", action="store_true")
    parser.add_argument("--no-speed", dest="speed", action="store_false")
    options = parser.parse_args()
    paths = sorted(options.folder.rglob("*.xlsx"))
    if options.speed:
        _contenders(paths, options.sample, options.turns, office=options.office)
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch)
        if options.speed:
            _whole_runs(options.folder, paths, out)
        one, two, three = (out / name for name in ("one", "two", "three"))
        batch(options.folder, one, "-j1", "--annotate")
        batch(options.folder, two, "-j2", "--annotate")
        same = digest(one)
        print(
            f"-j1 and -j2, summary and copies included: {'byte-identical' if digest(two) == same else 'DIFFERENT'}"
        )
        for name, number in sorted(against_truth(options.folder, one).items()):
            print(f"{name:42} {number:6}")
        if options.kills:
            stood = killed_and_resumed(options.folder, three, len(paths), 3)
            verdict = "byte-identical" if digest(three) == same else "DIFFERENT"
            print(f"killed -9 three times ({stood} records stood in all) and resumed: {verdict}")


if __name__ == "__main__":
    main()
