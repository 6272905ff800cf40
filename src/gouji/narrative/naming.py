"""What a figure is called: the words around its number, or what the clauses before it hand on."""

from __future__ import annotations

from gouji.frozen import replace
from gouji.narrative.beside import OWNED, ends_count, follows_at_once, is_deed
from gouji.narrative.brackets import before_bracket, before_open, of_counted
from gouji.narrative.figures import Dimension
from gouji.narrative.flow import BUDGETS, MONEY_LIKE, Flow, Name, fund_line
from gouji.narrative.measuring import BASE, is_base
from gouji.narrative.outline import owner_of
from gouji.narrative.phrase import Phrase, is_weak, read_phrase
from gouji.narrative.ratenames import SHORT_RATE, rate_name
from gouji.narrative.respectively import label_of
from gouji.narrative.sentence import Span, Text, plain_words
from gouji.narrative.topics import fallback, topic_of
from gouji.narrative.words import DIRECT, VAGUE, VAGUE_MONEY
from gouji.pattern import compiled

__all__ = ["name_figure"]
_TOTAL_WORDS = compiled(
    r"(?:^|[^统设审会])(?:共计|合计|总计|一共|总共|共)"
    r"(?:为|达|完成|支出|发放|培训|服务|受理|投入|安排|批复|拨付|下达|总投资|投资|资金)*$"
)
_DIVIDER = compiled(r"^.*(?:包括|包含|其中|(?:建设|实施|主要|工作)内容[为是])[：:，,]?")
_OUT_OF = compiled(r"(?:占|为|完成|相当于|达到?)[^，。；]{1,30}的$")
_SETS_UP = compiled(r"(?:下设|内设|设有|现有|共有|下属|下辖|设立|分设|设)$")
_SPENT_AFTER = compiled(r"(?:共|合)?计?(?:共)(?:支出|投入|使用|发放|安排)?$")
_NO_NOUN = compiled(r"[于已未尚仍还因]|主要")
_OWN_WORDS = compiled(r"支出|收入")
_TOTAL_NAMES = {"opening": "年初预算", "adjusted": "调整后预算", "budget": "预算"}
_WHOLE = compiled(
    r"整体|部门|单位|收支|支出情况|预算.{0,3}(?:执行|安排)|资金.{0,3}(?:执行|安排|使用)|自评报告"
)
_HOW_MANY = frozenset(
    {
        "长",
        "全长",
        "总长度",
        "总数",
        "总量",
        "数量",
        "总人数",
        "人数",
        "面积",
        "长度",
        "里程",
        "总里程",
        "总长",
    }
)
_TO = compiled(r"^(?:增加?|提[高升]|上?升|下降|降低?|压缩|缩短|压减|扩大|减少|增长|延长)了?[到至为]$")
_WHOLE_SUM = compiled(r"(?:预算|支出)总(?:额|数|计)|总(?:预算|支出)")
_JOINS = compiled(r"(?:和|与|及|以及)$")
_MONEY_NAME = compiled(r"支出|收入|预算|决算|资金|经费|收支|拨款|结转|[费款金]$|配套$|补[助贴]$")
_BESIDE_AIM = compiled(
    r"^\s*(?:高出|高于|低于|提高|降低|超出?)$"
    r"|(?:超过?|高[于出]|低于|[优好]于|[较比]).{0,6}(?:目标|计划|标准|指标)(?:值|要求)?.{0,3}$"
)
_DONE_NEXT = compiled(r"\s*[，,；;]?[^，,。；\d]{0,16}(?:实际|完成|已)")
_SHORT_AGAIN = 4
_PLANS = frozenset({"opening", "adjusted", "budget"})


