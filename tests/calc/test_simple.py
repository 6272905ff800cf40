"""What is computed without the engine is what the engine computes, to the last bit; anything doubtful is left to it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gouji.calc.cellrune_engine import CellruneEngine
from gouji.calc.recalc import recalc
from gouji.calc.simple import computed_simply
from gouji.calc.simple.shape import shaped
from gouji.calc.value import Value
from gouji.write.package import Package
from tests.write.kit import rows, workbook

NOW = datetime(2025, 3, 31)  # noqa: DTZ001 # a workbook's clock has no zone
FIGURES = 3  # columns A to C of five rows hold figures; formulas stand in column F


def book(cells: dict[str, Any]) -> Package:
    """A workbook of one sheet 表 with these cells; texts that begin with = are formulas."""
    by_row: dict[int, list[tuple[str, str]]] = {}
    for name, value in cells.items():
        by_row.setdefault(int(name[1:]), []).append((name, _cell(name, value)))
    inner = "".join(
        f'<row r="{row}">{"".join(xml for _, xml in sorted(found))}</row>'
        for row, found in sorted(by_row.items())
    )
    return Package.open(workbook({"表": rows(inner)}))


def _cell(name: str, value: Any) -> str:  # noqa: ANN401 # a figure or a text
    if isinstance(value, Decimal):
        return f'<c r="{name}"><v>{value}</v></c>'
    if value.startswith("="):
        return f'<c r="{name}"><f>{escape(value[1:])}</f></c>'
    return f'<c r="{name}" t="inlineStr"><is><t>{value}</t></is></c>'


def simply(package: Package) -> dict[str, Value] | None:
    found = computed_simply(package, package.formula_cells())
    return (
        None
        if found is None
        else {f"{'ABCDEFGH'[col - 1]}{row}": value for (_, row, col), value in found.items()}
    )


amounts = st.one_of(
    st.decimals(-100_000, 100_000, places=2),
    st.decimals(0, 10_000, places=4),
    st.integers(0, 10**7).map(Decimal),
    st.just(Decimal(0)),
)
contents = st.one_of(amounts, amounts, st.none(), st.sampled_from(["无", "——", "12人"]))
cells = st.sampled_from([f"{col}{row}" for col in "ABC" for row in range(1, 6)])
earlier = st.sampled_from([f"F{row}" for row in range(1, 6)])
areas = st.sampled_from([f"{col}{a}:{col}{b}" for col in "ABC" for a in range(1, 5) for b in range(a + 1, 6)])
lists = st.lists(st.one_of(areas, cells), min_size=1, max_size=3).map(",".join)
numbers = st.recursive(
    st.one_of(
        cells,
        earlier,
        st.sampled_from(["0", "1", "100", "0.5"]),
        lists.map("SUM({})".format),
        lists.map("COUNT({})".format),
    ),
    lambda inner: st.one_of(
        st.builds("({}{}{})".format, inner, st.sampled_from("+-*/"), inner),
        st.builds("ROUND({},{})".format, inner, st.integers(0, 4)),
        st.builds("{}({},{})".format, st.sampled_from(["MIN", "MAX", "SUM"]), inner, inner),
        st.builds(
            "IF({}{}{},{},{})".format,
            inner,
            st.sampled_from(["=", "<>", "<", ">", "<=", ">="]),
            inner,
            inner,
            inner,
        ),
        st.builds("ABS({})".format, inner),
        st.builds("-{}".format, inner),
    ),
    max_leaves=4,
)
formulas = st.one_of(
    numbers,
    st.builds('IF(COUNT({})=0,"",SUM({}))'.format, lists, lists),
    st.builds('IF(OR({0}="",{1}=0),"",ROUND({0}/{1},4))'.format, cells, cells),
)


@settings(max_examples=100, deadline=None)
@given(st.lists(contents, min_size=15, max_size=15), st.lists(formulas, min_size=1, max_size=5))
def test_every_result_is_the_engines_own(figures: list[Any], written: list[str]) -> None:
    """Also formula by formula, because one that is left to the engine would hide the others."""
    held = {
        f"{'ABC'[n % FIGURES]}{n // FIGURES + 1}": figure
        for n, figure in enumerate(figures)
        if figure is not None
    }
    for chosen in (written, *([one] for one in written)):
        package = book(held | {f"F{row}": f"={formula}" for row, formula in enumerate(chosen, 1)})
        found = computed_simply(package, package.formula_cells())
        if found is not None:
            engine = CellruneEngine().compute(package.to_bytes(), NOW)
            assert found == {key: engine.outcome(key) for key in found}
            assert [type(value) for value in found.values()] == [type(engine.outcome(key)) for key in found]


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("SUM(A1:A3)", Decimal("6.5")),
        ('IF(COUNT(B1:B3)=0,"",SUM(B1:B3))', ""),
        ("ROUND(A1*MAX(0,MIN(1,A2/A3)),2)", Decimal("0.67")),
        ("A1<A2", True),
        ("SUM('表'!A1:A3,C1)", Decimal("6.5")),
        ("B1", Decimal(0)),
    ],
)
def test_what_forms_calculate_needs_no_engine(formula: str, value: Value) -> None:
    held = {"A1": Decimal(1), "A2": Decimal("2.5"), "A3": Decimal(3), "C1": "无"}
    if formula.startswith("ROUND"):
        held["A2"] = Decimal(2)
    assert simply(book(held | {"F1": f"={formula}"})) == {"F1": value}


@pytest.mark.parametrize(
    "formula",
    [
        "A1/0",
        "C1+1",
        "SUM(A:A)",
        "VLOOKUP(1,A1:B3,2,0)",
        "A1:A3",
        "D1",
        "F1",
        "0.1+0.2-0.3",
        "SUM(0.1,0.2,-0.3)",
        "0.1+0.2=0.3",
        "ROUND(2.675,2)",
        "ROUND(12.345,2)",
        "A1&1",
        "没有的表!A1",
        "TRUE",
        "IF(A1,1)",
    ],
)
def test_what_is_doubtful_or_more_is_left_to_the_engine(formula: str) -> None:
    held = {"A1": Decimal(1), "A3": Decimal(3), "C1": "12", "D1": "=1/0"}
    assert simply(book(held | {"F1": f"={formula}"})) is None


def test_a_chain_as_long_as_a_sheet_is_left_to_the_engine() -> None:
    chain = {"A1": Decimal(1)} | {f"A{row}": f"=A{row - 1}+1" for row in range(2, 600)}
    assert simply(book(chain)) in (None, {f"A{row}": Decimal(row) for row in range(2, 600)})
    package = book(chain)
    assert recalc(package, second_opinion=False).computed == 598
    assert package.value("表", "A599") == 599


@pytest.mark.parametrize(
    ("formula", "shape", "references"),
    [
        ("SUM(B2:$B$9)/B10-B10", "SUM(XFD1:XFD1)/XFD2-XFD2", ["B2:$B$9", "B10"]),
        ("表!A1&'A1 B2'!A1&\"A1\"", "表!XFD1&'A1 B2'!XFD1&\"A1\"", ["A1"]),
        ("LOG10(A1)+A1B2+销售A1+A:A+2E5+T1!A2", "LOG10(XFD1)+A1B2+销售A1+A:A+2E5+T1!XFD2", ["A1", "A2"]),
    ],
)
def test_formulas_alike_but_for_their_cells_have_one_shape(
    formula: str, shape: str, references: list[str]
) -> None:
    assert shaped(formula) == (shape, references)


def test_what_looks_like_a_cell_and_is_beyond_the_sheet_is_left_to_the_engine() -> None:
    """XFE1 is a name."""
    assert simply(book({"F1": "=XFE1"})) is None


def test_one_shape_serves_cells_areas_and_places_of_their_own() -> None:
    held = {
        "A1": Decimal(1),
        "A2": Decimal(2),
        "B1": "=SUM(A1:A2)",
        "B2": "=SUM(A2:A2)",
        "C1": "=ROW(A7)",
        "C2": "=ROW(A8)",
    }
    assert simply(book(held)) == {"B1": 3, "B2": 2, "C1": 7, "C2": 8}
