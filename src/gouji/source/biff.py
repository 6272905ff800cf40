"""Records of the old binary workbook stream, strings that run over several of them, and packed numbers.

Layout: [MS-XLS] for BIFF8 (Excel 97 and later, and WPS .et); the older BIFF5 differs, as far as this program
reads it, in its strings only. Everything is bounded by the bytes that are there: counts in the file are never
believed further than the data reaches.
"""

from __future__ import annotations

from collections.abc import Iterator
from struct import pack, unpack, unpack_from
from typing import NamedTuple

__all__ = ["Record", "Strings", "packed_number", "records", "short_text"]

_WIDE, _EAST_ASIAN, _RICH = 0x01, 0x04, 0x08


class Record(NamedTuple):
    """One record: its type, its payload and those of its continuations."""

    type: int
    data: bytes
    more: tuple[bytes, ...] = ()


def records(stream: bytes, start: int = 0) -> Iterator[Record]:
    """The records from ``start`` on, continuations joined to the record they continue.

    Ends where the stream ends or is cut.
    """
    at = start
    end = len(stream)
    while at + 4 <= end:
        kind, length = unpack_from("<2H", stream, at)
        data = stream[at + 4 : at + 4 + length]
        at += 4 + length
        if at > end:
            return
        more: list[bytes] = []
        while at + 4 <= end and stream[at : at + 2] == b"\x3c\x00":
            length = unpack_from("<H", stream, at + 2)[0]
            more.append(stream[at + 4 : at + 4 + length])
            at += 4 + length
        yield Record(kind, data, tuple(more))


class Strings:
    """Reads BIFF8 strings one after the other from a record and its continuations.

    A string may be cut at the end of a record; its rest then starts with a new flag byte.
    """

    def __init__(self, record: Record, start: int) -> None:
        self._parts = (record.data, *record.more)
        self._part = 0
        self._at = start

    def next(self) -> str | None:
        """The next string without its formatting, or None where the data ends."""
        head = self._take(3)
        if head is None:
            return None
        length, flags = unpack("<HB", head)
        runs = size = 0
        if flags & _RICH:
            field = self._take(2)
            runs = unpack("<H", field)[0] if field else 0
        if flags & _EAST_ASIAN:
            field = self._take(4)
            size = unpack("<I", field)[0] if field else 0
        text = self._chars(length, wide=bool(flags & _WIDE))
        self._skip(4 * runs + size)
        return text

    def _chars(self, length: int, *, wide: bool) -> str:
        pieces: list[str] = []
        while length > 0 and self._part < len(self._parts):
            width = 2 if wide else 1
            part = self._parts[self._part]
            raw = part[self._at : self._at + length * width]
            raw = raw[: len(raw) // width * width]
            pieces.append(raw.decode("utf-16-le" if wide else "latin-1", "replace"))
            length -= len(raw) // width
            self._at += len(raw)
            if length > 0:
                self._part += 1
                self._at = 1
                if self._part < len(self._parts):
                    wide = bool((self._parts[self._part] or b"\0")[0] & _WIDE)
        return "".join(pieces)

    def _take(self, count: int) -> bytes | None:
        """Bytes of a header, which may stand in the next continuation."""
        out = b""
        while len(out) < count:
            if self._part >= len(self._parts):
                return None
            piece = self._parts[self._part][self._at : self._at + count - len(out)]
            out += piece
            self._at += len(piece)
            if len(out) < count:
                self._part += 1
                self._at = 0
        return out

    def _skip(self, count: int) -> None:
        while count > 0 and self._part < len(self._parts):
            left = len(self._parts[self._part]) - self._at
            if count <= left:
                self._at += count
                return
            count -= left
            self._part += 1
            self._at = 0


def short_text(data: bytes, at: int, *, count_bytes: int, codec: str | None) -> str:
    """A string inside one record.

    Args:
        data: The record's payload.
        at: Where the count of characters stands.
        count_bytes: 1 or 2, the width of that count.
        codec: The codec of a BIFF5 workbook's bytes; None for BIFF8, which has a flag byte instead.
    """
    length = int.from_bytes(data[at : at + count_bytes], "little")
    at += count_bytes
    if codec is not None:
        return data[at : at + length].decode(codec, "replace")
    flags = data[at] if at < len(data) else 0
    at += 1 + (2 if flags & _RICH else 0) + (4 if flags & _EAST_ASIAN else 0)
    if flags & _WIDE:
        return data[at : at + 2 * length].decode("utf-16-le", "replace")
    return data[at : at + length].decode("latin-1")


def packed_number(raw: int) -> float:
    """The number of an RK value: 30 bits of an integer or of a double, perhaps in hundredths."""
    number: float
    if raw & 2:
        number = float((raw >> 2) - (1 << 30) if raw & 0x80000000 else raw >> 2)
    else:
        number = float(unpack("<d", pack("<Q", (raw & 0xFFFFFFFC) << 32))[0])
    return number / 100 if raw & 1 else number