def name_figure(text: Text, span: Span, following: Span | None, flow: Flow, path: tuple[str, ...]) -> Name:
    """Name the figure of ``span``; ``flow`` is read, not changed, but for its list of labels."""
    dimension = span.number.dimension
    phrase = _phrase(text, span, following, flow)
    if dimension is Dimension.BARE and phrase.entity.endswith(("率", "比例", "占比", "比重")):
        dimension = Dimension.PERCENT
    elif dimension is Dimension.BARE and phrase.entity.endswith(("得分", "评分", "总分")):
        dimension = Dimension.SCORE  # 自评得分92.45，
    entity, owner, inherited, far = phrase.entity, "", False, False
    if _rises_to(text, span, flow):
        entity, inherited = _risen(dimension, flow), True
    elif dimension is Dimension.PERCENT:
        entity, owner, inherited = rate_name(text, span, phrase, flow)
    elif _is_total(text, span, entity, flow):
        entity, inherited = (flow.first if flow.adjusted and flow.first else "合计"), True
    elif not entity and _of_whole(text, span, phrase, flow):
        entity, inherited = flow.first, True
    elif dimension is Dimension.COUNT and _again(entity, span, flow):
        entity, inherited = flow.entity, True
    elif not entity and phrase.strong and _OF_DEPARTMENT.search(text.raw, *span.before):
        entity, inherited = "支出", True  # 部门预算总计108.35万元
    elif not entity and flow.first and _WHOLE_SUM.search(text.raw, *span.before):
        entity, inherited = flow.first, True
    elif entity and _OF_ALL_SUM.match(text.raw, *span.before):
        inherited = False  # …，合计批复总投资5853万元: of nothing but all of these
    elif not entity or _says_little(entity, phrase, dimension):
        opens = span.segment != flow.segment
        if not entity:
            taken = _taken(text, span, following, flow, phrase)
        else:
            taken = (_ahead(text, span, following) if opens else "") or flow.entity
            if flow.counted and phrase.strong and _OF_PROJECT.fullmatch(entity):
                taken = ""  # 配套沉沙池4座，安排项目资金56万元: money of all that was counted
            taken = taken or ("" if opens else _fund_of(flow.passing))
        if taken and (not entity or dimension is Dimension.MONEY or entity in _HOW_MANY):
            entity, inherited = taken, True
            far = taken == flow.topic and taken != flow.entity
    if not entity:
        entity, inherited = fallback(path, dimension, phrase), True
        far = entity != "支出" or not _of_all(path)
    if (
        dimension is Dimension.COUNT
        and entity.endswith("计划")
        and _DONE_NEXT.match(text.raw, span.clause[1])
    ):
        entity = entity.removesuffix("计划")
    concept = phrase.name if entity == phrase.entity and phrase.name else entity
    if inherited and entity == flow.topic and entity not in (flow.entity, flow.passing):
        concept = flow.topic_name or concept
    elif inherited and entity in (flow.entity, flow.passing):
        concept = (
            flow.passed if entity == flow.passing else flow.named
        ) or concept  # 一般公共预算财政拨款收入…，占…
    if phrase.measure == "executed" and entity == "支出" and concept in _TOTAL_NAMES.values():
        concept = "支出"  # 年初预算862万元。决算支出789万元: it is the spending that is handed on
    if concept == "支出" and not phrase.entity:
        concept = _TOTAL_NAMES.get(phrase.measure or "", concept)
    words = text.raw[slice(*span.before)].strip("，, ")
    return Name(entity, concept, phrase, dimension, owner, inherited, span.number.reading.unit, far, words)


def _of_whole(text: Text, span: Span, phrase: Phrase, flow: Flow) -> bool:
    """Whether a figure behind a list of parts speaks of the whole again: A 30万元，其中B、C，与上年相比减少…."""
    start = text.sentence_of(span.number.start)[0]
    if not flow.first or "其中" not in text.raw[start : span.clause[0]] or span.listed or span.depth:
        return False
    words = text.raw[slice(*span.before)].strip("，, ")
    if flow.counted and not flow.money_first and flow.money_topic and _ALL_GIVEN.fullmatch(words):
        return False
    if phrase.measure == "executed" and flow.run >= 2 and flow.run_of != "executed":
        return True  # 安排100万元，其中A 60万元，B 40万元，实际支出90万元
    return phrase.measure == "adjustment" or bool(_OF_ALL.match(words))


