"""Figures of the prose tied to the cells of the tables that state the same quantity.

A tie needs the same concept (line of a money block, or indicator), the same measure and the same year; equal
values alone never make one. Where several cells state the quantity (two scopes, two tables) the figure agrees as
soon as it agrees with one of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from gouji.form.facts import Facts
from gouji.form.label import parse_label
from gouji.form.lexicon import concept
from gouji.frozen import frozen, replace
from gouji.model import Confidence
from gouji.narrative.entries import CARRIED, FEWEST, LINES, MEASURES, Entry, entries_of, reduced
from gouji.narrative.figures import Dimension, Figure, PairKind, StatedMeasure
from gouji.narrative.phrase import object_of
from gouji.number import unit_factor
from gouji.number.unit import normal_unit
from gouji.pattern import compiled

__all__ = ["Entry", "TableTie", "table_ties"]

_TEN_THOUSAND = Decimal(10000)
_OVERALL = compiled(r"(?:部门)?(?:整体)?(?:支出)?(?:预算)?执行率")
_SURE_DIGITS = 4
_COUNTING = ("件", "量", "批次", "场次", "册数")
_SOURCES = (StatedMeasure.INCOME, StatedMeasure.CARRIED, StatedMeasure.UNKNOWN)


@frozen
class TableTie:
    """A figure of the text and the cell that states the same quantity.

    ``slip`` names what a difference looks like: ``prior-year`` (the figure is last year's), ``unit`` (a factor of
    10 000), ``other-measure`` (the figure stands in another column of the line), or None.
    """

    figure: Figure
    entry: Entry
    kind: PairKind
    confidence: Confidence
    slip: str | None = None


def table_ties(figures: Iterable[Figure], facts: Facts) -> tuple[TableTie, ...]:
    """Tie every figure that states a quantity of the tables."""
    figures = tuple(figures)
    if not figures:
        return ()
    lines, names = entries_of(facts)
    ties = []
    for figure in figures:
        money = _as_money(figure, lines, names)
        tie = _tie(money or figure, lines, names, facts.year)
        if tie is not None and money is not None:
            sure = Confidence.LIKELY if tie.confidence is Confidence.CERTAIN else tie.confidence
            tie = replace(tie, figure=figure, confidence=sure)
        if tie is not None:
            ties.append(tie)
    tied = {id(tie.figure) for tie in ties if tie.kind is PairKind.AGREES or tie.slip == "unit"}
    ties += [tie for tie in _unit_slips(figures, facts) if id(tie.figure) not in tied]
    return tuple(ties)


def _unit_slips(figures: Iterable[Figure], facts: Facts) -> Iterable[TableTie]:
    """Figures typed in 元 whose very digits stand in a table in 万元: no coincidence at four digits and more."""
    suspects = [figure for figure in figures if figure.dimension is Dimension.MONEY and figure.unit == "元"]
    amounts: dict[Decimal, Entry] = {}
    for table in facts.money if suspects else ():
        for row in table.rows:
            for column, slot in zip(table.columns, row.slots, strict=True):
                measure = MEASURES.get(column.role)
                unit = slot.reading.unit or column.unit or row.label.unit or table.unit
                if (
                    measure in (None, StatedMeasure.RATE)
                    or slot.value is None
                    or unit != "万元"
                    or measure is None
                ):
                    continue
                if len(slot.value.normalize().as_tuple().digits) >= _SURE_DIGITS and slot.reading.decimals:
                    entry = Entry(
                        slot, measure, column.year, Dimension.MONEY, slot.value * _TEN_THOUSAND, slot.reading
                    )
                    amounts.setdefault(slot.value, entry)
    for figure in suspects:
        if figure.value in amounts:
            yield TableTie(figure, amounts[figure.value], PairKind.DIFFERS, Confidence.CERTAIN, "unit")


def _wanted(figure: Figure) -> StatedMeasure | None:
    """Which measure of a table the figure states."""
    if figure.dimension is Dimension.MONEY:
        if figure.measure in (
            StatedMeasure.OPENING,
            StatedMeasure.ADJUSTED,
            StatedMeasure.ADJUSTMENT,
            StatedMeasure.EXECUTED,
            StatedMeasure.BUDGET,
        ):
            return figure.measure
        if figure.measure is StatedMeasure.STANDARD:
            return StatedMeasure.ACTUAL
        kept = (StatedMeasure.TARGET, StatedMeasure.CHANGE)
        return figure.measure if figure.measure in kept else None
    if figure.measure is StatedMeasure.TARGET:
        return StatedMeasure.TARGET
    if (
        figure.measure is StatedMeasure.CHANGE
        and figure.dimension is Dimension.PERCENT
        and figure.concept.endswith("率")
        and figure.unit == "%"
    ):
        return StatedMeasure.ACTUAL  # the indicator 增长率 itself
    if figure.measure is StatedMeasure.CHANGE and figure.dimension is Dimension.PERCENT:
        return StatedMeasure.CHANGE
    if figure.measure in (
        StatedMeasure.ACTUAL,
        StatedMeasure.UNKNOWN,
        StatedMeasure.EXECUTED,
        StatedMeasure.RATE,
        StatedMeasure.STANDARD,
    ):
        label = parse_label(figure.piece.label or "").core
        if concept("info", label) == "goal_target" or ("目标" in label and "完成" not in label):
            return StatedMeasure.TARGET
        return StatedMeasure.ACTUAL
    return None


def _is_caption(figure: Figure) -> bool:
    """Whether a figure's «owner» is but the caption of the cell it stands in (实际完成情况), which owns nothing."""
    return figure.piece.label is not None and (figure.owner or "") in figure.piece.label


