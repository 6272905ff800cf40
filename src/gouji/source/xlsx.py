"""Workbooks of the .xlsx family: values as stored and as shown, formulas, merges, what is hidden.

Reads the parts directly instead of through cellrune's tables: on form workbooks this is faster than opening
them there and asking for values, formats and merges, and it also gives hidden rows and columns and tells a
missing cached value from an empty one. Elements: ECMA-376 part 1, chapter 18; Strict files differ in
namespaces and in writing dates as text.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from xml.etree.ElementTree import Element

from gouji.frozen import fresh, mutable
from gouji.pattern import compiled
from gouji.source.clock import serial_of
from gouji.source.display import BUILTIN_FORMATS, Format, format_of
from gouji.source.document import Grid, ReasonCode, SourceRefusedError, Visibility
from gouji.source.limits import Limits
from gouji.source.markup import BROKEN, broken, local, parse, stream, tree
from gouji.source.merges import Area
from gouji.source.package import Package
from gouji.source.sheet import Allowance, Sheet, exact, too_large

__all__ = ["read_workbook"]

_ESCAPED = compiled(r"_x([0-9A-Fa-f]{4})_")
_REFERENCE = compiled(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})$")
#: A part beyond this many bytes is parsed piece by piece, so that its tree never stands in memory as a whole.
_STREAMED = 2 * 1024 * 1024
_LONGEST_FORMULA = 8192  # Excel takes no longer one
_ROWS, _COLS = 1_048_576, 16_384
#: Cells that only carry a style, more than half of a bordered form: nothing is lost if they are not even parsed.
_EMPTY_CELL = compiled(rb'<c r="[A-Z]{1,3}[0-9]{1,7}"[^<>]*(?:/>|></c>)')
_STREAM_TAGS = frozenset({"row", "col", "mergeCell"})
_TRUE = frozenset({"1", "true", "on"})
_GENERAL = format_of("General")
_SHEET_KINDS = {
    "chartsheet": "图表",
    "dialogsheet": "对话框",
    "xlMacrosheet": "宏表",
    "xlIntlMacrosheet": "宏表",
}


@mutable
class _Book:
    """What all sheets of a workbook share while it is read."""

    package: Package
    limits: Limits
    # Tags that the sheets may still have.
    tags: int
    allowance: Allowance
    strings: list[str]
    # The number format by the style's number as cells write it; None is a cell without one.
    formats: dict[str | None, Format]
    date_1904: bool
    notices: list[str] = fresh(factory=list)


def read_workbook(package: Package, limits: Limits) -> tuple[tuple[Grid, ...], tuple[str, ...]]:
    """The sheets of a workbook in tab order, and notices of what was left out.

    Args:
        package: A package of a workbook kind.
        limits: Caps on cells, text and merges.

    Raises:
        SourceRefusedError: UNREADABLE where parts are missing or damaged, TOO_LARGE beyond the caps.
    """
    root = package.parse(package.main)
    relations = package.relations(package.main)
    by_type = {relation.type: relation.target for relation in reversed(relations.values())}
    prefix = _prefix(root.tag)
    properties = root.find(f"{prefix}workbookPr")
    book = _Book(
        package=package,
        limits=limits,
        tags=limits.tags,
        allowance=Allowance.of(limits),
        strings=_shared_strings(package, by_type.get("sharedStrings", "xl/sharedStrings.xml"), limits),
        formats=_formats(package, by_type.get("styles", "xl/styles.xml")),
        date_1904=properties is not None and properties.get("date1904") in _TRUE,
    )
    grids: list[Grid] = []
    for sheet in root.iterfind(f"{prefix}sheets/{prefix}sheet"):
        name = _unescaped(sheet.get("name", ""))
        key = next((value for key, value in sheet.items() if key.endswith("}id")), "")
        relation = relations.get(key)
        if relation is None or not package.has(relation.target):
            book.notices.append(f"工作表“{name}”的内容缺失，没有检查。")
        elif relation.type in _SHEET_KINDS:
            book.notices.append(f"“{name}”不是普通工作表（{_SHEET_KINDS[relation.type]}），没有检查。")
        else:
            grids.append(_sheet(book, name, relation.target, _visibility(sheet.get("state"))))
    if not grids and not book.notices:
        raise SourceRefusedError(
            ReasonCode.UNREADABLE,
            f"“{package.name}”里没有工作表，文件可能已损坏；请用 Excel、WPS 打开并另存后再检查。",
        )
    return tuple(grids), tuple(book.notices)


def _prefix(tag: str) -> str:
    """The namespace of an element in the braces that its siblings' tags start with."""
    return tag[: tag.find("}") + 1]


