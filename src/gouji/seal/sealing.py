"""Making a submission package: check, cover, check again what is sealed, list, sign, pack."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import rfc8785

from gouji.acceptance import Declared, declared_for, with_notes
from gouji.checking import CheckOptions
from gouji.crossing import check_together
from gouji.frozen import frozen, replace
from gouji.model import Finding, Severity
from gouji.report.html import to_html
from gouji.report.json_ import to_json
from gouji.report.text import to_text
from gouji.report.xlsx import to_xlsx
from gouji.result import DocumentResult, Status, exit_status
from gouji.seal.bundle import pack
from gouji.seal.cover import COVER_SHEET, TITLE, Face, cover_sheet, cover_text, status_of, verdict
from gouji.seal.keys import SigningKey
from gouji.seal.manifest import CELLS, COVER, MANIFEST, SCHEMA, SIGNATURE, message, sha256
from gouji.seal.rechecking import Sheet, checked_parts, findings_hash, findings_of, renamed, safe_name
from gouji.seal.ruleset import form_hash, rules_hash
from gouji.seal.snapshot import snapshot
from gouji.source.document import ReasonCode, SourceRefusedError
from gouji.version import __version__
from gouji.write.cells import EditRefusedError
from gouji.write.container import read_file
from gouji.write.convert import open_workbook
from gouji.write.sheets import free_name

__all__ = ["Sealed", "seal"]

_WORKBOOKS = frozenset({"xlsx", "xlsm", "xltx", "xltm", "xls", "et"})
_NO_COVER = "工作簿里加不进校验封面，按原样封存；封面见包内 cover.txt。"
_CHINA = timezone(timedelta(hours=8))


@frozen
class Sealed:
    """A package ready to be written; ``notices`` say what was converted or left out, ``status`` is that of a check."""

    data: bytes
    verdict: str
    exit_status: int
    notices: tuple[str, ...]


def seal(
    path: str,
    report: str | None,
    key: SigningKey,
    *,
    form: str | None = None,
    moment: datetime | None = None,
) -> Sealed:
    """Make the package of a submission. Nothing is written.

    Args:
        path: The form: a workbook, or a report that holds it as tables.
        report: The written report that goes with it.
        key: Signs.
        form: The form to take it for, instead of recognising it.
        moment: The time that is put down; now unless given.

    Raises:
        SourceRefusedError: A file could not be checked (what nobody checked is not sealed), or changed meanwhile.
        OSError: A file cannot be read.
    """
    moment = (moment or datetime.now(UTC)).astimezone(UTC).replace(microsecond=0)
    paths = [path, *([report] if report is not None else [])]
    first = check_together((path,), paths[1:], (), CheckOptions(form=form))
    data = [read_file(Path(each)) for each in paths]
    for result, each in zip(first, data, strict=True):
        _require_checked(result, each)
    names = [Path(each).name for each in paths]
    kinds = [_kind(result, name) for result, name in zip(first, names, strict=True)]
    text = Sheet(f"report.{kinds[1]}", names[1], data[1]) if report is not None else None
    face = _face(first, names, data, key, moment)
    plain = Sheet(f"workbook.{kinds[0]}", names[0], data[0])
    covered, original, notices = _covered(plain, kinds[0], path, face)
    declared = [with_notes(declared_for(each.path), each.document) for each in first]
    results = _rechecked(covered, text, declared, form)
    if covered is not plain and not _alike(first, results):
        # Cannot be for a workbook that Excel or WPS wrote; what is sealed must be what was checked.
        covered, original, notices = plain, None, (_NO_COVER,)
        results = _rechecked(covered, text, declared, form)
    if not _alike(first, results):
        raise SourceRefusedError(
            ReasonCode.UNREADABLE, f"“{names[0]}”在封存过程中有变化，没有封存；请再试一次。"
        )
    parts = _parts([covered, text, original], results, face)
    manifest = rfc8785.dumps(
        _plain(
            {
                "schema": SCHEMA,
                "tool": {"name": "gouji", "version": __version__},
                "sealed_at": face_time(moment),
                "signer": {
                    "algorithm": key.public.algorithm,
                    "name": key.public.name,
                    "public_key": key.public.key,
                },
                "status": face.status,
                "parts": [
                    {"name": name, "role": role, "original": known, "size": len(part), "sha256": sha256(part)}
                    for name, role, known, part in parts
                ],
                "documents": _documents(results, first),
                "findings": {"sha256": findings_hash(results), **_counts(results)},
                "rules": {"sha256": rules_hash(), "form_asked": form},
                "overrides": _overrides(results, declared),
            }
        )
    )
    content = {MANIFEST: manifest, SIGNATURE: key.sign(message(manifest))}
    content |= {name: part for name, _, _, part in parts}
    return Sealed(pack(content), face.verdict, exit_status(results), notices)


def _plain(content: Any) -> Any:  # noqa: ANN401 - JSON may be anything
    """JSON that can be written as UTF-8: half a surrogate pair from a workbook becomes a question mark."""
    return json.loads(json.dumps(content, ensure_ascii=False).encode("utf-8", "replace"))


def face_time(moment: datetime) -> str:
    """A moment as the manifest states it: UTC, to the second."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _require_checked(result: DocumentResult, data: bytes) -> None:
    if result.status is Status.NOT_CHECKED:
        reason = result.reason
        raise SourceRefusedError(
            reason.code if reason else ReasonCode.UNREADABLE,
            f"没有封存：{reason.text if reason else '没有检查'}没有检查过的文件不能封存。",
        )
    if result.sha256 != sha256(data):
        raise SourceRefusedError(
            ReasonCode.UNREADABLE,
            f"“{Path(result.path).name}”在检查过程中被改动，没有封存；请保存并关闭文件后再试。",
        )


