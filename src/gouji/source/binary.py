"""The old binary formats (OLE compound files): .xls and .et, .doc and .wps, and encrypted packages."""

from __future__ import annotations

from gouji.source.document import Document, ReasonCode, SourceRefusedError
from gouji.source.limits import Limits

__all__ = ["read_binary"]


def read_binary(data: bytes, name: str, path: str, digest: str, limits: Limits) -> Document:
    """Read an OLE compound file by what its directory holds.

    Raises:
        SourceRefusedError: ENCRYPTED, UNSUPPORTED or as the reader of its format.
    """
    from gouji.source.ole import Compound  # noqa: PLC0415 - with the format

    compound = Compound(data, name, limits)
    if compound.has("EncryptedPackage") or compound.has("EncryptionInfo"):
        raise SourceRefusedError(
            ReasonCode.ENCRYPTED,
            f"“{name}”设置了打开密码，无法检查；请在 Excel、Word 或 WPS 中打开，取消密码后另存再检查。",
        )
    book = next((stream for stream in ("Workbook", "Book") if compound.has(stream)), None)
    if book is not None:
        from gouji.source.xls import read_xls  # noqa: PLC0415 - with the format

        kind = "et" if name.lower().endswith(".et") else "xls"
        grids, notices = read_xls(compound.stream(book), name, limits)
        return Document(path, digest, kind, grids, (), notices)
    if compound.has("WordDocument"):
        from gouji.source.legacy import read_legacy  # noqa: PLC0415 - with the format

        kind = "wps" if name.lower().endswith(".wps") else "doc"
        grids, paragraphs, notices = read_legacy(data, compound.stream("WordDocument"), name, limits)
        return Document(path, digest, kind, grids, paragraphs, notices)
    what = "演示文稿" if compound.has("PowerPoint Document") else "不认识的旧格式文件"
    raise SourceRefusedError(
        ReasonCode.UNSUPPORTED, f"“{name}”是{what}，不能直接检查；请另存为 .xlsx 或 .docx 后再检查。"
    )
