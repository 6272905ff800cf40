"""Members of xlwings that this engine does not have say so, and why, instead of failing silently."""

from __future__ import annotations

import inspect
from typing import Any, NoReturn, TypeVar

__all__ = ["REASONS", "refused", "with_reasons"]

_Class = TypeVar("_Class", bound=type)
_REFUSE = "refuse"
_NOT_WRITTEN = "not written yet; nothing in LibreOffice stands against it"

#: Why a member is missing, by class and member; ``*`` is every other member of the class.
REASONS: dict[tuple[str, str], str] = {
    ("App", "hwnd"): "LibreOffice windows have no Excel window handle",
    ("App", "startup_path"): "LibreOffice has no XLSTART folder",
    ("Book", "json"): "only remote engines of xlwings exchange JSON",
    ("Sheet", "pivot_tables"): "LibreOffice's DataPilot tables differ too much from Excel's pivot tables",
    ("Sheet", "tables"): "LibreOffice 7 has no structured tables, only database ranges",
    ("Sheet", "charts"): "charts of LibreOffice are documents of their own",
    ("Range", "table"): "LibreOffice 7 has no structured tables, only database ranges",
    ("Range", "comment"): "LibreOffice has notes, no threaded comments",
    ("Range", "add_comment"): "LibreOffice has notes, no threaded comments",
    ("Sheet", "comments"): "LibreOffice has notes, no threaded comments",
    ("Range", "copy_picture"): "needs Excel's clipboard",
    ("Range", "paste"): "needs Excel's clipboard; use copy",
    ("Range", "characters"): "rich text inside a cell is not mapped",
}


def _reason(cls: str, member: str) -> str:
    return REASONS.get((cls, member), REASONS.get((cls, "*"), _NOT_WRITTEN))


def _refusing(cls: str, member: str) -> Any:
    def refuse(*_args: Any, **_keywords: Any) -> NoReturn:
        raise NotImplementedError(f"{cls}.{member} is not supported by the LibreOffice engine: {why}")

    why = _reason(cls, member)
    refuse.__doc__ = why
    refuse.__name__ = _REFUSE
    return refuse


def refused(member: Any) -> str | None:
    """Why a member of an engine class refuses; None where it works."""
    function = member.fget if isinstance(member, property) else member
    return function.__doc__ if getattr(function, "__name__", "") == _REFUSE else None


def with_reasons(cls: _Class) -> _Class:
    """Class decorator: what the base class of xlwings leaves unwritten raises with a reason.

    A property that can be read here and not be set refuses to be set in the same words.
    """
    base = cls.__mro__[1]
    for name, member in vars(base).items():
        if name.startswith("__") or inspect.iscoroutinefunction(member):
            continue
        own = vars(cls).get(name)
        refuse = _refusing(cls.__name__, name)
        if isinstance(member, property) and member.fset is not None and isinstance(own, property):
            if own.fset is None:
                setattr(cls, name, own.setter(refuse))
        elif own is None and _unwritten(member):
            setattr(cls, name, property(refuse, refuse, refuse) if isinstance(member, property) else refuse)
    return cls


def _unwritten(member: Any) -> bool:
    """Whether a member of xlwings' base class does nothing but raise NotImplementedError."""
    function = member.fget if isinstance(member, property) else member
    code = getattr(function, "__code__", None)
    return code is not None and "NotImplementedError" in code.co_names and len(code.co_names) == 1
