"""Indicator blocks that are answered and scored rightly."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from operator import attrgetter

from gouji.number import round_half_up
from tests.forms import synthetic_words as vocabulary
from tests.forms.synthetic_canvas import Block, Shown, number, percent, words
from tests.forms.synthetic_money import Money, Style, caption
from tests.forms.synthetic_words import LEVELS

__all__ = ["Answer", "Indicators", "indicator_block", "make_indicators"]

_HUNDRED = Decimal(100)
# points by first level; execution is scored beside the money unless the form keeps it inside
SCHEMES: tuple[dict[str, int], ...] = (
    {"execution": 10, "output": 50, "benefit": 30, "satisfaction": 10},
    {"execution": 10, "output": 40, "benefit": 20, "satisfaction": 10, "cost": 20},
    {"execution": 20, "output": 40, "benefit": 30, "satisfaction": 10},
    {"execution": 10, "output": 50, "benefit": 40},
    {"execution": 10, "management": 25, "output": 30, "benefit": 35},
)
_SECOND = {
    "output": ("quantity", "quality", "timeliness"),
    "benefit": ("economic_benefit", "social_benefit", "ecological_benefit", "sustainable"),
    "satisfaction": ("people",),
    "cost": ("economic_cost", "social_cost", "ecological_cost"),
    "management": ("process",),
}


@dataclass(slots=True)
class Answer:
    """One indicator as answered.

    ``sign``, ``value`` and ``unit`` make up the target; ``share`` is the part reached in percent points, None
    for words. ``state`` is met, partly, over, words, zero, date, range or none (not applicable).
    """

    level1: str
    level2: str
    name: str
    sign: str = ""
    value: str = ""
    unit: str = ""
    actual: str = ""
    weight: Decimal | None = None
    score: Decimal | None = None
    reason: str = ""
    share: Decimal | None = None
    state: str = "met"

    @property
    def target(self) -> str:
        """The target as one text."""
        return f"{self.sign}{self.value}{self.unit}"

    @property
    def result(self) -> str:
        """The result as one text."""
        return f"{self.actual}{self.unit if self.share is not None and self.state != 'zero' else ''}"


@dataclass(slots=True)
class Indicators:
    """The indicators of one goal, and what the whole form scores with them."""

    rows: list[Answer]
    weight: Decimal
    score: Decimal
    columns: list[str] = field(default_factory=list)
    captions: dict[str, str] = field(default_factory=dict)


def _whole(rng: random.Random, low: int, high: int) -> int:
    return (
        rng.randint(low, high)
        if high < 60 or rng.random() < 0.5
        else rng.randint(low // 10 or 1, high // 10) * 10
    )


def _quantity(rng: random.Random, row: Answer) -> None:
    name, unit, low, high = rng.choice(vocabulary.QUANTITIES)
    goal = Decimal(_whole(rng, low, high))
    if unit in ("公里", "公顷", "千米", "万人") and rng.random() < 0.5:
        goal += Decimal(rng.randint(1, 99)) / rng.choice((100, 10))
    row.name, row.unit = name, unit
    row.sign = rng.choice(("≥", "≥", "", "=", ">", "不少于", "不低于") if rng.random() < 0.4 else ("≥", ""))
    step = goal.as_tuple().exponent
    cents = Decimal(1).scaleb(step if isinstance(step, int) else 0)
    lot = rng.random()
    if lot < 0.12 and goal > 12:
        reached = (goal * Decimal(str(round(rng.uniform(0.6, 0.97), 3)))).quantize(cents)
        row.state, row.reason = "partly", rng.choice(vocabulary.REASONS)
    elif lot < 0.18 and row.sign != "=":
        reached = (goal * Decimal(str(round(rng.uniform(1.35, 2.2), 3)))).quantize(cents) + cents
        row.state, row.reason = "over", "年中新增任务，超额完成；今后提高目标设定的准确性。"
    elif row.sign in (">", "≥", "不少于", "不低于") or rng.random() < 0.3:
        reached = (goal * Decimal(str(round(rng.uniform(1.0, 1.25), 3)))).quantize(cents)
        reached = max(reached, goal + (cents if row.sign == ">" else 0))
        reached = goal + cents if reached * 100 >= goal * 129 and goal > 5 else reached
        if reached * 100 >= goal * 129:
            reached = goal
            row.sign = row.sign if row.sign != ">" else "≥"
    else:
        reached = goal
    row.value, row.actual = _plain(goal), _plain(reached)
    row.share = reached * _HUNDRED / goal


def _plain(value: Decimal) -> str:
    return format(value, "f")


def _share(rng: random.Random, row: Answer, names: tuple[str, ...], *, low: int = 80) -> None:
    row.name, row.unit = rng.choice(names), "%"
    goal = Decimal(rng.choice((100, 100, 98, 95, 90, rng.randint(low, 99))))
    row.sign = (
        ""
        if goal == 100 and rng.random() < 0.5
        else rng.choice(("≥", "≥", "", "＝" if goal == 100 else "≥", "不低于"))
    )
    if rng.random() < 0.1 and goal > 60:
        reached = goal - Decimal(rng.randint(10, 250)) / 10
        row.state, row.reason = "partly", rng.choice(vocabulary.REASONS)
    else:
        reached = min(_HUNDRED, goal + Decimal(rng.randint(0, 80)) / 10)
        if rng.random() < 0.4 and goal == reached.to_integral_value():
            reached = goal
    decimals = rng.choice((0, 1, 2))
    reached = (
        max(round_half_up(reached, decimals), goal)
        if row.state == "met"
        else round_half_up(reached, decimals)
    )
    if row.state == "partly" and reached >= goal:
        row.state, row.reason = "met", ""
    row.value, row.actual = _plain(goal), _plain(reached)
    row.share = reached * _HUNDRED / goal


def _cost(rng: random.Random, row: Answer, money: Money | None, style: Style) -> None:
    name, unit, low, high = rng.choice(vocabulary.COSTS)
    goal = Decimal(_whole(rng, low, high))
    reached = (goal * Decimal(str(round(rng.uniform(0.7, 1.0), 3)))).quantize(
        Decimal("0.01") if unit == "万元" else Decimal(1)
    )
    if money is not None and rng.random() < 0.2:
        name, unit = "部门支出总额控制" if money.kind == "expenses" else "项目总成本控制", style.unit
        goal, reached = money.total.figures["adjusted"], money.total.figures["executed"]
    row.name, row.unit, row.sign = name, unit, rng.choice(("≤", "≤", "不超过", "<=", "＜"))
    if row.sign == "＜" and reached >= goal:
        row.sign = "≤"
    row.value, row.actual, row.share = _plain(goal), _plain(reached), _HUNDRED
    row.state = "cost"


def _zero(rng: random.Random, row: Answer) -> None:
    row.name = rng.choice(vocabulary.ZEROS)
    unit = rng.choice(("起", "次", "件", ""))
    row.sign, row.value, row.unit, row.state = rng.choice(("", "=", "≤")), "0", unit, "zero"
    row.actual = rng.choice((f"0{unit}", f"0{unit}", "未发生", "无", "0"))
    if rng.random() < 0.2:
        row.sign, row.value, row.unit = "", rng.choice(("不发生", "无", "零发生", "0")), ""
        row.actual = rng.choice(("未发生", "0", "无"))


def _date(rng: random.Random, row: Answer, year: int) -> None:
    row.name, row.state = rng.choice(vocabulary.DATES), "date"
    row.value = rng.choice(
        (
            f"{year}年12月底前",
            f"{year}年12月31日前",
            "12月底前",
            f"{year}年底",
            f"{year}年全年",
            "2个月内",
            f"{year}.12.31前",
            "全年",
            f"{year}年12月",
        )
    )
    month, day = rng.randint(9, 12), rng.randint(1, 28)
    row.actual = rng.choice(
        (
            f"{year}年{month}月{day}日",
            f"{year}年{month}月",
            "按期完成",
            "按时完成",
            "已完成",
            f"{year}.{month}.{day}",
            f"{month}月底完成",
            "及时",
        )
    )
    if row.value in ("2个月内", "全年", f"{year}年全年"):
        row.actual = rng.choice(("按期完成", "按时完成", "达成预期指标"))


def _words(rng: random.Random, row: Answer) -> None:
    target, answers = rng.choice(vocabulary.QUALITATIVE)
    row.value, row.actual, row.state = target, rng.choice(answers), "words"
    row.name = rng.choice(
        (
            "群众生活水平",
            "公共服务能力",
            "行业管理水平",
            "社会稳定",
            "生态环境质量",
            "区域经济发展",
            "工作机制",
            "长效管理",
            "政策知晓度",
            "队伍建设水平",
            "单位履职能力",
        )
    )


def _range(rng: random.Random, row: Answer) -> None:
    row.name, row.unit, row.state = "人均服务频次", "次", "range"
    low = rng.randint(2, 5)
    high = low + rng.randint(2, 4)
    row.value, row.actual = f"{low}-{high}", str(rng.randint(low, high))


def _drawn(
    rng: random.Random, level1: str, level2: str, year: int, money: Money | None, style: Style
) -> Answer:
    row = Answer(level1, level2, "")
    lot = rng.random()
    if level2 == "quantity":
        _range(rng, row) if lot < 0.04 else _quantity(rng, row)
    elif level2 in ("quality", "process"):
        _share(rng, row, vocabulary.QUALITIES) if lot < 0.85 else _words(rng, row)
    elif level2 == "timeliness":
        _date(rng, row, year) if lot < 0.6 else _share(rng, row, vocabulary.TIMES)
    elif level2 == "economic_cost":
        _cost(rng, row, money, style)
    elif level2 in ("social_cost", "ecological_cost"):
        _zero(rng, row)
    elif level2 == "people":
        _share(rng, row, vocabulary.SATISFACTIONS)
    elif lot < 0.2:
        _zero(rng, row)
    elif lot < 0.35:
        _share(rng, row, ("覆盖率", "政策知晓率", "带动就业增长率", "空气质量优良天数比例"), low=30)
    elif lot < 0.45:
        _quantity(rng, row)
    else:
        _words(rng, row)
    return row


def _parts(rng: random.Random, total: Decimal, count: int) -> list[Decimal]:
    """``total`` points on ``count`` rows, in whole or half points, or cut evenly to the cent."""
    if rng.random() < 0.12 and count in (3, 6, 7):
        each = round_half_up(total / count, 2)
        return [*([each] * (count - 1)), total - each * (count - 1)]
    step = Decimal("0.5") if rng.random() < 0.2 else Decimal(1)
    units = int(total / step)
    if units < count:
        step, units = Decimal("0.5"), int(total * 2)
    cuts = sorted(rng.sample(range(1, units), count - 1)) if count > 1 else []
    bounds = [0, *cuts, units]
    return [(b - a) * step for a, b in pairwise(bounds)]


def make_indicators(
    rng: random.Random,
    style: Style,
    money: Money | None,
    year: int,
    *,
    scheme: dict[str, int],
    scored: bool,
    inside: bool,
    taken: set[str],
) -> Indicators:
    """Draw and answer the indicators of one goal; ``inside`` keeps the execution rate among them, ``taken`` are names not to use again."""
    rows: list[Answer] = []
    decimals = rng.choice((1, 2, 2))
    for level1, points in scheme.items():
        if level1 == "execution":
            if inside and money is not None:
                rate = round_half_up(money.rate, 2)
                row = Answer(
                    "execution",
                    "execution",
                    rng.choice(("预算执行率", "部门预算执行率", "资金执行率")),
                    "",
                    "100",
                    "%",
                    _plain(rate),
                    Decimal(points),
                    share=rate,
                    state="execution",
                )
                row.score = round_half_up(points * min(money.rate, _HUNDRED) / _HUNDRED, 2)
                row.reason = (
                    "" if rate >= 100 else rng.choice(("部分尾款待支付。", "按合同约定年末未到付款节点。"))
                )
                rows.append(row)
            continue
        own: list[Answer] = []
        seconds = _SECOND[level1]
        chosen = [s for s in seconds if rng.random() < 0.75] or [seconds[0]]
        for level2 in chosen:
            for _ in range(rng.choice((1, 1, 2, 3) if level2 in ("quantity", "quality") else (1, 1, 2))):
                for _ in range(20):
                    made = _drawn(rng, level1, level2, year, money, style)
                    if made.name not in taken and all(made.name != other.name for other in [*own, *rows]):
                        break
                else:
                    made.name = f"{made.name}（第{len(taken) + len(own) + len(rows)}类）"
                own.append(made)
        for row, weight in zip(own, _parts(rng, Decimal(points), len(own)), strict=True):
            row.weight = weight
            share = min(row.share, _HUNDRED) if row.share is not None and row.state == "partly" else _HUNDRED
            row.score = weight if share == _HUNDRED else round_half_up(weight * share / _HUNDRED, decimals)
            if row.score == weight and share < _HUNDRED:
                row.score = min(round_half_up(weight * share / _HUNDRED, 2), weight - Decimal("0.01"))
            if row.state == "met" and rng.random() < 0.04 and weight > 1:
                row.score, row.reason = weight - Decimal("0.5"), "资料归档不够及时，扣0.5分；下一步加强管理。"
            if row.state == "met" and not row.reason and rng.random() < 0.1:
                row.reason = rng.choice(("无", "—", "无偏差", "已完成"))
        unused = [s for s in seconds if s not in chosen]
        if unused and rng.random() < 0.25 and len(seconds) > 1:
            mark = rng.choice(("无", "不涉及", "/", "无"))
            blank = rng.choice(("", mark))
            own.append(Answer(level1, rng.choice(unused), mark, value=blank, actual=blank, state="none"))
        order = {name: at for at, name in enumerate(seconds)}
        rows += sorted(own, key=lambda r: order[r.level2])
    if not scored:
        for row in rows:
            row.weight = row.score = None
        return Indicators(rows, Decimal(0), Decimal(0))
    weight = sum((r.weight for r in rows if r.weight is not None), Decimal(0))
    score = sum((r.score for r in rows if r.score is not None), Decimal(0))
    return Indicators(rows, weight, score)


def _target_columns(rng: random.Random) -> list[str]:
    return rng.choice(
        (
            ["target"],
            ["target"],
            ["target"],
            ["target"],
            ["sign", "target", "unit"],
            ["target", "unit"],
            ["sign", "target"],
            ["sub:sign", "sub:value", "sub:unit"],
        )
    )


def _columns(rng: random.Random, *, scored: bool) -> list[str]:
    levels = rng.choice(
        (["level1", "level2", "level3"],) * 6
        + (["level1", "level3"], ["level3"], ["level1", "level2", "level3", "level4"])
    )
    values = [*_target_columns(rng), "actual"]
    if "unit" in values and rng.random() < 0.3:
        values = [c for c in values if c != "unit"] + ["unit"]
    if rng.random() < 0.12:
        values.append("completion")
    points = ["weight", "score"] if scored else []
    if points and rng.random() < 0.1:
        points.reverse()
    order = rng.random()
    if order < 0.2 and points:
        made = [*levels, points[0], *values, *points[1:]]
    elif order < 0.27 and points:
        made = [*levels, *points, *values]
    else:
        made = [*levels, *values, *points]
    if rng.random() < 0.1:
        made.insert(len(levels), rng.choice(("standard", "explain", "core")))
    if rng.random() < 0.06:
        made.append("coefficient")
    made.append("reason")
    if rng.random() < 0.1:
        made.append(rng.choice(("source", "audit", "core")))
    return made


def indicator_block(
    rng: random.Random,
    style: Style,
    made: Indicators,
    prefix: str,
    side: str | None,
    total: tuple[str, Decimal, Decimal] | None,
    like: Indicators | None = None,
    subtotal: bool = False,
) -> Block:
    """The block on paper.

    Args:
        rng: Chance.
        style: How figures are written.
        made: The answers.
        prefix: Begins the tags of its cells.
        side: A merged label to the left, None for no such column.
        total: Name, weight and score of the last row.
        like: A goal drawn before, whose columns and captions this one shares.
        subtotal: Whether a 小计 of this goal closes it.
    """
    made.columns = like.columns if like else _columns(rng, scored=made.weight > 0)
    made.captions = like.captions if like else _captions(rng, made.columns)
    made_columns = made.columns
    lead = 1 if side is not None else 0
    names = [c for c in made_columns if c.startswith("level")]
    favour = [lead + made_columns.index(c) for c in (names[-1], "reason") if c in made_columns]
    block = Block(len(made_columns) + lead, tuple(favour))
    _header(block, made, lead)
    paint = _painters(rng, style, made_columns)
    first = block.n_rows
    for at, answer in enumerate(made.rows):
        row = block.n_rows
        for col, name in enumerate(made_columns, lead):
            if not name.startswith("level"):
                block.put(
                    row,
                    col,
                    paint[name](answer),
                    tag=f"{prefix}:{at}:{name.removeprefix('sub:').replace('value', 'target')}",
                )
        block.n_rows = max(block.n_rows, row + 1)
    _levels(rng, block, made, first, lead, prefix)
    if subtotal:
        _total_row(style, block, made_columns, lead, ("小计", made.weight, made.score), f"{prefix}:subtotal")
    if side is not None:
        block.put(0, 0, side, rows=block.n_rows)
    if total is not None:
        _total_row(style, block, made_columns, lead, total, "total")
    return block


def _captions(rng: random.Random, columns: list[str]) -> dict[str, str]:
    """The caption of each column; level columns and the three parts of a target get words that fit each other."""
    made: dict[str, str] = {}
    levels = [c for c in columns if c.startswith("level")]
    for name in columns:
        if name == "level4":
            made[name] = "四级指标"
        elif name in levels:
            own = vocabulary.CAPTIONS[name]
            made[name] = own[0] if len(levels) > 3 else rng.choice(own)
        elif not name.startswith("sub:"):
            made[name] = caption(rng, name)
    made["over"] = caption(rng, "target")
    made["sub:sign"] = rng.choice(("符号", "指标符号", "计算符号"))
    made["sub:value"] = rng.choice(("数值", "指标值", "值"))
    made["sub:unit"] = rng.choice(("单位", "计量单位"))
    return made


def _header(block: Block, made: Indicators, lead: int) -> None:
    two = any(c.startswith("sub:") for c in made.columns)
    for col, name in enumerate(made.columns, lead):
        if name.startswith("sub:"):
            block.put(1, col, made.captions[name])
        else:
            block.put(0, col, made.captions[name], rows=2 if two else 1)
    if two:
        block.put(0, made.columns.index("sub:sign") + lead, made.captions["over"], cols=3)


def _painters(rng: random.Random, style: Style, columns: list[str]) -> dict[str, Callable[[Answer], Shown]]:
    """How each column shows an answer."""
    apart_unit = "unit" in columns or "sub:unit" in columns
    apart_sign = "sign" in columns or "sub:sign" in columns
    typed = style.sheet and rng.random() < 0.6
    blank = rng.choice(("", "", "", "无", "/", "—"))

    def figure(text: str, unit: str) -> Shown:
        value = _decimal(text)
        if value is None:
            return words(text)
        if unit == "%" and not apart_unit:
            places = len(text.partition(".")[2])
            return percent(value, places, exact=False) if typed else words(f"{text}%")
        if apart_unit or not unit:
            return number(value, len(text.partition(".")[2])) if typed else words(text)
        return words(f"{text}{unit}")

    def target(row: Answer) -> Shown:
        sign = "" if apart_sign else row.sign
        if sign:
            return words(f"{sign}{row.value}{'' if apart_unit else row.unit}")
        return figure(row.value, row.unit)

    def actual(row: Answer) -> Shown:
        if row.share is None:
            return figure(row.actual, row.unit) if row.state == "range" else words(row.actual)
        return figure(row.actual, row.unit)

    def sign(row: Answer) -> Shown:
        if row.state == "none":
            return words("")
        return words(
            row.sign
            or (
                "定性"
                if row.state in ("words", "date")
                else "="
                if row.state not in ("over", "range")
                else ""
            )
        )

    def completion(row: Answer) -> Shown:
        if row.state == "none":
            return words("")
        share = (
            row.share
            if row.share is not None and row.state in ("met", "partly", "over", "execution")
            else _HUNDRED
        )
        return percent(share, 2, exact=False)

    def coefficient(row: Answer) -> Shown:
        if row.weight is None or row.score is None:
            return words("")
        return percent(row.score * 100 / row.weight, 0, exact=False)

    return {
        "target": target,
        "sub:value": target,
        "actual": actual,
        "sign": sign,
        "sub:sign": sign,
        "unit": lambda row: words(
            row.unit
            if row.share is not None or row.state in ("range", "zero")
            else rng.choice(("", "/", "无"))
        ),
        "sub:unit": lambda row: words(
            row.unit if row.share is not None or row.state in ("range", "zero") else ""
        ),
        "weight": lambda row: number(row.weight, None) if row.weight is not None else words(""),
        "score": lambda row: style.points(row.score, 2) if row.score is not None else words(""),
        "reason": lambda row: words(row.reason or ("" if row.state == "none" else blank)),
        "completion": completion,
        "coefficient": coefficient,
        "core": lambda row: words("是" if row.level2 == "quantity" else "否"),
        "standard": lambda row: words(
            "完成得满分，未完成按比例扣分" if row.share is not None else "按达成程度分档计分"
        ),
        "explain": lambda row: words(f"反映{row.name}的情况"),
        "source": lambda _: words(rng.choice(("工作台账", "统计报表", "财务系统", "问卷调查"))),
        "audit": lambda _: words(""),
    }


def _decimal(text: str) -> Decimal | None:
    plain = text.replace(".", "", 1)
    return Decimal(text) if plain.isdigit() else None


def _levels(rng: random.Random, block: Block, made: Indicators, first: int, lead: int, prefix: str) -> None:
    """The level columns: one merged cell a group, its name in every row, or only in the first."""
    columns = [c for c in made.columns if c.startswith("level")]
    manner = rng.choice(("merged", "merged", "merged", "repeated", "blank"))
    points = made.weight > 0 and rng.random() < 0.3
    numbered = rng.random() < 0.12
    sums: dict[str, Decimal] = {}
    for row in made.rows:
        sums[row.level1] = sums.get(row.level1, Decimal(0)) + (row.weight or 0)
    spoken = {key: rng.choice(LEVELS[key]) for key in LEVELS}
    for name in ("level1", "level2"):
        key = attrgetter(name)
        if name not in columns:
            continue
        col = lead + made.columns.index(name)
        at = 0
        while at < len(made.rows):
            end = at
            while (
                end < len(made.rows)
                and made.rows[end].level1 == made.rows[at].level1
                and key(made.rows[end]) == key(made.rows[at])
            ):
                end += 1
            text = spoken.get(key(made.rows[at]), "")
            if name == "level1" and points:
                text = f"{text}\n（{number(sums[key(made.rows[at])], None).text}分）"
            if manner == "merged":
                block.put(first + at, col, text, rows=end - at, tag=f"{prefix}:group:{name}:{at}")
            else:
                for line in range(at, end):
                    head = line == at
                    tag = f"{prefix}:group:{name}:{at}" if head else ""
                    block.put(first + line, col, text if manner == "repeated" or head else "", tag=tag)
            at = end
    for at, row in enumerate(made.rows):
        text = f"{at + 1}.{row.name}" if numbered and row.state != "none" else row.name
        col = lead + made.columns.index(columns[-1])
        block.put(first + at, col, text, tag=f"{prefix}:{at}:name")
        if columns[-1] == "level4":
            block.put(
                first + at, lead + made.columns.index("level3"), row.name.split("（")[0][:4] + "类", tag=""
            )


def _total_row(
    style: Style, block: Block, columns: list[str], lead: int, total: tuple[str, Decimal, Decimal], tag: str
) -> None:
    name, weight, score = total
    row = block.n_rows
    places = sorted((columns.index("weight") + lead, columns.index("score") + lead))
    start = 0 if tag == "total" else lead
    block.put(row, start, name, cols=places[0] - start)
    block.put(row, columns.index("weight") + lead, number(weight, None), tag=f"{tag}:weight")
    block.put(row, columns.index("score") + lead, style.points(score, 2), tag=f"{tag}:score")
