"""A form, the report written to it and last year's form: each checked, and held against each other."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

import gouji
from gouji.crossing import check_together
from gouji.model import Applicability, Severity
from gouji.result import DocumentResult, Status

EXAMPLES = Path(__file__).parents[2] / "examples"
LINES = [
    ("基本支出", 90.00, 96.53, 96.53),
    ("项目支出", 600.00, 546.61, 546.61),
    ("公路养护", 250.00, 240.40, 240.40),
    ("桥梁检测", 350.00, 306.21, 306.21),
    ("合计", 690.00, 643.14, 643.14),
]
REPORT = """某县交通局2024年度部门整体支出绩效自评报告
一、预算执行情况
2024年年初预算690万元，调整后643.14万元，支出643.14万元，其中基本支出96.53万元，项目支出{project}万元。
公路养护支出{roads}万元，桥梁检测支出306.21万元。
"""


def book(path: Path, year: int = 2024, **other: float) -> str:
    """A workbook of one table; ``other`` replaces the spending of lines."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.title = "支出明细表"
    sheet.append([f"{year}年度部门整体支出绩效自评支出明细表（万元）"])
    sheet.append(["项目名称", "年初预算数", "全年预算数", "决算数"])
    for name, opening, adjusted, spent in LINES:
        sheet.append([name, opening, adjusted, other.get(name, spent)])
    workbook.save(path)
    return str(path)


def report(path: Path, project: str = "546.61", roads: str = "240.40") -> str:
    path.write_text(REPORT.format(project=project, roads=roads), encoding="utf-8")
    return str(path)


def found(results: tuple[DocumentResult, ...]) -> list[list[tuple[str, str | None, int | None]]]:
    return [[(f.code, f.location.cell, f.location.paragraph) for f in result.findings] for result in results]


def test_documents_that_agree_are_clean(tmp_path: Path) -> None:
    results = check_together([book(tmp_path / "表.xlsx")], [report(tmp_path / "报告.txt")])
    assert [(r.status, r.findings) for r in results] == [(Status.CLEAN, ()), (Status.CLEAN, ())]


def test_a_figure_of_the_report_stands_under_the_report(tmp_path: Path) -> None:
    form, text = book(tmp_path / "表.xlsx"), report(tmp_path / "报告.txt", roads="204.40")
    first, second = check_together([form], [text])
    (told,) = second.findings
    assert (first.findings, told.code, told.severity) == ((), "GJ614", Severity.ERROR)
    assert (told.location.document, told.location.paragraph) == (text, 4)
    assert [(p.document, p.sheet, p.cell) for p in told.related] == [(form, "支出明细表", "D5")]


def test_two_files_given_as_files_are_not_held_against_each_other(tmp_path: Path) -> None:
    form, text = book(tmp_path / "表.xlsx"), report(tmp_path / "报告.txt", roads="204.40")
    assert found(check_together([form, text])) == [[], []]


def test_the_report_decides_which_cell_of_a_failing_sum_is_wrong(tmp_path: Path) -> None:
    """The sum alone would fit a slip in either line; the report states one of them otherwise. One fault, one finding."""
    form, text = book(tmp_path / "表.xlsx", 公路养护=233.87), report(tmp_path / "报告.txt")
    first, second = check_together([form], [text])
    errors = [f for f in first.findings if f.severity is Severity.ERROR]
    assert [(f.code, f.location.cell, f.expected) for f in errors] == [("GJ201", "D5", "240.4")]
    assert errors[0].fix is not None
    assert errors[0].fix.applicability is Applicability.UNSAFE
    assert second.findings == ()


def test_a_reference_report_decides_a_doubt_about_its_workbook() -> None:
    """104.02 or 149.46: the sum of the workbook allows both, the report says 104.2."""
    first, _ = check_together([str(EXAMPLES / "lusong-2024.xlsx")], [str(EXAMPLES / "lusong-2024.docx")])
    told = next(f for f in first.findings if f.code == "GJ201")
    assert (told.location.cell, told.observed, told.expected) == ("F16", "104.02", "104.2")
    assert "第 16 段" in told.message


def test_a_report_that_cannot_be_read_spoils_nothing(tmp_path: Path) -> None:
    broken = tmp_path / "坏.docx"
    broken.write_bytes(b"PK\x03\x04 no package")
    results = check_together([book(tmp_path / "表.xlsx")], [str(broken)])
    assert [r.status for r in results] == [Status.CLEAN, Status.NOT_CHECKED]


def test_last_years_form(tmp_path: Path) -> None:
    """Spending that equals last year's to the last digit is asked about, under this year's form."""
    form, before = (
        book(tmp_path / "表.xlsx"),
        book(tmp_path / "上年.xlsx", 2023, 公路养护=231.17, 基本支出=88.1),
    )
    first, second = check_together([form], priors=[before])
    assert [f.location.cell for f in first.findings if f.code == "GJ616"] == ["D4", "D6", "D7"]
    assert not [f for f in second.findings if f.code == "GJ616"]


def test_the_api_and_the_command_line_say_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from gouji.cli import main

    form, text = book(tmp_path / "表.xlsx"), report(tmp_path / "报告.txt", project="564.61")
    status = main(["check", form, "--report", text, "--format", "json"])
    told = json.loads(capsys.readouterr().out)
    assert status == 1
    assert told == json.loads(gouji.check(form, report=text).to_json())
    assert {f["location"]["document"] for f in told["documents"][1]["findings"]} == {text}


def test_a_workbook_in_memory_is_held_against_too(tmp_path: Path) -> None:
    book(tmp_path / "表.xlsx")
    workbook = openpyxl.load_workbook(tmp_path / "表.xlsx")
    told = gouji.check(workbook, report=report(tmp_path / "报告.txt", roads="204.40"))
    assert [f.code for f in told.documents[1].findings] == ["GJ614"]
