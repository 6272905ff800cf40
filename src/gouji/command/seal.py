"""``gouji seal``, ``gouji verify`` and ``gouji key``: submission packages and the keys that sign them."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click

from gouji.command.saving import FORCE
from gouji.report.words import shown
from gouji.seal.keys import (
    PASSPHRASE,
    KeyProblemError,
    PublicKey,
    SigningKey,
    add_trusted,
    default_key,
    default_trust,
    is_encrypted,
    load_key,
    new_key,
    read_trust,
)
from gouji.seal.rechecking import safe_name
from gouji.seal.sealing import seal as make_package
from gouji.seal.verifying import Verdict
from gouji.seal.verifying import verify as look_at
from gouji.source.document import SourceRefusedError
from gouji.source.limits import own_limits
from gouji.usage import ChineseCommand, ChineseGroup, os_reason, require_free
from gouji.write.saving import OutputExistsError, replace_whole, save_whole

__all__ = ["key", "seal", "verdict_as_json", "verdict_as_text", "verify"]

_MOST_SHOWN = 50
_SEAL_HELP = """检查后封存成报送包：自评表（加校验封面）、报告、校验结果和签名清单。

有错误也能封存，但封面写明“带问题封存”。退出状态与 gouji check 相同；没有检查成的文件不封存，退出状态 2。
"""
_VERIFY_HELP = """核验报送包：是否完整、封存后有没有改动、谁封存的、封存时还有什么问题。

\b
退出状态：
  0  完整可信，封存时没有错误（可能有警告、提示）
  1  完整可信，封存时有错误，或有内容没有检查
  2  不完整、被改动，或封存者不在信任名单里
"""
_KEY = click.option("--key", "key_file", metavar="文件", help="私钥文件；不给时用 gouji key new 生成的那个。")


@click.command(
    "seal",
    cls=ChineseCommand,
    help=_SEAL_HELP,
)
@click.argument("file", metavar="文件")
@click.option("--report", metavar="文件", help="一起报送的自评报告（Word、文本）。")
@click.option("--form", metavar="表式", help="指定表式，不自动识别。")
@click.option("--output", "-o", metavar="文件", help="报送包写到这里；不给时写在原文件旁边。")
@_KEY
@FORCE
def seal(
    *, file: str, report: str | None, form: str | None, output: str | None, key_file: str | None, force: bool
) -> int:
    """Makes a submission package; the exit status is that of the check."""
    from gouji.form.registry import UnknownFormError  # noqa: PLC0415  # loaded when a form is named

    target = Path(output) if output is not None else Path(file).with_name(f"{Path(file).stem}.报送包.zip")
    if not force:
        require_free(target, file)
    elif any(_same(target, each) for each in (file, report)):
        raise click.UsageError(f"输出文件不能就是被封存的文件：{target}")
    if report is not None and _same(Path(report), file):
        raise click.UsageError("--report 与文件是同一个")
    signing = _signing_key(Path(key_file) if key_file is not None else default_key())
    try:
        sealed = make_package(file, report, signing, form=form)
        (replace_whole if force else save_whole)(target, sealed.data)
    except (SourceRefusedError, UnknownFormError, OutputExistsError) as refusal:
        raise click.UsageError(str(refusal)) from refusal
    except OSError as error:
        raise click.UsageError(f"读不了文件或写不进 {target}（{os_reason(error)}）") from error
    for notice in sealed.notices:
        click.echo(notice)
    click.echo(
        f"{sealed.verdict}。\n已封存：{target}（{signing.public.name}，公钥指纹 {signing.public.fingerprint}）"
    )
    return sealed.exit_status


def _same(target: Path, other: str | None) -> bool:
    return other is not None and target.exists() and Path(other).exists() and target.samefile(other)


def _signing_key(path: Path) -> SigningKey:
    """The user's key; the passphrase is asked for where there is one."""
    passphrase = os.environ.get(PASSPHRASE)
    try:
        if passphrase is None and is_encrypted(path):
            passphrase = click.prompt("密钥口令", hide_input=True, err=True)
        return load_key(path, passphrase)
    except (KeyProblemError, OSError) as error:
        raise click.UsageError(str(error)) from error


