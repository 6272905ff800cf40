"""The checks of the templates, computed without the engine, say what the engine says: number for number, text for text."""

from __future__ import annotations

import random
import re
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from gouji.calc.cellrune_engine import CellruneEngine
from gouji.calc.formula import column_number
from gouji.calc.idioms import references
from gouji.calc.simple import computed_simply
from gouji.calc.value import Value
from gouji.source.document import cell_name
from gouji.write.package import Package
from tests.calc.test_simple import book, simply

NOW = datetime(2025, 3, 31)  # noqa: DTZ001 # a workbook's clock has no zone
TEMPLATES = sorted((Path(__file__).parents[2] / "xlsx_templates").glob("*/*.xlsx"))
TEXTS = ["无", "—", " ", "　无　", "/", "待定", "年初结转：12.5万元", "年初结转:", "财政拨款： 33"]
LABEL = re.compile(r"'([^']+)'!([A-Z]+)(\d+)=\"\",\"（未填）")


def filled(template: Path, seed: int) -> Package:
    """The template with figures, blanks and texts in the cells that its formulas look at."""
    chance = random.Random(seed)  # noqa: S311 # made cells, no secret
    package = Package.open(template)
    formulas = package.formula_cells()
    own = {cell.key for cell in formulas}
    labels = {
        (sheet, int(row), column_number(col))
        for cell in formulas
        for sheet, col, row in LABEL.findall(cell.text or "")
    }
    asked = {
        (sheet, row, col)
        for cell in formulas
        for sheet, (top, left, bottom, right) in references(cell.text or "", cell.key[0])
        for row in range(top, bottom + 1)
        for col in range(left, right + 1)
    }
    values: dict[str, dict[str, Value]] = {}
    for sheet, row, col in sorted(asked - own):
        if chance.random() < 0.2 or sheet == "校验":
            continue
        value: Value = Decimal(chance.choice([0, 5, 10, 100, chance.randint(1, 99_999)])) / chance.choice(
            [1, 10, 100]
        )
        if chance.random() < 0.04 * (seed % 3):
            value = chance.choice(TEXTS)
        if (sheet, row, col) in labels:
            value = chance.choice(["培训人数", "12", "A1"])
        values.setdefault(sheet, {})[cell_name(row - 1, col - 1)] = value
    for sheet, cells in values.items():
        package.set_values(sheet, cells)
    return Package.open(package.to_bytes())


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.stem)
def test_every_result_is_the_engines_own(template: Path) -> None:
    done = 0
    for seed in range(6):
        package = filled(template, seed)
        found = computed_simply(package, package.formula_cells())
        if found is None:
            continue  # left to the engine
        done += 1
        engine = CellruneEngine().compute(package.to_bytes(), NOW)
        assert found == {key: engine.outcome(key) for key in found}
        assert [type(value) for value in found.values()] == [type(engine.outcome(key)) for key in found]
    assert done >= 3


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.stem)
def test_an_empty_template_needs_no_engine(template: Path) -> None:
    package = Package.open(template)
    assert computed_simply(package, package.formula_cells()) is not None


HELD = {
    "A1": Decimal(2),
    "A2": Decimal("2.5"),
    "B1": "无",
    "B2": " 年初 ： 12.5万元",
    "B3": "待定",
    "B4": "12",
}


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ('"共"&COUNT(A1:A3)&"项"', "共2项"),
        ('A2&"%"', "2.5%"),
        ('IF(B1="无","没有","有")', "没有"),
        ('COUNTIF(B1:B3,"无")', Decimal(1)),
        ('HYPERLINK("#表!"&ADDRESS(ROW(C3),COLUMN(C3),4),ADDRESS(ROW(C3),COLUMN(C3),4))', "C3"),
        ('VALUE(TRIM(RIGHT(SUBSTITUTE(SUBSTITUTE(B2,"万元",""),"：",REPT(" ",9)),9)))', Decimal("12.5")),
        ('IFERROR(VALUE(B3),"")', ""),
        ('IFERROR(B3+1,"错")', "错"),
        ("N(B3)+N(A1)", Decimal(2)),
        ("(A1=2)*(A2>2)", Decimal(1)),
        ('SUMPRODUCT(ISTEXT(B1:B4)*ISNA(MATCH(TRIM(B1:B4),{"-","无"},0)))', Decimal(3)),
        ('SUMPRODUCT((A1:A3>2)*(B1:B3=""))', Decimal(0)),
        ("SUMPRODUCT(--(A1:A2>A2:A3))", Decimal(1)),
        ('SUMPRODUCT((B1:B3>A1)*(A1:A3=""))', Decimal(1)),
    ],
)
def test_what_a_template_does_with_texts(formula: str, value: Value) -> None:
    package = book(HELD | {"F1": f"={formula}"})
    engine = CellruneEngine().compute(package.to_bytes(), NOW)
    assert simply(package) == {"F1": value} == {"F1": engine.outcome(("表", 1, 6))}


@pytest.mark.parametrize(
    "formula",
    [
        "B3+1",
        "VALUE(B3)",
        "VALUE(B2)",
        'IFERROR(B4+1,"")',
        "B1<B3",
        'B1="无 "&A1/3',
        'COUNTIF(B1:B3,"无*")',
        'COUNTIF(B1:B3,"12")',
        'COUNTIF(没有的名称,"无")',
        "ADDRESS(1,2)",
        'HYPERLINK("#表!A1",C9)',
        "ROW()",
        "LEN(B1:B3)",
        "SUMPRODUCT(A1:A2,A1:A2)",
        "SUMPRODUCT(--(B1:B2>B2:B3))",
        "(A1=2)>1",
        '"Ａ"="A"',
        'SUBSTITUTE(B1,"","1")',
    ],
)
def test_what_is_doubtful_about_texts_is_left_to_the_engine(formula: str) -> None:
    assert simply(book(HELD | {"F1": f"={formula}"})) is None
