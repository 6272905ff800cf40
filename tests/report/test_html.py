"""The page: complete, self-contained, safe to open, and readable without colours or a pointer."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest

from gouji.crossing import check_together
from gouji.report.html import to_html

EXAMPLES = Path(__file__).parents[2] / "examples"


class Page(HTMLParser):
    """The tags of a page with their classes, its text, and whether every tag is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.classes: list[str] = []
        self.links: list[str] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag opens."""
        if tag != "meta":
            self.open.append(tag)
        for name, value in attrs:
            if name == "class" and value:
                self.classes.append(value)
            if name in ("src", "href") or name.startswith("on"):
                self.links.append(f"{name}={value}")

    def handle_endtag(self, tag: str) -> None:
        """The innermost open tag closes."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Text that a reader sees."""
        if "style" not in self.open:
            self.words += data


@pytest.fixture(scope="module")
def text() -> str:
    return to_html(check_together([str(EXAMPLES / "lusong-2024.xlsx")], [str(EXAMPLES / "lusong-2024.docx")]))


def test_the_page_stands_by_itself(text: str) -> None:
    page = Page(text)
    assert (page.open, page.links) == ([], [])
    assert "<script" not in text
    assert "url(" not in text
    assert "@import" not in text


def test_every_finding_and_every_figure_is_shown(text: str) -> None:
    page = Page(text)
    assert "工资" in page.words
    assert "104.02" in page.words
    assert page.classes.count("f disagreed") == 7
    assert page.classes.count("f agreed") > 100
    for figure in ("f agreed", "f disagreed", "f alone"):
        assert page.classes.count(figure) > 0


def test_what_a_pointer_would_show_also_stands_in_the_table(text: str) -> None:
    """For paper, and for those who use no pointer."""
    page = Page(text)
    table = page.words[page.words.rindex("逐个说明") :]
    assert "✗ 不一致" in table
    assert "项目支出/2024年决算数 492.91" in table


def test_text_of_a_file_cannot_become_markup(tmp_path: Path) -> None:
    path = tmp_path / "报告.txt"
    path.write_text(
        "某局2024年度部门整体支出绩效自评报告<script>alert(1)</script>\n一、预算执行情况\n"
        "2024年预算资金1200.5万元<img src=x onerror=y>，实际支出1100.2万元，支出进度91%，绩效自评预算支出决算资金。\n",
        encoding="utf-8",
    )
    text = to_html(check_together([str(path)]))
    page = Page(text)
    assert page.links == []
    assert "<img src=x onerror=y>" in page.words
    assert "script" not in page.open


def test_a_file_that_was_not_checked_says_so(tmp_path: Path) -> None:
    path = tmp_path / "坏.xlsx"
    path.write_bytes(b"nothing")
    page = Page(to_html(check_together([str(path)])))
    assert "没有检查" in page.words


def test_equal_results_give_equal_pages(text: str) -> None:
    again = check_together([str(EXAMPLES / "lusong-2024.xlsx")], [str(EXAMPLES / "lusong-2024.docx")])
    assert to_html(again) == text
