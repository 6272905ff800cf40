"""The report as SARIF 2.1.0 (OASIS), for tools that collect findings of many checkers.

A workbook has no lines, so a finding's cell is a *logical* location («基础数据表!C16») beside the physical
location of the file. What SARIF cannot express (expected text, arithmetic, fixes of cells) stands in
``properties`` under the names of the JSON report.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from hashlib import sha256
from pathlib import PurePath, PureWindowsPath
from typing import Any
from urllib.parse import quote

from gouji.model import Finding, Place, Severity
from gouji.report.json_ import to_dict
from gouji.report.words import where
from gouji.result import DocumentResult, Status, exit_status
from gouji.rule.base import GROUPS, Rule
from gouji.rule.registry import all_rules
from gouji.version import __version__

__all__ = ["to_sarif"]

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVEL = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_KEPT = ("observed", "expected", "relation", "basis", "fix", "alternatives")


def _uri(path: str) -> str:
    """A path as a URI reference: absolute ones as file:///…, relative ones with forward slashes."""
    windows = PureWindowsPath(path)
    pure = windows if windows.drive else PurePath(path)
    if pure.is_absolute():
        return pure.as_uri()
    return quote(pure.as_posix().encode("utf-8", "surrogateescape"))


def _descriptor(rule: Rule) -> dict[str, Any]:
    doc = rule.doc
    basis = f"\n\n依据：{rule.basis}" if rule.basis else ""
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": doc.what},
        "fullDescription": {"text": doc.why},
        "help": {"text": f"{doc.what}\n\n{doc.why}\n\n例：{doc.example}\n\n修改：{doc.fix_safety}{basis}"},
        "defaultConfiguration": {"level": _LEVEL[rule.severity]},
        "properties": {"tags": [rule.group, GROUPS[rule.group]]},
    }


def _location(place: Place, artifacts: dict[str, int], number: int | None = None) -> dict[str, Any]:
    artifact: dict[str, Any] = {"uri": _uri(place.document)}
    if place.document in artifacts:
        artifact["index"] = artifacts[place.document]
    if place.cell is not None:
        name, kind = f"{place.sheet or ''}!{place.cell}", "cell"
    elif place.paragraph is not None:
        name, kind = f"段落 {place.paragraph}", "paragraph"
    else:
        name, kind = place.sheet or "整份文件", "sheet" if place.sheet else "document"
    logical: dict[str, Any] = {"fullyQualifiedName": name, "kind": kind}
    if place.label:
        logical["name"] = place.label
    located: dict[str, Any] = {
        "physicalLocation": {"artifactLocation": artifact},
        "logicalLocations": [logical],
        "message": {"text": where(place)},
    }
    if number is not None:
        located["id"] = number
    return located


def _fingerprint(found: Finding) -> str:
    """The same for the same fault in the same place, whatever the file is called."""
    place = found.location
    parts = [found.code, place.sheet, place.cell, str(place.paragraph), found.observed]
    return sha256("\x1f".join(part or "" for part in parts).encode("utf-8", "replace")).hexdigest()


def _result(
    found: Finding, plain: dict[str, Any], index: dict[str, int], artifacts: dict[str, int]
) -> dict[str, Any]:
    shown: dict[str, Any] = {"ruleId": found.code}
    if found.code in index:
        shown["ruleIndex"] = index[found.code]
    shown |= {
        "level": _LEVEL[found.severity],
        "message": {"text": found.message},
        "locations": [_location(found.location, artifacts)],
    }
    if found.related:
        shown["relatedLocations"] = [
            _location(place, artifacts, number) for number, place in enumerate(found.related, start=1)
        ]
    if found.accepted is not None:
        said = f"{found.accepted.reason}（{found.accepted.role}）"
        shown["suppressions"] = [{"kind": "external", "status": "accepted", "justification": said}]
    shown["partialFingerprints"] = {"goujiPlace/v1": _fingerprint(found)}
    kept = {key: plain[key] for key in _KEPT if plain[key]}
    if kept:
        shown["properties"] = kept
    return shown


def _notification(result: DocumentResult, artifacts: dict[str, int]) -> dict[str, Any]:
    text = result.reason.text if result.reason is not None else "没有检查"
    return {
        "level": "error" if result.status is Status.NOT_CHECKED else "warning",
        "message": {"text": text},
        "descriptor": {"id": result.reason.code.value if result.reason is not None else "unreadable"},
        "locations": [_location(Place(document=result.path), artifacts)],
    }


def _artifact(result: DocumentResult) -> dict[str, Any]:
    shown: dict[str, Any] = {"location": {"uri": _uri(result.path)}, "roles": ["analysisTarget"]}
    if result.sha256 is not None:
        shown["hashes"] = {"sha-256": result.sha256}
    return shown


def to_sarif(results: Iterable[DocumentResult]) -> str:
    """The report as SARIF 2.1.0 text; files that were not or not wholly checked are notifications."""
    results = tuple(results)
    rules = all_rules()
    index = {rule.code: number for number, rule in enumerate(rules)}
    artifacts = {result.path: number for number, result in enumerate(results)}
    plain = to_dict(results)["documents"]
    status = exit_status(results)
    run = {
        "tool": {
            "driver": {
                "name": "gouji",
                "version": __version__,
                "language": "zh-CN",
                "rules": [_descriptor(rule) for rule in rules],
            }
        },
        "invocations": [
            {
                "executionSuccessful": any(result.status is not Status.NOT_CHECKED for result in results),
                "exitCode": status,
                "toolExecutionNotifications": [
                    _notification(result, artifacts)
                    for result in results
                    if result.status in (Status.NOT_CHECKED, Status.PARTIAL)
                ],
            }
        ],
        "artifacts": [_artifact(result) for result in results],
        "results": [
            _result(found, shown, index, artifacts)
            for result, document in zip(results, plain, strict=True)
            for found, shown in zip(result.findings, document["findings"], strict=True)
        ],
        "columnKind": "unicodeCodePoints",
    }
    return (
        json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=1)
        + "\n"
    )
