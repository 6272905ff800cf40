"""What the columns of an indicator block answer in one row: a slot for each role, targets and results composed."""

from __future__ import annotations

from gouji.form.facts import Slot
from gouji.form.header import Column, Header
from gouji.form.label import compact
from gouji.form.slots import BLANK, compose, make_slot
from gouji.model import Reading, ReadingKind
from gouji.number import read_number
from gouji.pattern import compiled
from gouji.source.document import Cell, Grid

__all__ = ["Answers"]

_EXPLAINED = compiled(
    r"(?:目标|计划|预期)(?:值|数)?[:：为]?\s*([^,，;；。]{1,16})[,，;；]\s*(?:实际|完成)(?:完成)?(?:值|数)?[:：为]?\s*([^,，;；。]{1,16})"
)
_FULL = 50  # percent points; a result of 1 is no hundredth of such a target


class Answers:
    """The cells of a grid by what the header over them asks."""

    def __init__(self, document: str, grid: Grid, header: Header) -> None:
        self.document = document
        self.grid = grid
        self.header = header
        self.by_role = {column.role: column for column in header.columns}

    def slot(self, role: str, row: int, label: str) -> Slot | None:
        """The slot of a role in a row; None where the form has no such column."""
        column = self.by_role.get(role)
        if column is None:
            return None
        return self.pick(column, row, label)

    def pick(self, column: Column, row: int, label: str) -> Slot:
        """The first filled cell under a caption, else its first cell."""
        first = make_slot(self.document, self.grid, row, column.col, label)
        if column.width == 1 or (first.text and column.role != "reason"):
            return first
        others = [
            make_slot(self.document, self.grid, row, col, label)
            for col in range(column.col + 1, column.col + column.width)
        ]
        if column.role == "reason":
            # ticks under 经费保障, 制度保障 …, the words in the last column
            return max([first, *others], key=lambda slot: len(slot.text))
        return next((slot for slot in others if slot.text), first)

    def parts(self, column: Column | None, row: int) -> tuple[str, ...]:
        """The distinct texts under a wide caption (sign, value and unit side by side)."""
        if column is None or column.width == 1:
            return ()
        texts: list[str] = []
        seen: Cell | None = None
        for col in range(column.col, column.col + column.width):
            cell = self.grid.at(row, col)
            if cell is not None and cell.text.strip() and cell is not seen:
                texts.append(cell.text.strip())
            seen = cell
        return tuple(texts) if len(texts) > 1 else ()

    def value(self, role: str, row: int, slot: Slot | None) -> Reading:
        """The composed reading of a target or actual."""
        if slot is None:
            return BLANK
        parts = self.parts(self.by_role.get(role), row)
        sign = self.text_of("sign", row) if role != "actual" else ""
        unit = self.text_of("unit", row)
        stored = slot.reading
        if role == "actual" and stored.kind is ReadingKind.NUMBER and compact(unit) == "%":
            if stored.value is not None and 0 < stored.value <= 1 and stored.unit is None:
                goal = self.slot("target", row, "")
                if stored.value < 1 or (goal is not None and (goal.value or 0) >= _FULL):
                    unit = ""  # 0.945 beside a % column is 94.5 %, and 1 beside a target of 100 is all of it
        if compact(sign) in ("定性", "定量", "正向", "反向", "正向指标", "反向指标", "无", "/", "-"):
            sign = ""
        return compose(slot, compact(sign), compact(unit), parts)

    def text_of(self, role: str, row: int) -> str:
        """The text under the caption of a role; empty where the form has no such column."""
        column = self.by_role.get(role)
        return self.grid.text(row, column.col).strip() if column else ""

    def explained(self, row: int, label: str) -> tuple[Slot | None, Slot | None, tuple[Reading, Reading]]:
        """Target and result out of one sentence (目标≥95%,实际91.2%) where the form has no columns for them."""
        slot = self.slot("explain", row, f"{label}/指标说明")
        found = _EXPLAINED.search(slot.text) if slot is not None else None
        if slot is None or found is None:
            return None, None, (BLANK, BLANK)
        return slot, slot, (read_number(found[1].strip()), read_number(found[2].strip()))

    def same_cell_everywhere(self, row: int) -> bool:
        """Whether one merged cell covers the answer columns: a sentence, not an indicator."""
        columns = [self.by_role[r].col for r in ("target", "actual", "weight", "score") if r in self.by_role]
        cells = {id(self.grid.at(row, col)) for col in columns if self.grid.at(row, col) is not None}
        return (
            len(columns) > 1
            and len(cells) == 1
            and self.grid.at(row, columns[0]) is self.grid.at(row, columns[-1])
        )

    def weighted(self, row: int) -> bool:
        """Whether weight or score of a row is a number."""
        return any(
            s is not None and s.reading.kind is ReadingKind.NUMBER
            for s in (self.slot("weight", row, ""), self.slot("score", row, ""))
        )
