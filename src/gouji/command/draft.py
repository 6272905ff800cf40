"""``gouji form draft``: a form.toml proposed from a bureau's blank form."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from gouji.command.saving import FORCE
from gouji.source import read
from gouji.source.document import Document, SourceRefusedError
from gouji.template.draft import draft as drafted
from gouji.usage import ChineseCommand, os_reason, refused
from gouji.write.saving import OutputExistsError, replace_whole, save_whole

__all__ = ["draft"]

_HELP = """照一份空白表（.xlsx .xls .docx 等）起草表式定义 form.toml：认出各部分，画出版面，猜测哪些格是合计、比率。

猜测的地方都作了标记，核对以后再用 gouji form lint 检查。
"""
_UNNAMED = "new-form"


@click.command("draft", cls=ChineseCommand, help=_HELP)
@click.argument("blank", metavar="空白表")
@click.option(
    "--id", "form_id", metavar="编号", help="表式的编号（小写字母、数字、连字符）；默认用文件夹的名字。"
)
@click.option(
    "--output", "-o", "folder", metavar="文件夹", help="把 form.toml 写到这个文件夹；不给时显示在屏幕上。"
)
@FORCE
def draft(*, blank: str, form_id: str | None, folder: str | None, force: bool) -> int:
    """Writes or shows a proposed form.toml; returns the exit status."""
    name = form_id or (Path(folder).resolve().name if folder is not None else _UNNAMED)
    try:
        document = read(blank)
        made = drafted(document, name, _widths(document))
    except SourceRefusedError as refusal:
        raise refused(blank, refusal.reason.text) from refusal
    except OSError as error:
        raise click.UsageError(f"打不开 {blank}（{os_reason(error)}）") from error
    if folder is None:
        sys.stdout.write(made.text)
        return 0
    target = Path(folder) / "form.toml"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        (replace_whole if force else save_whole)(target, made.text.encode())
    except OutputExistsError as error:
        raise click.UsageError(str(error)) from error
    except OSError as error:
        raise click.UsageError(f"写不进 {target}（{os_reason(error)}）") from error
    click.echo(f"已起草 {target}：{'、'.join(made.blocks)}；{made.guesses} 处是猜测，请逐处核对。")
    click.echo(f"接着：gouji form lint {folder}；gouji new {folder} -o 空白表.xlsx")
    return 0


def _widths(document: Document) -> dict[str, list[float]] | None:
    """The column widths of a workbook, as somebody set them; None where it is of an older kind."""
    if document.kind not in ("xlsx", "xlsm", "xltx", "xltm"):
        return None
    from openpyxl import load_workbook  # noqa: PLC0415  # loaded for new workbooks only
    from openpyxl.utils import get_column_letter  # noqa: PLC0415  # loaded when it is needed

    try:
        book = load_workbook(document.path)
    except Exception:  # noqa: BLE001  # widths are a nicety: what openpyxl cannot open is drawn without them
        return None
    return {
        sheet.title: [
            round(sheet.column_dimensions[get_column_letter(col)].width, 1)
            for col in range(1, sheet.max_column + 1)
        ]
        for sheet in book.worksheets
    }
