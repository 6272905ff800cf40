"""What was located in a document: blocks with their slots, and the quantities and relations read from them.

A *slot* is a place where an answer is expected (a cell); blank slots are kept, because absence is a fact too.
Blocks keep the layout the form has on paper; :mod:`gouji.form.relate` draws mentions and relations from them.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from gouji.form.definition import FormDefinition
from gouji.form.label import Label
from gouji.form.settings import Settings
from gouji.frozen import frozen
from gouji.model import Place, Reading
from gouji.source.document import Cell, Document, Grid, cell_name

__all__ = [
    "Facts",
    "Group",
    "IndicatorRow",
    "IndicatorTable",
    "Info",
    "LongText",
    "Measure",
    "Mention",
    "MoneyColumn",
    "MoneyRow",
    "MoneyTable",
    "Pair",
    "Quantity",
    "Record",
    "Relation",
    "RelationKind",
    "Slot",
    "Term",
    "TotalRow",
]


class Measure(StrEnum):
    """What a figure says about its line: how the money was planned, changed, spent; how a target was set and met."""

    OPENING = "opening"
    ADJUSTMENT = "adjustment"
    ADJUSTED = "adjusted"
    BUDGET = "budget"
    EXECUTED = "executed"
    SURPLUS = "surplus"
    OTHER = "other"
    RATE = "rate"
    WEIGHT = "weight"
    SCORE = "score"
    TARGET = "target"
    ACTUAL = "actual"
    COUNT = "count"


@frozen
class Slot:
    """One cell where an answer stands or should stand.

    ``cell`` is None where the grid stores nothing. ``reading`` is the text read as a number (blank where
    nothing stands). ``label`` says in the form's words what the slot states, e.g. «项目支出/残疾人康复/2024年预算数».
    """

    document: str
    grid: Grid
    row: int
    col: int
    cell: Cell | None
    reading: Reading
    label: str

    @property
    def text(self) -> str:
        """The text as typed, without surrounding white space."""
        return self.cell.text.strip() if self.cell is not None else ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is stated: blank, or a placeholder such as 无 or ——."""
        return self.reading.is_empty

    @property
    def is_blank(self) -> bool:
        """Whether the cell is wholly blank (a placeholder is an answer of a kind)."""
        return not self.text

    @property
    def value(self) -> Decimal | None:
        """The figure as printed, None where none was read with certainty."""
        return self.reading.value

    @property
    def name(self) -> str:
        """The A1 name of the cell."""
        if self.cell is not None:
            return cell_name(self.cell.row, self.cell.col)
        return cell_name(self.row, self.col)

    @property
    def place(self) -> Place:
        """The place for a finding."""
        return Place(self.document, self.grid.name, self.name, self.label, None, self.text)


@frozen
class IndicatorRow:
    """One indicator. Slots are None where the form has no such column.

    ``completion`` is the printed completion rate (or 得分系数), ``deviation`` the printed rate by which the result misses
    the target; ``planned`` is the target set at first where an adjusted one replaced it.
    ``points`` are those in brackets behind the name, where the form has no column of weights.
    ``target`` and ``actual`` are composed readings where sign, value and unit stand in columns of their own.
    ``level1``/``level2`` are the lexicon's concepts of the group names (None where unknown).
    """

    index: int
    row: int
    level1_text: str
    level2_text: str
    name: str
    level1: str | None
    level2: str | None
    target: Slot | None
    actual: Slot | None
    weight: Slot | None
    score: Slot | None
    reason: Slot | None
    rate: Slot | None
    deduction: Slot | None
    name_slot: Slot
    target_reading: Reading
    actual_reading: Reading
    planned: Slot | None = None
    completion: Slot | None = None
    points: Decimal | None = None
    deviation: Slot | None = None


@frozen
class Group:
    """Indicators that share a group cell, with the points printed in its label («产出指标(40分)») or in a cell beside it.

    ``score`` is the cell that states their scores together, where a row of its own heads them.
    """

    label: Label
    concept: str | None
    level: int
    slot: Slot
    rows: tuple[IndicatorRow, ...]
    weight: Slot | None = None
    score: Slot | None = None


@frozen
class TotalRow:
    """The row 总分 (or a 小计) of an indicator table."""

    row: int
    label: str
    subtotal: bool
    weight: Slot | None
    score: Slot | None
    remark: Slot | None


@frozen
class IndicatorTable:
    """A block of indicators under one header; ``roles`` are the columns its header names."""

    grid: Grid
    first_row: int
    last_row: int
    roles: frozenset[str]
    rows: tuple[IndicatorRow, ...]
    groups: tuple[Group, ...]
    totals: tuple[TotalRow, ...]
    complete: bool


