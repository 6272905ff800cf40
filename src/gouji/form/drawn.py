"""Collecting mentions and relations while the blocks are gone through."""

from __future__ import annotations

from gouji.form.facts import Mention, Quantity, Relation, Slot
from gouji.model import Reading

__all__ = ["Drawn"]


class Drawn:
    """Mentions and relations collected while the blocks are gone through."""

    def __init__(self) -> None:
        self.mentions: list[Mention] = []
        self.relations: list[Relation] = []
        self._alike = 0

    def mention(self, quantity: Quantity, slot: Slot, reading: Reading) -> Mention:
        """Record one mention."""
        made = Mention(quantity, slot, reading)
        self.mentions.append(made)
        return made

    def next_alike(self) -> int:
        """A fresh number for a family of like relations."""
        self._alike += 1
        return self._alike
