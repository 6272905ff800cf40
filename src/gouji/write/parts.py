"""An OPC package: parts by name, their content types and relationships, edited in place of a zip file.

Source: ECMA-376 part 2 (Open Packaging Conventions).
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import unquote

from gouji.source.document import ReasonCode, SourceRefusedError
from gouji.write import xmltext
from gouji.write.container import Container, Limits
from gouji.write.xmltext import Splice

__all__ = ["CONTENT_TYPES", "Journal", "Parts", "Relationship", "rels_name"]

CONTENT_TYPES = "[Content_Types].xml"
_TYPES_NS = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELS_NS = "http://schemas.openxmlformats.org/package/2006/relationships"
_RELS_TYPE = "application/vnd.openxmlformats-package.relationships+xml"


@dataclass(frozen=True, slots=True)
class Relationship:
    """One relationship; ``target`` is a part name for an internal one, verbatim for an external one."""

    id: str
    type: str
    target: str
    external: bool
    node: xmltext.Node

    @property
    def kind(self) -> str:
        """The last word of the type: ``worksheet``, ``comments`` …, the same in transitional and Strict."""
        return self.type.rpartition("/")[2]


@lru_cache(maxsize=512)
def _part_meant(part: str, target: str) -> str:
    """The part that a relationship of another part points at."""
    target = target.replace("\\", "/").partition("#")[0]
    joined = target if target.startswith("/") else posixpath.join("/", posixpath.dirname(part), target)
    return posixpath.normpath(joined).lstrip("/")


@dataclass(slots=True)
class Journal:
    """What was done to each part since the journal was opened, so that it can be undone exactly.

    ``undo`` holds, for each edited part, the splices that take each edit back, oldest edit first.
    """

    undo: dict[str, list[list[Splice]]] = field(default_factory=dict)
    added: list[str] = field(default_factory=list)
    removed: dict[str, bytes] = field(default_factory=dict)


def rels_name(part: str) -> str:
    """The name of the part that holds a part's relationships ("" stands for the package)."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


