"""The settings LibreOffice is started with: a profile of its own, nothing that asks, waits or phones home."""

from __future__ import annotations

from pathlib import Path

__all__ = ["seed"]

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" \
xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
"""
_SETTINGS = (
    ("Office.Calc/Formula/Load", "OOXMLRecalcMode", "0"),  # always, or files from Excel show stale results
    ("Office.Calc/Content/Update", "Link", "2"),  # never follow links to other files
    ("Office.Common/Save/Document", "WarnAlienFormat", "false"),
    ("Office.Common/Misc", "FirstRun", "false"),
    ("Office.Common/Misc", "ShowTipOfTheDay", "false"),
    # A stale .~lock of a crashed soffice would open the document read-only.
    ("Office.Common/Misc", "UseDocumentOOoLockFile", "false"),
    ("Office.Common/Misc", "UseDocumentSystemFileLocking", "false"),
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Office.Recovery/AutoSave", "Enabled", "false"),
    ("Office.Recovery/RecoveryInfo", "Enabled", "false"),
    ("Setup/Office", "ooSetupInstCompleted", "true"),
    ("Setup/Product", "ooSetupLastVersion", "99.0"),
)
# High: only macros from trusted folders run. 2 is enough for that, nothing ever needs 0.
_MACROS = ("Office.Common/Security/Scripting", "MacroSecurityLevel", "2")


def _item(path: str, name: str, value: str) -> str:
    return (
        f'<item oor:path="/org.openoffice.{path}"><prop oor:name="{name}" oor:op="fuse">'
        f"<value>{value}</value></prop></item>\n"
    )


def _trusted(folders: tuple[Path, ...]) -> str:
    listed = "".join(f"<it>{folder.absolute().as_uri()}</it>" for folder in folders)
    return (
        '<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="SecureURL" '
        f'oor:op="fuse"><value>{listed}</value></prop></item>\n'
    )


def seed(folder: Path, *, trusted: tuple[Path, ...] = ()) -> None:
    """Write a fresh profile into a folder; one that is there already is left alone.

    Args:
        folder: The profile (what ``-env:UserInstallation`` names).
        trusted: Folders whose documents may run their macros.
    """
    user = folder / "user"
    user.mkdir(parents=True, exist_ok=True)
    registry = user / "registrymodifications.xcu"
    if registry.exists():
        return
    items = "".join(_item(*setting) for setting in (*_SETTINGS, _MACROS))
    if trusted:
        items += _trusted(trusted)
    registry.write_text(f"{_HEAD}{items}</oor:items>\n", encoding="utf-8")
