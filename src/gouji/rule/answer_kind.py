"""A word where a number was asked, a number where words were, or a result in another unit than its target."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from gouji.form.facts import Facts, IndicatorRow, IndicatorTable
from gouji.form.label import compact
from gouji.form.settings import Settings
from gouji.model import Finding, Reading, ReadingKind, Severity
from gouji.number import find_numbers, normal_unit
from gouji.pattern import compiled
from gouji.rule.attain import unit_factors, unit_slip
from gouji.rule.base import Rule, RuleDoc, finding
from gouji.rule.wording import gives_reason

__all__ = ["RULE"]

_ALL = Decimal(100)
_MOST = Decimal(60)
_FEWEST = 5  # rows
_HALF_OF_10000, _TWICE_10000 = Decimal(5_000), Decimal(20_000)
_COUNTED = "人次|万人|人|户|件|场|次|个|项|家|台|套|张|分|亩|公里|万元|元"
_TWO_UNITS = compiled(rf"[≥≤＞＜><]?([\d.]+)\s*(?:[%％]\s*({_COUNTED})|({_COUNTED})\s*[%％])")
_NOTHING_ASKED = compiled(r"[无未零不0]|没有|杜绝|避免|防止")


def _check(facts: Facts, _settings: Settings) -> Iterator[Finding]:
    for table in facts.indicators:
        misplaced = _points_for_values(table)
        if misplaced is not None:
            yield misplaced
            continue
        for row in table.rows:
            yield from _row(row)


def _row(row: IndicatorRow) -> Iterator[Finding]:
    target, actual = row.target_reading, row.actual_reading
    if row.actual is None or row.target is None or target.is_empty:
        return
    name = row.name_slot.label
    explained = gives_reason(row)
    if target.value is not None and actual.kind is ReadingKind.WORD:
        doubled = _TWO_UNITS.fullmatch(row.actual.text.strip())
        if doubled is not None:
            unit = target.unit if target.unit == "%" else doubled[2] or doubled[3]
            yield finding(
                RULE,
                f"指标“{name}”的完成值“{row.actual.text}”把“%”和“{doubled[2] or doubled[3]}”两个单位写在了一起；"
                f"指标值是 {row.target.text}，如果数字没有错，请改为 {doubled[1]}{unit}。",
                row.actual.place,
                expected=f"{doubled[1]}{unit}",
                related=(row.target.place,),
            )
            return
        figures = [
            f for f in find_numbers(row.actual.text) if f.role == "amount" and f.reading.value is not None
        ]
        if figures or _said_by_word(row):
            return
        yield finding(
            RULE,
            f"指标“{name}”的指标值是数（{row.target.text}），完成值却填“{row.actual.text[:20]}”；请填实际的数。",
            row.actual.place,
            severity=Severity.INFO if explained or _all_of_it(row) else _how_bad(row),
            related=(row.target.place,),
        )
    elif target.value is not None and actual.kind is ReadingKind.PLACEHOLDER:
        if target.value == 0 and row.actual.text.strip() in ("无", "没有"):
            return
        yield finding(
            RULE,
            f"指标“{name}”的指标值是 {row.target.text}，完成值填“{row.actual.text}”；请填实际的数，不适用的请说明原因。",
            row.actual.place,
            severity=Severity.INFO if explained else Severity.ERROR,
            related=(row.target.place,),
        )
    elif target.value is not None and actual.value is not None:
        message = _units(row)
        if message:
            yield finding(
                RULE,
                f"指标“{name}”{message}",
                row.actual.place,
                severity=Severity.ERROR if "数字相近" in message else Severity.WARNING,
                related=(row.target.place,),
            )
    elif target.kind in (ReadingKind.WORD, ReadingKind.DATE) and actual.kind is ReadingKind.PLACEHOLDER:
        if row.actual.text.strip() in ("无", "没有") and _NOTHING_ASKED.search(row.target.text):
            return
        yield finding(
            RULE,
            f"指标“{name}”的指标值是“{row.target.text[:16]}”，完成值填“{row.actual.text}”，等于没有填；"
            "请写明完成情况，不适用的请说明原因。",
            row.actual.place,
            severity=Severity.INFO if explained else Severity.ERROR,
            related=(row.target.place,),
        )
    elif target.kind is ReadingKind.WORD and actual.kind is ReadingKind.NUMBER and _points(row):
        yield finding(
            RULE,
            f"指标“{name}”的指标值是文字（{row.target.text[:16]}），完成值却填了数 {row.actual.text}，像是把分数填到了完成值一栏。",
            row.actual.place,
            severity=Severity.WARNING,
            related=(row.target.place,),
        )


def _points_for_values(table: IndicatorTable) -> Finding | None:
    """A form without points, and where its targets should stand, bare figures that make up exactly 100."""
    if {"weight", "score"} & table.roles:
        return None
    rows = [row for row in table.rows if row.target is not None and not row.target_reading.is_empty]
    values = [row.target_reading.value for row in rows if _bare(row.target_reading)]
    if len(rows) < _FEWEST or len(values) < len(rows) or sum(v for v in values if v is not None) != _ALL:
        return None
    slots = [slot for row in rows for slot in (row.target, row.actual) if slot is not None]
    return finding(
        RULE,
        f"“{'”“'.join(dict.fromkeys(slot.label.split('/')[-1] for slot in slots))}”两栏各行填的都是不带单位的整数，"
        f"指标值加起来正好 {_ALL}，像是把分值和得分填到了这里；请改填目标值和实际完成的数。",
        slots[0].place,
        severity=Severity.WARNING,
        related=tuple(slot.place for slot in slots[1:]),
    )


def _bare(reading: Reading) -> bool:
    """Whether a target is a figure such as points are: whole, small, without sign or unit."""
    return (
        reading.kind is ReadingKind.NUMBER
        and reading.value is not None
        and reading.unit in (None, "分")
        and reading.comparison is None
        and reading.upper is None
        and 0 < reading.value <= _MOST
    )


_PER_YEAR = compiled(r"/(?:年|年度|月)$")  # what is counted in the year of the form needs no word of it
_EACH = compiled(r"均|每|单位|单价|单件|标准|造价|一次性|补助|补贴")
_ALIKE = [
    {each, f"{each}次"} for each in ("批", "场", "期", "班", "篇", "轮", "届", "项")
]  # 批 and 批次 are one
# words that count the same things, so that one for another is no other unit
_COUNTING = [
    frozenset(each.split())
    for each in (
        "个 家 所 处 座 项 栋 间",
        "次 场 期 批 轮 届",
        "册 本 份",
        "台 套 辆 部 件 架",
        "篇 条 份",
        "件 起 宗 例",
        "人 名 位",
        "家 户",
    )
]
_SPAN = frozenset({"年", "个月", "月", "周", "天", "日", "工作日", "个工作日", "小时", "分钟"})
_IN_TIME = compiled(r"按[时期]|如期|准时|及时|提前|完成|达成|达标|达到|当[日天]|即时|立即")
_DONE = compiled(r"^(?:已|均|已经|按[时期]|如期|及时|全面)*(?:完成|达成|达标|达到|实现|合格|到位|是|√)")
_WHOLE = compiled(r"(?:完成|及时|按时|按期|到位|覆盖|落实|发放|兑现|拨付|保障)(?:率|比例|度|情况)?$")
_ENTIRE = compiled(r"^(?:已|均)*(?:全部|全覆盖|全额|足额)")
_NOT_IN_TIME = compiled(r"未|不|没|延|逾期|滞后|超期|部分|基本")


def _said_by_word(row: IndicatorRow) -> bool:
    """Whether a word answers a figure well enough: 1 项 … 已完成; 0 … 未发生; 2个月内 … 按期完成."""
    value, text = row.target_reading.value, row.actual.text if row.actual else ""
    if row.target_reading.unit in _SPAN and _IN_TIME.search(text) and not _NOT_IN_TIME.search(text):
        return True
    words = row.target_reading.text.partition("%")[2].strip()
    if words and words in text and not _NOT_IN_TIME.search(text):
        return True  # 100%达标 … 达标
    if value == 0:
        return any(word in text for word in ("未发生", "无", "没有", "零"))
    return value == 1 and row.target_reading.unit in (None, "项", "个") and "完成" in text


def _all_of_it(row: IndicatorRow) -> bool:
    """Whether a word says what the figure 100 % asks for: 全部发放; 任务完成率 … 已完成."""
    said = row.actual.text if row.actual else ""
    if not _asks_for_all(row) or _NOT_IN_TIME.search(said):
        return False
    if _ENTIRE.search(said) is not None:
        return True
    return _DONE.search(said) is not None and _WHOLE.search(compact(row.name)) is not None


def _asks_for_all(row: IndicatorRow) -> bool:
    return row.target_reading.kind is ReadingKind.PERCENT and row.target_reading.value == _ALL


def _how_bad(row: IndicatorRow) -> Severity:
    """That a word stands for a figure is milder where 100 % was asked and the word says that it was done."""
    said = row.actual.text if row.actual else ""
    done = _DONE.search(said) is not None and not _NOT_IN_TIME.search(said)
    return Severity.WARNING if _asks_for_all(row) and done else Severity.ERROR


def _points(row: IndicatorRow) -> bool:
    """Whether the result repeats the indicator's points."""
    value = row.actual_reading.value
    return row.actual_reading.unit is None and any(
        slot is not None and slot.value == value for slot in (row.weight, row.score)
    )


