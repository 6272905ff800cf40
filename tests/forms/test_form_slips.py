"""Two neighbouring digits swapped anywhere in a right form: noticed, and never put right wrongly."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from gouji.form.facts import RelationKind
from gouji.model import Applicability
from gouji.number import read_number
from tests.forms.example import NAMES, check, example, facts_of, with_cells

_EQUALITIES = (
    RelationKind.SUM,
    RelationKind.BALANCE,
    RelationKind.EQUAL,
    RelationKind.RATIO,
    RelationKind.CONTROL,
)


def swapped(text: str) -> str | None:
    """The first two different neighbouring digits swapped, the number's length kept."""
    for at, (one, two) in enumerate(pairwise(text)):
        if one.isdigit() and two.isdigit() and one != two and not (at == 0 and two == "0"):
            return text[:at] + two + one + text[at + 2 :]
    return None


def slips(name: str) -> list[tuple[str, str, str]]:
    """Every figure that takes part in an equality: sheet, cell, and how it looks with two digits swapped."""
    found: dict[tuple[str, str], str] = {}
    for relation in facts_of(example(name)).relations:
        for mention in (relation.result, *(term.mention for term in relation.terms)):
            typed = mention.slot.text
            other = swapped(typed)
            if relation.kind in _EQUALITIES and other is not None and re.fullmatch(r"[\d,.]+%?", typed):
                found[mention.slot.grid.name, mention.slot.name] = other
    return [(sheet, cell, typed) for (sheet, cell), typed in found.items()]


@pytest.mark.parametrize("name", NAMES)
def test_a_swap_is_noticed_and_never_put_right_wrongly(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOUJI_DEBUG", "1")
    made = slips(name)
    assert made
    typed_right = {(m.slot.grid.name, m.slot.name): m.slot.text for m in facts_of(example(name)).mentions}
    missed, wrong = [], []
    for sheet, cell, typed in made:
        raw = example(name)
        found = check(with_cells(raw, {f"{sheet}!{cell}": typed}))
        places = [place for each in found for place in (each.location, *each.related)]
        if not any(place.cell == cell and place.sheet == sheet for place in places):
            missed.append((sheet, cell, typed))
        right = read_number(typed_right[sheet, cell]).value
        wrong += [
            (sheet, cell, typed, change)
            for each in found
            if each.fix is not None and each.fix.applicability is Applicability.SAFE
            for change in each.fix.changes
            if (change.sheet, change.cell) != (sheet, cell) or read_number(change.new).value != right
        ]
    assert missed == []
    assert wrong == []
