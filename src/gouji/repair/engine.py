"""From a problem to its answer: what fails, the groups that explain it, and a last look at the automatic ones."""

from __future__ import annotations

from gouji.frozen import frozen, replace
from gouji.model import Severity
from gouji.repair.component import Component, components
from gouji.repair.evidence import as_read
from gouji.repair.explanation import Budget, Misses
from gouji.repair.grouping import groups_of, mere_rounding
from gouji.repair.layout import Layout
from gouji.repair.likelihood import Likelihood
from gouji.repair.problem import (
    Answer,
    CellKind,
    Group,
    Id,
    Problem,
    RelationFinding,
    RepairAlternative,
    RepairCell,
    plain,
)
from gouji.repair.record import Record, State, TieType
from gouji.repair.search import explain
from gouji.repair.slips import Slip

__all__ = ["apply_groups", "solve"]

AUTO_ROUNDS = 3
SURELY_READ = 0.999  # a spelling that everyone would read alike


@frozen
class Diagnosis:
    """One pass over a record: what fails and the groups that explain it.

    ``idle`` are the relations, fault by fault, that are off by rounding only and need no explanation.
    """

    findings: tuple[RelationFinding, ...]
    groups: tuple[Group, ...]
    record: Record
    layout: Layout | None = None
    idle: frozenset[tuple[int, ...]] = frozenset()


def solve(problem: Problem, *, time_limit_s: float = 2.0) -> Answer:
    """Find what is wrong in a record of figures and rank the explanations.

    Pure and deterministic. Where the limit strikes, the answer is the best so far, ``complete`` is False
    and nothing is automatic that was not looked at twice. The groups marked ``auto`` are closed under repetition:
    applying them and solving again yields no further automatic change, and leaves fewer errors than before and no
    more findings (a total put right may be off by rounding).
    Groups behind the automatic ones are judged as if those were applied.

    Args:
        problem: cells as typed and the relations over them.
        time_limit_s: bound on the search, in seconds of a slow machine (counted in steps; by the clock it ends
            after five times as long in any case).
    """
    budget = Budget(time_limit_s)
    first = _diagnose(problem, budget)
    groups = _settle(problem, first, budget) if any(g.auto for g in first.groups) else list(first.groups)
    findings = first.findings
    if budget.spent:
        findings = (*findings, RelationFinding(None, (), Severity.INFO, "time-limit"))
    return Answer(findings, tuple(groups), problem.id, complete=not budget.spent)


def _settle(problem: Problem, first: Diagnosis, budget: Budget) -> list[Group]:
    """Apply the automatic groups on paper, drop what makes matters worse, and look again at what is left."""
    kept: list[Group] = []
    now, diagnosis = problem, first
    for _ in range(AUTO_ROUNDS):
        auto = [group for group in diagnosis.groups if group.auto]
        if not auto or budget.spent:
            break
        after = _diagnose(apply_groups(now, auto), budget, like=diagnosis)
        if not _better(after, diagnosis, len(auto)):
            auto = _one_by_one(now, diagnosis, auto, budget)
            after = _diagnose(apply_groups(now, auto), budget, like=diagnosis)
            if not auto:
                break
        if budget.spent:
            break
        kept += auto
        now, diagnosis = apply_groups(now, auto), after
    settled = {cell for group in kept for cell in group.alternatives[0].changes}
    if not budget.spent and any(settled & a.changes.keys() for g in diagnosis.groups for a in g.alternatives):
        # What was just put right is hardly wrong besides: look again with that in mind.
        diagnosis = _diagnose(now, budget, frozenset(settled), diagnosis)
    return [*kept, *(replace(group, auto=False) for group in diagnosis.groups)]


def _better(after: Diagnosis, before: Diagnosis, groups: int) -> bool:
    """Whether every group applied took away an error on balance, and nothing was found in its place but rounding."""
    return _errors(after) <= _errors(before) - groups and len(after.findings) <= len(before.findings)


def _errors(diagnosis: Diagnosis) -> int:
    return sum(found.level is Severity.ERROR for found in diagnosis.findings)


def _one_by_one(problem: Problem, before: Diagnosis, auto: list[Group], budget: Budget) -> list[Group]:
    """Those automatic groups that mend something even after the ones kept before them."""
    kept: list[Group] = []
    now, standing = problem, before
    for group in auto:
        trial = apply_groups(now, [group])
        after = _diagnose(trial, budget, like=standing)
        if _better(after, standing, 1):
            kept.append(group)
            now, standing = trial, after
    return kept


