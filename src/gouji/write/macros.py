"""Macros, buttons and ribbon put into a workbook's package: parts are added and tags edited, nothing else moves.

The last step before a workbook is handed out: programs that write workbooks whole lose some of these parts.
Sources: ECMA-376 part 1, 18.2.28 (workbookPr), 18.3.1.82 (sheetPr), 20.5 (spreadsheet drawings); [MS-CUSTOMUI]
2.2 (the two ribbon parts); [MS-XLSX] 2.1.61 (vbaProject).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gouji.write import order, xmltext
from gouji.write.ovba import MacroModule, document_module, vba_project
from gouji.write.package import Package
from gouji.write.sheetmap import SheetMap
from gouji.write.workbook import SheetPart
from gouji.write.xmltext import Node, Splice

__all__ = ["ADDIN", "WORKBOOK", "MacroButton", "add_buttons", "add_macros", "add_ribbon"]

#: Content types of the workbook part: a workbook with macros, an add-in.
WORKBOOK = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
ADDIN = "application/vnd.ms-excel.addin.macroEnabled.main+xml"
_VBA_TYPE = "application/vnd.ms-office.vbaProject"
_VBA_RELATION = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"
_DRAWING_TYPE = "application/vnd.openxmlformats-officedocument.drawing+xml"
_XDR = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_RIBBONS = (
    ("customUI/customUI.xml", "http://schemas.microsoft.com/office/2006/relationships/ui/extensibility"),
    ("customUI/customUI14.xml", "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"),
)
_EMU = 12_700  # English metric units in a point
_ROW = 15.0  # points, where the sheet does not say


@dataclass(frozen=True, slots=True)
class MacroButton:
    """A button on a sheet: its words, the public Sub it runs, and what a screen reader says."""

    caption: str
    macro: str
    tip: str = ""


def add_macros(
    package: Package, project: str, modules: Sequence[MacroModule], *, kind: str = WORKBOOK
) -> tuple[str, ...]:
    """Give a workbook macros; it must be saved as .xlsm, or .xlam for an add-in.

    Args:
        package: The workbook; it is changed.
        project: The name of the VBA project.
        modules: The modules besides those behind workbook and sheets.
        kind: ``WORKBOOK`` or ``ADDIN``.

    Returns:
        The names of all modules.

    Raises:
        ValueError: the workbook has macros already.
    """
    parts, workbook = package.parts, package.workbook
    if workbook.related("vbaProject") is not None:
        raise ValueError("the workbook has macros already")
    documents = [document_module(_code_name_of_workbook(package), workbook=True)]
    taken = {module.name.lower() for module in (*documents, *modules)}
    for sheet in package.sheets:
        documents.append(document_module(_code_name(package, sheet, taken)))
        taken.add(documents[-1].name.lower())
    name = workbook.beside("vbaProject.bin")
    parts.write(name, vba_project(project, [*documents, *modules]))
    parts.add_override(name, _VBA_TYPE)
    parts.relate(workbook.name, _VBA_RELATION, name)
    parts.drop_override(workbook.name)
    parts.add_override(workbook.name, kind)
    return tuple(module.name for module in (*documents, *modules))


def _with_attribute(package: Package, part: str, node: Node, name: str, value: str) -> None:
    data = package.parts.xml(part)
    tag = data[node.start : node.open_end]
    new = xmltext.set_attribute(tag, name, value)
    package.parts.splice(part, [Splice(node.start, node.open_end, new)])


def _code_name_of_workbook(package: Package) -> str:
    """The workbook's code name, written where there is none."""
    workbook = package.workbook
    found = xmltext.child(workbook.masked, workbook.root, "workbookPr")
    if found is None:
        before = next(
            (
                node
                for node in xmltext.children(workbook.masked, workbook.root)
                if node.local not in ("fileVersion", "fileSharing")
            ),
            None,
        )
        place = workbook.root.open_end if before is None else before.start
        tag = f'<{workbook.root.prefix.decode()}workbookPr codeName="ThisWorkbook"/>'
        workbook.splice([Splice(place, place, tag.encode())])
        return "ThisWorkbook"
    given = xmltext.attributes(workbook.data[found.start : found.open_end])
    if "codeName" in given:
        return given["codeName"]
    _with_attribute(package, workbook.name, found, "codeName", "ThisWorkbook")
    return "ThisWorkbook"


def _code_name(package: Package, sheet: SheetPart, taken: set[str]) -> str:
    """The code name of a sheet, written where there is none."""
    found_map = SheetMap(package.parts.xml(sheet.part), sheet.part)
    found = found_map.child("sheetPr")
    given = found_map.attributes(found) if found is not None else {}
    if (
        given.get("codeName", "").isascii()
        and given.get("codeName")
        and given["codeName"].lower() not in taken
    ):
        return given["codeName"]
    number = 1
    while f"sheet{number}" in taken:
        number += 1
    name = f"Sheet{number}"
    if found is None:
        place = order.place_for(found_map, "sheetPr")
        tag = f'<{found_map.prefix.decode()}sheetPr codeName="{name}"/>'
        package.parts.splice(sheet.part, [Splice(place, place, tag.encode())])
    else:
        _with_attribute(package, sheet.part, found, "codeName", name)
    return name


