"""A user's workbook file, edited at the places named and nowhere else.

Parts that are not touched keep their compressed bytes; parts that are touched keep every byte outside the
edited elements.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from gouji.calc.book import Figure, FormulaCell, Other, Shared
from gouji.calc.engine import CellKey
from gouji.calc.facts import sheet_of
from gouji.calc.value import Value
from gouji.source.document import ReasonCode, SourceRefusedError
from gouji.write import calcchain, cells, links, notes, saving, sharing, sheets, strings, styles, xmltext
from gouji.write.cells import Cached, CellEdit, Constant, Formula
from gouji.write.container import Limits, read_file
from gouji.write.content import SheetContent
from gouji.write.links import Link
from gouji.write.parts import Journal, Parts
from gouji.write.sheetmap import SheetMap, parse_area, parse_cell
from gouji.write.sheetscan import FormulaSpan
from gouji.write.workbook import SheetPart, WorkbookPart

__all__ = ["Package"]

_ROOT = re.compile(rb"<(?:[\w.-]+:)?worksheet[\s/>]")
_FORMULA = re.compile(rb"<(?:[\w.-]+:)?f[\s/>]")
_STYLE_USED = re.compile(rb"\s(?:s|style)\s*=\s*[\"'](\d+)[\"']")


class Package:
    """An .xlsx, .xlsm, .xltx or .xltm file in memory.

    Cells are named A1-style, sheets by the names people see.
    """

    __slots__ = ("_maps", "_strings", "parts", "path", "workbook")

    def __init__(self, data: bytes, path: Path | None = None, limits: Limits | None = None) -> None:
        self.path = path
        self.parts = Parts(data, limits)
        self.workbook = WorkbookPart(self.parts)
        self._maps: dict[str, SheetMap] = {}
        self._strings: strings.SharedStrings | None = None
        if any(
            one.kind == "origin" and "digital-signature" in one.type for one in self.parts.relationships("")
        ):
            raise SourceRefusedError(
                ReasonCode.UNSUPPORTED,
                "文件带有数字签名，任何改动都会使签名失效，因此不予改写；"
                "请先在 Excel“文件—信息”中删除签名，或另存一份未签名的副本再试",
            )

    @classmethod
    def open(cls, source: str | os.PathLike[str] | bytes, limits: Limits | None = None) -> Package:
        """Open a workbook from a path or from its bytes; the file itself is not touched or kept open.

        Raises:
            SourceRefusedError: not a workbook of the Open XML kind, encrypted, damaged, hostile or signed.
            OSError: the path cannot be read.
        """
        if isinstance(source, bytes):
            return cls(source, None, limits)
        path = Path(source)
        return cls(read_file(path), path, limits)

    # -- looking

    @property
    def sheets(self) -> tuple[SheetPart, ...]:
        """The sheets in tab order, chart sheets included."""
        return self.workbook.sheets

    @property
    def worksheets(self) -> tuple[SheetPart, ...]:
        """The sheets that hold cells, in tab order."""
        return tuple(sheet for sheet in self.workbook.sheets if sheet.kind == "worksheet")

    def sheet(self, name: str) -> SheetPart:
        """The sheet of a name (as Excel does, regardless of case).

        Raises:
            KeyError: no such worksheet.
        """
        listed = self.workbook.sheets
        for one in listed:
            if one.name == name and one.kind == "worksheet":
                return one
        for one in listed:
            if one.kind == "worksheet" and one.name.casefold() == name.casefold():
                return one
        raise KeyError(name)

    def map(self, sheet: str) -> SheetMap:
        """Where the rows and cells of a sheet stand now."""
        part = self.sheet(sheet).part
        data = self.parts.xml(part)
        known = self._maps.get(part)
        if known is None or known.data is not data:
            known = self._maps[part] = SheetMap(data, part, bare=self.parts.is_bare(part, data))
        return known

    def value(self, sheet: str, cell: str) -> Value:
        """The stored value of a cell (of a formula its cached value); None where there is none."""
        found = self.map(sheet).cell(*parse_cell(cell))
        return None if found is None else strings.cell_value(self.map(sheet), found, self.shared_strings)

    def is_plain(self, sheet: str, cell: str) -> bool:
        """Whether a cell holds a number, a formula, or one line of text in one look."""
        found = self.map(sheet).cell(*parse_cell(cell))
        if found is None or strings.is_rich(self.map(sheet), found, self.shared_strings):
            return False
        value = self.value(sheet, cell)
        return value is not None and not (isinstance(value, str) and (not value or "\n" in value))

    def formula(self, sheet: str, cell: str) -> str | None:
        """The formula of a cell without ``=``, written out where it is shared."""
        formulas, at = self.map(sheet).formulas(), parse_cell(cell)
        for one, text in zip(formulas, sharing.full_texts(formulas), strict=True):
            if (one.row, one.col) == at:
                return text or None
        return None

    def style(self, sheet: str, cell: str) -> int:
        """The style index a cell shows."""
        at = parse_cell(cell)
        found = self.map(sheet).cell(*at)
        if found is None:
            return cells.default_style(self.map(sheet), *at)
        return xmltext.whole(self.map(sheet).attributes(found.node), "s")

    @property
    def shared_strings(self) -> strings.SharedStrings:
        """The shared strings of the workbook."""
        if self._strings is None:
            self._strings = strings.SharedStrings(self.parts, self.workbook.related("sharedStrings"))
        return self._strings

    # -- cells

    def edit(self, sheet: str, edits: Mapping[str, CellEdit]) -> None:
        """Change cells of one sheet, all in one pass.

        Raises:
            EditRefusedError: an edit would break the workbook (part of an array formula …); nothing changes.
        """
        self._edit(sheet, {parse_cell(name): edit for name, edit in edits.items()})

    def _edit(self, sheet: str, placed: Mapping[tuple[int, int], CellEdit]) -> None:
        """Change cells by their 1-based row and column."""
        if not placed:
            return
        where = self.sheet(sheet)
        found = self.map(sheet)
        written_out = sharing.plan(found, placed)
        gone = [
            at
            for at, edit in placed.items()
            if isinstance(edit.content, Constant)
            and (cell := found.cell(*at)) is not None
            and found.formula(cell)
        ]
        self.parts.splice(where.part, cells.cell_splices(found, placed, written_out))
        if gone:
            calcchain.forget(self.workbook, where.sheet_id, gone)

    def set_values(self, sheet: str, values: Mapping[str, Value]) -> None:
        """Type values into cells, over values and formulas alike; None empties a cell."""
        self.edit(sheet, {cell: CellEdit(Constant(value)) for cell, value in values.items()})

    def set_formulas(self, sheet: str, formulas: Mapping[str, str | Formula]) -> None:
        """Put formulas into cells; without a cached value unless given as :class:`Formula`."""
        self.edit(
            sheet,
            {
                cell: CellEdit(one if isinstance(one, Formula) else Formula(one.removeprefix("=")))
                for cell, one in formulas.items()
            },
        )

    def set_cached(self, sheet: str, values: Mapping[str, Value]) -> None:
        """Store results for the formulas that are there (and for the cells an array formula spills into)."""
        self.edit(sheet, {cell: CellEdit(Cached(value)) for cell, value in values.items()})

    def request_calculation(self) -> None:
        """Ask Excel to calculate everything when it next opens the file."""
        calcchain.request(self.workbook)

    def formula_cells(self) -> list[FormulaCell]:
        """Every cell with a formula, and every cell an array formula spills into."""
        found: list[FormulaCell] = []
        for sheet in self.worksheets:
            data = self.parts.read(sheet.part)
            if _ROOT.search(data, 0, 2000) and not _FORMULA.search(data):
                continue  # in an encoding where no formula can hide, and there is none
            grid, name, shared = self.map(sheet.name), sheet.name, self.shared_strings
            formulas = grid.formulas()
            texts = sharing.full_texts(formulas)
            for one, text in zip(formulas, texts, strict=True):
                cached = strings.formula_value(grid, one, shared)
                array = bool(one.attributes) and one.kind == "array"
                found.append(FormulaCell((name, one.row, one.col), text, array, cached))
            found += self._spilled(sheet.name, grid, formulas)
        return found

    def _spilled(self, sheet: str, grid: SheetMap, formulas: list[FormulaSpan]) -> list[FormulaCell]:
        """The written cells that array formulas of more than one cell spill into."""
        if b"array" not in grid.data:
            return []
        own = {(one.row, one.col) for one in formulas}
        found = []
        for one in formulas:
            if one.kind != "array" or ":" not in one.attributes.get("ref", ""):
                continue
            top, left, bottom, right = parse_area(one.attributes["ref"])
            for row in range(top, bottom + 1):
                span = grid.row(row)
                for cell in grid.cells(span) if span else ():
                    if left <= cell.col <= right and (row, cell.col) not in own:
                        cached = strings.cell_value(grid, cell, self.shared_strings)
                        found.append(FormulaCell((sheet, row, cell.col), None, array=True, cached=cached))
        return found

    def figures(self, sheet: str) -> tuple[str, dict[tuple[int, int], Figure]] | None:
        """What the cells of a sheet hold, for :class:`gouji.calc.book.FiguresBook`."""
        if b"fullPrecision" in self.workbook.data:
            return None  # "precision as displayed" computes with other numbers
        try:
            name = self.sheet(sheet).name
        except KeyError:
            return None
        figures = self.map(name).figures()
        return None if figures is None else (name, figures)

    def text(self, sheet: str, row: int, col: int, figure: bytes | Other | Shared) -> str | None:
        """The text in a cell (1-based row and column), for :class:`gouji.calc.book.FiguresBook`."""
        if isinstance(figure, bytes):
            return strings.character_data(figure)
        if isinstance(figure, Shared):
            return self.shared_strings[figure]
        grid = self.map(sheet)
        found = grid.cell(row, col)
        value = None if found is None else strings.cell_value(grid, found, self.shared_strings)
        return value if isinstance(value, str) else None

    def named_area(self, name: str) -> tuple[str, tuple[int, int, int, int]] | None:
        """The sheet and area of a name, for :class:`gouji.calc.book.FiguresBook`."""
        meant = self.workbook.meaning(name)
        if meant is None:
            return None
        sheet, mark, area = meant.rpartition("!")
        plain = sheet_of(sheet + mark)
        if plain is None or "," in area:
            return None
        try:
            return self.sheet(plain).name, parse_area(area)
        except (KeyError, ValueError):
            return None

    def store(self, results: dict[CellKey, Value]) -> None:
        """Store results for formulas, by sheet name, row and column (1-based)."""
        by_sheet: dict[str, dict[tuple[int, int], Value]] = {}
        for (sheet, row, col), value in results.items():
            by_sheet.setdefault(sheet, {})[row, col] = value
        for sheet, values in by_sheet.items():
            splices = cells.stored_splices(self.map(sheet), values)
            if splices is None:
                self._edit(sheet, {at: CellEdit(Cached(value)) for at, value in values.items()})
            else:
                self.parts.splice(self.sheet(sheet).part, splices)

    # -- looks, notes, links, sheets

    def set_fills(self, sheet: str, colours: Mapping[str, str]) -> None:
        """Give cells a solid fill (``RRGGBB``), everything else of their looks kept."""
        wanted = {cell: (self.style(sheet, cell), colour) for cell, colour in colours.items()}
        made = styles.filled(self.workbook, wanted.values())
        self.edit(sheet, {cell: CellEdit(style=made[key]) for cell, key in wanted.items()})

    def show_percent(self, sheet: str, formats: Mapping[str, str]) -> None:
        """Give cells that do not show percent these number formats, everything else of their looks kept."""
        wanted = {cell: (self.style(sheet, cell), code) for cell, code in formats.items()}
        made = styles.in_percent(self.workbook, wanted.values())
        changed = {cell: CellEdit(style=made[key]) for cell, key in wanted.items() if made[key] != key[0]}
        self.edit(sheet, changed)

    def restyle(self, sheet: str, indices: Mapping[str, int]) -> None:
        """Give cells the styles of these indices."""
        self.edit(sheet, {cell: CellEdit(style=index) for cell, index in indices.items()})

    def used_styles(self, sheet: str) -> set[int]:
        """The style indices a sheet mentions, in cells, rows and columns."""
        found = self.map(sheet)
        return {int(index) for index in _STYLE_USED.findall(found.masked)}

    def add_notes(self, sheet: str, texts: Mapping[str, str], author: str) -> notes.NotesAdded:
        """Put notes on cells; a text is added below an existing note, and a comment thread is left alone."""
        return notes.add(self.workbook, self.sheet(sheet).part, texts, author)

    def notes(self, sheet: str) -> dict[str, str]:
        """The text of every note of a sheet, by cell."""
        return notes.read(self.workbook, self.sheet(sheet).part)

    def trim_notes(self, sheet: str, keep: Callable[[str], str | None]) -> None:
        """Shorten or remove notes: ``keep`` gets a note's text and gives the head of it to keep, or None."""
        notes.trim(self.workbook, self.sheet(sheet).part, keep)

    def add_links(self, sheet: str, wanted: Iterable[Link]) -> None:
        """Put hyperlinks on cells that have none."""
        links.add(self.workbook, self.sheet(sheet).part, wanted)

    def add_sheet(self, content: SheetContent) -> SheetPart:
        """Add a worksheet after the last one.

        Raises:
            EditRefusedError: there is a sheet of that name, or Excel would not accept the name.
        """
        return sheets.add(self.workbook, content)

    def remove_sheet(self, name: str) -> None:
        """Take a worksheet out, with what only it uses.

        Raises:
            KeyError: no such worksheet.
            EditRefusedError: it is the only visible sheet.
        """
        sheets.remove(self.workbook, self.sheet(name))

    # -- the whole

    @property
    def changed(self) -> bool:
        """Whether anything differs from the file opened."""
        return self.parts.changed

    @contextmanager
    def journal(self) -> Iterator[Journal]:
        """Record the edits made inside the ``with`` block so that they can be undone exactly."""
        with self.parts.journal() as journal:
            yield journal

    def check(self) -> None:
        """Make sure that every part changed is still well-formed.

        Raises:
            SourceRefusedError: it is not, which would be a fault of this program.
        """
        for name in self.parts.changed_names():
            if name.endswith((".xml", ".rels")):
                xmltext.check(self.parts.read(name), name)

    def to_bytes(self) -> bytes:
        """The workbook as a file; the very bytes opened where nothing was changed."""
        self.check()
        return self.parts.to_bytes()

    def save(
        self, path: str | os.PathLike[str], *, force: bool = False, in_place: bool = False
    ) -> Path | None:
        """Write the workbook, whole or not at all.

        With ``in_place`` the path may be the file opened; a copy of that is kept beside it, and its path
        returned (None where nothing had changed). ``force`` allows overwriting any *other* file.

        Raises:
            OutputExistsError: the path exists and may not be overwritten.
            OSError: the path cannot be written.
        """
        target = Path(path)
        data = self.to_bytes()
        is_input = (
            self.path is not None and target.exists() and self.path.exists() and target.samefile(self.path)
        )
        if is_input:
            if not in_place:
                raise saving.OutputExistsError(
                    f"{target} 就是输入文件；要直接改写它请加 --in-place（会留备份）"
                )
            if not self.changed:
                return None
            kept = saving.backup(target)
            saving.replace_whole(target, data)
            return kept
        if force:
            saving.replace_whole(target, data)
        else:
            saving.save_whole(target, data)
        return None
