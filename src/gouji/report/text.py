"""The report for people: grouped by sheet, with the piece of table and the arithmetic, in Chinese.

rich lays it out; colours appear only on a terminal and not under NO_COLOR. Everything that colour says is
also said in words or signs (the faulty cell stands in 【】), so that a printout loses nothing.
"""

from __future__ import annotations

import io
import os
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import IO

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from gouji.model import Change, Finding, Severity
from gouji.narrative.coverage import Covered, State, coverage
from gouji.report.excerpt import Excerpt, excerpt
from gouji.report.words import APPLICABILITY, CONFIDENCE, SEVERITY, shown, where
from gouji.result import DocumentResult, Status, exit_status
from gouji.rule.registry import all_rules

__all__ = ["to_text", "write_text"]

_STYLE = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
_PLAIN_WIDTH = 400  # lines of a redirected report are not folded: other programs read them


def to_text(results: Iterable[DocumentResult], *, quiet: bool = False) -> str:
    """The report as plain text without colours."""
    sink = io.StringIO()
    console = Console(file=sink, width=_PLAIN_WIDTH, color_system=None, force_terminal=False)
    _write(console, tuple(results), quiet=quiet)
    return "".join(f"{line.rstrip()}\n" for line in sink.getvalue().splitlines())


def write_text(
    results: Iterable[DocumentResult], stream: IO[str] | None = None, *, quiet: bool = False
) -> None:
    """Prints the report.

    Args:
        results: the files checked.
        stream: where to; standard output unless given.
        quiet: one line a finding, nothing else.
    """
    stream = stream or sys.stdout
    if not stream.isatty() or "NO_COLOR" in os.environ or os.environ.get("TERM") == "dumb":
        stream.write(to_text(results, quiet=quiet))
        return
    _write(Console(file=stream, highlight=False, markup=False, emoji=False), tuple(results), quiet=quiet)


def _write(console: Console, results: Sequence[DocumentResult], *, quiet: bool) -> None:
    for result in results:
        if quiet:
            _write_lines(console, result)
        else:
            _write_document(console, result)
    if not quiet:
        _print(console, _closing(results))


def _print(console: Console, item: RenderableType, indent: int = 0) -> None:
    console.print(Padding(item, (0, 0, 0, indent)) if indent else item, highlight=False, markup=False)


def _write_lines(console: Console, result: DocumentResult) -> None:
    if result.status is Status.NOT_CHECKED or result.reason is not None:
        text = result.reason.text if result.reason else ""
        console.print(Text(f"{shown(result.path)}: {_STATUS[result.status]}: {shown(text)}"), soft_wrap=True)
    for found in result.findings:
        place = where(found.location)
        line = Text(f"{shown(result.path)}: {place}: ")
        line.append(SEVERITY[found.severity], _STYLE[found.severity])
        line.append(f" {found.code} {shown(found.message)}")
        if found.accepted is not None:
            line.append(f"（已说明接受，{shown(found.accepted.role)}：{shown(found.accepted.reason)}）")
        console.print(line, soft_wrap=True)


_STATUS = {
    Status.CLEAN: "没有发现问题",
    Status.FINDINGS: "发现问题",
    Status.PARTIAL: "部分内容没有检查",
    Status.NOT_CHECKED: "没有检查",
}


def _write_document(console: Console, result: DocumentResult) -> None:
    title = Text(shown(result.path), "bold")
    if result.form is not None:
        title.append(f"  表式：{_form_name(result.form)}", "not bold dim")
    _print(console, title)
    for key, group in groupby(result.findings, key=lambda found: found.location.sheet):
        _print(console, Text())
        _print(console, Text(f"〔{shown(key) if key is not None else '正文'}〕", "bold"))
        for found in group:
            _write_finding(console, result, found)
    _print(console, Text())
    for line in _summary(result):
        _print(console, line)
    _print(console, Text())


def _form_name(form: str) -> str:
    return "未登记的表式，按通用规则检查（generic）" if form == "generic" else form


def _write_finding(console: Console, result: DocumentResult, found: Finding) -> None:
    head = Text("  ")
    head.append(SEVERITY[found.severity], _STYLE[found.severity])
    if found.accepted is not None:
        head.append(f"（已说明接受，原为{SEVERITY[found.accepted.severity]}）")
    head.append(f"  {where(found.location, sheet=False)}", "bold")
    if found.location.label:
        head.append(f"  {shown(found.location.label)}", "dim")
    head.append(f"  {found.code}", "dim")
    _print(console, head)
    _print(console, Text(shown(found.message)), 6)
    piece = excerpt(result.document, found)
    if piece is not None:
        _print(console, _table(piece, found), 6)
    for line in _details(found):
        _print(console, Text(line), 6)


def _details(found: Finding) -> Iterable[str]:
    if found.accepted is not None:
        yield f"说明：{shown(found.accepted.reason)}（{shown(found.accepted.role)}）"
    if found.location.paragraph is not None and found.location.text:
        yield f"原文：“{shown(found.location.text)}”"
    if found.relation:
        yield f"算式：{shown(found.relation)}"
    if found.expected is not None and found.expected != found.observed:
        yield f"应填：{shown(found.expected) or '（空）'}"
    yield from _remedies(found)
    if found.related:
        same = [place for place in found.related if place.sheet == found.location.sheet]
        other = [place for place in found.related if place.sheet != found.location.sheet]
        places = [where(place, sheet=False) for place in same] + [where(place) for place in other]
        yield f"相关：{'、'.join(places)}"
    if found.basis:
        yield f"依据：{shown(found.basis)}"


