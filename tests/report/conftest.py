"""A small made-up result that uses every part of a report."""

from __future__ import annotations

import pytest

from gouji.model import (
    Alternative,
    Applicability,
    Change,
    Confidence,
    Finding,
    Fix,
    Place,
    Severity,
)
from gouji.result import Counts, DocumentResult, Status
from gouji.source.document import Cell, Document, Grid, Paragraph, Reason, ReasonCode

PATH = "报送/自评表.xlsx"
ROWS = [
    ["专项", "", "2024年预算数", "2024年决算数"],
    ["项目支出", "", "636.56", "492.91"],
    ["残疾人康复", "", "201.5.5", "104.02"],
    ["残疾人就业", "", "151.55", "149.46"],
    ["其他", "", "283.51", "239.25"],
    ["公用经费", "", "5.94", "10.6"],
]


def grid(name: str, rows: list[list[str]]) -> Grid:
    """A sheet of texts in which column B is merged into A."""
    cells = {
        (row, col): Cell(row, col, text, text, cols=2 if col == 0 else 1)
        for row, texts in enumerate(rows)
        for col, text in enumerate(texts)
        if col != 1
    }
    cover = {(row, 1): (row, 0) for row in range(len(rows))}
    return Grid(name, cells, cover, len(rows), max(map(len, rows)), is_sheet=True)


def place(cell: str, text: str, sheet: str = "基础数据表") -> Place:
    return Place(PATH, sheet, cell, f"项目支出/{text}", None, text)


@pytest.fixture
def error() -> Finding:
    change = Change("基础数据表", "C3", "201.5.5", "201.5")
    return Finding(
        code="GJ401",
        name="malformed-number",
        severity=Severity.ERROR,
        message="“201.5.5”有两个小数点，不是一个数。",
        location=place("C3", "201.5.5"),
        observed="201.5.5",
        expected="201.5",
        relation="201.5 + 151.55 + 283.51 = 636.56",
        related=(place("C2", "636.56"), place("D4", "643.14", "自评表")),
        basis="表注",
        fix=Fix(Applicability.SAFE, (change,)),
        alternatives=(Alternative(Confidence.CERTAIN, (change,), "636.56 − 151.55 − 283.51 = 201.5"),),
    )


@pytest.fixture
def warning() -> Finding:
    words = Place(PATH, None, None, None, 12, "项目支出454.02万元")
    return Finding("GJ601", "text-differs", Severity.WARNING, "正文与表格不一致。", words)


@pytest.fixture
def result(error: Finding, warning: Finding) -> DocumentResult:
    document = Document(
        PATH, "a" * 64, "xlsx", (grid("基础数据表", ROWS),), (Paragraph(12, "项目支出454.02万元"),)
    )
    return DocumentResult(
        path=PATH,
        sha256="a" * 64,
        form="hunan-2024",
        status=Status.FINDINGS,
        reason=None,
        counts=Counts(123, 45, 0),
        findings=(error, warning),
        document=document,
    )


@pytest.fixture
def refused() -> DocumentResult:
    reason = Reason(ReasonCode.ENCRYPTED, "文件有打开密码。请去掉密码后再检查。")
    return DocumentResult("加密.xlsx", "b" * 64, None, Status.NOT_CHECKED, reason, Counts(), ())


@pytest.fixture
def clean() -> DocumentResult:
    return DocumentResult("好.xlsx", "c" * 64, "generic", Status.CLEAN, None, Counts(9, 3, 0), ())
