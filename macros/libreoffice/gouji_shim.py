"""Runs inside LibreOffice, in its own Python: starts the interpreter that has gouji, as xlwings does from Excel.

Installed by ``gouji office install`` beside gouji_shim.json, which names the interpreter. Written for every Python 3
that LibreOffice 7 brings along, so no newer syntax.
"""

import json
import os
import subprocess
import tempfile
import time
import uuid
from pathlib import Path
from typing import Any, Dict

import uno

_JOBS: Dict[int, Any] = {}
_OPENED: Dict[str, Any] = {}
_PIPE = "XLWINGS_LIBREOFFICE_PIPE"
_LEFT_OUT = ("PYTHONHOME", "PYTHONPATH", "LD_LIBRARY_PATH", "URE_BOOTSTRAP")


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
    if "name" not in _OPENED:
        name = "gouji" + uuid.uuid4().hex[:16]
        context = uno.getComponentContext()
        acceptor = context.ServiceManager.createInstanceWithContext("com.sun.star.office.Acceptor", context)
        acceptor.initialize((f"pipe,name={name};urp;", True))
        _OPENED.update(name=name, acceptor=acceptor)
    return str(_OPENED["name"])


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


def start(command: str, document: Any) -> int:
    """Start Python on a command for a document; gives a number for the job."""
    settings = _settings()
    document = document or _document()
    url = document.getURL()
    name = Path(uno.fileUrlToSystemPath(url)).name if url.startswith("file:") else document.getTitle()
    environment = {key: value for key, value in os.environ.items() if key not in _LEFT_OUT}
    environment.update({_PIPE: _pipe(), "XLWINGS_LIBREOFFICE_PID": str(os.getpid())})
    environment.update(settings.get("environment", {}))
    errors = tempfile.TemporaryFile()  # closed in finish
    process = subprocess.Popen(
        [
            settings["interpreter"],
            "-I",
            "-B",
            "-c",
            command,
            f"--wb={name}",
            "--from_xl=1",
            "--app=libreoffice",
            "--hwnd=0",
        ],
        stderr=errors,
        env=environment,
    )
    _JOBS[process.pid] = (process, errors, time.time() + settings.get("timeout", 120))
    return process.pid


def poll(job: int) -> bool:
    """Whether the job still runs; one that takes too long is ended."""
    process, _, deadline = _JOBS[job]
    if process.poll() is None and time.time() > deadline:
        process.kill()
    return process.poll() is None


def finish(job: int) -> int:
    """What the job came to: 0, or -1 after telling the user why."""
    process, errors, _ = _JOBS.pop(job)
    errors.seek(0)
    told = errors.read().decode("utf-8", "replace").strip()
    errors.close()
    if process.returncode:
        _tell(told or "{} ({})".format(_settings()["failed"], process.returncode))
        return -1
    return 0


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
