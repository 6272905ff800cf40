"""A submission package among the files of a batch: verified first, then its documents are checked by the rules of here.

A package that is not whole, or whose sealer is not on the trust list, is not checked, and the reason says why: it is sent
back, or the fingerprint is compared. One that is becomes one document of the record, under the package's path, with
the findings of the form and the report in it; each finding names the file inside.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from gouji.acceptance import NOTHING, accepted
from gouji.checking import CheckOptions
from gouji.crossing import check_together
from gouji.frozen import frozen, replace
from gouji.report.words import shown
from gouji.result import Counts, DocumentResult, Status
from gouji.seal.keys import KeyProblemError, default_trust, read_trust
from gouji.seal.manifest import BadManifestError, Part
from gouji.seal.rechecking import renamed, safe_name
from gouji.seal.verifying import Verdict, declared_in, verify
from gouji.source.document import Reason, ReasonCode, SourceRefusedError
from gouji.source.limits import own_limits

__all__ = ["Packaged", "check_package"]

_WORST_FIRST = (Status.NOT_CHECKED, Status.PARTIAL, Status.FINDINGS, Status.CLEAN)
Copier = Callable[[DocumentResult, str], list[dict[str, Any]]]


@frozen
class Packaged:
    """A package as one document, last year's files as checked beside it, the copies made, and what verifying told."""

    result: DocumentResult
    earlier: tuple[DocumentResult, ...]
    copies: tuple[dict[str, Any], ...]
    told: dict[str, Any]


def check_package(path: str, prior: Sequence[str], options: CheckOptions, copier: Copier) -> Packaged:
    """Verify a package and check what is in it.

    Args:
        path: The package.
        prior: Last year's forms, which its documents are held against.
        options: Form and rules to use. Where ``declared`` is set, the explanations sealed with it do not count.
        copier: Makes the copies of one document, given its check and the path that is told for it.

    Raises:
        OSError: The package cannot be read.
    """
    data = Path(path).read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    try:
        trust = read_trust(default_trust()) if default_trust().exists() else ()
        found = verify(data, Path(path).name, trust, limits=own_limits())
    except (KeyProblemError, SourceRefusedError) as error:
        return _refused(path, digest, str(error), None)
    if found.manifest is None or not (found.whole and found.trusted):
        said = "；".join([*found.problems, *([found.distrust] if found.distrust else [])])
        return _refused(path, digest, f"报送包没有通过核验：{said}。", found)
    documents = {part.role: part for part in found.manifest.parts if part.role in ("workbook", "report")}
    try:
        sealed = declared_in(found.manifest) if options.declared is None else {}
    except BadManifestError as error:
        return _refused(path, digest, f"{error}；请退回重报。", found)
    with TemporaryDirectory(prefix="gouji-") as folder:
        inside = {_taken_out(part, found, Path(folder)): part for _, part in sorted(documents.items())[::-1]}
        names = {place: f"{path}/{safe_name(part.original)}" for place, part in inside.items()}
        form, *report = inside
        results = check_together((form,), report, prior, replace(options, declared=NOTHING))
        own = [accepted(each, sealed.get(inside[each.path].name, NOTHING)) for each in results[: len(inside)]]
        copies = tuple(copy for each in own for copy in copier(each, names[each.path]))
    joined = _joined(path, digest, [renamed(each, names) for each in own])
    return Packaged(joined, results[len(inside) :], copies, _told(found))


def _taken_out(part: Part, found: Verdict, folder: Path) -> str:
    """Where a document of the package was put; its name is the one people know, for messages."""
    place = folder / part.role / safe_name(part.original)
    place.parent.mkdir()
    place.write_bytes(found.parts[part.name])
    return str(place)


def _joined(path: str, digest: str, results: Sequence[DocumentResult]) -> DocumentResult:
    """The documents of a package as one: the worst status, all findings, what was counted in all."""
    worst = min(results, key=lambda each: _WORST_FIRST.index(each.status))
    counts = [each.counts for each in results]
    return replace(
        results[0],
        path=path,
        sha256=digest,
        status=worst.status,
        reason=worst.reason,
        counts=Counts(
            sum(each.facts for each in counts),
            sum(each.relations for each in counts),
            sum(each.unevaluated for each in counts),
        ),
        findings=tuple(found for each in results for found in each.findings),
    )


def _refused(path: str, digest: str, why: str, found: Verdict | None) -> Packaged:
    reason = Reason(ReasonCode.UNREADABLE, why)
    result = DocumentResult(path, digest, None, Status.NOT_CHECKED, reason, Counts(), ())
    return Packaged(result, (), (), _told(found))


def _told(found: Verdict | None) -> dict[str, Any]:
    """What verifying came to, for the record; who claims to have sealed it counts only where it is trusted."""
    good = found is not None and found.whole and found.trusted
    manifest = found.manifest if found is not None and good else None
    return {
        "whole": found is not None and found.whole,
        "trusted": found is not None and found.trusted,
        "signer": found.signer.name if found is not None and good and found.signer else None,
        "sealed_at": shown(manifest.content["sealed_at"]) if manifest is not None else None,
        "sealed_as": found.sealed_as if found is not None and good else None,
        "notices": list(found.notices) if found is not None else [],
    }
