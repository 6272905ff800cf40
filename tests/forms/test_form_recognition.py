"""A form is recognised by its labels, wherever they stand: the facts survive what people do to tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from gouji.form import locate
from gouji.form.facts import Facts, Slot
from gouji.form.label import compact, parse_label
from gouji.frozen import replace
from gouji.model import Reading, ReadingKind, Severity
from gouji.source.document import Paragraph
from tests.forms import change
from tests.forms.change import Raw, each_grid
from tests.forms.example import NAMES, check, drawn_from, example, facts_of
from tests.rules.grids import cells_of, draw, drawing_of


def read(reading: Reading) -> tuple[object, ...]:
    """What a reading says, apart from its spelling."""
    if reading.value is None:
        return (reading.kind, "" if reading.is_empty else compact(reading.text))
    sign = None if reading.comparison == "=" else reading.comparison
    return (reading.kind is ReadingKind.PERCENT, reading.value, sign, reading.unit)


def told(slot: Slot | None) -> object:
    return None if slot is None else slot.value if slot.value is not None else compact(slot.text)


def indicators(facts: Facts) -> list[object]:
    return [
        (
            parse_label(row.level1_text).core, parse_label(row.level2_text).core, parse_label(row.name).core,
            row.level1, row.level2, read(row.target_reading), read(row.actual_reading),
            told(row.weight), told(row.score), told(row.reason),
        )
        for table in facts.indicators
        for row in table.rows
    ]  # fmt: skip


def totals(facts: Facts) -> list[object]:
    return [(t.label, told(t.weight), told(t.score)) for table in facts.indicators for t in table.totals]


def points(facts: Facts) -> list[tuple[str, Decimal, int]]:
    return sorted(
        (group.label.core, group.label.points, len(group.rows))
        for table in facts.indicators
        for group in table.groups
        if group.label.points is not None
    )


def money(facts: Facts, *, scale: int = 1) -> list[tuple[object, ...]]:
    """Every line with its figures by column; amounts in the unit of the example."""
    lines: list[tuple[object, ...]] = []
    for table in facts.money:
        for row in table.rows:
            figures = []
            for column, slot in zip(table.columns, row.slots, strict=True):
                amount = column.role not in ("rate", "weight", "score", "reason")
                value = slot.value / scale if slot.value is not None and amount else told(slot)
                figures.append((column.role, column.year, value))
            lines.append((row.label.core, row.concept, row.label.of_which, tuple(figures)))
    return lines


def others(facts: Facts) -> list[object]:
    records = [(name, told(slot)) for record in facts.records for name, slot in record.slots.items()]
    answers = [(info.concept, compact(info.value)) for info in facts.infos]
    pairs = [(pair.label.core, read(pair.reading)) for pair in facts.pairs]
    return [sorted(map(str, records)), sorted(map(str, answers)), sorted(map(str, pairs))]


def kinds(facts: Facts) -> Counter[str]:
    return Counter(relation.kind.value for relation in facts.relations)


def assert_same(changed: Facts, original: Facts, *, scale: int = 1) -> None:
    assert changed.form == original.form
    assert changed.year == original.year
    assert indicators(changed) == indicators(original)
    assert totals(changed) == totals(original)
    assert points(changed) == points(original)
    assert money(changed, scale=scale) == money(original)
    assert others(changed) == others(original)
    assert kinds(changed) == kinds(original)


def on(grids: Callable[..., Any], **how: Any) -> Callable[[Raw], Raw]:  # noqa: ANN401  # passed on as they are
    return lambda raw: each_grid(raw, partial(grids, **how))


SIGNS = {
    "named": ("指标性质", "指标值", "度量单位"),
    "one caption over three": ("年度指标值", "<", "<"),
}

CHANGES: dict[str, Callable[[Raw], Raw]] = {
    "moved down and right": on(change.moved),
    "moved to the right edge of a wide sheet": on(change.moved, down=0, right=9),
    "blank column in front": on(change.blank_column, at=0),
    "blank column after the first": on(change.blank_column, at=1),
    "blank column in the middle": on(change.blank_column, at=4),
    "blank rows inside": on(change.blank_rows_inside),
    "merged labels taken apart": on(change.labels_split),
    "group labels in every row": on(change.labels_repeated),
    "spaces and line breaks inside labels": on(change.labels_spaced),
    "sheets renamed": change.sheets_renamed,
    "all tables on one sheet": change.on_one_sheet,
    "weight before value": on(change.weight_first),
    **{f"sign, value and unit apart, {name}": on(change.sign_value_unit, captions=captions) for name, captions in SIGNS.items()},
}  # fmt: skip


def everything_at_once(raw: Raw) -> Raw:
    """All that people do to one form: parts taken apart, columns put in, shifted, on one sheet, labels justified."""
    for one in ("group labels in every row", "merged labels taken apart", "blank column in the middle",
                "spaces and line breaks inside labels", "all tables on one sheet", "moved down and right"):  # fmt: skip
        raw = CHANGES[one](raw)
    return raw


CHANGES["everything at once"] = everything_at_once


@pytest.mark.parametrize("sheet", [True, False], ids=["worksheet", "text"])
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("how", CHANGES)
def test_facts_survive(name: str, how: str, sheet: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOUJI_DEBUG", "1")
    raw = CHANGES[how](example(name))
    assert_same(facts_of(raw, sheet=sheet), facts_of(example(name), sheet=sheet))
    assert [found.message for found in check(raw, sheet=sheet)] == []


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("header", [True, False], ids=["header repeated", "no header"])
@pytest.mark.parametrize("repeat", [True, False], ids=["groups repeated", "groups blank"])
def test_facts_survive_a_page_break(name: str, header: bool, repeat: bool) -> None:
    raw = change.split_over_pages(example(name), header=header, repeat=repeat)
    assert_same(facts_of(raw), facts_of(example(name), sheet=False))
    assert [found.message for found in check(raw)] == []


@pytest.mark.parametrize("header", [True, False], ids=["header repeated", "no header"])
@pytest.mark.parametrize("row", [3, 4, 6, 9])
def test_lines_of_money_survive_a_page_break(header: bool, row: int) -> None:
    """The table of lines breaks after any of its lines; its sums are those of the whole table."""
    raw = example("wuhan-2023")
    grids: dict[str, str] = {}
    for name, grid in raw["grids"].items():
        rows = change.even(cells_of(grid))
        if name == "支出明细":
            grids[name] = drawn_from(rows[:row])
            grids[f"{name}（续）"] = drawn_from([*rows[:1], *rows[row:]] if header else rows[row:])
        else:
            grids[name] = grid
    assert_same(facts_of({**raw, "grids": grids}), facts_of(example("wuhan-2023")))
    assert [found.message for found in check({**raw, "grids": grids})] == []


def test_a_heading_between_two_tables_keeps_them_apart() -> None:
    header = "项目名称 | 预算数 | 决算数"
    grids = {"一": f"{header}\n甲 | 2 | 1", "二": f"{header}\n乙 | 4 | 3"}
    both = draw(drawing_of({"grids": grids}), sheet=False)
    apart = replace(
        both,
        grids=(both.grids[0], replace(both.grids[1], after_paragraph=1)),
        paragraphs=(Paragraph(1, "（二）二级单位支出"),),
    )
    assert [len(table.rows) for table in locate(both).money] == [2]
    assert [len(table.rows) for table in locate(apart).money] == [1, 1]


@pytest.mark.parametrize("name", NAMES)
def test_facts_survive_amounts_in_yuan(name: str) -> None:
    raw = each_grid(example(name), change.in_yuan)
    changed, original = facts_of(raw), facts_of(example(name))
    assert money(changed, scale=10000) == money(original)
    assert indicators(changed) == indicators(original)
    assert kinds(changed)["sum"] == kinds(original)["sum"]
    assert kinds(changed)["ratio"] == kinds(original)["ratio"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("sheet", [True, False], ids=["worksheet", "text"])
def test_a_table_that_breaks_off_keeps_what_is_there(name: str, sheet: bool) -> None:
    """The last third of the last table is missing: the rest is read as before, and nothing is called wrong."""
    raw = example(name)
    last = list(raw["grids"])[-1]
    rows = change.even(cells_of(raw["grids"][last]))
    table = change.table_of_indicators(rows)
    assert table is not None
    keep = table[1] - (table[1] - table[0]) // 3
    raw["grids"][last] = drawn_from(rows[:keep])
    changed, original = facts_of(raw, sheet=sheet), facts_of(example(name), sheet=sheet)
    assert changed.form == original.form
    assert money(changed) == money(original)
    assert 0 < len(indicators(changed)) < len(indicators(original))
    assert indicators(changed) == indicators(original)[: len(indicators(changed))]
    assert [f.message for f in check(raw, sheet=sheet) if f.severity is Severity.ERROR] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_deleted_row_takes_only_itself_away(name: str) -> None:
    """Indicators and money lines after the deleted row are read as before."""
    raw = example(name)
    last = list(raw["grids"])[-1]
    rows = change.even(cells_of(raw["grids"][last]))
    table = change.table_of_indicators(rows)
    assert table is not None
    row = next(at for at in range(table[0] + 2, table[1]) if rows[at][1] == "^" and rows[at + 1][2] != "^")
    raw["grids"][last] = drawn_from(rows[:row] + rows[row + 1 :])
    gone = row - table[0] - 1
    expected = indicators(facts_of(example(name)))
    assert indicators(facts_of(raw)) == expected[:gone] + expected[gone + 1 :]


def test_an_inserted_line_and_indicator_are_read_too() -> None:
    raw = example("hunan-2024")
    base, sheet = raw["grids"]
    rows = cells_of(raw["grids"][base])
    at = next(number for number, row in enumerate(rows) if row[0] == "托养服务专项")
    rows.insert(at, ["文化体育专项", "10.00", "<", "12.00", "<", "11.50", "<"])
    total = next(row for row in rows if row[0] == "项目支出：")
    total[1], total[3], total[5] = "464.02", "524.36", "510.25"
    raw["grids"][base] = drawn_from(rows)
    rows = cells_of(raw["grids"][sheet])
    at = next(number for number, row in enumerate(rows) if "培训合格率" in row)
    rows.insert(at, ["^", "^", "^", "文体活动", "12场", "12场", "5", "5", ""])
    raw["grids"][sheet] = drawn_from(rows)
    before, after = facts_of(example("hunan-2024")), facts_of(raw)
    assert len(indicators(after)) == len(indicators(before)) + 1
    assert len(money(after)) == len(money(before)) + 1
    assert kinds(after) == kinds(before)
    sums = {r.label: len(r.terms) for r in after.relations if r.label.startswith("项目支出")}
    assert set(sums.values()) == {6}  # the heading 区级专项资金 bears no amount


def test_several_goals_with_a_header_each() -> None:
    """Each goal brings its own heading and header; the indicators are those of the one table."""
    raw = example("wuhan-2023")
    last = list(raw["grids"])[-1]
    rows = cells_of(raw["grids"][last])
    header = next(number for number, row in enumerate(rows) if "一级指标" in row)
    half = next(number for number, row in enumerate(rows) if "效益指标" in row)
    goal = ["年度目标2：改善残疾人生活，维护社会稳定。", "<", "<", "<", "<", "<"]
    second = [goal, ["年度绩效目标完成情况", *rows[header][1:]]]
    raw["grids"][last] = drawn_from([*rows[:half], *second, *rows[half:]])
    changed, original = facts_of(raw), facts_of(example("wuhan-2023"))
    assert indicators(changed) == indicators(original)
    assert money(changed) == money(original)
    assert [found.message for found in check(raw)] == []


def test_an_unknown_form_is_read_by_the_lexicon_alone() -> None:
    """Without any title or form of its own the same table gives the same indicators and sums."""
    raw = example("central-project-2020")
    rows = cells_of(raw["grids"]["自评表"])[4:]
    rows[0][0] = "资金情况（万元）"
    raw["grids"] = {"Sheet1": drawn_from(rows)}
    changed, original = facts_of(raw), facts_of(example("central-project-2020"))
    assert indicators(changed) == indicators(original)
    assert [line[:2] for line in money(changed)] == [line[:2] for line in money(original)]
    assert kinds(changed) == kinds(original)
    assert Decimal("99.47") in {
        total.score.value for t in changed.indicators for total in t.totals if total.score
    }
