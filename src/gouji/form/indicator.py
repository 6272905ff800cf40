"""The indicator block: 一级/二级/三级指标, target, actual, weight, score, reason.

Handles weight before or after the value, sign, value and unit in columns of their own, a caption over
several columns, levels merged or left blank below their first row, a header repeated on the next page, totals
and subtotals.
"""

from __future__ import annotations

from decimal import Decimal

from gouji.form.answers import Answers
from gouji.form.facts import Group, IndicatorRow, IndicatorTable, Slot, TotalRow
from gouji.form.header import Column, Header
from gouji.form.headings import with_headings, with_points
from gouji.form.label import Label, compact, parse_label
from gouji.form.lexicon import concept
from gouji.form.slots import make_slot
from gouji.frozen import fresh, frozen, mutable
from gouji.number import read_number
from gouji.pattern import compiled
from gouji.source.document import Cell, Grid

__all__ = ["PARENT", "Segment", "build_indicators", "level_concept"]

_HINTS = (
    ("满意", "satisfaction"),
    ("执行率", "execution"),
    ("产出", "output"),
    ("效益", "benefit"),
    ("效果", "benefit"),
    ("成本", "cost"),
    ("管理", "management"),
    ("决策", "management"),
    ("过程", "management"),
)
# the first level that a second level belongs to
PARENT = {
    "quantity": "output",
    "quality": "output",
    "timeliness": "output",
    "economic_cost": "cost",
    "social_cost": "cost",
    "ecological_cost": "cost",
    "economic_benefit": "benefit",
    "social_benefit": "benefit",
    "ecological_benefit": "benefit",
    "sustainable": "benefit",
}
# a goal that ends in its figure, in a list without a column of targets: 改造小区≥12个, 群众满意度90%以上
_GOAL_AT_END = compiled(
    r"(?:[≥≤=]|>=|<=|不低于|不少于|不超过|不高于)\d[\d,.]*(?:%|‰|[^\d\W]{0,4})$|\d[\d,.]*(?:%|[^\d\W]{0,3}?)(?:以上|以下|以内)?$"
)
_POINTS = compiled(r"\(\d{1,2}(?:\.\d)?分\)$")
_STOPS = frozenset({"note", "conclusion", "signature", "goal", "unit_name", "project_name", "department"})
_MOST_STRAY_ROWS = 3


def level_concept(text: str) -> str | None:
    """What the name of an indicator group means (output, benefit, quantity …)."""
    core = parse_label(text).core
    found = concept("level", core)
    if found or not core:
        return found
    for word, name in _HINTS:
        if word in core and len(core) <= 14:
            return name
    return None


@mutable
class _Level:
    """A group cell carried down over the blank cells below it."""

    text: str = ""
    cell: Cell | None = None
    row: int = -1


@mutable
class _State:
    rows: list[IndicatorRow] = fresh(factory=list)
    totals: list[TotalRow] = fresh(factory=list)
    groups: dict[tuple[int, int], tuple[Label, str | None, int, Slot, list[IndicatorRow], Slot | None]] = (
        fresh(factory=dict)
    )
    last_row: int = 0
    first_reserved: Slot | None = None
    ended: bool = False
    closing: bool = False


