"""The summary as one page: charts, filters, search; needs no network, prints what is shown."""

from __future__ import annotations

import html
import json
import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pandas as pd

from gouji.batch.summary.tables import Tables
from gouji.version import __version__

__all__ = ["page"]

_HERE = Path(__file__).parent
_FIGURES = ("错误", "警告", "提示", "没有检查成", "没法检查", "文件数")
_SHOWN = ("单位", "状态", "表式", "年度", "错误", "警告", "提示", "没有检查成", "执行率", "自评得分", "副本")
_COLOURS = {"需改正": "#d9534f", "没有检查成": "#8a8f98", "请核对": "#f0ad4e", "没有问题": "#5cb85c"}


def page(tables: Tables) -> str:
    """The whole page as text."""
    parts = {
        "TITLE": html.escape(tables.title),
        "STYLE": (_HERE / "page.css").read_text(encoding="utf-8"),
        "SCRIPT": (_HERE / "page.js").read_text(encoding="utf-8"),
        "CARDS": _cards(tables),
        "CHARTS": _charts(tables),
        "INSIGHT": _insight(tables),
        "VERSION": html.escape(__version__),
        "DATA": _data(tables),
    }
    text = (_HERE / "page.html").read_text(encoding="utf-8")
    head, *rest = text.split("{{")
    made = [head]
    for each in rest:
        name, _, after = each.partition("}}")
        made += [parts[name], after]
    return "".join(made)


def _cards(tables: Tables) -> str:
    counts = tables.frames.counts
    cards = (
        ("单位", counts["submissions"], ""),
        ("文件", counts["files"], ""),
        ("错误", counts["error"], "bad"),
        ("警告", counts["warning"], "warn"),
        ("提示", counts["info"], ""),
        ("没有检查成", counts["not_checked"] + counts["partial"], "grey"),
    )
    return "".join(
        f'<div class="card {kind}"><b>{count:,}</b><span>{label}</span></div>' for label, count, kind in cards
    )


def _charts(tables: Tables) -> str:
    states = [(state, n, _COLOURS[state], f"state:{state}") for state, n in tables.states()]
    rules = [(f"{code} {name}", n, "#2e75b6", f"rule:{code}") for code, name, n in tables.rules()]
    bands = [(band, n, "#6aa5c9", "") for band, n in tables.rate_bands()]
    return (
        _bars("各单位情况", states)
        + _bars("最常见的问题（涉及单位数）", rules, wide=True)
        + _bars("预算执行率分布（单位数）", bands)
    )


def _bars(title: str, points: Sequence[tuple[str, int, str, str]], *, wide: bool = False) -> str:
    """Horizontal bars as SVG; with a third word in ``data-pick`` the page filters by a click on one."""
    left, width = (330, 640) if wide else (110, 400)
    most = max((count for _, count, _, _ in points), default=0) or 1
    rows = []
    for number, (label, count, colour, pick) in enumerate(points):
        y = 8 + number * 26
        size = round((width - left - 60) * count / most)
        rows.append(
            f'<g class="bar" data-pick="{html.escape(pick)}"><title>{html.escape(label)}：{count}</title>'
            f'<text x="{left - 8}" y="{y + 14}" text-anchor="end">{html.escape(label[:24])}</text>'
            f'<rect x="{left}" y="{y}" width="{size}" height="18" rx="3" fill="{colour}"/>'
            f'<text x="{left + size + 6}" y="{y + 14}">{count}</text></g>'
        )
    body = "".join(rows) or '<text x="20" y="24">没有</text>'
    height = 16 + 26 * max(1, len(points))
    return (
        f'<figure class="{"wide" if wide else ""}"><figcaption>{html.escape(title)}</figcaption>'
        f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{html.escape(title)}">{body}</svg></figure>'
    )


def _insight(tables: Tables) -> str:
    sections = [
        (
            "数值明显偏离其他单位",
            tables.outliers,
            "稳健 z 值（中位数、绝对中位差）绝对值大于 3.5 的，只作提醒。",
        ),
        ("同名指标计量单位不一致", tables.units, "多数单位用一种，这些单位用了另一种。"),
        ("各表式最常见的问题", tables.mistakes.head(30), "占比是涉及单位数占该表式单位数的比例。"),
    ]
    if tables.compared:
        sections.append(
            ("与上年相比", tables.frames.yearly.head(500), "指标按名称对应，“把握”说明怎样对应的；只作提醒。")
        )
    sections.append(("报送包", tables.frames.packages.head(500), "核验没有通过的，原因见下面一张表。"))
    sections.append(("没有检查的文件", tables.frames.files.head(500), ""))
    return "".join(
        f"<section><h2>{html.escape(title)}（{len(frame)}）</h2>"
        + (f"<p>{html.escape(note)}</p>" if note else "")
        + _plain_table(frame)
        + "</section>"
        for title, frame, note in sections
        if len(frame)
    )


def _plain_table(frame: pd.DataFrame) -> str:
    head = "".join(f"<th>{html.escape(str(label))}</th>" for label in frame.columns)
    body = "".join(
        "<tr>"
        + "".join(
            f"<td>{html.escape(_shown(value, str(label)))}</td>"
            for label, value in zip(frame.columns, row, strict=True)
        )
        + "</tr>"
        for row in frame.itertuples(index=False)
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _shown(value: object, label: str = "") -> str:
    known = _plain(value)
    if known is None:
        return ""
    if isinstance(known, float):
        return f"{100 * known:.1f}%" if label == "占比" else f"{known:,.4f}".rstrip("0").rstrip(".")
    return str(known)


def _plain(value: object) -> str | int | float | None:
    """A value as JSON has it; whole numbers without a point, nothing for what is missing."""
    if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, str):
        return value
    number = float(value)  # type: ignore[arg-type]  # a number, as the caller made sure
    return int(number) if number.is_integer() else round(number, 4)


class _Words:
    """Texts that many rows share, kept once."""

    def __init__(self) -> None:
        self.at: dict[str, int] = {}

    def __call__(self, value: object) -> int | None:
        known = _plain(value)
        return None if known is None else self.at.setdefault(str(known), len(self.at))


def _data(tables: Tables) -> str:
    """The rows for the script, as JSON that cannot end the element it stands in."""
    words = _Words()
    departments = tables.frames.departments
    rows: list[list[Any]] = []
    for row in departments[list(_SHOWN)].itertuples(index=False):
        values: list[Any] = [_plain(value) for value in row]
        if isinstance(values[-1], str):
            values[-1] = quote(values[-1])
        rows.append(values)
    order = {name: number for number, name in enumerate(departments["单位"])}
    found = tables.frames.findings
    places = [order[name] for name in found["单位"]]
    columns: Iterable[pd.Series] = (found[name] for name in found.columns if name != "单位")
    listed = [places, *([words(value) for value in column] for column in columns)]
    data = {
        "columns": list(_SHOWN),
        "departments": rows,
        "findings": list(found.columns),
        "rows": [list(row) for row in zip(*listed, strict=True)],
        "words": list(words.at),
    }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
