"""Formulas into the calculated cells of a form, wherever its tables stand in a workbook.

Which cells those are, and their formulas, is for :mod:`gouji.live.calculated` to say. Here is decided which of them
get theirs: blank ones do, formulas that are there stay, and what a person typed is kept unless replacing it is asked
for (or, for a report being imported, unless the formula gives the very figure that was typed).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from enum import StrEnum
from pathlib import Path

from gouji.calc.recalc import Recalculated, recalc
from gouji.calc.value import CellError, Value
from gouji.form import locate
from gouji.form.facts import Facts, Slot
from gouji.frozen import frozen
from gouji.live.calculated import Calculated, calculated_cells
from gouji.model import Reading, ReadingKind
from gouji.source import read_bytes
from gouji.source.document import ReasonCode, SourceRefusedError
from gouji.write.cells import EditRefusedError, number_text
from gouji.write.changelog import Logged, log_sheet
from gouji.write.convert import open_workbook
from gouji.write.package import Package

__all__ = ["Fate", "Filled", "FilledCell", "Typed", "fill_bytes", "fill_file", "logged", "shown"]

_RULE = "公式"
_SHOWN = Context(prec=15, rounding=ROUND_HALF_UP)


class Typed(StrEnum):
    """What becomes of figures typed into calculated cells."""

    KEEP = "keep"
    REPLACE = "replace"
    REPLACE_EQUAL = "replace-equal"


class Fate(StrEnum):
    """What became of a calculated cell."""

    WRITTEN = "written"
    REPLACED = "replaced"
    KEPT = "kept"
    FORMULA = "formula"
    REFUSED = "refused"


@frozen
class FilledCell:
    """One calculated cell: ``old`` is the text that stood there, ``value`` what the formula gives.

    ``note`` says why a typed figure or a blank was left, or what is odd about the result (a Chinese clause, often
    empty).
    """

    sheet: str
    cell: str
    label: str
    formula: str
    old: str
    fate: Fate
    value: Value
    note: str
    number_format: str | None = None

    @property
    def is_new(self) -> bool:
        """Whether the formula is in the cell now and was not before."""
        return self.fate in (Fate.WRITTEN, Fate.REPLACED)

    @property
    def result(self) -> str:
        """What the formula gives, as a person would see it."""
        return shown(self.value, percent=self.number_format is not None and "%" in self.number_format)


@frozen
class Filled:
    """A workbook with formulas in its calculated cells; ``notices`` say what conversion from an old kind changed."""

    form: str | None
    package: Package
    cells: tuple[FilledCell, ...]
    notices: tuple[str, ...] = ()

    def count(self, *fates: Fate) -> int:
        """How many cells had one of these fates."""
        return sum(one.fate in fates for one in self.cells)


def fill_file(path: str, *, form: str | None = None, typed: Typed = Typed.KEEP) -> Filled:
    """Put the form's formulas into a workbook's calculated cells; replaced figures go into a 修改记录 sheet.

    Args:
        path: A workbook (.xlsx, .xlsm; .xls and .et come back as .xlsx).
        form: The id of its form, instead of recognising it.
        typed: What to do with typed figures.

    Raises:
        SourceRefusedError: no workbook that can be edited, or nothing of a form in it.
        OSError: the path cannot be read.
    """
    package, notices = open_workbook(path)
    filled = fill_bytes(package.to_bytes(), path, form=form, typed=typed)
    if notices:
        return Filled(filled.form, filled.package, filled.cells, notices)
    filled.package.path = Path(path)
    return filled


def fill_bytes(data: bytes, path: str, *, form: str | None = None, typed: Typed = Typed.KEEP) -> Filled:
    """As :func:`fill_file`, for a workbook in memory; ``path`` is its name in messages."""
    facts = locate(read_bytes(data, path), form)
    if facts.is_empty:
        raise SourceRefusedError(
            ReasonCode.NOTHING_KNOWN,
            f"“{path}”里没有认出绩效自评的表格，不知道哪些格该用公式。请确认文件是否选对，或用 --form 指定表式。",
        )
    package, cells = _filled(data, facts, typed)
    replaced = logged(cells)
    if replaced and typed is not Typed.REPLACE_EQUAL:
        package.add_sheet(log_sheet(replaced, {sheet.name for sheet in package.sheets}))
    return Filled(facts.form, package, cells)


def logged(cells: Iterable[FilledCell]) -> list[Logged]:
    """The typed figures that gave way to formulas."""
    return [
        Logged(
            one.sheet, one.cell, one.label, one.old, f"={one.formula}", _RULE, f"公式得 {shown(one.value)}"
        )
        for one in cells
        if one.fate is Fate.REPLACED
    ]


def _filled(data: bytes, facts: Facts, typed: Typed) -> tuple[Package, tuple[FilledCell, ...]]:
    all_cells = [one for one in calculated_cells(facts) if one.slot.grid.is_sheet]
    formulas = [one for one in all_cells if one.slot.cell is not None and one.slot.cell.formula is not None]
    open_ = [one for one in all_cells if one not in formulas]
    blank = [one for one in open_ if one.slot.is_blank]
    held = [one for one in open_ if not one.slot.is_blank]
    why: dict[int, str] = {id(one): note for one in held if (note := _bad_input(one))}
    tried, done, refused = _written(data, open_)  # what every formula would give
    values = {id(one): tried.value(*_at(one)) for one in open_ if id(one) not in refused}
    why |= {id(one): note for one in held if id(one) not in refused and (note := _no_result(values[id(one)]))}
    wanted = [*blank]
    if typed is not Typed.KEEP:
        wanted += [one for one in held if id(one) not in why]
    circular = _circular(done, open_)
    wanted = [one for one in wanted if id(one) not in circular]
    while True:
        package, done, refused_now = _written(data, wanted)
        refused |= refused_now
        values |= {id(one): package.value(*_at(one)) for one in wanted if id(one) not in refused}
        unlike = {
            id(one)
            for one in wanted
            if typed is Typed.REPLACE_EQUAL
            and not one.slot.is_blank
            and not _as_typed(one, values.get(id(one)))
        }
        if not unlike:
            break
        wanted = [one for one in wanted if id(one) not in unlike]
    new = {id(one) for one in wanted} - refused.keys()
    found = []
    for one in all_cells:
        note = refused.get(id(one)) or ("会形成循环引用" if id(one) in circular else why.get(id(one), ""))
        if one in formulas:
            fate = Fate.FORMULA
        elif id(one) in new:
            fate = Fate.WRITTEN if one.slot.is_blank else Fate.REPLACED
            note = _bad_input(one) if one.slot.is_blank else _unlike(one, values.get(id(one)))
        else:
            fate = Fate.REFUSED if one.slot.is_blank else Fate.KEPT
        found.append(_cell(one, fate, values.get(id(one)), note))
    return package, tuple(found)


def _cell(one: Calculated, fate: Fate, value: Value, note: str) -> FilledCell:
    slot = one.slot
    return FilledCell(
        slot.grid.name, slot.name, slot.label, one.formula, slot.text, fate, value, note, one.number_format
    )


def _at(one: Calculated) -> tuple[str, str]:
    return one.slot.grid.name, one.slot.name


def _written(
    data: bytes, wanted: Sequence[Calculated]
) -> tuple[Package, Recalculated | None, dict[int, str]]:
    """The workbook with these formulas and their results; the cells that refuse one, with the reason."""
    package = Package.open(data)
    refused: dict[int, str] = {}
    placed = False
    for sheet in dict.fromkeys(one.slot.grid.name for one in wanted):
        here = [one for one in wanted if one.slot.grid.name == sheet]
        try:
            package.set_formulas(sheet, {one.slot.name: one.formula for one in here})
        except EditRefusedError:
            for one in here:
                try:
                    package.set_formulas(sheet, {one.slot.name: one.formula})
                except EditRefusedError as refusal:
                    refused[id(one)] = str(refusal)
        formats = {
            one.slot.name: one.number_format
            for one in here
            if one.number_format is not None and id(one) not in refused
        }
        package.show_percent(sheet, formats)
        placed = True
    return package, recalc(package, second_opinion=False) if placed else None, refused


def _circular(done: Recalculated | None, cells: Sequence[Calculated]) -> set[int]:
    """The cells whose formula would refer back to itself through formulas that are there."""
    if done is None:
        return set()
    looped = {one.key for one in done.skipped if "循环" in one.text}
    return {id(one) for one in cells if (one.slot.grid.name, *_position(one.slot)) in looped}


def _position(slot: Slot) -> tuple[int, int]:
    row, col = (slot.cell.row, slot.cell.col) if slot.cell is not None else (slot.row, slot.col)
    return row + 1, col + 1


def _bad_input(one: Calculated) -> str:
    """What a formula would pass over in silence: figures that are texts to Excel."""
    names = [slot.name for slot in one.inputs if _is_text_figure(slot)]
    return f"{'、'.join(names)} 不是数字，公式不会算进去" if names else ""


def _is_text_figure(slot: Slot) -> bool:
    if slot.cell is None or slot.is_empty or not isinstance(slot.cell.value, str):
        return False
    return slot.reading.kind is ReadingKind.MALFORMED or slot.reading.value is not None


def _no_result(value: Value) -> str:
    if isinstance(value, CellError):
        return f"公式的结果是 {value.code}"
    return "公式要用的数字还没有填全" if value in (None, "") else ""


def _as_typed(one: Calculated, value: Value) -> bool:
    """Whether a result, shown with as many decimals as were typed, is what was typed."""
    reading = one.slot.reading
    if reading.value is None or not isinstance(value, Decimal | int) or isinstance(value, bool):
        return False
    return _rounded(Decimal(value), reading, one.number_format) == reading.value


def _unlike(one: Calculated, value: Value) -> str:
    return "" if _as_typed(one, value) else "与填的不同，请核对各项"


def _rounded(value: Decimal, reading: Reading, number_format: str | None) -> Decimal:
    if reading.kind is ReadingKind.PERCENT or (number_format is not None and "%" in number_format):
        value = value.scaleb(2)
    return value.quantize(Decimal(1).scaleb(-reading.decimals), ROUND_HALF_UP)


def shown(value: Value, *, percent: bool = False) -> str:
    """A result as a message shows it: to the 15 digits that Excel shows."""
    if value is None or value == "":
        return "（空）"
    if isinstance(value, CellError):
        return value.code
    if isinstance(value, bool | str):
        return str(value)
    number = _SHOWN.plus(Decimal(value))
    return f"{number_text(number.scaleb(2))}%" if percent else number_text(number)
