"""Cells changed in place: the splices that set values, formulas, cached values and styles of one sheet.

Everything about a cell that an edit does not name is kept: its style, its attributes, its extensions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from gouji.calc.formula import column_letters
from gouji.calc.value import CellError, Value
from gouji.frozen import frozen
from gouji.source.document import cell_name
from gouji.write import xmltext
from gouji.write.sheetmap import CellSpan, RowSpan, SheetMap, parse_area
from gouji.write.xmltext import Node, Splice

__all__ = [
    "Cached",
    "CellEdit",
    "Constant",
    "EditRefusedError",
    "Formula",
    "cell_splices",
    "default_style",
    "stored_splices",
]

Position = tuple[int, int]
_MAX_TEXT = 32_767
_PLAIN_DIGITS = 20  # of a whole number that is written out
_MAX_FORMULA = 8_192


class EditRefusedError(ValueError):
    """An edit that would break the workbook; the message is a Chinese sentence that says why."""


@frozen
class Constant:
    """A typed value in place of whatever the cell holds; None empties it."""

    value: Value


@frozen
class Formula:
    """A formula (text without ``=``) with the value it has now; None where that is not known."""

    text: str
    cached: Value = None


@frozen
class Cached:
    """A new cached value for the formula (or the spilled cell) that is there; None takes the value away."""

    value: Value


@frozen
class CellEdit:
    """What changes in one cell: its content, its style index, or both; None keeps what is there."""

    content: Constant | Formula | Cached | None = None
    style: int | None = None


def number_text(value: Decimal | int) -> str:
    """A number as SpreadsheetML stores it: plain digits, or an exponent where plain would be long.

    Raises:
        EditRefusedError: not a finite number.
    """
    if isinstance(value, Decimal):
        if (text := str(value)).isdigit() and len(text) < _PLAIN_DIGITS:
            return text
        if not value.is_finite():
            raise EditRefusedError("单元格不能写入无穷大或非数字")
        if not value:
            return "0"
        if -20 <= value.adjusted() <= 20:
            text = f"{value:f}"
            return text.rstrip("0").rstrip(".") or "0" if "." in text else text
        return str(value.normalize())
    return str(value)


def _value_parts(value: Value, prefix: str, *, formula: bool) -> tuple[str | None, str]:
    """The ``t`` attribute and the ``<v>`` or ``<is>`` of a value."""
    if isinstance(value, str):
        if len(value) > _MAX_TEXT:
            raise EditRefusedError(f"文字过长：一个单元格最多 {_MAX_TEXT} 个字符")
        text = xmltext.escape_string(value)
        space = ' xml:space="preserve"' if text != text.strip() or "\n" in text else ""
        if formula:
            return "str", f"<{prefix}v{space}>{text}</{prefix}v>"
        return "inlineStr", f"<{prefix}is><{prefix}t{space}>{text}</{prefix}t></{prefix}is>"
    if value is None:
        return None, ""
    if isinstance(value, bool):
        return "b", f"<{prefix}v>{int(value)}</{prefix}v>"
    if isinstance(value, CellError):
        return "e", f"<{prefix}v>{xmltext.escape(value.code)}</{prefix}v>"
    return None, f"<{prefix}v>{number_text(value)}</{prefix}v>"


class _Writer:
    """Makes the bytes of edited cells for one sheet."""

    def __init__(self, sheet: SheetMap, written_out: Mapping[Position, str]) -> None:
        self.sheet = sheet
        self.written_out = written_out
        self.prefix = sheet.prefix.decode()

    def fresh(self, position: Position, edit: CellEdit, style: int | None) -> bytes:
        """A cell where none is written; ``style`` is what its row or column gives it."""
        tag = f'<{self.prefix}c r="{cell_name(position[0] - 1, position[1] - 1)}"'.encode()
        index = style if edit.style is None else edit.style
        if index:
            tag += f' s="{index}"'.encode()
        return self._closed(tag + b">", edit.content, b"", b"")

    def changed(self, cell: CellSpan, edit: CellEdit) -> list[Splice]:
        """The splices for a cell that is written."""
        node = cell.node
        tag = self.sheet.data[node.start : node.open_end]
        if edit.style is not None:
            tag = xmltext.set_attribute(tag, "s", str(edit.style))
        if edit.content is None:
            return [Splice(node.start, node.open_end, tag)]
        inner = self.sheet.inner(cell)
        formula = inner.get("f") if isinstance(edit.content, Cached) else None
        kept = b"" if formula is None else self.formula(formula, (cell.row, cell.col))
        extension = inner.get("extLst")
        tail = b"" if extension is None else self.sheet.data[extension.start : extension.end]
        for name in ("t", "vm", "ph") if isinstance(edit.content, Cached) else ("t", "vm", "ph", "cm"):
            if f"{name}=".encode() in tag:
                tag = xmltext.set_attribute(tag, name, None)
        if b" r=" not in tag and "r" not in self.sheet.attributes(node):
            tag = xmltext.set_attribute(tag, "r", cell_name(cell.row - 1, cell.col - 1))
        if tag.endswith(b"/>"):
            tag = tag[:-2].rstrip() + b">"
        return [Splice(node.start, node.end, self._closed(tag, edit.content, kept, tail))]

    def formula(self, node: Node, position: Position) -> bytes:
        """The ``<f>`` of a cell as it is, or written out where it loses the formula it shared."""
        text = self.written_out.get(position)
        if text is None:
            return self.sheet.data[node.start : node.end]
        tag = self.sheet.data[node.start : node.open_end]
        for name in ("t", "ref", "si"):
            tag = xmltext.set_attribute(tag, name, None)
        opened = tag[:-2].rstrip() + b">" if tag.endswith(b"/>") else tag
        return opened + xmltext.escape(text).encode() + b"</" + node.name + b">"

    def _closed(
        self, tag: bytes, content: Constant | Formula | Cached | None, kept: bytes, tail: bytes
    ) -> bytes:
        if content is None:
            kind, body = None, ""
        elif isinstance(content, Formula):
            if len(content.text) > _MAX_FORMULA:
                raise EditRefusedError(f"公式过长：最多 {_MAX_FORMULA} 个字符")
            kind, body = _value_parts(content.cached, self.prefix, formula=True)
            body = f"<{self.prefix}f>{xmltext.escape(content.text)}</{self.prefix}f>{body}"
        else:
            # A spilled cell holds its text as a formula's result does (t="str"), a typed cell inline.
            kind, body = _value_parts(content.value, self.prefix, formula=isinstance(content, Cached))
        if kind is not None:
            tag = xmltext.set_attribute(tag, "t", kind)
        inside = kept + body.encode() + tail
        if not inside:
            return tag[:-1] + b"/>"
        return tag + inside + f"</{self.prefix}c>".encode()


def stored_splices(sheet: SheetMap, values: Mapping[Position, Value]) -> list[Splice] | None:
    """The splices that store results beside their formulas, where all are written as nearly every program does.

    None where one is not; :func:`cell_splices` then does the same, cell by cell.

    Raises:
        EditRefusedError: a value the format cannot hold.
    """
    data, usual, prefix = sheet.data, sheet.usual, sheet.prefix.decode()
    closing = f"</{prefix}c>"
    splices: list[Splice] = []
    for position, value in values.items():
        found = usual.get(position)
        if found is None:
            return None
        kind, body = _value_parts(value, prefix, formula=True)
        stored, written, end = (body + closing).encode(), found[3], found.end()
        if written == (None if kind is None else kind.encode()):
            splices.append(Splice(found.end(4), end, stored))
        elif written is None:
            start, formula_end = found.span(4)
            typed = f' t="{kind}">'.encode()
            splices.append(Splice(start - 1, end, typed + data[start:formula_end] + stored))
        else:
            return None
    return splices


def _column_style(sheet: SheetMap, col: int) -> int:
    cols = sheet.child("cols")
    if cols is not None:
        for node in xmltext.children(sheet.masked, cols):
            given = sheet.attributes(node)
            if xmltext.whole(given, "min") <= col <= xmltext.whole(given, "max"):
                return xmltext.whole(given, "style")
    return 0


def default_style(sheet: SheetMap, row: int, col: int) -> int:
    """The style index an unwritten cell shows: its row's, else its column's, else 0."""
    span = sheet.row(row)
    if span is not None:
        given = sheet.attributes(span.node)
        if given.get("customFormat") in ("1", "true"):
            return xmltext.whole(given, "s")
    return _column_style(sheet, col)


def _row_tag(sheet: SheetMap, row: RowSpan, cols: Iterable[int]) -> bytes:
    """The start tag of a row, its ``spans`` hint widened to take in the new columns."""
    tag = sheet.data[row.node.start : row.node.open_end]
    spans = sheet.attributes(row.node).get("spans", "")
    first, colon, last = spans.partition(":")
    if not colon or not first.isdigit() or not last.isdigit():
        return tag
    wanted = (min(int(first), *cols), max(int(last), *cols))
    if wanted == (int(first), int(last)):
        return tag
    return xmltext.set_attribute(tag, "spans", f"{wanted[0]}:{wanted[1]}")


def _new_cells(sheet: SheetMap, row: RowSpan, fresh: Mapping[int, bytes]) -> list[Splice]:
    """The splices that put unwritten cells into a written row."""
    tag = _row_tag(sheet, row, fresh)
    node = row.node
    if node.self_closed:
        body = b"".join(fresh[col] for col in sorted(fresh))
        opened = tag[:-2].rstrip() + b">" if tag.endswith(b"/>") else tag
        return [Splice(node.start, node.end, opened + body + b"</" + node.name + b">")]
    splices = []
    if tag != sheet.data[node.start : node.open_end]:
        splices.append(Splice(node.start, node.open_end, tag))
    written = sheet.cells(row)
    gathered: dict[int, bytes] = {}
    for col in sorted(fresh):
        place = next((cell.node.start for cell in written if cell.col > col), node.inner_end)
        gathered[place] = gathered.get(place, b"") + fresh[col]
    return splices + [Splice(place, place, new) for place, new in gathered.items()]


def cell_splices(
    sheet: SheetMap, edits: Mapping[Position, CellEdit], written_out: Mapping[Position, str] | None = None
) -> list[Splice]:
    """The splices that make the edits; positions are 1-based (row, column).

    ``written_out`` holds the full text of formulas that shared one which the edits replace
    (see :func:`gouji.write.sharing.plan`).

    Raises:
        EditRefusedError: a value the format cannot hold.
    """
    written_out = written_out or {}
    writer = _Writer(sheet, written_out)
    splices: list[Splice] = []
    for position in written_out:
        edit = edits.get(position)
        cell = sheet.cell(*position)
        node = (
            sheet.inner(cell).get("f")
            if cell is not None and (edit is None or edit.content is None)
            else None
        )
        if node is not None:
            splices.append(Splice(node.start, node.end, writer.formula(node, position)))
    fresh: dict[int, dict[int, bytes]] = {}
    for (row, col), edit in sorted(edits.items()):
        cell = sheet.cell(row, col)
        if cell is not None:
            splices += writer.changed(cell, edit)
        elif edit != CellEdit(Constant(None)):
            style = default_style(sheet, row, col) if edit.style is None else edit.style
            fresh.setdefault(row, {})[col] = writer.fresh((row, col), edit, style)
    new_rows: dict[int, bytes] = {}
    prefix = writer.prefix
    for number in sorted(fresh):
        span = sheet.row(number)
        if span is not None:
            splices += _new_cells(sheet, span, fresh[number])
            continue
        body = b"".join(fresh[number][col] for col in sorted(fresh[number]))
        after = sheet.row_after(number)
        place = after.node.start if after else sheet.sheet_data.inner_end
        row_bytes = f'<{prefix}row r="{number}">'.encode() + body + f"</{prefix}row>".encode()
        new_rows[place] = new_rows.get(place, b"") + row_bytes
    for place, body in new_rows.items():
        if sheet.sheet_data.self_closed:
            splices += xmltext.append_child(sheet.data, sheet.sheet_data, body)
        else:
            splices.append(Splice(place, place, body))
    if fresh:
        splices += _dimension(sheet, fresh)
    return splices


def _dimension(sheet: SheetMap, fresh: Mapping[int, Mapping[int, bytes]]) -> list[Splice]:
    """The ``<dimension>`` widened to take in new cells, where one is written."""
    node = sheet.child("dimension")
    if node is None:
        return []
    given = sheet.attributes(node).get("ref", "")
    try:
        top, left, bottom, right = parse_area(given)
    except ValueError:
        return []
    columns = [col for cells in fresh.values() for col in cells]
    wide = (min(top, *fresh), min(left, *columns), max(bottom, *fresh), max(right, *columns))
    if wide == (top, left, bottom, right):
        return []
    ref = f"{column_letters(wide[1])}{wide[0]}:{column_letters(wide[3])}{wide[2]}"
    tag = sheet.data[node.start : node.open_end]
    return [Splice(node.start, node.open_end, xmltext.set_attribute(tag, "ref", ref))]
