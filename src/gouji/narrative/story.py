"""The prose of a whole submission, read once: paragraphs and long cells, their figures, and what they say together."""

from __future__ import annotations

from functools import lru_cache

from gouji.form.facts import Facts
from gouji.frozen import frozen
from gouji.narrative.arithmetic import statements
from gouji.narrative.extract import extract
from gouji.narrative.figures import Figure, FigurePair, Observation, StatedRelation, TextPiece
from gouji.narrative.match import pairs
from gouji.narrative.observe import observations
from gouji.narrative.tables import TableTie, table_ties

__all__ = ["Story", "story_of"]


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
        table_ties(figures, facts),
    )
