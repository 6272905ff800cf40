"""Slips of the hand put into right submissions, each as an exact distribution, so that the best possible answer is known.

``outcomes(kind, sheet, i)`` gives every text that a slip of this kind can leave in cell ``i``, with its probability.
The injector draws from it; the brute-force ceiling inverts it.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from itertools import pairwise

from benchmarks.repair.sheets import Cell, Sheet

Outcomes = dict[str, float]
PLACE = {str(d): ((d - 1) % 3, (d - 1) // 3) for d in range(1, 10)} | {"0": (0, -1)}
# Wrong digits by three ways of going wrong, drawn up here and nowhere else: the key to the left or right in the row
# above the letters, any of the keys around it on a number pad (789/456/123 with a wide 0), and a figure misread
# from handwriting.
ROW = {d: [x for x in (str(int(d) - 1), str(int(d) + 1)) if x in "123456789"] for d in "23456789"} | {
    "1": ["2"],
    "0": ["9"],
}
AROUND = {
    d: [
        e for e, (x, y) in PLACE.items() if e != d and abs(x - PLACE[d][0]) <= 1 and abs(y - PLACE[d][1]) <= 1
    ]
    for d in PLACE
}
MISREAD = {
    "0": "69",
    "1": "74",
    "2": "73",
    "3": "58",
    "4": "91",
    "5": "36",
    "6": "05",
    "7": "12",
    "8": "36",
    "9": "47",
}
BY_ROW, BY_PAD, BY_EYE, BY_CHANCE = 0.25, 0.3, 0.25, 0.2
FULL = str.maketrans("0123456789.,%", "０１２３４５６７８９．，％")
ALIKE = {"0": "Oo", "1": "lI"}


def spread(texts: list[str]) -> Outcomes:
    """Each text as likely as it is often in the list."""
    out: Outcomes = {}
    for text in texts:
        out[text] = out.get(text, 0.0) + 1 / len(texts)
    return out


def digits_at(core: str) -> list[int]:
    return [k for k, c in enumerate(core) if c.isdigit()]


def wrong_digit(meant: str, typed: str) -> float:
    """The probability that a mistyped digit comes out as ``typed``."""
    odds = BY_CHANCE / 9
    for share, table in ((BY_ROW, ROW), (BY_PAD, AROUND), (BY_EYE, MISREAD)):
        if typed in table[meant]:
            odds += share / len(table[meant])
    return odds


def any_digit(meant: str, typed: str) -> float:
    """The same to somebody who knows nothing of hands: all nine others are alike."""
    return 1 / 9 if typed != meant else 0.0


def substituted(core: str, wrong: Callable[[str, str], float] = wrong_digit) -> Outcomes:
    out: Outcomes = {}
    places = digits_at(core)
    for k in places:
        for d in "0123456789":
            if d == core[k] or (k == 0 and d == "0" and len(core) > 1):
                continue
            p = wrong(core[k], d)
            text = core[:k] + d + core[k + 1 :]
            out[text] = out.get(text, 0) + p / len(places)
    total = sum(out.values())
    return {text: p / total for text, p in out.items()} if out else {}


def transposed(core: str) -> Outcomes:
    places = digits_at(core)
    texts = []
    for a, b in pairwise(places):
        if core[a] != core[b] and not (a == 0 and core[b] == "0"):
            z = list(core)
            z[a], z[b] = z[b], z[a]
            texts.append("".join(z))
    return spread(texts)


def omitted(core: str) -> Outcomes:
    if len(digits_at(core)) < 2:
        return {}
    return spread(
        [t for k in digits_at(core) if (t := (core[:k] + core[k + 1 :]).rstrip(".")) and t[0] != "."]
    )


def doubled(core: str) -> Outcomes:
    return spread([core[:k] + core[k] + core[k:] for k in digits_at(core) if core[k] != "0" or k])


def zero(core: str) -> Outcomes:
    return {core.replace(".", ".0"): 1.0} if "." in core else {}


def scaled(core: str, k: int) -> str:
    """The spelling with its point moved."""
    digits = core.replace(".", "")
    decimals = len(core) - 1 - core.index(".") if "." in core else 0
    value = int(digits) * 10 ** max(0, k)
    decimals += max(0, -k)
    text = str(value).rjust(decimals + 1, "0")
    text = f"{text[: len(text) - decimals]}.{text[len(text) - decimals :]}" if decimals else text
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text


def shifted(core: str) -> Outcomes:
    out: Outcomes = {}
    for k, p in ((1, 0.4), (-1, 0.35), (2, 0.15), (-2, 0.1)):
        text = scaled(core, k)
        if "." not in text or len(text.partition(".")[2]) <= 2:
            out[text] = out.get(text, 0) + p
    total = sum(out.values())
    return {t: p / total for t, p in out.items()} if out else {}


def points(core: str) -> Outcomes:
    if "." not in core:
        return {}
    head, tail = core.split(".")
    return {
        f"{head}..{tail}": 0.5,
        f"{head}.{tail}.{tail}": 0.3,
        f"{head[:-1] or '0'}.{head[-1:]}.{tail}": 0.2,
    }


def spaced(core: str) -> Outcomes:
    return spread([core[:k] + " " + core[k:] for k in range(1, len(core))])


def thousands(core: str) -> Outcomes:
    whole, point, part = core.partition(".")
    texts = [f"{whole[:k]},{whole[k:]}{point}{part}" for k in range(1, len(whole)) if len(whole) - k != 3]
    if part and len(whole) > 3:
        texts.append(f"{whole[:-3]}.{whole[-3:]},{part}")
    return spread(texts)


def alike(core: str) -> Outcomes:
    return spread([core[:k] + z + core[k + 1 :] for k in digits_at(core) for z in ALIKE.get(core[k], "")])


BY_TEXT: dict[str, Callable[[str], Outcomes]] = {
    "substituted": substituted,
    "transposed": transposed,
    "omitted": omitted,
    "doubled": doubled,
    "zero": zero,
    "point": shifted,
    "sign": lambda core: {"-" + core: 1.0},
    "unit": lambda core: {scaled(core, 4): 1.0},
    "double-point": points,
    "full-width": lambda core: {core.translate(FULL): 1.0},
    "look-alike": alike,
    "comma": lambda core: {core.replace(".", ","): 1.0} if "." in core else {},
    "chinese-point": lambda core: (
        {core.replace(".", "。"): 0.7, core.replace(".", "、"): 0.3} if "." in core else {}
    ),
    "space": spaced,
    "thousands": thousands,
}
IN_TEXT = frozenset(
    {"double-point", "full-width", "look-alike", "comma", "chinese-point", "space", "thousands"}
)
SINGLE = (*BY_TEXT, "percent", "other-column", "swapped", "blank", "stale", "line-omitted", "line-twice")
# How often each kind comes, by the opinion of this file alone; no two programs would put it alike.
WEIGHTS = dict.fromkeys(SINGLE, 1.0) | {
    "substituted": 3.0,
    "transposed": 2.0,
    "omitted": 1.5,
    "other-column": 1.5,
    "stale": 2.0,
    "blank": 0.7,
    "unit": 0.7,
    "full-width": 0.4,
    "look-alike": 0.5,
    "sign": 0.4,
    "line-twice": 0.5,
}
UNKNOWN = (
    "rounded",
    "vertical-paste",
    "two-digits",
    "random",
    "cyclic",
    "nines",
    "reversed",
    "thrice",
    "head-lost",
    "tail-lost",
    "point-lost",
    "line-subtracted",
    "from-total",
    "yuan-for-thousand",
)


def peers(sheet: Sheet, i: int) -> list[Cell]:
    """Cells of the same kind in the same row of a table."""
    cell = sheet.cells[i]
    if cell.table == "正文":
        return []
    return [
        c
        for c in sheet.cells
        if c is not cell and (c.table, c.row, c.kind) == (cell.table, cell.row, cell.kind)
    ]


def breakdowns(sheet: Sheet, i: int) -> list[list[int]]:
    """The lines under a total, one list for each relation that makes cell ``i`` one."""
    return [
        [j for j, _ in tie.terms[1:]]
        for tie in sheet.ties
        if tie.kind == "linear" and len(tie.terms) > 2 and tie.terms[0] == (i, 1)
    ]


def outcomes(kind: str, sheet: Sheet, i: int, wrong: Callable[[str, str], float] = wrong_digit) -> Outcomes:
    """Every text that one slip of this kind can leave in cell ``i``; stale totals and swaps are drawn elsewhere.

    ``wrong`` gives the probability of each wrong digit.
    """
    cell = sheet.cells[i]
    if not cell.core or kind in ("stale", "swapped"):
        return {}
    if kind in BY_TEXT:
        if (kind == "sign" and not cell.value) or (
            kind == "unit" and (cell.kind != "amount" or not cell.value)
        ):
            return {}
        found = substituted(cell.core, wrong) if kind == "substituted" else BY_TEXT[kind](cell.core)
        dressed: Outcomes = {}
        for core, p in found.items():
            text = (
                sheet.dress(core, cell.kind)
                if kind not in IN_TEXT
                else core + ("%" if cell.kind == "percent" else "")
            )
            if text != cell.text:
                dressed[text] = dressed.get(text, 0) + p
        return dressed
    out = _placed(kind, sheet, i)
    return {text: p for text, p in out.items() if text != cell.text}


def _placed(kind: str, sheet: Sheet, i: int) -> Outcomes:
    cell = sheet.cells[i]
    if kind == "percent":
        if cell.kind != "percent" or not cell.value:
            return {}
        share = scaled(cell.core, -2)
        return {share + "%": 0.4, share: 0.4, cell.core: 0.2} if cell.value > 200 else {}
    if kind == "other-column":
        return spread([c.text for c in peers(sheet, i) if c.core not in ("", "0") and c.value != cell.value])
    if kind == "blank":
        return {sheet.blank if sheet.blank != "0" else "": 1.0} if cell.value else {}
    if kind in ("line-omitted", "line-twice"):
        return _of_total(kind, sheet, i)
    return _unknown(kind, sheet, i)


def _text(sheet: Sheet, i: int, value: int) -> str:
    cell = sheet.cells[i]
    return sheet.dress(sheet.spell(value, cell.kind), cell.kind)


def _of_total(kind: str, sheet: Sheet, i: int) -> Outcomes:
    texts: list[str] = []
    value = sheet.cells[i].value
    for lines in _figures_under(sheet, i):
        for line in lines:
            found = value - line if kind == "line-omitted" else value + line
            if found > 0:
                texts.append(_text(sheet, i, found))
    return spread(texts)


def _figures_under(sheet: Sheet, i: int) -> list[list[int]]:
    found = [[v for j in lines if (v := sheet.cells[j].value)] for lines in breakdowns(sheet, i)]
    return [lines for lines in found if len(lines) > 1]


def _reach(line: int, step: int) -> int:
    """How far an earlier state of a line lies from the present one at most: 40 %, in steps."""
    return max(1, line * 2 // 5 // step)


def stale_text(sheet: Sheet, i: int, rng: random.Random) -> str | None:
    """The text of a total that an earlier state of one line left behind; None where cell ``i`` is no total."""
    found = _figures_under(sheet, i)
    if not found:
        return None
    step = 100 if sheet.cells[i].kind == "count" else 1
    reach = _reach(rng.choice(rng.choice(found)), step)
    value = sheet.cells[i].value + rng.choice((-1, 1)) * rng.randint(1, reach) * step
    return _text(sheet, i, value) if value > 0 else None


def stale_odds(sheet: Sheet, i: int, typed: int) -> float:
    """The probability that a stale total ``i`` reads ``typed`` hundredths."""
    found = _figures_under(sheet, i)
    step = 100 if sheet.cells[i].kind == "count" else 1
    shift = abs(typed - sheet.cells[i].value)
    if not shift or shift % step:
        return 0.0
    hits = [
        1 / (len(found) * len(lines) * 2 * r)
        for lines in found
        for x in lines
        if (r := _reach(x, step)) * step >= shift
    ]
    return sum(hits)


def draw_text(kind: str, sheet: Sheet, i: int, rng: random.Random) -> str | None:
    """One text that a slip leaves in a cell; None where this kind cannot happen here."""
    if kind == "stale":
        return stale_text(sheet, i, rng)
    found = outcomes(kind, sheet, i)
    return rng.choices(list(found), list(found.values()))[0] if found else None


def _unknown(kind: str, sheet: Sheet, i: int) -> Outcomes:
    """Slips that the engine is not told about."""
    cell = sheet.cells[i]
    core = cell.core
    places = digits_at(core)
    if kind == "rounded":
        texts = [
            sheet.spell((cell.value + s // 2) // s * s, cell.kind)
            for s in (10, 100, 1000)
            if cell.value > 2 * s
        ]
        return spread([sheet.dress(t, cell.kind) for t in texts if t != core])
    if kind == "vertical-paste":
        near = [
            c
            for c in sheet.cells
            if c.table == cell.table and c.col == cell.col and c.kind == cell.kind and c.core
        ]
        near = [c for c in near if c.row is not None and cell.row is not None and abs(c.row - cell.row) == 1]
        return (
            spread([c.text for c in near if c.value and c.value != cell.value])
            if cell.table != "正文"
            else {}
        )
    if kind == "two-digits" and len(places) > 2:
        a, b = places[0], places[-1]
        texts = [
            core[:a] + x + core[a + 1 : b] + y + core[b + 1 :] for x in "123456789" for y in "0123456789"
        ]
        return spread([sheet.dress(t, cell.kind) for t in texts if t[a] != core[a] and t[b] != core[b]])
    if kind == "random" and len(places) > 1:
        texts = [
            "".join(str((int(c) * 7 + k * 3 + n) % 9 + 1) if c.isdigit() else c for k, c in enumerate(core))
            for n in range(9)
        ]
        return spread([sheet.dress(t, cell.kind) for t in texts])
    if kind == "cyclic" and len(places) > 2 and "." not in core[1:2]:
        z = [core[k] for k in places]
        turned = iter([*z[1:], z[0]])
        text = "".join(next(turned) if c.isdigit() else c for c in core)
        return {sheet.dress(text, cell.kind): 1.0} if text[0] != "0" else {}
    if kind == "nines" and len(places) > 1:
        value = cell.value + (1000 if cell.value < 50000 else 10000) * (100 if cell.kind == "count" else 1)
        return {sheet.dress(sheet.spell(value, cell.kind), cell.kind): 1.0}
    if kind in OF_FIGURE:
        texts = [t for t in OF_FIGURE[kind](core) if t and PLAIN.fullmatch(t)]
        return spread([sheet.dress(t, cell.kind) for t in texts if t != core])
    if kind == "line-subtracted":
        values = [cell.value - 2 * line for lines in _figures_under(sheet, i) for line in lines]
        return spread([_text(sheet, i, v) for v in values if v > 0])
    if kind == "from-total":  # the total over a line, typed in place of the line
        heads = [tie.terms[0][0] for tie in sheet.ties if tie.kind == "linear" and len(tie.terms) > 2]
        over = [h for h, tie in zip(heads, _sums(sheet), strict=True) if i in tie and h != i]
        return spread([sheet.cells[h].text for h in over if sheet.cells[h].value != cell.value])
    return {}


def _sums(sheet: Sheet) -> list[list[int]]:
    return [[j for j, _ in tie.terms] for tie in sheet.ties if tie.kind == "linear" and len(tie.terms) > 2]


def _turned(core: str) -> list[str]:
    """The digits in reverse, the point where it was."""
    back = iter([c for c in reversed(core) if c.isdigit()])
    return ["".join(next(back) if c.isdigit() else c for c in core)]


PLAIN = re.compile(r"(?:0|[1-9]\d*)(?:\.\d+)?", re.ASCII)
OF_FIGURE: dict[str, Callable[[str], list[str]]] = {
    "reversed": _turned,
    "thrice": lambda core: [core[:k] + 2 * core[k] + core[k:] for k in digits_at(core)],
    "head-lost": lambda core: [core[2:], core[3:]],
    "tail-lost": lambda core: [core[:-2].rstrip("."), core[:-3].rstrip(".")],
    "point-lost": lambda core: [core.replace(".", "")],
    "yuan-for-thousand": lambda core: [scaled(core, 3), scaled(core, -3)],
}
