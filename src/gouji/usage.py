"""click's own words in Chinese: headings of the help, what is said about wrong usage, and about paths to write to."""

from __future__ import annotations

import contextlib
import errno
from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import click

__all__ = ["ChineseCommand", "ChineseGroup", "complaint", "os_reason", "refused", "require_free", "target_of"]

_REASONS = {
    errno.ENOENT: "没有这个文件或文件夹",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "所在的磁盘只读",
    errno.ENOSPC: "磁盘已满",
    errno.EISDIR: "这是文件夹",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.ENAMETOOLONG: "文件名太长",
}
_HEADINGS = {"Options": "选项", "Commands": "命令", "Positional arguments": "参数"}


class _Formatter(click.HelpFormatter):
    """The help page with Chinese headings."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        args = args.replace("[OPTIONS]", "[选项]").replace("COMMAND [ARGS]...", "命令 [参数]…")
        super().write_usage(prog, args, "用法：" if prefix is None else prefix)

    def write_heading(self, heading: str) -> None:
        self.write(f"{'':>{self.current_indent}}{_HEADINGS.get(heading, heading)}：\n")


class _Context(click.Context):
    formatter_class = _Formatter


class ChineseCommand(click.Command):
    """A command whose help is Chinese."""

    context_class = _Context

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """The --help option, explained in Chinese."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "显示本说明。"
        return option


class ChineseGroup(ChineseCommand, click.Group):
    """A group of such commands; what belongs to it is made of the same classes."""

    command_class = ChineseCommand
    group_class = type

    def __init__(self, *arguments: Any, later: Mapping[str, str] | None = None, **settings: Any) -> None:  # noqa: ANN401 # click's own
        """As click's group; ``later`` names commands that are imported when asked for, as ``module:name``."""
        super().__init__(*arguments, **settings)
        self._later = dict(later or {})

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command by its name."""
        return sorted({*super().list_commands(ctx), *self._later})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A command, imported now where that was put off."""
        if cmd_name in self._later:
            module, _, name = self._later[cmd_name].partition(":")
            found: click.Command = getattr(import_module(module), name)
            return found
        return super().get_command(ctx, cmd_name)


def refused(file: str, reason: str) -> click.UsageError:
    """What to raise where a file cannot be worked on: the reason, with the file's name in front unless it says it."""
    return click.UsageError(reason if Path(file).name in reason else f"{file}：{reason}")


def complaint(error: click.ClickException) -> str:
    """What is wrong with the command line, and how to see what is right, in Chinese."""
    context = getattr(error, "ctx", None)
    command = "gouji" if context is None else context.command_path
    return f"{_what(error)}\n查看用法：{command} --help"


def os_reason(error: OSError) -> str:
    """Why the system would not open or write a file, in Chinese where the reason is a common one."""
    return _REASONS.get(error.errno or 0) or error.strerror or str(error)


def _what(error: click.ClickException) -> str:
    match error:
        case click.NoSuchOption():
            return f"没有这个选项：{error.option_name}{_similar(error.possibilities)}"
        case click.NoSuchCommand():
            return f"没有这个命令：{error.command_name}{_similar(error.possibilities)}"
        case click.MissingParameter():
            return f"缺少参数：{_name(error)}"
        case click.BadParameter():
            kind = error.param.type if error.param is not None else None
            if isinstance(kind, click.Choice):
                return f"{_name(error)} 只能是：{'、'.join(map(str, kind.choices))}"
            return f"{_name(error)} 不对：{error.message}" if _name(error) else error.message
        case click.BadOptionUsage():
            return f"选项 {error.option_name} 的用法不对（缺少取值，或不应带取值）"
        case click.FileError():
            return f"文件打不开：{error.ui_filename}"
        case click.UsageError() if not error.message.isascii():
            return error.message  # written by us
        case click.UsageError():
            return f"命令行写法不对（{error.message}）"
        case _:
            return error.message


def _name(error: click.BadParameter) -> str:
    hint: Sequence[str] | str | None = error.param_hint
    if hint is None and error.param is not None:
        hint = error.param.get_error_hint(error.ctx)
    if hint is None:
        return ""
    return (hint if isinstance(hint, str) else "、".join(hint)).replace("'", "")


def _similar(names: Iterable[str] | None) -> str:
    return f"（是不是 {'、'.join(names)}？）" if names else ""


def target_of(
    context: click.Context, output: str | None, inputs: Iterable[str], *, force: bool
) -> Path | None:
    """The file to write to, refused before any work where it would destroy something."""
    if output is None:
        return None
    target = Path(output)
    for path in inputs:
        with contextlib.suppress(OSError):
            if target.samefile(path):
                raise click.UsageError(f"输出文件不能就是被检查的文件：{output}", context)
    if target.is_dir():
        raise click.UsageError(f"输出的位置是文件夹，请写出文件名：{output}", context)
    if target.exists() and not force:
        raise click.UsageError(f"输出文件已经存在：{output}。换一个名字，或加 --force 覆盖", context)
    if not target.parent.is_dir():
        raise click.UsageError(f"输出的文件夹不存在：{target.parent}", context)
    return target


def require_free(target: Path, source: str) -> None:
    """Refuses an output path that is taken before anything is said to have been changed."""
    if not target.exists():
        return
    if target.is_dir():
        raise click.UsageError(f"输出的位置是文件夹，请写出文件名：{target}")
    with contextlib.suppress(OSError):
        if target.samefile(source):
            raise click.UsageError("输出文件就是输入文件；要直接改写它请加 --in-place（会留备份）")
    raise click.UsageError(f"{target} 已存在；要覆盖请加 --force，或换一个输出文件名")
