"""Findings are shown in the workbook, and every trace of them can be taken away again."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from syrupy.assertion import SnapshotAssertion

from gouji.model import Finding, Place, Severity
from gouji.source.document import Visibility
from gouji.write.annotate import annotate, clear
from gouji.write.marks import COLOURS, RECORD_SHEET, SUMMARY_SHEET
from gouji.write.package import Package
from tests.write.kit import changed_parts, parts_of, rows, workbook


def finding(
    cell: str | None,
    severity: Severity = Severity.ERROR,
    *,
    sheet: str | None = "表",
    message: str = "合计不等于各项之和",
    observed: str | None = None,
    expected: str | None = None,
) -> Finding:
    place = Place("报表.xlsx", sheet, cell, label="项目支出/残疾人康复", paragraph=None if cell else 4)
    return Finding("GJ201", "sum-mismatch", severity, message, place, observed, expected)


SHEET = rows(
    '<row r="1"><c r="A1" s="1" t="inlineStr"><is><t>合计</t></is></c><c r="B1" s="2"><v>3</v></c></row>'
    '<row r="2"><c r="B2" s="1"><f>SUM(B1:B1)</f><v>3</v></c></row><row r="5" s="3" customFormat="1"/>',
    after='<mergeCells count="1"><mergeCell ref="C1:D2"/></mergeCells><pageMargins/>',
)
FINDINGS = (
    finding("B2", observed="3", expected="4"),
    finding("B2", Severity.INFO, message="四舍五入"),
    finding("D2", Severity.WARNING, message="合并单元格里的问题"),
    finding("E5", message="未填"),
    finding(None, sheet=None, message="正文里的问题"),
    finding("A1", sheet="没有的表", message="别处的问题"),
)


def annotated(data: bytes, findings: Sequence[Finding] = FINDINGS) -> bytes:
    package = Package.open(data)
    annotate(package, findings, notices=("附件2 未能检查：文件已加密。",))
    return package.to_bytes()


def cleared(data: bytes) -> bytes:
    package = Package.open(data)
    clear(package)
    return package.to_bytes()


def test_every_part_of_an_annotated_copy(snapshot: SnapshotAssertion) -> None:
    """The golden copy: what each changed part looks like. Review a change of it in a real Excel or LibreOffice."""
    data = workbook({"表": SHEET})
    after = parts_of(annotated(data))
    changed = changed_parts(data, annotated(data))
    assert {
        name: after[name].decode().replace("><", ">\n<").splitlines() for name in sorted(changed)
    } == snapshot


def test_faulty_cells_carry_a_note_that_says_it_all_and_a_colour() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(annotated(workbook({"表": SHEET}))))["表"]
    assert {cell.coordinate: cell.fill.fgColor.rgb for row in sheet for cell in row if cell.comment} == {
        "B2": "FF" + COLOURS[Severity.ERROR],
        "C1": "FF" + COLOURS[Severity.WARNING],
        "E5": "FF" + COLOURS[Severity.ERROR],
    }
    assert sheet["B2"].comment.author == "gouji"
    for words in ("错误 GJ201", "合计不等于各项之和", "填的是：3", "应为：4", "提示 GJ201：四舍五入"):
        assert words in sheet["B2"].comment.text
    assert (sheet["B2"].number_format, sheet["B2"].font.b, sheet["E5"].number_format) == (
        "0.00",
        True,
        "0.00%",
    )


def test_the_summary_lists_everything_with_links_there_and_back() -> None:
    book = openpyxl.load_workbook(io.BytesIO(annotated(workbook({"表": SHEET}))))
    summary = book[SUMMARY_SHEET]
    texts = [[cell.value for cell in row] for row in summary.iter_rows()]
    assert texts[1][0] == "错误 4 条，警告 1 条，提示 1 条；共标出 3 个单元格"
    assert texts[3][0] == "附件2 未能检查：文件已加密。"
    assert summary.auto_filter.ref == "A5:J11"
    assert [row[3] for row in texts[5:]] == ["B2", "B2", "C1", "E5", "第 4 段", "A1"]
    assert [row[5] for row in texts[5:]] == [one.message for one in FINDINGS]
    assert summary["D6"].hyperlink.location == "'表'!B2"
    assert summary["D10"].hyperlink is None
    assert summary["D11"].hyperlink is None
    assert book["表"]["B2"].hyperlink.location == "'校验结果'!A6"
    # An empty cell gets no link back: LibreOffice would fill it.
    assert book["表"]["E5"].hyperlink is None


def test_clearing_gives_back_every_part_byte_for_byte() -> None:
    data = workbook({"表": SHEET, "二": rows("")})
    result = Package.open(annotated(data))
    told = clear(result)
    assert (told.found, told.exact, told.cells) == (True, True, 3)
    assert list(parts_of(result.to_bytes()).items()) == list(parts_of(data).items())


def test_clearing_in_memory_gives_back_the_very_file() -> None:
    data = workbook({"表": SHEET})
    package = Package.open(data)
    annotate(package, FINDINGS)
    clear(package)
    assert package.to_bytes() is data


def test_clearing_a_workbook_without_marks_does_nothing() -> None:
    data = workbook({"表": SHEET})
    package = Package.open(data)
    assert not clear(package).found
    assert package.to_bytes() is data


def test_annotating_again_replaces_and_never_piles_up() -> None:
    data = workbook({"表": SHEET})
    twice = annotated(annotated(data, [finding("A1"), finding("B1")]))
    assert parts_of(twice) == parts_of(annotated(data))


def test_no_finding_leaves_only_the_summary() -> None:
    data = workbook({"表": SHEET})
    book = openpyxl.load_workbook(io.BytesIO(annotated(data, [])))
    assert book[SUMMARY_SHEET]["A2"].value == "没有发现问题"
    assert parts_of(cleared(annotated(data, []))) == parts_of(data)


def test_a_users_sheet_of_that_name_is_left_alone() -> None:
    data = workbook({"表": SHEET, SUMMARY_SHEET: rows('<row r="1"><c r="A1"><v>9</v></c></row>')})
    package = Package.open(annotated(data))
    assert [sheet.name for sheet in package.worksheets] == ["表", SUMMARY_SHEET, "校验结果(2)", RECORD_SHEET]
    assert package.value(SUMMARY_SHEET, "A1") == 9
    assert parts_of(cleared(annotated(data))) == parts_of(data)


def test_the_record_is_very_hidden() -> None:
    sheets = Package.open(annotated(workbook({"表": SHEET}))).sheets
    assert sheets[-1].state is Visibility.VERY_HIDDEN


def edited(data: bytes) -> bytes:
    """The workbook with a value typed and a sheet added, as ``fix`` would."""
    package = Package.open(data)
    package.set_values("表", {"B1": 7})
    return package.to_bytes()


def test_an_edit_made_after_the_annotation_survives_clearing() -> None:
    data = workbook({"表": SHEET})
    marked = annotated(data, [one for one in FINDINGS if one.location.cell == "B2"])
    assert changed_parts(edited(data), cleared(edited(marked))) == set()
    assert Package.open(cleared(edited(annotated(data)))).value("表", "B1") == 7
    for added in ("新注", "二次"):
        package = Package.open(annotated(data))
        package.add_notes("表", {"A1": added}, "某甲")
        again = Package.open(cleared(package.to_bytes()))
        assert again.notes("表") == {"A1": added}
        assert again.style("表", "B2") == 1


def test_what_a_person_wrote_below_our_note_stays() -> None:
    package = Package.open(annotated(workbook({"表": SHEET})))
    package.add_notes("表", {"B2": "已改正。某乙"}, "某乙")
    again = Package.open(package.to_bytes())
    clear(again)
    assert again.notes("表") == {"B2": "\n已改正。某乙"}
    assert again.style("表", "B2") == 1


def test_a_colour_chosen_since_is_kept() -> None:
    package = Package.open(annotated(workbook({"表": SHEET})))
    package.set_fills("表", {"B2": "00FF00"})
    clear(package)
    book = openpyxl.load_workbook(io.BytesIO(package.to_bytes()))
    assert book["表"]["B2"].fill.fgColor.rgb == "FF00FF00"


def test_without_its_record_an_annotation_still_goes() -> None:
    package = Package.open(annotated(workbook({"表": SHEET})))
    package.remove_sheet(RECORD_SHEET)
    again = Package.open(package.to_bytes())
    clear(again)
    book = openpyxl.load_workbook(io.BytesIO(again.to_bytes()))
    assert book.sheetnames == ["表"]
    assert not any(
        cell.comment
        or cell.hyperlink
        or (cell.fill.patternType == "solid" and "B3" in str(cell.fill.fgColor.rgb))
        for row in book["表"]
        for cell in row
    )


def test_a_damaged_record_is_not_trusted() -> None:
    package = Package.open(annotated(workbook({"表": SHEET})))
    name = package.sheet(RECORD_SHEET).part
    row = next(
        row.number
        for row in package.map(RECORD_SHEET).rows
        if package.value(RECORD_SHEET, f"A{row.number}") == "undo"
    )
    package.set_values(RECORD_SHEET, {f"B{row}": "eJw="})
    again = Package.open(package.to_bytes())
    told = clear(again)
    assert (told.found, told.exact) == (True, False)
    assert name not in again.parts
    assert again.notes("表") == {}
    assert again.style("表", "B2") == 1


def office(files: Sequence[Path], out: Path) -> None:
    """Save files anew with LibreOffice."""
    profile = (out / "profile").as_uri()
    soffice = shutil.which("soffice") or "libreoffice"
    subprocess.run(
        [
            soffice,
            f"-env:UserInstallation={profile}",
            "--headless",
            "--convert-to",
            "xlsx",
            "--outdir",
            str(out),
            *map(str, files),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )


def looks(data: bytes) -> dict[tuple[str, str], tuple[object, ...]]:
    """What openpyxl sees of every cell."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    return {
        (sheet.title, cell.coordinate): (
            cell.value,
            cell.comment.text if cell.comment else None,
            cell.hyperlink.location if cell.hyperlink else None,
            cell.fill.patternType,
            cell.fill.fgColor.rgb if cell.fill.patternType else None,
            repr(cell.font),
            cell.number_format,
            repr(cell.alignment),
            repr(cell.border),
        )
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None or cell.comment or cell.fill.patternType
    }


