"""The button 审核报告文字: the written report beside the workbook, and the long texts in its cells, figure by figure.

What is found is what ``gouji check 表 --report 报告`` finds in the report and in the texts of the workbook. A Word report
comes back as an annotated copy beside it, as by ``gouji annotate``; the list stands in 校验结果, like that of 校验.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from gouji.acceptance import NOTHING
from gouji.checking import CheckOptions, check_bytes
from gouji.crossing import beside, checked, settled
from gouji.frozen import replace
from gouji.mending import annotate_report, free_output
from gouji.model import Finding, Severity
from gouji.narrative.coverage import State, coverage
from gouji.office import marking
from gouji.office.beside import WORD, folder_file, reports_beside, save_beside
from gouji.office.copying import saved_copy
from gouji.result import DocumentResult, Status
from gouji.rule.registry import selected_rules
from gouji.source.document import ReasonCode, SourceRefusedError

if TYPE_CHECKING:
    import xlwings as xw

__all__ = ["audit"]

_KINDS = (*WORD, ".doc", ".wps", ".txt")


def audit(book: xw.Book) -> str:
    """审核报告文字: what the report's figures say against the tables and each other, marked in a copy and listed."""
    report = _report(folder_file(book))
    marking.clear(book)
    copy = saved_copy(book)
    form, text = _results(copy, book.fullname, report)
    noted = _annotated(text, report)
    findings = (*_listed(text, form, report.name), *_of_texts(form))
    times = Counter(
        each.state for one in (form, text) if one.facts is not None for each in coverage(one.facts)
    )
    compared = times[State.AGREED] + times[State.DISAGREED]
    figures = f"文字里的 {times.total()} 个数字，对上 {compared} 个，其中 {times[State.DISAGREED]} 个不一致"
    told = _counted(findings)
    copied = f"批注在“{noted.name}”" if noted is not None else ""
    notices = [f"审核报告文字：“{report.name}”和本表的文字；{figures}" + (f"；{copied}" if copied else "")]
    notices += [one.reason.text for one in (form, text) if one.reason is not None]
    shown = marking.show(book, copy, findings, notices)
    shown.sheet.activate()
    where = [copied, f"明细见“{shown.summary}”"]
    return f"审核报告文字：{figures}；{told}；{'，'.join(each for each in where if each)}"


def _report(path: Path) -> Path:
    """The one report beside the workbook.

    Raises:
        SourceRefusedError: there is none, or more than one; the text says what to do.
    """
    found = reports_beside(path, _KINDS)
    if not found:
        raise SourceRefusedError(
            ReasonCode.UNSUPPORTED,
            f"表所在的文件夹（{path.parent}）里没有找到自评报告。请把报告（.docx、.doc、.wps 或 .txt）放进去，"
            f"文件名里要有“报告”二字，或与表同名（{path.stem}.docx），再点一次。只检查表格，请点“校验”。",
        )
    if len(found) > 1:
        listed = "、".join(f"“{each.name}”" for each in found[:5]) + ("等" if len(found) > 5 else "")
        raise SourceRefusedError(
            ReasonCode.UNSUPPORTED,
            f"表所在的文件夹里有 {len(found)} 份报告：{listed}，不知道该审核哪一份。"
            f"请把要审核的那一份改成与表同名（{path.stem}{found[0].suffix}），或把其余的移到别处，再点一次。",
        )
    return found[0]


def _results(copy: bytes, name: str, report: Path) -> tuple[DocumentResult, DocumentResult]:
    """The checks of workbook and report, held against each other.

    Raises:
        SourceRefusedError: one of them could not be checked.
    """
    first = check_bytes(copy, name, CheckOptions(declared=NOTHING))
    _require(first, "")
    texts = checked([str(report)], None, beside(workbooks=[first]))
    _require(texts[0], f"“{report.name}”：")
    form, text = settled([first], texts, ())
    return form, text


def _require(result: DocumentResult, whose: str) -> None:
    if result.status is Status.NOT_CHECKED and result.reason is not None:
        raise SourceRefusedError(result.reason.code, whose + result.reason.text)


def _annotated(text: DocumentResult, report: Path) -> Path | None:
    """The annotated copy beside a Word report, None where there is nothing to write or nothing to write it in."""
    if not text.findings or text.document is None or text.document.kind != "docx":
        return None
    word, _ = annotate_report(text)
    return save_beside(free_output(report, "已批注"), word.to_bytes(), "带批注的副本")


def _counted(findings: Sequence[Finding]) -> str:
    if not findings:
        return "没有发现问题"
    times = Counter(found.severity for found in findings)
    return (
        f"错误 {times[Severity.ERROR]} 条，警告 {times[Severity.WARNING]} 条，提示 {times[Severity.INFO]} 条"
    )


def _of_texts(form: DocumentResult) -> tuple[Finding, ...]:
    """What is wrong in the long texts of the workbook; the rest is for 校验."""
    codes = {rule.code for rule in selected_rules(("narrative",), ())}
    return tuple(found for found in form.findings if found.code in codes)


def _listed(text: DocumentResult, form: DocumentResult, name: str) -> tuple[Finding, ...]:
    """The report's findings as the list in the workbook shows them, those of its sentences first.

    One that a cell of the workbook contradicts stands at that cell. The others are listed with the place in the
    report, which is written as Excel writes places of another file, so that no cell of the workbook is taken for it.
    """
    listed = []
    for found in sorted(text.findings, key=lambda one: one.location.paragraph is None):
        place = found.location
        where = place.sheet if place.paragraph is None else f"第 {place.paragraph} 段"
        cell = next((one for one in found.related if one.document == form.path and one.cell), None)
        if cell is not None:
            observed = f"报告{where or ''}：{found.observed or place.text or ''}"
            expected = f"本表：{found.expected or cell.text or ''}"
            listed.append(replace(found, location=cell, observed=observed, expected=expected))
        else:
            sheet = f"[{name}]{place.sheet or ''}"
            listed.append(replace(found, location=replace(place, sheet=sheet)))
    return tuple(listed)
