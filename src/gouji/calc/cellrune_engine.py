"""The built-in engine: CellRune, in process, a few milliseconds a form.

It follows Excel's rules closely and says ``unavailable`` for most of what it lacks; where it is silently
wrong is known to :mod:`gouji.calc.idioms`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from gouji.calc.engine import CellKey, EngineFailedError, Outcome, Unavailable
from gouji.calc.facts import AreaFacts, Rectangle, is_large
from gouji.calc.formula import column_letters, column_number
from gouji.calc.numbertext import is_ambiguous
from gouji.calc.value import CellError, Value, from_double

if TYPE_CHECKING:
    import cellrune

__all__ = ["CellruneComputed", "CellruneEngine", "saved_values"]

_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 # serial dates have no time zone
_UNKNOWN = "=GOUJI.UNKNOWN()"  # a function nobody has: whatever depends on it is then blocked
_PAGE = 10_000


def serial(moment: datetime) -> float:
    """A moment as Excel's 1900 date serial."""
    return (moment.replace(tzinfo=None) - _EPOCH) / timedelta(days=1)


_READ: dict[str, Callable[[Any], Outcome]] = {
    "number": lambda cell: from_double(cell["value"]),
    "text": lambda cell: str(cell["value"]),
    "logical": lambda cell: bool(cell["value"]),
    "error": lambda cell: CellError(cell["value"]),
    "blank": lambda _: None,
    "unavailable": lambda cell: Unavailable(cell["code"].removeprefix("calculation."), cell["detail"]),
}


def _outcome(cell: Any) -> Outcome:  # noqa: ANN401 # a plain dict from the engine, one of several shapes
    read = _READ.get(cell["kind"])
    return Unavailable("unsupported_value") if read is None else read(cell)


class CellruneComputed:
    """A workbook held by CellRune."""

    def __init__(self, workbook: cellrune.Workbook, now: datetime) -> None:
        self._workbook = workbook
        self._now = now
        self._sheets: dict[str, dict[str, Any]] = {}
        self._used = {sheet["name"]: sheet["used_range"] for sheet in workbook.summary()["sheets"]}
        self._by_fold = {name.casefold(): name for name in self._used}
        self._ambiguous: bool | None = None
        self._areas: dict[tuple[str, Rectangle], AreaFacts | None] = {}
        self._calculate()

    def _calculate(self) -> None:
        moment = serial(self._now)
        self._workbook.calculate(today_serial=float(int(moment)), now_serial=moment, random_seed=1)
        self._sheets.clear()
        self._ambiguous = None
        self._areas.clear()

    def _cells(self, sheet: str) -> dict[str, Any]:
        """Every written cell of a sheet by its name, as the engine gives it."""
        found = self._sheets.get(sheet)
        if found is not None:
            return found
        found = self._sheets[sheet] = {}
        used = self._used.get(sheet)
        if used is None:
            return found
        first, _, last = used.partition(":")
        offset: int | None = 0
        while offset is not None:
            page = self._workbook.read_range(
                sheet, first, last or first, offset=offset, limit=_PAGE, omit_empty=True, values_only=True
            )
            for one in page["values"]:
                found[one["address"]] = one["value"]
            offset = page["next_offset"]
        return found

    def outcome(self, key: CellKey) -> Outcome:
        """The result of a cell."""
        cell = self._cells(key[0]).get(f"{column_letters(key[2])}{key[1]}")
        return None if cell is None else _outcome(cell)

    def area(self, sheet: str, area: Rectangle) -> AreaFacts | None:
        """What is in an area; None where a cell of it could not be computed."""
        key = (sheet, area)
        if key not in self._areas:
            self._areas[key] = self._looked_at(sheet, area)
        return self._areas[key]

    def _looked_at(self, sheet: str, area: Rectangle) -> AreaFacts | None:
        name = self._by_fold.get(sheet.casefold())
        if name is None:
            return None
        cells = self._cells(name)
        if is_large(area):
            return _sparse(cells, area)
        top, left, bottom, right = area
        letters = [column_letters(col) for col in range(left, right + 1)]
        written = [cells.get(f"{letter}{row}") for row in range(top, bottom + 1) for letter in letters]
        return _facts(None if cell is None else _outcome(cell) for cell in written)

    @property
    def has_ambiguous_text(self) -> bool:
        """Whether any cell holds a text that Excels of different languages turn into different numbers."""
        if self._ambiguous is None:
            self._ambiguous = any(
                cell["kind"] == "text" and is_ambiguous(cell["value"])
                for sheet in self._used
                for cell in self._cells(sheet).values()
            )
        return self._ambiguous

    def settle(self, known: dict[CellKey, Value], unknown: set[CellKey]) -> None:
        """Take results from elsewhere for some cells, or none, and compute what depends on them."""
        import cellrune  # noqa: PLC0415 # a native library, loaded where it is used

        changes = [_set_value(key, value) for key, value in known.items()] + [
            _set_unknown(key) for key in unknown
        ]
        try:
            self._apply(changes)
        except cellrune.CellRuneError:
            # One cell inside an array formula spoils a batch: one by one, and those that cannot be set are named
            # through the array's first cell.
            for change in changes:
                try:
                    self._apply([change])
                except cellrune.CellRuneError:
                    continue
        self._calculate()

    def _apply(self, changes: list[cellrune.WorkbookChange]) -> None:
        self._workbook.apply_changes(self._workbook.summary()["semantic_revision"], changes)


