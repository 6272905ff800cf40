"""Money blocks with figures that agree: funds, line items, base data."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from decimal import Decimal

from gouji.number import round_half_up
from tests.forms.synthetic_canvas import Block, Shown, number, percent, words
from tests.forms.synthetic_words import CAPTIONS, aliases

__all__ = ["Line", "Money", "Style", "base_block", "caption", "funds_block", "items_block", "make_funds"]

_HUNDRED = Decimal(100)
_ROLES = (
    ("opening", "adjusted", "executed", "weight", "rate", "score"),
    ("opening", "adjusted", "executed", "rate", "weight", "score"),
    ("adjusted", "executed", "weight", "rate", "score"),
    ("budget", "executed", "rate"),
    ("budget", "executed", "rate", "weight", "score"),
    ("opening", "adjustment", "adjusted", "executed"),
    ("opening", "adjustment", "adjusted", "executed", "rate"),
    ("opening", "adjustment", "adjusted", "executed", "rate", "weight", "score"),
    ("adjusted", "executed", "surplus", "rate"),
    ("opening", "adjusted", "executed", "rate"),
)


@dataclass(frozen=True, slots=True)
class Style:
    """How one typist writes figures, drawn once a form.

    ``decimals`` of amounts in ``unit``; ``exact`` keeps a formula's full precision in what a sheet stores;
    ``rate_style`` is percent, points (no sign) or fraction; ``absent`` stands where there is no money.
    """

    sheet: bool
    unit: str
    decimals: int
    grouped: bool
    general: bool
    exact: bool
    rate_decimals: int
    rate_style: str
    absent: str

    def amount(self, value: Decimal | None) -> Shown:
        """An amount, or the mark for none."""
        if value is None:
            return words(self.absent) if self.absent != "0" or not self.sheet else number(Decimal(0), 0)
        decimals = None if self.general else self.decimals
        return number(value, decimals, grouped=self.grouped and decimals is not None)

    def rate(self, points: Decimal) -> Shown:
        """A rate in percent points in this typist's way."""
        exact = self.exact and self.sheet
        if self.rate_style == "percent":
            return percent(points, self.rate_decimals, exact=exact)
        if self.rate_style == "points":
            return number(points if exact else round_half_up(points, self.rate_decimals), self.rate_decimals)
        return number(round_half_up(points / _HUNDRED, max(self.rate_decimals, 2) + 2), None)

    def points(self, value: Decimal, decimals: int) -> Shown:
        """A score; ``decimals`` of a rounded one."""
        if self.exact and self.sheet:
            return number(value, decimals)
        return number(round_half_up(value, decimals), None if self.general else decimals)


@dataclass(slots=True)
class Line:
    """One line of money; figures by role, empty where the line has none. ``depth`` 0 is the total."""

    label: str
    key: str
    depth: int
    figures: dict[str, Decimal] = field(default_factory=dict)
    parts: list[Line] = field(default_factory=list)
    of_which: bool = False

    def walk(self) -> list[Line]:
        """This line and all below it, in order."""
        return [self, *(below for part in self.parts for below in part.walk())]


@dataclass(slots=True)
class Money:
    """The funds of a form: its lines, columns, and what the execution scored."""

    total: Line
    roles: tuple[str, ...]
    weight: Decimal | None
    score: Decimal | None
    kind: str
    details: list[Line] = field(default_factory=list)

    @property
    def rate(self) -> Decimal:
        """The execution rate in percent points."""
        return self.total.figures["executed"] * _HUNDRED / self.total.figures["adjusted"]


def caption(rng: random.Random, role: str, unit: str | None = None) -> str:
    """A caption for a column: as this project drew it up, or a synonym of the lexicon."""
    known = aliases("column", role)
    own = CAPTIONS.get(role, ())
    if role == "weight":
        own = tuple(c for c in own if "10分" not in c)
    text = rng.choice(own) if own and (not known or rng.random() < 0.65) else rng.choice(known)
    if unit and "（" not in text and "(" not in text and rng.random() < 0.3:
        text = f"{text}（{unit}）"
    return text


