"""``gouji fill``: the form's formulas into the calculated cells of a workbook."""

from __future__ import annotations

from pathlib import Path

import click

from gouji.command.saving import FORCE, IN_PLACE, OUTPUT, save, write_log
from gouji.filling import Fate, FilledCell, Typed, fill_file, logged
from gouji.form.registry import UnknownFormError
from gouji.mending import free_output
from gouji.source.document import SourceRefusedError
from gouji.usage import ChineseCommand, os_reason, refused, require_free, target_of

__all__ = ["fill"]

_HELP = """把表式里该计算的格（合计、执行率、得分等）填上公式，表格在哪里就填在哪里。

已有公式的格不动。手填了数字的格只列出来，加 --replace 才换成公式，原来填的数记在“修改记录”表里。
"""


@click.command("fill", cls=ChineseCommand, help=_HELP)
@click.argument("file", metavar="文件")
@click.option("--replace", is_flag=True, help="手填的数字也换成公式。")
@click.option("--form", metavar="表式", help="指定表式，不自动识别；gouji forms 列出全部。")
@click.option("--log", metavar="文件", help="把替换记录另存为 JSON。")
@OUTPUT
@FORCE
@IN_PLACE
def fill(
    *,
    file: str,
    replace: bool,
    form: str | None,
    log: str | None,
    output: str | None,
    force: bool,
    in_place: bool,
) -> int:
    """Fills formulas in; returns the exit status."""
    if output is not None and in_place:
        raise click.UsageError("--in-place 与 --output 只能用一个")
    log_file = target_of(click.get_current_context(), log, (file,), force=force)
    default = free_output(Path(file), "已填公式")
    if not (in_place or force):
        require_free(Path(output) if output is not None else default, file)
    try:
        filled = fill_file(file, form=form, typed=Typed.REPLACE if replace else Typed.KEEP)
    except UnknownFormError as error:
        raise click.UsageError(str(error)) from error
    except SourceRefusedError as refusal:
        raise refused(file, refusal.reason.text) from refusal
    except OSError as error:
        raise click.UsageError(f"打不开 {file}（{os_reason(error)}）") from error
    target = save(filled.package, output, default, source=file, force=force, in_place=in_place)
    if log_file is not None:
        write_log(log_file, logged(filled.cells))
    for notice in filled.notices:
        click.echo(notice)
    for one in filled.cells:
        line = _line(one)
        if line:
            click.echo(line)
    kept = filled.count(Fate.KEPT)
    click.echo(
        f"填上公式 {filled.count(Fate.WRITTEN, Fate.REPLACED)} 个，原有公式 {filled.count(Fate.FORMULA)} 个"
        f"{f'，手填的保留 {kept} 个' if kept else ''}：{target}"
    )
    if kept and not replace:
        click.echo("手填的数字要换成公式，请加 --replace。")
    return 0


def _line(one: FilledCell) -> str:
    """What is said about one cell; nothing about formulas that were there."""
    where = f"{one.sheet}!{one.cell}  {one.label}"
    note = f"（{one.note}）" if one.note else ""
    match one.fate:
        case Fate.WRITTEN:
            return f"填上  {where}  ={one.formula}  得 {one.result}{note}"
        case Fate.REPLACED:
            return f"替换  {where}  {one.old} → ={one.formula}  得 {one.result}{note}"
        case Fate.KEPT:
            return f"手填  {where}  填的是 {one.old}，公式得 {one.result}{note}"
        case Fate.REFUSED:
            return f"没填  {where}{note}"
    return ""
