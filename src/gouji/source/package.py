"""Office packages: which kind a zip file is, where its parts are, and the gate over all its XML."""

from __future__ import annotations

import posixpath
from functools import lru_cache
from xml.etree.ElementTree import Element

from gouji.frozen import frozen
from gouji.source.archive import Archive
from gouji.source.document import ReasonCode, SourceRefusedError
from gouji.source.limits import Limits
from gouji.source.markup import BROKEN, broken, check_tags, parse, plain, tree

__all__ = ["Package", "Relation"]

_KEPT = 4 * 1024 * 1024
_XML_ENDINGS = (".xml", ".rels", ".vml")
_KINDS = {
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": "xlsx",
    "application/vnd.ms-excel.sheet.macroEnabled.main+xml": "xlsm",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml": "xltx",
    "application/vnd.ms-excel.template.macroEnabled.main+xml": "xltm",
    "application/vnd.ms-excel.addin.macroEnabled.main+xml": "xlsm",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": "docx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml": "docx",
    "application/vnd.ms-word.document.macroEnabled.main+xml": "docx",
    "application/vnd.ms-word.template.macroEnabledTemplate.main+xml": "docx",
}


@frozen
class Relation:
    """A relationship of a part: its type's last word (``worksheet``) and the target's part name."""

    id: str
    type: str
    target: str


class Package:
    """An Office Open XML package whose XML parts have all passed the gate.

    Args:
        data: The whole file.
        name: The file's name, for messages.
        limits: Caps of the gate.

    Raises:
        SourceRefusedError: As :class:`~gouji.source.archive.Archive`; HOSTILE for a DTD in any part;
            UNSUPPORTED where it is no workbook and no Word document; UNREADABLE where its main part is
            missing.
    """

    def __init__(self, data: bytes, name: str, limits: Limits) -> None:
        self.name = name
        self._archive = Archive(data, name, limits)
        self._limits = limits
        self._plain: dict[str, bytes] = {}
        parts = [m for m in self._archive.members.values() if m.name.lower().endswith(_XML_ENDINGS)]
        if sum(member.size for member in parts) > limits.xml_bytes:
            raise SourceRefusedError(
                ReasonCode.TOO_LARGE,
                f"“{name}”内容太多（解压后超过 {limits.xml_bytes // 1048576} MB），没有检查；"
                "请把自评表或报告另存为单独的文件再检查。",
            )
        for member in parts:
            data = plain(self._archive.read(member.name), member.name, name)
            # Each part is inflated once; the few large ones again when they are read, so that they are not
            # all in memory together.
            if member.size <= _KEPT:
                self._plain[member.name] = data
        self.main = self._main_part()
        self.kind = self._kind()

    def has(self, part: str) -> bool:
        """Whether the package holds this part."""
        return self._archive.find(part) is not None

    def xml(self, part: str) -> bytes:
        """The bytes of an XML part, checked by the gate.

        Raises:
            SourceRefusedError: UNREADABLE where the part is missing.
        """
        key = self._archive.find(part)
        if key is not None and key in self._plain:
            return self._plain[key]
        return plain(self._archive.read(part), part, self.name)

    def parse(self, part: str) -> Element:
        """The element tree of an XML part.

        Raises:
            SourceRefusedError: UNREADABLE where the part is missing or damaged, TOO_LARGE where it is too big.
        """
        return parse(self.xml(part), part, self.name, self._limits)

    def checked(self, part: str) -> bytes:
        """The bytes of an XML part that is small enough to be held as a tree.

        Raises:
            SourceRefusedError: As :meth:`parse`, but for damage inside.
        """
        data = self.xml(part)
        check_tags(data, part, self.name, self._limits.tree_tags)
        return data

    def relations(self, part: str) -> dict[str, Relation]:
        """The internal relationships of a part by id; external ones are never followed."""
        folder, _, file = part.rpartition("/")
        rels = f"{folder}/_rels/{file}.rels" if folder else f"_rels/{file}.rels"
        if not self.has(rels):
            return {}
        try:
            return _relations(self.checked(rels), folder)
        except BROKEN as error:
            raise broken(rels, self.name) from error

    def _main_part(self) -> str:
        for relation in self.relations("").values():
            if relation.type == "officeDocument" and self.has(relation.target):
                return relation.target
        for part in ("xl/workbook.xml", "word/document.xml"):
            if self.has(part):
                return part
        raise self._not_office()

    def _kind(self) -> str:
        types = "[Content_Types].xml"
        if self.has(types):
            try:
                content_type = _overrides(self.checked(types)).get("/" + self.main.lower(), "")
            except BROKEN as error:
                raise broken(types, self.name) from error
            if content_type in _KINDS:
                return _KINDS[content_type]
        lower = self.main.lower()
        if lower.endswith(".xml") and lower.startswith(("xl/", "word/")):
            return "xlsx" if lower.startswith("xl/") else "docx"
        root = self.parse(self.main).tag if lower.endswith(".xml") else ""
        for ending, kind in (("}workbook", "xlsx"), ("}document", "docx")):
            if root.endswith(ending):
                return kind
        raise self._not_office()

    def _not_office(self) -> SourceRefusedError:
        has = self.has
        if has("xl/workbook.bin"):
            kind = "Excel 二进制工作簿（.xlsb）"
        elif has("ppt/presentation.xml"):
            kind = "演示文稿"
        elif has("mimetype") and has("content.xml"):
            kind = "OpenDocument 文件（.ods、.odt）"
        elif has("index.apxl") or has("Index/Document.iwa"):
            kind = "苹果 iWork 文件"
        elif has("xl/") or has("[Content_Types].xml"):
            return SourceRefusedError(
                ReasonCode.UNREADABLE,
                f"“{self.name}”缺少工作簿或正文部分，文件已损坏；请用 Excel、WPS 打开并另存后再检查。",
            )
        elif has("manifest.json") and has("manifest.sig"):
            return SourceRefusedError(
                ReasonCode.UNSUPPORTED,
                f"“{self.name}”是报送包；请用 gouji verify 核验，或与别的材料放在一个文件夹里用 gouji batch 检查。",
            )
        else:
            kind = "压缩包"
        return SourceRefusedError(
            ReasonCode.UNSUPPORTED,
            f"“{self.name}”是{kind}，不能直接检查；请另存（或解压）为 .xlsx 或 .docx 后再检查。",
        )


# One program writes these small parts the same every time, hence the caches.
@lru_cache(maxsize=64)
def _relations(data: bytes, folder: str) -> dict[str, Relation]:
    found = {}
    for element in tree(data):
        if element.get("TargetMode") == "External":
            continue
        target = element.get("Target", "").replace("\\", "/")
        path = posixpath.normpath(target if target.startswith("/") else f"{folder}/{target}").lstrip("/")
        key = element.get("Id", "")
        found[key] = Relation(key, element.get("Type", "").rpartition("/")[2], path)
    return found


@lru_cache(maxsize=16)
def _overrides(data: bytes) -> dict[str, str]:
    """The content types given to single parts, by lower-case name."""
    return {
        element.get("PartName", "").replace("\\", "/").lower(): element.get("ContentType", "")
        for element in tree(data)
    }
