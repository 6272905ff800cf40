"""Files put in place whole or not at all.

A file is written beside its target, forced to disk, and moved over it in one step; whoever pulls the plug
at any moment finds the old file or the new one.
"""

from __future__ import annotations

import os
import stat
import tempfile
import time
from contextlib import suppress
from pathlib import Path

__all__ = ["OutputExistsError", "backup", "replace_whole", "save_whole"]

_LEFTOVER_SECONDS = 3600


class OutputExistsError(FileExistsError):
    """The output path exists and overwriting was not asked for; the message is a Chinese sentence."""


def _sync_folder(folder: Path) -> None:
    """Force the folder's entry to disk, where the system can do that (Windows cannot, and need not)."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sweep(target: Path) -> None:
    """Remove what writers killed more than an hour ago left beside this target."""
    for left in target.parent.glob(f".{glob_escape(target.name)}.*.gouji-tmp"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > _LEFTOVER_SECONDS:
                left.unlink()


def glob_escape(name: str) -> str:
    """A file name with the wildcards of :meth:`pathlib.Path.glob` taken literally."""
    return "".join(f"[{char}]" if char in "[*?" else char for char in name)


def _written_beside(target: Path, data: bytes, mode: int | None) -> Path:
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".gouji-tmp", dir=target.parent)
    path = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if os.name != "nt":
            path.chmod(_usual_mode() if mode is None else mode)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path


def _usual_mode() -> int:
    """The mode a newly created file would get here (mkstemp gives 0600)."""
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def replace_whole(target: Path, data: bytes) -> None:
    """Put the bytes at a path, over what is there, in one step; a symbolic link's target is replaced."""
    target = target.resolve()
    _sweep(target)
    mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else None
    path = _written_beside(target, data, mode)
    try:
        path.replace(target)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def save_whole(target: Path, data: bytes) -> None:
    """Put the bytes at a path where nothing is.

    Raises:
        OutputExistsError: something is there already (also where it appeared meanwhile).
    """
    exists = OutputExistsError(f"{target} 已存在；要覆盖请加 --force，或换一个输出文件名")
    if os.path.lexists(target):
        raise exists
    _sweep(target)
    path = _written_beside(target, data, None)
    try:
        _move_to_free(path, target)
    except FileExistsError:
        raise exists from None
    finally:
        path.unlink(missing_ok=True)
    _sync_folder(target.parent)


def _move_to_free(path: Path, target: Path) -> None:
    """Give a file a second name that must be free; on systems without hard links, rename it."""
    if os.name == "nt":
        path.rename(target)  # refuses an existing target on Windows
        return
    try:
        os.link(path, target)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links (FAT, some network drives)
        if os.path.lexists(target):
            raise FileExistsError(target) from None
        path.rename(target)


def backup(target: Path) -> Path:
    """Copy a file beside itself under a free name (``表.原件.xlsx``, ``表.原件2.xlsx`` …); that path."""
    data = target.read_bytes()
    number = 1
    while True:
        count = "" if number == 1 else str(number)
        path = target.with_name(f"{target.stem}.原件{count}{target.suffix}")
        try:
            save_whole(path, data)
        except OutputExistsError:
            number += 1
            continue
        return path