def _leaf(rng: random.Random, style: Style, label: str, key: str, size: int, depth: int) -> Line:
    """A line with its own money, or none at all."""
    line = Line(label, key, depth)
    if size <= 0:
        return line
    cents = Decimal(1).scaleb(-style.decimals)
    scale = 10000 if style.unit == "元" else 1
    whole = (
        Decimal(rng.randint(size, size * 9)) * scale * Decimal(str(round(rng.uniform(0.6, 1.4), 4)))
    ).quantize(cents)
    opening = whole
    if rng.random() < 0.5:
        opening = (whole * Decimal(str(round(rng.uniform(0.9, 1.1), 4)))).quantize(cents)
    spent = whole
    if rng.random() < 0.6:
        spent = (whole * Decimal(str(round(rng.uniform(0.86, 1.0), 4)))).quantize(cents)
    line.figures = {"opening": opening, "adjusted": whole, "executed": min(spent, whole)}
    return line


def _fill(line: Line) -> None:
    """Sums of the parts, and what follows from them."""
    for part in line.parts:
        _fill(part)
    if line.parts and not line.figures:
        known = [part.figures for part in line.parts if part.figures]
        for role in ("opening", "adjusted", "executed") if known else ():
            line.figures[role] = sum((each[role] for each in known), Decimal(0))
    if line.figures:
        line.figures["adjustment"] = line.figures["adjusted"] - line.figures["opening"]
        line.figures["budget"] = line.figures["adjusted"]
        line.figures["surplus"] = line.figures["adjusted"] - line.figures["executed"]


def _sources(rng: random.Random, style: Style) -> Line:
    total = Line(_named(rng, "total", "年度资金总额"), "total", 0)
    fiscal = _leaf(rng, style, _named(rng, "fiscal", "当年财政拨款"), "fiscal", rng.choice((40, 120, 600)), 1)
    if rng.random() < 0.3:
        fiscal.figures = {}
        names = (("中央资金", "central"), ("省级资金", "provincial"), ("市县资金", "local"))
        start = rng.choice((0, 0, 1))
        fiscal.parts = [
            _leaf(rng, style, name, key, rng.choice((20, 60, 90)), 2) for name, key in names[start:]
        ]
        if rng.random() < 0.3:
            empty = rng.choice(fiscal.parts)
            empty.figures = {}
    rest = [
        _leaf(rng, style, _named(rng, "carried", "上年结转资金"), "carried", rng.choice((0, 0, 8, 30)), 1),
        _leaf(rng, style, _named(rng, "other", "其他资金"), "other", rng.choice((0, 0, 6, 25)), 1),
    ]
    if rng.random() < 0.2:
        rest.insert(0, _leaf(rng, style, "政府性基金", "government_fund", rng.choice((0, 40)), 1))
    if rng.random() < 0.1:
        rest = rest[-1:]
    total.parts = [fiscal, *rest]
    return total


