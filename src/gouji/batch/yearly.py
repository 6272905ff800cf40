"""This year's form beside last year's of the same department: what a reader should ask about. Never an error.

Indicators are renamed between years; how sure it is that two are one is said with every remark.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from difflib import SequenceMatcher
from typing import Any

from gouji.frozen import frozen

__all__ = ["Note", "compare"]

_LIKE, _CLEARLY = 0.7, 0.08
_SWING = Decimal(30)  # percent by which spending changes before it is remarked
_LEAST = {"≥", ">", None}  # signs of targets that more is better for, or that are to be met


@frozen
class Note:
    """One remark: its kind, how sure the match is, and a Chinese sentence."""

    kind: str
    sure: str
    text: str


def compare(now: dict[str, Any], earlier: dict[str, Any]) -> Iterator[Note]:
    """What changed from last year's figures of a department to this year's.

    Args:
        now: This year's, from :func:`gouji.batch.profile.profile_of`.
        earlier: Last year's; nothing is said where its year is not earlier.
    """
    year, before = now["year"], earlier["year"]
    if year is None or before is None or before >= year:
        return
    yield from _spending(now, earlier)
    pairs, gone = _matched(now["indicators"], earlier["indicators"])
    for one, other, likeness in pairs:
        sure = "同名" if likeness == 1 else f"名称相近（{round(likeness * 100)}%）"
        yield from _target(one, other, sure, before)
    for other in gone:
        yield Note(
            "指标取消",
            "未找到同名指标",
            f"{before}年的指标“{other['name']}”{year}年没有了，请说明是否已完成或不再适用。",
        )


def _spending(now: dict[str, Any], earlier: dict[str, Any]) -> Iterator[Note]:
    spent, before = _number(now["spent"]), _number(earlier["spent"])
    if spent is None or not before:
        return
    change = 100 * (spent - before) / before
    if abs(change) > _SWING:
        way = "增加" if change > 0 else "减少"
        yield Note(
            "支出变化大",
            "同一单位",
            f"支出由 {before:f} 万元到 {spent:f} 万元，{way} {abs(round(change, 1)):f}%，请说明原因。",
        )


def _target(one: dict[str, Any], other: dict[str, Any], sure: str, before: int) -> Iterator[Note]:
    target, result = _number(one["target"]), _number(other["actual"])
    alike = one["unit"] == other["actual_unit"] and one["sign"] in _LEAST and other["sign"] in _LEAST
    if target is not None and result is not None and alike and one["group"] != "cost" and target < result:
        yield Note(
            "目标低于上年完成值",
            sure,
            f"“{one['name']}”今年目标 {target:f}{one['unit'] or ''}，低于{before}年完成的 {result:f}{one['unit'] or ''}"
            + (f"（上年名称“{other['name']}”）" if other["name"] != one["name"] else "")
            + "，请说明目标是否偏低。",
        )


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _bare(name: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKC", name) if char.isalnum())


def _matched(
    now: list[dict[str, Any]], earlier: list[dict[str, Any]]
) -> tuple[list[tuple[dict[str, Any], dict[str, Any], float]], list[dict[str, Any]]]:
    """Indicators of both years that are one, with their likeness; and last year's that have no heir."""
    pairs: list[tuple[dict[str, Any], dict[str, Any], float]] = []
    free = list(now)
    gone: list[dict[str, Any]] = []
    later: list[dict[str, Any]] = []
    for other in earlier:
        same = [one for one in free if _bare(one["name"]) == _bare(other["name"])]
        if len(same) == 1:
            pairs.append((same[0], other, 1.0))
            free.remove(same[0])
        else:
            later.append(other)
    for other in later:
        ranked = sorted(
            (
                (SequenceMatcher(None, _bare(one["name"]), _bare(other["name"]), autojunk=False).ratio(), at)
                for at, one in enumerate(free)
            ),
            key=lambda each: (-each[0], each[1]),
        )
        lead = len(ranked) == 1 or (len(ranked) > 1 and ranked[0][0] - ranked[1][0] >= _CLEARLY)
        if ranked and ranked[0][0] >= _LIKE and lead:
            pairs.append((free[ranked[0][1]], other, min(ranked[0][0], 0.99)))
            del free[ranked[0][1]]
        elif not ranked or ranked[0][0] < _LIKE:
            gone.append(other)
    return pairs, gone
