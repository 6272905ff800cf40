"""A report becomes a workbook that says the same: every text verbatim, every finding the same, every cell traceable."""

from __future__ import annotations

import io
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gouji.checking import check_bytes, check_file
from gouji.importing import SOURCE_SHEET, Imported, import_report
from gouji.result import DocumentResult
from gouji.source import read, read_bytes
from gouji.source.document import SourceRefusedError
from gouji.write.convert import as_xlsx
from gouji.write.package import Package
from gouji.write.sheetplan import usable_name
from gouji.write.typed import typed_value
from tests.cli.conftest import gouji  # noqa: F401 # a fixture

EXAMPLES = Path(__file__).parents[2] / "examples"
REPORTS = ["lusong-2024.docx", "caidian-2023.txt"]


@pytest.fixture(scope="module", params=REPORTS)
def both(request: pytest.FixtureRequest) -> tuple[Path, Imported]:
    path = EXAMPLES / request.param
    return path, import_report(str(path))


def told(result: DocumentResult) -> Counter[tuple[str, str, str | None]]:
    """The findings about tables that need no prose, by rule and place."""
    return Counter(
        (f.code, f.severity.value, f.location.label)
        for f in result.findings
        # GJ405 speaks of typed figures among formulas; GJ201 and GJ610 choose between cells with the prose's help
        if f.location.sheet and f.code not in ("GJ201", "GJ405", "GJ610")
    )


def test_every_text_of_the_tables_is_there_verbatim(both: tuple[Path, Imported]) -> None:
    path, made = both
    texts = Counter(cell.text.strip() for grid in read(str(path)).grids for cell in grid.cells.values())
    sheets = read_bytes(made.data, "x.xlsx").grids
    now = Counter(
        cell.text.strip() for grid in sheets if grid.name != SOURCE_SHEET for cell in grid.cells.values()
    )
    assert not {text: n for text, n in (texts - now).items() if text}


def test_a_check_says_the_same_of_the_tables(both: tuple[Path, Imported]) -> None:
    path, made = both
    before, after = check_file(str(path)), check_bytes(made.data, "x.xlsx")
    assert (before.form, after.reason) == (after.form, None)
    assert told(before) == told(after)


def test_every_cell_says_where_it_came_from(both: tuple[Path, Imported]) -> None:
    path, made = both
    book = openpyxl.load_workbook(io.BytesIO(made.data), data_only=True)
    rows = list(book[SOURCE_SHEET].iter_rows(values_only=True))
    head = next(number for number, row in enumerate(rows) if row[0] == "工作表")
    grids = {grid.name: grid for grid in read(str(path)).grids}
    listed = set()
    for sheet, cell, _, text, source, place, _ in rows[head + 1 :]:
        listed.add((sheet, cell))
        if source in grids:
            row, col = openpyxl.utils.cell.coordinate_to_tuple(place)
            assert grids[source].text(row - 1, col - 1).strip() == text.strip()
    written = {
        (name, cell.coordinate)
        for name in made.sheets
        for row in book[name].iter_rows()
        for cell in row
        if cell.value not in (None, "")
    }
    assert written <= listed


LIVE = {
    "GJ201",
    "GJ203",
    "GJ208",
    "GJ401",
}  # of the rules that find something here, those that plain Excel can express


def test_the_workbook_checks_itself_and_says_the_same(both: tuple[Path, Imported]) -> None:
    """The 校验 sheet has a verdict in every row, and it is that of the check."""
    _, made = both
    sheet = openpyxl.load_workbook(io.BytesIO(made.data), data_only=True)["校验"]
    rows = [row for row in sheet.iter_rows(values_only=True) if str(row[5]).startswith("GJ")]
    assert all(row[0] for row in rows)
    told = Counter(row[5] for row in rows if row[0] in ("错误", "警告", "提示"))
    found = Counter(f.code for f in check_bytes(made.data, "x.xlsx").findings if f.code in LIVE)
    assert told == found


def test_amounts_are_numbers_with_formulas_and_what_is_malformed_stays_as_typed(
    both: tuple[Path, Imported],
) -> None:
    path, made = both
    if path.suffix == ".txt":
        pytest.skip("told of the other report")
    package = Package.open(made.data)
    assert package.value("基础数据表", "D16") == "201.5.5"
    assert package.value("基础数据表", "F16") == Decimal("104.02")
    assert package.formula("基础数据表", "B12") == 'IF(COUNT(B13:B14,B16:B18)=0,"",SUM(B13:B14,B16:B18))'
    assert package.value("基础数据表", "B12") == Decimal("454.02000000000004"), "computed and cached"
    assert package.formula("基础数据表", "F12") is None, "the typed total differs from its lines: it stays"


def report(path: Path, *tables: list[list[str]], between: str = "") -> Path:
    made = docx.Document()
    for number, rows in enumerate(tables):
        if number and between:
            made.add_paragraph(between)
        table = made.add_table(len(rows), len(rows[0]))
        for line, texts in zip(table.rows, rows, strict=True):
            for cell, text in zip(line.cells, texts, strict=True):
                cell.text = text
    made.save(str(path))
    return path


LINES = [
    ["项目名称", "年初预算数", "全年执行数", "执行率"],
    ["甲项目", "10.50", "10.50", "100.00%"],
    ["乙项目", "１２.5", "1O", "=1+1"],
]


