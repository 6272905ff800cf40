"""What a reader of old binary workbooks gives, on streams written record by record."""

from __future__ import annotations

import struct
from decimal import Decimal

import pytest

from gouji.source import Limits, read_bytes
from gouji.source.biff import packed_number
from gouji.source.document import ReasonCode, Visibility
from tests.source.build import compound, narrow, record, refusal, texts, workbook_stream, xls


def number(row: int, col: int, value: float, style: int = 0) -> bytes:
    return record(0x0203, struct.pack("<3Hd", row, col, style, value))


def label(row: int, col: int, text: str) -> bytes:
    return record(0x0204, struct.pack("<3H", row, col, 0) + narrow(text))


def formula(
    row: int, col: int, tokens: bytes, result: bytes = struct.pack("<d", 7.0), style: int = 0
) -> bytes:
    return record(
        0x0006, struct.pack("<3H", row, col, style) + result + struct.pack("<HIH", 0, 0, len(tokens)) + tokens
    )


def ref(row: int, col: int, *, fixed: bool = False) -> bytes:
    return b"\x44" + struct.pack("<2H", row, col | (0 if fixed else 0xC000))


def area(top: int, bottom: int, left: int, right: int) -> bytes:
    return b"\x25" + struct.pack("<4H", top, bottom, left | 0xC000, right | 0xC000)


def test_numbers_show_in_their_format() -> None:
    grid = xls(
        number(0, 0, 0.9993, 1) + number(0, 1, 202.64) + number(0, 2, 45940, 2), formats=["0.00%", "yyyy/m/d"]
    )
    assert texts(grid) == [["99.93%", "202.64", "2025/10/10"]]
    assert grid.cells[0, 0].value == Decimal("0.9993")
    assert grid.cells[0, 2].is_date


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (0x3FF00000, 1.0),
        (100 << 2 | 2, 100),
        (12345 << 2 | 3, 123.45),
        (0x3FF00001, 0.01),
        ((-5 & 0x3FFFFFFF) << 2 | 2, -5),
    ],
)
def test_packed_numbers_are_unpacked(raw: int, value: float) -> None:
    assert packed_number(raw) == value
    assert xls(record(0x027E, struct.pack("<3HI", 0, 0, 0, raw))).cells[0, 0].value == Decimal(str(value))


def test_runs_of_packed_numbers_fill_a_row() -> None:
    run = (
        struct.pack("<2H", 0, 1)
        + b"".join(struct.pack("<HI", 0, n << 2 | 2) for n in (3, 4))
        + struct.pack("<H", 2)
    )
    assert texts(xls(record(0x00BD, run))) == [["", "3", "4"]]


def test_shared_strings_run_over_records_and_leave_their_formatting_out() -> None:
    long = "长" * 30
    first = struct.pack("<2I", 3, 3) + narrow("甲乙")
    first += struct.pack("<HBH", 2, 0x08, 1) + b"ab" + struct.pack("<2H", 0, 0)  # rich, narrow characters
    first += struct.pack("<HBI", 30, 0x05, 6) + (long[:10]).encode("utf-16-le")  # East Asian, cut after ten
    strings = record(0x00FC, first) + record(0x003C, b"\x01" + long[10:].encode("utf-16-le") + bytes(6))
    cells = b"".join(record(0x00FD, struct.pack("<3HI", 0, n, 0, n)) for n in range(4))
    assert texts(xls(cells, strings=strings)) == [["甲乙", "ab", long]]


def test_a_forged_count_of_strings_is_read_as_far_as_the_data_goes() -> None:
    strings = record(0x00FC, struct.pack("<2I", 0xFFFFFFFF, 0xFFFFFFFF) + narrow("甲"))
    grid = xls(record(0x00FD, struct.pack("<3HI", 0, 0, 0, 0)), strings=strings)
    assert grid.text(0, 0) == "甲"


