"""The button 审核报告文字: the report beside the workbook read against it, marked in a copy, listed in the workbook."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlwings as xw

from gouji.office import actions, entry
from gouji.office.auditing import audit
from gouji.office.beside import reports_beside
from gouji.office.buttons import button_by_id
from gouji.source import read_bytes
from gouji.write.marks import SUMMARY_SHEET
from tests.examples.damage import BODY, damaged

Open = Callable[..., xw.Book]
NOTES = "word/comments.xml"


def listed(book: xw.Book) -> list[list[str]]:
    rows = book.sheets[SUMMARY_SHEET]["A1:J40"].value
    return [[str(cell or "") for cell in row] for row in rows if row[1] in ("错误", "警告", "提示")]


@pytest.mark.office
def test_what_the_report_says_wrongly_is_commented_in_a_copy_and_listed(opened: Open, tmp_path: Path) -> None:
    book = opened()
    before = [sheet.name for sheet in book.sheets]
    report = tmp_path / "整体支出自评报告.docx"
    report.write_bytes(damaged(("149.46", "146.49"), ("104.2", "140.2")))
    original = report.read_bytes()
    told = audit(book)
    assert told.startswith("审核报告文字：文字里的 188 个数字，对上 ")
    assert "批注在“整体支出自评报告.已批注.docx”，明细见“校验结果”" in told
    assert report.read_bytes() == original
    with zipfile.ZipFile(tmp_path / "整体支出自评报告.已批注.docx") as copy:
        notes = copy.read(NOTES).decode()
        body = copy.read(BODY).decode()
    rows = listed(book)
    assert notes.count("<w:comment ") == sum(row[2].startswith("[") for row in rows)
    for wrong in ("146.49万元", "140.2万元"):
        assert wrong in notes
        spoken = next(row for row in rows if row[6] == wrong)
        assert spoken[2:4] == ["[整体支出自评报告.docx]", "第 16 段"]
    at = body.index("140.2")
    assert "commentRangeStart" in body[at - 200 : at]
    assert [row[3] for row in rows if not row[2].startswith("[")] == ["F12"]  # the long text of the workbook
    audit(book)  # an earlier copy is kept, earlier marks are replaced
    assert (tmp_path / "整体支出自评报告.已批注(2).docx").exists()
    assert listed(book) == rows
    actions.clear(book)
    assert [sheet.name for sheet in book.sheets] == before


@pytest.mark.office
def test_a_cell_that_the_text_contradicts_is_marked_in_the_workbook(opened: Open, tmp_path: Path) -> None:
    book = opened()
    words = "".join(f"{one.text}\n" for one in read_bytes(damaged(), "x.docx").paragraphs)
    assert "149.46" in words
    (tmp_path / "自评报告.txt").write_text(words.replace("149.46", "148.46", 1), "utf-8")
    told = audit(book)
    assert "批注" not in told  # a text has no comments: the list has it all
    assert list(tmp_path.glob("*已批注*")) == []
    row = next(row for row in listed(book) if "148.46" in row[5])
    assert (row[2], row[3], row[7]) == ("基础数据表", "F17", "本表：149.46")
    assert row[6].startswith("报告第 ")
    assert "148.46" in next(n.text for n in book.sheets["基础数据表"].notes if n.location.row == 17)


@pytest.mark.office
def test_without_a_report_with_several_or_unsaved_the_clerk_is_told_the_way_out(
    opened: Open, app: xw.App, tmp_path: Path
) -> None:
    def complaint(book: xw.Book) -> str:
        assert entry.perform(book, button_by_id("audit")) is None
        return str(book.sheets[entry.NOTICE_SHEET]["A2"].value)

    book = opened()
    assert "没有找到自评报告。请把报告（.docx、.doc、.wps 或 .txt）放进去" in complaint(book)
    for name in ("自评报告.docx", "评价报告.docx"):
        (tmp_path / name).write_bytes(damaged())
    assert "有 2 份报告：“自评报告.docx”、“评价报告.docx”" in complaint(book)
    assert "改成与表同名（lusong-2024.docx）" in complaint(book)
    (tmp_path / "评价报告.docx").unlink()
    (tmp_path / "自评报告.docx").write_bytes(b"PK\x03\x04 torn")
    assert complaint(book).startswith("审核报告文字：“自评报告.docx”：")
    new = app.books.add()
    try:
        assert "请先另存到电脑上" in complaint(new)
    finally:
        new.close()


def test_the_report_of_a_workbook_is_the_only_one_or_the_one_of_its_name(tmp_path: Path) -> None:
    book = tmp_path / "自评表.xlsx"
    kinds = (".docx", ".txt")
    assert reports_beside(book, kinds) == ()
    for name in ("自评报告.docx", "自评报告.txt", "~$自评报告.docx", "自评报告.已批注.docx", "通知.docx"):
        (tmp_path / name).touch()
    assert [one.name for one in reports_beside(book, kinds)] == ["自评报告.docx"]
    (tmp_path / "年度报告.txt").touch()
    assert [one.name for one in reports_beside(book, kinds)] == ["年度报告.txt", "自评报告.docx"]
    assert [one.name for one in reports_beside(book)] == ["自评报告.docx"]
    (tmp_path / "自评表.docx").touch()
    assert [one.name for one in reports_beside(book, kinds)] == ["自评表.docx"]
