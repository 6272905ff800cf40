"""The work on one submission, done in a child process: check, and copies with marks, fresh results or corrections.

The record that comes back is plain data: the documents as `gouji check --format json` words them, the figures that
departments are compared by, and what was written.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from gouji.acceptance import NOTHING
from gouji.batch.discover import is_package_name
from gouji.batch.job import Job
from gouji.batch.profile import merged, profile_of
from gouji.checking import CheckOptions
from gouji.crossing import check_together
from gouji.model import Finding
from gouji.report.json_ import to_dict
from gouji.result import DocumentResult, Status
from gouji.source.document import Reason, ReasonCode, SourceRefusedError

__all__ = ["ANNOTATED", "FIXED", "perform", "refused"]

ANNOTATED, FIXED = "批注", "修改"
"""Folders of the output that copies are written to."""
_OLD = (".xls", ".et", ".xlt")
_WORD = "docx"
_BOOKS = frozenset({"xlsx", "xlsm", "xltx", "xltm", "xls", "et"})


def perform(job: Job) -> dict[str, Any]:
    """Check a submission and write the copies asked for; the current folder has to be ``job.root``."""
    given, asked = job.submission, job.asked
    options = CheckOptions(asked.form, asked.select, asked.ignore, NOTHING if asked.no_accept else None)
    if is_package_name(given.id):
        from gouji.batch.packaged import check_package  # noqa: PLC0415  # signatures are loaded for packages

        done = check_package(
            given.id, job.prior, options, lambda result, told: _copies(job, result, options, told)
        )
        return record(job, [done.result], done.earlier, done.copies, package=done.told)
    results = check_together(given.forms, given.texts, job.prior, options)
    own = results[: len(given.files)]
    copies: list[dict[str, Any]] = []
    for result in own:
        copies += _copies(job, result, options, result.path)
    return record(job, own, results[len(given.files) :], copies)


def record(
    job: Job,
    own: Sequence[DocumentResult],
    earlier: Sequence[DocumentResult] = (),
    copies: Sequence[dict[str, Any]] = (),
    package: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """What is kept of a submission."""
    given = job.submission
    return {
        "id": given.id,
        "name": given.name,
        "folder": given.folder,
        "documents": to_dict(own)["documents"],
        "prior": [
            {
                "path": one.path,
                "sha256": one.sha256,
                "year": None if one.facts is None else one.facts.year,
                "status": one.status.value,
                "profile": None if one.facts is None else profile_of(one.facts),
            }
            for one in earlier
        ],
        "profile": merged(profile_of(one.facts) for one in own if one.facts is not None),
        "copies": list(copies),
        "package": package,
        "guarded": [],
    }


def refused(path: str, code: ReasonCode, text: str, digest: str | None) -> dict[str, Any]:
    """The document of a file that the work on ended badly, in the words of the check's report."""
    from gouji.result import Counts  # noqa: PLC0415  # the sad path only

    result = DocumentResult(path, digest, None, Status.NOT_CHECKED, Reason(code, text), Counts(), ())
    made: dict[str, Any] = to_dict([result])["documents"][0]
    return made


def _copies(job: Job, result: DocumentResult, options: CheckOptions, told: str) -> list[dict[str, Any]]:
    """The copies of one file, told under this path; what stands in the way of one is said in its place."""
    if not job.asked.writes or result.document is None or result.document.kind not in _BOOKS | {_WORD}:
        return []
    made: list[dict[str, Any]] = []
    asked = job.asked
    computed = asked.recalc and result.document.kind in _BOOKS
    if computed or (asked.annotate and result.findings):
        made.append(_written(job, told, ANNOTATED, lambda: _marked(job, result)))
    if asked.fix:
        made.append(_written(job, told, FIXED, lambda: _fixed(result.path, options)))
    return [each for each in made if each]


def _written(
    job: Job, path: str, folder: str, make: Callable[[], tuple[bytes, list[str]] | None]
) -> dict[str, Any]:
    from gouji.write.saving import replace_whole  # noqa: PLC0415  # loaded where something is written

    told: dict[str, Any] = {"of": path, "kind": folder, "path": None, "sha256": None, "notes": []}
    try:
        done = make()
        if done is None:
            return {}
        data, notes = done
        name = f"{path}.xlsx" if path.lower().endswith(_OLD) else path
        target = Path(job.out, folder, name)
        target.parent.mkdir(parents=True, exist_ok=True)
        replace_whole(target, data)
    except SourceRefusedError as refusal:
        return told | {"notes": [refusal.reason.text]}
    except OSError as error:
        return told | {"notes": [f"副本没有写成（{error.strerror or type(error).__name__}）。"]}
    except Exception as error:  # noqa: BLE001  # a copy that fails must not cost the check
        return told | {"notes": [f"副本没有做成：程序出错（{type(error).__name__}）。"]}
    return told | {"path": f"{folder}/{name}", "sha256": hashlib.sha256(data).hexdigest(), "notes": notes}


def _marked(job: Job, result: DocumentResult) -> tuple[bytes, list[str]]:
    """The workbook with fresh results of its formulas and with its findings marked, as far as either was asked for.

    A Word report gets its findings as comments.
    """
    if result.document is not None and result.document.kind == _WORD:
        from gouji.mending import annotate_report  # noqa: PLC0415  # writers are loaded where something is written

        return annotate_report(result)[0].to_bytes(), []
    from gouji.write.annotate import annotate  # noqa: PLC0415  # as above
    from gouji.write.convert import open_workbook  # noqa: PLC0415  # loaded when it is needed

    package, converted = open_workbook(result.path)
    notes = list(converted)
    if job.asked.recalc:
        from gouji.calc.recalc import recalc  # noqa: PLC0415  # loaded when it is needed

        done = recalc(package, second_opinion=False)
        if done.skipped:
            notes.append(f"有 {len(done.skipped)} 个公式没有把握，保留原来的结果。")
    if job.asked.annotate:
        own: Sequence[Finding] = result.findings
        told = (*([result.reason.text] if result.reason is not None else []), *notes)
        annotate(package, own, notices=told)
    return package.to_bytes(), notes


def _fixed(path: str, options: CheckOptions) -> tuple[bytes, list[str]] | None:
    from gouji.mending import fix_file, with_log  # noqa: PLC0415  # as above

    fixed = fix_file(path, options)
    if not fixed.applied:
        return None
    return with_log(fixed), [f"改了 {len(fixed.applied)} 处。", *fixed.notices]
