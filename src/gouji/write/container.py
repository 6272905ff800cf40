"""The zip layer: entries copied as the compressed bytes they are, only changed ones deflated anew."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from gouji.source.document import ReasonCode, SourceRefusedError
from gouji.source.limits import own_limits

__all__ = ["LEVEL", "Container", "Limits", "read_file"]

# Of deflate, for changed parts. zlib's own choice, and so that of most programs: a part that is put back as it was then has
# the very bytes it had. 5 would save a quarter of the compressing and make a form's file 1 % larger.
LEVEL = 6

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s4B4H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DESCRIPTOR = 0x08
_ENCRYPTED = 0x01
_UTF8 = 0x800
_ZIP64 = 1
_RATIO_FLOOR = 1 << 20  # smaller parts do no harm whatever they inflate to
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a package may hold before it is refused; far above every honest file seen.

    Sizes in bytes. The largest honest part of 752 foreign workbooks was 60 MB, the highest ratio 69:1.
    """

    part: int = 128 << 20
    total: int = 384 << 20
    entries: int = 4096
    ratio: int = 400


def own() -> Limits:
    """The caps of the reader's gate, which the user may have set: what is checked can be written back."""
    given = own_limits()
    return Limits(given.part_bytes, given.total_bytes, given.parts, 2 * given.ratio)


def _refused(code: ReasonCode, text: str) -> SourceRefusedError:
    return SourceRefusedError(code, text)


def _without_zip64(extra: bytes) -> bytes:
    """The extra fields but the ZIP64 one: sizes below 4 GB stand in the header itself."""
    kept = b""
    at = 0
    while at + 4 <= len(extra):
        tag, size = struct.unpack_from("<2H", extra, at)
        if tag != _ZIP64:
            kept += extra[at : at + 4 + size]
        at += 4 + size
    return kept


def read_file(path: Path) -> bytes:
    """The bytes of a workbook, no more of them than the gate allows.

    Raises:
        SourceRefusedError: TOO_LARGE.
        OSError: It cannot be read.
    """
    most = own_limits().file_bytes
    with path.open("rb") as stream:
        data = stream.read(most + 1)
    if len(data) > most:
        raise _refused(ReasonCode.TOO_LARGE, f"“{path.name}”超过 {most >> 20} MB，超出可以安全处理的范围")
    return data