def _units(row: IndicatorRow) -> str | None:
    """What is wrong between the units of target and result; None where they go together."""
    target, actual = row.target_reading, row.actual_reading
    if _fraction_under_percent(row):
        return f"的计量单位是 %，完成值却填 {row.actual.text if row.actual else ''}，像是填成了小数；请按百分数填写。"
    t_percent, a_percent = target.kind is ReadingKind.PERCENT, actual.kind is ReadingKind.PERCENT
    if row.target is None or row.actual is None:
        return None
    if t_percent != a_percent:
        plain, other = (actual, target) if t_percent else (target, actual)
        if plain.unit == "‰":
            return None
        if plain.unit is None:
            if a_percent and target.value is not None and target.value > 1 and target.value != 100:
                return f"的指标值是数（{row.target.text}），完成值却是比率（{row.actual.text}）；两者应为同一单位。"
            if (
                t_percent
                and actual.value is not None
                and actual.value > 1
                and _points(row)
                and other.value != actual.value
            ):
                return (
                    f"的指标值是 {row.target.text}，完成值填 {row.actual.text}，像是把分数填到了完成值一栏。"
                )
            return None
        return f"的指标值是 {row.target.text}，完成值是 {row.actual.text}，单位不同，无法比较；请统一。"
    if _not_converted(target, actual):
        return (
            f"的指标值以“{target.unit}”计（{row.target.text}），完成值填 {row.actual.text}，数字相近而差一万倍，"
            "像是没有换算单位；请核对。"
        )
    if target.unit and actual.unit and target.unit != actual.unit:
        one, two = (_PER_YEAR.sub("", normal_unit(unit) or "") for unit in (target.unit, actual.unit))
        if _EACH.search(row.name) and one.partition("/")[0] == two.partition("/")[0]:
            return None  # 亩均投资: 元 is 元/亩
        alike = {one, two} in _ALIKE or any(one in words and two in words for words in _COUNTING)
        if one != two and not alike:
            if one is not None and two is not None and unit_factors(one, two) is not None:
                return _factor(row)
            return f"的指标值以“{target.unit}”计，完成值以“{actual.unit}”计；请核对单位是否应为同一种。"
    return None


