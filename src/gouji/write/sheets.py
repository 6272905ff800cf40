"""Worksheets added to a workbook and taken out again; positions of the others never change.

Source: ECMA-376 part 1, 18.2 (Workbook), 18.3 (Worksheets).
"""

from __future__ import annotations

import posixpath
import re

from gouji.calc.formula import column_letters
from gouji.source.document import Visibility
from gouji.write import calcchain, cells, links, styles, xmltext
from gouji.write.cells import CellEdit, Constant, EditRefusedError, Formula
from gouji.write.content import CellContent, SheetContent
from gouji.write.sheetmap import SheetMap
from gouji.write.workbook import SheetPart, WorkbookPart
from gouji.write.xmltext import Node, Splice

__all__ = ["add", "free_name", "remove", "sheet_xml"]

_CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_FORBIDDEN = re.compile(r"[\\/?*\[\]:]")
_MAX_NAME = 31
_STATES = {Visibility.HIDDEN: "hidden", Visibility.VERY_HIDDEN: "veryHidden"}


def free_name(workbook: WorkbookPart, wanted: str) -> str:
    """The name itself, or with a number where a sheet of that name exists."""
    taken = {sheet.name.casefold() for sheet in workbook.sheets}
    number = 1
    name = wanted
    while name.casefold() in taken:
        number += 1
        name = f"{wanted}({number})"
    return name


def _checked(workbook: WorkbookPart, name: str) -> None:
    if not name or len(name) > _MAX_NAME or _FORBIDDEN.search(name) or name[0] == "'" or name[-1] == "'":
        raise EditRefusedError(f"“{name}”不能作工作表名：1 至 31 个字符，不含 \\ / ? * [ ] :，首尾不是单引号")
    if any(sheet.name.casefold() == name.casefold() for sheet in workbook.sheets):
        raise EditRefusedError(f"工作簿里已有名为“{name}”的工作表")


def add(workbook: WorkbookPart, content: SheetContent) -> SheetPart:
    """Add a worksheet after the last sheet.

    Raises:
        EditRefusedError: the name is taken, or not one that Excel accepts.
    """
    _checked(workbook, content.name)
    parts = workbook.parts
    part = parts.unused(workbook.beside("worksheets/sheet{}.xml"))
    parts.write(part, sheet_xml(workbook, content))
    parts.add_override(part, _CONTENT_TYPE)
    id_ = parts.relate(workbook.name, f"{workbook.relation_namespace}/worksheet", part)
    if any(link.address for link in content.links):
        links.add(workbook, part, content.links)
    data, top = workbook.data, workbook.root
    listed = xmltext.child(workbook.masked, top, "sheets")
    number = max((sheet.sheet_id for sheet in workbook.sheets), default=0) + 1
    prefix = top.prefix.decode()
    given = xmltext.given(name=content.name, sheetId=number, state=_STATES.get(content.state))
    new = f"<{prefix}sheet{given}{_relation(workbook, id_)}/>"
    if listed is None:
        raise EditRefusedError("工作簿没有工作表列表，无法添加工作表")
    workbook.splice(xmltext.append_child(data, listed, new.encode()))
    return workbook.sheets[-1]


def _relation(workbook: WorkbookPart, id_: str) -> str:
    opened = workbook.data[: workbook.root.open_end].decode("utf-8", "replace")
    namespace = workbook.relation_namespace
    found = re.search(r"\sxmlns:([\w.-]+)\s*=\s*[\"']" + re.escape(namespace) + r"[\"']", opened)
    return f' {found[1]}:id="{id_}"' if found else f' xmlns:r="{namespace}" r:id="{id_}"'


def sheet_xml(workbook: WorkbookPart, content: SheetContent) -> bytes:
    """The worksheet part of a sheet's content; the looks it needs are appended to the styles."""
    indices = styles.looks(workbook, [cell.look for row in content.rows for cell in row if cell is not None])
    widest = max((len(row) for row in content.rows), default=1)
    heights = content.heights
    rows = "".join(
        f"<row{xmltext.given(r=row, ht=heights.get(row), customHeight=1 if row in heights else None)}/>"
        for row in range(1, len(content.rows) + 1)
    )
    columns = "".join(
        f'<col min="{index}" max="{index}" width="{width:g}" customWidth="1"/>'
        for index, width in enumerate(content.widths, 1)
    )
    pane = ""
    if content.frozen:
        place = f"A{content.frozen + 1}"
        pane = (
            f'<pane ySplit="{content.frozen}" topLeftCell="{place}" activePane="bottomLeft" state="frozen"/>'
            f'<selection pane="bottomLeft" activeCell="{place}" sqref="{place}"/>'
        )
    colour = f'<tabColor rgb="FF{content.tab_colour}"/>' if content.tab_colour else ""
    fit = '<pageSetUpPr fitToPage="1"/>' if content.landscape else ""
    internal = [link for link in content.links if link.address is None]
    if any(link.address for link in content.links):
        internal = []  # outside addresses need relationships: all are added once the part stands
    pieces = [
        xmltext.DECLARATION,
        f'<worksheet xmlns="{workbook.main_namespace}">',
        f"<sheetPr>{colour}{fit}</sheetPr>" if colour or fit else "",
        f'<dimension ref="A1:{column_letters(max(widest, 1))}{max(len(content.rows), 1)}"/>',
        f'<sheetViews><sheetView workbookViewId="0">{pane}</sheetView></sheetViews>',
        '<sheetFormatPr defaultRowHeight="15"/>',
        f"<cols>{columns}</cols>" if columns else "",
        f"<sheetData>{rows}</sheetData>",
        f'<autoFilter ref="{content.filter}"/>' if content.filter else "",
        _merged(content),
        f"<hyperlinks>{''.join(links.xml(link, '', None) for link in internal)}</hyperlinks>"
        if internal
        else "",
        '<pageMargins left="0.5" right="0.5" top="0.6" bottom="0.6" header="0.3" footer="0.3"/>',
        '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>' if content.landscape else "",
        "</worksheet>",
    ]
    empty = SheetMap("".join(pieces).encode(), content.name)
    edits = {}
    for row, line in enumerate(content.rows, 1):
        for col, cell in enumerate(line, 1):
            if cell is not None:
                edits[row, col] = _edit(cell, indices[cell.look])
    return xmltext.apply(empty.data, cells.cell_splices(empty, edits))


