"""The sheet 修复建议: for each fault what it could be, with the arithmetic that speaks for it. Nothing is changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from gouji.model import Change, Finding
from gouji.report.words import APPLICABILITY, CONFIDENCE
from gouji.write.content import CellContent, Look, SheetContent
from gouji.write.links import Link, quoted

__all__ = ["SHEET", "TITLE", "suggestions"]

SHEET = "修复建议"
TITLE = "勾稽修复建议"
_COLUMNS = ("序号", "工作表", "位置", "项目", "填的是", "建议改为", "把握", "依据", "规则")
_WIDTHS = (6.0, 18.0, 9.0, 34.0, 18.0, 18.0, 20.0, 62.0, 9.0)
_HEADER = 3
_HEAD = Look(bold=True, fill="DDE5EE", border=True, wrap=True, vertical="center", horizontal="center")
_PLAIN = Look(border=True, wrap=True, vertical="top")
_LINK = Look(border=True, colour="0563C1", underline=True, vertical="top", horizontal="center")


def _proposals(finding: Finding) -> Iterator[tuple[Change, str, str]]:
    """Each change that would mend a fault, how sure it is, and why."""
    if finding.fix is not None:
        for change in finding.fix.changes:
            yield change, APPLICABILITY[finding.fix.applicability], finding.relation or finding.message
    for number, other in enumerate(finding.alternatives, 1):
        if finding.fix is not None and other.changes == finding.fix.changes:
            continue
        for change in other.changes:
            yield change, f"另一种解释 {number}：{CONFIDENCE[other.confidence]}", other.evidence


def suggestions(
    findings: Sequence[Finding], anchor: Callable[[str, str], tuple[str, str] | None], name: str
) -> SheetContent:
    """Lay out the sheet. ``anchor`` gives the cell of the workbook for a finding's, None where it has no such cell."""
    rows: list[tuple[CellContent | None, ...]] = []
    links = []
    for finding in findings:
        for change, sure, why in _proposals(finding):
            place = anchor(change.sheet, change.cell) if change.sheet and change.cell else None
            row = _HEADER + len(rows) + 1
            if place is not None:
                links.append(Link(f"C{row}", location=f"{quoted(place[0])}!{place[1]}"))
            values: tuple[str | int, ...] = (
                len(rows) + 1,
                change.sheet or "",
                change.cell or "",
                finding.location.label or "",
                change.old or "（空）",
                change.new,
                sure,
                why,
                finding.code,
            )
            link = 2 if place else -1
            rows.append(
                tuple(CellContent(each, _LINK if at == link else _PLAIN) for at, each in enumerate(values))
            )
    told = f"共 {len(rows)} 条；“可以自动修改”的，点“自动修正”按钮即可改好" if rows else "没有修改建议"
    head: list[tuple[CellContent | None, ...]] = [
        (CellContent(TITLE, Look(bold=True, size=14)),),
        (CellContent(told),),
        tuple(CellContent(caption, _HEAD) for caption in _COLUMNS),
    ]
    return SheetContent(name, (*head, *rows), _WIDTHS, frozen=_HEADER, links=tuple(links), landscape=True)
