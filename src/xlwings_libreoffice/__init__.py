"""xlwings on LibreOffice Calc: xlwings' own API acting on a live LibreOffice document, through UNO.

    import xlwings_libreoffice
    import xlwings as xw

    xlwings_libreoffice.register()
    xw.Book("自评表.xlsx").sheets[0]["A1"].value

What is supported, and what is not and why: README.md beside this file. Written against the inner classes of
xlwings 0.37 (``xlwings.base_classes``, BSD part); nothing of ``xlwings.pro`` is used.
"""

from __future__ import annotations

from xlwings_libreoffice.errors import (
    BridgeMissingError,
    OfficeError,
    OfficeGoneError,
    OfficeNotFoundError,
    OfficeRefusedError,
    OfficeStartError,
)

__all__ = [
    "ENGINE_NAME",
    "BridgeMissingError",
    "OfficeError",
    "OfficeGoneError",
    "OfficeNotFoundError",
    "OfficeRefusedError",
    "OfficeStartError",
    "available",
    "register",
]

ENGINE_NAME = "libreoffice"


def available() -> bool:
    """Whether LibreOffice and its Python bridge are installed here (nothing is started)."""
    try:
        from xlwings_libreoffice import bridge  # noqa: F401, PLC0415  # importing it is the test
        from xlwings_libreoffice.process import find_soffice  # noqa: PLC0415  # loaded when it is needed
    except BridgeMissingError:
        return False
    return find_soffice() is not None


def register(*, activate: bool | None = None) -> None:
    """Make the engine known to xlwings; a second call changes nothing.

    Args:
        activate: Whether to make it xlwings' active engine. Left out: only where no engine is active, so that
            Excel stays in charge where there is one.

    Raises:
        BridgeMissingError: LibreOffice's Python bridge cannot be imported by this Python.
    """
    import xlwings  # noqa: PLC0415  # loaded when the engine is asked for

    from xlwings_libreoffice.app import engine  # noqa: PLC0415  # loaded when it is needed

    if ENGINE_NAME not in [one.name for one in xlwings.engines]:
        xlwings.engines.add(xlwings.Engine(impl=engine))
    if activate or (activate is None and xlwings.engines.active is None):
        xlwings.engines[ENGINE_NAME].activate()
