"""One door for every kind of file: look at the bytes, pass the gate, go to the reader of the true format."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

from gouji.source.document import Document, ReasonCode, SourceRefusedError
from gouji.source.limits import Limits, own_limits
from gouji.source.sniff import Family, family_of

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["read", "read_bytes"]

_LONG = 100  # characters of a cell that is read as prose


def read(path: str | Path, *, limits: Limits | None = None) -> Document:
    """Read a workbook, a Word report or an exported text.

    Args:
        path: The file; its name's ending does not matter, its content does.
        limits: Caps; the user's own where None.

    Returns:
        The document with every place kept; ``Document.path`` is ``path`` as given.

    Raises:
        SourceRefusedError: With a reason code and a Chinese sentence that names the file and the way out.
    """
    limits = limits or own_limits()
    # Not through pathlib: importing it costs a tenth of a cold check.
    given = os.fspath(path)
    name = os.path.basename(given)  # noqa: PTH119 - see above
    try:
        with open(given, "rb") as stream:  # noqa: PTH123 - see above
            data = stream.read(limits.file_bytes + 1)
    except IsADirectoryError:
        raise SourceRefusedError(
            ReasonCode.UNSUPPORTED, f"“{name}”是文件夹；请指定其中的文件，可以一次写几个。"
        ) from None
    except FileNotFoundError:
        raise SourceRefusedError(
            ReasonCode.UNREADABLE, f"找不到文件“{given}”；请检查路径和文件名是否写对。"
        ) from None
    except OSError as error:
        raise SourceRefusedError(
            ReasonCode.UNREADABLE,
            f"打不开文件“{name}”（{error.strerror or error}）；"
            "请关闭正在使用它的程序，或检查是否有读取权限。",
        ) from None
    return read_bytes(data, name, path=given, limits=limits)


def read_bytes(data: bytes, name: str, *, path: str | None = None, limits: Limits | None = None) -> Document:
    """Read a document from its bytes.

    Args:
        data: The whole file.
        name: The file's name, for messages; its ending does not decide anything.
        path: What ``Document.path`` becomes; ``name`` where None.
        limits: Caps; the user's own where None.

    Raises:
        SourceRefusedError: As :func:`read`.
    """
    limits = limits or own_limits()
    try:
        document = _read(data, name, path if path is not None else name, limits)
    except SourceRefusedError:
        raise
    except MemoryError:
        raise SourceRefusedError(
            ReasonCode.TOO_LARGE,
            f"“{name}”太大，内存不足，没有检查；请把自评表所在的工作表另存为单独的文件再检查。",
        ) from None
    except Exception as error:  # a parser's surprise must reach the user as a coded refusal
        raise SourceRefusedError(
            ReasonCode.UNREADABLE,
            f"“{name}”内容有误，无法读取（{type(error).__name__}）；"
            "请用 Excel、Word 或 WPS 打开并另存后再检查。",
        ) from error
    if _prose(document) > limits.prose_chars:
        raise SourceRefusedError(
            ReasonCode.TOO_LARGE,
            f"“{name}”的文字超过 {limits.prose_chars} 个，不像自评材料，没有检查；请把自评表和报告另存为单独的文件再检查。",
        )
    return document


def _prose(document: Document) -> int:
    """How many characters stand in paragraphs and long cells."""
    chars = sum(len(paragraph.text) for paragraph in document.paragraphs)
    for grid in document.grids:
        chars += sum(len(cell.text) for cell in grid.cells.values() if len(cell.text) > _LONG)
    return chars


def _read(data: bytes, name: str, path: str, limits: Limits) -> Document:
    if len(data) > limits.file_bytes:
        raise SourceRefusedError(
            ReasonCode.TOO_LARGE,
            f"“{name}”超过 {limits.file_bytes // 1048576} MB，没有检查；请删去图片等无关内容后另存再检查。",
        )
    digest = hashlib.sha256(data).hexdigest()
    family = family_of(data, name)
    # The readers are imported where they are needed: a check of one .xlsx must not pay for the others.
    if family is Family.PACKAGE:
        from gouji.source.package import Package  # noqa: PLC0415  # loaded when it is needed

        package = Package(data, name, limits)
        if package.kind == "docx":
            from gouji.source.docx import read_report  # noqa: PLC0415  # loaded when it is needed

            grids, paragraphs, notices = read_report(package, limits)
            return Document(path, digest, "docx", grids, paragraphs, notices)
        from gouji.source.xlsx import read_workbook  # noqa: PLC0415  # loaded when it is needed

        sheets, notices = read_workbook(package, limits)
        return Document(path, digest, package.kind, sheets, (), notices)
    if family is Family.TEXT:
        from gouji.source.txt import read_text  # noqa: PLC0415  # loaded when it is needed

        grids, paragraphs, notices = read_text(data, name, limits)
        return Document(path, digest, "txt", grids, paragraphs, notices)
    from gouji.source.binary import read_binary  # noqa: PLC0415  # loaded when it is needed

    return read_binary(data, name, path, digest, limits)
