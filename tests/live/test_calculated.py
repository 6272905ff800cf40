"""The calculated cells of a form: which they are, and that their formulas give what a right form prints."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gouji.form.facts import Facts
from gouji.live.calculated import calculated_cells
from tests.forms.example import document_of, drawn_from, example, facts_of, with_cells
from tests.live.worked import computed
from tests.rules.grids import cells_of

SHEETS = ("hunan-2024", "central-project-2020", "central-project-2021")


def formulas(facts: Facts) -> dict[str, str]:
    return {f"{c.slot.grid.name}!{c.slot.name}": c.formula for c in calculated_cells(facts)}


@pytest.mark.parametrize("name", SHEETS)
def test_on_a_right_form_every_formula_gives_what_is_printed(name: str) -> None:
    raw = example(name)
    facts = facts_of(raw)
    cells = calculated_cells(facts)
    values = computed(document_of(raw), cells)
    for each in cells:
        printed, value = each.slot.reading, values[each.slot.grid.name, each.slot.name]
        where = f"{each.slot.grid.name}!{each.slot.name} = {each.formula}"
        if printed.value is None:
            assert value == "", where  # 无 beside 无: nothing to divide
            continue
        assert isinstance(value, Decimal), where
        points = value * 100 if printed.unit == "%" or each.number_format else value
        assert round(points, 2) == printed.value, where
    kinds = {each.kind.value for each in cells}
    assert {"sum", "rate", "score", "weight-total", "score-total"} <= kinds


def test_a_text_report_has_the_same_calculated_cells() -> None:
    found = calculated_cells(facts_of(example("wuhan-2023")))
    assert {(c.slot.grid.name, c.slot.name) for c in found} >= {
        ("预算执行情况", "E2"),
        ("支出明细", "B5"),
        ("支出明细", "D10"),
    }


def test_totals_of_lines_are_those_the_form_declares() -> None:
    found = formulas(facts_of(example("hunan-2024")))
    base = next(name for name in found).split("!")[0]
    assert found[f"{base}!D12"] == 'IF(COUNT(D13:D14,D16:D18)=0,"",SUM(D13:D14,D16:D18))'
    assert found[f"{base}!B7"] == 'IF(COUNT(B8:B9)=0,"",SUM(B8:B9))'


def test_the_formulas_are_found_while_nothing_is_filled_in() -> None:
    """Before any figure stands in the form, what it declares and what its captions say is enough."""
    raw = example("hunan-2024")
    full = formulas(facts_of(raw))
    base = next(iter(raw["grids"]))
    emptied = drawn_from(
        [
            [
                "" if number > 0 and cell.replace(".", "").replace("%", "").isdigit() else cell
                for number, cell in enumerate(row)
            ]
            for row in cells_of(raw["grids"][base])
        ]
    )
    blank = formulas(facts_of({**raw, "grids": {**raw["grids"], base: emptied}}))
    assert blank == full


def test_formulas_follow_the_table_where_it_stands() -> None:
    raw = example("central-project-2020")
    plain = formulas(facts_of(raw))
    rows = cells_of(raw["grids"]["自评表"])
    width = max(map(len, rows))
    moved = [[""] * (width + 1), [""] * (width + 1), *([["", *row] for row in rows])]
    shifted = formulas(facts_of({**raw, "grids": {"自评表": drawn_from(moved)}}))
    assert shifted["自评表!I8"] == 'IF(COUNT(G8,F8)<2,"",IF(F8=0,0,ROUND(G8/F8,4)))'
    assert len(shifted) == len(plain)


def test_a_dash_says_that_nothing_is_calculated_there() -> None:
    found = formulas(facts_of(example("central-project-2020")))
    assert "自评表!I6" in found
    assert "自评表!I7" not in found  # —


def test_a_total_without_the_execution_points_stays_one() -> None:
    """Where the printed total is that of the indicators alone, so is its formula."""
    raw = with_cells(example("central-project-2021"), {"G22": "90", "H22": "90"})
    found = formulas(facts_of(raw))
    assert found["Sheet1!G22"] == 'IF(COUNT(G13:G21)=0,"",ROUND(SUM(G13:G21),2))'
