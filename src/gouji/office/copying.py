"""The one place that gets files out of a live workbook: everything is then read as any file is."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from gouji.office.beside import folder_file
from gouji.source.document import ReasonCode, SourceRefusedError

if TYPE_CHECKING:
    import xlwings as xw

__all__ = ["saved_copy", "saved_file"]

_EXCEL_SUFFIXES = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".xltx", ".xltm"})


def saved_copy(book: xw.Book) -> bytes:
    """The workbook as it is now, unsaved changes and all, as the bytes of a file. The workbook stays as it is.

    Raises:
        SourceRefusedError: the program that holds the workbook offers no way to save a copy.
    """
    with tempfile.TemporaryDirectory(prefix="gouji-", ignore_cleanup_errors=True) as folder:
        if hasattr(book.impl, "save_copy"):  # LibreOffice
            path = Path(folder) / "copy.xlsx"
            book.impl.save_copy(path)
        elif book.app.engine.name == "excel" and hasattr(book.api, "SaveCopyAs"):
            # SaveCopyAs keeps the workbook's own format; one never saved is an .xlsx.
            suffix = Path(book.name).suffix.lower()
            path = Path(folder) / f"copy{suffix if suffix in _EXCEL_SUFFIXES else '.xlsx'}"
            book.api.SaveCopyAs(str(path))
        else:
            raise SourceRefusedError(
                ReasonCode.UNSUPPORTED,
                "这个软件不能用按钮校验。请先保存文件，再用 gouji check 文件名 校验。",
            )
        return path.read_bytes()


def saved_file(book: xw.Book) -> Path:
    """The file that a live workbook was last saved to; it holds what the workbook holds now.

    What is handed in has to be the file that Excel or LibreOffice wrote for its user: a copy that LibreOffice makes of
    another program's workbook loses parts of it.

    Raises:
        SourceRefusedError: there is no such file, or there are changes that are not in it.
    """
    path = folder_file(book)
    if _unsaved(book):
        raise SourceRefusedError(
            ReasonCode.UNSUPPORTED, "表里有还没保存的改动。请先保存（Ctrl+S），再点一次。"
        )
    return path


def _unsaved(book: xw.Book) -> bool:
    if hasattr(book.impl, "unsaved"):  # LibreOffice
        return bool(book.impl.unsaved)
    saved = book.api.Saved if hasattr(book.api, "Saved") else book.api.saved.get()  # Windows, macOS
    return not saved
