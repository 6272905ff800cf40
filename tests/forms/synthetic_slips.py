"""Single mistakes put into right forms, and how often each kind is found at the right cell."""

# ruff: noqa: S311, T201 - places are drawn by chance; the script prints

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal

from gouji.model import Finding, Severity
from gouji.source.document import cell_name
from tests.forms.synthetic import Form, false_alarms, findings, generate
from tests.forms.synthetic_canvas import Item, Page, Shown, percent, words
from tests.forms.synthetic_indicators import Answer

__all__ = ["SLIPS", "Slip", "found", "print_recall", "slip"]

Place = tuple[str, str]  # sheet and cell
Slip = tuple[Form, frozenset[Place]]
"""A form with one mistake, and the places any of which a finding may name."""


def _find(form: Form, tag: str) -> tuple[Page, tuple[int, int], Item] | None:
    for page in form.pages:
        spot = page.tags().get(tag)
        if spot is not None:
            return page, spot, page.cells[spot]
    return None


def _place(form: Form, tag: str) -> Place | None:
    at = _find(form, tag)
    return (at[0].name, cell_name(*at[1])) if at is not None else None


def _typed(form: Form, tag: str, shown: Shown, *also: str) -> Slip | None:
    """The form with one cell typed otherwise; ``also`` are tags of cells a finding may name instead."""
    at = _find(form, tag)
    if at is None or at[2].shown.text == shown.text:
        return None
    page, spot, item = at
    page.cells[spot] = Item(shown, item.rows, item.cols, item.tag)
    places = [_place(form, each) for each in (tag, *also)]
    return form, frozenset(p for p in places if p is not None)


def _retyped(old: Shown, value: Decimal) -> Shown:
    """Another value in the dress of the old one."""
    if old.text.endswith("%"):
        digits = len(old.text.rstrip("%").partition(".")[2])
        return percent(value, digits, exact=False)
    decimals = len(old.text.partition(".")[2])
    grouped = "," in old.text
    text = f"{value:,.{decimals}f}" if grouped else f"{value:.{decimals}f}"
    return Shown(text, value if old.value is not None else None, old.fmt)


def _number(shown: Shown) -> Decimal | None:
    plain = shown.text.replace(",", "").rstrip("%")
    return Decimal(plain) if plain.replace(".", "", 1).replace("-", "", 1).isdigit() else None


def _swapped(value: Decimal) -> Decimal | None:
    """Two neighbouring digits exchanged, the first place where that makes a difference of weight."""
    text = format(value, "f")
    for at in range(len(text) - 1):
        if text[at].isdigit() and text[at + 1].isdigit() and text[at] != text[at + 1]:
            made = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
            if not made.startswith("0"):
                return Decimal(made)
    return None


def _rows(form: Form, *states: str, unit: str | None = None) -> list[tuple[str, int, Answer]]:
    return [
        (prefix, at, row)
        for prefix, block in form.answers.items()
        for at, row in enumerate(block.rows)
        if row.state in states and (unit is None or row.unit == unit)
    ]


def _money_tags(form: Form, *roles: str) -> list[str]:
    """Tags of money cells that hold a figure not zero."""
    return [
        item.tag
        for page in form.pages
        for item in page.cells.values()
        if item.tag.startswith("money:") and item.tag.split(":")[-1] in roles and _number(item.shown)
    ]


def _total_wrong(rng: random.Random, form: Form) -> Slip | None:
    if form.money is None or len([p for p in form.money.total.parts if p.figures]) < 2:
        return None
    roles = [r for r in form.money.roles if r in ("opening", "adjusted", "budget", "executed")]
    role = rng.choice(roles)
    tag = f"money:total:{role}"
    at = _find(form, tag)
    value = _swapped(_number(at[2].shown) or Decimal(0)) if at is not None else None
    return _typed(form, tag, _retyped(at[2].shown, value)) if at is not None and value is not None else None