def _candidates(
    figure: Figure, lines: dict[str, list[Entry]], names: dict[str, list[Entry]]
) -> tuple[list[Entry], Confidence]:
    """Entries of the same quantity, whatever their measure and year."""
    if figure.line == CARRIED:
        return lines.get(CARRIED, []), Confidence.LIKELY
    if figure.measure is StatedMeasure.CHANGE and figure.dimension is Dimension.PERCENT:
        line = concept("fund_row", parse_label(figure.concept).core)
        if line in LINES or figure.concept == "支出":
            return lines.get(line or "total", []), Confidence.LIKELY
    named = names.get(reduced(figure.concept), []) if figure.line is None else []
    if named:
        return named, Confidence.CERTAIN
    if figure.owner is not None:
        line = concept("fund_row", parse_label(figure.owner).core)
        if line in LINES:
            return lines.get(line, []), Confidence.CERTAIN
        owned = names.get(reduced(figure.owner), [])
        if owned or figure.line not in LINES or not _is_caption(figure):
            return owned, Confidence.CERTAIN
    if figure.line in LINES:
        return lines.get(figure.line, []), figure.confidence
    if figure.measure is StatedMeasure.RATE and _OVERALL.fullmatch(figure.concept):
        return lines.get("total", []), figure.confidence
    key = reduced(figure.concept)
    if len(key) < FEWEST:
        return [], Confidence.POSSIBLE
    found = names.get(key) or next((names[key + end] for end in _COUNTING if key + end in names), [])
    given = object_of(figure.concept) if not found and figure.dimension is Dimension.MONEY else None
    if given is not None:
        return names.get(reduced(given), []), Confidence.LIKELY
    return found, Confidence.CERTAIN


def _as_money(figure: Figure, lines: dict[str, list[Entry]], names: dict[str, list[Entry]]) -> Figure | None:
    """A number with decimals whose unit was left out (调减134.65) as money in the unit of the cells of its name."""
    if figure.dimension is not Dimension.BARE or figure.unit is not None or not figure.reading.decimals:
        return None
    found, _ = _candidates(figure, lines, names)
    factors = {
        e.amount / e.reading.value for e in found if e.dimension is Dimension.MONEY and e.reading.value
    }
    unit = {_TEN_THOUSAND: "万元", Decimal(1): "元"}.get(factors.pop()) if len(factors) == 1 else None
    return replace(figure, unit=unit, dimension=Dimension.MONEY) if unit is not None else None


def _tie(
    figure: Figure, lines: dict[str, list[Entry]], names: dict[str, list[Entry]], year: int | None
) -> TableTie | None:
    amount, measure = figure.amount, _wanted(figure)
    if amount is not None and measure is None and figure.dimension is Dimension.MONEY:
        return _of_any_column(figure, amount, _candidates(figure, lines, names)[0], year)
    if (
        amount is None
        or measure is None
        or (figure.scope is not None and figure.line in LINES and figure.line != "three_public")
    ):
        return None
    found, confidence = _candidates(figure, lines, names)
    if figure.measure is StatedMeasure.RATE and not any(entry.indicator for entry in found):
        measure = StatedMeasure.RATE
    comparable = [e for e in found if _same_dimension(figure, e) and _same_population(figure, e)]
    about = figure.period.year if figure.period.year is not None else year
    right = [e for e in comparable if _fits(e, measure) and e.year in (about, None)]
    if not right:
        return _of_one_budget(figure, [e for e in comparable if e.year in (about, None)], amount)
    if figure.qualifiers:
        confidence = Confidence.POSSIBLE
    elif figure.inherited:
        confidence = figure.confidence
    for entry in right:
        if _agrees(figure, entry, amount):
            return TableTie(figure, entry, PairKind.AGREES, confidence)
    if measure is StatedMeasure.CHANGE or figure.dimension is Dimension.BARE:
        return None  # what a change is of, or a bare number, is told nowhere plainly enough
    if figure.dimension is Dimension.MONEY and not figure.measured:
        for entry in comparable:
            if entry.year in (about, None) and _agrees(figure, entry, amount):
                return TableTie(
                    figure, entry, PairKind.AGREES, Confidence.LIKELY
                )  # the words leave the column open
    if _of_a_part(figure):
        return None
    if right[0].reckoned is not None:
        # 使用率 may be of what had arrived; a rate without its line may be that of the line spoken of before
        if len(right) > 2 or not figure.concept.endswith("执行率") or figure.owner is None:
            return None
        confidence = Confidence.LIKELY if confidence is Confidence.CERTAIN else confidence
    if figure.reading.approximate or figure.reading.comparison is not None:
        return None
    if len({e.amount for e in right if e.indicator and e.slot.label.endswith("实际完成值")}) > 1:
        return None
    this_year = [e for e in comparable if _fits(e, measure) and e.year in (year, None)]
    if about != year and any(_agrees(figure, e, amount) for e in this_year):
        return None  # the year was taken from a comparison («比2023年…»); the figure is this year's
    return TableTie(
        figure, right[0], PairKind.DIFFERS, confidence, _slip(figure, amount, right, comparable, about)
    )


