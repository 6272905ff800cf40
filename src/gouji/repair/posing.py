"""All relations that hang together with the symptoms, posed as one repair problem.

Cells of tables and the figures of the prose that state the same quantities are its unknowns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal

from gouji.form.facts import Facts, Measure, Mention, Relation, RelationKind
from gouji.frozen import frozen, replace
from gouji.model import Confidence, Place, Reading, ReadingKind
from gouji.narrative.figures import Dimension, Figure, StatedKind, StatedRelation
from gouji.narrative.tables import TableTie
from gouji.number import interval
from gouji.repair.problem import AtMostRelation, CellKind, LinearRelation, Problem, RatioRelation, RepairCell
from gouji.repair.problem import Relation as RepairRelation
from gouji.rule.wording import figure, labelled

__all__ = ["Posed", "Unknown", "pose"]

_HALF = Decimal("0.5")
_SIGNED = frozenset({Measure.ADJUSTMENT, Measure.SURPLUS})


@frozen
class Unknown:
    """A figure of the problem: a cell of a table, or (``figure``) one of the prose that states the same quantity.

    ``scale`` brings the printed value of a figure to the unit of its cell.
    """

    place: Place
    reading: Reading
    rate: bool
    count: bool
    unit: str | None
    mention: Mention | None = None
    figure: Figure | None = None
    scale: Decimal = Decimal(1)

    @property
    def called(self) -> str:
        """What to call it in a sentence."""
        if self.mention is not None:
            return labelled(self.mention.slot)
        return (
            f"第 {self.place.paragraph} 段“{self.place.label}”"
            if self.place.paragraph
            else f"{self.place.cell} 的文字"
        )

    @property
    def writable(self) -> bool:
        """Whether a new text can stand in the figure's place: it is the whole cell, or ends it («基本支出：241.17»)."""
        if self.mention is None:
            return False
        cell = self.mention.slot.cell
        if cell is not None and cell.formula is not None:
            return False  # a formula is recalculated, never typed over
        return cell is None or self.within(self.reading.text) is not None

    def within(self, number: str) -> str | None:
        """The whole text of the cell with another number in the figure's place; None where its place is unclear."""
        if self.mention is None:
            return None
        text, typed = self.mention.slot.text, self.reading.text.strip()
        if typed == text:
            return number
        if typed and text.endswith(typed) and text[-len(typed) - 1 : -len(typed)] in (":", "："):
            return text[: -len(typed)] + number
        return None


@frozen
class Posed:
    """A repair problem with what its cells and relations stand for, by position."""

    problem: Problem
    unknowns: tuple[Unknown, ...]
    relations: tuple[Relation | TableTie | StatedRelation, ...]


def _concerned(facts: Facts, hot: set[tuple[str | None, str | None]]) -> list[Relation]:
    """The relations that hang together with the places of the symptoms; what is whole elsewhere need not be solved."""
    parent: dict[tuple[int, int, int], tuple[int, int, int]] = {}

    def root(key: tuple[int, int, int]) -> tuple[int, int, int]:
        parent.setdefault(key, key)
        while parent[key] != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    def key_of(mention: Mention) -> tuple[int, int, int]:
        slot = mention.slot
        return (id(slot.grid), slot.row, slot.col)

    wanted: set[tuple[int, int, int]] = set()
    for relation in facts.relations:
        first = key_of(relation.result)
        for mention in (relation.result, *(t.mention for t in relation.terms)):
            parent[root(key_of(mention))] = root(first)
            if (mention.slot.grid.name, mention.slot.name) in hot:
                wanted.add(key_of(mention))
    roots = {root(key) for key in wanted}
    return [relation for relation in facts.relations if root(key_of(relation.result)) in roots]


