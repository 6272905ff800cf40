"""The prose of a whole submission, read once: paragraphs and long cells, their figures, and what they say together."""

from __future__ import annotations

from functools import lru_cache

from gouji.form.facts import Facts
from gouji.frozen import frozen
from gouji.narrative.arithmetic import statements
from gouji.narrative.extract import extract
from gouji.narrative.figures import Figure, FigurePair, Observation, PairKind, StatedRelation, TextPiece
from gouji.narrative.headcounts import headcount_ties
from gouji.narrative.match import pairs
from gouji.narrative.observe import observations
from gouji.narrative.scores import score_ties
from gouji.narrative.tables import TableTie, table_ties

__all__ = ["Story", "earlier_ties", "story_of", "workbook_ties"]


@frozen
class Story:
    """What the prose of one document states."""

    pieces: tuple[TextPiece, ...]
    figures: tuple[Figure, ...]
    statements: tuple[StatedRelation, ...]
    pairs: tuple[FigurePair, ...]
    observations: tuple[Observation, ...]
    ties: tuple[TableTie, ...]


@lru_cache(maxsize=2)
def story_of(facts: Facts) -> Story:
    """Read the prose of a document; kept for the rules that ask next."""
    path = facts.document.path
    pieces = tuple(
        TextPiece(path, paragraph.text, paragraph.number)
        for paragraph in facts.document.paragraphs
        if paragraph.text.strip()
    ) + tuple(
        TextPiece(path, text.text, None, text.slot.grid.name, text.slot.name, text.slot.label or None)
        for text in facts.long_texts
    )
    figures = extract(pieces, year=facts.year)
    return Story(
        pieces,
        figures,
        statements(figures),
        pairs(figures),
        observations(pieces, figures, titles=tuple(grid.title or grid.name for grid in facts.document.grids)),
        (*table_ties(figures, facts), *score_ties(figures, facts), *headcount_ties(figures, facts)),
    )


@lru_cache(maxsize=2)
def workbook_ties(facts: Facts) -> tuple[TableTie, ...]:
    """The figures of a report tied to the cells of the workbooks it was handed in with.

    A figure that agrees with one of several workbooks is not held against the others.
    """
    return _ties(story_of(facts).figures, facts.workbooks)


@lru_cache(maxsize=2)
def earlier_ties(facts: Facts) -> tuple[TableTie, ...]:
    """The figures about an earlier year tied to the cells of that year's forms."""
    years = {earlier.year for earlier in facts.earlier} - {None, facts.year}
    figures = tuple(f for f in story_of(facts).figures if f.period.stated and f.period.year in years)
    return _ties(figures, facts.earlier)


def _ties(figures: tuple[Figure, ...], others: tuple[Facts, ...]) -> tuple[TableTie, ...]:
    found: dict[int, TableTie] = {}
    for other in others:
        for tie in table_ties(figures, other):
            known = found.get(id(tie.figure))
            if known is None or (known.kind is not PairKind.AGREES and tie.kind is PairKind.AGREES):
                found[id(tie.figure)] = tie
    return tuple(sorted(found.values(), key=lambda tie: (tie.figure.sentence, tie.figure.start)))
