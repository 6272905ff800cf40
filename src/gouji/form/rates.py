"""Which columns of a money block divide which: by their captions, else proven by the figures of the rows."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from gouji.form.drawn import Drawn
from gouji.form.facts import Mention, MoneyTable, Relation, RelationKind, Term
from gouji.model import Reading, ReadingKind
from gouji.number import Agreement, ratio_agreement
from gouji.pattern import compiled

__all__ = ["adjustment_is_change", "draw_differences", "draw_rates", "draw_sideways", "named_division"]

_AMOUNTS = frozenset(
    {"opening", "adjusted", "budget", "adjustment", "executed", "surplus", "amount", "source"}
)
_DIFFERENCE = compiled(r"结余|结转|节约|剩余|增减|差额|变动|变化|净增")
_COMPARED = compiled(r"比|较|差|增减")  # 比上年增减: no adjustment of the budget
_HUNDRED = Decimal(100)
_FEWEST = 2


def draw_sideways(drawn: Drawn, table: MoneyTable, cells: list[list[Mention | None]]) -> None:
    """Sources in columns: 合计 = their sum; 预算数 over 总额, 财政拨款, 其他资金: 总额 = the others; line by line."""
    sources = [i for i, c in enumerate(table.columns) if c.role == "source"]
    total = table.column("budget")
    behind = _behind(table, sources)
    if len(behind) > 1:
        for whole, parts in behind.items():
            _sums(drawn, table, cells, whole, parts)
    elif sources and total is not None:
        _sums(drawn, table, cells, total, sources)
    roles = dict.fromkeys((c.role, c.year) for c in table.columns if c.part is not None)
    for role, year in roles:
        same = [
            i for i, c in enumerate(table.columns) if (c.role, c.year) == (role, year) and c.part is not None
        ]
        wholes = [i for i in same if table.columns[i].part == "total"]
        if len(wholes) == 1 and len(same) > 2:
            _sums(drawn, table, cells, wholes[0], [i for i in same if i != wholes[0]])


def _behind(table: MoneyTable, sources: list[int]) -> dict[int, list[int]]:
    """The sources behind each amount that they make up (预算总额, 其中, 其他, 实际支出, 其中, 其他)."""
    found: dict[int, list[int]] = {}
    whole: int | None = None
    for i, column in enumerate(table.columns):
        if i in sources and whole is not None:
            found.setdefault(whole, []).append(i)
        elif column.role in _AMOUNTS and i not in sources:
            whole = i
    return found


def _sums(
    drawn: Drawn, table: MoneyTable, cells: list[list[Mention | None]], total: int, parts: list[int]
) -> None:
    alike = drawn.next_alike()
    for row, line in zip(table.rows, cells, strict=True):
        result = line[total]
        terms = [m for m in (line[i] for i in parts) if m is not None]
        if result is not None and any(not m.reading.is_empty for m in terms):
            label = f"{row.label.core or '资金来源'}/{table.columns[total].label}"
            drawn.relations.append(
                Relation(RelationKind.SUM, label, result, tuple(Term(m) for m in terms), True, alike)
            )


@lru_cache(maxsize=64)
def adjustment_is_change(table: MoneyTable) -> bool:
    """Whether 预算调整数 holds the change (± so much) rather than the adjusted total."""
    change = table.column("adjustment")
    if change is None:
        return False
    if table.column("adjusted") is not None:
        return True
    start, executed = table.column("opening", "budget"), table.column("executed")
    if start is None:
        return False
    as_change = as_total = 0
    for row in table.rows:
        first, delta = row.slots[start].value, row.slots[change].value
        spent = row.slots[executed].value if executed is not None else None
        if delta is None:
            continue
        if delta < 0:
            return True
        if spent is not None and spent > 0:
            total = (first or Decimal(0)) + delta
            as_change += abs(total - spent) < abs(delta - spent)
            as_total += abs(total - spent) > abs(delta - spent)
    return as_change > as_total


def _base(table: MoneyTable) -> list[int]:
    """The columns a rate may have been taken of, the rightful one first."""
    executed = table.column("executed")
    if executed is None:
        return []
    order = ("adjusted", "adjustment", "budget", "opening")
    return [
        i
        for role in order
        for i, c in enumerate(table.columns)
        if c.role == role and c.year == table.columns[executed].year and c.is_whole
    ]


def named_division(table: MoneyTable) -> tuple[int, int, int | None] | None:
    """What the captions divide: 执行数 over 预算数 (adjusted where the form has it); and a column of changes that spoils a row."""
    executed = table.column("executed")
    bases = _base(table)
    if executed is None or not bases:
        return None
    base, change = bases[0], None
    if table.columns[base].role == "adjustment" and adjustment_is_change(table):
        # of the opening budget alone, where no change stands beside it
        base = table.column("adjusted", "opening", "budget") or base
        change = table.column("adjustment") if table.column("adjusted") is None else None
    return executed, base, change


def _as_points(reading: Reading, exact: Decimal) -> Reading:
    """A rate stored as a fraction, in percent points."""
    if (
        reading.kind is ReadingKind.NUMBER
        and reading.value
        and abs(reading.value * _HUNDRED - exact) < abs(reading.value - exact)
    ):
        points = reading.value * _HUNDRED
        return Reading(reading.text, ReadingKind.PERCENT, points, max(0, reading.decimals - 2), "%")
    return reading


def _hits(cells: list[list[Mention | None]], rate: int, top: int, bottom: int) -> tuple[int, int]:
    """How many rows the division gives the printed rate in, of how many where it could."""
    good = of = 0
    for line in cells:
        share, part, whole = line[rate], line[top], line[bottom]
        if share is None or part is None or whole is None:
            continue
        if share.reading.value is None or part.reading.value is None or not whole.reading.value:
            continue
        exact = part.reading.value * _HUNDRED / whole.reading.value
        if part.reading.value == whole.reading.value or not part.reading.value:
            continue  # 100 % and 0 % prove nothing
        of += 1
        shown = _as_points(share.reading, exact)
        good += ratio_agreement(part.reading, whole.reading, shown, decimals=2) is not Agreement.DISAGREES
    return good, of


def _proven(table: MoneyTable, cells: list[list[Mention | None]], rate: int) -> tuple[int, int] | None:
    """The two amount columns whose quotient most rows print in the rate column."""
    amounts = [i for i, c in enumerate(table.columns) if c.role in _AMOUNTS]
    best: tuple[int, int] | None = None
    most = 0
    for top in amounts:
        for bottom in amounts:
            if top == bottom:
                continue
            good, of = _hits(cells, rate, top, bottom)
            if good >= _FEWEST and good * 3 >= of * 2 and good > most:
                best, most = (top, bottom), good
    return best


def draw_differences(drawn: Drawn, table: MoneyTable, cells: list[list[Mention | None]]) -> None:
    """结余, 节约额, 比上年增减 = one column less another, where the figures of the rows prove it."""
    amounts = [i for i, c in enumerate(table.columns) if c.role in _AMOUNTS]
    found: set[frozenset[int]] = set()
    lefts = [
        i
        for i in amounts
        if table.columns[i].role in ("surplus", "amount")
        or (table.columns[i].role == "adjustment" and _COMPARED.search(table.columns[i].label))
    ]
    lefts.sort(key=lambda i: (not _DIFFERENCE.search(table.columns[i].label), -i))
    for left in lefts:
        for whole in amounts:
            for part in amounts:
                three = frozenset((left, whole, part))
                if len(three) < 3 or three in found or not _left_over(cells, left, whole, part):
                    continue
                found.add(three)
                alike = drawn.next_alike()
                for row, line in zip(table.rows, cells, strict=True):
                    a, b, c = line[left], line[whole], line[part]
                    if a is None or b is None or c is None or a.reading.is_empty or b.reading.is_empty:
                        continue
                    label = f"{row.label.core}/{table.columns[left].label}"
                    drawn.relations.append(
                        Relation(RelationKind.BALANCE, label, a, (Term(b), Term(c, -1)), True, alike)
                    )


def _left_over(cells: list[list[Mention | None]], left: int, whole: int, part: int) -> bool:
    """Whether the difference holds in most rows, and in some that it could be told from a coincidence by."""
    good = of = 0
    for line in cells:
        a, b, c = line[left], line[whole], line[part]
        if a is None or b is None or c is None:
            continue
        if not a.reading.value or not b.reading.value or not c.reading.value:
            continue  # nothing spent, nothing left: true of any two columns
        of += 1
        good += b.reading.value - c.reading.value == a.reading.value
    return good >= _FEWEST and good * 3 >= of * 2


def _better(
    cells: list[list[Mention | None]], rate: int, pair: tuple[int, int] | None, named: tuple[int, int]
) -> bool:
    """Whether a proven division explains more rows than the one the captions name, which some row contradicts."""
    return (
        pair is not None
        and _hits(cells, rate, *pair)[0] > _hits(cells, rate, *named)[0]
        and _contradicted(cells, rate, *named)
    )


def _contradicted(cells: list[list[Mention | None]], rate: int, top: int, bottom: int) -> bool:
    """Whether some row prints another rate than the division gives; rows at 100 % count here too."""
    for line in cells:
        share, part, whole = line[rate], line[top], line[bottom]
        if share is None or part is None or whole is None:
            continue
        if share.reading.value is None or part.reading.value is None or not whole.reading.value:
            continue
        shown = _as_points(share.reading, part.reading.value * _HUNDRED / whole.reading.value)
        if ratio_agreement(part.reading, whole.reading, shown, decimals=2) is Agreement.DISAGREES:
            return True
    return False


def _of_opening(table: MoneyTable, rate: int, pair: tuple[int, int] | None, named: tuple[int, int]) -> bool:
    """Whether the rows divide by the opening budget where the form has an adjusted one: the usual wrong base."""
    columns = table.columns
    return (
        pair is not None
        and pair[0] == named[0]
        and columns[pair[1]].role in ("opening", "budget")
        and columns[named[1]].role == "adjusted"
        and "年初" not in columns[rate].label
    )


def draw_rates(drawn: Drawn, table: MoneyTable, cells: list[list[Mention | None]]) -> None:
    """One relation a row for each column of rates.

    The first rate column divides as its caption says (执行率); where the figures of the rows prove another
    division, that one is taken; other columns of shares are taken only so.
    """
    first = True
    for rate_at, column in enumerate(table.columns):
        if column.role not in ("rate", "share"):
            continue
        pair = _proven(table, cells, rate_at)
        change: int | None = None
        if column.role == "rate" and first:
            first = False
            named = named_division(table)
            if named is not None and (
                _of_opening(table, rate_at, pair, named[:2]) or not _better(cells, rate_at, pair, named[:2])
            ):
                pair, change = named[:2], named[2]
        elif column.role == "rate" and pair is None:
            pair = _of_the_total(table, cells, rate_at)
        if column.role == "share" and _draw_shares(drawn, table, cells, rate_at, pair):
            continue
        if pair is not None:
            _rows(drawn, table, cells, rate_at, pair, change)


def _of_the_total(
    table: MoneyTable, cells: list[list[Mention | None]], rate_at: int
) -> tuple[int, int] | None:
    """What a rate told for the total line alone divides: any two amounts that give it, else what its caption says."""
    filled = [line for line in cells if (m := line[rate_at]) is not None and not m.reading.is_empty]
    executed = table.column("executed")
    if executed is None or len(filled) != 1 or "执行率" not in table.columns[rate_at].label:
        return None
    bases = _base(table)
    fitting = [base for base in bases if _hits(filled, rate_at, executed, base)[0]]
    base = next(iter(fitting or bases), None)
    return (executed, base) if base is not None else None


def _draw_shares(
    drawn: Drawn,
    table: MoneyTable,
    cells: list[list[Mention | None]],
    share_at: int,
    beside: tuple[int, int] | None,
) -> bool:
    """Each line's part of the block's total (占总支出比重), where more rows say so than divide within the row."""
    totals = [row.index for row in table.rows if row.concept == "total"]
    if len(totals) != 1:
        return False
    best, most = None, _hits(cells, share_at, *beside)[0] if beside is not None else _FEWEST - 1
    for at in (i for i, c in enumerate(table.columns) if c.role in _AMOUNTS):
        whole = cells[totals[0]][at]
        rows = [[line[share_at], line[at], whole] for index, line in enumerate(cells) if index != totals[0]]
        good, of = _hits(rows, 0, 1, 2)
        if good > most and good * 3 >= of * 2:
            best, most = at, good
    if best is None:
        return False
    alike = drawn.next_alike()
    for row, line in zip(table.rows, cells, strict=True):
        share, part, whole = line[share_at], line[best], cells[totals[0]][best]
        if share is None or part is None or whole is None or row.index == totals[0]:
            continue
        if not (part.reading.is_empty and share.reading.is_empty):
            label = f"{row.label.core}/{table.columns[share_at].label}"
            drawn.relations.append(
                Relation(RelationKind.RATIO, label, share, (Term(part), Term(whole)), True, alike)
            )
    return True


def _rows(  # noqa: PLR0917 - one table with its mentions and where the division stands
    drawn: Drawn,
    table: MoneyTable,
    cells: list[list[Mention | None]],
    rate_at: int,
    pair: tuple[int, int],
    change: int | None,
) -> None:
    alike = drawn.next_alike()
    for row, line in zip(table.rows, cells, strict=True):
        rate, top, bottom = line[rate_at], line[pair[0]], line[pair[1]]
        if rate is None or top is None or bottom is None or (change is not None and row.slots[change].value):
            continue
        if top.reading.is_empty and bottom.reading.is_empty and rate.reading.is_empty:
            continue
        if rate.reading.is_empty and rate.slot.row != row.row:
            continue  # a line of its own states the rate of another row
        label = f"{row.label.core}/{table.columns[rate_at].label}"
        drawn.relations.append(
            Relation(RelationKind.RATIO, label, rate, (Term(top), Term(bottom)), True, alike)
        )
