"""Captions put right before they make a header: points headed 得分, empty levels, sources side by side, a second block."""

from __future__ import annotations

from gouji.form.label import parse_label
from gouji.form.lexicon import concept
from gouji.form.measured import Column, looks_like_figure
from gouji.pattern import compiled
from gouji.source.document import Cell, Grid

__all__ = [
    "AMOUNTS",
    "ANSWERS",
    "LEVELS",
    "LONGEST",
    "SOURCES",
    "YEAR_ANYWHERE",
    "across",
    "answers_told",
    "goals_as_names",
    "points_named_scores",
    "starting_over",
    "states_figure",
    "told_levels",
]

LEVELS = frozenset({"level1", "level2", "level3"})
ANSWERS = frozenset({"target", "target_adjusted", "actual", "weight", "score"})
AMOUNTS = frozenset({"opening", "adjusted", "budget", "adjustment", "executed"})
SOURCES = frozenset(
    {"fiscal", "central", "provincial", "local", "carried", "other", "government_fund", "special_account"}
)
LONGEST = 40
"""Characters that a caption has at most."""

YEAR_ANYWHERE = compiled(r"(20\d{2})年?度?")
# captions that mean so between the names of indicators and their points, and may mean something else elsewhere
_TARGET = compiled(r"(?:年初|年度|全年|预期|计划|设定|绩效|任务|本年)*(?:目标|计划|任务)(?:数|数量|要求)?")
_ACTUAL = compiled(
    r"(?:全年|年末|年终|年度|实际|本年|自评|目标|任务)*(?:实际|完成|实绩|达成)(?:数|数量|情况)?"
)
_GOALS = compiled(
    r"(?:年度|年初|绩效|主要|重点|工作|履职|考核|评价|评分|项目|具体)*(?:目标|任务|工作|内容|事项|要点)(?:内容|名称|事项|任务)?"
)
_FIGURE = compiled(r"(?!20\d\d$)[≥≤><=＞＜]?\d[\d,]*(?:\.\d+)?[%％]?")
_STROKES = frozenset({"", "/", "-", "—", "——", "－", "无"})


def points_named_scores(columns: dict[int, Column]) -> dict[int, Column]:
    """Captions 得分 behind each level, with the score itself in a further one: they state the points to be had."""
    levels = [c for c in columns.values() if c.role in LEVELS]
    scores = {c.col: c for c in columns.values() if c.role == "score"}
    behind = [scores[c.col + c.width] for c in levels if c.col + c.width in scores]
    if len(levels) < 2 or len(behind) < len(levels) or len(scores) == len(behind):
        return columns
    if any(c.role == "weight" for c in columns.values()):
        return columns
    return {col: Column("weight", col, c.width, c.label) if c in behind else c for col, c in columns.items()}


def answers_told(grid: Grid, last: int, columns: dict[int, Column]) -> dict[int, Column]:
    """The captions of an indicator header with those of target and result that are read so only there: 目标 | 实际."""
    roles = {c.role for c in columns.values()}
    found = dict(columns)
    for role, pattern in (("target", _TARGET), ("actual", _ACTUAL)):
        if role in roles:
            continue
        for col in range(min(columns) + 1, grid.n_cols):
            cell = grid.at(last, col)
            known = columns.get(col)
            if cell is None or cell.col != col or len(cell.text) > LONGEST:
                continue
            if known is None and any(c.col < col < c.col + c.width for c in columns.values()):
                continue
            label = parse_label(cell.text)
            if (known is None or known.role == "budget") and pattern.fullmatch(label.core):
                found[col] = Column(role, col, max(1, cell.cols), label)
                break
    return dict(sorted(found.items()))


def goals_as_names(grid: Grid, row: int, columns: dict[int, Column]) -> dict[int, Column]:
    """The captions of a scored list without levels, its goals taken for names: 绩效目标 | 完成情况 | 分值 | 得分."""
    roles = {c.role for c in columns.values()}
    if "score" not in roles or not roles & {"actual", "weight"} or roles & (LEVELS | AMOUNTS | {"rate"}):
        return columns
    first = min(col for col, c in columns.items() if c.role in ANSWERS)
    for col in range(first - 1, -1, -1):
        cell = grid.at(row, col)
        if cell is None or cell.col != col or not cell.text.strip():
            continue
        label = parse_label(cell.text)
        if len(cell.text) > LONGEST or not _GOALS.fullmatch(label.core) or not _names_below(grid, row, col):
            return columns
        return dict(sorted({**columns, col: Column("level3", col, max(1, cell.cols), label)}.items()))
    return columns