@click.command(
    "verify",
    cls=ChineseCommand,
    help=_VERIFY_HELP,
)
@click.argument("package", metavar="报送包")
@click.option("--recheck", is_flag=True, help="用本机的规则重新检查，与封存的结果比较。")
@click.option(
    "--trust", metavar="文件", multiple=True, help="信任名单；不给时用自己的名单（gouji key trust）。"
)
@click.option("--extract", metavar="文件夹", help="完整可信时，把里面的文件按原名取出到这个（新的）文件夹。")
@click.option("--format", "format_", type=click.Choice(("text", "json")), default="text", help="输出格式。")
def verify(*, package: str, recheck: bool, trust: tuple[str, ...], extract: str | None, format_: str) -> int:
    """Verifies a package."""
    folder = Path(extract) if extract is not None else None
    if folder is not None and folder.exists():
        raise click.UsageError(f"文件夹 {folder} 已存在；请换一个名字，不覆盖已有的文件")
    path = Path(package)
    try:
        limits = own_limits()
        with path.open("rb") as stream:
            data = stream.read(limits.file_bytes + 1)
    except SourceRefusedError as refusal:
        raise click.UsageError(str(refusal)) from refusal
    except OSError as error:
        raise click.UsageError(f"打不开 {package}（{os_reason(error)}）") from error
    if len(data) > limits.file_bytes:
        raise click.UsageError(f"{package} 超过 {limits.file_bytes >> 20} MB，没有核验")
    found = look_at(data, path.name, _trusted(trust), recheck=recheck, limits=limits)
    if format_ == "json":
        click.echo(json.dumps(verdict_as_json(found, package), ensure_ascii=False, indent=1))
    else:
        for line in verdict_as_text(found):
            click.echo(line)
    if folder is not None:
        _extract(found, folder)
    return found.exit_status


def _trusted(files: tuple[str, ...]) -> tuple[PublicKey, ...]:
    try:
        if files:
            return tuple(each for file in files for each in read_trust(Path(file)))
        own = default_trust()
        return read_trust(own) if own.exists() else ()
    except KeyProblemError as error:
        raise click.UsageError(str(error)) from error


def verdict_as_text(found: Verdict) -> list[str]:
    """What verifying came to, in lines for a person."""
    lines = []
    if found.whole and found.trusted and found.signer is not None:
        lines.append(f"完整，封存后没有改动；封存者：{shown(found.signer.name)}（在信任名单里）。")
    elif found.whole:
        lines.append("完整，封存后没有改动，但封存者不可信。")
    else:
        lines.append("不完整或被改动，请退回重报。")
    lines += [f"  问题：{each}" for each in found.problems]
    if found.distrust is not None:
        lines.append(f"  问题：{found.distrust}。")
    for part, each in found.changes[:_MOST_SHOWN]:
        lines.append(f"  改动：{shown(part.original)} {each}")
    if len(found.changes) > _MOST_SHOWN:
        lines.append(f"  另有 {len(found.changes) - _MOST_SHOWN} 处改动。")
    if found.manifest is not None and found.whole:
        content = found.manifest.content
        lines.append(
            f"  封存时间：{shown(content['sealed_at'])}（世界时），gouji {shown(content['tool']['version'])}"
        )
        lines.append(f"  封存时：{found.sealed_as}。")
    lines += [f"  提示：{each}。" for each in found.notices]
    return lines


def verdict_as_json(found: Verdict, package: str) -> dict[str, object]:
    """The same for programs; ``package`` is its path as given."""
    manifest = found.manifest
    return {
        "schema": "gouji.verify/1",
        "package": package,
        "whole": found.whole,
        "trusted": found.trusted,
        "signer": None
        if found.signer is None
        else {"name": found.signer.name, "public_key": found.signer.key},
        "status": manifest.status if manifest is not None and found.whole else None,
        "counts": found.counts if manifest is not None and found.whole else None,
        "problems": [*found.problems, *([found.distrust] if found.distrust is not None else [])],
        "changes": [
            {"part": part.name, "sheet": one.sheet, "place": one.place, "before": one.before, "now": one.now}
            for part, one in found.changes
        ],
        "notices": list(found.notices),
    }


