"""Which sheets a report becomes: one for each table, with the title above it and the notes below it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from gouji.frozen import frozen
from gouji.pattern import compiled
from gouji.source.document import Document, Grid, Paragraph

__all__ = ["SheetPlan", "plan_sheets", "usable_name"]

_LONGEST_TITLE = 45
_MOST_ABOVE = 4
_MOST_BELOW = 6
_NUMBERING = compiled(
    r"^(?:附(?:件|表)\s*\d*\s*[：:.、]?\s*|[（(]?[\d一二三四五六七八九十]{1,3}[）)、.．]\s*)+"
)
_YEAR = compiled(r"^\s*(?:19|20)\d\d\s*年度?")
_SENTENCE = compiled(r"[。；;！？]|，.*，")
_NOTE = compiled(
    r"\s*(?:说明|备注|注|填表说明|填表人|填报人|填报单位|填报日期|填表日期|联系人|联系电话|单位负责人|负责人|经办人|审核人)"
    r"(?:[（(].{0,12}[）)])?\s*\d?\s*[：:]"
)
_UNIT = compiled(r"\s*(?:金额)?单位\s*[：:].{1,8}")
_FORBIDDEN = compiled(r"[\\/?*\[\]:\x00-\x1f]")
_MAX_NAME = 31
_KNOWN = ("基础数据表", "绩效自评表", "自评表", "评分表", "绩效目标表")


@frozen
class SheetPlan:
    """One sheet to be: its name, the lines above, the tables (more than one where a table went on over a page), notes."""

    name: str
    above: tuple[Paragraph, ...]
    grids: tuple[Grid, ...]
    below: tuple[Paragraph, ...]


def plan_sheets(document: Document, wanted: Collection[int], reserved: Iterable[str] = ()) -> list[SheetPlan]:
    """The sheets for the tables of a report or the sheets of a workbook, in order.

    Args:
        document: What was read.
        wanted: ``id`` of each grid to take.
        reserved: Names that none of the sheets may get.
    """
    runs: list[list[Grid]] = []
    for grid in document.grids:
        if id(grid) not in wanted:
            continue
        if runs and _goes_on(document, runs[-1][-1], grid):
            runs[-1].append(grid)
        else:
            runs.append([grid])
    taken = {name.casefold() for name in reserved}
    plans = []
    for index, run in enumerate(runs):
        if run[0].is_sheet:
            plans.append(SheetPlan(usable_name(run[0].name, taken), (), tuple(run), ()))
            continue
        before = runs[index - 1][-1].after_paragraph if index else 0
        following = runs[index + 1][0].after_paragraph if index + 1 < len(runs) else 1 << 30
        above = _above(document.paragraphs, run[0], before) or _heading(document.paragraphs, run[0], before)
        below = _below(document.paragraphs, run[-1], following)
        name = usable_name(_short(run[0], above), taken)
        plans.append(SheetPlan(name, above, tuple(run), below))
    return plans


def _goes_on(document: Document, one: Grid, two: Grid) -> bool:
    """Whether a table of a text is the next page of the one before it."""
    if one.is_sheet or one.n_cols != two.n_cols:
        return False
    return not any(
        one.after_paragraph < paragraph.number <= two.after_paragraph and paragraph.text.strip()
        for paragraph in document.paragraphs
    )


def _above(paragraphs: Sequence[Paragraph], grid: Grid, start: int) -> tuple[Paragraph, ...]:
    """The short lines right above a table: 附件2, its title, the unit of its amounts."""
    found: list[Paragraph] = []
    for paragraph in reversed(paragraphs):
        if paragraph.number > grid.after_paragraph or not paragraph.text.strip():
            continue
        text = paragraph.text.strip()
        unlike = len(text) > _LONGEST_TITLE or _SENTENCE.search(text) or _NOTE.match(text)
        if paragraph.number <= start or unlike or len(found) == _MOST_ABOVE:
            break
        found.append(paragraph)
        if text.startswith("附"):
            break
    return tuple(reversed(found))


def _below(paragraphs: Sequence[Paragraph], grid: Grid, stop: int) -> tuple[Paragraph, ...]:
    """The lines right below a table that speak about it: 说明, 填表人, 联系电话."""
    found: list[Paragraph] = []
    for paragraph in paragraphs:
        if paragraph.number <= grid.after_paragraph or not paragraph.text.strip():
            continue
        if paragraph.number > stop or len(found) == _MOST_BELOW or not _NOTE.match(paragraph.text):
            break
        found.append(paragraph)
    return tuple(found)


def _heading(paragraphs: Sequence[Paragraph], grid: Grid, start: int) -> tuple[Paragraph, ...]:
    """The numbered heading under which a table without a title stands: «（1）部门整体支出情况»."""
    for paragraph in reversed(paragraphs):
        text = paragraph.text.strip()
        if start < paragraph.number <= grid.after_paragraph and len(text) <= 20 and _NUMBERING.match(text):
            return (paragraph,)
    return ()


def _short(grid: Grid, above: Sequence[Paragraph]) -> str:
    """A name for the sheet from the title of the table, else from the lines above it."""
    titles = [grid.title] if grid.title else []
    titles += [one.text for one in reversed(above) if not _UNIT.match(one.text)]
    for title in titles:
        bare = _YEAR.sub("", _NUMBERING.sub("", title.strip())).strip()
        if not bare:
            continue
        known = next((word for word in _KNOWN if bare.endswith(word)), None)
        return known if known and len(bare) > 12 else bare
    return grid.name


def usable_name(wanted: str, taken: set[str]) -> str:
    """A name that Excel accepts and no sheet has yet; ``taken`` gets it in lower case."""
    base = _FORBIDDEN.sub(" ", wanted).strip().strip("'")[:_MAX_NAME] or "表"
    name, number = base, 1
    while name.casefold() in taken:
        number += 1
        tail = f"({number})"
        name = base[: _MAX_NAME - len(tail)] + tail
    taken.add(name.casefold())
    return name