def _kind(result: DocumentResult, name: str) -> str:
    """The ending of a part's name: the true kind of the document, so that it opens wherever it is put."""
    kind = result.document.kind if result.document is not None else Path(name).suffix.lstrip(".")
    return kind if kind.isascii() and kind.isalnum() else "bin"


def _rechecked(
    workbook: Sheet, report: Sheet | None, declared: Sequence[Declared], form: str | None
) -> tuple[DocumentResult, ...]:
    sheets = [workbook, *([report] if report is not None else [])]
    by_part = {sheet.part: each for sheet, each in zip(sheets, declared, strict=True)}
    return checked_parts(workbook, report, by_part, form)


def _alike(first: Sequence[DocumentResult], again: Sequence[DocumentResult]) -> bool:
    """Whether two checks of the same submission found the same."""
    names = {one.path: other.path for one, other in zip(first, again, strict=True)}
    return findings_of(renamed(each, names) for each in first) == findings_of(again)


def _counts(results: Sequence[DocumentResult]) -> dict[str, int]:
    found = [each for result in results for each in result.findings]
    counts = {severity.value: sum(each.severity is severity for each in found) for severity in Severity}
    return counts | {"accepted": sum(each.accepted is not None for each in found)}


def _face(
    results: Sequence[DocumentResult],
    names: Sequence[str],
    data: Sequence[bytes],
    key: SigningKey,
    moment: datetime,
) -> Face:
    status, counts = status_of(results), _counts(results)
    found: list[Finding] = [each for result in results for each in result.findings]
    facts = [
        ("封存时间", f"{moment.astimezone(_CHINA):%Y年%m月%d日 %H:%M:%S}（北京时间）"),
        ("封存单位", key.public.name),
        ("公钥指纹", key.public.fingerprint),
        ("表式", results[0].form or "没有表格"),
        ("程序", f"gouji {__version__}，规则指纹 {rules_hash()[:16]}"),
        ("校验结果", f"错误 {counts['error']}，警告 {counts['warning']}，提示 {counts['info']}"),
        ("校验结果指纹", findings_hash(results)[:16]),
    ]
    for result, name, each in zip(results, names, data, strict=True):
        counted = f"核对 {result.counts.facts} 处填报，{result.counts.relations} 项数量关系"
        facts.append(("文件", f"{name}（SHA-256 {sha256(each)[:16]}）：{counted}"))
        if result.reason is not None:
            facts.append(("没有检查的内容", result.reason.text))
    return Face(
        status,
        verdict(status, counts),
        tuple(facts),
        tuple(each for each in found if each.accepted is None and each.severity is not Severity.INFO),
        tuple(each for each in found if each.accepted is not None),
    )


