"""What a live row can say, and the pieces of Excel formulas that say it.

The formulas use only functions that Excel 2007, WPS and LibreOffice share, need no array entry and no macro, and
follow the rules' discipline of rounding (:mod:`gouji.number.agree`) for amounts of two decimals and rates of two
decimals in percent, which is how the templates format them.
"""

from __future__ import annotations

from collections.abc import Sequence

__all__ = [
    "APART",
    "BLANK",
    "BROKEN",
    "ERROR",
    "FINE",
    "HINT",
    "NEEDS_GOUJI",
    "PLACEHOLDERS",
    "WARNING",
    "answered",
    "at_most",
    "close_quotient",
    "count",
    "equal_sum",
    "spoiled",
    "summed",
]

ERROR = "错误"
WARNING = "警告"
HINT = "提示"
FINE = "通过"
BLANK = "未填"
BROKEN = "无法核对"
APART = "口径不同，未比较"
NEEDS_GOUJI = "需用 gouji 校验"

PLACEHOLDERS = ("-", "—", "——", "/", "无")
_HALF = "0.005"  # half a unit of the second decimal
_DUST = "0.000001"  # what binary fractions may be off


def count(areas: Sequence[str]) -> str:
    """How many cells hold numbers."""
    return f"COUNT({','.join(areas)})"


def summed(areas: Sequence[str]) -> str:
    """Their sum."""
    return f"SUM({','.join(areas)})"


def spoiled(areas: Sequence[str]) -> str:
    """How many cells hold a text that is neither empty nor a placeholder."""
    words = ",".join(f'"{word}"' for word in PLACEHOLDERS)
    return "+".join(
        f"SUMPRODUCT(ISTEXT({area})*(LEN({_bare(area)})>0)*ISNA(MATCH({_bare(area)},{{{words}}},0)))"
        for area in areas
    )


def _bare(area: str) -> str:
    """Texts without the spaces around them, wide ones included."""
    return f'TRIM(SUBSTITUTE({area},"　",""))'


def answered(cells: Sequence[str], verdict: str) -> str:
    """The verdict where all cells hold numbers; else that something is missing, or cannot be read."""
    return f'IF({count(cells)}={len(cells)},{verdict},IF({spoiled(cells)}>0,"{BROKEN}","{BLANK}"))'


def equal_sum(total: str, terms: Sequence[str]) -> str:
    """A total against the sum of its lines: equal to two decimals, off by their rounding only, or wrong."""
    off = f"ABS({summed(terms)}-{total})<={_HALF}*({count(terms)}+1)+{_DUST}"
    verdict = (
        f'IF({spoiled(terms)}>0,"{BROKEN}",IF({count(terms)}=0,"{BLANK}",'
        f'IF(ROUND({summed(terms)},2)=ROUND({total},2),"{FINE}",IF({off},"{HINT}","{ERROR}"))))'
    )
    return answered([total], verdict)


def at_most(whole: str, parts: Sequence[str]) -> str:
    """No part, and not all parts together, above the whole."""
    most = f"{whole}+{_HALF}*({count(parts)}+1)"
    verdict = (
        f'IF({count(parts)}=0,"{BLANK}",IF(OR(MAX({",".join(parts)})>{most},{summed(parts)}>{most}),'
        f'"{ERROR}","{FINE}"))'
    )
    return answered([whole], verdict)


def close_quotient(rate: str, top: str, base: str, *, exact: bool) -> str:
    """A rate against its two figures; ``exact`` for counts, which nobody rounds."""
    half = "0" if exact else _HALF
    close = (
        f"AND(({top}-{half})/({base}+{half})<={rate}+0.00005,({top}+{half})/({base}-{half})>={rate}-0.00005)"
    )
    verdict = (
        f'IF({base}=0,IF(OR({top}=0,{rate}=0),"{FINE}","{WARNING}"),'
        f'IF(ROUND({top}/{base},4)=ROUND({rate},4),"{FINE}",IF({close},"{HINT}","{ERROR}")))'
    )
    return answered([rate, top, base], verdict)
