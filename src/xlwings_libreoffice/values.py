"""Values of ranges: read and written in blocks, so that a thousand cells cost what one costs.

Writing follows Excel's ``Range.Value``: text that looks like a number, percentage, date or formula becomes one,
except in cells formatted as text or behind an apostrophe. Not imitated: amounts with a currency sign, fractions,
dates without a year.
"""

from __future__ import annotations

import datetime as dt
import numbers
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from xlwings_libreoffice import formulas
from xlwings_libreoffice.bridge import struct

if TYPE_CHECKING:
    from xlwings_libreoffice.range_ import Range

__all__ = ["ERRORS", "fill", "from_serial", "number_format_key", "read", "to_serial", "write"]

#: The numbers COM gives for Excel's errors, so that raw values look like Excel's.
ERRORS = {
    -2146826281: "#DIV/0!",
    -2146826246: "#N/A",
    -2146826259: "#NAME?",
    -2146826288: "#NULL!",
    -2146826252: "#NUM!",
    -2146826265: "#REF!",
    -2146826273: "#VALUE!",
}
_CODES = {text: code for code, text in ERRORS.items()}
_OFFICE_ERRORS = {
    532: "#DIV/0!",
    32767: "#N/A",
    525: "#NAME?",
    521: "#NULL!",
    503: "#NUM!",
    524: "#REF!",
    519: "#VALUE!",
}
_DATE, _TIME, _LOGICAL, _TEXT = 2, 4, 1024, 256  # com.sun.star.util.NumberFormat
_FORMULA, _ERROR = 16, 4  # CellFlags.FORMULA, FormulaResult.ERROR
_STRING_RESULT = 2  # FormulaResult.STRING
_EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001 # serial dates know no time zone
_MILLISECONDS = 86_400_000
_NUMBER = re.compile(r"[-+]?(?:\d+(?:,\d{3})*|(?=\.))(?:\.\d+)?(?:[eE][-+]?\d+)?")
_DATED = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?: (\d{1,2}):(\d{2})(?::(\d{2}))?)?")
_BOOLEANS = {"TRUE": True, "FALSE": False}


def to_serial(moment: dt.date) -> float:
    """A date or time as Excel's serial number of days."""
    if not isinstance(moment, dt.datetime):
        moment = dt.datetime(moment.year, moment.month, moment.day)  # noqa: DTZ001  # a sheet's clock has no zone
    passed = moment.replace(tzinfo=None) - _EPOCH
    return passed / dt.timedelta(days=1)


def from_serial(days: float) -> dt.datetime:
    """The moment of a serial number, to the millisecond."""
    return _EPOCH + dt.timedelta(milliseconds=round(days * _MILLISECONDS))


def _error(code: int) -> int:
    return _CODES[_OFFICE_ERRORS.get(code, "#VALUE!")]


def _kind(cells: Range, key: int) -> tuple[str, int]:
    """Format string and type of a number format; asked once for each document and key."""
    book = cells.sheet.book
    held = book.app.office.held
    known = held.setdefault((str(book.document.RuntimeUID), "formats"), {})
    if key not in known:
        found = book.document.NumberFormats.getByKey(key)
        known[key] = (str(found.FormatString), int(found.Type))
    kind: tuple[str, int] = known[key]
    return kind


def number_format_key(cells: Range, code: str) -> int:
    """The document's key for a format in Excel's (English) spelling."""
    formats = cells.sheet.book.document.NumberFormats
    here, english = struct("lang.Locale"), struct("lang.Locale", "en", "US", "")
    key = formats.queryKey(code, here, False)  # UNO takes no keywords
    # Added through the English locale it would be saved with a [$-409] in front.
    return int(key if key != -1 else formats.addNewConverted(code, english, here))


# ---- reading ----


def read(cells: Range) -> Any:
    """The raw value of one cell, or the rows of a block: str, float, bool, datetime, an error's number, None."""
    if cells.nrows == cells.ncols == 1:
        return _read_one(cells)
    target = cells.target
    rows = [list(row) for row in target.getDataArray()]
    has_number = any(type(value) is float for row in rows for value in row)
    formulas_there = target.queryContentCells(_FORMULA)
    if formulas_there.Count:
        for row, column in _places(cells, target.queryFormulaCells(_ERROR)):
            rows[row][column] = _error(target.getCellByPosition(column, row).getError())
        for row, column in _places(cells, formulas_there):
            value = rows[row][column]
            # A comparison gives a number that only its display tells from 1 and 0.
            if type(value) is float and value in (0.0, 1.0):
                shown = target.getCellByPosition(column, row).String.upper()
                rows[row][column] = _BOOLEANS.get(shown, value)
    if has_number:
        _apply_formats(cells, rows)
    return [[None if type(value) is str and not value else value for value in row] for row in rows]


