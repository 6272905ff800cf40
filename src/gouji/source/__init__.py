"""Reading documents: the gate against hostile files and the readers, giving grids and paragraphs.

The readers are imported on first use, so that importing the types costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gouji.source.limits import DEFAULT_LIMITS, Limits
    from gouji.source.reader import read, read_bytes

__all__ = ["DEFAULT_LIMITS", "Limits", "read", "read_bytes"]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a module attribute may be anything
    if name in ("read", "read_bytes"):
        from gouji.source import reader  # noqa: PLC0415 - lazily, see above

        return getattr(reader, name)
    if name in ("DEFAULT_LIMITS", "Limits"):
        from gouji.source import limits  # noqa: PLC0415 - lazily, see above

        return getattr(limits, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