def _remedies(found: Finding) -> Iterable[str]:
    """The fix and the other explanations; an explanation that is the fix says who may apply it."""
    fix = found.fix
    if fix is not None and fix.changes not in [each.changes for each in found.alternatives]:
        yield f"修改：{_changes(fix.changes)}（{APPLICABILITY[fix.applicability]}）"
    for each in found.alternatives:
        is_fix = fix is not None and each.changes == fix.changes
        who = f"（{APPLICABILITY[fix.applicability]}）" if fix is not None and is_fix else ""
        evidence = f"：{shown(each.evidence)}" if each.evidence else ""
        yield f"{CONFIDENCE[each.confidence]}{who}：{_changes(each.changes)}{evidence}"


def _changes(changes: Iterable[Change]) -> str:
    return "；".join(
        f"{change.cell or f'第 {change.paragraph} 段'} “{shown(change.old)}” → “{shown(change.new)}”"
        for change in changes
    )


def _table(piece: Excerpt, found: Finding) -> Table:
    table = Table(box=None, pad_edge=False, show_edge=False, header_style="dim")
    table.add_column("", style="dim", justify="right", no_wrap=True)
    for letters in piece.columns:
        table.add_column(letters, no_wrap=True, overflow="ellipsis")
    for number, texts in piece.rows:
        if number in piece.gaps:
            table.add_row("⋮")
        row = [Text(str(number))]
        for letters, text in zip(piece.columns, texts, strict=True):
            if (number, letters) == piece.marked:
                row.append(Text(f"【{text or ' '}】", _STYLE[found.severity]))
            else:
                row.append(Text(text or ""))
        table.add_row(*row)
    return table


def _counted(results: Iterable[DocumentResult]) -> str:
    results = tuple(results)
    return "，".join(
        f"{sum(result.count(severity) for result in results)} 处{word}" for severity, word in SEVERITY.items()
    )


def _summary(result: DocumentResult) -> Iterable[Text]:
    if result.status is Status.NOT_CHECKED:
        text = shown(result.reason.text) if result.reason else "原因不明"
        yield Text(f"没有检查：{text}", "bold red")
        return
    counts = result.counts
    narrative = {rule.code for rule in all_rules() if rule.group == "narrative"}
    yield Text(_counted([result]), "bold")
    checked = f"已核对：{counts.facts} 处填报，{counts.relations} 项数量关系。"
    if answered := sum(found.accepted is not None for found in result.findings):
        yield Text(f"其中 {answered} 处已说明接受，按提示计。", "bold")
    if counts.unevaluated:
        checked += f"未能核对：{counts.unevaluated} 项。"
    yield Text(checked)
    if result.reason is not None:
        yield Text(f"部分内容没有检查：{shown(result.reason.text)}", "yellow")
    document = result.document
    if document is not None:
        for notice in document.notices:
            yield Text(f"未读入：{shown(notice)}", "yellow")
        written = sum(bool(paragraph.text.strip()) for paragraph in document.paragraphs)
        if narrative & result.left_out:
            if written:
                yield Text(f"正文 {written} 段：没有全部核对。", "yellow")
        elif result.facts is not None and (covered := coverage(result.facts)):
            yield _figures(covered)
        elif written:
            yield Text(f"正文 {written} 段：能对应的数字已与表格和前后文核对。")
    if result.left_out:
        yield Text(f"按要求没有使用的规则：{len(result.left_out)} 条。", "yellow")


def _figures(covered: Sequence[Covered]) -> Text:
    """How many figures of the text were compared, so that silence about the others is not taken for agreement."""
    times = Counter(each.state for each in covered)
    return Text(
        f"文字里的 {len(covered)} 个数字：{times[State.AGREED]} 个与表格、前后文或验算一致，"
        f"{times[State.DISAGREED]} 个不一致，{times[State.ALONE]} 个没有可核对的数（--format html 逐个列出）。"
    )


def _closing(results: Sequence[DocumentResult]) -> Text:
    skipped = sum(result.status is Status.NOT_CHECKED for result in results)
    partly = sum(result.status is Status.PARTIAL for result in results)
    whole = len(results) - skipped - partly
    parts = [f"{whole} 份文件全部检查" if whole else "没有文件得到全部检查"]
    if partly:
        parts.append(f"{partly} 份只检查了一部分")
    if skipped:
        parts.append(f"{skipped} 份没有检查")
    line = f"{'，'.join(parts)}；{_counted(results)}。"
    verdict = {
        0: "没有错误。"
        if not any(result.findings for result in results)
        else "没有错误，请查看上面的警告和提示。",
        1: "请改正错误后再报送。",
        2: "没有检查的内容不能视为正确。",
    }
    return Text(line + verdict[exit_status(results)], "bold")
