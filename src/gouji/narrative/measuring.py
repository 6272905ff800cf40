"""Which measure of its quantity a figure states: what was planned, given, spent, aimed at, reached."""

from __future__ import annotations

from functools import lru_cache

from gouji.narrative.figures import Dimension, StatedMeasure, TextPiece
from gouji.narrative.flow import Flow, Name, fund_line
from gouji.narrative.phrase import read_phrase
from gouji.narrative.sentence import FIGURE, Span, Text, read_text
from gouji.number.unit import normal_unit
from gouji.pattern import compiled

__all__ = [
    "BASE",
    "MONEY",
    "REACHED",
    "TOPIC_MEASURES",
    "announce",
    "given_then_spent",
    "is_base",
    "measure_of",
    "planned",
    "shares",
    "then_done",
]

_TARGET_LABEL = compiled(
    r"(?:预期|绩效|总体|年度|设定|预设|计划).{0,6}目标(?:值|设定|情况)?[）)]?$|目标.{0,4}设定|预期目标"
)

_DONE_LABEL = compiled(r"完成|实现|实际|成效|成绩|执行|使用|下达|分解|预算")

_GRANTED_LABEL = compiled(r"下达|(?:预算|资金)(?:安排|批复|分配)|资金来源|预算情况|资金投入|资金到位")

_GOAL_SAID = compiled(
    r"(?:绩效|年度|总体|预期|设定的?)(?:绩效)?目标(?:内容)?(?:分别)?(?:为|是)?[：:为是]|(?:建设|治理|工作|年度)任务(?:为|是|[：:])"
)

_GOAL_LIST = compiled(r"(?:绩效|年度|总体|预期)+目标(?:分别)?(?:为|是)?[：:]")
_DONE = compiled(r"实际|已")
_SET = compiled(r"绩效目标(?:设定|设置)")
_GROUP_LEADS = compiled(
    r"[\s（(\d.、）)①-⑨一二三四五六]*(?:数量|质量|时效|成本|(?:经济|社会|生态)?效益|(?:服务对象)?满意度|产出)指标"
)
_GROUP = compiled(
    r"(?:数量|质量|时效|成本|效益|经济效益|社会效益|生态效益|可持续影响|满意度|服务对象满意度|产出)指标"
)
_HANDED_OVER = compiled(r"\s*[，,]?(?:均)?已(?:全部|足额|全额)?(?:下拨)?到位")
_NO_FUNDS = compiled(r"利润|产值|收益|成本|损失|租金|^(?:购买|购置|采购|新建|增设|建[^设]|支付|发放)")
_OF_FUNDS = compiled(r"(?:资金|经费|补助|补贴)$")
_SPENT_NEXT = compiled(r"(?:已|实际|累计|共)*(?:拨付使用|支付|支出|使用|执行)(?:资金)?了?")
_USED_FOR = compiled(r"主要用于|以下(?:方面|几个方面)")
_FUNDS = compiled(r"资金|经费|预算|拨款")

_KIND_SPENT = compiled(r"(?:部门|专项)预算(?:项目|基本)?支出[为了]?$")
_BY_THEN = compiled(r"\s*截[至止]")
_RATED = compiled(r"\s*[，,、（(]?\s*(?:预算)?执行率")
_SPENT_BEHIND = compiled(
    r"\s*(?:已|均|全部|全额|足额|已全部)+(?:执行|支出|使用|支付|发放|兑付|兑现)(?:到位|完毕|完成)?(?=[，,。；;]|$)"
)

_PAID_OUT = compiled(r"(?:已|实际|累计|共)*拨付(?:资金|使用)?了?")
_UNSPENT_BEHIND = compiled(
    r"(?:尚|还|仍|均|因[^，。；]{1,12})?未(?:支付|支出|使用|执行|拨付|兑付)(?=[，,。；;）)]|完|$)"
)