def _not_converted(target: Reading, actual: Reading) -> bool:
    """A result in 平方米 typed where the unit column says 万平方米."""
    if not target.unit or target.unit != actual.unit or not target.unit.startswith("万"):
        return False
    if not target.value or not actual.value:
        return False
    return _HALF_OF_10000 <= actual.value / target.value <= _TWICE_10000


def _fraction_under_percent(row: IndicatorRow) -> bool:
    """A result typed as 0.945 in a row whose unit column says %."""
    if row.target is None or row.actual is None or row.target_reading.kind is not ReadingKind.PERCENT:
        return False
    plain = row.target.reading.kind is ReadingKind.NUMBER and row.target.reading.unit is None
    said = row.actual.reading
    return (
        plain
        and said.kind is ReadingKind.NUMBER
        and said.unit is None
        and said.value is not None
        and 0 < said.value < 1
        and (row.target_reading.value or 0) > 1
    )


def _factor(row: IndicatorRow) -> str | None:
    """A result in 万元 beside a target in 元 (or the other way round) with nearly the same digits: a slip of the unit."""
    if (
        row.target is not None
        and row.actual is not None
        and unit_slip(row.target_reading, row.actual_reading)
    ):
        return f"的指标值是 {row.target.text}，完成值是 {row.actual.text}：数字相近而单位不同，请核对单位。"
    return None


RULE = Rule(
    code="GJ104",
    name="answer-value-type",
    group="answers",
    severity=Severity.ERROR,
    basis="定量指标应填数值，并与指标值同一单位",
    doc=RuleDoc(
        what="指标值是数的，完成值也应是数，且单位相同、只有一个单位；指标值是文字的，完成值不应是分数，也不应只写“无”或一道横线。"
        "没有分值栏的表，指标值全是加起来正好 100 的整数的，像是把分值填到了指标值一栏，提示。"
        "已在原因栏说明的只作提示。",
        why="定量指标用“完成”二字作答，无法计算完成率和得分；单位不同也无法比较。",
        example="指标值 ≤30 万元，完成值填“完成”，报错；指标值 37个，完成值 100%，提示单位不同。",
        fix_safety="不自动修改。",
    ),
    check=_check,
)
