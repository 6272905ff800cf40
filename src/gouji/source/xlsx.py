"""Workbooks of the .xlsx family: values as stored and as shown, formulas, merges, what is hidden."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from math import isfinite
from xml.etree.ElementTree import Element

from gouji.source.clock import serial_of
from gouji.source.display import BUILTIN_FORMATS, Format, format_of
from gouji.source.document import Cell, Grid, ReasonCode, SourceRefusedError, Visibility
from gouji.source.formula import shifted
from gouji.source.limits import Limits
from gouji.source.markup import local, parse, stream
from gouji.source.merges import Area, spread
from gouji.source.package import Package

__all__ = ["exact", "read_workbook"]

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})$")
#: A sheet beyond this many bytes is parsed row by row, so that its tree never stands in memory as a whole.
_STREAMED = 2 * 1024 * 1024
_ROWS, _COLS = 1_048_576, 16_384
_NOTICE_CAP = "工作表“{sheet}”在第 {rows} 行或第 {cols} 列以外还有内容，这部分没有检查。"
_NOTICE_SHEET = "“{sheet}”不是普通工作表（{kind}），没有检查。"
_SHEET_KINDS = {"chartsheet": "图表", "dialogsheet": "对话框", "xlMacrosheet": "宏表", "xlIntlMacrosheet": "宏表"}


@dataclass(slots=True)
class _Budget:
    """What is left of the document's allowance of cells, characters and merges."""

    cells: int
    chars: int
    merges: int
    covered: int


@dataclass(slots=True)
class _Book:
    """What all sheets of a workbook share while it is read."""

    package: Package
    limits: Limits
    budget: _Budget
    strings: list[str]
    formats: list[Format]
    date_1904: bool
    notices: list[str] = field(default_factory=list)


def exact(text: str) -> Decimal | None:
    """The number that Excel holds for a stored text: that of the double, to Excel's 15 significant digits.

    Excel stores 17 digits where a double needs them (``0.10000000000000001`` for 0.1) and computes with the
    double, but keeps and shows no more than 15; so that is what a person meant or saw.
    Returns None where the text is no finite number.
    """
    try:
        number = float(text)
    except ValueError:
        return None
    if not isfinite(number):
        return None
    short = repr(number)
    if len(short) > 16:
        short = f"{number:.15g}"
    if short.endswith(".0"):
        short = short[:-2]
    return Decimal(short)


def read_workbook(package: Package, limits: Limits) -> tuple[tuple[Grid, ...], tuple[str, ...]]:
    """The sheets of a workbook in tab order, and notices of what was left out.

    Args:
        package: A package of a workbook kind.
        limits: Caps on cells, text and merges.

    Raises:
        SourceRefusedError: UNREADABLE where parts are missing or damaged, TOO_LARGE beyond the caps.
    """
    root = parse(package.xml(package.main), package.main, package.name)
    relations = package.relations(package.main)
    by_type = {relation.type: relation.target for relation in reversed(relations.values())}
    prefix = root.tag[: root.tag.find("}") + 1]
    properties = root.find(f"{prefix}workbookPr")
    styles = by_type.get("styles", "xl/styles.xml")
    book = _Book(
        package=package,
        limits=limits,
        budget=_Budget(limits.cells, limits.text_chars, limits.merges, limits.covered),
        strings=_shared_strings(package, by_type.get("sharedStrings", "xl/sharedStrings.xml"), limits),
        formats=list(_styles(package.xml(styles), styles, package.name)) if package.has(styles) else [],
        date_1904=properties is not None and properties.get("date1904") in ("1", "true", "on"),
    )
    grids: list[Grid] = []
    for sheet in root.iterfind(f"{prefix}sheets/{prefix}sheet"):
        name = _unescaped(sheet.get("name", ""))
        key = next((value for key, value in sheet.items() if key.endswith("}id")), "")
        relation = relations.get(key)
        if relation is None or not package.has(relation.target):
            book.notices.append(f"工作表“{name}”的内容缺失，没有检查。")
            continue
        if relation.type in _SHEET_KINDS:
            book.notices.append(_NOTICE_SHEET.format(sheet=name, kind=_SHEET_KINDS[relation.type]))
            continue
        grids.append(_sheet(book, name, relation.target, _visibility(sheet.get("state"))))
    if not grids and not book.notices:
        raise SourceRefusedError(
            ReasonCode.UNREADABLE,
            f"“{package.name}”里没有工作表，文件可能已损坏；请用 Excel、WPS 打开并另存后再检查。",
        )
    return tuple(grids), tuple(book.notices)


def _visibility(state: str | None) -> Visibility:
    if state == "hidden":
        return Visibility.HIDDEN
    return Visibility.VERY_HIDDEN if state == "veryHidden" else Visibility.VISIBLE


