"""What is done so far, one line a submission, written as it comes: a power cut loses what was under way and no more.

A line is ``{"basis": …, "record": …}``. ``basis`` digests what a record depends on besides its files: the version of
gouji, its forms, what was asked for. A record is good as long as basis, files and the copies written are what they were.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any, Self

from gouji.acceptance import FILE as EXPLANATIONS
from gouji.batch.job import FORMATS, Asked
from gouji.batch.output import written_beside
from gouji.frozen import frozen
from gouji.version import __version__

__all__ = ["LEDGER", "Ledger", "LedgerBusyError", "basis_of", "sha256_of"]

LEDGER = "进度.jsonl"
_SYNC_SECONDS = 1.0


class LedgerBusyError(Exception):
    """Another run is writing to this ledger."""


def basis_of(asked: Asked, folders: Iterable[Path] = (), others: Iterable[Path] = ()) -> str:
    """What every record of a run depends on, as a digest.

    Args:
        asked: What the user asked for.
        folders: Where the files stand: the explanations there (``gouji.toml``) decide what is an error.
        others: Further files that decide: the list of those whose packages are trusted.
    """
    from gouji.form.root import forms_root  # noqa: PLC0415  # forms are read where work is done

    digest = hashlib.sha256()
    digest.update(json.dumps([FORMATS, __version__, repr(asked)]).encode())
    lexicon = Path(__file__).parents[1] / "form" / "lexicon.toml"
    for path in (lexicon, *sorted(forms_root().glob("*/form.toml"))):
        digest.update(path.parent.name.encode() + b"\0" + path.read_bytes())
    for folder in sorted(folders):
        explained = sha256_of(folder / EXPLANATIONS)
        if explained is not None:
            digest.update(f"{folder.as_posix()}\0{explained}".encode("utf-8", "surrogateescape"))
    for path in others:
        digest.update(f"{sha256_of(path)}\n".encode())
    return digest.hexdigest()


def sha256_of(path: Path) -> str | None:
    """The digest of a file's bytes; None where they cannot be had."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return None


@frozen
class _Kept:
    """Where a record stands, and what it was made of."""

    at: int
    size: int
    files: tuple[tuple[str, str | None], ...]
    prior: tuple[tuple[str, str | None], ...]
    copies: tuple[tuple[str, str], ...]
    guarded: bool


class Ledger:
    """The records of a run, on disk. Open it in a ``with``; one run at a time."""

    def __init__(self, folder: Path, basis: str, *, fresh: bool) -> None:
        """Open or begin the ledger of an output folder.

        Args:
            folder: The output folder.
            basis: From :func:`basis_of`; records of another are left aside.
            fresh: Whether to forget what is there.

        Raises:
            LedgerBusyError: Another run has it open.
            OSError: It cannot be written.
        """
        self.folder, self.basis = folder, basis
        self._kept: dict[str, _Kept] = {}
        self._synced = 0.0
        self._file: IO[bytes] = (folder / LEDGER).open("a+b")
        try:
            _lock(self._file)
            if fresh:
                self._file.truncate(0)
            self._load()
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if not self._file.closed:
            self.sync()
            self._file.close()

    def _load(self) -> None:
        """Read what an earlier run left; a line torn by a power cut is dropped."""
        self._file.seek(0)
        at = 0
        line = b""
        for line in self._file:
            self._remember(line, at)
            at += len(line)
        if line and not line.endswith(b"\n"):
            self._file.truncate(at - len(line))

    def _remember(self, line: bytes, at: int) -> None:
        if not line.endswith(b"\n"):
            return
        try:
            raw = json.loads(line)
            record = raw["record"]
            if raw["basis"] != self.basis:
                return
            self._kept[record["id"]] = _Kept(
                at,
                len(line),
                tuple((one["path"], one["sha256"]) for one in record["documents"]),
                tuple((one["path"], one["sha256"]) for one in record["prior"]),
                tuple((one["path"], one["sha256"]) for one in record["copies"] if one["path"]),
                bool(record["guarded"]),
            )
        except (ValueError, KeyError, TypeError):
            return  # not a line of ours, or a damaged one: the work is done again

    def add(self, record_line: bytes) -> None:
        """Append a record, as a line of JSON that ends with a line feed."""
        line = b'{"basis":"%s","record":%s}\n' % (self.basis.encode(), record_line.rstrip(b"\n"))
        self._file.seek(0, os.SEEK_END)
        at = self._file.tell()
        self._file.write(line)
        self._file.flush()
        self._remember(line, at)
        if time.monotonic() - self._synced > _SYNC_SECONDS:
            self.sync()

    def sync(self) -> None:
        """Force what was written to disk."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._synced = time.monotonic()

    def holds(self, submission: str, root: Path, files: Iterable[str], prior: Iterable[str]) -> bool:
        """Whether a submission's record is there and still true of the files on disk."""
        kept = self._kept.get(submission)
        if kept is None or kept.guarded:
            return False
        if tuple(path for path, _ in kept.files) != tuple(files):
            return False
        if tuple(path for path, _ in kept.prior) != tuple(prior):
            return False
        same = all(
            digest is not None and sha256_of(root / path) == digest
            for path, digest in kept.files + kept.prior
        )
        return same and all(sha256_of(self.folder / path) == digest for path, digest in kept.copies)

    def record(self, submission: str) -> dict[str, Any] | None:
        """A submission's record; None where there is none."""
        kept = self._kept.get(submission)
        if kept is None:
            return None
        self._file.seek(kept.at)
        found: dict[str, Any] = json.loads(self._file.read(kept.size))["record"]
        return found

    def lines(self, submissions: Iterable[str]) -> Iterator[bytes]:
        """The raw records of these submissions, in this order, each a JSON object without line feed."""
        head = len(b'{"basis":"%s","record":' % self.basis.encode())
        for submission in submissions:
            kept = self._kept.get(submission)
            if kept is not None:
                self._file.seek(kept.at + head)
                yield self._file.read(kept.size - head - 2)

    def settle(self, submissions: Iterable[str]) -> None:
        """Leave exactly these submissions' records, in this order, and close the ledger.

        That is what a finished run looks like, however it got there.
        """
        with written_beside(self.folder / LEDGER, self._file.close) as stream:
            for line in self.lines(submissions):
                stream.write(b'{"basis":"%s","record":%s}\n' % (self.basis.encode(), line))


def _lock(stream: IO[bytes]) -> None:
    """Keep a second run away, where the system can."""
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415  # Windows only

        try:
            stream.seek(0)
            msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError as error:
            raise LedgerBusyError from error
        return
    import fcntl  # noqa: PLC0415  # not on Windows

    try:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise LedgerBusyError from error
    except OSError:
        return  # a network drive without locks
