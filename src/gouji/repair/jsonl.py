"""``gouji repair``: repair problems as JSON lines in, one answer line for each out."""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal
from typing import TextIO

from gouji.repair.engine import solve
from gouji.repair.problem import ProblemError, answer_to_json, parse_problem

__all__ = ["run"]


def run(stdin: Iterable[str], stdout: TextIO, *, time_limit_s: float = 2.0) -> int:
    """Answer every problem line in order, flushing each answer; blank lines are skipped.

    A line that is no problem gives an answer object with an ``error`` (and the ``id`` where one can be read),
    and the run goes on.

    Args:
        stdin: JSON lines, one problem each.
        stdout: receives one JSON line for each problem.
        time_limit_s: the bound on each search, in seconds (see :func:`solve`).

    Returns:
        The exit status: 0, or 2 where any line was unusable.
    """
    status = 0
    for line in stdin:
        if not line.strip():
            continue
        name: object = None
        try:
            obj = json.loads(line, parse_float=Decimal)
            name = obj.get("id") if isinstance(obj, dict) else None
            out = answer_to_json(solve(parse_problem(obj), time_limit_s=time_limit_s))
        except (ValueError, ProblemError, RecursionError) as error:
            out = {
                "id": name if isinstance(name, str | int) else None,
                "error": str(error),
                "findings": [],
                "groups": [],
            }
            status = 2
        stdout.write(json.dumps(out, ensure_ascii=False) + "\n")
        stdout.flush()
    return status
