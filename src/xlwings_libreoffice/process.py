"""soffice processes: started, connected to, ended, and never left behind.

Each process started here has a profile, a pipe and a temporary folder of its own, so that any number may run
side by side and none finds the lock of another. Because soffice outlives a parent that was killed, every
process is noted in a folder; the next start ends those whose owner is gone.

``XLWINGS_LIBREOFFICE_PIPE`` names the pipe of a LibreOffice that is running already: it comes first. That is
how a macro's button reaches the LibreOffice it was clicked in.
"""

from __future__ import annotations

import atexit
import hashlib
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from xlwings_libreoffice import profile
from xlwings_libreoffice.bridge import struct, uno
from xlwings_libreoffice.errors import OfficeGoneError, OfficeNotFoundError, OfficeStartError

__all__ = ["PIPE", "Office", "find_soffice", "note_folder", "running", "start", "sweep"]

PIPE = "XLWINGS_LIBREOFFICE_PIPE"
_PROGRAM = "XLWINGS_LIBREOFFICE_SOFFICE"
_TRUSTED = "XLWINGS_LIBREOFFICE_TRUSTED"
_NOTES = "XLWINGS_LIBREOFFICE_NOTES"
_NO_CONNECTION: type[BaseException] = uno.getClass("com.sun.star.connection.NoConnectException")
_UNO_ERROR: type[BaseException] = uno.getClass("com.sun.star.uno.Exception")
_PIPES = ("/tmp", "/var/tmp")  # noqa: S108 # where LibreOffice puts the sockets behind its pipes


def find_soffice() -> str | None:
    """The LibreOffice program; ``XLWINGS_LIBREOFFICE_SOFFICE`` names another than the one on the path."""
    named = os.environ.get(_PROGRAM)
    if named is not None:
        return named or None
    return shutil.which("soffice") or shutil.which("libreoffice")


def note_folder() -> Path:
    """The folder with a note for each soffice started and not ended yet."""
    named = os.environ.get(_NOTES)
    user = getattr(os, "getuid", lambda: 0)()
    folder = Path(named) if named else Path(tempfile.gettempdir()) / f"xlwings-libreoffice-{user}"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _born(pid: int) -> str | None:
    """When a process started, in the kernel's ticks: with the pid it names a process for good; None if gone."""
    try:
        fields = (
            Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        )
    except OSError:
        return None
    return None if fields[0] == "Z" else fields[19]


def _connect(pipe: str) -> Any:
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")


@dataclass(eq=False, slots=True)
class Office:
    """One LibreOffice process: what xlwings calls an App.

    ``process`` is None for one that was running already; such a one is never ended by us. ``held`` keeps what is
    dear to make (parsers, number formats), by document. ``moves`` counts what moved cells or sheets: UNO's
    objects for sheets and ranges made before are then off, for they follow the cells, and not always rightly.
    """

    context: Any
    pid: int
    pipe: str
    process: subprocess.Popen[bytes] | None = None
    profile: Path | None = None
    headless: bool = True
    held: dict[tuple[str, str], Any] = field(default_factory=dict)
    moves: int = 0
    _desktop: Any = None

    def create(self, service: str) -> Any:
        """A service of this office, named without ``com.sun.star.``."""
        return self.context.ServiceManager.createInstanceWithContext("com.sun.star." + service, self.context)

    @property
    def desktop(self) -> Any:
        """The desktop, which holds the documents."""
        if self._desktop is None:
            self._desktop = self.create("frame.Desktop")
        return self._desktop

    @property
    def alive(self) -> bool:
        """Whether it still answers."""
        if self.process is not None and self.process.poll() is not None:
            return False
        try:
            return bool(self.desktop.getImplementationName())
        except (_UNO_ERROR, AttributeError):
            return False

    def quit(self, timeout: float = 10.0) -> None:
        """Close every document without saving and end the process; within ``timeout`` seconds, or by force."""
        with suppress(_UNO_ERROR, AttributeError):
            _close_documents(self.desktop)
            if self.process is not None:
                self.desktop.terminate()
        self._reap(timeout)

    def kill(self) -> None:
        """End the process by force."""
        if self.process is not None:
            _end_group(self.process.pid)
        self._reap(5.0)

    def _reap(self, timeout: float) -> None:
        if self.process is None:
            return
        try:
            self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            _end_group(self.process.pid)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(5)
        _end_group(self.process.pid)  # the launcher may be gone and soffice.bin not
        _forget(self.process.pid, self.pipe, self.profile)
        if self in _started:
            _started.remove(self)


_started: list[Office] = []
_attached: dict[str, Office] = {}


def _close_documents(desktop: Any) -> None:
    documents = desktop.Components.createEnumeration()
    while documents.hasMoreElements():
        document = documents.nextElement()
        with suppress(_UNO_ERROR, AttributeError):
            document.setModified(False)
            document.close(True)  # UNO takes no keywords


