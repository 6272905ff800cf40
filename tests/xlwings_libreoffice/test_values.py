"""Values through xlwings' converters, as its documentation has them for Excel."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xlwings as xw

pytestmark = pytest.mark.office


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (1, 1.0),
        (2.5, 2.5),
        (Decimal("0.1"), 0.1),
        (np.float64(3.5), 3.5),
        (np.int64(7), 7.0),
        ("指标", "指标"),
        ("第一行\n第二行", "第一行\n第二行"),
        (True, True),
        (False, False),
        (None, None),
        ("", None),
        (float("nan"), None),
        (pd.NaT, None),
        (dt.datetime(2025, 3, 4, 8, 30), dt.datetime(2025, 3, 4, 8, 30)),
        (dt.date(2025, 3, 4), dt.datetime(2025, 3, 4)),
        (np.datetime64("2025-03-04"), dt.datetime(2025, 3, 4)),
        (pd.Timestamp("2025-03-04 08:30"), dt.datetime(2025, 3, 4, 8, 30)),
        # What a person types and Excel converts:
        ("00123", 123.0),
        ("1,234.5", 1234.5),
        ("12%", 0.12),
        ("2025-03-04", dt.datetime(2025, 3, 4)),
        ("true", True),
        ("'00123", "00123"),
        # and what it leaves alone:
        ("201.5.5", "201.5.5"),
        ("2025-13-40", "2025-13-40"),
        ("≥90%", "≥90%"),
        ("１２", "１２"),
    ],
)
def test_a_cell_gives_back_what_excel_would(sheet: xw.Sheet, written: Any, read: Any) -> None:
    sheet["B2"].value = written
    found = sheet["B2"].value
    assert found == read
    assert type(found) is type(read)


def test_text_format_keeps_typed_numbers_and_formulas_as_text(sheet: xw.Sheet) -> None:
    sheet["A1:B1"].number_format = "@"
    sheet["A1:C1"].value = ["00123", "=1+1", "00123"]
    assert sheet["A1:C1"].value == ["00123", "=1+1", 123.0]


def test_a_typed_percentage_shows_as_one_and_a_format_given_before_stays(sheet: xw.Sheet) -> None:
    sheet["A2"].number_format = "0.000"
    sheet["A1:A2"].value = [["12.5%"], ["12.5%"]]
    assert (sheet["A1"].number_format, sheet["A2"].number_format) == ("0.00%", "0.000")


def test_rows_columns_and_blocks_come_as_lists(sheet: xw.Sheet) -> None:
    sheet["A1"].value = [["项目", "金额"], ["甲", 1.5], ["乙", None]]
    assert sheet["A1:B3"].value == [["项目", "金额"], ["甲", 1.5], ["乙", None]]
    assert sheet["A2:B2"].value == ["甲", 1.5]
    assert sheet["A1:A3"].value == ["项目", "甲", "乙"]
    assert sheet["A1"].options(ndim=2).value == [["项目"]]
    assert sheet["A2:B2"].options(transpose=True, ndim=2).value == [["甲"], [1.5]]


def test_one_value_fills_a_block_and_a_list_goes_across(sheet: xw.Sheet) -> None:
    sheet["A1:B2"].value = "甲"
    sheet["D1"].value = [1, 2, 3]
    sheet["D2"].options(transpose=True).value = [4, 5]
    assert sheet["A1:B2"].value == [["甲", "甲"], ["甲", "甲"]]
    assert sheet["D1:F1"].value == [1.0, 2.0, 3.0]
    assert sheet["D2:D3"].value == [4.0, 5.0]


def test_errors_are_none_or_named(sheet: xw.Sheet) -> None:
    sheet["A1:C1"].value = ["=1/0", "=NA()", "=未定义的名称"]
    assert sheet["A1:C1"].value == [None, None, None]
    assert sheet["A1:C1"].options(err_to_str=True).value == ["#DIV/0!", "#N/A", "#NAME?"]
    assert sheet["A1"].options(err_to_str=True).value == "#DIV/0!"


def test_converters_choose_numbers_dates_and_blanks(sheet: xw.Sheet) -> None:
    sheet["A1:C1"].value = [3, dt.date(2025, 3, 4), None]
    assert sheet["A1:C1"].options(numbers=int, dates=dt.date, empty="无").value == [
        3,
        dt.date(2025, 3, 4),
        "无",
    ]


def test_numpy_arrays_go_both_ways(sheet: xw.Sheet) -> None:
    sheet["A1"].value = np.arange(6.0).reshape(2, 3)
    found = sheet["A1:C2"].options(np.array).value
    assert found.shape == (2, 3)
    assert found.sum() == 15


def test_data_frames_go_both_ways(sheet: xw.Sheet) -> None:
    frame = pd.DataFrame(
        {"项目": ["甲", "乙"], "金额": [1.5, None], "日": pd.to_datetime(["2025-01-01"] * 2)}
    )
    sheet["A1"].options(index=False).value = frame
    assert sheet["A1:C2"].value == [["项目", "金额", "日"], ["甲", 1.5, dt.datetime(2025, 1, 1)]]
    back = sheet["A1"].options(pd.DataFrame, expand="table", index=False).value
    assert list(back["项目"]) == ["甲", "乙"]
    assert back["金额"].sum() == 1.5


def test_dictionaries_and_expansion(sheet: xw.Sheet) -> None:
    sheet["A1"].value = {"甲": 1, "乙": 2}
    assert sheet["A1:B2"].options(dict).value == {"甲": 1.0, "乙": 2.0}
    assert sheet["A1"].expand("down").address == "$A$1:$A$2"
    assert sheet["A1"].options(expand="table").value == [["甲", 1.0], ["乙", 2.0]]


def test_whole_columns_are_read_as_far_as_they_are_used(sheet: xw.Sheet) -> None:
    sheet["A1"].value = [[1], [2], [3]]
    assert sheet["A:A"].value == [1.0, 2.0, 3.0]


def test_a_block_of_every_kind_survives_a_round(sheet: xw.Sheet) -> None:
    block = [["甲", 1.0, True, dt.datetime(2025, 3, 4)], [None, -0.5, False, "乙"]]
    sheet["B3"].value = block
    assert sheet["B3:E4"].value == block
