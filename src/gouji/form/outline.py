"""Which lines of a money block make up which: read from the labels, to be proven by the figures.

A tie has one or more *hypotheses* about the children of a line. The labels alone can make it certain
(«年度资金总额» over its sources); otherwise the figures of some column must show that it holds
(:mod:`gouji.form.relate` decides).
"""

from __future__ import annotations

from decimal import Decimal

from gouji.form.facts import MoneyRow, MoneyTable
from gouji.frozen import frozen, replace

__all__ = ["Tie", "ties_of"]

SOURCES = frozenset(
    {
        "fiscal",
        "central",
        "provincial",
        "local",
        "carried",
        "government_fund",
        "state_capital",
        "special_account",
        "other",
    }
)
_PARTS_OF_FISCAL = frozenset({"central", "provincial", "local"})
_KINDS_OF_BUDGET = frozenset({"government_fund", "state_capital"})
_CENTS = Decimal("0.02")
_CLOSING = frozenset({"other", "local"})
_BASIC_PARTS = frozenset({"personnel", "public", "household"})
_EXPENSES = frozenset({"basic", "project", "operating"})
_KNOWN_SUMS: tuple[tuple[str, frozenset[str]], ...] = (
    ("vehicle", frozenset({"vehicle_purchase", "vehicle_running"})),
    ("three_public", frozenset({"abroad", "vehicle", "reception"})),
)
_THREE_PUBLIC = frozenset({"abroad", "vehicle", "vehicle_purchase", "vehicle_running", "reception"})


@frozen
class Tie:
    """Line ``parent`` against its children. ``sums`` False: a subset, children may be less than the whole."""

    parent: int
    hypotheses: tuple[tuple[int, ...], ...]
    sums: bool
    certain: bool


def ties_of(table: MoneyTable) -> list[Tie]:
    """All ties between the lines of a block that its labels suggest."""
    rows = table.rows
    if table.kind == "across":
        return _side_by_side(rows)
    ties = _subtotals(rows)
    total = _total(rows)
    if total is not None:
        inner = {child for tie in ties for child in tie.hypotheses[0]}
        ties += _total_ties(rows, total, inner)
    ties += _expense_ties(rows, total)
    for name, parts in _KNOWN_SUMS:
        for row in rows:
            if row.concept == name:
                children = tuple(r.index for r in rows if r.concept in parts and _near(row, r))
                if len(children) >= 2:
                    ties.append(Tie(row.index, (children,), sums=True, certain=True))
    taken = {tie.parent for tie in ties}
    ties += [tie for tie in _marked(rows, total) if tie.parent not in taken]
    if table.kind == "tally":
        ties = [replace(tie, certain=False) for tie in ties]
    ties += _subsets(rows, {(t.parent, c) for t in ties for h in t.hypotheses for c in h})
    return ties


def _side_by_side(rows: tuple[MoneyRow, ...]) -> list[Tie]:
    """支出合计 | 基本支出, 其中: 人员支出, 公用支出, 项目支出: the first is the sum of the others, less parts of parts."""
    inner: list[int] = []
    ties: list[Tie] = []
    for row in rows[2:]:
        if not row.label.of_which or row.index in inner:
            continue
        parts = [row.index]
        for other in rows[row.index + 1 :]:
            if other.concept not in _BASIC_PARTS:
                break
            parts.append(other.index)
        inner += parts
        if len(parts) >= 2:
            ties.append(Tie(row.index - 1, (tuple(parts),), sums=True, certain=True))
    outer = tuple(row.index for row in rows[1:] if row.index not in inner)
    return [*ties, Tie(0, (outer,), sums=True, certain=True)] if len(outer) >= 2 else ties


def _near(parent: MoneyRow, child: MoneyRow) -> bool:
    return abs(parent.index - child.index) <= 8


