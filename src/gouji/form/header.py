"""Finding the header rows of blocks in a grid by what their captions mean, wherever they stand."""

from __future__ import annotations

import itertools
import re
from functools import lru_cache

from gouji.form.captions import (
    AMOUNTS,
    ANSWERS,
    LEVELS,
    LONGEST,
    YEAR_ANYWHERE,
    across,
    answers_told,
    goals_as_names,
    points_named_scores,
    starting_over,
    states_figure,
    told_levels,
)
from gouji.form.label import Label, compact, parse_label
from gouji.form.lexicon import concept
from gouji.form.measured import Column, measured, told
from gouji.frozen import frozen, replace
from gouji.pattern import compiled
from gouji.source.document import Cell, Grid

__all__ = ["Column", "Header", "find_headers", "rows_of"]

MONEY = AMOUNTS | {"rate", "surplus", "source", "amount", "share"}

_RELATIVE = compiled(r"^(上年度?|去年|上一年度?|本年度?|当年|今年)(?=.)")
_BRACKET = compiled(r"\((?:[^()]|\([^()]*\))*\)")  # (c/(a+b)) too
_BRACKET_SAYS = (("调整后", "adjusted"), ("含追加", "adjusted"), ("年初", "opening"))  # 预算数（调整后）
# how a caption of amounts ends that the lexicon need not know (全年可执行预算数)
_AMOUNT = compiled(
    r"^.{0,6}(?:预算|执行|支出|列支|支付|决算|调整|结余).{0,4}(?:(?<![人次户件])数|金额|数额)$"
)
_VALUE = compiled(
    r"(?:数|数值|值|内容|指标值|目标值|完成值|文字表述)"
)  # below 年度指标值, between 符号 and 单位
_TALLEST = 3


@frozen
class Header:
    """A header of one or two rows; ``kind`` is indicator or money.

    ``left`` is the first column that may belong to its block: another block may stand to its left.
    """

    kind: str
    row: int
    last_row: int
    columns: tuple[Column, ...]
    left: int = 0

    def by_role(self, role: str) -> Column | None:
        """The column with this role."""
        for column in self.columns:
            if column.role == role:
                return column
        return None

    @property
    def first_col(self) -> int:
        """The column of the first caption."""
        return min(column.col for column in self.columns)

    @property
    def last_col(self) -> int:
        """The last column that a caption covers."""
        return max(column.col + column.width for column in self.columns) - 1

    def beside(self, other: Header) -> bool:
        """Whether the captions of two headers stand in different columns, so that the blocks lie side by side."""
        return self.last_col < other.first_col or other.last_col < self.first_col

    @property
    def roles(self) -> frozenset[str]:
        """All roles named."""
        return frozenset(column.role for column in self.columns)


def rows_of(grid: Grid) -> list[list[Cell]]:
    """The stored cells of each row (merge anchors at their first row), left to right."""
    rows: list[list[Cell]] = [[] for _ in range(grid.n_rows)]
    for (row, _), cell in grid.cells.items():
        if cell.text:
            rows[row].append(cell)
    for cells in rows:
        if len(cells) > 1:
            cells.sort(key=lambda cell: cell.col)
    return rows


@lru_cache(maxsize=4096)
def _role(text: str) -> tuple[str, Label, int | None, int | None] | None:
    """Role, label, absolute and relative year of a caption."""
    label = parse_label(text)
    core = label.core
    if not core or len(core) > 24:
        return None
    plain = _BRACKET.sub("", core)
    found = (concept("column", plain) if plain and plain != core else None) or concept("column", core)
    if found == "budget" and plain != core:
        found = next((role for word, role in _BRACKET_SAYS if word in core), found)
    if found:
        return found, label, label.year, None
    relative = _RELATIVE.match(core)
    if relative:
        found = concept("column", core[relative.end() :])
        if found:
            return found, label, None, -1 if relative[1][0] in "上去" else 0
    year = YEAR_ANYWHERE.search(core)
    if year:
        found = concept("column", core[: year.start()] + core[year.end() :])
        if found:
            return found, label, int(year[1]), None
    if _AMOUNT.search(plain) and not concept("fund_row", plain) and not concept("record", plain):
        role = told(plain)
        if role:
            return role, label, label.year, None
    return None


