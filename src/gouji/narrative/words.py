"""The closed vocabulary of the grammar: periods, measures, connectives, complementary parts.

Only function words and the field's fixed terms stand here. What departments do (training, roads, patients)
is never listed: a concept is whatever the sentence names.
"""

from __future__ import annotations

import re

from gouji.frozen import frozen
from gouji.pattern import compiled

__all__ = [
    "ADVERBS",
    "CHANGE_WORDS",
    "COMPLEMENTS",
    "COUNTED",
    "DIRECT",
    "FILLER_NOUNS",
    "FILLER_VERBS",
    "GENERIC_TOPIC",
    "MEASURES",
    "MEASURE_WORDS",
    "PERIODS",
    "QUALIFIER",
    "RATE_END",
    "RATE_NAME",
    "SCOPES",
    "SCOPE_WORDS",
    "TRAILING",
    "VAGUE",
    "VAGUE_MONEY",
    "WEAK_EXECUTED",
    "WEAK_VERBS",
    "Complement",
]


def _any(words: str) -> str:
    """Alternatives written with blanks between them; no alternative contains a blank."""
    return "|".join(words.split())


def _table(*rows: tuple[str, str]) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((compiled(_any(words)), name) for words, name in rows)


_CHANGE = """同比 环比 [较比](?:上年|去年|年初|预算)(?!.{0,6}的$)
    ^(?:多|少|差|高|低|超额完成|超|超出|缺|缺少)了?$ [增减]产$ (?:高于|低于|超过)[^，。；]{2,12}(?:水平|均值|平均)$
    增幅 降幅 增长率?为?$ 下降了?$ 上升了?$
    增加了?$ 减少了?$ 节约(?!型|用[水电能地])[^，。；]{0,10}$ 压减了?$ 降低了?$ 超出了?$ 超支了?$ 净增加?$ 净减少?$
    [较比](?:年度|全年|年初)?(?:计划|目标|任务|定额|标准|规定)(?:数|值|工期|时间|时限)?的?(?:多|少|高出?|低|增加|减少|提[高前]|缩短|超出?)$
    (?:工期|时[间限]|周期)提前了?$
    [较比](?:上年|去年)(?:同期)?(?:多|少)[^，。；]{0,2}$ 缩短了?$ 延长了?$ 压缩了?$ 高出$
    超(?:出|额)?(?:年度|全年|年初|原定?)?(?:预算|计划|目标|任务)+(?:数|值)?$"""
CHANGE_WORDS = compiled(
    r"(?:同比(?:上年度?|去年)?|环比|相比|相较|[较比](?:上年|去年|年初|预算|概算|决算|支出|收入)(?:同期|度|预算|决算|支出|收入|执行|完成|计划)*数?的?(?:相比)?)?(?:各|均|共|再)?"
    r"(?:增加|减少|增长|下降|上升|降低|提[高升]|节约(?:资金)?|压减|缩短|延长|压缩|高出|净增|净减|超出|超支|增幅|降幅)(?:了|至|到|幅度)?为?$"
    r"|(?:同比|环比|[较比](?:上年|去年|年初|预算)(?:同期|度)?)$"
    r"|(?:[较比](?:年度|全年|年初)?(?:计划|目标|任务|定额|标准|规定)(?:数|值)?的?(?:多|少|高出?|低|增加|减少|提[高前]|缩短|超出?)"
    r"|超[出额]?(?:年度|全年|年初|原定?)?(?:预算|计划|目标|任务)+(?:数|值)?|[较比](?:上年|去年)(?:同期)?(?:多|少)[^，。；]{0,2})$"
    r"|^(?:多|少|差|高|低|超额完成|超|超出|缺|缺少)了?$"
)
"""Words of change at the end of a phrase; what is left is what changed."""

_ADJUSTED = "调整|追加|追减|调增|调减|核减|核增|压减|收回|调剂"
_TARGET = r"""完成计划$ 目标值 指标值 目标数 (?<!绩效)目标为?$ 目标任务 (?:^|年初|原|年度|年内|拟)(?:为|比|较|超|达|占)?计划
    计划(?=新|建|培|完(?!成[率比])|实|投|改|种|发|举|开|安排|支|装|购|招|治|修|养|整|检|用|惠|服)
    预期 预计 (?:^|[，,])拟 任务数 (?:改造|建设|治理)任务$ 设定值 应当?(?:检|种|训|发|完成)"""

