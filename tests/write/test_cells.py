"""Setting values, formulas and cached values changes the named cells and nothing else."""

from __future__ import annotations

import io
from collections.abc import Callable
from decimal import Decimal

import openpyxl
import pytest

from gouji.calc.engine import CellKey
from gouji.calc.value import CellError, Value
from gouji.write.cells import EditRefusedError, Formula
from gouji.write.package import Package
from tests.write.kit import (
    MAIN,
    STRICT_MAIN,
    STRICT_RELS,
    changed_parts,
    compressed,
    parts_of,
    rows,
    workbook,
)


def sheet_after(before: bytes, edit: dict[str, Value]) -> str:
    package = Package.open(before)
    package.set_values("表", edit)
    return parts_of(package.to_bytes())["xl/worksheets/sheet1.xml"].decode()


def inside(xml: str) -> str:
    return xml.partition("<sheetData>")[2].partition("</sheetData>")[0]


def test_an_unchanged_package_is_the_very_file() -> None:
    data = workbook({"表": rows('<row r="1"><c r="A1"><v>1</v></c></row>')})
    assert Package.open(data).to_bytes() is data


def test_only_the_edited_part_changes_and_all_others_keep_their_compressed_bytes() -> None:
    data = workbook(
        {"表": rows('<row r="1"><c r="A1"><v>1</v></c></row>'), "二": rows("")},
        extra={"xl/x.bin": b"\x00" * 99},
    )
    package = Package.open(data)
    package.set_values("表", {"A1": Decimal("104.2")})
    after = package.to_bytes()
    assert changed_parts(data, after) == {"xl/worksheets/sheet1.xml"}
    old, new = compressed(data), compressed(after)
    assert list(old) == list(new)
    assert all(old[name] == new[name] for name in old if name != "xl/worksheets/sheet1.xml")


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Decimal("104.20"), '<c r="B2" s="1"><v>104.2</v></c>'),
        (Decimal("0.1"), '<c r="B2" s="1"><v>0.1</v></c>'),
        (Decimal("1E+25"), '<c r="B2" s="1"><v>1E+25</v></c>'),
        (Decimal("-0.00"), '<c r="B2" s="1"><v>0</v></c>'),
        (12, '<c r="B2" s="1"><v>12</v></c>'),
        (True, '<c r="B2" s="1" t="b"><v>1</v></c>'),
        ("甲 & 乙", '<c r="B2" s="1" t="inlineStr"><is><t>甲 &amp; 乙</t></is></c>'),
        (" 空格", '<c r="B2" s="1" t="inlineStr"><is><t xml:space="preserve"> 空格</t></is></c>'),
        ("a\x01_x0041_", '<c r="B2" s="1" t="inlineStr"><is><t>a_x0001__x005F_x0041_</t></is></c>'),
        (CellError("#N/A"), '<c r="B2" s="1" t="e"><v>#N/A</v></c>'),
        (None, '<c r="B2" s="1"/>'),
    ],
)
def test_a_typed_value_keeps_the_style_and_reads_back(value: Value, written: str) -> None:
    data = workbook({"表": rows('<row r="2"><c r="B2" s="1" t="s"><v>0</v></c></row>')})
    package = Package.open(data)
    package.set_values("表", {"B2": value})
    assert (
        inside(parts_of(package.to_bytes())["xl/worksheets/sheet1.xml"].decode())
        == f'<row r="2">{written}</row>'
    )
    again = Package.open(package.to_bytes())
    assert again.value("表", "B2") == value