def _columns(grid: Grid, row: int) -> dict[int, Column]:
    """Captions that cover a row (merged ones from above included), by first column."""
    found: dict[int, Column] = {}
    col = 0
    while col < grid.n_cols:
        cell = grid.at(row, col)
        width = 1
        if cell is not None:
            width = max(1, cell.col + cell.cols - col)
            if (
                cell.text
                and isinstance(cell.value, str | None)
                and cell.rows <= _TALLEST
                and len(cell.text) <= LONGEST
            ):
                role = _role(cell.text)
                if role:
                    found[col] = Column(role[0], col, width, role[1], role[2], role[3])
        col += width
    return found


def _below(grid: Grid, row: int, top: dict[int, Column]) -> dict[int, Column] | None:
    """Captions completed by the next row (预算 over 调整数, 指标值 over 符号 数值 单位); None if it is no header row.

    Below a wide caption any short words are sub-captions; elsewhere a word that means nothing here shows that
    the next row is data.
    """
    if row + 1 >= grid.n_rows:
        return None
    merged: dict[int, Column] = {}
    loose = 0
    for col in range(grid.n_cols):
        upper, lower = grid.at(row, col), grid.at(row + 1, col)
        if lower is None or not lower.text or lower is upper or lower.col != col:
            continue
        if not isinstance(lower.value, str | None) or len(lower.text) > 12 or re.search(r"\d", lower.text):
            return None
        over = upper.text if upper is not None and len(upper.text) <= LONGEST else ""
        above = _role(over) if over else None
        role = _role(lower.text)
        joined = _role(compact(over) + compact(lower.text)) if over else None
        if role is None and joined is not None and (above is None or joined[0] != above[0]):
            role = joined
        if above is not None and above[0] in LEVELS and role is not None and role[0] == "level3":
            role = above  # 一级指标 over 指标 and 权重
        part = _part(parse_label(lower.text).core)
        if above is not None and above[0] in AMOUNTS and part is not None:
            merged[col] = Column(above[0], col, lower.cols, above[1], above[2], above[3], part)
        elif role:
            merged[col] = Column(role[0], col, lower.cols, role[1], role[2], role[3])
        elif upper is not None and upper.cols > max(1, lower.cols):
            if above is not None and above[0] in ANSWERS and _VALUE.fullmatch(compact(lower.text)):
                merged[col] = Column(above[0], col, lower.cols, above[1], above[2], above[3])
            loose += 1
        else:
            return None
    if not merged and loose < 2:
        return None
    covered = {c for column in merged.values() for c in range(column.col, column.col + column.width)}
    kept = {
        col: column
        for col, column in top.items()
        if not any(c in covered for c in range(col, col + column.width))
    }
    return dict(sorted({**merged, **kept}.items()))


def _without_side_head(grid: Grid, row: int, last: int, columns: dict[int, Column]) -> dict[int, Column]:
    """The captions less a first one that reaches down beside the figures: 预算执行 names the block, not a column."""
    first = min(columns)
    cell = grid.at(row, first)
    rest = {col: column for col, column in columns.items() if col != first}
    reaches = cell is not None and cell.row + cell.rows - 1 > last and columns[first].role in AMOUNTS
    return rest if reaches and _kind(rest) == "money" else columns


def _part(core: str) -> str | None:
    """The source that a caption below 预算数 or 执行数 names; 小计 there is the whole."""
    return "total" if core == "小计" else concept("fund_row", core)


def _deep(grid: Grid, row: int, columns: dict[int, Column]) -> bool:
    """Whether most captions reach down into the next row."""
    down = sum(1 for col in columns if grid.at(row, col) is grid.at(row + 1, col))
    return len(columns) > 2 and down * 5 >= len(columns) * 3


