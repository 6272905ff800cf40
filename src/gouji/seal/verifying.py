"""Is a package whole, unchanged, sealed by somebody trusted, and was it clean?"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from gouji.acceptance import Declared, Entry
from gouji.frozen import frozen, replace
from gouji.model import Finding, Severity
from gouji.report.words import SEVERITY, shown, where
from gouji.result import DocumentResult
from gouji.seal.bundle import damaged, unpack
from gouji.seal.cover import verdict
from gouji.seal.keys import PublicKey, verified
from gouji.seal.manifest import (
    CELLS,
    MANIFEST,
    SIGNATURE,
    BadManifestError,
    Manifest,
    Part,
    message,
    read_manifest,
    sha256,
)
from gouji.seal.rechecking import Sheet, checked_parts, findings_hash, told
from gouji.seal.ruleset import rules_hash
from gouji.seal.snapshot import Difference, differences, read_snapshot
from gouji.source import read_bytes
from gouji.source.document import SourceRefusedError
from gouji.source.limits import DEFAULT_LIMITS, Limits

__all__ = ["Verdict", "declared_in", "verify"]

_MOST_CHANGES = 10_000


@frozen
class Verdict:
    """What verifying came to.

    ``problems`` are reasons not to take the package as whole, ``distrust`` why its sealer is not believed (None where
    it is), ``changes`` the cells and paragraphs that differ by part, ``notices`` what is worth knowing and harmless;
    Chinese sentences. ``manifest`` is None where there is none that can be read; what an unverified one says counts for
    nothing. ``signer`` is the trusted name of the key, as the trust list has it. ``parts`` are the bytes by part name.
    """

    problems: tuple[str, ...]
    distrust: str | None = None
    signer: PublicKey | None = None
    manifest: Manifest | None = None
    changes: tuple[tuple[Part, Difference], ...] = ()
    notices: tuple[str, ...] = ()
    parts: Mapping[str, bytes] = {}

    @property
    def whole(self) -> bool:
        """Whether everything is there as it was sealed."""
        return not self.problems

    @property
    def trusted(self) -> bool:
        """Whether somebody on the trust list sealed it."""
        return self.distrust is None and self.signer is not None

    @property
    def counts(self) -> dict[str, int]:
        """The findings at the time of sealing, by severity, and how many are accepted."""
        assert self.manifest is not None  # noqa: S101 - callers look at a verified package
        return {
            key: self.manifest.content["findings"][key] for key in ("error", "warning", "info", "accepted")
        }

    @property
    def exit_status(self) -> int:
        """0 whole, trusted and without open errors; 1 whole and trusted, with errors or not wholly checked; 2 else."""
        if not self.whole or not self.trusted or self.manifest is None:
            return 2
        return 1 if self.counts["error"] or self.manifest.status == "partial" else 0

    @property
    def sealed_as(self) -> str:
        """The sentence on the package's face."""
        return verdict(self.manifest.status, self.counts) if self.manifest is not None else ""