@frozen
class MoneyColumn:
    """One column of a money block; ``year`` is absolute where the header or the form's year tells it."""

    role: str
    col: int
    label: str
    year: int | None
    unit: str | None
    part: str | None = None

    @property
    def is_whole(self) -> bool:
        """Whether the column states the line's whole amount, not that of one source."""
        return self.part in (None, "total")


@frozen
class MoneyRow:
    """One line of a money block; ``slots`` are parallel to the block's columns.

    ``group`` is the core label of a cell to the left that spans several lines («基本支出» beside 人员经费 and 公用经费).
    """

    index: int
    row: int
    label: Label
    concept: str | None
    slots: tuple[Slot, ...]
    name_slot: Slot
    group: str = ""


@frozen(eq=False)
class MoneyTable:
    """A block of lines × money columns: funds, line items, base data.

    Equal only to itself, so that what is worked out from one can be remembered.
    """

    grid: Grid
    kind: str
    first_row: int
    last_row: int
    unit: str | None
    columns: tuple[MoneyColumn, ...]
    rows: tuple[MoneyRow, ...]
    title: str

    def column(self, *roles: str) -> int | None:
        """The index of the first column with one of these roles, in the order asked for."""
        for role in roles:
            for index, column in enumerate(self.columns):
                if column.role == role and column.is_whole:
                    return index
        return None


@frozen
class Record:
    """A one-line record (headcount, buildings): slots by the lexicon's concept of their column."""

    grid: Grid
    row: int
    slots: dict[str, Slot]


@frozen
class Info:
    """A label with its answer beside it: 主管部门, 填报日期, 年度总体目标 …."""

    concept: str
    label: str
    slot: Slot
    value: str


@frozen
class Pair:
    """An inline «label：amount» inside one cell, or a label cell with its figure in the next."""

    label: Label
    concept: str | None
    slot: Slot
    reading: Reading
    unit: str | None


@frozen
class LongText:
    """Prose inside a cell (goals, reasons), to be read like a paragraph."""

    slot: Slot
    text: str


@frozen
class Quantity:
    """What is stated: concept, path of its line, scope (口径), year, measure and unit."""

    concept: str
    line: tuple[str, ...]
    scope: str | None
    year: int | None
    measure: Measure
    unit: str | None


@frozen
class Mention:
    """One place where a quantity is stated. ``reading`` may be a part of the slot's text (an inline pair)."""

    quantity: Quantity
    slot: Slot
    reading: Reading

    @property
    def key(self) -> tuple[int, int, int, str]:
        """Identifies the mention within its document."""
        slot = self.slot
        return (id(slot.grid), slot.row, slot.col, self.quantity.concept)


class RelationKind(StrEnum):
    """How quantities hang together."""

    SUM = "sum"
    SUBSET = "subset"
    RATIO = "ratio"
    EQUAL = "equal"
    BALANCE = "balance"
    CONTROL = "control"


@frozen
class Term:
    """A mention with its sign in a relation."""

    mention: Mention
    sign: int = 1


@frozen
class Relation:
    """A tie between mentions, written once: check, repair equation and Excel formula are drawn from it.

    SUM: result = Σ terms. SUBSET: Σ terms ≤ result. RATIO: result (percent) = 100 · terms[0] / terms[1].
    EQUAL: result = terms[0]. BALANCE: result = Σ ± terms. CONTROL: a ratio that should not exceed 100 %.
    ``certain`` says that the form's own words prove the tie; otherwise it holds only if other columns do.
    ``alike`` groups the same tie in several columns: a guessed one is proven by the columns in which it holds.
    """

    kind: RelationKind
    label: str
    result: Mention
    terms: tuple[Term, ...]
    certain: bool = True
    alike: int = 0


@frozen(eq=False)
class Facts:
    """Everything located in one document. Compared and hashed by identity, so that what is drawn from it can be cached.

    ``workbooks`` are the forms that this document, a report, was handed in with; ``earlier`` are last year's forms.
    Both are empty where the document is checked by itself.
    ``unfilled`` are the places where the rows of an indicator block begin in which nobody has filled anything in.
    """

    document: Document
    form: str | None
    settings: Settings
    year: int | None
    definition: FormDefinition | None = None
    indicators: tuple[IndicatorTable, ...] = ()
    money: tuple[MoneyTable, ...] = ()
    records: tuple[Record, ...] = ()
    infos: tuple[Info, ...] = ()
    pairs: tuple[Pair, ...] = ()
    long_texts: tuple[LongText, ...] = ()
    mentions: tuple[Mention, ...] = ()
    relations: tuple[Relation, ...] = ()
    unfilled: tuple[Slot, ...] = ()
    uncalculated: tuple[Slot, ...] = ()
    declared: tuple[Slot, ...] = ()
    stale: Mapping[tuple[str, int, int], Decimal] = MappingProxyType({})
    workbooks: tuple[Facts, ...] = ()
    earlier: tuple[Facts, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing of a self-evaluation was recognised."""
        return not (self.indicators or self.money or self.records)
