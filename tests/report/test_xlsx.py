"""The report as a workbook: a row for each finding, nothing of which is ever a formula, the same bytes every time."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest

from gouji.cli import main
from gouji.crossing import check_together
from gouji.frozen import replace
from gouji.model import Acceptance, Place, Severity
from gouji.report.xlsx import to_xlsx

EXAMPLES = Path(__file__).parents[2] / "examples"


def test_every_finding_has_its_row_and_what_was_not_checked_is_said(tmp_path: Path) -> None:
    (tmp_path / "坏.xlsx").write_bytes(b"PK\x03\x04")
    results = check_together([str(EXAMPLES / "lusong-2024.xlsx"), str(tmp_path / "坏.xlsx")])
    sheet = openpyxl.load_workbook(io.BytesIO(to_xlsx(results)))["校验结果"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert "坏.xlsx：没有检查：" in rows[3][0]
    assert rows[4][:6] == ["序号", "级别", "文件", "工作表", "位置", "项目"]
    assert [(row[4], row[11]) for row in rows[5:]] == [
        (found.location.cell, found.code) for found in results[0].findings
    ]
    assert to_xlsx(results) == to_xlsx(results)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x")'])
def test_text_from_a_file_is_never_a_formula(text: str) -> None:
    [result] = check_together([str(EXAMPLES / "lusong-2024.xlsx")])
    found = replace(
        result.findings[0],
        message=text,
        observed=text,
        expected=text,
        location=Place(document=text, sheet=text, cell="A1", label=text),
        accepted=Acceptance(text, text, Severity.ERROR, 1),
    )
    data = to_xlsx([replace(result, path=text, findings=(found,))])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            part = archive.read(name)
            assert b"<f>" not in part
            assert b"externalLink" not in part
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "inlineStr"}


def test_the_command_writes_it_to_a_file_and_not_to_the_screen(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book, out = str(EXAMPLES / "lusong-2024.xlsx"), tmp_path / "结果.xlsx"
    assert main(["check", book, "--format", "xlsx"]) == 2
    assert "-o" in capsys.readouterr().err
    assert main(["check", book, "--format", "xlsx", "-o", str(out)]) == 1
    assert openpyxl.load_workbook(out).sheetnames == ["校验结果"]
