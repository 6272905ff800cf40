"""Stored results against what their formulas give: a changed input, an honest file, formulas not judged."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pytest

from gouji.checking import check_file

ROWS = (
    ("项目资金（万元）", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"),
    ("年度资金总额", "=B3+B4", "=C3+C4", "=D3+D4", 10, "=D2/C2", "=ROUND(E2*F2,2)"),
    ("其中：财政拨款", 800, 800, 780, None, None, None),
    ("其他资金", 200, 200, 190, None, None, None),
)
STORED = {"B2": "1000", "C2": "1000", "D2": "970", "F2": "0.97", "G2": "9.7"}


def workbook(folder: Path, **stored: str) -> Path:
    """The form above with these results stored beside its formulas, as Excel writes them."""
    book = openpyxl.Workbook()
    for row in ROWS:
        book.active.append(row)
    plain, path = folder / "plain.xlsx", folder / "form.xlsx"
    book.save(plain)
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                text = data.decode()
                for cell, value in {**STORED, **stored}.items():
                    start = text.index(f'<c r="{cell}"')
                    end = text.index("</c>", start)
                    text = (
                        text[:start]
                        + text[start:end]
                        .replace("<v />", f"<v>{value}</v>")
                        .replace("<v></v>", f"<v>{value}</v>")
                        .replace("<v/>", f"<v>{value}</v>")
                        + text[end:]
                    )
                data = text.encode()
            new.writestr(name, data)
    return path


def stale(path: Path) -> list[tuple[str | None, str | None]]:
    found = check_file(str(path)).findings
    return [(f.location.cell, f.expected) for f in found if f.code == "GJ406"]


def test_honest_results_are_left_alone(tmp_path: Path) -> None:
    assert stale(workbook(tmp_path)) == []


@pytest.mark.parametrize(("cell", "old", "right"), [("D2", "960", "970"), ("G2", "9.07", "9.7")])
def test_a_stale_result_is_named_with_the_right_one(tmp_path: Path, cell: str, old: str, right: str) -> None:
    assert (cell, right) in stale(workbook(tmp_path, **{cell: old}))
