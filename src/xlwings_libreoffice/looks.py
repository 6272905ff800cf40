"""How cells look: fonts, borders, alignment, between Excel's words and LibreOffice's numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from xlwings import base_classes

from xlwings_libreoffice.bridge import colour_of, enum, guarded, rgb_of, struct
from xlwings_libreoffice.unsupported import with_reasons

if TYPE_CHECKING:
    from xlwings_libreoffice.range_ import Range

__all__ = [
    "Border",
    "Borders",
    "Font",
    "horizontal_from",
    "horizontal_to",
    "vertical_from",
    "vertical_to",
]

_Value = TypeVar("_Value")
_BOLD, _NORMAL = 150.0, 100.0
_HORIZONTAL = {
    "general": "STANDARD",
    "left": "LEFT",
    "center": "CENTER",
    "right": "RIGHT",
    "justify": "BLOCK",
    "fill": "REPEAT",
}
_VERTICAL = {"top": 1, "center": 2, "bottom": 3, "justify": 4}
# xlwings' side: the line of LibreOffice's TableBorder2
_SIDES = {
    "edge_top": "TopLine",
    "edge_bottom": "BottomLine",
    "edge_left": "LeftLine",
    "edge_right": "RightLine",
    "inside_vertical": "VerticalLine",
    "inside_horizontal": "HorizontalLine",
}
_DIAGONALS = {"diagonal_down": "DiagonalTLBR2", "diagonal_up": "DiagonalBLTR2"}
_STYLES = {"continuous": 0, "dot": 1, "dash": 2, "double": 3, "dash_dot": 16, "dash_dot_dot": 17}
_WIDTHS = {"hairline": 2, "thin": 26, "medium": 53, "thick": 88}  # 1/100 mm
_DOUBLE = 15
_UNSET = base_classes._UNSET  # noqa: SLF001 # what xlwings passes for «leave it»


def horizontal_to(value: str) -> Any:
    """LibreOffice's value for xlwings' word."""
    return enum("table.CellHoriJustify", _known(_HORIZONTAL, value, "horizontal_alignment"))


def horizontal_from(value: Any) -> str | None:
    """The word of xlwings for LibreOffice's value; None where cells differ."""
    return None if value is None else next(k for k, v in _HORIZONTAL.items() if v == value.value)


def vertical_to(value: str) -> int:
    """LibreOffice's value for xlwings' word."""
    return _known(_VERTICAL, value, "vertical_alignment")


def vertical_from(value: int | None) -> str | None:
    """The word of xlwings for LibreOffice's value; its «standard» is at the bottom, as in Excel."""
    return None if value is None else next((k for k, v in _VERTICAL.items() if v == value), "bottom")


def _known(words: dict[str, _Value], word: str, member: str) -> _Value:
    if word not in words:
        raise NotImplementedError(f"{member} {word!r} is not supported by the LibreOffice engine")
    return words[word]


@guarded
@with_reasons
class Font(base_classes.Font):
    """The font of a range, for Latin and Chinese letters alike."""

    def __init__(self, cells: Range) -> None:
        self._cells = cells

    @property
    def api(self) -> Any:
        return self._cells.target

    def _set(self, name: str, value: Any) -> None:
        self._cells.require_editable()
        for one in (name, name + "Asian"):
            self._cells.target.setPropertyValue(one, value)

    @property
    def bold(self) -> bool | None:
        weight = self._cells.target.CharWeight
        return None if weight is None else weight == _BOLD

    @bold.setter
    def bold(self, value: bool) -> None:
        self._set("CharWeight", _BOLD if value else _NORMAL)

    @property
    def italic(self) -> bool | None:
        posture = self._cells.target.CharPosture
        return None if posture is None else posture.value == "ITALIC"

    @italic.setter
    def italic(self, value: bool) -> None:
        self._set("CharPosture", enum("awt.FontSlant", "ITALIC" if value else "NONE"))

    @property
    def size(self) -> float | None:
        height = self._cells.target.CharHeight
        return None if height is None else float(height)

    @size.setter
    def size(self, value: float) -> None:
        self._set("CharHeight", float(value))

    @property
    def color(self) -> tuple[int, int, int] | None:
        value = self._cells.target.CharColor
        return (0, 0, 0) if value == -1 else rgb_of(value)

    @color.setter
    def color(self, color_or_rgb: Any) -> None:
        self._cells.require_editable()
        self._cells.target.CharColor = colour_of(color_or_rgb)

    @property
    def name(self) -> str | None:
        name = self._cells.target.CharFontName
        return None if name is None else str(name)

    @name.setter
    def name(self, value: str) -> None:
        self._set("CharFontName", value)