class Container:
    """A zip file read into memory. Part names are as stored; :meth:`build` writes a new file.

    Raises:
        SourceRefusedError: encrypted or old binary workbooks, damaged or hostile archives.
    """

    __slots__ = ("_comment", "_data", "_entries", "_limits")

    def __init__(self, data: bytes, limits: Limits | None = None) -> None:
        self._data = data
        self._limits = limits or own()
        if data.startswith(_COMPOUND):
            if "EncryptedPackage".encode("utf-16-le") in data:
                raise _refused(ReasonCode.ENCRYPTED, "文件设有打开密码，请先在 Excel 或 WPS 中取消密码再试")
            raise _refused(
                ReasonCode.UNSUPPORTED, "这是旧版 .xls / .et 工作簿，不能直接改写；请先另存为 .xlsx 再试"
            )
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                infos = archive.infolist()
                self._comment = archive.comment
        except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error, EOFError) as fault:
            raise _refused(
                ReasonCode.UNREADABLE, "文件不完整或不是 Excel 工作簿（压缩包结构损坏），请重新导出或下载"
            ) from fault
        self._entries = {info.filename: info for info in infos}
        self._admit(infos)

    def _admit(self, infos: list[zipfile.ZipInfo]) -> None:
        limits = self._limits
        if len(self._entries) != len(infos):
            raise _refused(ReasonCode.HOSTILE, "压缩包内有同名部件，正常的工作簿不会如此，已拒绝处理")
        if len(infos) > limits.entries or sum(info.file_size for info in infos) > limits.total:
            raise _refused(ReasonCode.TOO_LARGE, "文件过大，超出可以安全处理的范围")
        for info in infos:
            if info.flag_bits & _ENCRYPTED:
                raise _refused(ReasonCode.ENCRYPTED, "压缩包内的部件已加密，请先取消密码再试")
            if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise _refused(
                    ReasonCode.UNSUPPORTED, "压缩包使用了不常见的压缩方法，请用 Excel 或 WPS 另存一份"
                )
            if info.file_size > limits.part:
                raise _refused(ReasonCode.TOO_LARGE, "文件过大，超出可以安全处理的范围")
            if info.file_size > _RATIO_FLOOR and info.file_size > limits.ratio * max(info.compress_size, 1):
                raise _refused(ReasonCode.HOSTILE, "压缩比异常（疑似压缩炸弹），已拒绝处理")

    @property
    def data(self) -> bytes:
        """The bytes of the file as opened."""
        return self._data

    @property
    def names(self) -> tuple[str, ...]:
        """The entries as stored, in order."""
        return tuple(self._entries)

    def _raw(self, info: zipfile.ZipInfo) -> tuple[bytes, bytes]:
        """The local extra field and the compressed bytes of an entry."""
        at = info.header_offset
        if at < 0 or self._data[at : at + 4] != b"PK\x03\x04":
            raise _refused(ReasonCode.UNREADABLE, "压缩包目录与内容不符，文件已损坏")
        name, extra = struct.unpack_from("<2H", self._data, at + 26)
        begin = at + 30 + name + extra
        raw = self._data[begin : begin + info.compress_size]
        if len(raw) != info.compress_size:
            raise _refused(ReasonCode.UNREADABLE, "文件被截断，请重新导出或下载")
        return self._data[at + 30 + name : begin], raw

    def compressed(self, name: str) -> bytes:
        """The compressed bytes of an entry, as stored."""
        return self._raw(self._entries[name])[1]

    def read(self, name: str) -> bytes:
        """An entry inflated, its length and checksum verified.

        Raises:
            KeyError: no such entry.
            SourceRefusedError: the entry is damaged, or larger than it claims.
        """
        info = self._entries[name]
        raw = self._raw(info)[1]
        if info.compress_type == zipfile.ZIP_STORED:
            content = raw
        else:
            try:
                inflater = zlib.decompressobj(-15)
                content = inflater.decompress(raw, info.file_size + 1)
            except zlib.error as fault:
                raise _refused(ReasonCode.UNREADABLE, f"部件 {name} 无法解压，文件已损坏") from fault
        if len(content) != info.file_size or zlib.crc32(content) != info.CRC:
            raise _refused(ReasonCode.UNREADABLE, f"部件 {name} 校验不符，文件已损坏")
        return content

    def build(
        self, changed: Mapping[str, bytes], removed: frozenset[str], added: Mapping[str, bytes]
    ) -> bytes:
        """The file with some entries replaced, left out or added; all others keep their compressed bytes.

        Order, dates, attributes and comments of kept entries stay; sizes move from trailing descriptors into
        the headers. The result depends on nothing but the arguments.
        """
        out = io.BytesIO()
        directory: list[bytes] = []
        for name, info in self._entries.items():
            if name not in removed:
                directory.append(self._put(out, info, changed.get(name)))
        for name, content in added.items():
            fresh = zipfile.ZipInfo(name, _EPOCH)
            fresh.compress_type = zipfile.ZIP_DEFLATED
            fresh.create_system = 0
            directory.append(self._put(out, fresh, content))
        start = out.tell()
        size = sum(map(len, directory))
        for record in directory:
            out.write(record)
        count = len(directory)
        out.write(_END.pack(b"PK\x05\x06", 0, 0, count, count, size, start, len(self._comment)))
        out.write(self._comment)
        return out.getvalue()

    def _put(self, out: io.BytesIO, info: zipfile.ZipInfo, content: bytes | None) -> bytes:
        """Write one entry and give its record for the central directory."""
        offset = out.tell()
        if content is None:
            local_extra, raw = self._raw(info)
            method, crc, size = info.compress_type, info.CRC, info.file_size
            extra, local_extra = _without_zip64(info.extra), _without_zip64(local_extra)
        else:
            method, crc, size = zipfile.ZIP_DEFLATED, zlib.crc32(content), len(content)
            deflater = zlib.compressobj(LEVEL, zlib.DEFLATED, -15)
            raw = deflater.compress(content) + deflater.flush()
            extra = local_extra = b""
        flags = info.flag_bits & ~_DESCRIPTOR
        # Read back the way zipfile decoded it, so that a foreign code page survives.
        stored = info.orig_filename
        if flags & _UTF8:
            name = stored.encode()
        else:
            try:
                name = stored.encode("cp437")
            except UnicodeEncodeError:
                flags |= _UTF8
                name = stored.encode()
        year, month, day, hour, minute, second = info.date_time
        date = max(year - 1980, 0) << 9 | month << 5 | day
        time = hour << 11 | minute << 5 | second // 2
        needed = 20 if method else 10
        out.write(
            _LOCAL.pack(
                b"PK\x03\x04",
                needed,
                flags,
                method,
                time,
                date,
                crc,
                len(raw),
                size,
                len(name),
                len(local_extra),
            )
        )
        out.write(name + local_extra + raw)
        central = _CENTRAL.pack(
            b"PK\x01\x02",
            min(info.create_version, 255),
            info.create_system,
            needed,
            0,
            flags,
            method,
            time,
            date,
            crc,
            len(raw),
            size,
            len(name),
            len(extra),
            len(info.comment),
            0,
            info.internal_attr,
            info.external_attr,
            offset,
        )
        return central + name + extra + info.comment