_OWN_SHARE = compiled(r"([^，。；]{2,30}?)(?:支出)?占[^，。；]{1,30}的$")
_FUNDED = ("项目", "工程", "资金", "经费")
_OF_DEPARTMENT = compiled(r"(?:部门|单位)(?:整体)?(?:年初)?(?:收支)?预算")
_FUND = compiled(r"(?:资金|经费|补[助贴]|专项)$")
_VAGUE_TOTAL = compiled(r"(?:资金|经费|金额|支出)(?:合计|共计|总计)")
_OF_PROJECT = compiled(r".{0,4}(?:项目|建设|工程)(?:资金|投资|经费)")
_ALL_GIVEN = compiled(
    r"(?:全年|年度|当年|累计|共计?|合计){1,2}(?:发放|支付|兑付|支出|兑现)(?:资金|补[助贴](?:资金)?)?"
)
_FULL_MARKS = compiled(r"(?:满分|分值|权重|总分)(?:为|是)?[：:]?")
_MARKED = compiled(r"(?:自评|评价|综合)?得分[在为]?[（(含）)\d.\-—~～至到分以上下]+的$")
_OF_THESE = compiled(r"的(?!年初|年度|既定|控制|考核|目标|指标|任务|要求|标准|规定|比例)(?=.{2})")
_SOME_PROJECTS = compiled(r"^(?!年初|预算|下达|批复).{2,}(?:项目|工程)$")
_ONLY_TOTAL = compiled(r"(?:共计|合计|总计)(?:为)?")
_OF_ALL_SUM = compiled(r"[，,；;\s]*(?:合计|总计)(?=.{2})")
_OF_ALL = compiled(r"(?:与|同)(?:上年|去年|20\d\d年|年初)|全年|共计?|合计|总计")


def _rises_to(text: Text, span: Span, flow: Flow) -> bool:
    """Whether the figure is what another one, right before, has become: 由3家增至5家."""
    same = span.segment == flow.segment and flow.dimension is span.number.dimension
    return (
        same
        and bool(_risen(span.number.dimension, flow))
        and bool(_TO.match(text.raw[slice(*span.before)].strip("，, ")))
    )


def _risen(dimension: Dimension, flow: Flow) -> str:
    if dimension is Dimension.TIME:
        return flow.timed
    return (flow.last_rate if dimension is Dimension.PERCENT else "") or flow.entity


def _again(entity: str, span: Span, flow: Flow) -> bool:
    """Whether a short word only takes up the name in front: 食品抽检计划2600批次，实际抽检2718批次."""
    if (
        not 2 <= len(entity) <= _SHORT_AGAIN
        or flow.dimension is not Dimension.COUNT
        or span.segment != flow.segment
    ):
        return False
    unit = (span.number.reading.unit or "").lstrip("万亿千百")
    return entity != flow.entity and entity in flow.entity and (flow.unit or "").lstrip("万亿千百") == unit


def _of_all(path: tuple[str, ...]) -> bool:
    """Whether the headings say that the department as a whole is spoken of."""
    if not path:
        return True
    return owner_of(path) is None and bool(_WHOLE.search(path[-1])) and "专项" not in path[-1]


def _says_little(entity: str, phrase: Phrase, dimension: Dimension) -> bool:
    """Whether words name no quantity by themselves: 补贴金额, 支出; a line of the form does, and so does a 口径."""
    if phrase.measure == "adjustment":
        return fund_line(entity) is None and not _MONEY_NAME.search(entity)
    if phrase.measure == "income" or phrase.scope in BUDGETS or entity in ("投资", "总投资"):
        return False
    if entity in VAGUE:
        return fund_line(entity) is None
    return dimension is Dimension.MONEY and bool(VAGUE_MONEY.fullmatch(entity))


def _fund_of(passing: str) -> str:
    """The fund whose arrival was told right before (公共卫生补助资金到位127万元，支出124万元); "" for money in general."""
    fund = passing.removesuffix("到位").removesuffix("收入")
    return fund if _FUND.search(fund) and len(fund) > SHORT_RATE and fund not in VAGUE else ""


