"""Prose as mentions: the figures of a text, the arithmetic it states, where it contradicts itself.

:func:`extract` finds the figures of paragraphs and long cells; :func:`statements` the relations between
them; :func:`pairs` the figures that state one quantity twice; :func:`observations` what is odd apart from
arithmetic. Nothing here decides what is wrong: that is for the rules.
"""

from gouji.narrative.arithmetic import statements
from gouji.narrative.extract import extract
from gouji.narrative.figures import (
    Dimension,
    Figure,
    FigurePair,
    Measure,
    Observation,
    ObservationKind,
    PairKind,
    Period,
    RelationKind,
    Standing,
    StatedRelation,
    Term,
    TextPiece,
)
from gouji.narrative.match import pairs
from gouji.narrative.observe import observations

__all__ = [
    "Dimension",
    "Figure",
    "FigurePair",
    "Measure",
    "Observation",
    "ObservationKind",
    "PairKind",
    "Period",
    "RelationKind",
    "Standing",
    "StatedRelation",
    "Term",
    "TextPiece",
    "extract",
    "observations",
    "pairs",
    "statements",
]