@pytest.mark.parametrize(
    ("before", "cell", "after"),
    [
        ("", "B2", '<row r="2"><c r="B2"><v>7</v></c></row>'),
        ('<row r="2"/>', "B2", '<row r="2"><c r="B2"><v>7</v></c></row>'),
        ('<row r="2" ht="9" />', "B2", '<row r="2" ht="9"><c r="B2"><v>7</v></c></row>'),
        ('<row r="1"/><row r="3"/>', "B2", '<row r="1"/><row r="2"><c r="B2"><v>7</v></c></row><row r="3"/>'),
        ('<row r="2"><c r="A2"/><c r="C2"/></row>', "B2", '<row r="2"><c r="A2"/><c r="B2"><v>7</v></c><c r="C2"/></row>'),
        ('<row r="2"><c r="A2"/></row>', "B2", '<row r="2"><c r="A2"/><c r="B2"><v>7</v></c></row>'),
        ('<row r="2" spans="1:1"><c r="A2"/></row>', "B2", '<row r="2" spans="1:2"><c r="A2"/><c r="B2"><v>7</v></c></row>'),
        # A row with a format of its own gives it to the cells that are written into it.
        ('<row r="2" s="3" customFormat="1"/>', "B2", '<row r="2" s="3" customFormat="1"><c r="B2" s="3"><v>7</v></c></row>'),
        # Cells and rows without r stand right after the one before.
        ("<row><c><v>1</v></c><c><v>2</v></c></row>", "B1", '<row><c><v>1</v></c><c r="B1"><v>7</v></c></row>'),
        ("<row><c><v>1</v></c></row><row><c/></row>", "A2", '<row><c><v>1</v></c></row><row><c r="A2"><v>7</v></c></row>'),
        # What looks like a cell in a comment or a CDATA section is not one.
        (
            '<!-- <c r="B2"> --><row r="2"><c r="B2" t="str"><v><![CDATA[</c>]]></v></c></row>',
            "B2",
            '<!-- <c r="B2"> --><row r="2"><c r="B2"><v>7</v></c></row>',
        ),
        ('<row r="2"><c r="B2" x=">"><v>1</v></c></row>', "B2", '<row r="2"><c r="B2" x=">"><v>7</v></c></row>'),
    ],
)  # fmt: skip
def test_a_cell_goes_where_it_belongs(before: str, cell: str, after: str) -> None:
    assert inside(sheet_after(workbook({"表": rows(before)}), {cell: 7})) == after


def test_an_empty_sheet_takes_cells_in_order() -> None:
    xml = rows("X").replace("<sheetData>X</sheetData>", "<sheetData/>")
    out = sheet_after(workbook({"表": xml}), {"C2": 3, "A1": 1, "B2": 2})
    assert inside(out) == (
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="B2"><v>2</v></c><c r="C2"><v>3</v></c></row>'
    )


def test_an_unwritten_cell_takes_the_style_of_its_column() -> None:
    data = workbook({"表": rows("", before='<cols><col min="2" max="3" width="9" style="2"/></cols>')})
    assert '<c r="C5" s="2"><v>1</v></c>' in sheet_after(data, {"C5": 1})


@pytest.mark.parametrize(("given", "widened"), [("A1:B2", "A1:D9"), ("C3", "C3:D9"), ("A1:Z99", "A1:Z99")])
def test_the_dimension_takes_in_new_cells(given: str, widened: str) -> None:
    data = workbook({"表": rows('<row r="1"><c r="A1"/></row>', before=f'<dimension ref="{given}"/>')})
    assert f'<dimension ref="{widened}"/>' in sheet_after(data, {"D9": 1})


def test_prefixed_parts_get_prefixed_cells() -> None:
    xml = (
        f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="1"><x:c r="A1" t="inlineStr"><x:is><x:t>旧</x:t></x:is></x:c>'
        "</x:row></x:sheetData></x:worksheet>"
    )
    out = sheet_after(workbook({"表": xml}), {"A1": "新", "B1": 2})
    assert '<x:c r="A1" t="inlineStr"><x:is><x:t>新</x:t></x:is></x:c><x:c r="B1"><x:v>2</x:v></x:c>' in out


def test_strict_workbooks_stay_strict() -> None:
    xml = rows('<row r="1"><c r="A1"><v>1</v></c></row>', namespace=STRICT_MAIN, rels=STRICT_RELS)
    data = workbook({"表": xml}, strict=True)
    package = Package.open(data)
    package.set_values("表", {"A1": 5})
    package.add_notes("表", {"A1": "说明"}, "某甲")
    package.set_fills("表", {"A1": "FF0000"})
    after = parts_of(package.to_bytes())
    assert all(b"schemas.openxmlformats.org/spreadsheetml" not in content for content in after.values())
    assert Package.open(package.to_bytes()).notes("表") == {"A1": "说明"}


def test_utf16_parts_are_edited_in_utf8() -> None:
    xml = rows('<row r="1"><c r="A1"><v>1</v></c></row>').replace("UTF-8", "UTF-16")
    data = workbook({"表": ""}, extra={"xl/worksheets/sheet1.xml": xml.encode("utf-16")})
    out = sheet_after(data, {"A1": "文"})
    assert 'encoding="UTF-8"' in out
    assert ">文<" in out


def test_formulas_are_stored_with_the_value_they_have() -> None:
    data = workbook({"表": rows('<row r="1"><c r="A1" s="1"><v>1</v></c></row>')})
    package = Package.open(data)
    package.set_formulas("表", {"A1": Formula('IF(B1<2,"<甲>",1)', "<甲>"), "A2": "=SUM(B1:B2)"})
    out = parts_of(package.to_bytes())["xl/worksheets/sheet1.xml"].decode()
    assert '<c r="A1" s="1" t="str"><f>IF(B1&lt;2,"&lt;甲&gt;",1)</f><v>&lt;甲&gt;</v></c>' in out
    assert '<c r="A2"><f>SUM(B1:B2)</f></c>' in out
    book = openpyxl.load_workbook(io.BytesIO(package.to_bytes()))
    assert book["表"]["A1"].value == '=IF(B1<2,"<甲>",1)'