def _kind(columns: dict[int, Column]) -> str | None:
    roles = [column.role for column in columns.values()]
    names = set(roles)
    answers = names & ANSWERS
    if names & LEVELS and answers and len(names & (LEVELS | ANSWERS | {"reason", "unit", "sign"})) >= 3:
        return "indicator"
    amounts = sum(role in AMOUNTS for role in roles)
    if amounts >= 2 or (amounts >= 1 and "rate" in names):
        return "money"
    return None


def _single(columns: dict[int, Column], kind: str) -> tuple[Column, ...]:
    """One column a role in an indicator header; all columns in a money header."""
    ordered = list(columns.values())
    if kind == "money":
        return tuple(ordered)
    kept: dict[str, Column] = {}
    first_answer = min((c.col for c in ordered if c.role in ANSWERS), default=0)
    for column in ordered:
        if column.role in LEVELS and column.col > first_answer and column.role in kept:
            continue
        if column.role == "level3" or column.role not in kept:
            kept[column.role] = column
    deepest = max((c.col for c in kept.values() if c.role in LEVELS), default=0)
    own = [c for c in ordered if c.role == "weight" and c.col > deepest]
    if own and "weight" in kept and kept["weight"].col < deepest:
        kept["weight"] = own[0]  # 一级指标 | 分值 | 二级指标 | 分值 | 三级指标 | 分值: that of the indicator
    for level, points in (("level1", "weight1"), ("level2", "weight2")):
        group = kept.get(level)
        beside = next((c for c in ordered if group and c.col == group.col + group.width), None)
        if group and group.col < deepest and beside is not None and beside.role == "weight":
            if beside is not kept.get("weight"):
                kept[points] = Column(points, beside.col, beside.width, beside.label)
    return tuple(sorted(kept.values(), key=lambda c: c.col))


def _completed(grid: Grid, header: Header) -> Header:
    """Give captions back that an export lost.

    Three or two filled columns without caption before the weights are 三级指标, 年度指标值, 实际完成值 in the
    official order.
    """
    roles = header.roles
    if header.kind != "indicator" or "target" in roles or "actual" in roles or "level2" not in roles:
        return header
    levels = [c for c in header.columns if c.role in LEVELS]
    answers = [c for c in header.columns if c.role in ("weight", "score")]
    if not answers:
        return header
    last = levels[-1]
    stop = answers[0].col
    free = [
        col
        for col in range(last.col + 1, stop)
        if not _captioned(grid, header, col)
        and any(
            grid.text(row, col).strip()
            for row in range(header.last_row + 1, min(grid.n_rows, header.last_row + 8))
        )
    ]
    order = {3: ("level3", "target", "actual"), 2: ("target", "actual")}.get(len(free))
    if order is None or (len(free) == 2) != ("level3" in roles):
        return header
    spoken = {"level3": "三级指标", "target": "年度指标值", "actual": "实际完成值"}
    added = tuple(
        Column(role, col, 1, parse_label(spoken[role])) for role, col in zip(order, free, strict=True)
    )
    kept = tuple(
        Column(c.role, c.col, 1, c.label, c.year, c.relative) if c is last else c for c in header.columns
    )
    columns = tuple(sorted(kept + added, key=lambda c: c.col))
    return Header(header.kind, header.row, header.last_row, columns)


def _split(columns: dict[int, Column], kind: str) -> list[dict[int, Column]]:
    """Blocks side by side under one header row: the captions start over.

    A first block may have no caption over its names; and what stands beside a block may be no block (项目名称 with its answer).
    """
    lead = next((c.role for c in columns.values() if c.role in LEVELS | {"item"}), None)
    starts = [col for col, c in columns.items() if c.role == lead]
    if lead is None:
        return [columns]
    before = {col: c for col, c in columns.items() if col < starts[0]}
    if kind == "money" and _kind(before) == kind:
        starts.insert(0, min(before))
    if len(starts) < 2:
        return [columns]
    bounds = [*starts, max(columns) + 1]
    parts = [
        {
            col: c
            for col, c in columns.items()
            if start <= col < stop or (col < starts[0] and start == starts[0])
        }
        for start, stop in itertools.pairwise(bounds)
    ]
    whole = [part for part in parts if _kind(part) == kind]
    if len(whole) == len(parts):
        return parts
    if kind == "money" and whole == parts[:1] and all(_only_amounts(part) for part in parts[1:]):
        return whole  # 收入情况 with its columns, beside it 支出情况 | 决算: no block, and no column of the first
    if len(whole) == 1 and parts.index(whole[0]) == len(parts) - 1:
        last = parts[-2][max(parts[-2])]
        if last.col + last.width < min(whole[0]):  # blank paper between an answer's label and the block
            return whole
    return [columns]


