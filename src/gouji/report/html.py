"""The report as one self-contained page: the findings, and the text with every figure marked by what it was compared with.

Colour is never the only sign: agreed, disagreed and lone figures have different underlines and different marks (✓ ✗ ○),
so that the page can be read by the colour-blind and on a black-and-white print. The page holds no script and loads
nothing; what a pointer shows beside a figure also stands in the table at the end, for paper.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from html import escape
from pathlib import Path

from gouji.model import Finding
from gouji.narrative.coverage import Covered, Evidence, State, coverage
from gouji.narrative.figures import TextPiece
from gouji.report.excerpt import excerpt
from gouji.report.words import APPLICABILITY, CONFIDENCE, SEVERITY, shown, where
from gouji.result import DocumentResult, Status
from gouji.rule.registry import rule_by_code
from gouji.version import __version__

__all__ = ["to_html"]

_STATE = {State.AGREED: "一致", State.DISAGREED: "不一致", State.ALONE: "无对照"}
_SIGN = {State.AGREED: "✓", State.DISAGREED: "✗", State.ALONE: "○"}
_STATUS = {
    Status.CLEAN: "没有发现问题",
    Status.FINDINGS: "发现问题",
    Status.PARTIAL: "部分内容没有检查",
    Status.NOT_CHECKED: "没有检查",
}
_MOST_EVIDENCE = 4


def to_html(results: Iterable[DocumentResult]) -> str:
    """The page, ended by a newline; the same results give the same bytes."""
    body = "".join(part for result in results for part in _document(result))
    return (
        '<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>勾稽检查结果</title>\n<style>\n{_style()}</style>\n</head>\n<body>\n<h1>勾稽检查结果</h1>\n"
        f'{body}<p class="quiet">gouji {escape(__version__)}</p>\n</body>\n</html>\n'
    )


@cache
def _style() -> str:
    return Path(__file__).with_name("page.css").read_text(encoding="utf-8")


def _document(result: DocumentResult) -> Iterator[str]:
    yield f"<h2>{_text(result.path)}</h2>\n"
    counts = "，".join(f"{result.count(severity)} 处{word}" for severity, word in SEVERITY.items())
    yield f"<p><b>{_STATUS[result.status]}</b>：{counts}。"
    if result.status is not Status.NOT_CHECKED:
        yield f"已核对 {result.counts.facts} 处填报，{result.counts.relations} 项数量关系。"
    yield "</p>\n"
    if result.reason is not None:
        yield f"<p>{_text(result.reason.text)}</p>\n"
    for notice in result.document.notices if result.document is not None else ():
        yield f"<p>未读入：{_text(notice)}</p>\n"
    if result.left_out:
        yield f"<p>按要求没有使用的规则：{len(result.left_out)} 条。</p>\n"
    if result.findings:
        yield "<h3>问题</h3>\n"
        for found in result.findings:
            yield from _finding(result, found)
    if result.facts is not None:
        yield from _prose(coverage(result.facts), result)


def _text(text: str) -> str:
    return escape(shown(text))


def _raw(text: str) -> str:
    """A piece of a text with its white space; control and invisible characters left out."""
    return escape("".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co")))


def _finding(result: DocumentResult, found: Finding) -> Iterator[str]:
    yield f'<div class="finding {found.severity.value}">\n<p><b class="level">{SEVERITY[found.severity]}</b>'
    yield f"{_text(where(found.location))}"
    if found.location.label:
        yield f" {_text(found.location.label)}"
    rule = rule_by_code(found.code)
    about = f' title="{_text(rule.doc.what)}"' if rule is not None else ""
    yield f' <span class="quiet"{about}>{escape(found.code)}</span></p>\n<p>{_text(found.message)}</p>\n'
    yield from _excerpt(result, found)
    if found.location.paragraph is not None and found.location.text:
        yield f"<p>原文：“{_text(found.location.text)}”</p>\n"
    if found.relation:
        yield f"<p>算式：{_text(found.relation)}</p>\n"
    if found.expected is not None and found.expected != found.observed:
        yield f"<p>应填：<b>{_text(found.expected) or '（空）'}</b></p>\n"
    for each in found.alternatives:
        changes = "；".join(
            f"{change.cell or f'第 {change.paragraph} 段'} “{_text(change.old)}” → “{_text(change.new)}”"
            for change in each.changes
        )
        is_fix = found.fix is not None and each.changes == found.fix.changes
        who = f"（{APPLICABILITY[found.fix.applicability]}）" if is_fix and found.fix is not None else ""
        yield f"<p>{CONFIDENCE[each.confidence]}{who}：{changes}：{_text(each.evidence)}</p>\n"
    if found.related:
        yield f'<p class="quiet">相关：{_text("、".join(where(place) for place in found.related))}</p>\n'
    if found.basis:
        yield f'<p class="quiet">依据：{_text(found.basis)}</p>\n'
    yield "</div>\n"


def _excerpt(result: DocumentResult, found: Finding) -> Iterator[str]:
    piece = excerpt(result.document, found)
    if piece is None:
        return
    heads = "".join(f"<th>{letters}</th>" for letters in piece.columns)
    yield f"<table><tr><th></th>{heads}</tr>\n"
    for number, texts in piece.rows:
        if number in piece.gaps:
            yield f'<tr><td colspan="{len(texts) + 1}">⋮</td></tr>\n'
        yield f"<tr><th>{number}</th>"
        for letters, text in zip(piece.columns, texts, strict=True):
            mark = (number, letters) == piece.marked
            yield (
                f'<td class="mark">【{_text(text or "")}】</td>' if mark else f"<td>{_text(text or '')}</td>"
            )
        yield "</tr>\n"
    yield "</table>\n"


def _prose(covered: Sequence[Covered], result: DocumentResult) -> Iterator[str]:
    """The statement of what was compared, the text with its figures marked, and the table of them."""
    if not covered:
        return
    counts = Counter(each.state for each in covered)
    total = len(covered)
    yield "<h3>文字中的数字</h3>\n<p>"
    yield (
        f"共 {total} 个数字："
        + "，".join(f"{_SIGN[s]} {_STATE[s]} {counts[s]} 个" for s in State)
        + "。</p>\n"
    )
    letters = {State.AGREED: "a", State.DISAGREED: "d", State.ALONE: "o"}
    widths = "".join(
        f'<span class="{letters[s]}" style="flex:{counts[s]}"></span>' for s in State if counts[s]
    )
    yield f'<div class="bar" role="img" aria-label="一致、不一致、无对照的比例">{widths}</div>\n'
    reasons = Counter(each.why for each in covered if each.why)
    if reasons:
        told = "；".join(f"{_text(why)} {times} 个" for why, times in reasons.most_common())
        yield f'<p class="quiet">无对照的原因：{told}。</p>\n'
    yield '<div class="text">\n'
    yield from _pieces(covered, result)
    yield '</div>\n<h3>逐个说明</h3>\n<table class="figures"><tr>'
    yield "".join(f"<th>{head}</th>" for head in ("序号", "位置", "文字", "数字", "结果", "对照")) + "</tr>\n"
    for number, each in enumerate(covered, 1):
        figure = each.figure
        yield (
            f"<tr><td>{number}</td><td>{_text(where(figure.place))}</td><td>{_text(figure.concept)}</td>"
            f"<td>{_text(figure.typed)}</td><td>{_SIGN[each.state]} {_STATE[each.state]}</td>"
            f"<td>{_against(each)}</td></tr>\n"
        )
    yield "</table>\n"


def _against(covered: Covered) -> str:
    """What a figure was compared with, in words."""
    if not covered.evidence:
        return _text(covered.why or "")
    ranked = sorted(covered.evidence, key=lambda each: each.agrees)
    unique = list(dict.fromkeys(_said(each, covered) for each in ranked))
    more = f"；等 {len(unique)} 处" if len(unique) > _MOST_EVIDENCE else ""
    return "；".join(unique[:_MOST_EVIDENCE]) + more


def _said(evidence: Evidence, covered: Covered) -> str:
    sign = "✓" if evidence.agrees else "✗"
    if evidence.place is None:
        return f"{sign} {_text(evidence.text)}"
    other = evidence.place.document != covered.figure.piece.document
    document = f"《{_text(Path(evidence.place.document).name)}》" if other else ""
    label = f"{_text(evidence.place.label or '')} " if evidence.place.cell else ""
    return f"{sign} {document}{_text(where(evidence.place))} {label}{_text(evidence.text)}"


def _pieces(covered: Sequence[Covered], result: DocumentResult) -> Iterator[str]:
    """The paragraphs and long cells that hold figures, and the paragraphs between them."""
    by_piece: dict[tuple[int | None, str | None, str | None, str], list[Covered]] = {}
    for each in covered:
        by_piece.setdefault(_key(each.figure.piece), []).append(each)
    path = result.path
    document = result.document
    seen = set()
    for paragraph in document.paragraphs if document is not None else ():
        piece = TextPiece(path, paragraph.text, paragraph.number)
        if paragraph.text.strip():
            seen.add(_key(piece))
            yield _paragraph(f"{paragraph.number}", piece, by_piece.get(_key(piece), []))
    for key, figures in by_piece.items():
        if key not in seen:
            piece = figures[0].figure.piece
            place = " ".join(word for word in (piece.sheet, piece.cell) if word)
            yield _paragraph(place, piece, figures)


def _key(piece: TextPiece) -> tuple[int | None, str | None, str | None, str]:
    return piece.paragraph, piece.sheet, piece.cell, piece.text


def _paragraph(place: str, piece: TextPiece, figures: Sequence[Covered]) -> str:
    parts = [f'<p><span class="number">{_text(place)}</span>']
    at = 0
    for each in sorted(figures, key=lambda covered: covered.figure.start):
        figure = each.figure
        tip = f"{_STATE[each.state]}：{_against(each)}"
        parts.append(_raw(piece.text[at : figure.start]))
        parts.append(
            f'<span class="f {each.state.value}" tabindex="0">{_raw(figure.typed)}'
            f'<span class="tip" role="tooltip">{tip}</span></span>'
        )
        at = figure.end
    parts.append(_raw(piece.text[at:]) + "</p>\n")
    return "".join(parts)
