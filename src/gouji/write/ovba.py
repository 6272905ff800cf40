"""Macros built from text: vbaProject.bin with sources only, which Excel compiles when it opens the workbook.

Source: [MS-OVBA] Office VBA File Format Structure; sections are named where they are followed. The sources are
ASCII, the project says code page 1252, and the same sources give the same bytes.
"""

from __future__ import annotations

import hashlib
import re
import struct
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from gouji.write.cfb import compound_file

__all__ = ["MacroModule", "ModuleKind", "compressed", "document_module", "module_from", "vba_project"]

_CHUNK = 4096
_TRIED = 16  # earlier places looked at: blanks and the like have hundreds, and the last are as good
_LONGEST_LINE = 1023
_WORKBOOK = "00020819-0000-0000-C000-000000000046"
_SHEET = "00020820-0000-0000-C000-000000000046"
_REFERENCES = (
    (
        "stdole",
        r"*\G{00020430-0000-0000-C000-000000000046}#2.0#0#C:\Windows\System32\stdole2.tlb#OLE Automation",
    ),
    (
        "Office",
        (
            r"*\G{2DF8D04C-5BFA-101B-BDE5-00AA0044DE52}#2.0#0#C:\Program Files\Common Files\Microsoft Shared"
            r"\OFFICE16\MSO.DLL#Microsoft Office 16.0 Object Library"
        ),
    ),
)
_CLASS_PREAMBLE = re.compile(r"\AVERSION[^\n]*CLASS\nBEGIN\n.*?\nEND\n", re.DOTALL)
_NAME = re.compile(r'Attribute VB_Name = "([A-Za-z]\w{0,30})"\n')


class ModuleKind(StrEnum):
    """What a module is: procedures, a class, or the code behind the workbook or a sheet."""

    STANDARD = "standard"
    CLASS = "class"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class MacroModule:
    """One module; ``text`` as stored: with its Attribute lines, line ends CR LF."""

    name: str
    kind: ModuleKind
    text: str


def module_from(source: str) -> MacroModule:
    """A module from the text of a .bas or .cls file.

    Raises:
        ValueError: no module name, a line that VBA would not take, or letters that are not ASCII.
    """
    text = source.replace("\r\n", "\n").replace("\r", "\n")
    kind = ModuleKind.CLASS if text.startswith("VERSION") else ModuleKind.STANDARD
    text = _CLASS_PREAMBLE.sub("", text)  # only exported files have it
    name = _NAME.match(text)
    if name is None:
        raise ValueError("a module begins with Attribute VB_Name")
    if not text.isascii():
        raise ValueError(f"{name[1]}: VBA sources are ASCII; Chinese goes through ChrW or stands in Python")
    if any(len(line) > _LONGEST_LINE for line in text.split("\n")):
        raise ValueError(f"{name[1]}: a line of more than {_LONGEST_LINE} characters")
    return MacroModule(name[1], kind, text.rstrip("\n").replace("\n", "\r\n") + "\r\n")


def document_module(name: str, *, workbook: bool = False) -> MacroModule:
    """The empty module behind the workbook or a sheet; its name is the code name there."""
    lines = (
        f'VB_Name = "{name}"',
        f'VB_Base = "0{{{_WORKBOOK if workbook else _SHEET}}}"',
        "VB_GlobalNameSpace = False",
        "VB_Creatable = False",
        "VB_PredeclaredId = True",
        "VB_Exposed = True",
        "VB_TemplateDerived = False",
        "VB_Customizable = True",
    )
    return MacroModule(name, ModuleKind.DOCUMENT, "".join(f"Attribute {line}\r\n" for line in lines))


def compressed(data: bytes) -> bytes:
    """A stream in the compression of 2.4.1."""
    out = bytearray(b"\x01")
    for start in range(0, len(data), _CHUNK):
        chunk = data[start : start + _CHUNK]
        tokens = _tokens(chunk)
        if len(tokens) < _CHUNK:
            out += struct.pack("<H", (len(tokens) - 1) | 0xB000) + tokens
        else:  # larger than it was: kept as it is
            out += struct.pack("<H", (_CHUNK - 1) | 0x3000) + chunk.ljust(_CHUNK, b"\0")
    return bytes(out)


def _tokens(chunk: bytes) -> bytes:
    """Literals and copies of what came before, eight to a flag byte (2.4.1.3.8)."""
    out = bytearray()
    seen: dict[bytes, list[int]] = {}
    at = 0
    while at < len(chunk):
        flags_at, flags = len(out), 0
        out.append(0)
        for bit in range(8):
            if at >= len(chunk):
                break
            length, offset = _match(chunk, at, seen)
            step = length or 1
            if length:
                bits = max((at - 1).bit_length(), 4)
                out += struct.pack("<H", (offset - 1) << (16 - bits) | (length - 3))
                flags |= 1 << bit
            else:
                out.append(chunk[at])
            for place in range(at, min(at + step, len(chunk) - 2)):
                seen.setdefault(chunk[place : place + 3], []).append(place)
            at += step
        out[flags_at] = flags
    return bytes(out)


