"""Worksheets: found, added, moved, copied; ranges by address or name."""

from __future__ import annotations

import numbers
import re
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from xlwings import NoSuchObjectError, base_classes

from xlwings_libreoffice.bridge import guarded
from xlwings_libreoffice.names import Names, Note
from xlwings_libreoffice.range_ import MAX_COLUMNS, MAX_ROWS, Range
from xlwings_libreoffice.unsupported import with_reasons

if TYPE_CHECKING:
    from xlwings_libreoffice.book import Book

__all__ = ["FreezePanes", "PageSetup", "Sheet", "Sheets"]

_TRIES, _PAUSE = 40, 0.05

_AREA = re.compile(r"\$?([A-Za-z]{1,3})?\$?(\d+)?(?::\$?([A-Za-z]{1,3})?\$?(\d+)?)?")


@guarded
@with_reasons
class Sheets(base_classes.Sheets):
    """The sheets of a workbook."""

    def __init__(self, book: Book) -> None:
        self.book = book

    @property
    def api(self) -> Any:
        return self.book.all_sheets

    @property
    def active(self) -> Sheet:
        controller = self.book.document.CurrentController
        return Sheet(self.book, controller.ActiveSheet if controller is not None else self.api.getByIndex(0))

    def __call__(self, key: int | str) -> Sheet:
        if isinstance(key, numbers.Number):
            sheets = self.api
            if not 1 <= int(key) <= sheets.Count:
                raise IndexError(key)
            return Sheet(self.book, sheets.getByIndex(int(key) - 1))
        return self.book.sheet_named(str(key))

    def __contains__(self, key: str) -> bool:
        return str(key).lower() in (name.lower() for name in self.api.ElementNames)

    def __len__(self) -> int:
        return int(self.api.Count)

    def __iter__(self) -> Iterator[Sheet]:
        sheets = self.api
        return iter([Sheet(self.book, sheets.getByIndex(number)) for number in range(sheets.Count)])

    def add(self, before: Sheet | None = None, after: Sheet | None = None, name: str | None = None) -> Sheet:
        place = before.index - 1 if before else after.index if after else self.active.index - 1
        if name is None:
            taken, number = {one.lower() for one in self.api.ElementNames}, 1
            while f"sheet{number}" in taken:
                number += 1
            name = f"Sheet{number}"
        sheets = self.api
        sheets.insertNewByName(name, place)
        made = Sheet(self.book, sheets.getByIndex(place))
        made.activate()
        return made


