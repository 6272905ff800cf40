"""LibreOffice's Python bridge (``uno``): found, imported once, and the few helpers every module needs.

The bridge is a compiled module, made for the Python that LibreOffice or the distribution ships. Another
Python of the same minor version can load it; any other cannot.

Raises:
    BridgeMissingError: on import, where the bridge cannot be loaded.
"""

from __future__ import annotations

import functools
import importlib
import inspect
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from xlwings_libreoffice.errors import BridgeMissingError, OfficeError, OfficeGoneError, OfficeRefusedError

__all__ = ["colour_of", "enum", "guarded", "properties", "rgb_of", "struct", "translated", "uno", "url_of"]

_PLACES = (
    "/usr/lib/python3/dist-packages",
    "/usr/lib64/libreoffice/program",
    "/usr/lib/libreoffice/program",
    "/opt/libreoffice/program",
)
_ROOT = "com.sun.star."
_Class = TypeVar("_Class", bound=type)


def _load() -> Any:
    try:
        return importlib.import_module("uno")
    except ImportError:
        pass
    named = os.environ.get("XLWINGS_LIBREOFFICE_UNO")
    for place in (named,) if named else _PLACES:
        if not (Path(place) / "uno.py").exists():
            continue
        sys.path.append(place)
        try:
            return importlib.import_module("uno")
        except ImportError:
            sys.path.remove(place)
            sys.modules.pop("uno", None)
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    raise BridgeMissingError(
        f"Python {version} 载入不了 LibreOffice 的接口（uno 模块）。请安装 python3-uno，"
        "并使用与它次版本号相同的 Python（如都是 3.11）。"
    )


uno = _load()
_UNO_ERROR: type[BaseException] = uno.getClass(_ROOT + "uno.Exception")
_GONE: type[BaseException] = uno.getClass(_ROOT + "lang.DisposedException")


def struct(name: str, *values: Any) -> Any:
    """A UNO struct, named without ``com.sun.star.``, its fields in the order of its definition."""
    return uno.createUnoStruct(_ROOT + name, *values)


def enum(name: str, value: str) -> Any:
    """A value of a UNO enum, named without ``com.sun.star.``."""
    return uno.Enum(_ROOT + name, value)


def properties(values: Mapping[str, Any]) -> tuple[Any, ...]:
    """Named arguments as UNO takes them."""
    made = []
    for name, value in values.items():
        one = struct("beans.PropertyValue")
        one.Name, one.Value = name, value
        made.append(one)
    return tuple(made)


def url_of(path: str | os.PathLike[str]) -> str:
    """The file URL of a path."""
    return str(uno.systemPathToFileUrl(str(Path(path).absolute())))


def rgb_of(colour: int | None) -> tuple[int, int, int] | None:
    """LibreOffice's colour number as an RGB tuple; None for «none» and for «several»."""
    if colour is None or colour == -1:
        return None
    return (colour >> 16) & 255, (colour >> 8) & 255, colour & 255


def colour_of(value: tuple[int, int, int] | list[int] | str | int | None) -> int:
    """A colour as xlwings takes it (RGB, ``#RRGGBB``, or Excel's number, which is BGR) as LibreOffice's number."""
    if value is None:
        return -1
    if isinstance(value, str):
        return int(value.lstrip("#"), 16)
    if isinstance(value, int):
        return (value & 255) << 16 | value & 0xFF00 | value >> 16
    red, green, blue = value
    return red << 16 | green << 8 | blue


def translated(error: BaseException, doing: str) -> OfficeError:
    """Our own error for one that came over the bridge. ``doing`` names the member, for developers."""
    said = str(getattr(error, "Message", "") or "").strip()
    if isinstance(error, _GONE) or "disposed" in said:
        return OfficeGoneError(
            "LibreOffice（或这个工作簿）已经退出或意外关闭，没有做完。请重新打开工作簿再试一次。"
        )
    detail = f"{type(error).__name__}{'：' + said if said else ''}"
    return OfficeRefusedError(f"LibreOffice 拒绝了这一步（{doing}，{detail}）。")


def _guard(function: Callable[..., Any], doing: str) -> Callable[..., Any]:
    @functools.wraps(function)
    def inner(*args: Any, **keywords: Any) -> Any:
        try:
            return function(*args, **keywords)
        except _UNO_ERROR as error:
            raise translated(error, doing) from error

    return inner


def guarded(cls: _Class) -> _Class:
    """Class decorator: UNO's exceptions leave no member of the class; ours do."""
    for name, member in list(vars(cls).items()):
        doing = f"{cls.__name__}.{name}"
        if isinstance(member, property):
            read, write, delete = (
                _guard(part, doing) if part is not None else None
                for part in (member.fget, member.fset, member.fdel)
            )
            setattr(cls, name, property(read, write, delete, member.__doc__))
        elif inspect.isfunction(member) and (name in _CALLED or name[0] != "_"):
            setattr(cls, name, _guard(member, doing))
    return cls


_CALLED = frozenset({"__call__", "__len__", "__iter__", "__contains__", "__getitem__"})