def verify(
    data: bytes,
    name: str,
    trust: Sequence[PublicKey],
    *,
    recheck: bool = False,
    limits: Limits = DEFAULT_LIMITS,
) -> Verdict:
    """Verify a package; whatever it holds, this ends in a verdict.

    Args:
        data: The zip file.
        name: Its name, for messages.
        trust: The keys whose seals are believed.
        recheck: Run the rules again over the documents and compare the findings.
        limits: Caps of the gate.
    """
    try:
        bundle = unpack(data, name, MANIFEST, limits)
    except SourceRefusedError as refusal:
        return Verdict((refusal.reason.text,))
    parts = bundle.parts
    raw, signature = parts[MANIFEST], parts.get(SIGNATURE)
    try:
        manifest = read_manifest(raw)
    except BadManifestError as error:
        return Verdict((f"{error}；报送包不可信",), parts=parts)
    if signature is None or not verified(manifest.signer, signature, message(raw)):
        why = "没有签名" if signature is None else "签名与清单不符：清单或签名在封存后被改动"
        return Verdict((f"{why}；报送包不可信",), manifest=manifest, parts=parts)
    problems = [*bundle.problems, *_compared(manifest, parts)]
    notices = list(bundle.notices)
    if not problems:
        odd = damaged(data, _in_order(manifest, parts))
        if odd is None:
            notices.append("压缩包被重新打包过（邮件或解压软件常会这样），里面的材料与封存时完全相同")
        elif odd:
            places = "、".join(str(at) for at in odd[:5])
            problems.append(f"压缩包有 {len(odd)} 个字节与封存时不同（第 {places} 字节），传输中损坏或被改动")
    changes = _changes(manifest, parts, limits)
    signer = next((each for each in trust if each.key == manifest.signer.key), None)
    distrust = None
    if signer is None:
        distrust = (
            f"封存者不在信任名单里：自称“{shown(manifest.signer.name)}”，公钥指纹 {manifest.signer.fingerprint}。"
            "请向对方电话核对指纹，核对无误后用 gouji key trust 加入"
        )
    if recheck and not problems:
        again, said = _rechecked(manifest, parts)
        problems += again
        notices += said
    return Verdict(tuple(problems), distrust, signer, manifest, changes, tuple(notices), parts)


def _in_order(manifest: Manifest, parts: Mapping[str, bytes]) -> dict[str, bytes]:
    names = [MANIFEST, SIGNATURE, *(part.name for part in manifest.parts)]
    return {name: parts[name] for name in names}


def _compared(manifest: Manifest, parts: Mapping[str, bytes]) -> list[str]:
    """What is missing, changed, added, renamed or swapped."""
    listed = {part.name: part for part in manifest.parts}
    hashes = {name: sha256(data) for name, data in parts.items() if name not in (MANIFEST, SIGNATURE)}
    by_hash = {part.sha256: part for part in manifest.parts}
    problems = []
    for part in manifest.parts:
        title = f"{part.name}（{shown(part.original)}）"
        there = hashes.get(part.name)
        if there == part.sha256:
            continue
        other = by_hash.get(there) if there is not None else None
        if other is not None:
            problems.append(f"{title}的内容换成了 {other.name} 的内容")
        elif there is not None:
            problems.append(f"{title}与封存时不同")
        else:
            moved = [name for name, digest in hashes.items() if digest == part.sha256 and name not in listed]
            problems.append(f"{title}被改名为 {shown(moved[0])[:80]}" if moved else f"缺少 {title}")
    known = {digest for name, digest in hashes.items() if name in listed} | set(by_hash)
    for name, digest in hashes.items():
        if name in listed or (digest in by_hash and by_hash[digest].name not in hashes):
            continue
        copy = "（与另一个文件相同）" if digest in known else ""
        problems.append(f"多出 {shown(name)[:80]}{copy}，不在清单里")
    return problems


def _changes(
    manifest: Manifest, parts: Mapping[str, bytes], limits: Limits
) -> tuple[tuple[Part, Difference], ...]:
    """The cells and paragraphs that differ, where the sealed contents are themselves whole."""
    cells = next((part for part in manifest.parts if part.role == "cells"), None)
    if cells is None or sha256(parts.get(CELLS, b"")) != cells.sha256:
        return ()
    found: list[tuple[Part, Difference]] = []
    for part in manifest.parts:
        data = parts.get(part.name)
        if part.role not in ("workbook", "report") or data is None or sha256(data) == part.sha256:
            continue
        try:
            before = read_snapshot(parts[CELLS]).get(part.name, {})
            document = read_bytes(data, part.original, limits=limits)
        except (ValueError, SourceRefusedError):
            continue  # what can no longer be read has no cells to compare
        found += [(part, each) for each in differences(before, document)]
    return tuple(found[:_MOST_CHANGES])


