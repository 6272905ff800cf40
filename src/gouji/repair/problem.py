"""What the repair engine is asked and what it answers; the JSON forms are those of the outside contract.

A problem is a set of cells as typed and the relations that ought to tie them. An answer names the relations
that fail and, for each independent fault, the ranked explanations: which cells, what values, what slip of the
hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import TypeAlias

from gouji.frozen import frozen
from gouji.model import Severity

__all__ = [
    "Answer",
    "AtMostRelation",
    "CellKind",
    "Group",
    "Id",
    "LinearRelation",
    "Problem",
    "ProblemError",
    "RatioRelation",
    "Relation",
    "RelationFinding",
    "RepairAlternative",
    "RepairCell",
    "answer_to_json",
    "parse_problem",
]

Id: TypeAlias = str | int
ZERO = Decimal(0)
ONE = Decimal(1)
LARGEST_EXPONENT = 30
LARGEST_DECIMALS = 12
_USUAL = {1: ONE, -1: Decimal(-1)}  # the coefficients of nearly every sum


class ProblemError(ValueError):
    """The problem cannot be posed: a field is missing or of the wrong type, or a cell is unknown."""


class CellKind(StrEnum):
    """What a cell counts; decides the decimals it may print and which slips it can suffer."""

    __hash__ = str.__hash__  # Enum's own is written in Python, and rows and columns are looked up by kind

    AMOUNT = "amount"
    PERCENT = "percent"
    COUNT = "count"
    SCORE = "score"


_KINDS: Mapping[str, CellKind] = {kind.value: kind for kind in CellKind}


@frozen
class RepairCell:
    """One figure as typed.

    ``text`` is the figure as typed; ``""``, ``-``, ``——``, ``无`` and the like are blanks and count 0 in
    sums. ``table``, ``row`` and ``col`` give its neighbourhood (None: it stands in running text).
    ``decimals`` is the most decimals the form prints for it, ``minimum`` the least value it can have (None:
    no bound). Percent cells count in percent points: ``99.93%`` is 99.93.
    """

    id: Id
    text: str
    label: str = ""
    table: str = ""
    row: int | None = None
    col: int | None = None
    kind: CellKind = CellKind.AMOUNT
    unit: str = ""
    decimals: int = 2
    minimum: Decimal | None = ZERO


@frozen
class LinearRelation:
    """|Σ coefficient·cell − rhs| ≤ tol holds; up to ``soft`` it may be a rounding difference."""

    id: Id
    terms: tuple[tuple[Id, Decimal], ...]
    rhs: Decimal = ZERO
    tol: Decimal = ZERO
    soft: Decimal = ZERO
    label: str = ""


@frozen
class RatioRelation:
    """rate = 100·num/den in percent points, within ``tol``; up to ``soft`` it may be a truncated rate."""

    id: Id
    num: Id
    den: Id
    rate: Id
    tol: Decimal = ZERO
    soft: Decimal = ZERO
    label: str = ""


@frozen
class AtMostRelation:
    """Σ coefficient·cell ≤ rhs + tol: a subset within its whole (其中), a score within its weight."""

    id: Id
    terms: tuple[tuple[Id, Decimal], ...]
    rhs: Decimal = ZERO
    tol: Decimal = ZERO
    label: str = ""


Relation: TypeAlias = LinearRelation | RatioRelation | AtMostRelation


@frozen
class Problem:
    """Cells and the relations that tie them; ``id`` is echoed in the answer."""

    cells: tuple[RepairCell, ...]
    relations: tuple[Relation, ...]
    id: Id | None = None


@frozen
class RelationFinding:
    """One thing found wrong: a relation that fails, or (``relation`` None) a cell whose spelling does.

    ``size`` is by how much a relation fails, in its own unit (percent points for a ratio); None for a cell.
    """

    relation: Id | None
    cells: tuple[Id, ...]
    level: Severity
    kind: str
    size: Decimal | None = None


@frozen
class RepairAlternative:
    """One explanation of a fault.

    ``changes`` maps every cell blamed to its right value (None: this cell, value unknown). ``confidence`` is
    the probability that exactly these changes are right. ``kind`` names the slips of the hand, joined by
    ``+``; ``evidence`` is the arithmetic that speaks for it.
    """

    changes: Mapping[Id, Decimal | None]
    confidence: float
    kind: str
    evidence: str


@frozen
class Group:
    """One independent fault: its explanations, best first; ``auto`` says the first is safe to apply unasked.

    ``relations`` are the failing relations it accounts for (its symptoms), ``malformed`` the ill-spelt cells.
    """

    alternatives: tuple[RepairAlternative, ...]
    auto: bool
    relations: tuple[Id, ...] = ()
    malformed: tuple[Id, ...] = ()


@frozen
class Answer:
    """Everything found; ``complete`` is False where the time limit cut the search (best answer so far)."""

    findings: tuple[RelationFinding, ...]
    groups: tuple[Group, ...]
    id: Id | None = None
    complete: bool = True


def parse_problem(obj: object) -> Problem:
    """Read a problem from its JSON form.

    Amounts may be JSON strings or numbers. Unknown keys are ignored; ``min`` missing means 0, null means no
    bound; ``decimals`` missing means 0 for counts, else 2.

    Raises:
        ProblemError: a field is missing or unusable, an id is used twice, or a relation names an unknown
        cell.
    """
    if not isinstance(obj, Mapping):
        raise ProblemError("a problem is a JSON object")
    cells = tuple([parse_cell(item) for item in _list(obj, "cells")])
    known = {cell.id for cell in cells}
    if len(known) != len(cells):
        raise ProblemError("two cells have the same id")
    relations = tuple([parse_relation(item, known) for item in _list(obj, "relations")])
    if len({relation.id for relation in relations}) != len(relations):
        raise ProblemError("two relations have the same id")
    name = obj.get("id")
    return Problem(cells, relations, name if isinstance(name, str | int) else None)


def parse_cell(obj: object) -> RepairCell:
    """Read one cell.

    Raises:
        ProblemError: no usable id or text, or an unknown kind.
    """
    if not isinstance(obj, dict | Mapping):
        raise ProblemError("a cell is a JSON object")
    get = obj.get
    name = get("id")
    if type(name) is not str:
        name = _id(obj, "id")
    wanted = get("kind") or "amount"
    kind = _KINDS.get(wanted) if isinstance(wanted, str) else None
    if kind is None:
        raise ProblemError(f"cell {name}: unknown kind {wanted!r}")
    decimals = get("decimals")
    if decimals is None:
        decimals = 0 if kind is CellKind.COUNT else 2
    if not isinstance(decimals, int) or not 0 <= decimals <= LARGEST_DECIMALS:
        raise ProblemError(f"cell {name}: decimals must be 0 to {LARGEST_DECIMALS}")
    text, row, col, minimum = get("text"), get("row"), get("col"), get("min", ZERO)
    try:
        low = None if minimum is None else _exact(minimum)
    except (TypeError, ValueError, ArithmeticError):
        low = _number(minimum, "min")  # says what is wrong with it
    return RepairCell(
        name,
        "" if text is None else str(text),
        str(get("label") or ""),
        str(get("table") or ""),
        row if isinstance(row, int) else None,
        col if isinstance(col, int) else None,
        kind,
        str(get("unit") or ""),
        decimals,
        low,
    )


def parse_relation(obj: object, known: set[Id]) -> Relation:
    """Read one relation whose cells are among ``known``.

    Raises:
        ProblemError: an unknown type, an unknown cell, or a number that is none.
    """
    if not isinstance(obj, dict | Mapping):
        raise ProblemError("a relation is a JSON object")
    name, label, kind = _id(obj, "id"), str(obj.get("label") or ""), obj.get("type")
    tol = _decimal(obj, "tol", ZERO)
    soft = max(tol, _decimal(obj, "soft", tol))
    if kind == "ratio":
        num, den, rate = (_known(_id(obj, key), known, name) for key in ("num", "den", "rate"))
        return RatioRelation(name, num, den, rate, tol, soft, label)
    if kind not in ("linear", "le"):
        raise ProblemError(f"relation {name}: unknown type {kind!r}")
    sums: dict[Id, Decimal] = {}
    for item in _list(obj, "terms"):
        if not isinstance(item, list | tuple) or len(item) != 2 or not isinstance(item[0], str | int):
            raise ProblemError(f"relation {name}: a term is [cell, coefficient]")
        cell = item[0]
        if cell not in known:
            _known(cell, known, name)
        given = item[1]
        coef = _USUAL.get(given) if type(given) is int else None
        if coef is None:
            coef = _number(given, "coefficient", name)
        sums[cell] = sums[cell] + coef if cell in sums else coef
    terms = tuple([term for term in sums.items() if term[1]])
    rhs = _decimal(obj, "rhs", ZERO)
    if kind == "le":
        return AtMostRelation(name, terms, rhs, tol, label)
    return LinearRelation(name, terms, rhs, tol, soft, label)


def answer_to_json(answer: Answer) -> dict[str, object]:
    """The answer as the outside contract words it; ``complete`` appears only where it is false."""
    out: dict[str, object] = {
        "id": answer.id,
        "findings": [
            {
                "relation": finding.relation,
                "cells": list(finding.cells),
                "level": finding.level.value,
                "kind": finding.kind,
            }
            for finding in answer.findings
        ],
        "groups": [
            {
                "alternatives": [
                    {
                        "changes": {
                            str(cell): None if value is None else plain(value)
                            for cell, value in alternative.changes.items()
                        },
                        "confidence": round(alternative.confidence, 6),
                        "kind": alternative.kind,
                        "evidence": alternative.evidence,
                    }
                    for alternative in group.alternatives
                ],
                "auto": group.auto,
            }
            for group in answer.groups
        ],
    }
    if not answer.complete:
        out["complete"] = False
    return out


def plain(value: Decimal) -> str:
    """A value as plain decimal without exponent or trailing zeros: ``201.5``, ``0``."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _list(obj: Mapping[object, object], key: str) -> list[object]:
    found = obj.get(key)
    if isinstance(found, list):
        return found
    if not isinstance(found, tuple):
        raise ProblemError(f"{key!r} must be a list")
    return list(found)


