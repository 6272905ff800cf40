"""The repair engine, case by case: small problems and what must be said about them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from gouji.model import Severity
from gouji.repair import Group, solve
from gouji.repair.problem import plain
from tests.repair.posed import pose

CASES = [
    pytest.param(case, id=case["name"])
    for path in sorted((Path(__file__).parent / "cases").glob("*.yaml"))
    for case in yaml.safe_load(path.read_text(encoding="utf-8"))
]


def spelled(group: Group, k: int = 0) -> dict[object, str]:
    """The changes of an alternative as plain text."""
    return {cell: "?" if v is None else plain(v) for cell, v in group.alternatives[k].changes.items()}


@pytest.mark.parametrize("case", CASES)
def test_case(case: dict[str, Any]) -> None:
    answer = solve(pose(case["cells"], case["relations"], running=frozenset(case.get("running", ()))))
    if "levels" in case:
        assert sorted({f.level.value for f in answer.findings}) == sorted(case["levels"])
    if case.get("none"):
        assert all(f.level is Severity.INFO for f in answer.findings)
        assert not any(group.auto for group in answer.groups)
    expected = case.get("groups", ())
    if expected:
        assert len(answer.groups) == len(expected), [spelled(g) for g in answer.groups]
    for want in expected:
        group = next((g for g in answer.groups if spelled(g) == want["first"]), None)
        assert group is not None, [spelled(g) for g in answer.groups]
        assert group.auto is want["auto"], group.alternatives
        best = group.alternatives[0]
        if "kind" in want:
            assert best.kind == want["kind"]
        if "evidence" in want:
            assert best.evidence == want["evidence"]
        offered = [spelled(group, k) for k in range(len(group.alternatives))]
        for other in want.get("among", ()):
            assert other in offered[1:]
        confidences = [a.confidence for a in group.alternatives]
        assert confidences == sorted(confidences, reverse=True)
        assert 0 < sum(confidences) <= 1.000001
