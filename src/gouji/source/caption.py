"""Captions: which line in front of a table is its title, and what a table is called in findings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from gouji.pattern import compiled

__all__ = ["caption_of", "unique_names"]

_LONGEST = 40
#: How many non-empty lines in front of a table are looked at.
_LOOK = 5
# Lines that stand between a caption and its table: year, unit of money, annex number, who filled it in.
_ASIDE = compiled(
    r"""^[（(【\[]?\s*(?:
        \d{4}\s*年?\s*度?
      | 附[件表]?\s*[0-9一二三四五六七八九十]*(?:[-－—]\d+)?\s*[:：]?
      | (?:金额|货币|填报|填表|编制|编报|公开|申报|报送|主管|实施|预算|项目)*
        (?:单位|部门|机构|日期|时间|人|项目|年度)(?:名称|负责人)?(?:[（(][^（）()]{1,8}[)）])?\s*[:：].*
      | 续\s*表?\s*[0-9一二三四五六七八九十]*
    )\s*[)）】\]]?$""",
    re.VERBOSE,
)
_TABLE_WORD = compiled(r"(?:表|一览|明细|情况|清单|统计)(?:\s*[（(][^（）()]*[)）])*$")
_TABLE_NUMBER = compiled(r"^\s*(?:附)?表\s*[0-9一二三四五六七八九十]+(?:[-－—.]\d+)?\s*[:：、.]?\s*(?=\S)")
_SENTENCE = compiled(r"[。；;：:，,！？]")
_SPACE = compiled(r"\s+")
# "1.", "（一）", "二、", "①", "第三章": a numbered section heading is no caption.
_HEADING = compiled(
    r"^\s*(?:[（(]?[0-9一二三四五六七八九十]{1,3}[)）.、．]|[①-⑳]|第[0-9一二三四五六七八九十]+[章节部])"
)


def caption_of(ahead: Sequence[tuple[str, bool]]) -> str | None:
    """The title of a table, from the lines that stand between the table before and this one.

    A short line that is no sentence counts if it is called a table (ends in 表, 情况, 明细 …, or starts with
    表1) or is centred. A numbered heading of a section counts only where it ends in 表. Anything else leaves
    the table without a title.

    Args:
        ahead: The lines in order, each with whether it is centred.
    """
    looked = 0
    for text, centred in reversed(ahead):
        line = _SPACE.sub(" ", text).strip()
        if not line:
            continue
        looked += 1
        if looked > _LOOK:
            return None
        if _ASIDE.match(line):
            continue
        if len(line) > _LONGEST or _SENTENCE.search(line):
            return None
        if _HEADING.match(line) and not line.endswith("表"):
            return None
        if _TABLE_WORD.search(line) or _TABLE_NUMBER.match(line) or (centred and len(line) >= 4):
            return line
        return None
    return None


def unique_names(titles: Iterable[str | None]) -> list[str]:
    """What each table is called: its title where no other table has the same, else 表N."""
    listed = list(titles)
    times = Counter(listed)
    return [
        title if title is not None and times[title] == 1 else f"表{number}"
        for number, title in enumerate(listed, 1)
    ]
