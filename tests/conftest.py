"""What every test folder shares: tests that need LibreOffice are skipped without it, or required by CI."""

from __future__ import annotations

import os
import shutil

import pytest
from hypothesis import settings

# The same examples in every run, and no limit on time (a busy machine is no fault): a change must not fail for what
# an earlier one left unfound. To look for more:
# HYPOTHESIS_SEARCH=1 pytest …
settings.register_profile("repeatable", derandomize=True, deadline=None)
if os.environ.get("HYPOTHESIS_SEARCH") != "1":
    settings.load_profile("repeatable")

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
REQUIRED = os.environ.get("GOUJI_REQUIRE_OFFICE") == "1"


def pytest_configure() -> None:
    if REQUIRED and SOFFICE is None:
        raise pytest.UsageError("GOUJI_REQUIRE_OFFICE=1 but LibreOffice is not installed")
    if REQUIRED and not (shutil.which("Xvfb") and shutil.which("xdotool")):
        raise pytest.UsageError("GOUJI_REQUIRE_OFFICE=1 but Xvfb or xdotool is not installed")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    no_office = pytest.mark.skip(reason="needs LibreOffice")
    no_desktop = pytest.mark.skip(reason="clicks take their time: only where GOUJI_REQUIRE_OFFICE=1")
    for item in items:
        if SOFFICE is None and item.get_closest_marker("office"):
            item.add_marker(no_office)
        if not REQUIRED and item.get_closest_marker("desktop"):
            item.add_marker(no_desktop)
