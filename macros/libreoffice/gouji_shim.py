"""Runs inside LibreOffice, in its own Python: hands commands to the interpreter that has gouji.

Installed by ``gouji office install`` beside gouji_shim.json, which names the interpreter. That interpreter is started
at the first click and kept, so that the next ones need not load anything; it ends with LibreOffice. Written for every
Python 3 that LibreOffice 7 brings along, so no newer syntax.
"""

import json
import os
import shutil
import subprocess
import tempfile
import time
import uuid
from pathlib import Path
from typing import Any, Dict

import uno

_JOBS: Dict[int, Any] = {}
_KEPT: Dict[str, Any] = {}
_PIPE = "XLWINGS_LIBREOFFICE_PIPE"
_LEFT_OUT = ("PYTHONHOME", "PYTHONPATH", "LD_LIBRARY_PATH", "URE_BOOTSTRAP")
_SERVE = "import gouji.office.entry; gouji.office.entry.serve()"


def _settings() -> Dict[str, Any]:
    here = __file__  # a URL in some versions
    path = Path(uno.fileUrlToSystemPath(here) if here.startswith("file:") else here)
    found: Dict[str, Any] = json.loads(path.with_name("gouji_shim.json").read_text(encoding="utf-8"))
    return found


def _pipe() -> str:
    """The name of a pipe on which this LibreOffice takes calls; opened at the first click."""
    named = os.environ.get(_PIPE)
    if named:
        return named
    if "pipe" not in _KEPT:
        name = "gouji" + uuid.uuid4().hex[:16]
        context = uno.getComponentContext()
        acceptor = context.ServiceManager.createInstanceWithContext("com.sun.star.office.Acceptor", context)
        acceptor.initialize((f"pipe,name={name};urp;", True))
        _KEPT.update(pipe=name, acceptor=acceptor)
    return str(_KEPT["pipe"])


def _document() -> Any:
    """The document meant where Basic names none: the only spreadsheet, or the one in front."""
    context = uno.getComponentContext()
    desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
    found = []
    every = desktop.Components.createEnumeration()
    while every.hasMoreElements():
        one = every.nextElement()
        if one.supportsService("com.sun.star.sheet.SpreadsheetDocument"):
            found.append(one)
    return found[0] if len(found) == 1 else desktop.CurrentComponent


def _worker() -> Any:
    """The interpreter that does the work, started where none runs."""
    worker = _KEPT.get("worker")
    if worker is not None and worker.poll() is None:
        return worker
    settings = _settings()
    environment = {key: value for key, value in os.environ.items() if key not in _LEFT_OUT}
    environment.update({_PIPE: _pipe(), "XLWINGS_LIBREOFFICE_PID": str(os.getpid())})
    environment.update(settings.get("environment", {}))
    errors = tempfile.TemporaryFile()  # read where it ends before its time
    _KEPT["errors"] = errors
    _KEPT["worker"] = subprocess.Popen(
        [settings["interpreter"], "-I", "-B", "-c", _SERVE],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=errors,
        env=environment,
    )
    return _KEPT["worker"]


def start(command: str, document: Any) -> int:
    """Have a command run for a document; gives a number for the job."""
    document = document or _document()
    url = document.getURL()
    name = Path(uno.fileUrlToSystemPath(url)).name if url.startswith("file:") else document.getTitle()
    folder = tempfile.mkdtemp(prefix="gouji-click-")
    asked = {
        "command": command,
        "arguments": ["-c", f"--wb={name}", "--from_xl=1", "--app=libreoffice", "--hwnd=0"],
        "answer": str(Path(folder) / "answer"),
    }
    worker = _worker()
    worker.stdin.write((json.dumps(asked) + "\n").encode("utf-8"))
    worker.stdin.flush()
    number = len(_JOBS) + 1
    _JOBS[number] = (worker, folder, time.time() + _settings().get("timeout", 120))
    return number


def poll(job: int) -> bool:
    """Whether the job still runs; an interpreter that takes too long is ended."""
    worker, folder, deadline = _JOBS[job]
    if (Path(folder) / "answer").exists():
        return False
    if worker.poll() is None and time.time() > deadline:
        worker.kill()
    return worker.poll() is None


def finish(job: int) -> int:
    """What the job came to: 0, or -1 after telling the user why."""
    worker, folder, _ = _JOBS[job]
    answer = Path(folder) / "answer"
    try:
        if answer.exists():
            told = answer.read_text(encoding="utf-8")
            if not told:
                return 0
        else:
            _KEPT["errors"].seek(0)
            lines = _KEPT["errors"].read().decode("utf-8", "replace").strip().splitlines()
            told = "{} ({})\n{}".format(_settings()["failed"], worker.poll(), lines[-1] if lines else "")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    _tell(told)
    return -1


def _tell(text: str) -> None:
    context = uno.getComponentContext()
    manager = context.ServiceManager
    frame = manager.createInstanceWithContext("com.sun.star.frame.Desktop", context).getCurrentFrame()
    toolkit = manager.createInstanceWithContext("com.sun.star.awt.Toolkit", context)
    kind = uno.Enum("com.sun.star.awt.MessageBoxType", "ERRORBOX")
    toolkit.createMessageBox(
        frame.ContainerWindow if frame else None, kind, 1, "gouji", text[-1500:]
    ).execute()


g_exportedScripts = (start, poll, finish)
