"""A strict reader of zip packages: only what Office writes, every size believed only as far as it is proved.

The standard library's ``zipfile`` opens each member through a file object; for the small packages of a form
that costs several times what inflating them does, and it neither refuses duplicate names nor overlapping
members nor sizes that lie. This reader takes the whole file as bytes and checks all of that once.
Layout: PKWARE APPNOTE 6.3, sections 4.3 to 4.5.
"""

from __future__ import annotations

import zlib
from itertools import pairwise
from struct import Struct

from gouji.frozen import frozen
from gouji.source.document import ReasonCode, SourceRefusedError
from gouji.source.limits import Limits

__all__ = ["Archive", "Member"]

_END = Struct("<4s4H2LH")
_END64_LOCATOR = Struct("<4sLQL")
_END64 = Struct("<4sQ2H2L4Q")
_CENTRAL = Struct("<4s6H3L5H2L")
_LOCAL = Struct("<4s5H3L2H")
_NONE32 = 0xFFFFFFFF
_ENCRYPTED = 0x1
_UTF8 = 0x800
_STORED, _DEFLATED = 0, 8
_MAX_COMMENT = 0xFFFF
_ENCRYPTED_TEXT = "“{name}”是加密的压缩包，无法读取；请取消密码后另存再检查。"


@frozen
class Member:
    """One member: where its stored bytes lie and what the directory says of them."""

    name: str
    method: int
    crc: int
    stored: int
    size: int
    start: int


