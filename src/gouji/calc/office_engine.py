"""LibreOffice as a second opinion: headless, in a profile of its own, with no network where that can be had.

It is given a copy of the workbook without pictures, links and macros, and always recalculates
(OOXMLRecalcMode 0); its output is read, never handed on. Facts found by trial: it has no XLOOKUP, LET, FILTER;
it counts booleans in ranges as numbers; a function it lacks gives ``#NAME?``.
"""

from __future__ import annotations

import atexit
import io
import os
import shutil
import signal
import subprocess
import tempfile
import zipfile
from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from gouji.calc.cellrune_engine import saved_values
from gouji.calc.engine import CellKey, EngineFailedError, Outcome

__all__ = ["OfficeEngine", "find_office"]

_REGISTRY = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
{}</oor:items>
"""
_ITEM = (
    '<item oor:path="/org.openoffice.{}"><prop oor:name="{}" oor:op="fuse"><value>{}</value></prop></item>\n'
)
_SETTINGS = (
    ("Office.Calc/Formula/Load", "OOXMLRecalcMode", "0"),  # always, whoever saved the file
    ("Office.Calc/Content/Update", "Link", "2"),  # never update links
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Office.Common/Misc", "FirstRun", "false"),
    ("Office.Common/Misc", "UseDocumentOOoLockFile", "false"),
    ("Office.Common/Misc", "UseDocumentSystemFileLocking", "false"),
    ("Office.Recovery/AutoSave", "Enabled", "false"),
    ("Setup/Office", "ooSetupInstCompleted", "true"),
)
# Parts a calculation does not need, some of which make LibreOffice load other things.
_LEFT_OUT = (
    "/drawings/",
    "/media/",
    "/charts/",
    "/embeddings/",
    "/activex/",
    "/ctrlprops/",
    "/externallinks/",
    "/printersettings/",
    "/threadedcomments/",
    "/pivottables/",
    "/pivotcache/",
    "/slicers/",
    "/slicercaches/",
    "/querytables/",
    "/diagrams/",
    "customxml/",
    "customui/",
    "docprops/",
    "vbaproject",
    "connections.xml",
    "calcchain.xml",
)


@lru_cache(maxsize=1)
def find_office() -> str | None:
    """The LibreOffice program, where one is installed (``GOUJI_SOFFICE`` names another)."""
    named = os.environ.get("GOUJI_SOFFICE")
    if named is not None:
        return named or None
    found = shutil.which("soffice") or shutil.which("libreoffice")
    if found:
        return found
    for folder in (
        "C:/Program Files",
        "C:/Program Files (x86)",
        "/Applications/LibreOffice.app/Contents/MacOS",
    ):
        for path in (Path(folder) / "LibreOffice/program/soffice.exe", Path(folder) / "soffice"):
            if path.exists():
                return str(path)
    return None


@lru_cache(maxsize=1)
def _without_network() -> tuple[str, ...]:
    """A command prefix that takes the network away, where the system offers one."""
    unshare = shutil.which("unshare")
    if unshare is not None:
        for prefix in ((unshare, "-n"), (unshare, "-r", "-n")):
            with suppress(OSError):
                if subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode == 0:  # noqa: S603 # a fixed command
                    return prefix
    return ()


@lru_cache(maxsize=1)
def _profile() -> Path:
    """A LibreOffice profile for this process, removed when it ends."""
    folder = Path(tempfile.mkdtemp(prefix="gouji-office-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    user = folder / "user"
    user.mkdir()
    items = "".join(_ITEM.format(*setting) for setting in _SETTINGS)
    (user / "registrymodifications.xcu").write_text(_REGISTRY.format(items), encoding="utf-8")
    return folder


def calculation_copy(workbook: bytes) -> bytes:
    """The workbook with only what its formulas can see.

    Raises:
        EngineFailedError: not a zip file.
    """
    out = io.BytesIO()
    try:
        with (
            zipfile.ZipFile(io.BytesIO(workbook)) as source,
            zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as copy,
        ):
            for info in source.infolist():
                name = "/" + info.filename.replace("\\", "/").lstrip("/").lower()
                if not any(mark in name for mark in _LEFT_OUT):
                    copy.writestr(info.filename, source.read(info))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as fault:
        raise EngineFailedError("LibreOffice 读不了这个工作簿") from fault
    return out.getvalue()


class OfficeEngine:
    """Computes workbooks with LibreOffice. ``timeout`` is in seconds, for each workbook."""

    name = "LibreOffice"

    def __init__(self, program: str | None = None, timeout: float = 60.0) -> None:
        found = program or find_office()
        if found is None:
            raise EngineFailedError("没有找到 LibreOffice")
        self._program = found
        self._timeout = timeout

    def compute(self, workbooks: Sequence[bytes]) -> list[dict[CellKey, Outcome] | EngineFailedError]:
        """What LibreOffice makes of workbook files: the values of each one's cells, or why there are none.

        All are given to one process; where that dies, each gets one of its own.
        """
        found = self._together(workbooks)
        if len(workbooks) > 1:
            for index, one in enumerate(found):
                if isinstance(one, EngineFailedError):
                    found[index] = self._together([workbooks[index]])[0]
        return found

    def _together(self, workbooks: Sequence[bytes]) -> list[dict[CellKey, Outcome] | EngineFailedError]:
        with tempfile.TemporaryDirectory(prefix="gouji-calc-", ignore_cleanup_errors=True) as folder:
            out = Path(folder) / "out"
            names = []
            for index, workbook in enumerate(workbooks):
                names.append(f"{index}.xlsx")
                with suppress(EngineFailedError):
                    (Path(folder) / names[-1]).write_bytes(calculation_copy(workbook))
            given = [Path(folder) / name for name in names if (Path(folder) / name).exists()]
            late = self._convert(given, out) if given else None
            return [late if late and not (out / name).exists() else _read(out / name) for name in names]

    def _convert(self, sources: Sequence[Path], out: Path) -> EngineFailedError | None:
        command = [
            *_without_network(),
            self._program,
            f"-env:UserInstallation={_profile().as_uri()}",
            "--headless",
            "--norestore",
            "--nolockcheck",
            "--convert-to",
            "xlsx:Calc MS Excel 2007 XML",
            "--outdir",
            str(out),
            *map(str, sources),
        ]
        with subprocess.Popen(  # noqa: S603 # our own command
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        ) as process:
            try:
                process.wait(self._timeout * len(sources))
            except subprocess.TimeoutExpired:
                _kill(process)
                return EngineFailedError(f"LibreOffice 计算超过 {self._timeout:g} 秒")
        return None


def _read(path: Path) -> dict[CellKey, Outcome] | EngineFailedError:
    """The values in a file LibreOffice saved."""
    if not path.exists():
        return EngineFailedError("LibreOffice 读不了这个工作簿")
    try:
        return saved_values(path.read_bytes())
    except EngineFailedError as fault:
        return fault


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End LibreOffice with the processes it started."""
    if hasattr(os, "killpg"):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
