"""What the clauses of a sentence hand on to one another, and whose a general word is."""

from __future__ import annotations

from gouji.form.label import compact
from gouji.form.lexicon import concept as lexicon_concept
from gouji.frozen import fresh, frozen, mutable
from gouji.narrative.figures import Dimension, StatedMeasure
from gouji.narrative.outline import owner_of
from gouji.narrative.phrase import Phrase, general_rate, joined, key_of, name_of
from gouji.narrative.words import RATE_NAME, VAGUE
from gouji.pattern import compiled

__all__ = [
    "BUDGETS",
    "MONEY_LIKE",
    "TOTALS",
    "Flow",
    "Name",
    "fund_line",
    "hand_on",
    "heading_line",
    "key_for",
    "owner_for",
]

TOTALS = frozenset(
    ["支出", "总支出", "整体支出", "部门整体支出", "支出合计", "本年支出", "部门支出", "全年支出"]
)
MONEY_LIKE = (Dimension.MONEY, Dimension.BARE)
_OF_ITEMS = frozenset({"project", "total"})
_MONEY_TAIL = compiled(r"(?:专项)?(?:经费|费用|支出|款|费)$")
_TELLING = 4
_PASSING = frozenset(
    {
        StatedMeasure.CHANGE,
        StatedMeasure.STANDARD,
        StatedMeasure.CARRIED,
        StatedMeasure.SURPLUS,
        StatedMeasure.INCOME,
    }
)
_MONEY_MEASURES = frozenset(
    {StatedMeasure.OPENING, StatedMeasure.ADJUSTED, StatedMeasure.BUDGET, StatedMeasure.EXECUTED}
)
BUDGETS = frozenset(
    {"general_budget", "government_fund", "state_capital", "social_insurance", "special_account"}
)


@mutable
class Flow:
    """What the clauses of one sentence hand on to the next.

    ``entity`` is what the last figure was about, ``head`` the first one of the segment, ``first`` that of
    the sentence; ``topic`` is ``first`` of the sentence before; ``rate`` the last rate's name, ``labels``
    what is left of an A、B、C分别为 list.
    """

    entity: str = ""
    head: str = ""
    first: str = ""
    passing: str = ""
    priced: str = ""
    items: bool = False
    counted: bool = False
    income: bool = False
    topic: str = ""
    topic_name: str = ""
    first_name: str = ""
    money_topic: bool = False
    money_first: bool = False
    rate: str = ""
    measure: str | None = None
    spent: str | None = None
    default: str | None = None
    percent: str = ""
    changed: str = ""
    run: int = 0
    run_of: str = ""
    named: str = ""
    passed: str = ""
    granted: str = ""
    money: str = ""
    planned: str | None = None
    last: str = "unknown"
    last_rate: str = ""
    reached: str | None = None
    clause: tuple[int, int] = (-1, -1)
    scope: str | None = None
    segment: int = -1
    dimension: Dimension | None = None
    unit: str | None = None
    timed: str = ""
    adjusted: bool = False
    sentence: int = -1
    adjusting: tuple[int, int] = (-1, -1)
    scored: str | None = None
    labels: list[str] = fresh(factory=list)
    recent: list[str] = fresh(factory=list)
    rates: list[str] = fresh(factory=list)
    outside: list[tuple[str, str, str]] = fresh(factory=list)

    def next_sentence(self, *, adjacent: bool, divides: bool) -> Flow:
        """What is left at a full stop: as a last resort, what the sentence right before was about.

        A sentence that starts with 其中 keeps the measure it divides.
        """
        if not adjacent:
            return Flow()
        kept = self.measure or self.spent or self.planned if divides else None
        scored = self.scored if divides else None
        return Flow(
            topic=self.first,
            topic_name=self.first_name,
            money_topic=self.money_first,
            scope=self.scope,
            measure=kept,
            scored=scored,
        )


@frozen
class Name:
    """How a figure is called.

    ``concept`` is ``entity`` with its scope words; ``owner`` is a line item named with a rate
    (A经费执行率); ``words`` stand in front of the number;
    ``dimension`` may be better known than from the number alone (执行率0 is a percentage).
    """

    entity: str
    concept: str
    phrase: Phrase
    dimension: Dimension
    owner: str
    inherited: bool
    unit: str | None = None
    far: bool = False
    words: str = ""


_PLANNED = compiled(r"批复|下达|安排|年初预算")
_REACHES = compiled(r"^(?:共|共计|累计|已)?(?:涉及|覆盖|惠及|辐射)(?:到)?(?:全[省市县区镇乡]|辖区)?$")


def fund_line(entity: str) -> str | None:
    """The form lexicon's name of a money line; None for anything else."""
    plain = compact(entity)
    return lexicon_concept("fund_row", plain) or lexicon_concept("fund_row", plain.removesuffix("支出"))


_HEADED = compiled(r"(?:年度|年初)?(?:预算|决算)?(?:执行|支出|使用|安排|完成)?(?:情况|分析|说明|明细)$")
_OF_LINES = frozenset(
    {"basic", "project", "personnel", "public", "three_public", "vehicle", "reception", "abroad"}
)


def heading_line(path: tuple[str, ...]) -> str | None:
    """The money line that the innermost heading is about (1.基本支出。预算…，执行…); None where it names none."""
    if not path:
        return None
    name = name_of(path[-1])
    for words in (name, _HEADED.sub("", name)):
        if fund_line(words) in _OF_LINES:
            return words
    return None


