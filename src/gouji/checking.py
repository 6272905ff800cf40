"""The check of one file, from bytes to sorted findings; whatever happens, it ends in a result.

read → locate the form's blocks → rules → findings in reading order. A file that cannot be read gives a coded
reason, never a traceback and never «clean».
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from gouji.acceptance import Declared, accepted, declared_for, with_notes
from gouji.frozen import frozen, replace
from gouji.model import Finding, Severity
from gouji.pattern import compiled
from gouji.result import Counts, DocumentResult, Status
from gouji.rule.registry import CRASHED, all_rules, crash, is_crash, run_rules, selected_rules
from gouji.source.document import Document, Reason, ReasonCode, SourceRefusedError, cell_position

if TYPE_CHECKING:
    from gouji.form.facts import Facts

__all__ = ["Beside", "CheckOptions", "check_bytes", "check_file", "declared", "reading_order"]

_COMPUTED = frozenset({"xlsx", "xlsm", "xltx", "xltm"})
_ABOUT = compiled(r"绩效|自评|预算|决算|支出|资金")
_FEWEST_WORDS, _FEWEST_DIGITS = 6, 12
_ACROSS = frozenset({"GJ614", "GJ615", "GJ616"})  # rules that hold one document against another
_LAST = 1 << 30  # sorts behind every row, column and paragraph


@frozen
class CheckOptions:
    """What the user asked for.

    ``form`` names a form instead of letting it be recognised; ``select`` and ``ignore`` choose rules by code,
    beginning of a code, name or group. ``declared`` are the explanations to go by instead of those in the
    ``gouji.toml`` beside each file; :data:`~gouji.acceptance.NOTHING` accepts nothing.
    """

    form: str | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    declared: Declared | None = None


@frozen
class Beside:
    """What a document is held against, besides itself: the workbooks a report goes with, last year's forms."""

    workbooks: tuple[Facts, ...] = ()
    earlier: tuple[Facts, ...] = ()


def check_file(
    path: str, options: CheckOptions | None = None, beside: Beside | None = None
) -> DocumentResult:
    """Checks one file.

    Args:
        path: as the user gave it; it comes back unchanged in every location.
        options: form and rules to use.
        beside: other documents of the same submission (:mod:`gouji.crossing`).

    Returns:
        A result in every case: a refused file, and one on which this program itself fails, is ``not_checked``
        with a reason.

    Raises:
        UnknownRuleError: ``options`` names a rule that does not exist.
        UnknownFormError: ``options`` names a form that does not exist.
        Exception: whatever went wrong inside, but only with ``GOUJI_DEBUG=1``.
    """

    def read() -> Document:
        from gouji.source import read as read_path  # noqa: PLC0415  # loaded when a file is read

        return read_path(path)

    options = options or CheckOptions()
    result = _guarded(path, lambda: _sha256(path), read, options, beside or Beside())
    return accepted(result, declared(result, options))


def check_bytes(
    data: bytes, path: str, options: CheckOptions | None = None, beside: Beside | None = None
) -> DocumentResult:
    """Checks a document that is in memory; as :func:`check_file`, with ``path`` as its name."""

    def read() -> Document:
        from gouji.source import read_bytes  # noqa: PLC0415  # as above

        return read_bytes(data, path)

    options = options or CheckOptions()
    result = _guarded(path, hashlib.sha256(data).hexdigest, read, options, beside or Beside())
    return accepted(result, declared(result, options))


def declared(result: DocumentResult, options: CheckOptions) -> Declared:
    """The explanations to go by for a file: those asked for, else those of its folder and its own."""
    if options.declared is not None:
        return options.declared
    return with_notes(declared_for(result.path), result.document)


def _guarded(
    path: str,
    digest: Callable[[], str | None],
    read: Callable[[], Document],
    options: CheckOptions,
    beside: Beside,
) -> DocumentResult:
    selected_rules(
        options.select, options.ignore
    )  # a mistyped word is the user's to hear, not the file's fault
    if options.form is not None:
        from gouji.form.registry import form_by_id  # noqa: PLC0415  # forms are read when one is asked for

        form_by_id(options.form)
    try:
        return _check(read(), options, beside)
    except SourceRefusedError as refusal:
        return _not_checked(path, digest(), refusal.reason)
    except MemoryError:
        text = "检查这份文件时内存不足，没有得出检查结果。请把自评表所在的工作表另存为单独的文件再检查。"
        return _not_checked(path, digest(), Reason(ReasonCode.TOO_LARGE, text))
    except Exception as error:
        if os.environ.get("GOUJI_DEBUG") == "1":
            raise
        text = (
            f"程序读取或分析这份文件时出错（{type(error).__name__}），没有得出检查结果。"
            "请用 Excel 或 WPS 打开后另存为 .xlsx 再试；仍不行请把脱敏后的文件反馈给开发者。"
        )
        return _not_checked(path, digest(), Reason(ReasonCode.UNREADABLE, text))


def _sha256(path: str) -> str | None:
    try:
        with Path(path).open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return None


def _not_checked(path: str, digest: str | None, reason: Reason) -> DocumentResult:
    return DocumentResult(path, digest, None, Status.NOT_CHECKED, reason, Counts(), ())