def _rate_wrong(rng: random.Random, form: Form) -> Slip | None:
    at = _find(form, "money:total:rate")
    value = _number(at[2].shown) if at is not None else None
    if at is None or value is None:
        return None
    step = (
        Decimal("-0.07")
        if value <= 2 and not at[2].shown.text.endswith("%")
        else Decimal(rng.choice((-7, -4)))
    )
    return _typed(form, "money:total:rate", _retyped(at[2].shown, value + step))


def _score_inflated(rng: random.Random, form: Form) -> Slip | None:
    rows = [
        (p, n, r)
        for p, n, r in _rows(form, "partly")
        if r.weight and r.share is not None and r.share < 95 and r.weight >= 2
    ]
    if not rows:
        return None
    prefix, at, row = rng.choice(rows)
    return _scored(form, prefix, at, row.weight or Decimal(0))


def _scored(form: Form, prefix: str, at: int, value: Decimal) -> Slip | None:
    """A score typed otherwise, the total with it."""
    tag = f"{prefix}:{at}:score"
    cell, total = _find(form, tag), _find(form, "total:score")
    if cell is None or total is None or form.answers[prefix].score == 0:
        return None
    change = value - (_number(cell[2].shown) or Decimal(0))
    for name in ("total:score", f"{prefix}:subtotal:score"):
        sum_cell = _find(form, name)
        if sum_cell is not None:
            _typed(
                form, name, _retyped(sum_cell[2].shown, (_number(sum_cell[2].shown) or Decimal(0)) + change)
            )
    return _typed(form, tag, _retyped(cell[2].shown, value))


def _score_above(rng: random.Random, form: Form) -> Slip | None:
    rows = [(p, n, r) for p, n, r in _rows(form, "met", "words", "cost") if r.weight and r.score == r.weight]
    if not rows:
        return None
    prefix, at, row = rng.choice(rows)
    cell = _find(form, f"{prefix}:{at}:score")
    return (
        _typed(form, f"{prefix}:{at}:score", _retyped(cell[2].shown, (row.weight or Decimal(0)) + 2))
        if cell
        else None
    )


def _score_lowered(rng: random.Random, form: Form) -> Slip | None:
    rows = [
        (p, n, r)
        for p, n, r in _rows(form, "met")
        if r.weight and r.weight >= 3 and r.score == r.weight and not r.reason
    ]
    if not rows:
        return None
    prefix, at, row = rng.choice(rows)
    return _scored(form, prefix, at, (row.weight or Decimal(0)) - 2)


def _score_blank(rng: random.Random, form: Form) -> Slip | None:
    rows = [(p, n, r) for p, n, r in _rows(form, "met", "words") if r.weight]
    if not rows:
        return None
    prefix, at, _ = rng.choice(rows)
    return _typed(form, f"{prefix}:{at}:score", words(""))


def _target_as_result(rng: random.Random, form: Form) -> Slip | None:
    rows = [(p, n, r) for p, n, r in _rows(form, "met") if r.sign in ("≥", ">", "不低于", "不少于")]
    if not rows:
        return None
    prefix, at, row = rng.choice(rows)
    return _typed(form, f"{prefix}:{at}:actual", words(f"{row.sign}{row.value}{row.unit}"))


def _actual_blank(rng: random.Random, form: Form) -> Slip | None:
    rows = _rows(form, "met", "words", "cost", "zero", "date")
    if not rows:
        return None
    prefix, at, _ = rng.choice(rows)
    return _typed(form, f"{prefix}:{at}:actual", words(""))


def _weight_changed(rng: random.Random, form: Form) -> Slip | None:
    rows = [(p, n, r) for p, n, r in _rows(form, "met", "words") if r.weight and r.score == r.weight]
    if not rows:
        return None
    prefix, at, row = rng.choice(rows)
    cell = _find(form, f"{prefix}:{at}:weight")
    groups = [
        i.tag
        for page in form.pages
        for i in page.cells.values()
        if i.tag.startswith(f"{prefix}:group:level1")
    ]
    last = max((n for n, r in enumerate(form.answers[prefix].rows) if r.weight), default=0)
    also = (
        "total:weight",
        f"{prefix}:subtotal:weight",
        f"{prefix}:{last}:weight",
        f"{prefix}:{at}:score",
        *groups,
    )
    return (
        _typed(form, f"{prefix}:{at}:weight", _retyped(cell[2].shown, (row.weight or Decimal(0)) + 3), *also)
        if cell
        else None
    )


