"""Templates filled in: with the figures of the reference reports, of the right examples, and with one slip at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from gouji.form.layout import LaidSheet, lay_out
from gouji.form.registry import form_by_id
from gouji.source import read
from gouji.source.document import Document, Grid, cell_name
from gouji.template.build import build
from gouji.write.package import Package
from tests.forms.example import document_of, example

__all__ = ["REFERENCES", "RIGHT", "SLIPS", "Source", "blank", "filled", "laid_sheets", "source_document"]

EXAMPLES = Path(__file__).parents[2] / "examples"


@dataclass(frozen=True)
class Source:
    """Where the figures come from, and how many rows they need.

    ``shifts`` says for a sheet from which row on (0-based, of the source) its rows stand higher in the template, and by
    how many (negative: lower); ``sheets`` maps the source's sheets to the template's where the names differ.
    """

    form: str
    name: str
    rows: Mapping[str, int]
    shifts: Mapping[str, tuple[int, int]]
    sheets: Mapping[str, str]


REFERENCES = (
    Source("hunan-2024", "lusong-2024.xlsx", {}, {}, {}),
    Source("wuhan-2023", "caidian-2023.xlsx", {"项目": 19}, {"支出明细": (3, 1)}, {}),
)
"""The published reports, mistakes included; the header of 支出明细 takes two rows there and one here."""

RIGHT = (
    Source("hunan-2024", "hunan-2024", {"数量指标": 2, "质量指标": 1}, {}, {}),
    Source(
        "central-project",
        "central-project-2020",
        {"质量指标": 1, "时效指标": 1, "产出成本指标": 1}
        | {"经济效益指标": 1, "社会效益指标": 1, "生态效益指标": 1, "可持续影响指标": 1, "满意度指标": 1},
        {},
        {},
    ),
    Source(
        "central-project",
        "central-project-2021",
        {"成本指标": 1, "产出成本指标": 0, "数量指标": 1, "质量指标": 1, "时效指标": 1}
        | {"经济效益指标": 0, "社会效益指标": 1, "生态效益指标": 0, "可持续影响指标": 1, "满意度指标": 1},
        {},
        {"Sheet1": "自评表"},
    ),
    Source(
        "wuhan-2023",
        "wuhan-2023",
        {"数量指标": 4, "项目": 4},
        {"执行率情况": (2, -2), "支出明细": (2, -2), "三公经费": (2, -2)},
        {"预算执行情况": "执行率情况", "三公经费支出情况": "三公经费"}
        | {"2023年度武汉市某区残疾人联合会部门整体绩效自评表": "自评表"},
    ),
)
"""Right forms, in which nothing is to be found."""

SLIPS: tuple[tuple[str, int, str, dict[str, Decimal | str]], ...] = (
    ("GJ201", 0, "基础数据表", {"D12": Decimal("521.63")}),
    ("GJ201", 0, "基础数据表", {"F7": Decimal("6.40")}),
    ("GJ201", 0, "自评表", {"B6": "按收入性质分：676.15"}),
    ("GJ201", 1, "自评表", {"E6": Decimal("351.00")}),
    ("GJ202", 0, "基础数据表", {"D20": Decimal("60.00")}),
    ("GJ203", 0, "基础数据表", {"F4": Decimal("0.9")}),
    ("GJ203", 1, "自评表", {"H6": Decimal("0.9899")}),
    ("GJ203", 3, "执行率情况", {"E5": Decimal("0.9246")}),
    ("GJ205", 0, "自评表", {"F6": "按支出性质分：676.15"}),
    ("GJ205", 3, "自评表", {"B3": Decimal("628.14")}),
    ("GJ205", 3, "支出明细", {"D7": Decimal("806.20")}),
    ("GJ207", 0, "基础数据表", {"D4": Decimal(13)}),
    ("GJ208", 0, "基础数据表", {"F23": Decimal("87.20")}),
    ("GJ301", 0, "自评表", {"H14": Decimal(11)}),
    ("GJ304", 1, "自评表", {"I6": Decimal("9.5")}),
    ("GJ305", 0, "自评表", {"G15": Decimal(12)}),
    ("GJ306", 2, "自评表", {"G22": Decimal(110)}),
    ("GJ307", 1, "自评表", {"H23": Decimal("98.47")}),
    (
        "GJ308",
        2,
        "自评表",
        {"G16": Decimal(10), "H16": Decimal(10), "G19": Decimal(15), "H19": Decimal(15)},
    ),
    ("GJ401", 1, "自评表", {"D8": "20.0.0"}),
)
"""One slip in a right form: the rule that tells it, which of :data:`RIGHT`, the sheet, and what is typed where."""


@lru_cache(maxsize=16)
def _template(form: str, rows: tuple[tuple[str, int], ...]) -> bytes:
    definition = form_by_id(form)
    assert definition is not None
    return build(definition, dict(rows))


def blank(source: Source) -> bytes:
    """The template with as many rows as the source needs."""
    return _template(source.form, tuple(source.rows.items()))


def laid_sheets(source: Source) -> tuple[LaidSheet, ...]:
    """Its layout."""
    definition = form_by_id(source.form)
    assert definition is not None
    return lay_out(definition, source.rows)


def source_document(source: Source) -> Document:
    """The reference report, or the right example, whose figures are filled in."""
    if source.name.endswith(".xlsx"):
        return read(EXAMPLES / source.name)
    return document_of(example(source.name), sheet=True)


def filled(source: Source, *, typed_over: bool) -> Package:
    """The template with the source's figures typed in.

    Args:
        source: The source.
        typed_over: Whether calculated cells get the printed figures too, or keep their formulas.
    """
    package = Package(blank(source))
    grids: dict[str, Grid] = {source.sheets.get(g.name, g.name): g for g in source_document(source).grids}
    for sheet in laid_sheets(source):
        grid = grids[sheet.name]
        first, shift = source.shifts.get(sheet.name, (sheet.n_rows + 1, 0))
        values: dict[str, Decimal | str] = {}
        for cell in sheet.cells:
            row = cell.row + shift if cell.row >= first else cell.row
            found = grid.at(row, cell.col)
            name = cell_name(cell.row, cell.col)
            if cell.kind is None or found is None or not found.text.strip():
                continue
            if not typed_over and package.formula(sheet.name, name) is not None:
                continue
            assert isinstance(found.value, Decimal | str)
            # targets and results are words and figures mixed: as they were typed
            values[name] = found.text if cell.kind in ("target", "actual") else found.value
        package.set_values(sheet.name, values)
    return package
