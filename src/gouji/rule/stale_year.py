"""Goal and result texts that speak of another year than the form's."""

from __future__ import annotations

from collections.abc import Iterator

from gouji.form.facts import Facts, Slot
from gouji.form.settings import Settings
from gouji.model import Finding, Severity
from gouji.pattern import compiled
from gouji.rule.base import Rule, RuleDoc, finding

__all__ = ["RULE"]

_YEAR = compiled(r"(20\d{2})\s*年")
_OPENS = compiled(
    r"^[\s\d一二三四五六七八九十、.．（()）:：]*(?:目标)?[\d:：]*(?:截至|截止|至|到|在|自)?\s*(20\d{2})\s*年"
)
_GOALS = frozenset({"goal_target", "goal_actual", "goal"})


def _check(facts: Facts, _settings: Settings) -> Iterator[Finding]:
    if facts.year is None:
        return
    seen: set[tuple[int, str]] = set()
    for slot in _slots(facts):
        key = (id(slot.grid), slot.name)
        years = [int(found[1]) for found in _YEAR.finditer(slot.text)]
        opening = _OPENS.match(slot.text)
        if key in seen or not years or opening is None or facts.year in years:
            continue
        first = int(opening[1])
        if first == facts.year + 1 and slot.label.endswith(("改进措施", "完成情况")):
            continue
        seen.add(key)
        yield finding(
            RULE,
            f"{slot.name}（{slot.label}）写的是 {first} 年，而这份表是 {facts.year} 年度的，像是沿用了旧稿。请核对年份和内容。",
            slot.place,
            observed=opening[0].strip(),
            expected=f"{facts.year}年",
        )


def _slots(facts: Facts) -> Iterator[Slot]:
    for info in facts.infos:
        if info.concept in _GOALS:
            yield info.slot
    for text in facts.long_texts:
        if "目标" in text.slot.label or "完成情况" in text.slot.label:
            yield text.slot


RULE = Rule(
    code="GJ613",
    name="stale-prior-year",
    group="narrative",
    severity=Severity.WARNING,
    basis=None,
    doc=RuleDoc(
        what="年度目标、完成情况的文字开头写的年份与表的年度不同，全文也没有提到本年度。",
        why="多半是把上年的文字原样留了下来，里面的数也是上年的。",
        example="2022年度的表，完成情况写“2021年共改造管网12公里……”，提示。",
        fix_safety="不自动修改。",
    ),
    check=_check,
)
