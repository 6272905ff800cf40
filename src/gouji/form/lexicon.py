"""The lexicon: what a label means, by section (column, fund_row, level, info, record, total_row).

The data stand in ``lexicon.toml``. Look-ups go by the compact core of a label (see :mod:`gouji.form.label`), first exactly,
then by the few whole-label patterns of the section.
"""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from pathlib import Path

from gouji.form.label import compact
from gouji.frozen import frozen
from gouji.pattern import compiled

__all__ = ["Lexicon", "concept", "lexicon"]


@frozen
class Section:
    """One section: exact spellings and whole-label patterns, each to its concept."""

    exact: dict[str, str]
    patterns: tuple[tuple[re.Pattern[str], str], ...]

    def find(self, core: str) -> str | None:
        """The concept of a compact label, or None."""
        found = self.exact.get(core)
        if found is not None or len(core) > 24:
            return found
        for pattern, name in self.patterns:
            if pattern.fullmatch(core):
                return name
        return None


@frozen
class Lexicon:
    """All sections by name."""

    sections: dict[str, Section]


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """Load the lexicon that ships with gouji.

    Raises:
        ValueError: If one spelling is given to two concepts of a section.
    """
    raw = tomllib.loads(Path(__file__).with_name("lexicon.toml").read_text(encoding="utf-8"))
    sections: dict[str, Section] = {}
    for section, concepts in raw.items():
        exact: dict[str, str] = {}
        patterns: list[tuple[re.Pattern[str], str]] = []
        for name, spellings in concepts.items():
            for spelling in spellings:
                if len(spelling) > 2 and spelling[0] == spelling[-1] == "/":
                    patterns.append((compiled(spelling[1:-1]), name))
                    continue
                key = compact(spelling)
                if exact.setdefault(key, name) != name:
                    raise ValueError(
                        f"lexicon: {spelling} stands for both {exact[key]} and {name} in {section}"
                    )
        sections[section] = Section(exact, tuple(patterns))
    return Lexicon(sections)


@lru_cache(maxsize=4096)
def concept(section: str, core: str) -> str | None:
    """What a compact label means in a section; None where the lexicon does not know it."""
    if not core:
        return None
    return lexicon().sections[section].find(core)
