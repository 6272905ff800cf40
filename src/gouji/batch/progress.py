"""How far a run is, on the screen: a bar on a terminal, a plain line every few seconds elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol, TextIO

__all__ = ["Progress", "shown_on"]

_EVERY = 5.0  # seconds between plain lines


class Progress(Protocol):
    """What is told about a run under way."""

    def done(self) -> None:
        """One more submission is finished."""


class _Silent:
    def done(self) -> None:
        pass


class _Lines:
    """Plain lines with count, rate and remaining time."""

    def __init__(self, stream: TextIO, total: int) -> None:
        self._stream, self._total = stream, total
        self._count = 0
        self._start = self._last = time.monotonic()

    def done(self) -> None:
        self._count += 1
        now = time.monotonic()
        if now - self._last < _EVERY and self._count < self._total:
            return
        self._last = now
        rate = self._count / max(now - self._start, 1e-9)
        left = (self._total - self._count) / rate
        more = f"，约剩 {_spell(left)}" if self._count < self._total else ""
        self._stream.write(f"已完成 {self._count}/{self._total}，每秒 {rate:.1f} 份{more}\n")
        self._stream.flush()


def _spell(seconds: float) -> str:
    whole = round(seconds)
    if whole < 60:
        return f"{whole} 秒"
    return (
        f"{whole // 60} 分 {whole % 60} 秒"
        if whole < 3600
        else f"{whole // 3600} 小时 {whole % 3600 // 60} 分"
    )


@contextmanager
def shown_on(total: int, *, quiet: bool = False, stream: TextIO | None = None) -> Iterator[Progress]:
    """Show how far ``total`` submissions are, on standard error, where it does not mix with results."""
    stream = sys.stderr if stream is None else stream
    if quiet or not total:
        yield _Silent()
        return
    if not stream.isatty():
        yield _Lines(stream, total)
        return
    from rich.console import Console  # noqa: PLC0415  # terminals only
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn  # noqa: PLC0415  # loaded when it is needed
    from rich.progress import Progress as Bar  # noqa: PLC0415  # loaded when it is needed

    columns = (
        TextColumn("核对"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("每秒 {task.fields[rate]} 份，约剩"),
        TimeRemainingColumn(),
    )
    start = time.monotonic()
    with Bar(*columns, console=Console(file=stream), transient=True) as bar:
        task = bar.add_task("", total=total, rate="—")
        count = 0

        class _OnScreen:
            def done(self) -> None:
                nonlocal count
                count += 1
                rate = count / max(time.monotonic() - start, 1e-9)
                bar.update(task, advance=1, rate=f"{rate:.1f}")

        yield _OnScreen()
