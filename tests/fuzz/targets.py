"""What is fuzzed: each target takes any bytes and fails only where this program has a fault.

A refusal with a reason is an answer; another exception, or an answer that breaks a promise, is a fault. Bytes that only
a checksum would let through (parts of a zip file) are put where they belong, so that mutations reach the readers.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from gouji.acceptance import parse
from gouji.checking import check_bytes
from gouji.command.seal import verdict_as_json, verdict_as_text
from gouji.number import read_number
from gouji.report.words import shown
from gouji.result import Status
from gouji.seal.bundle import pack, unpack
from gouji.seal.keys import KeyProblemError, PublicKey, SigningKey, parse_trust
from gouji.seal.manifest import (
    CELLS,
    MANIFEST,
    SIGNATURE,
    BadManifestError,
    message,
    read_manifest,
    sha256,
)
from gouji.seal.sealing import seal
from gouji.seal.verifying import Verdict, verify
from gouji.source import Limits, read_bytes
from gouji.source.document import SourceRefusedError, cell_name
from gouji.write.cells import EditRefusedError
from gouji.write.package import Package
from gouji.write.word import Comment, Replacement, Spot, WordFile
from tests.source.build import book_parts, compound, report_parts, rows, zipped

__all__ = ["TARGETS", "sealed"]

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


@cache
def sealed() -> tuple[SigningKey, dict[str, bytes]]:
    """A small package and the key that sealed it: always the same, for a manifest that was kept names the key."""
    private = Ed25519PrivateKey.from_private_bytes(b"not secret".ljust(32))
    raw = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    key = SigningKey(PublicKey(raw.hex(), "x"), private)
    table = rows(*("".join(f'<c t="str"><v>{text}</v></c>' for text in row) for row in _TABLE))
    with TemporaryDirectory() as folder:
        book = Path(folder) / "自评表.xlsx"
        book.write_bytes(zipped(book_parts(table)))
        made = seal(str(book), None, key, moment=datetime(2025, 3, 1, tzinfo=UTC))
    return key, unpack(made.data, "x.zip", MANIFEST).parts


_TABLE = (
    ("项目名称", "年初预算数", "全年预算数", "全年执行数", "执行率"),
    ("合计", "10", "20.5.1", "20", "97.56%"),
    ("其中：财政拨款", "10", "20.5", "20", "97.56%"),
)


def _signed(changed: dict[str, bytes], manifest: bytes) -> Verdict:
    """What becomes of a package whose sealer wrote what he liked; it can be told in words and as JSON."""
    key, parts = sealed()
    made = parts | changed | {MANIFEST: manifest, SIGNATURE: key.sign(message(manifest))}
    found = verify(pack(made), "x.zip", (key.public,), recheck=True, limits=LIMITS)
    for line in verdict_as_text(found):
        assert line == shown(line) or line.lstrip() == shown(line)
    json.dumps(verdict_as_json(found, "x.zip"))
    return found


def manifest(data: bytes) -> None:
    """A manifest that a trusted sealer signed, whatever it says."""
    _signed({}, data)


def snapshot(data: bytes) -> None:
    """The contents that a trusted sealer put down, held against a workbook that differs."""
    content: dict[str, Any] = json.loads(sealed()[1][MANIFEST])
    for part in content["parts"]:
        if part["name"] == CELLS:
            part |= {"sha256": sha256(data), "size": len(data)}
    other = zipped(book_parts(rows('<c t="str"><v>合计</v></c><c><v>1</v></c>')))
    assert _signed({CELLS: data, "workbook.xlsx": other}, rfc8785.dumps(content)).exit_status == 2


def word_writer(data: bytes) -> None:
    """Comments and tracked changes in a report that a stranger wrote: refused, or it can be read and is the same text."""
    book = zipped(report_parts("") | {"word/document.xml": data})
    try:
        before = read_bytes(book, "x.docx", limits=LIMITS)
        word = WordFile(book)
        first = next((each for each in before.paragraphs if each.text.strip()), None)
        table = before.grids[0] if before.grids else None
        spots = [Spot()] + ([Spot(number=first.number, words=first.text[:3])] if first else [])
        spots += (
            [Spot(sheet=table.name, cell=cell_name(*at)) for at in list(table.cells)[:3]] if table else []
        )
        word.mark([Comment(spot, ("说明 <&>", "")) for spot in spots], [])
        marked = word.to_bytes()
        word.mark([], [Replacement(spot, "新的<&>") for spot in spots[1:]])
        changed = word.to_bytes()
    except (SourceRefusedError, EditRefusedError):
        return
    after = read_bytes(marked, "x.docx", limits=LIMITS)
    assert [each.text for each in after.paragraphs] == [each.text for each in before.paragraphs]
    assert WordFile(marked).clear() >= 0
    read_bytes(changed, "x.docx", limits=LIMITS)


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
        word_writer,
        package,
        manifest,
        snapshot,
    )
}
