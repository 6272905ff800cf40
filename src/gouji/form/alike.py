"""One quantity in several tables: which lines and which of their figures state the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from gouji.form.copies import COMPARED, is_vague, same_measures
from gouji.form.drawn import Drawn
from gouji.form.facts import Mention, MoneyRow, MoneyTable, Relation, RelationKind, Term
from gouji.form.money import label_core
from gouji.model import ReadingKind

__all__ = ["draw_equal", "matched_figures", "same_lines"]

Line = tuple[MoneyTable, MoneyRow, list[Mention | None]]


def same_lines(tables: list[tuple[MoneyTable, list[list[Mention | None]]]]) -> Iterator[tuple[Line, Line]]:
    """Lines of two tables that are one line by their labels and the project they are about.

    Each line comes with the one line before it that has the most figures in common with it.
    """
    lines: dict[tuple[str | None, tuple[str, ...]], list[Line]] = defaultdict(list)
    for table, cells in tables:
        for row, line in zip(table.rows, cells, strict=True):
            first = next((m for m in line if m is not None), None)
            if first is None or (row.concept or "line") not in COMPARED:
                continue
            name = label_core(row.label) if row.concept is None else row.concept
            if len(name) >= 2:
                lines[(first.quantity.scope, (name,))].append((table, row, line))
    for same in lines.values():
        if len(same) < 2 or len({id(t) for t, _, _ in same}) < 2:
            continue
        per_table: dict[int, int] = defaultdict(int)
        for table, _, _ in same:
            per_table[id(table)] += 1
        if any(count > 1 for count in per_table.values()):
            continue
        for number, other in enumerate(same[1:], start=1):
            yield max(same[:number], key=lambda line: _shared(line, other)), other


def _shared(one: Line, other: Line) -> int:
    """How many figures of two lines state the same measure."""
    return len(matched_figures(one[0], one[2], other[0], other[2]))


def draw_equal(drawn: Drawn, tables: list[tuple[MoneyTable, list[list[Mention | None]]]]) -> None:
    """One quantity stated in several tables: equal where a further column proves that the lines are the same.

    Two lines are the same line when their labels agree, they are about the same subject, and at least one
    of their figures agrees; a single differing figure is then a contradiction and not another 口径.
    """
    for (first_table, _, first_line), (table, row, line) in same_lines(tables):
        matched = matched_figures(first_table, first_line, table, line)
        agreeing = [1 for a, b in matched if a.reading.value and a.reading.value == b.reading.value]
        if not agreeing:
            continue
        if row.concept == "total" and len(agreeing) * 2 < len(matched):
            continue  # 合计 of another table: what they have in common may be one change
        for a, b in matched:
            if a.reading.value is not None and b.reading.value is not None:
                label = "/".join((*b.quantity.line, b.slot.label.split("/")[-1]))
                drawn.relations.append(Relation(RelationKind.EQUAL, label, b, (Term(a),)))


def matched_figures(
    table: MoneyTable, line: list[Mention | None], other_table: MoneyTable, other_line: list[Mention | None]
) -> list[tuple[Mention, Mention]]:
    """The figures of two lines that state one measure of one year in one unit, blanks left out."""
    found = []
    vague = is_vague(table) or is_vague(other_table)
    others = list(zip(other_table.columns, same_measures(other_table), other_line, strict=True))
    for column, kind, mention in zip(table.columns, same_measures(table), line, strict=True):
        if vague and kind != "executed":
            continue
        if kind is None or mention is None or mention.reading.kind is ReadingKind.BLANK:
            continue
        for other, other_kind, other_mention in others:
            if (
                other_kind == kind
                and other.year == column.year
                and (other.unit == column.unit or other.unit is None or column.unit is None)
                and other_mention is not None
                and other_mention.reading.kind is not ReadingKind.BLANK
            ):
                found.append((mention, other_mention))
                break
    return found