def test_a_table_that_goes_on_over_a_page_is_one_sheet(tmp_path: Path) -> None:
    more = [[f"项目{n}", "1.00", "1.00", "100.00%"] for n in range(40)]
    more.append(["合计", "63.00", "60.50", ""])
    made = import_report(str(report(tmp_path / "a.docx", LINES, more)))
    assert len(made.sheets) == 1
    book = openpyxl.load_workbook(io.BytesIO(made.data))
    assert book[made.sheets[0]].max_row == len(LINES) + len(more), "as many lines as the report has"


def test_odd_figures_and_texts_like_formulas_stay_texts(tmp_path: Path) -> None:
    made = import_report(str(report(tmp_path / "a.docx", LINES)))
    sheet = openpyxl.load_workbook(io.BytesIO(made.data))[made.sheets[0]]
    assert [cell.value for cell in sheet[3]] == ["乙项目", "１２.5", "1O", "=1+1"]
    assert sheet["D3"].data_type == "s"
    assert (sheet["B2"].value, sheet["B2"].number_format) == (10.5, "0.00")


def test_the_same_report_gives_the_same_bytes(tmp_path: Path) -> None:
    path = str(report(tmp_path / "a.docx", LINES))
    assert import_report(path).data == import_report(path).data


def test_tables_of_something_else_are_named_and_left_out(tmp_path: Path) -> None:
    other = [["会议", "地点"], ["座谈会", "三楼"]]
    made = import_report(str(report(tmp_path / "a.docx", other, LINES, between="下面是支出情况。")))
    assert made.left_out == ("表1",)


def test_a_report_without_tables_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceRefusedError, match="没有可以导入的内容"):
        import_report(str(report(tmp_path / "a.docx", [["会议", "地点"]])))


@given(st.decimals(0, 10**9, places=2), st.booleans(), st.booleans())
def test_a_clean_figure_is_stored_as_the_number_that_shows_like_it(
    value: Decimal, grouped: bool, percent: bool
) -> None:
    text = (f"{value:,}" if grouped else str(value)) + ("%" if percent else "")
    stored, shown = typed_value(text)
    assert stored == (value.scaleb(-2) if percent else value)
    assert ("," in shown) == ("," in text)
    assert shown.endswith("%") == percent


@pytest.mark.parametrize(
    "text", ["007", "1,23", "1.2.3", "１２", "12 万元", "1e5", "+3", "3.", ".5", "12345678901234"]
)
def test_whatever_is_odd_stays_a_text(text: str) -> None:
    assert typed_value(text) == (text, "General")


@given(st.lists(st.text(max_size=40), max_size=8))
def test_sheet_names_are_such_as_excel_accepts(wanted: list[str]) -> None:
    taken: set[str] = set()
    names = [usable_name(name, taken) for name in wanted]
    assert len({name.casefold() for name in names}) == len(names)
    for name in names:
        assert 0 < len(name) <= 31
        assert not set(name) & set("\\/?*[]:")


def test_on_the_command_line(gouji: Any, tmp_path: Path) -> None:  # noqa: ANN401, F811 # the fixture
    path = tmp_path / "报告.docx"
    path.write_bytes((EXAMPLES / "lusong-2024.docx").read_bytes())
    run = gouji("import", path)
    assert run.status == 0
    assert "导入 2 张表" in run.out
    assert "照原文保留  基础数据表!F12  项目支出/2024年决算数  492.91，公式得 492.73" in run.out
    assert gouji("check", tmp_path / "报告.xlsx").status == 1
    assert gouji("import", path).status == 2, "what is there is not overwritten"
    assert gouji("import", tmp_path / "没有.docx").status == 2


# -- old workbooks


def old_workbook() -> Path:
    return Path(__file__).parents[1] / "cases/dev/chongqing-shuili-2022/input.xls"


def test_an_old_workbook_comes_back_with_every_cell_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOUJI_SOFFICE", "")
    path = old_workbook()
    before = read(str(path))
    made = as_xlsx(path.read_bytes(), before)
    after = read_bytes(made.data, "x.xlsx")
    assert [(c.text, c.value, c.rows, c.cols) for g in before.grids for c in g.cells.values()] == [
        (c.text, c.value, c.rows, c.cols) for g in after.grids for c in g.cells.values()
    ]
    assert any("已另写为 .xlsx" in notice for notice in made.notices)
    assert not any("不同" in notice for notice in made.notices)


def test_old_workbooks_are_marked_fixed_and_computed_as_xlsx(
    gouji: Any,  # noqa: ANN401, F811 # the fixture
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GOUJI_SOFFICE", "")
    path = tmp_path / "旧.xls"
    path.write_bytes(old_workbook().read_bytes())
    for command, word in (("annotate", "已批注"), ("recalc", "已计算"), ("fill", "已填公式")):
        run = gouji(command, path)
        assert run.status in (0, 1)
        assert "旧格式，已另写为 .xlsx" in run.out
        assert openpyxl.load_workbook(tmp_path / f"旧.{word}.xlsx").sheetnames
        refused = gouji(command, path, "--in-place")
        assert refused.status == 2
        assert "不能写回原文件" in refused.err
    assert path.read_bytes() == old_workbook().read_bytes()


@pytest.mark.office
def test_with_libreoffice_the_looks_are_kept_too() -> None:
    path = old_workbook()
    made = as_xlsx(path.read_bytes(), read(str(path)))
    assert any("由 LibreOffice 转换并逐格核对" in notice for notice in made.notices)
