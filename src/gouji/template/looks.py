"""How the cells of a template look, and what Excel says and allows when they are filled in."""

from __future__ import annotations

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.datavalidation import DataValidation

from gouji.form.layout import Prints

__all__ = [
    "CALCULATED_HINT",
    "FONT",
    "ROW_HEIGHT",
    "alignment",
    "border",
    "fill",
    "font",
    "number_format",
    "rule",
]

FONT = "宋体"
ROW_HEIGHT = 15.0
_THIN = Side(style="thin", color="FF000000")
_INPUT_FILL = "FFF5FAFF"
_CALCULATED_FILL = "FFF2F2F2"
_NUMBERS = frozenset({"money", "count", "rate", "weight", "score"})
_PROSE = frozenset({"long", "reason"})
_LEFT = frozenset({"line", "name", "text", "inline"})
_INDENTED = ("　", " ", "其中")
_FORMATS = {"money": "0.00_ ", "count": "0", "rate": "0.00%"}

CALCULATED_HINT = "由公式计算，一般不要键入。键入的数会盖掉公式。"
_HINTS = {
    "money": "只填数字，最多两位小数；没有的留空。不要带单位、空格。",
    "count": "只填整数，不要带“人”字。",
    "rate": "百分数，如 98.35%。",
    "weight": "分值：只填数字。全部分值（含预算执行）合计 100。",
    "score": "得分：只填数字，不超过分值。",
    "line": "一个项目一行，填项目名称。多余的行可以删除；不够时在中间插入。",
    "name": "填具体指标的名称；没有的填“无”，后面各格留空。",
    "target": "年度指标值，如：≥95%、100人、12月底前、提升。",
    "actual": "填实际完成的数或情况，如：96.5%、103人。不要照抄指标值，不要带“≥”。",
    "reason": "没有完成、扣了分或超过指标值较多的，写明原因和改进措施。",
    "text": "请填写。",
    "long": "请填写，写完整的句子。",
    "inline": "数字接在冒号后面写，如“基本支出：96.53”。没有的不写。",
}
_ONLY_NUMBERS = "这里只能填数字：不要带单位、空格、汉字，也不要多打小数点。没有的请留空。"


def font(look: str = Prints.LABEL) -> Font:
    """宋体, larger and bold for a title."""
    if look == Prints.TITLE:
        return Font(name=FONT, size=16, bold=True, charset=134)
    return Font(name=FONT, size=11, charset=134)


def border() -> Border:
    """A thin line all round."""
    return Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)


def fill(kind: str | None, *, calculated: bool) -> PatternFill | None:
    """Pale blue where something is to be filled in, pale grey where a formula stands; both print as good as white."""
    if calculated:
        return PatternFill("solid", fgColor=_CALCULATED_FILL)
    return PatternFill("solid", fgColor=_INPUT_FILL) if kind is not None else None


def alignment(kind: str | None, text: str, look: str) -> Alignment:
    """Figures to the right, prose and outlined labels to the left, everything else centred."""
    if kind in _LEFT:
        return Alignment(horizontal="left", vertical="center", wrap_text=True, indent=1)
    if look in (Prints.CORNER, Prints.NOTE) or (kind is None and text.startswith(_INDENTED)):
        return Alignment(
            horizontal="left", vertical="center", wrap_text=True, indent=int(look == Prints.LABEL)
        )
    if kind in _PROSE:
        return Alignment(horizontal="left", vertical="top" if kind == "long" else "center", wrap_text=True)
    if kind == "money":
        return Alignment(horizontal="right", vertical="center")
    if look == Prints.UNIT:
        return Alignment(horizontal="right", vertical="center")
    return Alignment(horizontal="center", vertical="center", wrap_text=True)


def number_format(kind: str | None) -> str:
    """Two decimals for money, percent with two for rates; answers keep what is typed."""
    return _FORMATS.get(kind or "", "General")


def rule(kind: str, *, calculated: bool = False) -> DataValidation:
    """What Excel says when the cell is entered, and what it refuses."""
    made: DataValidation
    if kind in ("money", "rate"):
        made = DataValidation(
            type="decimal", operator="between", formula1="-1000000000000", formula2="1000000000000"
        )
    elif kind == "count":
        made = DataValidation(type="whole", operator="between", formula1="0", formula2="10000000")
    elif kind in ("weight", "score"):
        made = DataValidation(type="decimal", operator="between", formula1="0", formula2="1000")
    else:
        made = DataValidation()
    made.allow_blank = True
    made.showInputMessage = True
    made.promptTitle = "自动计算" if calculated else "填写提示"
    made.prompt = CALCULATED_HINT if calculated else _HINTS[kind]
    if kind in _NUMBERS:
        made.showErrorMessage = True
        made.errorStyle = "stop"
        made.errorTitle = "不是数字"
        made.error = _ONLY_NUMBERS
    return made
