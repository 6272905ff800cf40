"""The shapes of notes in a VML drawing, edited as text: Excel's own VML is not always well-formed XML.

Source: ECMA-376 part 4, 19.2 (VML) and 19.4 (spreadsheet drawing, x:ClientData).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from gouji.calc.formula import MAX_COLUMNS, MAX_ROWS
from gouji.source.document import ReasonCode, SourceRefusedError
from gouji.write.xmltext import Splice

__all__ = ["added", "created", "has_shapes", "highest_cluster", "removed"]

Position = tuple[int, int]
_NAMESPACES = {
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
    "x": "urn:schemas-microsoft-com:office:excel",
}
_TYPE = (
    '<v:shapetype{0} id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_SHAPE = re.compile(rb"<([\w.-]+:)?shape[\s>].*?</\1shape\s*>\s*", re.DOTALL)
_NOTE = re.compile(rb"ObjectType\s*=\s*[\"']Note[\"']")
_ROW = re.compile(rb"<(?:[\w.-]+:)?Row>\s*(\d+)\s*</")
_COLUMN = re.compile(rb"<(?:[\w.-]+:)?Column>\s*(\d+)\s*</")
_ID = re.compile(rb"_x0000_s(\d+)[\"']")
_CLUSTER = re.compile(rb"idmap\s[^>]*?data\s*=\s*[\"']([\d, ]+)[\"']")
_CLUSTER_SIZE = 1024
_BOX_COLUMNS = 4
_WIDE = 26  # characters in a line of a note's box


def _shape(declared: str, number: int, at: Position, text: str) -> str:
    row, col = at[0] - 1, at[1] - 1
    lines = sum(-(-max(len(line), 1) // _WIDE) for line in text.split("\n"))
    # An anchor names rows and columns of the sheet: the box must end on it.
    high = max(4, min(lines + 1, 24))
    top = max(min(row - 1, MAX_ROWS - 1 - high), 0)
    left = min(col + 1, MAX_COLUMNS - 1 - _BOX_COLUMNS)
    # From column, offset, row, offset, to the same: four columns wide, high enough for the text.
    anchor = f"{left}, 15, {top}, 10, {left + _BOX_COLUMNS}, 15, {top + high}, 4"
    return (
        f'<v:shape{declared} id="_x0000_s{number}" type="#_x0000_t202" style="position:absolute;'
        'margin-left:60pt;margin-top:2pt;width:220pt;height:90pt;z-index:1;visibility:hidden" '
        'fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/>'
        '<v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
        '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
        '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
        f"<x:Anchor>{anchor}</x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{col}</x:Column>"
        "</x:ClientData></v:shape>"
    )


def created(notes: Mapping[Position, str], cluster: int) -> bytes:
    """A VML part with the shapes of these notes (1-based row and column, text).

    ``cluster`` is the block of 1024 shape numbers they are taken from; each drawing has its own.
    """
    declared = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in _NAMESPACES.items())
    shapes = "".join(
        _shape("", cluster * _CLUSTER_SIZE + 1 + index, at, text)
        for index, (at, text) in enumerate(notes.items())
    )
    return (
        f'<xml{declared}><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="{cluster}"/></o:shapelayout>'
        f"{_TYPE.format('')}{shapes}</xml>"
    ).encode()


def added(data: bytes, notes: Mapping[Position, str]) -> list[Splice]:
    """The splices that add the shapes of notes to a VML part.

    Raises:
        SourceRefusedError: the part is not VML.
    """
    closing = data.rfind(b"</xml>")
    opening = re.search(rb"<xml[\s>][^>]*>?", data)
    if closing < 0 or opening is None:
        raise SourceRefusedError(
            ReasonCode.UNSUPPORTED,
            "批注图形部件的写法不常见，无法安全添加批注；请用 Excel 或 WPS 另存一份再试",
        )
    head = opening[0].decode("utf-8", "replace")
    declared = "".join(
        f' xmlns:{prefix}="{uri}"'
        for prefix, uri in _NAMESPACES.items()
        if not re.search(rf"xmlns:{prefix}\s*=\s*[\"']{re.escape(uri)}[\"']", head)
    )
    numbers = [int(found) for found in _ID.findall(data)]
    number = max(numbers, default=highest_cluster(data) * _CLUSTER_SIZE) + 1
    new = "" if b"_x0000_t202" in data.replace(b"#_x0000_t202", b"") else _TYPE.format(declared)
    new += "".join(
        _shape(declared, number + index, at, text) for index, (at, text) in enumerate(notes.items())
    )
    return [Splice(closing, closing, new.encode())]


def removed(data: bytes, cells: Collection[Position]) -> list[Splice]:
    """The splices that take away the note shapes of these cells (1-based)."""
    splices = []
    for found in _SHAPE.finditer(data):
        row, col = _ROW.search(found[0]), _COLUMN.search(found[0])
        if row and col and _NOTE.search(found[0]) and (int(row[1]) + 1, int(col[1]) + 1) in cells:
            splices.append(Splice(found.start(), found.end(), b""))
    return splices


def has_shapes(data: bytes) -> bool:
    """Whether the drawing shows anything."""
    return bool(re.search(rb"<(?:[\w.-]+:)?(?:shape|rect|oval|line|group|image|roundrect)[\s>]", data))


def highest_cluster(data: bytes) -> int:
    """The highest block of shape numbers a drawing uses."""
    claimed = [int(one) for found in _CLUSTER.findall(data) for one in found.replace(b",", b" ").split()]
    used = [int(found) // _CLUSTER_SIZE for found in _ID.findall(data)]
    return max(claimed + used, default=0)
