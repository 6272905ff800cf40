"""Work on submissions under guard: each thread keeps a child process, and what befalls the child befalls one file.

:func:`guarded` is the one function that executors run, on this machine or another. A child that hangs is killed, one that
dies is replaced; where several files were being worked on, each is tried by itself to find the one to blame, and the
others are worked on together again.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import IO, Any

from gouji.batch.child import HEADER, MEMORY, allowed_seconds
from gouji.batch.job import Job, line_of
from gouji.frozen import frozen, replace
from gouji.source.document import ReasonCode

__all__ = ["StoppedError", "UnseenFolderError", "guarded", "lost", "stop_all", "work_again"]


_START_SECONDS = 60.0


class StoppedError(Exception):
    """The run was given up (Ctrl-C) while this piece of work was under way."""


class UnseenFolderError(Exception):
    """The folders of a run are not to be seen where the work is done; the message is a Chinese sentence."""


class _End(StrEnum):
    """How the work on files ended badly."""

    CRASH = "crash"
    TIMEOUT = "timeout"
    MEMORY = "memory"


@frozen
class _Trouble:
    """A bad end; ``code`` is the child's exit status, negative for a signal."""

    end: _End
    code: int | None
    seconds: float
    megabytes: int

    @property
    def reason(self) -> tuple[ReasonCode, str]:
        """In the words of the outside contract, with the way out."""
        if self.end is _End.TIMEOUT:
            code, what = ReasonCode.TIMEOUT, f"检查这份文件超过 {self.seconds:g} 秒，已停下"
            way_out = "请用 Excel、Word 或 WPS 打开后另存再试，或用 --timeout 放宽时间"
        elif self.end is _End.MEMORY:
            code, what = ReasonCode.TOO_LARGE, f"检查这份文件需要的内存超过 {self.megabytes} MB"
            way_out = "请把自评表另存为单独的文件再试，或用 --memory 放宽"
        else:
            code, what = ReasonCode.UNREADABLE, f"检查这份文件的进程意外终止（{_signal_name(self.code)}）"
            way_out = "文件可能已损坏，请用 Excel、Word 或 WPS 打开后另存再试"
        return code, f"{what}，没有得出结果。{way_out}。"


def _signal_name(code: int | None) -> str:
    if code is not None and code < 0:
        with contextlib.suppress(ValueError):
            return signal.Signals(-code).name
    return "进程消失" if code is None else f"退出码 {code}"


class _Keeper:
    """One child process, started when needed and replaced when dead. Not for more than one thread."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None
        self._settings: tuple[str, int] | None = None

    def run(self, job: Job) -> bytes | _Trouble:
        """The record's line, or how it ended badly."""
        settings = (job.root, job.megabytes)
        if self._child is None or self._child.poll() is not None or self._settings != settings:
            self.close()
            self._start(*settings)
        child = self._child
        if child is None or child.stdin is None or child.stdout is None:
            raise StoppedError
        seconds = allowed_seconds(job.submission.files + job.prior, job.seconds)
        told, data = 0, None
        with _killed_after(seconds, child) as late:
            try:
                child.stdin.write(job.to_line().encode() + b"\n")
                child.stdin.flush()
                told, data = _answer(child.stdout)
            except OSError:
                data = None  # the child is gone
        if data is not None and told != MEMORY:
            return data
        _kill(child)
        code = child.wait()
        self.close()
        end = _End.TIMEOUT if late.is_set() else _End.MEMORY if told == MEMORY else _End.CRASH
        return _Trouble(end, code, job.seconds, job.megabytes)

    def _start(self, root: str, megabytes: int) -> None:
        with _LOCK:
            if _STOPPED.is_set():
                raise StoppedError
            self._child = subprocess.Popen(  # noqa: S603  # our own interpreter and module
                [sys.executable, "-m", "gouji.batch.child", root, str(megabytes)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=None if os.environ.get("GOUJI_DEBUG") == "1" else subprocess.DEVNULL,
                start_new_session=True,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
            )
            self._settings = (root, megabytes)
            _CHILDREN.add(self._child)
        with _killed_after(_START_SECONDS, self._child):  # its start is not counted to a file's time
            _answer(self._child.stdout)

    def close(self) -> None:
        """End the child; a healthy one ends by itself when its input does."""
        child, self._child = self._child, None
        if child is None:
            return
        with _LOCK:
            _CHILDREN.discard(child)
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        try:
            child.wait(5)
        except subprocess.TimeoutExpired:
            _kill(child)
            child.wait()

    def __del__(self) -> None:
        self.close()


@contextmanager
def _killed_after(seconds: float, child: subprocess.Popen[bytes]) -> Iterator[threading.Event]:
    """Kill a child that takes too long; the event says whether that happened."""
    late = threading.Event()

    def kill() -> None:
        late.set()
        _kill(child)

    timer = threading.Timer(seconds, kill)
    timer.daemon = True
    timer.start()
    try:
        yield late
    finally:
        timer.cancel()


def _answer(stream: IO[bytes] | None) -> tuple[int, bytes | None]:
    """What a child says: a code and a body; no body where it died before the end."""
    head = stream.read(HEADER.size) if stream is not None else b""
    if stream is None or len(head) < HEADER.size:
        return 0, None
    told, length = HEADER.unpack(head)
    body = stream.read(length)
    return told, body if len(body) == length else None


def _kill(child: subprocess.Popen[bytes]) -> None:
    """End a child and whatever it started."""
    if sys.platform == "win32":
        child.kill()
        return
    with contextlib.suppress(OSError):
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGKILL)