class Parts:
    """The parts of a package. Names are case-insensitive, with forward slashes and no leading one."""

    __slots__ = (
        "_added",
        "_cache",
        "_changed",
        "_checked",
        "_container",
        "_converted",
        "_journal",
        "_known",
        "_names",
        "_related",
        "_removed",
    )

    def __init__(self, data: bytes, limits: Limits | None = None) -> None:
        self._container = Container(data, limits)
        self._names: dict[str, str] = {}
        for stored in self._container.names:
            key = stored.replace("\\", "/").lstrip("/").lower()
            if key in self._names and not key.endswith("/"):
                raise SourceRefusedError(
                    ReasonCode.HOSTILE, "压缩包内有同名部件，正常的工作簿不会如此，已拒绝处理"
                )
            self._names[key] = stored
        self._changed: dict[str, bytes] = {}
        self._added: dict[str, bytes] = {}
        self._removed: set[str] = set()
        self._cache: dict[str, bytes] = {}
        self._checked: dict[str, bytes | None] = {}  # with the content of those that are bare
        self._known: dict[
            str, bytes
        ] = {}  # XML parts as they are now, under the names they were asked for by
        self._converted: set[str] = set()
        self._journal: Journal | None = None
        # What the relationships of a part were read from, and what was read.
        self._related: dict[str, tuple[bytes, list[Relationship]]] = {}

    @property
    def changed(self) -> bool:
        """Whether the package differs from the file opened."""
        return bool(self._changed or self._added or self._removed)

    @property
    def container(self) -> Container:
        """The file as opened."""
        return self._container

    def changed_names(self) -> list[str]:
        """The parts that were changed or added."""
        return [name.replace("\\", "/").lstrip("/") for name in [*self._changed, *self._added]]

    def names(self) -> list[str]:
        """Every part there is now, named as stored (slashes normalised)."""
        kept = [name for name in self._container.names if name not in self._removed]
        return [name.replace("\\", "/").lstrip("/") for name in [*kept, *self._added]]

    def _stored(self, name: str) -> str | None:
        key = name.lstrip("/").lower()
        stored = self._names.get(key)
        if stored is None or stored in self._removed:
            return None
        return stored

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self._stored(name) is not None

    def read(self, name: str) -> bytes:
        """The content of a part as it is now.

        Raises:
            KeyError: no such part.
            SourceRefusedError: the part is damaged.
        """
        stored = self._stored(name)
        if stored is None:
            raise KeyError(name)
        for layer in (self._changed, self._added, self._cache):
            if stored in layer:
                return layer[stored]
        content = self._container.read(stored)
        self._cache[stored] = content
        return content

    def xml(self, name: str) -> bytes:
        """The content of an XML part, in UTF-8 and known to be well-formed.

        Raises:
            KeyError: no such part.
            SourceRefusedError: not well-formed, or with a DTD.
        """
        known = self._known.get(name)
        if known is not None:
            return known
        content = self.read(name)
        key = name.lstrip("/").lower()
        if key not in self._checked:
            bare = xmltext.check(content, name)
            converted = xmltext.utf8(content)
            if converted is not content:
                self._cache[self._names[key]] = converted
                self._converted.add(name)
                content = converted
            self._checked[key] = content if bare else None
        self._known[name] = content
        return content

    def is_bare(self, name: str, content: bytes) -> bool:
        """Whether this content of an XML part is known to hold no comments and the like (see :func:`xmltext.check`)."""
        return self._checked.get(name.lstrip("/").lower()) is content

    def write(self, name: str, content: bytes) -> None:
        """Replace a part's content, or add the part (its content type is the caller's business)."""
        stored = self._stored(name)
        if stored is None:
            self._add(name, content)
            return
        old = self.read(name)
        if old != content:
            self._note(name, [Splice(0, len(content), old)])
            self._put(stored, content)

    def _add(self, name: str, content: bytes) -> None:
        self._known.clear()
        self._related.clear()  # what a relationship points at may be there now
        name = name.lstrip("/")
        key = name.lstrip("/").lower()
        stored = self._names.get(key)
        if self._journal is not None:
            if name in self._journal.removed:
                old = self._journal.removed.pop(name)
                self._journal.undo.setdefault(name, []).append([Splice(0, len(content), old)])
            else:
                self._journal.added.append(name)
        if stored is not None and stored in self._removed:
            self._removed.discard(stored)
            self._changed[stored] = content
        else:
            self._names[key] = name
            self._added[name] = content

    def _put(self, stored: str, content: bytes) -> None:
        self._known.clear()
        if stored in self._added:
            self._added[stored] = content
        elif self._original(stored) == content:
            self._changed.pop(stored, None)
            self._cache[stored] = content
        else:
            self._changed[stored] = content

    def _original(self, stored: str) -> bytes:
        """The content in the file opened: what was read of it, unless that was put into another encoding."""
        if stored in self._cache and not self._converted:
            return self._cache[stored]
        return self._container.read(stored)

    def _note(self, name: str, back: list[Splice]) -> None:
        if self._journal is None or name in self._journal.added:
            return
        steps = self._journal.undo.setdefault(name, [])
        if not steps and name in self._converted:
            # Undoing goes back to the bytes of the file, in the encoding its author chose.
            steps.append([Splice(0, len(self.read(name)), self._container.read(self._names[name.lower()]))])
        steps.append(back)

    def splice(self, name: str, splices: Iterable[Splice]) -> None:
        """Edit a part at some places."""
        splices = list(splices)
        if not splices:
            return
        stored = self._stored(name)
        if stored is None:
            raise KeyError(name)
        old = self.read(name)
        content = xmltext.apply(old, splices)
        if content != old:
            if self._journal is not None:
                self._note(name, xmltext.taking_back(old, splices))
            self._put(stored, content)

    def remove(self, name: str) -> None:
        """Take a part out (its content type and the relationships to it are the caller's business)."""
        stored = self._stored(name)
        if stored is None:
            return
        self._known.clear()
        self._related.clear()
        if self._journal is not None:
            if name in self._journal.added:
                self._journal.added.remove(name)
            else:
                self._journal.removed[name] = self.read(name)
        if stored in self._added:
            del self._added[stored]
            del self._names[name.lstrip("/").lower()]
        else:
            self._removed.add(stored)
            self._changed.pop(stored, None)

    @contextmanager
    def journal(self) -> Iterator[Journal]:
        """Record what is done inside the ``with`` block; journals do not nest."""
        self._journal = Journal()
        try:
            yield self._journal
        finally:
            self._journal = None

    def unused(self, pattern: str) -> str:
        """The first part name of a pattern such as ``xl/comments{}.xml`` that is free."""
        number = 1
        while pattern.format(number) in self:
            number += 1
        return pattern.format(number)

    def to_bytes(self) -> bytes:
        """The package as a zip file; the very bytes opened where nothing was changed."""
        if not self.changed:
            return self._container.data
        return self._container.build(self._changed, frozenset(self._removed), self._added)

    # -- relationships

    def relationships(self, part: str) -> list[Relationship]:
        """The relationships of a part ("" for the package's own), in order."""
        name = rels_name(part)
        if name not in self:
            return []
        data = self.xml(name)
        known = self._related.get(name)
        if known is not None and known[0] is data:
            return list(known[1])
        masked = xmltext.mask(data)
        found = []
        for node in xmltext.children(masked, xmltext.root(masked)):
            if node.local != "Relationship":
                continue
            given = xmltext.attributes(data[node.start : node.open_end])
            external = given.get("TargetMode") == "External"
            target = given.get("Target", "")
            if not external:
                target = self._resolve(part, target)
            found.append(Relationship(given.get("Id", ""), given.get("Type", ""), target, external, node))
        self._related[name] = (data, found)
        return list(found)

    def _resolve(self, part: str, target: str) -> str:
        name = _part_meant(part, target)
        return name if name in self else unquote(name)

    def relate(self, part: str, kind: str, target: str, *, external: bool = False) -> str:
        """Add a relationship and give its id.

        ``kind`` is the full type; ``target`` a part name, or an address outside.
        """
        name = rels_name(part)
        if name not in self:
            self.write(name, f'{xmltext.DECLARATION}<Relationships xmlns="{_RELS_NS}"/>'.encode())
            self.add_default("rels", _RELS_TYPE)
        used = {one.id for one in self.relationships(part)}
        number = len(used) + 1
        while f"rId{number}" in used:
            number += 1
        if not external:
            target = posixpath.relpath("/" + target, posixpath.join("/", posixpath.dirname(part)))
        data = self.xml(name)
        top = xmltext.root(xmltext.mask(data))
        mode = "External" if external else None
        given = xmltext.given(Id=f"rId{number}", Type=kind, Target=target, TargetMode=mode)
        new = f"<{top.prefix.decode()}Relationship{given}/>"
        self.splice(name, xmltext.append_child(data, top, new.encode()))
        return f"rId{number}"

    def unrelate(self, part: str, ids: Iterable[str]) -> None:
        """Remove relationships of a part by their ids."""
        doomed = set(ids)
        gone = [
            Splice(one.node.start, one.node.end, b"") for one in self.relationships(part) if one.id in doomed
        ]
        self.splice(rels_name(part), gone)

    # -- content types

    def _types(self) -> tuple[bytes, xmltext.Node, list[xmltext.Node]]:
        data = self.xml(CONTENT_TYPES)
        masked = xmltext.mask(data)
        top = xmltext.root(masked)
        return data, top, xmltext.children(masked, top)

    def content_type(self, part: str) -> str | None:
        """The content type of a part, by override or by extension."""
        data, _, nodes = self._types()
        default = None
        for node in nodes:
            given = xmltext.attributes(data[node.start : node.open_end])
            if node.local == "Override" and given.get("PartName", "").lstrip("/").lower() == part.lower():
                return given.get("ContentType")
            if (
                node.local == "Default"
                and given.get("Extension", "").lower() == part.rpartition(".")[2].lower()
            ):
                default = given.get("ContentType")
        return default

    def add_override(self, part: str, kind: str) -> None:
        """Declare the content type of a part."""
        data, top, _ = self._types()
        new = f"<{top.prefix.decode()}Override{xmltext.given(PartName='/' + part, ContentType=kind)}/>"
        self.splice(CONTENT_TYPES, xmltext.append_child(data, top, new.encode()))

    def add_default(self, extension: str, kind: str) -> None:
        """Declare the content type of an extension where none is declared."""
        data, top, nodes = self._types()
        for node in nodes:
            given = xmltext.attributes(data[node.start : node.open_end])
            if node.local == "Default" and given.get("Extension", "").lower() == extension:
                return
        new = f'<{top.prefix.decode()}Default Extension="{extension}" ContentType="{kind}"/>'
        if nodes:
            self.splice(CONTENT_TYPES, [Splice(nodes[0].start, nodes[0].start, new.encode())])
        else:
            self.splice(CONTENT_TYPES, xmltext.append_child(data, top, new.encode()))

    def drop_override(self, part: str) -> None:
        """Take back the declaration of a part's content type."""
        data, _, nodes = self._types()
        gone = [
            Splice(node.start, node.end, b"")
            for node in nodes
            if node.local == "Override"
            and xmltext.attributes(data[node.start : node.open_end]).get("PartName", "").lstrip("/").lower()
            == part.lower()
        ]
        self.splice(CONTENT_TYPES, gone)
