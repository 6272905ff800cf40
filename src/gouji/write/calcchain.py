"""The calculation chain: entries of formulas that are gone must go too, or Excel offers to repair the file.

Entries for new formulas are not needed: Excel completes the chain as it loads. Source: ECMA-376 part 1, 18.6.
"""

from __future__ import annotations

from collections.abc import Iterable

from gouji.source.document import cell_name
from gouji.write import xmltext
from gouji.write.workbook import WorkbookPart
from gouji.write.xmltext import Splice

__all__ = ["forget", "forget_sheet", "request"]


def forget(workbook: WorkbookPart, sheet_id: int, positions: Iterable[tuple[int, int]]) -> None:
    """Take the entries of these cells (1-based row, column) of one sheet out of the chain."""
    _drop(workbook, sheet_id, {cell_name(row - 1, col - 1) for row, col in positions})


def forget_sheet(workbook: WorkbookPart, sheet_id: int) -> None:
    """Take every entry of a sheet out of the chain."""
    _drop(workbook, sheet_id, None)


def _drop(workbook: WorkbookPart, sheet_id: int, doomed: set[str] | None) -> None:
    parts = workbook.parts
    name = workbook.related("calcChain")
    if name is None:
        return
    data = parts.xml(name)
    masked = xmltext.mask(data)
    nodes = xmltext.children(masked, xmltext.root(masked))
    splices: list[Splice] = []
    current = 0
    kept = 0
    orphaned = False  # the entry that stated the sheet for those after it is gone
    for node in nodes:
        given = xmltext.attributes(data[node.start : node.open_end])
        stated = "i" in given
        current = xmltext.whole(given, "i") if stated else current
        ref = given.get("r", "").replace("$", "").upper()
        if current == sheet_id and (doomed is None or ref in doomed):
            splices.append(Splice(node.start, node.end, b""))
            orphaned = orphaned or stated
            continue
        if stated:
            orphaned = False
        elif orphaned:
            tag = xmltext.set_attribute(data[node.start : node.open_end], "i", str(current))
            splices.append(Splice(node.start, node.open_end, tag))
            orphaned = False
        kept += 1
    if not splices:
        return
    if kept:
        parts.splice(name, splices)
        return
    gone = [one.id for one in parts.relationships(workbook.name) if one.kind == "calcChain"]
    parts.unrelate(workbook.name, gone)
    parts.drop_override(name)
    parts.remove(name)


_BEFORE_CALC = (
    "fileVersion",
    "fileSharing",
    "workbookPr",
    "workbookProtection",
    "bookViews",
    "sheets",
    "functionGroups",
    "externalReferences",
    "definedNames",
)


def request(workbook: WorkbookPart) -> None:
    """Set ``fullCalcOnLoad``, adding ``<calcPr>`` where the workbook has none."""
    data, masked, top = workbook.data, workbook.masked, workbook.root
    nodes = xmltext.children(masked, top)
    found = next((node for node in nodes if node.local == "calcPr"), None)
    if found is not None:
        tag = xmltext.set_attribute(data[found.start : found.open_end], "fullCalcOnLoad", "1")
        workbook.splice([Splice(found.start, found.open_end, tag)])
        return
    place = max((node.end for node in nodes if node.local in _BEFORE_CALC), default=top.open_end)
    new = f'<{top.prefix.decode()}calcPr fullCalcOnLoad="1"/>'.encode()
    workbook.splice([Splice(place, place, new)])
