"""The whole submission as one repair problem, and its answer told as findings.

Rules report symptoms (a total that fails, a rate that does not follow). All relations of the document together
tell the cause: each group that the engine finds becomes one finding at the cell judged faulty, with its
alternatives, and the symptoms become ``related``.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from gouji.form.facts import Facts, Relation, RelationKind
from gouji.frozen import replace
from gouji.model import (
    Alternative,
    Applicability,
    Change,
    Confidence,
    Finding,
    Fix,
    Place,
    Severity,
)
from gouji.narrative.figures import StatedRelation
from gouji.narrative.story import story_of
from gouji.narrative.tables import TableTie
from gouji.number import resembles
from gouji.repair.aftermath import told_once, without_symptoms
from gouji.repair.consequences import with_consequences
from gouji.repair.engine import solve
from gouji.repair.posing import Posed, Unknown, pose
from gouji.repair.problem import (
    Group,
    LinearRelation,
    RepairAlternative,
)
from gouji.repair.slips import Slip
from gouji.rule.wording import figure

__all__ = ["explain"]

_TEXT = "GJ610"
_SPOKEN = "GJ601"
_SYMPTOMS = frozenset({"GJ201", "GJ202", "GJ203", "GJ205", _TEXT, _SPOKEN})
_MALFORMED = "GJ401"
_LIKELY = 0.6
_POSSIBLE = 0.04
_UNSAFE = 0.75
_RIVAL = 0.1
_MOST_SHOWN = 4
_TIME_LIMIT_S = 1.0
_CUT = "（数据太多，查到时限为止，这是目前找到的最好解释）。"
_SAID = {
    Slip.SPELLING: "写法有误",
    Slip.MISSPELT_SLIP: "写法有误，又打错一位",
    Slip.SUBSTITUTED: "打错一位",
    Slip.TRANSPOSED: "相邻两位颠倒",
    Slip.OMITTED: "漏打一位",
    Slip.DOUBLED: "多打一位",
    Slip.INSERTED: "多打一位",
    Slip.ZERO: "小数点后多或少一个 0",
    Slip.POINT: "小数点错位",
    Slip.UNIT: "单位差一万倍（元、万元）",
    Slip.SIGN: "正负号填反",
    Slip.PERCENT: "百分号漏写或多写",
    Slip.OTHER_COLUMN: "填成了别的列的数",
    Slip.OTHER_ROW: "填成了别的行的数",
    Slip.SWAPPED: "两格填反",
    Slip.BLANK: "漏填",
    Slip.STALE_TOTAL: "明细改了、合计没有改",
    Slip.STALE_CHAIN: "明细改了、合计没有改",
    Slip.LINE_OMITTED: "合计漏加一行",
    Slip.LINE_TWICE: "合计多加一行",
    Slip.ROUNDED: "取整了",
    Slip.JUMPED: "两位数字互换",
    Slip.TWO_DIGITS: "打错两位",
    Slip.COPIED: "错数被照抄",
    Slip.ARBITRARY: "数不对",
}


def explain(facts: Facts, findings: list[Finding]) -> list[Finding]:
    """Replace arithmetic symptoms by their causes where the relations of the document single them out.

    Args:
        facts: The document.
        findings: What the rules found, in any order.

    Returns:
        The findings with each explained group of symptoms told once; all others unchanged.
    """
    symptoms = [found for found in findings if _is_symptom(found)]
    if not symptoms:
        return told_once(findings)
    story = story_of(facts)
    hot = {(place.sheet, place.cell) for found in symptoms for place in (found.location, *found.related[:1])}
    posed = pose(facts, story.ties, story.statements, hot)
    if not posed.problem.relations:
        return told_once(findings)
    answer = solve(posed.problem, time_limit_s=_TIME_LIMIT_S)
    kept = list(findings)
    causes: list[Finding] = []
    explained: list[tuple[Finding, list[Finding]]] = []
    for group in answer.groups:
        symptoms = [found for found in kept if _belongs(found, group, posed)]
        if not symptoms or _only_a_rate(symptoms, group):
            continue
        if not _mends(group, posed):
            # the spelling is mended, the sum it stands in is not: both are told
            symptoms = [found for found in symptoms if found.code == _MALFORMED] or symptoms
        told = _tell(group, symptoms, posed)
        if told is None:
            continue
        if not answer.complete:
            told = replace(told, message=told.message.rstrip("。") + _CUT)
        first = kept.index(symptoms[0])
        kept = [found for found in kept if found not in symptoms]
        kept[min(first, len(kept)) : min(first, len(kept))] = [told, *_also_in_the_text(told, symptoms)]
        explained.append((told, symptoms))
        if told.fix is not None and told.fix.changes == told.alternatives[0].changes and told.expected:
            causes.append(told)
    return told_once(with_consequences(facts, without_symptoms(facts, kept, causes, explained)))


def _also_in_the_text(told: Finding, symptoms: list[Finding]) -> list[Finding]:
    """Figures of the text that one sure explanation of a cell puts right too: each is told where it stands."""
    if told.location.cell is None or told.expected is None:
        return []
    return [
        replace(found, message=f"{found.message}按其他数字推算，这里应为 {change.new}。", expected=change.new)
        for change in told.alternatives[0].changes[1:]
        for found in symptoms
        if found.code == _TEXT
        and change.paragraph is not None
        and (change.paragraph, change.old) == (found.location.paragraph, found.observed)
    ]


def _only_a_rate(symptoms: list[Finding], group: Group) -> bool:
    """Whether nothing but a rate fails and only several amounts changed at once would explain it.

    The amounts are borne out by their other relations: the rate is wrong, and its rule has said what it is.
    """
    best = group.alternatives[0] if group.alternatives else None
    return (
        [found.code for found in symptoms] == ["GJ203"]
        and symptoms[0].expected is not None
        and best is not None
        and not group.auto
        and len(best.changes) > 1
    )


def _mends(group: Group, posed: Posed) -> bool:
    """Whether every sum that the best explanation touches holds once its changes are made."""
    if not group.alternatives:
        return False
    changes = group.alternatives[0].changes
    for relation in posed.problem.relations:
        if not isinstance(relation, LinearRelation) or not any(cell in changes for cell, _ in relation.terms):
            continue
        total = -relation.rhs
        for cell, coefficient in relation.terms:
            reading = posed.unknowns[int(cell)].reading
            value = changes.get(
                cell, reading.value if reading.value is not None or not reading.is_empty else Decimal(0)
            )
            if value is None:
                break
            total += coefficient * value
        else:
            if abs(total) > max(relation.tol, relation.soft):
                return False
    return True


def _is_symptom(found: Finding) -> bool:
    if found.code == _MALFORMED:
        return True
    if found.observed == "":
        return False  # a cell left blank, and the sum says what is missing: that is the cause already
    return found.code in _SYMPTOMS and found.severity is not Severity.INFO


def _belongs(found: Finding, group: Group, posed: Posed) -> bool:
    """Whether a finding is a symptom of this group."""
    if found.code == _MALFORMED:
        return any(_same(posed.unknowns[int(i)].place, found.location) for i in group.malformed)
    if not _is_symptom(found):
        return False
    for number in group.relations:
        relation = posed.relations[int(number)]
        if isinstance(relation, StatedRelation):
            if found.code == _SPOKEN and found.location == relation.whole.place:
                return True
            continue
        if isinstance(relation, TableTie):
            slot = relation.entry.slot
            told = (relation.figure.place, slot.place)
            if found.code == _TEXT and (found.location == told[0] or _same(found.location, told[1])):
                return True
            continue
        if any(
            _same(m.slot.place, found.location)
            for m in (relation.result, *(t.mention for t in relation.terms))
        ) and _fits(found.code, relation):
            return True
    return False


def _fits(code: str, relation: Relation) -> bool:
    kinds = {
        "GJ201": (RelationKind.SUM, RelationKind.BALANCE),
        "GJ202": (RelationKind.SUBSET,),
        "GJ203": (RelationKind.RATIO, RelationKind.CONTROL),
        "GJ205": (RelationKind.EQUAL,),
    }
    return relation.kind in kinds.get(code, ())


def _same(one: Place, other: Place) -> bool:
    return one.cell is not None and one.sheet == other.sheet and one.cell == other.cell


def _tell(group: Group, symptoms: list[Finding], posed: Posed) -> Finding | None:
    """One finding for a group."""
    shown = [
        a
        for a in group.alternatives
        if a.confidence >= _POSSIBLE and _known(a) and _recognisable(a, group, posed)
    ][:_MOST_SHOWN]
    if not shown:
        return None
    best = shown[0]
    auto = group.auto and not any(value == 0 for value in best.changes.values()) and _mends(group, posed)
    alternatives = tuple(
        Alternative(_word(a, auto=auto and a is best), _changes(a, posed), _because(a)) for a in shown
    )
    primary = next((s for s in symptoms if s.code not in (_TEXT, _SPOKEN)), symptoms[0])
    rivals = [a.confidence for a in shown[1:]]
    strong = auto or (best.confidence >= _UNSAFE and max(rivals, default=0.0) < _RIVAL)
    writable = all(posed.unknowns[int(cell)].writable for cell in best.changes)
    if strong:
        cell = posed.unknowns[int(next(iter(best.changes)))]
        applicability = Applicability.SAFE if auto else Applicability.UNSAFE
        malformed = next(
            (s for s in symptoms if s.code == _MALFORMED and _same(s.location, cell.place)), None
        )
        tables = [s for s in symptoms if s.code not in (_TEXT, _SPOKEN)] or symptoms
        primary = malformed or next((s for s in tables if _same(s.location, cell.place)), tables[0])
        new = _typed_as(cell, alternatives[0].changes[0], next(iter(best.changes.values())))
        odd = "不是一个数，" if malformed is not None else ""
        more = "；".join(
            f"{posed.unknowns[int(c)].called}应为 {change.new}"
            for c, change in list(zip(best.changes, alternatives[0].changes, strict=True))[1:]
        )
        sure = "应为" if auto else "很可能应为"
        message = (
            f"{cell.called}填的“{cell.reading.text}”{odd}{sure} {new}"
            + (f"，{more}" if more else "")
            + f"：{_arithmetic_first(best.evidence)}（像是{_slip(best)}）。"
        )
        if best.kind == Slip.SWAPPED and len(best.changes) == 2:
            other = posed.unknowns[int(list(best.changes)[1])]
            message = (
                f"{cell.called}填的“{cell.reading.text}”与{other.called}填的“{other.reading.text}”"
                f"{'' if auto else '很可能'}填反了，应对调：{_arithmetic_first(best.evidence)}。"
            )
        if best.kind == Slip.ARBITRARY and primary.fix and primary.fix.changes == alternatives[0].changes:
            message = primary.message  # the rule knows more than that the figure is wrong
        return replace(
            primary,
            message=message,
            location=cell.place,
            observed=cell.reading.text,
            expected=new,
            relation=best.evidence,
            related=_related(symptoms, cell.place),
            fix=Fix(applicability, alternatives[0].changes) if writable else None,
            alternatives=alternatives,
        )
    guesses = "；或 ".join(
        "，".join(f"{c.cell} {c.old or '空白'}→{c.new}" for c in a.changes) + f"（{_slip(source)}）"
        for a, source in zip(alternatives, shown, strict=True)
    )
    fix = _display(primary, alternatives) if writable else primary.fix
    return replace(
        primary,
        message=primary.message.rstrip("。") + f"。可能的原因：{guesses}。",
        expected=primary.expected if fix is not None and fix is primary.fix else None,
        related=_related(symptoms, primary.location),
        fix=fix,
        alternatives=alternatives,
    )


def _typed_as(unknown: Unknown, change: Change, value: Decimal | None) -> str:
    """The new number by itself, as a clerk should type it."""
    return _spell(unknown, value) if unknown.mention is not None and value is not None else change.new


def _arithmetic_first(evidence: str) -> str:
    """Sums before «与…一致»: a clerk checks the sum first."""
    lines = evidence.split("；")
    return "；".join(sorted(lines, key=lambda line: line.startswith("与")))


def _display(primary: Finding, alternatives: tuple[Alternative, ...]) -> Fix:
    """What to show where several explanations fit; a rule that was sure enough of its own fix keeps it."""
    if primary.fix is not None and primary.fix.applicability is not Applicability.DISPLAY:
        return primary.fix
    return Fix(Applicability.DISPLAY, alternatives[0].changes)


def _known(alternative: RepairAlternative) -> bool:
    return bool(alternative.changes) and all(value is not None for value in alternative.changes.values())


def _recognisable(alternative: RepairAlternative, group: Group, posed: Posed) -> bool:
    """Whether what it makes of an ill-spelt figure has something of what was typed.

    A figure that is none leaves its sum open: any value closes it, also one that is wrong for another reason.
    """
    return all(
        value is None or resembles(posed.unknowns[int(cell)].reading.text, value)
        for cell, value in alternative.changes.items()
        if cell in group.malformed and posed.unknowns[int(cell)].reading.value is None
    )


def _word(alternative: RepairAlternative, *, auto: bool) -> Confidence:
    if auto:
        return Confidence.CERTAIN
    return Confidence.LIKELY if alternative.confidence >= _LIKELY else Confidence.POSSIBLE


def _slip(alternative: RepairAlternative) -> str:
    kinds = [Slip(kind) for kind in alternative.kind.split("+") if kind in set(Slip)]
    return "、".join(dict.fromkeys(_SAID[kind] for kind in kinds)) or "数不对"


def _because(alternative: RepairAlternative) -> str:
    return f"{alternative.evidence}（{_slip(alternative)}）" if alternative.evidence else _slip(alternative)


def _changes(alternative: RepairAlternative, posed: Posed) -> tuple[Change, ...]:
    changes = []
    for cell, value in alternative.changes.items():
        unknown = posed.unknowns[int(cell)]
        if value is None:
            continue
        if unknown.mention is not None:
            slot = unknown.mention.slot
            number = _spell(unknown, value)
            changes.append(Change(slot.grid.name, slot.name, slot.text, unknown.within(number) or number))
        elif unknown.figure is not None:
            piece = unknown.figure.piece
            unit = unknown.figure.unit or ""
            typed = unknown.figure.typed
            changes.append(
                Change(piece.sheet, piece.cell, typed, figure(value / unknown.scale) + unit, piece.paragraph)
            )
    return tuple(changes)


def _spell(unknown: Unknown, value: Decimal) -> str:
    """A value in the dress of the text it replaces: percent sign, unit, thousands separators."""
    reading = unknown.reading
    text = reading.text
    if unknown.rate:
        if "%" in text or "％" in text or reading.value is None:
            return figure(value) + "%"
        if reading.unit is None and Decimal(0) < abs(reading.value) <= Decimal(2) < abs(value):
            return figure(value / 100)
        return figure(value)
    new = figure(value)
    if reading.value is not None and text.rstrip().endswith("0") and "." in text:
        exponent = value.as_tuple().exponent
        new = f"{value:.{max(reading.decimals, -exponent if isinstance(exponent, int) else 0)}f}"
    if "," in text or "，" in text:
        whole, _, rest = new.partition(".")
        new = f"{int(whole):,}" + (f".{rest}" if rest else "")
    return new + reading.unit if reading.unit and reading.unit in text else new


def _related(symptoms: Iterable[Finding], own: Place) -> tuple[Place, ...]:
    places: dict[tuple[str | None, str | None], Place] = {}
    for found in symptoms:
        for place in (found.location, *found.related):
            if not _same(place, own):
                places.setdefault((place.sheet, place.cell), place)
    return tuple(places.values())
