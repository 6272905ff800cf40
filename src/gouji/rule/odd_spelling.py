"""A number whose value is certain but whose typing is odd: full-width digits, stray spaces, a number stored as text."""

from __future__ import annotations

from collections.abc import Iterator

from gouji.form.facts import Facts, Slot
from gouji.form.settings import Settings
from gouji.model import Applicability, Change, Finding, Fix, Reading, Severity, Spelling
from gouji.rule.base import Rule, RuleDoc, finding
from gouji.rule.wording import labelled

__all__ = ["RULE"]

_WHAT = {
    Spelling.FULL_WIDTH: "用了全角数字",
    Spelling.CHINESE_PUNCTUATION: "用了中文标点",
    Spelling.LOOK_ALIKE: "夹有形近字母",
    Spelling.INNER_SPACE: "数字中间有空格",
    Spelling.INVISIBLE: "夹有看不见的字符",
    Spelling.NUMBER_AS_TEXT: "是按文本存的数字，Excel 求和时不会算进去",
    Spelling.REPEATED_PERCENT: "有多个百分号",
    Spelling.REPEATED_SIGN: "有多余的符号",
}

_MARKS = "。．.;；,，、!！:："
_LONGEST = 12  # characters of a bare figure with its unit


def _check(facts: Facts, _settings: Settings) -> Iterator[Finding]:
    yield from _with_unit(facts)
    seen: set[tuple[int, int, int]] = set()
    for slot, reading in _slots(facts):
        stray = _stray_mark(slot, reading)
        if reading.value is None or (reading.spelling not in _WHAT and not stray):
            continue
        if reading.spelling is Spelling.NUMBER_AS_TEXT and not slot.grid.is_sheet:
            continue
        key = (id(slot.grid), slot.row, slot.col)
        if key in seen or slot.cell is None:
            continue
        seen.add(key)
        normal = reading.normal or slot.text
        what = _WHAT.get(reading.spelling, f"末尾多了“{stray}”")
        if stray:
            normal = normal.rstrip(_MARKS + " ")
        way = f"应改存为数值 {normal}" if reading.spelling is Spelling.NUMBER_AS_TEXT else f"应写作 {normal}"
        yield finding(
            RULE,
            f"{labelled(slot)}的“{slot.text}”{what}，{way}。",
            slot.place,
            expected=normal,
            fix=Fix(Applicability.SAFE, (Change(slot.grid.name, slot.name, slot.text, normal),)),
        )


def _stray_mark(slot: Slot, reading: Reading) -> str:
    """A mark typed behind a figure that is all its cell says (5分.); not behind what reads like a sentence."""
    text = reading.text.rstrip()
    if reading.value is None or reading.text != slot.text or reading.comparison or reading.approximate:
        return ""
    bare = text.rstrip(_MARKS)
    return text[len(bare) :] if len(bare) <= _LONGEST else ""


def _with_unit(facts: Facts) -> Iterator[Finding]:
    """«573万» in a column of 万元: text to Excel, and half a unit to the reader."""
    for mention in facts.mentions:
        slot, reading = mention.slot, mention.reading
        if reading.unit != "万" or mention.quantity.unit != "万元" or reading.value is None:
            continue
        if not slot.grid.is_sheet or reading.text != slot.text:
            continue
        normal = reading.text.rstrip("万 ")
        yield finding(
            RULE,
            f"{labelled(slot)}的“{slot.text}”带了单位“万”，表头已写明单位是万元，Excel 会把它当作文字；应改存为数值 {normal}。",
            slot.place,
            expected=normal,
            fix=Fix(Applicability.SAFE, (Change(slot.grid.name, slot.name, slot.text, normal),)),
        )


def _slots(facts: Facts) -> Iterator[tuple[Slot, Reading]]:
    for mention in facts.mentions:
        if mention.reading.text == mention.slot.text:
            yield mention.slot, mention.reading
    for table in facts.indicators:
        for row in table.rows:
            for slot in (row.weight, row.score, row.target, row.actual, row.completion):
                if slot is not None and (
                    slot in (row.weight, row.score) or slot.reading.spelling is not Spelling.NUMBER_AS_TEXT
                ):
                    yield slot, slot.reading
        for total in table.totals:
            for slot in (total.weight, total.score):
                if slot is not None:
                    yield slot, slot.reading


RULE = Rule(
    code="GJ402",
    name="odd-number-spelling",
    group="spelling",
    severity=Severity.INFO,
    basis=None,
    doc=RuleDoc(
        what="数值没有疑问、但写法不规范：全角数字、数字中间的空格、看不见的字符、末尾多出的标点、按文本存储的数字等。",
        why="Excel 会把它当作文字，求和、汇总时漏掉。",
        example="“２０１．５”应写作 201.5。",
        fix_safety="可放心自动修改（safe）：只改写法，不改数值。",
    ),
    check=_check,
)
