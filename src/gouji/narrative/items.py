"""Figures that stand in different items of one list: of things side by side, not of one thing."""

from __future__ import annotations

from gouji.narrative.figures import Dimension, Figure
from gouji.narrative.outline import item_mark
from gouji.narrative.sentence import read_text
from gouji.pattern import compiled

__all__ = ["other_item"]

_LIST_LEVELS = "cde"
_ITEM = compiled(
    r"\s*(?:绩效)?(?:指标|目标|项目|子项目|任务|标段)\s*(\d{1,2}|[一二三四五六七八九十])[：:、.．]"
)


def other_item(first: Figure, second: Figure) -> bool:
    """Whether the figures stand in two items of one list: 指标1：甲村…床位22张, 指标2：乙村…床位20张."""
    one, two = _ITEM.match(first.piece.text), _ITEM.match(second.piece.text)
    if one is not None and two is not None:
        return one[1] != two[1]
    return _part_of_item(first) and _part_of_item(second) and _items_of_one_list(first, second)


def _items_of_one_list(first: Figure, second: Figure) -> bool:
    """Whether two paragraphs are items of one list: （1）甲项目支出…，（2）乙项目支出…."""
    one, two = item_mark(first.piece.text), item_mark(second.piece.text)
    return (
        one is not None
        and two is not None
        and one.level == two.level
        and one.level in _LIST_LEVELS
        and one.number != two.number
        and first.subject == second.subject
    )


def _part_of_item(figure: Figure) -> bool:
    """Whether money stands behind the figure that its numbered paragraph is about."""
    return figure.dimension is Dimension.MONEY and any(
        span.number.dimension is Dimension.MONEY and span.number.start < figure.start
        for span in read_text(figure.piece.text).spans[:1]
    )
