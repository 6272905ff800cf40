"""Money told by labels with their answers beside them: «预算数 | 86.50 | 执行数 | 80.00», no header above, no line names.

Older forms (Sichuan 2019-2021) and portals print it so; the sources stand below each of the two labels. What is read is
one block with the line 年度资金总额 and a line for each source.
"""

from __future__ import annotations

from gouji.form.facts import MoneyColumn, MoneyRow, MoneyTable, Slot
from gouji.form.inline import INLINE
from gouji.form.label import Label, compact, parse_label
from gouji.form.lexicon import concept
from gouji.form.measured import is_figure, looks_like_figure
from gouji.form.slots import BLANK, make_amount
from gouji.frozen import frozen, replace
from gouji.model import Reading, ReadingKind
from gouji.number import read_number
from gouji.pattern import compiled
from gouji.source.document import Cell, Grid

__all__ = ["find_spread"]

_BUDGETS = frozenset({"opening", "adjusted", "budget"})
_AMOUNTS = _BUDGETS | {"executed", "adjustment"}
_ROLES = _AMOUNTS | {"rate", "weight", "score"}
_POINTS = frozenset({"weight", "score"})
_LONGEST = 20
_OF_WHICH = compiled(r"[\s,，;；。(（]+(?=其中)")


@frozen
class _Answer:
    """A label with the slot of its answer."""

    label: Label
    slot: Slot
    row: int
    col: int


def find_spread(  # noqa: PLR0917 - a stretch of a grid is so many things
    document: str, grid: Grid, rows: list[list[Cell]], used: set[int], stop: int, year: int | None
) -> MoneyTable | None:
    """The money of a form that has no block for it; None where budget and spending are not both told so.

    Args:
        document: Path of the document, for places.
        grid: The grid to look in.
        rows: Its stored cells by row.
        used: Rows that a block has taken.
        stop: The first row of the indicators: what stands further down is none of the head of a form.
        year: The year of the form.
    """
    answers = [a for row in range(stop) if row not in used for a in _answers(document, grid, rows[row])]
    heads: dict[str, _Answer] = {}
    rated = {a.row for a in answers if concept("column", a.label.core) == "rate"}
    for answer in sorted(answers, key=lambda a: a.row not in rated):
        role = concept("column", answer.label.core)
        if role not in _ROLES:
            continue
        if role in heads and role in _POINTS:
            continue  # the total of the form at its top; those of the spending stand in its line
        if role in heads:
            return None  # of several things
        heads[role] = answer
    if "weight" in heads and "score" not in heads:
        heads |= _score_behind(document, grid, heads["weight"])
    if not _scored(heads):
        heads = {role: answer for role, answer in heads.items() if role not in _POINTS}
    if "executed" in heads and not _BUDGETS & heads.keys():
        # «年度资金总额 | 30 | 执行数 | 28.5»
        totals = [a for a in answers if _is_total(a.label)]
        beside = [a for a in totals if a.row == heads["executed"].row] or totals
        heads |= {"budget": beside[0]} if len(beside) == 1 else {}
    if "executed" not in heads or not _BUDGETS & heads.keys():
        return None
    return _table(grid, heads, answers, year)


def _score_behind(document: str, grid: Grid, weight: _Answer) -> dict[str, _Answer]:
    """The figure right behind that of the weight: «权重 | 10 | 9.81», the points without a label of their own."""
    cell = weight.slot.cell
    behind = grid.at(weight.row, cell.col + cell.cols) if cell is not None else None
    if behind is None or not looks_like_figure(behind):
        return {}
    label = parse_label("得分")
    slot = make_amount(document, grid, behind.row, behind.col, label.core)
    return {"score": _Answer(label, slot, weight.row, behind.col)}


def _is_total(label: Label) -> bool:
    return concept("fund_row", label.core) == "total" and "投资" not in label.core


def _scored(heads: dict[str, _Answer]) -> bool:
    """Whether weight and points stand in the line of the rate, so that they are its own and not the form's."""
    beside = [heads[role] for role in ("rate", "weight", "score") if role in heads]
    if len(beside) < len(_POINTS) + 1 or len({answer.row for answer in beside}) > 1:
        return False
    weight, score = heads["weight"].slot, heads["score"].slot
    if ReadingKind.MALFORMED in (weight.reading.kind, score.reading.kind):
        return True
    return weight.value is not None and score.value is not None and score.value <= weight.value