def told_levels(grid: Grid, last: int, columns: dict[int, Column]) -> dict[int, Column]:
    """The captions without the deepest level where nothing but strokes stands below it (四级指标 | / | /)."""
    deepest = [c for c in columns.values() if c.role == "level3"]
    if len(deepest) < 2:
        return columns
    below = [grid.text(row, deepest[-1].col).strip() for row in range(last + 1, min(grid.n_rows, last + 6))]
    if not any(below) or any(text not in _STROKES for text in below):
        return columns
    return {col: c for col, c in columns.items() if c is not deepest[-1]}


def across(grid: Grid, row: int, columns: dict[int, Column]) -> dict[int, Column]:
    """Sources side by side («中央 | 省 | 本级 | 其他 | 合计 | 执行数 | 执行率»): 合计 is the budget of the line."""
    if any(c.role in ("opening", "adjusted", "budget") for c in columns.values()):
        return columns
    found: dict[int, Column] = {}
    col = 0
    while col < grid.n_cols:
        cell = grid.at(row, col)
        width = max(1, cell.col + cell.cols - col) if cell is not None else 1
        if (
            cell is not None
            and col not in columns
            and isinstance(cell.value, str)
            and len(cell.text) <= LONGEST
        ):
            label = parse_label(cell.text)
            meaning = concept("fund_row", label.core)
            if meaning == "total":
                found[col] = Column("budget", col, width, label)
            elif meaning in SOURCES:
                found[col] = Column("source", col, width, label)
        col += width
    roles = [c.role for c in found.values()]
    if roles.count("budget") != 1 or roles.count("source") < 2:
        return columns
    return dict(sorted({**columns, **found}.items()))


def starting_over(grid: Grid, row: int, last: int, columns: dict[int, Column]) -> dict[int, Column]:
    """Captions of names that the lexicon need not know, where the amounts start over behind one of them.

    «收入构成 | 年初预算 | 调整后 | 支出构成 | 年初预算 | 执行数» are two blocks side by side: below 支出构成 stand names.
    """
    first_amount = min((col for col, c in columns.items() if c.role in AMOUNTS), default=0)
    named = [col for col, c in columns.items() if c.role == "item"]
    if any(col > first_amount for col in named):
        return columns
    found: dict[int, Column] = {}
    before: set[str] = set()
    repeated = False
    for col in range(min(columns), max(columns)):
        if col in columns:
            before.add(columns[col].role)
            continue
        cell = grid.at(row, col)
        if (
            cell is None
            or not cell.text.strip()
            or any(c.col <= col < c.col + c.width for c in columns.values())
        ):
            continue
        following = {c.role for at, c in columns.items() if at > col}
        if cell.col == col and before & following & AMOUNTS and _names_below(grid, last, col):
            found[col] = Column("item", col, max(1, cell.cols), parse_label(cell.text))
            repeated = True
    if named:
        return dict(sorted({**columns, **found}.items()))
    first = min(columns) - 1
    head = grid.at(row, first) if first >= 0 else None
    if not repeated or head is None or not _names_below(grid, last, first):
        return columns
    lead = Column("item", head.col, max(1, head.cols), parse_label(head.text))
    return dict(sorted({**columns, **found, head.col: lead}.items()))


def _names_below(grid: Grid, last: int, col: int) -> bool:
    """Whether words stand below a caption, each in a cell of its own, and no figure."""
    below = [grid.at(row, col) for row in range(last + 1, min(grid.n_rows, last + 4))]
    cells = [cell for cell in below if cell is not None and cell.text.strip()]
    return len({cell.row for cell in cells}) >= 2 and not any(states_figure(cell) for cell in cells)


def states_figure(cell: Cell) -> bool:
    """Whether a cell states a figure, so that its row is data («预算执行 | 预算执行率 | 10 | 100%») and no header."""
    if isinstance(cell.value, str | None):
        text = cell.text.strip()
        return _FIGURE.fullmatch(text) is not None or (text[:1].isdecimal() and looks_like_figure(cell))
    return YEAR_ANYWHERE.fullmatch(cell.text.strip()) is None
