"""Files written out by hand for the reader's tests, so that every byte of them is known."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pytest

from gouji.source import read_bytes
from gouji.source.document import Document, Grid, Reason, SourceRefusedError
from gouji.source.limits import Limits

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_RELS = "http://purl.oclc.org/ooxml/officeDocument/relationships"
PACKAGE_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
BOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
REPORT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def zipped(parts: Mapping[str, bytes | str], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of these parts in this order."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def _package(main: str, content_type: str, rels: str) -> dict[str, bytes | str]:
    return {
        "[Content_Types].xml": f'<Types xmlns="{TYPES}"><Override PartName="/{main}" ContentType="{content_type}"/></Types>',
        "_rels/.rels": (
            f'<Relationships xmlns="{PACKAGE_RELS}">'
            f'<Relationship Id="rId1" Type="{rels}/officeDocument" Target="{main}"/></Relationships>'
        ),
    }


def book_parts(
    sheets: Mapping[str, str] | str,
    *,
    strings: Sequence[str] = (),
    formats: Sequence[str] = (),
    states: Mapping[str, str] | None = None,
    date_1904: bool = False,
    strict: bool = False,
    content_type: str = BOOK_TYPE,
) -> dict[str, bytes | str]:
    """The parts of a workbook.

    Args:
        sheets: The inside of each ``<worksheet>`` by the sheet's name, or of the only one.
        strings: The inside of each ``<si>``.
        formats: Number formats; style 1 has the first one.
        states: ``hidden`` or ``veryHidden`` by the sheet's name.
        date_1904: Whether days count from 1904.
        strict: Whether the namespaces are those of Strict OOXML.
        content_type: That of the main part.
    """
    if isinstance(sheets, str):
        sheets = {"表": sheets}
    main, rels = (STRICT, STRICT_RELS) if strict else (MAIN, RELS)
    tabs = "".join(
        f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"'
        + (f' state="{states[name]}"' if states and name in states else "")
        + "/>"
        for n, name in enumerate(sheets, 1)
    )
    related = "".join(
        f'<Relationship Id="rId{n}" Type="{rels}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    styles = "".join(
        f'<numFmt numFmtId="{200 + n}" formatCode="{_quoted(code)}"/>' for n, code in enumerate(formats)
    )
    cells = "".join(f'<xf numFmtId="{200 + n}"/>' for n in range(len(formats)))
    parts = _package("xl/workbook.xml", content_type, rels)
    parts |= {
        "xl/workbook.xml": (
            f'<workbook xmlns="{main}" xmlns:r="{rels}"><workbookPr date1904="{int(date_1904)}"/>'
            f"<sheets>{tabs}</sheets></workbook>"
        ),
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{PACKAGE_RELS}">{related}'
            f'<Relationship Id="rIdS" Type="{rels}/styles" Target="styles.xml"/>'
            f'<Relationship Id="rIdT" Type="{rels}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
        ),
        "xl/styles.xml": (
            f'<styleSheet xmlns="{main}"><numFmts>{styles}</numFmts>'
            f'<cellXfs><xf numFmtId="0"/>{cells}</cellXfs></styleSheet>'
        ),
        "xl/sharedStrings.xml": f'<sst xmlns="{main}">{"".join(f"<si>{text}</si>" for text in strings)}</sst>',
    }
    for n, inside in enumerate(sheets.values(), 1):
        parts[f"xl/worksheets/sheet{n}.xml"] = f'<worksheet xmlns="{main}">{inside}</worksheet>'
    return parts


def _quoted(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def rows(*cells: str) -> str:
    """A ``<sheetData>`` with one row for each text of cells."""
    inside = "".join(f'<row r="{n}">{row}</row>' for n, row in enumerate(cells, 1))
    return f"<sheetData>{inside}</sheetData>"


def report_parts(body: str) -> dict[str, bytes | str]:
    """The parts of a Word document with this inside its body."""
    return _package("word/document.xml", REPORT_TYPE, RELS) | {
        "word/document.xml": (
            f'<w:document xmlns:w="{WORD}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
            'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
            f'xmlns:v="urn:schemas-microsoft-com:vml"><w:body>{body}</w:body></w:document>'
        )
    }


def book(sheets: Mapping[str, str] | str, **options: object) -> Document:
    """A workbook of these sheets, read."""
    return read_bytes(zipped(book_parts(sheets, **options)), "自评表.xlsx")  # type: ignore[arg-type]  # a number, as the caller made sure


def sheet(inside: str, **options: object) -> Grid:
    """A workbook of one sheet, read."""
    return book(inside, **options).grids[0]


def report(body: str) -> Document:
    """A Word document with this inside its body, read."""
    return read_bytes(zipped(report_parts(body)), "报告.docx")


def refusal(data: bytes, name: str = "文件.xlsx", limits: Limits | None = None) -> Reason:
    """Why reading these bytes is refused; fails where it is not."""
    with pytest.raises(SourceRefusedError) as caught:
        read_bytes(data, name, limits=limits)
    reason = caught.value.reason
    assert name in reason.text, "a refusal names the file"
    assert "请" in reason.text, "a refusal says the way out"
    return reason


def texts(grid: Grid) -> list[list[str]]:
    """What every position of a grid shows."""
    return [[grid.text(row, col) for col in range(grid.n_cols)] for row in range(grid.n_rows)]


# ---------------------------------------------------------------- old binary files


def record(kind: int, data: bytes = b"") -> bytes:
    """One record of a workbook stream."""
    return struct.pack("<2H", kind, len(data)) + data


def narrow(text: str, count: str = "<H") -> bytes:
    """A string of BIFF8, as its count, flag byte and UTF-16 characters."""
    return struct.pack(count, len(text)) + b"\x01" + text.encode("utf-16-le")


def workbook_stream(
    cells: bytes, *, formats: Sequence[str] = (), strings: bytes = b"", extra: bytes = b"", name: str = "表"
) -> bytes:
    """A BIFF8 workbook of one sheet whose substream has these records."""
    start = record(0x0809, struct.pack("<4H2I", 0x0600, 0x0005, 0, 0, 0, 0)) + extra
    for n, code in enumerate(formats):
        start += record(0x041E, struct.pack("<H", 200 + n) + narrow(code))
    for number in (0, *range(200, 200 + len(formats))):
        start += record(0x00E0, struct.pack("<2H", 0, number) + bytes(16))
    tab = struct.pack("<2B", len(name), 1) + name.encode("utf-16-le")
    size = len(start) + 4 + 6 + len(tab) + len(strings) + 4
    start += record(0x0085, struct.pack("<I2B", size, 0, 0) + tab) + strings + record(0x000A)
    assert len(start) == size
    return start + record(0x0809, struct.pack("<4H2I", 0x0600, 0x0010, 0, 0, 0, 0)) + cells + record(0x000A)


def compound(streams: Mapping[str, bytes]) -> bytes:
    """An OLE compound file with these streams, all in large sectors."""
    sector = 512
    sectors: list[bytes] = []
    fat: list[int] = []

    def store(data: bytes) -> int:
        first = len(sectors)
        count = max(1, -(-len(data) // sector))
        for n in range(count):
            sectors.append(data[n * sector : (n + 1) * sector].ljust(sector, b"\0"))
            fat.append(first + n + 1 if n + 1 < count else 0xFFFFFFFE)
        return first

    entries = [_entry("Root Entry", 5, 0xFFFFFFFE, 0)]
    # A stream below the cut-off would stand in the small sectors; padding keeps this writer simple.
    for name, data in streams.items():
        padded = data.ljust(4096, b"\0")
        entries.append(_entry(name, 2, store(padded), len(padded)))
    while len(entries) % 4:
        entries.append(bytes(128))
    directory = store(b"".join(entries))
    n_fat = 1
    while (len(sectors) + n_fat) * 4 > n_fat * sector:
        n_fat += 1
    first_fat = len(sectors)
    fat += [0xFFFFFFFD] * n_fat
    table = struct.pack(f"<{len(fat)}I", *fat).ljust(n_fat * sector, b"\xff")
    difat = [first_fat + n for n in range(n_fat)] + [0xFFFFFFFF] * (109 - n_fat)
    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(16)
        + struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6)
        + bytes(6)
        + struct.pack("<I", 0)
        + struct.pack("<I", n_fat)
        + struct.pack("<I", directory)
        + struct.pack("<I", 0)
        + struct.pack("<I", 4096)
        + struct.pack("<I", 0xFFFFFFFE)
        + struct.pack("<I", 0)
        + struct.pack("<I", 0xFFFFFFFE)
        + struct.pack("<I", 0)
        + struct.pack("<109I", *difat)
    )
    assert len(header) == sector
    return header + b"".join(sectors) + table


def _entry(name: str, kind: int, start: int, size: int) -> bytes:
    label = name.encode("utf-16-le") + b"\0\0"
    return (
        label.ljust(64, b"\0")
        + struct.pack("<H2B3I", len(label), kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF)
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )


def xls(cells: bytes, **options: object) -> Grid:
    """An .xls of one sheet, read."""
    return read_bytes(compound({"Workbook": workbook_stream(cells, **options)}), "表.xls").grids[0]  # type: ignore[arg-type]  # a number, as the caller made sure


def saved(folder: Path, name: str, data: bytes | Iterable[str]) -> Path:
    """A file in a folder."""
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else "\n".join(data).encode())
    return path
