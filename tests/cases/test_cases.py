"""The labels of the composed cases are sound: their arithmetic is right and their places exist.

Nothing here runs the program on the held set; see README.md beside this file.
"""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from tests.cases.audit import unlabelled
from tests.cases.build import blocks_of, calculate, labels_of
from tests.cases.sheetspec import split_address
from tests.cases.variants import damaged, variants_of

HERE = Path(__file__).resolve().parent
CASES = sorted(path.parent for path in HERE.glob("*/*/case.yaml"))


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_stated_arithmetic_of_every_label_holds(folder: Path) -> None:
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    for item in truth["inconsistencies"] + truth["holds"]:
        if "check" in item:
            assert Decimal(calculate(item["check"]["expr"])) == Decimal(item["check"]["value"]), item["id"]


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_committed_labels_are_those_of_case_yaml(folder: Path) -> None:
    spec = yaml.safe_load((folder / "case.yaml").read_text(encoding="utf-8")) | {"case": folder.name}
    blocks = blocks_of(spec)
    truth, places = labels_of(spec, blocks)
    assert truth == json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    assert places == json.loads((folder / "places.json").read_text(encoding="utf-8"))
    assert (folder / places["_meta"]["input"]).is_file()


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_no_fault_that_simple_rules_see_is_unlabelled(folder: Path) -> None:
    spec = yaml.safe_load((folder / "case.yaml").read_text(encoding="utf-8")) | {"case": folder.name}
    blocks = blocks_of(spec)
    assert unlabelled(spec, blocks, labels_of(spec, blocks)[1]) == []


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_every_damaged_copy_differs_from_the_right_form_where_it_says(folder: Path) -> None:
    spec = yaml.safe_load((folder / "case.yaml").read_text(encoding="utf-8")) | {"case": folder.name}
    names = [variant["id"] for variant in variants_of(spec)]
    assert len(names) == len(set(names))
    for variant in variants_of(spec):
        blocks = blocks_of(spec)
        for place, old in damaged(blocks, variant).items():
            sheet, _, cell = place.partition("!")
            block = next(b for b in blocks if b.is_table and b.sheet == sheet)
            assert block.cells[split_address(cell)].text != old, (variant["id"], place)
