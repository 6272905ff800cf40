"""What a check of one file came to, and what several of them mean for the exit status."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import TYPE_CHECKING

from gouji.frozen import frozen
from gouji.model import Finding, Severity
from gouji.source.document import Document, Reason

if TYPE_CHECKING:
    from gouji.form.facts import Facts

__all__ = ["Counts", "DocumentResult", "Status", "exit_status"]


class Status(StrEnum):
    """How the check of a file ended; the words of the outside contract.

    «Could not be checked» is never clean: a file whose required part could not be evaluated is PARTIAL, a
    file of which nothing could be evaluated is NOT_CHECKED, and both carry a reason.
    """

    CLEAN = "clean"
    FINDINGS = "findings"
    PARTIAL = "partial"
    NOT_CHECKED = "not_checked"


@frozen
class Counts:
    """How much was looked at: figures and answers found, relations evaluated, and what could not be."""

    facts: int = 0
    relations: int = 0
    unevaluated: int = 0


@frozen(aside=("document", "facts"))
class DocumentResult:
    """The check of one file.

    ``path`` is as the user gave it; ``sha256`` is None where not even the bytes could be had. ``form`` is the
    form's id, ``generic`` where blocks were recognised but no form, None where there are no tables to know.
    ``document`` is what was read, for showing the table around a finding; None where it was refused. ``facts`` is
    what was located in it, for holding other documents against it and for saying what was compared.
    ``left_out`` are the codes of the rules that the user chose not to run.
    """

    path: str
    sha256: str | None
    form: str | None
    status: Status
    reason: Reason | None
    counts: Counts
    findings: tuple[Finding, ...]
    document: Document | None = None
    left_out: frozenset[str] = frozenset()
    facts: Facts | None = None

    def count(self, severity: Severity) -> int:
        """How many findings have this severity."""
        return sum(found.severity is severity for found in self.findings)


def exit_status(results: Iterable[DocumentResult]) -> int:
    """The exit status that the outside contract promises.

    Returns:
        1 if any finding is an error; otherwise 2 if there is no file, or one was not or not wholly checked;
        otherwise 0.
    """
    results = tuple(results)
    if any(result.count(Severity.ERROR) for result in results):
        return 1
    whole = all(result.status in (Status.CLEAN, Status.FINDINGS) for result in results)
    return 0 if results and whole else 2