def _edit(cell: CellContent, style: int) -> CellEdit:
    if isinstance(cell.value, Formula):
        return CellEdit(cell.value, style)
    if cell.value is None:
        return CellEdit(None, style)
    return CellEdit(Constant(cell.value), style)


def _merged(content: SheetContent) -> str:
    if not content.merged:
        return ""
    areas = "".join(f'<mergeCell ref="{area}"/>' for area in content.merged)
    return f'<mergeCells count="{len(content.merged)}">{areas}</mergeCells>'


def remove(workbook: WorkbookPart, sheet: SheetPart) -> None:
    """Take a worksheet out: its part, what only it relates to, its names, its place in the calculation chain.

    Raises:
        EditRefusedError: no visible sheet would be left.
    """
    others = [one for one in workbook.sheets if one.relation != sheet.relation]
    if not any(one.state is Visibility.VISIBLE for one in others):
        raise EditRefusedError("工作簿至少要留一张可见的工作表")
    index = workbook.sheets.index(sheet)
    calcchain.forget_sheet(workbook, sheet.sheet_id)
    parts = workbook.parts
    workbook.splice(_without(workbook, sheet, index))
    parts.unrelate(workbook.name, [sheet.relation])
    _remove_part(workbook, sheet.part)


def _remove_part(workbook: WorkbookPart, part: str) -> None:
    """Remove a part, and those it relates to which nothing else does."""
    parts = workbook.parts
    targets = [one.target for one in parts.relationships(part) if not one.external and one.target in parts]
    own = posixpath.join(posixpath.dirname(part), "_rels", posixpath.basename(part) + ".rels")
    parts.remove(own)
    parts.drop_override(part)
    parts.remove(part)
    wanted = {
        one.target.lower()
        for name in ("", *(name for name in parts.names() if not name.endswith((".rels", "/"))))
        for one in parts.relationships(name)
        if not one.external
    }
    for target in targets:
        if target in parts and target.lower() not in wanted:
            _remove_part(workbook, target)


def _without(workbook: WorkbookPart, sheet: SheetPart, index: int) -> list[Splice]:
    """The splices that take a sheet and its names out of the workbook part."""
    data, masked, top = workbook.data, workbook.masked, workbook.root
    splices = [Splice(sheet.node.start, sheet.node.end, b"")]
    for node in xmltext.children(masked, top):
        if node.local == "definedNames":
            splices += _names_without(data, masked, node, index)
        elif node.local == "bookViews":
            for view in xmltext.children(masked, node):
                tag = data[view.start : view.open_end]
                changed = _view_without(tag, index)
                if changed != tag:
                    splices.append(Splice(view.start, view.open_end, changed))
    return splices


def _names_without(data: bytes, masked: bytes, listed: Node, index: int) -> list[Splice]:
    splices = []
    nodes = xmltext.children(masked, listed)
    kept = 0
    for node in nodes:
        tag = data[node.start : node.open_end]
        scope = xmltext.whole(xmltext.attributes(tag), "localSheetId", -1)
        if scope == index:
            splices.append(Splice(node.start, node.end, b""))
            continue
        kept += 1
        if scope > index:
            new = xmltext.set_attribute(tag, "localSheetId", str(scope - 1))
            splices.append(Splice(node.start, node.open_end, new))
    if nodes and not kept:
        return [Splice(listed.start, listed.end, b"")]
    return splices


def _view_without(tag: bytes, index: int) -> bytes:
    for name in ("activeTab", "firstSheet"):
        shown = xmltext.whole(xmltext.attributes(tag), name)
        if shown >= index and shown > 0:
            tag = xmltext.set_attribute(tag, name, str(shown - 1))
    return tag
