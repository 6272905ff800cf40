"""Findings as a pandas table."""

from __future__ import annotations

from gouji.report.frame import COLUMNS, to_frame
from gouji.result import DocumentResult


def test_one_row_a_finding(result: DocumentResult, refused: DocumentResult) -> None:
    frame = to_frame([result, refused])
    assert list(frame["code"]) == ["GJ401", "GJ601"]
    assert frame["cell"].tolist()[0] == "C3"
    assert frame["cell"].isna().tolist() == [False, True]
    assert frame["paragraph"].isna().tolist() == [True, False]
    assert frame.loc[1, "paragraph"] == 12
    assert frame["fix"].tolist()[0] == "safe"
    assert list(frame["related"]) == [2, 0]


def test_the_columns_are_there_where_nothing_was_found(clean: DocumentResult) -> None:
    frame = to_frame([clean])
    assert tuple(frame.columns) == COLUMNS
    assert frame.empty
