"""Figures of the text tied to the cells that state the same quantity, on hand-labelled texts with tables."""

from __future__ import annotations

import pytest

from tests.narrative.tying import Tally, score_ties, texts


@pytest.mark.parametrize(("part", "precision", "recall"), [("dev", 0.98, 0.9), ("held", 0.95, 0.9)])
def test_the_hand_labelled_ties(part: str, precision: float, recall: float) -> None:
    tally = Tally()
    for text in texts(part):
        score_ties(text, tally)
    assert tally.right >= precision * tally.tied, tally.wrong
    assert tally.right >= recall * tally.stating, tally.wrong
