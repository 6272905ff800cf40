"""Compound files: the little file system that macros are stored in.

Source: [MS-CFB] Compound File Binary File Format, version 3 (sectors of 512 bytes). The same tree gives the same
bytes: no times, no class ids.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["Tree", "compound_file"]

Tree = Mapping[str, "bytes | Tree"]
_FREE, _END, _FAT, _NONE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
_SECTOR, _MINI, _CUTOFF = 512, 64, 4096
_STORAGE, _STREAM, _ROOT = 1, 2, 5
_PER_SECTOR = _SECTOR // 4
_MOST_FAT_SECTORS = 109  # those named in the header: about 7 MB


@dataclass(slots=True)
class _Entry:
    """A directory entry (2.6.1). ``black`` is its colour in the red-black tree of its siblings."""

    name: str
    kind: int
    left: int = _NONE
    right: int = _NONE
    child: int = _NONE
    start: int = 0
    size: int = 0
    black: bool = True

    def packed(self) -> bytes:
        name = self.name.encode("utf-16-le")
        return (
            name.ljust(64, b"\0")
            + struct.pack("<HBB", len(name) + 2 if self.name else 0, self.kind, self.black and self.kind > 0)
            + struct.pack("<III", self.left, self.right, self.child)
            + bytes(36)  # class id, state, creation and modification times
            + struct.pack("<IQ", self.start, self.size)
        )


@dataclass(slots=True)
class _Writer:
    """Sectors, chains and entries in the making."""

    entries: list[_Entry] = field(default_factory=list)
    sectors: list[bytes] = field(default_factory=list)
    fat: list[int] = field(default_factory=list)
    mini: bytearray = field(default_factory=bytearray)
    mini_fat: list[int] = field(default_factory=list)

    def stored(self, data: bytes) -> int:
        """Put data into a chain of sectors; its first sector."""
        if not data:
            return _END
        first, count = len(self.sectors), -(-len(data) // _SECTOR)
        for number in range(count):
            self.sectors.append(data[number * _SECTOR : (number + 1) * _SECTOR].ljust(_SECTOR, b"\0"))
            self.fat.append(first + number + 1 if number < count - 1 else _END)
        return first

    def stored_small(self, data: bytes) -> int:
        """Put a short stream into the mini stream; its first mini sector."""
        if not data:
            return _END
        first, count = len(self.mini_fat), -(-len(data) // _MINI)
        self.mini += data.ljust(count * _MINI, b"\0")
        self.mini_fat += [first + number + 1 if number < count - 1 else _END for number in range(count)]
        return first

    def fill(self, parent: int, tree: Tree) -> None:
        """Add the entries of a storage."""
        ids = []
        for name, content in tree.items():
            ids.append(len(self.entries))
            if isinstance(content, bytes):
                small = len(content) < _CUTOFF
                start = self.stored_small(content) if small else self.stored(content)
                self.entries.append(_Entry(name, _STREAM, start=start, size=len(content)))
            else:
                self.entries.append(_Entry(name, _STORAGE))
                self.fill(ids[-1], content)
        ids.sort(key=lambda one: (len(self.entries[one].name), self.entries[one].name.upper()))
        depth = (len(ids) + 1).bit_length() - 1  # levels that are full
        self.entries[parent].child = self._balanced(ids, 0, depth)

    def _balanced(self, ids: list[int], level: int, full: int) -> int:
        """A balanced tree of siblings: red where its last level is not full, black else (2.6.4)."""
        if not ids:
            return _NONE
        middle = len(ids) // 2
        entry = self.entries[ids[middle]]
        entry.left = self._balanced(ids[:middle], level + 1, full)
        entry.right = self._balanced(ids[middle + 1 :], level + 1, full)
        entry.black = level < full
        return ids[middle]


def compound_file(tree: Tree) -> bytes:
    """A compound file that holds these storages (mappings) and streams (bytes).

    Raises:
        ValueError: more than about 7 MB.
    """
    made = _Writer()
    made.entries.append(_Entry("Root Entry", _ROOT))
    made.fill(0, tree)
    made.entries[0].start, made.entries[0].size = made.stored(bytes(made.mini)), len(made.mini)
    while len(made.entries) % 4:
        made.entries.append(_Entry("", 0))
    directory = made.stored(b"".join(entry.packed() for entry in made.entries))
    mini_fat = b"".join(struct.pack("<I", one) for one in made.mini_fat)
    mini_fat += b"\xff" * (-len(mini_fat) % _SECTOR)
    mini_start = made.stored(mini_fat)
    count = 0
    while count * _PER_SECTOR < len(made.sectors) + count:
        count += 1
    if count > _MOST_FAT_SECTORS:
        raise ValueError("too large for a compound file without DIFAT sectors")
    place = len(made.sectors)
    fat = [*made.fat, *[_FAT] * count]
    fat += [_FREE] * (count * _PER_SECTOR - len(fat))
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16)
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack(
        "<IIIIIIIII", 0, count, directory, 0, _CUTOFF, mini_start, len(mini_fat) // _SECTOR, _END, 0
    )
    header += b"".join(
        struct.pack("<I", place + number if number < count else _FREE) for number in range(_MOST_FAT_SECTORS)
    )
    return header + b"".join(made.sectors) + b"".join(struct.pack("<I", one) for one in fat)
