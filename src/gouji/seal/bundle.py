"""The package as a zip file: written the same everywhere, read whatever honest program packed it anew.

Members are stored, not deflated: what deflate gives depends on the library and its version, and a workbook is
compressed already. So the bytes of a sealed package depend on nothing but its parts, and a reader can tell the file
that was sealed from one packed anew (mail gateways, archivers) and from one that was damaged. Names of parts are ASCII:
archivers disagree about every other letter; the manifest holds the names that people gave.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from gouji.frozen import frozen
from gouji.source.archive import Archive
from gouji.source.document import ReasonCode, SourceRefusedError
from gouji.source.limits import DEFAULT_LIMITS, Limits

__all__ = ["Bundle", "damaged", "pack", "unpack"]

_EPOCH = (1980, 1, 1, 0, 0, 0)
_DESCRIPTOR_FLAG, _DESCRIPTOR = 0x08, 24
_END64 = 56 + 20
#: What operating systems put into folders by themselves.
_SYSTEM = frozenset({".ds_store", "thumbs.db", "desktop.ini"})


@frozen
class Bundle:
    """A package as read.

    ``problems`` say what is wrong with the zip file itself, ``notices`` what is odd and harmless; Chinese sentences.
    """

    parts: dict[str, bytes]
    problems: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()


def pack(parts: Mapping[str, bytes]) -> bytes:
    """The package that holds these parts in this order; the same bytes on every machine."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, data in parts.items():
            info = zipfile.ZipInfo(name, _EPOCH)
            info.create_system = 0
            info.external_attr = 0
            archive.writestr(info, data)
    return out.getvalue()


def unpack(data: bytes, name: str, root: str, limits: Limits = DEFAULT_LIMITS) -> Bundle:
    """The parts of a package.

    A folder around everything (somebody unpacked and packed it again) is taken off, entries for folders and what
    operating systems add are left out.

    Args:
        data: The zip file.
        name: Its name, for messages.
        root: The part that every package has; where it stands is the top.
        limits: Caps of the gate.

    Raises:
        SourceRefusedError: No zip file, damaged, encrypted or hostile; UNSUPPORTED where ``root`` is missing.
    """
    archive = Archive(data, name, limits)
    found = {key: archive.read(key) for key in archive.members if not key.endswith("/")}
    notices = []
    system = sorted(key for key in found if _is_system(key))
    if system:
        notices.append(f"压缩包里有操作系统自己加的文件，与报送无关，没有理会：{'、'.join(system[:5])}")
    parts = {key: part for key, part in found.items() if key not in system}
    if root not in parts:
        parts = _without_folder(parts)
    if root not in parts:
        raise SourceRefusedError(
            ReasonCode.UNSUPPORTED,
            f"“{name}”不是 gouji 报送包（里面没有清单 {root}）；报送包由 gouji seal 生成。",
        )
    problems = []
    loose = _unclaimed(data)
    if loose:
        problems.append(f"压缩包里夹带了 {loose} 个不属于任何文件的字节")
    return Bundle(parts, tuple(problems), tuple(notices))


def damaged(data: bytes, parts: Mapping[str, bytes]) -> tuple[int, ...] | None:
    """How a file differs from the package these parts make: None for packed anew, else the positions of odd bytes.

    No program that packs anew changes fewer bytes than there are members (each has its time or its system written
    once at least): fewer than that is damage, whatever it hit. An empty tuple is the very file that was sealed.
    """
    sealed = pack(parts)
    if len(sealed) != len(data):
        return None
    if sealed == data:
        return ()
    odd = tuple(at for at, (one, other) in enumerate(zip(sealed, data, strict=True)) if one != other)
    return odd if len(odd) < len(parts) else None


def _is_system(name: str) -> bool:
    pieces = name.lower().split("/")
    return pieces[0] == "__macosx" or pieces[-1] in _SYSTEM


def _without_folder(parts: dict[str, bytes]) -> dict[str, bytes]:
    folders = {key.partition("/")[0] for key in parts}
    if len(folders) != 1 or any("/" not in key for key in parts):
        return parts
    return {key.partition("/")[2]: part for key, part in parts.items()}


def _unclaimed(data: bytes) -> int:
    """How many bytes of a zip file belong to no member, no directory and no end record."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos, start, comment = archive.infolist(), archive.start_dir, len(archive.comment)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError):
        return len(data)
    members = 0
    for info in infos:
        at = info.header_offset
        header = 30 + int.from_bytes(data[at + 26 : at + 28], "little")
        header += int.from_bytes(data[at + 28 : at + 30], "little")
        members += header + info.compress_size
        members += _DESCRIPTOR if info.flag_bits & _DESCRIPTOR_FLAG else 0
    directory = 0
    for _ in infos:
        at = start + directory
        sizes = (int.from_bytes(data[at + k : at + k + 2], "little") for k in (28, 30, 32))
        directory += 46 + sum(sizes)
    end = 22 + comment + (_END64 if b"PK\x06\x06" in data[start + directory : start + directory + 4] else 0)
    return max(0, len(data) - members - directory - end)
