"""Writing back what a check found: a copy with the findings marked, a copy with the sure corrections applied.

The one path from findings to a workbook; the command line and the buttons are faces on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from gouji.calc.cellrune_engine import CellruneEngine
from gouji.calc.engine import EngineFailedError, Unavailable
from gouji.calc.value import Value
from gouji.checking import CheckOptions, check_bytes, check_file
from gouji.frozen import frozen
from gouji.model import Applicability, Change, Finding, Place, ReadingKind, Severity
from gouji.number import read_number
from gouji.result import DocumentResult, Status
from gouji.source.document import Document, ReasonCode, SourceRefusedError, cell_name
from gouji.write.annotate import Annotated, annotate
from gouji.write.changelog import LOG_SHEET, Logged, log_sheet
from gouji.write.convert import OLD_KINDS, open_workbook
from gouji.write.package import Package
from gouji.write.word import Comment, Replacement, Spot, WordFile

__all__ = [
    "LOG_SHEET",
    "Applied",
    "Fixed",
    "annotate_file",
    "annotate_report",
    "fix_bytes",
    "fix_file",
    "free_output",
    "logged",
    "with_log",
]

_WORKBOOKS = frozenset({"xlsx", "xlsm", "xltx", "xltm"}) | OLD_KINDS
_SHEETS = frozenset({"xlsb", "ods"})
_OLD_NAMES = frozenset({".xls", ".et", ".xlt"})
_REPORTS = frozenset({"docx"})
_SEVERITY = {Severity.ERROR: "错误", Severity.WARNING: "警告", Severity.INFO: "提示"}
_ROUNDS = 5


@frozen
class Applied:
    """One correction: the cell, both texts, the rule that asked for it and the arithmetic that speaks for it."""

    change: Change
    label: str
    code: str
    evidence: str


@frozen
class Fixed:
    """What fixing came to.

    ``applied`` are the corrections made; ``dropped`` those not made because they would have raised a new error
    or meet another one in the same cell, each with a Chinese reason; ``after`` is the check of the result; ``notices``
    say what conversion from an old kind of workbook changed.
    """

    applied: tuple[Applied, ...]
    dropped: tuple[tuple[Applied, str], ...]
    data: bytes
    after: DocumentResult
    notices: tuple[str, ...] = ()


def free_output(path: Path, word: str) -> Path:
    """The output path beside the input: 自评表.xlsx → 自评表.已批注.xlsx; the old kinds come back as .xlsx."""
    suffix = ".xlsx" if path.suffix.lower() in _OLD_NAMES else path.suffix
    return path.with_name(f"{path.stem}.{word}{suffix}")


def annotate_report(result: DocumentResult) -> tuple[WordFile, int]:
    """A Word report with its findings as comments beside the words and cells (nothing is written yet), and how many.

    Args:
        result: the check of the report.

    Raises:
        SourceRefusedError: the report cannot be written to, or could not be checked.
        OSError: it cannot be read any more.
    """
    word = WordFile.open(result.path)
    comments = [
        Comment(_spot(found.location, found.observed), tuple(_comment(found))) for found in result.findings
    ]
    word.mark(comments)
    return word, len(comments)


def _spot(place: Place, words: str | None) -> Spot:
    """Where in a Word document a finding stands: the words themselves where they can be found there."""
    quoted = place.text or None
    exact = words if words and quoted and words in quoted else quoted
    return Spot(place.paragraph, place.sheet, place.cell, exact, quoted)


def _comment(found: Finding) -> Iterator[str]:
    yield f"【{_SEVERITY[found.severity]}】{found.message}（{found.code}）"
    if found.expected is not None and found.expected != found.observed:
        yield f"应填：{found.expected or '（空）'}"
    if found.basis:
        yield f"依据：{found.basis}"


def annotate_file(
    path: str, options: CheckOptions | None = None, result: DocumentResult | None = None
) -> tuple[DocumentResult, Package, Annotated]:
    """Check a workbook (unless ``result`` is its check) and mark its findings in a copy (nothing is written yet).

    Raises:
        SourceRefusedError: the file is no workbook that can be edited, or could not be checked.
    """
    result = result or check_file(path, options)
    _require_workbook(result)
    package, notices = open_workbook(path)
    if result.reason is not None:
        notices = (result.reason.text, *notices)
    return result, package, annotate(package, result.findings, notices=notices)


def _require_workbook(result: DocumentResult, also: frozenset[str] = frozenset()) -> None:
    if result.status is Status.NOT_CHECKED and result.reason is not None:
        raise SourceRefusedError(result.reason.code, result.reason.text)
    kind = result.document.kind if result.document is not None else ""
    if kind not in _WORKBOOKS | also:
        advice = (
            "请用 Excel 或 WPS 另存为 .xlsx 后再试"
            if kind in _SHEETS
            else "请用 gouji check 查看问题，在原文件里改"
        )
        raise SourceRefusedError(
            ReasonCode.UNSUPPORTED,
            f"“{result.path}”是 .{kind} 文件，目前只能写回 .xlsx、.xlsm、.xls、.et 工作簿和 .docx 报告；{advice}。",
        )


def fix_file(path: str, options: CheckOptions | None = None, *, unsafe: bool = False) -> Fixed:
    """Apply the corrections that may be applied, until none is left; a correction that raises a new error is dropped.

    Args:
        path: A workbook (.xlsx, .xlsm), or a Word report (.docx), in which the corrections become tracked changes.
        options: As for checking.
        unsafe: Also those that a person should have looked at (``--unsafe``).

    Raises:
        SourceRefusedError: the file is no workbook that can be edited, or could not be checked.
    """
    result = check_file(path, options)
    _require_workbook(result, _REPORTS)
    if result.document is not None and result.document.kind in _REPORTS:
        return _fixed(path, Path(path).read_bytes(), result, options, (), unsafe=unsafe)
    package, notices = open_workbook(path)
    data = package.to_bytes()
    if notices:
        result = _check(path, data, options)
    return _fixed(path, data, result, options, notices, unsafe=unsafe)


def fix_bytes(data: bytes, path: str, options: CheckOptions | None = None, *, unsafe: bool = False) -> Fixed:
    """As :func:`fix_file`, for a workbook in memory; ``path`` is its name in messages."""
    result = _check(path, data, options)
    _require_workbook(result)
    return _fixed(path, data, result, options, (), unsafe=unsafe)


def _fixed(
    path: str,
    data: bytes,
    result: DocumentResult,
    options: CheckOptions | None,
    notices: tuple[str, ...],
    *,
    unsafe: bool,
) -> Fixed:
    applied: list[Applied] = []
    dropped: list[tuple[Applied, str]] = []
    refused: set[Change] = set()
    for _ in range(_ROUNDS):
        wanted, clashes = _wanted(result.findings, refused, unsafe=unsafe)
        dropped += clashes
        refused |= {each.change for each, _ in clashes}
        if not wanted:
            break
        data, result, kept, lost = _round(path, data, result, wanted, options)
        applied += kept
        dropped += lost
        refused |= {each.change for each, _ in lost}
        if not kept:
            break
    return Fixed(tuple(applied), tuple(dropped), data, result, notices)


def _wanted(
    findings: Sequence[Finding], refused: set[Change], *, unsafe: bool
) -> tuple[list[list[Applied]], list[tuple[Applied, str]]]:
    """The fixes to apply, each with its changes together; a cell asked for twice keeps the first."""
    allowed = {Applicability.SAFE, Applicability.UNSAFE} if unsafe else {Applicability.SAFE}
    taken: dict[_Where, str] = {}
    fixes: list[list[Applied]] = []
    clashes: list[tuple[Applied, str]] = []
    ranked = sorted(
        findings, key=lambda f: f.fix is not None and f.fix.applicability is not Applicability.SAFE
    )
    for found in ranked:
        if found.fix is None or found.fix.applicability not in allowed:
            continue
        changes = [
            Applied(change, found.location.label or "", found.code, found.relation or found.message)
            for change in found.fix.changes
        ]
        if any(
            each.change in refused
            or (each.change.cell is None and each.change.paragraph is None)
            or each.change.old == each.change.new
            for each in changes
        ):
            continue
        cells = [_where(each.change) for each in changes]
        if any(
            taken.get(cell, each.change.new) != each.change.new
            for cell, each in zip(cells, changes, strict=True)
        ):
            clashes += [(each, "同一格另有修改，没有重复改") for each in changes]
            continue
        if all(cell in taken for cell in cells):
            continue
        taken.update({cell: each.change.new for cell, each in zip(cells, changes, strict=True)})
        fixes.append(changes)
    return fixes, clashes


def _round(
    path: str, data: bytes, before: DocumentResult, fixes: list[list[Applied]], options: CheckOptions | None
) -> tuple[bytes, DocumentResult, list[Applied], list[tuple[Applied, str]]]:
    """Apply fixes together; where that raises a new error, one by one, leaving out those that do."""
    together = _apply(data, before.document, [each for fix in fixes for each in fix])
    if together is not None:
        after = _check(path, together, options)
        if not _worse(before, after):
            return together, after, [each for fix in fixes for each in fix], []
    kept: list[Applied] = []
    lost: list[tuple[Applied, str]] = []
    for fix in fixes:
        tried = _apply(data, before.document, fix)
        if tried is None:
            lost += [(each, "原文不是连在一起的普通文字，没有改") for each in fix]
            continue
        after = _check(path, tried, options)
        if _worse(before, after):
            lost += [(each, "改了会出现新的错误，没有改") for each in fix]
        else:
            data, before, kept = tried, after, kept + fix
    return data, before, kept, lost


def _check(path: str, data: bytes, options: CheckOptions | None) -> DocumentResult:
    return check_bytes(data, path, options)


def _worse(before: DocumentResult, after: DocumentResult) -> bool:
    """Whether errors stand in cells where none stood, or there are more of them, or less could be checked."""
    if after.status is Status.NOT_CHECKED:
        return True

    def errors(result: DocumentResult) -> set[tuple[str, str | None, str | None]]:
        return {
            (f.code, f.location.sheet, f.location.cell)
            for f in result.findings
            if f.severity is Severity.ERROR and f.location.cell is not None
        }

    return bool(errors(after) - errors(before)) or after.count(Severity.ERROR) > before.count(Severity.ERROR)


def _apply(data: bytes, document: Document | None, changes: Iterable[Applied]) -> bytes | None:
    """The document with these texts in place of the old ones, and every formula's stored result brought up to date.

    In a Word report the changes are tracked; None where one of them cannot be made there.
    """
    if document is not None and document.kind in _REPORTS:
        word = WordFile.open(data)
        made = word.mark(
            (),
            [
                Replacement(Spot(c.paragraph, c.sheet, c.cell, c.old or None), c.new)
                for c in (each.change for each in changes)
            ],
        )
        return word.to_bytes() if all(made) else None
    package = Package.open(data)
    by_sheet: dict[str, dict[str, Value]] = {}
    for each in changes:
        if each.change.sheet is not None and each.change.cell is not None:
            value = _value(each.change, document)
            by_sheet.setdefault(each.change.sheet, {})[each.change.cell] = value
    for sheet, values in by_sheet.items():
        package.set_values(sheet, values)
    _recalculate(package)
    return package.to_bytes()


def _recalculate(package: Package) -> None:
    """Store fresh results for the formulas; where the engine cannot say, Excel is asked to compute on opening."""
    formulas = package.formula_cells()
    if not formulas:
        return
    package.request_calculation()
    try:
        computed = CellruneEngine().compute(package.to_bytes(), datetime.now(UTC))
    except EngineFailedError:
        return
    results: dict[tuple[str, int, int], Value] = {}
    for cell in formulas:
        outcome = computed.outcome(cell.key)
        if not isinstance(outcome, Unavailable):
            results[cell.key] = outcome
    package.store(results)


def _value(change: Change, document: Document | None) -> Value:
    """What to store for a new text: a number where the text is one, in the scale of the cell's format."""
    reading = read_number(change.new)
    plain = reading.value is not None and reading.comparison is None and reading.unit in (None, "%")
    if not plain or reading.value is None or reading.upper is not None or reading.approximate:
        return change.new
    cell = None
    if document is not None:
        cell = next(
            (
                c
                for g in document.grids
                if g.name == change.sheet
                for c in g.cells.values()
                if cell_name(c.row, c.col) == change.cell
            ),
            None,
        )
    if reading.kind is ReadingKind.PERCENT:
        percent_format = cell is not None and "%" in cell.number_format
        if percent_format or (cell is not None and isinstance(cell.value, Decimal)):
            return reading.value.scaleb(-2)
        return change.new
    return reading.value


def logged(fixed: Fixed) -> list[Logged]:
    """The corrections made, as the change log and ``--log`` show them."""
    return [
        Logged(
            each.change.sheet or "",
            each.change.cell or "",
            each.label,
            each.change.old,
            each.change.new,
            each.code,
            each.evidence,
        )
        for each in fixed.applied
    ]


_Where = tuple[str | None, str | None, int | None, str | None]


def _where(change: Change) -> _Where:
    """What no two corrections may both change: a cell, or the same words of a paragraph."""
    return change.sheet, change.cell, change.paragraph, change.old if change.paragraph is not None else None


def with_log(fixed: Fixed) -> bytes:
    """The fixed workbook with its 修改记录 sheet; an earlier one is added to. A Word report shows its changes itself."""
    if fixed.after.document is not None and fixed.after.document.kind in _REPORTS:
        return fixed.data
    package = Package.open(fixed.data)
    package.add_sheet(log_sheet(logged(fixed), {sheet.name for sheet in package.sheets}))
    return package.to_bytes()
