"""What a click on 校验 costs in LibreOffice, beside the same work done on the file.

    python benchmarks/office_click.py [workbook …]

Without arguments: the example and the largest template, blank (so that nearly every answer is missing and marked).
Warm: LibreOffice runs, Python has loaded everything. Each figure is the least of several runs.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]
RUNS = 7


def timed(work: Callable[[], object]) -> float:
    """How long a piece of work takes, in seconds."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def measure(app: object, path: Path) -> None:
    """One workbook: the file's way, the click, and what of the click is LibreOffice's own work."""
    from gouji.checking import check_bytes, check_file
    from gouji.mending import annotate_file
    from gouji.office import actions, marking
    from gouji.office.copying import saved_copy

    book = app.books.open(path)  # type: ignore[attr-defined]  # xlwings is loaded when a click is measured
    check, annotate, moving, click = [], [], [], []
    with app.properties(screen_updating=False):  # type: ignore[attr-defined]  # as above
        result = check_bytes(saved_copy(book), book.name)

        def on_file() -> None:
            annotate_file(str(path))[1].to_bytes()

        def in_office() -> None:
            marking.clear(book)
            marking.show(book, saved_copy(book), result.findings)

        for _ in range(RUNS):  # in turn, for the machine is never equally busy
            check.append(timed(lambda: check_file(str(path))))
            annotate.append(timed(on_file))
            moving.append(timed(in_office))
            click.append(timed(lambda: actions.check(book)))
        marked = marking.clear(book)
    book.close()
    print(f"{path.name}: {len(result.findings)} findings, {marked} cells marked")
    print(f"  file: check {min(check) * 1000:.0f} ms, check and annotate {min(annotate) * 1000:.0f} ms")
    print(f"  click: {min(click) * 1000:.0f} ms, of which copy out and marks in {min(moving) * 1000:.0f} ms")
    limit = 1.5 * min(annotate) + min(moving)
    print(f"  1.5 x file + transfer = {limit * 1000:.0f} ms: {'kept' if min(click) < limit else 'NOT kept'}")


def main() -> int:
    """Measures the workbooks named, or the usual ones."""
    import xlwings as xw

    import xlwings_libreoffice
    from gouji.form.registry import form_by_id
    from gouji.template.build import build

    xlwings_libreoffice.register()
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(name) for name in sys.argv[1:]]
        if not paths:
            form = form_by_id("hunan-2024")
            if form is None:
                raise LookupError("hunan-2024")
            largest = Path(folder) / "hunan-2024.xlsx"
            largest.write_bytes(build(form, {"专项": 40}))
            paths = [ROOT / "examples" / "lusong-2024.xlsx", largest]
        with xw.App(visible=False, add_book=False) as app:
            for path in paths:
                measure(app, path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
