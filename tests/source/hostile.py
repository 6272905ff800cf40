"""Files that a stranger might send to harm the receiver's machine, each built from nothing.

Every entry says what may become of it: the reason codes it may be refused with, or ``None`` among them where it may also
be survived (checked like any other file). tests/source/test_hostile.py tries the small ones in this process;
benchmarks/hostile.py tries all of them in processes of their own and measures time and memory.
"""

from __future__ import annotations

import io
import random
import struct
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from tests.source.build import (
    MAIN,
    PACKAGE_RELS,
    RELS,
    WORD,
    book_parts,
    compound,
    record,
    report_parts,
    rows,
    workbook_stream,
    zipped,
)

CELL = rows('<c r="A1"><v>1</v></c>')
#: An honest beginning, so that what survives is also located, ruled and repaired.
HEAD = rows(
    '<c r="A1" t="str"><v>部门整体支出绩效自评表</v></c>',
    "".join(
        f'<c t="str"><v>{text}</v></c>'
        for text in (
            "一级指标",
            "二级指标",
            "三级指标",
            "年度指标值",
            "实际完成值",
            "分值",
            "得分",
            "偏差原因",
        )
    ),
    '<c t="str"><v>产出指标</v></c><c t="str"><v>数量指标</v></c><c t="str"><v>培训人数</v></c>'
    '<c t="str"><v>≥200人</v></c><c t="str"><v>280人</v></c><c><v>10</v></c><c><v>10</v></c>',
)


@dataclass(frozen=True)
class Hostile:
    """One file: its name, how to build it, and what may become of it (None: survived)."""

    name: str
    build: Callable[[], bytes]
    may: frozenset[str | None]
    small: bool = True


def _may(*codes: str | None) -> frozenset[str | None]:
    return frozenset(codes)


def _bomb_part() -> bytes:
    """One part that inflates a thousandfold."""
    return zipped(book_parts(CELL) | {"xl/media/image1.bin": b"\0" * (90 << 20)})


def _bomb_many() -> bytes:
    """Many parts, each below the cap, that together fill the memory."""
    blank = b"\0" * (4 << 20)
    return zipped(book_parts(CELL) | {f"xl/media/image{n}.bin": blank for n in range(100)})


def _bomb_overlap() -> bytes:
    """Many directory entries that share the bytes of one member (as David Fifield's)."""
    data = bytearray(zipped(book_parts(CELL) | {"xl/media/a.bin": b"\0" * (3 << 20)}))
    end = data.rindex(b"PK\x05\x06")
    start = struct.unpack_from("<I", data, end + 16)[0]
    at = data.rindex(b"xl/media/a.bin") - 46
    entry = bytes(data[at : at + 46 + 14])
    more = b"".join(entry[:46] + f"xl/media/{n:05}".encode() for n in range(1000))
    count, size = struct.unpack_from("<H", data, end + 10)[0], end - start
    tail = struct.pack(
        "<4s4H2LH", b"PK\x05\x06", 0, 0, count + 1000, count + 1000, size + len(more), start, 0
    )
    return bytes(data[:end]) + more + tail


def _bomb_lie() -> bytes:
    """A part that says it holds a hundred bytes and inflates to millions."""
    data = bytearray(zipped(book_parts(CELL) | {"xl/theme/theme1.xml": b"<a>" + b" " * (30 << 20) + b"</a>"}))
    for at in (data.rindex(b"xl/theme/theme1.xml") - 46 + 24, data.index(b"xl/theme/theme1.xml") - 30 + 22):
        struct.pack_into("<I", data, at, 100)
    return bytes(data)


def _bomb_nested() -> bytes:
    """A zip in a zip in a zip: the outer one is small, nobody may open the inner ones."""
    inner = zipped({"0": b"\0" * (64 << 20)})
    for _ in range(4):
        inner = zipped({str(n): inner for n in range(8)})
    return zipped(book_parts(CELL) | {"xl/embeddings/package1.zip": inner})


