"""Starts LibreOffice again and again, two at a time, now and then killing it, and looks for what is left behind.

python benchmarks/office_starts.py [starts]
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path


def once(number: int) -> float:
    """One start, a write and a read, and an end: by itself, or every fifth time by a kill."""
    import xlwings as xw

    import xlwings_libreoffice

    xlwings_libreoffice.register()
    begun = time.monotonic()
    app = xw.App(visible=False, add_book=True)
    ready = time.monotonic() - begun
    cell = app.books[0].sheets[0]["A1"]
    cell.value = number
    if cell.value != number:
        raise AssertionError(number)
    if number % 5 == 4:
        os.killpg(app.pid, signal.SIGKILL)
        xlwings_libreoffice.register()
        if app.pid in xw.apps.keys():  # noqa: SIM118 # xlwings' Apps is no mapping
            raise AssertionError("a killed office still counts as running")
    else:
        app.quit()
    return ready


def left_behind(notes: Path, before: set[str]) -> list[str]:
    """Processes, profiles, sockets and notes of ours that are still there."""
    found = [str(path) for path in notes.iterdir()]
    found += sorted({str(path) for path in Path("/tmp").glob("OSL_PIPE_*_xlw*")} - before)  # noqa: S108 # LibreOffice's place
    found += [str(path) for path in Path(tempfile.gettempdir()).glob("xlwings-lo-*")]
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = entry.read_bytes()
        except OSError:
            continue
        if b"xlwings-lo-" in command:
            found.append(command.replace(b"\0", b" ").decode()[:100])
    return found


def main() -> int:
    """Runs it; 0 where nothing was left."""
    starts = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    with tempfile.TemporaryDirectory() as folder:
        notes = Path(folder) / "notes"
        os.environ["XLWINGS_LIBREOFFICE_NOTES"] = str(notes)
        os.environ["TMPDIR"] = tempfile.tempdir = folder
        before = {str(path) for path in Path("/tmp").glob("OSL_PIPE_*_xlw*")}  # noqa: S108  # where LibreOffice puts its pipes, whatever TMPDIR says
        begun = time.monotonic()
        with ProcessPoolExecutor(2) as pool:
            times = sorted(pool.map(once, range(starts)))
        took = time.monotonic() - begun
        left = left_behind(notes, before)
    print(f"{starts} starts, two at a time, every fifth killed: {took:.0f} s in all")
    print(
        f"ready after {times[0]:.2f} s at best, {times[len(times) // 2]:.2f} s in the middle, {times[-1]:.2f} s at worst"
    )
    print(f"left behind: {left or 'nothing'}")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
