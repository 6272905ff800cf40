"""The machine-readable report, exactly as the outside contract words it (docs/schema/gouji.check-1.json).

The text is built from plain dicts in a fixed order and holds no time, host or worker count, so that equal
input gives equal bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from gouji.model import Alternative, Change, Finding, Fix, Place
from gouji.result import DocumentResult
from gouji.version import __version__

__all__ = ["SCHEMA", "to_dict", "to_json"]

SCHEMA = "gouji.check/1"


def _place(place: Place) -> dict[str, Any]:
    return {
        "document": place.document,
        "sheet": place.sheet,
        "cell": place.cell,
        "label": place.label,
        "paragraph": place.paragraph,
        "text": place.text,
    }


def _change(change: Change) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "sheet": change.sheet,
        "cell": change.cell,
        "old": change.old,
        "new": change.new,
    }
    if change.paragraph is not None:
        shown["paragraph"] = change.paragraph
    return shown


def _fix(fix: Fix) -> dict[str, Any]:
    return {"applicability": fix.applicability.value, "changes": [_change(change) for change in fix.changes]}


def _alternative(alternative: Alternative) -> dict[str, Any]:
    return {
        "confidence": alternative.confidence.value,
        "changes": [_change(change) for change in alternative.changes],
        "evidence": alternative.evidence,
    }


def _finding(found: Finding) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "code": found.code,
        "name": found.name,
        "severity": found.severity.value,
        "message": found.message,
        "location": _place(found.location),
        "observed": found.observed,
        "expected": found.expected,
        "relation": found.relation,
        "related": [_place(place) for place in found.related],
        "basis": found.basis,
        "fix": None if found.fix is None else _fix(found.fix),
        "alternatives": [_alternative(alternative) for alternative in found.alternatives],
    }
    if found.accepted is not None:
        shown["accepted"] = {
            "reason": found.accepted.reason,
            "role": found.accepted.role,
            "severity": found.accepted.severity.value,
        }
    return shown


def _document(result: DocumentResult) -> dict[str, Any]:
    reason = result.reason
    return {
        "path": result.path,
        "sha256": result.sha256,
        "form": result.form,
        "status": result.status.value,
        "reason": None if reason is None else {"code": reason.code.value, "text": reason.text},
        "counts": {
            "facts": result.counts.facts,
            "relations": result.counts.relations,
            "unevaluated": result.counts.unevaluated,
        },
        "findings": [_finding(found) for found in result.findings],
    }


def to_dict(results: Iterable[DocumentResult]) -> dict[str, Any]:
    """The report as plain dicts and lists, every key of the contract present."""
    return {
        "schema": SCHEMA,
        "tool": {"name": "gouji", "version": __version__},
        "documents": [_document(result) for result in results],
    }


def to_json(results: Iterable[DocumentResult]) -> str:
    """The report as JSON text, Chinese left readable, ended by one newline."""
    return json.dumps(to_dict(results), ensure_ascii=False, indent=1) + "\n"
