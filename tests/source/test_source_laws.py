"""Whatever the bytes: a document or a coded refusal, never anything else."""

from __future__ import annotations

import base64
import io
import struct
import subprocess
import sys
import zipfile

import openpyxl
from hypothesis import given, settings
from hypothesis import strategies as st

from gouji.source import Limits, read_bytes
from gouji.source.document import Document, SourceRefusedError
from tests.source.build import book_parts, compound, record, report_parts, rows, workbook_stream, zipped

SMALL = Limits(
    file_bytes=1 << 20, total_bytes=1 << 22, xml_bytes=1 << 22, part_bytes=1 << 22, cells=5000, tags=50_000
)
BOOK = book_parts(
    rows('<c r="A1" s="1"><v>1.5</v></c><c r="B1" t="s"><v>0</v></c><c r="C1"><f>A1*2</f><v>3</v></c>')
    + '<mergeCells><mergeCell ref="A2:B3"/></mergeCells>',
    strings=["<t>合计</t>"],
    formats=["0.00%"],
)
REPORT = report_parts(
    "<w:p><w:r><w:t>一</w:t></w:r></w:p><w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val='2'/></w:tcPr><w:p/></w:tc></w:tr></w:tbl>"
)
OLD = compound(
    {
        "Workbook": workbook_stream(
            record(0x0203, struct.pack("<3Hd", 0, 0, 0, 1.5))
            + record(0x0204, struct.pack("<4HB", 0, 1, 0, 2, 0) + b"ab")
            + record(
                0x0006, struct.pack("<3H", 0, 2, 0) + bytes(14) + struct.pack("<H", 5) + b"\x44\0\0\0\xc0"
            )
            + record(0x00E5, struct.pack("<5H", 1, 1, 2, 0, 1)),
            formats=["0.00"],
            strings=record(0x00FC, struct.pack("<2I", 1, 1) + struct.pack("<HB", 2, 0) + b"cd"),
        )
    }
)


def outcome(data: bytes, name: str) -> Document | None:
    try:
        return read_bytes(data, name, limits=SMALL)
    except SourceRefusedError:
        return None


@settings(max_examples=150)
@given(st.binary(max_size=400), st.sampled_from(["a.xlsx", "a.xls", "a.docx", "a.txt", "a"]))
def test_any_bytes_end_in_a_document_or_a_refusal(data: bytes, name: str) -> None:
    outcome(data, name)


@settings(max_examples=150)
@given(
    st.sampled_from([zipped(BOOK), zipped(REPORT), zipped(BOOK, method=zipfile.ZIP_STORED), OLD]),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=6),
    st.floats(0.2, 1),
)
def test_any_change_of_a_good_file_ends_in_a_document_or_a_refusal(
    good: bytes, changes: list[tuple[float, int]], kept: float
) -> None:
    data = bytearray(good)
    for where, value in changes:
        data[int(where * len(data))] = value
    outcome(bytes(data[: int(kept * len(data)) if kept < 0.5 else len(data)]), "文件.xlsx")


@settings(max_examples=150)
@given(
    st.sampled_from(["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml"]),
    st.lists(
        st.tuples(
            st.floats(0, 1, exclude_max=True),
            st.sampled_from(
                [
                    '"',
                    "9999999999",
                    "-1",
                    "<c/>",
                    "</c>",
                    "A0",
                    "XFD1048576",
                    "é",
                    "",
                    "1e999",
                    "_x0000_",
                    "<f t='shared' si='0'/>",
                    ":",
                ]
            ),
        ),
        min_size=1,
        max_size=4,
    ),
)
def test_any_change_inside_a_part_ends_in_a_document_or_a_refusal(
    part: str, changes: list[tuple[float, str]]
) -> None:
    text = str(BOOK[part])
    for where, inserted in changes:
        at = int(where * len(text))
        text = text[:at] + inserted + text[at + len(inserted) // 2 :]
    outcome(zipped(BOOK | {part: text}), "文件.xlsx")


@settings(max_examples=60)
@given(
    st.lists(
        st.lists(
            st.none()
            | st.integers(-(10**9), 10**9)
            | st.decimals(-(10**6), 10**6, places=2).map(float)
            | st.booleans()
            | st.text("甲乙 1.%=\n", min_size=1, max_size=6).filter(lambda text: not text.startswith("=")),
            min_size=1,
            max_size=4,
        ),
        min_size=1,
        max_size=4,
    )
)
def test_what_openpyxl_writes_reads_back_the_same(values: list[list[object]]) -> None:
    made = openpyxl.Workbook()
    for row in values:
        made.active.append(row)
    out = io.BytesIO()
    made.save(out)
    grid = read_bytes(out.getvalue(), "表.xlsx").grids[0]
    for r, row in enumerate(values):
        for c, value in enumerate(row):
            cell = grid.cells.get((r, c))
            found = None if cell is None else cell.value
            assert found == value or (
                isinstance(value, float) and found is not None and float(str(found)) == value
            )


def test_importing_the_package_and_reading_a_workbook_needs_no_office_library() -> None:
    program = (
        "import sys, base64, gouji.source as s;"
        "assert 'zipfile' not in sys.modules and 'xml' not in sys.modules;"
        "s.read_bytes(base64.b64decode(sys.argv[1]), 'a.xlsx');"
        "print(sorted({'openpyxl','docx','lxml','pandas','cellrune','python_calamine','subprocess'} & set(sys.modules)))"
    )
    data = base64.b64encode(zipped(BOOK)).decode()
    done = subprocess.run([sys.executable, "-c", program, data], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
