"""The words that every face of a report shares: severities, places, and text made safe to show."""

from __future__ import annotations

import unicodedata

from gouji.model import Applicability, Confidence, Place, Severity

__all__ = ["APPLICABILITY", "CONFIDENCE", "SEVERITY", "shown", "where"]

SEVERITY = {Severity.ERROR: "错误", Severity.WARNING: "警告", Severity.INFO: "提示"}
CONFIDENCE = {Confidence.CERTAIN: "确定", Confidence.LIKELY: "很可能", Confidence.POSSIBLE: "可能"}
APPLICABILITY = {
    Applicability.SAFE: "可以自动修改",
    Applicability.UNSAFE: "请确认后修改",
    Applicability.DISPLAY: "仅供参考，请人工核对",
}

_LINE_BREAKS = {"\n", "\r", "\t", "\v", "\f", "\u2028", "\u2029"}


def shown(text: str) -> str:
    """Text from a file on one line, safe to print.

    Line breaks become spaces. Every other control or invisible formatting character is left out, because a
    cell may hold escape sequences that would drive the terminal, or marks that turn the reading direction.
    """
    if text.isprintable():
        return text.strip()
    kept = (
        " " if letter in _LINE_BREAKS else letter
        for letter in text
        if letter in _LINE_BREAKS or unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Co")
    )
    return "".join(kept).strip()


def where(place: Place, *, sheet: bool = True) -> str:
    """A place in words: 基础数据表 C16, 第 12 段 or 整份文件; without the sheet where a heading names it."""
    parts = []
    if place.sheet is not None and sheet:
        parts.append(shown(place.sheet))
    if place.cell is not None:
        parts.append(place.cell)
    if place.paragraph is not None:
        parts.append(f"第 {place.paragraph} 段")
    if not parts:
        parts.append("整张表" if place.sheet is not None else "整份文件")
    return " ".join(parts)