_HERE = threading.local()
_LOCK = threading.Lock()
_STOPPED = threading.Event()
_CHILDREN: set[subprocess.Popen[bytes]] = set()


def stop_all() -> None:
    """Give up all work of this process: children are killed and none is started until :func:`work_again`."""
    with _LOCK:
        _STOPPED.set()
        children = list(_CHILDREN)
    for child in children:
        _kill(child)


def work_again() -> None:
    """Allow work after :func:`stop_all`."""
    _STOPPED.clear()


def guarded(job: Job) -> bytes:
    """Work on a submission in a child process.

    Returns:
        The record as a line of JSON; files on which the work ended badly are in it as not checked, with the reason.

    Raises:
        StoppedError: The run was given up meanwhile.
        UnseenFolderError: This machine does not see the folders, so that nothing can be said about the files.
    """
    for folder in (job.root, job.out):
        if not Path(folder).is_dir():
            raise UnseenFolderError(
                f"做这项工作的机器上没有文件夹 {folder}；集群的各台机器须能用同样的路径看到它。"
            )
    keeper: _Keeper | None = getattr(_HERE, "keeper", None)
    if keeper is None:
        keeper = _HERE.keeper = _Keeper()
    done = _tried(keeper, job)
    if isinstance(done, bytes):
        return done
    if len(job.submission.files) == 1 and not job.prior:
        return _blamed(job, {job.submission.id: done})
    return _divided(keeper, job, done)


def _tried(keeper: _Keeper, job: Job) -> bytes | _Trouble:
    """The work done; a crash is given a second try, as something outside may have killed the child."""
    done = keeper.run(job)
    if isinstance(done, _Trouble) and done.end is _End.CRASH:
        if _STOPPED.is_set():
            raise StoppedError
        done = keeper.run(job)
    if isinstance(done, _Trouble) and _STOPPED.is_set():
        raise StoppedError
    return done


def _divided(keeper: _Keeper, job: Job, trouble: _Trouble) -> bytes:
    """The files without those that cannot be worked on alone, which are told with the reason."""
    given = job.submission
    bad: dict[str, _Trouble] = {}
    alone: dict[str, dict[str, Any]] = {}
    for path in (*given.files, *job.prior):
        one = replace(
            job,
            submission=replace(given, id=path, forms=(path,), texts=()),
            prior=(),
            asked=replace(job.asked, annotate=False, recalc=False, fix=False),
        )
        done = _tried(keeper, one)
        if isinstance(done, _Trouble):
            bad[path] = done
        else:
            alone[path] = json.loads(done)
    forms = tuple(path for path in given.forms if path not in bad)
    texts = tuple(path for path in given.texts if path not in bad)
    prior = tuple(path for path in job.prior if path not in bad)
    if bad and (forms or texts):
        rest = replace(job, submission=replace(given, forms=forms, texts=texts), prior=prior)
        done = _tried(keeper, rest)
        if isinstance(done, bytes):
            return _blamed(job, bad, json.loads(done))
        trouble = done
    return _apart(job, bad, alone, trouble)


def _apart(job: Job, bad: dict[str, _Trouble], alone: dict[str, dict[str, Any]], trouble: _Trouble) -> bytes:
    """Each file's own findings, where holding them against each other is what ended badly."""
    own = [path for path in job.submission.files if path in alone]
    code, text = trouble.reason
    documents = []
    for path in own:
        document = alone[path]["documents"][0]
        if document["status"] != "not_checked":
            document["status"] = "partial"
            document["reason"] = {
                "code": code.value,
                "text": f"这份文件单独检查过，但没有与同一单位的其他文件核对：{text}",
            }
        documents.append(document)
    profile = next((alone[path]["profile"] for path in own if alone[path]["profile"]), None)
    return _blamed(job, bad, {"documents": documents, "prior": [], "profile": profile, "copies": []})


def _blamed(job: Job, bad: dict[str, _Trouble], done: dict[str, Any] | None = None) -> bytes:
    """A record with the files to blame put in where they belong."""
    from gouji.batch.work import refused  # noqa: PLC0415  # the sad path only

    given = job.submission
    done = done or {"documents": [], "prior": [], "profile": None, "copies": []}
    known = {document["path"]: document for document in done["documents"]}
    for path, trouble in bad.items():
        known[path] = refused(path, *trouble.reason, _sha256(Path(job.root, path)))
    earlier = list(done["prior"]) + [
        {
            "path": path,
            "sha256": _sha256(Path(job.root, path)),
            "year": None,
            "status": "not_checked",
            "profile": None,
        }
        for path in job.prior
        if path in bad
    ]
    return line_of(
        {
            "id": given.id,
            "name": given.name,
            "folder": given.folder,
            "documents": [known[path] for path in given.files if path in known],
            "prior": earlier,
            "profile": done["profile"],
            "copies": done["copies"],
            "package": done.get("package"),
            "guarded": sorted(bad) or list(given.files),
        }
    )


def lost(job: Job) -> bytes:
    """The record of a submission whose workers died one after the other."""
    trouble = _Trouble(_End.CRASH, None, job.seconds, job.megabytes)
    return _blamed(job, dict.fromkeys(job.submission.files, trouble))


def _sha256(path: Path) -> str | None:
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return None
