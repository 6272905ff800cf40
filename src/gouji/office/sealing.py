"""The button 导出报送包: the saved workbook as a submission package beside it, as ``gouji seal`` makes it.

The file on disk is sealed, not a copy out of the running program, and without what the buttons left in it: marks, lists
and notices are taken off the sealed copy; the workbook itself stays as it is.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from gouji.acceptance import FILE
from gouji.office import suggesting
from gouji.office.beside import reports_beside, save_beside
from gouji.office.copying import saved_file
from gouji.office.entry import NOTICE_SHEET, NOTICE_TITLE
from gouji.seal.keys import PASSPHRASE, KeyProblemError, SigningKey, default_key, is_encrypted, load_key
from gouji.seal.sealing import seal
from gouji.source.document import ReasonCode, SourceRefusedError
from gouji.write.annotate import clear
from gouji.write.cells import EditRefusedError
from gouji.write.convert import open_workbook

if TYPE_CHECKING:
    import xlwings as xw

__all__ = ["export"]

_OURS = ((suggesting.SHEET, suggesting.TITLE), (NOTICE_SHEET, NOTICE_TITLE))


def export(book: xw.Book) -> str:
    """导出报送包: check what was saved, seal it with the report that lies beside it, and say where the package is."""
    path = saved_file(book)
    key = _key()
    beside = reports_beside(path)
    report = beside[0] if len(beside) == 1 else None
    with _clean(path) as given:
        sealed = seal(str(given), str(report) if report is not None else None, key)
    target = save_beside(path.with_name(f"{path.stem}.报送包.zip"), sealed.data, "报送包")
    also = f"，含报告“{report.name}”" if report is not None else ""
    return f"导出报送包：{sealed.verdict}；“{target.name}”与表在同一文件夹{also}"


def _key() -> SigningKey:
    path, passphrase = default_key(), os.environ.get(PASSPHRASE)
    try:
        asks = passphrase is None and is_encrypted(path)
        key = None if asks else load_key(path, passphrase)
    except (KeyProblemError, OSError) as error:
        raise SourceRefusedError(ReasonCode.UNSUPPORTED, f"{error}。") from error
    if key is None:
        raise SourceRefusedError(
            ReasonCode.UNSUPPORTED, "密钥有口令，按钮不能询问口令。请保存后用命令 gouji seal 文件名 封存。"
        )
    return key


@contextmanager
def _clean(path: Path) -> Iterator[Path]:
    """The workbook without what the buttons added: the very file where there is nothing of it."""
    package, converted = open_workbook(str(path))
    try:
        changed = clear(package).found
        for sheet in [each.name for each in package.worksheets]:
            if any(
                sheet.startswith(name) and str(package.value(sheet, "A1")) == title for name, title in _OURS
            ):
                package.remove_sheet(sheet)
                changed = True
    except EditRefusedError:
        changed = False
    if converted or not changed:
        yield path
        return
    with TemporaryDirectory(prefix="gouji-") as folder:
        made = Path(folder) / path.name
        made.write_bytes(package.to_bytes())
        if (path.parent / FILE).is_file():
            shutil.copyfile(path.parent / FILE, made.parent / FILE)
        yield made
