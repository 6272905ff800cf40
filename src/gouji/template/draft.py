"""A form.toml proposed from a bureau's blank form: blocks found, sheets drawn, sums and rates guessed and marked as guesses."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from gouji.form.facts import Facts, IndicatorTable, MoneyTable, Record
from gouji.form.header import find_headers, rows_of
from gouji.form.label import compact, parse_label
from gouji.form.lexicon import concept, lexicon
from gouji.form.lint import computable
from gouji.form.locate import locate
from gouji.form.outline import Tie, ties_of
from gouji.form.registry import all_forms
from gouji.frozen import frozen
from gouji.pattern import compiled
from gouji.rule.wording import figure
from gouji.source.document import Document, Grid, ReasonCode, SourceRefusedError
from gouji.template.drawing import drawn, widths_of
from gouji.template.slots import Kinds, kinds_of, sampled

__all__ = ["Draft", "draft"]

_GUESS = "# 猜测，请核对："
_YEAR = compiled(r"20\d{2}年?度?")
_UNFIT = compiled(r"[\[\]:*?/\\']")
_LABELS = 12
_DISTINCT = 3
_WEIGHTS = {"output": "50", "benefit": "30", "satisfaction": "10"}
_WEIGHTS_WITH_COST = {"output": "40", "benefit": "20", "satisfaction": "10", "cost": "20"}
_KNOWN_ROLES = frozenset(
    {
        "opening",
        "adjusted",
        "budget",
        "adjustment",
        "executed",
        "surplus",
        "rate",
        "weight",
        "score",
        "reason",
    }
)


@frozen
class Draft:
    """A proposed form.toml; ``blocks`` are the titles of the blocks found, ``guesses`` how many guesses it marks."""

    text: str
    blocks: tuple[str, ...]
    guesses: int


def draft(document: Document, form_id: str, widths: Mapping[str, Sequence[float]] | None = None) -> Draft:
    """Propose a form.toml.

    Args:
        document: The bureau's blank form, as read.
        form_id: The id that the form shall have.
        widths: The column widths of its sheets in characters, where they are known.

    Raises:
        SourceRefusedError: nothing of a self-evaluation was found in it.
    """
    kinds = kinds_of(locate(document))
    facts = locate(sampled(document, kinds))
    if facts.is_empty:
        raise SourceRefusedError(
            ReasonCode.NOTHING_KNOWN,
            f"“{document.path}”里没有认出绩效自评的表格（资金、指标、明细或基础数据），没有可以起草的内容。",
        )
    used = [grid for grid in document.grids if kinds[grid.name]]
    blocks = [*_blocks(facts, kinds)]
    lines = [
        *_head(document, used, form_id, facts),
        *_recognise(used, kinds, _title(document, used)),
        *_settings(),
        *_weights(facts),
    ]
    for _, block in blocks:
        lines += ["", *block]
    for grid in used:
        lines += ["", *_sheet(grid, kinds[grid.name], (widths or {}).get(grid.name))]
    text = "\n".join(lines) + "\n"
    return Draft(text, tuple(title for title, _ in blocks), text.count(_GUESS))


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _list(texts: Iterable[str]) -> str:
    return "[" + ", ".join(_quoted(text) for text in texts) + "]"


def _title(document: Document, used: list[Grid]) -> str:
    for grid in used:
        if grid.title:
            return grid.title.strip()
        for row in range(min(4, grid.n_rows)):
            for cell in (grid.cells.get((row, col)) for col in range(grid.n_cols)):
                text = cell.text.strip() if cell is not None else ""
                if "表" in text and len(text) >= 6 and not text.startswith("附"):
                    return compact(text)
    return next((p.text.strip() for p in document.paragraphs if "表" in p.text and len(p.text) < 40), "")


def _head(document: Document, used: list[Grid], form_id: str, facts: Facts) -> list[str]:
    units = [table.unit for table in facts.money if table.unit]
    unit = max(units, key=units.count) if units else "万元"
    return [
        f"# 由 gouji form draft 起草。标有“{_GUESS.removeprefix('# ').removesuffix('：')}”的地方都要看一遍，",
        "# 再用 gouji form lint 检查，用 gouji new 生成空白表对照原表。写法见 docs/forms.md。",
        f"id = {_quoted(form_id)}",
        f"title = {_quoted(_title(document, used) or '（表式名称）')}",
        'region = ""  # 适用地区',
        'basis = ""  # 依据的文件名称、文号',
        *([] if units else [f"{_GUESS}表上没有写金额单位"]),
        f"money_unit = {_quoted(unit)}",
    ]


def _recognise(used: list[Grid], kinds: dict[str, Kinds], title: str) -> Iterator[str]:
    """Labels that only this form has come first; with too few of them the title has to tell."""
    known = [set(form.labels) for form in all_forms()]
    found: dict[str, tuple[bool, int]] = {}
    for grid in used:
        for (row, col), cell in sorted(grid.cells.items()):
            if (row, col) in kinds[grid.name] and kinds[grid.name][row, col] != "inline":
                continue
            core = parse_label(cell.text.split("：", 1)[0]).core.split("(")[0]
            fits = (
                not core.startswith("附")
                and 2 <= len(core) <= 20
                and parse_label(core).core.split("(")[0] == core
            )
            if not fits or len(cell.text) > 40 or core.replace(".", "").isdigit() or _YEAR.search(core):
                continue
            usual = len(core) < 4 or any(concept(section, core) for section in lexicon().sections)
            found.setdefault(core, (usual, sum(core in labels for labels in known)))
    ranked = sorted(found, key=lambda label: found[label])[:_LABELS]
    distinct = sum(found[label] == (False, 0) for label in ranked)
    yield from ["", "[recognise]", f"{_GUESS}换成只有这种表才有的标签；少认几个也行的话，把 least 改小"]
    yield f"least = {max(1, min(len(ranked), math.ceil(len(ranked) * 0.6)))}"
    yield f"labels = {_list(ranked)}"
    name = _YEAR.sub("", compact(title))
    if distinct < _DISTINCT and name:
        yield f"{_GUESS}与别的表式太像，靠标题区分"
        yield f"titles = {_list([name])}"


def _settings() -> list[str]:
    return [
        "",
        "[settings]",
        f"{_GUESS}执行率低于、高于多少要说明原因，完成值超过指标值的百分之多少要说明",
        "execution_low = 80",
        "execution_high = 100",
        "over_target = 130",
    ]


def _weights(facts: Facts) -> Iterator[str]:
    """Points by group where the labels print them, else those that are usual."""
    scored = [table for table in facts.indicators if "weight" in table.roles]
    if not scored:
        return
    printed = _printed_weights(scored)
    rest = Decimal(100) - sum(printed.values(), Decimal(0))
    yield from ["", "[[weights]]"]
    if printed and rest >= 0:
        yield f"{_GUESS}按表上一级指标所标的分值，其余算作预算执行"
        values = {"execution": figure(rest), **{name: figure(value) for name, value in printed.items()}}
    else:
        yield f"{_GUESS}表上没有标明分值，用通用的"
        cost = any(row.level1 == "cost" for table in scored for row in table.rows)
        values = {"execution": "10", **(_WEIGHTS_WITH_COST if cost else _WEIGHTS)}
    for name, value in values.items():
        if value != "0":
            yield f"{name} = {value}"


def _printed_weights(tables: list[IndicatorTable]) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for table in tables[:1]:
        for group in table.groups:
            if group.level != 1:
                continue
            if group.label.points is None or group.concept not in (
                "output",
                "benefit",
                "satisfaction",
                "cost",
            ):
                return {}
            found[group.concept] = group.label.points
    return found


def _blocks(facts: Facts, kinds: dict[str, Kinds]) -> Iterator[tuple[str, list[str]]]:
    for record in facts.records:
        yield _record(record)
    for table in facts.money:
        yield _money(table, kinds[table.grid.name])
    grids = {id(table.grid): table.grid for table in facts.indicators}
    for grid in grids.values():
        header = next(h for h in find_headers(grid, rows_of(grid)) if h.kind == "indicator")
        captions = [compact(column.label.text) for column in header.columns]
        yield "绩效指标", _block("indicators", "绩效指标", captions, [], [], [])


def _block(  # noqa: PLR0917 - a block is six things
    kind: str, title: str, columns: list[str], rows: list[str], sums: list[str], unsure: list[str]
) -> list[str]:
    lines = ["[[block]]", f"kind = {_quoted(kind)}", f"title = {_quoted(title)}"]
    lines += ["required = true", f"columns = {_list(columns)}"]
    if rows:
        lines.append(f"rows = {_list(rows)}")
    if sums:
        lines += [f"{_GUESS}合计由哪几行相加", "sums = [", *[f"    {_quoted(text)}," for text in sums], "]"]
    if unsure:
        lines += [f"{_GUESS}也许还有这些合计，是的话移到 sums 里"]
        lines += [f"#    {_quoted(text)}," for text in unsure]
    calculated = computable(kind, columns) if kind != "indicators" else []
    if calculated:
        lines += [f"{_GUESS}哪些栏目自动计算", f"calculated = {_list(calculated)}"]
    return lines


def _record(record: Record) -> tuple[str, list[str]]:
    kind = "headcount" if "establishment" in record.slots or "headcount" in record.slots else "buildings"
    title = "财政供养人员情况" if kind == "headcount" else "楼堂馆所控制情况"
    columns = [
        slot.label for slot in record.slots.values() if concept("record", parse_label(slot.label).core)
    ]
    return title, _block(kind, title, columns, [], [], [])


def _money(table: MoneyTable, kinds: Kinds) -> tuple[str, list[str]]:
    years = {column.year for column in table.columns if column.role in ("executed", "budget")}
    kind = table.kind if table.kind == "funds" else "base" if len(years) > 1 else "lines"
    columns = list(dict.fromkeys(c.label for c in table.columns if c.role in _KNOWN_ROLES and c.is_whole))
    if kind == "lines":
        columns.insert(0, "项目名称")
    inputs = {row.index for row in table.rows if kinds.get((row.name_slot.row, row.name_slot.col)) == "line"}
    names = {row.index: row.label.core for row in table.rows if row.index not in inputs}
    often = [name for name in names.values() if list(names.values()).count(name) > 1]
    rows = [name for name in dict.fromkeys(names.values()) if name and not set(name) & set("=+")]
    sure: list[str] = []
    unsure: list[str] = []
    for tie in ties_of(table):
        text = _declared(tie, names, inputs) if tie.sums else None
        if text is not None and not any(name in text for name in often):
            (sure if tie.certain else unsure).append(text)
    title = table.title
    if not title or len(title) > 20 or concept("column", parse_label(title).core) is not None:
        title = (table.grid.title or table.grid.name)[:20]
    return title, _block(kind, title, columns, rows, sure, unsure)


def _declared(tie: Tie, names: dict[int, str], inputs: set[int]) -> str | None:
    """A tie written as a sum of printed lines; lines that are still to be named as those below the one before them."""
    total = names.get(tie.parent)
    parts: list[str] = []
    for child in tie.hypotheses[0]:
        name = names.get(child)
        if name is not None:
            parts.append(name)
            continue
        heading = next((i for i in range(child, -1, -1) if i not in inputs), None)
        below = f"{names.get(heading)}/*" if heading is not None and names.get(heading) else None
        if below is None:
            return None
        if below.removesuffix("/*") in parts:
            parts.remove(below.removesuffix("/*"))
        if below not in parts:
            parts.append(below)
    fits = total and len(parts) >= 1 and not any(set(part) & set("=+") for part in (total, *parts))
    return f"{total} = {' + '.join(parts)}" if fits else None


def _sheet(grid: Grid, kinds: Kinds, known: Sequence[float] | None) -> Iterator[str]:
    name = _UNFIT.sub("", grid.title or grid.name).strip()[:31] or "表"
    lines = drawn(grid, kinds, None if grid.is_sheet else grid.title)
    yield from ["[[sheet]]", f"name = {_quoted(name)}"]
    widths = (
        list(known[: grid.n_cols]) if known is not None and len(known) >= grid.n_cols else widths_of(grid)
    )
    if sum(widths) > 130:
        yield "landscape = true"
    yield f"widths = [{', '.join(f'{width:g}' for width in widths)}]"
    yield from ["drawing = '''", *[line.replace("'''", "’’’") for line in lines], "'''"]
