"""Buttons in LibreOffice: RunPython put into a user's profile, and taken out again; other macros there stay."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from xml.sax.saxutils import escape

from gouji.office.buttons import macros_root

__all__ = ["install", "installed", "profiles", "uninstall"]

_MODULE = "GoujiRunPython"
_SHIM = "gouji_shim.py"
_SETTINGS = "gouji_shim.json"
_FAILED = "Python 没有正常结束"
_TIMEOUT = 120  # seconds a click may take
_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
_LIBRARY = 'xmlns:library="http://openoffice.org/2000/library"'
_DOCTYPE = '<!DOCTYPE library:{0} PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "{0}.dtd">\n'
_ELEMENT = f'<library:element library:name="{_MODULE}"/>'


def profiles() -> list[Path]:
    """The LibreOffice profiles of this user, each the folder that is called ``user``."""
    roots = [Path.home() / ".config" / "libreoffice", Path.home() / "Library/Application Support/LibreOffice"]
    if os.environ.get("APPDATA"):
        roots.append(Path(os.environ["APPDATA"]) / "LibreOffice")
    return [path for root in roots for path in sorted(root.glob("*/user")) if path.is_dir()]


def install(user: Path, *, interpreter: str | None = None, environment: dict[str, str] | None = None) -> None:
    """Put RunPython into a profile.

    Args:
        user: The profile's folder ``user``. LibreOffice should not be running on it.
        interpreter: The Python that has gouji and xlwings; this one unless given.
        environment: Variables for it.

    Raises:
        OSError: it cannot be written.
    """
    folder = macros_root() / "libreoffice"
    basic = user / "basic" / "Standard"
    basic.mkdir(parents=True, exist_ok=True)
    source = escape((folder / f"{_MODULE}.bas").read_text("ascii"))
    _write(
        basic / f"{_MODULE}.xba",
        f'{_DECLARATION}<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">\n'
        f'<script:module xmlns:script="http://openoffice.org/2000/script" script:name="{_MODULE}" '
        f'script:language="StarBasic">{source}</script:module>\n',
    )
    for kind in ("script", "dialog"):
        _register(basic / f"{kind}.xlb", user / "basic" / f"{kind}.xlc", kind)
    listed = basic / "script.xlb"
    text = listed.read_text("utf-8")
    if _ELEMENT not in text.replace(" />", "/>"):
        if "</library:library>" in text:
            text = text.replace("</library:library>", f" {_ELEMENT}\n</library:library>")
        else:  # an empty library written with one tag
            text = re.sub(r"/>\s*$", f">\n {_ELEMENT}\n</library:library>\n", text)
        _write(listed, text)
    scripts = user / "Scripts" / "python"
    scripts.mkdir(parents=True, exist_ok=True)
    _write(scripts / _SHIM, (folder / _SHIM).read_text("utf-8"))
    settings = {
        "interpreter": interpreter or sys.executable,
        "environment": environment or {},
        "timeout": _TIMEOUT,
        "failed": _FAILED,
    }
    _write(scripts / _SETTINGS, json.dumps(settings, ensure_ascii=False, indent=1) + "\n")


def _register(library: Path, container: Path, kind: str) -> None:
    """Make sure that the profile has a Standard library of a kind, and lists it."""
    if not library.exists():
        _write(
            library,
            f'{_DECLARATION}{_DOCTYPE.format("library")}<library:library {_LIBRARY} library:name="Standard" '
            'library:readonly="false" library:passwordprotected="false">\n</library:library>\n',
        )
    if not container.exists():
        _write(
            container,
            f"{_DECLARATION}{_DOCTYPE.format('libraries')}<library:libraries {_LIBRARY} "
            'xmlns:xlink="http://www.w3.org/1999/xlink">\n <library:library library:name="Standard" '
            f'xlink:href="$(USER)/basic/Standard/{kind}.xlb/" xlink:type="simple" library:link="false"/>\n'
            "</library:libraries>\n",
        )


def uninstall(user: Path) -> bool:
    """Take RunPython out of a profile again; whether it was there."""
    found = installed(user)
    listed = user / "basic" / "Standard" / "script.xlb"
    if listed.exists():
        text = listed.read_text("utf-8")
        _write(listed, re.sub(rf'\s*<library:element library:name="{_MODULE}"\s*/>', "", text))
    for path in (
        user / "basic" / "Standard" / f"{_MODULE}.xba",
        user / "Scripts" / "python" / _SHIM,
        user / "Scripts" / "python" / _SETTINGS,
    ):
        path.unlink(missing_ok=True)
    return found


def installed(user: Path) -> bool:
    """Whether a profile has RunPython."""
    return (user / "basic" / "Standard" / f"{_MODULE}.xba").exists()


def _write(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    beside = path.with_name(path.name + ".new")
    beside.write_text(text, encoding="utf-8", newline="\n")
    beside.replace(path)