def test_a_cached_value_leaves_the_formula_alone() -> None:
    cell = '<c r="A1" cm="1" vm="2"><f t="array" ref="A1" aca="1">B1&amp;""</f><v>旧</v></c>'
    package = Package.open(workbook({"表": rows(f'<row r="1">{cell}</row>')}))
    package.set_cached("表", {"A1": "新"})
    out = inside(parts_of(package.to_bytes())["xl/worksheets/sheet1.xml"].decode())
    assert (
        out
        == '<row r="1"><c r="A1" cm="1" t="str"><f t="array" ref="A1" aca="1">B1&amp;""</f><v>新</v></c></row>'
    )


def test_a_cached_value_without_a_formula_is_refused() -> None:
    package = Package.open(workbook({"表": rows('<row r="1"><c r="A1"><v>1</v></c></row>')}))
    with pytest.raises(EditRefusedError, match="A1 没有公式"):
        package.set_cached("表", {"A1": 2})


SHARED = (
    '<row r="1"><c r="A1"><f t="shared" ref="A1:A3" si="0">B1*$C$1+表2!D1</f><v>1</v></c></row>'
    '<row r="2"><c r="A2"><f t="shared" si="0"/><v>2</v></c></row>'
    '<row r="3"><c r="A3" s="1"><f ca="1" t="shared" si="0"/><v>3</v></c></row>'
)


def test_replacing_the_first_cell_of_a_shared_formula_writes_it_out_in_the_others() -> None:
    out = inside(sheet_after(workbook({"表": rows(SHARED)}), {"A1": 9}))
    assert out == (
        '<row r="1"><c r="A1"><v>9</v></c></row>'
        '<row r="2"><c r="A2"><f>B2*$C$1+表2!D2</f><v>2</v></c></row>'
        '<row r="3"><c r="A3" s="1"><f ca="1">B3*$C$1+表2!D3</f><v>3</v></c></row>'
    )


def test_replacing_another_cell_of_a_shared_formula_leaves_the_rest() -> None:
    out = inside(sheet_after(workbook({"表": rows(SHARED)}), {"A2": 9}))
    assert out == SHARED.replace('<f t="shared" si="0"/><v>2</v>', "<v>9</v>", 1)


def test_the_first_cell_and_a_cached_value_of_another_in_one_edit() -> None:
    package = Package.open(workbook({"表": rows(SHARED)}))
    from gouji.write.cells import Cached, CellEdit, Constant

    package.edit("表", {"A1": CellEdit(Constant(9)), "A3": CellEdit(Cached(30))})
    assert package.formula("表", "A3") == "B3*$C$1+表2!D3"
    assert package.value("表", "A3") == 30
    assert package.formula("表", "A2") == "B2*$C$1+表2!D2"


@pytest.mark.parametrize("kind", ["array", "dataTable"])
def test_a_part_of_an_array_formula_is_refused_and_nothing_changes(kind: str) -> None:
    cells = (
        f'<row r="1"><c r="A1"><f t="{kind}" ref="A1:B1">X1:Y1</f><v>1</v></c><c r="B1"><v>2</v></c></row>'
    )
    data = workbook({"表": rows(cells)})
    package = Package.open(data)
    with pytest.raises(EditRefusedError, match=r"B1 .*A1:B1"):
        package.set_values("表", {"C9": 1, "B1": 5})
    assert not package.changed
    package.set_cached("表", {"A1": 5, "B1": 6})
    assert package.value("表", "B1") == 6


def test_an_array_formula_in_one_cell_can_be_replaced() -> None:
    cells = '<row r="1"><c r="A1" cm="1"><f t="array" ref="A1">X1</f><v>1</v></c></row>'
    assert (
        inside(sheet_after(workbook({"表": rows(cells)}), {"A1": 5}))
        == '<row r="1"><c r="A1"><v>5</v></c></row>'
    )


CHAIN = f'<calcChain xmlns="{MAIN}"><c r="A1" i="1"/><c r="A2"/><c r="A1" i="2"/></calcChain>'
CHAINED = {
    "extra": {"xl/calcChain.xml": CHAIN},
    "overrides": {
        "/xl/calcChain.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml"
    },
    "related": {"calcChain": "calcChain.xml"},
}
TWO = '<row r="1"><c r="A1"><f>1</f></c></row><row r="2"><c r="A2"><f>2</f></c></row>'