def _unescaped(text: str) -> str:
    """Control characters, which XML cannot hold, as Excel escapes them (``_x000D_``)."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)


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
    strings: list[str] = []
    total = 0
    items: Iterator[Element] = iter(parse(data, part, package.name)) if len(data) < _STREAMED else stream(data, part, package.name)
    for item in items:
        if local(item.tag) != "si":
            continue
        text = _rich(item, item.tag[: item.tag.find("}") + 1])
        total += len(text)
        if total > limits.text_chars:
            raise _too_large(package.name, "文字太多")
        strings.append(text)
        if len(data) >= _STREAMED:
            item.clear()
    return strings


@lru_cache(maxsize=8)
def _styles(data: bytes, part: str, name: str) -> tuple[Format, ...]:
    """The number format of each cell style; the styles of one template come again and again, hence the cache."""
    root = parse(data, part, name)
    prefix = root.tag[: root.tag.find("}") + 1]
    codes = dict(BUILTIN_FORMATS)
    for custom in root.iterfind(f"{prefix}numFmts/{prefix}numFmt"):
        codes[_whole(custom.get("numFmtId"))] = custom.get("formatCode", "General")
    return tuple(
        format_of(codes.get(_whole(style.get("numFmtId")), "General"))
        for style in root.iterfind(f"{prefix}cellXfs/{prefix}xf")
    )


def _whole(text: str | None, default: int = 0) -> int:
    try:
        return int(text) if text else default
    except ValueError:
        return default


def _too_large(name: str, why: str) -> SourceRefusedError:
    return SourceRefusedError(
        ReasonCode.TOO_LARGE,
        f"“{name}”内容太多（{why}），不像自评表，没有检查；请把自评表所在的工作表另存为单独的文件再检查。",
    )


@lru_cache(maxsize=1024)
def _column(letters: str) -> int:
    """The 0-based column of its letters."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def _position(reference: str) -> tuple[int, int] | None:
    match = _REFERENCE.match(reference)
    if match is None:
        return None
    row, col = int(match[2]) - 1, _column(match[1])
    return (row, col) if 0 <= row < _ROWS and col < _COLS else None


def _area(reference: str) -> Area | None:
    first, _, last = reference.partition(":")
    start, end = _position(first), _position(last or first)
    if start is None or end is None:
        return None
    top, bottom = sorted((start[0], end[0]))
    left, right = sorted((start[1], end[1]))
    return Area(top, left, bottom - top + 1, right - left + 1)


