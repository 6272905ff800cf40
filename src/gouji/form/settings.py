"""The thresholds of a form: what local practice sets, and form.toml may change."""

from __future__ import annotations

from decimal import Decimal

from gouji.frozen import frozen

__all__ = ["Settings"]


@frozen
class Settings:
    """Where a form draws its lines; the defaults are those of a form nobody has described.

    ``execution_low`` and ``execution_high`` are execution rates in percent points: below or above, a reason
    is expected. ``over_target`` is the multiple of the target, in percent points, beyond which a remark is
    expected (practice of many bureaus; 财预〔2020〕10号 names no figure). ``line_over_budget`` says whether
    each line's 决算数 is held against its 预算数. ``opening_required`` says whether a blank 年初预算数 of the total is an
    omission; in other forms money that came in mid-year has none.
    """

    execution_low: Decimal = Decimal(80)
    execution_high: Decimal = Decimal(100)
    over_target: Decimal = Decimal(130)
    line_over_budget: bool = True
    opening_required: bool = False