def _rows_of_cells(count: int) -> bytes:
    """A sheet of a great many cells."""
    row = "<c><v>1</v></c>" * 500
    inside = "".join(f"<row>{row}</row>" for _ in range(count // 500))
    return zipped(book_parts(f"<sheetData>{inside}</sheetData>"))


def _strings(count: int) -> bytes:
    """A forged count of shared strings, and cells that point beyond them."""
    parts = book_parts(rows('<c t="s"><v>4000000000</v></c><c t="s"><v>-1</v></c>') + "")
    parts["xl/sharedStrings.xml"] = (
        f'<sst xmlns="{MAIN}" count="{count}" uniqueCount="{count}"><si><t>x</t></si></sst>'
    )
    return zipped(parts)


def _forged_xls_strings() -> bytes:
    """An old workbook whose string table claims four thousand million strings."""
    table = record(0x00FC, struct.pack("<2I", 0xFFFFFFFF, 0xFFFFFFFF) + b"\x01\x00\x00a")
    return compound({"Workbook": workbook_stream(b"", extra=table)})


def _far_cell() -> bytes:
    """The last cell of the sheet, alone, and beyond it."""
    return zipped(book_parts(rows('<c r="XFD1048576"><v>1</v></c><c r="ZZZ9999999"><v>2</v></c>')))


def _far_xls_cell() -> bytes:
    number = record(0x0203, struct.pack("<3Hd", 65535, 65535, 15, 1.0))
    return compound({"Workbook": workbook_stream(number)})


def _merges(count: int, ref: str) -> bytes:
    areas = "".join(f'<mergeCell ref="{ref.format(n=n)}"/>' for n in range(1, count + 1))
    return zipped(book_parts(HEAD + f"<mergeCells>{areas}</mergeCells>"))


def _deep(depth: int) -> bytes:
    return zipped(book_parts(HEAD + "<a>" * depth + "</a>" * depth))


def _deep_report(depth: int) -> bytes:
    return zipped(report_parts("<w:tbl><w:tr><w:tc>" * depth + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * depth))


def _formula(text: str) -> bytes:
    return zipped(book_parts(HEAD.replace("<c><v>10</v></c>", f"<c><f>{text}</f><v>10</v></c>", 1)))


def _doctype(text: str) -> bytes:
    return zipped(book_parts(CELL) | {"xl/theme/theme1.xml": text})


def _laughs() -> str:
    """A thousand million laughs."""
    lines = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!DOCTYPE a [<!ENTITY l0 "ha">{lines}]><a>&l9;</a>'


def _duplicate() -> bytes:
    out = io.BytesIO(zipped(book_parts(CELL)))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("XL/Worksheets/Sheet1.xml", f'<worksheet xmlns="{MAIN}">{HEAD}</worksheet>')
    return out.getvalue()


def _external(port: int) -> bytes:
    """A workbook that asks for the network in every way there is: images, links, connections, external books."""
    url = f"http://127.0.0.1:{port}/"
    parts = book_parts(
        HEAD.replace(
            "<c><v>10</v></c>",
            f'<c><f>WEBSERVICE("{url}f")</f><v>10</v></c><c><f>[1]表!A1</f><v>1</v></c>',
            1,
        )
        + '<drawing r:id="rId1" xmlns:r="'
        + RELS
        + '"/>'
    )
    outside = "".join(
        f'<Relationship Id="rId{n}" Type="{RELS}/{kind}" Target="{url}{kind}" TargetMode="External"/>'
        for n, kind in enumerate(("drawing", "image", "hyperlink", "oleObject", "attachedTemplate"), 1)
    )
    parts["xl/worksheets/_rels/sheet1.xml.rels"] = (
        f'<Relationships xmlns="{PACKAGE_RELS}">{outside}</Relationships>'
    )
    parts["xl/connections.xml"] = (
        f'<connections xmlns="{MAIN}"><connection id="1" type="4" refreshOnLoad="1"><webPr url="{url}web"/>'
        "</connection></connections>"
    )
    parts["xl/externalLinks/externalLink1.xml"] = (
        f'<externalLink xmlns="{MAIN}"><externalBook xmlns:r="{RELS}" r:id="rId1"/></externalLink>'
    )
    parts["xl/externalLinks/_rels/externalLink1.xml.rels"] = (
        f'<Relationships xmlns="{PACKAGE_RELS}"><Relationship Id="rId1" Type="{RELS}/externalLinkPath" '
        f'Target="{url}book.xlsx" TargetMode="External"/></Relationships>'
    )
    return zipped(parts)


def _external_report(port: int) -> bytes:
    url = f"http://127.0.0.1:{port}/"
    parts = report_parts(
        f'<w:p><w:fldSimple w:instr="INCLUDEPICTURE &quot;{url}p&quot;"><w:r><w:t>绩效</w:t></w:r></w:fldSimple></w:p>'
    )
    parts["word/_rels/document.xml.rels"] = (
        f'<Relationships xmlns="{PACKAGE_RELS}"><Relationship Id="rId1" Type="{RELS}/attachedTemplate" '
        f'Target="{url}t.dotm" TargetMode="External"/></Relationships>'
    )
    return zipped(parts)


def _truncated(share: int) -> bytes:
    """The first tenths of an honest file."""
    data = zipped(book_parts(HEAD))
    return data[: len(data) * share // 10]


def _with_part(name: str) -> bytes:
    return zipped(book_parts(CELL) | {name: "x"})


def _words(count: int) -> str:
    """Prose that does not compress like a bomb."""
    draw = random.Random(1)  # noqa: S311 - no secret
    return "".join(
        f"预算支出{draw.randrange(10**6)}万元，其中项目支出{draw.randrange(10**6)}元。" for _ in range(count)
    )


def _long_text() -> bytes:
    return zipped(report_parts(f"<w:p><w:r><w:t>{_words(800_000)}</w:t></w:r></w:p>"))


def _long_cells() -> bytes:
    cells = "".join(f'<c t="str"><v>{_words(1000)}</v></c>' for _ in range(40))
    return zipped(book_parts(HEAD.replace("<c><v>10</v></c>", cells, 1)))


def hostile(port: int = 9) -> Iterator[Hostile]:
    """Every hostile file; ``port`` is where a listener waits for what must never come."""
    refused = ("hostile", "too-large", "unreadable")
    yield Hostile("bomb-one-part.xlsx", _bomb_part, _may("hostile"), small=False)
    yield Hostile("bomb-many-parts.xlsx", _bomb_many, _may("hostile", "too-large"), small=False)
    yield Hostile("bomb-overlapping.xlsx", _bomb_overlap, _may("hostile", "too-large"))
    yield Hostile("bomb-forged-size.xlsx", _bomb_lie, _may("hostile"), small=False)
    yield Hostile(
        "bomb-nested.xlsx", _bomb_nested, _may("hostile", "too-large", None, "nothing-known"), small=False
    )
    yield Hostile(
        "many-cells.xlsx", lambda: _rows_of_cells(1_000_000), _may("too-large", "hostile"), small=False
    )
    yield Hostile(
        "forged-strings.xlsx", lambda: _strings(4_000_000_000), _may(None, "nothing-known", *refused)
    )
    yield Hostile("forged-strings.xls", _forged_xls_strings, _may(None, "nothing-known", *refused))
    yield Hostile("far-cell.xlsx", _far_cell, _may(None, "nothing-known", *refused))
    yield Hostile("far-cell.xls", _far_xls_cell, _may(None, "nothing-known", *refused))
    yield Hostile(
        "merge-whole-sheet.xlsx",
        lambda: _merges(1, "A1:XFD1048576"),
        _may(None, "too-large", "nothing-known"),
    )
    yield Hostile("merges-many.xlsx", lambda: _merges(60_000, "A{n}:B{n}"), _may("too-large"), small=False)
    yield Hostile(
        "merges-nested.xlsx",
        lambda: _merges(40_000, "A1:Z{n}"),
        _may(None, "too-large", "hostile"),
        small=False,
    )
    yield Hostile(
        "deep-xml.xlsx", lambda: _deep(500_000), _may(None, "hostile", "too-large", "unreadable"), small=False
    )
    yield Hostile("deep-tables.docx", lambda: _deep_report(20_000), _may("hostile", "too-large"))
    yield Hostile(
        "deep-formula.xlsx", lambda: _formula("(" * 100_000 + "1" + ")" * 100_000), _may(None, "too-large")
    )
    yield Hostile(
        "deep-calls.xlsx", lambda: _formula("IF(1," * 3000 + "1" + ")" * 3000), _may(None, "too-large")
    )
    yield Hostile("long-formula.xlsx", lambda: _formula("1+" * 400_000 + "1"), _may(None, "too-large"))
    yield Hostile(
        "huge-range.xlsx", lambda: _formula("SUM(A1:XFD1048576)*SUM(A:XFD)"), _may(None, "not-calculated")
    )
    yield Hostile(
        "huge-power.xlsx",
        lambda: _formula("9^9^9^9*REPT(&quot;x&quot;,999999999)"),
        _may(None, "not-calculated"),
    )
    yield Hostile("dtd-laughs.xlsx", lambda: _doctype(_laughs()), _may("hostile"))
    yield Hostile(
        "dtd-file.xlsx",
        lambda: _doctype('<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'),
        _may("hostile"),
    )
    yield Hostile("duplicate-parts.xlsx", _duplicate, _may("hostile"))
    yield Hostile("encrypted.xlsx", lambda: compound({"EncryptedPackage": b"x" * 99}), _may("encrypted"))
    yield Hostile(
        "encrypted.xls",
        lambda: compound({"Workbook": workbook_stream(b"", extra=record(0x002F, b"\1\0" + bytes(52)))}),
        _may("encrypted"),
    )
    for share in (1, 3, 7, 9):
        yield Hostile(
            f"truncated-{share}.xlsx",
            partial(_truncated, share),
            _may("unreadable"),
        )
    yield Hostile(
        "html.xls", lambda: b"<html><script>alert(1)</script><table></table></html>", _may("unsupported")
    )
    yield Hostile("xls-renamed.xlsx", _far_xls_cell, _may(None, "nothing-known", *refused))
    yield Hostile("text-renamed.xlsx", lambda: b"a\tb\n" * 9, _may("unsupported"))
    for number, name in enumerate(
        ("../../evil.xml", "/etc/evil", "C:\\evil.xml", "xl/../../../evil", "\\\\host\\x")
    ):
        yield Hostile(
            f"traversal-{number}.xlsx",
            partial(_with_part, name),
            _may("hostile"),
        )
    yield Hostile("external.xlsx", lambda: _external(port), _may(None, "not-calculated"))
    yield Hostile("external.docx", lambda: _external_report(port), _may(None, "nothing-known"))
    yield Hostile(
        "long-line.txt",
        lambda: "绩效自评1".encode() * 3_000_000,
        _may("too-large", "nothing-known", None),
        small=False,
    )
    yield Hostile(
        "digits.txt", lambda: b"9" * 5_000_000, _may("too-large", "nothing-known", None), small=False
    )
    yield Hostile(
        "tabs.txt",
        lambda: ("绩效\t" * 2000 + "\n").encode() * 300,
        _may("too-large", "nothing-known", None),
        small=False,
    )
    long_number = f'<c t="str"><v>{"9" * 1_000_000}.{"9" * 1_000_000}万元</v></c>'
    yield Hostile(
        "long-number.xlsx",
        lambda: zipped(book_parts(HEAD.replace("<c><v>10</v></c>", long_number, 1))),
        _may(None, "too-large"),
        small=False,
    )
    odd = "".join(
        f"<c><v>{value}</v></c>" for value in ("1e309", "-1e-400", "nan", "inf", "1e99999999", "0x10", "１")
    )
    yield Hostile(
        "odd-numbers.xlsx", lambda: zipped(book_parts(HEAD.replace("<c><v>10</v></c>", odd, 1))), _may(None)
    )
    yield Hostile("long-text.docx", _long_text, _may("too-large"), small=False)
    yield Hostile("long-cells.xlsx", _long_cells, _may("too-large"), small=False)
    yield Hostile(
        "word-namespace.docx",
        lambda: zipped(report_parts(f'<w:p xmlns:w2="{WORD}"><w2:r><w2:t>绩效</w2:t></w2:r></w:p>' * 1000)),
        _may(None, "nothing-known"),
    )
