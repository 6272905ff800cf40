"""What a file is, by its first bytes and never by its name's ending."""

from __future__ import annotations

import re
from enum import StrEnum

from gouji.source.document import ReasonCode, SourceRefusedError

__all__ = ["Family", "family_of"]

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BLANK = b"\0 \t\r\n"
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
#: Names under which a plain text is certainly meant as an exported report.
_TEXT_NAMES = (".txt", ".text", ".md", "")
_OTHERS = (
    (b"%PDF", "PDF 文件", "请用 Word 或 WPS 转换（或向填报单位索取）为 .docx 或 .xlsx 后再检查"),
    (b"{\\rtf", "RTF 文件", "请用 Word 或 WPS 打开后另存为 .docx 再检查"),
    (b"Rar!", "RAR 压缩包", "请先解压再检查其中的文件"),
    (b"7z\xbc\xaf", "7z 压缩包", "请先解压再检查其中的文件"),
    (b"\x1f\x8b", "gzip 压缩包", "请先解压再检查其中的文件"),
    (b"\x89PNG", "图片", "请提供 .xlsx、.xls 或 .docx 的原文件"),
    (b"\xff\xd8\xff", "图片", "请提供 .xlsx、.xls 或 .docx 的原文件"),
    (b"GIF8", "图片", "请提供 .xlsx、.xls 或 .docx 的原文件"),
    (b"BM", "图片", "请提供 .xlsx、.xls 或 .docx 的原文件"),
    (b"MZ", "程序文件", "请提供 .xlsx、.xls 或 .docx 的原文件"),
)


class Family(StrEnum):
    """The three ways a file may be read."""

    PACKAGE = "package"
    BINARY = "binary"
    TEXT = "text"


def family_of(data: bytes, name: str) -> Family:
    """Which reader a file needs.

    Args:
        data: The whole file.
        name: The file's name, for messages and for telling an exported text from one that claims to be more.

    Raises:
        SourceRefusedError: UNREADABLE for an empty file, UNSUPPORTED for formats that are none of ours.
    """
    if not data[:512].strip(_BLANK) and not data.strip(_BLANK):
        raise SourceRefusedError(
            ReasonCode.UNREADABLE, f"“{name}”是空文件；请确认文件已保存，或重新拷贝后再检查。"
        )
    if data[:4] in (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"):
        return Family.PACKAGE
    if data[:8] == _OLE:
        return Family.BINARY
    if data[:2] in (b"\x09\x08", b"\x09\x04", b"\x09\x02", b"\x09\x00") and data[3:4] == b"\0":
        raise _unsupported(name, "很旧的 Excel 格式（4.0 或更早）", "请用 Excel 打开后另存为 .xlsx 再检查")
    for magic, what, way_out in _OTHERS:
        if data.startswith(magic):
            raise _unsupported(name, what, way_out)
    head = _head(data)
    if re.match(r"\s*<(?:!doctype\s+html|html|head|body|table|meta|!--)", head, re.IGNORECASE):
        raise _unsupported(
            name, "网页（HTML）而不是真正的表格文件", "请用 Excel、WPS 打开后另存为 .xlsx 再检查"
        )
    if re.match(r"\s*MIME-Version:", head, re.IGNORECASE):
        raise _unsupported(name, "单个文件网页", "请用 Excel、Word 或 WPS 打开后另存为 .xlsx 或 .docx 再检查")
    if re.match(r"\s*<(?:\?xml|\?mso-|[A-Za-z][\w.-]*:?[\w.-]*[\s>/])", head):
        what = "XML 文件而不是真正的 Office 文件"
        raise _unsupported(name, what, "请用 Excel、Word 或 WPS 打开后另存为 .xlsx 或 .docx 再检查")
    ending = "." + name.rpartition(".")[2].lower() if "." in name else ""
    if ending in _TEXT_NAMES:
        return Family.TEXT
    if _is_text(data):
        raise _unsupported(name, "纯文本而不是真正的 Office 文件", "请用 Excel、Word 或 WPS 打开后另存再检查")
    raise SourceRefusedError(
        ReasonCode.UNREADABLE,
        f"“{name}”不是可以识别的文件，可能已损坏；请重新拷贝，或用 Excel、Word、WPS 打开后另存再检查。",
    )


def _head(data: bytes) -> str:
    """The beginning of the file as text, good enough to recognise markup."""
    start = data[:2048]
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return start.decode("utf-16", "replace")
    return start.decode("utf-8-sig", "replace")


def _is_text(data: bytes) -> bool:
    start = data[:4096]
    return start.startswith(_BOMS) or not re.search(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]", start)


def _unsupported(name: str, what: str, way_out: str) -> SourceRefusedError:
    return SourceRefusedError(ReasonCode.UNSUPPORTED, f"“{name}”是{what}，不能直接检查；{way_out}。")