def pose(
    facts: Facts,
    ties: Iterable[TableTie],
    statements: Iterable[StatedRelation],
    hot: set[tuple[str | None, str | None]],
) -> Posed:
    """The relations concerned as one problem; a cell mentioned twice is one unknown.

    Other figures of the same rows come along without a relation: a figure may have been typed from their column.
    Figures of the prose that state the quantity of a cell come along as copies of it.
    """
    numbers: dict[tuple[int, int, int, str], int] = {}
    by_place: dict[tuple[str, str], int] = {}
    unknowns: list[Unknown] = []

    def cell_of(mention: Mention) -> int:
        slot = mention.slot
        row, col = (slot.cell.row, slot.cell.col) if slot.cell is not None else (slot.row, slot.col)
        key = (id(slot.grid), row, col, mention.reading.text)
        if key not in numbers:
            numbers[key] = len(unknowns)
            by_place.setdefault((slot.grid.name, slot.name), len(unknowns))
            measure = mention.quantity.measure
            unknowns.append(
                Unknown(
                    slot.place,
                    mention.reading,
                    measure is Measure.RATE,
                    measure is Measure.COUNT,
                    mention.quantity.unit,
                    mention,
                )
            )
        return numbers[key]

    relations: list[RepairRelation] = []
    sources: list[Relation | TableTie | StatedRelation] = []
    concerned = _concerned(facts, hot)
    unfilled = _unfilled(concerned, cell_of)
    for relation in concerned:
        if any(cell_of(m) in unfilled for m in (relation.result, *(t.mention for t in relation.terms))):
            continue
        made = _relation(len(sources), relation, cell_of)
        if made is not None:
            relations.append(made)
            sources.append(relation)
    lines = {(u.place.sheet, _row(u)) for u in unknowns}
    for mention in facts.mentions:
        if (mention.slot.grid.name, mention.slot.row) in lines and mention.reading.value is not None:
            cell_of(mention)
    told: dict[int, int] = {}

    def copy_of(figure: Figure, value: Decimal, unit: str | None, *, rate: bool) -> int:
        if id(figure) not in told:
            told[id(figure)] = len(unknowns)
            reading = replace(figure.reading, value=value)
            scale = value / figure.value if figure.value else Decimal(1)
            unknowns.append(
                Unknown(figure.place, reading, rate, count=False, unit=unit, figure=figure, scale=scale)
            )
        return told[id(figure)]

    for tie in ties:
        if tie.entry.reckoned is not None:
            continue  # the cell states another quantity, of which the figure is a rate
        cell = by_place.get((tie.entry.slot.grid.name, tie.entry.slot.name))
        made = _copy(tie, unknowns, cell, copy_of, len(sources)) if cell is not None else None
        if made is not None:
            relations.append(made)
            sources.append(tie)
    for stated in statements:
        spoken = _spoken(stated, told, copy_of, len(sources))
        if spoken is not None:
            relations.append(spoken)
            sources.append(stated)
    cells = tuple(_cell(number, unknown) for number, unknown in enumerate(unknowns))
    return Posed(Problem(cells, tuple(relations)), tuple(unknowns), tuple(sources))


CopyOf = Callable[..., int]


def _copy(
    tie: TableTie, unknowns: list[Unknown], cell: int, copy_of: CopyOf, number: int
) -> LinearRelation | None:
    """A figure of the prose equals the cell it copies; None where it is no plain copy."""
    figure, entry = tie.figure, tie.entry
    if not _witness(tie) or figure.amount is None or not entry.amount or not entry.reading.value:
        return None
    value = figure.amount * entry.reading.value / entry.amount
    own = copy_of(figure, value, unknowns[cell].unit, rate=unknowns[cell].rate)
    decimals = min(_precision(figure.reading), _precision(entry.reading))
    same = _precision(figure.reading) == _precision(entry.reading)
    tol = _HALF.scaleb(-2 if same else -min(decimals, 2))
    terms = ((own, Decimal(1)), (cell, Decimal(-1)))
    return LinearRelation(number, terms, tol=tol, soft=tol, label=figure.concept)


def _spoken(
    stated: StatedRelation, told: dict[int, int], copy_of: CopyOf, number: int
) -> LinearRelation | None:
    """A sum that the prose states for certain, one of whose figures copies a cell; in one unit throughout."""
    figures = [term.figure for term in stated.terms]
    if stated.kind not in (StatedKind.SUM, StatedKind.BRIDGE) or stated.certainty is not Confidence.CERTAIN:
        return None
    if len({f.unit for f in figures}) != 1 or any(f.value is None for f in figures):
        return None
    if not any(id(f) in told for f in figures):
        return None
    terms = [
        (copy_of(t.figure, t.figure.value, t.figure.unit, rate=False), t.coefficient)
        for t in stated.terms
        if t.figure.value is not None
    ]
    if len({cell for cell, _ in terms}) < len(terms):
        return None
    slack = sum((_HALF.scaleb(-max(2, _precision(f.reading))) for f in figures), Decimal(0))
    tol = _HALF.scaleb(-max(2, _precision(stated.whole.reading)))
    return LinearRelation(number, tuple(terms), tol=tol, soft=max(tol, slack), label=stated.whole.concept)


def _row(unknown: Unknown) -> int | None:
    return unknown.mention.slot.row if unknown.mention is not None else None


def _witness(tie: TableTie) -> bool:
    """Whether a figure of the prose is a plain copy of the cell: the same quantity for certain, and no slip of its own."""
    return (
        tie.confidence is Confidence.CERTAIN
        and tie.slip is None
        and tie.figure.dimension is not Dimension.COUNT
    )


def _unfilled(relations: Iterable[Relation], cell_of: Callable[[Mention], int]) -> set[int]:
    """Totals that read 0 over filled lines, and rates and copies that follow them: nobody filled them in.

    A 0 left by a formula that could not add texts is no statement; taken as one it would speak against every line.
    """
    relations = tuple(relations)
    found: set[int] = set()
    for relation in relations:
        if relation.kind is RelationKind.SUM and relation.result.reading.value == 0:
            values = [t.mention.reading.value for t in relation.terms]
            if any(values) and all(v is None or v >= 0 for v in values):
                found.add(cell_of(relation.result))
    for relation in relations:
        if relation.kind is RelationKind.RATIO and relation.result.reading.value == 0:
            if any(cell_of(t.mention) in found for t in relation.terms):
                found.add(cell_of(relation.result))
    return found


