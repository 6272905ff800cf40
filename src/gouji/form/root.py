"""Where the form definitions stand: xlsx_templates/ in a source checkout, gouji/_forms in an installed wheel."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

__all__ = ["forms_root"]


@lru_cache(maxsize=1)
def forms_root() -> Path:
    """The folder that holds one folder a form.

    Raises:
        FileNotFoundError: If neither place exists (a broken installation).
    """
    package = Path(__file__).resolve().parent.parent
    for candidate in (package / "_forms", package.parent.parent / "xlsx_templates"):
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError("安装不完整：找不到表式定义（xlsx_templates），请重新安装 gouji。")
