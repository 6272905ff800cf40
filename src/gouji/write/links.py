"""Hyperlinks of a worksheet. Source: ECMA-376 part 1, 18.3.1.47."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from gouji.write import order, xmltext
from gouji.write.sheetmap import SheetMap, parse_area, parse_cell
from gouji.write.workbook import WorkbookPart
from gouji.write.xmltext import Splice

__all__ = ["Link", "add", "quoted", "remove", "xml"]


@dataclass(frozen=True, slots=True)
class Link:
    """A link on a cell: to a place in the workbook (``location``, such as ``'表'!C16``) or to an address."""

    cell: str
    location: str | None = None
    address: str | None = None
    tooltip: str | None = None


def quoted(sheet: str) -> str:
    """A sheet's name as it stands in front of ``!`` (always quoted, which is always right)."""
    return "'" + sheet.replace("'", "''") + "'"


def xml(link: Link, prefix: str, relation: str | None) -> str:
    """The ``<hyperlink>`` element; ``relation`` is the whole attribute that names an outside address."""
    given = xmltext.given(ref=link.cell) + (relation or "")
    given += xmltext.given(location=link.location, tooltip=link.tooltip)
    return f"<{prefix}hyperlink{given}/>"


def _taken(sheet: SheetMap) -> list[tuple[int, int, int, int]]:
    listed = sheet.child("hyperlinks")
    areas = []
    for node in xmltext.children(sheet.masked, listed) if listed else []:
        try:
            areas.append(parse_area(sheet.attributes(node).get("ref", "")))
        except ValueError:
            continue
    return areas


def add(workbook: WorkbookPart, part: str, wanted: Iterable[Link]) -> list[Link]:
    """Put links on the cells of a sheet that have none; the links that were put."""
    sheet = SheetMap(workbook.parts.xml(part), part)
    taken = _taken(sheet)
    free = []
    for link in wanted:
        row, col = parse_cell(link.cell)
        if not any(top <= row <= bottom and left <= col <= right for top, left, bottom, right in taken):
            free.append(link)
    if not free:
        return []
    prefix = sheet.prefix.decode()
    body = ""
    for link in free:
        relation = None
        if link.address is not None:
            kind = f"{workbook.relation_namespace}/hyperlink"
            id_ = workbook.parts.relate(part, kind, link.address, external=True)
            relation = order.relation_attribute(sheet, workbook.relation_namespace, id_)
        body += xml(link, prefix, relation)
    listed = sheet.child("hyperlinks")
    if listed is not None:
        splices = xmltext.append_child(sheet.data, listed, body.encode())
    else:
        place = order.place_for(sheet, "hyperlinks")
        splices = [Splice(place, place, f"<{prefix}hyperlinks>{body}</{prefix}hyperlinks>".encode())]
    workbook.parts.splice(part, splices)
    return free


def remove(workbook: WorkbookPart, part: str, doomed: Callable[[dict[str, str]], bool]) -> list[str]:
    """Take links off a sheet, judged by the attributes of the element; the areas they stood on."""
    sheet = SheetMap(workbook.parts.xml(part), part)
    listed = sheet.child("hyperlinks")
    if listed is None:
        return []
    nodes = xmltext.children(sheet.masked, listed)
    gone = [node for node in nodes if doomed(sheet.attributes(node))]
    if not gone:
        return []
    if len(gone) == len(nodes):
        workbook.parts.splice(part, [Splice(listed.start, listed.end, b"")])
    else:
        workbook.parts.splice(part, [Splice(node.start, node.end, b"") for node in gone])
    return [sheet.attributes(node).get("ref", "") for node in gone]
