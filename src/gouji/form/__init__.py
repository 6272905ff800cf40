"""Forms as data, and locating their blocks in whatever grid people made of them."""

from __future__ import annotations

from gouji.form.locate import locate

__all__ = ["locate"]