_OF_PEOPLE = compiled(r"(?:可支配|纯|人均|户均|经营|销售)收入$")

_BY = compiled(r"按[照]?[^，。；]{0,12}$")
_ALLOTS = compiled(
    r"的?(?:比例|标准)?(?:进行)?(?:配置|配备|计提|提取|缴纳|征收|收取|计算|补助|补贴|奖励|给予|拨付)"
)

BASE = compiled(
    r"(?:[较比与同]|相比|对比)(?:上一?年度?|去年|年初|20\d\d年度?)(?:同期)?(?:预算|决算|支出|收入|执行)*[数额]?的?$"
)

_THEN_MOVES = compiled(r"\s*(?:相比)?[，,]?(?:增[加长]|减少?|上升|下降|提高|降低|[多少]|压[减缩]|节约|超)")

_BOUND = compiled(r"[≥≤＞>＜<]|不[低少高大超]|至少")

_AIM_BEFORE = compiled(r"(?:未能?|没有|尚未)(?:达到?|实现|完成)(?:年初|预期|规定|要求|目标|值|的)*$")

_AIM_SET = compiled(
    r"(?:年初|年度|预先?|计划|目标|[省市县]级?)?(?:设定|预设|既定|预期|要求|下达)的(?:目标)?(?:值)?$"
)

_AIM_BEHIND = compiled(
    r"的?(?:年初|年度|全年|预期|既定|绩效|控制|考核)*(?:目标|指标值|控制指标|计划(?!生育)|任务要求)|的(?:年度|全年|年初)任务"
)

_AIM_AHEAD = compiled(r"(?:任务|目标|计划)(?:数|量|值)?(?:为)?$")

_SHARE_OF = compiled(r"的\s*\d")

_LIMIT = compiled(r"控制在|不[超高大]|≤|.*以内$")

_SUM_UP = compiled(r"(?:合计|共计|总计|共)(?:为|达)?$")

_DIVIDED = compiled(r"执行|决算|完成|使用|支出情况")

_PLAN = compiled(r"\s*(?:\d[.、]|[（(].{1,2}[）)])?\s*(?:下一步|计划|拟|力争|预计到?|到20\d\d年)")

TOPIC_MEASURES = ("opening", "adjusted", "budget", "executed")

MONEY = (Dimension.MONEY, Dimension.BARE)

_SPENT = frozenset(
    {"basic", "project", "personnel", "public", "household", "three_public", "vehicle", "abroad", "reception"}
    | {"vehicle_purchase", "vehicle_running"}
)

REACHED = (StatedMeasure.UNKNOWN, StatedMeasure.RATE)

_SOURCES = frozenset({"central", "provincial", "city", "county"})
_PLANS_TO = compiled(
    r"(?:^|[，,；;]|[我本][省市县区镇乡局校院中心]+|单位|项目)(?:计划|拟)(?:对|于|在|将|利用|投资|新?建设?|改造|实施|完成|培训|采购|购置|安装|开展)"
    r"|设计(?=[日年]?(?:处理|供水|供热|供气|规模|产能|库容))|规划(?=建设|开放|新建|用地|总建筑|床位|设)"
)
_DONE_NEXT = compiled(r"\s*[，,；;]?[^，,。；\d]{0,16}(?:实际|完成|已)")
_SHARED = compiled(r"的\s*[\d.]+\s*[%％]")
_GETS = compiled(r"\s*[，,、（(]?\s*(?:实际|自评)?(?:得|评)")
_DONE_ABOVE = compiled(r"完成|实现|实际|自评|得分")


