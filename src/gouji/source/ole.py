"""Just enough of OLE compound files: which streams there are, and the bytes of one. Layout: [MS-CFB]."""

from __future__ import annotations

from array import array
from struct import unpack_from

from gouji.source.document import ReasonCode, SourceRefusedError
from gouji.source.limits import Limits

__all__ = ["Compound"]

_FREE = 0xFFFFFFFA  # this and above are markers, not sectors
_ENTRY = 128
_ROOT, _STREAM = 5, 2


class Compound:
    """The directory of a compound file.

    Args:
        data: The whole file.
        name: The file's name, for messages.
        limits: The cap on a stream's size.

    Raises:
        SourceRefusedError: UNREADABLE where the directory is damaged.
    """

    def __init__(self, data: bytes, name: str, limits: Limits) -> None:
        self._data = data
        self._name = name
        self._limits = limits
        if len(data) < 512:
            raise self._broken()
        shift, mini_shift = unpack_from("<2H", data, 30)
        if shift not in (9, 12) or mini_shift != 6:
            raise self._broken()
        self._sector = 1 << shift
        first_dir, _, self._cutoff, first_mini, _, first_difat, n_difat = unpack_from("<7I", data, 48)
        self._fat = self._read_fat(first_difat, n_difat)
        directory = self._chain(first_dir, self._fat)
        self._entries: dict[str, tuple[int, int, int]] = {}
        root = (0, 0)
        for at in range(0, len(directory) - _ENTRY + 1, _ENTRY):
            length = unpack_from("<H", directory, at + 64)[0]
            kind = directory[at + 66]
            start, size = unpack_from("<IQ", directory, at + 116)
            if self._sector == 512:
                size &= 0xFFFFFFFF
            if kind == _ROOT:
                root = (start, size)
            elif kind == _STREAM and 2 <= length <= 64:
                label = directory[at : at + length - 2].decode("utf-16-le", "replace")
                self._entries.setdefault(label.lower(), (start, size, at))
        self._root = root
        self._first_mini = first_mini

    def has(self, stream: str) -> bool:
        """Whether there is a stream of this name anywhere in the file."""
        return stream.lower() in self._entries

    def stream(self, name: str) -> bytes:
        """The bytes of a stream.

        Raises:
            SourceRefusedError: UNREADABLE where its chain of sectors is damaged, TOO_LARGE beyond the cap.
        """
        start, size, _ = self._entries[name.lower()]
        if size > self._limits.part_bytes:
            raise SourceRefusedError(
                ReasonCode.TOO_LARGE,
                f"“{self._name}”太大，没有检查；请把自评表另存为单独的 .xlsx 文件再检查。",
            )
        if size >= self._cutoff:
            return self._chain(start, self._fat)[:size]
        mini = array("I", self._even(self._chain(self._first_mini, self._fat)))
        container = self._chain(self._root[0], self._fat)[: self._root[1]]
        out = []
        seen = 0
        while start < _FREE and seen <= len(mini):
            out.append(container[start * 64 : start * 64 + 64])
            if start >= len(mini):
                raise self._broken()
            start = mini[start]
            seen += 1
        return b"".join(out)[:size]

    def _at(self, sector: int) -> bytes:
        start = (sector + 1) * self._sector
        return self._data[start : start + self._sector]

    def _even(self, raw: bytes) -> bytes:
        return raw[: len(raw) // 4 * 4]

    def _read_fat(self, difat: int, n_difat: int) -> array[int]:
        sectors = [s for s in unpack_from("<109I", self._data, 76) if s < _FREE]
        most = len(self._data) // self._sector + 1
        for _ in range(min(n_difat, most)):
            if difat >= _FREE:
                break
            block = array("I", self._even(self._at(difat)))
            if len(block) < 2:
                raise self._broken()
            sectors += [s for s in block[:-1] if s < _FREE]
            difat = block[-1]
        fat = array("I")
        for sector in sectors[:most]:
            fat.frombytes(self._even(self._at(sector)))
        return fat

    def _chain(self, sector: int, fat: array[int]) -> bytes:
        out: list[bytes] = []
        while sector < _FREE:
            if len(out) > len(fat) or sector >= len(fat):
                raise self._broken()
            out.append(self._at(sector))
            sector = fat[sector]
        return b"".join(out)

    def _broken(self) -> SourceRefusedError:
        return SourceRefusedError(
            ReasonCode.UNREADABLE,
            f"“{self._name}”已损坏或不完整；请重新拷贝，或用 Excel、Word、WPS 打开后另存再检查。",
        )
