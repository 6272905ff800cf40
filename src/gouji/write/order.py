"""The order of the elements of a worksheet, which Excel insists on, and how they point to other parts.

Source: ECMA-376 part 1, 18.3.1.99 (CT_Worksheet).
"""

from __future__ import annotations

import re

from gouji.write import xmltext
from gouji.write.sheetmap import SheetMap

__all__ = ["place_for", "relation_attribute"]

_ORDER = (
    "sheetPr",
    "dimension",
    "sheetViews",
    "sheetFormatPr",
    "cols",
    "sheetData",
    "sheetCalcPr",
    "sheetProtection",
    "protectedRanges",
    "scenarios",
    "autoFilter",
    "sortState",
    "dataConsolidate",
    "customSheetViews",
    "mergeCells",
    "phoneticPr",
    "conditionalFormatting",
    "dataValidations",
    "hyperlinks",
    "printOptions",
    "pageMargins",
    "pageSetup",
    "headerFooter",
    "rowBreaks",
    "colBreaks",
    "customProperties",
    "cellWatches",
    "ignoredErrors",
    "smartTags",
    "drawing",
    "legacyDrawing",
    "legacyDrawingHF",
    "drawingHF",
    "picture",
    "oleObjects",
    "controls",
    "webPublishItems",
    "tableParts",
    "extLst",
)
_RANK = {name: rank for rank, name in enumerate(_ORDER)}


def place_for(sheet: SheetMap, name: str) -> int:
    """The offset where an element of this name goes, among those that are there."""
    rank = _RANK[name]
    after_data = False
    for node in sheet.children():
        known = _RANK.get(node.local)
        if known is None:  # mc:AlternateContent: judged by what it wraps
            known = next(
                (
                    _RANK[inner.local]
                    for choice in xmltext.children(sheet.masked, node)
                    for inner in xmltext.children(sheet.masked, choice)
                    if inner.local in _RANK
                ),
                _RANK["controls"] if after_data else -1,
            )
        if known > rank:
            return node.start
        after_data = after_data or node.local == "sheetData"
    return sheet.root.inner_end


def relation_attribute(sheet: SheetMap, namespace: str, id_: str) -> str:
    """`` r:id="…"`` with the prefix this part uses for relationships, declared where it uses none."""
    opened = sheet.data[sheet.root.start : sheet.root.open_end]
    found = re.search(rb"\sxmlns:([\w.-]+)\s*=\s*[\"']" + re.escape(namespace.encode()) + rb"[\"']", opened)
    if found:
        return f' {found[1].decode()}:id="{id_}"'
    return f' xmlns:r="{namespace}" r:id="{id_}"'