MEASURES: dict[str, tuple[tuple[re.Pattern[str], str], ...]] = {
    "money": _table(
        (_CHANGE, "change"),
        (r"(?:年初|上年|以前年度|历年)结[转余](?:(?:和|与|及)?结[转余])? 使用非财政拨款结余", "carried"),
        (
            r"""结[转余](?!分配)(?:(?:和|与|及)?结[转余])?(?!分配) 尚余 剩余(?!的|劳动) 结存
            (?:未|尚未|没有)(?:支出|使用|执行|支付|拨付)(?:的|资金|金额|数)*$""",
            "surplus",
        ),
        (
            r"调整后 调整预算后 调整预算(?:总?数|总额|金额)?为?$ 预算调整数?[为到至] 调整[为到至] 全年预算 最终预算 变更后",
            "adjusted",
        ),
        (
            rf"(?:{_ADJUSTED})(?:预算|资金|数|金额|指标|经费)*(?:调增|调减|追加|减少|增加)?[了为]?$",
            "adjustment",
        ),
        (
            r"""年中(?:追加|调增|调减|核减|调整) (?:^|执行中|[省市县区](?:厅|局|级|财政)?|财政|上级|中央)(?:追加|调增|调减|核减)
            年[中内]新增 当年新增""",
            "adjustment",
        ),
        (
            r"年初(?:部门|财政|收入|支出|收支|整体|项目|基本)*(?:预算|批复|安排|下达) 期初预算 上年底批复",
            "opening",
        ),
        (
            r"""(?<!高)标准(?!化|厂房|地块|件) (?:人均|生均|户均|亩均|车均)(?!.*(?:收入|、|等)) (?:户|家庭|人口?|亩)年均 单价
            每[人户亩生名月年天车套只] 每(?:平方米|立方米|公里|吨) 每[^，。；]{1,5}$ 均价 平均""",
            "standard",
        ),
        (r"(?<![应未])(?<!计划)到[位账](?:资金)?$", "income"),
        (r"计划资金 资金计划", "budget"),
        (_TARGET, "target"),
        (r"(?<!公共)预算(?:总)?收入$ 收入预算(?:数|总额)?$", "budget"),
        (r"应(?:到位|配套|拨付)(?:资金)?$", "budget"),
        (
            r"(?<!可支配)(?<!纯)收入(?!.*支出) 到位 到账 收到 拨入 拨款$ 罚没(?:款|金额|收入) 收缴(?!率) 征收$ 入库$",
            "income",
        ),
        (
            r"""^(?:实现|当年|全年|年度|年[底末]|累计|已经|已|共|仅|只|实际){0,3}(?:支出|使用|支付|列支|执行)(?:资金|金额)?[数为了]?$
            ^(?:随月|按月|按季|及时|足额|已|全部)+(?:支出|支付|发放|兑付|兑现)$
            决算 执行数 实际(?:支出|使用|支付|执行|完成|发放|发生) 已支付 累计(?:支出|支付|使用) 已使用
            ^(?:已|实际|累计|年内|共|全年){1,2}完成(?:投资)?$ 全年(?:支出|执行) 支出总计
            完成(?:预算)?(?:支出|资金) 总支出 支出共?计 支付资金 共(?:支出|投入|使用|发放|支付) (?:拨付|支付)使用
            (?:已|累计|实际|共)拨付 完成总?投资额?$ (?:资金|经费)(?:已|实际)?(?:使用|支付|支出|执行)$
            实际(?!种粮|困难|经营|控制|下达|安排|拨付|到位)""",
            "executed",
        ),
        (r"预算 批复 安排 申请 拨付 下达 概算 (?<!协议)总投资 投资估算 (?:项目|财政|预算)资金总额", "budget"),
    ),
    "percent": _table(
        (
            r"""同比 环比 [较比](?:上年|去年)(?!.{0,6}的$) 增幅 降幅 增长率?为?$ 下降(?:了|至|到)?$ 上升了?$ 增加了?$
            减少了?$ 提[升高]了?$ 降低了?$ 超支了?$ 节约了?$ 压[减缩]了?超?$ 净增$ 净减$ (?:变动|增长|下降)率""",
            "change",
        ),
        (r"占(?!比) 占比 比重 (?:为|是|相当于|达到?|恢复到).{1,14}的$", "share"),
        (_TARGET, "target"),
        (r"实际完成 完成[值数]?为?$ 实际", "actual"),
    ),
    "count": _table(
        (_CHANGE, "change"),
        (
            r"(?<![预决]算)编制(?:数|人数|内)?(?!人员|单位|机构|的|完成|报送|范围|质量|工作)|领导职数$",
            "establishment",
        ),
        (r"实有 在职 在岗 在编(?!制) 编外 退休 现有 聘用 临聘", "actual"),
        (
            r"^(?:项目区|[全年每]|预计|平均)*(?:年均|每年)?减少(?!了?$|的) (?:[人户亩]均)(?:产\w{1,3})?增加",
            "change",
        ),
        (_TARGET, "target"),
        (
            r"^(?:生均|亩均|户均|人均|日均) 平均每$ ^每[百千万](?:名|人口?) 平均[^，。；]{0,6}(?:住院日|时限|时长|用时|时间)",
            "standard",
        ),
        (r"实际完成 完成[值数] 实际 已?完成 达到", "actual"),
    ),
    "score": _table(
        (r"(?:[较比]|同比).{0,8}(?:提[高升]|增加|上升|下降|减少|降低)了?$", "change"),
        (r"权重 分值 满分", "weight"),
        (r"分 评 得 扣", "score"),
    ),
}
"""By dimension, most specific first: the words that tell the measure, and the StatedMeasure value."""

