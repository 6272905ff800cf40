"""What is not supported refuses with a reason, and the table in the README says the same."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import pytest
import xlwings as xw

import xlwings_libreoffice

pytestmark = pytest.mark.office
PACKAGE = Path(xlwings_libreoffice.__file__).parent


@pytest.mark.parametrize(
    ("call", "why"),
    [
        (lambda sheet: sheet.tables, "structured tables"),
        (lambda sheet: sheet.charts, "charts"),
        (lambda sheet: sheet["A1"].comment, "threaded comments"),
        (lambda sheet: sheet["A1"].copy_picture(), "clipboard"),
        (lambda sheet: sheet["A1"].api and sheet["A1"].autofilter.criteria, "not written yet"),
    ],
)
def test_a_missing_member_says_why(sheet: xw.Sheet, call: Any, why: str) -> None:
    with pytest.raises(NotImplementedError, match=why):
        call(sheet)


def test_nothing_of_the_paid_part_is_used() -> None:
    for module in PACKAGE.glob("*.py"):
        lines = module.read_text(encoding="utf-8").splitlines()
        assert not [line for line in lines if "import" in line and "xlwings.pro" in line]


def test_the_readme_lists_every_member_as_it_is(app: xw.App) -> None:
    from xlwings_libreoffice.table import supported_table

    assert app.engine.name == "libreoffice"
    readme = (PACKAGE / "README.md").read_text(encoding="utf-8")
    assert supported_table() in readme
    assert inspect.getdoc(supported_table)
