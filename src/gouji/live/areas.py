"""Cell addresses for formulas: single cells, and runs of cells in one column as areas."""

from __future__ import annotations

from collections.abc import Iterable

from gouji.form.facts import Slot
from gouji.source.document import cell_name, cell_position

__all__ = ["address", "areas", "sheet_prefix"]


def sheet_prefix(sheet: str) -> str:
    """The sheet's name as it stands in front of an address: ``'基础数据表'!``."""
    return "'" + sheet.replace("'", "''") + "'!"


def address(slot: Slot, prefix: str = "") -> str:
    """The address of a slot's cell; of the top-left one where it is merged."""
    return prefix + slot.name


def areas(slots: Iterable[Slot], prefix: str = "") -> tuple[str, ...]:
    """The cells of slots as areas: cells that follow one another in a column become one, ``C13:C16``."""
    places = sorted({place for slot in slots if (place := cell_position(slot.name)) is not None}, key=_down)
    runs: list[list[tuple[int, int]]] = []
    for row, col in places:
        if runs and runs[-1][-1] == (row - 1, col):
            runs[-1].append((row, col))
        else:
            runs.append([(row, col)])
    return tuple(
        prefix + (cell_name(*run[0]) if len(run) == 1 else f"{cell_name(*run[0])}:{cell_name(*run[-1])}")
        for run in runs
    )


def _down(place: tuple[int, int]) -> tuple[int, int]:
    return place[1], place[0]
