"""``gouji new``: a blank workbook of an official form."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from gouji.command.saving import FORCE
from gouji.form.definition import FormDefinition, FormError, read_form
from gouji.form.layout import groups_of
from gouji.form.registry import UnknownFormError, form_by_id
from gouji.form.root import forms_root
from gouji.source.document import SourceRefusedError
from gouji.template.build import BLANK, build
from gouji.usage import ChineseCommand, os_reason, require_free
from gouji.write.saving import OutputExistsError, replace_whole, save_whole

__all__ = ["new"]

_HELP = """生成一份官方表式的空白工作簿（.xlsx）：版式照官方表，合计、执行率、得分等自动计算，“校验”表随填随查，不用宏。
--output 以 .xlsm 结尾时，旁边加上按钮；用按钮的电脑上先运行 gouji office install。

表式用编号（gouji forms 列出全部），也可以是放着 form.toml 的文件夹。

\b
例：
  gouji new hunan-2024 --rows 专项=12
  gouji new central-project -o 自评表.xlsx
"""


def _rows(_context: click.Context, _parameter: click.Parameter, given: Sequence[str]) -> dict[str, int]:
    """Takes --rows 专项=12 apart; several may be given, also parted by commas."""
    counts: dict[str, int] = {}
    for each in given:
        for part in each.replace("，", ",").replace("＝", "=").split(","):
            name, _, number = part.strip().partition("=")
            if not name or not number.strip().isdecimal():
                raise click.UsageError(f"--rows 应写作 名称=行数，如 --rows 专项=12；现为“{part.strip()}”")
            counts[name.strip()] = int(number)
    return counts


@click.command("new", cls=ChineseCommand, help=_HELP)
@click.argument("form", metavar="表式")
@click.option(
    "--rows",
    metavar="名称=行数",
    multiple=True,
    callback=_rows,
    help="可增减的行要几行，如 专项=12；可以写多次。",
)
@click.option("--output", "-o", metavar="文件", help="写到这个文件；不给时写在当前文件夹，以表式编号为名。")
@FORCE
def new(*, form: str, rows: dict[str, int], output: str | None, force: bool) -> int:
    """Writes a blank workbook of a form; returns the exit status."""
    definition = _definition(form)
    target = Path(output) if output is not None else Path(f"{definition.id}.xlsx")
    if target.suffix.lower() not in {".xlsx", ".xlsm"}:
        raise click.UsageError(f"空白表只能写成 .xlsx，或带按钮的 .xlsm（现为“{target.name}”）")
    if not force:
        require_free(target, form)
    blank = (Path(form) if (Path(form) / "form.toml").is_file() else forms_root() / definition.id) / BLANK
    try:
        data = build(definition, rows, blank.read_bytes() if blank.is_file() else None)
    except FormError as error:
        raise click.UsageError(str(error)) from error
    except SourceRefusedError as refusal:
        raise click.UsageError(f"{blank}：{refusal.reason.text}") from refusal
    except OSError as error:
        raise click.UsageError(f"打不开 {blank}（{os_reason(error)}）") from error
    if target.suffix.lower() == ".xlsm":
        from gouji.office.build import with_buttons  # noqa: PLC0415 # loaded where buttons are wanted

        data = with_buttons(data)
    try:
        (replace_whole if force else save_whole)(target, data)
    except OutputExistsError as error:
        raise click.UsageError(str(error)) from error
    except OSError as error:
        raise click.UsageError(f"写不进 {target}（{os_reason(error)}）") from error
    click.echo(f"已生成 {target}（{definition.title}）")
    groups = groups_of(definition)
    if groups and not blank.is_file():
        said = "、".join(f"{name} {rows.get(name, number)}" for name, number in groups.items())
        click.echo(f"可增减的行（--rows）：{said}")
    return 0


def _definition(form: str) -> FormDefinition:
    folder = Path(form)
    try:
        if (folder / "form.toml").is_file():
            return read_form(folder)
        found = form_by_id(form)
    except (FormError, UnknownFormError) as error:
        raise click.UsageError(str(error)) from error
    if found is None:
        raise click.UsageError("generic 不是一种表式，没有空白表；gouji forms 列出已登记的表式")
    return found