def _match(chunk: bytes, at: int, seen: dict[bytes, list[int]]) -> tuple[int, int]:
    """The longest earlier run that continues as the data does here: its length and how far back; 0 for none."""
    if not at:
        return 0, 0
    longest = min((0xFFFF >> max((at - 1).bit_length(), 4)) + 3, len(chunk) - at)
    best = offset = 0
    for place in reversed(seen.get(chunk[at : at + 3], ())[-_TRIED:]):
        length = 3
        while length < longest and chunk[place + length] == chunk[at + length]:
            length += 1
        if length > best and length <= longest:
            best, offset = length, at - place
            if best == longest:
                break
    return best, offset


def _encrypted(data: bytes, key: int, seed: int) -> str:
    """Protection state, password and visibility as the PROJECT stream writes them (2.4.3.2)."""
    out = [seed, seed ^ 2, seed ^ key]
    plain_before, before, two_before = key, out[2], out[1]
    for byte in bytes([7] * ((seed & 6) >> 1)) + struct.pack("<I", len(data)) + data:
        now = byte ^ ((two_before + plain_before) & 0xFF)
        out.append(now)
        two_before, before, plain_before = before, now, byte
    return "".join(f"{byte:02X}" for byte in out)


def _record(number: int, data: bytes = b"") -> bytes:
    return struct.pack("<HI", number, len(data)) + data


def _both(narrow: int, wide: int, text: str) -> bytes:
    return _record(narrow, text.encode("cp1252")) + _record(wide, text.encode("utf-16-le"))


def _dir(name: str, modules: Sequence[MacroModule]) -> bytes:
    """The dir stream (2.3.4.2)."""
    out = _record(0x01, struct.pack("<I", 3))  # 64-bit Windows; 32-bit Office takes it as well
    out += _record(0x02, struct.pack("<I", 0x409)) + _record(0x14, struct.pack("<I", 0x409))
    out += _record(0x03, struct.pack("<H", 1252)) + _record(0x04, name.encode("cp1252"))
    out += _both(0x05, 0x40, "") + _both(0x06, 0x3D, "") + _record(0x07, bytes(4)) + _record(0x08, bytes(4))
    out += struct.pack("<HIIH", 0x09, 4, 1, 1) + _both(0x0C, 0x3C, "")
    for title, library in _REFERENCES:
        found = library.encode("cp1252")
        out += _both(0x16, 0x3E, title)
        out += _record(0x0D, struct.pack("<I", len(found)) + found + bytes(6))
    out += _record(0x0F, struct.pack("<H", len(modules))) + _record(0x13, struct.pack("<H", 0xFFFF))
    for module in modules:
        out += _both(0x19, 0x47, module.name) + _both(0x1A, 0x32, module.name) + _both(0x1C, 0x48, "")
        out += _record(0x31, bytes(4)) + _record(0x1E, bytes(4)) + _record(0x2C, struct.pack("<H", 0xFFFF))
        out += _record(0x21 if module.kind is ModuleKind.STANDARD else 0x22) + _record(0x2B)
    return out + _record(0x10)


def _listed(module: MacroModule) -> str:
    if module.kind is ModuleKind.DOCUMENT:
        return f"Document={module.name}/&H00000000"
    return f"{'Module' if module.kind is ModuleKind.STANDARD else 'Class'}={module.name}"


def _project(name: str, modules: Sequence[MacroModule]) -> bytes:
    """The PROJECT stream (2.3.1); its id is drawn from the sources."""
    digest = hashlib.sha256(
        repr([(name, one.name, one.kind.value, one.text) for one in modules]).encode()
    ).digest()
    id_ = f"{{{uuid.UUID(bytes=digest[:16], version=4)}}}".upper()
    key = sum(id_.encode()) & 0xFF
    lines = [
        f'ID="{id_}"',
        *(_listed(module) for module in modules),
        f'Name="{name}"',
        'HelpContextID="0"',
        'VersionCompatible32="393222000"',
        f'CMG="{_encrypted(bytes(4), key, 0xDB)}"',  # not protected
        f'DPB="{_encrypted(bytes(1), key, 0x1B)}"',  # no password
        f'GC="{_encrypted(bytes([0xFF]), key, 0x5B)}"',  # visible
        "",
        "[Host Extender Info]",
        "&H00000001={3832D640-CF90-11CF-8E43-00A0C911005A};VBE;&H00000000",
        "",
        "[Workspace]",
        *(f"{module.name}=0, 0, 0, 0, C" for module in modules),
    ]
    return ("\r\n".join(lines) + "\r\n").encode("cp1252")


def vba_project(name: str, modules: Sequence[MacroModule]) -> bytes:
    """The bytes of vbaProject.bin.

    Raises:
        ValueError: two modules of one name.
    """
    names = [module.name.lower() for module in modules]
    if len(set(names)) != len(names):
        raise ValueError("two modules of one name")
    vba = {"_VBA_PROJECT": bytes.fromhex("cc61ffff000100"), "dir": compressed(_dir(name, modules))}
    vba |= {module.name: compressed(module.text.encode("cp1252")) for module in modules}
    wide = b"".join(
        one.name.encode("cp1252") + b"\0" + one.name.encode("utf-16-le") + b"\0\0" for one in modules
    )
    return compound_file({"VBA": vba, "PROJECT": _project(name, modules), "PROJECTwm": wide + b"\0\0"})
