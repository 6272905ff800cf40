"""An openpyxl workbook in memory is filled, fixed and annotated cell for cell as a file is."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

import gouji
from gouji.filling import Typed, fill_file
from gouji.mending import annotate_file, fix_file, with_log
from gouji.source.document import SourceRefusedError
from gouji.write.annotate import clear as clear_file
from gouji.write.package import Package

EXAMPLES = Path(__file__).parents[2] / "examples"
BOOKS = ["lusong-2024.xlsx", "caidian-2023.xlsx"]


@pytest.fixture(params=BOOKS)
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A form with notes, a link and a colour of its users' on cells that will be marked."""
    book = openpyxl.load_workbook(EXAMPLES / request.param)
    for sheet in book:
        sheet["A1"].comment = Comment("领导看过", "某甲")
        for row in sheet.iter_rows(min_col=4, max_col=5):
            for cell in row:
                if not isinstance(cell, openpyxl.cell.cell.MergedCell):
                    cell.fill = PatternFill("solid", fgColor="FF00FF00")
                    cell.comment = Comment("待核", "某乙")
    made = tmp_path / str(request.param)
    book.save(made)
    return made


def loaded(data: bytes) -> Any:  # noqa: ANN401 # an openpyxl workbook
    return openpyxl.load_workbook(io.BytesIO(data))


def stored(book: Any) -> bytes:  # noqa: ANN401  # of any kind
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def content(book: Any) -> dict[str, Any]:  # noqa: ANN401  # of any kind
    """What every cell of every sheet people can see holds and looks like."""
    return {
        sheet.title: {
            cell.coordinate: (
                cell.value
                or (None if cell.value == "" else cell.value),  # an empty text is loaded as no value
                cell.data_type == "f",
                cell.number_format,
                cell.fill.fill_type and cell.fill.fgColor.rgb,
                cell.font.b,
                cell.font.sz,
                cell.alignment.horizontal,
                cell.alignment.wrap_text or None,
                cell.comment and cell.comment.text,
                cell.hyperlink and (cell.hyperlink.location, cell.hyperlink.tooltip),
            )
            for row in sheet.iter_rows()
            for cell in row
            if not isinstance(cell, openpyxl.cell.cell.MergedCell)
        }
        for sheet in book
        if sheet.sheet_state == "visible"
    }


def assert_same(one: Any, two: Any) -> None:  # noqa: ANN401  # of any kind
    first, second = content(one), content(two)
    assert list(first) == list(second)
    for sheet, cells in first.items():
        assert {k: (v, second[sheet].get(k)) for k, v in cells.items() if second[sheet].get(k) != v} == {}, (
            sheet
        )


@pytest.mark.parametrize("replace", [False, True])
def test_filling(path: Path, *, replace: bool) -> None:
    book = openpyxl.load_workbook(path)
    done = gouji.fill(book, replace=replace)
    file = fill_file(str(path), typed=Typed.REPLACE if replace else Typed.KEEP)
    assert [(one.cell, one.fate, one.value) for one in done.cells] == [
        (one.cell, one.fate, one.value) for one in file.cells
    ]
    assert_same(loaded(stored(book)), loaded(file.package.to_bytes()))


@pytest.mark.parametrize("unsafe", [False, True])
def test_fixing(path: Path, *, unsafe: bool) -> None:
    book = openpyxl.load_workbook(path)
    done = gouji.fix(book, unsafe=unsafe)
    file = fix_file(str(path), unsafe=unsafe)
    assert [one.change for one in done.applied] == [one.change for one in file.applied]
    assert_same(loaded(stored(book)), loaded(with_log(file) if file.applied else file.data))


def test_annotating(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    result, made = gouji.annotate(book)
    checked, package, marked = annotate_file(str(path))
    assert [f.message for f in result.findings] == [f.message for f in checked.findings]
    assert made.marks == marked.marks
    assert_same(loaded(stored(book)), loaded(package.to_bytes()))


@pytest.mark.parametrize("path", BOOKS[:1], indirect=True)
def test_annotating_twice_replaces(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    gouji.annotate(book)
    once = stored(book)
    gouji.annotate(book)
    assert_same(book, loaded(once))


@pytest.mark.parametrize("path", BOOKS[:1], indirect=True)
def test_clearing_gives_back_what_was_there(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    _, made = gouji.annotate(book)
    assert gouji.clear(book) == len(made.marks) > 0
    assert_same(book, openpyxl.load_workbook(path))
    assert gouji.clear(book) == 0


@pytest.mark.parametrize("path", BOOKS[:1], indirect=True)
def test_a_file_annotated_in_memory_is_cleared_as_any_other(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    gouji.annotate(book)
    package = Package.open(stored(book))
    assert clear_file(package).found
    assert_same(loaded(package.to_bytes()), openpyxl.load_workbook(path))


def test_a_workbook_of_something_else_is_refused() -> None:
    for act in (gouji.fill, gouji.fix, gouji.annotate):
        with pytest.raises(SourceRefusedError):
            act(openpyxl.Workbook())
        with pytest.raises(TypeError, match="openpyxl workbook, not str"):
            act("表.xlsx")