def _extract(found: Verdict, folder: Path) -> None:
    """Write the parts of a good package under their original names; never outside the new folder."""
    if found.manifest is None or not (found.whole and found.trusted):
        click.echo("没有取出文件：报送包不完整或不可信。")
        return
    try:
        folder.mkdir(parents=True)
        for part in found.manifest.parts:
            place = folder / safe_name(part.original)
            if place.exists():
                place = folder / f"{Path(part.name).stem}.{safe_name(part.original)}"
            save_whole(place, found.parts[part.name])
    except OSError as error:
        raise click.UsageError(f"写不进 {folder}（{os_reason(error)}）") from error
    click.echo(f"已取出 {len(found.manifest.parts)} 个文件：{folder}")


@click.group("key", cls=ChineseGroup, help="封存用的密钥和信任名单。")
def key() -> None:
    """The commands on keys."""


@key.command("new", help="生成一对密钥：私钥自己保管，公钥（.pub）交给收件单位。")
@click.option("--name", required=True, metavar="名称", help="单位和岗位，如“某某局财务科”，不写个人姓名。")
@click.option("--passphrase", is_flag=True, help="给私钥加口令（每次封存时输入）。")
@click.option("--output", "-o", metavar="文件", help="私钥写到这里；不给时放在自己的设置文件夹。")
def new(*, name: str, passphrase: bool, output: str | None) -> int:
    """Makes a key pair and trusts it."""
    path = Path(output) if output is not None else default_key()
    try:
        word = None
        if passphrase:
            word = os.environ.get(PASSPHRASE) or click.prompt(
                "口令", hide_input=True, confirmation_prompt="再输一次", err=True
            )
        public = new_key(path, name, word)
        add_trusted(default_trust(), (public,))
    except KeyProblemError as error:
        raise click.UsageError(str(error)) from error
    except OSError as error:
        raise click.UsageError(f"写不进 {path.parent}（{os_reason(error)}）") from error
    click.echo(f"私钥：{path}（请勿外传）\n公钥：{path.with_suffix('.pub')}（交给收件单位）")
    click.echo(f"公钥指纹：{public.fingerprint}")
    return 0


@key.command("show", help="显示自己的公钥和指纹，以及信任名单。")
def show() -> int:
    """Shows the user's public key and the trust list."""
    own, listed = default_key().with_suffix(".pub"), default_trust()
    try:
        if not own.exists() and not listed.exists():
            click.echo("还没有密钥，也没有信任名单；用 gouji key new --name 单位或岗位名称 生成密钥。")
            return 0
        for title, path in (("自己的公钥", own), ("信任名单", listed)):
            for each in read_trust(path) if path.exists() else ():
                click.echo(f"{title}：{each.name}  指纹 {each.fingerprint}\n  {each.line}")
    except KeyProblemError as error:
        raise click.UsageError(str(error)) from error
    return 0


@key.command("trust", help="把对方的公钥文件（.pub）加入信任名单；加入前请电话核对指纹。")
@click.argument("file", metavar="公钥文件")
def trust(*, file: str) -> int:
    """Adds the keys of a file to the user's trust list."""
    try:
        keys = read_trust(Path(file))
        if not keys:
            raise click.UsageError(f"{file} 里没有公钥")
        added = add_trusted(default_trust(), keys)
    except KeyProblemError as error:
        raise click.UsageError(str(error)) from error
    except OSError as error:
        raise click.UsageError(f"写不进 {default_trust()}（{os_reason(error)}）") from error
    for each in keys:
        click.echo(f"{'已加入' if each in added else '原来就有'}：{each.name}  指纹 {each.fingerprint}")
    return 0