WEAK_EXECUTED = compiled(_any("支出 开支 花费 使用资金 使用 投入 发放 补助金额 补贴金额 支付 购置费用"))
"""Words that tell money spent only where nothing in the sentence says otherwise."""

_MONEY_END = r"(?:总?数|资金|金额|总额|额)"
MEASURE_WORDS: dict[str, re.Pattern[str]] = {
    name: compiled(_any(words))
    for name, words in {
        "opening": rf"""年初(?:部门|财政|整体)?(?:预算|批复|安排|下达|支出|收入)*(?:指标|{_MONEY_END})*
            期初预算数?""",
        "adjusted": rf"""调整预算后 (?:全年|年度)?预算调整$ (?:预算)?调整[后为到至]的?(?:全年)?(?:支出|收入)?(?:预算)?{_MONEY_END}?
            调整预算(?:总?数|总额|金额)? 预算调整数?[为到至] (?:全年|最终)预算{_MONEY_END}? 变更后""",
        "adjustment": r"""^(?:执行中|[省市县区](?:厅|局|级|财政[厅局]?)?|上级|中央)?(?:财政)?(?:追加|调增|调减|核减)+
            (?:年[中内]|当年)新增 年[中度](?:预算)?(?:执行)?
            (?:预算)?(?:执行)?(?:调整|追加|追减|调增|调减|核减|核增|压减|收回|调剂)+(?:预算|资金|数|金额|指标)*""",
        "budget": r"""(?:年度)?(?<!公共)预算(?!内)(?:安排|批复|申请|下达|资金|金额|总额|总数|数)* 批复(?:数|金额|资金)?
            安排(?:资金|金额|数)? 共?(?:申请|拨付|下达)(?:预算)?(?:资金|金额|数)?""",
        "executed": rf"""(?:支出)?决算(?:支出)?{_MONEY_END}? 执行数
            (?:实际|累计|全年|已|共)(?:完成)?(?:支出|投入|使用|支付|拨付|执行|发放|发生){_MONEY_END}?
            (?:^|仅|只)执行(?:数|金额)?$ ^实际$
            ^(?:随月|按月|按季|及时|足额|已|全部)+(?:支出|支付|发放|兑付|兑现)$
            支出(?:总?数|金额|总额|额|总计) 完成支出 共?完成(?:预算)?(?:资金)?""",
        "target": r"""(?:年初|年度|全年|预期|计划|设定|绩效)*(?:目标|指标)[值数]? 计划(?:完成|安排|投入|支出)?[数值]?
            预期(?:完成)? 预计(?:完成)? 任务数""",
        "actual": r"^实有$ 实际(?:完成)?[值数]? (?:已|累计|共)?完成[值数]? 达到",
        "standard": r"""(?:平均)?(?:每(?:人|户|亩|生|名|月|年|天|日|次|学期|批次?|套|台|个|平方米|公里)年?)+(?:财政)?
            (?:平均)?每[^，。；]{1,4}$ (?:人均|户均|亩均|生均|平均|日均|月均|年均)$""",
        "surplus": r"年[末底终]",
        "carried": r"年初",
    }.items()
}
"""By measure, the words taken out of a phrase so that the thing itself is left."""

