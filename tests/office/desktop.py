"""A desktop for tests: an X server nobody sees, LibreOffice on it, a pointer that clicks, pictures of the screen."""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import xlwings as xw

__all__ = ["MISSING", "Desktop", "desktop"]

MISSING = [name for name in ("Xvfb", "xdotool", "soffice") if shutil.which(name) is None]
_WIDTH, _HEIGHT = 2200, 1200


class Desktop:
    """The screen and the LibreOffice on it."""

    def __init__(self, app: xw.App, frame_buffer: Path) -> None:
        self.app = app
        self._frame_buffer = frame_buffer
        self._temporary: Path = app.impl.office.profile / "tmp"

    def show(self, book: xw.Book) -> None:
        """Bring a workbook's window to full size and wait until its shapes can be found."""
        book.api.CurrentController.Frame.ContainerWindow.setPosSize(0, 0, _WIDTH, _HEIGHT, 15)

    def place_of(self, book: xw.Book, shape: str) -> tuple[int, int]:
        """The middle of a shape on the screen, asked as a screen reader would."""

        def look(accessible: Any) -> tuple[int, int] | None:
            context = accessible.getAccessibleContext()
            if context.getAccessibleName().startswith(shape):
                corner, size = context.getLocationOnScreen(), context.getSize()
                return corner.X + size.Width // 2, corner.Y + size.Height // 2
            count = context.getAccessibleChildCount()
            if count > 500:  # the cells
                return None
            for number in range(count):
                found = look(context.getAccessibleChild(number))
                if found:
                    return found
            return None

        for _ in range(50):
            found = look(book.api.CurrentController.Frame.ComponentWindow)
            if found is not None:
                return found
            time.sleep(0.1)
        raise AssertionError(f"no shape {shape}")

    def click(self, book: xw.Book, shape: str, done: Callable[[], bool]) -> None:
        """Click a shape until something comes of it; LibreOffice loses about one first click in ten."""
        x, y = self.place_of(book, shape)
        for _ in range(4):
            self._point(x + 250, y + 300)
            self._point(x, y)
            subprocess.run(["xdotool", "mousedown", "1"], check=True)
            time.sleep(0.1)
            subprocess.run(["xdotool", "mouseup", "1"], check=True)
            end = time.monotonic() + 15
            while time.monotonic() < end:
                if done():
                    time.sleep(0.5)  # for Python to end and the screen to be drawn
                    return
                if time.monotonic() > end - 12 and not _python_at_work(self._temporary):
                    break
                time.sleep(0.1)
        raise AssertionError(f"nothing came of clicking {shape}")

    @staticmethod
    def _point(x: int, y: int) -> None:
        subprocess.run(["xdotool", "mousemove", str(x), str(y)], check=True)
        time.sleep(0.3)

    def settled(self) -> None:
        """Wait until no click is being worked on and the screen is drawn."""
        while _python_at_work(self._temporary):
            time.sleep(0.1)
        time.sleep(1.0)

    def picture(self, path: Path, part: tuple[int, int, int, int] = (0, 0, _WIDTH, _HEIGHT)) -> None:
        """Save what is on the screen, or a part of it (left, top, width, height), as a PNG."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_png((self._frame_buffer / "Xvfb_screen0").read_bytes(), part))


def _python_at_work(folder: Path) -> bool:
    """Whether a click is being worked on: LibreOffice has a folder for each until it is done."""
    return any(folder.glob("gouji-click-*"))


def _png(dump: bytes, part: tuple[int, int, int, int]) -> bytes:
    """A part of an X window dump (XWD, 32 bits a pixel) as PNG."""
    header = struct.unpack(">25I", dump[:100])
    line, colours = header[12], header[19]
    left, top, width, height = part
    start = header[0] + colours * 12 + 4 * left
    rows = []
    for y in range(top, top + height):
        pixels = dump[start + y * line : start + y * line + 4 * width]
        row = bytearray(3 * width)
        row[0::3], row[1::3], row[2::3] = pixels[2::4], pixels[1::4], pixels[0::4]
        rows.append(b"\0" + bytes(row))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"".join(rows), 9)) + chunk(b"IEND", b"")
    )


@contextmanager
def desktop(folder: Path) -> Iterator[Desktop]:
    """An X server with a LibreOffice that knows RunPython and trusts the workbooks in a folder."""
    import xlwings_libreoffice
    from gouji.office import libreoffice
    from xlwings_libreoffice import process
    from xlwings_libreoffice.app import App

    xlwings_libreoffice.register()
    frame_buffer = folder / "screen"
    frame_buffer.mkdir()
    reading, writing = os.pipe()
    # Without -noreset the server starts anew when its first client leaves, and takes the second with it.
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{_WIDTH}x{_HEIGHT}x24", "-noreset"]
    server = subprocess.Popen(
        [*command, "-nolisten", "tcp", "-fbdir", str(frame_buffer)],
        pass_fds=(writing,),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    before = os.environ.get("DISPLAY")
    try:
        os.environ["DISPLAY"] = ":" + os.read(reading, 16).decode().strip()
        office = process.start(
            visible=True,
            trusted=[folder],
            prepare=lambda profile: libreoffice.install(
                profile / "user",
                environment={
                    "GOUJI_OFFICE_LOG": str(folder / "office.log"),
                    "GOUJI_HOME": str(folder / "home"),
                },
            ),
        )
        try:
            yield Desktop(xw.App(impl=App(office)), frame_buffer)
        finally:
            office.quit()
    finally:
        if before is None:
            os.environ.pop("DISPLAY", None)
        else:
            os.environ["DISPLAY"] = before
        server.terminate()
        server.wait()
        os.close(reading)
        os.close(writing)
