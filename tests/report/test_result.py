"""The exit status: 0 all checked and no error, 1 an error, 2 something not checked and no error elsewhere."""

from __future__ import annotations

import pytest

from gouji.frozen import replace
from gouji.model import Finding, Severity
from gouji.result import DocumentResult, Status, exit_status


@pytest.mark.parametrize(
    ("severities", "others", "status"),
    [
        ([], [], 0),
        ([Severity.WARNING, Severity.INFO], [], 0),
        ([Severity.WARNING, Severity.ERROR], [], 1),
        ([], [Status.NOT_CHECKED], 2),
        ([Severity.WARNING], [Status.PARTIAL], 2),
        ([Severity.ERROR], [Status.NOT_CHECKED, Status.PARTIAL], 1),
    ],
)
def test_exit_status(
    severities: list[Severity], others: list[Status], status: int, clean: DocumentResult, error: Finding
) -> None:
    first = replace(clean, findings=tuple(replace(error, severity=each) for each in severities))
    assert exit_status([first, *(replace(clean, status=other) for other in others)]) == status


def test_checking_nothing_is_not_success() -> None:
    assert exit_status([]) == 2
