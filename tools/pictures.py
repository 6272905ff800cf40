"""Pictures of the buttons for docs/buttons.md, taken from LibreOffice on a screen nobody sees.

Needs LibreOffice, Xvfb and xdotool: ``python tools/pictures.py``.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from gouji.form.registry import form_by_id  # noqa: E402  # after the path is set
from gouji.office.build import with_buttons  # noqa: E402  # after the path is set
from gouji.template.build import build  # noqa: E402  # after the path is set
from tests.office.desktop import desktop  # noqa: E402  # after the path is set

IMAGES = ROOT / "docs" / "images"
FORM = (0, 60, 1560, 560)  # left, top, width, height on the screen
RESULT = (0, 60, 1780, 560)


def main() -> None:
    """Writes docs/images/*.png."""
    folder = Path(tempfile.mkdtemp())
    try:
        form = form_by_id("central-project")
        if form is None:
            raise LookupError("central-project")
        blank, filled = folder / "空白表.xlsm", folder / "自评表.xlsm"
        blank.write_bytes(with_buttons(build(form, {})))
        filled.write_bytes(with_buttons((ROOT / "examples" / "lusong-2024.xlsx").read_bytes()))
        with desktop(folder) as screen:
            book = screen.app.books.open(blank)
            screen.show(book)
            screen.place_of(book, "Gouji_check")
            screen.settled()
            screen.picture(IMAGES / "buttons.png", FORM)
            book.close()
            book = screen.app.books.open(filled)
            screen.show(book)
            screen.click(book, "Gouji_check", lambda: "校验结果" in book.api.Sheets.ElementNames)
            screen.settled()
            screen.picture(IMAGES / "check.png", RESULT)
            book.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