def test_texts_booleans_and_errors_are_told_apart() -> None:
    grid = xls(
        label(0, 0, "合计")
        + record(0x0205, struct.pack("<3H2B", 0, 1, 0, 1, 0))
        + record(0x0205, struct.pack("<3H2B", 0, 2, 0, 7, 1))
    )
    assert texts(grid) == [["合计", "TRUE", "#DIV/0!"]]
    assert grid.cells[0, 1].value is True
    assert grid.cells[0, 2].error == "#DIV/0!"


def test_merged_areas_and_hidden_lines_are_known() -> None:
    grid = xls(
        record(0x0208, struct.pack("<8H", 1, 0, 3, 300, 0, 0, 0x20, 0))
        + record(0x007D, struct.pack("<6H", 2, 3, 2000, 0, 1, 0))
        + label(0, 0, "标题")
        + number(1, 2, 1)
        + record(0x00E5, struct.pack("<H4H", 1, 0, 0, 0, 2))
    )
    assert texts(grid)[0] == ["标题"] * 3
    assert grid.hidden_rows == {1}
    assert grid.hidden_cols == {2, 3}


def test_a_hidden_sheet_is_known() -> None:
    stream = bytearray(workbook_stream(number(0, 0, 1)))
    at = stream.index(struct.pack("<H", 0x0085))
    stream[at + 8] = 2
    grid = read_bytes(compound({"Workbook": bytes(stream)}), "表.xls").grids[0]
    assert grid.visibility is Visibility.VERY_HIDDEN


@pytest.mark.parametrize(
    ("tokens", "text"),
    [
        (ref(0, 0) + ref(1, 1, fixed=True) + b"\x03", "A1+$B$2"),
        (area(0, 2, 0, 0) + b"\x19\x10\0\0", "SUM(A1:A3)"),
        (area(0, 2, 0, 0) + b"\x1e\x02\0" + b"\x22\x02\x04\0", "SUM(A1:A3,2)"),
        (ref(0, 0) + b"\x1e\x02\0" + b"\x21\x1b\0", "ROUND(A1,2)"),
        (ref(0, 0) + b"\x1e\x02\0" + b"\x03\x15" + b"\x1f" + struct.pack("<d", 0.5) + b"\x05", "(A1+2)*0.5"),
        (b"\x17\x02\x01" + '"万'.encode("utf-16-le") + b"\x1d\x01" + b"\x0b", '"""万"=TRUE'),
        (ref(0, 0) + b"\x13\x14", "-A1%"),
        (area(0, 0xFFFF, 1, 2) + b"\x22\x01\x04\0", "SUM(B:C)"),
        (area(2, 3, 0, 0xFF) + b"\x22\x01\x04\0", "SUM(3:4)"),
        (b"\x16\x1c\x17\x42\x02\x01\0", "IF(,#REF!)"),
        (b"\x60" + bytes(7), "…"),
        (b"\x03", "…"),
        (b"\x44\x01", "…"),
        (b"\x21\xff\xff", "…"),
    ],
)
def test_formulas_are_turned_back_into_text(tokens: bytes, text: str) -> None:
    cell = xls(formula(0, 0, tokens)).cells[0, 0]
    assert (cell.formula, cell.value) == (text, 7)


def test_references_to_other_sheets_carry_their_name() -> None:
    extra = record(0x01AE, struct.pack("<H", 1) + b"\x01\x04") + record(
        0x0017, struct.pack("<4H", 1, 0, 0, 0)
    )
    tokens = b"\x3a" + struct.pack("<3H", 0, 0, 0xC001)
    cell = xls(formula(0, 0, tokens), extra=extra, name="表 1").cells[0, 0]
    assert cell.formula == "'表 1'!B1"


def test_a_shared_formula_is_moved_to_each_cell_that_shares_it() -> None:
    point = b"\x01" + struct.pack("<2H", 0, 2)
    moving = b"\x4c" + struct.pack("<2H", 0, 0xC0FE) + b"\x4c" + struct.pack("<2H", 0, 0xC0FF) + b"\x03"
    shared = record(
        0x04BC, struct.pack("<2H2B2B", 0, 1, 2, 2, 0, 2) + struct.pack("<H", len(moving)) + moving
    )
    grid = xls(formula(0, 2, point) + shared + formula(1, 2, point))
    assert [grid.cells[row, 2].formula for row in (0, 1)] == ["A1+B1", "A2+B2"]


