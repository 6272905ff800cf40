"""What an added worksheet holds: rows of values with simple looks, widths, links. Plain data, no XML."""

from __future__ import annotations

from dataclasses import dataclass, field

from gouji.calc.value import Value
from gouji.source.document import Visibility
from gouji.write.cells import Formula
from gouji.write.links import Link

__all__ = ["CellContent", "Look", "SheetContent"]


@dataclass(frozen=True, slots=True)
class Look:
    """How a cell of an added sheet looks. Colours are ``RRGGBB``; ``size`` is in points.

    ``base`` starts from an existing style index of the workbook instead; all else is then ignored.
    """

    bold: bool = False
    size: int | None = None
    colour: str | None = None
    fill: str | None = None
    underline: bool = False
    border: bool = False
    wrap: bool = False
    horizontal: str | None = None
    vertical: str | None = None
    number_format: str | None = None
    base: int | None = None


@dataclass(frozen=True, slots=True)
class CellContent:
    """One cell of an added sheet."""

    value: Value | Formula = None
    look: Look = Look()


@dataclass(frozen=True, slots=True)
class SheetContent:
    """An added worksheet.

    ``rows`` are its rows from the top, ``None`` for an unwritten cell. ``widths`` are column widths in
    characters, ``heights`` row heights in points by 1-based row. ``frozen`` rows stay in sight; ``filter`` is
    the area of an autofilter, ``merged`` the merged areas. ``landscape`` prints across A4, one page wide.
    """

    name: str
    rows: tuple[tuple[CellContent | None, ...], ...]
    widths: tuple[float, ...] = ()
    heights: dict[int, float] = field(default_factory=dict)
    frozen: int = 0
    filter: str | None = None
    merged: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    state: Visibility = Visibility.VISIBLE
    landscape: bool = False
    tab_colour: str | None = None