class _Builder(Answers):
    """Builds one table from its header; private to this module."""

    def __init__(self, document: str, grid: Grid, rows: list[list[Cell]], header: Header) -> None:
        super().__init__(document, grid, header)
        self.rows = rows
        self.levels = [self.by_role[name] for name in ("level1", "level2", "level3") if name in self.by_role]
        self.state = _State(last_row=header.last_row)
        self.l1 = _Level()
        self.l2 = _Level()

    def carry(self, level: _Level, column: Column | None, row: int, *, fresh: bool) -> bool:
        """Take a level cell over from above where this row leaves it blank; True when a new group starts."""
        if column is None:
            return False
        cell = self.grid.at(row, column.col)
        if cell is None or not cell.text.strip():
            if fresh and level.text:
                level.text, level.cell, level.row = "", cell, row
                return True
            return False
        if cell is level.cell:
            return False
        same = compact(cell.text) == compact(level.text) and level.text != "" and not fresh
        level.text, level.cell = cell.text.strip(), cell
        if same:
            return False
        level.row = row
        return True

    def first_core(self, row: int) -> str:
        for cell in self.rows[row]:
            core = parse_label(cell.text).core
            if core:
                return core
        return ""

    def total(self, row: int) -> bool:
        """Take a total row in; False where this row is none."""
        limit = min((c.col for c in self.header.columns if c.role in ("weight", "score")), default=0)
        for cell in self.rows[row]:
            if cell.col >= max(limit, 1) or len(cell.text) > 16:
                continue
            label = parse_label(cell.text)
            meaning = concept("total_row", label.core)
            if meaning is None:
                continue
            texts = [c for c in self.rows[row] if c is not cell]
            weight = self.slot("weight", row, f"{label.core}/分值")
            score = self.slot("score", row, f"{label.core}/得分")
            remark = self.slot("reason", row, f"{label.core}/备注")
            if weight is not None and weight.cell is cell:
                weight = None
            if score is not None and score.cell is cell:
                score = None
            aligned = any(s is not None and s.value is not None for s in (weight, score))
            if not aligned and texts:
                figures = [make_slot(self.document, self.grid, row, c.col, label.core) for c in texts]
                figures = [f for f in figures if f.value is not None]
                if len(figures) >= 2 and weight is not None:
                    weight, score = figures[0], figures[1]
                elif len(figures) == 1:
                    score = figures[0]
            self.state.totals.append(TotalRow(row, label.core, meaning == "subtotal", weight, score, remark))
            return True
        return False

    def indicator(self, row: int) -> bool:
        """Take an indicator row in; False where this row is none."""
        new1 = self.carry(self.l1, self.by_role.get("level1"), row, fresh=False)
        self.carry(self.l2, self.by_role.get("level2"), row, fresh=new1)
        name_cell, name_col = None, self.levels[-1].col
        for column in reversed(self.levels):
            cell = self.grid.at(row, column.col)
            if cell is not None and cell.text.strip():
                name_cell, name_col = cell, column.col
                break
        name = name_cell.text.strip() if name_cell is not None else ""
        label = "/".join(p for p in (parse_label(self.l2.text).core, parse_label(name).core) if p)
        if self.l2.text and compact(self.l2.text) == compact(name):
            label = parse_label(name).core
        weight = self.slot("weight", row, f"{label}/分值")
        score = self.slot("score", row, f"{label}/得分")
        planned: Slot | None = None
        target_role = "target"
        adjusted = self.slot("target_adjusted", row, f"{label}/调整后指标值")
        target = self.slot("target", row, f"{label}/年度指标值")
        if adjusted is not None and (not adjusted.is_empty or target is None):
            planned, target, target_role = target, adjusted, "target_adjusted"
        actual = self.slot("actual", row, f"{label}/实际完成值")
        reason = self.slot("reason", row, f"{label}/原因")
        readings = self.value(target_role, row, target), self.value("actual", row, actual)
        if target is None and actual is None:
            target, actual, readings = self.explained(row, label)
        own = [s for s in (target, actual, weight, score) if s is not None and not s.is_blank]
        if target is None and actual is not None and len(self.levels) == 1:
            said = _GOAL_AT_END.search(compact(name))
            if said is not None and name_cell is not None:
                target = make_slot(self.document, self.grid, row, name_col, f"{label}/年度指标值")
                readings = read_number(said[0]), readings[1]
        if not own and not (
            name
            and self.levels[-1].role == "level3"
            and name_cell is not None
            and name_col == self.levels[-1].col
        ):
            return False
        if self.same_cell_everywhere(row) or any(s.cell is name_cell for s in own):
            return False
        index = len(self.state.rows)
        made = IndicatorRow(
            index,
            row,
            self.l1.text,
            self.l2.text,
            name,
            level_concept(self.l1.text) or PARENT.get(level_concept(self.l2.text) or ""),
            level_concept(self.l2.text),
            target,
            actual,
            weight,
            score,
            reason,
            self.slot("rate", row, f"{label}/执行率"),
            self.slot("deduction", row, f"{label}/扣分"),
            make_slot(self.document, self.grid, row, name_col, label),
            *readings,
            planned,
            self.slot("completion", row, f"{label}/完成率")
            or self.slot("coefficient", row, f"{label}/得分系数"),
            self.points(name) if weight is None else None,
            self.slot("deviation", row, f"{label}/偏差率"),
        )
        self.state.rows.append(made)
        for number, level in ((1, self.l1), (2, self.l2)):
            if level.text and level.cell is not None:
                key = (number, level.row)
                if key not in self.state.groups:
                    parsed = parse_label(level.text)
                    slot = make_slot(self.document, self.grid, level.cell.row, level.cell.col, parsed.core)
                    weight = self.slot(f"weight{number}", row, f"{parsed.core}/分值")
                    self.state.groups[key] = (parsed, level_concept(level.text), number, slot, [], weight)
                self.state.groups[key][4].append(made)
        return True

    @staticmethod
    def points(name: str) -> Decimal | None:
        """The points in brackets behind a name: 新建站点（10分）."""
        return parse_label(name).points if _POINTS.search(compact(name)) else None

    def reserved(self, row: int) -> bool:
        """Whether a row is kept for an indicator of a known group that nobody has filled in yet."""
        if len(self.levels) == 1:
            return False
        group = self.grid.text(row, self.levels[-2].col)
        answers = [column for column in self.header.columns if column not in self.levels]
        if level_concept(group) is None or any(self.grid.text(row, c.col).strip() for c in answers):
            return False
        if self.state.first_reserved is None:
            label = parse_label(group).core
            slot = make_slot(self.document, self.grid, row, self.levels[-1].col, label)
            self.state.first_reserved = slot
        return True

    def run(self, first: int, stop: int) -> None:
        """Read data rows from ``first`` up to ``stop`` (exclusive)."""
        stray = 0
        for row in range(first, stop):
            if self.state.ended:
                return
            cells = self.rows[row]
            if not cells and not any(self.grid.at(row, c.col) for c in self.header.columns):
                stray += 1
                if stray > _MOST_STRAY_ROWS:
                    self.state.ended = True
                continue
            if self.total(row):
                self.state.last_row, stray = row, 0
                continue
            if self.state.closing:
                continue
            meaning = concept("info", self.first_core(row)) if cells else None
            if meaning in _STOPS and not self.weighted(row):
                # 其他需要说明事项 may stand between the indicators and 总分
                self.state.closing = True
                continue
            if self.indicator(row) or self.reserved(row):
                self.state.last_row, stray = row, 0
            else:
                stray += 1
                if stray > _MOST_STRAY_ROWS:
                    self.state.ended = True

    def repeats(self, segment: Segment) -> bool:
        """Whether a header is this table's own, printed again on the next page."""
        if self.state.totals or self.state.ended or self.state.closing or segment.header is None:
            return False
        if segment.grid is self.grid:
            between = range(self.state.last_row + 1, segment.header.row)
            if len(between) > 1 or any(
                self.rows[row] and "续" not in self.rows[row][0].text for row in between
            ):
                return False  # a heading of its own: the next goal
        own = [(c.role, c.col) for c in self.header.columns]
        return own == [(c.role, c.col) for c in segment.header.columns]

    def may_continue(self, segment: Segment) -> bool:
        """Whether a table without header goes on with this one's indicators."""
        if self.state.totals or self.state.ended or self.state.closing or segment.grid is self.grid:
            return False
        if segment.grid.n_cols != self.grid.n_cols or not self.state.rows:
            return False
        before, self.grid, self.rows = (self.grid, self.rows), segment.grid, segment.rows
        filled = self.weighted(segment.first) or any(
            level_concept(segment.grid.text(segment.first, column.col)) for column in self.levels[:2]
        )
        self.grid, self.rows = before
        return filled

    def move(self, segment: Segment) -> None:
        """Go on in another stretch of rows, perhaps of another grid."""
        self.grid, self.rows = segment.grid, segment.rows


