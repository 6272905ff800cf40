"""A short way to pose repair problems in tests: ``cells`` name texts, ``relations`` are written as equations.

T = a + b + c      a sum, 0.01 to 0.03 off may be rounding
a == b             two places that state one figure
r % n / d          a rate in percent
a + b <= T         a subset
a + b + c = 100    a sum that must come out at a number
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from gouji.repair import Problem, parse_problem


def pose(
    cells: Mapping[str, object], relations: list[str], *, running: frozenset[str] = frozenset()
) -> Problem:
    """The problem of cells in one column of one table; a cell is its text or a mapping of contract fields.

    Cells named in ``running`` stand in running text.
    """
    made = []
    for row, (name, given) in enumerate(cells.items()):
        cell: dict[str, object] = {"id": name, "label": name, "table": "表", "row": row, "col": 0}
        cell |= {"kind": "amount", "unit": "万元", "decimals": 2, "min": "0"}
        if name in running:
            cell |= {"table": "正文"}
        cell |= given if isinstance(given, Mapping) else {"text": str(given)}
        made.append(cell)
    return parse_problem(
        {"id": "t", "cells": made, "relations": [relation(k, r) for k, r in enumerate(relations)]}
    )


def relation(k: int, text: str) -> dict[str, object]:
    """The contract's form of one equation."""
    name = f"r{k}"
    ratio = re.fullmatch(r"\s*(\w+) % (\w+) / (\w+)\s*", text)
    if ratio:
        rate, num, den = ratio.groups()
        ids = {"num": num, "den": den, "rate": rate}
        return {"id": name, "label": "", "type": "ratio", **ids, "tol": "0.005", "soft": "0.011"}
    left, sign, right = re.split(r"\s*(<=|==|=)\s*", text.strip(), maxsplit=1)
    terms, rhs = side(left), 0.0
    for cell, coef in side(right):
        if re.fullmatch(r"[\d.]+", cell):
            rhs += coef * float(cell)
        else:
            terms.append((cell, -coef))
    out: dict[str, object] = {"id": name, "label": "", "terms": [[c, k] for c, k in terms], "rhs": f"{rhs:g}"}
    if sign == "<=":
        return out | {"type": "le"}
    return out | {"type": "linear", "tol": "0.005", "soft": "0.03" if sign == "=" else "0.005"}


def side(text: str) -> list[tuple[str, int]]:
    """The terms of one side of an equation."""
    return [(cell, -1 if sign == "-" else 1) for sign, cell in re.findall(r"([+-]?)\s*([\w.]+)", text)]