def _set_value(key: CellKey, value: Value) -> cellrune.WorkbookChange:
    sheet, row, col = key
    written: cellrune.WritableCellValue
    if isinstance(value, bool):
        written = {"kind": "logical", "value": value}
    elif isinstance(value, CellError):
        written = {"kind": "error", "value": value.code}
    elif isinstance(value, str):
        written = {"kind": "text", "value": value}
    elif value is None:
        written = {"kind": "blank"}
    else:
        written = {"kind": "number", "value": float(Decimal(value))}
    return {"kind": "set_value", "sheet": sheet, "address": f"{column_letters(col)}{row}", "value": written}


def _set_unknown(key: CellKey) -> cellrune.WorkbookChange:
    sheet, row, col = key
    return {
        "kind": "set_formula",
        "sheet": sheet,
        "address": f"{column_letters(col)}{row}",
        "formula": _UNKNOWN,
    }


def _sparse(cells: dict[str, Any], area: Rectangle) -> AreaFacts | None:
    """What is written in a large area, and one empty cell for all that is not."""
    top, left, bottom, right = area
    found: list[Outcome] = [None]
    for name, cell in cells.items():
        row, col = _position(name)
        if top <= row <= bottom and left <= col <= right:
            found.append(_outcome(cell))
    return _facts(found)


def _facts(outcomes: Iterable[Outcome]) -> AreaFacts | None:
    """The facts of values; None where one could not be computed."""
    values: list[Value] = []
    for value in outcomes:
        if isinstance(value, Unavailable):
            return None
        values.append(value)
    return AreaFacts(values)


def _position(address: str) -> tuple[int, int]:
    letters = address.rstrip("0123456789")
    return int(address[len(letters) :]), column_number(letters)


def saved_values(workbook: bytes) -> dict[CellKey, Outcome]:
    """The values that stand in a workbook file, nothing computed.

    Raises:
        EngineFailedError: the workbook cannot be read.
    """
    import cellrune  # noqa: PLC0415 # a native library, loaded where it is used

    try:
        book = cellrune.Workbook.from_bytes(workbook)
    except cellrune.CellRuneError as fault:
        raise EngineFailedError(f"读不了计算结果（{fault.code}）") from fault
    found: dict[CellKey, Outcome] = {}
    for sheet in book.summary()["sheets"]:
        if sheet["used_range"] is None:
            continue
        first, _, last = sheet["used_range"].partition(":")
        offset: int | None = 0
        while offset is not None:
            page = book.read_range(
                sheet["name"], first, last or first, offset=offset, limit=_PAGE, omit_empty=True
            )
            for cell in page["cells"]:
                row, col = _position(cell["address"])
                found[sheet["name"], row, col] = _outcome(cell["source_value"])
            offset = page["next_offset"]
    return found


class CellruneEngine:
    """Computes workbooks with CellRune."""

    name = "cellrune"

    def compute(self, workbook: bytes, now: datetime) -> CellruneComputed:
        """Compute every formula of a workbook file.

        Raises:
            EngineFailedError: the engine cannot read the workbook.
        """
        import cellrune  # noqa: PLC0415 # a native library, loaded where it is used

        try:
            return CellruneComputed(cellrune.Workbook.from_bytes(workbook), now)
        except cellrune.CellRuneError as fault:
            raise EngineFailedError(f"内置计算引擎读不了这个工作簿（{fault.code}）") from fault
