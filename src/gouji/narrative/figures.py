"""What the prose states: figures, the arithmetic between them, and what is odd about a text.

A figure is a mention (docs/architecture.md) whose place is a run of words. Nothing here judges: rules and
the repair engine read these types and decide. Persons' names are never copied out of a text except inside
the quoted clause.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from gouji.frozen import frozen
from gouji.model import Confidence, Place, Reading
from gouji.number.unit import unit_factor

__all__ = [
    "Dimension",
    "Figure",
    "FigurePair",
    "Observation",
    "ObservationKind",
    "PairKind",
    "Period",
    "Standing",
    "StatedKind",
    "StatedMeasure",
    "StatedRelation",
    "StatedTerm",
    "TextPiece",
]


@frozen
class TextPiece:
    """A paragraph of running text, or the text of one long cell.

    Exactly one of ``paragraph`` (1-based) and ``cell`` (with ``sheet``) is set. ``label`` is the form's own
    caption of a cell (预期目标, 实际完成情况 …); it tells whether its figures are targets or results.
    """

    document: str
    text: str
    paragraph: int | None = None
    sheet: str | None = None
    cell: str | None = None
    label: str | None = None

    def place(self, start: int, end: int, label: str | None = None) -> Place:
        """The place of the words ``text[start:end]``."""
        return Place(
            self.document, self.sheet, self.cell, label or self.label, self.paragraph, self.text[start:end]
        )


class StatedMeasure(StrEnum):
    """Which of a quantity's measures a figure states; money names as in the form lexicon's columns."""

    OPENING = "opening"
    ADJUSTED = "adjusted"
    BUDGET = "budget"
    ADJUSTMENT = "adjustment"
    EXECUTED = "executed"
    INCOME = "income"
    CARRIED = "carried"
    SURPLUS = "surplus"
    TARGET = "target"
    ACTUAL = "actual"
    RATE = "rate"
    SHARE = "share"
    CHANGE = "change"
    STANDARD = "standard"
    SCORE = "score"
    WEIGHT = "weight"
    ESTABLISHMENT = "establishment"
    UNKNOWN = "unknown"


class Dimension(StrEnum):
    """What kind of quantity the unit counts. Two figures are comparable only within one dimension."""

    MONEY = "money"
    PERCENT = "percent"
    COUNT = "count"
    TIME = "time"
    PRICE = "price"
    SCORE = "score"
    BARE = "bare"


@frozen
class Period:
    """The year a figure is about; ``stated`` where its sentence says so, else it is that of the report."""

    year: int | None = None
    stated: bool = False


@frozen
class Figure:
    """One figure in a text.

    ``start``/``end`` span the number with its unit in ``piece.text``; ``clause`` is the span of the quoted
    words around it. ``unit`` is the printed unit (万元, 人次, %) and ``population`` what is counted, as a
    canonical noun (人, 人次, 户 …; None for money and rates). ``concept`` is the phrase that names the
    quantity, without period, measure and filler words; ``key`` is what concepts are compared by. ``line``
    is the lexicon's name of a money line (project, basic, personnel …), None for others. ``subject`` is the
    path of headings and topics over the sentence, outermost first. ``owner`` names the line item that a
    general word (项目支出, 执行率) belongs to here. ``scope`` is the 口径 said in the text (general_budget,
    government_fund …). ``qualifiers`` are restrictions such as 0-6岁. ``inherited`` says that the concept
    was taken over from an earlier clause. ``sentence`` and ``segment`` number the full stops and semicolons
    of the whole text, so that figures that stand together can be told from those far apart. ``depth`` is
    the bracket depth. ``measured`` says that the figure's own words tell its measure, which else was taken over.
    """

    piece: TextPiece
    start: int
    end: int
    clause: tuple[int, int]
    reading: Reading
    unit: str | None
    dimension: Dimension
    population: str | None
    concept: str
    key: str
    measure: StatedMeasure
    period: Period
    line: str | None = None
    scope: str | None = None
    owner: str | None = None
    subject: tuple[str, ...] = ()
    qualifiers: frozenset[str] = frozenset()
    inherited: bool = False
    sentence: int = 0
    segment: int = 0
    depth: int = 0
    confidence: Confidence = Confidence.LIKELY
    measured: bool = False

    @property
    def value(self) -> Decimal | None:
        """The printed number in the printed unit; None where it is not certain."""
        return self.reading.value

    @property
    def factor(self) -> Decimal:
        """What one printed unit is worth in the base unit of its dimension (元, single items)."""
        return unit_factor(self.unit) or Decimal(1)

    @property
    def amount(self) -> Decimal | None:
        """The value in the base unit of its dimension."""
        return None if self.reading.value is None else self.reading.value * self.factor

    @property
    def slack(self) -> Decimal:
        """Half a unit of the last printed decimal, in the base unit: what rounding may hide."""
        return Decimal(5).scaleb(-self.reading.decimals - 1) * self.factor

    @property
    def words(self) -> str:
        """The quoted clause."""
        return self.piece.text[self.clause[0] : self.clause[1]]

    @property
    def typed(self) -> str:
        """The number with its unit, as typed."""
        return self.piece.text[self.start : self.end]

    @property
    def place(self) -> Place:
        """The place of the quoted clause, labelled with the concept."""
        return self.piece.place(*self.clause, label=self.concept or None)


class StatedKind(StrEnum):
    """What arithmetic a text states."""

    SUM = "sum"
    SUBSET = "subset"
    BRIDGE = "bridge"
    RATIO = "ratio"
    CHANGE = "change"


class Standing(StrEnum):
    """How a stated relation stands, rounding of the printed figures taken into account."""

    HOLDS = "holds"
    ROUNDING = "rounding"
    FAILS = "fails"
    OPEN = "open"


@frozen
class StatedTerm:
    """One figure of a relation with its coefficient (before units are brought to the base unit)."""

    figure: Figure
    coefficient: Decimal


@frozen
class StatedRelation:
    """Arithmetic that a text states between its own figures.

    SUM and BRIDGE: Σ coefficient · amount over ``terms`` = 0 (the whole has coefficient −1, an addend 1).
    SUBSET: Σ coefficient · amount ≤ 0, the same signs. RATIO: terms are (numerator, 1), (denominator, 1),
    (rate, −1) and rate = 100 · numerator / denominator. CHANGE: terms are (now, 1), (before, −1),
    (difference, −1): as SUM. ``whole`` is the figure that the others explain. ``arithmetic`` is the
    calculation written out in the printed units. ``certainty`` is CERTAIN where the words leave no other
    reading (complementary parts, 共计 over a plain list); a relation that is POSSIBLE must never be told as
    an error. ``expected`` is what ``whole`` would be, in its printed unit. ``why`` names the evidence for
    reading the words so: marker, complement, total, parallel, measures.
    """

    kind: StatedKind
    terms: tuple[StatedTerm, ...]
    whole: Figure
    standing: Standing
    certainty: Confidence
    arithmetic: str
    expected: Decimal | None
    why: str
    difference: Decimal = Decimal(0)

    @property
    def parts(self) -> tuple[Figure, ...]:
        """The figures other than the whole, in text order."""
        return tuple(term.figure for term in self.terms if term.figure is not self.whole)


class PairKind(StrEnum):
    """How two figures of one quantity relate."""

    AGREES = "agrees"
    DIFFERS = "differs"
    UNIT_DIFFERS = "unit-differs"


@frozen
class FigurePair:
    """Two figures that state one quantity in two places; ``differences`` is what leaves a doubt about it."""

    first: Figure
    second: Figure
    kind: PairKind
    confidence: Confidence
    differences: tuple[str, ...] = ()


class ObservationKind(StrEnum):
    """What is odd about a text apart from its arithmetic."""

    COUNT = "count"
    ATTACHMENT = "attachment"
    NUMBERING = "numbering"
    PROMPT = "prompt"
    EMPTY = "empty"
    CLAIM = "claim"
    UNIT_MISSING = "unit-missing"
    PARTS_COUNT = "parts-count"


@frozen
class Observation:
    """One oddity: where, the words, what is observed and (where known) what would be expected.

    ``detail`` is a short Chinese explanation to be put into a sentence by the rule.
    """

    kind: ObservationKind
    piece: TextPiece
    start: int
    end: int
    detail: str
    observed: str | None = None
    expected: str | None = None
    certainty: Confidence = Confidence.LIKELY
    related: tuple[Place, ...] = ()

    @property
    def place(self) -> Place:
        """The place of the odd words."""
        return self.piece.place(self.start, self.end)
