"""The workbook part: which sheets there are, and what hangs on it (styles, strings, calculation chain)."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass

from gouji.source.document import ReasonCode, SourceRefusedError, Visibility
from gouji.write import xmltext
from gouji.write.parts import Parts
from gouji.write.xmltext import Node, Splice

__all__ = ["SheetPart", "WorkbookPart"]

TRANSITIONAL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"
MAIN_TRANSITIONAL = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
MAIN_STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_DEFINED_NAME = re.compile(
    rb"<(?:[\w.-]+:)?definedName(?=\s)((?:\s+[^\s=<>/\"']+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*)\s*>([^<]*)<"
)
_STATES = {"hidden": Visibility.HIDDEN, "veryHidden": Visibility.VERY_HIDDEN}


@dataclass(frozen=True, slots=True)
class SheetPart:
    """One sheet of the workbook: its name as people see it, and the part it stands in.

    ``kind`` is ``worksheet``, ``chartsheet``, ``dialogsheet`` or ``xlMacrosheet``.
    """

    name: str
    part: str
    sheet_id: int
    relation: str
    state: Visibility
    kind: str
    node: Node


def _not_a_workbook() -> SourceRefusedError:
    return SourceRefusedError(ReasonCode.UNSUPPORTED, "这不是 Excel 工作簿（.xlsx / .xlsm），无法处理")


class WorkbookPart:
    """The workbook part of a package, read afresh after each change to it.

    Raises:
        SourceRefusedError: the package holds no workbook of the Open XML kind.
    """

    __slots__ = ("_masked", "_read", "_relations", "_sheets", "name", "parts")

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        if "[content_types].xml" not in parts:
            raise _not_a_workbook()
        found = [one.target for one in parts.relationships("") if one.kind == "officeDocument"]
        if not found or found[0] not in parts:
            raise _not_a_workbook()
        self.name = found[0]
        if not self.name.lower().endswith(".xml"):
            raise SourceRefusedError(
                ReasonCode.UNSUPPORTED, "这是二进制工作簿（.xlsb），请在 Excel 中另存为 .xlsx 再试"
            )
        self._read: bytes | None = None
        self._sheets: tuple[SheetPart, ...] = ()
        self._masked = b""
        self._relations: dict[str, str] = {}
        self._load()

    def _load(self) -> bytes:
        data = self.parts.xml(self.name)
        if data is not self._read:
            self._read = data
            self._masked = xmltext.mask(data)
            top = xmltext.root(self._masked)
            if top.local != "workbook":
                raise _not_a_workbook()
            self._sheets = tuple(self._scan(data, top))
        return data

    def _scan(self, data: bytes, top: Node) -> list[SheetPart]:
        listed = xmltext.child(self._masked, top, "sheets")
        relations = {one.id: one for one in self.parts.relationships(self.name)}
        found = []
        for node in xmltext.children(self._masked, listed) if listed else []:
            given = xmltext.attributes(data[node.start : node.open_end])
            id_ = next((value for key, value in given.items() if key == "id" or key.endswith(":id")), "")
            relation = relations.get(id_)
            if relation is None or relation.external or relation.target not in self.parts:
                continue
            state = _STATES.get(given.get("state", ""), Visibility.VISIBLE)
            found.append(
                SheetPart(
                    given.get("name", ""),
                    relation.target,
                    xmltext.whole(given, "sheetId"),
                    id_,
                    state,
                    relation.kind,
                    node,
                )
            )
        return found

    @property
    def data(self) -> bytes:
        """The part as it is now."""
        return self._load()

    @property
    def masked(self) -> bytes:
        """The part as it is now, comments blanked."""
        self._load()
        return self._masked

    @property
    def root(self) -> Node:
        """The root element."""
        return xmltext.root(self.masked)

    @property
    def sheets(self) -> tuple[SheetPart, ...]:
        """The sheets in tab order."""
        self._load()
        return self._sheets

    def meaning(self, name: str) -> str | None:
        """What a defined name stands for, as written; None where there is none, or a sheet has one of its own."""
        found, wanted = None, name.casefold()
        for attributes, text in _DEFINED_NAME.findall(self.masked):
            if wanted not in attributes.decode("utf-8", "replace").casefold() and b"&" not in attributes:
                continue  # most are another's: nothing is taken apart for them
            given = xmltext.attributes(attributes)
            if given.get("name", "").casefold() == wanted:
                if found is not None or "localSheetId" in given:
                    return None
                found = xmltext.unescape(text.decode("utf-8", "replace"))
        return found

    def beside(self, pattern: str) -> str:
        """A pattern of part names, placed in the workbook part's folder (nearly always ``xl``)."""
        return posixpath.join(posixpath.dirname(self.name), pattern)

    @property
    def strict(self) -> bool:
        """Whether the package is Strict OOXML."""
        return MAIN_STRICT.encode() in self.data[: self.root.open_end]

    @property
    def main_namespace(self) -> str:
        """The SpreadsheetML namespace this package uses."""
        return MAIN_STRICT if self.strict else MAIN_TRANSITIONAL

    @property
    def relation_namespace(self) -> str:
        """The namespace of ``r:id`` and the stem of the relationship types this package uses."""
        return STRICT if self.strict else TRANSITIONAL

    def related(self, kind: str) -> str | None:
        """The part related to the workbook by a kind such as ``styles``."""
        for one in self.parts.relationships(self.name):
            if one.kind == kind and not one.external and one.target in self.parts:
                return one.target
        return None

    def splice(self, splices: list[Splice]) -> None:
        """Edit the part."""
        self.parts.splice(self.name, splices)
