"""The process that opens the files: ``python -m gouji.batch.child ROOT MEGABYTES``, jobs in, records out.

Parsers of foreign bytes may hang, eat the memory or abort, so they run here, under limits of the operating system, and
:mod:`gouji.batch.guard` is told by silence. The process ends with its parent: on the end of its input, or by its own
alarm where it hangs while the parent is gone.
"""

from __future__ import annotations

import gc
import os
import signal
import struct
import sys
from typing import BinaryIO

from gouji.process import leave_the_network

__all__ = ["HEADER", "MEMORY", "READY", "allowed_seconds", "main"]

HEADER = struct.Struct(">BQ")
"""In front of an answer: 0, or that memory ran out, or that the child is ready; and how many bytes follow."""
READY, MEMORY = 2, 1
_CONVERTED = (".doc", ".wps")
_CONVERSION = 75.0  # LibreOffice's own limit and its start
_LATER = 1.5  # the parent kills at the limit; the alarm is for a child whose parent is gone
_RARELY = 50_000


def allowed_seconds(files: tuple[str, ...], seconds: float) -> float:
    """How long the work on these files may take."""
    old = sum(path.lower().endswith(_CONVERTED) for path in files)
    return seconds * max(1, len(files)) + _CONVERSION * old


def _limit_memory(megabytes: int, *, lifted: bool) -> None:
    """Let the system refuse memory beyond a limit (where it can); lifted for a conversion, whose program needs more."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415  # there is none on Windows

    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    wanted = hard if lifted or not megabytes else megabytes * 1024 * 1024
    if hard not in (resource.RLIM_INFINITY, wanted):
        wanted = min(wanted, hard)
    try:
        resource.setrlimit(resource.RLIMIT_AS, (wanted, hard))
    except (ValueError, OSError):
        return


def _private_streams() -> tuple[BinaryIO, BinaryIO]:
    """The pipes to the parent, moved away from where a library might read or print."""
    given, answers = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(2, 1)
    os.close(null)
    return os.fdopen(given, "rb"), os.fdopen(answers, "wb")


def main() -> int:
    """Answer jobs until there are no more."""
    jobs, answers = _private_streams()
    root, megabytes = sys.argv[1], int(sys.argv[2])
    os.chdir(root)
    if hasattr(signal, "SIGINT"):
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to hear
    leave_the_network()  # nothing in a file is fetched, whatever a parser may think of it
    _limit_memory(megabytes, lifted=False)
    gc.set_threshold(_RARELY, 20, 20)

    from gouji.batch.job import Job, line_of  # noqa: PLC0415  # under the limits
    from gouji.batch.work import perform  # noqa: PLC0415  # loaded when it is needed

    answers.write(HEADER.pack(READY, 0))
    answers.flush()
    for line in jobs:
        job = Job.from_line(line)
        files = job.submission.files + job.prior
        _alarm(allowed_seconds(files, job.seconds) * _LATER)
        _limit_memory(megabytes, lifted=any(path.lower().endswith(_CONVERTED) for path in files))
        try:
            told, data = 0, line_of(perform(job))
        except MemoryError:
            told, data = MEMORY, b""
        _alarm(0)
        answers.write(HEADER.pack(told, len(data)) + data)
        answers.flush()
        if told == MEMORY:
            return 0  # a fresh process for whatever comes next
    return 0


def _alarm(seconds: float) -> None:
    """Have the system end this process after a while, even in the middle of a library's loop."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


if __name__ == "__main__":
    sys.exit(main())