def declared_in(manifest: Manifest) -> dict[str, Declared]:
    """The explanations that were applied when the package was sealed, by part.

    Raises:
        BadManifestError: They are not what this program writes.
    """
    entries: dict[str, list[Entry]] = {}
    complaints: dict[str, list[str]] = {}
    try:
        for raw in manifest.content["overrides"]:
            if "complaint" in raw:
                complaints.setdefault(raw["part"], []).append(str(raw["complaint"]))
            else:
                entries.setdefault(raw["part"], []).append(_entry(raw))
    except (TypeError, ValueError, LookupError, AttributeError) as error:
        raise BadManifestError("清单里的说明内容不对") from error
    parts = {*entries, *complaints}
    return {part: Declared(tuple(entries.get(part, ())), tuple(complaints.get(part, ()))) for part in parts}


def _entry(raw: Mapping[str, Any]) -> Entry:
    entry = Entry(**{key: raw[key] for key in raw.keys() - {"part", "used"}})
    if entry.rows is not None:
        entry = replace(entry, rows=(int(entry.rows[0]), int(entry.rows[1])))
    optional = (entry.sheet, entry.cell, entry.observed, entry.note)
    if not isinstance(entry.number, int) or any(not isinstance(each, str | None) for each in optional):
        raise TypeError
    if any(not isinstance(each, str) for each in (entry.rule, entry.reason, entry.role)):
        raise TypeError
    return entry


def _rechecked(manifest: Manifest, parts: Mapping[str, bytes]) -> tuple[list[str], list[str]]:
    """Problems and notices of running the rules again."""
    sheets = {
        part.role: Sheet(part.name, part.original, parts[part.name])
        for part in manifest.parts
        if part.role in ("workbook", "report")
    }
    try:
        form = manifest.content["rules"]["form_asked"]
        results = checked_parts(sheets["workbook"], sheets.get("report"), declared_in(manifest), form)
    except (BadManifestError, TypeError, LookupError) as error:
        return [f"无法重新检查（{type(error).__name__}）：清单内容不全，或没有封存时用的表式"], []
    if findings_hash(results) == manifest.content["findings"]["sha256"]:
        return [], ["用本机的 gouji 重新检查，结果与封存时完全相同"]
    changed = "；".join(_told_apart(_sealed_findings(parts), results)) or "内容相同，说法不同"
    if rules_hash() != manifest.content["rules"]["sha256"]:
        version = shown(str(manifest.content["tool"]["version"]))[:20]
        errors = sum(result.count(Severity.ERROR) for result in results)
        said = (
            f"本机的规则与封存时（gouji {version}）不同，重新检查结果也不同：{changed}。"
            f"按本机规则有错误 {errors} 处"
        )
        return [], [said]
    return [f"重新检查的结果与封存的不一致：{changed}。封存的校验结果不可信"], []


def _sealed_findings(parts: Mapping[str, bytes]) -> list[dict[str, Any]]:
    try:
        documents = json.loads(parts["check.json"])["documents"]
        return [found for document in documents for found in document["findings"]]
    except (KeyError, TypeError, ValueError):
        return []


def _told_apart(before: Iterable[Mapping[str, Any]], now: Iterable[DocumentResult]) -> list[str]:
    """The findings that only one of two checks has, a few of them, in words."""
    keys = ("document", "sheet", "cell", "paragraph")
    sealed = {(each["code"], *(each["location"][key] for key in keys)) for each in before}
    found: dict[tuple[Any, ...], Finding] = {told(each): each for result in now for each in result.findings}
    more = [each for key, each in found.items() if key not in sealed]
    less = sorted(sealed - found.keys(), key=str)
    said = [f"多出 {SEVERITY[each.severity]} {each.code} {where(each.location)}" for each in more[:5]]
    said += [
        f"少了 {code} {shown(str(sheet or ''))} {cell or ''}".rstrip() for code, _, sheet, cell, _ in less[:5]
    ]
    return said
