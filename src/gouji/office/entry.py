"""Where a click arrives: the workbook it came from, the action, and what the clerk sees of it.

Called through xlwings' RunPython. Whatever goes wrong is said in the sheet 勾稽提示 and written to a log file
whose path stands there; a traceback goes to that file only.
"""

from __future__ import annotations

import json
import logging
import os
import re
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from traceback import format_exception
from typing import TYPE_CHECKING

from gouji.office.buttons import Button, button_by_id
from gouji.office.painting import paint
from gouji.source.document import SourceRefusedError
from gouji.version import __version__
from gouji.write.content import CellContent, Look, SheetContent

if TYPE_CHECKING:
    import xlwings as xw

__all__ = ["LOG", "NOTICE_SHEET", "NOTICE_TITLE", "log_file", "perform", "run", "serve", "without_tables"]

NOTICE_SHEET = "勾稽提示"
LOG = "GOUJI_OFFICE_LOG"
NOTICE_TITLE = "勾稽没有做完"
_LARGEST_LOG = 1 << 20
# What an error may quote from a workbook: words in quotation marks, anything Chinese, long numbers.
_CONTENTS = re.compile(r"'[^'\n]*'|\"[^\"\n]*\"|[^\x00-\x7f]+|\d{4,}")
_PIPE = "XLWINGS_LIBREOFFICE_PIPE"


def log_file() -> Path:
    """Where the log stands: ``GOUJI_OFFICE_LOG``, or .gouji/office.log in the user's folder."""
    named = os.environ.get(LOG)
    return Path(named) if named else Path.home() / ".gouji" / "office.log"


def run(name: str) -> None:
    """What a button's macro calls; the workbook is the one that was clicked in.

    Raises:
        SystemExit: the workbook cannot be reached; its text, one Chinese line, is what xlwings shows.
    """
    try:
        button = button_by_id(name)
        book = _caller()
    except Exception as error:  # noqa: BLE001 # nothing may come up as a traceback
        raise SystemExit(f"勾稽连不上工作簿，什么也没有改。日志：{_logged(error, name)}") from None
    perform(book, button)


def serve(asked: Iterable[str] | None = None) -> None:
    """Do clicks one after the other as they come in on standard input: how LibreOffice keeps Python warm.

    Each line is an object with ``command`` (what RunPython was given), ``arguments`` (for ``sys.argv``, which names the
    workbook) and ``answer``, a file that is written when it is done: empty, or what to tell the user.
    """
    for line in sys.stdin if asked is None else asked:
        job = json.loads(line)
        sys.argv = [str(one) for one in job["arguments"]]
        told = ""
        try:
            exec(job["command"], {"__name__": "__main__"})  # noqa: S102 # RunPython is this; it comes from our macro
        except SystemExit as ended:
            told = str(ended.code or "")
        except Exception as error:  # noqa: BLE001 # as above
            told = f"{_words(error)}\n日志：{_logged(error, 'serve')}"
        answer = Path(job["answer"])
        beside = answer.with_suffix(".new")
        beside.write_text(told, encoding="utf-8")
        beside.replace(answer)


def without_tables() -> None:
    """Keep xlwings from loading pandas and NumPy, which no button needs: most of a click's time.

    Only in a process that is ours alone: where xlwings is loaded already (its server), others may need them.
    """
    if "xlwings" not in sys.modules:
        for name in ("pandas", "numpy"):
            sys.modules.setdefault(name, None)  # type: ignore[arg-type] # None is how Python is told «missing»


def _caller() -> xw.Book:
    without_tables()
    import xlwings  # noqa: PLC0415 # only a click needs it

    if os.environ.get(_PIPE):
        import xlwings_libreoffice  # noqa: PLC0415 # where the click came from LibreOffice

        xlwings_libreoffice.register(activate=True)
    return xlwings.Book.caller()


def perform(book: xw.Book, button: Button) -> str | None:
    """Do what a button does; its sentence, or None where it failed and the workbook says why."""
    try:
        message = _quietly(book, button.resolve())
    except SourceRefusedError as refusal:
        _complain(book, button, refusal.reason.text, None)
    except Exception as error:  # noqa: BLE001 # as above
        _complain(book, button, _words(error), _logged(error, button.id))
    else:
        _say(book, message)
        return message
    return None


def _quietly(book: xw.Book, action: Callable[[xw.Book], str]) -> str:
    with book.app.properties(screen_updating=False, display_alerts=False):
        message = action(book)
        _drop_notice(book)
    return message


def _say(book: xw.Book, message: str) -> None:
    with suppress(Exception):  # a status bar that will not show is no reason to fail
        book.app.status_bar = message


def _words(error: Exception) -> str:
    """What to tell: our own errors in their own words, others by kind."""
    text = str(error)
    if type(error).__module__.startswith(("gouji", "xlwings_libreoffice")) and any(
        c >= "\u4e00" for c in text
    ):
        return text
    return (
        f"程序出错（{type(error).__name__}），没有做完；表里原有的内容没有丢失。"
        "请先点“清除标记”，再试一次；仍不行请把日志发给维护人员。"
    )


def _complain(book: xw.Book, button: Button, text: str, log: Path | None) -> None:
    lines = [NOTICE_TITLE, f"{button.caption}：{text}"]
    if log is not None:
        lines.append(f"日志：{log}")
    lines.append("看过后可以删除本表；下次操作成功时它会自动删除。")
    try:
        _drop_notice(book)
        looks = (Look(bold=True, size=14, colour="C00000"), *[Look(wrap=True, vertical="top")] * len(lines))
        rows = tuple((CellContent(line, look),) for line, look in zip(lines, looks, strict=False))
        with book.app.properties(display_alerts=False):
            paint(book, SheetContent(NOTICE_SHEET, rows, widths=(80.0,))).activate()
        _say(book, f"{button.caption}：没有做完，见“{NOTICE_SHEET}”")
    except Exception as error:  # noqa: BLE001 # the workbook itself is out of reach: xlwings shows this line
        raise SystemExit(f"{button.caption}没有做完：{text}\n日志：{_logged(error, button.id)}") from None


def _drop_notice(book: xw.Book) -> None:
    if NOTICE_SHEET in book.sheets:
        sheet = book.sheets[NOTICE_SHEET]
        if sheet["A1"].value == NOTICE_TITLE:
            sheet.delete()


def _without_contents(line: str) -> str:
    """A piece of a traceback as it may be kept: what an error quotes from the workbook is left out."""
    if line.startswith(("  File", "Traceback", "\nDuring", "\nThe above")):
        return line
    return _CONTENTS.sub("…", line)


def _logged(error: BaseException, what: str) -> Path | None:
    """Write an error down; the log's path, None where it cannot be written."""
    path = log_file()
    text = "".join(map(_without_contents, format_exception(error)))
    head = (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M:%SZ} gouji {__version__} Python {sys.version.split()[0]} {what}\n"
    )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and path.stat().st_size > _LARGEST_LOG:
            path.replace(path.with_suffix(".old.log"))
        with path.open("a", encoding="utf-8") as stream:
            stream.write(head + text)
    except OSError:
        logging.getLogger(__name__).exception("the log cannot be written")
        return None
    return path
