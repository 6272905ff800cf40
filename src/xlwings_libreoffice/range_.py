"""Ranges of cells: values, formulas, looks and structure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from xlwings import NoSuchObjectError, base_classes, utils

from xlwings_libreoffice import formulas, looks, moves, values
from xlwings_libreoffice.bridge import colour_of, enum, guarded, rgb_of, struct
from xlwings_libreoffice.errors import OfficeRefusedError
from xlwings_libreoffice.names import Name, Note
from xlwings_libreoffice.unsupported import with_reasons

if TYPE_CHECKING:
    from xlwings_libreoffice.sheet import Sheet

__all__ = ["MAX_COLUMNS", "MAX_ROWS", "Range"]

MAX_ROWS, MAX_COLUMNS = 1_048_576, 16_384
_CONTENTS = 1 | 2 | 4 | 16  # CellFlags: values, dates, texts, formulas
_FORMATS = 32 | 64 | 256  # CellFlags: hard attributes, styles, attributes inside texts
_EVERYTHING = 1023
_POINTS = 72 / 2540  # a hundredth of a millimetre
_DIGIT = 203.2  # hundredths of a millimetre that a digit of the default font is wide, near enough
_LITERAL_CODES = re.compile(r'("[^"]*"|\[[^\]]*\]|\\.|General)')


@guarded
@with_reasons
class Range(base_classes.Range):
    """A block of cells; rows and columns count from 1."""

    # One write is one call: splitting it up would only cost time.
    max_cells_per_read = None
    max_cells_per_write = None

    def __init__(self, sheet: Sheet, row: int, column: int, nrows: int = 1, ncols: int = 1) -> None:
        self._sheet = sheet
        self._row, self._column = row, column
        self.nrows, self.ncols = nrows, ncols
        self.options: Any = None
        self._target: Any = None
        self._corner: Any = None
        self._moves = -1

    @property
    def target(self) -> Any:
        """LibreOffice's own object."""
        moves_now = self._sheet.book.app.office.moves
        if (self._target is None or moves_now != self._moves) and self.nrows and self.ncols:
            self._moves = moves_now
            self._corner = None
            sheet, left, top = self._sheet.target, self._column - 1, self._row - 1
            if self.nrows == self.ncols == 1:
                # A cell is a range too; that it is the corner as well saves a trip to LibreOffice.
                self._target = self._corner = sheet.getCellByPosition(left, top)
            else:
                right, bottom = left + self.ncols - 1, top + self.nrows - 1
                self._target = sheet.getCellRangeByPosition(left, top, right, bottom)
        return self._target

    @property
    def corner(self) -> Any:
        """LibreOffice's own object for the first cell."""
        target = self.target
        if self._corner is None:
            self._corner = target.getCellByPosition(0, 0)
        return self._corner

    @property
    def api(self) -> Any:
        return self.target

    @property
    def sheet(self) -> Sheet:
        return self._sheet

    @property
    def row(self) -> int:
        return self._row

    @property
    def column(self) -> int:
        return self._column

    @property
    def shape(self) -> tuple[int, int]:
        return self.nrows, self.ncols

    @property
    def coords(self) -> tuple[str, int, int, int, int]:
        return self._sheet.name, self._row, self._column, self.nrows, self.ncols

    def __len__(self) -> int:
        return self.nrows * self.ncols

    def __call__(self, arg1: int, arg2: int | None = None) -> Range:
        if arg2 is None:
            arg1, arg2 = (arg1 - 1) // self.ncols + 1, (arg1 - 1) % self.ncols + 1
        row, column = self._row + arg1 - 1, self._column + arg2 - 1
        if row < 1 or column < 1:
            raise IndexError((row, column))
        return self._sheet.area(row, column)

    def clipped(self) -> Range:
        """Whole rows, columns and sheets cut down to what is in use, for work on blocks."""
        if self.nrows < MAX_ROWS and self.ncols < MAX_COLUMNS:
            return self
        used = self._sheet.used_range
        bottom = min(self._row + self.nrows, used.row + used.nrows)
        right = min(self._column + self.ncols, used.column + used.ncols)
        return self._sheet.area(
            self._row, self._column, max(1, bottom - self._row), max(1, right - self._column)
        )

    def require_editable(self) -> None:
        """LibreOffice ignores edits of protected cells in silence; we do not.

        Raises:
            OfficeRefusedError: a cell is locked and its sheet protected.
        """
        if self._sheet.target.isProtected():
            protection = self.target.CellProtection
            mixed = self.target.getPropertyState("CellProtection").value == "AMBIGUOUS_VALUE"
            if mixed or protection is None or protection.IsLocked:
                raise OfficeRefusedError(
                    f"“{self._sheet.name}”受保护，不能改 {self.address}。请先撤销工作表保护。"
                )

    # ---- values and formulas ----

    @property
    def raw_value(self) -> Any:
        return values.read(self.clipped())

    @raw_value.setter
    def raw_value(self, value: Any) -> None:
        if self.target is None:
            return
        if isinstance(value, (list, tuple)):
            values.write(self, value)
        else:
            values.fill(self, value)

    @property
    def formula(self) -> Any:
        cells = self.clipped()
        book, sheet = self._sheet.book, self._sheet.index - 1
        known: dict[str, str] = {}
        rows = []
        for row, texts in enumerate(cells.target.getFormulaArray()):
            line = []
            for column, text in enumerate(texts):
                if text.startswith(("=", "{=")):
                    where = (sheet, cells.row - 1 + row, cells.column - 1 + column)
                    line.append(formulas.from_native(book, text, where, known))
                else:
                    line.append(text)
            rows.append(tuple(line))
        return rows[0][0] if cells.nrows == cells.ncols == 1 else tuple(rows)

    @formula.setter
    def formula(self, value: Any) -> None:
        self.raw_value = value

    formula2 = formula

    @property
    def formula_array(self) -> str | None:
        text = str(self.target.getArrayFormula())
        if not text:
            return None
        where = (self._sheet.index - 1, self._row - 1, self._column - 1)
        return formulas.from_native(self._sheet.book, text, where, {})

    @formula_array.setter
    def formula_array(self, value: str) -> None:
        self.require_editable()
        place = struct("table.CellAddress", self._sheet.index - 1, self._column - 1, self._row - 1)
        self.target.setArrayTokens(formulas.parsed(self._sheet.book, value.removeprefix("="), place))

    @property
    def has_array(self) -> bool:
        return bool(self.target.getCellByPosition(0, 0).getFormula().startswith("{"))

    # ---- clearing and structure ----

    def clear_contents(self) -> None:
        self._clear(_CONTENTS)

    def clear_formats(self) -> None:
        self._clear(_FORMATS)

    def clear(self) -> None:
        self._clear(_EVERYTHING)

    def _clear(self, flags: int) -> None:
        cells = self.clipped()
        cells.require_editable()
        cells.target.clearContents(flags)

    def insert(self, shift: str | None = None, copy_origin: str | None = None) -> None:
        del copy_origin  # LibreOffice always takes the format from above or left
        mode = "RIGHT" if shift == "right" else "DOWN"
        self._move_cells("insertCells", "CellInsertMode", self._whole() or mode)

    def delete(self, shift: str | None = None) -> None:
        mode = "LEFT" if shift == "left" else "UP"
        self._move_cells("removeRange", "CellDeleteMode", self._whole() or mode)

    def _whole(self) -> str | None:
        return "ROWS" if self.ncols == MAX_COLUMNS else "COLUMNS" if self.nrows == MAX_ROWS else None

    def _move_cells(self, method: str, kind: str, mode: str) -> None:
        self.require_editable()
        getattr(self._sheet.target, method)(self.target.RangeAddress, enum(f"sheet.{kind}", mode))
        self._sheet.book.app.office.moves += 1

    def copy(self, destination: Range | None = None) -> None:
        if destination is None:
            raise NotImplementedError("Range.copy without a destination needs Excel's clipboard")
        place = getattr(destination, "impl", destination).target.RangeAddress
        corner = struct("table.CellAddress", place.Sheet, place.StartColumn, place.StartRow)
        self._sheet.target.copyRange(corner, self.target.RangeAddress)

    def move(self, destination: Range) -> None:
        place = getattr(destination, "impl", destination).target.RangeAddress
        corner = struct("table.CellAddress", place.Sheet, place.StartColumn, place.StartRow)
        self._sheet.target.moveRange(corner, self.target.RangeAddress)
        self._sheet.book.app.office.moves += 1

    def end(self, direction: str) -> Range:
        return moves.end(self, direction, MAX_ROWS, MAX_COLUMNS)

    @property
    def current_region(self) -> Range:
        cursor = self._sheet.target.createCursorByRange(self.target)
        cursor.collapseToCurrentRegion()
        return self._sheet.book.area(cursor.RangeAddress)

    @property
    def merge_area(self) -> Range:
        cursor = self._sheet.target.createCursorByRange(self(1, 1).target)
        cursor.collapseToMergedArea()
        return self._sheet.book.area(cursor.RangeAddress)

    @property
    def merge_cells(self) -> bool:
        return len(self.merge_area) > 1

    def merge(self, across: bool = False) -> None:
        self.require_editable()
        lines = range(self.nrows) if across else ()
        for line in lines:
            self._sheet.area(self._row + line, self._column, 1, self.ncols).target.merge(True)
        if not across:
            self.target.merge(True)  # UNO takes no keywords

    def unmerge(self) -> None:
        self.require_editable()
        self.target.merge(False)

    def select(self) -> None:
        self._sheet.book.document.CurrentController.select(self.target)

    # ---- address ----

    @property
    def address(self) -> str:
        return self.get_address(True, True, False)  # xlwings' order

    def get_address(self, row_absolute: bool, col_absolute: bool, external: bool) -> str:
        def one(row: int, column: int) -> str:
            letters = utils.col_name(column)  # type: ignore[no-untyped-call]  # xlwings and UNO are not annotated
            return f"{'$' * bool(col_absolute)}{letters}{'$' * bool(row_absolute)}{row}"

        address = one(self._row, self._column)
        if len(self) > 1:
            address += ":" + one(self._row + self.nrows - 1, self._column + self.ncols - 1)
        if external:
            address = f"'[{self._sheet.book.name}]{self._sheet.name}'!{address}"
        return address

    # ---- looks ----

    @property
    def number_format(self) -> str | None:
        if self.target.getPropertyState("NumberFormat").value == "AMBIGUOUS_VALUE":
            return None
        text = self._sheet.book.document.NumberFormats.getByKey(self.target.NumberFormat).FormatString
        parts = _LITERAL_CODES.split(text)
        return "".join(
            part if number % 2 else re.sub(r"[YMDHS]+", lambda found: found[0].lower(), part)
            for number, part in enumerate(parts)
        )

    @number_format.setter
    def number_format(self, value: str) -> None:
        self.require_editable()
        self.target.NumberFormat = values.number_format_key(self, value)

    @property
    def color(self) -> tuple[int, int, int] | None:
        return rgb_of(self.target.CellBackColor)

    @color.setter
    def color(self, color_or_rgb: Any) -> None:
        self.require_editable()
        self.target.CellBackColor = colour_of(color_or_rgb)

    def set_colors(self, colors: Any) -> None:
        self.require_editable()
        for row, line in enumerate(colors):
            for column, colour in enumerate(line):
                if colour is not ...:
                    self.target.getCellByPosition(column, row).CellBackColor = colour_of(colour)

    @property
    def font(self) -> looks.Font:
        return looks.Font(self)

    @property
    def borders(self) -> looks.Borders:
        return looks.Borders(self)

    @property
    def wrap_text(self) -> bool | None:
        if self.target.getPropertyState("IsTextWrapped").value == "AMBIGUOUS_VALUE":
            return None
        return bool(self.target.IsTextWrapped)

    @wrap_text.setter
    def wrap_text(self, value: bool) -> None:
        self.require_editable()
        self.target.IsTextWrapped = bool(value)

    @property
    def horizontal_alignment(self) -> str | None:
        return looks.horizontal_from(self.target.HoriJustify)

    @horizontal_alignment.setter
    def horizontal_alignment(self, value: str) -> None:
        self.require_editable()
        self.target.HoriJustify = looks.horizontal_to(value)

    @property
    def vertical_alignment(self) -> str | None:
        return looks.vertical_from(self.target.VertJustify)

    @vertical_alignment.setter
    def vertical_alignment(self, value: str) -> None:
        self.require_editable()
        self.target.VertJustify = looks.vertical_to(value)

    @property
    def column_width(self) -> float:
        return round(float(self._sheet.columns.getByIndex(self._column - 1).Width) / _DIGIT, 2)

    @column_width.setter
    def column_width(self, value: float) -> None:
        single = self.ncols == 1
        columns = self._sheet.columns.getByIndex(self._column - 1) if single else self.target.Columns
        columns.Width = round(value * _DIGIT)

    @property
    def row_height(self) -> float:
        return round(float(self.target.Rows.getByIndex(0).Height) * _POINTS, 2)

    @row_height.setter
    def row_height(self, value: float) -> None:
        self.target.Rows.Height = round(value / _POINTS)

    @property
    def width(self) -> float:
        return float(self.target.Size.Width) * _POINTS

    @property
    def height(self) -> float:
        return float(self.target.Size.Height) * _POINTS

    @property
    def left(self) -> float:
        return float(self.target.Position.X) * _POINTS

    @property
    def top(self) -> float:
        return float(self.target.Position.Y) * _POINTS

    @property
    def row_hidden(self) -> bool | None:
        return moves.hidden(self.target.Rows, self.nrows)

    @row_hidden.setter
    def row_hidden(self, value: bool) -> None:
        self.target.Rows.IsVisible = not value

    @property
    def column_hidden(self) -> bool | None:
        return moves.hidden(self.target.Columns, self.ncols)

    @column_hidden.setter
    def column_hidden(self, value: bool) -> None:
        self.target.Columns.IsVisible = not value

    def autofit(self, axis: str | None = None) -> None:
        target = self.clipped().target
        if axis in (None, "c", "columns"):
            target.Columns.OptimalWidth = True
        if axis in (None, "r", "rows"):
            target.Rows.OptimalHeight = True

    # ---- names, notes, links ----

    @property
    def name(self) -> Name | None:
        for one in self._sheet.book.names:
            try:
                if one.refers_to_range.coords == self.coords:
                    return one
            except NoSuchObjectError:
                continue
        return None

    @name.setter
    def name(self, value: str) -> None:
        self._sheet.book.names.add(value, f"={formulas.quoted(self._sheet.name)}!{self.address}")

    @property
    def note(self) -> Note | None:
        found = self.corner.getAnnotation()
        return Note(self._sheet, found) if found is not None and found.String else None

    def add_note(self, text: str) -> Note:
        self.require_editable()
        self._sheet.annotations.insertNew(self.corner.CellAddress, text)
        return Note(self._sheet, self.corner.getAnnotation)

    @property
    def hyperlink(self) -> str:
        return moves.link_of(self.target.getCellByPosition(0, 0))

    def add_hyperlink(
        self, address: str, text_to_display: str | None = None, screen_tip: str | None = None
    ) -> None:
        del screen_tip  # LibreOffice shows the address
        self.require_editable()
        document = self._sheet.book.document
        moves.add_link(document, self.target.getCellByPosition(0, 0), address, text_to_display or address)