def announce(text: Text, span: Span, flow: Flow) -> None:
    """Take over the measure of a clause that announces a list: 支出预算按类别分：基本支出…，项目支出…."""
    start = span.clause[0]
    if text.raw[start - 1 : start] not in ("：", ":"):
        return
    cut = max((c for c in text.cuts if c < start - 1), default=-1) + 1
    if FIGURE in text.masked[cut:start]:
        return
    words = text.raw[cut : start - 1]
    if _USED_FOR.search(words) and flow.measure:
        flow.default = flow.measure  # 支出决算为…，主要用于以下方面：A 10万元；B 5万元
    phrase = read_phrase(words, Dimension.MONEY)
    if phrase.measure in TOPIC_MEASURES and phrase.strong and not _DIVIDED.search(words):
        flow.measure = flow.default = phrase.measure


def then_done(text: Text, span: Span) -> bool:
    """停车位改造计划260个，实际260个: a plan, told from a programme (重点研发计划35项) by what follows."""
    if not text.raw[: span.number.start].endswith(("计划", "任务")):
        return False
    return bool(_DONE_NEXT.match(text.raw[span.clause[1] : span.clause[1] + 20]))


def shares(raw: str, span: Span) -> bool:
    """Whether a figure is only that of which another is so many percent: 为预算数3.52亿元的52.84%."""
    return bool(_SHARED.match(raw[span.number.end : span.number.end + 12]))


def given_then_spent(text: Text, following: Span | None, name: Name) -> bool:
    """Whether money is what was given, of which the next figure was spent: 林业资金共886万元，拨付使用了842万元."""
    if name.dimension is not Dimension.MONEY or not _OF_FUNDS.search(name.concept) or following is None:
        return False
    ahead = text.raw[slice(*following.before)].strip("，, ")
    return following.number.dimension is Dimension.MONEY and bool(_SPENT_NEXT.fullmatch(ahead))


def planned(text: Text, span: Span) -> bool:
    """Whether the sentence speaks of what is to come: 计划2025年培训150人次，将…提高到73%."""
    if span.number.dimension not in (Dimension.COUNT, Dimension.PERCENT):
        return False
    start = text.sentence_of(span.number.start)[0]
    if _DONE.search(text.raw, start, span.number.start):
        return False
    return bool(_PLAN.match(text.raw, start) or _PLANS_TO.search(text.raw, start, span.number.start))


