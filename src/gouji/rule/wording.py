"""Words and small arithmetic shared by the rules: sums written out, rates as text, where a reason may stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import lru_cache

from gouji.form.facts import Facts, IndicatorRow, Mention, Slot, Term
from gouji.form.label import compact, parse_label
from gouji.model import Place, Reading, ReadingKind
from gouji.pattern import compiled

__all__ = [
    "as_percent",
    "asks_for_reasons",
    "figure",
    "gives_reason",
    "is_answer",
    "is_prompt",
    "labelled",
    "own_sentences",
    "reason_box_says",
    "reason_in_text",
    "reasons_below",
    "written_sum",
]

_REASON = compiled(
    r"原因|由于|因为|(?<![主起])因(?![此素])|所致|导致|受.{1,12}影响|未能|不足|(?:率|低|慢|高|超|差|少|增|未完成|未达|未实现)[^。]{0,20}主要(?:是|系|为|因)|尚未|暂未|待(?:验收|竣工|支付|结算)"
    # a deviation, a colon and what it came of
    r"|(?:未(?:按[时期])?(?:完成|达标|达到|达成|实现)|未达|[低高少超多]于|超(?:出|过|目标)|扣\d*\.?\d*分|偏[低高])[^。;；:]{0,12}[:：][^。;；]{4}"
    # what was found wanting, and what it cost
    r"|(?:不|未|没有|欠|较|偏)[^，,。;；]{1,16}[，,](?:故|因此)?扣\d*\.?\d*分"
)
# a target that was set badly explains a result far above it, be it said in the next sentence
_SET_LOW = compiled(
    r"(?:目标|指标)值?.{0,6}(?:偏[低小高大]|过[低高]|不(?:够)?合理|保守)|(?:偏[低小]|过低|未结合).{0,20}(?:目标|指标)值?"
)
_REMARK = compiled(r"[(（]([^()（）]{4,})[)）]")
_ABOUT_FAULTS = compiled(r"问题|原因|不足|偏差|偏离")
_WORDS = 8  # characters; less (无, 无偏差) gives no reason
_PROSE = 60  # characters of a paragraph that is more than a heading or a note
_NEAR = 80
_BRIEF = 10
_HEAD = 4  # a name cut shorter than this says too little
_SENTENCE = compiled(r"[^。；;\n]+[。；;\n]?")
_PROMPTS = (
    compiled(r"(?<![提申恳邀聘])请[^。;；]{0,8}(?:填写|填报|说明|描述|列明|填列|注明)"),
    compiled(
        r"\d{2,4}字以内|(?:说明|填写|描述|简述|概述|不少于|约).{0,12}\d{2,4}字(?:左右|以上)|^\W*\d{2,4}字(?:左右|以上)\W*$"
    ),
    compiled(r"[(（]?(?:此处|本栏|本列|该项|此栏|此列)(?:填写|填报|由|应|需)"),
    compiled(r"需(?:单独)?说明(?:原因|理由)|应(?:单独)?说明(?:原因|理由)"),
    compiled(r"[XxＸ×]{2,}(?!光|线)"),
    compiled(r"^(?:示例|例如|样例|模板|填写说明|填表说明|填报说明)[:：]?"),
    compiled(r"^[…\.。]{2,}$|^……"),
    compiled(r"^指标\d*[:：]?(?:……|…|\.{3,})?$|^目标\d*[:：]?(?:……|…|\.{3,})$"),
    compiled(r"^[_＿\s]{3,}$|[_＿]{4,}"),
    compiled(
        r"^(?:简要|逐条|分项|重点)?(?:说明|描述|分析|列出|列举|填写|概述).{4,40}(?:情况|原因|等|内容|措施)[。)）]?$"
    ),
)


@lru_cache(maxsize=2048)
def is_prompt(text: str) -> bool:
    """Whether a text is an instruction of the form that nobody has replaced by an answer."""
    stripped = text.strip()
    if not stripped:
        return False
    return any(pattern.search(stripped) for pattern in _PROMPTS)


def is_answer(slot: Slot | None) -> bool:
    """Whether a slot holds words of its own: neither blank, nor a placeholder, nor a prompt."""
    return slot is not None and not slot.is_empty and not is_prompt(slot.text)


def gives_reason(row: IndicatorRow) -> bool:
    """Whether an indicator says why it fell short or far exceeded: in its box, or in brackets behind score or result."""
    if is_answer(row.reason):
        return True
    beside = (_REMARK.search(slot.text) for slot in (row.score, row.actual) if slot is not None)
    return any(found is not None and _REASON.search(found[1]) for found in beside)


def asks_for_reasons(facts: Facts) -> bool:
    """Whether the form has a box for the reasons of all deviations, or a text goes with it that could give them."""
    boxes = any(info.concept == "conclusion" and "原因" in info.label for info in facts.infos)
    return boxes or any(len(paragraph.text) > _PROSE for paragraph in facts.document.paragraphs)


def reasons_below(facts: Facts) -> bool:
    """Whether the form asks for the reasons of all deviations in one box of its own, and there are words in it."""
    return any(
        info.concept == "conclusion"
        and "原因" in info.label
        and len(compact(info.value)) >= _WORDS
        and not is_prompt(info.value)
        for info in facts.infos
    )


def figure(value: Decimal) -> str:
    """A figure as a clerk types it: no exponent, no trailing zeros beyond need."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text if text not in ("", "-0") else "0"


def as_percent(value: Decimal) -> str:
    """Percent points as text."""
    return f"{figure(value)}%"


