"""Whether an indicator was met, by its own target: shared by the rules on scores and reasons.

Source: the forms' own notes (Hubei note 2: target met gives full points, otherwise ≥ indicators 分值 × B/A,
≤ indicators 分值 × A/B); 财预〔2020〕10号 for qualitative ones (not re-read).
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from gouji.form.facts import IndicatorRow
from gouji.form.label import compact
from gouji.frozen import frozen
from gouji.model import Reading, ReadingKind
from gouji.number import read_date, same_dimension, unit_factor
from gouji.pattern import compiled
from gouji.rule.worded import falls_short_in_words

__all__ = ["Attainment", "attain", "comparable", "low_without_reason", "unit_factors", "unit_slip"]

_HUNDRED = Decimal(100)
_FAR = Decimal(130)
_UNMET = compiled(
    r"未(?:达|完成|实现|能|开展|实施|启动|按)|没有(?:达|完成)|不(?:达标|合格|及时|到位|完善|明显|满意)|滞后|延期|逾期|部分(?:达成|完成|实现)|基本未|较差"
    r"|^否$|^(?:效果|效益|水平)?(?:一般|较差|差|不高|有待(?:进一步)?(?:提[升高]|加强|改[善进]|完善|增强))$"
)
_NEGATED = compiled(
    r"^(?:目前|现|至今)?(?:尚|还|仍|均|暂|并)?未(?!发生|出现|发现|超|逾期|造成|引发|接到|收到|受|有|见|成年).{1,6}$"
)
_UNDERWAY = compiled(
    r"^(?:项目|工程)?正在[^，,。;；]{2,10}$|^(?:项目|工程)?[^，,。;；]{0,8}(?:进行|实施|建设|施工|办理)中$"
)
_DONE = compiled(r"完成|完工|建成|竣工|投入使用|上线|验收|交付")
_PARTLY = compiled(
    r"^较(?:好|高|合理|充分|健全|完善|规范|明显|显著|有效|及时|满意|完整|清晰|科学)|部分|比较|较为|基本(?:达成|完成|达到|实现|合格|满意)?|一般|有待|尚|较差"
)
_MET = compiled(
    r"^(?:已|均已|全部|均|按时|按期|如期|全面|圆满|顺利)*(?:达成|完成|达到|达标|实现|符合|合格|优秀|优|良好|及时|有效|显著|明显)"
    r"|达成(?:预期)?(?:指标|目标)|^100%$|^是$|^√$|^(?:有所|持续|不断|明显|显著|有效|稳步|逐步)"
)
# what is less without the word: 明显改善 asked, 改善 reached
_DEGREE = compiled(r"^(?:明显|显著|大幅|大大|有效|全面|较大|大力|极大|持续|不断|进一步|非常|十分)")
_FROM = compiled(r"[起后]")
_LAST_DAY = 31
_LESS_IS_BETTER = compiled(
    r"投诉|事故|死亡|伤亡|发生率|发案|差错|错误率|误差|超支|超概|违规|违纪|违法|上访|信访|案件数|逾期|变质|漏报|缺陷|退件|流失|失业率|病死率|污染|排放|能耗|损失|返工|空置|闲置|成本|单价|造价|变动率"
)
# what is to grow although its object is to shrink: 挽回经济损失, 减少投诉, 成本节约率
_CUTS = compiled(
    # cases dealt with are work done; cases that happen are not
    r"(?:受理|办理|办结|审结|审理|审查|查处|查办|侦办|侦破|侦结|结案|执结|执行|调解|援助|处理|处置|复查|起诉|批捕|监督|评查|化解|代理|承办|立案).{0,8}案件|案件.{0,4}(?:受理|办理|办结|审结|审理|查处|侦破|结案|执结|执行|调解|评查|处理|起诉|批捕)|挽回|追回|避免|减少|减轻|降低|下降|压减|压降|压缩|节约|节省|削减|减排|遏制|打击|侦破|化解|整治|处置"
)
# a rate or number of what was done about it is to grow as well: 投诉办结率, 事故隐患整改率, 排放达标率
_GROWS = compiled(
    r"(?:处理|处置|办结|办理|回复|答复|化解|调解|受理|响应|结案|核查|查处|整改|解决|排查|治理|防治|监测|报告|上报|回访|清退|清零"
    r"|及时|合格|达标|满意|覆盖|完成|落实|到位|知晓|普及|回收|利用)(?:率|比例|比率|度|数|数量|件数|次数|量)?$"
)
# rates that are to be low, whatever is written before the target: “三公”经费控制率 100% → 82%, 再犯罪率 0.2% → 0.1%
_LOW_RATE = compiled(
    r"(?:三公|经费|公用|人员|编制|费用|支出|规模|概算|投资|面积|接待|车辆).{0,4}控制率$"
    r"|(?:再?犯罪|重新犯罪|发案|死亡|失业|患病|发病|感染|流失|辍学|失学|漏报|返工|空置|闲置|负债|故障|不良|违约|漏损|传播|复发|返贫|结转结余|结余)率$"
)
_COST_LEVELS = frozenset({"cost", "economic_cost", "social_cost", "ecological_cost"})
_MONEY_UNITS = frozenset({"元", "万元", "亿元", "千元", "百万元"})


@frozen
class Attainment:
    """How the result stands to the target.

    ``quantitative`` says that both are figures of one kind. ``met`` is None where it cannot be told.
    ``share`` is how much of the target was reached, in percent points, as the scoring rule counts it (B/A, or A/B where
    less is better); it may exceed 100. ``less_is_better`` is the direction used.
    """

    quantitative: bool
    met: bool | None
    share: Decimal | None = None
    less_is_better: bool = False
    exact: bool = False


def low_without_reason(state: Attainment) -> bool:
    """Whether points lost on this row without a word are told by the rule on scores: the target was met, not far exceeded."""
    far = state.share is not None and state.share >= _FAR and not state.less_is_better
    return state.met is True and not far


UNKNOWN = Attainment(quantitative=False, met=None)


def comparable(target: Reading, actual: Reading) -> tuple[Decimal, Decimal] | None:
    """Target and actual in one unit; None where they do not measure the same kind of thing.

    Raises nothing; a percent beside a plain fraction (0.98 or 1) is brought to percent points.
    """
    a, b = target.value, actual.value
    if a is None or b is None:
        return None
    percent_a, percent_b = target.kind is ReadingKind.PERCENT, actual.kind is ReadingKind.PERCENT
    if percent_a and percent_b:
        return a, b
    if percent_a or percent_b:
        plain, points = (actual, a) if percent_a else (target, b)
        if plain.unit == "‰" and plain.value is not None:
            return (a, plain.value / 10) if percent_a else (plain.value / 10, b)
        if plain.unit is not None or plain.value is None:
            return None
        value = plain.value
        if Decimal(0) < value <= 1 and points > Decimal("1.5"):
            value *= _HUNDRED
        return (a, value) if percent_a else (value, b)
    if target.unit == actual.unit or target.unit is None or actual.unit is None:
        return a, b
    factors = unit_factors(target.unit, actual.unit)
    return (a * factors[0], b * factors[1]) if factors is not None else (a, b)


def unit_factors(one: str, other: str) -> tuple[Decimal, Decimal] | None:
    """Factors that bring two units of one dimension together, 元/亩 and 万元/亩 included; None where they differ."""
    top, _, below = one.partition("/")
    other_top, _, other_below = other.partition("/")
    if below != other_below or not same_dimension(top, other_top):
        return None
    factor, other_factor = unit_factor(top), unit_factor(other_top)
    return (factor, other_factor) if factor is not None and other_factor is not None else None


def unit_slip(target: Reading, actual: Reading) -> bool:
    """Whether the figures are alike and only the units differ by a factor: then the unit is the fault."""
    if (
        not target.value
        or not actual.value
        or not target.unit
        or not actual.unit
        or target.unit == actual.unit
    ):
        return False
    factors = unit_factors(target.unit, actual.unit)
    if factors is None or factors[0] == factors[1]:
        return False
    share = actual.value / target.value
    return Decimal("0.5") <= share <= Decimal(2)


def _direction(row: IndicatorRow, target: Reading) -> bool:
    """Whether less is better."""
    if target.comparison in ("≤", "<"):
        return True
    if target.comparison in ("≥", ">"):
        return False
    if _CUTS.search(row.name) or _GROWS.search(compact(row.name)):
        return False
    if row.level1 == "cost" or row.level2 in _COST_LEVELS:
        return target.kind is not ReadingKind.PERCENT or bool(_LESS_IS_BETTER.search(row.name))
    if _LOW_RATE.search(compact(row.name)):
        return True
    return (bool(_LESS_IS_BETTER.search(row.name)) and "率" not in row.name[-4:]) or bool(
        re.search(r"(?:投诉|事故|发生|差错|逾期|变质|违规|超概|超支|变动)率?", row.name)
    )


@lru_cache(maxsize=2048)
def _words(target: str, actual: str) -> bool | None:
    """Whether a qualitative answer says that the target was met."""
    goal, said = compact(target), compact(actual)
    if not said:
        return None
    if said == goal:
        return True
    if _UNMET.search(said) and not re.search(r"未(?:发生|出现|发现|超)", said):
        return False
    if _UNDERWAY.search(said) and (not goal or _DONE.search(goal)):
        return False
    if _NEGATED.search(said) or (goal and any(no + goal in said for no in ("未", "没有", "没", "不"))):
        return False
    if _PARTLY.search(said) and not _PARTLY.search(goal):
        return None
    if goal and (goal in said or (said in goal and not _DEGREE.search(goal.replace(said, "")))):
        return True
    return True if _MET.search(said) else None


@lru_cache(maxsize=2048)
def _in_time(target: str, actual: str) -> bool | None:
    """Whether a date was kept: in doubt (no day, no year) the later reading of the target and the earlier of the result."""
    due, done = read_date(target), read_date(actual)
    if due is None or done is None or _FROM.search(compact(target)) or not (due.possible and done.possible):
        return None
    due, done = due.ends or due, done.ends or done
    if due.year is not None and done.year is not None and due.year != done.year:
        return done.year < due.year
    if due.month is None or done.month is None:
        return True if due.month is None else None
    return (done.month, done.day or 1) <= (due.month, due.day or _LAST_DAY)


def _about(target: Reading) -> Decimal:
    """By how much a result may miss a target that is stated roughly (1200人左右)."""
    return target.value / 20 if target.approximate and target.value else Decimal(0)


def attain(row: IndicatorRow) -> Attainment:
    """Judge one indicator by its own target and result."""
    target, actual = row.target_reading, row.actual_reading
    if target.is_empty or actual.is_empty:
        return UNKNOWN
    if target.value is None or actual.value is None:
        if target.kind is ReadingKind.DATE and actual.kind is ReadingKind.DATE:
            return Attainment(False, _in_time(target.text, actual.text))
        if target.kind is ReadingKind.DATE and actual.kind is ReadingKind.WORD:
            return Attainment(False, _words("", actual.text))
        if ReadingKind.DATE in (target.kind, actual.kind) or ReadingKind.MALFORMED in (
            target.kind,
            actual.kind,
        ):
            return UNKNOWN
        wanted, said = (slot.text if slot is not None else "" for slot in (row.target, row.actual))
        return Attainment(False, False if falls_short_in_words(wanted, said) else _words(wanted, said))
    pair = comparable(target, actual)
    if pair is None or unit_slip(target, actual):
        return UNKNOWN
    goal, reached = pair
    less = _direction(row, target)
    exact = target.comparison == "=" or (target.comparison is None and not less)
    if target.upper is not None:
        upper = target.upper
        if goal <= reached <= upper:
            return Attainment(True, True, _HUNDRED, less)
        return Attainment(True, None if reached > upper else False, None, less)
    if actual.upper is not None:
        return Attainment(True, None, None, less)
    if less:
        met = reached <= goal if target.comparison != "<" else reached < goal
        share = _HUNDRED if met else (goal * _HUNDRED / reached if reached > 0 else None)
        return Attainment(True, met, share, True)
    met = reached > goal if target.comparison == ">" else reached >= goal - _about(target)
    if goal > 0:
        share = reached * _HUNDRED / goal
    elif goal == 0:
        met = reached == 0 if target.comparison in (None, "=") else met
        share = _HUNDRED if met else None
        return Attainment(True, met or (False if target.unit == "起" else None), share, False, exact)
    else:
        share = None
    return Attainment(True, met, share, False, exact)
