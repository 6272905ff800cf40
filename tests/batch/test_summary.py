"""The summary: worst first, typed text stays text, one page without the network, the same bytes for the same results."""

from __future__ import annotations

import copy
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from gouji.batch.discover import Found, Skipped, Submission
from gouji.batch.job import Asked, Job, line_of
from gouji.batch.ledger import LEDGER
from gouji.batch.run import Batch, Options
from gouji.batch.summary import BOOK, PAGE, write_summary
from gouji.batch.work import perform
from gouji.cli import main

NASTY = '=HYPERLINK("http://x",1)</script><img src=x onerror=alert(1)>\u2028\x01'
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture
def finished(tree: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Batch:
    """A run of three departments: one with errors and nasty names, one like it, one that could not be checked."""
    root = tree("甲局.xlsx")
    monkeypatch.chdir(root)
    out = tmp_path / "out"
    out.mkdir()
    record = perform(
        Job(Submission("甲局.xlsx", "甲局", "", ("甲局.xlsx",)), str(root), str(out), Asked(annotate=True))
    )
    clean, nasty = copy.deepcopy(record), copy.deepcopy(record)
    clean.update(id="乙局.xlsx", name="乙局", copies=[])
    clean["documents"][0].update(
        status="not_checked", findings=[], reason={"code": "unreadable", "text": "打不开"}
    )
    nasty.update(id="丙局.xlsx", name=NASTY)
    nasty["documents"][0]["findings"][0].update(message=NASTY, observed="@SUM(1)", expected="-1")
    nasty["documents"][0]["findings"].append(nasty["documents"][0]["findings"][0] | {"severity": "error"})
    with (out / LEDGER).open("wb") as stream:
        for each in (clean, record, nasty):
            stream.write(b'{"basis":"","record":%s}\n' % line_of(each).rstrip())
    return Batch(Options(root, out), Found((), (Skipped("a.pdf", "不检查 .pdf 文件。"),)), {}, 0)


def test_the_workbook_is_worst_first_and_holds_text_as_text(finished: Batch) -> None:
    write_summary(finished)
    book = openpyxl.load_workbook(finished.options.out / BOOK)
    assert book.sheetnames == ["总览", "单位", "问题明细", "常见问题", "横向比较", "没有检查的文件"]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    assert any(cell.value == "@SUM(1)" and cell.quotePrefix for cell in cells)
    names = [str(cell.value) for cell in book["单位"]["A"]][1:]
    assert [name[:2] for name in names] == ["=H", "甲局", "乙局"]
    links = [link for row in book["单位"].iter_rows() for cell in row if (link := cell.hyperlink)]
    assert {link.target for link in links} == {"批注\\甲局.xlsx"}  # as Excel writes them
    assert len(book["总览"]._charts) == 3
    assert book["问题明细"].max_row - 1 == len(book["问题明细"]["A"][1:])


def _data(page: str) -> dict[str, Any]:
    found = re.search(r'id="data">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    data: dict[str, Any] = json.loads(found[1])
    return data


def test_the_page_holds_everything_and_runs_nothing_that_was_typed(finished: Batch) -> None:
    write_summary(finished)
    page = (finished.options.out / PAGE).read_text(encoding="utf-8")
    assert "<img" not in page
    assert not re.search(r"""(src|href|url)\s*[=(]["']?\s*(http|//)""", page)
    data = _data(page)
    assert [row[0][:2] for row in data["departments"]] == ["=H", "甲局", "乙局"]
    places = {row[0] for row in data["rows"]}
    assert places == {0, 1}
    assert any(NASTY in word for word in data["words"])


@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")
def test_a_browser_shows_the_tables(finished: Batch, tmp_path: Path) -> None:
    write_summary(finished)
    page = finished.options.out / PAGE
    options = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}"]
    shown = subprocess.run(
        [str(CHROMIUM), *options, "--dump-dom", page.as_uri()], capture_output=True, check=True, timeout=60
    ).stdout.decode()
    assert "3 个单位，" in shown
    assert shown.count("打开副本</a>") == 2
    assert "<img" not in re.sub(r"<script.*?</script>", "", shown, flags=re.DOTALL)


def test_equal_results_give_equal_bytes(finished: Batch) -> None:
    out = finished.options.out
    write_summary(finished)
    before = (out / BOOK).read_bytes(), (out / PAGE).read_bytes()
    write_summary(finished)
    assert ((out / BOOK).read_bytes(), (out / PAGE).read_bytes()) == before


def test_the_command_says_what_came_of_it(
    tree: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tree("甲局.xlsx", 坏_xlsx=b"no workbook", 说明_pdf=b"%PDF")
    assert main(["batch", str(root), "-j", "1"]) == 1
    told = capsys.readouterr()
    assert "2 个单位 2 份文件：1 个单位有错误" in told.out
    assert "1 份没有检查成" in told.out
    assert "已完成 2/2" in told.err
    assert (tmp_path / "报送.核对结果" / BOOK).exists()
    assert main(["batch", str(root)]) == 2
    assert "--resume" in capsys.readouterr().err
