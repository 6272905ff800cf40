"""The vocabulary every other module speaks: places, readings, mentions, slots, relations, findings.

A cell of a workbook, a cell of a Word table and a number in a sentence are all the same thing here:
a *mention* of a *quantity*. See docs/architecture.md for how these types flow through the program
and docs/glossary.md for the Chinese terms behind the names.

Everything in this module is immutable and free of behaviour that reads files or decides rules.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from gouji.frozen import frozen

__all__ = [
    "Acceptance",
    "Alternative",
    "Applicability",
    "Change",
    "Confidence",
    "Finding",
    "Fix",
    "Place",
    "Reading",
    "ReadingKind",
    "Severity",
    "Spelling",
]


class Severity(StrEnum):
    """How much a finding matters; the meanings are promised in the outside contract."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Applicability(StrEnum):
    """Who may apply a fix: the program by itself, a person who agrees, or nobody but by hand."""

    SAFE = "safe"
    UNSAFE = "unsafe"
    DISPLAY = "display"


class Confidence(StrEnum):
    """How sure an alternative is; shown to clerks as 确定, 很可能, 可能."""

    CERTAIN = "certain"
    LIKELY = "likely"
    POSSIBLE = "possible"


class ReadingKind(StrEnum):
    """What a typed text is, taken as an answer to «how much?»."""

    NUMBER = "number"
    PERCENT = "percent"
    DATE = "date"
    WORD = "word"
    PLACEHOLDER = "placeholder"
    BLANK = "blank"
    MALFORMED = "malformed"


class Spelling(StrEnum):
    """What is odd about the way a number was typed; NONE where nothing is."""

    NONE = "none"
    FULL_WIDTH = "full-width"
    CHINESE_PUNCTUATION = "chinese-punctuation"
    LOOK_ALIKE = "look-alike"
    INNER_SPACE = "inner-space"
    INVISIBLE = "invisible"
    REPEATED_POINT = "repeated-point"
    COMMA_AS_POINT = "comma-as-point"
    GROUPING = "grouping"
    REPEATED_SIGN = "repeated-sign"
    REPEATED_PERCENT = "repeated-percent"
    NUMBER_AS_TEXT = "number-as-text"
    OTHER = "other"


@frozen
class Reading:
    """What one typed text means as a number.

    ``value`` is the printed number in ``unit`` as printed (percent in percent points: ``99.93%`` is
    99.93; never multiplied by the unit). ``decimals`` is how many decimals were printed; a printed value
    stands for the interval value ± half a unit of its last decimal. ``comparison`` is one of
    ``≥ ≤ > < =`` (normalised) or None. ``upper`` closes a range (``3-5`` is value 3, upper 5).
    ``approximate`` is set by 余, 约, 左右 and the like. ``spelling`` names what is odd about the typing. When it is
    odd but the value is certain (full-width digits, stray space) ``kind`` stays NUMBER or PERCENT and
    ``normal`` is the text as it should be typed; when the value is not certain ``kind`` is MALFORMED,
    ``value`` is None, and ``candidates`` lists the plausible values, most plausible first.
    """

    text: str
    kind: ReadingKind
    value: Decimal | None = None
    decimals: int = 0
    unit: str | None = None
    comparison: str | None = None
    upper: Decimal | None = None
    approximate: bool = False
    spelling: Spelling = Spelling.NONE
    normal: str | None = None
    candidates: tuple[Decimal, ...] = ()

    @property
    def is_number(self) -> bool:
        """Whether a value was read with certainty."""
        return self.value is not None

    @property
    def is_empty(self) -> bool:
        """Whether nothing was stated: blank or a placeholder such as 无, ——, /."""
        return self.kind in (ReadingKind.BLANK, ReadingKind.PLACEHOLDER)


@frozen
class Place:
    """Where something stands, as the outside contract words it.

    ``sheet``/``cell`` for a workbook or a table in a text (then ``sheet`` is the table's title or 表N);
    ``paragraph`` (1-based) and ``text`` (the quoted words) for running text; ``label`` says in the form's
    own words what the cell states.
    """

    document: str
    sheet: str | None = None
    cell: str | None = None
    label: str | None = None
    paragraph: int | None = None
    text: str | None = None


@frozen
class Change:
    """One cell's text (or one quotation in a paragraph) replaced: ``old`` as typed, ``new`` as it should be typed."""

    sheet: str | None
    cell: str | None
    old: str
    new: str
    paragraph: int | None = None


@frozen
class Fix:
    """The changes that would mend a finding, and who may apply them."""

    applicability: Applicability
    changes: tuple[Change, ...]


@frozen
class Alternative:
    """One explanation of a fault: what would have to change, and the arithmetic that speaks for it."""

    confidence: Confidence
    changes: tuple[Change, ...]
    evidence: str


@frozen
class Acceptance:
    """A finding that somebody answers for: why the figure stands, in which role they speak, how severe it was.

    ``entry`` is the number (from 1) of the explanation that says so, those of ``gouji.toml`` first.
    """

    reason: str
    role: str
    severity: Severity
    entry: int


@frozen
class Finding:
    """One fault as told to the user; ``message`` is one Chinese sentence a clerk understands.

    An accepted finding has severity INFO and no fix; ``accepted`` keeps what it was and why it stands.
    """

    code: str
    name: str
    severity: Severity
    message: str
    location: Place
    observed: str | None = None
    expected: str | None = None
    relation: str | None = None
    related: tuple[Place, ...] = ()
    basis: str | None = None
    fix: Fix | None = None
    alternatives: tuple[Alternative, ...] = ()
    accepted: Acceptance | None = None
