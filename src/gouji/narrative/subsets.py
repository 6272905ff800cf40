"""Which of the figures behind 其中 are parts of the whole, and whether they may count the same things twice."""

from __future__ import annotations

from collections.abc import Sequence

from gouji.narrative.figures import Dimension, Figure
from gouji.pattern import compiled

__all__ = ["may_overlap", "of_its_name"]


def of_its_name(whole: Figure, parts: list[Figure]) -> list[Figure]:
    """The parts that repeat what is counted, where the first does: 零工市场12个，其中标准化零工市场5个，打造服务圈68个."""
    if whole.dimension is not Dimension.COUNT or len(whole.concept) < _TELLING:
        return parts
    if whole.concept[-_TELLING:] not in parts[0].concept:
        return parts
    return [part for part in parts if whole.concept[-_TELLING:] in part.concept]


_TELLING = 3


_KINDS = tuple(
    compiled(kind)
    for kind in (
        r"学历|学位|本科|专科|大专|研究生|硕士|博士",
        r"职称|高级|中级|初级|骨干|双师|持证",
        r"岁|老年|青年|未成年",
        r"女|男",
        r"党员|团员",
        r"脱贫|贫困|低保|困难|残疾|留守|寄宿|少数民族",
    )
)


def may_overlap(parts: Sequence[Figure]) -> bool:
    """Whether parts may count the same people twice: 教职工96人，其中专任教师89人，本科以上81人."""
    if parts[0].dimension is not Dimension.COUNT:
        return False
    kinds = {
        next((n for n, kind in enumerate(_KINDS) if kind.search(part.concept)), None)
        for part in parts
        if part.concept
    }
    return len(kinds) > 1
