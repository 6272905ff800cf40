"""The 校验 sheet: live rows with their verdicts, counts above, and the colours that the verdicts give the form's cells."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from openpyxl import Workbook
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.worksheet import Worksheet

from gouji.form.layout import SAMPLE_NAME
from gouji.form.locate import LIVE_SHEET_TITLE
from gouji.live.areas import sheet_prefix
from gouji.live.checks import BEYOND_EXCEL, LiveCheck
from gouji.live.verdicts import BLANK, BROKEN, ERROR, FINE, HINT, NEEDS_GOUJI, PLACEHOLDERS, WARNING
from gouji.rule.registry import rule_by_code
from gouji.source.document import cell_position
from gouji.template.looks import FONT, border
from gouji.template.paper import set_up_page

__all__ = ["LIVE_SHEET", "add_live_sheet", "colour_cells"]

LIVE_SHEET = "校验"
_PLACES, _VERDICTS = "校验位置", "校验结果"
_HEADER = ("结果", "位置", "核对内容", "表上的数", "应为", "规则")
_WIDTHS = (16, 17, 62, 13, 13, 9)
_FIRST = 6
_RED, _AMBER, _BLUE, _GREY = "FFFFC7CE", "FFFFEB9C", "FFDDEBF7", "FF7F7F7F"
_SAMPLE = re.compile(rf"({SAMPLE_NAME}\d+)")


def add_live_sheet(book: Workbook, checks: Sequence[LiveCheck], names: Mapping[str, str]) -> None:
    """Adds the sheet behind the others.

    Args:
        book: The workbook.
        checks: The live rows.
        names: Where the names that the sample invented will stand: name → address with sheet.
    """
    sheet = book.create_sheet(LIVE_SHEET)
    last = _FIRST - 1 + len(checks) + len(BEYOND_EXCEL)
    _head(sheet)
    for number, check in enumerate(checks, _FIRST):
        _row(sheet, number, check, names)
    for row, (code, says) in enumerate(BEYOND_EXCEL, _FIRST + len(checks)):
        shown = code if len(code) > 3 else f"{code}xx"
        _cells(sheet, row, (NEEDS_GOUJI, "", says, None, None, shown))
    for name, column in ((_PLACES, "B"), (_VERDICTS, "A")):
        area = f"{sheet_prefix(LIVE_SHEET)}${column}${_FIRST}:${column}${last}"
        book.defined_names[name] = DefinedName(name, attr_text=area)
    _colour_verdicts(sheet, f"A{_FIRST}:A{last}")
    sheet.auto_filter.ref = f"A{_FIRST - 1}:F{last}"
    sheet.freeze_panes = f"A{_FIRST}"
    set_up_page(sheet, landscape=True)
    sheet.print_title_rows = f"{_FIRST - 1}:{_FIRST - 1}"
    sheet.sheet_properties.tabColor = "FFC00000"


def _head(sheet: Worksheet) -> None:
    for column, width in zip("ABCDEF", _WIDTHS, strict=True):
        sheet.column_dimensions[column].width = width
    sheet["A1"] = f"{LIVE_SHEET_TITLE}（随填随算，不用宏）"
    sheet["A1"].font = Font(name=FONT, size=16, bold=True, charset=134)
    found = "&".join(
        f'"{"　" if number else ""}{word} "&COUNTIF({_VERDICTS},"{word}")&" 处"'
        for number, word in enumerate((ERROR, WARNING, HINT, BROKEN, BLANK))
    )
    sheet["A2"] = f"={found}"
    sheet["A2"].font = Font(name=FONT, size=12, bold=True, charset=134)
    sheet["A3"] = (
        "红色必须改正，黄色请核对或说明原因；点“位置”可以跳到那一格，点“结果”旁的箭头可以只看错误。"
        "“提示”是四舍五入造成的差别。"
    )
    sheet["A4"] = (
        "文字说明、指标完成情况等，电子表格的公式查不了：报送前请再用 gouji check 检查一遍。本表不用报送。"
    )
    for row in (3, 4):
        sheet.cell(row, 1).font = Font(name=FONT, size=10, color=_GREY, charset=134)
    for row in range(1, _FIRST - 1):
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=len(_HEADER))
        sheet.row_dimensions[row].height = 24 if row == 1 else 18
    _cells(sheet, _FIRST - 1, _HEADER)
    for number in range(1, len(_HEADER) + 1):
        sheet.cell(_FIRST - 1, number).font = Font(name=FONT, size=11, bold=True, charset=134)


def _row(sheet: Worksheet, row: int, check: LiveCheck, names: Mapping[str, str]) -> None:
    prefix, cell = sheet_prefix(check.place.grid.name), check.place.name
    where = _where(prefix + cell)
    if check.last is not None and check.last.name != cell:
        where = f'{where}&":"&{_where(prefix + check.last.name)}'
    jump = f'HYPERLINK("#{prefix}"&{where},"{check.place.grid.name}!"&{where})'
    shown, expected = (
        f'=IF(A{row}="{BLANK}","",{formula})' if formula else None
        for formula in (check.shown, check.expected)
    )
    rule = rule_by_code(check.code)
    _cells(
        sheet, row, (f"={check.verdict}", f"={jump}", _worded(check.says, names), shown, expected, check.code)
    )
    sheet.cell(row, 2).font = Font(name=FONT, size=10, color="FF0563C1", underline="single", charset=134)
    percent = rule is not None and rule.code == "GJ203"
    for column in (4, 5):
        sheet.cell(row, column).number_format = (
            "0.00%" if percent else "General" if rule is None else "0.00##"
        )


def _where(address: str) -> str:
    """The cell's address as text, which follows it when rows are inserted above."""
    return f"ADDRESS(ROW({address}),COLUMN({address}),4)"