def apply_groups(problem: Problem, groups: list[Group]) -> Problem:
    """The problem with the first alternative of each group typed in (cells of unknown value stay)."""
    new: dict[Id, str] = {}
    for group in groups:
        for cell, value in group.alternatives[0].changes.items():
            if value is not None:
                new[cell] = plain(value)
    cells = tuple([cell if cell.id not in new else _typed_in(cell, new[cell.id]) for cell in problem.cells])
    return replace(problem, cells=cells)


def _typed_in(cell: RepairCell, text: str) -> RepairCell:
    return replace(cell, text=text + "%" if cell.kind is CellKind.PERCENT else text)


def _diagnose(
    problem: Problem,
    budget: Budget,
    settled: frozenset[Id] = frozenset(),
    like: Diagnosis | None = None,
) -> Diagnosis:
    """One pass; ``settled`` cells were put right before and are blamed again only as a second slip.

    ``like`` is a pass over the same problem with other texts: what does not depend on the texts is taken over.
    """
    record = Record(problem, like.record if like else None)
    states = record.states
    misses: Misses = {k: s for k, s in enumerate(states) if s[0] in (State.ROUNDING, State.VIOLATED)}
    findings = _findings(record, misses)
    if not misses and not record.must and not record.misspelt:
        return Diagnosis(findings, (), record, like.layout if like else None)
    layout = (like.layout if like else None) or Layout(record)
    likelihood = Likelihood(record, frozenset(record.index[cell] for cell in settled), layout)
    unknown = [k for k, s in enumerate(states) if s[0] is State.UNKNOWN]
    todo = components(likelihood, misses, unknown) if misses or record.must else []
    known = like.idle if like else frozenset()
    todo = [c for c in todo if c.hard or tuple(c.misses) not in known]
    done: list[tuple[Component, list[Group]]] = []
    while todo:
        component = todo.pop(0)
        if mere_rounding(likelihood, component):
            done.append((component, []))
            continue
        explanations = explain(likelihood, component.misses, frozenset(component.must), budget)
        best = next((set(e.changes) for e in explanations if e.changes), set())
        reached = [c for c in (*todo, *(c for c, _ in done)) if best & c.cells(record)]
        if reached:  # the best repair reaches into another fault: explain them together
            todo = [_merged(component, reached), *(other for other in todo if other not in reached)]
            done = [found for found in done if found[0] not in reached]
            continue
        done.append((component, groups_of(likelihood, component, explanations, budget)))
    groups = [group for _, found in done for group in found]
    told = {cell for group in groups for cell in group.alternatives[0].changes}
    groups += [_respelt(record, i) for i in record.misspelt if record.cells[i].id not in told]
    idle = known | {tuple(c.misses) for c, found in done if not found and not c.hard}
    return Diagnosis(findings, tuple(groups), record, layout, idle)


def _merged(component: Component, others: list[Component]) -> Component:
    for other in others:
        component.absorb(other)
    return component


def _respelt(record: Record, i: int) -> Group:
    """A figure oddly spelt whose value nobody would doubt."""
    cell = record.cells[i]
    value = record.decimal(record.values[i] or 0)
    kind = Slip.PERCENT if record.oddity[i] == "percent-sign" else Slip.SPELLING
    alternative = RepairAlternative({cell.id: value}, SURELY_READ, kind.value, as_read(record, i, {}))
    return Group((alternative,), auto=True, malformed=(cell.id,))


def _findings(record: Record, misses: Misses) -> tuple[RelationFinding, ...]:
    out = [
        RelationFinding(None, (record.cells[i].id,), Severity.ERROR, kind)
        for i, kind in sorted(record.oddity.items())
    ]
    for k, (state, miss) in misses.items():
        tie = record.ties[k]
        cells = tuple(record.cells[i].id for i in tie.cells)
        level = Severity.ERROR if state is State.VIOLATED else _rounding_level(record, k, miss)
        size = record.decimal(miss) / tie.factor
        out.append(RelationFinding(tie.id, cells, level, tie.type.name.lower().replace("_", "-"), size))
    return tuple(out)


def _rounding_level(record: Record, k: int, miss: int) -> Severity:
    """Info where the rounding of the printed figures can explain the difference, warning beyond."""
    tie = record.ties[k]
    if tie.type is TieType.RATIO:
        return Severity.INFO
    most = sum(
        abs(c) * record.quantum[i] for i, c in zip(tie.cells, tie.coefs, strict=True) if record.values[i]
    )
    return Severity.INFO if 2 * miss <= most else Severity.WARNING
