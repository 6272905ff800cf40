"""Phrases: what the words around a number say once connectives, periods and measures are taken away."""

from __future__ import annotations

from functools import lru_cache

from gouji.frozen import frozen
from gouji.narrative.figures import Dimension
from gouji.narrative.words import (
    ADVERBS,
    CHANGE_WORDS,
    COUNTED,
    FILLER_NOUNS,
    FILLER_VERBS,
    MEASURE_WORDS,
    MEASURES,
    PERIODS,
    QUALIFIER,
    RATE_NAME,
    SCOPE_WORDS,
    SCOPES,
    TRAILING,
    VAGUE,
    WEAK_EXECUTED,
    WEAK_VERBS,
)
from gouji.pattern import compiled

__all__ = [
    "Phrase",
    "general_rate",
    "is_weak",
    "joined",
    "key_of",
    "name_of",
    "object_of",
    "read_phrase",
    "similarity",
]

_QUOTES = compiled(r"[“”\"'‘’《》「」\ufffc]")
_SPACE = compiled(r"\s+")
_BRACKETS = compiled(r"[（(][^）)]*[）)]?|[）)]")
_PLAIN = 4
_BESIDE = compiled(r"[较比](?:上年|去年|年初|预算|概算|计划|目标|标准|定额)(?:数|值)?的?")
_AVERAGE = compiled(
    r"(?:全[省市国县区])?平均(?:水平|值)?|(?:[省市县]级)?(?:年初|年度)?(?:设定|预设|既定|要求|下达)|(?:目标)?任务|目标"
)
_SELF = compiled(r"(?:本|我|全|该)?(?:部门|单位|局|整体|部门整体|单位整体|项目)")
_NO_NOTE = compiled(r"[\d，,；;：:]|其中|包括|^含|简称|^详见|见附")
_MARK = compiled(
    r"^(?:[（(]?\s*(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s*[）)、.．]\s*|[①-⑳]\s*|[一二三四五六七八九十]是)+"
)
_VERB_ONLY = compiled(rf"^(?:{FILLER_VERBS.pattern}|{WEAK_VERBS})*$")
_TASK_RATE = compiled(r"(?:任务|目标|计划)(?:完成)?(?:比?率|比例)$")
_DASH = str.maketrans({"—": "-", "－": "-", "–": "-", "~": "-", "～": "-", "至": "-"})
_KIND = {
    Dimension.MONEY: "money",
    Dimension.BARE: "money",
    Dimension.PRICE: "money",
    Dimension.PERCENT: "percent",
    Dimension.SCORE: "score",
}
_KEEPS_WORDS = frozenset({"change", "share", "establishment", "weight", "score", "income"})


@frozen
class Phrase:
    """A cleaned phrase.

    ``entity`` names the thing (项目支出, 残疾人就业工作经费); "" where the words only tell measure or
    period. ``name`` is the entity with its scope words (一般公共预算财政拨款支出). ``measure`` is a StatedMeasure
    value found in the words, ``strong`` that it stands there in so many words (年初预算) and is no mere
    ending (支出). ``qualifiers`` are restrictions such as 0-6岁 and bracketed notes.
    """

    entity: str = ""
    name: str = ""
    measure: str | None = None
    strong: bool = False
    scope: str | None = None
    qualifiers: frozenset[str] = frozenset()


@lru_cache(maxsize=2048)
def is_weak(words: str) -> bool:
    """Whether words hold no noun of their own: only verbs, prepositions, adverbs."""
    plain = _strip(_QUOTES.sub("", _BRACKETS.sub("", QUALIFIER.sub("", words))))
    return bool(_VERB_ONLY.match(plain))


def _strip(words: str) -> str:
    words = PERIODS.sub("", _SPACE.sub("", words))
    previous = None
    while previous != words:
        previous = words
        words = _MARK.sub("", words)
        words = ADVERBS.sub("", words)
        words = TRAILING.sub("", words)
    return words


@lru_cache(maxsize=4096)
def name_of(words: str) -> str:
    """The name a clause without figures gives to what follows it."""
    plain = _SPACE.sub("", _QUOTES.sub("", _BRACKETS.sub("", words)))
    return SCOPE_WORDS.sub("", _strip(plain)).strip("、，,：: -—")


