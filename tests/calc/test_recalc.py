"""Recalculation stores what is believed, keeps and names what is not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

import pytest

from gouji.calc.engine import CellKey, EngineFailedError, Outcome
from gouji.calc.recalc import SkipReason, recalc, recalc_many
from gouji.calc.value import CellError, Value
from gouji.write.package import Package
from gouji.write.xmltext import escape
from tests.write.kit import changed_parts, parts_of, rows, workbook

NOW = datetime(2024, 12, 31, 8)  # noqa: DTZ001 # a workbook's clock has no zone


class Office:
    """A second opinion that says what it is told to."""

    def __init__(self, answers: dict[CellKey, Outcome] | EngineFailedError) -> None:
        self.answers = answers
        self.asked = 0

    def compute(self, workbooks: Sequence[bytes]) -> list[dict[CellKey, Outcome] | EngineFailedError]:
        """The same answers for every workbook."""
        self.asked += len(workbooks)
        return [self.answers for _ in workbooks]


def cell(ref: str, formula: str = "", value: str = "", kind: str = "", more: str = "") -> str:
    inside = (f"<f{more}>{escape(formula)}</f>" if formula else "") + (f"<v>{value}</v>" if value else "")
    return f'<c r="{ref}"{kind}>{inside}</c>'


def package(*cells: str) -> Package:
    """A sheet with one cell to a row."""
    lines = "".join(f'<row r="{number}">{one}</row>' for number, one in enumerate(cells, 1))
    return Package.open(workbook({"表": rows(lines), "二": rows("")}))


def test_values_are_stored_beside_their_formulas_and_nothing_else_changes() -> None:
    book = package(
        cell("A1", value="2"), cell("A2", "A1*3", "0"), cell("A3", 'A2&"元"'), cell("A4", "1/0", "1")
    )
    before = book.to_bytes()
    result = recalc(book, now=NOW, second_opinion=False)
    assert [book.value("表", name) for name in ("A2", "A3", "A4")] == [6, "6元", CellError("#DIV/0!")]
    assert book.formula("表", "A2") == "A1*3"
    assert changed_parts(before, book.to_bytes()) == {"xl/worksheets/sheet1.xml"}
    assert (result.formulas, result.computed, result.partial) == (3, 3, False)
    assert result.changed[("表", 2, 1)] == (0, 6)


def test_a_right_value_keeps_the_digits_it_is_written_with() -> None:
    book = package(cell("A1", "0.1+0.2", "0.30000000000000004"), cell("A2", "1/3", "0.33333333333333331"))
    before = book.to_bytes()
    result = recalc(book, now=NOW, second_opinion=False)
    assert result.changed == {}
    assert book.to_bytes() is before


def test_a_workbook_without_formulas_is_left_alone() -> None:
    book = package(cell("A1", value="2"))
    office = Office({})
    assert recalc(book, office=office).formulas == 0
    assert office.asked == 0


def test_what_is_not_believed_keeps_its_value_and_so_does_what_depends_on_it() -> None:
    book = package(cell("A1", "PMT(0.1,2,100)", "7"), cell("A2", "A1+1", "8"), cell("A3", "1+1", "0"))
    result = recalc(book, now=NOW, second_opinion=False)
    assert [book.value("表", name) for name in ("A1", "A2", "A3")] == [7, 8, 2]
    assert result.partial
    assert {one.key[1]: one.reason for one in result.skipped} == {
        1: SkipReason.UNVERIFIED,
        2: SkipReason.DEPENDS,
    }
    assert "PMT" in result.skipped[0].text


def test_a_doubtful_value_that_excel_gave_itself_is_believed() -> None:
    pmt = "-57.619047619047613"
    book = package(cell("A1", "PMT(0.1,2,100)", pmt), cell("A2", "A1*0+5", "1"))
    result = recalc(book, now=NOW, second_opinion=False)
    assert not result.partial
    assert (book.value("表", "A1"), book.value("表", "A2")) == (Decimal(pmt), 5)


def test_a_second_opinion_that_agrees_settles_a_doubt() -> None:
    book = package(cell("A1", "PMT(0.1,2,100)", "7"), cell("A2", "ROUND(A1,2)", "8"))
    office = Office({("表", 1, 1): Decimal("-57.6190476190476")})
    result = recalc(book, now=NOW, office=office)
    assert not result.partial
    assert book.value("表", "A2") == Decimal("-57.62")
    assert result.by_office == 1


def test_a_second_opinion_that_differs_leaves_both_out() -> None:
    book = package(cell("A1", "PMT(0.1,2,100)", "7"))
    result = recalc(book, now=NOW, office=Office({("表", 1, 1): Decimal(-58)}))
    assert [one.reason for one in result.skipped] == [SkipReason.DISAGREEMENT]
    assert book.value("表", "A1") == 7


def test_where_the_engine_is_known_to_err_the_other_is_believed_and_its_value_used() -> None:
    odd = "SUMPRODUCT((MOD(ROW(A1:A2),2)=1)*A1:A2)"
    book = package(cell("A1", value="4"), cell("A2", value="6"), cell("A3", odd), cell("A4", "A3+1"))
    result = recalc(book, now=NOW, office=Office({("表", 3, 1): Decimal(4)}))
    assert [book.value("表", name) for name in ("A3", "A4")] == [4, 5]
    assert not result.partial


@pytest.mark.parametrize("answer", [CellError("#NAME?"), CellError("#VALUE!"), None])
def test_an_error_of_the_other_is_not_believed_where_none_is_likely(answer: Value) -> None:
    book = package(cell("A1", value="1"), cell("A2", "SUMPRODUCT(ROW(A1:A9))", "3"))
    result = recalc(book, now=NOW, office=Office({("表", 2, 1): answer}))
    assert book.value("表", "A2") == 3
    assert result.partial


def test_the_other_is_not_believed_over_booleans_which_it_takes_for_numbers() -> None:
    book = package(cell("A1", value="1", kind=' t="b"'), cell("A2", "SUMPRODUCT(ROW(A1:A1)*A1:A1)", "3"))
    assert recalc(book, now=NOW, office=Office({("表", 2, 1): Decimal(1)})).partial


def test_an_office_that_fails_is_like_none() -> None:
    book = package(cell("A1", "PMT(0.1,2,100)", "7"))
    result = recalc(book, now=NOW, office=Office(EngineFailedError("LibreOffice 计算超过 60 秒")))
    assert "超过 60 秒" in result.skipped[0].text


def test_other_workbooks_are_not_followed() -> None:
    book = package(cell("A1", "[1]表!A1+1", "9"), cell("A2", "A1", "9"))
    result = recalc(book, now=NOW, second_opinion=False)
    assert {one.reason for one in result.skipped} == {SkipReason.EXTERNAL, SkipReason.DEPENDS}


def test_a_workbook_the_engine_cannot_read_is_named_whole() -> None:
    data = workbook(
        {"表": rows(f'<row r="1">{cell("A1", "1+1", "x", more=" t=" + chr(34) + "normal" + chr(34))}</row>')}
    )
    book = Package.open(data)
    result = recalc(book, now=NOW, second_opinion=False)
    assert {one.reason for one in result.skipped} <= {SkipReason.ENGINE}
    assert result.computed + len(result.skipped) == 1


def test_shared_and_array_formulas_are_stored_cell_by_cell() -> None:
    shared = ' t="shared" ref="A2:A3" si="0"'
    array = ' t="array" ref="A4:A5"'
    book = package(
        cell("A1", value="2"),
        cell("A2", "A1*2", "0", more=shared),
        '<c r="A3"><f t="shared" si="0"/><v>0</v></c>',
        cell("A4", "A1:A2*10", "0", more=array),
        cell("A5", value="0"),
    )
    answers: dict[CellKey, Outcome] = {("表", 4, 1): Decimal(20), ("表", 5, 1): Decimal(40)}
    result = recalc(book, now=NOW, office=Office(answers))
    assert [book.value("表", f"A{row}") for row in range(2, 6)] == [4, 8, 20, 40]
    assert not result.partial
    xml = parts_of(book.to_bytes())["xl/worksheets/sheet1.xml"].decode()
    assert '<f t="shared" si="0"/>' in xml
    assert array in xml


def test_the_clock_is_the_callers() -> None:
    book = package(cell("A1", "YEAR(TODAY())"), cell("A2", "HOUR(NOW())"))
    recalc(book, now=NOW, second_opinion=False)
    assert [book.value("表", "A1"), book.value("表", "A2")] == [2024, 8]


def test_many_workbooks_ask_once() -> None:
    books = [
        package(cell("A1", "PMT(0.1,2,100)")),
        package(cell("A1", "1+1")),
        package(cell("A1", "GCD(4,6)")),
    ]
    office = Office({("表", 1, 1): Decimal(2)})
    results = recalc_many(books, now=NOW, office=office)
    assert office.asked == 2
    assert [one.partial for one in results] == [True, False, False]


def test_recalculating_twice_changes_nothing_more() -> None:
    book = package(cell("A1", value="3"), cell("A2", "A1/7"), cell("A3", 'IF(A2>1,"是","")'))
    recalc(book, now=NOW, second_opinion=False)
    once = book.to_bytes()
    again = Package.open(once)
    assert recalc(again, now=NOW, second_opinion=False).changed == {}
    assert again.to_bytes() is once
