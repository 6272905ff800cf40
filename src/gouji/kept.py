"""What is worked out of a file that ships with gouji, kept from one run to the next beside the byte code.

Reading the lexicon and the forms took a twentieth of a cold ``gouji check`` (docs/performance.md). Kept under the same
conditions as compiled expressions (:mod:`gouji.pattern`): made by the very same Python from the very same bytes, not
written with ``PYTHONDONTWRITEBYTECODE``, done without where the folder cannot be written.
"""

from __future__ import annotations

import contextlib
import marshal
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

__all__ = ["kept"]


def kept(name: str, source: bytes, make: Callable[[bytes], Any]) -> Any:  # noqa: ANN401  # whatever make gives
    """``make(source)``, or what an earlier run made of the same bytes.

    Args:
        name: tells this source from others; part of a file's name.
        source: the bytes of a file of this program, never of a user's.
        make: gives plain containers of texts and numbers, which :mod:`marshal` can hold.

    Raises:
        Exception: what ``make`` raises; nothing of its own.
    """
    file = _file(name)
    if file is not None:
        with contextlib.suppress(Exception):  # absent, cut off, of another Python: made anew
            version, known, value = marshal.loads(file.read_bytes())  # noqa: S302  # as trusted as the .pyc beside it
            if version == sys.version and known == source:
                return value
    value = make(source)
    if file is not None and not sys.dont_write_bytecode:
        with contextlib.suppress(Exception):  # a folder that cannot be written is done without
            partial = file.with_name(f"{file.name}.{os.getpid()}")
            partial.write_bytes(marshal.dumps((sys.version, source, value)))
            partial.replace(file)  # whole or not at all: other processes may be reading
    return value


def _file(name: str) -> Path | None:
    """Where it is kept; None where Python keeps no byte code either."""
    cached = __spec__.cached
    return Path(cached).with_name(f"{name}.kept") if cached else None