def _apply_formats(cells: Range, rows: list[list[Any]]) -> None:
    groups = cells.target.getUniqueCellFormatRanges()
    for number in range(groups.Count):
        group = groups.getByIndex(number)
        kind = _kind(cells, group.NumberFormat)[1]
        if not kind & (_DATE | _TIME | _LOGICAL):
            continue
        for row, column in _places(cells, group):
            value = rows[row][column]
            if type(value) is float:
                rows[row][column] = bool(value) if kind & _LOGICAL else from_serial(value)


def _places(cells: Range, ranges: Any) -> Iterator[tuple[int, int]]:
    """The cells of a collection of ranges, counted from the corner of the block."""
    top, left = cells.row - 1, cells.column - 1
    for area in ranges.RangeAddresses:
        for row in range(area.StartRow - top, area.EndRow - top + 1):
            for column in range(area.StartColumn - left, area.EndColumn - left + 1):
                yield row, column


def _read_one(cells: Range) -> Any:
    cell = cells.target.getCellByPosition(0, 0)
    kind = cell.getType().value
    if kind == "EMPTY":
        return None
    if kind == "TEXT":
        return cell.String or None
    formula = kind == "FORMULA"
    if formula:
        error = cell.getError()
        if error:
            return _error(error)
        if cell.FormulaResultType2 == _STRING_RESULT:
            return cell.String or None
    value = cell.getValue()
    shape = _kind(cells, cell.NumberFormat)[1]
    if shape & _LOGICAL or (formula and value in (0.0, 1.0) and cell.String.upper() in _BOOLEANS):
        return bool(value)
    return from_serial(value) if shape & (_DATE | _TIME) else value


# ---- writing ----


def _typed(text: str) -> tuple[float | bool, str | None] | None:
    """What Excel makes of typed text: its value and the format it takes on; None where it stays text."""
    first = text[0]
    if not (first.isdecimal() or first in "+-." or first in "TtFf"):
        return None
    flag = _BOOLEANS.get(text.upper())
    if flag is not None:
        return flag, None
    percent = text.endswith("%")
    body = text.removesuffix("%")
    if _NUMBER.fullmatch(body) and body.isascii():
        value = float(body.replace(",", ""))
        if percent:
            return value / 100, "0.00%" if "." in body else "0%"
        return value, ("#,##0.00" if "." in body else "#,##0") if "," in body else None
    dated = _DATED.fullmatch(text)
    if dated is None:
        return None
    try:
        moment = dt.datetime(*(int(part) for part in dated.groups(default="0")))  # type: ignore[arg-type]  # noqa: DTZ001  # a number, as the caller made sure
    except ValueError:
        return None
    return to_serial(moment), "yyyy/m/d h:mm" if dated[4] else "yyyy/m/d"


class _Block:
    """Rows sorted into what LibreOffice takes in one go, formulas, and the formats that values ask for."""

    def __init__(self, cells: Range, data: Sequence[Sequence[Any]]) -> None:
        self.cells = cells
        self.formulas: dict[int, dict[int, str]] = {}
        self.formats: dict[str, dict[int, dict[int, str]]] = {}
        self.plain: list[tuple[Any, ...]] = []
        self._known: dict[str, str] = {}
        self._sheet: int | None = None
        self._text = _text_cells(cells) if _could_be_typed(data) else frozenset()
        for row, values in enumerate(data):
            self.plain.append(tuple(self._value(row, column, value) for column, value in enumerate(values)))

    def _format(self, row: int, column: int, code: str) -> None:
        self.formats.setdefault(code, {}).setdefault(row, {})[column] = code

    def _value(self, row: int, column: int, value: Any) -> Any:
        if value is None or value == "":
            return ""
        if isinstance(value, str):
            return self._from_text(row, column, value)
        if isinstance(value, bool):
            self._format(row, column, "BOOLEAN")
            return float(value)
        if isinstance(value, dt.date):
            timed = isinstance(value, dt.datetime) and (value.hour or value.minute or value.second)
            self._format(row, column, "yyyy/m/d h:mm" if timed else "yyyy/m/d")
            return to_serial(value)
        if isinstance(value, numbers.Number):
            return float(value)  # type: ignore[arg-type] # Decimal, Fraction and NumPy's all convert
        return str(value)

    def _from_text(self, row: int, column: int, text: str) -> Any:
        if self._text and ((row, column) in self._text or None in self._text):
            return text
        if text[0] == "'":
            return text[1:]
        if text[0] == "=" and len(text) > 1:
            if self._sheet is None:
                self._sheet = self.cells.sheet.index - 1
            where = (self._sheet, self.cells.row - 1 + row, self.cells.column - 1 + column)
            native = formulas.to_native(self.cells.sheet.book, text, where, self._known)
            self.formulas.setdefault(row, {})[column] = native
            return ""
        typed = _typed(text)
        if typed is None:
            return text
        value, code = typed
        if isinstance(value, bool):
            code = "BOOLEAN"
        if code is not None:
            self._format(row, column, code)
        return float(value)