def printed(mention: Mention) -> str:
    """The figure of a mention as it takes part in arithmetic («0» for a blank)."""
    reading = mention.reading
    if reading.value is None:
        return "0" if reading.is_empty else f"“{reading.text}”"
    return figure(reading.value)


def written_sum(terms: Iterable[Term], *, blanks: bool = False) -> str:
    """A sum written out with its signs; blank terms are left out unless asked for."""
    parts: list[str] = []
    for term in terms:
        if term.mention.reading.is_empty and not blanks:
            continue
        text = printed(term.mention)
        if parts:
            parts.append(" + " if term.sign > 0 else " − ")
        elif term.sign < 0:
            parts.append("−")
        parts.append(text)
    return "".join(parts)


def labelled(slot: Slot) -> str:
    """What to call a cell in a message: its label and its place."""
    return f"{slot.label}（{slot.name}）" if slot.label else slot.name


def reason_in_text(facts: Facts, name: str, *, skip: Slot | None = None) -> Place | None:
    """Where the report gives a reason for the line or indicator called ``name``: a sentence that names it and says why.

    Args:
        facts: The document.
        name: Name of the line or indicator as typed.
        skip: A slot not to look into (the one that should have held the reason).
    """
    core = parse_label(name).core
    names = _spoken(core)
    if len(names[0]) < 2:
        return None
    for info in facts.infos:
        # 存在问题 and 偏差原因分析 ask for nothing but that; other remarks may say so too
        about = info.concept == "conclusion" and _ABOUT_FAULTS.search(info.label)
        if (about or (info.concept == "note" and _REASON.search(info.value))) and _speaks_of(
            names[0], compact(info.value)
        ):
            if not is_prompt(info.value) and (skip is None or info.slot.cell is not skip.cell):
                return info.slot.place
    for number, text in _texts(facts, skip):
        squeezed = compact(text)
        wanted = next((each for each in names if each in squeezed), None)
        if wanted is None:
            continue
        sentences = list(_SENTENCE.finditer(text))
        for place, found in enumerate(sentences):
            sentence = compact(found[0])
            at = sentence.find(wanted)
            if at < 0:
                continue
            near = sentence[max(0, at - _NEAR) : at + len(wanted) + _NEAR]
            after = compact(sentences[place + 1][0])[:_NEAR] if place + 1 < len(sentences) else ""
            if _REASON.search(near) or _SET_LOW.search(near) or _SET_LOW.search(after):
                quoted = found[0].strip()
                return number.__class__(
                    number.document, number.sheet, number.cell, number.label, number.paragraph, quoted[:60]
                )
    return None


def own_sentences(facts: Facts) -> Iterator[str]:
    """Every sentence of the report and of the long cells that is the writer's own, no prompt of the form."""
    for text in [p.text for p in facts.document.paragraphs] + [t.text for t in facts.long_texts]:
        if not is_prompt(text):
            yield from re.split(r"[。；;\n]", text)


def reason_box_says(facts: Facts, pattern: re.Pattern[str]) -> bool:
    """Whether some indicator's reason speaks of what the pattern looks for."""
    return any(
        row.reason is not None and is_answer(row.reason) and pattern.search(row.reason.text)
        for table in facts.indicators
        for row in table.rows
    )


def _texts(facts: Facts, skip: Slot | None) -> Iterable[tuple[Place, str]]:
    # the form's own prose first: a reason that stands there is in its place
    for long_text in facts.long_texts:
        if skip is None or long_text.slot.cell is not skip.cell:
            yield long_text.slot.place, long_text.text
    long = {id(each.slot.cell) for each in facts.long_texts}
    for info in facts.infos:
        # 说明, 备注, 存在问题 answered in a few words
        if (
            info.concept in ("note", "conclusion")
            and id(info.slot.cell) not in long
            and len(info.value) > _BRIEF
        ):
            if (skip is None or info.slot.cell is not skip.cell) and not is_prompt(info.value):
                yield info.slot.place, info.value
    for paragraph in facts.document.paragraphs:
        if len(paragraph.text) > _BRIEF:
            yield Place(facts.document.path, paragraph=paragraph.number), paragraph.text


def _spoken(core: str) -> tuple[str, ...]:
    """How a text may call an indicator or line: its telling part, else the head of a long one (创业担保贷款发放 → 创业担保贷款)."""
    short = _short(core)
    head = short[: max(_HEAD, -(-len(short) * 3 // 5))]
    return (short, head) if len(head) < len(short) else (short,)


def _speaks_of(name: str, text: str) -> bool:
    """Whether a short remark about shortfalls names an indicator, be it by half of its name (拆除违法建设面积 → 违法建设)."""
    least = max(_HEAD, -(-len(name) // 2))
    if len(name) <= least:
        return name in text
    return any(name[at : at + least] in text for at in range(len(name) - least + 1))


def _short(core: str) -> str:
    """The telling part of a name: without brackets, and without a closing 数, 人数, 率 … that texts drop."""
    plain = re.sub(r"\(.*?\)", "", core)
    return re.sub(r"(?:人次|人数|数量|次数|数)$", "", plain) if len(plain) > 4 else plain


def percent_reading(reading: Reading, expected: Decimal) -> Reading:
    """A rate typed as a fraction (0.9934 or 1 for 100 %) brought to percent points where only that makes sense."""
    if reading.kind is not ReadingKind.NUMBER or reading.value is None or not reading.value:
        return reading
    as_points = reading.value * 100
    if abs(as_points - expected) < abs(reading.value - expected):
        return Reading(
            reading.text,
            ReadingKind.PERCENT,
            as_points,
            max(0, reading.decimals - 2),
            "%",
            reading.comparison,
        )
    return reading