@guarded
@with_reasons
class Sheet(base_classes.Sheet):
    """One worksheet."""

    def __init__(self, book: Book, target: Any) -> None:
        self._book = book
        self._target = target
        self._annotations: Any = None
        self._columns: Any = None
        self._moves = book.app.office.moves

    @property
    def target(self) -> Any:
        """LibreOffice's own object, afresh after cells were moved."""
        moves = self._book.app.office.moves
        if moves != self._moves:
            self._target = self._book.all_sheets.getByName(self._target.Name)
            self._annotations = self._columns = None
            self._moves = moves
        return self._target

    @property
    def annotations(self) -> Any:
        """The notes as LibreOffice holds them."""
        target = self.target
        if self._annotations is None:
            self._annotations = target.Annotations
        return self._annotations

    @property
    def columns(self) -> Any:
        """All columns as LibreOffice holds them."""
        target = self.target
        if self._columns is None:
            self._columns = target.Columns
        return self._columns

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sheet) and self._book == other.book and self.name == other.name

    def __hash__(self) -> int:
        return hash(self.name)

    @property
    def api(self) -> Any:
        return self.target

    @property
    def book(self) -> Book:
        return self._book

    @property
    def name(self) -> str:
        return str(self.target.Name)

    @name.setter
    def name(self, value: str) -> None:
        others = {one.lower() for one in self._book.all_sheets.ElementNames} - {self.name.lower()}
        if value.lower() in others:
            # LibreOffice would quietly call it «name_2».
            raise ValueError(f"已有名为“{value}”的工作表。")
        self.target.Name = value

    @property
    def index(self) -> int:
        return int(self.target.RangeAddress.Sheet) + 1

    @property
    def names(self) -> Names:
        return Names(self._book, self.target.NamedRanges, self)

    @property
    def visible(self) -> bool:
        return bool(self.target.IsVisible)

    @visible.setter
    def visible(self, value: bool) -> None:
        self.target.IsVisible = bool(value)

    def activate(self) -> None:
        controller = self._book.document.CurrentController
        if controller is not None:
            controller.setActiveSheet(self.target)

    select = activate

    def delete(self) -> None:
        self._book.all_sheets.removeByName(self.name)

    def copy(self, before: Sheet | None, after: Sheet | None) -> None:
        beside = before or after
        if beside is None:
            raise ValueError("before or after is needed")
        sheets, name = beside.book.document.Sheets, self.name
        place = beside.index - 1 if before else beside.index
        if beside.book == self._book:
            number = 2
            while sheets.hasByName(f"{name} ({number})"):
                number += 1
            sheets.copyByName(name, f"{name} ({number})", place)
        else:
            sheets.importSheet(self._book.document, name, place)
        Sheet(beside.book, sheets.getByIndex(place)).activate()

    def move(self, before: Sheet | None, after: Sheet | None) -> None:
        if before is not None:
            place = before.index - 1
        elif after is not None:
            place = after.index
        else:
            raise ValueError("before or after is needed")
        self._book.all_sheets.moveByName(self.name, place)

    def area(self, row: int, column: int, nrows: int = 1, ncols: int = 1) -> Range:
        """The range of so many rows and columns from a cell (counted from 1)."""
        return Range(self, row, column, nrows, ncols)

    def range(self, arg1: Any, arg2: Any = None) -> Range:
        if isinstance(arg1, numbers.Number):
            arg1, arg2 = (arg1, arg2), None
        first = self._resolve(arg1)
        if arg2 is None:
            return first
        second = self._resolve(arg2)
        top, left = min(first.row, second.row), min(first.column, second.column)
        bottom = max(first.row + first.nrows, second.row + second.nrows)
        right = max(first.column + first.ncols, second.column + second.ncols)
        return self.area(top, left, bottom - top, right - left)

    def _resolve(self, given: Any) -> Range:
        if isinstance(given, Range):
            return given
        if isinstance(given, tuple):
            if 0 in given[:2]:
                raise IndexError("Attempted to access 0-based Range. xlwings/Excel Ranges are 1-based.")
            return self.area(*given)
        text = str(given)
        if "!" in text:
            name, _, text = text.rpartition("!")
            return self._book.sheet_named(name.strip("'").replace("''", "'"))._resolve(text)  # noqa: SLF001  # of one package, or of Python's own compiler
        found = _AREA.fullmatch(text)
        spans = ":" in text
        if found and (found[1] or found[2]) and (spans or (found[1] and found[2])):
            left = _column(found[1] or "A")
            right = _column(found[3] or "XFD") if spans else left
            top = int(found[2] or 1)
            bottom = int(found[4] or MAX_ROWS) if spans else top
            top, bottom, left, right = min(top, bottom), max(top, bottom), min(left, right), max(left, right)
            if bottom <= MAX_ROWS and right <= MAX_COLUMNS:
                return self.area(top, left, bottom - top + 1, right - left + 1)
        for names in (self.names, self._book.names):
            if names.contains(text):
                return names(text).refers_to_range
        raise NoSuchObjectError(f"The address/named range {text!r} doesn't exist.")

    @property
    def cells(self) -> Range:
        return self.area(1, 1, MAX_ROWS, MAX_COLUMNS)

    @property
    def used_range(self) -> Range:
        cursor = self.target.createCursor()
        cursor.gotoStartOfUsedArea(False)  # UNO takes no keywords
        cursor.gotoEndOfUsedArea(True)
        return self._book.area(cursor.RangeAddress)

    def clear_contents(self) -> None:
        self.used_range.clear_contents()

    def clear_formats(self) -> None:
        self.used_range.clear_formats()

    def clear(self) -> None:
        self.used_range.clear()

    def autofit(self, axis: str | None = None) -> None:
        self.used_range.autofit(axis)

    @property
    def notes(self) -> list[Note]:
        return [Note(self, one) for one in self.annotations]

    @property
    def shapes(self) -> list[Any]:
        return list(self.target.DrawPage)

    @property
    def freeze_panes(self) -> FreezePanes:
        return FreezePanes(self)

    @property
    def page_setup(self) -> PageSetup:
        return PageSetup(self)

    @property
    def show_gridlines(self) -> bool:
        self.activate()
        return bool(self._book.document.CurrentController.ShowGrid)

    @show_gridlines.setter
    def show_gridlines(self, value: bool) -> None:
        self.activate()
        self._book.document.CurrentController.ShowGrid = bool(value)


@guarded
class FreezePanes:
    """The frozen rows and columns of a sheet. LibreOffice freezes what is in sight, so the sheet comes to the front."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet

    def _freeze(self, columns: int, rows: int) -> None:
        controller = self._sheet.book.document.CurrentController
        before: Any = controller.ActiveSheet
        if before == self._sheet.target:
            before = None  # to be shown anew would only cost time
        with self._sheet.book.shown():
            if before is not None:
                controller.setActiveSheet(self._sheet.target)
            for _ in range(_TRIES):  # the view may not have come up yet, and then forgets what it was asked
                controller.freezeAtPosition(columns, rows)
                if controller.hasFrozenPanes() == bool(columns or rows):
                    break
                time.sleep(_PAUSE)
            if before is not None:
                controller.setActiveSheet(before)

    def freeze_at(self, frozen_range: str) -> None:
        found = self._sheet.range(frozen_range)
        columns = 0 if found.ncols == MAX_COLUMNS else found.column + found.ncols - 1
        rows = 0 if found.nrows == MAX_ROWS else found.row + found.nrows - 1
        self._freeze(columns, rows)

    def unfreeze(self) -> None:
        self._freeze(0, 0)


@guarded
@with_reasons
class PageSetup(base_classes.PageSetup):
    """The printed area of a sheet."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet

    @property
    def api(self) -> Any:
        return self._sheet.target

    @property
    def print_area(self) -> str | None:
        areas = self._sheet.target.getPrintAreas()
        return ",".join(self._sheet.book.area(area).address for area in areas) or None

    @print_area.setter
    def print_area(self, value: str | None) -> None:
        areas = [self._sheet.range(one).target.RangeAddress for one in (value or "").split(",") if one]
        self._sheet.target.setPrintAreas(tuple(areas))


def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
