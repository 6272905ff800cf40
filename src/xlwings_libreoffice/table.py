"""The table of what is supported, made from the code itself: ``python -m xlwings_libreoffice.table`` writes it."""

from __future__ import annotations

import inspect
import sys
from pathlib import Path

from xlwings_libreoffice.app import App, Apps
from xlwings_libreoffice.book import Book, Books
from xlwings_libreoffice.looks import Border, Borders, Font
from xlwings_libreoffice.names import Name, Names, Note
from xlwings_libreoffice.range_ import Range
from xlwings_libreoffice.sheet import PageSetup, Sheet, Sheets
from xlwings_libreoffice.unsupported import refused

__all__ = ["supported_table", "write"]

_CLASSES: tuple[type, ...] = (
    Apps,
    App,
    Books,
    Book,
    Sheets,
    Sheet,
    PageSetup,
    Range,
    Font,
    Borders,
    Border,
    Names,
    Name,
    Note,
)
# xlwings works these out by itself, or never asks an engine that answers at once.
_NOT_ASKED = frozenset({"rows", "columns", "get_async_pipeline_overrides", "snapshot", "cut_copy_mode"})
_START, _END = "<!-- table: python -m xlwings_libreoffice.table -->", "<!-- end of table -->"


def supported_table() -> str:
    """A Markdown table: for each class the members that work, and those that refuse, by reason."""
    lines = ["| class | supported | not supported, and why |", "| --- | --- | --- |"]
    for cls in _CLASSES:
        works: list[str] = []
        missing: dict[str, list[str]] = {}
        for name, member in sorted(vars(cls.__mro__[1]).items()):
            if name.startswith("_") or name in _NOT_ASKED or inspect.iscoroutinefunction(member):
                continue
            why = refused(inspect.getattr_static(cls, name))
            if why is None:
                works.append(f"`{name}`")
            else:
                missing.setdefault(why, []).append(f"`{name}`")
        refusals = "; ".join(f"{', '.join(names)}: {why}" for why, names in sorted(missing.items()))
        lines.append(f"| {cls.__name__} | {', '.join(works)} | {refusals or '–'} |")
    return "\n".join(lines)


def write(readme: Path) -> None:
    """Put the table of today into a README, between its two marks."""
    text = readme.read_text(encoding="utf-8")
    before, _, rest = text.partition(_START)
    after = rest.partition(_END)[2]
    readme.write_text(f"{before}{_START}\n{supported_table()}\n{_END}{after}", encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "README.md")
