"""The lexicon: what a label means, by section (column, fund_row, level, info, record, total_row).

The data stand in ``lexicon.toml``. Look-ups go by the compact core of a label (see :mod:`gouji.form.label`), first exactly,
then by the few whole-label patterns of the section.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from gouji.form.label import compact
from gouji.frozen import frozen
from gouji.kept import kept
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
    source = Path(__file__).with_name("lexicon.toml").read_bytes()
    return Lexicon(
        {
            section: Section(exact, tuple((compiled(text), name) for text, name in patterns))
            for section, (exact, patterns) in kept("lexicon", source, _sorted_out).items()
        }
    )


def _sorted_out(source: bytes) -> dict[str, tuple[dict[str, str], list[tuple[str, str]]]]:
    """By section: the exact spellings and the expressions, each with its concept."""
    import tomllib  # noqa: PLC0415  # not needed where an earlier run has kept the result

    sections: dict[str, tuple[dict[str, str], list[tuple[str, str]]]] = {}
    for section, concepts in tomllib.loads(source.decode("utf-8")).items():
        exact: dict[str, str] = {}
        patterns: list[tuple[str, str]] = []
        for name, spellings in concepts.items():
            for spelling in spellings:
                if len(spelling) > 2 and spelling[0] == spelling[-1] == "/":
                    patterns.append((spelling[1:-1], name))
                    continue
                key = compact(spelling)
                if exact.setdefault(key, name) != name:
                    raise ValueError(
                        f"lexicon: {spelling} stands for both {exact[key]} and {name} in {section}"
                    )
        sections[section] = (exact, patterns)
    return sections


@lru_cache(maxsize=4096)
def concept(section: str, core: str) -> str | None:
    """What a compact label means in a section; None where the lexicon does not know it."""
    if not core:
        return None
    return lexicon().sections[section].find(core)