@lru_cache(maxsize=2048)
def read_phrase(words: str, dimension: Dimension) -> Phrase:
    """Understand the words that belong to a number of this dimension (other figures left out)."""
    qualifiers = {
        _SPACE.sub("", found[0]).translate(_DASH).replace("周岁", "岁") for found in QUALIFIER.finditer(words)
    }
    words = _DOCUMENT.sub("", words)
    plain = QUALIFIER.sub("", words)
    for found in _BRACKETS.finditer(plain):
        note = found[0].strip("（()）")
        if 2 <= len(note) <= 16 and not _NO_NOTE.search(note):
            qualifiers.add(note)
    plain = _SPACE.sub("", _QUOTES.sub("", _BRACKETS.sub("", plain)))
    plain = _AGENT.sub(lambda found: "年初" if found[1] else "", plain)
    given = _GRANTED.sub("下达", _strip(plain)) if _GRANTED.match(_strip(plain)) else plain
    plain = _GRANTED_TO.sub("下达", given)
    scope = next((name for pattern, name in SCOPES if pattern.search(plain)), None)
    measure, strong = _measure(SCOPE_WORDS.sub("", _strip(plain)) if scope else plain, dimension)
    if measure == "executed" and not strong:
        bare, certain = _measure(_strip(plain), dimension)
        if certain and bare == "executed":
            measure, strong = bare, certain  # 截至2022年12月底支出
    name = _entity(plain, measure, strong=strong)
    if dimension is not Dimension.COUNT and _SELF.fullmatch(name):
        name = ""
    if name and not name.endswith("支出") and _CLASSED.search(words):
        name += "支出"  # “城乡社区支出”（类）决算: the word is of the name
    entity = SCOPE_WORDS.sub("", name)
    return Phrase(entity, name, measure, strong, scope, frozenset(qualifiers))


def _measure(plain: str, dimension: Dimension) -> tuple[str | None, bool]:
    plain = plain.replace("转移支付", "")
    kind = _KIND.get(dimension, "count")
    for pattern, measure in MEASURES[kind]:
        if pattern.search(plain):
            if measure == "target" and kind == "count" and _PLAN_MADE.search(plain):
                continue  # 批复项目年度计划59项: plans are what is counted
            return measure, True
    if kind == "money" and WEAK_EXECUTED.search(plain):
        return "executed", False
    return None, False


def _entity(plain: str, measure: str | None, *, strong: bool) -> str:
    entity = _strip(CHANGE_WORDS.sub("", _strip(plain)))
    if measure and strong and measure not in _KEEPS_WORDS:
        words = MEASURE_WORDS.get(measure)
        if words is not None:
            shorter = _strip(words.sub("", entity))
            if measure in _PLANNED and shorter.endswith("支出预算"):
                shorter = shorter.removesuffix("预算")  # 调整后项目支出预算
            entity = entity if shorter in _STAGES else shorter
            if not shorter and measure in _PLANNED and _OF_INCOME.search(plain):
                entity = "收入"  # 年初预算收入: not what is planned to be spent
    if measure == "standard" and _GIVEN.fullmatch(entity):
        return ""  # 公益性岗位68个，每人每月补助500元
    if measure in _BALANCES and len(entity) <= 6:
        found = _BALANCE.search(plain)
        part = _PART.search(plain)
        return (part[0] if part else "") + found[0] if found else entity
    if _REASON.match(entity):
        return _REASON_GIVEN.sub("", entity) if _REASON_GIVEN.match(entity) else ""
    entity = _SINCE.sub("", entity).strip("、，,：: -—")
    return "" if entity in _ADVERBIAL or _BESIDE.fullmatch(entity) or _AVERAGE.fullmatch(entity) else entity


