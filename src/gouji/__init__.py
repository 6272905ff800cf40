"""gouji (勾稽): checks Chinese departmental budget-performance self-evaluations before submission.

``gouji.check(path or openpyxl workbook)`` gives a :class:`gouji.Report`; see :mod:`gouji.api`. ``gouji.fill``,
``gouji.fix``, ``gouji.annotate`` and ``gouji.clear`` change an openpyxl workbook; see :mod:`gouji.editing`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gouji.version import __version__

if TYPE_CHECKING:
    from gouji.api import Report, check
    from gouji.editing import annotate, clear, fill, fix

__all__ = ["Report", "__version__", "annotate", "check", "clear", "fill", "fix"]


def __getattr__(name: str) -> Any:  # noqa: ANN401  # a module's attribute may be anything
    """Loads the API when it is first used, so that importing a small part of gouji stays cheap."""
    if name in ("Report", "check"):
        from gouji import api  # noqa: PLC0415  # see above

        return getattr(api, name)
    if name in ("annotate", "clear", "fill", "fix"):
        from gouji import editing  # noqa: PLC0415  # see above

        return getattr(editing, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
