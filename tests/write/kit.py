"""Workbooks written out by hand for the writer's tests, so that every byte of a part is known."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT_MAIN = "http://purl.oclc.org/ooxml/spreadsheetml/main"
RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_RELS = "http://purl.oclc.org/ooxml/officeDocument/relationships"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><fonts count="2"><font><sz val="11"/><name val="宋体"/></font>'
    '<font><b/><sz val="11"/><name val="宋体"/></font></fonts>'
    '<fills count="3"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill>'
    '<fill><patternFill patternType="solid"><fgColor rgb="FFDDEEFF"/></patternFill></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="2" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/>'
    '<xf numFmtId="0" fontId="0" fillId="2" borderId="0" xfId="0" applyFill="1">'
    '<alignment wrapText="1"/></xf>'
    '<xf numFmtId="10" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


def rows(inner: str, *, before: str = "", after: str = "", namespace: str = MAIN, rels: str = RELS) -> str:
    """A worksheet part around the inside of its ``<sheetData>``."""
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<worksheet xmlns="{namespace}" xmlns:r="{rels}">{before}<sheetData>{inner}</sheetData>{after}</worksheet>'
    )


def workbook(
    sheets: Mapping[str, str],
    *,
    extra: Mapping[str, str | bytes] | None = None,
    overrides: Mapping[str, str] | None = None,
    related: Mapping[str, str] | None = None,
    inside: str = "",
    styles: str | None = STYLES,
    strict: bool = False,
    stored: bool = False,
) -> bytes:
    """An .xlsx of these worksheet parts by sheet name.

    ``extra`` parts are added as they are, ``overrides`` are their content types, ``related`` maps a
    relationship's kind to a target beside the workbook, ``inside`` goes after ``<sheets>``.
    """
    main, rels = (STRICT_MAIN, STRICT_RELS) if strict else (MAIN, RELS)
    parts: dict[str, str | bytes] = {}
    types = {"/xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"}
    links = []
    listed = []
    for number, (name, xml) in enumerate(sheets.items(), 1):
        parts[f"xl/worksheets/sheet{number}.xml"] = xml
        types[f"/xl/worksheets/sheet{number}.xml"] = SHEET_TYPE
        links.append(
            f'<Relationship Id="rId{number}" Type="{rels}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        )
        listed.append(f'<sheet name="{name}" sheetId="{number}" r:id="rId{number}"/>')
    if styles is not None:
        parts["xl/styles.xml"] = styles.replace(MAIN, main)
        types["/xl/styles.xml"] = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
        links.append(f'<Relationship Id="rIdS" Type="{rels}/styles" Target="styles.xml"/>')
    for kind, target in (related or {}).items():
        links.append(f'<Relationship Id="rId_{kind}" Type="{rels}/{kind}" Target="{target}"/>')
    types |= overrides or {}
    package = "http://schemas.openxmlformats.org/package/2006"
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    everything: dict[str, str | bytes] = {
        "[Content_Types].xml": f'{head}<Types xmlns="{package}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        + "".join(f'<Override PartName="{part}" ContentType="{kind}"/>' for part, kind in types.items())
        + "</Types>",
        "_rels/.rels": f'{head}<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="rId1" Type="{rels}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{head}<workbook xmlns="{main}" xmlns:r="{rels}"><sheets>{"".join(listed)}</sheets>'
        f"{inside}</workbook>",
        "xl/_rels/workbook.xml.rels": f'{head}<Relationships xmlns="{package}/relationships">{"".join(links)}'
        "</Relationships>",
        **parts,
        **(extra or {}),
    }
    out = io.BytesIO()
    method = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in everything.items():
            info = zipfile.ZipInfo(name, (2024, 12, 31, 8, 30, 0))
            info.compress_type = method
            archive.writestr(info, content)
    return out.getvalue()


def parts_of(data: bytes) -> dict[str, bytes]:
    """The content of every entry of a zip file, in order."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def compressed(data: bytes) -> dict[str, bytes]:
    """The compressed bytes of every entry of a zip file, in order."""
    found = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for info in archive.infolist():
            name, extra = (
                int.from_bytes(data[info.header_offset + at : info.header_offset + at + 2], "little")
                for at in (26, 28)
            )
            start = info.header_offset + 30 + name + extra
            found[info.filename] = data[start : start + info.compress_size]
    return found


def changed_parts(before: bytes, after: bytes) -> set[str]:
    """The entries whose content differs, or that only one of two files has."""
    one, two = parts_of(before), parts_of(after)
    return {name for name in one.keys() | two.keys() if one.get(name) != two.get(name)}