def _expenses(rng: random.Random, style: Style) -> Line:
    total = Line(_named(rng, "total", "部门整体支出总额"), "total", 0)
    basic = Line(rng.choice(("基本支出", "基本支出总额", "（一）基本支出", "基本支出合计")), "basic", 1)
    project = Line(rng.choice(("项目支出", "项目支出总额", "（二）项目支出", "项目支出合计")), "project", 1)
    if basic.label.startswith("（") != project.label.startswith("（"):
        basic.label, project.label = "基本支出", "项目支出"
    size = rng.choice((60, 200, 700))
    if rng.random() < 0.6:
        names = rng.choice(
            (
                ("人员经费", "公用经费"),
                ("人员支出", "公用支出"),
                ("人员经费", "日常公用经费"),
                ("人员类", "运转类"),
            )
        )
        basic.parts = [
            _leaf(rng, style, names[0], "personnel", size, 2),
            _leaf(rng, style, names[1], "public", max(4, size // 8), 2),
        ]
    else:
        basic.figures = _leaf(rng, style, "", "", size, 1).figures
    if rng.random() < 0.5:
        items = rng.sample(_ITEMS, rng.randint(2, 5))
        project.parts = [
            _leaf(rng, style, name, f"item{n}", rng.choice((8, 30, 90)), 2) for n, name in enumerate(items)
        ]
    else:
        project.figures = _leaf(rng, style, "", "", size, 1).figures
    total.parts = [basic, project]
    return total


_ITEMS = (
    "业务工作经费",
    "信息化运行维护费",
    "困难群众救助补助资金",
    "设备购置专项",
    "宣传培训经费",
    "基层能力建设补助",
    "执法办案经费",
    "惠民服务项目",
    "公共设施维护费",
    "驻村帮扶工作经费",
    "档案数字化经费",
    "购买服务经费",
)


def _named(rng: random.Random, concept: str, usual: str) -> str:
    return usual if rng.random() < 0.5 else rng.choice(aliases("fund_row", concept))


def make_funds(rng: random.Random, style: Style, *, scored: bool, weight: Decimal) -> Money:
    """Draw the lines and columns of a funds block; with ``scored`` it carries the points of execution."""
    while True:
        kind = rng.choice(("sources", "sources", "expenses"))
        total = _sources(rng, style) if kind == "sources" else _expenses(rng, style)
        _fill(total)
        if rng.random() < 0.15 and len(total.parts) > 1 and kind == "sources":
            total.parts[0].of_which = False
        if total.figures:
            break
    fitting = [roles for roles in _ROLES if ("score" in roles) == scored]
    roles = rng.choice(fitting)
    if kind == "sources" and rng.random() < 0.6:
        roles = fitting[0]
    money = Money(total, roles, weight if scored else None, None, kind)
    if scored:
        money.score = weight * min(money.rate, _HUNDRED) / _HUNDRED
    return money


def _labels(rng: random.Random, lines: list[Line], kind: str) -> list[str]:
    """Labels with their dress: 其中, indents, outline numbers, or none."""
    dress = rng.choice(("plain", "indent", "of_which", "both", "numbers"))
    made = []
    counts: dict[int, int] = {}
    for at, line in enumerate(lines):
        text = line.label
        previous = lines[at - 1].depth if at else 0
        counts[line.depth] = 1 if line.depth > previous else counts.get(line.depth, 0) + 1
        if line.depth:
            if dress == "numbers" and not text.startswith("（"):
                chinese = "一二三四五六七八九"[counts[line.depth] - 1]
                text = f"{chinese}、{text}" if line.depth == 1 else f"{counts[line.depth]}.{text}"
            if (
                dress in ("of_which", "both")
                and line.depth > previous
                and (kind == "sources" or line.depth > 1)
            ):
                text = f"其中：{text}"
            if dress in ("indent", "both"):
                text = (
                    f"{'　　' * line.depth}{text}"
                    if not text.startswith("其中")
                    else f"{'　　' * (line.depth - 1)}{text}"
                )
        made.append(text)
    return made


def funds_block(rng: random.Random, style: Style, money: Money, *, side: str | None) -> Block:
    """The block on paper; ``side`` is a merged label to its left («项目资金（万元）»), None for no such column."""
    lead = 1 if side is not None else 0
    block = Block(len(money.roles) + 1 + lead, favour=(lead, 0))
    unit_in_caption = side is None or style.unit not in side
    captions = [
        caption(
            rng,
            role,
            style.unit if unit_in_caption and role in ("opening", "adjusted", "executed", "budget") else None,
        )
        for role in money.roles
    ]
    captions = _distinct(rng, money.roles, captions)
    head = block.row(
        *([""] * lead),
        rng.choice(("", "", "资金来源", "项目", "支出类别"))
        if lead
        else rng.choice(("资金来源", "项目", "支出类别", "科目")),
        *captions,
    )
    for col in range(len(captions)):
        block.put(head, col + 1 + lead, captions[col], tag=f"money:caption:{money.roles[col]}")
    lines = money.total.walk()
    if rng.random() < 0.25:
        lines = [*lines[1:], lines[0]]
    if money.kind == "expenses" and lines[-1] is money.total and rng.random() < 0.5:
        money.total.label = rng.choice(("合计", "总计", "部门整体支出总额"))
    labels = _labels(rng, lines, money.kind) if lines[0] is money.total else _labels_total_last(rng, lines)
    every_rate = rng.random() < 0.7
    marks = rng.choice(("—", "-", "", "/", "——", "－"))
    for line, label in zip(lines, labels, strict=True):
        row = block.n_rows
        block.put(row, lead, label, tag=f"money:label:{line.key}")
        for col, role in enumerate(money.roles, lead + 1):
            block.put(
                row,
                col,
                _cell(style, money, line, role, marks, every_rate=every_rate),
                tag=f"money:{line.key}:{role}",
            )
    if side is not None:
        block.put(0, 0, side, rows=block.n_rows)
    return block


def _distinct(rng: random.Random, roles: tuple[str, ...], captions: list[str]) -> list[str]:
    """No caption twice: a bureau would not print 预算数 over two columns."""
    for at, role in enumerate(roles):
        while captions[at] in captions[:at]:
            captions[at] = caption(rng, role)
    return captions


def _labels_total_last(rng: random.Random, lines: list[Line]) -> list[str]:
    """Labels where the total stands last: no 其中, indents only below the first rank."""
    indent = rng.random() < 0.5
    return [
        f"{'　　' * (line.depth - 1)}{line.label}" if indent and line.depth > 1 else line.label
        for line in lines
    ]


def _cell(style: Style, money: Money, line: Line, role: str, marks: str, *, every_rate: bool) -> Shown:
    is_total = line is money.total
    if role == "weight":
        return number(money.weight, None) if is_total and money.weight is not None else words(marks)
    if role == "score":
        return style.points(money.score, 2) if is_total and money.score is not None else words(marks)
    if role == "rate":
        if not is_total and not every_rate:
            return words(marks)
        budget = line.figures.get("adjusted")
        return (
            style.rate(line.figures["executed"] * _HUNDRED / budget)
            if budget
            else words(style.absent if style.absent != "0" else "")
        )
    if role == "adjustment" and line.figures and not line.figures[role] and style.absent != "0":
        return words(style.absent)
    return style.amount(line.figures.get(role))


def items_block(rng: random.Random, style: Style, year: int, money: Money) -> tuple[Block, list[Line]]:
    """Line items of the form's project money: 项目名称 × 预算数, 决算数, 执行率, with outline numbers and a total.

    Its total is 项目支出 of the funds (or the whole, where the form is about one project).
    """
    whole = next((line for line in money.total.walk() if line.key == "project"), money.total)
    leaves = _details(rng, style, whole, money)
    total = Line("合计", "lines_total", 0, dict(whole.figures), leaves)
    leaves = [Line(leaf.label, f"line{n}", 1, leaf.figures) for n, leaf in enumerate(leaves)]
    roles = rng.choice(
        (
            ("opening", "adjusted", "executed", "rate"),
            ("budget", "executed", "rate"),
            ("opening", "adjustment", "adjusted", "executed"),
            ("budget", "executed"),
        )
    )
    captions = _distinct(rng, roles, [caption(rng, role, style.unit) for role in roles])
    if rng.random() < 0.4:
        captions = [
            f"{year}年{text}" if role in ("budget", "executed") and "年" not in text else text
            for role, text in zip(roles, captions, strict=True)
        ]
    index = rng.random() < 0.4
    block = Block(len(roles) + 1 + index, favour=(index,))
    block.row(*(["序号"] if index else []), rng.choice(("项目名称", "支出项目", "项目")), *captions)
    first = rng.random() < 0.3
    style_of = rng.choice(("plain", "numbers", "chinese"))
    lines = [total, *leaves] if first else [*leaves, total]
    for line in lines:
        row = block.n_rows
        at = leaves.index(line) if line is not total else -1
        text = line.label
        if line is not total and not index:
            text = {
                "plain": text,
                "numbers": f"{at + 1}、{text}",
                "chinese": f"{'一二三四五六七'[at]}、{text}",
            }[style_of]
        if index:
            block.put(row, 0, number(Decimal(at + 1), 0) if line is not total else "")
        block.put(row, int(index), text, tag=f"money:label:{line.key}")
        for col, role in enumerate(roles, 1 + index):
            shown = (
                style.rate(line.figures["executed"] * _HUNDRED / line.figures["adjusted"])
                if role == "rate"
                else style.amount(line.figures[role])
            )
            block.put(row, col, shown, tag=f"money:{line.key}:{role}")
    return block, lines


def _slow(line: Line) -> bool:
    """Whether a line spent so little of its budget that the form would have to say why."""
    return bool(line.figures) and line.figures["executed"] * 5 < line.figures["adjusted"] * 4


def _details(rng: random.Random, style: Style, whole: Line, money: Money) -> list[Line]:
    """The single projects of the form, the same in every table that lists them."""
    if not money.details:
        money.details = [part for part in whole.parts if part.key.startswith("item")]
    for _ in range(9):
        if not money.details or any(_slow(line) for line in money.details):
            money.details = _split(rng, style, whole)
    if any(_slow(line) for line in money.details):
        money.details = [Line(rng.choice(_ITEMS), "", 1, dict(whole.figures))]
    return money.details


def _split(rng: random.Random, style: Style, whole: Line) -> list[Line]:
    """Lines whose figures add up to those of ``whole``."""
    names = rng.sample(_ITEMS, rng.randint(3, 7))
    cents = Decimal(1).scaleb(-style.decimals)
    shares = [Decimal(rng.randint(5, 30)) for _ in names]
    made = [Line(name, "", 1) for name in names]
    for role in ("opening", "adjusted", "executed"):
        left = whole.figures[role]
        for line, share in zip(made[:-1], shares, strict=False):
            line.figures[role] = (whole.figures[role] * share / sum(shares)).quantize(cents)
            left -= line.figures[role]
        made[-1].figures[role] = left
    for line in made:
        line.figures["executed"] = min(line.figures["executed"], line.figures["adjusted"])
    short = whole.figures["executed"] - sum(line.figures["executed"] for line in made)
    for line in made:  # what rounding took away goes where the budget leaves room for it
        more = min(short, line.figures["adjusted"] - line.figures["executed"])
        line.figures["executed"] += more
        short -= more
    for line in made:
        _fill(line)
    return made


def base_block(rng: random.Random, style: Style, year: int, money: Money) -> Block:
    """Base data: headcount with its control rate, 三公经费 with last year's column and perhaps a rate of change."""
    with_change = rng.random() < 0.4
    roles = ["last", "budget", "executed", *(["change"] if with_change else [])]
    block = Block(len(roles) + 1, favour=(0,))
    establishment = rng.randint(8, 240)
    there = rng.randint(establishment * 2 // 3, establishment)
    block.row(
        "财政供养人员情况（人）",
        rng.choice(("编制数", "核定编制数")),
        rng.choice((f"{year}年实际在职人数", "实际在职人数", "年末实有人数")),
        rng.choice(("控制率", "在职人员控制率")),
    )
    row = block.n_rows
    block.put(row - 1, 0, "财政供养人员情况（人）", rows=2)
    block.put(row, 1, number(Decimal(establishment), 0), tag="base:establishment")
    block.put(row, 2, number(Decimal(there), 0), tag="base:headcount")
    block.put(
        row,
        3,
        percent(
            Decimal(there) * 100 / establishment, rng.choice((0, 1, 2)), exact=style.exact and style.sheet
        ),
        tag="base:control_rate",
    )
    captions = [f"{year - 1}年决算数", f"{year}年预算数", f"{year}年决算数", "决算数较上年增减率"][
        : len(roles)
    ]
    if rng.random() < 0.3:
        captions[:3] = ["上年决算数", "本年预算数", "本年决算数"]
    block.row(f"经费控制情况（{style.unit}）", *captions)
    tree = _three_public(rng, style)
    lines = {line.key: line for line in money.total.walk()}
    public = _leaf(rng, style, "公用经费", "base_public", rng.choice((12, 40)), 0)
    if "public" in lines:
        public.figures = dict(lines["public"].figures)
    project = Line("项目支出", "base_project", 0, dict(lines["project"].figures))
    named = _details(rng, style, lines["project"], money)
    project.parts = [Line(line.label, f"base_item{n}", 1, dict(line.figures)) for n, line in enumerate(named)]
    numbered = rng.random() < 0.6
    for root in (tree, project, public):
        _fill(root)
        last = _last_year(rng, style, root)
        counts: dict[int, int] = {}
        for line in root.walk():
            row = block.n_rows
            counts[line.depth] = counts.get(line.depth, 0) + 1
            text = line.label
            if line.depth == 1 and numbered:
                text = f"　{counts[1]}、{text}"
            elif line.depth == 2:
                text = f"　　其中：{text}" if counts[2] == 1 else f"　　　　　{text}"
            elif line.depth == 1:
                text = f"　　{text}"
            block.put(row, 0, text, tag=f"money:label:{line.key}")
            before, now = last[line.key], line.figures.get("executed")
            block.put(row, 1, style.amount(before), tag=f"money:{line.key}:last")
            block.put(row, 2, style.amount(line.figures.get("budget")), tag=f"money:{line.key}:budget")
            block.put(row, 3, style.amount(now), tag=f"money:{line.key}:executed")
            if with_change:
                block.put(
                    row,
                    4,
                    percent((now - before) * 100 / before, 2, exact=style.exact and style.sheet)
                    if before and now is not None
                    else words(""),
                )
    return block


def _three_public(rng: random.Random, style: Style) -> Line:
    root = Line(rng.choice(("三公经费", "“三公”经费", "“三公”经费合计")), "three_public", 0)
    vehicle = Line(rng.choice(("公务用车购置和维护经费", "公务用车购置及运行维护费")), "vehicle", 1)
    vehicle.parts = [
        _leaf(rng, style, "公务用车购置", "vehicle_purchase", rng.choice((0, 15)), 2),
        _leaf(rng, style, "公务用车运行维护费", "vehicle_running", 3, 2),
    ]
    root.parts = [
        vehicle,
        _leaf(rng, style, rng.choice(("出国经费", "因公出国（境）费用")), "abroad", rng.choice((0, 0, 4)), 1),
        _leaf(rng, style, "公务接待费", "reception", 1, 1),
    ]
    return root


def _last_year(rng: random.Random, style: Style, root: Line) -> dict[str, Decimal | None]:
    """Last year's amounts: near this year's for single lines, sums for the others."""
    cents = Decimal(1).scaleb(-style.decimals)
    made: dict[str, Decimal | None] = {}

    def amount(line: Line) -> Decimal | None:
        if line.parts:
            parts = [amount(part) for part in line.parts]
            known = [part for part in parts if part is not None]
            made[line.key] = sum(known, Decimal(0)) if known else None
        else:
            spent = line.figures.get("executed")
            made[line.key] = (
                (spent * Decimal(str(round(rng.uniform(0.9, 1.15), 3)))).quantize(cents) if spent else None
            )
        return made[line.key]

    amount(root)
    return made