def _covered(plain: Sheet, kind: str, path: str, face: Face) -> tuple[Sheet, Sheet | None, tuple[str, ...]]:
    """The workbook with its cover, the original where it was converted for that, and what to tell the user.

    What is no workbook, or one that must not be edited (digitally signed), is sealed as it is.
    """
    if kind not in _WORKBOOKS:
        return plain, None, ()
    try:
        package, notices = open_workbook(path)
        for sheet in [each.name for each in package.worksheets]:
            if sheet.startswith(COVER_SHEET) and str(package.value(sheet, "A1")) == TITLE:
                package.remove_sheet(sheet)
        package.add_sheet(cover_sheet(free_name(package.workbook, COVER_SHEET), face))
        data = package.to_bytes()
    except (SourceRefusedError, EditRefusedError) as refusal:
        return plain, None, (f"{_NO_COVER}原因：{refusal}",)
    if not notices:
        return replace(plain, data=data), None, ()
    stem = Path(plain.original).stem
    return (
        Sheet("workbook.xlsx", f"{stem}.xlsx", data),
        Sheet(f"original.{kind}", plain.original, plain.data),
        tuple(notices),
    )


def _parts(
    sheets: Sequence[Sheet | None], results: Sequence[DocumentResult], face: Face
) -> list[tuple[str, str, str, bytes]]:
    """Name, role, original name and bytes of every part but the manifest and its signature, in order."""
    parts = [(COVER, "cover", "校验封面.txt", cover_text(face))]
    for role, sheet in zip(("workbook", "report", "original"), sheets, strict=True):
        if sheet is not None:
            parts.append((sheet.part, role, safe_name(sheet.original), sheet.data))
    documents = {each.path: each.document for each in results if each.document is not None}
    parts.append((CELLS, "cells", "逐格内容.json", snapshot(documents)))
    known = {sheet.part: sheet.original for sheet in sheets if sheet is not None}
    readable = [renamed(each, {part: safe_name(name) for part, name in known.items()}) for each in results]
    for ending, report in (
        ("json", to_json(results).encode("utf-8", "replace")),
        ("txt", to_text(results).encode("utf-8", "replace")),
        ("html", to_html(results).encode("utf-8", "replace")),
        ("xlsx", to_xlsx(readable)),
    ):
        parts.append((f"check.{ending}", "check", f"校验结果.{ending}", report))
    return parts


def _documents(results: Sequence[DocumentResult], first: Sequence[DocumentResult]) -> list[dict[str, Any]]:
    return [
        {
            "part": result.path,
            "sha256_before_cover": before.sha256,
            "form": result.form,
            "form_sha256": form_hash(result.form),
            "status": result.status.value,
            "reason": result.reason.text if result.reason is not None else None,
            "facts": result.counts.facts,
            "relations": result.counts.relations,
            "unevaluated": result.counts.unevaluated,
        }
        for result, before in zip(results, first, strict=True)
    ]


def _overrides(results: Sequence[DocumentResult], declared: Sequence[Declared]) -> list[dict[str, Any]]:
    """Every explanation that was there, used or not, with what was wrong with others: enough to check again."""
    found: list[dict[str, Any]] = []
    for result, each in zip(results, declared, strict=True):
        used = {one.accepted.entry for one in result.findings if one.accepted is not None}
        for entry in each.entries:
            keys = (
                "number",
                "rule",
                "sheet",
                "cell",
                "paragraph",
                "observed",
                "reason",
                "role",
                "note",
                "rows",
            )
            shown = {key: getattr(entry, key) for key in keys}
            found.append({"part": result.path, "used": entry.number in used, **shown})
        found += [{"part": result.path, "used": False, "complaint": text} for text in each.complaints]
    return found
