"""The example workbooks are what their script makes of the example reports, with the figures as typed."""

from __future__ import annotations

import importlib
import io
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

from gouji.source import read

EXAMPLES = Path(__file__).parents[2] / "examples"
NAMES = ("lusong-2024", "caidian-2023")


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script, loaded as a module."""
    monkeypatch.syspath_prepend(EXAMPLES)
    return importlib.import_module("build_examples")


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


@pytest.mark.parametrize("name", NAMES)
def test_a_workbook_is_what_the_script_makes_now(script: ModuleType, name: str) -> None:
    made = script.build(name)
    assert parts(made) == parts((EXAMPLES / f"{name}.xlsx").read_bytes())
    assert script.build(name) == made, "built twice, the bytes are the same"


@pytest.mark.parametrize(
    ("text", "value", "number_format"),
    [
        ("636.56", 636.56, "General"),
        ("3,660.83 ", 3660.83, "#,##0.00"),
        ("99.93%", 0.9993, "0.00%"),
        ("100%", 1, "0%"),
        ("　95", 95, "General"),
        ("201.5.5", "201.5.5", "General"),
        ("280人", "280人", "General"),
        ("——", "——", "General"),
        ("　", None, "General"),
    ],
)
def test_a_figure_becomes_a_number_and_anything_else_stays_as_typed(
    script: ModuleType, text: str, value: object, number_format: str
) -> None:
    assert script.typed(text) == (value, number_format)


@pytest.mark.parametrize("name", NAMES)
def test_every_table_text_of_the_report_stands_in_the_workbook(name: str) -> None:
    report = read(EXAMPLES / f"{name}.docx")
    book = read(EXAMPLES / f"{name}.xlsx")
    shown = {cell.text.strip() for grid in book.grids for cell in grid.cells.values()}
    for grid in report.grids:
        missing = {cell.text.strip() for cell in grid.cells.values()} - shown - {""}
        assert not missing, grid.name
