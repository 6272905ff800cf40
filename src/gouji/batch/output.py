"""Large files put in place whole: written beside their target piece by piece, forced to disk, renamed."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

__all__ = ["written_beside"]


@contextmanager
def written_beside(target: Path, release: Callable[[], object] | None = None) -> Iterator[IO[bytes]]:
    """A stream whose content takes the target's place when the block ends well.

    ``release`` is called just before: Windows replaces no file that is open.

    Raises:
        OSError: The folder cannot be written to.
    """
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".gouji-tmp", dir=target.parent)
    path = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        if os.name != "nt":
            mask = os.umask(0)
            os.umask(mask)
            path.chmod(0o666 & ~mask)
        if release is not None:
            release()
        path.replace(target)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