def _total_score(_rng: random.Random, form: Form) -> Slip | None:
    at = _find(form, "total:score")
    value = _swapped(_number(at[2].shown) or Decimal(0)) if at is not None else None
    if at is None or value is None or value > 100:
        return None
    return _typed(form, "total:score", _retyped(at[2].shown, value))


def _malformed(rng: random.Random, form: Form) -> Slip | None:
    tags = _money_tags(form, "opening", "adjusted", "budget", "executed", "last")
    if not tags:
        return None
    tag = rng.choice(tags)
    at = _find(form, tag)
    text = at[2].shown.text.replace(",", "") if at is not None else ""
    head, _, tail = text.partition(".")
    made = f"{head}.{tail}.{tail}" if tail else f"{head[:1]}.{head[1:]}.0" if len(head) > 1 else f"{head}..0"
    return _typed(form, tag, words(made))


def _over_budget(rng: random.Random, form: Form) -> Slip | None:
    """A line spends more than its budget; the mistake may show at the line or at the sum it no longer fits."""
    if form.money is None:
        return None
    lines = [
        line for part in form.money.total.parts for line in part.walk() if line.figures and not line.parts
    ]
    if not lines or not set(form.money.roles) & {"adjusted", "budget"}:
        return None
    line = rng.choice(lines)
    tag = f"money:{line.key}:executed"
    at = _find(form, tag)
    if at is None:
        return None
    value = line.figures["adjusted"] * Decimal("1.3")
    also = [
        f"money:{line.key}:rate",
        f"money:{line.key}:adjusted",
        f"money:{line.key}:budget",
        "money:total:executed",
        *(f"money:{p.key}:executed" for p in form.money.total.parts),
    ]
    return _typed(form, tag, _retyped(at[2].shown, value), *also)


def _no_reason(rng: random.Random, form: Form) -> Slip | None:
    rows = [
        (p, n, r)
        for p, n, r in _rows(form, "partly")
        if not any(r.name in t for t in form.paragraphs if "原因" in t)
    ]
    if not rows:
        return None
    prefix, at, _ = rng.choice(rows)
    return _typed(form, f"{prefix}:{at}:reason", words(""), f"{prefix}:{at}:score", f"{prefix}:{at}:actual")


def _no_remark(rng: random.Random, form: Form) -> Slip | None:
    rows = _rows(form, "over")
    if not rows:
        return None
    prefix, at, _ = rng.choice(rows)
    return _typed(form, f"{prefix}:{at}:reason", words(""), f"{prefix}:{at}:actual")


def _prompt_left(rng: random.Random, form: Form) -> Slip | None:
    tags = [t for t in ("goal:planned", "goal:done") if _find(form, t)]
    if not tags:
        return None
    return _typed(form, rng.choice(tags), words("（请填写年度总体目标，300字以内）"))


def _unit_slip(_rng: random.Random, form: Form) -> Slip | None:
    """One amount typed in 元 where the table is in 万元."""
    at = _find(form, "money:total:executed")
    value = _number(at[2].shown) if at is not None else None
    if (
        at is None
        or value is None
        or form.style.unit != "万元"
        or form.money is None
        or len(form.money.total.parts) < 2
    ):
        return None
    return _typed(form, "money:total:executed", _retyped(at[2].shown, value * 10000))


def _control_rate(_rng: random.Random, form: Form) -> Slip | None:
    at = _find(form, "base:control_rate")
    value = _number(at[2].shown) if at is not None else None
    also = ("base:establishment", "base:headcount")
    return (
        _typed(form, "base:control_rate", _retyped(at[2].shown, value - 6), *also)
        if at is not None and value is not None
        else None
    )