_GIVEN = compiled(r"(?:财政|补助|补贴|给予|发放|标准|按|的|资金|金额)+")
_REASON = compiled(r"(?:因(?!公|病|灾|残|素|户|地|村|校|人)|由于|受(?=.{1,8}(?:影响|阻|限))).{2,}")
_REASON_GIVEN = compiled(r"受[^，。；]{1,8}(?:影响|阻|限)进行(?=.{2})")
_PLAN_MADE = compiled(r"(?:批复|审批|编制|制定|印发|审核).{0,20}计划$")
_CLASSED = compiled(r"支出[”\"]?[（(][类款项][）)]")
_ADVERBIAL = frozenset({"实际", "全年", "当年", "累计", "年中", "年底", "折合"})
_PLANNED = frozenset({"opening", "adjusted", "adjustment", "budget"})
_OF_INCOME = compiled(r"预算(?:总)?收入(?!支出)")
_STAGES = frozenset({"提前", "正式", "首批", "剩余"})
_DOCUMENT = compiled(
    r"《[^》]{2,60}(?:通知|办法|意见|规划|方案|批复|函|决定|条例|法|细则|要点|规定|纲要)[》〉]*》(?:[（(][^）)]*[）)])?(?:文件)?(?:要求|精神|规定)?"
)
_GRANTED = compiled(
    r"^(?:中央|上级|自治区|[省市县区]级?)(?:财政)?[厅局]?(?:以|按)?(?:文件)?(?:提前)?下达(?:我[省市县区局校院]|本级)?(?=.{4})"
)
_GRANTED_TO = compiled(r"(?:提前)?下达(?:到|给)?(?:我[省市县区局校]|本级)(?:预算|资金)?$")
_SINCE = compiled(r"[由从]的?(?:平均)?$")
_AGENT = compiled(
    r"^(?:20\d\d年度?)?(?:年?(初))?(?:[省市县区州]|同级|本级|上级)?财政(?:局|厅|部门)?(?=(?:年初|共)?(?:批复|核定|下达|安排)[^，。；]{0,8}(?:预算|经费|资金))"
)
_PART = compiled(r"(?:(?:基本|项目)支出|^[^，。；年初末底]{2,12}?(?:费|资金|经费|补[贴助]))(?=结)")
_BALANCES = frozenset({"carried", "surplus"})
_BALANCE = compiled(
    r"(?:年[初末底终]|上年|以前年度|历年)?(?:财政)?结[转余](?:(?:和|与|及)?结[转余])?(?:资金)?"
)


@lru_cache(maxsize=4096)
def key_of(entity: str) -> str:
    """What two phrases are compared by: the entity without counting endings, filler verbs and particles."""
    key = _QUOTES.sub("", _BRACKETS.sub("", _SPACE.sub("", entity)))
    previous = None
    while previous != key and len(key) > 2:
        previous = key
        key = COUNTED.sub("", key)
    shorter = FILLER_VERBS.sub("", key)
    if len(shorter) < _PLAIN and shorter not in VAGUE:
        shorter = key
    shortest = FILLER_NOUNS.sub("", shorter)
    return shortest if len(shortest) >= _PLAIN else shorter


_GIVES = compiled(r"^.*(?:发放|支付|拨付|下达|给予|提供|兑现|补助)(?=.{4})")


@lru_cache(maxsize=4096)
def object_of(concept: str) -> str | None:
    """What is given, where the words also say to whom: 残疾人发放社保补贴 is 社保补贴; None where no verb of giving is."""
    found = _GIVES.match(concept)
    return concept[found.end() :] if found else None


def joined(first: str, second: str) -> str:
    """Two phrases put together, the overlap written once: 辅具适配 + 适配率 = 辅具适配率."""
    if second in first:
        return first
    for size in range(min(len(first), len(second)), 0, -1):
        if first.endswith(second[:size]):
            return first + second[size:]
    return first + second


@lru_cache(maxsize=4096)
def general_rate(concept: str) -> bool:
    """Whether a rate's name says of nothing in particular what it measures: 执行率, 完成省重点任务比率."""
    return bool(RATE_NAME.fullmatch(concept) or _TASK_RATE.search(concept))


def similarity(first: str, second: str) -> float:
    """How alike two keys are: their longest common subsequence over the longer length, 0 to 1."""
    if first == second:
        return 1.0
    if not first or not second:
        return 0.0
    longer, shorter = (first, second) if len(first) >= len(second) else (second, first)
    if len(shorter) * 3 < len(longer):
        return 0.0
    places: dict[str, int] = {}
    for index, char in enumerate(shorter):
        places[char] = places.get(char, 0) | 1 << index
    # One bit for each character of the shorter (Hyyrö 2004): a bit that is 0 in the end is one of the subsequence.
    whole = left = (1 << len(shorter)) - 1
    for char in longer:
        matched = left & places.get(char, 0)
        left = (left + matched | left - matched) & whole
    return (len(shorter) - left.bit_count()) / len(longer)
