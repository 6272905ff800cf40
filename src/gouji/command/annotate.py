"""``gouji annotate``: findings marked in a copy of a workbook, or the marks taken away."""

from __future__ import annotations

from pathlib import Path

import click

from gouji.command.saving import FORCE, IN_PLACE, OUTPUT, save
from gouji.mending import annotate_file, free_output
from gouji.result import exit_status
from gouji.source.document import SourceRefusedError
from gouji.usage import ChineseCommand, os_reason
from gouji.write.annotate import clear as take_away
from gouji.write.package import Package

__all__ = ["annotate"]


@click.command(
    "annotate",
    cls=ChineseCommand,
    help="把检查结果标在工作簿的副本里：批注、底色和“校验结果”表；--clear 取消。",
)
@click.argument("file", metavar="文件")
@click.option("--clear", is_flag=True, help="去掉以前标注的全部痕迹。")
@OUTPUT
@FORCE
@IN_PLACE
def annotate(*, file: str, clear: bool, output: str | None, force: bool, in_place: bool) -> int:
    """Marks findings in a copy of a workbook, or takes the marks away."""
    if output is not None and in_place:
        raise click.UsageError("--in-place 与 --output 只能用一个")
    try:
        if clear:
            package = Package.open(file)
            cleared = take_away(package)
            target = save(
                package,
                output,
                free_output(Path(file), "已清除"),
                source=file,
                force=force,
                in_place=in_place,
            )
            click.echo(
                f"已去掉 {cleared.cells} 处标注：{target}"
                if cleared.found
                else f"文件里没有标注，写出的副本与原来相同：{target}"
            )
            return 0
        result, package, made = annotate_file(file)
        target = save(
            package, output, free_output(Path(file), "已批注"), source=file, force=force, in_place=in_place
        )
    except SourceRefusedError as refusal:
        raise click.UsageError(refusal.reason.text) from refusal
    except OSError as error:
        raise click.UsageError(f"打不开 {file}（{os_reason(error)}）") from error
    for notice in made.notices:
        click.echo(notice)
    click.echo(f"发现 {len(result.findings)} 处，标注了 {len(made.marks)} 个单元格：{target}")
    return exit_status([result])
