"""The report as a workbook: one row a finding, with filters; for those who sort and hand on findings in Excel or WPS.

Text from files is stored as text, whatever it begins with: nothing in the report is ever a formula. Equal input gives
equal bytes.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence

from gouji.model import Finding, Severity
from gouji.report.words import SEVERITY, shown
from gouji.result import DocumentResult, Status
from gouji.version import __version__
from gouji.write.content import CellContent, Look, SheetContent
from gouji.write.marks import COLOURS, tall_rows
from gouji.write.package import Package

__all__ = ["SHEET", "to_xlsx"]

SHEET = "校验结果"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
#: A workbook without sheets: what a sheet is added to.
_EMPTY = {
    "[Content_Types].xml": (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPES}.styles+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>'
    ),
    "xl/styles.xml": (
        f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font><sz val="11"/><name val="宋体"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        '<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
        '<cellStyles count="1"><cellStyle name="常规" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    ),
}
_EPOCH = (1980, 1, 1, 0, 0, 0)
_COLUMNS = (
    "序号",
    "级别",
    "文件",
    "工作表",
    "位置",
    "项目",
    "问题",
    "填的是",
    "应为",
    "算式",
    "依据",
    "规则",
    "说明接受",
)
_WIDTHS = (6.0, 7.0, 26.0, 18.0, 9.0, 30.0, 62.0, 18.0, 18.0, 30.0, 30.0, 9.0, 30.0)
_HEAD = Look(bold=True, fill="DDE5EE", border=True, wrap=True, vertical="center", horizontal="center")
_PLAIN = Look(border=True, wrap=True, vertical="top")
_STATUS = {
    Status.CLEAN: "没有发现问题",
    Status.FINDINGS: "检查完，见下表",
    Status.PARTIAL: "有内容没有检查",
    Status.NOT_CHECKED: "没有检查",
}


def to_xlsx(results: Iterable[DocumentResult]) -> bytes:
    """The report as the bytes of an .xlsx file.

    Args:
        results: What the check of each file came to, in the order to be shown.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in _EMPTY.items():
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, text)
    package = Package.open(out.getvalue())
    package.add_sheet(_sheet(tuple(results)))
    return package.to_bytes()


def _sheet(results: Sequence[DocumentResult]) -> SheetContent:
    findings = [found for result in results for found in result.findings]
    counted = "，".join(
        f"{SEVERITY[each]} {sum(found.severity is each for found in findings)} 处" for each in Severity
    )
    rows: list[tuple[CellContent | None, ...]] = [
        (CellContent("勾稽校验报告", Look(bold=True, size=14)),),
        (CellContent(f"{counted}（gouji {__version__}）"),),
    ]
    for result in results:
        said = _STATUS[result.status]
        if result.reason is not None:
            said += f"：{shown(result.reason.text)}"
        rows.append((CellContent(f"{shown(result.path)}：{said}"),))
    rows.append(tuple(CellContent(caption, _HEAD) for caption in _COLUMNS))
    header = len(rows)
    rows += [_row(number, found) for number, found in enumerate(findings, 1)]
    return SheetContent(
        SHEET,
        tuple(rows),
        widths=_WIDTHS,
        heights=tall_rows(rows, _WIDTHS),
        frozen=header,
        filter=f"A{header}:M{max(len(rows), header + 1)}",
        landscape=True,
    )


def _row(number: int, found: Finding) -> tuple[CellContent, ...]:
    place = found.location
    marked = Look(
        border=True, wrap=True, vertical="top", horizontal="center", bold=True, fill=COLOURS[found.severity]
    )
    where = f"第 {place.paragraph} 段" if place.paragraph is not None else place.cell
    answered = f"{found.accepted.role}：{found.accepted.reason}" if found.accepted is not None else ""
    told = (place.document, place.sheet, where, place.label or place.text, found.message)
    more = (found.observed, found.expected, found.relation, found.basis, found.code, answered)
    texts = (CellContent(shown(text) if text else None, _PLAIN) for text in (*told, *more))
    return CellContent(number, _PLAIN), CellContent(SEVERITY[found.severity], marked), *texts
