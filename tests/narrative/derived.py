"""Texts derived from the facts of a clean form by sentence templates, and contradictions put into them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

__all__ = ["Sentence", "Submission", "contradict", "submission"]

_YEAR = 2024
_CENT = Decimal("0.01")

_LINES = (
    "农村公路养护经费",
    "桥梁安全检测经费",
    "义务教育营养改善项目",
    "社区矫正工作经费",
    "森林防火专项经费",
    "基层文化活动经费",
    "病险水库除险加固项目",
    "城乡居民健康档案经费",
    "消防装备购置经费",
    "老旧小区改造项目",
)
_COUNTS = (
    ("农村公路养护里程", "公里"),
    ("残疾儿童康复服务人数", "人"),
    ("开展普法宣传活动", "场"),
    ("资助困难学生人次", "人次"),
    ("无障碍改造户数", "户"),
    ("发放宣传资料", "份"),
    ("举办技能培训班", "期"),
    ("检查生产经营单位", "家"),
)
_RATES = ("补贴发放到位率", "工程验收合格率", "服务对象满意度", "隐患整改率", "政策知晓率")


@dataclass(frozen=True)
class Sentence:
    """One sentence with the figures that may be falsified: (start, end) of each number."""

    text: str
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Submission:
    """A clean form as grids (the notation of tests/rules/grids.py) and sentences that repeat its figures."""

    grids: dict[str, str]
    sentences: tuple[Sentence, ...]


def _money(rng: random.Random, low: int, high: int) -> Decimal:
    return Decimal(rng.randint(low * 100, high * 100)) / 100


_Row = tuple[str, Decimal, Decimal, Decimal]


def _sums(rows: Sequence[_Row]) -> tuple[Decimal, Decimal, Decimal]:
    zero = Decimal(0)
    return sum((r[1] for r in rows), zero), sum((r[2] for r in rows), zero), sum((r[3] for r in rows), zero)


def _percent(part: Decimal, whole: Decimal) -> Decimal:
    return (part * 100 / whole).quantize(_CENT, ROUND_HALF_UP)


def _fill(template: str, values: dict[str, object]) -> Sentence:
    """The template with its values; each {name} that is a Decimal or int may be falsified."""
    text, spans, rest = "", [], template
    while "{" in rest:
        before, _, after = rest.partition("{")
        name, _, rest = after.partition("}")
        value = values[name]
        text += before
        typed = f"{value:,}" if isinstance(value, Decimal) and value >= 1000 and len(name) % 2 else f"{value}"
        if isinstance(value, (Decimal, int)) and name not in ("y", "z"):
            spans.append((len(text), len(text) + len(typed)))
        text += typed
    return Sentence(text + rest, tuple(spans))


_TOTAL = (
    "{y}年度部门整体支出年初预算{O}万元，调整后预算{A}万元，决算支出{E}万元，预算执行率{R}%。",
    "{y}年年初预算安排{O}万元，全年预算{A}万元，全年执行{E}万元，执行率为{R}%。",
    "本年度部门预算调整后为{A}万元，实际支出{E}万元，预算执行率达{R}%。",
    "{y}年全年支出合计{E}万元，其中基本支出{EB}万元，项目支出{EP}万元。",
    "{y}年度部门决算支出{E}万元，基本支出{EB}万元、项目支出{EP}万元。",
    "{y}年年初预算{O}万元，其中：基本支出{OB}万元，项目支出{OP}万元。",
    "基本支出{EB}万元，其中人员经费{EPe}万元，公用经费{EPu}万元。",
    "基本支出年初预算{OB}万元，决算{EB}万元。",
    "项目支出调整后预算{AP}万元，实际支出{EP}万元，执行率{RP}%。",
    "人员经费支出{EPe}万元，公用经费支出{EPu}万元。",
)
_LINE = (
    "{N}年初预算{o}万元，调整后{a}万元。",
    "{N}支出{e}万元，执行率{r}%。",
    "{N}决算数{e}万元。",
    "{N}全年预算{a}万元，实际支出{e}万元，预算执行率{r}%。",
    "部分项目执行情况较好，如{N}执行率{r}%。",
    "{N}年初安排{o}万元，全年执行{e}万元。",
    "截至年底，{N}已支付{e}万元。",
    "{N}预算执行率为{r}%。",
    "（1）{N}方面：项目资金使用率{r}%；资金拨付及时率100%。",
    "{N}年初预算{o}万元，调整后{a}万元；{M}年初预算{p}万元，调整后{b}万元。",
    "{N}支出{e}万元，{M}支出{f}万元。",
    "{N}、{M}分别支出{e}万元、{f}万元。",
)
_COUNT = (
    "{I}：年初目标值{t}{u}，实际完成{c}{u}。",
    "{I}，年度指标值{t}{u}，实际完成值{c}{u}。",
    "“{I}”年初指标值为{t}{u}，实际完成值为{c}{u}。",
    "{I}实际完成{c}{u}。",
    "全年{I}{c}{u}。",
    "{I}达到{c}{u}。",
    "{I}目标{t}{u}，实际达到{c}{u}。",
    "{I}计划完成{t}{u}，实际完成{c}{u}。",
    "{I}{c}{u}；{J}{d}{v}。",
    "{I}、{J}分别为{c}{u}、{d}{v}。",
)
_RATE = (
    "{Q}达{k}%。",
    "{Q}目标值{g}%，实际完成{k}%。",
    "{Q}为{k}%，{S}为{m}%。",
    "{Q}、{S}分别达到{k}%和{m}%。",
)
_THREE = (
    "“三公”经费决算{C}万元，比上年的{L}万元减少{D}万元。",
    "{y}年三公经费预算{B}万元，支出{C}万元。",
    "公务接待费支出{CR}万元，公务用车运行维护费支出{CV}万元。",
    "{z}年三公经费决算{L}万元，{y}年三公经费决算{C}万元。",
)


def submission(seed: int) -> Submission:
    """A clean form and one sentence for each of the forty templates."""
    rng = random.Random(seed)  # noqa: S311  # reproducible cases, no secrets
    names = rng.sample(_LINES, 5)
    lines: list[_Row] = []
    for name in names:
        opening = _money(rng, 40, 400)
        adjusted = opening + _money(rng, 1, 90)
        lines.append((name, opening, adjusted, (adjusted * rng.randint(8300, 9990) / 10000).quantize(_CENT)))
    people, public = _money(rng, 300, 900), _money(rng, 50, 200)
    people_spent, public_spent = (
        (people * Decimal("0.98")).quantize(_CENT),
        (public * Decimal("0.96")).quantize(_CENT),
    )
    rows: list[_Row] = [
        ("人员经费", people, people, people_spent),
        ("公用经费", public, public, public_spent),
    ]
    basic: _Row = ("基本支出", people + public, people + public, people_spent + public_spent)
    project: _Row = ("项目支出", *_sums(lines))
    total: _Row = ("合计", *_sums([basic, project]))
    table = ["项目名称 | 年初预算数 | 调整后预算数 | 决算数 | 执行率"]
    for name, opening, adjusted, spent in (basic, *rows, project, *lines, total):
        table.append(f"{name} | {opening} | {adjusted} | {spent} | {_percent(spent, adjusted)}%")
    last, car, meals = _money(rng, 20, 40), _money(rng, 5, 10), _money(rng, 2, 6)
    budget = car + meals + _money(rng, 1, 3)
    three = [
        f"经费控制情况 | {_YEAR - 1}年决算数 | {_YEAR}年预算数 | {_YEAR}年决算数",
        f"三公经费 | {last} | {budget} | {car + meals}",
        f"公务用车运行维护费 | {last - 10} | {budget - 2} | {car}",
        f"公务接待费 | 10 | 2 | {meals}",
    ]
    counts = [
        (name, unit, target, target + rng.randint(1, target // 5 + 1))
        for name, unit in rng.sample(_COUNTS, 5)
        for target in (rng.randint(110, 900),)
    ]
    rates = [(name, 90, Decimal(rng.randint(9001, 9999)) / 100) for name in rng.sample(_RATES, 4)]
    indicators = ["一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值"]
    indicators += [
        f"产出指标 | 数量指标 | {name} | {target}{unit} | {done}{unit}" for name, unit, target, done in counts
    ]
    indicators += [f"效益指标 | 社会效益指标 | {name} | {target}% | {done}%" for name, target, done in rates]
    grids = {"支出明细表": "\n".join(table), "基础数据表": "\n".join(three), "自评表": "\n".join(indicators)}
    sentences: list[Sentence] = []
    values: dict[str, object] = {
        "y": _YEAR, "z": _YEAR - 1, "O": total[1], "A": total[2], "E": total[3], "R": _percent(total[3], total[2]),
        "OB": basic[1], "EB": basic[3], "OP": project[1], "AP": project[2], "EP": project[3],
        "RP": _percent(project[3], project[2]), "EPe": people_spent, "EPu": public_spent,
        "C": car + meals, "L": last, "B": budget, "D": last - car - meals, "CR": meals, "CV": car,
    }  # fmt: skip
    sentences += [_fill(template, values) for template in (*_TOTAL, *_THREE)]
    for template in _LINE:
        one, two = rng.sample(lines, 2)
        sentences.append(
            _fill(
                template,
                {"N": one[0], "o": one[1], "a": one[2], "e": one[3], "r": _percent(one[3], one[2]),
                 "M": two[0], "p": two[1], "b": two[2], "f": two[3]},
            )
        )  # fmt: skip
    for template in _COUNT:
        (i, u, t, c), (j, v, _, d) = rng.sample(counts, 2)
        sentences.append(_fill(template, {"I": i, "u": u, "t": t, "c": c, "J": j, "v": v, "d": d}))
    for template in _RATE:
        (q, g, k), (s, _, m) = rng.sample(rates, 2)
        sentences.append(_fill(template, {"Q": q, "g": g, "k": k, "S": s, "m": m}))
    rng.shuffle(sentences)
    return Submission(grids, tuple(sentences))


def _same(new: Decimal, old: Decimal) -> bool:
    """Whether one is the other printed with fewer decimals: 345.7 for 345.73 contradicts nothing."""
    coarse = max(new.as_tuple().exponent, old.as_tuple().exponent)
    return abs(new - old) <= Decimal(5).scaleb(int(coarse) - 1)


def contradict(sentences: Sequence[Sentence], rng: random.Random) -> tuple[int, str]:
    """Falsify one number of one sentence by a slip of the hand: (index of the sentence, its new text)."""
    while True:
        index = rng.randrange(len(sentences))
        sentence = sentences[index]
        start, end = rng.choice(sentence.spans)
        typed = sentence.text[start:end]
        places = [i for i, char in enumerate(typed) if char.isdigit()]
        kind = rng.choice(("swap", "digit", "double", "drop"))
        new = list(typed)
        if kind == "swap":
            near = [i for i in places[:-1] if i + 1 in places and typed[i] != typed[i + 1]]
            if not near:
                continue
            at = rng.choice(near)
            new[at], new[at + 1] = new[at + 1], new[at]
        elif kind == "digit":
            at = rng.choice(places)
            new[at] = rng.choice([d for d in "0123456789" if d != typed[at]])
        elif kind == "double":
            at = rng.choice(places)
            new.insert(at, typed[at])
        elif len(places) > 3:
            del new[rng.choice(places[1:])]
        else:
            continue
        text = "".join(new).replace(",", "")
        old = Decimal(typed.replace(",", ""))
        if text.startswith("0") or text.endswith(".") or _same(Decimal(text), old):
            continue
        return index, sentence.text[:start] + text + sentence.text[end:]
