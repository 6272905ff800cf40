"""What happens to a form between the bureau and the reviewer: rows, columns and labels shifted, split, merged, retyped.

Each change takes an example and gives another drawing of the same content. Merge marks are kept right.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from tests.forms.example import Rows, drawn_from
from tests.rules.grids import anchors_of, cells_of

__all__ = [
    "Raw",
    "blank_column",
    "blank_rows_inside",
    "each_grid",
    "in_yuan",
    "labels_repeated",
    "labels_spaced",
    "labels_split",
    "moved",
    "on_one_sheet",
    "sheets_renamed",
    "sign_value_unit",
    "split_over_pages",
    "table_of_indicators",
    "weight_first",
]

Raw = dict[str, Any]

_FIGURE = re.compile(r"(?P<sign>[≥≤＞＜=]?)(?P<value>\d+(?:\.\d+)?)(?P<unit>.*)")


def each_grid(raw: Raw, change: Callable[[Rows], Rows]) -> Raw:
    """The example with every grid changed."""
    return {**raw, "grids": {name: drawn_from(change(even(cells_of(g)))) for name, g in raw["grids"].items()}}


def even(rows: Rows) -> Rows:
    """Rows of equal length."""
    width = max(map(len, rows))
    return [row + [""] * (width - len(row)) for row in rows]


def table_of_indicators(rows: Rows) -> tuple[int, int] | None:
    """First row (the header) and the row after the last indicator; None where the grid has none."""
    for number, row in enumerate(rows):
        if "一级指标" in row:
            stop = next(
                (
                    at
                    for at, later in enumerate(rows[number:], number)
                    if later[0][:2] in ("总分", "偏差", "改进")
                ),
                len(rows),
            )
            return number, stop
    return None


def moved(rows: Rows, *, down: int = 3, right: int = 2) -> Rows:
    """The whole table further down and to the right."""
    width = len(rows[0]) + right
    return [[""] * width for _ in range(down)] + [[""] * right + row for row in rows]


def blank_column(rows: Rows, at: int) -> Rows:
    """A blank column in front of column ``at``; merged cells that reach over it grow."""
    anchors = anchors_of(rows)
    made = []
    for number, row in enumerate(rows):
        inside = 0 < at < len(row) and anchors[number, at - 1] == anchors[number, at]
        made.append([*row[:at], "<" if inside else "", *row[at:]])
    return made


def blank_row(rows: Rows, at: int) -> Rows:
    """A blank row in front of row ``at``; merged cells that reach over it grow."""
    anchors = anchors_of(rows)
    new = []
    for col in range(len(rows[0])):
        inside = 0 < at < len(rows) and anchors[at - 1, col] == anchors[at, col]
        beside = inside and col and anchors[at, col - 1] == anchors[at, col]
        new.append("<" if beside else "^" if inside else "")
    return [*rows[:at], new, *rows[at:]]


def blank_rows_inside(rows: Rows) -> Rows:
    """A blank row in front of the table's third and sixth last rows: among the indicators, among the lines of money."""
    for back in (3, 6):
        if len(rows) > back + 3:
            rows = blank_row(rows, len(rows) - back)
    return rows


def labels_split(rows: Rows) -> Rows:
    """Every merged cell taken apart: its text stays in its first cell, the others are blank."""
    return [["" if text in ("<", "^") else text for text in row] for row in rows]


def labels_repeated(rows: Rows) -> Rows:
    """The group labels of the indicators typed again in every row, in place of one merged cell."""
    table = table_of_indicators(rows)
    if table is None:
        return rows
    anchors = anchors_of(rows)
    header = rows[table[0]]
    columns = [col for col, text in enumerate(header) if text in ("一级指标", "二级指标")]
    made = [list(row) for row in rows]
    for number in range(table[0] + 1, table[1]):
        for col in columns:
            if made[number][col] == "^":
                row, column = anchors[number, col]
                made[number][col] = rows[row][column]
    return made


def labels_spaced(rows: Rows) -> Rows:
    """White space and line breaks inside the captions and labels, as typists justify them."""
    made = []
    for row in rows:
        new = []
        for text in row:
            if not re.fullmatch(r"[\u4e00-\u9fff]{4,8}", text):
                new.append(text)
            elif len(new) % 2:
                new.append(f"{text[:2]}\\n{text[2:]}")
            else:
                new.append(f"{text[0]}　{text[1:3]} {text[3:]}")
        made.append(new)
    return made


