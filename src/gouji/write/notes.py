"""Notes (the old-style comments) of a worksheet: a comments part, and the shapes that show them.

Existing notes, comment threads, buttons and other shapes are kept. Source: ECMA-376 part 1, 18.7 (Comments);
part 4, 19.2 (VML); [MS-XLSX] 2.6.205 (threaded comments and the notes that stand in for them).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from gouji.write import order, vml, xmltext
from gouji.write.sheetmap import SheetMap, parse_cell
from gouji.write.strings import plain_text
from gouji.write.workbook import WorkbookPart
from gouji.write.xmltext import Node, Splice

__all__ = ["NotesAdded", "add", "read", "trim"]

_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_VML_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_FONT = '<{0}rPr><{0}sz val="10"/><{0}color indexed="81"/><{0}rFont val="宋体"/></{0}rPr>'


@dataclass(frozen=True, slots=True)
class NotesAdded:
    """What became of notes: cells with a new one, a text below an older one, or a thread left alone."""

    new: tuple[str, ...]
    appended: tuple[str, ...]
    left: tuple[str, ...]


class _Comments:
    """A comments part, read."""

    def __init__(self, workbook: WorkbookPart, part: str) -> None:
        self.workbook = workbook
        self.sheet_part = part
        related = workbook.parts.relationships(part)
        found = [one for one in related if one.kind == "comments" and one.target in workbook.parts]
        self.relation = found[0].id if found else None
        self.name = found[0].target if found else None
        self.threaded = self._threaded([one.target for one in related if one.kind == "threadedComment"])
        self.data = b"" if self.name is None else workbook.parts.xml(self.name)
        self.masked = xmltext.mask(self.data)
        self.comments: dict[str, Node] = {}
        if self.name is None:
            return
        self.root = xmltext.root(self.masked)
        self.prefix = self.root.prefix.decode()
        self.list = xmltext.child(self.masked, self.root, "commentList")
        self.authors = xmltext.child(self.masked, self.root, "authors")
        for node in xmltext.children(self.masked, self.list) if self.list else []:
            ref = xmltext.attributes(self.data[node.start : node.open_end]).get("ref", "")
            self.comments[ref.replace("$", "").upper()] = node

    def _threaded(self, names: list[str]) -> set[str]:
        cells = set()
        for name in names:
            if name not in self.workbook.parts:
                continue
            data = self.workbook.parts.xml(name)
            masked = xmltext.mask(data)
            for node in xmltext.children(masked, xmltext.root(masked)):
                ref = xmltext.attributes(data[node.start : node.open_end]).get("ref", "")
                cells.add(ref.replace("$", "").upper())
        return cells

    def text_node(self, comment: Node) -> Node | None:
        return xmltext.child(self.masked, comment, "text")

    def text(self, comment: Node) -> str:
        node = self.text_node(comment)
        return "" if node is None else plain_text(self.masked, self.data, node)


def read(workbook: WorkbookPart, part: str) -> dict[str, str]:
    """The text of every note of a worksheet part, by cell."""
    found = _Comments(workbook, part)
    return {cell: found.text(node) for cell, node in found.comments.items()}


def _run(prefix: str, text: str) -> bytes:
    written = f'<{prefix}t xml:space="preserve">{xmltext.escape_string(text)}</{prefix}t>'
    return f"<{prefix}r>{_FONT.format(prefix)}{written}</{prefix}r>".encode()


def add(workbook: WorkbookPart, part: str, texts: Mapping[str, str], author: str) -> NotesAdded:
    """Put notes on cells of a worksheet part."""
    found = _Comments(workbook, part)
    left = [cell for cell in texts if cell in found.threaded]
    appended = [cell for cell in texts if cell in found.comments and cell not in found.threaded]
    new = [cell for cell in texts if cell not in found.comments and cell not in found.threaded]
    if found.name is None:
        if new:
            _create(workbook, part, {cell: texts[cell] for cell in new}, author)
    else:
        workbook.parts.splice(found.name, _extended(found, texts, new, appended, author))
    if new:
        _show(workbook, part, {cell: texts[cell] for cell in new})
    return NotesAdded(tuple(new), tuple(appended), tuple(left))


def _comment(prefix: str, cell: str, author: int, text: str) -> bytes:
    return (
        f'<{prefix}comment ref="{cell}" authorId="{author}"><{prefix}text>'.encode()
        + _run(prefix, text)
        + f"</{prefix}text></{prefix}comment>".encode()
    )


def _create(workbook: WorkbookPart, part: str, texts: Mapping[str, str], author: str) -> None:
    parts = workbook.parts
    name = parts.unused(workbook.beside("comments{}.xml"))
    body = b"".join(_comment("", cell, 0, text) for cell, text in texts.items())
    head = (
        f'{xmltext.DECLARATION}<comments xmlns="{workbook.main_namespace}">'
        f"<authors><author>{xmltext.escape(author)}</author></authors><commentList>"
    )
    parts.write(name, head.encode() + body + b"</commentList></comments>")
    parts.add_override(name, _COMMENTS_TYPE)
    parts.relate(part, f"{workbook.relation_namespace}/comments", name)


def _extended(
    found: _Comments, texts: Mapping[str, str], new: list[str], appended: list[str], author: str
) -> list[Splice]:
    prefix = found.prefix
    splices: list[Splice] = []
    for cell in appended:
        comment = found.comments[cell]
        node = found.text_node(comment)
        run = _run(prefix, "\n" + texts[cell])
        if node is None:
            body = f"<{prefix}text>".encode() + run + f"</{prefix}text>".encode()
            splices += xmltext.append_child(found.data, comment, body)
        else:
            splices += xmltext.append_child(found.data, node, run)
    if not new:
        return splices
    known = xmltext.children(found.masked, found.authors) if found.authors else []
    written = f"<{prefix}author>{xmltext.escape(author)}</{prefix}author>".encode()
    names = [found.data[node.start : node.end] for node in known]
    if written in names:
        number = names.index(written)
    else:
        number = len(names)
        if found.authors is None:
            body = f"<{prefix}authors>".encode() + written + f"</{prefix}authors>".encode()
            splices.append(Splice(found.root.open_end, found.root.open_end, body))
        else:
            splices += xmltext.append_child(found.data, found.authors, written)
    body = b"".join(_comment(prefix, cell, number, texts[cell]) for cell in new)
    if found.list is not None:
        return splices + xmltext.append_child(found.data, found.list, body)
    body = f"<{prefix}commentList>".encode() + body + f"</{prefix}commentList>".encode()
    return splices + xmltext.append_child(found.data, found.root, body)


def _drawing(workbook: WorkbookPart, part: str) -> tuple[str, str] | None:
    """The relationship id and the name of the VML part that a sheet's notes and buttons stand in."""
    sheet = SheetMap(workbook.parts.xml(part), part)
    node = sheet.child("legacyDrawing")
    if node is None:
        return None
    given = sheet.attributes(node)
    id_ = next((value for key, value in given.items() if key.endswith(":id")), None)
    for one in workbook.parts.relationships(part):
        if one.id == id_ and one.target in workbook.parts:
            return one.id, one.target
    return None


