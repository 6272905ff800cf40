"""The findings as a pandas table, one row each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from gouji.model import Finding
from gouji.result import DocumentResult

__all__ = ["COLUMNS", "to_frame"]

COLUMNS = (
    "document",
    "sheet",
    "cell",
    "label",
    "paragraph",
    "text",
    "code",
    "name",
    "severity",
    "message",
    "observed",
    "expected",
    "relation",
    "basis",
    "related",
    "fix",
)


def to_frame(results: Iterable[DocumentResult]) -> pd.DataFrame:
    """One row a finding, in reading order; the columns are there even where nothing was found."""
    rows = [_row(found) for result in results for found in result.findings]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"paragraph": "Int64"})


def _row(found: Finding) -> tuple[Any, ...]:
    place = found.location
    return (
        place.document,
        place.sheet,
        place.cell,
        place.label,
        place.paragraph,
        place.text,
        found.code,
        found.name,
        found.severity.value,
        found.message,
        found.observed,
        found.expected,
        found.relation,
        found.basis,
        len(found.related),
        None if found.fix is None else found.fix.applicability.value,
    )
