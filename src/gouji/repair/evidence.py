"""The arithmetic that speaks for an explanation, written out as a clerk would check it."""

from __future__ import annotations

from gouji.repair.record import Changes, Record, Tie, TieType

__all__ = ["as_read", "evidence"]

LONGEST_SUM = 8  # more terms than this are summed up in words
MOST_LINES = 3


def evidence(record: Record, changes: Changes, symptoms: list[int]) -> str:
    """Equations that hold once the changes are made, each solved for a changed cell, joined by ``；``.

    ``symptoms`` are the failing relations; those that the changes touch are written out, at most three.
    """
    after = list(record.values)
    for i, value in changes.items():
        after[i] = value
    touched = sorted(
        (k for k in {k for i in changes for k in record.ties_at[i]} if k in symptoms or not symptoms),
        key=lambda k: (
            record.ties[k].type,
            len(record.ties[k].cells) == 2,
            len(record.ties[k].cells),
            k,
        ),  # sums before copies
    )
    lines: list[str] = []
    for k in touched:
        tie = record.ties[k]
        if any(after[i] is None for i in tie.cells):
            continue
        changed = [i for i in tie.cells if i in changes]
        line = _line(record, tie, changed[-1], after)
        if line not in lines:
            lines.append(line)
    if lines:
        return "；".join(lines[:MOST_LINES])
    return "；".join(as_read(record, i, changes) for i in changes if after[i] is not None)


def as_read(record: Record, i: int, changes: Changes) -> str:
    """What an oddly spelt text is read as (``changes``, else its value in the record)."""
    after = {i: changes.get(i, record.values[i])}
    return f"“{record.cells[i].text}”读作 {_show(record, i, after)}"


def _line(record: Record, tie: Tie, target: int, after: list[int | None]) -> str:
    if tie.type is TieType.RATIO:
        return _ratio(record, tie, target, after)
    terms = list(zip(tie.cells, tie.coefs, strict=True))
    if tie.type is TieType.AT_MOST:
        return f"{_sum(record, terms, after)} ≤ {_number(record, tie.rhs, tie)}"
    own = next(coef for i, coef in terms if i == target)
    rest = [(i, -coef if own > 0 else coef) for i, coef in terms if i != target]
    rhs = tie.rhs if own > 0 else -tie.rhs
    if len(terms) == 2 and not tie.rhs and sum(tie.coefs) == 0:
        other = rest[0][0]
        label = record.cells[other].label
        return f"与{label or record.cells[other].id}的 {_show(record, other, after)} 一致"
    parts = [*rest]
    left = _sum(record, parts, after, rhs=_number(record, rhs, tie) if rhs else "")
    scale = abs(own) if abs(own) != tie.factor else 0
    result = _show(record, target, after)
    if scale:
        return f"{left} = {_number(record, scale * record.one, tie)} × {result}"
    return f"{left} = {result}"


def _sum(record: Record, terms: list[tuple[int, int]], after: list[int | None], *, rhs: str = "") -> str:
    """Terms with sign, positive ones first, zeros left out; a long sum is put in words."""
    shown = [(i, coef) for i, coef in terms if after[i]]
    shown.sort(key=lambda term: term[1] < 0)
    text = rhs
    if len(shown) > LONGEST_SUM:
        for sign, joint in ((1, " + "), (-1, " − ")):
            side = [i for i, coef in shown if coef * sign > 0]
            if len(side) > 2:
                total = sum(after[i] or 0 for i in side)
                piece = f"{len(side)} 项之和 {record.spell(total)}"
            else:
                piece = joint.join(_show(record, i, after) for i in side)
            if piece:
                text = f"{text}{joint}{piece}" if text or sign < 0 else piece
        return text.lstrip() or "0"
    for i, coef in shown:
        joint = " − " if coef < 0 else " + "
        piece = _show(record, i, after)
        if piece.startswith("-") and (text or coef < 0):
            piece = f"({piece})"
        text = f"{text}{joint}{piece}" if text else piece if coef > 0 else f"−{piece}"
    return text or "0"


def _ratio(record: Record, tie: Tie, target: int, after: list[int | None]) -> str:
    num, den, rate = (_show(record, i, after) for i in tie.cells)
    if target == tie.cells[2] or after[tie.cells[1]] == 0:
        return f"{num} ÷ {den} × 100% = {rate}"
    if target == tie.cells[0]:
        return f"{den} × {rate} ≈ {num}"
    return f"{num} ÷ {rate} ≈ {den}"


def _show(record: Record, i: int, after: list[int | None] | Changes) -> str:
    value = after[i]
    text = "?" if value is None else record.spell(value) or "?"
    return text + "%" if record.cells[i].kind == "percent" else text


def _number(record: Record, value: int, tie: Tie) -> str:
    return record.spell(value // tie.factor) or "0"
