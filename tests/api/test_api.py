"""The Python API gives what the command line gives, for a path and for an openpyxl workbook."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

import gouji
from gouji.frozen import replace
from gouji.model import Finding, Place
from gouji.result import DocumentResult
from gouji.rule.registry import UnknownRuleError

EXAMPLES = Path(__file__).parents[2] / "examples"


def unplaced(result: DocumentResult) -> list[Finding]:
    """The findings with the document's name taken out."""

    def anonymous(place: Place) -> Place:
        return replace(place, document="")

    return [
        replace(
            found,
            location=anonymous(found.location),
            related=tuple(anonymous(place) for place in found.related),
        )
        for found in result.findings
    ]


@pytest.mark.parametrize("name", ["lusong-2024", "caidian-2023"])
def test_a_workbook_in_memory_gives_the_findings_of_its_file(name: str) -> None:
    path = EXAMPLES / f"{name}.xlsx"
    by_path = gouji.check(path).documents[0]
    by_book = gouji.check(openpyxl.load_workbook(path)).documents[0]
    assert by_path.findings
    assert unplaced(by_book) == unplaced(by_path)
    assert (by_book.form, by_book.status, by_book.counts) == (by_path.form, by_path.status, by_path.counts)


def test_a_workbook_is_not_changed_by_checking_it() -> None:
    book = openpyxl.load_workbook(EXAMPLES / "lusong-2024.xlsx")

    def contents() -> dict[str, list[object]]:
        return {sheet.title: [cell.value for row in sheet for cell in row] for sheet in book}

    before = contents()
    gouji.check(book)
    assert contents() == before


def test_the_formulas_of_a_workbook_in_memory_are_computed() -> None:
    """A workbook of openpyxl holds a formula without its value; the check must see the value all the same."""
    book = openpyxl.load_workbook(EXAMPLES / "lusong-2024.xlsx")
    book["基础数据表"]["F12"] = "=F16+F17+F18+0.18"
    document = gouji.check(book).documents[0]
    assert document.status == "findings"
    total = next(found for found in document.findings if found.code == "GJ201")
    assert (total.location.cell, total.observed) == ("F12", "492.91")
    assert book["基础数据表"]["F12"].value == "=F16+F17+F18+0.18"


def test_a_formula_that_cannot_be_computed_is_reported_as_not_evaluated() -> None:
    book = openpyxl.load_workbook(EXAMPLES / "lusong-2024.xlsx")
    book["基础数据表"]["F12"] = "=SUMPRODUCT((MOD(ROW(F16:F18),2)=0)*F16:F18)"
    document = gouji.check(book).documents[0]
    assert document.status == "partial"
    assert document.reason is not None
    assert document.reason.code == "not-calculated"
    assert "基础数据表!F12" in document.reason.text


def test_the_report_says_what_the_command_line_says() -> None:
    report = gouji.check(str(EXAMPLES / "lusong-2024.xlsx"))
    command = [sys.executable, "-m", "gouji", "check", str(EXAMPLES / "lusong-2024.xlsx"), "--format", "json"]
    run = subprocess.run(command, capture_output=True, check=False)
    assert report.to_json() == run.stdout.decode("utf-8")
    assert report.exit_status == run.returncode
    assert len(report.to_frame()) == len(report.documents[0].findings)
    assert "基础数据表" in report.to_text()


def test_report_and_prior_are_documents_of_their_own() -> None:
    paths = [EXAMPLES / name for name in ("lusong-2024.xlsx", "lusong-2024.docx", "caidian-2023.xlsx")]
    report = gouji.check(paths[0], report=paths[1], prior=paths[2])
    assert [document.path for document in report.documents] == [str(path) for path in paths]


def test_a_file_that_cannot_be_read_is_a_result_and_not_an_exception(tmp_path: Path) -> None:
    report = gouji.check(tmp_path / "没有.xlsx")
    assert report.exit_status == 2
    assert json.loads(report.to_json())["documents"][0]["reason"]["code"] == "unreadable"


def test_a_form_can_be_named() -> None:
    assert gouji.check(EXAMPLES / "lusong-2024.xlsx", form="generic").documents[0].form == "generic"


def test_mistyped_rules_and_wrong_types_are_the_callers_mistakes() -> None:
    with pytest.raises(UnknownRuleError, match="GJ999"):
        gouji.check(EXAMPLES / "lusong-2024.xlsx", select=["GJ999"])
    with pytest.raises(TypeError, match="int"):
        gouji.check(7)


def test_importing_gouji_loads_nothing_heavy_and_knows_its_names() -> None:
    code = "import sys, gouji; print(*sys.modules); assert callable(gouji.check) and gouji.Report"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"pandas", "openpyxl", "rich", "docx", "click", "gouji.api"} & set(run.stdout.split())


def test_an_unknown_name_of_the_package_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="nix"):
        gouji.nix  # noqa: B018  # looking it up is the test