def _taken(text: Text, span: Span, following: Span | None, flow: Flow, phrase: Phrase) -> str:
    """What a figure without a name of its own is about."""
    if span.segment != flow.segment:
        near = topic_of(text, span, flow, near=True)
        name = near if near.endswith(_FUNDED) else _ahead(text, span, following) or near
        if name:
            return name
    if span.segment != flow.segment and flow.entity.endswith("收入") and phrase.measure == "executed":
        return ""  # 全年收入…；全年实际支出…
    counted = (
        flow.counted
        and phrase.strong
        and phrase.measure in _PLANS
        and not _SOME_PROJECTS.search(flow.entity)  # 新建项目11个，预算资金412万元
    )
    if (
        flow.counted
        and _ALL_GIVEN.fullmatch(text.raw[slice(*span.before)].strip("，, "))
        and flow.money_topic
    ):
        return flow.topic  # 下达补贴资金4186万元。老人53908人，其中…，全年共发放3957万元
    if flow.counted and flow.money and not dimension_of_count(span):
        return flow.money  # 装备购置项目安排6200万元，购置消防车28辆，实际支付5952万元
    if phrase.measure == "change" and dimension_of_time(span) and flow.timed:
        return flow.timed
    if phrase.measure == "change" and flow.passing and span.sentence == flow.sentence:
        return flow.passing  # 平均住院日7.9天，下降0.4天
    if flow.entity and not counted:
        return flow.entity
    if dimension_of_time(span) and flow.timed:
        return flow.timed
    if flow.passing and span.sentence == flow.sentence:
        return flow.passing
    topic = topic_of(text, span, flow)
    if topic and topic == flow.topic and _OWN_WORDS.search(text.raw, *span.before):
        topic = ""  # 支出决算… opens a subject of its own
    return topic or flow.priced


def dimension_of_count(span: Span) -> bool:
    """Whether things are counted."""
    return span.number.dimension is Dimension.COUNT


def _is_total(text: Text, span: Span, entity: str, flow: Flow) -> bool:
    """Whether the figure is the total of the list in front of it (…、C10人，共计145人)."""
    words = text.raw[slice(*span.before)].strip()
    if (entity and not (entity in VAGUE and _VAGUE_TOTAL.fullmatch(words))) or not _TOTAL_WORDS.search(words):
        return False
    if flow.items and span.listed:
        return True  # 四项合计安排315万元
    whole = bool(_ONLY_TOTAL.fullmatch(text.raw[slice(*span.before)].strip("，, ")))
    alike = [
        other
        for other in text.spans
        if (other.sentence == span.sentence if whole else other.segment == span.segment)
        and other.number.end <= span.number.start
        and other.number.dimension is span.number.dimension
    ]
    return flow.dimension is span.number.dimension and len(alike) > 1


def _ahead(text: Text, span: Span, following: Span | None) -> str:
    """What the next figure of the same segment is about: 使用资金87700元，完成社区康复61人."""
    if following is None or following.segment != span.segment or span.number.dimension not in MONEY_LIKE:
        return ""
    if following.number.dimension is not Dimension.COUNT:
        return ""
    return read_phrase(plain_words(text, *following.before), Dimension.COUNT).entity


