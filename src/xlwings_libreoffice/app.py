"""The engine xlwings talks to, its applications (LibreOffice processes) and what they can do."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from xlwings import NoSuchObjectError, base_classes

from xlwings_libreoffice import process
from xlwings_libreoffice.book import Book, Books
from xlwings_libreoffice.bridge import enum, guarded
from xlwings_libreoffice.process import Office
from xlwings_libreoffice.range_ import Range
from xlwings_libreoffice.unsupported import with_reasons
from xlwings_libreoffice.values import ERRORS

__all__ = ["App", "Apps", "Engine", "engine"]

_BUTTONS = {None: 1, "ok": 1, "ok_cancel": 2, "yes_no": 3, "yes_no_cancel": 4}
_ANSWERS = {0: "cancel", 1: "ok", 2: "yes", 3: "no"}


class Engine:
    """What ``xlwings.Engine(impl=…)`` wraps."""

    name = "libreoffice"
    type = "desktop"

    @property
    def apps(self) -> Apps:
        """The running applications."""
        return Apps()

    @staticmethod
    def prepare_xl_data_element(x: Any, options: Any) -> Any:
        """A value of Python as the writer of a range takes it: NaN and NaT are blanks, NumPy's numbers plain ones."""
        del options
        if x is None or isinstance(x, (str, bool)):
            return "" if x is None else x
        module = type(x).__module__
        if module.startswith("pandas"):
            return x.to_pydatetime() if hasattr(x, "to_pydatetime") and x == x else ""  # noqa: PLR0124 # NaT
        if module == "numpy":
            x = x.item() if type(x).__name__ != "datetime64" else x.astype("datetime64[us]").item()
        if isinstance(x, float) and math.isnan(x):
            return ""
        return "" if x is None else x

    @staticmethod
    def clean_value_data(
        data: Sequence[Sequence[Any]],
        datetime_builder: Callable[..., Any],
        empty_as: Any,
        number_builder: Callable[[float], Any] | None,
        err_to_str: bool,  # xlwings passes it by position
    ) -> list[list[Any]]:
        """Raw values as the user asked for them: builders applied, errors named or blanked."""

        def clean(value: Any) -> Any:
            if value is None or value == "":
                return empty_as
            if isinstance(value, dt.datetime):
                if datetime_builder is dt.datetime:
                    return value
                return datetime_builder(
                    year=value.year,
                    month=value.month,
                    day=value.day,
                    hour=value.hour,
                    minute=value.minute,
                    second=value.second,
                    microsecond=value.microsecond,
                    tzinfo=None,
                )
            if isinstance(value, float):
                return number_builder(value) if number_builder else value
            if type(value) is int:
                return ERRORS.get(value, "#VALUE!") if err_to_str else None
            return value

        return [[clean(value) for value in row] for row in data]


engine = Engine()


@guarded
@with_reasons
class Apps(base_classes.Apps):
    """The running applications; a process sees those it started and the one its environment names."""

    def keys(self) -> list[int]:
        return [office.pid for office in process.running()]

    def add(
        self, spec: Any = None, add_book: bool | None = None, xl: Any = None, visible: bool | None = None
    ) -> App:
        del spec, xl
        app = App(process.start(visible=bool(visible)))
        if add_book:
            app.books.add()
        return app

    @staticmethod
    def cleanup() -> None:
        process.sweep()

    def __iter__(self) -> Iterator[App]:
        return iter([App(office) for office in process.running()])

    def __len__(self) -> int:
        return len(list(process.running()))

    def __getitem__(self, pid: int) -> App:
        for office in process.running():
            if office.pid == pid:
                return App(office)
        raise KeyError(pid)


@guarded
@with_reasons
class App(base_classes.App):
    """One LibreOffice process."""

    engine = engine
    display_alerts = True  # an API never asks; the members are here because scripts set them
    enable_events = True
    interactive = True
    cut_copy_mode = None

    def __init__(self, office: Office) -> None:
        self.office = office

    @property
    def api(self) -> Any:
        return self.office.desktop

    xl = api

    @property
    def pid(self) -> int:
        return self.office.pid

    @property
    def version(self) -> str:
        # Book.caller() takes anything below 15 for Excel 2011 on a Mac.
        return "16.0"

    @property
    def books(self) -> Books:
        return Books(self)

    @property
    def selection(self) -> Range | None:
        book = self.books.active
        return None if book is None else book.selection

    def activate(self, steal_focus: bool = False) -> None:
        del steal_focus

    @property
    def visible(self) -> bool:
        frame = self.api.CurrentFrame
        return bool(frame and frame.ContainerWindow and frame.ContainerWindow.isVisible())

    @visible.setter
    def visible(self, value: bool) -> None:
        for book in self.books:
            controller = book.api.CurrentController
            if controller is not None:
                controller.Frame.ContainerWindow.setVisible(bool(value))

    def quit(self) -> None:
        self.office.quit()

    def kill(self) -> None:
        self.office.kill()

    @property
    def screen_updating(self) -> bool:
        return not any(book.api.hasControllersLocked() for book in self.books)

    @screen_updating.setter
    def screen_updating(self, value: bool) -> None:
        for book in self.books:
            locked = book.api.hasControllersLocked()
            if value and locked:
                book.api.unlockControllers()
            elif not value and not locked:
                book.api.lockControllers()

    @property
    def path(self) -> str:
        return str(Path(process.find_soffice() or "").resolve().parent)

    @property
    def calculation(self) -> str:
        book = self.books.active
        return "automatic" if book is None or book.api.isAutomaticCalculationEnabled() else "manual"

    @calculation.setter
    def calculation(self, value: str) -> None:
        for book in self.books:
            book.api.enableAutomaticCalculation(value != "manual")

    def calculate(self) -> None:
        for book in self.books:
            book.api.calculateAll()

    def run(self, macro: str, args: Sequence[Any]) -> Any:
        """Run a Basic macro of a document: ``'书.xlsm'!Module.Sub``, ``Module.Sub`` or ``Sub``."""
        name = macro
        books: list[Book] = []
        if "!" in macro:
            named, _, name = macro.rpartition("!")
            books = [self.books(named.strip("'"))]
        else:
            books = [book for book in (self.books.active,) if book is not None]
        for book in books:
            found, answer = book.run(name, args)
            if found:
                return answer
        raise NoSuchObjectError(macro)

    @property
    def status_bar(self) -> str | bool:
        return str(self.office.held.get(("app", "status"), "")) or False

    @status_bar.setter
    def status_bar(self, value: str | bool | None) -> None:
        text = str(value) if value else ""
        self.office.held["app", "status"] = text
        book = self.books.active
        controller = None if book is None else book.api.CurrentController
        if controller is not None:
            indicator = controller.Frame.createStatusIndicator()
            if text:
                indicator.start(text, 0)
            else:
                indicator.end()

    def alert(
        self, prompt: str, title: str | None, buttons: str | None, mode: str | None, callback: Any
    ) -> str:
        del callback
        frame = self.api.CurrentFrame
        window = frame.ContainerWindow if frame is not None else None
        kind = "ERRORBOX" if mode == "critical" else "INFOBOX" if buttons in (None, "ok") else "QUERYBOX"
        toolkit = self.office.create("awt.Toolkit")
        box = toolkit.createMessageBox(
            window, enum("awt.MessageBoxType", kind), _BUTTONS[buttons], title or "", prompt or ""
        )
        return _ANSWERS[box.execute()]