def _visibility(state: str | None) -> Visibility:
    if state == "hidden":
        return Visibility.HIDDEN
    return Visibility.VERY_HIDDEN if state == "veryHidden" else Visibility.VISIBLE


def _unescaped(text: str) -> str:
    """Characters that XML cannot hold as Excel escapes them (``_x000D_``)."""
    if "_x" not in text:
        return text
    text = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _rich(element: Element, prefix: str) -> str:
    """The text of a string item: its runs joined, phonetic hints left out."""
    if len(element) == 1 and element[0].tag == f"{prefix}t":
        return _unescaped(element[0].text or "")
    pieces = []
    for child in element:
        name = local(child.tag)
        if name == "t":
            pieces.append(child.text or "")
        elif name == "r":
            pieces.extend(run.text or "" for run in child if local(run.tag) == "t")
    return _unescaped("".join(pieces))


def _shared_strings(package: Package, part: str, limits: Limits) -> list[str]:
    if not package.has(part):
        return []
    data = package.xml(part)
    large = len(data) >= _STREAMED
    items: Iterator[Element] = (
        stream(data, part, package.name, frozenset({"si"}), limits)
        if large
        else iter(parse(data, part, package.name, limits))
    )
    strings: list[str] = []
    chars = 0
    for item in items:
        if not item.tag.endswith("si") or local(item.tag) != "si":
            continue
        text = _rich(item, _prefix(item.tag))
        chars += len(text) + 1
        if chars > limits.text_chars:
            raise too_large(package.name, f"文字超过 {limits.text_chars} 个")
        strings.append(text)
    return strings


def _formats(package: Package, part: str) -> dict[str | None, Format]:
    if not package.has(part):
        return {}
    try:
        return _styles(package.checked(part))
    except BROKEN as error:
        raise broken(part, package.name) from error


@lru_cache(maxsize=8)
def _styles(data: bytes) -> dict[str | None, Format]:
    """The number format of each cell style; one template's styles come again and again, hence the cache."""
    root = tree(data)
    prefix = _prefix(root.tag)
    codes = dict(BUILTIN_FORMATS)
    for custom in root.iterfind(f"{prefix}numFmts/{prefix}numFmt"):
        codes[_whole(custom.get("numFmtId"))] = _unescaped(custom.get("formatCode", "General"))
    formats: dict[str | None, Format] = {
        str(index): format_of(codes.get(_whole(style.get("numFmtId")), "General"))
        for index, style in enumerate(root.iterfind(f"{prefix}cellXfs/{prefix}xf"))
    }
    formats[None] = formats.get("0", _GENERAL)
    return formats


def _whole(text: str | None, default: int = 0) -> int:
    try:
        return int(text) if text else default
    except ValueError:
        return default


@lru_cache(maxsize=16384)
def _position(reference: str | None) -> tuple[int, int] | None:
    """The 0-based row and column of a reference such as ``B3``, None where a sheet has no such place."""
    match = _REFERENCE.match(reference or "")
    if match is None:
        return None
    col = 0
    for letter in match[1].upper():
        col = col * 26 + ord(letter) - 64
    row, col = int(match[2]) - 1, col - 1
    return (row, col) if 0 <= row < _ROWS and col < _COLS else None


@lru_cache(maxsize=1024)
def _area(reference: str) -> Area | None:
    first, _, last = reference.partition(":")
    start, end = _position(first), _position(last or first)
    if start is None or end is None:
        return None
    top, bottom = sorted((start[0], end[0]))
    left, right = sorted((start[1], end[1]))
    return Area(top, left, bottom - top + 1, right - left + 1)


