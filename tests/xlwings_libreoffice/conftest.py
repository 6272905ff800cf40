"""One LibreOffice for all tests of a worker, one workbook, and a sheet of its own for each test."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress

import pytest
import xlwings as xw

import xlwings_libreoffice

_RUNNING: list[xw.App] = []


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> xw.App:
    """A LibreOffice without windows; skipped where this Python cannot reach one, unless CI demands it."""
    if not xlwings_libreoffice.available() and os.environ.get("GOUJI_REQUIRE_OFFICE") != "1":
        pytest.skip("needs LibreOffice and its bridge for this Python")
    xlwings_libreoffice.register()
    # What the tests write may run its macros; nothing else may.
    os.environ.setdefault("XLWINGS_LIBREOFFICE_TRUSTED", str(tmp_path_factory.getbasetemp()))
    if not _RUNNING:  # other folders import this fixture: each would have a LibreOffice of its own
        _RUNNING.append(xw.App(visible=False, add_book=False))
    return _RUNNING[0]  # it ends with Python


@pytest.fixture(scope="session")
def shared_book(app: xw.App) -> xw.Book:
    return app.books.add()


@pytest.fixture
def sheet(shared_book: xw.Book) -> Iterator[xw.Sheet]:
    """An empty sheet in a workbook that other tests use too."""
    made = shared_book.sheets.add(after=shared_book.sheets[-1])
    yield made
    made.delete()


@pytest.fixture
def book(app: xw.App) -> Iterator[xw.Book]:
    """A new workbook for tests that save, close or rename."""
    made = app.books.add()
    yield made
    with suppress(xlwings_libreoffice.OfficeGoneError):  # the test has closed it
        made.close()
