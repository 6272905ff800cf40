"""Made-up submissions with known right figures: seven structures of form, each in many sizes and habits of typing.

Figures are whole hundredths (a count of 12 people is 1200), so that everything made here is exact.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field

DRIFT = 0.06  # share of totals that are a hundredth off by rounding
TRUNCATED = 0.15  # share of rates cut instead of rounded
BLANKS = ("", "", "", "-", "——", "无", "0")


@dataclass
class Cell:
    """One figure of a right submission."""

    id: str
    label: str
    table: str
    row: int | None
    col: int | None
    kind: str
    value: int
    core: str = ""  # plain spelling as typed, "" for a blank
    text: str = ""


@dataclass(frozen=True)
class Tie:
    """A relation: ``linear`` Σ coefficient·cell = rhs, ``le`` the same with ≤, ``ratio`` of (num, den, rate).

    ``slack`` (hundredths) is what a sum between two units may be off by.
    """

    kind: str
    terms: list[tuple[int, int]]
    rhs: int = 0
    label: str = ""
    slack: int = 0

    def to_json(self, name: str, ids: list[str]) -> dict[str, object]:
        """The relation as the outside contract words it."""
        out: dict[str, object] = {"id": name, "label": self.label, "type": self.kind}
        if self.kind == "ratio":
            num, den, rate = (ids[i] for i, _ in self.terms)
            return out | {"num": num, "den": den, "rate": rate, "tol": "0.005", "soft": "0.011"}
        out |= {"terms": [[ids[i], c] for i, c in self.terms], "rhs": f"{self.rhs / 100:.2f}"}
        if self.slack:
            out |= {"tol": f"{self.slack / 100:.2f}"}
        elif self.kind == "linear":
            out |= {"tol": "0.005", "soft": "0.03" if len(self.terms) > 2 else "0.005"}
        return out


@dataclass
class Sheet:
    """A submission: cells, relations and the habits of its typist."""

    name: str
    cells: list[Cell] = field(default_factory=list)
    ties: list[Tie] = field(default_factory=list)
    fixed: bool = False  # two decimals always, else trailing zeros left out
    grouped: bool = False  # thousands separators
    blank: str = ""

    def add(  # noqa: PLR0917  # a figure and its place are named in one breath
        self, label: str, table: str, row: int | None, col: int | None, value: int, kind: str = "amount"
    ) -> int:
        """Add a cell; its index."""
        self.cells.append(Cell(f"c{len(self.cells)}", label, table, row, col, kind, value))
        return len(self.cells) - 1

    def linear(self, terms: list[tuple[int, int]], rhs: int = 0, label: str = "合计", slack: int = 0) -> None:
        """Tie cells by a sum."""
        self.ties.append(Tie("linear", terms, rhs, label, slack))

    def total(self, total: int, lines: list[int], label: str = "合计") -> None:
        """A total of lines."""
        self.linear([(total, 1), *((i, -1) for i in lines)], label=label)

    def same(self, a: int, b: int) -> None:
        """Two places that state one figure."""
        self.linear([(a, 1), (b, -1)], label="一致")

    def at_most(self, terms: list[tuple[int, int]], label: str = "其中") -> None:
        """Σ ≤ 0."""
        self.ties.append(Tie("le", terms, 0, label))

    def rate(  # noqa: PLR0917  # as above
        self, rng: random.Random, label: str, table: str, row: int, col: int, num: int, den: int
    ) -> int | None:
        """A rate cell with its relation; None where nothing stands below the line."""
        n, d = self.cells[num].value, self.cells[den].value
        if not d:
            return None
        value = (20000 * n // d + 1) // 2
        if rng.random() < TRUNCATED:
            value = 10000 * n // d
        cell = self.add(label, table, row, col, value, "percent")
        self.ties.append(Tie("ratio", [(num, 1), (den, 1), (cell, 1)], 0, label))
        return cell

    def spell(self, value: int, kind: str) -> str:
        """The plain spelling of a figure by this typist."""
        whole, part = divmod(abs(value), 100)
        sign = "-" if value < 0 else ""
        if kind == "count" or (not part and not self.fixed) or (kind != "amount" and not part):
            return f"{sign}{whole}"
        digits = f"{part:02d}"
        return f"{sign}{whole}.{digits if self.fixed else digits.rstrip('0')}"

    def dress(self, core: str, kind: str) -> str:
        """The text of a plain spelling: percent sign, thousands separators."""
        if kind == "percent":
            return core + "%"
        whole, point, part = core.partition(".")
        if self.grouped and kind == "amount" and whole.isdigit() and len(whole) > 3:
            return f"{int(whole):,}{point}{part}"
        return core

    def type_in(self, rng: random.Random) -> None:
        """Type every figure by the habits drawn for this submission; zeros may stay blank."""
        self.fixed, self.grouped = rng.random() < 0.4, rng.random() < 0.25
        self.blank = rng.choice(BLANKS)
        for cell in self.cells:
            if cell.value == 0 and cell.kind == "amount" and rng.random() < 0.8:
                cell.core, cell.text = "", self.blank if self.blank != "0" else "0"
                cell.core = "0" if cell.text == "0" else ""
            else:
                cell.core = self.spell(cell.value, cell.kind)
                cell.text = self.dress(cell.core, cell.kind)

    def problem(self, name: str) -> dict[str, object]:
        """The repair problem of the texts as they stand."""
        cells = [
            {
                "id": c.id,
                "label": c.label,
                "text": c.text,
                "table": c.table,
                "row": c.row,
                "col": c.col,
                "kind": c.kind,
                "unit": {"amount": "万元", "percent": "%"}.get(c.kind, ""),
                "decimals": 0 if c.kind == "count" else 2,
                "min": "0",
            }
            for c in self.cells
        ]
        ids = [c.id for c in self.cells]
        relations = [tie.to_json(f"r{k}", ids) for k, tie in enumerate(self.ties)]
        return {"id": name, "cells": cells, "relations": relations}


def money(rng: random.Random, low: float = 1, high: float = 3000) -> int:
    """An amount in hundredths, small ones as likely as large ones; some are round."""
    value = low * math.exp(math.log(high / low) * rng.random())
    kind = rng.random()
    if kind < 0.12:
        return max(1, round(value)) * 100
    if kind < 0.25:
        return max(1, round(value * 10)) * 10
    return max(1, round(value * 100))


def near(rng: random.Random, value: int, low: float = 0.6, high: float = 1.05) -> int:
    """A figure of the same line in another column."""
    if rng.random() < 0.2:
        return value
    return max(0, round(value * rng.uniform(low, high)))


def summed(rng: random.Random, values: list[int]) -> int:
    """A total, at times off by one through rounding."""
    total = sum(values)
    if sum(v != 0 for v in values) >= 2 and rng.random() < DRIFT:
        total += rng.choice((-1, 1))
    return max(0, total)


def mention(sheet: Sheet, rng: random.Random, cells: list[int], share: float) -> None:
    """Repeat some figures in running text."""
    n = sum(c.table == "正文" for c in sheet.cells)
    for i in cells:
        if sheet.cells[i].value and rng.random() < share:
            cell = sheet.cells[i]
            copy = sheet.add(f"正文 {cell.label}", "正文", n, 0, cell.value, cell.kind)
            sheet.same(copy, i)
            n += 1


def grid(  # noqa: PLR0917  # as above
    sheet: Sheet,
    rng: random.Random,
    table: str,
    top: int,
    labels: list[str],
    lines: list[list[int]],
    head: str,
) -> tuple[list[int], list[list[int]]]:
    """Lines with their total above, one figure a column; the cells of the total and of the lines."""
    width = len(lines[0])
    total = [
        sheet.add(head, table, top, k + 1, summed(rng, [line[k] for line in lines])) for k in range(width)
    ]
    cells = [
        [sheet.add(label, table, top + 1 + n, k + 1, value) for k, value in enumerate(line)]
        for n, (label, line) in enumerate(zip(labels, lines, strict=True))
    ]
    for k in range(width):
        sheet.total(total[k], [row[k] for row in cells], head)
    return total, cells


def scores(  # noqa: PLR0917  # as above
    sheet: Sheet, rng: random.Random, table: str, top: int, n: int, weight: int = 90
) -> tuple[int, int]:
    """Indicators with weight and score; the cells of the two sums."""
    cuts = sorted(rng.sample(range(1, 2 * weight), n - 1))
    weights = [50 * (b - a) for a, b in zip([0, *cuts], [*cuts, 2 * weight], strict=True)]
    w, s = [], []
    for k, points in enumerate(weights):
        got = points if rng.random() < 0.7 else max(0, points - 10 * rng.randint(1, 20))
        w.append(sheet.add(f"指标{k + 1} 分值", table, top + k, 1, points, "score"))
        s.append(sheet.add(f"指标{k + 1} 得分", table, top + k, 2, got, "score"))
        sheet.at_most([(s[-1], 1), (w[-1], -1)], "得分≤分值")
    sum_w = sheet.add("分值合计", table, top + n, 1, weight * 100, "score")
    sum_s = sheet.add("得分合计", table, top + n, 2, sum(sheet.cells[i].value for i in s), "score")
    sheet.total(sum_w, w, "分值合计")
    sheet.total(sum_s, s, "得分合计")
    return sum_w, sum_s
