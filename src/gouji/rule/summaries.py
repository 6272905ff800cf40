"""The scores of several projects in a summary against the forms of those projects in the same file."""

from __future__ import annotations

from collections.abc import Iterator

from gouji.form.facts import Facts, IndicatorTable, Slot
from gouji.form.label import compact, parse_label

__all__ = ["summary_scores"]

_SHORTEST = 4  # a shorter name may stand in another's by chance
_ABOVE = 3


def summary_scores(facts: Facts) -> Iterator[tuple[Slot, Slot]]:
    """Each score of a summary line, with the total score of the form that is about that line's project."""
    totals = [
        (_names(facts, table), total.score)
        for table in facts.indicators
        for total in table.totals
        if not total.subtotal and total.score is not None and total.score.value is not None
    ]
    if not totals:
        return
    for summary in facts.money:
        column = summary.column("score")
        if column is None or summary.column("weight") is not None or len(summary.rows) < 2:
            continue
        for row in summary.rows:
            name, score = compact(row.label.core), row.slots[column]
            if score.value is None or len(name) < _SHORTEST:
                continue
            own = [total for names, total in totals if any(name in each for each in names)]
            if len(own) == 1:
                yield score, own[0]


def _names(facts: Facts, table: IndicatorTable) -> list[str]:
    """What a form says it is about: 项目名称, the heading above its indicators, the name of its sheet."""
    above = [
        info
        for info in facts.infos
        if info.concept == "project_name" and info.slot.grid is table.grid and info.slot.row < table.first_row
    ]
    if above:
        return [compact(max(above, key=lambda info: info.slot.row).value)]
    rows = range(max(0, table.first_row - _ABOVE), table.first_row)
    headings = [compact(parse_label(table.grid.text(row, 0)).text) for row in rows]
    return [heading for heading in (*headings, compact(table.grid.name)) if len(heading) >= _SHORTEST]
