"""click's own words in Chinese: headings of the help, and what is said about wrong usage."""

from __future__ import annotations

import errno
from collections.abc import Iterable, Sequence

import click

__all__ = ["ChineseCommand", "ChineseGroup", "complaint", "os_reason"]

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