def add_ribbon(package: Package, for_2007: bytes, for_2010: bytes) -> None:
    """Add both ribbon parts: the one Office 2007 reads and the one that later versions prefer."""
    for (name, relation), content in zip(_RIBBONS, (for_2007, for_2010), strict=True):
        package.parts.write(name, content)
        package.parts.relate("", relation, name)
    package.parts.add_default("xml", "application/xml")


def add_buttons(package: Package, sheet: str, buttons: Sequence[MacroButton]) -> None:
    """Put buttons on a sheet, in a column to the right of all its cells; they are not printed.

    The sheet's other shapes stay; ids are unique within the drawing.
    """
    where = package.sheet(sheet)
    found = package.map(sheet)
    column = _first_free_column(found)
    name = _drawing(package, where)
    data = package.parts.xml(name)
    masked = xmltext.mask(data)
    top = xmltext.root(masked)
    number = _highest_id(data, masked, top)
    body = ""
    height, gap, offset = 26.0, 8.0, 6.0  # points
    for button in buttons:
        number += 1
        body += _shape(button, number, column, _row_at(found, offset), height)
        offset += height + gap
    package.parts.splice(name, xmltext.append_child(data, top, body.encode()))


def _first_free_column(sheet: SheetMap) -> int:
    """The first column (from 0) right of every cell, with one left free between."""
    last = 0
    for row in sheet.rows:
        for cell in sheet.cells(row):
            last = max(last, cell.col)
    return last + 1


def _row_at(sheet: SheetMap, offset: float) -> tuple[int, float]:
    """The row (from 0) at so many points from the top, and the points into it."""
    usual = _ROW
    shape = sheet.child("sheetFormatPr")
    if shape is not None:
        usual = float(sheet.attributes(shape).get("defaultRowHeight", _ROW))
    number = 0
    while True:
        row = sheet.row(number + 1)
        height = usual
        if row is not None:
            given = sheet.attributes(row.node)
            height = 0.0 if given.get("hidden") in ("1", "true") else float(given.get("ht", usual))
        if offset < height:
            return number, offset
        offset -= height
        number += 1


def _drawing(package: Package, sheet: SheetPart) -> str:
    """The drawing part of a sheet, made where there is none."""
    parts, workbook = package.parts, package.workbook
    for one in parts.relationships(sheet.part):
        if one.kind == "drawing" and one.target in parts:
            return one.target
    name = parts.unused(workbook.beside("drawings/drawing{}.xml"))
    root = f'{xmltext.DECLARATION}<xdr:wsDr xmlns:xdr="{_XDR}" xmlns:a="{_A}"></xdr:wsDr>'
    parts.write(name, root.encode())
    parts.add_override(name, _DRAWING_TYPE)
    id_ = parts.relate(sheet.part, f"{workbook.relation_namespace}/drawing", name)
    found = SheetMap(parts.xml(sheet.part), sheet.part)
    place = order.place_for(found, "drawing")
    relation = order.relation_attribute(found, workbook.relation_namespace, id_)
    parts.splice(sheet.part, [Splice(place, place, f"<{found.prefix.decode()}drawing{relation}/>".encode())])
    return name


def _highest_id(data: bytes, masked: bytes, node: Node) -> int:
    """The highest shape id within a drawing; 1 where there is none, for Excel counts from 2."""
    highest = 1
    for child in xmltext.children(masked, node):
        if child.local == "cNvPr":
            highest = max(
                highest, xmltext.whole(xmltext.attributes(data[child.start : child.open_end]), "id")
            )
        highest = max(highest, _highest_id(data, masked, child))
    return highest


def _shape(button: MacroButton, number: int, column: int, at: tuple[int, float], height: float) -> str:
    caption = xmltext.escape(button.caption)
    tip = xmltext.escape(button.tip, quotes=True)
    row, into = at
    size = f'cx="{96 * _EMU}" cy="{round(height * _EMU)}"'
    fill = '<a:solidFill><a:srgbClr val="{}"/></a:solidFill>'.format
    return (
        f'<xdr:oneCellAnchor xmlns:xdr="{_XDR}" xmlns:a="{_A}"><xdr:from><xdr:col>{column}</xdr:col>'
        f"<xdr:colOff>{6 * _EMU}</xdr:colOff><xdr:row>{row}</xdr:row>"
        f"<xdr:rowOff>{round(into * _EMU)}</xdr:rowOff></xdr:from><xdr:ext {size}/>"
        f'<xdr:sp macro="[0]!{button.macro}" textlink=""><xdr:nvSpPr>'
        f'<xdr:cNvPr id="{number}" name="{button.macro}" descr="{tip}"/><xdr:cNvSpPr/></xdr:nvSpPr>'
        f'<xdr:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm>'
        f'<a:prstGeom prst="roundRect"><a:avLst/></a:prstGeom>{fill("DDE5EE")}'
        f'<a:ln w="9525">{fill("5B7FA6")}</a:ln></xdr:spPr>'
        '<xdr:txBody><a:bodyPr vertOverflow="clip" wrap="none" anchor="ctr"/><a:lstStyle/>'
        '<a:p><a:pPr algn="ctr"/><a:r><a:rPr lang="zh-CN" sz="1100">'
        f'{fill("1F3A56")}<a:latin typeface="宋体"/><a:ea typeface="宋体"/></a:rPr>'
        f"<a:t>{caption}</a:t></a:r></a:p></xdr:txBody></xdr:sp>"
        '<xdr:clientData fPrintsWithSheet="0"/></xdr:oneCellAnchor>'
    )
