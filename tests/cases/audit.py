"""A second pair of eyes on the labels: reads each composed form by simple rules and names what is unlabelled.

This is not the program under test and shares no code with it. It only has to be right about forms whose
columns it is told (``audit:`` in case.yaml), so that no fault slips into a form unlabelled.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from tests.cases.sheetspec import Block, Cell, split_address

__all__ = ["unlabelled"]

_NUMBER = re.compile(r"([≥≤=><＝≧≦]?)\s*(-?\d[\d,]*(?:\.\d+)?)\s*(\D*)")
_BLANK = ("", "-", "—", "——", "/", "／", "无", "－", "--")
_REFERENCE = re.compile(r"(?:([^\s!()+*/=-]+)!)?\b([A-Z]{1,2}\d+)\b")


def _number(text: str) -> tuple[str, Decimal, str] | None:
    found = _NUMBER.fullmatch(text.strip())
    if found is None:
        return None
    return found[1], Decimal(found[2].replace(",", "")), found[3].strip()


class _Form:
    def __init__(self, blocks: list[Block], places: dict[str, Any]) -> None:
        self.tables = {block.sheet: block for block in blocks if block.is_table}
        self.labelled: dict[str, set[tuple[int, int]]] = {}
        for name, place in places.items():
            if not name.startswith("X"):
                continue
            for area in place["cells"]:
                sheet, _, span = area.partition("!")
                first, _, last = span.partition(":")
                top, left = split_address(first)
                bottom, right = split_address(last or first)
                self.labelled.setdefault(sheet, set()).update(
                    (r, c) for r in range(top, bottom + 1) for c in range(left, right + 1)
                )

    def cell(self, sheet: str, row: int, col: int) -> Cell | None:
        block = self.tables[sheet]
        while (row, col) in block.covered:
            if block.covered[row, col] == "<":
                col -= 1
            else:
                row -= 1
        return block.cells.get((row, col))

    def text(self, sheet: str, row: int, col: int) -> str:
        found = self.cell(sheet, row, col)
        return found.text.strip() if found is not None else ""

    def is_labelled(self, sheet: str, *spots: tuple[int, int]) -> bool:
        return any(spot in self.labelled.get(sheet, set()) for spot in spots)


def _columns(rule: dict[str, Any]) -> dict[str, int]:
    return {
        key: split_address(f"{rule[key]}1")[1]
        for key in ("name", "sign", "target", "unit", "actual", "weight", "score", "reason")
        if rule.get(key)
    }


def _indicator(form: _Form, sheet: str, row: int, cols: dict[str, int]) -> list[str]:
    def read(key: str) -> str:
        return form.text(sheet, row, cols[key]) if key in cols else ""

    target, actual, weight, score, reason = (
        read(k) for k in ("target", "actual", "weight", "score", "reason")
    )
    if not target and not weight and not actual:
        return []
    problems: list[str] = []
    if not actual or actual in ("-", "—", "——", "/"):
        problems.append("no actual value")
    if "weight" in cols and weight and "score" in cols and (not score):
        problems.append("no score")
    points, given = _number(weight), _number(score)
    if points and given and given[1] > points[1]:
        problems.append("score above weight")
    aim, done = _number(target), _number(actual)
    share: Decimal | None = None
    if done and done[0] in ("≥", "≤", "≧", "≦", ">", "<"):
        problems.append("target typed as result")
    if aim and not done and actual:
        problems.append("word where a number is asked")
    if aim and done and "月" not in aim[2] and "日" not in aim[2]:
        sign = read("sign") or aim[0] or "≥"
        unit = read("unit") or aim[2]
        if done[2] and unit and done[2] != unit:
            problems.append(f"unit {done[2]} for {unit}")
        aimed, got = aim[1], done[1]
        if sign in ("≤", "≦", "<"):
            share = Decimal(1) if got <= aimed else aimed / got
        else:
            share = Decimal(1) if got >= aimed else got / aimed
            if aimed and got > aimed * Decimal("1.3") and not reason:
                problems.append("far above target without remark")
        if share < 1 and "reason" in cols and reason in _BLANK:
            problems.append("below target without a reason")
        if points and given and abs(points[1] * share - given[1]) > Decimal("0.1"):
            problems.append(f"score {given[1]}, rules give {points[1] * share:.3f}")
    elif points and given and given[1] < points[1] and "reason" in cols and reason in _BLANK:
        problems.append("points lost without a reason")
    spots = [(row, cols[key]) for key in ("target", "actual", "score", "reason", "weight") if key in cols]
    if problems and not form.is_labelled(sheet, *spots):
        return [f"{sheet} row {row} {read('name')}: {'; '.join(problems)}"]
    return []


def _relation(form: _Form, default: str, text: str) -> list[str]:
    """``J7 % G7/E7`` a percentage, ``K7 ~ 10*G7/E7`` within 0.1, ``D7 = D8+D9`` exactly, ``D9 <= D7``."""
    found = re.fullmatch(r"(\S+) (=|~|%|<=) (.+)", text)
    if found is None:
        raise ValueError(f"not a relation: {text}")
    spots: list[tuple[str, int, int]] = []

    def value(reference: re.Match[str]) -> str:
        sheet = reference[1] or default
        row, col = split_address(reference[2])
        spots.append((sheet, row, col))
        typed = form.text(sheet, row, col)
        read = _number(typed)
        if read is None and typed not in _BLANK:
            raise ArithmeticError(f"{sheet}!{reference[2]} is no number: {typed}")
        return f"D('{read[1] if read else 0}')"

    try:
        left_code, right_code = _REFERENCE.sub(value, found[1]), _REFERENCE.sub(value, found[3])
        left_code, right_code = (
            re.sub(r"(?<!['\d.])(\d+(?:\.\d+)?)(?!['\d.])", r"D('\1')", code)
            for code in (left_code, right_code)
        )
        left = eval(left_code, {"D": Decimal})  # noqa: S307 - our own label files
        right = eval(right_code, {"D": Decimal, "min": min})  # noqa: S307 - same
    except ArithmeticError as problem:
        bad = str(problem) or "division by zero"
        return [] if any(form.is_labelled(s, (r, c)) for s, r, c in spots) else [f"{text}: {bad}"]
    if found[2] == "%":
        typed = form.text(*spots[0])
        places = len(typed.rstrip("%").partition(".")[2])
        holds = abs(left - 100 * right) <= Decimal("0.5").scaleb(-places)
    elif found[2] == "~":
        holds = abs(left - right) <= Decimal("0.1")
    elif found[2] == "<=":
        holds = left <= right
    else:
        holds = abs(left - right) < Decimal("0.000001")
    if holds or any(form.is_labelled(s, (r, c)) for s, r, c in spots):
        return []
    return [f"{default}: {text}: {left} against {right}"]


def unlabelled(spec: dict[str, Any], blocks: list[Block], places: dict[str, Any]) -> list[str]:
    """What these simple rules find that no label of the case covers, as lines for the builder to print."""
    form = _Form(blocks, places)
    out: list[str] = []
    first = next(iter(form.tables))
    for rule in spec.get("audit") or []:
        if isinstance(rule, str):
            out += _relation(form, first, rule)
            continue
        sheet = rule.get("sheet", first)
        if "rows" in rule:
            top, _, bottom = str(rule["rows"]).partition("-")
            for row in range(int(top), int(bottom or top) + 1):
                out += _indicator(form, sheet, row, _columns(rule))
        for relation in rule.get("relations", ()):
            out += _relation(form, sheet, relation)
    return out