def measure_of(name: Name, flow: Flow, path: tuple[str, ...], piece: TextPiece, span: Span) -> StatedMeasure:
    """Which measure a figure states; ``flow`` is what the clauses before hand on, ``path`` the headings above."""
    measure, ahead = name.phrase.measure, piece.text[slice(*span.before)]
    if _AIM_BEHIND.match(piece.text, span.number.end):
        return StatedMeasure.TARGET  # 满意度83.3%，未达到85%的目标
    if name.dimension not in MONEY and _AIM_SET.search(piece.text, span.clause[0], span.number.start):
        return StatedMeasure.TARGET  # 高于年初设定的90%
    if name.dimension is not Dimension.COUNT and _AIM_BEFORE.search(
        piece.text, span.clause[0], span.number.start
    ):
        return StatedMeasure.TARGET  # 执行率未达100%
    if is_base(piece.text, span):
        if "年初" in ahead and name.dimension in MONEY:
            return StatedMeasure.OPENING
        return StatedMeasure(flow.last)  # the same of the year before
    if _SHARE_OF.match(piece.text, span.number.end) and _AIM_AHEAD.search(ahead):
        return StatedMeasure.TARGET  # 完成年度任务5800人的105.66%
    around = (
        piece.text[span.number.start - 1 : span.number.start]
        + piece.text[span.number.end : span.number.end + 1]
    )
    if name.dimension is Dimension.SCORE and around in ("（）", "()"):
        return StatedMeasure.WEIGHT  # 项目决策（25分）得24分
    if name.dimension is Dimension.SCORE and measure is None:
        gets = _GETS.match(piece.text[span.number.end : span.number.end + 6])
        scored = "score" if name.concept.endswith(("满意度", "得分", "评分", "指数")) else flow.scored
        return StatedMeasure("weight" if gets else scored or "unknown")
    bound = bool(_BOUND.match(span.number.reading.text))
    if name.dimension is Dimension.PERCENT:
        if measure is None and flow.percent in ("share", "change") and name.inherited:
            measure = flow.percent
        if measure in ("share", "change", "target", "actual"):
            return StatedMeasure(measure)
        if _BY.search(piece.text, span.clause[0], span.number.start) and _ALLOTS.match(
            piece.text, span.number.end
        ):
            return StatedMeasure.STANDARD  # 按万分之十三配置
        aimed = bound or _aims(path, piece) or _goal_said(piece, span)
        return StatedMeasure.TARGET if aimed else StatedMeasure.RATE
    if name.dimension is Dimension.PRICE:
        limited = (bound or _LIMIT.match(span.number.reading.text)) and "每" not in ahead
        return StatedMeasure.TARGET if limited else StatedMeasure.STANDARD
    if measure == StatedMeasure.ACTUAL and _aims(path, piece):
        return StatedMeasure.TARGET
    if measure == StatedMeasure.BUDGET and flow.income and _PAID_OUT.fullmatch(ahead.strip("，, ")):
        return StatedMeasure.EXECUTED  # 资金到位2250万元，拨付2164万元
    if name.dimension in MONEY and _UNSPENT_BEHIND.match(piece.text, span.number.end):
        return StatedMeasure.SURPLUS  # 尾款7.6万元未支付
    if name.dimension in MONEY and _SPENT_BEHIND.match(piece.text, span.number.end):
        return StatedMeasure.EXECUTED  # 资金3520万元全部执行到位
    if measure == StatedMeasure.BUDGET and _KIND_SPENT.search(ahead):
        start = read_text(piece.text).sentence_of(span.number.start)[0]
        if _BY_THEN.match(piece.text, start) or _RATED.match(piece.text, span.number.end):
            return StatedMeasure.EXECUTED  # 截至12月31日，部门预算项目支出74.1万元，执行率96.99%
    if measure == StatedMeasure.INCOME and _expected(piece, span):
        return StatedMeasure.TARGET
    if measure == StatedMeasure.INCOME and _SET.search(path[-1] if path else ""):
        return StatedMeasure.TARGET
    if measure == StatedMeasure.ACTUAL and _goal_said(piece, span):
        return StatedMeasure.TARGET
    if measure == StatedMeasure.BUDGET and flow.planned == StatedMeasure.OPENING:
        return StatedMeasure.OPENING  # 年初预算项目共13个，预算资金为2684万元
    if measure and name.phrase.strong:
        return StatedMeasure(measure)
    if name.dimension in MONEY and flow.adjusted and name.entity == flow.first and _SUM_UP.search(ahead):
        return StatedMeasure.ADJUSTED  # 年初1500万元，追加200万元，共1700万元
    if name.dimension in MONEY and measure is None and _LIMIT.match(span.number.reading.text):
        return StatedMeasure.TARGET
    if (
        name.dimension in MONEY
        and measure is None
        and (flow.adjusting == span.clause or _divides_change(flow, piece, span))
    ):
        return StatedMeasure.ADJUSTMENT  # 追加A资金1500万元、B资金300万元
    if name.dimension in MONEY:
        chosen = flow.measure or measure or flow.spent or flow.planned
        line = fund_line(name.entity)
        if chosen is None and (
            flow.income or (name.entity.endswith("收入") and not _OF_PEOPLE.search(name.entity))
        ):
            chosen = "income"
        elif chosen is None and line in _SPENT:
            chosen = "executed"  # 人员经费10万元: a report tells what was spent
        elif chosen is None and _HANDED_OVER.match(piece.text, span.number.end):
            chosen = "income"
        elif chosen is None and (
            _granted(path, name.concept) or (name.phrase.scope in _SOURCES and "资金" in name.concept)
        ):
            chosen = "budget"
        if chosen:
            return StatedMeasure(chosen)
    elif flow.reached and (flow.clause == span.clause or _of_staff(flow, span)):
        return StatedMeasure(flow.reached)  # 计划建设雨量站20个、水位站8个; 编制78人，其中行政31人
    if name.dimension not in MONEY:
        if (bound and measure is None) or (_goal_said(piece, span) and not name.concept.endswith("指标")):
            return StatedMeasure.TARGET
    if _aims(path, piece) and not name.concept.endswith("指标"):
        money = name.dimension in MONEY and _FUNDS.search(name.concept)
        return StatedMeasure.BUDGET if money else StatedMeasure.TARGET
    return StatedMeasure(measure) if measure else StatedMeasure.UNKNOWN