def _only_amounts(columns: dict[int, Column]) -> bool:
    """Whether captions are names and the amounts beside them, too few for a block of their own."""
    roles = [c.role for c in columns.values()]
    return roles.count("item") == 1 and set(roles) - {"item"} <= AMOUNTS and len(roles) > 1


def _captioned(grid: Grid, header: Header, col: int) -> bool:
    """Whether a column has words of its own in the header (those of a caption to its left do not count)."""
    cell = grid.at(header.last_row, col)
    return (
        cell is not None
        and bool(cell.text.strip())
        and not any(c.col <= col < c.col + c.width for c in header.columns)
    )


def _answer(cells: list[Cell], place: int) -> bool:
    """Whether a figure answers the label to its left (联系电话 | 0000000), so that it is no amount."""
    return place > 0 and concept("info", parse_label(cells[place - 1].text).core) is not None


def _elsewhere(figure: Cell, hits: list[Cell], headers: list[Header]) -> bool:
    """Whether a figure belongs to a block (with its 序号) that began further up and lies beside the captions of this row."""
    return any(
        header.first_col - 1 <= figure.col <= header.last_col
        and not any(header.first_col - 1 <= hit.col <= header.last_col for hit in hits)
        and _open(header, headers)
        for header in headers
    )


def _open(header: Header, headers: list[Header]) -> bool:
    """Whether no other block has followed below the block of this header."""
    return all(later.beside(header) for later in headers[headers.index(header) + 1 :])


def find_headers(grid: Grid, rows: list[list[Cell]]) -> list[Header]:
    """All header rows of a grid, top to bottom."""
    headers: list[Header] = []
    skip = -1
    for row, cells in enumerate(rows):
        if row <= skip or len(cells) < 2:
            continue
        hits = [
            cell
            for cell in cells
            if len(cell.text) <= LONGEST
            and isinstance(cell.value, str | None)
            and _role(cell.text) is not None
        ]
        if len(hits) < 2 or any(
            states_figure(cell) and not _elsewhere(cell, hits, headers) and not _answer(cells, place)
            for place, cell in enumerate(cells)
        ):
            continue
        columns = _columns(grid, row)
        last = row
        two = _below(grid, row, columns)
        if two is not None and _kind(two) and len(two) >= len(columns):
            columns, last = two, row + 1
        elif _deep(grid, row, columns):
            last = row + 1
        if _kind(columns) is None and columns:
            columns = goals_as_names(grid, last, columns)
            if len({c.role for c in columns.values()} & LEVELS) > 1:
                columns = answers_told(grid, last, columns)
        kind = _kind(columns)
        if kind is None:
            continue
        if kind == "indicator":
            columns = points_named_scores(told_levels(grid, last, answers_told(grid, last, columns)))
        if kind == "money":
            columns = {
                col: replace(c, role="rate") if c.role == "completion" else c for col, c in columns.items()
            }
            right = [h.first_col for h in headers if h.first_col > max(columns) and _open(h, headers)]
            columns = _without_side_head(grid, row, last, columns)
            columns = starting_over(grid, row, last, across(grid, row, columns))
            columns = measured(grid, last, columns, min([grid.n_cols, *right]))
        headers += [
            _completed(grid, Header(kind, row, last, _single(part, kind))) for part in _split(columns, kind)
        ]
        skip = last
    return headers
