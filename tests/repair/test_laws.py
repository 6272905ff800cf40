"""Laws of the repair engine that hold for any record, however mistyped."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gouji.frozen import replace
from gouji.model import Severity
from gouji.repair import Answer, Group, Problem, solve
from gouji.repair.engine import apply_groups
from gouji.repair.record import Record, State
from tests.repair.posed import pose

AMOUNTS = st.integers(0, 99_999_999).map(lambda n: n // 10 ** (n % 4)) | st.integers(1, 900).map(
    lambda n: n * 100
)


def spell(hundredths: int) -> str:
    whole, part = divmod(hundredths, 100)
    return f"{whole}.{part:02d}".rstrip("0").rstrip(".")


@st.composite
def right_records(draw: st.DrawFn) -> Problem:
    """Lines in two columns with totals, a rate each, a grand total and copies in running text; all right."""
    cells: dict[str, object] = {}
    relations: list[str] = []
    totals: list[list[int]] = []
    for g in range(draw(st.integers(1, 2))):
        lines = draw(st.lists(st.tuples(AMOUNTS, AMOUNTS), min_size=2, max_size=4))
        totals.append([sum(line[c] for line in lines) for c in range(2)])
        for c in range(2):
            for n, line in enumerate(lines):
                cells[f"x{g}{n}{c}"] = {"text": spell(line[c]), "row": 10 * g + n + 1, "col": c}
            cells[f"T{g}{c}"] = {"text": spell(totals[g][c]), "row": 10 * g, "col": c}
            relations.append(f"T{g}{c} = " + " + ".join(f"x{g}{n}{c}" for n in range(len(lines))))
        if totals[g][0]:
            rate = (20000 * totals[g][1] // totals[g][0] + 1) // 2
            cells[f"r{g}"] = {"text": spell(rate) + "%", "row": 10 * g, "col": 3, "kind": "percent"}
            relations.append(f"r{g} % T{g}1 / T{g}0")
    running = set()
    for g, total in enumerate(totals):
        if draw(st.booleans()):
            cells[f"c{g}"] = spell(total[1])
            running.add(f"c{g}")
            relations.append(f"c{g} == T{g}1")
    return pose(cells, relations, running=frozenset(running))


def mistype(draw: st.DrawFn, text: str) -> str:
    """Something a hand might make of a figure, or any nonsense."""
    at = draw(st.integers(0, max(0, len(text) - 1)))
    return draw(
        st.sampled_from(
            [
                text[:at] + text[at + 1 :],
                text[:at] + text[at : at + 1] * 2 + text[at + 1 :],
                text[:at] + text[at + 1 : at + 2] + text[at : at + 1] + text[at + 2 :],
                text[:at] + str(at % 10) + text[at + 1 :],
                text.replace(".", ".0"),
                text.replace(".", ","),
                text.replace(".", ".."),
                "-" + text,
                text + ".5",
                "O" + text,
                "",
                "abc",
            ]
        )
        | st.text("0123456789.,%-OlＯ５。 ", max_size=8)
    )


@st.composite
def mistyped_records(draw: st.DrawFn) -> Problem:
    """A right record with one to four cells mistyped."""
    problem = draw(right_records())
    wrong = draw(st.sets(st.integers(0, len(problem.cells) - 1), min_size=1, max_size=4))
    cells = tuple(
        replace(cell, text=mistype(draw, cell.text)) if i in wrong else cell
        for i, cell in enumerate(problem.cells)
    )
    return replace(problem, cells=cells)


def fix(problem: Problem) -> Problem:
    """What ``gouji fix`` does with an answer: the automatic groups are typed in."""
    return apply_groups(problem, [group for group in solve(problem).groups if group.auto])


def violated(problem: Problem) -> int:
    """Relations that fail beyond rounding, and figures that cannot stand as typed."""
    record = Record(problem)
    failing = sum(record.state(k, record.values)[0] is State.VIOLATED for k in range(len(record.ties)))
    return failing + len(record.oddity)


many = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@many
@given(right_records())
def test_a_right_record_gives_no_error_and_no_change(problem: Problem) -> None:
    answer = solve(problem)
    assert all(f.level is Severity.INFO for f in answer.findings)
    assert answer.groups == ()


@many
@given(mistyped_records())
def test_fixing_twice_is_fixing_once(problem: Problem) -> None:
    once = fix(problem)
    assert fix(once) == once


@many
@given(mistyped_records())
def test_every_automatic_change_takes_an_error_away_and_leaves_at_most_a_rounding_difference(
    problem: Problem,
) -> None:
    groups = [group for group in solve(problem).groups if group.auto]
    after = apply_groups(problem, groups)
    assert len(solve(after).findings) <= len(solve(problem).findings)
    assert violated(after) <= violated(problem) - len(groups)


@many
@given(mistyped_records())
def test_no_explanation_leaves_more_violated_than_before(problem: Problem) -> None:
    """Groups behind the automatic ones are judged as if those were applied, so they are tried on top of them."""
    answer = solve(problem)
    base = apply_groups(problem, [group for group in answer.groups if group.auto])
    for group in answer.groups:
        start = problem if group.auto else base
        for alternative in group.alternatives:
            only = Group((alternative,), auto=False)
            assert violated(apply_groups(start, [only])) <= violated(start)


@many
@given(mistyped_records())
def test_the_same_problem_has_the_same_answer(problem: Problem) -> None:
    assert solve(problem) == solve(problem)


@many
@given(mistyped_records())
def test_confidences_are_probabilities_in_falling_order(problem: Problem) -> None:
    for group in solve(problem).groups:
        confidences = [alternative.confidence for alternative in group.alternatives]
        assert confidences == sorted(confidences, reverse=True)
        assert all(0 <= c <= 1 for c in confidences)
        assert sum(confidences) <= 1 + 1e-9
        assert not group.auto or confidences[0] >= 0.97


@many
@given(mistyped_records())
def test_every_violated_relation_is_found(problem: Problem) -> None:
    record = Record(problem)
    failing = {
        record.ties[k].id
        for k in range(len(record.ties))
        if record.state(k, record.values)[0] is State.VIOLATED
    }
    assert failing == {
        f.relation for f in solve(problem).findings if f.level is Severity.ERROR and f.relation
    }


@pytest.mark.parametrize("limit", [0.0, 1e-6])
def test_without_time_the_findings_stand_and_the_answer_says_it_is_cut(limit: float) -> None:
    problem = pose({"T": "492.91", "a": "104.02", "b": "149.46", "c": "239.25"}, ["T = a + b + c"])
    cut: Answer = solve(problem, time_limit_s=limit)
    assert not cut.complete
    assert not any(group.auto for group in cut.groups)
    assert [f.relation for f in cut.findings] == ["r0", None]
    assert cut.findings[-1].kind == "time-limit"
