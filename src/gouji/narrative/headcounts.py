"""What the prose says of posts and staff (编制26人，在职24人) tied to the one-line record of them.

Only where they agree: a text may count other people than the record does (事业编制, 含借调).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from gouji.form.facts import Facts
from gouji.model import Confidence
from gouji.narrative.entries import Entry
from gouji.narrative.figures import Dimension, Figure, PairKind, StatedMeasure
from gouji.narrative.tables import TableTie
from gouji.pattern import compiled

__all__ = ["headcount_ties"]

_NAMES = {
    "establishment": compiled(r"(?:核定|人员|总)?编制(?:总?数|人数)?"),
    "headcount": compiled(r"(?:年末|实际|实有)*在(?:职|编|岗)(?:在[编岗])?(?:人员|职工)?(?:人?数)?"),
    "control_rate": compiled(r"(?:在职|财政供养)?人员控制率"),
}


def headcount_ties(figures: Iterable[Figure], facts: Facts) -> Iterator[TableTie]:
    """The figures that state a cell of the record of posts and staff, and agree with it."""
    cells = [
        (name, slot)
        for record in facts.records
        for name, slot in record.slots.items()
        if slot.value is not None
    ]
    for figure in figures if cells else ():
        people = figure.dimension is Dimension.COUNT and figure.population in ("人", "名", "个")
        rate = figure.dimension is Dimension.PERCENT and figure.measure is StatedMeasure.RATE
        if not (people or rate) or figure.period.year not in (facts.year, None) or figure.qualifiers:
            continue
        for name, slot in cells:
            said = _NAMES.get(name)
            if said is not None and said.fullmatch(figure.concept) and figure.value == slot.value:
                amount = slot.value or Decimal(0)
                entry = Entry(slot, figure.measure, facts.year, figure.dimension, amount, slot.reading)
                yield TableTie(figure, entry, PairKind.AGREES, Confidence.LIKELY)
                break
