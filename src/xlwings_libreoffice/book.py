"""Workbooks: opened, saved, closed; their sheets, names and macros."""

from __future__ import annotations

import numbers
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xlwings import NoSuchObjectError, base_classes

from xlwings_libreoffice.bridge import guarded, properties, struct, uno, url_of
from xlwings_libreoffice.errors import OfficeRefusedError
from xlwings_libreoffice.names import Names
from xlwings_libreoffice.range_ import Range
from xlwings_libreoffice.sheet import Sheet, Sheets
from xlwings_libreoffice.unsupported import with_reasons

if TYPE_CHECKING:
    from xlwings_libreoffice.app import App

__all__ = ["Book", "Books"]

_FILTERS = {
    ".xlsx": "Calc MS Excel 2007 XML",
    ".xlsm": "Calc MS Excel 2007 VBA XML",
    ".xltx": "Calc MS Excel 2007 XML Template",
    ".xls": "MS Excel 97",
    ".ods": "calc8",
    ".csv": "Text - txt - csv (StarCalc)",
}
_STANDARD = ("CryptoType", "Standard")
_TRUSTED_ONLY = 5  # MacroExecMode.USE_CONFIG_REJECT_CONFIRMATION: what the profile trusts, and no question
_UNO_ERROR: type[BaseException] = uno.getClass("com.sun.star.uno.Exception")


def _is_spreadsheet(component: Any) -> bool:
    return component is not None and bool(component.supportsService("com.sun.star.sheet.SpreadsheetDocument"))


@guarded
@with_reasons
class Books(base_classes.Books):
    """The spreadsheets open in one LibreOffice."""

    def __init__(self, app: App) -> None:
        self.app = app

    @property
    def api(self) -> Any:
        return self.app.api.Components

    def _documents(self) -> list[Any]:
        found = []
        every = self.api.createEnumeration()
        while every.hasMoreElements():
            component = every.nextElement()
            if hasattr(component, "supportsService") and _is_spreadsheet(component):
                found.append(component)
        return found

    def __iter__(self) -> Iterator[Book]:
        return iter([Book(self.app, document) for document in self._documents()])

    def __len__(self) -> int:
        return len(self._documents())

    @property
    def active(self) -> Book | None:
        current = self.app.api.CurrentComponent
        if current is not None and hasattr(current, "supportsService") and _is_spreadsheet(current):
            return Book(self.app, current)
        return next(iter(self), None)

    def __call__(self, key: int | str) -> Book:
        books = list(self)
        if isinstance(key, numbers.Number):
            if not 1 <= int(key) <= len(books):
                raise KeyError(key)
            return books[int(key) - 1]
        for book in books:
            if book.name.lower() == str(key).lower():
                return book
        raise KeyError(key)

    def __contains__(self, key: str) -> bool:
        return any(book.name.lower() == str(key).lower() for book in self)

    def _load(self, url: str, **more: Any) -> Any:
        # A visible document of a headless office with a macro waiting repaints without end: keep it hidden.
        arguments = {"MacroExecutionMode": _TRUSTED_ONLY, "Hidden": self.app.office.headless, **more}
        return self.app.api.loadComponentFromURL(url, "_blank", 0, properties(arguments))

    def add(self) -> Book:
        return Book(self.app, self._load("private:factory/scalc"))

    def open(
        self,
        fullname: str,
        update_links: bool | None = None,
        read_only: bool | None = None,
        format: Any = None,  # noqa: A002 # xlwings' name
        password: str | None = None,
        *_more: Any,
        **_others: Any,
    ) -> Book:
        """Open a file.

        Raises:
            FileNotFoundError: there is no such file.
            OfficeRefusedError: LibreOffice cannot read it, or the password is missing or wrong.
        """
        del format
        path = Path(fullname)
        if not path.exists():
            raise FileNotFoundError(f"没有这个文件：{fullname}")
        more: dict[str, Any] = {"UpdateDocMode": 3 if update_links else 0}
        if read_only:
            more["ReadOnly"] = True
        if password:
            more["Password"] = password
        try:
            document = self._load(url_of(path), **more)
        except _UNO_ERROR as error:
            if not self.app.office.alive:
                raise
            raise OfficeRefusedError(f"LibreOffice 打不开 {fullname}") from error
        if document is None:
            raise OfficeRefusedError(f"LibreOffice 打不开 {fullname}：不是表格文件，已加密，或文件已损坏。")
        if not _is_spreadsheet(document):
            document.close(True)  # UNO takes no keywords
            raise OfficeRefusedError(f"{fullname} 不是表格文件。")
        return Book(self.app, document)