@frozen
class Segment:
    """A stretch of rows (``first`` up to ``stop``, exclusive) under ``header``; None where it may continue another."""

    grid: Grid
    rows: list[list[Cell]]
    header: Header | None
    first: int
    stop: int


def build_indicators(
    document: str, segments: list[Segment]
) -> tuple[tuple[IndicatorTable, ...], tuple[Slot, ...]]:
    """Build the tables from their segments, in reading order.

    A header that repeats the one before it (same captions, no total in between) continues the same table, be
    it further down or in the next table of a text; so does a table without header whose first row looks like
    an indicator of the open one.

    Args:
        document: Path of the document, for places.
        segments: Stretches of rows, in reading order.

    Returns:
        The tables, and where the rows begin of those in which nothing is filled in.
    """
    made: list[IndicatorTable] = []
    unfilled: list[Slot] = []
    builder: _Builder | None = None
    for segment in segments:
        if segment.header is None:
            if builder is not None and builder.may_continue(segment):
                builder.move(segment)
                builder.run(segment.first, segment.stop)
            continue
        if builder is None or not builder.repeats(segment):
            if builder is not None:
                _finish(builder, made, unfilled)
            builder = _Builder(document, segment.grid, segment.rows, segment.header)
        else:
            builder.move(segment)
        builder.run(segment.first, segment.stop)
    if builder is not None:
        _finish(builder, made, unfilled)
    return tuple(made), tuple(unfilled)


def _finish(builder: _Builder, made: list[IndicatorTable], unfilled: list[Slot]) -> None:
    state = builder.state
    rows = state.rows
    if not rows:
        unfilled += [state.first_reserved] if state.first_reserved is not None else []
        return
    groups = tuple(Group(g[0], g[1], g[2], g[3], tuple(g[4]), g[5]) for g in state.groups.values())
    indicators, groups = with_headings(rows, groups, [level_concept(row.name) for row in rows])
    if "weight" not in builder.header.roles:
        indicators, groups = with_points(indicators, groups)
    made.append(
        IndicatorTable(
            builder.grid,
            builder.header.row,
            state.last_row,
            builder.header.roles,
            indicators,
            groups,
            tuple(state.totals),
            complete=bool(state.totals) or state.last_row + 1 < builder.grid.n_rows,
        )
    )
