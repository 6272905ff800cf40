"""The engine by itself: JSON lines in, JSON lines out, as the outside contract words them."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from gouji.repair import ProblemError, parse_problem
from gouji.repair.jsonl import run

SUM = {"id": "s", "label": "合计", "type": "linear", "terms": [["T", 1], ["a", -1], ["b", -1]], "rhs": "0"}
SUM |= {"tol": "0.005", "soft": "0.03"}


def cell(name: str, text: str, **more: object) -> dict[str, Any]:
    place = {"table": "表", "row": 0, "col": 0, "kind": "amount", "unit": "万元", "decimals": 2, "min": "0"}
    return {"id": name, "label": name, "text": text, **place, **more}


PROBLEM = {
    "id": "p1",
    "cells": [cell("T", "353.66"), cell("a", "201.5.5"), cell("b", "152.16")],
    "relations": [SUM],
}


def answers(*lines: str) -> tuple[int, list[dict[str, Any]]]:
    out = io.StringIO()
    status = run(io.StringIO("\n".join(lines) + "\n"), out)
    return status, [json.loads(line) for line in out.getvalue().splitlines()]


def test_an_answer_has_the_promised_shape() -> None:
    status, (answer,) = answers(json.dumps(PROBLEM))
    assert status == 0
    assert set(answer) == {"id", "findings", "groups"}
    assert answer["id"] == "p1"
    assert answer["findings"] == [
        {"relation": None, "cells": ["a"], "level": "error", "kind": "repeated-point"}
    ]
    (group,) = answer["groups"]
    assert set(group) == {"alternatives", "auto"}
    assert group["auto"] is True
    best = group["alternatives"][0]
    assert set(best) == {"changes", "confidence", "kind", "evidence"}
    assert best["changes"] == {"a": "201.5"}
    assert best["evidence"] == "353.66 − 152.16 = 201.5"


def test_answers_come_in_order_one_for_each_problem_and_blank_lines_are_skipped() -> None:
    lines = [json.dumps(PROBLEM | {"id": k}) for k in range(3)]
    status, found = answers(lines[0], "", lines[1], lines[2])
    assert status == 0
    assert [answer["id"] for answer in found] == [0, 1, 2]


@pytest.mark.parametrize(
    "line",
    [
        "not json",
        "[]",
        "{}",
        json.dumps({"id": 7, "cells": [], "relations": [SUM]}),
        json.dumps(PROBLEM | {"relations": [SUM | {"type": "cubic"}]}),
        json.dumps(PROBLEM | {"relations": [SUM | {"tol": "abc"}]}),
        json.dumps(PROBLEM | {"relations": [SUM | {"terms": [["T", "NaN"]]}]}),
        json.dumps(PROBLEM | {"cells": [cell("T", "1"), cell("T", "2")]}),
        json.dumps({"id": 1, "cells": [cell("T", "1", kind="mood")], "relations": []}),
        "[" * 100_000,
    ],
)
def test_a_bad_line_is_answered_and_the_run_goes_on(line: str) -> None:
    status, found = answers(line, json.dumps(PROBLEM))
    assert status == 2
    assert found[0]["error"]
    assert found[0]["groups"] == []
    assert found[1]["groups"][0]["auto"] is True


def test_every_answer_is_flushed_before_the_next_problem_is_read() -> None:
    class Slow(io.StringIO):
        flushed = 0

        def flush(self) -> None:
            Slow.flushed += 1

    out = Slow()
    seen: list[int] = []

    def lines() -> Iterator[str]:
        for _ in range(3):
            seen.append(Slow.flushed)
            yield json.dumps(PROBLEM) + "\n"

    run(lines(), out)
    assert seen == [0, 1, 2]


def test_missing_fields_have_their_meaning() -> None:
    problem = parse_problem(
        {
            "cells": [{"id": 1, "text": "-5", "kind": "count"}, {"id": 2, "text": 5, "min": None}],
            "relations": [],
        }
    )
    first, second = problem.cells
    assert (first.decimals, first.minimum) == (0, Decimal(0))
    assert (second.decimals, second.minimum, second.text) == (2, None, "5")
    assert problem.id is None


def test_a_cell_named_twice_in_a_relation_counts_twice() -> None:
    problem = parse_problem(
        {
            "cells": [cell("a", "5"), cell("b", "10")],
            "relations": [
                {"id": "r", "type": "linear", "terms": [["a", 1], ["a", "1"], ["b", -1]], "rhs": 0}
            ],
        }
    )
    (relation,) = problem.relations
    assert dict(relation.terms) == {"a": 2, "b": -1}  # type: ignore[union-attr]  # it is linear


def test_a_relation_of_unknown_cells_is_refused_by_name() -> None:
    with pytest.raises(ProblemError, match="unknown cell 'z'"):
        parse_problem({"cells": [], "relations": [{"id": "r", "type": "linear", "terms": [["z", 1]]}]})
