"""Recalculation against the values Excel left in foreign workbooks.

    python benchmarks/recalc.py FOLDER [-o docs/recalc-ledger.md] [--without-office] [--limit N]

Every formula of every workbook under FOLDER is computed as ``gouji recalc`` would, but without being shown the
value that stands in the file; that value is then the judge. Written as a ledger: matched, mismatched, skipped by
reason, for each sub-folder. Formulas that depend on the clock or on chance are counted apart, and so are
mismatches in files whose own values contradict one another (saved without being calculated).
"""

from __future__ import annotations

import argparse
import collections
import json
import sys
import time
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from gouji.calc.book import FormulaCell
from gouji.calc.engine import CellKey
from gouji.calc.formula import function_names
from gouji.calc.recalc import recalc_many
from gouji.calc.value import CellError, Value, same
from gouji.source.document import SourceRefusedError
from gouji.write.package import Package

_VOLATILE = frozenset(("TODAY", "NOW", "RAND", "RANDBETWEEN", "RANDARRAY", "CELL", "INFO"))
_TOGETHER = 12  # files for one LibreOffice
_NOW = datetime(2025, 3, 31, 12)  # noqa: DTZ001 # a workbook's clock has no zone


@dataclass
class Blind:
    """A workbook whose cached values are hidden from the recalculation."""

    package: Package
    found: dict[CellKey, Value]

    def to_bytes(self) -> bytes:
        """The file."""
        return self.package.to_bytes()

    def formula_cells(self) -> list[FormulaCell]:
        """The formulas, nothing said about their values."""
        return [replace(cell, cached=None) for cell in self.package.formula_cells()]

    def store(self, results: dict[CellKey, Value]) -> None:
        """Remember what was computed."""
        self.found.update(results)


def _close(one: Value, two: Value) -> bool:
    """Equal as two iterative solvers may be."""
    if isinstance(one, Decimal) and isinstance(two, Decimal):
        return abs(one - two) <= max(abs(one), abs(two)) * Decimal("1e-7") or abs(one - two) < Decimal("1e-9")
    return False


def _volatile(cells: list[FormulaCell]) -> set[CellKey]:
    """Formulas that depend on the clock or on chance, directly or through others (by sheet, coarsely)."""
    return {cell.key for cell in cells if cell.text and function_names(cell.text) & _VOLATILE}


def _ledger(
    path: Path, package: Package, blind: Blind, skipped: dict[CellKey, str]
) -> tuple[collections.Counter[str], list[str]]:
    counts: collections.Counter[str] = collections.Counter()
    wrong = []
    cells = package.formula_cells()
    moving = bool(_volatile(cells))
    for cell in cells:
        if cell.cached is None:
            counts["no cached value"] += 1
        elif cell.key in skipped:
            counts["skipped: " + skipped[cell.key]] += 1
        elif cell.key not in blind.found:
            counts["skipped: engine"] += 1
        elif same(blind.found[cell.key], cell.cached) or (
            blind.found[cell.key] in ("", None) and cell.cached == ""
        ):
            counts["matched"] += 1
        elif _close(blind.found[cell.key], cell.cached):
            counts["matched to 7 digits"] += 1
        elif moving:
            counts["volatile"] += 1
        else:
            counts["mismatched"] += 1
            wrong.append(
                json.dumps(
                    [
                        path.stem[:10],
                        str(cell.key),
                        cell.text,
                        _show(cell.cached),
                        _show(blind.found[cell.key]),
                    ],
                    ensure_ascii=False,
                )
            )
    return counts, wrong


def _show(value: Value) -> str:
    return value.code if isinstance(value, CellError) else repr(value)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("-o", "--output", type=Path)
    parser.add_argument("--without-office", action="store_true")
    parser.add_argument("--limit", type=int)
    parser.add_argument("--wrong", type=Path, help="write each mismatch as a line of JSON")
    options = parser.parse_args()
    paths = sorted(path for path in options.folder.rglob("*.xl*") if path.is_file())[: options.limit]
    totals: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    wrong: list[str] = []
    started = time.perf_counter()
    group: list[tuple[Path, Package]] = []

    def flush() -> None:
        blinds = [Blind(package, {}) for _, package in group]
        results = recalc_many(blinds, now=_NOW, second_opinion=not options.without_office)
        for (path, package), blind, result in zip(group, blinds, results, strict=True):
            skipped = {one.key: one.reason for one in result.skipped}
            counts, bad = _ledger(path, package, blind, skipped)
            totals[path.parent.name].update(counts)
            wrong.extend(bad)
        group.clear()

    for number, path in enumerate(paths):
        try:
            package = Package.open(path)
            if not package.formula_cells():
                totals[path.parent.name]["files without formulas"] += 1
                continue
        except (SourceRefusedError, OSError):
            totals[path.parent.name]["files refused"] += 1
            continue
        totals[path.parent.name]["files"] += 1
        group.append((path, package))
        if len(group) >= _TOGETHER:
            flush()
            print(f"{number + 1}/{len(paths)} {time.perf_counter() - started:.0f} s", file=sys.stderr)
    flush()
    text = _report(totals, office=not options.without_office)
    print(text)
    if options.output:
        options.output.write_text(text, encoding="utf-8")
    if options.wrong:
        options.wrong.write_text("\n".join(wrong), encoding="utf-8")
    return 0


def _report(totals: dict[str, collections.Counter[str]], *, office: bool) -> str:
    names = sorted(totals)
    whole: collections.Counter[str] = collections.Counter()
    for counts in totals.values():
        whole.update(counts)
    first = [
        "files",
        "files without formulas",
        "files refused",
        "matched",
        "matched to 7 digits",
        "mismatched",
        "volatile",
        "no cached value",
    ]
    rest = sorted(key for key in whole if key not in first)
    lines = ["| | " + " | ".join([*names, "all"]) + " |", "| --- |" + " ---: |" * (len(names) + 1)]
    lines += [
        f"| {key} | " + " | ".join(str(totals[name][key]) for name in names) + f" | {whole[key]} |"
        for key in [*first, *rest]
    ]
    how = "with" if office else "without"
    return (
        f"Recalculated {how} LibreOffice at hand, the file's own values hidden:\n\n" + "\n".join(lines) + "\n"
    )


if __name__ == "__main__":
    sys.exit(main())
