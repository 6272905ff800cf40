"""What a process of this program does before and after its work, whichever command it runs."""

from __future__ import annotations

import atexit
import gc
import os
import sys

__all__ = ["INTERRUPTED", "expect_a_short_life", "leave_the_network", "leave_the_pipe", "use_utf8"]

INTERRUPTED = 130  # what shells report for Ctrl-C
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000  # CLONE_NEWUSER, CLONE_NEWNET of Linux
_RARELY = 100_000  # objects made before the collector looks, instead of 700


def expect_a_short_life() -> None:
    """Spares a process that is gone in a moment most of the search for cyclic garbage: a sixth of its time.

    Loading makes many objects and hardly any garbage, so the collector is asked rarely. What is alive at the end
    is left to the operating system instead of being searched once more.
    """
    gc.set_threshold(_RARELY, 20, 20)
    atexit.register(gc.freeze)


def use_utf8() -> None:
    """Makes Chinese come out whole on a Windows console or in a file, with the same bytes everywhere."""
    written = {"encoding": "utf-8", "errors": "replace", "newline": "\n"}
    read = {"encoding": "utf-8-sig"}  # a Windows program may put a byte order mark in front
    for stream, settings in ((sys.stdin, read), (sys.stdout, written), (sys.stderr, written)):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:  # a stream that a test or another program put there keeps its encoding
            reconfigure(**settings)


def leave_the_pipe() -> int:
    """Ends quietly when the reader of our output (head, a pager) has seen enough; gives the exit status."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return INTERRUPTED


def leave_the_network() -> bool:
    """Give up the network for the rest of this process's life, and for what it starts; whether that was possible.

    Linux only, and only where the system lets users make namespaces of their own; files are reached as before. To be
    called before there is a second thread.
    """
    if sys.platform != "linux":
        return False
    import ctypes  # noqa: PLC0415  # loaded where it is asked for

    user, group = os.getuid(), os.getgid()
    try:
        system = ctypes.CDLL(None)
        if system.unshare(_NEW_NETWORK) == 0:
            return True
        if system.unshare(_NEW_USER | _NEW_NETWORK) != 0:
            return False
    except (OSError, AttributeError):
        return False
    # Without these the process would be nobody in its own eyes, though not in the file system's.
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{user} {user} 1"),
        ("gid_map", f"{group} {group} 1"),
    ):
        try:
            with open(f"/proc/self/{name}", "w", encoding="ascii") as stream:  # noqa: PTH123  # pathlib is slow to load
                stream.write(text)
        except OSError:
            continue
    return True
