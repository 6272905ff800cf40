"""Every button of a built workbook, really clicked in LibreOffice: what comes of it equals the commands' work.

Pictures of the screen go to the folder that ``GOUJI_PICTURES`` names.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import xlwings as xw

from gouji.filling import fill_file
from gouji.mending import LOG_SHEET, annotate_file, fix_file, with_log
from gouji.office import suggesting
from gouji.office.build import with_buttons
from gouji.office.entry import NOTICE_SHEET
from gouji.seal.cover import COVER_SHEET
from gouji.seal.keys import load_key, new_key
from gouji.seal.verifying import verify
from gouji.write.marks import RECORD_SHEET, SUMMARY_SHEET
from gouji.write.package import Package
from gouji.write.word import WordFile
from tests.examples.damage import damaged
from tests.office.desktop import Desktop, desktop
from tests.office.test_actions import EXAMPLES, file_sheets, live_values, notes_of, same_values
from tests.office.test_auditing import listed

pytestmark = pytest.mark.desktop


@pytest.fixture(scope="module")
def screen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desktop]:
    with desktop(tmp_path_factory.mktemp("clicks")) as made:
        yield made


@pytest.fixture
def book(screen: Desktop, tmp_path_factory: pytest.TempPathFactory) -> Iterator[xw.Book]:
    folder = next(tmp_path_factory.getbasetemp().glob("clicks*"))
    path = folder / "自评表.xlsm"
    path.write_bytes(with_buttons((EXAMPLES / "lusong-2024.xlsx").read_bytes()))
    made = screen.app.books.open(path)
    screen.show(made)
    yield made
    made.close()


@pytest.fixture
def click(screen: Desktop, book: xw.Book, request: pytest.FixtureRequest) -> Callable[..., None]:
    def press(button: str, done: Callable[[], bool]) -> None:
        screen.click(book, f"Gouji_{button}", lambda: done() or NOTICE_SHEET in names(book))
        folder = os.environ.get("GOUJI_PICTURES")
        if folder:
            screen.picture(Path(folder) / f"{request.node.name}.png")
        assert NOTICE_SHEET not in names(book), book.sheets[NOTICE_SHEET]["A1:A4"].value

    return press


def names(book: xw.Book) -> list[str]:
    return list(book.api.Sheets.ElementNames)  # in one call: Python may be adding or taking away sheets


def test_fill(book: xw.Book, click: Callable[..., None]) -> None:
    new = [one for one in fill_file(book.fullname).cells if one.is_new]
    last = new[-1]
    click("fill", lambda: str(book.sheets[last.sheet][last.cell].formula).startswith("="))
    assert [book.sheets[one.sheet][one.cell].formula for one in new] == [f"={one.formula}" for one in new]


def test_recalculate(book: xw.Book, click: Callable[..., None], screen: Desktop) -> None:
    sheet = book.sheets[0]
    sheet["B40:B41"].value = [[1], ["=B40*2"]]
    screen.app.calculation = "manual"
    try:
        sheet["B40"].value = 5
        click("recalculate", lambda: sheet["B41"].value == 10.0)
    finally:
        screen.app.calculation = "automatic"


def test_check_and_clear(book: xw.Book, click: Callable[..., None], tmp_path: Path) -> None:
    _, package, made = annotate_file(book.fullname)
    sheets = file_sheets(package.to_bytes(), tmp_path)
    before = {one.name: (live_values(one, 40, 12), notes_of(one)) for one in book.sheets}
    colours = [book.sheets[mark.sheet][mark.cell].color for mark in made.marks]
    click("check", lambda: SUMMARY_SHEET in names(book) and book.sheets.active.name == SUMMARY_SHEET)
    own = [name for name in sheets if not name.startswith(RECORD_SHEET)]
    same_values(book, sheets, *own)
    for mark in made.marks:
        fill = sheets[mark.sheet][mark.cell].fill.fgColor.rgb[2:]
        assert book.sheets[mark.sheet][mark.cell].color == tuple(bytes.fromhex(fill))
        assert notes_of(book.sheets[mark.sheet])[mark.cell] == mark.note
    book.sheets[0].activate()
    click("clear", lambda: SUMMARY_SHEET not in names(book) and RECORD_SHEET not in names(book))
    assert {one.name: (live_values(one, 40, 12), notes_of(one)) for one in book.sheets} == before
    assert [book.sheets[mark.sheet][mark.cell].color for mark in made.marks] == colours


def test_suggest(book: xw.Book, click: Callable[..., None]) -> None:
    click("suggest", lambda: suggesting.SHEET in names(book) and book.sheets.active.name == suggesting.SHEET)
    assert "201.5.5" in [row[4] for row in live_values(book.sheets[suggesting.SHEET], 12, 9)]


def test_fix(book: xw.Book, click: Callable[..., None], tmp_path: Path) -> None:
    sheets = file_sheets(with_log(fix_file(book.fullname)), tmp_path)
    click("fix", lambda: LOG_SHEET in names(book))
    same_values(book, sheets, *sheets)


def test_audit(book: xw.Book, click: Callable[..., None]) -> None:
    report = Path(book.fullname).with_name("整体支出自评报告.docx")
    report.write_bytes(damaged(("104.2", "140.2")))
    click("audit", lambda: SUMMARY_SHEET in names(book) and book.sheets.active.name == SUMMARY_SHEET)
    rows = listed(book)
    assert "140.2万元" in [row[6] for row in rows]
    copy = WordFile.open(report.with_name("整体支出自评报告.已批注.docx"))
    assert copy.clear() == sum(row[2].startswith("[") for row in rows)
    report.unlink()


def test_export(book: xw.Book, click: Callable[..., None]) -> None:
    path = Path(book.fullname)
    new_key(path.parent / "home" / "seal.key", "某某局财务科")
    package = path.with_name("自评表.报送包.zip")
    click("export", package.exists)
    key = load_key(path.parent / "home" / "seal.key").public
    found = verify(package.read_bytes(), package.name, (key,), recheck=True)
    assert (found.whole, found.exit_status) == (True, 1), found.problems
    sealed = Package.open(found.parts["workbook.xlsm"])
    original = Package.open(path)
    assert [one.name for one in sealed.worksheets] == [*names(book), COVER_SHEET]
    for one in original.worksheets:
        assert sealed.parts.read(one.part) == original.parts.read(one.part)
    assert sealed.parts.read("xl/vbaProject.bin") == original.parts.read("xl/vbaProject.bin")