def _execution_score(rng: random.Random, form: Form) -> Slip | None:
    at = _find(form, "money:total:score")
    value = _number(at[2].shown) if at is not None else None
    if at is None or value is None:
        return None
    total = _find(form, "total:score")
    made = value - Decimal(rng.choice((1, 2)))
    if total is not None:
        _typed(
            form,
            "total:score",
            _retyped(total[2].shown, (_number(total[2].shown) or Decimal(0)) + made - value),
        )
    return _typed(form, "money:total:score", _retyped(at[2].shown, made))


def _part_wrong(rng: random.Random, form: Form) -> Slip | None:
    """A single line of the funds mistyped; found there or at the sum."""
    if form.money is None:
        return None
    roles = [r for r in form.money.roles if r in ("opening", "adjusted", "budget", "executed")]
    parts = [p for p in form.money.total.parts if p.figures]
    if len(parts) < 2:
        return None
    line, role = rng.choice(parts), rng.choice(roles)
    tag = f"money:{line.key}:{role}"
    at = _find(form, tag)
    value = _swapped(_number(at[2].shown) or Decimal(0)) if at is not None else None
    if at is None or value is None:
        return None
    return _typed(form, tag, _retyped(at[2].shown, value), f"money:total:{role}", f"money:{line.key}:rate")


SLIPS: dict[str, Callable[[random.Random, Form], Slip | None]] = {
    "total wrong": _total_wrong,
    "part wrong": _part_wrong,
    "rate wrong": _rate_wrong,
    "score inflated": _score_inflated,
    "score above weight": _score_above,
    "score lowered without reason": _score_lowered,
    "score blank": _score_blank,
    "target as result": _target_as_result,
    "result blank": _actual_blank,
    "weight changed": _weight_changed,
    "total score transposed": _total_score,
    "malformed number": _malformed,
    "over budget": _over_budget,
    "reason missing": _no_reason,
    "over target without remark": _no_remark,
    "prompt left": _prompt_left,
    "元 for 万元": _unit_slip,
    "control rate wrong": _control_rate,
    "execution score wrong": _execution_score,
}


def slip(kind: str, seed: int) -> Slip | None:
    """The form of this seed with one mistake of this kind; None where the form has no place for it."""
    return SLIPS[kind](random.Random(f"{kind}{seed}"), generate(seed))


def found(made: Slip) -> bool:
    """Whether an error or warning names one of the places of the mistake."""
    form, places = made
    told = [f for f in findings(form) if f.severity is not Severity.INFO]
    return any(place in places for each in told for place in _named(each))


def _named(each: Finding) -> Iterator[Place]:
    if each.location.sheet and each.location.cell:
        yield each.location.sheet, each.location.cell
    for alternative in each.alternatives[:1]:
        for change in alternative.changes:
            if change.sheet and change.cell:
                yield change.sheet, change.cell


def print_recall(seeds: Iterable[int], show: str) -> None:
    """Print how many mistakes of each kind were found; the seeds missed of the kind ``show``."""
    made, right = Counter[str](), Counter[str]()
    missed: dict[str, list[int]] = {}
    for seed in seeds:
        if false_alarms(generate(seed)):
            continue
        for kind in SLIPS:
            drawn = slip(kind, seed)
            if drawn is None:
                continue
            made[kind] += 1
            if found(drawn):
                right[kind] += 1
            else:
                missed.setdefault(kind, []).append(seed)
                if show == kind:
                    print(seed, sorted(drawn[1]), [(f.code, f.location.cell) for f in findings(drawn[0])])
    for kind in SLIPS:
        share = right[kind] * 100 / made[kind] if made[kind] else 0
        print(f"{kind:30} {right[kind]:5}/{made[kind]:<5} {share:5.1f} %  missed {missed.get(kind, [])[:12]}")
