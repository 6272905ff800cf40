"""Formulas that stand together: shared formulas, array formulas, data tables, and what an edit does to them.

Source: ECMA-376 part 1, 18.3.1.40 (f), 18.18.6 (ST_CellFormulaType).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from gouji.calc.formula import FormulaSyntaxError, shift
from gouji.source.document import cell_name
from gouji.write.cells import Cached, CellEdit, Constant, EditRefusedError, Formula
from gouji.write.sheetmap import SheetMap, parse_area
from gouji.write.sheetscan import FormulaSpan

__all__ = ["full_texts", "plan"]

Position = tuple[int, int]


def _at(formula: FormulaSpan) -> Position:
    return formula.row, formula.col


def _masters(formulas: Iterable[FormulaSpan]) -> dict[str, FormulaSpan]:
    return {one.attributes.get("si", ""): one for one in formulas if one.kind == "shared" and one.text}


def _written_out(member: FormulaSpan, master: FormulaSpan) -> str:
    rows, cols = member.row - master.row, member.col - master.col
    try:
        return shift(master.text, rows, cols)
    except FormulaSyntaxError as fault:
        name = cell_name(master.row - 1, master.col - 1)
        raise EditRefusedError(f"{name} 的公式由多个单元格共用，且写法无法识别，不能单独改动") from fault


def full_texts(formulas: Sequence[FormulaSpan]) -> list[str]:
    """The text of each formula, shared ones written out; empty where it cannot be told (a data table has none)."""
    masters: dict[str, FormulaSpan] | None = None
    found: list[str] = []
    for one in formulas:
        if not one.attributes:
            found.append(one.text)
            continue
        kind, text = one.kind, one.text
        if kind == "dataTable":
            text = ""
        elif kind == "shared" and not text:
            if masters is None:
                masters = _masters(formulas)
            master = masters.get(one.attributes.get("si", ""))
            if master is not None:
                try:
                    text = _written_out(one, master)
                except EditRefusedError:
                    text = ""
        found.append(text)
    return found


def _area(formula: FormulaSpan) -> tuple[int, int, int, int]:
    try:
        return parse_area(formula.attributes.get("ref", ""))
    except ValueError:
        row, col = _at(formula)
        return row, col, row, col


def _inside(formula: FormulaSpan, positions: Iterable[Position]) -> set[Position]:
    top, left, bottom, right = _area(formula)
    return {at for at in positions if top <= at[0] <= bottom and left <= at[1] <= right}


def plan(sheet: SheetMap, edits: Mapping[Position, CellEdit]) -> dict[Position, str]:
    """What must be written out in full because the edits replace the formula it shares: text by position.

    Raises:
        EditRefusedError: an edit would change a part of an array formula or of a data table, or would store a
            result where no formula gives one.
    """
    replaced = {at for at, edit in edits.items() if isinstance(edit.content, Constant | Formula)}
    stray = {at for at, edit in edits.items() if isinstance(edit.content, Cached)}
    if not replaced and not stray:
        return {}
    grouped = any(mark in sheet.data for mark in (b"shared", b"array", b"dataTable"))
    if not stray and not grouped:
        return {}
    formulas = sheet.formulas()
    stray -= {_at(one) for one in formulas}
    if not grouped and not stray:
        return {}
    for one in formulas:
        if one.kind in ("array", "dataTable"):
            _refuse_inside(one, replaced)
            if stray:
                stray -= _inside(one, stray)
    if stray:
        row, col = min(stray)
        raise EditRefusedError(f"{cell_name(row - 1, col - 1)} 没有公式，不能只写计算结果")
    masters = _masters(formulas)
    lost = {group for group, master in masters.items() if _at(master) in replaced}
    return {
        _at(one): _written_out(one, masters[group])
        for one in formulas
        if one.kind == "shared"
        and not one.text
        and (group := one.attributes.get("si", "")) in lost
        and _at(one) not in replaced
    }


def _refuse_inside(formula: FormulaSpan, replaced: set[Position]) -> None:
    hit = _inside(formula, replaced)
    top, left, bottom, right = _area(formula)
    if not hit or (top, left) == (bottom, right):
        return
    row, col = min(hit)
    kind = "数组公式" if formula.kind == "array" else "模拟运算表"
    raise EditRefusedError(
        f"{cell_name(row - 1, col - 1)} 是{kind} {formula.attributes.get('ref', '')} 的一部分，不能单独改动；"
        f"请先在 Excel 中改写该{kind}"
    )