def _worded(says: str, names: Mapping[str, str]) -> str:
    """The words of a row; names of lines that are not yet known become references to where they will stand."""
    parts = _SAMPLE.split(says)
    if not any(part in names for part in parts):
        return says
    pieces = []
    for part in parts:
        if part in names:
            at = names[part]
            pieces.append(f'IF({at}="","（未填）",{at})')
        elif part:
            pieces.append('"' + part.replace('"', '""') + '"')
    return "=" + "&".join(pieces)


def _cells(sheet: Worksheet, row: int, values: Sequence[str | None]) -> None:
    for column, value in enumerate(values, 1):
        cell = sheet.cell(row, column)
        cell.value = value
        cell.font = Font(name=FONT, size=10, charset=134)
        cell.border = border()
        left = column == 3
        cell.alignment = Alignment(horizontal="left" if left else "center", vertical="center", wrap_text=left)


def _colour_verdicts(sheet: Worksheet, area: str) -> None:
    first = area.partition(":")[0]
    for words, colour in (((ERROR,), _RED), ((WARNING, BROKEN), _AMBER), ((HINT,), _BLUE)):
        test = ",".join(f'{first}="{word}"' for word in words)
        sheet.conditional_formatting.add(
            area, FormulaRule(formula=[f"OR({test})"], fill=PatternFill("solid", bgColor=colour))
        )
    grey = ",".join(f'{first}="{word}"' for word in (FINE, BLANK, NEEDS_GOUJI))
    sheet.conditional_formatting.add(area, FormulaRule(formula=[f"OR({grey})"], font=Font(color=_GREY)))


def colour_cells(sheet: Worksheet, checks: Sequence[LiveCheck], numbers: Sequence[str]) -> None:
    """Colours the form's cells: red and yellow as the 校验 sheet judges them, orange where a number is none.

    Args:
        sheet: A sheet of the form.
        checks: The live rows, of all sheets.
        numbers: The areas of the sheet in which only numbers may stand.
    """
    places = [p for c in checks if c.place.grid.name == sheet.title and (p := cell_position(c.place.name))]
    for area in numbers:
        first = area.partition(":")[0]
        # no array constant: Excel refuses them in conditional formats
        text = f'TRIM(SUBSTITUTE({first},"　",""))'
        said = ",".join(f'{text}<>"{word}"' for word in ("", *PLACEHOLDERS))
        spoiled = f"AND(ISTEXT({first}),{said})"
        sheet.conditional_formatting.add(
            area,
            FormulaRule(formula=[spoiled], fill=PatternFill("solid", bgColor="FFF8CBAD"), stopIfTrue=True),
        )
    if not places:
        return
    area = f"A1:{sheet.cell(max(r for r, _ in places) + 1, max(c for _, c in places) + 1).coordinate}"
    here = f'"{sheet.title}!"&ADDRESS(ROW(),COLUMN(),4)'
    for word, colour in ((ERROR, _RED), (WARNING, _AMBER)):
        told = f'COUNTIFS({_PLACES},{here},{_VERDICTS},"{word}")>0'
        sheet.conditional_formatting.add(
            area, FormulaRule(formula=[told], fill=PatternFill("solid", bgColor=colour), stopIfTrue=True)
        )
