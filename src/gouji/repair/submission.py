"""The whole submission as one repair problem, and its answer told as findings.

Rules report symptoms (a total that fails, a rate that does not follow). All relations of the document together
tell the cause: each group that the engine finds becomes one finding at the cell judged faulty, with its
alternatives, and the symptoms become ``related``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from gouji.form.facts import Facts, Measure, Mention, Relation, RelationKind
from gouji.model import (
    Alternative,
    Applicability,
    Change,
    Confidence,
    Finding,
    Fix,
    Place,
    Reading,
    ReadingKind,
    Severity,
)
from gouji.number import interval
from gouji.repair.engine import solve
from gouji.repair.problem import (
    AtMostRelation,
    CellKind,
    Group,
    LinearRelation,
    Problem,
    RatioRelation,
    RepairAlternative,
    RepairCell,
)
from gouji.repair.problem import Relation as RepairRelation
from gouji.repair.slips import Slip
from gouji.rule.wording import figure, labelled

__all__ = ["explain"]

_SYMPTOMS = frozenset({"GJ201", "GJ202", "GJ203", "GJ205"})
_MALFORMED = "GJ401"
_HALF = Decimal("0.5")
_LIKELY = 0.6
_POSSIBLE = 0.04
_UNSAFE = 0.75
_RIVAL = 0.1
_MOST_SHOWN = 4
_TIME_LIMIT_S = 1.0
_SAID = {
    Slip.SPELLING: "写法有误",
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


@dataclass(frozen=True, slots=True)
class _Posed:
    problem: Problem
    mentions: tuple[Mention, ...]
    relations: tuple[Relation, ...]


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
        return findings
    posed = _pose(facts, {(found.location.sheet, found.location.cell) for found in symptoms})
    if not posed.problem.relations:
        return findings
    answer = solve(posed.problem, time_limit_s=_TIME_LIMIT_S)
    kept = list(findings)
    for group in answer.groups:
        symptoms = [found for found in kept if _belongs(found, group, posed)]
        if not symptoms:
            continue
        told = _tell(group, symptoms, posed)
        if told is None:
            continue
        first = kept.index(symptoms[0])
        kept = [found for found in kept if found not in symptoms]
        kept.insert(min(first, len(kept)), told)
    return kept


def _is_symptom(found: Finding) -> bool:
    if found.code == _MALFORMED:
        return True
    return found.code in _SYMPTOMS and found.severity is not Severity.INFO


def _concerned(facts: Facts, hot: set[tuple[str | None, str | None]]) -> list[Relation]:
    """The relations that hang together with the places of the symptoms; what is whole elsewhere need not be solved."""
    parent: dict[tuple[int, int, int], tuple[int, int, int]] = {}

    def root(key: tuple[int, int, int]) -> tuple[int, int, int]:
        parent.setdefault(key, key)
        while parent[key] != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    def key_of(mention: Mention) -> tuple[int, int, int]:
        slot = mention.slot
        return (id(slot.grid), slot.row, slot.col)

    wanted: set[tuple[int, int, int]] = set()
    for relation in facts.relations:
        first = key_of(relation.result)
        for mention in (relation.result, *(t.mention for t in relation.terms)):
            parent[root(key_of(mention))] = root(first)
            if (mention.slot.grid.name, mention.slot.name) in hot:
                wanted.add(key_of(mention))
    roots = {root(key) for key in wanted}
    return [relation for relation in facts.relations if root(key_of(relation.result)) in roots]


def _pose(facts: Facts, hot: set[tuple[str | None, str | None]]) -> _Posed:
    """The relations concerned as one problem; a cell mentioned twice is one unknown.

    Other figures of the same rows come along without a relation: a figure may have been typed from their column.
    """
    numbers: dict[tuple[int, int, int, str], int] = {}
    mentions: list[Mention] = []

    def cell_of(mention: Mention) -> int:
        slot = mention.slot
        row, col = (slot.cell.row, slot.cell.col) if slot.cell is not None else (slot.row, slot.col)
        key = (id(slot.grid), row, col, mention.reading.text)
        if key not in numbers:
            numbers[key] = len(mentions)
            mentions.append(mention)
        return numbers[key]

    relations: list[RepairRelation] = []
    sources: list[Relation] = []
    concerned = _concerned(facts, hot)
    unfilled = _unfilled(concerned, cell_of)
    for relation in concerned:
        if any(cell_of(m) in unfilled for m in (relation.result, *(t.mention for t in relation.terms))):
            continue
        made = _relation(len(sources), relation, cell_of)
        if made is not None:
            relations.append(made)
            sources.append(relation)
    lines = {(id(m.slot.grid), m.slot.row) for m in mentions}
    for mention in facts.mentions:
        if (id(mention.slot.grid), mention.slot.row) in lines and mention.reading.value is not None:
            cell_of(mention)
    rates = {cell for made in relations if isinstance(made, RatioRelation) for cell in (made.rate,)}
    cells = tuple(_cell(number, mention, rate=number in rates) for number, mention in enumerate(mentions))
    return _Posed(Problem(cells, tuple(relations)), tuple(mentions), tuple(sources))


def _unfilled(relations: Iterable[Relation], cell_of: Callable[[Mention], int]) -> set[int]:
    """Totals that read 0 over filled lines, and rates and copies that follow them: nobody filled them in.

    A 0 left by a formula that could not add texts is no statement; taken as one it would speak against every line.
    """
    relations = tuple(relations)
    found: set[int] = set()
    for relation in relations:
        if relation.kind is RelationKind.SUM and relation.result.reading.value == 0:
            values = [t.mention.reading.value for t in relation.terms]
            if any(values) and all(v is None or v >= 0 for v in values):
                found.add(cell_of(relation.result))
    for relation in relations:
        if relation.kind is RelationKind.RATIO and relation.result.reading.value == 0:
            if any(cell_of(t.mention) in found for t in relation.terms):
                found.add(cell_of(relation.result))
    return found


def _cell(number: int, mention: Mention, *, rate: bool) -> RepairCell:
    slot, reading = mention.slot, mention.reading
    text = reading.text
    if rate:
        text = _percent_text(reading)
    elif reading.value is not None:
        text = (
            figure(reading.value)
            if reading.unit or reading.kind is ReadingKind.PERCENT
            else reading.text.strip()
        )
    elif reading.is_empty:
        text = ""
    count = mention.quantity.measure is Measure.COUNT
    decimals = 0 if count else max(2, _precision(reading))
    return RepairCell(
        number,
        text,
        slot.label,
        slot.grid.name,
        slot.row,
        slot.col,
        CellKind.PERCENT if rate else CellKind.COUNT if count else CellKind.AMOUNT,
        mention.quantity.unit or "",
        decimals,
        Decimal(0),
    )


def _percent_text(reading: Reading) -> str:
    if reading.value is None:
        return "" if reading.is_empty else reading.text
    if (
        reading.kind is ReadingKind.NUMBER
        and reading.unit is None
        and Decimal(0) < abs(reading.value) <= Decimal(2)
    ):
        return figure(reading.value * 100) + "%"
    return figure(reading.value) + "%"


def _precision(reading: Reading) -> int:
    if reading.value is None:
        return reading.decimals
    exponent = reading.value.as_tuple().exponent
    return max(reading.decimals, -exponent if isinstance(exponent, int) else 0)


def _half(reading: Reading, finest: int) -> Decimal:
    """Half a unit of the last decimal a figure is known to, in a column of ``finest`` decimals."""
    if reading.value is None:
        return _HALF.scaleb(-finest)
    low, high = interval(reading, decimals=finest)
    return (high - low) / 2


def _relation(number: int, relation: Relation, cell_of: Callable[[Mention], int]) -> RepairRelation | None:
    one = Decimal(1)
    parts = [term.mention for term in relation.terms]
    finest = max(_precision(m.reading) for m in (relation.result, *parts))
    finest = max(2, finest)
    if relation.kind in (RelationKind.SUM, RelationKind.BALANCE, RelationKind.EQUAL):
        terms = [(cell_of(t.mention), one * t.sign) for t in relation.terms] + [
            (cell_of(relation.result), -one)
        ]
        if len({cell for cell, _ in terms}) < len(terms):
            return None
        total = relation.result.reading
        tol = (
            _HALF.scaleb(-_precision(total))
            if total.value is not None and _precision(total) < finest
            else _HALF.scaleb(-finest)
        )
        soft = tol
        if relation.kind is not RelationKind.EQUAL:
            soft = sum(
                (_half(m.reading, finest) for m in (relation.result, *parts) if m.reading.value is not None),
                Decimal(0),
            )
        if relation.result.reading.value == 0:
            tol = _HALF.scaleb(-finest)
        return LinearRelation(number, tuple(terms), tol=tol, soft=max(tol, soft), label=relation.label)
    if relation.kind is RelationKind.SUBSET:
        terms = [(cell_of(t.mention), one) for t in relation.terms] + [(cell_of(relation.result), -one)]
        if len({cell for cell, _ in terms}) < len(terms):
            return None
        return AtMostRelation(number, tuple(terms), tol=_HALF.scaleb(-2) * (len(terms)), label=relation.label)
    top, bottom = parts
    rate = relation.result.reading
    cells = (cell_of(top), cell_of(bottom), cell_of(relation.result))
    if len(set(cells)) < 3 or (not bottom.reading.value and bottom.reading.is_number):
        return None
    tol = _HALF.scaleb(-_shown_decimals(rate))
    soft = tol
    if top.reading.value is not None and bottom.reading.value:
        base = bottom.reading.value
        soft += 100 * (
            _half(top.reading, 2) / base + abs(top.reading.value) * _half(bottom.reading, 2) / base**2
        )
    return RatioRelation(number, *cells, tol=tol, soft=soft, label=relation.label)


def _shown_decimals(rate: Reading) -> int:
    if (
        rate.kind is ReadingKind.NUMBER
        and rate.unit is None
        and rate.value is not None
        and abs(rate.value) <= Decimal(2)
    ):
        return max(0, rate.decimals - 2)
    return rate.decimals


def _belongs(found: Finding, group: Group, posed: _Posed) -> bool:
    """Whether a finding is a symptom of this group."""
    if found.code == _MALFORMED:
        return any(_same(posed.mentions[int(i)].slot.place, found.location) for i in group.malformed)
    if not _is_symptom(found):
        return False
    for number in group.relations:
        relation = posed.relations[int(number)]
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
    return relation.kind in kinds[code]


def _same(one: Place, other: Place) -> bool:
    return one.sheet == other.sheet and one.cell == other.cell


def _tell(group: Group, symptoms: list[Finding], posed: _Posed) -> Finding | None:
    """One finding for a group."""
    shown = [a for a in group.alternatives if a.confidence >= _POSSIBLE and _known(a)][:_MOST_SHOWN]
    if not shown:
        return None
    best = shown[0]
    auto = group.auto and not any(value == 0 for value in best.changes.values())
    alternatives = tuple(
        Alternative(_word(a, auto=auto and a is best), _changes(a, posed), _because(a)) for a in shown
    )
    primary = symptoms[0]
    rivals = [a.confidence for a in shown[1:]]
    strong = auto or (best.confidence >= _UNSAFE and max(rivals, default=0.0) < _RIVAL)
    writable = all(_writable(posed.mentions[int(cell)]) for cell in best.changes)
    if strong:
        cell = posed.mentions[int(next(iter(best.changes)))]
        applicability = Applicability.SAFE if auto else Applicability.UNSAFE
        malformed = next(
            (s for s in symptoms if s.code == _MALFORMED and _same(s.location, cell.slot.place)), None
        )
        primary = malformed or next((s for s in symptoms if _same(s.location, cell.slot.place)), primary)
        new = alternatives[0].changes[0].new
        odd = "不是一个数，" if malformed is not None else ""
        more = "；".join(
            f"{labelled(posed.mentions[int(c)].slot)}应为 {change.new}"
            for c, change in list(zip(best.changes, alternatives[0].changes, strict=True))[1:]
        )
        sure = "应为" if auto else "很可能应为"
        message = (
            f"{labelled(cell.slot)}填的“{cell.reading.text}”{odd}{sure} {new}"
            + (f"，{more}" if more else "")
            + f"：{best.evidence}（像是{_slip(best)}）。"
        )
        return replace(
            primary,
            message=message,
            location=cell.slot.place,
            observed=cell.reading.text,
            expected=new,
            relation=best.evidence,
            related=_related(symptoms, cell.slot.place),
            fix=Fix(applicability, alternatives[0].changes) if writable else None,
            alternatives=alternatives,
        )
    guesses = "；或 ".join(
        "，".join(f"{c.cell} {c.old or '空白'}→{c.new}" for c in a.changes) + f"（{_slip(source)}）"
        for a, source in zip(alternatives, shown, strict=True)
    )
    return replace(
        primary,
        message=primary.message.rstrip("。") + f"。可能的原因：{guesses}。",
        expected=None,
        related=_related(symptoms, primary.location),
        fix=_display(primary, alternatives) if writable else primary.fix,
        alternatives=alternatives,
    )


def _display(primary: Finding, alternatives: tuple[Alternative, ...]) -> Fix:
    """What to show where several explanations fit; a rule that was sure enough of its own fix keeps it."""
    if primary.fix is not None and primary.fix.applicability is not Applicability.DISPLAY:
        return primary.fix
    return Fix(Applicability.DISPLAY, alternatives[0].changes)


def _known(alternative: RepairAlternative) -> bool:
    return bool(alternative.changes) and all(value is not None for value in alternative.changes.values())


def _writable(mention: Mention) -> bool:
    """Whether the figure is the whole cell, so that a new text can stand in its place."""
    return mention.slot.cell is None or mention.reading.text.strip() == mention.slot.text


def _word(alternative: RepairAlternative, *, auto: bool) -> Confidence:
    if auto:
        return Confidence.CERTAIN
    return Confidence.LIKELY if alternative.confidence >= _LIKELY else Confidence.POSSIBLE


def _slip(alternative: RepairAlternative) -> str:
    kinds = [Slip(kind) for kind in alternative.kind.split("+") if kind in set(Slip)]
    return "、".join(dict.fromkeys(_SAID[kind] for kind in kinds)) or "数不对"


def _because(alternative: RepairAlternative) -> str:
    return f"{alternative.evidence}（{_slip(alternative)}）" if alternative.evidence else _slip(alternative)


def _changes(alternative: RepairAlternative, posed: _Posed) -> tuple[Change, ...]:
    changes = []
    for cell, value in alternative.changes.items():
        mention = posed.mentions[int(cell)]
        slot = mention.slot
        if value is None:
            continue
        changes.append(Change(slot.grid.name, slot.name, slot.text, _spell(mention, value)))
    return tuple(changes)


def _spell(mention: Mention, value: Decimal) -> str:
    """A value in the dress of the text it replaces: percent sign, unit, thousands separators."""
    text = mention.reading.text
    if mention.quantity.measure is Measure.RATE:
        reading = mention.reading
        if "%" in text or "％" in text or reading.value is None:
            return figure(value) + "%"
        if reading.unit is None and Decimal(0) < abs(reading.value) <= Decimal(2) < abs(value):
            return figure(value / 100)
        return figure(value)
    new = figure(value)
    decimals = mention.reading.decimals
    if mention.reading.value is not None and decimals and "." in text:
        shown = f"{value:.{max(decimals, -int(value.as_tuple().exponent))}f}"
        new = shown
    if "," in text or "，" in text:
        whole, _, rest = new.partition(".")
        new = f"{int(whole):,}" + (f".{rest}" if rest else "")
    unit = mention.reading.unit
    return new + unit if unit and unit in text else new


def _related(symptoms: Iterable[Finding], own: Place) -> tuple[Place, ...]:
    places: dict[tuple[str | None, str | None], Place] = {}
    for found in symptoms:
        for place in (found.location, *found.related):
            if not _same(place, own):
                places.setdefault((place.sheet, place.cell), place)
    return tuple(places.values())
