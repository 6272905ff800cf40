"""The battery of formulas as a workbook, and what became of each."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import yaml
from openpyxl.cell.cell import Cell
from openpyxl.workbook.defined_name import DefinedName

from gouji.calc.value import CellError, Value

TABLE = yaml.safe_load(Path(__file__).with_name("battery.yaml").read_text("utf-8"))
SHEET = "算"
_NEWER = re.compile(r"\b(IFNA|IFS|SWITCH|MAXIFS|MINIFS|CONCAT|TEXTJOIN|XLOOKUP|DAYS)\(")
_ERROR = re.compile(r"#(?:N/A|REF!|DIV/0!|VALUE!|NAME\?|NULL!|NUM!)")


@dataclass(frozen=True, slots=True)
class Case:
    """One formula; ``expected`` is None where Excels of different languages show different values."""

    group: str
    formula: str
    expected: Value
    cell: str


def _expected(value: Any) -> Value:  # noqa: ANN401 # whatever YAML gives
    if isinstance(value, str) and _ERROR.fullmatch(value):
        return CellError(value)
    if isinstance(value, float):
        return Decimal(repr(value))
    return value  # type: ignore[no-any-return] # text, a whole number, a boolean, nothing


def cases() -> list[Case]:
    """Every formula of the battery."""
    found: list[Case] = []
    for group, entries in TABLE["groups"].items():
        for formula, expected in entries:
            cell = f"A{len(found) + 1}"
            found.append(Case(group, str(formula), _expected(expected), cell))
    return found


def _put(cell: Cell, value: Any) -> None:  # noqa: ANN401 # whatever YAML gives
    if isinstance(value, str) and value.startswith("'"):
        cell.value = value.strip("'")
        cell.data_type = "s"
    else:
        cell.value = value


def workbook() -> bytes:
    """The battery as a workbook without cached values."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = SHEET
    for case in cases():
        sheet[case.cell] = "=" + _NEWER.sub(r"_xlfn.\1(", case.formula)
    for name, cells in TABLE["cells"].items():
        other = book.create_sheet(name)
        for ref, value in cells.items():
            _put(other[ref], value)
    for name, text in TABLE["names"].items():
        book.defined_names[name] = DefinedName(name, attr_text=text)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def agrees(expected: Value, found: Value) -> bool:
    """Whether a result is the documented one, to the digits documented."""
    if isinstance(expected, Decimal | int) and not isinstance(expected, bool) and isinstance(found, Decimal):
        digits = len(Decimal(expected).as_tuple().digits)
        tolerance = Decimal("1e-14") if digits >= 15 or digits < 8 else Decimal(1).scaleb(1 - digits)
        return abs(found - expected) <= max(abs(Decimal(expected)), Decimal("1e-300")) * tolerance
    return type(expected) is type(found) and expected == found