def owner_for(name: Name, line: str | None, path: tuple[str, ...], flow: Flow) -> str | None:
    """The line item a general word belongs to.

    What the segment is about, or the innermost heading that names something; None for words that name a
    quantity by themselves, and for those of the department as a whole.
    """
    entity = name.entity
    if name.owner:
        return name.owner
    rate = general_rate(entity)
    if line is not None and line not in _OF_ITEMS:
        return None
    if line is None and entity not in VAGUE and not rate:
        return None
    if rate and not flow.head and (headed := heading_line(path)) is not None:
        return headed
    about = flow.head if rate and flow.head not in VAGUE and flow.head not in TOTALS else ""
    if about and fund_line(about) is None:
        return about
    owner = owner_of(path)
    if owner is None or fund_line(owner) is not None:
        return about or None
    return owner


def key_for(name: Name, line: str | None, owner: str | None) -> tuple[str, str | None]:
    """What figures are matched by, and their line.

    A general word goes together with its line item; 支出 of nobody is the department's total.
    """
    entity = name.entity
    if line is None and owner is None and entity in TOTALS:
        line = "total"
    if name.dimension is Dimension.MONEY and (owner or line is None):
        shorter = _MONEY_TAIL.sub("", joined(owner or "", entity))
        if len(shorter) >= _TELLING:
            return key_of(shorter), line
    if owner and owner not in entity:
        return key_of(joined(owner, entity)), line
    return compact(entity) if line is not None else key_of(entity), line


def hand_on(flow: Flow, name: Name, measure: StatedMeasure) -> None:
    """Let ``flow`` remember what this figure was about."""
    entity, dimension = name.entity, name.dimension
    flow.unit = name.unit
    if dimension is Dimension.TIME:
        flow.timed = entity
    if dimension is Dimension.SCORE and measure in (StatedMeasure.SCORE, StatedMeasure.WEIGHT):
        flow.scored = str(measure)
    flow.adjusted = flow.adjusted or measure is StatedMeasure.ADJUSTMENT
    flow.adjusting = flow.clause if measure is StatedMeasure.ADJUSTMENT else (-1, -1)
    flow.items = name.unit in ("项", "类", "笔")
    flow.percent = str(measure) if dimension is Dimension.PERCENT else ""
    if dimension is not Dimension.PERCENT and measure is not StatedMeasure.CHANGE:
        flow.last = str(measure)
    if measure is StatedMeasure.INCOME and name.words.endswith(("到位", "到账")):
        flow.measure = str(measure)
    if dimension is Dimension.COUNT and _PLANNED.search(name.words):
        flow.planned = flow.planned or ("opening" if "年初" in name.words else "budget")
    if dimension is Dimension.MONEY:
        flow.money = entity if not name.inherited else flow.money
        flow.run = flow.run + 1 if str(measure) == flow.run_of and not name.inherited else 1
        flow.run_of = str(measure)
    flow.changed = entity if measure is StatedMeasure.CHANGE else ""
    if dimension is Dimension.PERCENT:
        if measure is StatedMeasure.RATE:
            flow.rates.append(entity)
        found = RATE_NAME.search(entity)
        if measure is StatedMeasure.RATE and found:
            flow.rate = found[0]
        elif measure in (StatedMeasure.RATE, StatedMeasure.TARGET, StatedMeasure.ACTUAL):
            _about(flow, entity)
        own_share = measure is StatedMeasure.SHARE and not name.inherited
        if own_share or measure in (StatedMeasure.RATE, StatedMeasure.TARGET, StatedMeasure.ACTUAL):
            flow.last_rate = entity
        if name.owner and found:
            flow.entity = name.owner
        flow.dimension = dimension
        return
    if name.phrase.scope in BUDGETS and not flow.first:
        flow.scope = name.phrase.scope  # said at the head of the sentence, it holds for all of it
    if dimension is not Dimension.TIME:
        flow.recent.append(entity)
    flow.income = flow.income or measure is StatedMeasure.INCOME
    if measure in _PASSING:
        if not flow.first:
            flow.first, flow.money_first = entity, dimension in MONEY_LIKE
        flow.passing, flow.passed = entity, name.concept
        flow.priced = entity if measure is StatedMeasure.STANDARD else ""
        if measure is StatedMeasure.CHANGE:
            flow.entity = flow.entity or entity
    elif dimension is Dimension.COUNT and flow.entity and _REACHES.match(name.words):
        flow.passing = ""  # 涉及3个乡镇1026户，面积…: the villages are not what is spoken of
    elif dimension is not Dimension.TIME and (measure is not StatedMeasure.ADJUSTMENT or name.inherited):
        _about(flow, entity, money=dimension in MONEY_LIKE, name=name.concept)
        flow.named = name.concept
        flow.counted = dimension is Dimension.COUNT
        if dimension is Dimension.MONEY and measure in _MONEY_MEASURES:
            if name.phrase.strong:
                flow.measure = str(measure)
                flow.default = flow.default or flow.measure
            flow.spent = flow.spent or str(measure)
    flow.dimension = dimension


def _about(flow: Flow, entity: str, *, money: bool = False, name: str = "") -> None:
    flow.entity, flow.passing, flow.named = entity, "", ""
    flow.head = flow.head or entity
    flow.first_name = flow.first_name if flow.first else name
    if not flow.first:
        flow.first, flow.money_first = entity, money