def _show(workbook: WorkbookPart, part: str, texts: Mapping[str, str]) -> None:
    """Add the shapes of new notes."""
    parts = workbook.parts
    placed = {parse_cell(cell): text for cell, text in texts.items()}
    existing = _drawing(workbook, part)
    if existing is not None:
        parts.splice(existing[1], vml.added(parts.read(existing[1]), placed))
        return
    used = [vml.highest_cluster(parts.read(name)) for name in parts.names() if name.lower().endswith(".vml")]
    name = parts.unused(workbook.beside("drawings/vmlDrawing{}.vml"))
    parts.write(name, vml.created(placed, max(used, default=0) + 1))
    parts.add_default("vml", _VML_TYPE)
    id_ = parts.relate(part, f"{workbook.relation_namespace}/vmlDrawing", name)
    sheet = SheetMap(parts.xml(part), part)
    place = order.place_for(sheet, "legacyDrawing")
    stale = sheet.child("legacyDrawing")  # one that points nowhere
    attribute = order.relation_attribute(sheet, workbook.relation_namespace, id_)
    new = f"<{sheet.prefix.decode()}legacyDrawing{attribute}/>".encode()
    if stale is not None:
        parts.splice(part, [Splice(stale.start, stale.end, new)])
    else:
        parts.splice(part, [Splice(place, place, new)])


def trim(workbook: WorkbookPart, part: str, keep: Callable[[str], str | None]) -> None:
    """Shorten or remove notes of a worksheet part.

    ``keep`` gets the text of each note and gives what is to stay of it: all (the note is left alone), a head
    (the rest is cut off), any other text (its looks are lost), or None to take the note away with its shape,
    and with the parts that then hold nothing.
    """
    found = _Comments(workbook, part)
    if found.name is None:
        return
    splices: list[Splice] = []
    gone: list[str] = []
    for cell, node in found.comments.items():
        text = found.text(node)
        wanted = keep(text)
        inside = found.text_node(node)
        if wanted is None:
            gone.append(cell)
            splices.append(Splice(node.start, node.end, b""))
        elif wanted == text or inside is None:
            continue
        elif text.startswith(wanted):
            splices += _cut(found, inside, len(wanted))
        else:
            splices.append(Splice(inside.open_end, inside.inner_end, _run(found.prefix, wanted)))
    if gone:
        _hide(workbook, part, gone)
    if gone and len(gone) == len(found.comments):
        workbook.parts.unrelate(part, [found.relation or ""])
        workbook.parts.drop_override(found.name)
        workbook.parts.remove(found.name)
    else:
        workbook.parts.splice(found.name, splices)


def _cut(found: _Comments, text: Node, length: int) -> list[Splice]:
    """Cut the text of a note after ``length`` characters, over its runs."""
    splices: list[Splice] = []
    start = 0
    for item in xmltext.children(found.masked, text):
        if item.local not in ("t", "r"):
            continue
        pieces = [item] if item.local == "t" else xmltext.children(found.masked, item)
        for piece in pieces:
            if piece.local != "t":
                continue
            words = plain_text(
                found.masked, found.data, Node(b"is", piece.start, piece.start, piece.end, piece.end + 1)
            )
            if start >= length:
                splices.append(Splice(item.start, item.end, b""))
            elif start + len(words) > length:
                tag = xmltext.set_attribute(found.data[piece.start : piece.open_end], "xml:space", "preserve")
                head = xmltext.escape_string(words[: length - start]).encode()
                splices.append(Splice(piece.start, piece.inner_end, tag + head))
            start += len(words)
    return splices


def _hide(workbook: WorkbookPart, part: str, cells: list[str]) -> None:
    """Take away the shapes of notes that are gone, and the drawing where it is then empty."""
    existing = _drawing(workbook, part)
    if existing is None:
        return
    id_, name = existing
    parts = workbook.parts
    parts.splice(name, vml.removed(parts.read(name), {parse_cell(cell) for cell in cells}))
    if vml.has_shapes(parts.read(name)):
        return
    sheet = SheetMap(parts.xml(part), part)
    node = sheet.child("legacyDrawing")
    if node is not None:
        parts.splice(part, [Splice(node.start, node.end, b"")])
    parts.unrelate(part, [id_])
    parts.remove(name)
