"""``gouji import``: a report becomes a workbook of its form."""

from __future__ import annotations

from pathlib import Path

import click

from gouji.command.saving import FORCE, OUTPUT, save_bytes
from gouji.filling import Fate
from gouji.form.registry import UnknownFormError
from gouji.importing import SOURCE_SHEET, import_report
from gouji.source.document import SourceRefusedError
from gouji.usage import ChineseCommand, refused, require_free

__all__ = ["import_"]

_HELP = """把自评报告（.docx .txt .xls .et .xlsx；装有 LibreOffice 时还有 .doc .wps）里的表做成工作簿。

文字照抄，写得不规范的数字也照原样保留，供 check 和 fix 指出；合计、执行率等格填上公式。
“数据来源”表逐格说明每个数字来自哪里。不写 --output 时写在原文件旁边（报告.xlsx）。
"""


@click.command("import", cls=ChineseCommand, help=_HELP)
@click.argument("report", metavar="报告")
@click.option("--form", metavar="表式", help="指定表式，不自动识别；gouji forms 列出全部。")
@OUTPUT
@FORCE
def import_(*, report: str, form: str | None, output: str | None, force: bool) -> int:
    """Makes a workbook of a report; returns the exit status."""
    target = Path(output) if output is not None else _beside(Path(report))
    if not force:
        require_free(target, report)
    try:
        made = import_report(report, form)
    except UnknownFormError as error:
        raise click.UsageError(str(error)) from error
    except SourceRefusedError as refusal:
        raise refused(report, refusal.reason.text) from refusal
    save_bytes(made.data, str(target), target, source=report, force=force, in_place=False)
    click.echo(
        f"导入 {len(made.sheets)} 张表（{'、'.join(made.sheets)}），表式 {made.form}，"
        f"{made.texts} 处文字，其中 {made.numbers} 处是数字：{target}"
    )
    new = sum(one.is_new for one in made.cells)
    click.echo(f"填上公式 {new} 个。")
    for one in made.cells:
        if one.fate is Fate.KEPT:
            note = f"（{one.note}）" if one.note else ""
            click.echo(
                f"照原文保留  {one.sheet}!{one.cell}  {one.label}  {one.old}，公式得 {one.result}{note}"
            )
    for name in made.left_out:
        click.echo(f"没有认出、没有导入：{name}")
    for notice in made.notices:
        click.echo(notice)
    click.echo(f"每格的来源见“{SOURCE_SHEET}”表。")
    return 0


def _beside(report: Path) -> Path:
    """报告.docx → 报告.xlsx; a workbook gets a name of its own."""
    if report.suffix.lower() in (".xlsm", ".xltm", ".xltx"):
        return report.with_name(f"{report.stem}.已导入{report.suffix}")
    beside = report.with_suffix(".xlsx")
    return report.with_name(f"{report.stem}.已导入.xlsx") if beside == report else beside
