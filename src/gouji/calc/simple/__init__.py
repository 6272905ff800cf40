"""The plainest workbooks computed without an engine: what nearly every form, and every template of ours, calculates."""

from __future__ import annotations

from gouji.calc.simple.compute import computed_each, computed_simply

__all__ = ["computed_each", "computed_simply"]
