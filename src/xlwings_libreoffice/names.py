"""Defined names, and the notes on cells."""

from __future__ import annotations

import numbers
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from xlwings import NoSuchObjectError, base_classes

from xlwings_libreoffice import formulas
from xlwings_libreoffice.bridge import guarded, struct
from xlwings_libreoffice.unsupported import with_reasons

if TYPE_CHECKING:
    from xlwings_libreoffice.book import Book
    from xlwings_libreoffice.range_ import Range
    from xlwings_libreoffice.sheet import Sheet

__all__ = ["Name", "Names", "Note"]


@guarded
@with_reasons
class Names(base_classes.Names):
    """The names of a workbook, or those of one sheet."""

    def __init__(self, book: Book, target: Any, sheet: Sheet | None = None) -> None:
        self.book = book
        self.target = target
        self.sheet = sheet

    @property
    def api(self) -> Any:
        return self.target

    def _places(self) -> list[tuple[Any, str, Sheet | None]]:
        """Collection, name and sheet of every name; a workbook's names count those of its sheets, as in Excel."""
        found = [(self.target, name, self.sheet) for name in self.target.ElementNames]
        if self.sheet is None:
            for sheet in self.book.sheets:
                own = sheet.target.NamedRanges
                found += [(own, name, sheet) for name in own.ElementNames]
        return found

    def __iter__(self) -> Iterator[Name]:
        return iter([Name(self.book, *place) for place in self._places()])

    def __len__(self) -> int:
        return len(self._places())

    def _find(self, name: str) -> Name | None:
        sheet, _, plain = name.rpartition("!")
        sheet = sheet.strip("'").replace("''", "'").lower()
        for target, own, where in self._places():
            if own.lower() != plain.lower():
                continue
            if sheet and (where is None or where.name.lower() != sheet):
                continue
            if not sheet and where is not None and self.sheet is None:
                continue  # a sheet's name is reached through its sheet, or spelled out
            return Name(self.book, target, own, where)
        return None

    def contains(self, name_or_index: int | str) -> bool:
        if isinstance(name_or_index, numbers.Number):
            return 1 <= int(name_or_index) <= len(self)
        return self._find(str(name_or_index)) is not None

    def __call__(self, key: int | str) -> Name:
        if isinstance(key, numbers.Number):
            return list(self)[int(key) - 1]
        found = self._find(str(key))
        if found is None:
            raise KeyError(key)
        return found

    def add(self, name: str, refers_to: str) -> Name:
        place = struct("table.CellAddress", self.sheet.index - 1 if self.sheet else 0, 0, 0)
        if self.target.hasByName(name):
            self.target.removeByName(name)
        self.target.addNewByName(name, "", place, 0)
        made = Name(self.book, self.target, name, self.sheet)
        made.refers_to = refers_to
        return made


@guarded
@with_reasons
class Name(base_classes.Name):
    """One defined name."""

    def __init__(self, book: Book, target: Any, key: str, sheet: Sheet | None) -> None:
        self._book = book
        self._target = target
        self._key = key
        self._sheet = sheet

    @property
    def api(self) -> Any:
        return self._target.getByName(self._key)

    def delete(self) -> None:
        self._target.removeByName(self._key)

    @property
    def name(self) -> str:
        return f"{formulas.quoted(self._sheet.name)}!{self._key}" if self._sheet else self._key

    @name.setter
    def name(self, value: str) -> None:
        self.api.Name = value
        self._key = value

    @property
    def refers_to(self) -> str:
        return "=" + formulas.printed(self._book, self.api.getTokens(), self.api.ReferencePosition)

    @refers_to.setter
    def refers_to(self, value: str) -> None:
        text = value.removeprefix("=")
        self.api.setTokens(formulas.parsed(self._book, text, self.api.ReferencePosition))

    @property
    def refers_to_range(self) -> Range:
        found = self.api.getReferredCells()
        if found is None:
            raise NoSuchObjectError(f"{self._key} does not refer to a range")
        return self._book.area(found.RangeAddress)


@guarded
@with_reasons
class Note(base_classes.Note):
    """The note on a cell."""

    def __init__(self, sheet: Sheet, target: Any) -> None:
        """``target`` is LibreOffice's own object, or what gives it when it is first asked for."""
        self._sheet = sheet
        self._given = target
        self._location: Range | None = None

    @property
    def target(self) -> Any:
        """LibreOffice's own object."""
        if callable(self._given):
            self._given = self._given()
        return self._given

    @property
    def api(self) -> Any:
        return self.target

    @property
    def text(self) -> str:
        return str(self.target.String)

    @text.setter
    def text(self, value: str) -> None:
        self.target.String = value

    @property
    def author(self) -> str:
        return str(self.target.Author)

    @property
    def location(self) -> Range:
        if self._location is None:
            place = self.target.Position
            self._location = self._sheet.area(place.Row + 1, place.Column + 1)
        return self._location

    def delete(self) -> None:
        self.location.corner.clearContents(8)  # CellFlags.ANNOTATION
