"""What annotating, clearing and recalculating change in foreign workbooks, part by part.

    python benchmarks/fidelity.py FOLDER [-o docs/fidelity.md] [-j N] [--office] [--limit N]

For every workbook under FOLDER that opens: findings are drawn at random (written cells, unwritten ones, cells with
notes), the workbook is annotated, cleared, and recalculated. Each time, only the parts that must change may change;
every other part keeps its compressed bytes; no part is lost; clearing gives back every part. What opens in
openpyxl (and with ``--office`` in LibreOffice) before must open after. Exit status 1 where any of this fails.
"""

from __future__ import annotations

import argparse
import collections
import concurrent.futures
import io
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import warnings
import zipfile
from pathlib import Path

from gouji.calc.recalc import recalc
from gouji.model import Finding, Place, Severity
from gouji.source.document import SourceRefusedError, cell_name
from gouji.write.annotate import annotate, clear
from gouji.write.cells import EditRefusedError
from gouji.write.package import Package

_ANNOTATED = re.compile(
    r"(\[Content_Types\]\.xml|.*workbook[^/]*\.xml(\.rels)?|.*styles[^/]*\.xml|.*comments[^/]*\.xml|.*\.vml"
    r"|.*sheet[^/]*\.xml(\.rels)?)$",
    re.IGNORECASE,
)
_TOGETHER = 20


def _compressed(data: bytes) -> dict[str, bytes]:
    found = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for info in archive.infolist():
            at = info.header_offset + 26
            name, extra = (int.from_bytes(data[at + skip : at + skip + 2], "little") for skip in (0, 2))
            start = info.header_offset + 30 + name + extra
            found[info.filename] = data[start : start + info.compress_size]
    return found


def _findings(package: Package, chance: random.Random) -> list[Finding]:
    found = []
    for sheet in package.worksheets[:6]:
        grid = package.map(sheet.name)
        written = [
            cell_name(cell.row - 1, cell.col - 1) for row in grid.rows[:300] for cell in grid.cells(row)
        ]
        cells = chance.sample(written, min(4, len(written)))
        cells += [cell_name(chance.randrange(80), chance.randrange(30)) for _ in range(2)]
        cells += list(package.notes(sheet.name))[:2]
        for index, cell in enumerate(dict.fromkeys(cells)):
            place = Place("x", sheet.name, cell, "项目支出/甲")
            severity = list(Severity)[index % 3]
            found.append(
                Finding("GJ201", "sum-mismatch", severity, "合计 <不等于> 各项之和 & “甲”", place, "3", "4")
            )
    return found


def _opens(data: bytes) -> bool:
    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            openpyxl.load_workbook(io.BytesIO(data)).close()
    except Exception:  # noqa: BLE001 # whatever makes openpyxl give up
        return False
    return True


def _compare(before: bytes, after: bytes, allowed: re.Pattern[str] | set[str]) -> list[str]:
    """What went wrong between two files: parts lost, parts changed that may not."""
    old, new = _compressed(before), _compressed(after)
    wrong = [f"lost {name}" for name in old if name not in new]
    for name in old.keys() & new.keys():
        fine = allowed.match(name) if isinstance(allowed, re.Pattern) else name in allowed
        if old[name] != new[name] and not fine:
            wrong.append(f"changed {name}")
    return wrong


def _contents(package: Package) -> dict[str, bytes]:
    return {name: package.parts.container.read(name) for name in package.parts.container.names}


def examine(path: Path) -> tuple[str, list[str], bytes | None]:
    """One workbook: the outcome, what went wrong, and the annotated copy."""
    try:
        data = path.read_bytes()
        package = Package.open(data)
        findings = _findings(package, random.Random(path.stem))
        annotate(package, findings)
        marked = package.to_bytes()
    except SourceRefusedError as refusal:
        return f"refused: {refusal.reason.code}", [], None
    except EditRefusedError:
        return "edit refused", [], None
    wrong = [f"annotate: {one}" for one in _compare(data, marked, _ANNOTATED)]
    again = Package.open(marked)
    if not clear(again).exact:
        wrong.append("clear: not exact")
    cleared = again.to_bytes()
    wrong += [f"clear: {one}" for one in _compare(data, cleared, _ANNOTATED)]
    try:
        if _contents(Package.open(data)) != _contents(Package.open(cleared)):
            wrong.append("clear: a part differs")
    except SourceRefusedError:
        pass  # a damaged part that nobody touched: its compressed bytes were compared
    wrong += _recalculated(data)
    if _opens(data) and not _opens(marked):
        wrong.append("annotate: openpyxl no longer opens it")
    return "opened", wrong, marked


