"""Regular expressions that stay compiled from one run to the next, as Python's own modules do.

Compiling the 350 expressions that a check uses took a quarter of a cold ``gouji check`` (docs/performance.md):
Python keeps the byte code of a module in ``__pycache__`` but compiles its expressions anew in every process.
:func:`compiled` keeps them too, in one file beside this module's byte code, under the same conditions: made by the
very same Python, not written with ``PYTHONDONTWRITEBYTECODE``, done without where the folder cannot be written.

The compiled form is not part of Python's public interface. Everything that touches it stands in :func:`_kept` and
:func:`_code_of`; where anything there fails, the expression is compiled as usual.
"""

from __future__ import annotations

import atexit
import contextlib
import importlib
import marshal
import os
import re
import sys
from pathlib import Path
from typing import Any, AnyStr, cast

__all__ = ["compiled"]

_Key = tuple[str | bytes, int]
_MOST = 2000  # kept expressions; when changed sources have left more behind, the file starts again


def compiled(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """``re.compile`` for the expressions of this program; never for one that holds words of a user's file.

    Raises:
        re.error: ``text`` is no regular expression.
    """
    key = (text, int(flags))
    code = _table.get(key)
    if code is not None:
        with contextlib.suppress(Exception):  # whatever is wrong with what was kept, it can be done without
            return cast("re.Pattern[AnyStr]", _kept(key, code))
    made = re.compile(text, flags)
    _new.append(key)
    return made


def _file() -> Path | None:
    """Where the compiled expressions are kept; None where Python keeps no byte code either."""
    cached = __spec__.cached
    return Path(cached).with_suffix(".patterns") if cached else None


def _maker() -> tuple[object, ...]:
    """What must be the same for a compiled expression to mean the same."""
    return (sys.version, sys.byteorder, importlib.import_module("_sre").MAGIC)


def _load() -> dict[_Key, tuple[Any, ...]]:
    with contextlib.suppress(Exception):  # absent, cut off, of another Python: compiled anew
        file = _file()
        if file is not None:
            maker, table = marshal.loads(file.read_bytes())  # noqa: S302  # as trusted as the .pyc beside it
            if maker == _maker():
                return dict(table)
    return {}


def _kept(key: _Key, code: tuple[Any, ...]) -> re.Pattern[Any]:
    """The expression from its kept code, which the interpreter verifies."""
    flags, words, groups, names, order = code
    make = importlib.import_module("_sre").compile
    made: re.Pattern[Any] = make(key[0], flags, memoryview(words).cast("I").tolist(), groups, names, order)
    return made


def _code_of(key: _Key) -> tuple[Any, ...]:
    """What :func:`_kept` needs, as Python's own ``re.compile`` works it out."""
    from array import array  # noqa: PLC0415  # needed only when something new is kept

    compiler = importlib.import_module("re._compiler")
    tree = compiler._parser.parse(*key)  # noqa: SLF001  # see the module's docstring
    words = array("I", (int(word) for word in compiler._code(tree, key[1])))  # noqa: SLF001  # of one package, or of Python's own compiler
    names = dict(tree.state.groupdict)
    order: list[str | None] = [None] * tree.state.groups
    for name, number in names.items():
        order[number] = name
    return key[1] | tree.state.flags, words.tobytes(), tree.state.groups - 1, names, tuple(order)


def _save() -> None:
    """Adds the expressions that this process had to compile; a file that cannot be written is done without."""
    file = _file()
    if not _new or file is None or sys.dont_write_bytecode:
        return
    with contextlib.suppress(Exception):
        table = {**_table, **{key: _code_of(key) for key in _new}}
        if len(table) > _MOST:
            table = {key: _code_of(key) for key in _new}
        partial = file.with_name(f"{file.name}.{os.getpid()}")
        kept: Any = (_maker(), table)
        partial.write_bytes(marshal.dumps(kept))
        partial.replace(file)  # whole or not at all: other processes may be reading


_table = _load()
_new: list[_Key] = []
atexit.register(_save)