def _id(obj: Mapping[object, object], key: str) -> Id:
    found = obj.get(key)
    if isinstance(found, bool) or not isinstance(found, str | int):
        raise ProblemError(f"{key!r} must be a string or a whole number")
    return found


def _known(cell: Id, known: set[Id], relation: Id) -> Id:
    if cell not in known:
        raise ProblemError(f"relation {relation} names the unknown cell {cell!r}")
    return cell


def _decimal(obj: Mapping[object, object], key: str, default: Decimal) -> Decimal:
    found = obj.get(key)
    return default if found is None else _number(found, key)


def _number(found: object, what: str, relation: Id | None = None) -> Decimal:
    """An amount from a JSON string or number; a binary float is taken at its shortest spelling.

    Raises:
        ProblemError: it is no number, or out of range.
    """
    if found is ZERO:
        return ZERO
    try:
        return _exact(found)
    except (TypeError, ValueError, ArithmeticError) as error:
        named = what if relation is None else f"relation {relation}: {what}"
        reason = "is out of range" if isinstance(error, OverflowError) else "is no number"
        raise ProblemError(f"{named}: {found!r} {reason}") from error


@lru_cache(maxsize=1024, typed=True)
def _exact(found: object) -> Decimal:
    """The decimal that a JSON number or string says; the same few coefficients and tolerances come again and again.

    Raises:
        InvalidOperation: it is no number.
        OverflowError: nobody counts that far.
        TypeError: it is a list or an object.
    """
    value = Decimal(repr(found)) if isinstance(found, int | float) else Decimal(str(found))
    if not value.is_finite() or (value and not -LARGEST_EXPONENT < value.adjusted() < LARGEST_EXPONENT):
        raise OverflowError
    return value
