"""Recalculation of a workbook: every formula's value computed, believed, and stored; or named and left alone.

The built-in engine computes everything. What it cannot tell, or is not believed for, goes to LibreOffice where
that is installed. A formula nobody can be believed for keeps the value Excel left in the file, as does
everything that depends on it, and the result is partial.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import cast

from gouji.calc.book import Book, FiguresBook, FormulaCell
from gouji.calc.cellrune_engine import CellruneEngine
from gouji.calc.engine import (
    CellKey,
    Computed,
    Engine,
    EngineFailedError,
    Outcome,
    SecondOpinion,
    Unavailable,
)
from gouji.calc.facts import rectangle, sheet_of
from gouji.calc.formula import FormulaSyntaxError
from gouji.calc.idioms import references, suspicion, suspicious_result
from gouji.calc.office_engine import OfficeEngine, find_office
from gouji.calc.plain import is_plain
from gouji.calc.simple import computed_simply
from gouji.calc.syntax import Area, Literal, parse, walk
from gouji.calc.value import CellError, Value, same
from gouji.calc.verdict import Suspicion, Verdict

__all__ = ["Book", "FormulaCell", "Recalculated", "SkipReason", "Skipped", "recalc", "recalc_many"]

_ROUNDS = 8
_HUGE = Decimal("1e15")  # beyond it, a rounding error is all there is
_CLOSE = Decimal("1e-9")  # what two iterative solvers may differ by


class SkipReason:
    """Why a formula keeps its old value."""

    EXTERNAL = "external"
    UNSUPPORTED = "unsupported"
    UNVERIFIED = "unverified"
    DISAGREEMENT = "disagreement"
    AMBIGUOUS = "ambiguous"
    DEPENDS = "depends"
    ENGINE = "engine"


@dataclass(frozen=True, slots=True)
class Skipped:
    """A formula that keeps its old value; ``reason`` is one of :class:`SkipReason`, ``text`` says it in Chinese."""

    key: CellKey
    formula: str
    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class Recalculated:
    """What a recalculation did. ``changed`` maps the cells that got another value to the old and the new one."""

    formulas: int
    computed: int
    by_office: int
    changed: dict[CellKey, tuple[Value, Value]]
    skipped: tuple[Skipped, ...]

    @property
    def partial(self) -> bool:
        """Whether a formula kept its old value."""
        return bool(self.skipped)


@dataclass(slots=True)
class _Run:
    """The recalculation of one book."""

    book: Book
    data: bytes
    cells: list[FormulaCell]
    computed: Computed | None
    failure: str = ""
    results: dict[CellKey, Value] = field(default_factory=dict)
    settled: dict[CellKey, Value] = field(default_factory=dict)
    skipped: dict[CellKey, Skipped] = field(default_factory=dict)
    doubts: dict[CellKey, tuple[FormulaCell, Outcome, Suspicion]] = field(default_factory=dict)
    blocked: list[FormulaCell] = field(default_factory=list)
    simple: bool = False  # every result is there already

    def skip(self, cell: FormulaCell, reason: str, text: str) -> None:
        self.skipped[cell.key] = Skipped(cell.key, cell.text or "", reason, text)


def _begin(book: Book, engine: Engine | None, now: datetime) -> _Run:
    cells = book.formula_cells()
    if engine is None and cells and hasattr(book, "figures"):
        results = computed_simply(cast("FiguresBook", book), cells)
        if results is not None:
            return _Run(book, b"", cells, None, results=results, simple=True)
    engine = engine or CellruneEngine()
    data = book.to_bytes() if cells else b""
    try:
        computed = engine.compute(data, now) if cells else None
    except EngineFailedError as fault:
        return _Run(book, data, cells, None, str(fault))
    return _Run(book, data, cells, computed)


def _judge(run: _Run) -> None:
    """Sort every cell not settled yet: believed, doubted, or blocked by one that is."""
    if run.simple:
        return
    before, run.results, run.doubts, run.blocked = run.results, {}, {}, []
    if run.computed is None:
        return
    for cell in run.cells:
        key = cell.key
        if key in run.settled:
            run.results[key] = run.settled[key]
        elif key not in run.skipped:
            outcome = run.computed.outcome(key)
            if key in before and before[key] == outcome and type(before[key]) is type(outcome):
                run.results[key] = before[key]  # believed already, and nothing it rests on changed
            else:
                _judge_cell(run, cell, outcome, run.computed)


def _judge_cell(run: _Run, cell: FormulaCell, outcome: Outcome, computed: Computed) -> None:
    if isinstance(outcome, Unavailable):
        if outcome.code == "blocked_by_upstream":
            run.blocked.append(cell)
            return
        found: Suspicion | None = _unavailable(cell, outcome, computed)
    elif outcome is None:
        found = Suspicion(Verdict.WRONG, "内置引擎没有给出结果")
    elif cell.text is None:
        found = Suspicion(Verdict.UNSURE, "数组公式的结果未经核对")
    elif cell.text == "":
        found = Suspicion(Verdict.NEVER, "公式的文字缺失")
    else:
        sheet = cell.key[0]
        found = suspicion(cell.text, sheet, computed, array=cell.array)
        found = found or suspicious_result(cell.text, sheet, outcome, computed)
    if found is None or (found.verdict is not Verdict.WRONG and _unchanged(outcome, cell.cached)):
        run.results[cell.key] = outcome if not isinstance(outcome, Unavailable) else None
    elif found is not None:
        run.doubts[cell.key] = (cell, outcome, found)


def _unavailable(cell: FormulaCell, outcome: Unavailable, computed: Computed) -> Suspicion:
    text = cell.text or ""
    detail = outcome.detail or ""
    if ("[" in detail and "]" in detail) or ("!" in detail and "[" in text):
        return Suspicion(Verdict.NEVER, "引用了其他工作簿")
    if not text:
        return Suspicion(Verdict.NEVER, "公式的文字缺失")
    if outcome.code == "circular_reference":
        return Suspicion(Verdict.NEVER, "循环引用")
    found = suspicion(text, cell.key[0], computed, array=cell.array)
    if found is not None and found.verdict is Verdict.NEVER:
        return found
    return Suspicion(Verdict.WRONG, f"内置引擎不支持（{detail or outcome.code}）")


def _unchanged(outcome: Outcome, cached: Value) -> bool:
    return cached is not None and not isinstance(outcome, Unavailable) and same(outcome, cached)


def _decide(run: _Run, office: dict[CellKey, Outcome] | None, why_not: str) -> None:
    """Settle every doubt with LibreOffice's results, or name it."""
    for key, (cell, outcome, doubt) in _independent(run).items():
        verdict = doubt.verdict
        if verdict is Verdict.NEVER:
            reason = SkipReason.EXTERNAL if "其他工作簿" in doubt.reason else SkipReason.AMBIGUOUS
            run.skip(cell, reason, f"{doubt.reason}，保留原值")
            continue
        if office is None:
            reason = SkipReason.UNSUPPORTED if isinstance(outcome, Unavailable) else SkipReason.UNVERIFIED
            run.skip(cell, reason, f"{doubt.reason}；{why_not}，保留原值")
            continue
        second = office.get(key)
        if verdict is Verdict.UNSURE and not isinstance(outcome, Unavailable):
            if not isinstance(second, Unavailable) and _agree(run, cell, outcome, second):
                run.settled[key] = outcome
            else:
                run.skip(
                    cell, SkipReason.DISAGREEMENT, f"{doubt.reason}，与 LibreOffice 的结果不一致，保留原值"
                )
        elif not isinstance(second, Unavailable) and _believable(run, cell, second, doubt):
            run.settled[key] = second
        else:
            run.skip(cell, SkipReason.UNSUPPORTED, f"{doubt.reason}，LibreOffice 也不能确定，保留原值")