class Archive:
    """The members of one zip package by normalised name (``/`` between folders).

    Args:
        data: The whole file.
        name: The file's name, for messages.
        limits: Caps on part count, sizes and expansion.

    Raises:
        SourceRefusedError: UNREADABLE (damaged), ENCRYPTED, UNSUPPORTED (method), TOO_LARGE, HOSTILE.
    """

    def __init__(self, data: bytes, name: str, limits: Limits) -> None:
        self._data = data
        self._name = name
        self._limits = limits
        self.members = self._directory()
        self._lower = {key.lower(): key for key in self.members}

    def find(self, name: str) -> str | None:
        """The member's own name for a part name (part names are case-insensitive in OPC), or None."""
        return name if name in self.members else self._lower.get(name.lower())

    def read(self, name: str) -> bytes:
        """The inflated bytes of a member.

        Raises:
            SourceRefusedError: UNREADABLE where the part is missing or damaged, HOSTILE where its size is
                forged.
        """
        key = self.find(name)
        if key is None:
            raise self._broken(f"缺少部件 {name[:80]}")
        return self._inflate(self.members[key])

    def _broken(self, why: str) -> SourceRefusedError:
        return SourceRefusedError(
            ReasonCode.UNREADABLE,
            f"“{self._name}”已损坏或不完整（{why}）；请重新拷贝或下载，或用 Excel、WPS 打开后另存再检查。",
        )

    def _hostile(self, why: str) -> SourceRefusedError:
        return SourceRefusedError(
            ReasonCode.HOSTILE,
            f"“{self._name}”内部结构异常（{why}），出于安全没有读取；"
            "请用 Excel 或 WPS 打开确认内容后另存为新文件再检查。",
        )

    def _too_large(self, why: str) -> SourceRefusedError:
        return SourceRefusedError(
            ReasonCode.TOO_LARGE,
            f"“{self._name}”太大（{why}），没有读取；请删去与自评无关的工作表、图片后另存再检查。",
        )

    def _directory(self) -> dict[str, Member]:
        data = self._data
        count, size, offset, end = self._end_record()
        if count > self._limits.parts:
            raise self._too_large(f"内含 {count} 个部件，上限 {self._limits.parts} 个")
        # Some packages have bytes in front of the first member; offsets then count from there.
        shift = end - size - offset
        if shift < 0:
            raise self._broken("目录位置不对，文件可能被截断")
        members: dict[str, Member] = {}
        folded: set[str] = set()
        spans: list[tuple[int, int]] = []
        at = offset + shift
        total = 0
        for _ in range(count):
            if at + 46 > end:
                raise self._broken("目录不完整")
            entry = _CENTRAL.unpack_from(data, at)
            if entry[0] != b"PK\x01\x02":
                raise self._broken("目录记录不对")
            flags, method, crc, stored, full = entry[3], entry[4], entry[7], entry[8], entry[9]
            n_name, n_extra, n_comment, local = entry[10], entry[11], entry[12], entry[16]
            raw = data[at + 46 : at + 46 + n_name]
            extra = data[at + 46 + n_name : at + 46 + n_name + n_extra]
            at += 46 + n_name + n_extra + n_comment
            if _NONE32 in (stored, full, local):
                stored, full, local = self._zip64(extra, stored, full, local)
            part = self._part_name(raw, flags)
            if part.endswith("/") and not full:
                continue
            if flags & _ENCRYPTED:
                raise SourceRefusedError(ReasonCode.ENCRYPTED, _ENCRYPTED_TEXT.format(name=self._name))
            key = part.lower()
            if key in folded:
                raise self._hostile(f"部件 {part[:80]} 重复")
            folded.add(key)
            total += full
            self._check_size(part, stored, full, total)
            start = self._data_start(local + shift, raw, part)
            if start + stored > len(data):
                raise self._broken("内容被截断")
            spans.append((local + shift, start + stored))
            members[part] = Member(part, method, crc, stored, full, start)
        spans.sort()
        for (_, first_end), (next_start, _) in pairwise(spans):
            if next_start < first_end:
                raise self._hostile("部件相互重叠")
        return members

    def _end_record(self) -> tuple[int, int, int, int]:
        data = self._data
        at = data.rfind(b"PK\x05\x06", max(0, len(data) - _MAX_COMMENT - _END.size))
        if at < 0 or at + _END.size > len(data):
            raise self._broken("压缩包没有结尾，文件可能被截断")
        _, disk, _, _, count, size, offset, _ = _END.unpack_from(data, at)
        end = at
        locator = at - _END64_LOCATOR.size
        if locator >= 0 and data[locator : locator + 4] == b"PK\x06\x07":
            at64 = _END64_LOCATOR.unpack_from(data, locator)[2]
            if at64 + _END64.size <= locator and data[at64 : at64 + 4] == b"PK\x06\x06":
                count, size, offset = _END64.unpack_from(data, at64)[7:10]
                end = at64
        elif disk not in (0, 0xFFFF):
            raise self._broken("分卷压缩包")
        return count, size, offset, end

    def _zip64(self, extra: bytes, stored: int, full: int, local: int) -> tuple[int, int, int]:
        at = 0
        while at + 4 <= len(extra):
            tag = int.from_bytes(extra[at : at + 2], "little")
            length = int.from_bytes(extra[at + 2 : at + 4], "little")
            if tag == 1:
                fields = extra[at + 4 : at + 4 + length]
                values = [int.from_bytes(fields[i : i + 8], "little") for i in range(0, len(fields) - 7, 8)]
                try:
                    full = values.pop(0) if full == _NONE32 else full
                    stored = values.pop(0) if stored == _NONE32 else stored
                    local = values.pop(0) if local == _NONE32 else local
                except IndexError:
                    raise self._broken("ZIP64 记录不完整") from None
                return stored, full, local
            at += 4 + length
        return stored, full, local

    def _part_name(self, raw: bytes, flags: int) -> str:
        try:
            name = raw.decode("utf-8" if flags & _UTF8 else "ascii")
        except UnicodeDecodeError:
            # Chinese zip tools write the names of odd parts in GB18030; no part read here has such a name.
            name = raw.decode("gb18030", "replace")
        # A few producers separate folders by backslash: harmless once read as a slash and checked as such.
        part = name.replace("\\", "/")
        pieces = part.split("/")
        if not name or "\0" in name or part.startswith("/") or ".." in pieces or ":" in pieces[0]:
            raise self._hostile(f"部件名不安全：{name[:80]!r}")
        return part

    def _check_size(self, part: str, stored: int, full: int, total: int) -> None:
        limits = self._limits
        if full > limits.part_bytes:
            raise self._too_large(f"{part[:60]} 解压后 {full // 1048576} MB")
        if total > limits.total_bytes:
            raise self._too_large(f"解压后超过 {limits.total_bytes // 1048576} MB")
        if full > limits.ratio_floor and full > stored * limits.ratio:
            raise self._hostile(f"{part[:60]} 压缩比超过 {limits.ratio}，疑似压缩炸弹")

    def _data_start(self, at: int, raw: bytes, part: str) -> int:
        data = self._data
        if at < 0 or at + _LOCAL.size > len(data) or data[at : at + 4] != b"PK\x03\x04":
            raise self._broken(f"找不到部件 {part[:60]}")
        n_name = int.from_bytes(data[at + 26 : at + 28], "little")
        n_extra = int.from_bytes(data[at + 28 : at + 30], "little")
        start = at + 30 + n_name + n_extra
        # Two names for one member make two programs see two different files.
        if data[at + 30 : at + 30 + n_name] != raw:
            raise self._hostile(f"部件 {part[:60]} 前后名称不一致")
        return start

    def _inflate(self, member: Member) -> bytes:
        stored = self._data[member.start : member.start + member.stored]
        if member.method == _STORED:
            full = stored
        elif member.method == _DEFLATED:
            unpacker = zlib.decompressobj(-15)
            try:
                # One byte more than promised is enough to prove a lie without inflating a bomb.
                full = unpacker.decompress(stored, member.size + 1)
            except zlib.error:
                raise self._broken(f"部件 {member.name[:60]} 无法解压") from None
        else:
            raise SourceRefusedError(
                ReasonCode.UNSUPPORTED,
                f"“{self._name}”使用了不支持的压缩方式；请用 Excel、WPS 打开后另存再检查。",
            )
        if len(full) > member.size:
            raise self._hostile(f"部件 {member.name[:60]} 的大小是伪造的")
        if len(full) < member.size:
            raise self._broken(f"部件 {member.name[:60]} 不完整")
        if zlib.crc32(full) != member.crc:
            raise self._broken(f"部件 {member.name[:60]} 校验和不符")
        return full
