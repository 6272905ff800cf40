"""``gouji recalc``: every formula of any workbook computed, formula and value stored together."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from gouji.calc.formula import column_letters
from gouji.calc.recalc import Recalculated, recalc_many
from gouji.calc.value import CellError, Value
from gouji.command.saving import FORCE, IN_PLACE, refuse_in_place, refuse_misnamed
from gouji.mending import free_output
from gouji.source.document import SourceRefusedError
from gouji.usage import ChineseCommand, os_reason, require_free
from gouji.write.cells import EditRefusedError, number_text
from gouji.write.convert import open_workbook
from gouji.write.package import Package
from gouji.write.saving import OutputExistsError

__all__ = ["recalc"]

_AT_ONCE = 40  # workbooks held in memory together; LibreOffice is asked once for them
_SHOWN = 20
_HELP = """计算工作簿里的全部公式，把公式和结果一起存好；别的内容一个字节也不动。

不写 --output 时，结果写在原文件旁边（表.已计算.xlsx）。没有把握的公式保留原来的结果，并逐个说明。

\b
退出状态：
  0  每个公式都算出来了
  2  有文件打不开，或有公式没有算（已逐个列出），或命令写错
"""


@dataclass(frozen=True, slots=True)
class _Written:
    """A workbook computed and written; ``backup`` is the copy kept of it where it was changed in place.

    ``notices`` say what conversion from an old kind of workbook changed.
    """

    done: Recalculated
    backup: Path | None
    notices: tuple[str, ...]


@click.command("recalc", cls=ChineseCommand, help=_HELP)
@click.argument("files", metavar="文件…", nargs=-1, required=True)
@click.option("--output", "-o", metavar="文件或文件夹", help="写到这里；有几个文件时须是文件夹。")
@click.option(
    "--format", "format_", type=click.Choice(("text", "json")), default="text", help="输出格式，默认 text。"
)
@FORCE
@IN_PLACE
def recalc(*, files: tuple[str, ...], output: str | None, format_: str, force: bool, in_place: bool) -> int:
    """Recalculates workbooks; returns the exit status."""
    if output is not None and in_place:
        raise click.UsageError("--in-place 与 --output 只能用一个")
    targets = _targets(files, output, in_place=in_place)
    told: list[dict[str, object]] = []
    whole = True
    for start in range(0, len(files), _AT_ONCE):
        part = list(zip(files, targets, strict=True))[start : start + _AT_ONCE]
        for path, target, done in _computed(part, force=force, in_place=in_place):
            whole = whole and isinstance(done, _Written) and not done.done.partial
            if format_ == "json":
                told.append(_record(path, target, done))
            elif isinstance(done, _Written):
                _tell(path, target, done)
            else:
                click.echo(f"{path}：{done}", err=True)
    if format_ == "json":
        click.echo(json.dumps({"schema": "gouji.recalc/1", "documents": told}, ensure_ascii=False, indent=1))
    return 0 if whole else 2


def _targets(files: Sequence[str], output: str | None, *, in_place: bool) -> list[Path]:
    """Where each file goes; refused before any work where two would go to the same place."""
    if in_place:
        targets = [Path(path) for path in files]
    elif output is None:
        targets = [free_output(Path(path), "已计算") for path in files]
    elif Path(output).is_dir() or output.endswith(("/", "\\")):
        targets = [Path(output) / Path(path).name for path in files]
    elif len(files) > 1:
        raise click.UsageError(
            f"有 {len(files)} 个文件，--output 须是已有的文件夹（或以 / 结尾的新文件夹）：{output}"
        )
    else:
        targets = [Path(output)]
    seen: dict[Path, str] = {}
    for path, target in zip(files, targets, strict=True):
        other = seen.setdefault(target.absolute(), path)
        if other is not path:
            raise click.UsageError(f"{other} 和 {path} 会写到同一个文件 {target}，请分开处理")
    return targets


def _computed(
    part: Sequence[tuple[str, Path]], *, force: bool, in_place: bool
) -> Iterator[tuple[str, Path, _Written | str]]:
    """Each file with what was done, or with a Chinese sentence saying why nothing could be."""
    opened: list[tuple[str, Path, tuple[Package, tuple[str, ...]] | str]] = []
    for path, target in part:
        try:
            if not (in_place or force):
                require_free(target, path)
            book, notices = open_workbook(path)
            refuse_in_place(book, target, path, in_place=in_place)
            if target.absolute() != Path(path).absolute():
                refuse_misnamed(book, target)
            opened.append((path, target, (book, notices)))
        except click.UsageError as error:
            opened.append((path, target, error.message))
        except SourceRefusedError as refusal:
            opened.append((path, target, refusal.reason.text))
        except OSError as error:
            opened.append((path, target, f"打不开（{os_reason(error)}）"))
    done = iter(_each([each[0] for _, _, each in opened if not isinstance(each, str)]))
    for path, target, found in opened:
        if isinstance(found, str):
            yield path, target, found
            continue
        book, notices = found
        result = next(done)
        if isinstance(result, str):
            yield path, target, result
            continue
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            kept = book.save(target, force=force, in_place=in_place)
        except OutputExistsError as error:
            yield path, target, str(error)
        except OSError as error:
            yield path, target, f"写不进 {target}（{os_reason(error)}）"
        else:
            yield path, target, _Written(result, kept, notices)


def _each(books: Sequence[Package]) -> list[Recalculated | str]:
    """What was done to each workbook; a damaged one costs the others nothing but being asked for one by one."""
    try:
        return list(recalc_many(books))
    except (SourceRefusedError, EditRefusedError):
        pass
    found: list[Recalculated | str] = []
    for book in books:
        try:
            found += recalc_many([book])
        except (SourceRefusedError, EditRefusedError) as refusal:
            found.append(str(refusal))
    return found


def _tell(path: str, target: Path, written: _Written) -> None:
    done = written.done
    skipped = f"，没有算 {len(done.skipped)} 个" if done.skipped else ""
    click.echo(
        f"{path}：公式 {done.formulas} 个，算出 {done.computed} 个{skipped}，结果有变化 {len(done.changed)} 个：{target}"
    )
    for notice in written.notices:
        click.echo(f"  {notice}")
    if written.backup is not None:
        click.echo(f"  原文件已备份为 {written.backup}")
    for each in done.skipped[:_SHOWN]:
        click.echo(f"  {each.key[0]}!{_cell(each.key)}  ={each.formula}  {each.text}")
    if len(done.skipped) > _SHOWN:
        click.echo(f"  …… 另有 {len(done.skipped) - _SHOWN} 个，用 --format json 全部列出")


def _record(path: str, target: Path, written: _Written | str) -> dict[str, object]:
    if isinstance(written, str):
        return {"path": path, "status": "failed", "reason": written}
    done = written.done
    return {
        "path": path,
        "status": "partial" if done.partial else "computed",
        "output": str(target),
        "notices": list(written.notices),
        "backup": None if written.backup is None else str(written.backup),
        "formulas": done.formulas,
        "computed": done.computed,
        "changed": [
            {"sheet": key[0], "cell": _cell(key), "old": _text(old), "new": _text(new)}
            for key, (old, new) in sorted(done.changed.items())
        ],
        "skipped": [
            {
                "sheet": one.key[0],
                "cell": _cell(one.key),
                "formula": one.formula,
                "reason": one.reason,
                "text": one.text,
            }
            for one in done.skipped
        ],
    }


def _text(value: Value) -> str | bool | None:
    """A value for JSON: amounts as text, so that no reader turns them into binary fractions."""
    if value is None or isinstance(value, (bool, str)):
        return value
    return value.code if isinstance(value, CellError) else number_text(value)


def _cell(key: tuple[str, int, int]) -> str:
    return f"{column_letters(key[2])}{key[1]}"