def _independent(run: _Run) -> dict[CellKey, tuple[FormulaCell, Outcome, Suspicion]]:
    """The doubts that rest on no other doubt; all of them where each rests on another."""
    by_sheet: dict[str, set[tuple[int, int]]] = {}
    for sheet, row, col in run.doubts:
        by_sheet.setdefault(sheet.casefold(), set()).add((row, col))
    free = {key: doubt for key, doubt in run.doubts.items() if not _rests_on(doubt[0], by_sheet)}
    return free or run.doubts


def _rests_on(cell: FormulaCell, doubted: dict[str, set[tuple[int, int]]]) -> bool:
    for sheet, (top, left, bottom, right) in references(cell.text or "", cell.key[0]):
        places = doubted.get(sheet.casefold())
        if not places:
            continue
        if (bottom - top + 1) * (right - left + 1) < len(places):
            inside = ((row, col) for row in range(top, bottom + 1) for col in range(left, right + 1))
            hit = any(place in places and (sheet, *place) != cell.key for place in inside)
        else:
            hit = any(
                top <= row <= bottom and left <= col <= right and (sheet, row, col) != cell.key
                for row, col in places
            )
        if hit:
            return True
    return False


def _agree(run: _Run, cell: FormulaCell, one: Value, two: Value) -> bool:
    """Whether two engines say the same, and something two engines do not both get wrong."""
    if isinstance(one, CellError):
        # Two engines may stumble over the same thing: an error is believed where a cell referred to has it.
        return one == two and _handed_on(run, cell, one)
    if isinstance(one, bool) and isinstance(two, Decimal):
        return Decimal(int(one)) == two
    if isinstance(one, Decimal) and isinstance(two, Decimal) and not isinstance(one, bool):
        return abs(one - two) <= max(abs(one), abs(two)) * _CLOSE and abs(one) < _HUGE
    return same(one, two) or (one in ("", None) and two in ("", None))


def _handed_on(run: _Run, cell: FormulaCell, error: CellError) -> bool:
    if run.computed is None or not cell.text:
        return False
    areas = [run.computed.area(sheet, where) for sheet, where in references(cell.text, cell.key[0])]
    return any(area is not None and area.has_error and error in area.values for area in areas)


