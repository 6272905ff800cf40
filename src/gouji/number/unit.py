"""Units of money, people, things, areas and times: which there are, how they relate, their plain names."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

__all__ = [
    "CLASSIFIERS",
    "MULTIPLIERS",
    "is_money",
    "known_unit",
    "leading_unit",
    "normal_unit",
    "same_dimension",
    "unit_factor",
]

MULTIPLIERS: dict[str, Decimal] = {
    "亿": Decimal(100_000_000),
    "千万": Decimal(10_000_000),
    "百万": Decimal(1_000_000),
    "十万": Decimal(100_000),
    "万": Decimal(10_000),
    "千": Decimal(1_000),
    "百": Decimal(100),
}
"""What may stand between a number and its unit (1.3万人), longest first where one starts another."""

_ONE = Decimal(1)

# name as typed → (plain name, base unit of its dimension, factor to that base)
_UNITS: dict[str, tuple[str, str, Decimal]] = {}


def _add(base: str, factor: str, plain: str, *others: str) -> None:
    for name in (plain, *others):
        _UNITS[name] = (plain, base, Decimal(factor))


_add("元", "1", "元", "圆", "块", "块钱", "元整", "圆整", "人民币元", "RMB", "CNY", "¥")
_add("元", "0.1", "角")
_add("美元", "1", "美元")
_add("%", "1", "%")
_add("%", "0.1", "‰")
_add("%", "0.01", "‱")
_add("%", "1", "个百分点", "百分点")
_add("%", "0.001", "/10万", "/十万", "/10万人", "/十万人")
_add("分", "1", "分")
_add("人", "1", "人", "名", "位", "口", "口人", "人数", "个人")
_add("人次", "1", "人次", "人/次", "人(次)", "次人")
_add("户", "1", "户")
_add("平方米", "1", "平方米", "㎡", "m²", "m2", "M2", "平米", "平方", "M²")
_add("平方米", "1000000", "平方公里", "km²", "k㎡", "㎢", "km2", "平方千米")
_add("平方米", "10000", "公顷", "ha", "hm²")
_add("亩", "1", "亩", "市亩")
_add("立方米", "1", "立方米", "m³", "㎥", "m3", "立方", "方")
_add("米", "1", "米", "m", "M", "延米", "延长米")
_add("米", "1000", "公里", "千米", "km", "KM", "Km", "㎞", "里程公里")
_add("米", "0.01", "厘米", "cm", "㎝", "CM")
_add("米", "0.001", "毫米", "mm", "㎜", "MM")
_add("克", "1", "克", "g")
_add("克", "0.001", "毫克", "mg")
_add("克", "0.000001", "微克", "μg")
_add("克", "1000", "公斤", "千克", "kg", "KG", "Kg", "㎏")
_add("克", "500", "斤", "市斤")
_add("克", "1000000", "吨", "t")
_add("升", "1", "升", "L")
_add("升", "0.001", "毫升", "ml", "mL", "ML")
_add("秒", "1", "秒", "秒钟")
_add("秒", "60", "分钟")
_add("秒", "3600", "小时", "个小时", "h", "钟头")
_add("天", "1", "天", "日", "日历天", "d")
_add("工作日", "1", "工作日", "个工作日")
_add("月", "1", "个月", "月")
_add("月", "3", "个季度")
_add("月", "12", "年", "周年", "个年度")
_add("周", "1", "周", "星期", "个星期", "礼拜")
_add("岁", "1", "岁", "周岁")
_add("度", "1", "度", "千瓦时", "kWh", "KWH")
_add("千瓦", "1", "千瓦", "kW", "KW")
_add("千瓦", "1000", "兆瓦", "MW")
_add("倍", "1", "倍")
_add("℃", "1", "℃", "°C", "摄氏度")
_add("人·月", "1", "人·月", "人月")
_add("人·天", "1", "人·天", "人天", "人·日")

# Counting words: each its own dimension, for a 份 is not a 次.
_CLASSIFIERS = """
    个 件 次 场 场次 份 套 台 辆 项 家 所 处 座 栋 幢 间 篇 篇次 张 本 册 条 批 批次 期 期次 班 班次
    组 支 队 只 头 匹 株 棵 根 把 片 块 枚 颗 粒 袋 箱 盒 桶 瓶 车 车次 架 艘 部 门 款 种 类 例 起
    宗 桩 案 卷 幅 副 对 双 张次 床 张床 村 镇 乡 县 市 区 街道 社区 村次 校 站 点 点位 路
    盏 面 口井 眼 孔 道 段 笔 单 票 户次 家次 件次 项次 台次 方面
    人份 人日 课时 学时 节 节课 页 字 万字 标段 标准 标箱 公里次 轮 轮次 届次 趟 回 遍 圈 步 层
    包 卡 证 桌 榀 樘 扇 顶 件套 件(套) 套(件) 台套 台件 台/套 台(套) 个/次 批/次 亩次 剂 针 航班 羽 尾 蔸 穴 床位 人年 册次
    大类 大项 管 张/次 篇/次 条次 家庭 单位 企业 学校