def _phrase(text: Text, span: Span, following: Span | None, flow: Flow) -> Phrase:
    """The phrase that names the figure: the words in front, or the noun behind a counting word."""
    dimension = span.number.dimension
    start, end = span.before
    whole = _PARTLY.sub("", plain_words(text, start, end))
    if not whole.strip("（( ") and text.raw[start - 1 : start] in ("（", "("):
        whole = before_open(text, start - 1)
    before = _MARKED.sub("", _DIVIDER.sub("", whole))
    if is_base(text.raw, span):
        named = whole.strip("，, ")
        before = "" if BASE.match(named) else named.lstrip("比较与同")
    if not before and _says_nothing(text.raw[slice(*span.after)]):
        before = _INCLUDES.sub("", whole)  # 预算单位包括3个单位
    if dimension is Dimension.MONEY and (counted := of_counted(text, span, before)):
        before = counted + before
    if not before.strip("（() ") and text.raw[:start].rstrip().endswith(("）", ")")):
        before = before_bracket(text, start)
    label = label_of(text, span, flow, before)
    if label is not None:
        read = read_phrase(label, dimension)
        points = text.raw[span.number.start : span.number.end].endswith("百分点")
        return replace(read, measure="change", strong=True) if points else read
    after = _SPENT_AFTER.sub("", text.raw[span.after[0] : span.after[1]])
    if after.endswith("中") and not after.endswith(("高中", "初中", "集中", "其中")):
        after = after[:-1]  # 全区126名乡村医生中，…
    noun = bool(after.strip()) and not DIRECT.match(after.strip())
    if noun and span.listed and after.startswith("的") and not is_weak(before):
        noun = False  # 解决3个村民小组412人的生产用水: what is counted stands between the two
    shared = following is not None and following.clause == span.clause
    if (
        dimension is Dimension.PERCENT
        and not before.strip("，, ")
        and not span.listed
        and _OF_THESE.match(after)
    ):
        part = read_phrase(after[1:], Dimension.COUNT)
        return replace(part, measure="share", strong=True)  # 12%的托养机构护理人员不足
    if dimension is Dimension.PERCENT and _OUT_OF.search(text.raw, span.clause[0], span.number.start):
        own = _OWN_SHARE.match(before.strip("，, "))
        part = read_phrase(own[1], dimension) if own else Phrase()
        return Phrase(part.entity, part.name, measure="share", strong=True)
    if dimension is Dimension.PERCENT and text.raw[span.number.start : span.number.end].endswith("百分点"):
        words = "" if _BESIDE_AIM.search(before) else before
        return replace(read_phrase(words, dimension), measure="change", strong=True)
    if dimension is Dimension.COUNT is flow.dimension and span.listed and follows_at_once(text, span):
        return Phrase()  # 带动贫困户386户1204人增收
    weak = is_weak(before)
    if dimension is Dimension.SCORE and span.depth and _FULL_MARKS.fullmatch(before.strip()):
        return Phrase(measure="weight", strong=True)  # 决策17分（满分20分）
    words = before
    if _SETS_UP.search(before) and noun and dimension is Dimension.COUNT:
        return read_phrase(after, dimension)
    if dimension in (Dimension.COUNT, Dimension.BARE) and noun:
        if before.rstrip().endswith("等") or (shared and "、" in before):
            words = after
        elif weak:
            words = before if is_weak(after) else after
        elif shared and _LEADS_ON.search(before):
            words = after  # 主要依靠13家乡镇卫生院、4家…; 为2135户小微企业提供担保46.8亿元
        elif span.listed and not (shared and not _JOINS.search(before)):
            words = before + after if _names_itself(text, span, after) else after
        elif not shared:
            words = before + after
    elif dimension is Dimension.MONEY and weak and noun and not shared and not is_weak(after):
        words = before if _NO_NOUN.match(after) else before + after
    if (
        dimension is Dimension.MONEY
        and span.listed
        and (owned := OWNED.match(after))
        and ends_count(text, span)
    ):
        words = owned[0]  # 3个县126.4万元资金未拨付
    phrase = read_phrase(words, dimension)
    if words != before:
        verb = read_phrase(before, dimension)
        phrase = replace(phrase, measure=verb.measure, strong=verb.strong)
    if is_weak(words) and not (is_deed(words, span) and not noun):
        phrase = replace(phrase, entity="", name="")
    if not phrase.entity and shared and following is not None:
        tail = text.raw[slice(*following.after)]
        if tail.strip() and not DIRECT.match(tail.strip()):
            other = read_phrase(tail, dimension)
            phrase = replace(other, measure=phrase.measure or other.measure, strong=phrase.strong)
    return phrase


_LEADS_ON = compiled(
    r"(?:依靠|依托|包括|包含|通过|涵盖|覆盖|涉及|[含辖为向对给的]|帮助|带动|吸纳|补助|资助|支持|奖励|扶持|全[省市县区州镇乡])$"
)
_PARTLY = compiled(r"[（(](?:包括|包含|含|不含|其中)[^（）()]*[）)]")
_INCLUDES = compiled(r"(?:包括|包含)[：:，,]?$")


def _names_itself(text: Text, span: Span, after: str) -> bool:
    """Whether an item of a list has its name in front: 凤山管理所5个项目、沙坝林场23个项目."""
    return text.raw[span.before[0] - 1 : span.before[0]] == "、" and _says_nothing(after)


def _says_nothing(after: str) -> bool:
    return after.strip() in VAGUE


def dimension_of_time(span: Span) -> bool:
    """Whether the figure is a length of time."""
    return span.number.dimension is Dimension.TIME
