"""What follows from a total that was left at nought: the rate over it, and the points by that rate, are nought too.

With nothing spent of nothing the rate «fits», so no rule speaks of it; once the totals are filled in, it is wrong. The
totals are filled in on a copy in memory, and what the rules then say of those very lines is told beside them.
"""

from __future__ import annotations

from gouji.form import locate
from gouji.form.facts import Facts
from gouji.frozen import replace
from gouji.model import Applicability, Finding
from gouji.number import read_number
from gouji.repair.aftermath import line_of, mended, place_key
from gouji.rule.registry import run_rules

__all__ = ["with_consequences"]

_TOTAL = "GJ201"
_FOLLOWING = ("GJ203", "GJ304")  # the rate, then the points that it earns


def with_consequences(facts: Facts, findings: list[Finding]) -> list[Finding]:
    """The findings and, where totals stand at nought over filled lines, what goes with them."""
    empty = [found for found in findings if _left_at_nought(found)]
    if not empty:
        return findings
    changes = [change for found in empty if found.fix is not None for change in found.fix.changes]
    lines = {line_of(change.sheet, change.cell) for change in changes}
    form = facts.definition.id if facts.definition is not None else None
    told = list(findings)
    known = {place_key(found) for found in findings}
    for _ in _FOLLOWING:
        copy = mended(facts.document, changes)
        if copy is None:
            break
        after = locate(copy, form)
        fresh = [
            found
            for found in run_rules(after, after.settings, select=_FOLLOWING)
            if place_key(found) not in known
            and line_of(found.location.sheet, found.location.cell) in lines
            and found.fix is not None
            and found.fix.applicability is not Applicability.DISPLAY
        ]
        if not fresh:
            break
        told += [replace(found, message=f"合计改正以后，{found.message}") for found in fresh]
        known |= {place_key(found) for found in fresh}
        changes += [change for found in fresh if found.fix is not None for change in found.fix.changes]
    return told


def _left_at_nought(found: Finding) -> bool:
    """Whether this is a total of 0 over filled lines, with a fix that a person may accept."""
    return (
        found.code == _TOTAL
        and found.fix is not None
        and found.fix.applicability is Applicability.UNSAFE
        and all(read_number(change.old).value in (0, None) for change in found.fix.changes)
    )
