"""Styles appended, never renumbered: cell formats that differ from an existing one in their fill, or are new.

Source: ECMA-376 part 1, 18.8 (Styles).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from gouji.write import xmltext
from gouji.write.cells import EditRefusedError
from gouji.write.content import Look
from gouji.write.workbook import WorkbookPart
from gouji.write.xmltext import Splice

__all__ = ["StyleSheet", "filled", "in_percent", "looks", "refilled"]

_MAX_FORMATS = 65_000
_ORDER = (
    "numFmts",
    "fonts",
    "fills",
    "borders",
    "cellStyleXfs",
    "cellXfs",
    "cellStyles",
    "dxfs",
    "tableStyles",
)
_CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_EMPTY_FILL = '<{0}fill><{0}patternFill patternType="{1}"/></{0}fill>'
_MINIMAL = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<styleSheet xmlns="{0}">'
    '<fonts count="1"><font><sz val="11"/><name val="宋体"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
_COLOUR = re.compile(rb"<(?:[\w.-]+:)?color\s[^>]*>")
_FAMILY = re.compile(rb"<(?:[\w.-]+:)?(?:name|family|charset|scheme)\s[^>]*>")
_FLAG = {"1": "1", "true": "1", "0": "0", "false": "0"}


class StyleSheet:
    """The styles part of a workbook; what is appended is written by :meth:`commit`."""

    __slots__ = (
        "_items",
        "_lists",
        "_masked",
        "_nodes",
        "_top",
        "data",
        "fresh",
        "name",
        "prefix",
        "workbook",
    )

    def __init__(self, workbook: WorkbookPart) -> None:
        self.workbook = workbook
        name = workbook.related("styles")
        if name is None:
            name = self._create()
        self.name = name
        self.data = workbook.parts.xml(name)
        self._masked = xmltext.mask(self.data)
        self._top = xmltext.root(self._masked)
        self.prefix = self._top.prefix.decode()
        self._nodes = xmltext.children(self._masked, self._top)
        self._lists = {node.local: node for node in self._nodes}
        self._items: dict[str, list[bytes]] = {}
        self.fresh: dict[str, list[bytes]] = {}

    def _create(self) -> str:
        parts = self.workbook.parts
        usual = self.workbook.beside("styles.xml")
        name = usual if usual not in parts else parts.unused(self.workbook.beside("styles{}.xml"))
        parts.write(name, _MINIMAL.format(self.workbook.main_namespace).encode())
        parts.add_override(name, _CONTENT_TYPE)
        parts.relate(self.workbook.name, f"{self.workbook.relation_namespace}/styles", name)
        return name

    def items(self, kind: str) -> list[bytes]:
        """The elements of a list such as ``cellXfs``, those appended included."""
        if kind not in self._items:
            node = self._lists.get(kind)
            found = [] if node is None else xmltext.children(self._masked, node)
            self._items[kind] = [self.data[one.start : one.end] for one in found]
        return self._items[kind]

    def append(self, kind: str, new: bytes) -> int:
        """Append an element and give its index; the index of an identical one where there is one."""
        known = self.items(kind)
        if new in known:
            return known.index(new)
        if kind == "cellXfs" and len(known) >= _MAX_FORMATS:
            raise EditRefusedError("工作簿的单元格格式数量已达上限，无法再添加底色")
        known.append(new)
        self.fresh.setdefault(kind, []).append(new)
        return len(known) - 1

    def format(self, index: int) -> bytes:
        """The cell format of a style index (the first one for an index out of range)."""
        known = self.items("cellXfs")
        if not known:
            self.append(
                "cellXfs",
                f'<{self.prefix}xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'.encode(),
            )
        return known[index] if 0 <= index < len(known) else known[0]

    def fill(self, colour: str) -> int:
        """The index of a solid fill of this colour (``RRGGBB``)."""
        for reserved in ("none", "gray125")[len(self.items("fills")) :]:
            # Excel reads the first two fills as these whatever they say.
            self.append("fills", _EMPTY_FILL.format(self.prefix, reserved).encode())
        p = self.prefix
        return self.append(
            "fills",
            f'<{p}fill><{p}patternFill patternType="solid"><{p}fgColor rgb="FF{colour}"/>'
            f'<{p}bgColor indexed="64"/></{p}patternFill></{p}fill>'.encode(),
        )

    def commit(self) -> None:
        """Write what was appended."""
        splices: list[Splice] = []
        missing: dict[int, bytes] = {}
        for kind in _ORDER:
            new = self.fresh.get(kind)
            if not new:
                continue
            node = self._lists.get(kind)
            count = str(len(self.items(kind)))
            if node is None:
                body = f'<{self.prefix}{kind} count="{count}">'.encode() + b"".join(new)
                place = self._place(kind)
                missing[place] = missing.get(place, b"") + body + f"</{self.prefix}{kind}>".encode()
                continue
            tag = self.data[node.start : node.open_end]
            if "count" in xmltext.attributes(tag):
                tag = xmltext.set_attribute(tag, "count", count)
            if node.self_closed:
                opened = tag[:-2].rstrip() + b">" + b"".join(new) + b"</" + node.name + b">"
                splices.append(Splice(node.start, node.end, opened))
            else:
                splices.append(Splice(node.start, node.open_end, tag))
                splices.append(Splice(node.inner_end, node.inner_end, b"".join(new)))
        splices += [Splice(place, place, body) for place, body in missing.items()]
        self.workbook.parts.splice(self.name, splices)

    def _place(self, kind: str) -> int:
        rank = _ORDER.index(kind)
        for node in self._nodes:
            if node.local not in _ORDER or _ORDER.index(node.local) > rank:
                return node.start
        return self._top.inner_end


def _head(element: bytes) -> tuple[bytes, bytes]:
    """The start tag of an element and what follows it."""
    node = xmltext.root(xmltext.mask(element))
    return element[: node.open_end], element[node.open_end :]


def _key(element: bytes) -> tuple[frozenset[tuple[str, str]], bytes]:
    """What makes two cell formats the same, however they are written."""
    tag, rest = _head(element)
    given = {
        name: _FLAG.get(value, value) if name.startswith("apply") else value
        for name, value in xmltext.attributes(tag).items()
    }
    return frozenset(given.items()), re.sub(rb"\s+", b" ", rest)


def _with_fill(element: bytes, fill: str, apply: str | None) -> bytes:
    tag, rest = _head(element)
    tag = xmltext.set_attribute(tag, "fillId", fill)
    return xmltext.set_attribute(tag, "applyFill", apply) + rest


def filled(workbook: WorkbookPart, wanted: Iterable[tuple[int, str]]) -> dict[tuple[int, str], int]:
    """For each style index and colour, the index of that style with a solid fill of that colour.

    Raises:
        EditRefusedError: the workbook has as many formats as Excel allows.
    """
    wanted = list(wanted)
    if not wanted:
        return {}
    sheet = StyleSheet(workbook)
    made = {}
    for base, colour in wanted:
        if (base, colour) not in made:
            new = _with_fill(sheet.format(base), str(sheet.fill(colour)), "1")
            made[base, colour] = sheet.append("cellXfs", new)
    sheet.commit()
    return made


def in_percent(workbook: WorkbookPart, wanted: Iterable[tuple[int, str]]) -> dict[tuple[int, str], int]:
    """For each style index and number format (of percentages), the index of that style showing percent.

    A style that shows percent already is kept, with as many decimals as its author chose.
    """
    wanted = list(wanted)
    if not wanted:
        return {}
    sheet = StyleSheet(workbook)
    codes = {
        xmltext.whole(given, "numFmtId"): given.get("formatCode", "")
        for given in map(xmltext.attributes, sheet.items("numFmts"))
    }
    made = {}
    for base, code in wanted:
        tag, rest = _head(sheet.format(base))
        number = xmltext.whole(xmltext.attributes(tag), "numFmtId")
        if number in _PERCENTS or "%" in codes.get(number, ""):
            made[base, code] = base
            continue
        tag = xmltext.set_attribute(tag, "numFmtId", str(_number_format(sheet, code)))
        made[base, code] = sheet.append(
            "cellXfs", xmltext.set_attribute(tag, "applyNumberFormat", "1") + rest
        )
    sheet.commit()
    return made


def _font(sheet: StyleSheet, element: bytes) -> bytes:
    number = xmltext.whole(xmltext.attributes(_head(element)[0]), "fontId")
    fonts = sheet.items("fonts")
    return fonts[number] if number < len(fonts) else b""


def _with_font(sheet: StyleSheet, element: bytes, specimen: bytes, *, latin: bool) -> bytes:
    """A cell format with the specimen's font where LibreOffice alone made them differ.

    It colours linked text blue, and names the font by the script of the text it thinks a cell shows.
    """
    font, wanted = _font(sheet, element), _font(sheet, specimen)
    colour, model = _COLOUR.search(font), _COLOUR.search(wanted)
    blue = colour is not None and b"FF0000FF" in colour[0].upper()
    if latin and _bare(font, blue=blue) == _bare(wanted, blue=blue):
        new = wanted
    elif blue:
        new = _COLOUR.sub(model[0] if model else b"", font, count=1)
    else:
        return element
    if not new or new == font:
        return element
    tag, rest = _head(element)
    return xmltext.set_attribute(tag, "fontId", str(sheet.append("fonts", new))) + rest


def _bare(font: bytes, *, blue: bool) -> bytes:
    """A font without what LibreOffice changes on its own."""
    font = _FAMILY.sub(b"", font)
    return _COLOUR.sub(b"", font) if blue else font


def refilled(
    workbook: WorkbookPart, wanted: Iterable[tuple[int, int, bool]]
) -> dict[tuple[int, int, bool], int]:
    """For each style index and specimen index, the index of that style with the specimen's fill.

    The third item says whether the cell shows no Chinese text; what LibreOffice did to the font is undone
    accordingly. An existing format is used where one is the same; otherwise one is appended.
    """
    wanted = list(wanted)
    if not wanted:
        return {}
    sheet = StyleSheet(workbook)
    known: dict[tuple[frozenset[tuple[str, str]], bytes], int] = {}
    for index, element in enumerate(sheet.items("cellXfs")):
        known.setdefault(_key(element), index)
    made = {}
    for current, specimen, latin in wanted:
        model = sheet.format(specimen)
        given = xmltext.attributes(_head(model)[0])
        new = _with_fill(sheet.format(current), given.get("fillId", "0"), given.get("applyFill"))
        new = _with_font(sheet, new, model, latin=latin)
        key = _key(new)
        if key == _key(model):
            made[current, specimen, latin] = specimen
        else:
            if key not in known:
                known[key] = sheet.append("cellXfs", new)
            made[current, specimen, latin] = known[key]
    sheet.commit()
    return made


def has_fill(sheet: StyleSheet, index: int, colours: Iterable[str]) -> bool:
    """Whether a style shows a solid fill of one of these colours (``RRGGBB``)."""
    given = xmltext.attributes(_head(sheet.format(index))[0])
    fills = sheet.items("fills")
    number = xmltext.whole(given, "fillId")
    if not 0 <= number < len(fills):
        return False
    written = fills[number].upper()
    return b'"SOLID"' in written.replace(b"'", b'"') and any(
        re.search(rb"FGCOLOR[^>]*[\"'](?:FF|00)" + colour.upper().encode(), written) for colour in colours
    )


def count(data: bytes) -> int:
    """How many cell formats a styles part holds."""
    masked = xmltext.mask(data)
    listed = xmltext.child(masked, xmltext.root(masked), "cellXfs")
    return 0 if listed is None else len(xmltext.children(masked, listed))


def looks(workbook: WorkbookPart, wanted: Iterable[Look]) -> dict[Look, int]:
    """For each look, the index of a style that shows it."""
    sheet = StyleSheet(workbook)
    fonts = sheet.items("fonts")
    named = re.search(rb"<[\w:.-]*name\s[^>]*?val\s*=\s*[\"']([^\"']*)[\"']", fonts[0]) if fonts else None
    family = named[1].decode() if named else "宋体"
    made: dict[Look, int] = {}
    for look in wanted:
        if look not in made:
            made[look] = look.base if look.base is not None else _made(sheet, look, family)
    sheet.commit()
    return made


def _made(sheet: StyleSheet, look: Look, family: str) -> int:
    if look == Look():
        return 0
    p = sheet.prefix
    font = (
        (f"<{p}b/>" if look.bold else "")
        + (f"<{p}u/>" if look.underline else "")
        + f'<{p}sz val="{look.size or 11}"/>'
        + (f'<{p}color rgb="FF{look.colour}"/>' if look.colour else "")
        + f'<{p}name val="{family}"/>'
    )
    font_index = sheet.append("fonts", f"<{p}font>{font}</{p}font>".encode())
    fill_index = sheet.fill(look.fill) if look.fill else 0
    border_index = 0
    if look.border:
        sides = "".join(
            f'<{p}{side} style="thin"><{p}color rgb="FFBFBFBF"/></{p}{side}>'
            for side in ("left", "right", "top", "bottom")
        )
        if not sheet.items("borders"):
            sheet.append("borders", f"<{p}border/>".encode())
        border_index = sheet.append("borders", f"<{p}border>{sides}<{p}diagonal/></{p}border>".encode())
    number = _number_format(sheet, look.number_format)
    align = xmltext.given(
        horizontal=look.horizontal, vertical=look.vertical, wrapText="1" if look.wrap else None
    )
    given = xmltext.given(
        numFmtId=number,
        fontId=font_index,
        fillId=fill_index,
        borderId=border_index,
        xfId=0,
        applyNumberFormat="1" if number else None,
        applyFont="1",
        applyFill="1" if look.fill else None,
        applyBorder="1" if look.border else None,
        applyAlignment="1" if align else None,
    )
    inside = f"><{p}alignment{align}/></{p}xf>" if align else "/>"
    return sheet.append("cellXfs", f"<{p}xf{given}{inside}".encode())


_PERCENTS = (9, 10)
_BUILT_IN = {"0": 1, "0.00": 2, "#,##0": 3, "#,##0.00": 4, "0%": 9, "0.00%": 10, "@": 49}


def _number_format(sheet: StyleSheet, code: str | None) -> int:
    if code is None or code == "General":
        return 0
    if code in _BUILT_IN:
        return _BUILT_IN[code]
    used = []
    for element in sheet.items("numFmts"):
        given = xmltext.attributes(element)
        used.append(xmltext.whole(given, "numFmtId"))
        if given.get("formatCode") == code:
            return used[-1]
    number = max([163, *used]) + 1
    written = xmltext.escape(code, quotes=True)
    sheet.append("numFmts", f'<{sheet.prefix}numFmt numFmtId="{number}" formatCode="{written}"/>'.encode())
    return number
