"""Old Word files (.doc, and .wps which WPS writes the same way), converted to .docx by LibreOffice; old workbooks too.

LibreOffice runs hidden, with a profile of its own that is thrown away, without network where the platform can
forbid it, and no longer than the limits allow. Macros do not run: a fresh profile trusts none.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from gouji.source.document import Grid, Paragraph, ReasonCode, SourceRefusedError
from gouji.source.docx import read_report
from gouji.source.limits import Limits
from gouji.source.package import Package

__all__ = ["converted", "find_libreoffice", "read_legacy"]

_PLACES = (
    "/usr/bin/soffice",
    "/usr/lib/libreoffice/program/soffice",
    "/opt/libreoffice/program/soffice",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    r"C:\Program Files\LibreOffice\program\soffice.com",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.com",
)
# Named .doc whatever it was: by the name .wps LibreOffice would take it for Microsoft Works.
_WORD = ("doc", "docx:MS Word 2007 XML")
_WAY_OUT = "请用 Word 或 WPS 打开后另存为 .docx 再检查"


def find_libreoffice() -> str | None:
    """The LibreOffice program, or None; the variable ``GOUJI_SOFFICE`` names it outright, empty for none."""
    named = os.environ.get("GOUJI_SOFFICE")
    if named is not None:
        return named or None
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return found or next((place for place in _PLACES if Path(place).is_file()), None)


def read_legacy(
    data: bytes, stream: bytes, name: str, limits: Limits
) -> tuple[tuple[Grid, ...], tuple[Paragraph, ...], tuple[str, ...]]:
    """The tables and paragraphs of an old Word file.

    Args:
        data: The whole file.
        stream: Its ``WordDocument`` stream.
        name: The file's name, for messages.
        limits: Time allowed, and the caps of the reader.

    Raises:
        SourceRefusedError: ENCRYPTED; UNSUPPORTED where LibreOffice is missing; TIMEOUT; UNREADABLE where the
            conversion fails; or as :func:`~gouji.source.docx.read_report`.
    """
    # FibBase: the magic number, and bit 8 of the flags for encryption ([MS-DOC] 2.5.2).
    if stream[:2] not in (b"\xec\xa5", b"\xdc\xa5"):
        raise _failed(name)
    if int.from_bytes(stream[10:12], "little") & 0x0100:
        raise SourceRefusedError(
            ReasonCode.ENCRYPTED,
            f"“{name}”设置了打开密码，无法检查；请在 Word 或 WPS 中打开，取消密码后另存再检查。",
        )
    program = find_libreoffice()
    if program is None:
        raise SourceRefusedError(
            ReasonCode.UNSUPPORTED,
            f"“{name}”是旧的 Word/WPS 文字格式，这台电脑上没有安装 LibreOffice，不能直接检查；{_WAY_OUT}。",
        )
    package = Package(converted(program, data, name, limits, _WORD, _WAY_OUT), name, limits)
    if package.kind != "docx":
        raise _failed(name)
    return read_report(package, limits)


def _failed(name: str, way_out: str = _WAY_OUT) -> SourceRefusedError:
    return SourceRefusedError(ReasonCode.UNREADABLE, f"“{name}”无法转换，文件可能已损坏；{way_out}。")


def converted(  # noqa: PLR0917 - a program, a file and a format
    program: str, data: bytes, name: str, limits: Limits, kinds: tuple[str, str], way_out: str
) -> bytes:
    """A file in another format.

    Args:
        program: LibreOffice.
        data: The whole file.
        name: Its name, for messages.
        limits: Time allowed, and how large the result may be.
        kinds: The ending by which LibreOffice knows what the file is, and the ending and filter of the result.
        way_out: What the user can do where this fails, a Chinese clause.

    Raises:
        SourceRefusedError: TIMEOUT; UNREADABLE where the conversion fails.
    """
    old, new = kinds
    with tempfile.TemporaryDirectory(prefix="gouji-", ignore_cleanup_errors=True) as folder:
        place = Path(folder)
        (place / f"in.{old}").write_bytes(data)
        command = [
            *_without_network(),
            program,
            "--headless",
            "--norestore",
            "--nolockcheck",
            f"-env:UserInstallation={(place / 'profile').as_uri()}",
            "--convert-to",
            new,
            "--outdir",
            str(place / "out"),
            str(place / f"in.{old}"),
        ]
        try:
            finished = _run(command, place, limits.seconds)
        except OSError:
            raise _failed(name, way_out) from None
        if not finished:
            raise SourceRefusedError(
                ReasonCode.TIMEOUT, f"“{name}”转换超过 {limits.seconds:g} 秒，没有检查；{way_out}。"
            )
        result = place / "out" / f"in.{new.partition(':')[0]}"
        if not result.is_file() or result.stat().st_size > limits.file_bytes:
            raise _failed(name, way_out)
        return result.read_bytes()


def _run(command: list[str], folder: Path, seconds: float) -> bool:
    """Run to the end; False where time ran out, and then nothing of it is left running."""
    process = subprocess.Popen(  # noqa: S603 - our own command line, the file's name is not in it
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return False
    return True


def _without_network() -> list[str]:
    """What to put in front of a command so that it has no network; empty where the platform cannot."""
    unshare = shutil.which("unshare")
    if unshare is None:
        return []
    for options in (["--net"], ["--map-root-user", "--net"]):
        test = subprocess.run(  # noqa: S603 - a fixed command that tests for a permission
            [unshare, *options, "true"], capture_output=True, check=False
        )
        if test.returncode == 0:
            return [unshare, *options]
    return []
