"""A row's own marking standard («每低于1个百分点扣0.5分»), which comes before the form's general one."""

from __future__ import annotations

import re
from decimal import ROUND_FLOOR, Decimal

from gouji.form.facts import IndicatorRow
from gouji.form.label import compact
from gouji.frozen import frozen
from gouji.pattern import compiled

__all__ = ["Standard", "standard_of"]

_MARKING = compiled(r"[得计扣]\d*\.?\d*分|满分|不得分|[得计]分|赋分")
_PROPORTION = compiled(
    r"按(?:实际|完成|完成的)?比[例率]|[×*xX]\(?(?:该|本)?(?:项|指标)*的?(?:分值|权重)|(?:分值|权重)\)?[×*xX]|B/A|A/B"
    r"|实际(?:完成)?(?:值|数)?[/÷]|同(?:定量|上)|[率例)][×*xX]\d{1,2}(?:\.\d+)?(?![\d%])"
)
_STEP = compiled(
    r"每(?:降?低|减?少|超|下降|增加|高|差|多|延迟|逾期)[^\d,，;；。扣]{0,10}(?P<step>\d+(?:\.\d+)?)?"
    r"(?P<unit>个?百分点|[%％]|[^\d,，;；。扣]{0,6})[^\d,，;；。]{0,14}扣(?:除|减)?(?P<points>\d+(?:\.\d+)?)分"
)
_FULL_FROM = compiled(r"(\d+(?:\.\d+)?)[%％](?:\(含\))?(?:及|或)?以上(?:\(含[^)]*\))?[^\d,，;；。]{0,8}满分")
_LONGEST = 300


@frozen
class Standard:
    """How a row's points are to be given.

    ``proportional`` says that the standard is that of the form: points by share of the target reached. ``points``
    are lost for each ``step`` units missed (None where the standard is worded in another way). ``full_from`` is
    the percentage from which all points are given, where it is said.
    """

    proportional: bool
    step: Decimal | None = None
    points: Decimal | None = None
    full_from: Decimal | None = None

    def most(self, weight: Decimal, missed: Decimal) -> Decimal | None:
        """The most points for a result that misses its target by ``missed`` units; None if the standard has no steps.

        Whether a begun step counts, only the bureau knows: here it does not.
        """
        if not self.step or self.points is None:
            return None
        return max(Decimal(0), weight - (missed / self.step).to_integral_value(ROUND_FLOOR) * self.points)


def standard_of(row: IndicatorRow) -> Standard | None:
    """The standard that stands in the row, in whatever column; None where there is none."""
    grid = row.name_slot.grid
    own = {
        id(slot.cell)
        for slot in (row.name_slot, row.target, row.actual, row.weight, row.score, row.reason, row.deduction)
        if slot is not None and slot.cell is not None
    }
    for col in range(grid.n_cols):
        cell = grid.at(row.row, col)
        if cell is None or id(cell) in own or not isinstance(cell.value, str) or len(cell.text) > _LONGEST:
            continue
        text = compact(cell.text)
        if text and text not in (compact(row.level1_text), compact(row.level2_text)):
            found = _read(text)
            if found is not None:
                return found
    return None


def _read(text: str) -> Standard | None:
    least = _FULL_FROM.search(text)
    full = Decimal(least[1]) if least is not None else None
    step = _STEP.search(re.sub(r"\([^()]*\)", "", text))
    if step is not None:
        return Standard(False, Decimal(step["step"] or 1), Decimal(step["points"]), full)
    if _PROPORTION.search(text):
        return Standard(True, full_from=full)
    if _MARKING.search(text) and not re.fullmatch(r".{0,6}得分", text):
        return Standard(False, full_from=full)
    return None