def sheets_renamed(raw: Raw) -> Raw:
    """Sheets called by their numbers only."""
    return {**raw, "grids": {f"Sheet{n}": grid for n, grid in enumerate(raw["grids"].values(), 1)}}


def on_one_sheet(raw: Raw) -> Raw:
    """All tables below each other on one sheet."""
    grids = [even(cells_of(grid)) for grid in raw["grids"].values()]
    width = max(len(rows[0]) for rows in grids)
    made: Rows = []
    for rows in grids:
        made += [[""] * width, [""] * width, *[row + [""] * (width - len(row)) for row in rows]]
    return {**raw, "grids": {"Sheet1": drawn_from(made)}}


def split_over_pages(raw: Raw, *, header: bool, repeat: bool = False) -> Raw:
    """The indicator table over two pages of a Word file: a second table, with or without its header.

    Args:
        raw: The example.
        header: Whether the header row is repeated on the second page.
        repeat: Whether group cells that reach over the break are typed again there.
    """
    grids: dict[str, str] = {}
    for name, grid in raw["grids"].items():
        rows = even(cells_of(grid))
        table = table_of_indicators(rows)
        if table is None:
            grids[name] = grid
            continue
        middle = (table[0] + table[1]) // 2 + 1
        anchors = anchors_of(rows)
        after = [list(row) for row in rows[middle:]]
        for col, text in enumerate(after[0]):
            if text == "^":
                row, column = anchors[middle, col]
                own = rows[row][column]
                after[0][col] = own if repeat or (header and row == table[0]) else ""
        if header:
            top = [own if own != "^" else "" for own in rows[table[0]]]
            after = [top, *after]
            if rows[table[0]][0] not in ("", "^"):
                after[1][0] = "^"
        grids[name] = drawn_from(rows[:middle])
        grids[f"{name}（续）"] = drawn_from(after)
    return {**raw, "grids": grids, "kind": "text"}


def weight_first(rows: Rows) -> Rows:
    """分值 and 得分 in front of 年度指标值 and 实际完成值, in the table of indicators only."""
    table = table_of_indicators(rows)
    if table is None or "分值" not in rows[table[0]]:
        return rows
    header = rows[table[0]]
    first, weight = header.index("年度指标值"), header.index("分值")
    made = [list(row) for row in rows]
    for number in range(table[0], len(rows)):
        row = rows[number]
        values, points = row[first:weight], row[weight : weight + 2]
        values = ["" if text == "<" else text for text in values]
        made[number] = [*row[:first], *points, *values, *row[weight + 2 :]]
    return made


def sign_value_unit(rows: Rows, *, captions: tuple[str, str, str]) -> Rows:
    """The target in three columns: sign, value, unit; a caption of «<» is merged with the one before."""
    table = table_of_indicators(rows)
    if table is None:
        return rows
    header = rows[table[0]]
    at = next(col for col, text in enumerate(header) if text in ("年度指标值", "年初目标值"))
    wide = blank_column(blank_column(rows, at + 1), at + 1)
    wide[table[0]][at : at + 3] = list(captions)
    for number in range(table[0] + 1, table[1]):
        found = _FIGURE.fullmatch(wide[number][at])
        if found and not re.search(r"[月日年]", found["unit"]):
            wide[number][at : at + 3] = [found["sign"] or "=", found["value"], found["unit"]]
        else:
            wide[number][at : at + 3] = ["", wide[number][at], ""]
    return wide


def in_yuan(rows: Rows) -> Rows:
    """Every money block in 元: captions say so, amounts are ten thousand times as large."""
    made = [list(row) for row in rows]
    captions: list[int] = []
    for number, row in enumerate(rows):
        money = [c for c, text in enumerate(row) if re.search(r"预算数|执行数|决算数|调整数", text)]
        if money:
            captions = money
        elif "一级指标" in row or "编制数" in row or "批复规模" in "".join(row):
            captions = []
        elif captions:
            for col in captions:
                if re.fullmatch(r"[\d,]+(?:\.\d+)?", row[col]):
                    amount = Decimal(row[col].replace(",", "")) * 10000
                    made[number][col] = format(amount.normalize(), "f")
        if money:
            made[number] = [text.replace("万元", "元") for text in made[number]]
    return made