PERIODS = compiled(
    _any(
        r"""截[止至]评价[点日基准]+ (?:截至|截止|到)?(?:19|20)\d{2}年度?(?:\d{1,2}月)?(?:份)?(?:\d{1,2}日)?(?:[底末]|(?=年?初))?
        (?:截至|截止)(?:目前|年底|年末|当前)? (?<![较比同])上一?年度? (?<![较比同])去年(?:同期)? 本年度?
        (?:截至|截止)?\d{1,2}月(?:\d{1,2}日)?[底末初]? 今年 当年 截[止至]评价[点日基准]* 全年(?!预算|执行|支出)
        (?<!上)年度内?(?!预算|指标|目标) 年内 上年同期 第?[一二三四]季度 上半年 下半年
        [“"]?十[三四五]五[”"]?(?:期间|时期)?"""
    )
)
"""Words of time; taken out of concepts."""

ADVERBS = compiled(
    "^(?:"
    + _any(
        r"""其中 (?:已|共|全年|累计)?(?:完成|实现)了?(?!率|比|值|数|情况|时|进度|及|度) 包括 另外?有? 此外
        同时 并且
        并(?!轨|发) 以及 及(?!格|时) 和(?!谐) 与 、 又 再(?!就业|生|担保) 还有? 已经 已 共有 共计 合计 总计
        总共 一共 累计 达到 达(?!标) 超过 是(?!否) 实际(?=收入) 分别 则 即 如 按照 按(?!时|期|规|需|劳|月|年|比|摩)
        主要(?:是|为|用于)? 用于 圆满 顺利 按[时期](?=完成|足额) 成功 超额 先后 人民币
        (?:基本|项目|总)支出中[，,]? 该 此次 本次 此 其(?!他|它|余)
        全[市县区省镇乡州](?!域) (?:本|我)?[区县市省镇乡]?户籍的? 我[局市县区镇乡院校委办所站中心]+
        本[局市县区镇乡院校委办所站级]+ 本(?:部门|单位)(?=.{2}) 从 共(?!享|建|同|青|产|治|育|管) 约(?!谈|束|定|会) 对(?!口|外|标|象|接|账)
        为(?!民|老|农) 向(?!上) 给(?!水|排) 由 将 把 同口径
        于 在(?!管|职|编|校|册|岗|建|线|园|籍|读|押|逃|库|途|村|外|家)
        有(?!需|效|关|线|机|害|序|毒|限|色|组织|劳动) 均(?!等|衡) 各(?:地|[省市县区州]|单位)+(?=实际|累计|共|支|已)
        各(?!类|级|项|种|地) 近(?!视|年) 了 的 等
        [，,：:。] 仅有? 年[末底](?=仅|已|只|实际|累计|支付|支出|执行|完成) 只有
        高于 低于 控制在 中有 当中 上述 现有 拥有 设有 下设 下属"""
    )
    + ")+"
)
"""Words at the start of a phrase that name nothing."""

TRAILING = compiled(
    "(?:"
    + _any(
        r"""[：:，,、（(“”"·．.] 共计 合计 总计 总共 累计 (?<!节)约 近 达到 达成 (?<!下)达 超过 (?<![行作])为 控制在 相比 是 分别 至 到
        了 的 等(?=$) 值为 金额为 只有 仅 不低于 不少于 不超过 高于 低于 以内 人民币 将近 接近 突破 实现
        完成 占 于 已 又 未 由 从 (?<![占同环之对缩])[较比] 下同 共有? 现有 拥有 (?<![人户亩生平年月日])均为? 各"""
    )
    + ")+$"
)
"""Words at the end of a phrase (before the number) that name nothing."""

