"""The example's Word report with slips of the hand in it."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

__all__ = ["BODY", "damaged"]

EXAMPLE = Path(__file__).parents[2] / "examples" / "lusong-2024.docx"
BODY = "word/document.xml"


def damaged(*slips: tuple[str, str]) -> bytes:
    """The report with the first of each text typed otherwise."""
    made = io.BytesIO()
    with zipfile.ZipFile(EXAMPLE) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == BODY:
                for right, wrong in slips:
                    assert right.encode() in data
                    data = data.replace(right.encode(), wrong.encode(), 1)
            new.writestr(name, data)
    return made.getvalue()
