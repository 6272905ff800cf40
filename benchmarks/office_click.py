"""What a click on 校验 costs in LibreOffice, beside the same work done on the file.

    python benchmarks/office_click.py [workbook …]

Without arguments: the example and the largest template, blank (so that nearly every answer is missing and marked).
Warm: LibreOffice runs, Python has loaded everything, an earlier check's marks are there to be replaced. Done in turn:

- *check*: `gouji check` of the file, in this process;
- *transfer*: LibreOffice's own share, by bare UNO calls and as few of them as can be: the copy is stored, the earlier marks
  and sheets are taken away, the same sheets, values, looks, notes and colours are put in;
- *click*: the button's action as a whole.

Promised is a click under 1.5 x (check + transfer). The two programs wait for each other, so that a click takes what both
compute; that is measured (the processor time of this process and of every thread of LibreOffice, Linux only), because time
by the clock says more of a shared machine's other work than of ours. Shown are the medians, by processor and by clock, and
the ratio of each run by processor. Exits with 1 where one run breaks the promise.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gouji.write.marks import COLOURS, HEADING

ROOT = Path(__file__).parents[1]
RUNS, TIMES = 10, 5
PROMISED = 1.5


class Meter:
    """Seconds that a piece of work takes: of the processors, here and in LibreOffice, and by the clock."""

    def __init__(self, group: int) -> None:
        self.group = group
        self.seen: dict[str, list[tuple[float, float]]] = {}

    def __call__(self, name: str, work: Callable[[], object]) -> None:
        """Do it and put down what it took."""
        processor, clock = self._spent(), time.perf_counter()
        work()
        self.seen.setdefault(name, []).append((self._spent() - processor, time.perf_counter() - clock))

    def _spent(self) -> float:
        there = 0
        for process in Path("/proc").iterdir():
            try:
                if process.name.isdecimal() and os.getpgid(int(process.name)) == self.group:
                    for thread in (process / "task").iterdir():
                        there += int((thread / "schedstat").read_text().split()[0])
            except (OSError, ValueError):
                continue  # ended meanwhile
        return time.process_time() + there / 1e9

    def middle(self, name: str) -> str:
        """The medians, in milliseconds."""
        processor, clock = (statistics.median(each) for each in zip(*self.seen[name], strict=True))
        return f"{processor * 1000:.0f} ms ({clock * 1000:.0f} ms by the clock)"

    def ratios(self) -> list[float]:
        """Click to check and transfer, of each run: of the sums of a few of each, which were done in turn."""
        sums = {
            name: [sum(one for one, _ in seen[at : at + TIMES]) for at in range(0, len(seen), TIMES)]
            for name, seen in self.seen.items()
        }
        parts = zip(sums["click"], sums["check"], sums["transfer"], strict=True)
        return [click / (check + transfer) for click, check, transfer in parts]


class Bare:
    """The marks of a check put into a document and taken away by UNO calls alone."""

    def __init__(self, document: Any, copy: bytes, findings: Any, folder: Path) -> None:
        from gouji.source.document import Visibility
        from gouji.write.annotate import layout
        from gouji.write.content import CellContent, SheetContent
        from gouji.write.package import Package
        from xlwings_libreoffice.bridge import enum, properties, struct, url_of

        self.document = document
        self.marks, record = layout(Package.open(copy), findings, ())
        rows = [("gouji", self.marks.summary.name)]
        rows += [(mark.sheet, mark.cell) for mark in self.marks.cells]
        texts = tuple(tuple(CellContent(text) for text in row) for row in rows)
        self.record = SheetContent(record, texts, state=Visibility.VERY_HIDDEN)
        self.before: dict[tuple[str, str], int] = {}
        self.url = url_of(folder / "copy.xlsx")
        self.storing = properties({"FilterName": "Calc MS Excel 2007 XML", "Overwrite": True})
        line = struct("table.BorderLine2")
        line.LineWidth = line.OuterLineWidth = 26
        border = struct("table.TableBorder2")
        for side in ("Top", "Bottom", "Left", "Right", "Vertical", "Horizontal"):
            setattr(border, f"{side}Line", line)
            setattr(border, f"Is{side}LineValid", True)
        self.looks: tuple[tuple[Callable[[Any], object], tuple[str, ...], object], ...] = (
            (lambda look: look.bold, ("CharWeight", "CharWeightAsian"), 150.0),
            (lambda look: look.size, ("CharHeight", "CharHeightAsian"), 14.0),
            (lambda look: look.colour, ("CharColor",), 0x0563C1),
            (lambda look: look.fill, ("CellBackColor",), 0xDDE5EE),
            (lambda look: look.wrap, ("IsTextWrapped",), True),
            (lambda look: look.horizontal, ("HoriJustify",), enum("table.CellHoriJustify", "CENTER")),
            (lambda look: look.vertical, ("VertJustify",), 1),
            (lambda look: look.border, ("TableBorder2",), border),
        )

    def store(self) -> None:
        """Write the copy."""
        self.document.storeToURL(self.url, self.storing)

    def put(self) -> None:
        """Both sheets, then notes and colours."""
        self._sheet(self.record)
        self._sheet(self.marks.summary)
        for name in {mark.sheet for mark in self.marks.cells}:
            sheet = self.document.Sheets.getByName(name)
            notes = sheet.Annotations
            for mark in self.marks.cells:
                if mark.sheet == name:
                    cell = sheet.getCellRangeByName(mark.cell)
                    self.before.setdefault((name, mark.cell), cell.CellBackColor)
                    cell.CellBackColor = int(COLOURS[mark.severity], 16)
                    notes.insertNew(cell.CellAddress, mark.note)

    def _sheet(self, content: Any) -> None:
        from gouji.office.painting import rectangles

        sheets = self.document.Sheets
        place = sheets.Count
        sheets.insertNewByName(content.name, place)
        sheet = sheets.getByIndex(place)
        columns = sheet.Columns
        for column, size in enumerate(content.widths):
            columns.getByIndex(column).Width = round(size * 203.2)
        width = max(len(row) for row in content.rows)
        linked = {link.cell: link.location for link in content.links}
        block = [
            [_formula(cell, linked.get(f"{'ABCDEFGHIJ'[at]}{number}")) for at, cell in enumerate(row)]
            for number, row in enumerate(content.rows, 1)
        ]
        area = sheet.getCellRangeByPosition(0, 0, width - 1, len(block) - 1)
        area.setFormulaArray(tuple((*row, *[""] * (width - len(row))) for row in block))
        placed = {
            (r, c): cell.look for r, row in enumerate(content.rows) for c, cell in enumerate(row) if cell
        }
        held: dict[object, Any] = {}
        for read, names, value in self.looks:
            for (top, bottom), (left, right), _ in rectangles(placed, read):
                key = (left, top, right, bottom)
                if key not in held:
                    held[key] = sheet.getCellRangeByPosition(*key)
                for name in names:
                    held[key].setPropertyValue(name, value)
        for (top, bottom), _, size in rectangles({(r, 0): h for r, h in content.heights.items()}, float):
            sheet.getCellRangeByPosition(0, top - 1, 0, bottom - 1).Rows.Height = round(size / 0.02835)
        if not content.widths:
            sheet.IsVisible = False
            return
        controller = self.document.CurrentController
        controller.setActiveSheet(sheet)
        window = controller.Frame.ContainerWindow  # a hidden one forgets what is frozen
        window.setVisible(True)
        controller.freezeAtPosition(0, content.frozen)
        window.setVisible(False)

    def take(self) -> None:
        """Everything away again."""
        sheets = self.document.Sheets
        for name in {mark.sheet for mark in self.marks.cells}:
            sheet = sheets.getByName(name)
            notes = sheet.Annotations
            for index in reversed(range(notes.Count)):
                if HEADING in notes.getByIndex(index).String:
                    notes.removeByIndex(index)
            for (of, cell), colour in self.before.items():
                if of == name:
                    sheet.getCellRangeByName(cell).CellBackColor = colour
        for content in (self.marks.summary, self.record):
            sheets.removeByName(content.name)


def _formula(cell: Any, location: str | None) -> str:
    if cell is None or cell.value is None:
        return ""
    return f'=HYPERLINK("#{location}";"{cell.value}")' if location is not None else f"'{cell.value}"


def measure(app: Any, path: Path, folder: Path) -> bool:
    """One workbook; whether the promise is kept in every run."""
    from gouji.checking import check_bytes, check_file
    from gouji.office import actions, marking
    from gouji.office.copying import saved_copy

    book = app.books.open(path)
    meter = Meter(os.getpgid(app.pid))
    with app.properties(screen_updating=False):
        copy = saved_copy(book)
        result = check_bytes(copy, book.name)
        bare = Bare(book.impl.document, copy, result.findings, folder)

        def transfer() -> None:
            bare.store()
            bare.take()
            bare.put()

        for run in range(RUNS * TIMES + 1):
            bare.put()
            meter("transfer", transfer)
            bare.take()
            meter("check", lambda: check_file(str(path)))
            actions.check(book)
            meter("click", lambda: actions.check(book))
            marked = marking.clear(book)
            if not run:
                meter.seen.clear()  # the first one warms up
    book.close()
    ratios = meter.ratios()
    print(f"{path.name}: {len(result.findings)} findings, {marked} cells marked, {RUNS} runs of {TIMES}")
    for name in ("check", "transfer", "click"):
        print(f"  {name:9} {meter.middle(name)}")
    told = f"{statistics.median(ratios):.2f} in the middle, {min(ratios):.2f} to {max(ratios):.2f}"
    kept = max(ratios) < PROMISED
    print(f"  click / (check + transfer): {told}: {'kept' if kept else 'NOT kept'}")
    return kept


def main() -> int:
    """Measures the workbooks named, or the usual ones."""
    import xlwings as xw

    import xlwings_libreoffice
    from gouji.form.registry import form_by_id
    from gouji.template.build import build

    xlwings_libreoffice.register()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        paths = [Path(name) for name in sys.argv[1:]]
        if not paths:
            form = form_by_id("hunan-2024")
            if form is None:
                raise LookupError("hunan-2024")
            largest = folder / "hunan-2024.xlsx"
            largest.write_bytes(build(form, {"专项": 40}))
            paths = [ROOT / "examples" / "lusong-2024.xlsx", largest]
        with xw.App(visible=False, add_book=False) as app:
            kept = [measure(app, path, folder) for path in paths]
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