def _believable(run: _Run, cell: FormulaCell, value: Value, doubt: Suspicion) -> bool:
    """Whether LibreOffice alone is believed."""
    if value is None or cell.text is None or run.computed is None:
        return False
    if isinstance(value, CellError) and value.code not in ("#DIV/0!", "#N/A"):
        return doubt.may_fail and value.code == "#VALUE!"
    try:
        tree = parse(cell.text)
    except FormulaSyntaxError:
        return False
    for node in walk(tree):
        if isinstance(node, Literal) and node.text in ("TRUE", "FALSE"):
            return False
        if isinstance(node, Area):
            where = rectangle(node.ref)
            if where is None:
                continue
            found = run.computed.area(sheet_of(node.sheet) or cell.key[0], where)
            # It takes booleans for numbers.
            if found is None or (found.has_boolean and not doubt.despite_booleans):
                return False
    return True


def _finish(run: _Run) -> Recalculated:
    if run.computed is None and run.cells and not run.simple:
        for cell in run.cells:
            if cell.key not in run.settled:
                run.skip(cell, SkipReason.ENGINE, f"{run.failure}，保留原值")
        run.results = dict(run.settled)
    for cell in run.blocked:
        run.skip(cell, SkipReason.DEPENDS, "依赖未能计算的单元格，保留原值")
    old = {cell.key: cell.cached for cell in run.cells}
    changed = {
        key: (before, value)
        for key, value in run.results.items()
        if key not in run.skipped and ((before := old[key]) is None or not same(before, value))
    }
    run.book.store({key: new for key, (_, new) in changed.items()})
    computed = sum(key not in run.skipped for key in run.results)
    by_office = sum(key not in run.skipped for key in run.settled)
    return Recalculated(len(run.cells), computed, by_office, changed, tuple(run.skipped.values()))


def _settle(run: _Run, office: dict[CellKey, Outcome] | None, why_not: str) -> None:
    for _ in range(_ROUNDS):
        if not run.doubts:
            return
        before = run.settled.keys() | run.skipped.keys()
        _decide(run, office, why_not)
        if run.computed is None:
            return
        now = (run.settled.keys() | run.skipped.keys()) - before
        known = {key: run.settled[key] for key in now if key in run.settled}
        run.computed.settle(known, now & run.skipped.keys())
        _judge(run)
    for cell, _, doubt in run.doubts.values():
        run.skip(cell, SkipReason.UNVERIFIED, f"{doubt.reason}，保留原值")


def _without_engine(run: _Run, office: dict[CellKey, Outcome]) -> None:
    """Believe LibreOffice for the plainest formulas of a workbook that only it could read."""
    for cell in run.cells:
        value = office.get(cell.key)
        if cell.text and not cell.array and is_plain(cell.text) and isinstance(value, Decimal):
            run.settled[cell.key] = value


def recalc_many(
    books: Iterable[Book],
    *,
    now: datetime | None = None,
    engine: Engine | None = None,
    office: SecondOpinion | None = None,
    second_opinion: bool = True,
) -> list[Recalculated]:
    """Recalculate workbooks and store the results in them.

    Args:
        books: The workbooks; results are stored in them, saving is the caller's.
        now: What TODAY and NOW say; the present moment where not given.
        engine: The engine that computes first; where not given, the plainest workbooks need none
            (:mod:`gouji.calc.simple`), and the built-in one computes the others.
        office: LibreOffice for a second opinion; found by itself where it is installed (see
            :func:`gouji.calc.office_engine.find_office`).
        second_opinion: False leaves LibreOffice out even where it is installed.

    Returns:
        For each book what was done, in order.
    """
    moment = now or datetime.now()  # noqa: DTZ005 # a workbook's clock is the wall clock
    runs = [_begin(book, engine, moment) for book in books]
    for run in runs:
        _judge(run)
    asking = [run for run in runs if _asks(run)]
    answers: Sequence[dict[CellKey, Outcome] | EngineFailedError] = []
    if asking:
        if office is None and second_opinion and find_office() is not None:
            office = OfficeEngine()
        if office is None or not second_opinion:
            answers = [EngineFailedError("没有 LibreOffice 可供核对") for _ in asking]
        else:
            answers = office.compute([run.data for run in asking])
    answered = {id(run): answer for run, answer in zip(asking, answers, strict=True)}
    for run in runs:
        answer = answered.get(id(run))
        found = None if answer is None or isinstance(answer, EngineFailedError) else answer
        if run.computed is None and found is not None:
            _without_engine(run, found)
        _settle(run, found, str(answer) if isinstance(answer, EngineFailedError) else "")
    return [_finish(run) for run in runs]


def _asks(run: _Run) -> bool:
    """Whether LibreOffice could help."""
    if run.simple:
        return False
    if run.computed is None:
        return bool(run.cells)
    return any(doubt.verdict is not Verdict.NEVER for _, _, doubt in run.doubts.values())


def recalc(
    book: Book,
    *,
    now: datetime | None = None,
    engine: Engine | None = None,
    office: SecondOpinion | None = None,
    second_opinion: bool = True,
) -> Recalculated:
    """Recalculate one workbook; see :func:`recalc_many`."""
    return recalc_many([book], now=now, engine=engine, office=office, second_opinion=second_opinion)[0]
