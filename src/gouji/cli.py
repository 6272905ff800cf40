"""The command line.

Each command loads what it needs when it runs: a check must not wait for a library that writes spreadsheets.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gouji.process import INTERRUPTED, expect_a_short_life, leave_the_pipe, use_utf8
from gouji.usage import ChineseGroup, complaint, target_of
from gouji.version import __version__

if TYPE_CHECKING:
    from gouji.result import DocumentResult

__all__ = ["LATER", "main"]

_FORMATS = ("text", "json", "sarif", "html", "xlsx")
_CHOICE = "编号、编号开头、名称或分组，逗号分隔"


_HELP = """勾稽：报送之前核对部门整体支出绩效自评表。

\b
例：
  gouji check 自评表.xlsx
  gouji check 自评报告.docx --format json --output 结果.json
  gouji explain GJ201
"""
_CHECK_HELP = """检查自评表或自评报告，列出问题、位置和应填的内容。

支持 .xlsx .xlsm .xls .et .docx .txt；装有 LibreOffice 时还支持 .doc .wps。

\b
退出状态：
  0  全部检查完，没有错误（可能有警告、提示）
  1  有错误
  2  没有检查成（打不开、加密、认不出），或有内容没法检查，或命令写错
"""


LATER = {
    "annotate": "gouji.command.annotate:annotate",
    "batch": "gouji.command.batch:batch",
    "fill": "gouji.command.fill:fill",
    "fix": "gouji.command.fix:fix",
    "import": "gouji.command.import_:import_",
    "key": "gouji.command.seal:key",
    "new": "gouji.command.new:new",
    "office": "gouji.command.office:office",
    "recalc": "gouji.command.recalc:recalc",
    "seal": "gouji.command.seal:seal",
    "verify": "gouji.command.seal:verify",
}


@click.group(cls=ChineseGroup, name="gouji", help=_HELP, later=LATER)
@click.version_option(__version__, prog_name="gouji", message="%(prog)s %(version)s", help="显示版本号。")
def cli() -> None:
    """The program without a command: shows its help."""


def _codes(_context: click.Context, _parameter: click.Parameter, given: Sequence[str]) -> tuple[str, ...]:
    """Splits --select GJ1,GJ2 --select GJ3, and refuses a code that no rule has."""
    from gouji.rule.registry import UnknownRuleError, selected_rules  # noqa: PLC0415  # loaded for check only

    words = tuple(
        word.strip() for each in given for word in each.replace("，", ",").split(",") if word.strip()
    )
    try:
        selected_rules(words)
    except UnknownRuleError as error:
        raise click.UsageError(str(error)) from error
    return words


def _form(_context: click.Context, _parameter: click.Parameter, given: str | None) -> str | None:
    """Refuses a form that nobody has described."""
    if given is not None:
        from gouji.form.registry import UnknownFormError, form_by_id  # noqa: PLC0415  # loaded when asked for

        try:
            form_by_id(given)
        except UnknownFormError as error:
            raise click.UsageError(str(error)) from error
    return given


@cli.command("check", help=_CHECK_HELP)
@click.argument("files", metavar="文件…", nargs=-1, required=True)
@click.option("--report", metavar="文件", multiple=True, help="与表格逐数核对的自评报告（Word、文本）。")
@click.option("--prior", metavar="文件", multiple=True, help="上年的自评表，核对上年数。")
@click.option("--form", metavar="表式", callback=_form, help="指定表式，不自动识别；gouji forms 列出全部。")
@click.option(
    "--format",
    "format_",
    type=click.Choice(_FORMATS),
    default="text",
    help="输出格式，默认 text；xlsx 要同时用 -o。",
)
@click.option("--output", "-o", metavar="文件", help="把结果写入文件，不显示在屏幕上。")
@click.option("--force", is_flag=True, help="允许覆盖已有的输出文件。")
@click.option("--select", metavar="规则", multiple=True, callback=_codes, help=f"只用这些规则：{_CHOICE}。")
@click.option("--ignore", metavar="规则", multiple=True, callback=_codes, help="不用这些规则，写法同上。")
@click.option("--no-accept", is_flag=True, help="不采用文件旁 gouji.toml 里的说明，所有问题照原级别列出。")
@click.option("--quiet", "-q", is_flag=True, help="只列出问题，每个问题一行。")
@click.pass_context
def check(
    context: click.Context,
    *,
    files: tuple[str, ...],
    report: tuple[str, ...],
    prior: tuple[str, ...],
    form: str | None,
    format_: str,
    output: str | None,
    force: bool,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    no_accept: bool,
    quiet: bool,
) -> int:
    """Checks files and reports; returns the exit status."""
    from gouji.acceptance import NOTHING  # noqa: PLC0415  # loaded for check only
    from gouji.checking import CheckOptions  # noqa: PLC0415  # loaded when it is needed
    from gouji.crossing import check_together  # noqa: PLC0415  # loaded when it is needed
    from gouji.result import exit_status  # noqa: PLC0415  # loaded when it is needed

    paths = (*files, *report, *prior)
    target = target_of(context, output, paths, force=force)
    if target is None and format_ == "xlsx":
        raise click.UsageError("--format xlsx 写的是工作簿，请用 -o 指定文件名", context)
    options = CheckOptions(form, select, ignore, NOTHING if no_accept else None)
    results = check_together(files, report, prior, options)
    _deliver(results, format_, target, quiet=quiet)
    return exit_status(results)


def _deliver(results: Sequence[DocumentResult], format_: str, target: Path | None, *, quiet: bool) -> None:
    if target is None and format_ == "text":
        from gouji.report.text import write_text  # noqa: PLC0415  # rich is loaded for text only

        write_text(results, quiet=quiet)
        return
    if target is not None and format_ == "xlsx":
        from gouji.report.xlsx import to_xlsx  # noqa: PLC0415  # one format is loaded, not all

        target.write_bytes(to_xlsx(results))
        return
    text = _writer(format_, quiet=quiet)(results)
    if target is None:
        sys.stdout.write(text)
    else:
        target.write_bytes(text.encode("utf-8", "replace"))


def _writer(format_: str, *, quiet: bool) -> Callable[[Sequence[DocumentResult]], str]:
    if format_ == "json":
        from gouji.report.json_ import to_json  # noqa: PLC0415  # one format is loaded, not all

        return to_json
    if format_ == "sarif":
        from gouji.report.sarif import to_sarif  # noqa: PLC0415  # loaded when it is needed

        return to_sarif
    if format_ == "html":
        from gouji.report.html import to_html  # noqa: PLC0415  # loaded when it is needed

        return to_html
    from gouji.report.text import to_text  # noqa: PLC0415  # loaded when it is needed

    return lambda results: to_text(results, quiet=quiet)


@cli.command("explain", help="说明一条规则：查什么、为什么、依据、例子、能不能自动修改。")
@click.argument("code", metavar="规则编号")
def explain(code: str) -> int:
    """Prints the texts of one rule."""
    from gouji.report.explain import explain_rule  # noqa: PLC0415  # loaded for explain only
    from gouji.rule.registry import rule_by_code  # noqa: PLC0415  # loaded when it is needed

    rule = rule_by_code(code)
    if rule is None:
        raise click.UsageError(f"没有编号或名称为“{code}”的规则", click.get_current_context())
    sys.stdout.write(explain_rule(rule))
    return 0


@cli.command("forms", help="列出已登记的表式。未登记的表式也能检查，按通用规则（generic）。")
def forms() -> int:
    """Lists the forms known."""
    from gouji.form.registry import GENERIC, all_forms  # noqa: PLC0415  # loaded for forms only

    known = [(form.id, form.region, form.title) for form in all_forms()]
    known.append((GENERIC, "不限", "没有登记的表式：按各部分的标题识别，用通用规则检查"))
    width = max(len(form_id) for form_id, _, _ in known)
    for form_id, region, title in known:
        sys.stdout.write(f"{form_id:<{width}}  {region}  {title}\n")
    return 0


@cli.group("form", help="表式定义（form.toml）的工具。", later={"draft": "gouji.command.draft:draft"})
def form_tools() -> None:
    """The commands on form definitions."""


@form_tools.command("lint", help="检查表式定义是否完好：文件夹里应有 form.toml。")
@click.argument("folder", metavar="文件夹")
def form_lint(folder: str) -> int:
    """Says what is unsound about a form definition."""
    from gouji.form.lint import lint  # noqa: PLC0415  # loaded for form lint only

    problems = lint(Path(folder))
    for problem in problems:
        sys.stdout.write(f"{problem}\n")
    sys.stdout.write(f"{folder}：{f'{len(problems)} 处问题' if problems else '没有发现问题'}\n")
    return 1 if problems else 0


_REPAIR_HELP = """修复引擎：从标准输入逐行读取 JSON 问题，逐行输出 JSON 答案。

供其他程序调用；一行一个问题，格式见 docs/repair.md。
"""


@cli.command("repair", help=_REPAIR_HELP)
def repair() -> int:
    """Answers repair problems given as JSON lines."""
    from gouji.repair.jsonl import run  # noqa: PLC0415  # loaded for repair only

    return run(sys.stdin, sys.stdout)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line.

    Args:
        arguments: without the program's name; those of the process unless given.

    Returns:
        The exit status that the outside contract promises; wrong usage is 2.
    """
    use_utf8()
    if arguments is None:
        expect_a_short_life()
    try:
        status = cli.main(arguments, prog_name="gouji", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return 2
    except click.ClickException as error:
        click.echo(complaint(error), err=True)
        return 2
    except (click.Abort, KeyboardInterrupt):
        click.echo("已中断。", err=True)
        return INTERRUPTED
    except BrokenPipeError:  # the reader of our output (head, a pager) has seen enough
        return leave_the_pipe()
    return int(status or 0)


if __name__ == "__main__":
    sys.exit(main())