""".split()  # noqa: SIM905 -- a list of words is read more easily than a list of quotation marks
_NOT_CLASSIFIERS = frozenset({"块", "口"})  # money and people above
for _name in _CLASSIFIERS:
    if _name not in _UNITS:
        _add(_name, "1", _name)

CLASSIFIERS = frozenset(
    name for name in (*_CLASSIFIERS, "人", "名", "位", "户", "人次") if name not in _NOT_CLASSIFIERS
)
"""Counting words, after which the thing counted may follow (37个基层医疗机构)."""

_LONGEST = max(len(name) for name in _UNITS)


def known_unit(name: str) -> bool:
    """Whether this is a unit the program knows, multipliers and rates (万元, 元/人) included."""
    return leading_unit(name) == len(name) > 0


def leading_unit(text: str) -> int:
    """How many characters at the start of ``text`` are a known unit (0 where none is).

    ``text`` is canonical (see :mod:`gouji.number.charset`). A unit is ``[multiplier] name {/ or · name}``,
    or a multiplier alone.
    """
    done = _one_unit(text)
    while done and done + 1 < len(text) and text[done] in "/·*每":
        more = _one_unit(text[done + 1 :])
        if not more:
            break
        done += 1 + more
    return done


def _one_unit(text: str) -> int:
    plain = _name_at(text)
    for multiplier in MULTIPLIERS:
        if text.startswith(multiplier):
            size = len(multiplier)
            # 百分点 is a name of its own, not a hundred 分点
            return max(plain, size + _name_at(text[size:]))
    return plain


def _name_at(text: str) -> int:
    for size in range(min(_LONGEST, len(text)), 0, -1):
        if text[:size] in _UNITS:
            # what is counted may be counted by turns: 剂次, 课次
            if text[:size] == "个年度" and text[size : size + 1] >= "\u4e00" and text[size] not in "内的中里":
                return 1  # 16个年度重点项目
            turns = text[size : size + 1] == "次" and text[size + 1 : size + 2] not in ("要", "级")
            if text[:size] not in CLASSIFIERS:
                return size
            return size + 1 if turns else size + _alternative(text[size : size + 4])
    return 0


def _alternative(text: str) -> int:
    """How long the bracket with another counting word is that ``text`` starts with: (间) of 套(间); 0 if none is."""
    close = text.find(")")
    return close + 1 if text.startswith("(") and text[1:close] in CLASSIFIERS else 0


@lru_cache(maxsize=1024)
def _resolve(unit: str) -> tuple[str, str, Decimal] | None:
    """(plain name, base, factor) of a unit with its multiplier, rates reduced part by part."""
    entry = _UNITS.get(unit)
    if entry is not None:
        return entry
    if unit.endswith("次") and unit[:-1] in CLASSIFIERS:
        return unit, unit, _ONE
    if unit.endswith(")") and unit.partition("(")[0] in CLASSIFIERS:
        return unit, unit, _ONE
    for separator in "/每·*":
        head, found, tail = unit.partition(separator)
        if found:
            first, second = _resolve(head), _resolve(tail)
            if first is None or second is None:
                return None
            per = separator in "/每"
            factor = first[2] / second[2] if per else first[2] * second[2]
            joint = "/" if per else "·"
            return f"{first[0]}{joint}{second[0]}", f"{first[1]}{joint}{second[1]}", factor
    for multiplier, size in MULTIPLIERS.items():
        if unit.startswith(multiplier):
            rest = unit[len(multiplier) :]
            if not rest:
                return multiplier, "", size
            inner = _resolve(rest)
            if inner is None or inner[1] == "%":
                return None
            return multiplier + inner[0], inner[1], size * inner[2]
    return None


def normal_unit(unit: str | None) -> str | None:
    """The plain name of a unit (㎡ → 平方米, 圆 → 元, 名 → 人); unknown units as they are, blanks removed."""
    if unit is None:
        return None
    unit = "".join(unit.split())
    entry = _resolve(unit)
    return entry[0] if entry is not None else (unit or None)


def unit_factor(unit: str | None) -> Decimal | None:
    """How many base units one of ``unit`` is: 万元 → 10000 (元), 万人 → 10000 (人), 公里 → 1000 (米).

    ``None`` (no unit) is 1. An unknown unit gives None. ``%`` is the base of ‰ and 百分点.
    """
    if unit is None:
        return _ONE
    entry = _resolve("".join(unit.split()))
    return entry[2] if entry is not None else None


def same_dimension(first: str | None, second: str | None) -> bool:
    """Whether amounts in the two units can be compared after :func:`unit_factor`.

    A number without unit, or with a bare multiplier (1.3万), may count anything and compares with all but %.
    人 and 人次 differ, as do any two counting words. Unknown units compare only with themselves.
    """
    one, two = _base(first), _base(second)
    if "" in (one, two):
        return "%" not in (one, two) or one == two
    return one == two


def _base(unit: str | None) -> str:
    if unit is None:
        return ""
    unit = "".join(unit.split())
    entry = _resolve(unit)
    return entry[1] if entry is not None else unit


def is_money(unit: str | None) -> bool:
    """Whether the unit is one of money (元, 万元, 亿元 …)."""
    return unit is not None and _base(unit) == "元"
