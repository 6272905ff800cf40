"""The check of the very bytes that a package holds, under the names of its parts.

Sealing and verifying run the same check, so that what was sealed can be compared with what is found again.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import rfc8785

from gouji.acceptance import NOTHING, Declared, accepted
from gouji.checking import CheckOptions
from gouji.crossing import check_together
from gouji.frozen import frozen, replace
from gouji.model import Finding, Place
from gouji.report.json_ import to_dict
from gouji.result import DocumentResult

__all__ = ["Sheet", "checked_parts", "findings_hash", "findings_of", "renamed", "safe_name", "told"]

_FORBIDDEN = '<>:"/\\|?*'
_LONGEST = 120


@frozen
class Sheet:
    """A document of the package: the name of its part, the name people know it by, its bytes."""

    part: str
    original: str
    data: bytes


def safe_name(name: str) -> str:
    """A file name that is one on every system and leads nowhere else; ``_`` for what is not allowed."""
    kept = "".join("_" if char in _FORBIDDEN or not char.isprintable() else char for char in name).strip(" .")
    stem, dot, ending = kept.rpartition(".")
    if len(kept) > _LONGEST:
        kept = f"{stem[: _LONGEST - len(ending) - 1]}{dot}{ending}" if len(ending) < 10 else kept[:_LONGEST]
    reserved = kept.partition(".")[0].upper() in {"CON", "PRN", "AUX", "NUL"} | {
        f"{device}{number}" for device in ("COM", "LPT") for number in range(1, 10)
    }
    return f"_{kept}" if reserved or not kept else kept


def checked_parts(
    workbook: Sheet, report: Sheet | None, declared: Mapping[str, Declared], form: str | None
) -> tuple[DocumentResult, ...]:
    """Check the documents of a package as they lie in it.

    Args:
        workbook: The form.
        report: The written report that goes with it.
        declared: What is accepted, by part, instead of what a folder's gouji.toml says.
        form: The form to take it for, where the sealer said so.

    Returns:
        One result a document, with the part names in place of paths.
    """
    options = CheckOptions(form=form, declared=NOTHING)
    with tempfile.TemporaryDirectory(prefix="gouji-") as folder:
        names = {}
        for each in (workbook, report):
            if each is not None:
                # the messages of the reader name the file as people know it
                place = Path(folder) / each.part / safe_name(each.original)
                place.parent.mkdir()
                place.write_bytes(each.data)
                names[str(place)] = each.part
        first, *rest = names
        results = check_together((first,), tuple(rest), (), options)
    return tuple(
        accepted(each, declared.get(each.path, NOTHING)) for each in (renamed(one, names) for one in results)
    )


def renamed(result: DocumentResult, names: Mapping[str, str]) -> DocumentResult:
    """A result with other names for the documents it speaks of."""

    def place(given: Place) -> Place:
        return replace(given, document=names.get(given.document, given.document))

    findings = tuple(
        replace(each, location=place(each.location), related=tuple(map(place, each.related)))
        for each in result.findings
    )
    return replace(result, path=names[result.path], findings=findings)


def findings_of(results: Iterable[DocumentResult]) -> list[dict[str, Any]]:
    """What a check found, apart from the files' bytes and this program's version: for comparing two checks."""
    kept = ("path", "form", "status", "reason", "counts", "findings")
    plain = json.loads(
        json.dumps(to_dict(results)["documents"], ensure_ascii=False).encode("utf-8", "replace")
    )
    return [{key: document[key] for key in kept} for document in plain]


def findings_hash(results: Iterable[DocumentResult]) -> str:
    """The SHA-256 of :func:`findings_of` as canonical JSON, the documents named ``workbook`` and ``report``."""
    results = tuple(results)
    names = {each.path: role for each, role in zip(results, ("workbook", "report"), strict=False)}
    return hashlib.sha256(rfc8785.dumps(findings_of(renamed(each, names) for each in results))).hexdigest()


def told(found: Finding) -> tuple[str, str, str | None, str | None, int | None]:
    """What makes two findings of two checks the same one."""
    place = found.location
    return found.code, place.document, place.sheet, place.cell, place.paragraph
