"""Texts derived from a clean form: nothing is called wrong, and every contradiction put in is told."""

from __future__ import annotations

import random

import pytest

from gouji.form import locate
from gouji.form.facts import Facts
from gouji.model import Finding
from gouji.narrative.figures import PairKind
from gouji.narrative.story import story_of
from gouji.rule.registry import run_rules
from tests.narrative.derived import Submission, contradict, submission
from tests.rules.grids import Drawing, draw

TITLE = "2024年度部门整体支出绩效自评报告"
SEEDS = range(10)


def facts_of(form: Submission, sentences: list[str]) -> Facts:
    return locate(draw(Drawing(form.grids, (TITLE, *sentences)), sheet=False))


def findings(form: Submission, sentences: list[str]) -> list[Finding]:
    facts = facts_of(form, sentences)
    return run_rules(facts, facts.settings, select=["GJ6"])


@pytest.mark.parametrize("seed", SEEDS)
def test_a_clean_text_is_left_alone(seed: int) -> None:
    form = submission(seed)
    assert [found.message for found in findings(form, [s.text for s in form.sentences])] == []


@pytest.mark.parametrize("seed", SEEDS)
def test_most_figures_are_tied_to_their_cells(seed: int) -> None:
    form = submission(seed)
    story = story_of(facts_of(form, [s.text for s in form.sentences]))
    agreed = {id(tie.figure) for tie in story.ties if tie.kind is PairKind.AGREES}
    assert len(agreed) >= 0.9 * len(story.figures)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_contradiction_is_told_at_its_sentence(seed: int) -> None:
    """Twenty slips of the hand for each of ten forms: two hundred, each alone in its text."""
    form, rng = submission(seed), random.Random(seed)  # noqa: S311  # reproducible cases, no secrets
    for _ in range(20):
        index, falsified = contradict(form.sentences, rng)
        sentences = [s.text for s in form.sentences]
        sentences[index] = falsified
        paragraph = index + 2
        told = [
            found
            for found in findings(form, sentences)
            if paragraph in (found.location.paragraph, *(place.paragraph for place in found.related))
        ]
        assert told, falsified