@guarded
@with_reasons
class Border(base_classes.Border):
    """One side of a range."""

    def __init__(self, cells: Range, side: str) -> None:
        self._cells = cells
        self._side = side

    @property
    def api(self) -> Any:
        return self._line()

    def _line(self) -> Any:
        target = self._cells.target
        if self._side in _DIAGONALS:
            return target.getPropertyValue(_DIAGONALS[self._side])
        return getattr(target.TableBorder2, _SIDES[self._side])

    def _store(self, line: Any) -> None:
        self._cells.require_editable()
        target = self._cells.target
        if self._side in _DIAGONALS:
            target.setPropertyValue(_DIAGONALS[self._side], line)
            return
        # Only the side marked valid is taken over; the others stay as they are.
        border = struct("table.TableBorder2")
        name = _SIDES[self._side]
        setattr(border, name, line)
        setattr(border, f"Is{name}Valid", True)
        target.TableBorder2 = border

    @property
    def line_style(self) -> str:
        line = self._line()
        if not line.LineWidth and not line.OuterLineWidth:
            return "none"
        return next((word for word, number in _STYLES.items() if number == line.LineStyle), "continuous")

    @line_style.setter
    def line_style(self, value: str | None) -> None:
        if value in (None, "none"):
            self._store(struct("table.BorderLine2"))
            return
        number = _known(_STYLES, str(value), "line_style")
        line = self._line()
        width = line.LineWidth or _WIDTHS["thin"]
        line.LineStyle = number
        line.LineWidth = max(width, 3 * _DOUBLE) if number == _STYLES["double"] else width
        line.OuterLineWidth = _DOUBLE if number == _STYLES["double"] else line.LineWidth
        line.InnerLineWidth = line.LineDistance = _DOUBLE if number == _STYLES["double"] else 0
        self._store(line)

    @property
    def weight(self) -> str | None:
        width = self._line().LineWidth
        return min(_WIDTHS, key=lambda word: abs(_WIDTHS[word] - width)) if width else None

    @weight.setter
    def weight(self, value: str) -> None:
        line = self._line()
        if not line.LineWidth:
            line.LineStyle = _STYLES["continuous"]
        line.LineWidth = line.OuterLineWidth = _known(_WIDTHS, value, "weight")
        self._store(line)

    @property
    def color(self) -> tuple[int, int, int] | None:
        line = self._line()
        return rgb_of(line.Color) if line.LineWidth else None

    @color.setter
    def color(self, color_or_rgb: Any) -> None:
        line = self._line()
        if not line.LineWidth:
            line.LineStyle = _STYLES["continuous"]
            line.LineWidth = line.OuterLineWidth = _WIDTHS["thin"]
        line.Color = colour_of(color_or_rgb)
        self._store(line)


@guarded
@with_reasons
class Borders(base_classes.Borders):
    """The sides of a range together."""

    def __init__(self, parent: Range) -> None:
        self.parent = parent

    @property
    def api(self) -> Any:
        return self.parent.target

    def __getitem__(self, key: str) -> Border:
        return Border(self.parent, key)

    def _common(self, attribute: str) -> Any:
        found = {getattr(self[side], attribute) for side in self._grid_sides()}  # type: ignore[no-untyped-call]  # xlwings and UNO are not annotated
        return found.pop() if len(found) == 1 else None

    line_style = property(
        lambda self: self._common("line_style"), lambda self, value: self.set(line_style=value)
    )
    weight = property(lambda self: self._common("weight"), lambda self, value: self.set(weight=value))
    color = property(lambda self: self._common("color"), lambda self, value: self.set(color=value))

    def set(
        self,
        which: Sequence[str] = base_classes.BORDER_GRID_SIDES,
        *,
        line_style: Any = _UNSET,
        weight: Any = _UNSET,
        color: Any = _UNSET,
    ) -> None:
        if (
            line_style == "continuous"
            and weight in _WIDTHS
            and color is _UNSET
            and _SIDES.keys() >= set(which)
        ):
            self._rule(which, _WIDTHS[weight])
            return
        # The documented order: the style wins.
        for name, value in (("color", color), ("weight", weight), ("line_style", line_style)):
            if value is not _UNSET:
                for side in which:
                    setattr(self[side], name, value)

    def _rule(self, which: Sequence[str], width: int) -> None:
        """Plain lines on these sides, which is what tables want, in one go; their colour stays."""
        self.parent.require_editable()
        target = self.parent.target
        border, made = target.TableBorder2, struct("table.TableBorder2")
        for side in which:
            line = getattr(border, _SIDES[side])
            line.LineStyle = _STYLES["continuous"]
            line.LineWidth = line.OuterLineWidth = width
            line.InnerLineWidth = line.LineDistance = 0
            setattr(made, _SIDES[side], line)
            setattr(made, f"Is{_SIDES[side]}Valid", True)
        target.TableBorder2 = made

    def clear(self, which: Sequence[str] = base_classes.BORDER_SIDES) -> None:
        for side in which:
            self[side].line_style = None
