"""The printed layout of a form, drawn in form.toml as a grid of cells (docs/forms.md explains the notation).

A line of a drawing is a row, ``|`` parts its cells: ``<`` belongs to the cell on the left, ``^`` to the one above,
``[money]`` is a place to fill in, anything else is printed. ``{专项=3}`` in front of a line repeats it.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from gouji.form.definition import FormDefinition, FormError, SheetDrawing
from gouji.frozen import frozen
from gouji.pattern import compiled
from gouji.source.document import Cell, Document, Grid

__all__ = [
    "INPUTS",
    "MOST_ROWS",
    "SAMPLE_NAME",
    "LaidCell",
    "LaidSheet",
    "Prints",
    "groups_of",
    "lay_out",
    "sample",
]

INPUTS = frozenset(
    {
        "money",
        "count",
        "rate",
        "weight",
        "score",
        "line",
        "name",
        "target",
        "actual",
        "reason",
        "text",
        "long",
        "inline",
    }
)
"""What may be filled in: amounts, counts, rates, points, names of lines and indicators, answers, prose."""

SAMPLE_NAME = "事项"
"""What the names of lines and indicators begin with in a sample; a number of their own follows."""

MOST_ROWS = 500
"""How often a line may be repeated."""

_REPEAT = compiled(r"^\{([^{}=|]+)=(\d{1,3})\}\s*")
_INPUT = compiled(r"^(.*?)\[([a-z]+)(?:\s+([^\]]+))?\]$")
_MARKS = (("## ", "corner"), ("~ ", "subtitle"), ("# ", "title"), (">> ", "unit"), ("> ", "note"))
_SAMPLES: dict[str, tuple[str, str]] = {
    "money": ("0", "0.00"),
    "count": ("0", "0"),
    "rate": ("0", "0.00%"),
    "weight": ("0", "General"),
    "score": ("0", "General"),
    "target": ("1", "General"),
    "actual": ("1", "General"),
}


class Prints:
    """How a printed cell looks: a caption of the table, a title, a line below it, what stands in a corner, a unit, a note below."""

    LABEL = "label"
    TITLE = "title"
    SUBTITLE = "subtitle"
    CORNER = "corner"
    UNIT = "unit"
    NOTE = "note"


@frozen
class LaidCell:
    """A cell of a laid-out sheet (0-based, of ``rows`` × ``cols``).

    ``text`` is printed; ``kind`` says what is to be filled in (one of :data:`INPUTS`), None for a printed cell;
    ``preset`` is a value filled in beforehand; ``look`` is one of :class:`Prints`.
    """

    row: int
    col: int
    rows: int
    cols: int
    text: str
    kind: str | None = None
    preset: str | None = None
    look: str = Prints.LABEL


@frozen
class LaidSheet:
    """A sheet with its repeated lines written out."""

    name: str
    widths: tuple[float, ...]
    landscape: bool
    cells: tuple[LaidCell, ...]
    n_rows: int
    n_cols: int


def groups_of(form: FormDefinition) -> dict[str, int]:
    """The names of the lines that may be repeated, with how many there are by default."""
    found: dict[str, int] = {}
    for sheet in form.sheets:
        for line in sheet.lines:
            repeat = _REPEAT.match(line)
            if repeat:
                found.setdefault(repeat[1].strip(), int(repeat[2]))
    return found


def lay_out(form: FormDefinition, counts: Mapping[str, int] | None = None) -> tuple[LaidSheet, ...]:
    """The sheets of a form.

    Args:
        form: The form.
        counts: How many rows the repeated lines shall have, by name; the form's own number where not given.

    Raises:
        FormError: If the drawing is unsound, a name is unknown or a number out of bounds.
    """
    wanted = dict(counts or {})
    known = groups_of(form)
    for name, number in wanted.items():
        if name not in known:
            names = "、".join(known) or "（没有）"
            raise FormError(f"表式“{form.id}”没有可以增减的行“{name}”；可以增减的有：{names}")
        if not 0 <= number <= MOST_ROWS:
            raise FormError(f"“{name}”的行数 {number} 应在 0 到 {MOST_ROWS} 之间")
    return tuple(_sheet(sheet, known | wanted) for sheet in form.sheets)


def _sheet(sheet: SheetDrawing, counts: Mapping[str, int]) -> LaidSheet:
    rows = _rows(sheet, counts)
    width = len(sheet.widths)
    for number, drawn in enumerate(rows, 1):
        if len(drawn) > width:
            raise FormError(
                f"[[sheet]]“{sheet.name}”第 {number} 行有 {len(drawn)} 格，widths 只有 {width} 列"
            )
    rows = [drawn + [""] * (width - len(drawn)) for drawn in rows]
    anchors = _anchors(sheet, rows)
    cells = []
    for (row, col), anchor in anchors.items():
        if (row, col) != anchor:
            continue
        area = [spot for spot, its in anchors.items() if its == anchor]
        height, across = max(r for r, _ in area) - row + 1, max(c for _, c in area) - col + 1
        if height * across != len(area):
            raise FormError(f"[[sheet]]“{sheet.name}”第 {row + 1} 行“{rows[row][col]}”合并的格子不成矩形")
        cells.append(_cell(sheet, row, col, (height, across), rows[row][col]))
    return LaidSheet(sheet.name, sheet.widths, sheet.landscape, tuple(cells), len(rows), width)


def _rows(sheet: SheetDrawing, counts: Mapping[str, int]) -> list[list[str]]:
    made: list[list[str]] = []
    owed: dict[int, str] = {}
    for line in sheet.lines:
        repeat = _REPEAT.match(line)
        cells = [part.strip(" ") for part in line[repeat.end() if repeat else 0 :].split("|")]
        # what is printed once for several lines stays where the first of them is left out
        cells = [owed.get(col, cell) if cell == "^" else cell for col, cell in enumerate(cells)]
        times = counts[repeat[1].strip()] if repeat else 1
        if not times:
            printed = {c: t for c, t in enumerate(cells) if t not in ("", "<", "^") and not _INPUT.match(t)}
            owed = {**{c: t for c, t in owed.items() if cells[c] == t}, **printed}
            continue
        owed = {}
        made.append(cells)
        again = [cell if cell in ("", "<") or _INPUT.match(cell) else "^" for cell in cells]
        made += [list(again) for _ in range(times - 1)]
    return made


def _anchors(sheet: SheetDrawing, rows: list[list[str]]) -> dict[tuple[int, int], tuple[int, int]]:
    anchors: dict[tuple[int, int], tuple[int, int]] = {}
    for row, cells in enumerate(rows):
        for col, text in enumerate(cells):
            beside = {"<": (row, col - 1), "^": (row - 1, col)}.get(text)
            if beside is not None and beside not in anchors:
                raise FormError(
                    f"[[sheet]]“{sheet.name}”第 {row + 1} 行第 {col + 1} 格“{text}”没有可并入的格子"
                )
            anchors[row, col] = anchors[beside] if beside is not None else (row, col)
    return anchors


def _cell(sheet: SheetDrawing, row: int, col: int, size: tuple[int, int], text: str) -> LaidCell:
    text = text.replace("\\n", "\n")
    look = Prints.LABEL
    for mark, name in _MARKS:
        if text.startswith(mark):
            text, look = text.removeprefix(mark), name
            break
    found = _INPUT.match(text)
    if found is None:
        return LaidCell(row, col, *size, text, look=look)
    kind = found[2]
    if kind not in INPUTS:
        raise FormError(
            f"[[sheet]]“{sheet.name}”第 {row + 1} 行的“[{kind}]”不认识；应为 {'、'.join(sorted(INPUTS))} 之一"
        )
    if found[1]:
        return LaidCell(row, col, *size, found[1], "inline" if kind == "money" else kind, None, look)
    return LaidCell(row, col, *size, "", kind, found[3], look)


def sample(form: FormDefinition, sheets: tuple[LaidSheet, ...]) -> Document:
    """The form with something in every place to fill in, so that the blocks can be located as in a filled one."""
    grids: list[Grid] = []
    number = 0
    for sheet in sheets:
        cells: dict[tuple[int, int], Cell] = {}
        cover: dict[tuple[int, int], tuple[int, int]] = {}
        for laid in sheet.cells:
            at = (laid.row, laid.col)
            spread = [(laid.row + r, laid.col + c) for r in range(laid.rows) for c in range(laid.cols)]
            cover |= {spot: at for spot in spread if spot != at}
            if laid.text or laid.kind or len(spread) > 1:
                number += 1
                cells[at] = _sample_cell(laid, f"{SAMPLE_NAME}{number}")
        grids.append(Grid(sheet.name, cells, cover, sheet.n_rows, sheet.n_cols, is_sheet=True))
    return Document(f"{form.id}.xlsx", "", "xlsx", tuple(grids))


def _sample_cell(laid: LaidCell, name: str) -> Cell:
    text: str = laid.text
    value: Decimal | str | None = None
    number_format = "General"
    if laid.kind == "inline":
        text = f"{laid.text}0"
    elif laid.kind in _SAMPLES:
        text, number_format = _SAMPLES[laid.kind]
        text = laid.preset or text
        value = Decimal(text)
    elif laid.kind is not None:
        text = f"{laid.text}{name}"
    return Cell(
        laid.row,
        laid.col,
        text,
        value if value is not None else text or None,
        number_format=number_format,
        rows=laid.rows,
        cols=laid.cols,
    )
