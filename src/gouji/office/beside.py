"""What lies in the folder of a live workbook: the written report that goes with it, and free names for what is made."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from gouji.source.document import ReasonCode, SourceRefusedError
from gouji.write.saving import OutputExistsError, save_whole

if TYPE_CHECKING:
    import xlwings as xw

__all__ = ["WORD", "folder_file", "reports_beside", "save_beside"]

WORD = (".docx",)
_COPIES = (".已批注", ".已修改", ".已计算", ".已清除", ".原件")


def folder_file(book: xw.Book) -> Path:
    """The file of a live workbook, whose folder is looked through; it need not hold the latest changes.

    Raises:
        SourceRefusedError: the workbook was never saved, or not to a folder of this computer.
    """
    path = Path(book.fullname)
    if not path.is_file():
        raise SourceRefusedError(
            ReasonCode.UNSUPPORTED,
            f"“{book.name}”没有存在这台电脑的文件夹里。请先另存到电脑上，再点一次。",
        )
    return path


def reports_beside(path: Path, kinds: Sequence[str] = WORD) -> tuple[Path, ...]:
    """The written reports in a workbook's folder: those that call themselves 报告 or bear the workbook's name.

    One that bears the very name of the workbook is its report, whatever else lies there. Copies that this program
    wrote, and what Word keeps beside an open document, are none.

    Args:
        path: the workbook.
        kinds: the endings of reports, the first before the others: of one name only the first kind counts.
    """
    names: dict[str, Path] = {}
    for kind in kinds:
        for each in sorted(path.parent.iterdir()):
            if each.suffix.lower() == kind and _is_report(each, path) and each.is_file():
                names.setdefault(each.stem, each)
    own = names.get(path.stem)
    return (own,) if own is not None else tuple(names[stem] for stem in sorted(names))


def _is_report(file: Path, workbook: Path) -> bool:
    if file.name.startswith((".", "~$")) or any(mark in file.stem for mark in _COPIES):
        return False
    return "报告" in file.stem or file.stem == workbook.stem


def save_beside(target: Path, data: bytes, what: str) -> Path:
    """Write a file under a name that nothing has yet (an earlier one is kept): 报告.已批注.docx, 报告.已批注(2).docx.

    Raises:
        SourceRefusedError: the folder cannot be written to; ``what`` names what was to be written.
    """
    path, number = target, 1
    while True:
        try:
            save_whole(path, data)
        except OutputExistsError:
            number += 1
            path = target.with_name(f"{target.stem}({number}){target.suffix}")
            continue
        except OSError as error:
            raise SourceRefusedError(
                ReasonCode.UNSUPPORTED,
                f"{what}写不进 {target.parent}（{error.strerror or type(error).__name__}）。",
            ) from error
        return path
