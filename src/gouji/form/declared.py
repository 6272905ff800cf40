"""The sums that a described form declares (``sums`` in form.toml), found among the lines of a located block."""

from __future__ import annotations

from gouji.form.definition import DeclaredSum, FormDefinition
from gouji.form.facts import MoneyRow, MoneyTable
from gouji.form.label import parse_label
from gouji.form.lexicon import concept
from gouji.form.outline import Tie

__all__ = ["declared_sum", "declared_ties", "names_line", "with_declared"]

_BELOW = "/*"


def with_declared(ties: list[Tie], table: MoneyTable, form: FormDefinition | None) -> list[Tie]:
    """The ties read from the labels, those that the form declares first among their hypotheses and certain."""
    declared = {tie.parent: tie for tie in declared_ties(table, form)}
    made: list[Tie] = []
    for tie in ties:
        own = declared.pop(tie.parent, None) if tie.sums else None
        if own is None:
            made.append(tie)
            continue
        hypotheses = tuple(dict.fromkeys((*own.hypotheses, *tie.hypotheses)))
        made.append(Tie(tie.parent, hypotheses, sums=True, certain=True))
    return [*made, *declared.values()]


def declared_ties(table: MoneyTable, form: FormDefinition | None) -> list[Tie]:
    """One tie for each declared sum whose total and lines are all in the table."""
    if form is None:
        return []
    made: dict[int, Tie] = {}
    for block in form.blocks:
        for declared in block.sums:
            tie = declared_sum(table, declared, block.rows)
            if tie is not None:
                made.setdefault(tie.parent, tie)
    return list(made.values())


def declared_sum(table: MoneyTable, declared: DeclaredSum, printed: tuple[str, ...]) -> Tie | None:
    """The lines of a table that a declared sum is about; None where some are not there.

    Args:
        table: The table.
        declared: The sum.
        printed: The lines that the form prints, at which the lines «below» another one end.
    """
    total = _line(table, declared.total)
    if total is None:
        return None
    children: list[int] = []
    for part in declared.parts:
        line = _line(table, part.removesuffix(_BELOW))
        if line is None:
            return None
        children += _below(table, line, printed) if part.endswith(_BELOW) else [line.index]
    return Tie(total.index, (tuple(children),), sums=True, certain=True) if len(children) > 1 else None


def _below(table: MoneyTable, heading: MoneyRow, printed: tuple[str, ...]) -> list[int]:
    """The lines below a heading down to the next one the form prints; the heading itself where it bears the amount."""
    if heading.concept is None and any(slot.value is not None for slot in heading.slots):
        return [heading.index]
    found: list[int] = []
    for row in table.rows[heading.index + 1 :]:
        if any(names_line(row, name) for name in printed):
            break
        found.append(row.index)
    return found


def _line(table: MoneyTable, name: str) -> MoneyRow | None:
    """The line named: by its very words, else by what they mean (two lines may mean «other»)."""
    lines = [row for row in table.rows if names_line(row, name)]
    return next((row for row in lines if _says(row, name)), lines[0] if lines else None)


def names_line(row: MoneyRow, name: str) -> bool:
    """Whether a line is the one named, whatever its brackets say and however the bureau words it."""
    meaning = concept("fund_row", parse_label(name).core)
    return _says(row, name) or (meaning is not None and meaning == row.concept)


def _says(row: MoneyRow, name: str) -> bool:
    core = parse_label(name).core.split("(")[0]
    return bool(core) and row.label.core.split("(")[0] == core
