"""The documents of one submission held against each other: form, written report, last year's form.

Each document is checked once, those that others are held against first. A difference between two documents is told
once: where a document's own figures already say which side is wrong, by the finding that says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from gouji.acceptance import NOTHING, accepted
from gouji.checking import Beside, CheckOptions, check_file, declared, reading_order
from gouji.frozen import replace
from gouji.model import Alternative, Applicability, Change, Confidence, Finding, Fix, Place, Severity
from gouji.number import read_number
from gouji.result import DocumentResult, Status

if TYPE_CHECKING:
    from gouji.form.facts import Facts, Mention, Relation

__all__ = ["beside", "check_together", "checked", "settled"]

_DIFFERENCES = frozenset({"GJ614", "GJ615"})
_TOTAL = "GJ201"
_Spot = tuple[str, str | None, str | None]


def check_together(
    files: Sequence[str],
    reports: Sequence[str] = (),
    priors: Sequence[str] = (),
    options: CheckOptions | None = None,
) -> tuple[DocumentResult, ...]:
    """Checks the files of one submission.

    Args:
        files: forms, or whatever is to be checked by itself.
        reports: written reports, held against ``files``.
        priors: last year's forms, which ``files`` and ``reports`` are held against.
        options: form and rules to use, the same for all.

    Returns:
        One result for each file, in the order given; each finding under the document of its location.

    Raises:
        UnknownRuleError: ``options`` names a rule that does not exist.
        UnknownFormError: ``options`` names a form that does not exist.
    """
    earlier = checked(priors, options)
    forms = checked(files, options, beside(earlier=earlier))
    texts = checked(reports, options, beside(workbooks=forms, earlier=earlier))
    return settled(forms, texts, earlier, options)


def checked(
    paths: Iterable[str], options: CheckOptions | None = None, others: Beside | None = None
) -> tuple[DocumentResult, ...]:
    """Checks files, each held against ``others``; explanations are applied by :func:`settled`, at the end."""
    plain = replace(options or CheckOptions(), declared=NOTHING)
    return tuple(check_file(path, plain, others) for path in paths)


def beside(*, workbooks: Iterable[DocumentResult] = (), earlier: Iterable[DocumentResult] = ()) -> Beside:
    """What these documents offer to be held against; one that could not be checked offers nothing."""
    return Beside(
        tuple(result.facts for result in workbooks if result.facts is not None),
        tuple(result.facts for result in earlier if result.facts is not None),
    )


def settled(
    forms: Sequence[DocumentResult],
    reports: Sequence[DocumentResult],
    earlier: Sequence[DocumentResult],
    options: CheckOptions | None = None,
) -> tuple[DocumentResult, ...]:
    """The results with each fault told once, under the document it stands in, and with explanations applied."""
    results = (*forms, *reports, *earlier)
    options = options or CheckOptions()
    if reports or earlier:
        results = _told_once(results, forms, reports)
    return tuple(accepted(each, declared(each, options)) for each in results)


def _told_once(
    results: tuple[DocumentResult, ...], forms: Sequence[DocumentResult], reports: Sequence[DocumentResult]
) -> tuple[DocumentResult, ...]:
    found = [each for result in results for each in result.findings]
    stated = _stated(forms, reports)
    facts = {result.path: result.facts for result in results if result.facts is not None}
    found = [_located(_decided(each, stated), facts.get(each.location.document), stated) for each in found]
    own = {
        _spot(each.location): index
        for index, each in enumerate(found)
        if each.code not in _DIFFERENCES and each.severity is Severity.ERROR and each.expected is not None
    }
    kept: list[Finding | None] = list(found)
    for index, each in enumerate(found):
        if each.code not in _DIFFERENCES or not each.related:
            continue
        for place, value, other in (
            (each.location, each.expected, each.related[0]),
            (each.related[0], each.observed, each.location),
        ):
            at = own.get(_spot(place)) if place.cell is not None else None
            cause = kept[at] if at is not None else None
            if cause is not None and at is not None and _one_number(cause.expected, value):
                kept[at] = replace(cause, related=(*cause.related, other))
                kept[index] = None
                break
    return tuple(_sorted(results, [each for each in kept if each is not None]))


def _sorted(results: Sequence[DocumentResult], found: Sequence[Finding]) -> Iterator[DocumentResult]:
    """The results, each with the findings that stand in it."""
    for result in results:
        if result.document is None:
            yield result
            continue
        own = [each for each in dict.fromkeys(found) if each.location.document == result.path]
        status = result.status
        if status in (Status.CLEAN, Status.FINDINGS):
            status = Status.FINDINGS if own else Status.CLEAN
        findings = tuple(sorted(own, key=reading_order(result.document)))
        yield replace(result, status=status, findings=findings)


def _spot(place: Place) -> _Spot:
    return place.document, place.sheet, place.cell


def _one_number(one: str | None, other: str | None) -> bool:
    """Whether two texts are one number, whatever their dress."""
    if one is None or other is None:
        return False
    first, second = read_number(one).value, read_number(other).value
    return first is not None and first == second


_Stated = dict[_Spot, list[tuple[Decimal, str]]]


def _stated(forms: Iterable[DocumentResult], reports: Iterable[DocumentResult]) -> _Stated:
    """What the other document states, in its tables and its text, in place of each cell; and where, in words."""
    from gouji.form.copies import copies  # noqa: PLC0415  # loaded where there is a report
    from gouji.narrative.story import workbook_ties  # noqa: PLC0415  # loaded when it is needed

    found: _Stated = {}
    for report in reports:
        if report.facts is None:
            continue
        for form in forms:
            if form.facts is None:
                continue
            for copy in copies(report.facts, form.facts):
                for slot, other in ((copy.slot, copy.other), (copy.other, copy.slot)):
                    if other.value is not None:
                        where = f"{other.grid.name} 的 {other.name}"
                        found.setdefault(_spot(slot.place), []).append((other.value, where))
        for tie in workbook_ties(report.facts):
            amount, typed = tie.figure.amount, tie.entry.reading.value
            if amount is not None and typed and tie.entry.reckoned is None:
                value = amount * typed / tie.entry.amount if tie.entry.amount else amount
                piece = tie.figure.piece
                where = f"第 {piece.paragraph} 段" if piece.paragraph else f"{piece.cell} 的文字"
                found.setdefault(_spot(tie.entry.slot.place), []).append((value, where))
    return found


def _decided(found: Finding, stated: _Stated) -> Finding:
    """A finding with several explanations, of which the other document bears out just one: told as that one."""
    if len(found.alternatives) < 2 or (
        found.fix is not None and found.fix.applicability is not Applicability.DISPLAY
    ):
        return found
    borne_out = [each for each in found.alternatives if _borne_out(each, found.location.document, stated)]
    if len(borne_out) != 1:
        return found
    best = borne_out[0]
    change = best.changes[0]
    new = read_number(change.new).value
    places = [
        place for value, place in stated[found.location.document, change.sheet, change.cell] if value == new
    ]
    said = f"同时报送的另一份材料里，{'、'.join(dict.fromkeys(places))}写的就是 {change.new}"
    others = tuple(each for each in found.alternatives if each is not best)
    best = Alternative(Confidence.LIKELY, best.changes, f"{best.evidence}；{said}")
    return replace(
        found,
        message=f"{change.cell} 填的“{change.old}”很可能应为 {change.new}：{found.relation or best.evidence}，{said}。",
        location=Place(
            found.location.document,
            change.sheet,
            change.cell,
            _label(found, change.cell),
            None,
            change.old,
        ),
        observed=change.old,
        expected=change.new,
        related=tuple(p for p in (found.location, *found.related) if p.cell != change.cell),
        fix=Fix(Applicability.UNSAFE, best.changes),
        alternatives=(best, *others),
    )


def _located(found: Finding, facts: Facts | None, stated: _Stated) -> Finding:
    """A total that fails, told at the one cell whose value in the other document makes it hold."""
    from gouji.form.facts import RelationKind  # noqa: PLC0415  # loaded where there is a report
    from gouji.rule.wording import figure, labelled  # noqa: PLC0415  # loaded when it is needed

    pinned = found.fix is not None and found.fix.applicability is not Applicability.DISPLAY
    if found.code != _TOTAL or facts is None or pinned:
        return found
    right = [
        (mention, value, where)
        for relation in facts.relations
        if relation.kind is RelationKind.SUM and _spot(relation.result.slot.place) == _spot(found.location)
        for mention, value, where in _mends(relation, stated)
    ]
    if len({_spot(mention.slot.place) for mention, _, _ in right}) != 1:
        return found
    mention, value, where = right[0]
    place, new = mention.slot.place, figure(value)
    return replace(
        found,
        message=f"{labelled(mention.slot)}填的“{place.text}”很可能应为 {new}：{found.relation}，"
        f"同时报送的另一份材料里，{where}写的就是 {new}。",
        location=place,
        observed=place.text,
        expected=new,
        related=tuple(p for p in (found.location, *found.related) if _spot(p) != _spot(place)),
        fix=Fix(Applicability.UNSAFE, (Change(place.sheet, place.cell, place.text or "", new),)),
        alternatives=(),
    )


def _mends(relation: Relation, stated: _Stated) -> Iterator[tuple[Mention, Decimal, str]]:
    """The cells of a failing sum that the other document states otherwise, so that the sum holds."""
    terms = [(relation.result, -1), *((term.mention, term.sign) for term in relation.terms)]
    gap = sum((sign * (mention.reading.value or 0) for mention, sign in terms), Decimal(0))
    for mention, sign in terms:
        for value, where in stated.get(_spot(mention.slot.place), ()):
            if (
                gap
                and mention.reading.value is not None
                and gap + sign * (value - mention.reading.value) == 0
            ):
                yield mention, value, where


def _label(found: Finding, cell: str | None) -> str | None:
    return next((p.label for p in (found.location, *found.related) if p.cell == cell), None)


def _borne_out(alternative: Alternative, document: str, stated: _Stated) -> bool:
    """Whether the other document states every new value of an explanation."""
    for change in alternative.changes:
        known = stated.get((document, change.sheet, change.cell), ())
        new = read_number(change.new).value
        if not any(value == new for value, _ in known):
            return False
    return bool(alternative.changes)
