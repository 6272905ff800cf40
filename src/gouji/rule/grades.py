"""Grades (优, 良, 中, 差) that stand beside the score at the head of a form: 自评得分 | 84 | 自评等级 | 良."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from gouji.form.facts import Facts, Slot
from gouji.form.label import parse_label
from gouji.form.slots import make_slot
from gouji.pattern import compiled

__all__ = ["graded_scores"]

_HUNDRED = Decimal(100)
_CAPTION = compiled(r"(?:自评|评价|绩效|自评价|评定)?(?:结果)?(?:等级|等次|级别)")


def graded_scores(facts: Facts) -> Iterator[tuple[Slot, Decimal]]:
    """Each cell that should hold a grade, with the score of 100 points that it goes with."""
    for slot in facts.declared:
        if slot.value is None or slot.value > _HUNDRED:
            continue
        for (row, col), cell in slot.grid.cells.items():
            after = col + cell.cols
            if row == slot.row and col > slot.col and after < slot.grid.n_cols and _is_caption(cell.text):
                yield make_slot(slot.document, slot.grid, row, after, cell.text), slot.value


def _is_caption(text: str) -> bool:
    return len(text) <= len("自评结果等级") * 2 and _CAPTION.fullmatch(parse_label(text).core) is not None