class _SheetReader:
    """Collects the cells of one sheet; one instance for each sheet."""

    def __init__(self, book: _Book, name: str, part: str) -> None:
        self.book = book
        self.name = name
        self.part = part
        self.cells: dict[tuple[int, int], Cell] = {}
        self.hidden_rows: set[int] = set()
        self.hidden_cols: set[int] = set()
        self.areas: list[Area] = []
        self.beyond = False
        self.shared: dict[str, tuple[str, int, int]] = {}
        self.prefix = ""
        self.last_row = -1

    def column(self, element: Element) -> None:
        """A ``col`` element: which columns are hidden."""
        if element.get("hidden") in ("1", "true") or element.get("width") in ("0", "0.0"):
            first, last = _whole(element.get("min"), 1), _whole(element.get("max"), 1)
            self.hidden_cols.update(range(max(first - 1, 0), min(last, self.book.limits.cols)))

    def merge(self, element: Element) -> None:
        """A ``mergeCell`` element."""
        self.book.budget.merges -= 1
        if self.book.budget.merges < 0:
            raise _too_large(self.book.package.name, "合并单元格太多")
        area = _area(element.get("ref", ""))
        if area is not None:
            self.areas.append(area)

    def row(self, element: Element) -> None:
        """A ``row`` element with its cells."""
        attributes = element.attrib
        number = attributes.get("r", "")
        row = _whole(number) - 1 if number else self.last_row + 1
        self.last_row = row
        if attributes.get("hidden") in ("1", "true") and 0 <= row < self.book.limits.rows:
            self.hidden_rows.add(row)
        col = -1
        for child in element:
            reference = child.attrib.get("r")
            here = row
            if reference is None:
                col += 1
            elif number and reference.endswith(number) and (letters := reference[: -len(number)]).isalpha():
                col = _column(letters)
            else:
                place = _position(reference)
                if place is None:
                    raise self._bad(reference)
                here, col = place
            if len(child):
                if not (0 <= here < _ROWS and 0 <= col < _COLS):
                    raise self._bad(reference or "")
                self._cell(child, here, col)

    def _bad(self, reference: str) -> SourceRefusedError:
        return SourceRefusedError(
            ReasonCode.UNREADABLE,
            f"“{self.book.package.name}”的工作表“{self.name}”里有不合规的单元格位置 {reference[:20]!r}，文件已损坏；"
            "请用 Excel、WPS 打开并另存后再检查。",
        )

    def _cell(self, element: Element, row: int, col: int) -> None:
        attributes = element.attrib
        kind = attributes.get("t", "n")
        prefix = self.prefix
        stored: str | None = None
        formula: str | None = None
        for child in element:
            tag = child.tag
            if tag == f"{prefix}v":
                stored = child.text
                if stored is None and kind == "str":
                    stored = ""
            elif tag == f"{prefix}f":
                formula = self._formula(child, row, col)
            elif tag == f"{prefix}is" and kind == "inlineStr":
                stored = _rich(child, prefix)
        if stored is None and formula is None:
            return
        book = self.book
        if row >= book.limits.rows or col >= book.limits.cols:
            self.beyond = True
            return
        style = _whole(attributes.get("s"))
        shape = book.formats[style] if style < len(book.formats) else _GENERAL
        value: Decimal | str | bool | None = None
        error: str | None = None
        text = ""
        is_date = False
        if stored is None:
            pass
        elif kind == "s":
            index = _whole(stored, -1)
            value = book.strings[index] if 0 <= index < len(book.strings) else ""
            text = value if shape.is_general else shape.text(value)
        elif kind in ("n", "d"):
            number = exact(stored) if kind == "n" else serial_of(stored, date_1904=book.date_1904)
            if number is None:
                value = text = stored.strip()
            else:
                value = number
                text = shape.number(number, date_1904=book.date_1904)
                is_date = shape.is_date
        elif kind in ("str", "inlineStr"):
            value = stored if kind == "inlineStr" else _unescaped(stored)
            text = value if shape.is_general else shape.text(value)
        elif kind == "b":
            value = stored.strip() in ("1", "true")
            text = "TRUE" if value else "FALSE"
        elif kind == "e":
            error = text = stored
        if not text and formula is None and error is None:
            if value is None or value == "":
                return
        budget = book.budget
        budget.cells -= 1
        budget.chars -= len(text)
        if budget.cells < 0 or budget.chars < 0:
            raise _too_large(book.package.name, f"有内容的单元格超过 {book.limits.cells} 个")
        self.cells[row, col] = Cell(
            row, col, text, value, shape.code, formula, stored is not None or formula is None, error, is_date
        )

    def _formula(self, element: Element, row: int, col: int) -> str | None:
        text = element.text
        kind = element.get("t")
        if kind == "shared":
            key = element.get("si", "")
            if text:
                self.shared[key] = (text, row, col)
            elif key in self.shared:
                master, top, left = self.shared[key]
                text = shifted(master, row - top, col - left)
        elif kind == "dataTable":
            text = f"TABLE({element.get('r1', '')},{element.get('r2', '')})"
        return _unescaped(text) if text else None

    def grid(self, visibility: Visibility) -> Grid:
        """The sheet as read."""
        book = self.book
        cells, cover, n_rows, n_cols = spread(
            self.cells, self.areas, book.limits.rows, book.limits.cols, book.budget.covered
        )
        book.budget.covered -= len(cover)
        if book.budget.covered < 0:
            raise _too_large(book.package.name, "合并单元格太大")
        if self.beyond:
            book.notices.append(
                _NOTICE_CAP.format(sheet=self.name, rows=book.limits.rows, cols=book.limits.cols)
            )
        return Grid(
            name=self.name,
            cells=cells,
            cover=cover,
            n_rows=n_rows,
            n_cols=n_cols,
            is_sheet=True,
            visibility=visibility,
            hidden_rows=frozenset(self.hidden_rows),
            hidden_cols=frozenset(self.hidden_cols),
        )


_GENERAL = format_of("General")


def _sheet(book: _Book, name: str, part: str, visibility: Visibility) -> Grid:
    reader = _SheetReader(book, name, part)
    data = book.package.xml(part)
    if len(data) < _STREAMED:
        root = parse(data, part, book.package.name)
        reader.prefix = prefix = root.tag[: root.tag.find("}") + 1]
        for row in root.iterfind(f"{prefix}sheetData/{prefix}row"):
            reader.row(row)
        for element in root.iterfind(f"{prefix}cols/{prefix}col"):
            reader.column(element)
        for element in root.iterfind(f"{prefix}mergeCells/{prefix}mergeCell"):
            reader.merge(element)
        return reader.grid(visibility)
    for element in stream(data, part, book.package.name):
        tag = local(element.tag)
        if tag == "row":
            reader.prefix = element.tag[: -len("row")]
            reader.row(element)
            element.clear()
        elif tag == "col":
            reader.column(element)
        elif tag == "mergeCell":
            reader.merge(element)
    return reader.grid(visibility)
