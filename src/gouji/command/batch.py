"""``gouji batch``: a tree of submissions checked at once, summed up, resumable."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gouji.process import INTERRUPTED
from gouji.usage import ChineseCommand, os_reason

if TYPE_CHECKING:
    from gouji.batch.run import Batch, Options

__all__ = ["batch"]

_HELP = """核对一个文件夹里的全部自评表和自评报告（含下级文件夹），写出汇总。

报送包（.zip）先核验，完整可信的再检查里面的表和报告。
同一单位的表和报告按文件夹和文件名归在一起，互相核对。一份文件打不开或卡住，只影响它自己。
中断后加 --resume 接着做；以后再运行也一样，只核对有变化的文件。

\b
输出（默认写到旁边的“文件夹.核对结果”）：
  汇总.xlsx  汇总.html  哪个单位要改什么，可筛选、可打印
  结果.json             全部结果，供其他程序使用
  批注  修改            按要求写出的副本

\b
退出状态：
  0  全部检查完，没有错误
  1  有错误
  2  没有错误，但有文件没有检查成；或命令写错
"""


@click.command("batch", cls=ChineseCommand, help=_HELP)
@click.argument("folder", metavar="文件夹")
@click.option("--output", "-o", metavar="文件夹", help="结果写到这个文件夹。")
@click.option(
    "--jobs", "-j", metavar="个数", type=click.IntRange(1, 256), help="同时检查几份，默认与处理器个数相同。"
)
@click.option(
    "--scheduler", metavar="地址", help="交给 dask 集群（tcp://…）；各台机器须能用同样的路径看到这些文件夹。"
)
@click.option("--prior", metavar="文件夹", help="上年的自评表，按单位对应，核对上年数。")
@click.option("--annotate", is_flag=True, help="写出带批注的副本，供退回各单位。")
@click.option("--recalc", is_flag=True, help="副本里的公式重新计算。")
@click.option("--fix", is_flag=True, help="写出改正了有把握的错误的副本。")
@click.option("--resume", is_flag=True, help="接着上次的结果做，只核对没有做过或有变化的文件。")
@click.option("--force", is_flag=True, help="丢开上次的结果，从头再来。")
@click.option("--form", metavar="表式", help="指定表式，不自动识别。")
@click.option("--select", metavar="规则", multiple=True, help="只用这些规则，逗号分隔。")
@click.option("--ignore", metavar="规则", multiple=True, help="不用这些规则，写法同上。")
@click.option(
    "--no-accept", is_flag=True, help="不采用文件旁 gouji.toml 和报送包里的说明，所有问题照原级别列出。"
)
@click.option(
    "--timeout",
    metavar="秒",
    type=click.FloatRange(min=0, min_open=True),
    default=60.0,
    help="一份文件最多用多少秒，默认 60。",
)
@click.option(
    "--memory",
    metavar="MB",
    type=click.IntRange(min=0),
    default=1024,
    help="一个进程最多用多少内存，默认 1024；0 不限。",
)
@click.option("--no-summary", is_flag=True, help="只写 结果.json，不写汇总。")
@click.option("--quiet", "-q", is_flag=True, help="不显示进度。")
def batch(
    *,
    folder: str,
    output: str | None,
    jobs: int | None,
    scheduler: str | None,
    prior: str | None,
    annotate: bool,
    recalc: bool,
    fix: bool,
    resume: bool,
    force: bool,
    form: str | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    no_accept: bool,
    timeout: float,
    memory: int,
    no_summary: bool,
    quiet: bool,
) -> int:
    """Checks a tree of files; returns the exit status."""
    from gouji.batch.executors import ClusterError  # noqa: PLC0415  # loaded for batch only
    from gouji.batch.guard import StoppedError  # noqa: PLC0415  # loaded when it is needed
    from gouji.batch.job import Asked  # noqa: PLC0415  # loaded when it is needed
    from gouji.batch.ledger import LedgerBusyError  # noqa: PLC0415  # loaded when it is needed
    from gouji.batch.run import Options, OutputTakenError, run  # noqa: PLC0415  # loaded when it is needed

    if resume and force:
        raise click.UsageError("--resume 与 --force 只能用一个")
    root = _folder(folder)
    if not no_summary:
        _require_libraries()
    out = Path(output) if output is not None else root.resolve().with_name(f"{root.resolve().name}.核对结果")
    if out.resolve() == root.resolve():
        raise click.UsageError("输出文件夹不能就是被核对的文件夹；请换一个")
    asked = Asked(_known_form(form), _words(select), _words(ignore), annotate, recalc, fix, no_accept)
    options = Options(
        root,
        out,
        asked,
        None if prior is None else _folder(prior),
        jobs or _processors(),
        scheduler,
        resume,
        force,
        timeout,
        memory,
        quiet,
    )
    try:
        done = run(options)
        return _tell(done, options, summary=not no_summary)
    except (OutputTakenError, ClusterError) as error:
        raise click.UsageError(str(error)) from error
    except LedgerBusyError as error:
        raise click.UsageError(
            f"另一个 gouji batch 正在往 {out} 写结果；请等它做完，或换一个输出文件夹"
        ) from error
    except (KeyboardInterrupt, StoppedError):
        click.echo(f"已中断；做完的都保存在 {out}，加 --resume 接着做。", err=True)
        return INTERRUPTED
    except OSError as error:
        raise click.UsageError(f"打不开或写不进 {error.filename or out}（{os_reason(error)}）") from error


def _tell(done: Batch, options: Options, *, summary: bool) -> int:
    """Write the summary, say what came of it, and give the exit status."""
    from gouji.batch.tally import tally  # noqa: PLC0415  # loaded for batch only

    if summary:
        from gouji.batch.summary import write_summary  # noqa: PLC0415  # pandas is slow to load

        write_summary(done)
    count = tally(done.records())
    click.echo(
        f"{count.submissions} 个单位 {count.files} 份文件"
        + (f"（{done.kept} 个单位没有变化，沿用上次结果）" if done.kept else "")
        + f"：{count.wrong} 个单位有错误，共 {count.errors} 处错误、{count.warnings} 处警告、{count.infos} 处提示；"
        f"{count.unchecked} 份没有检查成，{count.partial} 份有内容没法检查。"
    )
    if done.found.skipped:
        click.echo(f"另有 {len(done.found.skipped)} 个文件不属于检查范围，见汇总。")
    click.echo(f"结果：{options.out}")
    if not count.files:
        click.echo("文件夹里没有可以检查的文件（.xlsx .xls .et .docx .doc .wps .txt，报送包）。", err=True)
    return 1 if count.errors else 2 if count.unchecked or count.partial or not count.files else 0


def _folder(given: str) -> Path:
    path = Path(given)
    if not path.exists():
        raise click.UsageError(f"没有这个文件夹：{given}")
    if not path.is_dir():
        raise click.UsageError(f"这不是文件夹：{given}；单个文件请用 gouji check")
    return path


def _words(given: tuple[str, ...]) -> tuple[str, ...]:
    from gouji.rule.registry import UnknownRuleError, selected_rules  # noqa: PLC0415  # loaded for batch only

    words = tuple(
        word.strip() for each in given for word in each.replace("，", ",").split(",") if word.strip()
    )
    try:
        selected_rules(words)
    except UnknownRuleError as error:
        raise click.UsageError(str(error)) from error
    return words


def _known_form(given: str | None) -> str | None:
    if given is not None:
        from gouji.form.registry import UnknownFormError, form_by_id  # noqa: PLC0415  # as above

        try:
            form_by_id(given)
        except UnknownFormError as error:
            raise click.UsageError(str(error)) from error
    return given


def _require_libraries() -> None:
    missing = [name for name in ("pandas", "xlsxwriter") if importlib.util.find_spec(name) is None]
    if missing:
        raise click.UsageError(
            f"没有安装 {'、'.join(missing)}，不能写汇总；请先 pip install gouji[batch]，或加 --no-summary 只写 结果.json"
        )


def _processors() -> int:
    """How many processors this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
