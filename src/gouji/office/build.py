"""Workbooks with buttons and the add-in, built from the texts in ``macros/``; nothing of Excel is needed.

    python -m gouji.office.build sources              writes what follows from buttons.toml
    python -m gouji.office.build workbook A.xlsx B.xlsm
    python -m gouji.office.build addin gouji.xlam

The add-in holds xlwings' own ``RunPython`` (BSD part, from the installed xlwings, with the name of our settings
file in it); workbooks hold the buttons alone and call it there.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from gouji.office.buttons import Button, all_buttons, macros_root
from gouji.source.document import Visibility
from gouji.write.macros import ADDIN, MacroButton, add_buttons, add_macros, add_ribbon
from gouji.write.ovba import MacroModule, module_from
from gouji.write.package import Package
from gouji.write.xmltext import escape

__all__ = ["addin", "buttons_module", "main", "ribbon", "sources", "with_buttons", "write_sources"]

PROJECT = "Gouji"
_OWN_NAME, _OUR_NAME = 'PROJECT_NAME As String = "myaddin"', 'PROJECT_NAME As String = "gouji"'
_NAMESPACES = {
    "customUI.xml": "http://schemas.microsoft.com/office/2006/01/customui",
    "customUI14.xml": "http://schemas.microsoft.com/office/2009/07/customui",
}
_LARGE = 3  # buttons that are shown large: the first ones


def buttons_module(buttons: Sequence[Button]) -> str:
    """The text of GoujiButtons.bas: for each button a Sub for shapes and one for the ribbon."""
    lines = [
        'Attribute VB_Name = "GoujiButtons"',
        "Option Explicit",
        "' Written from buttons.toml by: python -m gouji.office.build sources",
    ]
    for button in buttons:
        lines += [
            "",
            f"Public Sub {button.macro}()",
            f'    GoujiRun "{button.command}"',
            "End Sub",
            "",
            # As Object: LibreOffice has no IRibbonControl, and what does not compile there silences everything.
            f"Public Sub {button.macro}_ribbon(ByVal Control As Object)",
            f"    {button.macro}",
            "End Sub",
        ]
    return "\n".join(lines) + "\n"


def ribbon(name: str, buttons: Sequence[Button]) -> str:
    """The text of customUI.xml (Office 2007) or customUI14.xml (later)."""
    listed = "\n".join(
        f'          <button id="gouji_{button.id}" label="{escape(button.caption, quotes=True)}" '
        f'imageMso="{button.image}" size="{"large" if number < _LARGE else "normal"}" '
        f'screentip="{escape(button.caption, quotes=True)}" supertip="{escape(button.tip, quotes=True)}" '
        f'onAction="{button.macro}_ribbon"/>'
        for number, button in enumerate(buttons)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<customUI xmlns="{_NAMESPACES[name]}">\n  <ribbon>\n    <tabs>\n'
        '      <tab id="gouji_tab" label="勾稽">\n        <group id="gouji_group" label="绩效自评表">\n'
        f"{listed}\n        </group>\n      </tab>\n    </tabs>\n  </ribbon>\n</customUI>\n"
    )


def sources() -> dict[str, str]:
    """The files of ``macros/`` that follow from buttons.toml, by their path in it."""
    buttons = all_buttons()
    return {"vba/GoujiButtons.bas": buttons_module(buttons)} | {
        f"ribbon/{name}": ribbon(name, buttons) for name in _NAMESPACES
    }


def write_sources() -> None:
    """Write them where they belong."""
    for name, text in sources().items():
        path = macros_root() / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")


def _modules() -> list[MacroModule]:
    folder = macros_root() / "vba"
    return [module_from(path.read_text("ascii")) for path in sorted(folder.glob("*.bas"))]


def with_buttons(workbook: bytes) -> bytes:
    """An .xlsm with the buttons beside the cells of its first visible sheet, from the bytes of an .xlsx.

    The same workbook gives the same bytes.

    Raises:
        ValueError: the workbook has macros already.
        SourceRefusedError: it is no workbook that can be edited.
    """
    package = Package.open(workbook)
    add_macros(package, PROJECT, _modules())
    first = next(sheet for sheet in package.worksheets if sheet.state is Visibility.VISIBLE)
    shown = [MacroButton(button.caption, button.macro, button.tip) for button in all_buttons()]
    add_buttons(package, first.name, shown)
    return package.to_bytes()


def addin() -> bytes:
    """gouji.xlam: the buttons on the ribbon, and RunPython.

    Raises:
        ImportError: xlwings is not installed.
        ValueError: its source is not as expected (another version than the one pinned).
    """
    package = Package.open(_empty_workbook())
    add_macros(package, PROJECT, [*_modules(), *_xlwings_modules()], kind=ADDIN)
    folder = macros_root() / "ribbon"
    add_ribbon(package, *((folder / name).read_bytes() for name in _NAMESPACES))
    return package.to_bytes()


def _xlwings_modules() -> list[MacroModule]:
    import xlwings  # noqa: PLC0415 # only its folder is wanted, and only here

    folder = Path(xlwings.__file__).parent
    text = (folder / "xlwings_custom_addin.bas").read_bytes().decode("ascii")
    if text.count(_OWN_NAME) != 1:
        raise ValueError("xlwings_custom_addin.bas is not the one this was written for")
    return [
        module_from(text.replace(_OWN_NAME, _OUR_NAME)),
        module_from((folder / "addin" / "Dictionary.cls").read_bytes().decode("ascii")),
    ]


def _empty_workbook() -> bytes:
    from openpyxl import Workbook  # noqa: PLC0415 # loaded to build, not to check

    from gouji.write.fresh import fresh_bytes  # noqa: PLC0415  # loaded when it is needed

    return fresh_bytes(Workbook())


def main(arguments: Sequence[str]) -> int:
    """The three commands of this module; 2 for wrong usage."""
    match list(arguments):
        case ["sources"]:
            write_sources()
        case ["workbook", source, target]:
            Path(target).write_bytes(with_buttons(Path(source).read_bytes()))
        case ["addin", target]:
            Path(target).write_bytes(addin())
        case _:
            sys.stderr.write(__doc__ or "")
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
