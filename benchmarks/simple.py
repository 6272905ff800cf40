"""Whether what is computed without the engine is what the engine computes, over a folder of workbooks.

    uv run python -m benchmarks.simple DIR

Every formula that ``calc/simple`` can compute is computed by itself, so that one it leaves to the engine hides no other;
results have to be equal to the last bit, and of one type. Workbooks above 3 MB or 3,000 formulas are passed over.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from gouji.calc.book import FormulaCell
from gouji.calc.cellrune_engine import CellruneEngine
from gouji.calc.engine import EngineFailedError
from gouji.calc.simple import computed_each
from gouji.source.document import SourceRefusedError, cell_name
from gouji.write.package import Package

NOW = datetime(2025, 3, 31)  # noqa: DTZ001 # a workbook's clock has no zone
LARGEST, MOST = 3_000_000, 3_000


def opened(folder: Path) -> Iterator[tuple[Path, Package, list[FormulaCell]]]:
    """The workbooks of a folder that hold formulas."""
    for path in sorted(folder.rglob("*.xls[xm]")):
        if path.stat().st_size > LARGEST:
            continue
        try:
            package = Package.open(path)
            cells = package.formula_cells()
        except SourceRefusedError:
            continue
        if 0 < len(cells) <= MOST:
            yield path, package, cells


def main() -> int:
    """Prints the differences and the counts."""
    books = computed = different = 0
    for path, package, cells in opened(Path(sys.argv[1])):
        found = computed_each(package, cells)
        books += 1
        if not found:
            continue
        try:
            engine = CellruneEngine().compute(package.to_bytes(), NOW)
        except EngineFailedError:
            continue
        texts = {cell.key: cell.text for cell in cells}
        for key, value in found.items():
            computed += 1
            outcome = engine.outcome(key)
            if value != outcome or type(value) is not type(outcome):
                different += 1
                sheet, row, col = key
                place = f"{path.name} {sheet}!{cell_name(row - 1, col - 1)}"
                print(f"{place}: ={texts[key]} gives {value!r}, by the engine {outcome!r}")
    print(f"{books} workbooks, {computed} formulas computed, {different} otherwise than by the engine")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