def _could_be_typed(data: Sequence[Sequence[Any]]) -> bool:
    return any(
        isinstance(value, str) and value and (value[0] in "='" or _typed(value) is not None)
        for row in data
        for value in row
    )


def _text_cells(cells: Range) -> frozenset[tuple[int, int] | None]:
    """The cells formatted as text; None among them stands for all."""
    key = cells.target.NumberFormat
    if key is not None and not _is_mixed(cells):
        return frozenset([None]) if _kind(cells, key)[1] & _TEXT else frozenset()
    groups = cells.target.getUniqueCellFormatRanges()
    found: set[tuple[int, int] | None] = set()
    for number in range(groups.Count):
        group = groups.getByIndex(number)
        if _kind(cells, group.NumberFormat)[1] & _TEXT:
            found |= set(_places(cells, group))
    return frozenset(found)


def _is_mixed(cells: Range) -> bool:
    state = cells.target.getPropertyState("NumberFormat")
    return bool(state.value == "AMBIGUOUS_VALUE")


def write(cells: Range, data: Sequence[Sequence[Any]]) -> None:
    """Write rows of values into a block of the same shape."""
    cells.require_editable()
    block = _Block(cells, data)
    target = cells.target
    target.setDataArray(tuple(block.plain))
    for left, top, rows in _rectangles(block.formulas):
        _part(target, left, top, rows).setFormulaArray(rows)
    for code, marked in block.formats.items():
        for left, top, rows in _rectangles(marked):
            _take_format(cells, _part(target, left, top, rows), code)


def _part(target: Any, left: int, top: int, rows: Sequence[Sequence[str]]) -> Any:
    return target.getCellRangeByPosition(left, top, left + len(rows[0]) - 1, top + len(rows) - 1)


def _take_format(cells: Range, part: Any, code: str) -> None:
    """Give cells the format of what was typed, unless they have one that shows it as well."""
    if code == "BOOLEAN":
        formats = cells.sheet.book.document.NumberFormats
        part.NumberFormat = formats.getStandardFormat(_LOGICAL, struct("lang.Locale"))
        return
    groups = part.getUniqueCellFormatRanges()
    for number in range(groups.Count):
        group = groups.getByIndex(number)
        text, kind = _kind(cells, group.NumberFormat)
        dated = code.startswith("yyyy")
        if (dated and not kind & (_DATE | _TIME)) or (not dated and text == "General") or kind & _LOGICAL:
            group.NumberFormat = number_format_key(cells, code)


def _rectangles(marked: dict[int, dict[int, str]]) -> Iterable[tuple[int, int, tuple[tuple[str, ...], ...]]]:
    """Left, top and rows of the rectangles that cover the marked cells: equal runs on consecutive rows."""
    growing: dict[tuple[int, int], list[Any]] = {}
    made: list[list[Any]] = []
    for row in sorted(marked):
        cells = marked[row]
        now: dict[tuple[int, int], list[Any]] = {}
        for first, last in _runs(sorted(cells)):
            line = tuple(cells[column] for column in range(first, last + 1))
            before = growing.get((first, last))
            if before is not None and before[1] + len(before[2]) == row:
                before[2].append(line)
                now[first, last] = before
            else:
                now[first, last] = [first, row, [line]]
                made.append(now[first, last])
        growing = now
    return [(left, top, tuple(rows)) for left, top, rows in made]


def _runs(columns: Sequence[int]) -> Iterator[tuple[int, int]]:
    start = previous = None
    for column in columns:
        if start is None or previous is None:
            start = previous = column
        elif column == previous + 1:
            previous = column
        else:
            yield start, previous
            start = previous = column
    if start is not None and previous is not None:
        yield start, previous


def fill(cells: Range, value: Any) -> None:
    """One value into every cell; a formula is adjusted to each, as Excel does."""
    if isinstance(value, str) and value.startswith("=") and (cells.nrows > 1 or cells.ncols > 1):
        cells.require_editable()
        book, sheet = cells.sheet.book, cells.sheet.index - 1
        tokens = formulas.parsed(
            book, value[1:], struct("table.CellAddress", sheet, cells.column - 1, cells.row - 1)
        )
        for row in range(cells.nrows):
            for column in range(cells.ncols):
                cells.target.getCellByPosition(column, row).setTokens(tokens)
        return
    write(cells, [[value] * cells.ncols] * cells.nrows)
