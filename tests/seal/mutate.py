"""Ways to tamper with a package, and ways to pack it anew honestly."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable, Iterable

from openpyxl import load_workbook

Parts = dict[str, bytes]


def parts_of(data: bytes) -> Parts:
    """The members of a zip file by name."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def zipped(parts: Parts | Iterable[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip file as any other program would write it, with the time of day."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in parts.items() if isinstance(parts, dict) else parts:
            archive.writestr(name, data)
    return out.getvalue()


def flipped(data: bytes, draw: random.Random) -> bytes:
    """One byte, anywhere in the file, is another."""
    at = draw.randrange(len(data))
    return data[:at] + bytes([data[at] ^ draw.randrange(1, 256)]) + data[at + 1 :]


def flipped_inside(data: bytes, draw: random.Random) -> bytes:
    """One byte of one part is another, in a file packed anew."""
    parts = parts_of(data)
    name = draw.choice(sorted(parts))
    return zipped(parts | {name: flipped(parts[name], draw)})


def removed(data: bytes, draw: random.Random) -> bytes:
    """One part is gone."""
    parts = parts_of(data)
    del parts[draw.choice(sorted(parts))]
    return zipped(parts)


def added(data: bytes, draw: random.Random) -> bytes:
    """There is one part more: new, empty, or a copy of another."""
    parts = parts_of(data)
    content = draw.choice([b"", draw.randbytes(20), draw.choice(sorted(parts.values()))])
    name = draw.choice(["x.txt", "workbook2.xlsx", "a/b.txt", "manifest.json.bak", "封面.txt"])
    return zipped(parts | {name: content})


def renamed(data: bytes, draw: random.Random) -> bytes:
    """One part has another name."""
    parts = parts_of(data)
    old = draw.choice(sorted(parts))
    new = draw.choice(["x.txt", old.upper(), f"a/{old}", f"{old}.bak", f" {old}", "材料.xlsx"])
    return zipped({new if name == old else name: part for name, part in parts.items()})


def swapped(data: bytes, draw: random.Random) -> bytes:
    """Two parts have each other's name."""
    parts = parts_of(data)
    one, other = draw.sample(sorted(parts), 2)
    return zipped(parts | {one: parts[other], other: parts[one]})


def cut(data: bytes, draw: random.Random) -> bytes:
    """The file ends early, or has bytes in front of it or behind it."""
    more = draw.randbytes(draw.randrange(1, 100))
    return draw.choice([data[: draw.randrange(len(data))], more + data, data + more])


def cell_changed(data: bytes, draw: random.Random) -> bytes:
    """One cell of the workbook says something else; the workbook is saved by another program."""
    parts = parts_of(data)
    book = load_workbook(io.BytesIO(parts["workbook.xlsx"]))
    sheet = draw.choice(book.worksheets)
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    cell = draw.choice(cells)
    cell.value = draw.choice([f"{cell.value}1", 123456.78, None])
    out = io.BytesIO()
    book.save(out)
    return zipped(parts | {"workbook.xlsx": out.getvalue()})


TAMPERINGS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    flipped,
    flipped_inside,
    removed,
    added,
    renamed,
    swapped,
    cut,
    cell_changed,
)


def honest(data: bytes) -> dict[str, bytes]:
    """The package as honest programs pack it anew."""
    parts = parts_of(data)
    backwards = dict(reversed(parts.items()))
    folder = {f"自评表.报送包/{name}": part for name, part in parts.items()}
    streamed = io.BytesIO()
    with zipfile.ZipFile(_Unseekable(streamed), "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    commented = io.BytesIO(zipped(parts))
    with zipfile.ZipFile(commented, "a") as archive:
        archive.comment = b"sent by a gateway"
    return {
        "as it was": data,
        "deflated": zipped(parts),
        "stored": zipped(parts, zipfile.ZIP_STORED),
        "another order": zipped(backwards),
        "in a folder": zipped({"自评表.报送包/": b""} | folder),
        "streamed": streamed.getvalue(),
        "with a comment": commented.getvalue(),
        "on a Mac": zipped(
            folder | {"__MACOSX/自评表.报送包/._workbook.xlsx": b"x", "自评表.报送包/.DS_Store": b"y"}
        ),
        "on Windows": zipped(parts | {"Thumbs.db": b"x"}),
    }


class _Unseekable(io.RawIOBase):
    """A sink that only takes bytes: members get their sizes behind them."""

    def __init__(self, sink: io.BytesIO) -> None:
        self.sink = sink

    def write(self, data: bytes) -> int:  # type: ignore[override]  # zipfile writes nothing else
        return self.sink.write(data)

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False