def _recalculated(data: bytes) -> list[str]:
    package = Package.open(data)
    try:
        result = recalc(package, second_opinion=False)
    except SourceRefusedError as refusal:
        return [] if refusal.reason else ["recalc: refused"]
    after = package.to_bytes()
    allowed = {package.sheet(sheet).part for sheet, _, _ in result.changed}
    wrong = [f"recalc: {one}" for one in _compare(data, after, allowed)]
    if not result.changed and after is not data:
        wrong.append("recalc: nothing changed, yet another file")
    if _opens(data) and not _opens(after):
        wrong.append("recalc: openpyxl no longer opens it")
    return wrong


def _office(files: dict[str, bytes]) -> set[str]:
    """Which of these files LibreOffice opens (it converts them), twenty to a process, or one where that dies."""
    names = list(files)
    opened: set[str] = set()
    for start in range(0, len(names), _TOGETHER):
        group = {name: files[name] for name in names[start : start + _TOGETHER]}
        found = _converted(group, 90)
        for name in group.keys() - found:
            found |= _converted({name: files[name]}, 60)
        opened |= found
    return opened


def _converted(files: dict[str, bytes], seconds: float) -> set[str]:
    soffice = shutil.which("soffice") or shutil.which("libreoffice")
    if soffice is None:
        raise SystemExit("--office needs LibreOffice")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        for index, data in enumerate(files.values()):
            (Path(folder) / f"{index}.xlsx").write_bytes(data)
        sources = [str(Path(folder) / f"{index}.xlsx") for index in range(len(files))]
        out = Path(folder) / "out"
        command = [soffice, f"-env:UserInstallation={(Path(folder) / 'profile').as_uri()}", "--headless"]
        command += ["--convert-to", "csv", "--outdir", str(out), *sources]
        with subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        ) as process:
            try:
                process.wait(seconds)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
        return {name for index, name in enumerate(files) if (out / f"{index}.csv").exists()}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("-o", "--output", type=Path)
    parser.add_argument("-j", "--jobs", type=int, default=1)
    parser.add_argument("--office", action="store_true")
    parser.add_argument("--limit", type=int)
    options = parser.parse_args()
    paths = sorted(path for path in options.folder.rglob("*.xl*") if path.is_file())[: options.limit]
    started = time.perf_counter()
    totals: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    failures: list[str] = []
    copies: dict[str, bytes] = {}
    with concurrent.futures.ProcessPoolExecutor(options.jobs) as pool:
        for path, (outcome, wrong, marked) in zip(paths, pool.map(examine, paths), strict=True):
            totals[path.parent.name][outcome] += 1
            totals[path.parent.name]["of these with a fault"] += bool(wrong)
            failures += [f"{path.parent.name}/{path.name}: {one}" for one in wrong]
            if options.office and marked is not None:
                copies[str(path)] = marked
    if copies:
        before = _office({name: Path(name).read_bytes() for name in copies})
        after = _office(copies)
        for name in copies:
            folder = Path(name).parent.name
            totals[folder]["opened by LibreOffice before"] += name in before
            totals[folder]["opened by LibreOffice annotated"] += name in after
            if name in before and name not in after:
                failures.append(f"{folder}/{Path(name).name}: LibreOffice no longer opens it")
    text = _report(totals)
    print(text, *failures, f"{time.perf_counter() - started:.0f} s", sep="\n")
    if options.output:
        options.output.write_text(text, encoding="utf-8")
    return 1 if failures else 0


def _report(totals: dict[str, collections.Counter[str]]) -> str:
    names = sorted(totals)
    whole: collections.Counter[str] = collections.Counter()
    for counts in totals.values():
        whole.update(counts)
    first = [
        "opened",
        "of these with a fault",
        "opened by LibreOffice before",
        "opened by LibreOffice annotated",
    ]
    keys = [key for key in first if key in whole] + sorted(key for key in whole if key not in first)
    lines = ["| | " + " | ".join([*names, "all"]) + " |", "| --- |" + " ---: |" * (len(names) + 1)]
    lines += [
        f"| {key} | " + " | ".join(str(totals[name][key]) for name in names) + f" | {whole[key]} |"
        for key in keys
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
