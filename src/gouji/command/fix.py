"""``gouji fix``: the sure corrections made in a copy of a workbook, and a log of them."""

from __future__ import annotations

from pathlib import Path

import click

from gouji.command.saving import FORCE, IN_PLACE, OUTPUT, save_bytes, write_log
from gouji.mending import fix_file, free_output, logged, with_log
from gouji.model import Change
from gouji.result import exit_status
from gouji.source.document import SourceRefusedError
from gouji.usage import ChineseCommand, os_reason, refused, require_free, target_of

__all__ = ["fix"]


@click.command(
    "fix",
    cls=ChineseCommand,
    help="改正有把握的错误，写出改好的副本和“修改记录”；Word 报告里改成修订；--diff 只看不改。",
)
@click.argument("file", metavar="文件")
@click.option("--diff", is_flag=True, help="只列出会改什么，不写文件。")
@click.option("--unsafe", is_flag=True, help="把需要人确认的修改也一并做了。")
@click.option("--log", metavar="文件", help="把修改记录另存为 JSON。")
@OUTPUT
@FORCE
@IN_PLACE
def fix(
    *, file: str, diff: bool, unsafe: bool, log: str | None, output: str | None, force: bool, in_place: bool
) -> int:
    """Applies corrections to a copy of a workbook or report."""
    if output is not None and in_place:
        raise click.UsageError("--in-place 与 --output 只能用一个")
    log_file = None if diff else target_of(click.get_current_context(), log, (file,), force=force)
    default = free_output(Path(file), "已修改")
    if not (diff or in_place or force):
        require_free(Path(output) if output is not None else default, file)
    try:
        fixed = fix_file(file, unsafe=unsafe)
    except SourceRefusedError as refusal:
        raise refused(file, refusal.reason.text) from refusal
    except OSError as error:
        raise click.UsageError(f"打不开 {file}（{os_reason(error)}）") from error
    if fixed.notices and in_place:
        raise click.UsageError(
            f"{file} 是旧格式，转换成的 .xlsx 不能写回原文件；请换一个输出文件名（不用 --in-place）"
        )
    for notice in fixed.notices:
        click.echo(notice)
    for each in fixed.applied:
        change = each.change
        click.echo(f"{_where(change)}  {change.old or '（空）'} → {change.new}  {each.code}  {each.evidence}")
    for each, why in fixed.dropped:
        click.echo(f"没有改：{_where(each.change)} → {each.change.new}（{why}）")
    if not fixed.applied:
        click.echo("没有可以自动改的内容。")
        return exit_status([fixed.after])
    if diff:
        return exit_status([fixed.after])
    target = save_bytes(
        with_log(fixed),
        output,
        default,
        source=file,
        force=force,
        in_place=in_place,
    )
    if log_file is not None:
        write_log(log_file, logged(fixed))
    click.echo(f"改了 {len(fixed.applied)} 处：{target}")
    return exit_status([fixed.after])


def _where(change: Change) -> str:
    """The place of a change, as a clerk would say it."""
    return f"第 {change.paragraph} 段" if change.paragraph is not None else f"{change.sheet}!{change.cell}"