def _end_group(leader: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def _forget(leader: int, pipe: str, folder: Path | None) -> None:
    """Take away what a process leaves behind: its note, its profile, the sockets of its pipes."""
    (note_folder() / f"{leader}.json").unlink(missing_ok=True)
    if folder is not None:
        shutil.rmtree(folder, ignore_errors=True)
    names = [pipe]
    if folder is not None:
        # LibreOffice names the pipe that tells a second start of the first by the profile's digest.
        digest = hashlib.md5(folder.as_uri().encode("utf-16-le"), usedforsecurity=False).digest()
        names.append("SingleOfficeIPC_" + "".join(f"{byte:x}" for byte in digest))
    for place in _PIPES:
        for name in names:
            for socket in Path(place).glob(f"OSL_PIPE_*_{name}"):
                with suppress(OSError):
                    socket.unlink()


@atexit.register
def _end_all() -> None:
    for office in _started.copy():
        office.quit(timeout=5.0)


def sweep() -> int:
    """End the offices whose owner is gone and clear their profiles away.

    Returns:
        How many were found.
    """
    found = 0
    for note in note_folder().glob("*.json"):
        try:
            said = json.loads(note.read_text(encoding="utf-8"))
            owner, born, leader, leader_born = said["owner"], said["owner_born"], said["leader"], said["born"]
            pipe, folder = str(said["pipe"]), Path(said["profile"])
        except (OSError, ValueError, KeyError, TypeError):
            continue  # being written by another process just now, or not ours
        if born is not None and _born(owner) == born:
            continue
        found += 1
        # The launcher's own exit leaves the group to soffice.bin: ask the group's members, not the leader.
        if _born(leader) in (leader_born, None):
            _end_group(leader)
        _forget(leader, pipe, folder)
    return found


def start(
    *,
    visible: bool = False,
    timeout: float = 60.0,
    trusted: Sequence[Path] = (),
    prepare: Callable[[Path], None] | None = None,
) -> Office:
    """Start a LibreOffice of our own and connect to it.

    Args:
        visible: With windows; without, they are never drawn.
        timeout: Seconds to wait for its answer.
        trusted: Folders whose documents may run macros, besides those that ``XLWINGS_LIBREOFFICE_TRUSTED`` lists.
        prepare: Called with the folder of the new profile before LibreOffice starts on it.

    Raises:
        OfficeNotFoundError: LibreOffice is not installed.
        OfficeStartError: it ended at once or did not answer.
    """
    program = find_soffice()
    if program is None:
        raise OfficeNotFoundError("没有找到 LibreOffice（soffice）。请先安装，或检查安装路径。")
    sweep()
    folder = Path(tempfile.mkdtemp(prefix="xlwings-lo-"))
    listed = os.environ.get(_TRUSTED, "")
    profile.seed(folder, trusted=(*trusted, *(Path(one) for one in listed.split(os.pathsep) if one)))
    if prepare is not None:
        prepare(folder)
    temporary = folder / "tmp"
    temporary.mkdir()
    pipe = f"xlw{uuid.uuid4().hex[:16]}"
    command = [
        program,
        *(() if visible else ("--headless",)),
        *("--norestore", "--nologo", "--nodefault", "--nofirststartwizard", "--nolockcheck"),
        f"--accept=pipe,name={pipe};urp;",
        f"-env:UserInstallation={folder.as_uri()}",
    ]
    try:
        process = subprocess.Popen(  # noqa: S603 # our own command
            command,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**_environment(), "TMPDIR": str(temporary)},
        )
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise OfficeNotFoundError(f"启动不了 LibreOffice（{program}）：{error.strerror}。") from error
    _note(process.pid, pipe, folder)
    try:
        context = _wait(process, pipe, timeout)
    except BaseException:
        _end_group(process.pid)
        with suppress(subprocess.TimeoutExpired):
            process.wait(5)
        _forget(process.pid, pipe, folder)
        raise
    office = Office(context, process.pid, pipe, process, folder, headless=not visible)
    _started.insert(0, office)
    return office


def _environment() -> dict[str, str]:
    """Our environment without what would send LibreOffice's own Python astray."""
    unwanted = ("PYTHONHOME", "PYTHONPATH", "LD_LIBRARY_PATH", PIPE)
    return {name: value for name, value in os.environ.items() if name not in unwanted}


def _note(leader: int, pipe: str, folder: Path) -> None:
    owner = os.getpid()
    said = {
        "leader": leader,
        "born": _born(leader),
        "owner": owner,
        "owner_born": _born(owner),
        "pipe": pipe,
        "profile": str(folder),
    }
    path = note_folder() / f"{leader}.json"
    beside = path.with_suffix(".new")
    beside.write_text(json.dumps(said), encoding="utf-8")
    beside.replace(path)


def _wait(process: subprocess.Popen[bytes], pipe: str, timeout: float) -> Any:
    end = time.monotonic() + timeout
    while True:
        try:
            return _connect(pipe)
        # Not there yet; on a busy machine also there and not ready, which it says in other words.
        except _UNO_ERROR as error:
            if process.poll() is not None:
                raise OfficeStartError(
                    f"LibreOffice 一启动就退出了（代码 {process.returncode}）。请检查磁盘空间和安装是否完好。"
                ) from error
            if time.monotonic() > end:
                raise OfficeStartError(f"LibreOffice 启动后 {timeout:g} 秒没有应答。") from error
        time.sleep(0.05)


def running() -> Iterator[Office]:
    """The offices that answer: the one named by the environment first, then ours, the newest first.

    Raises:
        OfficeGoneError: the one named by the environment does not answer.
    """
    named = os.environ.get(PIPE)
    if named:
        yield _attach(named)
    for office in _started.copy():
        if office.alive:
            yield office
        else:
            office.kill()


def _attach(pipe: str) -> Office:
    office = _attached.get(pipe)
    if office is None or not office.alive:
        try:
            context = _connect(pipe)
        except _NO_CONNECTION as error:
            raise OfficeGoneError("连不上打开工作簿的 LibreOffice，它可能已经关闭。") from error
        office = _attached[pipe] = Office(context, _pid_of(context), pipe, headless=False)
    return office


def _pid_of(context: Any) -> int:
    """The process behind a connection, as far as it tells: the environment of the caller, or 0."""
    del context
    return int(os.environ.get("XLWINGS_LIBREOFFICE_PID", "0"))


def locale(language: str = "", country: str = "") -> Any:
    """A UNO locale; the default one stands for the office's own."""
    return struct("lang.Locale", language, country, "")
