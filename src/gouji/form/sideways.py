"""Columns that hang together by their captions, line by line: 年初数 + 增加 − 减少 = 年末数, four quarters and the year."""

from __future__ import annotations

from collections.abc import Sequence

from gouji.form.drawn import Drawn
from gouji.form.facts import Mention, MoneyTable, Relation, RelationKind, Term
from gouji.number import Agreement, sum_agreement
from gouji.pattern import compiled

__all__ = ["draw_columns", "hangs_together"]

_START = compiled(r"^(?:本年|上年|去年)?(?:年初|期初|上年末|上年年末|上年结转)")
_MORE = compiled(r"增加|新增|购入|购置|调入|收到|转入")
_LESS = compiled(r"减少|报废|处置|核销|调出|转出|划出|支出|使用")
_END = compiled(r"^(?:本年|当年)?(?:年末|期末|年底)")
_QUARTERS = tuple(
    compiled(rf"^(?:第?{word}|{number}|Q{number})(?:季度?)?")
    for word, number in zip("一二三四", "1234", strict=True)
)
_QUARTER = compiled(r"季|^Q[1-4]")
_YEAR = compiled(r"^(?:全年|合计|总计|年度|小计|累计)")

Signed = tuple[int, tuple[tuple[int, int], ...]]


def hangs_together(labels: Sequence[str]) -> bool:
    """Whether some of the captions make up another one."""
    return _rolled(labels) is not None or _quarters(labels) is not None


def _rolled(labels: Sequence[str]) -> Signed | None:
    """年初数 | 本年增加 | 本年减少 | 年末数: the last, and the others with their signs."""
    for start, label in enumerate(labels):
        if not _START.search(label):
            continue
        terms = [(start, 1)]
        for at in range(start + 1, len(labels)):
            if _END.search(labels[at]):
                return (at, tuple(terms)) if len(terms) > 1 else None
            if _MORE.search(labels[at]):
                terms.append((at, 1))
            elif _LESS.search(labels[at]):
                terms.append((at, -1))
            else:
                return None
    return None


def _quarters(labels: Sequence[str]) -> Signed | None:
    """一季度 … 四季度 | 全年: the year and its quarters."""
    for first in range(len(labels) - 4):
        if all(
            pattern.search(label) and _QUARTER.search(label)
            for pattern, label in zip(_QUARTERS, labels[first : first + 4], strict=True)
        ) and _YEAR.search(labels[first + 4]):
            return first + 4, tuple((at, 1) for at in range(first, first + 4))
    return None


def draw_columns(drawn: Drawn, table: MoneyTable, cells: list[list[Mention | None]]) -> None:
    """One relation a line, where the captions say it and no more lines contradict it than bear it out."""
    labels = [column.label for column in table.columns]
    for kind, found in ((RelationKind.BALANCE, _rolled(labels)), (RelationKind.SUM, _quarters(labels))):
        if found is None:
            continue
        whole, parts = found
        lines: list[tuple[str, Mention, tuple[Term, ...], bool]] = []
        for row, line in zip(table.rows, cells, strict=True):
            end = line[whole]
            terms = tuple(Term(m, sign) for at, sign in parts if (m := line[at]) is not None)
            if end is None or end.reading.value is None or len(terms) < len(parts) or _is_rate(end, terms):
                continue
            if any(t.mention.reading.value is None and not t.mention.reading.is_empty for t in terms):
                lines.append((row.label.core, end, terms, False))
                continue
            known = [(t.mention.reading, t.sign) for t in terms if t.mention.reading.value is not None]
            holds = bool(known) and sum_agreement(known, end.reading) is not Agreement.DISAGREES
            lines.append((row.label.core, end, terms, holds))
        good = sum(holds for *_, holds in lines)
        if not good or good * 2 < len(lines):
            continue
        alike = drawn.next_alike()
        for core, end, terms, _ in lines:
            label = f"{core}/{labels[whole]}"
            drawn.relations.append(Relation(kind, label, end, terms, True, alike))


def _is_rate(end: Mention, terms: tuple[Term, ...]) -> bool:
    """Whether the line holds rates (支付进度), which do not add up."""
    return any("%" in m.reading.text or "％" in m.reading.text for m in (end, *(t.mention for t in terms)))
