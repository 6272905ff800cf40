"""What the engine makes of a whole report is told at every place that is wrong, and nothing is lost on the way."""

from __future__ import annotations

from gouji.checking import check_bytes
from tests.examples.damage import damaged


def test_a_cell_and_a_sentence_that_are_both_wrong_are_both_told_beside_another_sure_fault() -> None:
    found = check_bytes(damaged(("104.2", "140.2")), "x.docx").findings
    cell = next(f for f in found if f.location.cell == "F14" and f.code == "GJ201")
    assert (cell.observed, cell.expected) == ("104.02", "104.2")
    words = next(f for f in found if f.location.paragraph == 16)
    assert (words.code, words.observed, words.expected) == ("GJ610", "140.2万元", "104.2万元")
    assert [f.expected for f in found if f.code == "GJ401"] == ["201.5"]
