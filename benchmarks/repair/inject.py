"""Cases: right submissions with one, two or a chain of slips put in, and what would mend them."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from dataclasses import dataclass, field

from benchmarks.repair.forms import draw
from benchmarks.repair.sheets import Sheet, Tie
from benchmarks.repair.slip import SINGLE, UNKNOWN, WEIGHTS, draw_text, peers

TRIES = 200


@dataclass
class Case:
    """A submission as typed with slips; ``truth`` maps each wrong cell to its right value in hundredths."""

    family: str
    kinds: tuple[str, ...]
    sheet: Sheet
    truth: dict[str, int] = field(default_factory=dict)
    right: Sheet | None = None


def adjacent(sheet: Sheet, i: int) -> list[int]:
    """Cells of the same kind directly to the right and below, with another figure."""
    cell = sheet.cells[i]
    if cell.row is None or cell.col is None or cell.table == "正文" or not cell.core:
        return []
    places = ((cell.row, cell.col + 1), (cell.row + 1, cell.col))
    return [
        j
        for j, c in enumerate(sheet.cells)
        if (c.row, c.col) in places
        and c.table == cell.table
        and c.kind == cell.kind
        and c.core
        and c.value != cell.value
    ]


def slip(case: Case, kind: str, rng: random.Random, among: list[int] | None = None) -> bool:
    """Put one slip of this kind into a cell drawn from those it can hit; whether there was one."""
    sheet = case.sheet
    free = [i for i, c in enumerate(sheet.cells) if c.id not in case.truth and (among is None or i in among)]
    rng.shuffle(free)
    for i in free:
        cell = sheet.cells[i]
        if kind == "swapped":
            beside = [j for j in adjacent(sheet, i) if sheet.cells[j].id not in case.truth]
            if beside:
                other = sheet.cells[rng.choice(beside)]
                case.truth |= {cell.id: cell.value, other.id: other.value}
                cell.text, other.text = other.text, cell.text
                return True
            continue
        text = draw_text(kind, sheet, i, rng)
        if text is not None and text != cell.text:
            case.truth[cell.id] = cell.value
            cell.text = text
            return True
    return False


def kind_of(kinds: tuple[str, ...], rng: random.Random) -> str:
    """A kind drawn by its weight; those without one are alike."""
    return rng.choices(kinds, [WEIGHTS.get(kind, 1.0) for kind in kinds])[0]


def clean(rng: random.Random) -> Case:
    """A right submission."""
    return Case("clean", (), draw(rng))


def single(rng: random.Random) -> Case:
    """One slip of one of the 22 kinds, as often as each comes."""
    return _slipped("single", rng, SINGLE, 1)


def double(rng: random.Random) -> Case:
    """Two slips anywhere."""
    return _slipped("double", rng, SINGLE, 2)


def unknown(rng: random.Random) -> Case:
    """One slip of a kind that the engine is not told about."""
    return _slipped("unknown", rng, UNKNOWN, 1)


def same_relation(rng: random.Random) -> Case:
    """Two slips within one relation."""
    for _ in range(TRIES):
        sheet = draw(rng)
        among = [i for i, _ in rng.choice(sheet.ties).terms]
        case = Case("same-relation", (), sheet, right=copy.deepcopy(sheet))
        kinds = tuple(k for k in (kind_of(SINGLE, rng) for _ in range(2)) if slip(case, k, rng, among))
        if len(kinds) == 2:
            case.kinds = kinds
            return case
    raise RuntimeError("no case drawn")


def _slipped(family: str, rng: random.Random, kinds: tuple[str, ...], n: int) -> Case:
    for _ in range(TRIES):
        chosen = tuple(kind_of(kinds, rng) for _ in range(n))
        sheet = draw(rng)
        case = Case(family, chosen, sheet, right=copy.deepcopy(sheet))
        if all(slip(case, kind, rng) for kind in chosen):
            return case
    raise RuntimeError("no case drawn")


def chain(rng: random.Random) -> Case:
    """A line brought up to date (with its copies and its own rate) while everything above it stayed behind."""
    return _chain("chain", rng, crossed=False)


def cross_chain(rng: random.Random) -> Case:
    """The same where the line enters several totals (across and down), so that one cell could explain it all."""
    return _chain("cross-chain", rng, crossed=True)


def _chain(family: str, rng: random.Random, *, crossed: bool) -> Case:
    for _ in range(TRIES):
        sheet = draw(rng)
        right = copy.deepcopy(sheet)
        lines = [
            i for i, c in enumerate(sheet.cells) if c.kind == "amount" and c.value > 100 and c.table != "正文"
        ]
        rng.shuffle(lines)
        for i in lines[:8]:
            case = _stale_above(sheet, right, i, rng)
            if case and (_failing(case.sheet) > 1) == crossed:
                case.family = family
                return case
            right = copy.deepcopy(sheet)
    raise RuntimeError("no case drawn")


def _stale_above(sheet: Sheet, right: Sheet, i: int, rng: random.Random) -> Case | None:
    value = right.cells[i].value
    shift = round(value * rng.choice((-1, 1)) * rng.uniform(0.03, 0.4))
    behind = _push(right, i, shift)
    if behind is None or len(behind) < 2:
        return None
    new = {j: right.cells[j].value for j in behind}
    typed = copy.deepcopy(sheet)
    for j, cell in enumerate(right.cells):
        if cell.value != sheet.cells[j].value and j not in behind:
            typed.cells[j].value = cell.value
            typed.cells[j].core = typed.spell(cell.value, cell.kind)
            typed.cells[j].text = typed.dress(typed.cells[j].core, cell.kind)
    return Case("chain", ("chain",), typed, {typed.cells[j].id: v for j, v in new.items()}, right)


def _push(sheet: Sheet, line: int, shift: int) -> set[int] | None:
    """Change a line and all that follows from it; the cells that an idle hand would leave behind."""
    moved = {line: shift}
    family = {line}
    todo = [line]
    sums = [tie.terms for tie in sheet.ties if tie.kind == "linear"]
    while todo:
        j = todo.pop()
        for terms in sums:
            cells = [i for i, _ in terms]
            if j not in cells:
                continue
            if any(abs(c) != 1 for _, c in terms):
                return None  # between two units a change is not passed on as it is
            if len(terms) == 2:
                other = cells[1 - cells.index(j)]
                if other not in moved:
                    moved[other] = moved[j]
                    family |= {other} if j in family else set()
                    todo.append(other)
            elif cells[0] == j:
                if j in family:
                    return None  # the line is itself a total
            elif cells[0] not in moved:
                moved[cells[0]] = moved[j]
                todo.append(cells[0])
    for j, by in moved.items():
        sheet.cells[j].value += by
        if sheet.cells[j].value <= 0:
            return None
    behind = set(moved) - family
    for tie in sheet.ties:
        if tie.kind != "ratio":
            continue
        num, den, rate = (i for i, _ in tie.terms)
        if num in moved or den in moved:
            fresh = (20000 * sheet.cells[num].value // sheet.cells[den].value + 1) // 2
            if abs(fresh - sheet.cells[rate].value) > 1:
                sheet.cells[rate].value = fresh
                if num in behind or den in behind:
                    behind.add(rate)
    return behind if _holds(sheet) else None


def _excess(sheet: Sheet, tie: Tie) -> int:
    """By how many hundredths a linear relation fails."""
    return sum(sheet.cells[i].value * c for i, c in tie.terms) - tie.rhs


def _failing(sheet: Sheet) -> int:
    """How many sums do not come out exactly."""
    return sum(tie.kind == "linear" and abs(_excess(sheet, tie)) > tie.slack for tie in sheet.ties)


def _holds(sheet: Sheet) -> bool:
    for tie in sheet.ties:
        excess = _excess(sheet, tie) if tie.kind != "ratio" else 0
        if excess > tie.slack or (tie.kind == "linear" and excess < -tie.slack):
            return False
    return True


FAMILIES: dict[str, Callable[[random.Random], Case]] = {
    "clean": clean,
    "single": single,
    "double": double,
    "same-relation": same_relation,
    "chain": chain,
    "cross-chain": cross_chain,
    "unknown": unknown,
}


def cases(family: str, seed: int, n: int) -> list[Case]:
    """``n`` cases of a family, the same for the same seed."""
    return [FAMILIES[family](random.Random(f"{family}/{seed}/{k}")) for k in range(n)]


__all__ = ["FAMILIES", "Case", "adjacent", "cases", "peers"]
