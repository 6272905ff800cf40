"""A blank workbook of a form: official layout, formulas, hints, and the live 校验 sheet. The same bytes every time.

The layout is drawn in form.toml, or is the bureau's own blank workbook (``blank.xlsx`` beside it).
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.worksheet import Worksheet

from gouji.calc.recalc import recalc
from gouji.form.definition import FormDefinition, FormError
from gouji.form.facts import Facts, Slot
from gouji.form.layout import LaidCell, LaidSheet, lay_out, sample
from gouji.form.locate import locate
from gouji.live.areas import sheet_prefix
from gouji.live.calculated import Calculated, calculated_cells
from gouji.live.checks import LiveCheck, live_checks
from gouji.source import read_bytes
from gouji.source.document import cell_name, cell_position
from gouji.template.live_sheet import add_live_sheet, colour_cells
from gouji.template.looks import rule
from gouji.template.paper import put_on_paper
from gouji.template.slots import placed
from gouji.write.package import Package

__all__ = ["BLANK", "build", "finished"]

BLANK = "blank.xlsx"
"""The bureau's own blank workbook, beside form.toml."""

_EPOCH = (1980, 1, 1, 0, 0, 0)
_BUILT = datetime(2024, 1, 1)  # noqa: DTZ001 # a workbook's clock has no zone; nothing in a template depends on it
_STAMP = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_NUMBERS = ("money", "count", "rate", "weight", "score")
_UNFIT = re.compile(r"\W+")


def build(form: FormDefinition, counts: Mapping[str, int] | None = None, blank: bytes | None = None) -> bytes:
    """A blank .xlsx of a form that checks itself.

    Args:
        form: The form.
        counts: How many rows the repeated lines shall have, by name.
        blank: The bureau's own blank .xlsx, to stand in place of the sheets drawn in form.toml: everything in it
            stays, formulas, hints, colours and the 校验 sheet are added.

    Raises:
        FormError: If there is neither ``blank`` nor a drawing, or a name or number of ``counts`` is wrong.
        SourceRefusedError: If ``blank`` cannot be read, or nothing of a self-evaluation is found in it.
    """
    if blank is not None:
        if counts:
            raise FormError(f"表式“{form.id}”用的是自带的空白表，行数不能增减；请在表里直接插入行")
        document = read_bytes(blank, f"{form.id}.xlsx")
        sheets, facts = placed(document, form)
        book = load_workbook(io.BytesIO(blank))
    elif form.sheets:
        sheets = lay_out(form, counts)
        facts = locate(sample(form, sheets), form=form)
        book = Workbook()
        book.remove(book.worksheets[0])
    else:
        raise FormError(f"表式“{form.id}”的 form.toml 里没有 [[sheet]]，还不能生成空白表")
    cells, checks = calculated_cells(facts), live_checks(facts)
    for laid in sheets:
        own = {
            place for c in cells if c.slot.grid.name == laid.name and (place := cell_position(c.slot.name))
        }
        if blank is None:
            put_on_paper(book.create_sheet(laid.name), laid, frozenset(own))
        _bring_to_life(book[laid.name], laid, cells, checks)
    add_live_sheet(book, checks, _names_in(facts, sheets))
    for name, at in _defined(facts, cells).items():
        book.defined_names[name] = DefinedName(name, attr_text=at)
    if blank is None:
        book.properties.title = form.title
        book.properties.creator = "gouji"
    return finished(book)


def _bring_to_life(
    sheet: Worksheet, laid: LaidSheet, cells: Sequence[Calculated], checks: Sequence[LiveCheck]
) -> None:
    """Formulas, hints and colours on a sheet that is on paper already."""
    own = [each for each in cells if each.slot.grid.name == laid.name]
    for each in own:
        cell = sheet[each.slot.name]
        cell.value = f"={each.formula}"
        if each.number_format is not None and "%" not in cell.number_format:
            cell.number_format = each.number_format
    places = {place for each in own if (place := cell_position(each.slot.name)) is not None}
    _validate(sheet, laid.cells, places)
    numbers = [cell for cell in laid.cells if cell.kind in _NUMBERS]
    colour_cells(sheet, checks, list(_runs(numbers)))


def _validate(sheet: Worksheet, cells: Iterable[LaidCell], calculated: set[tuple[int, int]]) -> None:
    """One validation for each kind of input, one for calculated cells."""
    by_kind: dict[tuple[str, bool], list[LaidCell]] = {}
    for cell in cells:
        if cell.kind is not None:
            by_kind.setdefault((cell.kind, (cell.row, cell.col) in calculated), []).append(cell)
    for (kind, is_calculated), same in by_kind.items():
        validation = rule(kind, calculated=is_calculated)
        for area in _runs(same):
            validation.add(area)
        sheet.add_data_validation(validation)


def _runs(cells: Iterable[LaidCell]) -> Iterable[str]:
    """Cells as areas: those that follow one another in a column become one."""
    last: tuple[int, int, int] | None = None
    for cell in sorted(cells, key=lambda each: (each.col, each.row)):
        if last is not None and (last[0], last[2] + 1) == (cell.col, cell.row):
            last = (last[0], last[1], cell.row + cell.rows - 1)
            continue
        if last is not None:
            yield _area(*last)
        last = (cell.col, cell.row, cell.row + cell.rows - 1)
    if last is not None:
        yield _area(*last)


def _area(col: int, first: int, final: int) -> str:
    letter = get_column_letter(col + 1)
    return f"{letter}{first + 1}" if first == final else f"{letter}{first + 1}:{letter}{final + 1}"


def _names_in(facts: Facts, sheets: Sequence[LaidSheet]) -> dict[str, str]:
    """Where the names that the sample invented will be typed."""
    found: dict[str, str] = {}
    grids = {grid.name: grid for grid in facts.document.grids}
    for laid in sheets:
        for cell in laid.cells:
            if cell.kind in ("line", "name"):
                text = grids[laid.name].text(cell.row, cell.col)
                found[text] = sheet_prefix(laid.name) + cell_name(cell.row, cell.col)
    return found


def _defined(facts: Facts, cells: Sequence[Calculated]) -> dict[str, str]:
    """Names for the printed lines of money, for one-line records and for calculated cells: 自评表_年度资金总额_执行率."""
    slots: list[Slot] = [s for t in facts.money for r in t.rows if r.concept is not None for s in r.slots]
    slots += [slot for record in facts.records for slot in record.slots.values()]
    slots += [each.slot for each in cells]
    found: dict[str, str] = {}
    for slot in slots:
        place = cell_position(slot.name)
        name = _UNFIT.sub("_", f"{slot.grid.name}_{slot.label}").strip("_")
        if place is not None:
            at = f"{sheet_prefix(slot.grid.name)}${get_column_letter(place[1] + 1)}${place[0] + 1}"
            found.setdefault(name, at)
    return found


def finished(book: Workbook) -> bytes:
    """The workbook as a file with every formula's value stored, free of the time and place of its making."""
    stream = io.BytesIO()
    book.save(stream)
    package = Package(_without_time(stream.getvalue()))
    done = recalc(package, now=_BUILT, second_opinion=False)
    if done.skipped:  # pragma: no cover # the formulas are ours; tests build every form
        raise FormError(f"算不出公式 {done.skipped[0].key}：{done.skipped[0].text}")
    return package.to_bytes()


def _without_time(data: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = _STAMP.sub(b"2024-01-01T00:00:00Z", content)
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            new.writestr(entry, content)
    return stream.getvalue()
