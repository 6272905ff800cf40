"""The very hidden sheet that remembers how to take an annotation away.

It holds three things, because an annotated copy may come back as it was, edited by this program, or saved
anew by Excel, WPS or LibreOffice:

* for each mark its number, sheet and cell, and a *specimen*: an empty cell in the style the marked cell had.
  Whoever saves the file renumbers the styles of both alike, so the specimen still shows the old looks;
* the splices that undo every edit byte for byte, each with the hash of the part they apply to. They hold
  only for parts that nobody touched since;
* the parts that were added.

Rows: ``gouji.annotate/1`` | name of the summary sheet; ``mark`` | number | sheet | cell | specimen;
``undo`` | a piece of the packed undo data.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gouji.source.document import Visibility
from gouji.write import xmltext
from gouji.write.content import CellContent, Look, SheetContent
from gouji.write.marks import RECORD_SHEET, Mark
from gouji.write.package import Package
from gouji.write.parts import Journal
from gouji.write.xmltext import Splice

__all__ = ["SCHEMA", "Record", "Remembered", "pack", "read", "sheet_content", "undone"]

SCHEMA = "gouji.annotate/1"
_PIECE = 30_000  # a cell holds at most 32,767 characters
_MAX_UNPACKED = 64 << 20


@dataclass(frozen=True, slots=True)
class Remembered:
    """One mark as remembered; ``style`` is the index its cell had, in the numbering of today."""

    number: int
    sheet: str
    cell: str
    style: int


@dataclass(frozen=True, slots=True)
class Record:
    """What the record sheet says.

    ``undo`` maps a part to its hash and the steps that undo its edits; ``added`` maps added parts to hashes.
    """

    sheet: str
    marks: tuple[Remembered, ...]
    undo: dict[str, tuple[str, list[list[Splice]]]]
    added: dict[str, str]


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:32]


def pack(package: Package, journal: Journal, besides: str) -> str:
    """The undo data of a journal as text; ``besides`` is the part of the record sheet itself."""
    content = {
        "undo": {
            name: [
                _hash(package.parts.read(name)),
                [
                    [[one.start, one.end, base64.b64encode(one.new).decode()] for one in step]
                    for step in steps
                ],
            ]
            for name, steps in sorted(journal.undo.items())
        },
        "added": {name: _hash(package.parts.read(name)) for name in sorted(journal.added) if name != besides},
    }
    return base64.b64encode(zlib.compress(json.dumps(content).encode(), 9)).decode()


def _unpack(text: str) -> tuple[dict[str, tuple[str, list[list[Splice]]]], dict[str, str]]:
    """The undo data of a packed text; nothing where it is damaged (the marks then go by their looks)."""
    try:
        inflater = zlib.decompressobj()
        raw = inflater.decompress(base64.b64decode(text, validate=True), _MAX_UNPACKED)
        content = json.loads(raw)
        undo = {
            name: (
                str(digest),
                [[Splice(int(a), int(b), base64.b64decode(old)) for a, b, old in step] for step in steps],
            )
            for name, (digest, steps) in content["undo"].items()
        }
        added = {str(name): str(digest) for name, digest in content["added"].items()}
    except (ValueError, KeyError, TypeError, AttributeError, zlib.error, binascii.Error):
        return {}, {}
    return undo, added


def sheet_content(
    name: str, summary: str, marks: Iterable[Mark], styles: Mapping[tuple[str, str], int], undo: str
) -> SheetContent:
    """The record sheet. ``styles`` gives the style index each marked cell had."""
    rows: list[tuple[CellContent | None, ...]] = [(CellContent(SCHEMA), CellContent(summary))]
    rows += [
        (
            CellContent("mark"),
            CellContent(mark.number),
            CellContent(mark.sheet),
            CellContent(mark.cell),
            CellContent(None, Look(base=styles[mark.sheet, mark.cell])),
        )
        for mark in marks
    ]
    rows += [
        (CellContent("undo"), CellContent(undo[start : start + _PIECE]))
        for start in range(0, len(undo), _PIECE)
    ]
    return SheetContent(name, tuple(rows), state=Visibility.VERY_HIDDEN)


def read(package: Package) -> Record | None:
    """The record of an annotated workbook; None where there is none."""
    for sheet in package.worksheets:
        if sheet.name.casefold().startswith(RECORD_SHEET) and package.value(sheet.name, "A1") == SCHEMA:
            return _read(package, sheet.name)
    return None


def _read(package: Package, name: str) -> Record:
    marks = []
    pieces = []
    for row in package.map(name).rows[1:]:
        kind = package.value(name, f"A{row.number}")
        if kind == "undo":
            pieces.append(str(package.value(name, f"B{row.number}")))
        elif kind == "mark":
            number, sheet, cell = (package.value(name, f"{column}{row.number}") for column in "BCD")
            if number is not None and isinstance(sheet, str) and isinstance(cell, str):
                style = package.style(name, f"E{row.number}")
                marks.append(Remembered(int(str(number)), sheet, cell, style))
    undo, added = _unpack("".join(pieces))
    return Record(name, tuple(marks), undo, added)


def undone(package: Package, record: Record) -> dict[str, bytes | None]:
    """What each part was before the annotation, for the parts nobody touched since.

    None stands for a part that was added.
    """
    found: dict[str, bytes | None] = {}
    for name, (digest, steps) in record.undo.items():
        if name in package.parts and _hash(package.parts.read(name)) == digest:
            data = package.parts.read(name)
            for step in reversed(steps):
                data = xmltext.apply(data, step)
            found[name] = data
    for name, digest in record.added.items():
        if name in package.parts and _hash(package.parts.read(name)) == digest:
            found[name] = None
    return found