def _check(document: Document, options: CheckOptions, beside: Beside) -> DocumentResult:
    from gouji.form import locate  # noqa: PLC0415  # the lexicon is loaded when a file is checked

    facts = locate(document, options.form)
    if document.kind in _COMPUTED:
        facts = _with_stale_results(facts, document)
    if facts.is_empty and not _is_report(document):
        text = (
            "没有认出绩效自评的表格（资金、指标、明细或基础数据）。请确认文件是否选对，或用 --form 指定表式。"
        )
        return _not_checked(document.path, document.sha256, Reason(ReasonCode.NOTHING_KNOWN, text))
    if beside.workbooks or beside.earlier:
        facts = replace(facts, workbooks=beside.workbooks, earlier=beside.earlier)
    found = _chosen(_explained(facts, run_rules(facts, facts.settings)), options)
    crashes = sum(is_crash(each) for each in found)
    reason = _reason(facts, crashes)
    status = Status.PARTIAL if reason else Status.FINDINGS if found else Status.CLEAN
    return DocumentResult(
        path=document.path,
        sha256=document.sha256,
        form=facts.form,
        status=status,
        reason=reason,
        counts=Counts(_answers(facts), _relations(facts), len(facts.uncalculated) + crashes),
        findings=tuple(sorted(found, key=reading_order(document))),
        document=document,
        facts=facts,
        left_out=_left_out(options),
    )


def _is_report(document: Document) -> bool:
    """Whether a text without tables is a self-evaluation all the same: then it is checked against itself."""
    text = "".join(paragraph.text for paragraph in document.paragraphs)
    return len(_ABOUT.findall(text)) >= _FEWEST_WORDS and sum(map(str.isdigit, text)) >= _FEWEST_DIGITS


def _with_stale_results(facts: Facts, document: Document) -> Facts:
    """The facts with the formula cells whose stored result is out of date; as they were where there are no formulas."""
    blocks = [t.grid for t in facts.indicators] + [t.grid for t in facts.money]
    grids = list({id(grid): grid for grid in blocks if any(c.formula for c in grid.cells.values())}.values())
    if not grids:
        return facts
    from gouji.calc.stale import stale_results  # noqa: PLC0415  # the engine is loaded where there are formulas

    try:
        data = Path(document.path).read_bytes()
    except OSError:
        return facts  # given in memory: computed just now
    if hashlib.sha256(data).hexdigest() != document.sha256:
        return facts
    # formulas that ask for the time are not judged, so any moment will do
    moment = datetime(2000, 1, 1, tzinfo=UTC)
    return replace(facts, stale=stale_results(data, grids, moment))


def _chosen(found: list[Finding], options: CheckOptions) -> list[Finding]:
    """The findings of the chosen rules.

    Every rule runs whatever was chosen, because the cause of one rule's symptom may be told by another: what is
    shown is then a part of the whole report, never something else.
    """
    codes = {rule.code for rule in selected_rules(options.select, options.ignore)}
    return [
        each
        for each in found
        if (each.code in codes if not is_crash(each) else each.observed is None or each.observed in codes)
    ]


def _left_out(options: CheckOptions) -> frozenset[str]:
    used = {rule.code for rule in selected_rules(options.select, options.ignore)}
    return frozenset(rule.code for rule in all_rules() if rule is not CRASHED) - used


def _explained(facts: Facts, found: list[Finding]) -> list[Finding]:
    """The findings with causes in place of symptoms; the symptoms stay where looking for causes fails."""
    from gouji.repair.submission import explain  # noqa: PLC0415  # the engine is loaded when a file is checked

    across = [each for each in found if each.code in _ACROSS]
    own = [each for each in found if each.code not in _ACROSS]
    try:
        return explain(facts, own) + across
    except Exception as error:
        if os.environ.get("GOUJI_DEBUG") == "1":
            raise
        return [*found, crash("错因分析", facts.document.path, error)]


def _answers(facts: Facts) -> int:
    """How many places of the form were located: figures, answers of indicators, heads of the form."""
    slots = [mention.slot for mention in facts.mentions] + [info.slot for info in facts.infos]
    for table in facts.indicators:
        for row in table.rows:
            slots += [slot for slot in (row.target, row.actual, row.weight, row.score, row.reason) if slot]
        for total in table.totals:
            slots += [slot for slot in (total.weight, total.score) if slot]
    return len({(id(slot.grid), slot.row, slot.col) for slot in slots})


def _relations(facts: Facts) -> int:
    """How many ties were evaluated: between amounts, each indicator's score, totals and printed groups."""
    scored = sum(
        row.score is not None and row.target is not None for table in facts.indicators for row in table.rows
    )
    summed = sum(
        len(table.totals) + sum(group.label.points is not None for group in table.groups)
        for table in facts.indicators
    )
    return len(facts.relations) + scored + summed


def _reason(facts: Facts, crashes: int) -> Reason | None:
    """What kept a required part from being evaluated; None where everything was."""
    if facts.uncalculated:
        places = "、".join(f"{slot.grid.name}!{slot.name}" for slot in facts.uncalculated[:3])
        more = f" 等 {len(facts.uncalculated)} 处" if len(facts.uncalculated) > 3 else ""
        text = (
            f"{places}{more}是公式，但文件里没有保存计算结果，这些数字没有核对。"
            "请用 Excel 或 WPS 打开、保存后再检查。"
        )
        return Reason(ReasonCode.NOT_CALCULATED, text)
    if crashes:
        return Reason(ReasonCode.UNSUPPORTED, f"程序有 {crashes} 处检查本文件时自身出错，相应内容没有检查。")
    return None


def reading_order(document: Document) -> Callable[[Finding], tuple[int, int, int, int, str, str]]:
    """Sorts findings as a person reads: whole file, tables, cells by row, paragraphs; the worst first."""
    order = {grid.name: number for number, grid in enumerate(document.grids)}

    severities = list(Severity)

    def key(found: Finding) -> tuple[int, int, int, int, str, str]:
        place = found.location
        row, col = cell_position(place.cell) or (place.paragraph or -1, -1)
        sheet = order.get(place.sheet, _LAST) if place.sheet is not None else _LAST if place.paragraph else -1
        return (sheet, row, col, severities.index(found.severity), found.code, found.message)

    return key