def _total(rows: tuple[MoneyRow, ...]) -> int | None:
    """The index of the one total line, None where there is none or several."""
    totals = [r.index for r in rows if r.concept == "total"]
    spent = [r.index for r in rows if r.concept == "total" and "支出" in r.label.core]
    received = [r.index for r in rows if r.concept == "total" and "收入" in r.label.core]
    if len(spent) == 1 and received and not {*spent} & {*received}:
        return spent[0]  # 本年收入合计 over its sources, 本年支出合计 over 基本支出 and 项目支出
    if len(totals) != 1:
        return totals[0] if totals and totals[0] == 0 else None
    return totals[0]


def _subtotals(rows: tuple[MoneyRow, ...]) -> list[Tie]:
    """小计 = the lines above it, back to the last 小计 or to the first of its group."""
    ties: list[Tie] = []
    start = 0
    for row in rows:
        if row.label.core == "小计":
            above = [r for r in rows[start : row.index] if r.group == row.group or not row.group]
            if len(above) >= 2:
                ties.append(
                    Tie(row.index, (tuple(r.index for r in above),), sums=True, certain=bool(row.group))
                )
            start = row.index + 1
        elif row.concept == "total":
            start = row.index + 1
    return ties


def _total_ties(rows: tuple[MoneyRow, ...], total: int, inner: set[int]) -> list[Tie]:
    """The total line against the others; ``inner`` are the lines that a 小计 sums up."""
    others = [r for r in rows if r.index != total]
    outer = tuple(r.index for r in others if r.index not in inner)
    if inner and len(outer) >= 2:
        return [Tie(total, (outer,), sums=True, certain=True)]
    ties: list[Tie] = []
    sources = [r for r in others if r.concept in SOURCES and not (total > 0 and r.index > total)]
    expenses = [r for r in others if r.concept in ("basic", "project", "operating")]
    if len(sources) >= 1 and len(sources) >= len(others) - len(expenses) - 2:
        ties += _source_ties(sources, total, tuple(r.index for r in others))
    if len({r.concept for r in expenses} & {"basic", "project"}) == 2:
        top = tuple(r.index for r in expenses)
        rank = expenses[0].label.marker
        ranked = tuple(
            r.index
            for r in others
            if rank is not None and r.label.marker and r.label.marker.level == rank.level
        )
        hypotheses = (ranked, top) if len(ranked) > len(top) else (top,)
        before = rows[top[0] - 1] if top[0] else None
        if expenses[0].label.of_which and before is not None and before.concept in SOURCES:
            # 一般公共预算, 其中: 基本支出, 项目支出, 政府性基金, 合计: parts of the source or of the whole, the figures show
            inside, outside = _fits(rows, before.index, top), _fits(rows, total, top)
            parent = before.index if inside > outside else total
            ties.append(Tie(parent, (top,), sums=True, certain=inside != outside))
        else:
            ties.append(Tie(total, hypotheses, sums=True, certain=True))
    elif not sources and total in (0, len(rows) - 1) and len(others) >= 2:
        flat = tuple(r.index for r in others)
        unmarked = tuple(r.index for r in others if not r.label.of_which)
        highest = min((r.label.marker.level for r in others if r.label.marker), default=None)
        marked = tuple(r.index for r in others if r.label.marker and r.label.marker.level == highest)
        plain = tuple(r.index for r in others if r.label.marker is None and not r.label.of_which)
        outer = tuple(r.index for r in others if r.concept not in ("vehicle_purchase", "vehicle_running"))
        candidates = [h for h in (unmarked, outer, flat, marked, plain) if len(h) >= 2]
        if candidates:
            alone = total > 0 and len(set(candidates)) == 1
            named = {r.concept for r in others} == _THREE_PUBLIC  # 合计 over 出国, 用车 (购置, 运行), 接待
            guesses = (outer,) if named else tuple(dict.fromkeys(candidates))
            ties.append(Tie(total, guesses, sums=True, certain=alone or named))
    return ties