def _expected(piece: TextPiece, span: Span) -> bool:
    """Whether the sentence says what is hoped for: 建成后预计年新增门诊20万人次，年新增业务收入1.6亿元."""
    start = read_text(piece.text).sentence_of(span.number.start)[0]
    said = _HOPED.search(piece.text, start, span.number.start)
    return said is not None and not _DONE.search(piece.text, said.end(), span.number.start)


_HOPED = compiled(r"预计|预期|有望")


def _granted(path: tuple[str, ...], concept: str) -> bool:
    """Whether the heading speaks of money given to be spent, not of money spent."""
    if _NO_FUNDS.search(concept):
        return False
    for label in reversed(path):
        if _DIVIDED.search(label):
            return False
        if _GRANTED_LABEL.search(label):
            return True
    return False


def _goal_said(piece: TextPiece, span: Span) -> bool:
    """Whether the sentence announces targets: 绩效目标分别为：完成…1个，覆盖率90%."""
    figure = span.number.start
    start = read_text(piece.text).sentence_of(figure)[0]
    said = _last(_goals_said(piece.text), start, figure) or _last(_goal_lists(piece.text), 0, figure)
    return said is not None and not _DONE.search(piece.text, said, figure)


@lru_cache(maxsize=64)
def _goals_said(text: str) -> tuple[tuple[int, int], ...]:
    return tuple(found.span() for found in _GOAL_SAID.finditer(text))


@lru_cache(maxsize=64)
def _goal_lists(text: str) -> tuple[tuple[int, int], ...]:
    return tuple(found.span() for found in _GOAL_LIST.finditer(text))


def _last(spans: tuple[tuple[int, int], ...], start: int, end: int) -> int | None:
    """Where the last of these words between two places ends."""
    return next((at for begun, at in reversed(spans) if start <= begun and at <= end), None)


def _divides_change(flow: Flow, piece: TextPiece, span: Span) -> bool:
    """Whether the parts of a change of the budget go on: 追加资金74万元，其中：A 49万元；B 25万元."""
    start = read_text(piece.text).sentence_of(span.number.start)[0]
    return flow.run_of == "adjustment" and "其中" in piece.text[start : span.clause[0]]


def _of_staff(flow: Flow, span: Span) -> bool:
    """Whether the parts of a 编制 go on: 编制78人，其中行政31人."""
    return flow.reached == StatedMeasure.ESTABLISHMENT and normal_unit(span.number.reading.unit) == "人"


def _aims(path: tuple[str, ...], piece: TextPiece) -> bool:
    """Whether the heading or the caption of the cell says that these are targets."""
    label = piece.label or (path[-1] if path else "")
    if _TARGET_LABEL.search(label) and not _DONE_LABEL.search(label):
        return True
    above = [name for name in path if "绩效目标" in name][-1:]
    grouped = _GROUP.search(label) or _GROUP_LEADS.match(piece.text)
    return bool(above and grouped) and not _DONE_ABOVE.search(above[0])


def is_base(raw: str, span: Span) -> bool:
    """Whether a figure is what another is compared with: 较上年21.05万元减少2.68万元."""
    return bool(
        BASE.search(raw, span.clause[0], span.number.start) and _THEN_MOVES.match(raw, span.number.end)
    )
