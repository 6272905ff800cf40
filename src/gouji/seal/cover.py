"""What a package says on its face: the sheet 校验封面 in the sealed workbook, and the same as plain text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gouji.frozen import frozen
from gouji.model import Finding, Severity
from gouji.report.words import SEVERITY, shown, where
from gouji.result import DocumentResult, Status
from gouji.write.content import CellContent, Look, SheetContent

__all__ = ["COVER_SHEET", "TITLE", "Face", "cover_sheet", "cover_text", "status_of", "verdict"]

COVER_SHEET = "校验封面"
# What tells our sheet from one a user made, here and where forms are located.
TITLE = "勾稽校验封面"
_MOST_LISTED = 200
_LINE = 15.0  # points
_WIDTHS = (22.0, 24.0, 10.0, 80.0)
_COLOUR = {"clean": "C6E9C9", "findings": "FFE28C", "partial": "FFE28C", "errors": "FFB9B3"}


@frozen
class Face:
    """What stands on it: ``facts`` are pairs of caption and value, the findings those still open and those accepted."""

    status: str
    verdict: str
    facts: tuple[tuple[str, str], ...]
    open: tuple[Finding, ...]
    accepted: tuple[Finding, ...]

    @property
    def colour(self) -> str:
        """The fill of the verdict: red where errors are open."""
        errors = any(each.severity is Severity.ERROR for each in self.open)
        return _COLOUR["errors" if errors else self.status]


def status_of(results: Iterable[DocumentResult]) -> str:
    """The status a package is sealed with: ``clean``, ``findings``, or ``partial`` where something was not checked."""
    found = {result.status for result in results}
    if found & {Status.PARTIAL, Status.NOT_CHECKED}:
        return "partial"
    return "findings" if Status.FINDINGS in found else "clean"


def verdict(status: str, counts: dict[str, int]) -> str:
    """The status in one sentence that a receiver reads first.

    Args:
        status: As :func:`status_of` gives it.
        counts: Findings by severity, and of those infos how many are ``accepted``.
    """
    parts = []
    if counts["error"]:
        parts.append(f"带问题封存：还有 {counts['error']} 处错误没有改正")
    elif status == "clean":
        parts.append("校验通过：没有发现问题")
    else:
        parts.append("没有错误")
    if counts["warning"]:
        parts.append(f"警告 {counts['warning']} 处")
    if counts["info"] - counts["accepted"]:
        parts.append(f"提示 {counts['info'] - counts['accepted']} 处")
    if counts["accepted"]:
        parts.append(f"已说明接受 {counts['accepted']} 处")
    if status == "partial":
        parts.append("部分内容没有检查，不能视为正确")
    return "；".join(parts)


def _listed(found: Finding) -> tuple[str, ...]:
    said = f"（{found.accepted.role}：{found.accepted.reason}）" if found.accepted is not None else ""
    severity = found.accepted.severity if found.accepted is not None else found.severity
    return SEVERITY[severity], where(found.location), found.code, shown(found.message) + shown(said)


def _lists(face: Face) -> Iterable[tuple[str, Sequence[Finding]]]:
    yield "封存时还在的问题", face.open
    yield "已说明接受的问题", face.accepted


def _height(text: str, width: float) -> float:
    """The height in points that shows a wrapped text whole in a column of this many digits' width."""
    # A Chinese character is as wide as two digits, and a line does not break inside a number.
    wide = sum(2 if char > "\u2e7f" else 1 for char in text)
    return min(_LINE * -(-wide // (int(width) - 4)), 400.0)  # Excel allows 409


def cover_sheet(name: str, face: Face) -> SheetContent:
    """The sheet, under a name that is free in the workbook."""
    plain, head = Look(border=True, wrap=True, vertical="top"), Look(bold=True, border=True, fill="DDE5EE")
    rows: list[tuple[CellContent | None, ...]] = [
        (CellContent(TITLE, Look(bold=True, size=16)),),
        (CellContent(face.verdict, Look(bold=True, size=12, fill=face.colour, wrap=True)),),
        (CellContent("本表由 gouji 在封存时加入，其余各表未改动。收件单位核验：gouji verify 报送包.zip"),),
    ]
    rows += [(CellContent(key, head), CellContent(value, plain)) for key, value in face.facts]
    for caption, findings in _lists(face):
        if findings:
            rows += [(), (CellContent(caption, Look(bold=True)),)]
            rows.append(tuple(CellContent(each, head) for each in ("级别", "位置", "规则", "问题")))
            rows += [
                tuple(CellContent(text, plain) for text in _listed(each)) for each in findings[:_MOST_LISTED]
            ]
            if len(findings) > _MOST_LISTED:
                rows.append((CellContent(f"另有 {len(findings) - _MOST_LISTED} 处，见校验结果文件"),))
    last = 3 + len(face.facts)
    merged = ("A2:D2", *(f"B{row}:D{row}" for row in range(4, last + 1)))
    return SheetContent(
        name,
        tuple(rows),
        widths=_WIDTHS,
        heights={1: 26.0, 2: 32.0} | _heights(rows, last),
        merged=merged,
        landscape=True,
        tab_colour=face.colour,
    )


def _heights(rows: Sequence[Sequence[CellContent | None]], last_fact: int) -> dict[int, float]:
    """The rows that need more than one line: values of facts are merged over three columns, messages stand in one."""
    found = {}
    for number, row in enumerate(rows, 1):
        text = row[-1].value if len(row) > 1 and row[-1] is not None else None
        width = sum(_WIDTHS[1:]) if number <= last_fact else _WIDTHS[-1]
        if isinstance(text, str) and (height := _height(text, width)) > _LINE:
            found[number] = height
    return found


def cover_text(face: Face) -> bytes:
    """The same as text that Notepad shows: a byte order mark and its line ends."""
    lines = [TITLE, face.verdict, ""]
    lines += [f"{key}：{value}" for key, value in face.facts]
    for caption, findings in _lists(face):
        if findings:
            lines += ["", f"{caption}："]
            lines += ["  ".join(_listed(each)) for each in findings]
    return "\r\n".join([*lines, ""]).encode("utf-8-sig", "replace")
