"""The summary as a workbook: sheets to filter and pivot, native charts, links to the copies.

Whatever was typed into a form stays text here, also where it begins like a formula.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import IO, Any

import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from gouji.batch.summary.tables import Tables

__all__ = ["write_book"]

_MOMENT = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)  # equal runs give equal bytes
_LONGEST = 32_767  # characters of a cell
_LAST_ROW = 1_048_576
_LONGEST_LINK = 2_079
_LIKE_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_ILLEGAL = re.compile("[\ud800-\udfff\ufffe\uffff]")
_COLOURS = {"需改正": "#F8CBAD", "没有检查成": "#D9D9D9", "请核对": "#FFE699", "没有问题": "#C6E0B4"}
_SEVERITY_COLOURS = {"错误": "#F8CBAD", "警告": "#FFE699", "提示": "#DDEBF7"}
_NARROW, _MIDDLE, _WIDE = 8, 16, 60
_WIDTHS = {
    "单位": 24, "文件夹": 18, "文件": 34, "说明": 70, "项目": 28, "规则名称": 34, "填的": 18, "应为": 14, "原因": 60,
    "内容": 24, "副本": 34, "指标": 28, "工作表": 16, "改法": 12, "上年文件": 30, "把握": 18, "位置": 18, "状态": 12,
}  # fmt: skip


class _Book:
    """A workbook under construction and the few formats it uses."""

    def __init__(self, stream: IO[bytes]) -> None:
        options = {
            "in_memory": True,
            "strings_to_numbers": False,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "default_date_format": "yyyy-mm-dd",
        }
        self.book: Workbook = xlsxwriter.Workbook(stream, options)
        self.book.set_properties({"title": "绩效自评核对汇总", "created": _MOMENT})
        base = {"font_name": "微软雅黑", "font_size": 10, "valign": "top"}
        self.text = self.book.add_format(base | {"text_wrap": True})
        self.quoted = self.book.add_format(base | {"text_wrap": True, "quote_prefix": True})
        self.number = self.book.add_format(base | {"num_format": "#,##0.####"})
        self.share = self.book.add_format(base | {"num_format": "0.0%"})
        self.head = self.book.add_format(
            base | {"bold": True, "bg_color": "#1F4E78", "font_color": "#FFFFFF", "text_wrap": True}
        )
        self.title = self.book.add_format(base | {"bold": True, "font_size": 16})
        self.link = self.book.add_format(base | {"font_color": "#0563C1", "underline": 1})
        self.shades = {
            word: self.book.add_format({"bg_color": colour})
            for word, colour in (_COLOURS | _SEVERITY_COLOURS).items()
        }

    def put(self, sheet: Worksheet, row: int, col: int, value: object, form: Format | None = None) -> None:
        """One cell; text is never taken for a formula, a number or a link."""
        if value is None or (isinstance(value, float) and math.isnan(value)) or value is pd.NA:
            return
        if isinstance(value, str):
            text = _ILLEGAL.sub("\ufffd", value)
            if len(text) > _LONGEST:
                text = text[: _LONGEST - 1] + "…"
            style = self.quoted if text.startswith(_LIKE_FORMULA) else self.text
            sheet.write_string(row, col, text, form or style)
        else:
            sheet.write_number(row, col, float(value), form or self.number)  # type: ignore[arg-type]  # a number, as the caller made sure


def write_book(tables: Tables, stream: IO[bytes]) -> None:
    """Write the workbook to a stream."""
    made = _Book(stream)
    _overview(made, tables)
    _departments(made, tables)
    found = tables.frames.findings
    cut = len(found) > _LAST_ROW - 1
    _table(made, "问题明细", found.head(_LAST_ROW - 1), shaded="级别")
    _table(made, "常见问题", tables.mistakes, shares=("占比",), shaded="级别")
    _across(made, tables)
    if tables.compared:
        _table(made, "上年对比", tables.frames.yearly)
    if len(tables.frames.packages):
        _table(made, "报送包", tables.frames.packages)
    _table(made, "没有检查的文件", tables.frames.files)
    if cut:
        sheet = made.book.get_worksheet_by_name("总览")
        made.put(sheet, 1, 0, "问题太多，一张表放不下：“问题明细”只列出前面的，全部见 结果.json。")
    made.book.close()


def _overview(made: _Book, tables: Tables) -> None:
    sheet = made.book.add_worksheet("总览")
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, 12)
    made.put(sheet, 0, 0, tables.title, made.title)
    counts = tables.frames.counts
    lines = [
        ("单位", counts["submissions"]),
        ("文件", counts["files"]),
        ("错误", counts["error"]),
        ("警告", counts["warning"]),
        ("提示", counts["info"]),
        ("没有检查成的文件", counts["not_checked"]),
        ("有内容没法检查的文件", counts["partial"]),
    ]
    row = 2
    for label, count in lines:
        made.put(sheet, row, 0, label)
        made.put(sheet, row, 1, count)
        row += 1
    charts: tuple[tuple[str, str, Sequence[tuple[str, int]]], ...] = (
        ("各单位情况", "column", tables.states()),
        ("最常见的问题（涉及单位数）", "bar", [(f"{code} {name}", n) for code, name, n in tables.rules()]),
        ("预算执行率分布（单位数）", "column", tables.rate_bands()),
    )
    at = 1
    for title, kind, points in charts:
        row += 1
        _chart(made, sheet, row, at, title=title, kind=kind, points=points)
        row += len(points) + 1
        at += 17
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _chart(
    made: _Book,
    sheet: Worksheet,
    row: int,
    at: int,
    *,
    title: str,
    kind: str,
    points: Sequence[tuple[str, int]],
) -> None:
    """A small table, and a native chart of it to the right."""
    made.put(sheet, row, 0, title, made.head)
    made.put(sheet, row, 1, "单位数", made.head)
    for number, (label, count) in enumerate(points, 1):
        made.put(sheet, row + number, 0, label)
        made.put(sheet, row + number, 1, count)
    if not points:
        return
    chart = made.book.add_chart({"type": kind})
    series: dict[str, Any] = {
        "name": title,
        "categories": ["总览", row + 1, 0, row + len(points), 0],
        "values": ["总览", row + 1, 1, row + len(points), 1],
        "fill": {"color": "#2E75B6"},
        "data_labels": {"value": True},
        "gap": 60,
    }
    if kind == "column" and points[0][0] in _COLOURS:
        series["points"] = [{"fill": {"color": _COLOURS[label]}} for label, _ in points]
    chart.add_series(series)
    chart.set_title({"name": title, "name_font": {"size": 12}})
    chart.set_legend({"none": True})
    if kind == "bar":
        chart.set_y_axis({"reverse": True})
        chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
    else:
        chart.set_y_axis({"visible": False, "major_gridlines": {"visible": False}})
    chart.set_size({"width": 640, "height": 320})
    sheet.insert_chart(at, 3, chart)


def _departments(made: _Book, tables: Tables) -> None:
    """Departments × rules, the worst first, with links to the copies."""
    shown = tables.frames.departments.drop(columns=["id"])
    matrix = tables.matrix()
    copies = list(shown["副本"])
    shown = shown.drop(columns=["副本"])
    sheet = _table(made, "单位", pd.concat([shown, matrix.reset_index(drop=True)], axis=1), shaded="状态")
    column = shown.shape[1] + matrix.shape[1]
    made.put(sheet, 0, column, "副本", made.head)
    sheet.set_column(column, column, _WIDTHS["副本"])
    for row, path in enumerate(copies, 1):
        if isinstance(path, str):
            target = "external:" + path.replace("%", "%25").replace("#", "%23").replace(" ", "%20")
            if len(target) > _LONGEST_LINK or sheet.write_url(row, column, target, made.link, path) != 0:
                made.put(sheet, row, column, path)
    if matrix.shape[1] and copies:
        first, last = shown.shape[1], column - 1
        sheet.conditional_format(
            1,
            first,
            len(copies),
            last,
            {"type": "cell", "criteria": ">", "value": 0, "format": made.shades["请核对"]},
        )


def _across(made: _Book, tables: Tables) -> None:
    """What only a look across departments shows, two tables one below the other."""
    sheet = _table(made, "横向比较", tables.outliers)
    row = len(tables.outliers) + 3
    note = "同名指标单位不一致：多数单位用一种计量单位，下列单位用了另一种。"
    made.put(sheet, row - 1, 0, note)
    for col, name in enumerate(tables.units.columns):
        made.put(sheet, row, col, str(name), made.head)
    for number, values in enumerate(tables.units.itertuples(index=False), row + 1):
        for col, value in enumerate(values):
            made.put(sheet, number, col, value)
    made.put(
        sheet,
        row + len(tables.units) + 2,
        0,
        "“偏离”是稳健 z 值（以中位数和绝对中位差计算），绝对值大于 3.5 的列出；成本类按数量级比较。少于 8 个单位不比较。只作提醒。",
    )


def _table(
    made: _Book, name: str, frame: pd.DataFrame, *, shares: Sequence[str] = (), shaded: str | None = None
) -> Worksheet:
    """A sheet with one table: heads that stay in view, filters, widths by what stands in the columns."""
    sheet = made.book.add_worksheet(name)
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    for col, label in enumerate(frame.columns):
        made.put(sheet, 0, col, str(label), made.head)
        sheet.set_column(col, col, _WIDTHS.get(str(label), _NARROW if len(str(label)) < 6 else _MIDDLE))
    styles = [made.share if label in shares else None for label in frame.columns]
    for row, values in enumerate(frame.itertuples(index=False), 1):
        for col, value in enumerate(values):
            made.put(sheet, row, col, value, styles[col])
    if len(frame.columns):
        sheet.autofilter(0, 0, max(1, len(frame)), len(frame.columns) - 1)
    if shaded is not None and len(frame):
        col = list(frame.columns).index(shaded)
        for word, shade in made.shades.items():
            sheet.conditional_format(
                1,
                col,
                len(frame),
                col,
                {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": shade},
            )
    return sheet
