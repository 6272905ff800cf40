"""How a run came out, in numbers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gouji.frozen import mutable

__all__ = ["Tally", "tally"]


@mutable
class Tally:
    """Submissions, files and findings; ``wrong`` are submissions with an error."""

    submissions: int = 0
    files: int = 0
    wrong: int = 0
    errors: int = 0
    warnings: int = 0
    infos: int = 0
    unchecked: int = 0
    partial: int = 0


def tally(records: Iterable[dict[str, Any]]) -> Tally:
    """Count what the records say."""
    count = Tally()
    for record in records:
        count.submissions += 1
        errors = 0
        for document in record["documents"]:
            count.files += 1
            count.unchecked += document["status"] == "not_checked"
            count.partial += document["status"] == "partial"
            severities = [found["severity"] for found in document["findings"]]
            errors += severities.count("error")
            count.warnings += severities.count("warning")
            count.infos += severities.count("info")
        count.errors += errors
        count.wrong += errors > 0
    return count