WEAK_VERBS = _any(
    """参训 受训 受益 设 得 扣 计 促成 创建 资助 救助 培训 补助 新增 培养 引进 化解 调解 抓获 破获 查处 检查 开设
    设立 共有 现有 下设 下属 设有 成立 选派 派出 编印 印 制作 悬挂 张贴 召开 共 发 建 有 获 帮扶 慰问 服务
    配有 配备 建有 涉及 辖 下辖 管辖 投放 出动 排查 巡查 走访 核查 抽查 改造 新 为 对 解决 因 由于 (?:随机)?抽取 平均每"""
)
"""Verbs that, alone in front of a counting figure, leave the naming to the noun behind it."""

FILLER_VERBS = compiled(
    _any(
        """提供 开展 发放 发给 给予 实施 举办 举行 组织 进行 落实 推进 实现 完成 帮助 扶持 支持 保障 受理
        处理 办理 安排 建成 新建 建设 购买 购置 采购 印发 印制 参加 参与 使用 支付 拨付 用于 申请 申报 审核
        录入 发表 上报 报送 获得 取得 达到 超过 涉及 覆盖 惠及 接待 接受 城乡 各类 各级 广大 进一步 继续
        积极 共同 及时 符合条件的? 需要的 相关 有关 本区户籍的? 我区 等 的 了
        为(?!民|主|期|人) 对(?!象|口|外|标|接|账|策) 向(?!上|导) 给(?!水|排|付) 由(?!来) 于 将 把 和(?!谐)
        与 以及 及(?!时|格) 并(?!轨) 让"""
    )
)
"""Words that do not tell one quantity from another; left out of the key by which concepts are compared."""

FILLER_NOUNS = compiled(r"工作|活动|项目|任务")
"""Nouns that tell as little; left out of the key as well, though they can name a figure by themselves."""

COUNTED = compiled(
    rf"(?:{_any('[人户场]次数? 次数 (?<![案事证文物])件数 数量 个数 家数 总[数量] 面积 金额 总额 数[额目] 人数 户数 数')})$"
)
"""Endings that only say that something is counted."""

QUALIFIER = compiled(
    _any(
        r"""\d+(?:\.\d+)?\s*(?:[-—–~～至]+\s*\d+(?:\.\d+)?\s*)?(?:周岁|岁)(?:及?以[上下内])?(?:\(含\)|（含）)?
        \d+[、-]?\d*级 \d+年级 \d+个月(?!内) [一二三四五]批(?=项目|次) 第[一二三四五六七八九十\d]+[批期季轮届次] [“"]?[一二三四]季度
        [上下]半年"""
    )
)
"""Restrictions of a noun by age, degree, batch or season."""

RATE_NAME = compiled(
    r"(?:(?:预算|支出预算|资金|预算资金|财政资金|项目资金|项目预算)数?)?"
    r"(?:执行|完成|使用|到位|支付|拨付|结余|结转结余|调整|控制|变动)(?:任务)?(?:比?率|比例|进度)$"
)
"""Names of rates that any line item may have; what stands in front names the line item."""

RATE_END = compiled(r"[率度比幅]$|比[例重]|水平|程度|应补尽补|全覆盖|完成|进度")
"""Endings of a phrase that can be measured in percent."""

GENERIC_TOPIC = compiled(
    _any(
        """部门 单位 整体 绩效 目标 情况 分析 使用 管理 执行 完成 年度 概况 基本 资金 预算 总体 主要 工作
        自评 评价 报告 说明 方面 指标 及 与 和 的 一般公共 政府性基金 国有资本经营 社会保险 基金 财政 拨款
        收入 支出 收支 收 状况 产出 效益 数量 质量 时效 成本 满意度 社会 经济 生态 可持续影响 存在 问题 原因
        下一步 改进 措施 建议 其他 需要 组织 实施 项目 投入 决算 安排 构成 人员 机构 职能 职责 设置 简介
        概述 介绍 重点 任务 内容 结果 应用 公开 附件 专项 本 我 局 县 市 区 镇 乡 经费 控制 加强 推进 做好
        落实 结转 结余 履职 产生 编制 取得 成效 开展"""
    )
)
"""Words that make a heading general: a heading made of nothing else names no line item."""