def _cell(number: int, unknown: Unknown) -> RepairCell:
    reading = unknown.reading
    text = reading.text
    if unknown.rate:
        text = _percent_text(reading)
    elif reading.value is not None:
        dressed = reading.unit or reading.kind is ReadingKind.PERCENT or unknown.figure is not None
        text = figure(reading.value) if dressed else reading.text.strip()
    elif reading.is_empty:
        text = ""
    slot = unknown.mention.slot if unknown.mention is not None else None
    return RepairCell(
        number,
        text,
        slot.label if slot is not None else unknown.called,
        slot.grid.name if slot is not None else "",
        slot.row if slot is not None else None,
        slot.col if slot is not None else None,
        CellKind.PERCENT if unknown.rate else CellKind.COUNT if unknown.count else CellKind.AMOUNT,
        unknown.unit or "",
        0 if unknown.count else max(2, _precision(reading)),
        None if _signed(unknown) else Decimal(0),
    )


def _signed(unknown: Unknown) -> bool:
    """Whether a figure may be below nought: an adjustment, what is left, and a rate of such a figure."""
    return unknown.rate or (unknown.mention is not None and unknown.mention.quantity.measure in _SIGNED)


def _percent_text(reading: Reading) -> str:
    if reading.value is None:
        return "" if reading.is_empty else reading.text
    if (
        reading.kind is ReadingKind.NUMBER
        and reading.unit is None
        and Decimal(0) < abs(reading.value) <= Decimal(2)
    ):
        return figure(reading.value * 100) + "%"
    return figure(reading.value) + "%"


def _precision(reading: Reading) -> int:
    if reading.value is None:
        return reading.decimals
    exponent = reading.value.as_tuple().exponent
    return max(reading.decimals, -exponent if isinstance(exponent, int) else 0)


def _half(reading: Reading, finest: int) -> Decimal:
    """Half a unit of the last decimal a figure is known to, in a column of ``finest`` decimals."""
    if reading.value is None:
        return _HALF.scaleb(-finest)
    low, high = interval(reading, decimals=finest)
    return (high - low) / 2


def _relation(number: int, relation: Relation, cell_of: Callable[[Mention], int]) -> RepairRelation | None:
    one = Decimal(1)
    parts = [term.mention for term in relation.terms]
    finest = max(_precision(m.reading) for m in (relation.result, *parts))
    finest = max(2, finest)
    if relation.kind in (RelationKind.SUM, RelationKind.BALANCE, RelationKind.EQUAL):
        terms = [(cell_of(t.mention), one * t.sign) for t in relation.terms] + [
            (cell_of(relation.result), -one)
        ]
        if len({cell for cell, _ in terms}) < len(terms):
            return None
        total = relation.result.reading
        tol = (
            _HALF.scaleb(-_precision(total))
            if total.value is not None and _precision(total) < finest
            else _HALF.scaleb(-finest)
        )
        soft = tol
        if relation.kind is not RelationKind.EQUAL:
            soft = sum(
                (_half(m.reading, finest) for m in (relation.result, *parts) if m.reading.value is not None),
                Decimal(0),
            )
        if relation.result.reading.value == 0:
            tol = _HALF.scaleb(-finest)
        return LinearRelation(number, tuple(terms), tol=tol, soft=max(tol, soft), label=relation.label)
    if relation.kind is RelationKind.SUBSET:
        terms = [(cell_of(t.mention), one) for t in relation.terms] + [(cell_of(relation.result), -one)]
        if len({cell for cell, _ in terms}) < len(terms):
            return None
        return AtMostRelation(number, tuple(terms), tol=_HALF.scaleb(-2) * (len(terms)), label=relation.label)
    top, bottom = parts
    rate = relation.result.reading
    cells = (cell_of(top), cell_of(bottom), cell_of(relation.result))
    if len(set(cells)) < 3 or (not bottom.reading.value and bottom.reading.is_number):
        return None
    tol = _HALF.scaleb(-_shown_decimals(rate))
    soft = tol
    if top.reading.value is not None and bottom.reading.value:
        base = bottom.reading.value
        soft += 100 * (
            _half(top.reading, 2) / base + abs(top.reading.value) * _half(bottom.reading, 2) / base**2
        )
    return RatioRelation(number, *cells, tol=tol, soft=soft, label=relation.label)


def _shown_decimals(rate: Reading) -> int:
    if (
        rate.kind is ReadingKind.NUMBER
        and rate.unit is None
        and rate.value is not None
        and abs(rate.value) <= Decimal(2)
    ):
        return max(0, rate.decimals - 2)
    return rate.decimals