def _fits(rows: tuple[MoneyRow, ...], parent: int, children: tuple[int, ...]) -> int:
    """In how many columns the children make up the line."""
    good = 0
    for i, slot in enumerate(rows[parent].slots):
        values = [rows[child].slots[i].value for child in children]
        if slot.value and all(value is not None for value in values):
            good += abs(sum((v for v in values if v is not None), Decimal(0)) - slot.value) <= _CENTS
    return good


def _source_ties(sources: list[MoneyRow], total: int, others: tuple[int, ...]) -> list[Tie]:
    """年度资金总额 = its sources; parts of 财政拨款 may stand below it; ``others`` are all lines but the total."""
    ties: list[Tie] = []
    fiscal = next((r for r in sources if r.concept == "fiscal"), None)
    parts = [r for r in sources if r.concept in _PARTS_OF_FISCAL]
    kinds = [r for r in sources if r.concept in _KINDS_OF_BUDGET]
    everything = tuple(r.index for r in sources)
    hypotheses = [everything]
    if fiscal is not None and parts:
        outer = tuple(r.index for r in sources if r not in parts)
        below = tuple(r.index for r in parts if r.index > fiscal.index)
        hypotheses = [outer, everything]
        if below:
            ties.append(Tie(fiscal.index, (below,), sums=True, certain=False))
    if fiscal is not None and kinds:
        hypotheses.append(tuple(r.index for r in sources if r not in kinds))
    if fiscal is not None and (parts or kinds):
        hypotheses.append(tuple(r.index for r in sources if r not in parts and r not in kinds))
    for group in _nested(sources):
        inner = {r.index for r in group[1:]}
        hypotheses.append(tuple(r.index for r in sources if r.index not in inner))
        ties.append(Tie(group[0].index, (tuple(r.index for r in group[1:]),), sums=True, certain=False))
    carried = [r for r in sources if r.concept == "carried"]
    if carried:
        hypotheses.append(tuple(r.index for r in sources if r not in carried))
    if len(others) > len(sources):
        hypotheses.append(others)
    # With no «other» line the list may be some of the sources only; then only an excess is a mistake.
    closed = any(r.concept in _CLOSING for r in sources) and len(sources) >= 2
    hypotheses = [h for h in dict.fromkeys(hypotheses) if h]
    ties.append(Tie(total, tuple(hypotheses), sums=closed, certain=True))
    return ties


def _nested(sources: list[MoneyRow]) -> list[list[MoneyRow]]:
    """A source with a further 其中 below it (地方资金, 其中: 省级资金, 市县资金): the source and its parts."""
    groups: list[list[MoneyRow]] = []
    for place, row in enumerate(sources):
        if not row.label.of_which or place == 0 or sources[place - 1].index != row.index - 1:
            continue
        group = [sources[place - 1], row]
        for other in sources[place + 1 :]:
            if (
                other.label.of_which
                or other.label.indent < row.label.indent
                or other.concept in ("other", "carried")
                or (row.concept in _PARTS_OF_FISCAL and other.concept not in _PARTS_OF_FISCAL)
            ):
                break
            group.append(other)
        groups.append(group)
    return groups


def _below(rows: tuple[MoneyRow, ...], row: MoneyRow, total: int | None) -> list[MoneyRow]:
    """The lines that belong to a line: those down to the next of its own rank."""
    found: list[MoneyRow] = []
    own = row.label.marker.level if row.label.marker else None
    for other in rows[row.index + 1 :]:
        if other.index == total or other.concept in _EXPENSES | {"three_public", "total"}:
            break
        marker = other.label.marker
        if own is not None and marker is not None and marker.level <= own:
            break
        if own is None and row.concept == "project" and other.concept in _BASIC_PARTS:
            break
        found.append(other)
    return found


def _highest(rows: list[MoneyRow]) -> list[MoneyRow]:
    """The lines with the highest outline marker among several ranks."""
    levels = [r.label.marker.level for r in rows if r.label.marker]
    return [r for r in rows if r.label.marker and r.label.marker.level == min(levels)] if levels else []


