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
    Observation,
    ObservationKind,
    PairKind,
    Period,
    Standing,
    StatedKind,
    StatedMeasure,
    StatedRelation,
    StatedTerm,
    TextPiece,
)
from gouji.narrative.match import pairs
from gouji.narrative.observe import observations

__all__ = [
    "Dimension",
    "Figure",
    "FigurePair",
    "Observation",
    "ObservationKind",
    "PairKind",
    "Period",
    "Standing",
    "StatedKind",
    "StatedMeasure",
    "StatedRelation",
    "StatedTerm",
    "TextPiece",
    "extract",
    "observations",
    "pairs",
    "statements",
]