def _answers(document: str, grid: Grid, cells: list[Cell]) -> list[_Answer]:
    """The labels of a row with a figure in the next cell, or in their own."""
    found: list[_Answer] = []
    for position, cell in enumerate(cells):
        if not isinstance(cell.value, str) or is_figure(cell):
            continue
        own = _OF_WHICH.split(cell.text, maxsplit=1)[0]  # 年度资金总额：326万元 其中：财政拨款：286万元
        inside = INLINE.match(own) if len(own) <= _LONGEST * 2 else None
        if inside and inside["value"].strip():
            reading = read_number(inside["value"].strip())
            label = parse_label(inside["label"])
            if _is_answer(reading):
                slot = make_amount(document, grid, cell.row, cell.col, label.core)
                found.append(_Answer(label, replace(slot, reading=reading), cell.row, cell.col))
            continue
        after = cells[position + 1] if position + 1 < len(cells) else None
        if len(cell.text) > _LONGEST or after is None or after.col != cell.col + cell.cols:
            continue
        if not looks_like_figure(after) and not _with_unit(after):
            continue
        label = parse_label(cell.text)
        slot = make_amount(document, grid, after.row, after.col, label.core)
        if _is_answer(slot.reading):
            found.append(_Answer(label, slot, cell.row, cell.col))
    return found


def _is_answer(reading: Reading) -> bool:
    """A figure, or what was meant to be one: a slip must not hide the block."""
    return reading.value is not None or reading.kind is ReadingKind.MALFORMED


def _with_unit(cell: Cell) -> bool:
    reading = read_number(cell.text) if len(cell.text) <= _LONGEST else BLANK
    return reading.value is not None and reading.comparison is None


def _table(grid: Grid, heads: dict[str, _Answer], answers: list[_Answer], year: int | None) -> MoneyTable:
    heads = dict(sorted(heads.items(), key=lambda head: (head[1].row, head[1].col)))
    columns = tuple(
        MoneyColumn(
            role,
            answer.slot.col,
            compact(answer.label.core),
            year,
            None
            if role in _POINTS or role == "rate"
            else answer.slot.reading.unit or answer.label.unit or _unit_before(grid, answer),
        )
        for role, answer in heads.items()
    )
    first = min(answer.row for answer in heads.values())
    whole = parse_label("年度资金总额")
    lines = [(whole, "total", first, tuple(answer.slot for answer in heads.values()))]
    for label, row, slots in _sources(heads, answers):
        blank = [
            slots.get(role) or replace(answer.slot, row=row, cell=None, reading=BLANK)
            for role, answer in heads.items()
        ]
        lines.append((label, concept("fund_row", label.core) or "", row, tuple(blank)))
    made = [
        MoneyRow(
            index,
            row,
            label,
            meaning or None,
            tuple(replace(s, label=f"{label.core}/{c.label}") for s, c in zip(slots, columns, strict=True)),
            replace(slots[0], label=label.core),
        )
        for index, (label, meaning, row, slots) in enumerate(lines)
    ]
    last = max(line[2] for line in lines)
    return MoneyTable(grid, "funds", first, last, columns[0].unit, columns, tuple(made), "")


def _unit_before(grid: Grid, answer: _Answer) -> str | None:
    """The unit in the caption to the left of a label: 预算资金（元）."""
    before = grid.at(answer.row, answer.col - 1) if answer.col else None
    return parse_label(before.text).unit if before is not None and len(before.text) <= _LONGEST else None


def _unlabelled(head: _Answer, row: int, beside: _Answer) -> _Answer | None:
    """The figure below a head's own where the label beside it is left blank: it is that of the line."""
    slot, grid = head.slot, head.slot.grid
    label = grid.at(row, head.col)
    figure = grid.at(row, slot.col)
    if (
        (label is not None and label.text.strip())
        or figure is None
        or figure.row != row
        or not looks_like_figure(figure)
    ):
        return None
    return _Answer(
        beside.label, make_amount(slot.document, grid, row, figure.col, beside.label.core), row, head.col
    )


def _sources(heads: dict[str, _Answer], answers: list[_Answer]) -> list[tuple[Label, int, dict[str, Slot]]]:
    """The sources told below the labels of amounts, line by line: those told for all of them alike."""
    amounts = {role: head for role, head in heads.items() if role in _AMOUNTS}
    if len({head.col for head in amounts.values()}) < len(amounts):
        return []  # one below the other: whose sources these are is not told
    found: list[tuple[Label, int, dict[str, Slot]]] = []
    row = max(head.row for head in amounts.values())
    if any(head.row != row for head in amounts.values()):
        return []
    while True:
        row += 1
        line = {a.col: a for a in answers if a.row == row}
        below = {role: line[head.col] for role, head in amounts.items() if head.col in line}
        if 0 < len(below) < len(amounts):
            below |= {
                role: unlabelled
                for role, head in amounts.items()
                if role not in below and (unlabelled := _unlabelled(head, row, next(iter(below.values()))))
            }
        cores = {answer.label.core for answer in below.values()}
        if len(below) < len(amounts) or len(cores) != 1 or concept("fund_row", min(cores)) in (None, "total"):
            return found
        some = next(iter(below.values()))
        found.append((some.label, row, {role: answer.slot for role, answer in below.items()}))
