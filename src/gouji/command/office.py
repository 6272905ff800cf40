"""``gouji office``: the buttons set up on a desktop, taken away, diagnosed."""

from __future__ import annotations

from pathlib import Path

import click

from gouji.office.setup import Place, diagnose, places
from gouji.office.setup import install as set_up
from gouji.office.setup import uninstall as take_down
from gouji.usage import ChineseGroup, os_reason

__all__ = ["office"]

_EXCEL = click.option("--excel", metavar="文件夹", help="Excel 的启动文件夹（XLSTART）；不给时自己找。")
_PROFILE = click.option(
    "--profile", metavar="文件夹", help="LibreOffice 的用户文件夹（user）；不给时自己找。"
)
_HELP = """在桌面上安装、卸载、诊断按钮。

按钮用在 Excel（Windows）和 LibreOffice 里；装的时候请先关闭它们。不改动宏安全设置。
"""
_NOWHERE = "没有找到 Excel 或 LibreOffice 的用户设置。请先打开一次再关闭，或用 --excel、--profile 指定文件夹"


@click.group("office", cls=ChineseGroup, help=_HELP)
def office() -> None:
    """The commands on the desktop's buttons."""


def _places(excel: str | None, profile: str | None) -> list[Place]:
    return places(Path(excel) if excel else None, Path(profile) if profile else None)


@office.command("install", help="安装按钮：Excel 的加载项，LibreOffice 的宏。")
@_EXCEL
@_PROFILE
def install(*, excel: str | None, profile: str | None) -> int:
    """Sets the buttons up."""
    where = _places(excel, profile)
    if not where:
        raise click.UsageError(_NOWHERE)
    try:
        for line in set_up(where):
            click.echo(line)
    except ImportError as error:
        raise click.UsageError("没有安装 xlwings：先运行 pip install gouji[office]") from error
    except OSError as error:
        raise click.UsageError(
            f"写不进 {error.filename}（{os_reason(error)}）。请先关闭 Excel 或 LibreOffice"
        ) from error
    return 0


@office.command("uninstall", help="卸载按钮，不留痕迹；工作簿不受影响。")
@_EXCEL
@_PROFILE
def uninstall(*, excel: str | None, profile: str | None) -> int:
    """Takes the buttons away."""
    try:
        done = list(take_down(_places(excel, profile)))
    except OSError as error:
        raise click.UsageError(
            f"删不掉 {error.filename}（{os_reason(error)}）。请先关闭 Excel 或 LibreOffice"
        ) from error
    for line in done or ["没有装过按钮。"]:
        click.echo(line)
    return 0


@office.command("doctor", help="检查按钮能不能用，不能用时说怎么办。退出状态：0 都正常，1 有问题。")
@_EXCEL
@_PROFILE
def doctor(*, excel: str | None, profile: str | None) -> int:
    """Says what is wrong with the buttons."""
    problems = 0
    for told in diagnose(_places(excel, profile)):
        click.echo(
            f"{'×' if told.advice else '√'} {told.text}" + (f"\n    → {told.advice}" if told.advice else "")
        )
        problems += bool(told.advice)
    click.echo(f"{problems} 处问题" if problems else "没有发现问题")
    return 1 if problems else 0