@guarded
@with_reasons
class Book(base_classes.Book):
    """One spreadsheet document."""

    def __init__(self, app: App, document: Any) -> None:
        self._app = app
        self.document = document
        self._sheets: Any = None

    @property
    def all_sheets(self) -> Any:
        """The sheets as LibreOffice holds them."""
        if self._sheets is None:
            self._sheets = self.document.Sheets
        return self._sheets

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Book) and bool(self.document == other.document)

    def __hash__(self) -> int:
        return hash(str(self.document.RuntimeUID))

    @property
    def api(self) -> Any:
        return self.document

    @property
    def app(self) -> App:
        return self._app

    @property
    def fullname(self) -> str:
        url = str(self.document.getURL())
        if url.startswith("file:"):
            return str(uno.fileUrlToSystemPath(url))
        return url or str(self.document.Title)

    @property
    def name(self) -> str:
        return os.path.basename(self.fullname)  # noqa: PTH119 # Untitled documents have no path

    @property
    def sheets(self) -> Sheets:
        return Sheets(self)

    @property
    def names(self) -> Names:
        return Names(self, self.document.NamedRanges)

    @property
    def selection(self) -> Range | None:
        """The selected cells; None where a shape or several ranges are selected."""
        chosen = self.document.CurrentSelection
        if not hasattr(chosen, "getRangeAddress"):
            return None
        return self.area(chosen.getRangeAddress())

    def area(self, address: Any) -> Range:
        """The range at a UNO range address."""
        sheet = Sheet(self, self.all_sheets.getByIndex(address.Sheet))
        return sheet.area(
            address.StartRow + 1,
            address.StartColumn + 1,
            address.EndRow - address.StartRow + 1,
            address.EndColumn - address.StartColumn + 1,
        )

    def activate(self) -> None:
        controller = self.document.CurrentController
        if controller is not None:
            controller.Frame.activate()

    def close(self) -> None:
        self.document.setModified(False)
        self.document.close(True)  # UNO takes no keywords

    def save(self, path: str | None = None, password: str | None = None) -> None:
        """Save, in the format the file's name asks for.

        Raises:
            OfficeRefusedError: the name asks for a format that is not supported, or the file cannot be written.
        """
        try:
            with self.shown():
                self._store(path, password)
        except _UNO_ERROR as error:
            if not self.app.office.alive:
                raise
            raise OfficeRefusedError(
                f"LibreOffice 保存不了 {path or self.fullname}：文件只读，或没有写入权限。"
            ) from error

    def shown(self) -> _Shown:
        """While this lasts, a hidden document counts as shown: what is frozen is only then known and kept."""
        return _Shown(self.document.CurrentController if self.app.office.headless else None)

    def _store(self, path: str | None, password: str | None) -> None:
        if path is None and self.document.hasLocation():
            self.document.store()
            return
        target = Path(path or f"{self.name}.xlsx").absolute()
        if not target.parent.is_dir():
            raise OfficeRefusedError(f"保存不了 {target}：没有这个文件夹。")  # LibreOffice would make one
        self.document.storeAsURL(url_of(target), properties(self._storing(target, password)))

    @property
    def unsaved(self) -> bool:
        """Whether the document has changes that are in no file."""
        return bool(self.document.isModified()) or not self.document.hasLocation()

    def save_copy(self, path: Path) -> None:
        """Write the document as it is now into another file; the document keeps its own name and state."""
        self.document.storeToURL(url_of(path), properties(self._storing(path, None)))

    @staticmethod
    def _storing(path: Path, password: str | None) -> dict[str, Any]:
        name = _FILTERS.get(path.suffix.lower())
        if name is None:
            raise OfficeRefusedError(
                f"不能存成 {path.suffix or '没有扩展名的文件'}；可用：{'、'.join(_FILTERS)}"
            )
        storing: dict[str, Any] = {"FilterName": name, "Overwrite": True}
        if password and name.startswith("Calc MS Excel 2007"):
            named = [struct("beans.NamedValue", *pair) for pair in (("OOXPassword", password), _STANDARD)]
            storing["EncryptionData"] = uno.Any("[]com.sun.star.beans.NamedValue", tuple(named))
        elif password and path.suffix.lower() == ".ods":
            storing["Password"] = password
        elif password:
            raise OfficeRefusedError(f"{path.suffix} 不能带密码保存；请存成 .xlsx。")
        return storing

    def to_pdf(self, path: str, quality: Any = None) -> None:
        del quality
        self.document.storeToURL(url_of(path), properties({"FilterName": "calc_pdf_Export"}))

    def run(self, name: str, args: Sequence[Any]) -> tuple[bool, Any]:
        """Run a Sub or Function of the document's Basic; whether there is one, and its answer."""
        module, _, member = name.rpartition(".")
        libraries = self.document.BasicLibraries
        provider = self.document.getScriptProvider()
        for library in libraries.ElementNames:
            libraries.loadLibrary(library)
            modules = [module] if module else libraries.getByName(library).ElementNames
            for one in modules:
                url = f"vnd.sun.star.script:{library}.{one}.{member}?language=Basic&location=document"
                try:
                    script = provider.getScript(url)
                except _UNO_ERROR:
                    continue
                return True, script.invoke(tuple(args), (), ())[0]
        return False, None

    def sheet_named(self, name: str) -> Sheet:
        """The sheet with this name, whatever its case.

        Raises:
            NoSuchObjectError: there is none.
        """
        sheets = self.all_sheets
        for one in sheets.ElementNames:
            if one.lower() == name.lower():
                return Sheet(self, sheets.getByName(one))
        raise NoSuchObjectError(f"Sheet {name!r} doesn't exist.")


class _Shown:
    """Shows a hidden window for as long as a block lasts; a class, for UNO's errors break generators."""

    def __init__(self, controller: Any) -> None:
        self._window = None if controller is None else controller.Frame.ContainerWindow

    def __enter__(self) -> None:
        if self._window is not None:
            self._window.setVisible(True)

    def __exit__(self, *_: object) -> None:
        if self._window is not None:
            with suppress(_UNO_ERROR):
                self._window.setVisible(False)
