"""Whether a form definition is sound: what ``gouji form lint`` says before a bureau relies on a new form.toml."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path

from gouji.form.declared import declared_sum, names_line
from gouji.form.definition import Block, FormDefinition, FormError, read_form
from gouji.form.facts import MoneyTable
from gouji.form.header import find_headers, rows_of
from gouji.form.label import parse_label
from gouji.form.layout import lay_out, sample
from gouji.form.lexicon import concept
from gouji.form.locate import locate
from gouji.form.registry import GENERIC, all_forms
from gouji.pattern import compiled
from gouji.source.document import Cell, Grid

__all__ = ["computable", "lint"]

_ID = compiled(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_RELATIVE = compiled(r"^(?:上年度?|去年|本年度?|当年)")
_UNITS = ("元", "千元", "万元", "亿元")
_RECORDS = ("headcount", "buildings")
_FEWEST_LABELS = 3
_FORMULAS: dict[str, tuple[frozenset[str], ...]] = {
    "rate": tuple(frozenset({"executed", base}) for base in ("adjusted", "budget", "opening", "adjustment")),
    "score": (frozenset({"weight", "rate"}), frozenset({"weight", "target", "actual"})),
    "adjusted": (frozenset({"opening", "adjustment"}), frozenset({"budget", "adjustment"})),
    "control_rate": (frozenset({"headcount", "establishment"}),),
    "scale_rate": (frozenset({"actual_scale", "approved_scale"}),),
    "investment_rate": (frozenset({"actual_investment", "planned_investment"}),),
}
"""What each calculated column is computed from: any one of the sets of columns."""


def lint(folder: Path) -> list[str]:
    """Checks ``folder/form.toml``.

    Args:
        folder: The form's folder, named as its id.

    Returns:
        One Chinese sentence a problem, none where the definition is sound.
    """
    try:
        form = read_form(folder)
    except FormError as error:
        return [str(error)]
    return [
        *_naming(form, folder),
        *_recognition(form),
        *_thresholds(form),
        *_weights(form),
        *_blocks(form),
        *_sheets(form),
    ]


def _naming(form: FormDefinition, folder: Path) -> Iterator[str]:
    if not _ID.fullmatch(form.id) or form.id == GENERIC:
        yield f"id“{form.id}”应由小写字母、数字和连字符组成，且不能是 {GENERIC}。"
    if folder.resolve().name != form.id:
        yield f"文件夹名“{folder.resolve().name}”应与 id“{form.id}”相同。"
    if not form.title.strip():
        yield "title（表式名称）是空的。"
    if form.money_unit not in _UNITS:
        yield f"money_unit“{form.money_unit}”应为 {'、'.join(_UNITS)} 之一。"


def _recognition(form: FormDefinition) -> Iterator[str]:
    if len(form.labels) < _FEWEST_LABELS:
        yield f"[recognise] labels 至少要有 {_FEWEST_LABELS} 个标签，才不会认错表式。"
    if not 1 <= form.least <= len(form.labels):
        yield f"[recognise] least 为 {form.least}，应在 1 和标签个数 {len(form.labels)} 之间。"
    for label in form.labels:
        core = parse_label(label).core.split("(")[0]
        if core != label:
            yield f"[recognise] 标签“{label}”永远匹配不上，应写作“{core}”（不带序号、空格、括号和单位）。"
    for label in sorted({each for each in form.labels if form.labels.count(each) > 1}):
        yield f"[recognise] 标签“{label}”写了两次。"
    for other in all_forms():
        if other.id != form.id and (_swallows(form, other) or _swallows(other, form)):
            yield (
                f"[recognise] 与表式“{other.id}”分不开：一个的标签全在另一个里，标题也相容。请加上只有本表式才有的标签或 titles。"
            )


def _swallows(form: FormDefinition, other: FormDefinition) -> bool:
    """Whether every document that has all of ``form`` has all of ``other`` too, its title included."""
    titles = "\n".join((form.title, *form.titles))
    named = not other.titles or any(title in titles for title in other.titles)
    return named and set(other.labels) <= set(form.labels)


def _thresholds(form: FormDefinition) -> Iterator[str]:
    settings = form.settings
    if not 0 <= settings.execution_low <= settings.execution_high:
        yield (
            f"[settings] execution_low（{settings.execution_low}）应不小于 0、"
            f"不大于 execution_high（{settings.execution_high}）。"
        )
    if settings.over_target <= 100:
        yield f"[settings] over_target 为 {settings.over_target}，应大于 100（完成值占指标值的百分数）。"


def _weights(form: FormDefinition) -> Iterator[str]:
    for number, variant in enumerate(form.weights, start=1):
        summed = sum(variant.values(), Decimal(0))
        if summed != 100:
            yield f"第 {number} 个 [[weights]] 各项相加为 {summed}，应为 100。"


def _blocks(form: FormDefinition) -> Iterator[str]:
    if not form.blocks:
        yield "没有 [[block]]：至少要写出表式的一个部分。"
    for number, block in enumerate(form.blocks, start=1):
        where = f"第 {number} 个 [[block]]（{block.title or block.kind}）"
        if not block.columns:
            yield f"{where} 没有 columns。"
            continue
        for caption in _formulas(block):
            yield f"{where} 的计算栏目“{caption}”没有可用的公式：程序不会算它，或者缺少计算所需的栏目。"
        if block.kind in _RECORDS:
            for caption in block.columns:
                if concept("record", parse_label(caption).core) is None:
                    yield f"{where} 的栏目“{caption}”词库（lexicon.toml 的 [record]）不认识。"
        else:
            for caption in _unknown(block):
                yield f"{where} 的栏目“{caption}”词库（lexicon.toml 的 [column]）不认识。"


def _sheets(form: FormDefinition) -> Iterator[str]:
    """What is wrong with the drawn sheets: blocks, lines and sums that cannot be found in them again."""
    if not form.sheets:
        return
    names = [sheet.name for sheet in form.sheets]
    for name in sorted({each for each in names if names.count(each) > 1}):
        yield f"[[sheet]] name“{name}”写了两次。"
    try:
        facts = locate(sample(form, lay_out(form)), form=form)
    except FormError as error:
        yield str(error)
        return
    for number, block in enumerate(form.blocks, start=1):
        where = f"第 {number} 个 [[block]]（{block.title or block.kind}）"
        if block.kind == "indicators":
            missing = [] if facts.indicators else ["（整块）"]
        elif block.kind in _RECORDS:
            known = {name for record in facts.records for name in record.slots}
            missing = [c for c in block.columns if concept("record", parse_label(c).core) not in known]
        else:
            missing = min(([*_absent(block, table)] for table in facts.money), key=len, default=["（整块）"])
        for name in missing:
            yield f"{where} 的“{name}”在 [[sheet]] 的图里没有找到：可能漏画，或者写法不同。"
        for declared in block.sums:
            if not any(declared_sum(table, declared, block.rows) for table in facts.money):
                yield f"{where} 的合计“{declared.total}”在 [[sheet]] 的图里凑不齐各项。"


def _absent(block: Block, table: MoneyTable) -> Iterator[str]:
    """The captions and lines of a block that a located table lacks."""
    roles = {column.role for column in table.columns} | {"item"}
    for caption in block.columns:
        core = _RELATIVE.sub("", parse_label(caption).core)
        if concept("column", core) not in roles:
            if parse_label(caption).core not in {parse_label(column.label).core for column in table.columns}:
                yield caption
    for line in block.rows:
        if not any(names_line(row, line) for row in table.rows):
            yield line


def _formulas(block: Block) -> Iterator[str]:
    """The calculated captions for which the program knows no formula from the other captions of the block."""
    known = computable(block.kind, block.columns)
    for caption in block.calculated:
        if caption not in known:
            yield caption


def computable(kind: str, columns: Sequence[str]) -> list[str]:
    """The captions of a block that the program can calculate from the others."""
    section = "record" if kind in _RECORDS else "column"
    roles = {caption: concept(section, parse_label(caption).core) for caption in columns}
    return [
        caption
        for caption, role in roles.items()
        if any(need <= set(roles.values()) for need in _FORMULAS.get(role or "", ()))
    ]


def _unknown(block: Block) -> list[str]:
    """The captions that the program would not know in a header made of them."""
    captions = ("项目名称", *block.columns) if block.kind in ("funds", "base") else block.columns
    cells = {(0, col): Cell(0, col, caption, caption) for col, caption in enumerate(captions)}
    grid = Grid(block.title, cells, {}, 2, len(captions))
    known = {column.col for header in find_headers(grid, rows_of(grid)) for column in header.columns}
    return [caption for col, caption in enumerate(captions) if col not in known]
