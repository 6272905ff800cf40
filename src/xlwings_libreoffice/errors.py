"""What can go wrong between xlwings and LibreOffice, in words a clerk can act on."""

from __future__ import annotations

from xlwings import XlwingsError

__all__ = [
    "BridgeMissingError",
    "OfficeError",
    "OfficeGoneError",
    "OfficeNotFoundError",
    "OfficeRefusedError",
    "OfficeStartError",
]


class OfficeError(XlwingsError):
    """Anything this engine raises by itself."""


class OfficeNotFoundError(OfficeError):
    """No LibreOffice is installed, or not where it was looked for."""


class OfficeStartError(OfficeError):
    """LibreOffice was started but did not answer."""


class OfficeGoneError(OfficeError):
    """LibreOffice was closed or crashed while it was being used."""


class OfficeRefusedError(OfficeError):
    """LibreOffice would not do it: a protected cell, a read-only document, an impossible range."""


class BridgeMissingError(OfficeError, ImportError):
    """This Python cannot import LibreOffice's bridge (the ``uno`` module)."""