def _expense_ties(rows: tuple[MoneyRow, ...], total: int | None) -> list[Tie]:
    """基本支出 = 人员 + 公用 (+ 对个人和家庭); 项目支出 = the lines below it."""
    ties: list[Tie] = []
    for row in rows:
        if row.concept not in ("basic", "project"):
            continue
        below = _below(rows, row, total)
        if row.concept == "basic":
            top = _highest(below)
            named = [r for r in (top if len(top) >= 2 else below) if r.concept in _BASIC_PARTS]
            if len(named) >= 2:
                ties.append(Tie(row.index, (tuple(r.index for r in named),), sums=True, certain=True))
        elif len(below) >= 2:
            ties += _project_ties(row, below)
    return ties


def _project_ties(row: MoneyRow, below: list[MoneyRow]) -> list[Tie]:
    ties: list[Tie] = []
    ranks = {r.label.marker.level for r in below if r.label.marker}
    if len(ranks) > 1:
        top = _highest(below)
        if len(top) >= 2:
            ties.append(Tie(row.index, (tuple(r.index for r in top),), sums=True, certain=True))
        return ties
    hypotheses = [tuple(r.index for r in below)]
    marked = [r for r in below if r.label.marker]
    if marked and len(marked) < len(below):
        # 1、 2、 3、 with the single lines of 3、 unmarked below it
        hypotheses.append(tuple(r.index for r in marked))
        last = marked[-1].index
        hypotheses.append(tuple(r.index for r in below if r.index != last))
        tail = tuple(r.index for r in below if r.index > last and not r.label.marker)
        if len(tail) >= 2:
            ties.append(Tie(last, (tail,), sums=True, certain=False))
    plain = tuple(r.index for r in below if not r.label.of_which)
    if len(plain) >= 2:
        hypotheses.append(plain)
    unique = tuple(dict.fromkeys(hypotheses))
    ties.append(Tie(row.index, unique, sums=True, certain=len(unique) == 1))
    return ties


def _marked(rows: tuple[MoneyRow, ...], total: int | None) -> list[Tie]:
    """Lines numbered 1、 2、 3、 below an unnumbered or higher numbered one; grouped lines beside a group cell."""
    ties: list[Tie] = []
    for row in rows:
        if row.index == total or row.label.of_which:
            continue
        own = row.label.marker.level if row.label.marker else 0
        children: list[int] = []
        level = 0
        for other in rows[row.index + 1 :]:
            if other.index == total:
                break
            marker = other.label.marker
            if marker is None:
                if children and not other.label.of_which and other.label.indent <= row.label.indent:
                    break
                continue
            if marker.level <= own:
                break
            if not level:
                if marker.number != 1:
                    break
                level = marker.level
            if marker.level == level:
                if marker.number != len(children) + 1:
                    break
                children.append(other.index)
        if len(children) >= 2:
            ties.append(Tie(row.index, (tuple(children),), sums=True, certain=False))
    return ties


def _subsets(rows: tuple[MoneyRow, ...], summed: set[tuple[int, int]]) -> list[Tie]:
    """其中 lines: never more than the line above them."""
    ties: list[Tie] = []
    for row in rows:
        if not row.label.of_which or row.index == 0:
            continue
        parent = rows[row.index - 1]
        if parent.label.of_which or (parent.index, row.index) in summed:
            continue
        if row.concept in _EXPENSES and parent.concept in SOURCES:
            continue  # the whole once more, now by kind of spending
        children = [row.index]
        for other in rows[row.index + 1 :]:
            if other.concept in _EXPENSES | {"total"} or other.label.marker or other.label.of_which:
                break
            if other.label.indent <= parent.label.indent or not row.label.indent:
                break
            children.append(other.index)
        ties.append(Tie(parent.index, (tuple(children),), sums=False, certain=True))
    return ties
