"""The options of every command that writes a workbook, and the writing: whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click

from gouji.source.document import SourceRefusedError
from gouji.usage import os_reason
from gouji.write.changelog import Logged
from gouji.write.package import Package
from gouji.write.saving import OutputExistsError, backup, replace_whole, save_whole

__all__ = [
    "FORCE",
    "IN_PLACE",
    "OUTPUT",
    "refuse_in_place",
    "refuse_misnamed",
    "save",
    "save_bytes",
    "write_log",
]

_WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xltx", ".xltm"})
OUTPUT = click.option("--output", "-o", metavar="文件", help="写到这个文件；不给时写在原文件旁边。")
FORCE = click.option("--force", is_flag=True, help="允许覆盖已有的输出文件。")
IN_PLACE = click.option("--in-place", is_flag=True, help="直接改原文件（旁边留备份）。")


def save(
    package: Package, output: str | None, default: Path, *, source: str, force: bool, in_place: bool
) -> Path:
    """Writes a workbook whole or not at all; says in Chinese what stands in the way."""
    target = Path(source) if in_place else Path(output) if output is not None else default
    refuse_in_place(package, target, source, in_place=in_place)
    if not in_place:
        refuse_misnamed(package, target)
    try:
        kept = package.save(target, force=force, in_place=in_place)
    except OutputExistsError as error:
        raise click.UsageError(str(error)) from error
    except OSError as error:
        raise click.UsageError(f"写不进 {target}（{os_reason(error)}）") from error
    if kept is not None:
        click.echo(f"原文件已备份为 {kept}")
    return target


def refuse_in_place(package: Package, target: Path, source: str, *, in_place: bool) -> None:
    """Refuses to write what was converted from .xls or .et over the file it was converted from."""
    if package.path is not None:
        return
    if in_place or (target.exists() and target.samefile(source)):
        raise click.UsageError(
            f"{source} 是旧格式，转换成的 .xlsx 不能写回原文件；请换一个输出文件名（不用 --in-place）"
        )


def refuse_misnamed(package: Package, target: Path) -> None:
    """Refuses an ending that Excel would not open the workbook under."""
    macros = "macroEnabled" in (package.parts.content_type(package.workbook.name) or "")
    if macros and target.suffix.lower() in (".xlsx", ".xltx"):
        raise click.UsageError(
            f"这是含宏的工作簿，写成 {target.suffix} 后 Excel 打不开；请把输出文件名改为 .xlsm：{target}"
        )
    if not macros and target.suffix.lower() in (".xlsm", ".xltm"):
        raise click.UsageError(
            f"这是不含宏的工作簿，写成 {target.suffix} 后 Excel 打不开；请把输出文件名改为 .xlsx：{target}"
        )


def save_bytes(
    data: bytes, output: str | None, default: Path, *, source: str, force: bool, in_place: bool
) -> Path:
    """Writes the fixed workbook beside its source, or in its place with a backup."""
    target = Path(source) if in_place else Path(output) if output is not None else default
    if not in_place and target.suffix.lower() in _WORKBOOKS:
        try:
            refuse_misnamed(Package.open(data), target)
        except SourceRefusedError as refusal:
            raise click.UsageError(
                f"写出的不是工作簿，输出文件名不能以 {target.suffix} 结尾：{target}"
            ) from refusal
    try:
        if in_place:
            click.echo(f"原文件已备份为 {backup(target)}")
            replace_whole(target, data)
        elif target.exists() and target.samefile(source):
            raise click.UsageError("输出文件就是输入文件；要直接改写它请加 --in-place（会留备份）")
        elif force:
            replace_whole(target, data)
        else:
            save_whole(target, data)
    except OutputExistsError as error:
        raise click.UsageError(str(error)) from error
    except OSError as error:
        raise click.UsageError(f"写不进 {target}（{os_reason(error)}）") from error
    return target


def write_log(target: Path, changes: Sequence[Logged]) -> None:
    """Writes a change log as JSON."""
    records = [
        {
            "sheet": one.sheet,
            "cell": one.cell,
            "old": one.old,
            "new": one.new,
            "rule": one.code,
            "evidence": one.evidence,
        }
        for one in changes
    ]
    try:
        replace_whole(target, (json.dumps(records, ensure_ascii=False, indent=1) + "\n").encode())
    except OSError as error:
        raise click.UsageError(f"写不进 {target}（{os_reason(error)}）") from error
