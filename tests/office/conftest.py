"""Example workbooks opened in one LibreOffice."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import xlwings as xw

import xlwings_libreoffice
from tests.xlwings_libreoffice.conftest import app

__all__ = ["app", "opened"]
EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture
def opened(app: xw.App, tmp_path: Path) -> Iterator[Callable[..., xw.Book]]:
    """Opens a copy of an example, or a workbook given as a path."""
    books: list[xw.Book] = []

    def open_(name: str | Path = "lusong-2024.xlsx") -> xw.Book:
        path = Path(name)
        if not path.is_absolute():
            path = tmp_path / path.name
            shutil.copy(EXAMPLES / path.name, path)
        books.append(app.books.open(path))
        return books[-1]

    yield open_
    for book in books:
        with suppress(xlwings_libreoffice.OfficeGoneError):
            book.close()
