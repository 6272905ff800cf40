"""Words shared by the rules about prose: where a figure stands, what a change of the text would be."""

from __future__ import annotations

from gouji.model import Applicability, Change, Fix
from gouji.narrative.figures import Figure, TextPiece

__all__ = ["quoted", "retyped", "where"]

_LONGEST = 40


def where(piece: TextPiece) -> str:
    """Where a text stands, as a clerk would say it."""
    if piece.paragraph is not None:
        return f"第 {piece.paragraph} 段"
    return f"{piece.cell} 的文字"


def quoted(words: str) -> str:
    """The words in quotation marks, a long passage cut."""
    words = words.strip()
    return f"“{words}”" if len(words) <= _LONGEST else f"“{words[:_LONGEST]}…”"


def retyped(figure: Figure, number: str) -> Fix | None:
    """The change that types another number at a figure's place; never applied without a person."""
    piece = figure.piece
    old, typed = figure.typed, figure.reading.text
    digits = "".join(char for char in typed if char.isdigit() or char in ".,，")
    if not digits or digits not in old:
        return None
    change = Change(piece.sheet, piece.cell, old, old.replace(digits, number, 1), piece.paragraph)
    return Fix(Applicability.UNSAFE, (change,))
