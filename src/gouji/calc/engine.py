"""What every formula engine offers: a workbook in, the value of each formula out, or why there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeAlias

from gouji.calc.facts import Facts
from gouji.calc.value import Value

__all__ = ["CellKey", "Computed", "Engine", "EngineFailedError", "Outcome", "SecondOpinion", "Unavailable"]

# Sheet name, 1-based row, 1-based column.
CellKey: TypeAlias = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Unavailable:
    """The engine says it cannot tell; ``code`` is the engine's own word, ``detail`` what it stumbled over."""

    code: str
    detail: str | None = None


Outcome: TypeAlias = Value | Unavailable


class EngineFailedError(Exception):
    """The engine could not take the workbook at all; the message is a Chinese sentence."""


class Computed(Facts, Protocol):
    """A workbook computed; also answers what is in its cells."""

    def outcome(self, key: CellKey) -> Outcome:
        """The result of a formula cell (or of a cell an array formula spills into)."""

    def settle(self, known: dict[CellKey, Value], unknown: set[CellKey]) -> None:
        """Take results from elsewhere for some cells, or none, and compute everything that depends on them."""


class SecondOpinion(Protocol):
    """An engine that is asked where the first one is not believed."""

    def compute(self, workbooks: Sequence[bytes]) -> list[dict[CellKey, Outcome] | EngineFailedError]:
        """The values of each workbook's cells, or why there are none."""


class Engine(Protocol):
    """A formula engine."""

    @property
    def name(self) -> str:
        """What the engine is called in messages."""

    def compute(self, workbook: bytes, now: datetime) -> Computed:
        """Compute every formula of a workbook file; ``now`` is what TODAY and NOW say.

        Raises:
            EngineFailedError: the engine cannot read the workbook.
        """
