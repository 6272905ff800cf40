"""What is left once the sure mends are made: findings that go away with a cause were its symptoms.

A figure typed wrong makes a total fail, and it may also look like spending over budget, or earn too many points.
The mend is tried on a copy of the document in memory; whatever the rules then no longer say is told once, with
the cause. Nothing is written.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from gouji.form import locate
from gouji.form.facts import Facts
from gouji.frozen import replace
from gouji.model import Applicability, Change, Finding, Place, Severity
from gouji.number import read_number
from gouji.rule.registry import is_crash, run_rules
from gouji.source.document import Cell, Document, Grid, cell_position

__all__ = ["line_of", "mended", "place_key", "told_once", "without_symptoms"]

_HUNDRED = Decimal(100)
_PLAUSIBILITY = frozenset({"GJ107", "GJ108", "GJ208"})
_TOTALS = frozenset({"GJ201", "GJ202"})
_FAULTY = frozenset({"GJ104", "GJ201", "GJ202", "GJ205", "GJ210", "GJ401"})


def without_symptoms(
    facts: Facts,
    findings: list[Finding],
    causes: Iterable[Finding],
    explained: Iterable[tuple[Finding, Iterable[Finding]]] = (),
) -> list[Finding]:
    """The findings less those that go away with one of the causes; these become its ``related``.

    Args:
        facts: The document.
        findings: All findings, the causes among them.
        causes: Findings whose fix is sure enough to be tried.
        explained: Findings told in place of what rules found: they go away only with all of that, wherever they
            themselves stand.
    """
    sure = [cause for cause in causes if cause.fix is not None and _tells(cause)]
    touched = {_cell(change) for cause in sure if cause.fix is not None for change in cause.fix.changes}
    others = [found for found in findings if found not in sure]
    lines = {line_of(*cell) for cell in touched}
    near = [
        found
        for found in others
        if any(line_of(*place) in lines for place in _places(found)) and not is_crash(found)
    ]
    if not near:
        return findings
    copy = mended(facts.document, [c for cause in sure if cause.fix is not None for c in cause.fix.changes])
    if copy is None:
        return findings
    form = facts.definition.id if facts.definition is not None else None
    after = locate(copy, form)
    raw = {id(told): {place_key(each) for each in found} for told, found in explained}
    keys = {id(found): raw.get(id(found), {place_key(found)}) for found in near}
    asked = tuple(sorted({code for found in keys.values() for code, *_ in found}))
    still = {place_key(found) for found in run_rules(after, after.settings, select=asked)}
    gone = [found for found in near if not keys[id(found)] & still]
    kept: list[Finding] = []
    for found in findings:
        if found in gone:
            continue
        mended_lines = {line_of(*cell) for cell in _changed(found)} if found in sure else set()
        own = [g for g in gone if any(line_of(*place) in mended_lines for place in _places(g))]
        kept.append(_with_related(found, own) if own else found)
    return kept


def told_once(findings: list[Finding]) -> list[Finding]:
    """The findings less those that weigh a figure (over budget, far above target) which another calls wrong."""
    faulty = {
        (found.location.sheet, found.location.cell)
        for found in findings
        if found.code in _FAULTY and found.severity is Severity.ERROR and _pinned(found)
    }
    return [
        found
        for found in findings
        if found.code not in _PLAUSIBILITY or (found.location.sheet, found.location.cell) not in faulty
    ]


def _pinned(found: Finding) -> bool:
    """Whether the cell itself is judged wrong; a total that fails may be right and one of its lines wrong."""
    if found.location.cell is None:
        return False
    if found.code not in _TOTALS:
        return True
    return _tells(found) and (found.location.sheet, found.location.cell) in _changed(found)


def _tells(cause: Finding) -> bool:
    return cause.fix is not None and cause.fix.applicability is not Applicability.DISPLAY


def _cell(change: Change) -> tuple[str | None, str | None]:
    return change.sheet, change.cell


def _changed(cause: Finding) -> set[tuple[str | None, str | None]]:
    return {_cell(change) for change in cause.fix.changes} if cause.fix is not None else set()


def _places(found: Finding) -> set[tuple[str | None, str | None]]:
    return {(place.sheet, place.cell) for place in (found.location, *found.related) if place.cell is not None}


def line_of(sheet: str | None, cell: str | None) -> tuple[str | None, int | None]:
    """The line of a table: a rule that cannot read one figure of it may judge it by another."""
    position = cell_position(cell)
    return sheet, position[0] if position is not None else None


def place_key(found: Finding) -> tuple[str, str | None, str | None, int | None]:
    """What tells a finding from others: its code and its place."""
    place = found.location
    return found.code, place.sheet, place.cell, place.paragraph


def _with_related(cause: Finding, symptoms: list[Finding]) -> Finding:
    places: dict[tuple[str | None, str | None, int | None], Place] = {
        (p.sheet, p.cell, p.paragraph): p for p in cause.related
    }
    for found in symptoms:
        for place in (found.location, *found.related):
            if (place.sheet, place.cell) not in _changed(cause):
                places.setdefault((place.sheet, place.cell, place.paragraph), place)
    return replace(cause, related=tuple(places.values()))


def mended(document: Document, changes: list[Change]) -> Document | None:
    """The document with the changes made; None where one of them does not replace a whole cell."""
    grids = {grid.name: grid for grid in document.grids}
    for change in changes:
        grid = grids.get(change.sheet or "")
        position = cell_position(change.cell)
        cell = grid.at(*position) if grid is not None and position is not None else None
        if grid is None or cell is None or cell.text.strip() != change.old.strip():
            return None
        grids[grid.name] = _typed(grid, cell, change.new)
    return replace(document, grids=tuple(grids[grid.name] for grid in document.grids))


def _typed(grid: Grid, cell: Cell, text: str) -> Grid:
    value: Decimal | str = text
    reading = read_number(text)
    if grid.is_sheet and reading.value is not None:
        value = reading.value / _HUNDRED if "%" in text else reading.value
    new = replace(cell, text=text, value=value, formula=None, calculated=True)
    return replace(grid, cells={**grid.cells, (cell.row, cell.col): new})