class _Reader:
    """Takes the elements of one sheet's part in order."""

    def __init__(self, book: _Book, sheet: Sheet) -> None:
        self.book = book
        self.sheet = sheet
        # Masters of shared formulas: text, row and column by their number.
        self.shared: dict[str, tuple[str, int, int]] = {}
        self.last_row = -1

    def col(self, element: Element) -> None:
        """A ``col`` element: which columns are hidden."""
        if element.get("hidden") in _TRUE or element.get("width") in ("0", "0.0"):
            self.sheet.hide_cols(_whole(element.get("min"), 1) - 1, _whole(element.get("max"), 1) - 1)

    def merge(self, element: Element) -> None:
        """A ``mergeCell`` element."""
        area = _area(element.get("ref", ""))
        if area is not None:
            self.sheet.merge(area)

    def row(self, element: Element, prefix: str) -> None:
        """A ``row`` element with its cells."""
        number = element.get("r")
        row = _whole(number) - 1 if number else self.last_row + 1
        self.last_row = row
        if element.get("hidden") in _TRUE:
            self.sheet.hide_row(row)
        tags = (f"{prefix}v", f"{prefix}f", f"{prefix}is")
        for child in element:
            if len(child):
                place = _position(child.get("r"))
                if place is None:
                    self._loose_row(element, row, tags)
                    return
                self._cell(child, *place, tags)

    def _loose_row(self, element: Element, row: int, tags: tuple[str, str, str]) -> None:
        """A row where a cell does not say where it stands (it follows the one before) or tells nonsense."""
        col = -1
        for child in element:
            reference = child.get("r")
            place = (row, col + 1) if reference is None else _position(reference)
            if place is None or not (0 <= row < _ROWS and place[1] < _COLS):
                self.sheet.misplaced = True
                continue
            col = place[1]
            if len(child):
                self._cell(child, *place, tags)

    def _cell(self, element: Element, row: int, col: int, tags: tuple[str, str, str]) -> None:
        kind = element.get("t", "n")
        stored: str | None = None
        formula: str | None = None
        for child in element:
            tag = child.tag
            if tag == tags[0]:
                stored = child.text
                if stored is None and kind == "str":
                    stored = ""
            elif tag == tags[1]:
                formula = self._formula(child, row, col)
            elif tag == tags[2] and kind == "inlineStr":
                stored = _rich(child, tags[2][:-2])
        book, sheet = self.book, self.sheet
        shape = book.formats.get(element.get("s"), _GENERAL)
        if stored is None:
            if formula is not None:
                sheet.uncalculated(row, col, shape, formula)
        elif kind == "s":
            index = _whole(stored, -1)
            if 0 <= index < len(book.strings):
                sheet.text(row, col, book.strings[index], shape, formula)
        elif kind == "n":
            number = _number(stored)
            if number is not None:
                sheet.number(row, col, number, shape, formula)
            else:
                sheet.text(row, col, stored.strip(), shape, formula)
        elif kind == "inlineStr":
            sheet.text(row, col, stored, shape, formula)
        elif kind == "str":
            sheet.text(row, col, _unescaped(stored), shape, formula)
        elif kind == "b":
            sheet.boolean(row, col, stored.strip() in _TRUE, shape, formula)
        elif kind == "e":
            sheet.error(row, col, stored, shape, formula)
        elif kind == "d":
            serial = serial_of(stored, date_1904=book.date_1904)
            number = None if serial is None else exact(float(serial))
            if number is not None:
                sheet.number(row, col, number, shape, formula)
            else:
                sheet.text(row, col, stored, shape, formula)

    def _formula(self, element: Element, row: int, col: int) -> str | None:
        text = element.text
        kind = element.get("t")
        if kind == "shared":
            key = element.get("si", "")
            if text:
                self.shared[key] = (text, row, col)
            elif key in self.shared:
                from gouji.source.formula import shifted  # noqa: PLC0415 - few workbooks need it

                master, top, left = self.shared[key]
                text = shifted(master, row - top, col - left) if len(master) <= _LONGEST_FORMULA else master
        elif kind == "dataTable":
            text = f"TABLE({element.get('r1', '')},{element.get('r2', '')})"
        return _unescaped(text) if text else None


@lru_cache(maxsize=1024)
def _number(text: str) -> Decimal | None:
    """The number stored as this text, None where it is none; the same few come up again and again."""
    if "_" in text or not text.isascii():  # float() takes more than Excel writes
        return None
    try:
        return exact(float(text))
    except ValueError:
        return None


def _sheet(book: _Book, name: str, part: str, visibility: Visibility) -> Grid:
    package = book.package
    sheet = Sheet(name, package.name, book.limits, book.allowance, date_1904=book.date_1904)
    reader = _Reader(book, sheet)
    data = package.xml(part)
    # Several sheets may name one part; each reading of it counts.
    book.tags -= data.count(b"<")
    if book.tags < 0:
        raise too_large(package.name, "工作表内容太多")
    if len(data) < _STREAMED:
        if b"<![CDATA[" not in data:
            data = _EMPTY_CELL.sub(b"", data)
        root = parse(data, part, package.name, book.limits)
        prefix = _prefix(root.tag)
        for row in root.iterfind(f"{prefix}sheetData/{prefix}row"):
            reader.row(row, prefix)
        for element in root.iterfind(f"{prefix}cols/{prefix}col"):
            reader.col(element)
        for element in root.iterfind(f"{prefix}mergeCells/{prefix}mergeCell"):
            reader.merge(element)
    else:
        for element in stream(data, part, package.name, _STREAM_TAGS, book.limits):
            tag = local(element.tag)
            if tag == "row":
                reader.row(element, _prefix(element.tag))
            elif tag == "col":
                reader.col(element)
            elif tag == "mergeCell":
                reader.merge(element)
    book.notices += sheet.notices
    return sheet.grid(visibility)