def test_a_formula_that_goes_leaves_the_calculation_chain() -> None:
    package = Package.open(workbook({"表": rows(TWO), "二": rows(TWO)}, **CHAINED))  # type: ignore[arg-type] # one dict for three arguments
    package.set_values("表", {"A1": 5})
    assert (
        b'<c r="A2" i="1"/><c r="A1" i="2"/></calcChain>' in parts_of(package.to_bytes())["xl/calcChain.xml"]
    )
    package.set_values("表", {"A2": 5})
    package.set_values("二", {"A1": 5})
    after = parts_of(package.to_bytes())
    assert "xl/calcChain.xml" not in after
    assert b"calcChain" not in after["[Content_Types].xml"] + after["xl/_rels/workbook.xml.rels"]


def test_shared_strings_are_read_with_their_runs_and_without_their_readings() -> None:
    strings = (
        f'<sst xmlns="{MAIN}"><si><t>甲&amp;乙</t></si><si><r><t>粗</t></r><r><rPr><b/></rPr><t xml:space="preserve"> 体</t></r>'
        '<rPh sb="0" eb="1"><t>ツ</t></rPh></si><si><t>_x0041_</t></si></sst>'
    )
    cells = "".join(f'<c r="{column}1" t="s"><v>{index}</v></c>' for index, column in enumerate("ABCD"))
    package = Package.open(
        workbook(
            {"表": rows(f'<row r="1">{cells}</row>')},
            extra={"xl/sharedStrings.xml": strings},
            related={"sharedStrings": "sharedStrings.xml"},
        )
    )
    assert [package.value("表", f"{column}1") for column in "ABCD"] == ["甲&乙", "粗 体", "A", ""]


def test_asking_for_a_calculation_sets_the_flag_once() -> None:
    package = Package.open(workbook({"表": rows("")}, inside="<definedNames/><extLst/>"))
    package.request_calculation()
    package.request_calculation()
    assert b'<definedNames/><calcPr fullCalcOnLoad="1"/><extLst/>' in package.to_bytes() or (
        b'<definedNames/><calcPr fullCalcOnLoad="1"/><extLst/>'
        in parts_of(package.to_bytes())["xl/workbook.xml"]
    )


@pytest.mark.parametrize("value", ["字" * 32_768, Decimal("Infinity")])
def test_what_a_cell_cannot_hold_is_refused(value: Value) -> None:
    package = Package.open(workbook({"表": rows("")}))
    with pytest.raises(EditRefusedError):
        package.set_values("表", {"A1": value})
    assert not package.changed


FORMULAS = (
    '<row r="1"><c r="A1" s="1"><v>2</v></c><c r="B1" s="1"><f>A1*2</f><v></v></c><c r="C1" t="str"><f>A1&amp;""</f><v/></c></row>'
    '<row r="2"><c r="A2" t="inlineStr"><is><t>甲</t></is></c><c r="B2"><f t="shared" ref="B2:B3" si="0">A1+1</f></c></row>'
    '<row r="3"><c r="A3" t="s"><v>0</v></c><c r="B3"><f t="shared" si="0"/><v>9</v></c>'
    '<c r="C3" t="inlineStr"><f>A2</f><is><t>旧</t></is></c></row>'
)


@pytest.mark.parametrize(
    "otherwise",
    [
        lambda xml: xml.replace("<row", "<!-- 注 --><row", 1),
        lambda xml: xml.replace('<c r="A1" s="1">', '<c s="1" r="A1">'),
        lambda xml: xml.replace('<c r="A1"', "<c r='A1'"),
        lambda xml: xml.replace("<f>", "<f >"),
    ],
)
def test_a_sheet_written_in_another_way_is_read_and_recalculated_alike(
    otherwise: Callable[[str], str],
) -> None:
    """What is found in one pass, and what is found cell by cell."""
    usual, other = (Package.open(workbook({"表": rows(inner)})) for inner in (FORMULAS, otherwise(FORMULAS)))
    cells = usual.formula_cells()
    assert other.formula_cells() == cells
    assert [(cell.text, cell.cached) for cell in cells] == [
        ("A1*2", None),
        ('A1&""', ""),
        ("A1+1", None),
        ("A2+1", Decimal(9)),
        ("A2", "旧"),
    ]
    results: dict[CellKey, Value] = {cell.key: Decimal(number) for number, cell in enumerate(cells)} | {
        ("表", 1, 3): "2"
    }
    for package in (usual, other):
        package.store(results)
    assert [cell.cached for cell in usual.formula_cells()] == [0, "2", 2, 3, 4]
    assert other.formula_cells() == usual.formula_cells()
    assert Package.open(usual.to_bytes()).formula_cells() == usual.formula_cells()