_VAGUE = """最低 最高 总数 总量 总人数 支出 收入 资金 经费 总支出 总收入 部门支出 项目资金 财政拨款 财政资金 执行率 预算执行率
    资金使用率 使用率 完成率 到位率 支付率 补助 补贴 补助资金 投资 总投资 金额 费用 人数 人员 项目 活动 培训
    会议 单位 企业 学生 群众 医院 学校 村 社区 奖励 标准 满意度 满意率 合格率 覆盖率 达标率 数量 面积 服务
    信息 资料 宣传 及时率 任务 长 全长 长度 里程 总里程 总长 本级 上级 中央 省级 市级 县级 区级 其他 其他资金 其他支出 专项资金 专项经费
    工作经费 补助金额 补贴金额 使用资金 投入资金 完成比例 比例 增长 下降 预算 决算 本年支出 本年收入 合计
    总计 年末 年初"""
VAGUE = frozenset(_VAGUE.split())
"""Concepts too general to be one quantity in two places unless line item, scope and section agree as well."""

VAGUE_MONEY = compiled(
    r"(?!工程款)(?:涉及|投入|使用|安排|补贴|补助|奖补|发放|到位|所需|申请|拨付|下达|项目|工程|专项|实际|共|获得|争取|费用(?=支出))*"
    r"(?:资金|金额|(?<!项目)经费|费用|投资|总投资|款项|款|投入|支付|使用|(?<=费用)支出|(?<=发放)补[助贴])"
)
"""Names of money that only say that it is money."""

SCOPES = _table(
    (r"一般公共预算 公共财政预算", "general_budget"),
    (r"政府性基金", "government_fund"),
    (r"国有资本经营", "state_capital"),
    (r"社会保险基金", "social_insurance"),
    (r"财政专户 专户管理", "special_account"),
    (r"中央(?:财政|补助|资金|转移|专项) ^中央$", "central"),
    (r"省级 省财政 自治区(?:财政|资金)", "provincial"),
    (r"市级(?:财政|资金|配套|补助|专项)? 市财政", "city"),
    (r"[县区]级(?:财政|资金|配套|补助|专项)? [县区]财政 本级财政 本级资金 地方财政", "county"),
    (r"政府采购", "procurement"),
    (r"自有资金 自筹资金 单位资金", "own"),
)
"""The 口径 said in a phrase; the first match wins. The first five are budgets, the rest are sources."""

SCOPE_WORDS = compiled(
    r"^(?:本?(?:部门|单位))?(?:一般公共预算|公共财政预算|政府性基金(?:预算)?|国有资本经营(?:预算)?)"
    r"(?:财政)?(?:拨款)?(?=.{2})"
)
"""Scope words in front of a line's name."""

DIRECT = compiled(
    r"^(?:其中|不(?=一致|符|足)|等(?!级|次)|进行|给予|予以|退回|纳入|系|均(?!衡)|全部|尚|因(?!公)|主要|属于?|用于|由(?!来)|以[上下内]|左右|余|的?$|[、，；。：])"
)
"""What stands behind a number and is not the noun it counts."""


@frozen
class Complement:
    """Parts that together are the whole, by words in their concepts.

    ``whole`` is what the whole must be called, None where any name will do.
    """

    parts: tuple[re.Pattern[str], ...]
    whole: re.Pattern[str] | None


def _complement(whole: str | None, *parts: str) -> Complement:
    return Complement(tuple(compiled(part) for part in parts), compiled(whole) if whole else None)


_PERSONNEL, _PUBLIC = r"人员(?:经费|支出)", r"公用(?:经费|支出)"
COMPLEMENTS = (
    _complement(None, _PERSONNEL, _PUBLIC, r"项目(?:支出|经费)"),
    _complement(None, r"基本支出", r"项目支出"),
    _complement(r"得分|总分|评分|自评|评价|合计", r"决策|投入", r"过程|管理", r"产出", r"效益|效果"),
    _complement(r"基本支出|basic", _PERSONNEL, _PUBLIC),
    _complement(r"三公|three_public", r"出国", r"公务用车|公车", r"接待"),
    _complement(r"公务用车|公车|车辆", r"车购置(?!及|和|与)", r"运行"),
    _complement(r"编制", r"行政编制", r"事业编制?"),
    _complement(None, r"行政单位", r"事业单位"),
    _complement(None, r"^男|男性", r"^女|女性"),
    _complement(None, r"城镇|城区|城市", r"农村|乡村"),
    _complement(None, r"中央", r"地方"),
    _complement(None, r"线上|网上", r"线下|现场"),
)
"""Lists whose labels fill one of these sets leave nothing out. Larger sets stand first."""
