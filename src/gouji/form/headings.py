"""Rows of an indicator block that head others: 「一、履职产出（50分） | | | 50 | 47」, with the points of the rows below it.

Taken for indicators they would count every point twice; they are groups, with points and score in cells of their own.
"""

from __future__ import annotations

from decimal import Decimal

from gouji.form.facts import Group, IndicatorRow, Slot
from gouji.form.label import parse_label
from gouji.frozen import replace

__all__ = ["with_headings", "with_points"]

_LOWEST = 9


def with_headings(
    rows: list[IndicatorRow], groups: tuple[Group, ...], concepts: list[str | None]
) -> tuple[tuple[IndicatorRow, ...], tuple[Group, ...]]:
    """The indicators without the rows that head others, and the groups with those.

    Args:
        rows: The rows of a block.
        groups: Its groups so far.
        concepts: What the name of each row means as a group (产出, 效益 …).
    """
    below = _headed(rows)
    if not below:
        return tuple(rows), groups
    kept: dict[int, IndicatorRow] = {}
    for row in rows:
        if row.index in below:
            continue
        heads = [head for head, members in below.items() if row.index in members]
        outer = min(heads, default=None)
        changed = replace(row, index=len(kept))
        if outer is not None and not row.level1_text:
            changed = replace(changed, level1_text=rows[outer].name, level1=row.level1 or concepts[outer])
        kept[row.index] = changed
    made: list[Group] = []
    for group in groups:
        members = tuple(kept[row.index] for row in group.rows if row.index in kept)
        own = [row for row in group.rows if row.index in below and row.name_slot.name == group.slot.name]
        stated = replace(group, weight=own[0].weight, score=own[0].score) if own else group
        made += [replace(stated, rows=members)] if members else []
    taken = {group.slot.name for group in made}
    outermost = min(_rank(rows[head]) for head in below)
    for head, indices in below.items():
        row = rows[head]
        if row.name_slot.name in taken:
            continue
        level = 1 if _rank(row) == outermost else 2
        label = parse_label(row.name)
        inner = tuple(kept[each] for each in indices if each in kept)
        made.append(Group(label, concepts[head], level, row.name_slot, inner, row.weight, row.score))
    return tuple(kept.values()), tuple(made)


def with_points(
    rows: tuple[IndicatorRow, ...], groups: tuple[Group, ...]
) -> tuple[tuple[IndicatorRow, ...], tuple[Group, ...]]:
    """The indicators with the points of a group that is theirs alone: 社会效益（30分） over one indicator, no column of weights."""
    alone = {
        group.rows[0].index: group.label.points
        for group in sorted(groups, key=lambda group: group.level)
        if len(group.rows) == 1 and group.label.points is not None
    }
    made = tuple(
        replace(row, points=alone[row.index]) if row.index in alone and row.points is None else row
        for row in rows
    )
    by_index = {row.index: row for row in made}
    return made, tuple(replace(g, rows=tuple(by_index[row.index] for row in g.rows)) for g in groups)


def _headed(rows: list[IndicatorRow]) -> dict[int, list[int]]:
    """The rows that each heading heads, by its index; empty where nothing shows that there are headings."""
    if not rows or all(row.target is None and row.actual is None for row in rows):
        return {}
    heads = [row for row in rows if _states_points_only(row)]
    if not heads or heads[0].index != 0 or len(heads) * 2 > len(rows):
        return {}
    below: dict[int, list[int]] = {}
    good = 0
    for head in heads:
        stop = next(
            (other.index for other in heads if other.index > head.index and _rank(other) <= _rank(head)),
            len(rows),
        )
        members = [row for row in rows[head.index + 1 : stop] if row not in heads]
        if not members:
            return {}
        below[head.index] = [row.index for row in members]
        summed = sum((_value(row.weight) for row in members), Decimal(0))
        good += len(members) > 1 and summed == _value(head.weight)
    return below if good and good * 2 >= len(heads) else {}


def _states_points_only(row: IndicatorRow) -> bool:
    return _value(row.weight) > 0 and all(slot is None or slot.is_blank for slot in (row.target, row.actual))


def _value(slot: Slot | None) -> Decimal:
    return slot.value if slot is not None and slot.value is not None else Decimal(0)


def _rank(row: IndicatorRow) -> int:
    marker = parse_label(row.name).marker
    return marker.level if marker is not None else _LOWEST
