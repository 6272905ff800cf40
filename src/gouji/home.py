"""The folder where a user's own settings, keys and trust list are kept."""

from __future__ import annotations

import os

__all__ = ["home"]


def home() -> str:
    r"""The folder's path, which need not exist: ``GOUJI_HOME``, else the system's place for settings.

    Windows: ``%APPDATA%\gouji``; elsewhere ``$XDG_CONFIG_HOME/gouji`` or ``~/.config/gouji``.
    """
    # Not through pathlib: a cold check asks for it too.
    given = os.environ.get("GOUJI_HOME")
    if given:
        return given
    if os.name == "nt" and os.environ.get("APPDATA"):
        return os.path.join(os.environ["APPDATA"], "gouji")  # noqa: PTH118 - see above
    config = os.environ.get("XDG_CONFIG_HOME") or os.path.join(os.path.expanduser("~"), ".config")  # noqa: PTH111, PTH118  # pathlib costs a tenth of a cold check
    return os.path.join(config, "gouji")  # noqa: PTH118 - see above