def _of_one_budget(figure: Figure, found: list[Entry], amount: Decimal) -> TableTie | None:
    """年初预算6万元 beside a table with one column of budgets (2024年预算数), where they agree."""
    if figure.measure not in (StatedMeasure.OPENING, StatedMeasure.ADJUSTED):
        return None
    for entry in found:
        if entry.measure is StatedMeasure.BUDGET and _agrees(figure, entry, amount):
            return TableTie(figure, entry, PairKind.AGREES, Confidence.LIKELY)
    return None


def _of_any_column(figure: Figure, amount: Decimal, found: list[Entry], year: int | None) -> TableTie | None:
    """A source of money told without its column (其中上年结转12万元), which agrees with one of its line's cells."""
    if figure.measure not in _SOURCES:
        return None
    about = figure.period.year if figure.period.year is not None else year
    for entry in found:
        if (
            entry.dimension is Dimension.MONEY
            and entry.year in (about, None)
            and _agrees(figure, entry, amount)
        ):
            return TableTie(figure, entry, PairKind.AGREES, Confidence.LIKELY)
    return None


def _same_dimension(figure: Figure, entry: Entry) -> bool:
    """Whether the two can be compared; an indicator in days counts them."""
    if entry.dimension is figure.dimension:
        return True
    if figure.dimension is Dimension.BARE and entry.indicator and entry.population is None:
        return entry.dimension is Dimension.COUNT  # an index: 路面技术状况指数89.3
    unit = normal_unit(figure.unit)
    return figure.dimension is Dimension.TIME and entry.indicator and unit == normal_unit(entry.population)


def _of_a_part(figure: Figure) -> bool:
    """Whether a count is told of some part only: 其中柳河镇新建0.6万亩，培训85人."""
    if figure.dimension is not Dimension.COUNT:
        return False
    text = figure.piece.text
    start = max(text.rfind(stop, 0, figure.start) for stop in "。；;\n") + 1
    return "其中" in text[start : figure.clause[0] + 3]


def _same_population(figure: Figure, entry: Entry) -> bool:
    if figure.dimension is not Dimension.COUNT or entry.population is None or figure.population is None:
        return figure.dimension is not Dimension.COUNT or entry.population is None
    return _base_unit(figure.population) == _base_unit(entry.population)


def _base_unit(unit: str) -> str:
    plain = unit.removeprefix("亿").removeprefix("万").removeprefix("千").removeprefix("百")
    return {"名": "人", "位": "人"}.get(plain, plain)


def _fits(entry: Entry, measure: StatedMeasure) -> bool:
    if entry.measure is measure:
        return True
    return measure is StatedMeasure.BUDGET and entry.measure in (
        StatedMeasure.OPENING,
        StatedMeasure.ADJUSTED,
        StatedMeasure.BUDGET,
    )


def _agrees(figure: Figure, entry: Entry, amount: Decimal) -> bool:
    """Whether the two state the same value within the rounding of the coarser print."""
    if entry.reckoned is not None:
        return abs(amount - entry.amount) <= figure.slack + entry.spread
    shown = Decimal(5).scaleb(-entry.reading.decimals - 1) * (
        unit_factor(entry.reading.unit or "") or Decimal(1)
    )
    if entry.dimension is Dimension.MONEY and entry.reading.value:
        shown = Decimal(5).scaleb(-entry.reading.decimals - 1) * abs(entry.amount / entry.reading.value)
    coarse = max(figure.slack, shown) if figure.slack != shown else Decimal(0)
    stated = entry.amount
    if entry.measure in (StatedMeasure.ADJUSTMENT, StatedMeasure.CHANGE):
        amount, stated = abs(amount), abs(stated)  # 调减 108.73 is −108.73 in the table
    return abs(amount - stated) <= coarse


def _slip(
    figure: Figure, amount: Decimal, right: list[Entry], comparable: list[Entry], about: int | None
) -> str | None:
    for entry in right:
        if entry.amount and amount in (entry.amount * _TEN_THOUSAND, entry.amount / _TEN_THOUSAND):
            return "unit"
    for entry in comparable:
        if _agrees(figure, entry, amount):
            return "prior-year" if entry.year not in (about, None) else "other-measure"
    return None
