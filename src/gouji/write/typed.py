"""What a typed text becomes in a workbook: a number with the format that shows it as typed, or the text itself."""

from __future__ import annotations

from decimal import Decimal

from gouji.pattern import compiled

__all__ = ["typed_value"]

# Nothing odd about it: no leading zeros, grouping right or absent, at most one sign, point and percent sign.
_CLEAN = compiled(
    r"(?P<sign>-?)(?P<whole>0|[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d{0,10})(?:\.(?P<decimals>\d{1,6}))?(?P<percent>%?)"
)


def typed_value(text: str) -> tuple[Decimal | str | None, str]:
    """The value to store for a text, and the number format that shows the value as it was typed.

    Only what is written the way Excel itself would show it becomes a number. Whatever is odd (``201.5.5``,
    full-width digits, ``7,00.0``, a unit behind the figure, leading zeros) stays the text it is, so that a check
    can speak about it. White space around a figure goes.

    Returns:
        (None, "General") for a text of nothing but white space; percent as a fraction.
    """
    bare = text.strip()
    found = _CLEAN.fullmatch(bare)
    if found is None:
        return (text if bare else None), "General"
    whole, decimals, percent = found["whole"], found["decimals"] or "", found["percent"]
    value = Decimal(f"{found['sign']}{whole.replace(',', '')}{'.' + decimals if decimals else ''}")
    shown = f"0.{'0' * len(decimals)}" if decimals else "0"
    if "," in whole:
        shown = f"#,##{shown}"
    if percent:
        return value.scaleb(-2), f"{shown}%"
    return value, shown if decimals or "," in whole else "General"
