"""``gouji annotate``: findings marked in a copy of a workbook, or the marks taken away."""

from __future__ import annotations

from pathlib import Path

import click

from gouji.checking import check_file
from gouji.command.saving import FORCE, IN_PLACE, OUTPUT, save, save_bytes
from gouji.mending import annotate_file, annotate_report, free_output
from gouji.result import DocumentResult, exit_status
from gouji.source.document import SourceRefusedError
from gouji.usage import ChineseCommand, os_reason, refused
from gouji.write.annotate import clear as take_away
from gouji.write.package import Package
from gouji.write.word import WordFile, is_word

__all__ = ["annotate"]


@click.command(
    "annotate",
    cls=ChineseCommand,
    help="把检查结果标在副本里：工作簿里是批注、底色和“校验结果”表，Word 报告里是批注；--clear 取消。",
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
        if clear and is_word(Path(file).read_bytes()):
            return _clear_report(file, output, force=force, in_place=in_place)
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
        result = check_file(file)
        if result.document is not None and result.document.kind == "docx":
            return _annotate_report(result, output, force=force, in_place=in_place)
        result, package, made = annotate_file(file, result=result)
        target = save(
            package, output, free_output(Path(file), "已批注"), source=file, force=force, in_place=in_place
        )
    except SourceRefusedError as refusal:
        raise refused(file, refusal.reason.text) from refusal
    except OSError as error:
        raise click.UsageError(f"打不开 {file}（{os_reason(error)}）") from error
    for notice in made.notices:
        click.echo(notice)
    click.echo(f"发现 {len(result.findings)} 处，标注了 {len(made.marks)} 个单元格：{target}")
    return exit_status([result])


def _annotate_report(result: DocumentResult, output: str | None, *, force: bool, in_place: bool) -> int:
    """Puts the findings of a Word report beside its words, as comments."""
    word, comments = annotate_report(result)
    target = save_bytes(
        word.to_bytes(),
        output,
        free_output(Path(result.path), "已批注"),
        source=result.path,
        force=force,
        in_place=in_place,
    )
    click.echo(f"发现 {len(result.findings)} 处，加了 {comments} 条批注：{target}")
    return exit_status([result])


def _clear_report(file: str, output: str | None, *, force: bool, in_place: bool) -> int:
    """Takes the comments of an earlier check out of a Word report."""
    word = WordFile.open(file)
    cleared = word.clear()
    target = save_bytes(
        word.to_bytes(),
        output,
        free_output(Path(file), "已清除"),
        source=file,
        force=force,
        in_place=in_place,
    )
    click.echo(
        f"已去掉 {cleared} 条批注：{target}" if cleared else f"文件里没有标注，写出的副本与原来相同：{target}"
    )
    return 0
