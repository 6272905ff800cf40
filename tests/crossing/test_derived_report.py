"""A report without tables, derived from a clean workbook: left alone as it is, told of where one figure is falsified."""

from __future__ import annotations

import random

import pytest

from gouji.form import locate
from gouji.form.facts import Facts
from gouji.frozen import replace
from gouji.model import Finding
from gouji.narrative.coverage import State, coverage
from gouji.rule.registry import run_rules
from tests.narrative.derived import Submission, contradict, submission
from tests.rules.grids import Drawing, draw

TITLE = "2024年度部门整体支出绩效自评报告"
SEEDS = range(100, 105)


def report_of(form: Submission, sentences: list[str]) -> Facts:
    workbook = locate(draw(Drawing(form.grids), sheet=True))
    report = locate(draw(Drawing({}, (TITLE, *sentences)), sheet=False))
    return replace(report, workbooks=(replace(workbook, year=2024),))


def findings(report: Facts) -> list[Finding]:
    return run_rules(report, report.settings, select=["GJ6"])


@pytest.mark.parametrize("seed", SEEDS)
def test_a_true_report_is_left_alone_and_most_of_its_figures_are_found_in_the_workbook(seed: int) -> None:
    form = submission(seed)
    report = report_of(form, [s.text for s in form.sentences])
    assert [found.message for found in findings(report)] == []
    states = [each.state for each in coverage(report)]
    assert states.count(State.AGREED) >= 0.9 * len(states)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_contradiction_of_the_workbook_is_told_at_its_sentence(seed: int) -> None:
    """Ten slips of the hand for each of five forms, each alone in its text."""
    form, rng = submission(seed), random.Random(seed)  # noqa: S311  # reproducible cases, no secrets
    for _ in range(10):
        index, falsified = contradict(form.sentences, rng)
        sentences = [s.text for s in form.sentences]
        sentences[index] = falsified
        told = [
            found
            for found in findings(report_of(form, sentences))
            if index + 2 in (found.location.paragraph, *(place.paragraph for place in found.related))
        ]
        assert told, falsified