@pytest.mark.office
def test_marks_go_and_nothing_else_after_libreoffice_saved_the_copy(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "表"
    sheet.append(["项目", "金额"])
    sheet.append(["残疾人康复 rehab", 201.5])
    sheet.append(["合计", "=SUM(B2:B2)"])
    sheet["A2"].font = Font(color="FF008000", bold=True, name="黑体")
    sheet["B2"].fill = PatternFill("solid", fgColor="FFDDEEFF")
    sheet["B2"].number_format = "0.00%"
    sheet["A1"].comment = Comment("请核对", "某甲")
    sheet["A3"].hyperlink = "#表!A1"
    sheet.merge_cells("C2:D3")
    out = io.BytesIO()
    book.save(out)
    (tmp_path / "原.xlsx").write_bytes(out.getvalue())
    findings = [finding(cell) for cell in ("A1", "A2", "B2", "A3", "B3", "C2", "F9")]
    (tmp_path / "标.xlsx").write_bytes(annotated(out.getvalue(), findings))
    saved = tmp_path / "存"
    saved.mkdir()
    office([tmp_path / "原.xlsx", tmp_path / "标.xlsx"], saved)
    package = Package.open(saved / "标.xlsx")
    told = clear(package)
    assert (told.found, told.exact, told.cells) == (True, False, 7)
    after = package.to_bytes()
    assert looks(after) == looks((saved / "原.xlsx").read_bytes())
    assert [sheet.name for sheet in Package.open(after).sheets] == ["表"]
    for name, content in parts_of(after).items():
        if name != "xl/sharedStrings.xml":  # LibreOffice keeps a string table; unused strings show nowhere
            assert "勾稽".encode() not in content
            assert b"gouji" not in content