def test_the_text_a_formula_gave_stands_in_a_record_of_its_own() -> None:
    grid = xls(
        formula(0, 0, b"\x1e\x01\0", b"\0" * 6 + b"\xff\xff")
        + record(0x0207, narrow("优"))
        + formula(0, 1, b"\x1e\x01\0", b"\x01\0\x01\0\0\0\xff\xff")
        + formula(0, 2, b"\x1e\x01\0", b"\x02\0\x2a\0\0\0\xff\xff")
        + formula(0, 3, b"\x1e\x01\0", b"\x03\0\0\0\0\0\xff\xff")
    )
    assert texts(grid) == [["优", "TRUE", "#N/A", ""]]
    assert all(cell.formula == "1" and cell.calculated for cell in grid.cells.values())


def test_a_chart_inside_a_sheet_is_passed_over() -> None:
    chart = (
        record(0x0809, struct.pack("<4H2I", 0x0600, 0x0020, 0, 0, 0, 0)) + number(9, 9, 9) + record(0x000A)
    )
    assert texts(xls(number(0, 0, 1) + chart + number(0, 1, 2))) == [["1", "2"]]


def test_a_sheet_cut_short_is_read_so_far_and_said_so() -> None:
    stream = workbook_stream(number(0, 0, 1) + number(0, 1, 2))[:-22]
    document = read_bytes(compound({"Workbook": stream}), "表.xls")
    assert texts(document.grids[0]) == [["1"]]
    assert "不完整" in document.notices[0]


def test_a_cell_in_the_last_corner_allocates_nothing() -> None:
    grid = xls(number(0, 0, 1) + number(65535, 255, 2))
    assert (grid.n_rows, grid.n_cols) == (1, 1)


def test_excel_95_workbooks_are_read_in_their_code_page() -> None:
    tab = "表".encode("gbk")
    head = record(0x0809, struct.pack("<4H", 0x0500, 0x0005, 0, 0)) + record(0x0042, struct.pack("<H", 936))
    size = len(head) + 4 + 7 + len(tab) + 4
    head += record(0x0085, struct.pack("<I3B", size, 0, 0, len(tab)) + tab) + record(0x000A)
    said = "合计".encode("gbk")
    cells = record(0x0204, struct.pack("<4H", 0, 0, 0, len(said)) + said) + formula(0, 1, b"\x1e\x01\0")
    stream = head + record(0x0809, struct.pack("<4H", 0x0500, 0x0010, 0, 0)) + cells + record(0x000A)
    grid = read_bytes(compound({"Book": stream}), "表.xls").grids[0]
    assert (grid.name, texts(grid)) == ("表", [["合计", "7"]])
    assert grid.cells[0, 1].formula == "…"


def test_an_et_file_is_read_alike_and_called_et() -> None:
    data = compound({"Workbook": workbook_stream(label(0, 0, "合计")), "ETExtData": b"x"})
    document = read_bytes(data, "表.et")
    assert (document.kind, document.grids[0].text(0, 0)) == ("et", "合计")


def test_a_version_before_excel_95_is_unsupported() -> None:
    stream = record(0x0809, struct.pack("<2H", 0x0400, 0x0005) + bytes(8))
    assert refusal(compound({"Book": stream}), "表.xls").code is ReasonCode.UNSUPPORTED


def test_more_records_than_any_honest_workbook_has_are_too_large() -> None:
    data = compound({"Workbook": workbook_stream(record(0x0201, bytes(6)) * 50)})
    assert refusal(data, "表.xls", Limits(tags=100)).code is ReasonCode.TOO_LARGE


def test_sector_chains_that_go_round_are_unreadable() -> None:
    data = bytearray(compound({"Workbook": workbook_stream(number(0, 0, 1))}))
    # The directory is the last sector but one; let its chain point at itself.
    table = len(data) - 512
    directory = struct.unpack_from("<I", data, 48)[0]
    struct.pack_into("<I", data, table + 4 * directory, directory)
    assert refusal(bytes(data), "表.xls").code is ReasonCode.UNREADABLE
