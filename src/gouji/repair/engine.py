"""From a problem to its answer: what fails, what explains it, how sure that is, what may be applied."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import exp

from gouji.model import Severity
from gouji.repair.component import Component, components
from gouji.repair.evidence import evidence
from gouji.repair.likelihood import Likelihood
from gouji.repair.problem import Answer, Group, Id, Problem, RelationFinding, RepairAlternative, plain
from gouji.repair.record import Record, State, TieType
from gouji.repair.search import Budget, Explanation, Misses, explain
from gouji.repair.slips import Slip

__all__ = ["AUTO_CONFIDENCE", "solve"]

AUTO_CONFIDENCE = 0.97
OPEN_PRICE = 30.0  # per symptom: the price of «none of these»
SHOWN = 5  # alternatives told at most
ROUNDING_SUSPECTED = 0.3  # a mere rounding difference is explained by a slip only from this probability on
WEAK = frozenset(
    {
        Slip.BLANK,
        Slip.STALE_TOTAL,
        Slip.OTHER_COLUMN,
        Slip.OTHER_ROW,
        Slip.LINE_TWICE,
        Slip.SWAPPED,
        Slip.INSERTED,
        Slip.JUMPED,
        Slip.ROUNDED,
        Slip.COPIED,
    }
)
NEVER = frozenset({Slip.ARBITRARY, Slip.TWO_DIGITS, Slip.STALE_CHAIN})
AUTO_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One pass over a record: what fails and the groups that explain it."""

    findings: tuple[RelationFinding, ...]
    groups: tuple[Group, ...]


def solve(problem: Problem, *, time_limit_s: float = 2.0) -> Answer:
    """Find what is wrong in a record of figures and rank the explanations.

    Pure and deterministic unless the time limit strikes; then the answer is the best so far and ``complete``
    is False. The groups marked ``auto`` are closed under repetition: applying them and solving again yields
    no further automatic change, and leaves no more findings than before.

    Args:
        problem: cells as typed and the relations over them.
        time_limit_s: hard bound on the search, in seconds.
    """
    budget = Budget(time_limit_s)
    first = _diagnose(problem, budget)
    auto = [group for group in first.groups if group.auto]
    groups = list(first.groups)
    if auto:
        groups = _settle(problem, first, budget)
    findings = first.findings
    if budget.spent:
        late = RelationFinding(None, (), Severity.INFO, "time-limit")
        findings = (*findings, late)
    return Answer(findings, tuple(groups), problem.id, complete=not budget.spent)


def _settle(problem: Problem, first: Diagnosis, budget: Budget) -> list[Group]:
    """Apply the automatic groups on paper, drop what makes matters worse, and look again at what is left."""
    kept: list[Group] = []
    now, diagnosis = problem, first
    for _ in range(AUTO_ROUNDS):
        auto = [group for group in diagnosis.groups if group.auto]
        if not auto:
            break
        fixed = apply_groups(now, auto)
        after = _diagnose(fixed, budget)
        if len(after.findings) > len(diagnosis.findings) - len(auto) or budget.spent:
            rest = [replace(group, auto=False) for group in diagnosis.groups]
            return [*kept, *rest]
        kept += auto
        now, diagnosis = fixed, after
    return [*kept, *(replace(group, auto=False) for group in diagnosis.groups)]


def apply_groups(problem: Problem, groups: list[Group]) -> Problem:
    """The problem with the first alternative of each group typed in."""
    new: dict[Id, str] = {}
    for group in groups:
        for cell, value in group.alternatives[0].changes.items():
            if value is not None:
                new[cell] = plain(value)
    cells = tuple(
        replace(cell, text=new[cell.id] + ("%" if cell.kind == "percent" else "")) if cell.id in new else cell
        for cell in problem.cells
    )
    return replace(problem, cells=cells)


def _diagnose(problem: Problem, budget: Budget) -> Diagnosis:
    record = Record(problem)
    states = [record.state(k, record.values) for k in range(len(record.ties))]
    misses: Misses = {k: s for k, s in enumerate(states) if s[0] in (State.ROUNDING, State.VIOLATED)}
    findings = _findings(record, misses)
    if not misses and not record.must:
        return Diagnosis(findings, ())
    likelihood = Likelihood(record)
    unknown = [k for k, s in enumerate(states) if s[0] is State.UNKNOWN]
    groups: list[Group] = []
    todo = components(likelihood, misses, unknown)
    while todo:
        component = todo.pop(0)
        explanations = explain(likelihood, component.misses, frozenset(component.must), budget)
        best = next((set(e.changes) for e in explanations if e.changes), set())
        reached = [other for other in todo if best & other.cells(record)]
        if reached:  # the best repair reaches into another fault: explain them together
            for other in reached:
                component.absorb(other)
                todo.remove(other)
            todo.insert(0, component)
            continue
        group = _group(record, component, explanations)
        if group:
            groups.append(group)
    return Diagnosis(findings, tuple(groups))


def _findings(record: Record, misses: Misses) -> tuple[RelationFinding, ...]:
    out = [
        RelationFinding(None, (record.cells[i].id,), Severity.ERROR, kind) for i, kind in record.must.items()
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


def _group(record: Record, component: Component, explanations: list[Explanation]) -> Group | None:
    """One fault told: alternatives with confidence, and whether the first may be applied unasked."""
    changing = [e for e in explanations if e.changes]
    if not changing:
        return None
    base = explanations[0].price
    hard = [k for k, (state, _) in component.misses.items() if state is State.VIOLATED]
    nothing = exp(base - OPEN_PRICE * max(1, len(hard) + len(component.must)))
    weight = sum(exp(base - e.price) for e in explanations) + nothing
    best = changing[0]
    confidence = exp(base - best.price) / weight
    if not component.hard and confidence < ROUNDING_SUSPECTED:
        return None
    symptoms = list(component.misses)
    alternatives = tuple(
        RepairAlternative(
            changes={
                record.cells[i].id: None if v is None else record.decimal(v)
                for i, v in sorted(e.changes.items())
            },
            confidence=exp(base - e.price) / weight,
            kind="+".join(dict.fromkeys(e.slips)),
            evidence=evidence(record, e.changes, symptoms),
        )
        for e in changing[:SHOWN]
    )
    return Group(
        alternatives,
        auto=component.hard and confidence >= AUTO_CONFIDENCE and _concrete(record, component, best),
        relations=tuple(record.ties[k].id for k in symptoms),
        malformed=tuple(record.cells[i].id for i in sorted(component.must)),
    )


def _concrete(record: Record, component: Component, best: Explanation) -> bool:
    """Whether the slips of an explanation are concrete enough, or what it mends is, to apply it unasked."""
    slips = set(best.slips)
    if slips & NEVER or None in best.changes.values():
        return False
    if not slips & WEAK:
        return True
    equations = [
        k
        for k, (state, _) in component.misses.items()
        if state is State.VIOLATED
        and record.ties[k].type is not TieType.AT_MOST
        and any(i in best.changes for i in record.ties[k].cells)
    ]
    return len(equations) >= 2 and len(best.changes) <= 2
