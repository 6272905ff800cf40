"""What is fuzzed: each target takes any bytes and fails only where this program has a fault.

A refusal with a reason is an answer; another exception, or an answer that breaks a promise, is a fault. Bytes that only
a checksum would let through (parts of a zip file) are put where they belong, so that mutations reach the readers.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from decimal import Decimal

from gouji.acceptance import parse
from gouji.checking import check_bytes
from gouji.number import read_number
from gouji.result import Status
from gouji.seal.keys import KeyProblemError, PublicKey, parse_trust
from gouji.seal.manifest import BadManifestError, read_manifest
from gouji.seal.verifying import verify
from gouji.source import Limits, read_bytes
from gouji.source.document import SourceRefusedError, cell_name
from gouji.write.cells import EditRefusedError
from gouji.write.package import Package
from tests.source.build import book_parts, compound, report_parts, zipped

__all__ = ["TARGETS"]

#: Small caps: what is searched for is wrong answers, not long ones.
LIMITS = Limits(cells=5_000, covered=20_000, text_chars=200_000, tags=50_000, tree_tags=20_000, lines=2_000)


def _read(data: bytes, name: str) -> None:
    try:
        read_bytes(data, name, limits=LIMITS)
    except SourceRefusedError as refusal:
        assert name in refusal.reason.text  # noqa: PT017 - a refusal names the file, whatever is in it
        cause = refusal.__cause__
        if cause is not None and type(cause).__name__ not in {"ParseError", "ExpatError"}:
            raise cause from refusal  # a surprise of the reader, told to the user as damage


def archive(data: bytes) -> None:
    """The zip layer and whatever it lets through."""
    _read(b"PK\x03\x04" + data if not data.startswith(b"PK") else data, "x.xlsx")


def sheet(data: bytes) -> None:
    """The XML of a worksheet."""
    _read(zipped(book_parts("") | {"xl/worksheets/sheet1.xml": data}), "x.xlsx")


def strings_and_styles(data: bytes) -> None:
    """Shared strings and styles, split at the first line feed."""
    strings, _, styles = data.partition(b"\n")
    cell = '<sheetData><row><c t="s" s="1"><v>0</v></c><c s="1"><v>45000.5</v></c></row></sheetData>'
    _read(zipped(book_parts(cell) | {"xl/sharedStrings.xml": strings, "xl/styles.xml": styles}), "x.xlsx")


def report(data: bytes) -> None:
    """The XML of a Word document."""
    _read(zipped(report_parts("") | {"word/document.xml": data}), "x.docx")


def old_workbook(data: bytes) -> None:
    """The records of an old workbook."""
    _read(compound({"Workbook": data}), "x.xls")


def ole(data: bytes) -> None:
    """The container of old files."""
    _read(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + data, "x.xls")


def text(data: bytes) -> None:
    """An exported text, from its bytes to its findings."""
    result = check_bytes(data, "x.txt")
    assert result.status is not Status.NOT_CHECKED or result.reason is not None


def checked_sheet(data: bytes) -> None:
    """A table of texts, from cells to findings: rows are lines, cells are tabs; with crashes raised."""
    rows = []
    for line in data.decode("utf-8", "replace").splitlines()[:60]:
        cells = "".join(f'<c t="str"><v>{_escaped(each)}</v></c>' for each in line.split("\t")[:20])
        rows.append(f"<row>{cells}</row>")
    os.environ["GOUJI_DEBUG"] = "1"
    try:
        check_bytes(zipped(book_parts(f"<sheetData>{''.join(rows)}</sheetData>")), "x.xlsx")
    finally:
        del os.environ["GOUJI_DEBUG"]


def _escaped(text: str) -> str:
    kept = "".join(char for char in text if char >= " " and char not in "\ufffe\uffff")
    return kept.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def number(data: bytes) -> None:
    """A typed number."""
    typed = data.decode("utf-8", "surrogateescape")
    reading = read_number(typed)
    assert reading.text == typed
    assert reading.value is None or reading.value.is_finite()


def writer(data: bytes) -> None:
    """The surgical writer on a worksheet that a stranger wrote: refused, or what was typed can be read back."""
    book = zipped(book_parts("") | {"xl/worksheets/sheet1.xml": data})
    try:
        package = Package(book)
        package.set_values("表", {"B2": Decimal("1.5"), "C3": "=1+1<&>"})
        package.set_fills("表", {"B2": "FFB9B3"})
        made = package.to_bytes()
    except (SourceRefusedError, EditRefusedError, KeyError):
        return
    assert Package(made).value("表", "B2") == Decimal("1.5")
    assert Package(made).value("表", "C3") == "=1+1<&>"
    try:
        read_bytes(book, "x.xlsx", limits=LIMITS)
        grid = read_bytes(made, "x.xlsx", limits=LIMITS).grids[0]
    except SourceRefusedError:
        return
    shown = {cell_name(*at): cell for at, cell in grid.cells.items()}
    assert "C3" not in shown or shown["C3"].formula is None


def package(data: bytes) -> None:
    """A submission package: zip, manifest, trust list, explanations."""
    assert verify(data, "x.zip", (PublicKey("ab" * 32, "x"),), limits=LIMITS).exit_status == 2
    with contextlib.suppress(BadManifestError):
        read_manifest(data)
    parse(data, "x.xlsx")
    with contextlib.suppress(KeyProblemError):
        parse_trust(data.decode("utf-8", "replace"), "x")


TARGETS: dict[str, Callable[[bytes], None]] = {
    each.__name__: each
    for each in (
        archive,
        sheet,
        strings_and_styles,
        report,
        old_workbook,
        ole,
        text,
        checked_sheet,
        number,
        writer,
        package,
    )
}
