"""Macros as [MS-OVBA] and [MS-CFB] have them: every record in its place, read back by other people's programs."""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Iterator

import olefile
import pytest
from hypothesis import given
from hypothesis import strategies as st
from oletools.olevba import decompress_stream

from gouji.write.cfb import compound_file
from gouji.write.ovba import (
    MacroModule,
    ModuleKind,
    compressed,
    document_module,
    module_from,
    vba_project,
)

SOURCE = 'Attribute VB_Name = "One"\nOption Explicit\nPublic Sub A()\nEnd Sub\n'
CLASS = (
    "VERSION 1.0 CLASS\nBEGIN\n  MultiUse = -1  'True\nEND\n"
    'Attribute VB_Name = "Two"\nAttribute VB_GlobalNameSpace = False\n'
)


@pytest.fixture
def project() -> olefile.OleFileIO:
    modules = [document_module("ThisWorkbook", workbook=True), module_from(SOURCE), module_from(CLASS)]
    return olefile.OleFileIO(
        io.BytesIO(vba_project("Gouji", modules)), raise_defects=olefile.DEFECT_POTENTIAL
    )


def records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(stream):
        number, size = struct.unpack_from("<HI", stream, at)
        size = 6 if number == 9 else size  # PROJECTVERSION states the size of its first half only
        yield number, stream[at + 6 : at + 6 + size]
        at += 6 + size
    assert at == len(stream)


@given(st.binary(max_size=9000) | st.text("ab \r\n", max_size=9000).map(str.encode))
def test_what_is_compressed_comes_back(data: bytes) -> None:
    """2.4.1, against olevba's decompression."""
    assert bytes(decompress_stream(bytearray(compressed(data)))) == data


@given(st.dictionaries(st.text("abcXYZ_", min_size=1, max_size=20), st.binary(max_size=6000), max_size=9))
def test_a_compound_file_gives_back_its_streams(streams: dict[str, bytes]) -> None:
    unique = {name.upper(): content for name, content in streams.items()}
    found = olefile.OleFileIO(
        io.BytesIO(compound_file({"VBA": unique, "PROJECT": b"x"})), raise_defects=olefile.DEFECT_POTENTIAL
    )
    assert {one[-1]: found.openstream(one).read() for one in found.listdir() if one[0] == "VBA"} == unique
    assert found.openstream("PROJECT").read() == b"x"


def test_the_streams_are_those_of_a_project_without_compiled_code(project: olefile.OleFileIO) -> None:
    streams = {"/".join(one) for one in project.listdir()}
    assert streams == {
        "PROJECT",
        "PROJECTwm",
        "VBA/dir",
        "VBA/_VBA_PROJECT",
        "VBA/ThisWorkbook",
        "VBA/One",
        "VBA/Two",
    }
    # 2.3.4.1: version 0xFFFF, no performance cache
    assert project.openstream("VBA/_VBA_PROJECT").read() == bytes.fromhex("cc61ffff000100")


def test_the_dir_stream_follows_the_grammar(project: olefile.OleFileIO) -> None:
    """2.3.4.2: which records come in which order, and what they must hold."""
    stream = bytes(decompress_stream(bytearray(project.openstream("VBA/dir").read())))
    found = list(records(stream))
    reference = [0x16, 0x3E, 0x0D]
    module = [0x19, 0x47, 0x1A, 0x32, 0x1C, 0x48, 0x31, 0x1E, 0x2C]
    assert [number for number, _ in found] == [
        *(0x01, 0x02, 0x14, 0x03, 0x04, 0x05, 0x40, 0x06, 0x3D, 0x07, 0x08, 0x09, 0x0C, 0x3C),
        *reference * 2,
        *(0x0F, 0x13),
        *(*module, 0x22, 0x2B),
        *(*module, 0x21, 0x2B),
        *(*module, 0x22, 0x2B),
        0x10,
    ]
    by_number: dict[int, list[bytes]] = {}
    for number, content in found:
        by_number.setdefault(number, []).append(content)
    assert by_number[0x03] == [struct.pack("<H", 1252)]
    assert by_number[0x0F] == [struct.pack("<H", 3)]
    assert by_number[0x31] == [bytes(4)] * 3  # the source begins at 0: no compiled code before it
    for narrow, wide in ((0x16, 0x3E), (0x19, 0x47), (0x1A, 0x32)):
        assert [one.decode("cp1252") for one in by_number[narrow]] == [
            one.decode("utf-16-le") for one in by_number[wide]
        ]
    for content in by_number[0x0D]:
        size = struct.unpack_from("<I", content)[0]
        assert len(content) == 4 + size + 6
        library = content[4 : 4 + size].decode("cp1252")
        assert re.fullmatch(r"\*\\G\{[0-9A-F-]{36}\}#\d+\.\d+#\d+#[^#]*#.*", library)


def decrypted(text: str, key: int) -> bytes:
    """2.4.3.3, written down the other way round."""
    data = bytes.fromhex(text)
    seed, version = data[0], data[1] ^ data[0]
    assert (version, data[2] ^ seed) == (2, key)
    plain, before, two_before = key, data[2], data[1]
    out = bytearray()
    for byte in data[3:]:
        plain = byte ^ ((two_before + plain) & 0xFF)
        out.append(plain)
        two_before, before = before, byte
    rest = bytes(out)[(seed & 6) >> 1 :]
    assert struct.unpack_from("<I", rest)[0] == len(rest) - 4
    return rest[4:]


def test_the_project_stream_lists_the_modules_and_protects_nothing(project: olefile.OleFileIO) -> None:
    lines = project.openstream("PROJECT").read().decode("cp1252").split("\r\n")
    identity = re.fullmatch(r'ID="(\{[0-9A-F-]{36}\})"', lines[0])
    assert identity
    assert lines[1:5] == ["Document=ThisWorkbook/&H00000000", "Module=One", "Class=Two", 'Name="Gouji"']
    key = sum(identity[1].encode()) & 0xFF
    values = {name: value.strip('"') for name, _, value in (line.partition("=") for line in lines)}
    assert [decrypted(values[name], key) for name in ("CMG", "DPB", "GC")] == [bytes(4), b"\0", b"\xff"]
    assert "[Host Extender Info]" in lines
    wide = project.openstream("PROJECTwm").read()
    assert wide.startswith(b"ThisWorkbook\0T\0h\0i\0s\0")
    assert wide.endswith(b"\0\0\0\0")


def test_the_same_sources_give_the_same_bytes_and_others_another_id() -> None:
    one = [module_from(SOURCE)]
    assert vba_project("Gouji", one) == vba_project("Gouji", [module_from(SOURCE.replace("\n", "\r\n"))])
    assert vba_project("Gouji", one) != vba_project("Gouji", [module_from(SOURCE.replace("A()", "B()"))])


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("Option Explicit\n", "VB_Name"),
        ('Attribute VB_Name = "甲"\n', "VB_Name"),
        ('Attribute VB_Name = "One"\n\' 中文\n', "ASCII"),
        ('Attribute VB_Name = "One"\n\' ' + "x" * 1024 + "\n", "1023"),
    ],
)
def test_sources_that_vba_would_not_take_are_refused(source: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        module_from(source)


def test_two_modules_of_one_name_are_refused() -> None:
    other = MacroModule("ONE", ModuleKind.STANDARD, "")
    with pytest.raises(ValueError, match="one name"):
        vba_project("Gouji", [module_from(SOURCE), other])
