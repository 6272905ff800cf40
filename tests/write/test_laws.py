"""Laws of the writer: whatever is written reads back, and nothing else moves."""

from __future__ import annotations

import io
from decimal import Decimal

import openpyxl
from hypothesis import given, settings
from hypothesis import strategies as st

from gouji.calc.formula import shift, tokens
from gouji.model import Severity
from gouji.source.document import cell_name
from gouji.write import xmltext
from gouji.write.annotate import annotate, clear
from gouji.write.package import Package
from gouji.write.xmltext import Splice
from tests.write.kit import compressed, parts_of, rows, workbook
from tests.write.test_annotate import finding

CELLS = st.builds(cell_name, st.integers(0, 30), st.integers(0, 12))
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=12)
NUMBERS = st.decimals(-(10**12), 10**12, places=4, allow_nan=False, allow_infinity=False)
VALUES = st.one_of(st.none(), st.booleans(), st.integers(-(10**9), 10**9), NUMBERS, TEXTS)


@st.composite
def sheets(draw: st.DrawFn) -> str:
    """A worksheet with random rows and cells, some self-closed, some with formulas."""
    body = ""
    for row in sorted(draw(st.sets(st.integers(1, 30), max_size=8))):
        cells = ""
        for col in sorted(draw(st.sets(st.integers(0, 12), max_size=5))):
            inside = draw(st.sampled_from(["", "<v>1</v>", "<f>1+1</f><v>2</v>", "<f>A1</f>"]))
            style = draw(st.sampled_from(["", ' s="1"', ' s="2"']))
            name = cell_name(row - 1, col)
            cells += f'<c r="{name}"{style}>{inside}</c>' if inside else f'<c r="{name}"{style}/>'
        body += f'<row r="{row}">{cells}</row>' if cells else f'<row r="{row}"/>'
    return rows(body)


@settings(max_examples=60, deadline=None)
@given(sheets(), st.dictionaries(CELLS, VALUES, max_size=8))
def test_values_read_back_and_every_other_part_keeps_its_compressed_bytes(
    xml: str, values: dict[str, object]
) -> None:
    data = workbook({"表": xml, "二": rows('<row r="1"/>')})
    package = Package.open(data)
    untouched = {cell: package.value("表", cell) for cell in ("A1", "F9", "M31") if cell not in values}
    package.set_values("表", values)  # type: ignore[arg-type] # the strategy draws cell values
    after = package.to_bytes()
    again = Package.open(after)
    assert all(again.value("表", cell) == value for cell, value in untouched.items())
    assert all(again.value("表", cell) == value for cell, value in values.items())
    old, new = compressed(data), compressed(after)
    assert {name for name in old if old[name] != new[name]} <= {"xl/worksheets/sheet1.xml"}


@settings(max_examples=30, deadline=None)
@given(
    sheets(),
    st.dictionaries(CELLS, st.one_of(st.booleans(), st.integers(-(10**9), 10**9), NUMBERS), max_size=8),
)
def test_openpyxl_reads_what_was_written(xml: str, values: dict[str, bool | int | Decimal]) -> None:
    package = Package.open(workbook({"表": xml}))
    package.set_values("表", dict(values))
    book = openpyxl.load_workbook(io.BytesIO(package.to_bytes()))
    for cell, value in values.items():
        assert float(book["表"][cell].value) == float(value)


@settings(max_examples=40, deadline=None)
@given(sheets(), st.lists(st.tuples(CELLS, st.sampled_from(list(Severity)), TEXTS), max_size=6))
def test_clearing_undoes_annotating_whatever_is_said(xml: str, said: list[tuple[str, Severity, str]]) -> None:
    data = workbook({"表": xml})
    package = Package.open(data)
    annotate(package, [finding(cell, severity, message=message) for cell, severity, message in said])
    again = Package.open(package.to_bytes())
    assert clear(again).exact
    assert parts_of(again.to_bytes()) == parts_of(data)


@given(st.binary(max_size=40), st.data())
def test_splices_can_be_taken_back(data: bytes, draw: st.DataObject) -> None:
    cuts = sorted(draw.draw(st.lists(st.integers(0, len(data)), max_size=8)))
    splices = [
        Splice(a, b, draw.draw(st.binary(max_size=5))) for a, b in zip(cuts[::2], cuts[1::2], strict=False)
    ]
    changed = xmltext.apply(data, splices)
    assert xmltext.apply(changed, xmltext.taking_back(data, splices)) == data


@given(TEXTS)
def test_stored_text_reads_back(text: str) -> None:
    assert xmltext.unescape_string(xmltext.unescape(xmltext.escape_string(text))) == text


FORMULAS = st.sampled_from(
    [
        "SUM(A1:$B$2)*'甲 表'!C3",
        'IF(D4>="A1",表!$E5,1E3)',
        "SUM(A:C,3:$7)",
        'LOG10(A1)+T[#All]&""',
        "项目.合计/XFD1",
    ]
)


@given(FORMULAS, st.integers(-5, 50), st.integers(-2, 20))
def test_a_shifted_formula_shifts_back(formula: str, down: int, right: int) -> None:
    assert "".join(token.text for token in tokens(formula)) == formula
    assert shift(shift(formula, down, right), -down, -right) == formula
